import { StrategyMistake } from '../../engine/assert.ts';
import type {
  AddPlan,
  Candle,
  CandleSpan,
  Day,
  EntryPlan,
  EpochMs,
  ExitReason,
  ExpiryChoice,
  IstTime,
  Lots,
  OptionContract,
  Paise,
  Right,
  Seen,
  StrategyContext,
  StructureView,
  Underlying,
} from '../../engine/strategy.ts';
import { faultOf, WISHES } from './shapes.ts';

/**
 * The context that own code is given: it reads as the engine's own does, lists are copies that may be sorted at will, and what it asks for
 * is checked before the engine sees it.
 */
export class CheckedContext implements StrategyContext {
  readonly #ctx: StrategyContext;

  constructor(ctx: StrategyContext) {
    this.#ctx = ctx;
  }

  get now(): EpochMs {
    return this.#ctx.now;
  }

  get day(): Day {
    return this.#ctx.day;
  }

  get time(): IstTime {
    return this.#ctx.time;
  }

  get segment(): Underlying {
    return this.#ctx.segment;
  }

  get lots(): Lots {
    return this.#ctx.lots;
  }

  get spot(): Paise | undefined {
    return this.#ctx.spot;
  }

  get rung(): StrategyContext['rung'] {
    return this.#ctx.rung;
  }

  get strikeStep(): Paise {
    return this.#ctx.strikeStep;
  }

  get structures(): readonly StructureView[] {
    return [...this.#ctx.structures];
  }

  expiry(choice: ExpiryChoice): Day | undefined {
    return this.#ctx.expiry(choice);
  }

  contract(expiry: Day, strike: Paise, right: Right): OptionContract | undefined {
    return this.#ctx.contract(expiry, strike, right);
  }

  price(contract: OptionContract): Paise | undefined {
    return this.#ctx.price(contract);
  }

  isFresh(contract: OptionContract): boolean {
    return this.#ctx.isFresh(contract);
  }

  candlesToday(contract: OptionContract): readonly Candle[] {
    return [...this.#ctx.candlesToday(contract)];
  }

  series(span: CandleSpan): readonly Candle[] {
    return [...this.#ctx.series(span)];
  }

  at(time: IstTime, name: string): void {
    check('at', { time, name });
    this.#ctx.at(time, name);
  }

  enter(plan: EntryPlan): void {
    check('enter', plan);
    const other = plan.legs.find(({ contract }) => contract.underlying !== this.segment)?.contract.underlying;
    if (other !== undefined)
      throw new StrategyMistake(`ctx.enter: a leg must be of the segment ${this.segment}, was of ${other}`);
    this.#ctx.enter(plan);
  }

  add(plan: AddPlan): void {
    check('add', plan);
    this.#ctx.add(plan);
  }

  skip(signal: string, gate: string, seen: Seen): void {
    check('skip', { signal, gate, seen });
    this.#ctx.skip(signal, gate, seen);
  }

  moveGuard(structure: StructureView, guard: string, leg: string | undefined, level: Paise): void {
    check('moveGuard', { structure, guard, leg, level });
    this.#ctx.moveGuard(structure, guard, leg, level);
  }

  exit(structure: StructureView, reason: ExitReason): void {
    check('exit', { structure, reason });
    this.#ctx.exit(structure, reason);
  }

  flatten(reason: ExitReason): void {
    check('flatten', { reason });
    this.#ctx.flatten(reason);
  }

  note(text: string): void {
    check('note', { text });
    this.#ctx.note(text);
  }
}

function check(wish: keyof typeof WISHES, asked: unknown): void {
  const fault = faultOf(WISHES[wish], asked, '');
  if (fault !== undefined) throw new StrategyMistake(`ctx.${wish}: ${fault}`);
}
