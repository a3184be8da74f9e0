import { StrategyMistake } from '../../engine/assert.ts';
import type {
  AddPlan,
  Candle,
  CandleSpan,
  Contract,
  Day,
  EntryPlan,
  EpochMs,
  ExitReason,
  ExpiryChoice,
  FutureInstrument,
  IstTime,
  Lots,
  OptionContract,
  Paise,
  RestingView,
  RestingWish,
  Right,
  Seen,
  SeriesOf,
  StrategyContext,
  StructureView,
  TraceValue,
  Underlying,
} from '../../engine/strategy.ts';
import { plainOf } from './plain.ts';
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

  get previousSession(): Day | undefined {
    return this.#ctx.previousSession;
  }

  get previousClose(): Paise | undefined {
    return this.#ctx.previousClose;
  }

  get vix(): number | undefined {
    return this.#ctx.vix;
  }

  get future(): FutureInstrument | undefined {
    return this.#ctx.future;
  }

  get isTraced(): boolean {
    return this.#ctx.isTraced;
  }

  trace(kind: string, values: Readonly<Record<string, TraceValue>>): void {
    const wish = wished('trace', { kind, values });
    this.#ctx.trace(kind, wish.values);
  }

  strikes(expiry: Day): readonly Paise[] {
    return [...this.#ctx.strikes(expiry)];
  }

  lotSizeOf(contract: Contract): number | undefined {
    return this.#ctx.lotSizeOf(contract);
  }

  lastCandle(contract: Contract): Candle | undefined {
    return this.#ctx.lastCandle(contract);
  }

  openInterest(contract: Contract): number | undefined {
    return this.#ctx.openInterest(contract);
  }

  watch(contract: Contract): void {
    const wish = wished('watch', { contract });
    this.#ctx.watch(wish.contract);
  }

  unwatch(contract: Contract): void {
    const wish = wished('watch', { contract });
    this.#ctx.unwatch(wish.contract);
  }

  rest(wish: RestingWish): void {
    this.#ctx.rest(wished('rest', wish));
  }

  withdraw(place: string, reason: string): void {
    wished('withdraw', { place, reason });
    this.#ctx.withdraw(place, reason);
  }

  resting(place: string): RestingView | undefined {
    return this.#ctx.resting(place);
  }

  price(contract: Contract): Paise | undefined {
    return this.#ctx.price(contract);
  }

  isFresh(contract: Contract): boolean {
    return this.#ctx.isFresh(contract);
  }

  candlesToday(contract: Contract): readonly Candle[] {
    return [...this.#ctx.candlesToday(contract)];
  }

  series(span: CandleSpan, of?: SeriesOf): readonly Candle[] {
    return [...this.#ctx.series(span, of)];
  }

  at(time: IstTime, name: string): void {
    wished('at', { time, name });
    this.#ctx.at(time, name);
  }

  enter(plan: EntryPlan): void {
    const wish = wished('enter', plan);
    const other = wish.legs.find(({ contract }) => contract.underlying !== this.segment)?.contract.underlying;
    if (other !== undefined)
      throw new StrategyMistake(`ctx.enter: a leg must be of the segment ${this.segment}, was of ${other}`);
    this.#ctx.enter(wish);
  }

  riskGate(plan: EntryPlan): string | undefined {
    return this.#ctx.riskGate(wished('enter', plan));
  }

  add(plan: AddPlan): void {
    this.#ctx.add(wished('add', plan));
  }

  skip(signal: string, gate: string, seen: Seen): void {
    const wish = wished('skip', { signal, gate, seen });
    this.#ctx.skip(signal, gate, wish.seen);
  }

  moveGuard(structure: StructureView, guard: string, leg: string | undefined, level: Paise): void {
    wished('moveGuard', { structure, guard, leg, level });
    this.#ctx.moveGuard(structure, guard, leg, level);
  }

  exit(structure: StructureView, reason: ExitReason): void {
    wished('exit', { structure, reason });
    this.#ctx.exit(structure, reason);
  }

  flatten(reason: ExitReason): void {
    wished('flatten', { reason });
    this.#ctx.flatten(reason);
  }

  note(text: string): void {
    wished('note', { text });
    this.#ctx.note(text);
  }
}

/**
 * What is asked as a copy that was checked: what own code does to its objects afterwards changes nothing. A structure stays the one that
 * the engine gave.
 */
function wished<Asked>(wish: keyof typeof WISHES, asked: Asked): Asked {
  const copy = plainOf(asked, ['structure']);
  const fault = faultOf(WISHES[wish], copy, '');
  if (fault !== undefined) throw new StrategyMistake(`ctx.${wish}: ${fault}`);
  return copy as Asked;
}
