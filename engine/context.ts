import type { Agent } from './agent.ts';
import type { Clock } from './clock.ts';
import type { Seen } from './journal.ts';
import type { CandleSpan } from './market/candle-builder.ts';
import type { ContractFacts, ExpiryChoice } from './market/contract-book.ts';
import type { DayHistory } from './market/day-history.ts';
import type { MarketCache } from './market/market-cache.ts';
import type { Rung, UnderlyingLadder } from './market/underlying-ladder.ts';
import type { Candle } from './model/candle-frame.ts';
import type { OptionContract, Underlying } from './model/instrument.ts';
import { option } from './model/instrument.ts';
import type { ExitReason } from './model/order.ts';
import type { Day, EpochMs, IstTime } from './model/time.ts';
import { istTimeOf } from './model/time.ts';
import type { Lots, Paise, Right } from './model/units.ts';
import { paise } from './model/units.ts';
import type { AddPlan, EntryPlan, StrategyContext, StructureView } from './strategy.ts';

/** What a context reads from the house. */
export interface ContextParts {
  readonly agent: Agent;
  readonly clock: Clock;
  readonly cache: MarketCache;
  readonly history: DayHistory;
  readonly ladder: UnderlyingLadder;
  readonly contracts: ContractFacts;
  readonly freshMs: number;
  readonly day: () => Day;
  readonly priceNow: (slot: number) => number | undefined;
  readonly at: (time: IstTime, name: string) => void;
  readonly skipped: (signal: string, gate: string, seen: Seen) => void;
  readonly noted: (text: string) => void;
}

/** The world as one agent may see it: its universe, what is closed, what was quoted; wishes go to its outbox. */
export class AgentContext implements StrategyContext {
  readonly #parts: ContextParts;

  constructor(parts: ContextParts) {
    this.#parts = parts;
  }

  get now(): EpochMs {
    return this.#parts.clock.now;
  }

  get day(): Day {
    return this.#parts.day();
  }

  get time(): IstTime {
    return istTimeOf(this.now);
  }

  get segment(): Underlying {
    return this.#parts.agent.segment;
  }

  get lots(): Lots {
    return this.#parts.agent.lots;
  }

  get spot(): Paise | undefined {
    const { spot, spotAt } = this.#parts.ladder;
    return spot === undefined || this.now - spotAt > this.#parts.freshMs ? undefined : paise(spot);
  }

  get rung(): Rung {
    return this.#parts.ladder.rung;
  }

  get strikeStep(): Paise {
    return this.#parts.contracts.strikeStepOf(this.segment);
  }

  get structures(): readonly StructureView[] {
    return this.#parts.agent.structures;
  }

  expiry(choice: ExpiryChoice): Day | undefined {
    return this.#parts.contracts.expiryOf({ day: this.day, underlying: this.segment, rule: choice })?.expiry;
  }

  contract(expiry: Day, strike: Paise, right: Right): OptionContract | undefined {
    const contract = option(this.segment, expiry, strike, right);
    return this.#visibleSlot(contract) === undefined ? undefined : contract;
  }

  /** Today's slot of a contract that this agent may look at: in its universe, or a leg of its own. */
  #visibleSlot(contract: OptionContract): number | undefined {
    const { agent, cache } = this.#parts;
    const slot = cache.slotOf(contract);
    if (slot === undefined || agent.holds(slot)) return slot;
    if (!agent.sees(contract.strike, this.strikeStep)) return undefined;
    return agent.universe.expiries.some((choice) => this.expiry(choice) === contract.expiry) ? slot : undefined;
  }

  price(contract: OptionContract): Paise | undefined {
    const slot = this.#visibleSlot(contract);
    const price = slot === undefined ? undefined : this.#parts.priceNow(slot);
    return price === undefined ? undefined : paise(Math.round(price));
  }

  isFresh(contract: OptionContract): boolean {
    const slot = this.#visibleSlot(contract);
    if (slot === undefined || this.#parts.cache.pricedAt(slot) === 0) return false;
    return this.now - this.#parts.cache.pricedAt(slot) <= this.#parts.freshMs;
  }

  candlesToday(contract: OptionContract): readonly Candle[] {
    const slot = this.#visibleSlot(contract);
    return slot === undefined ? [] : this.#parts.history.candlesOf(slot);
  }

  series(span: CandleSpan): readonly Candle[] {
    return this.#parts.agent.seriesOf(span);
  }

  at(time: IstTime, name: string): void {
    this.#parts.at(time, name);
  }

  enter(plan: EntryPlan): void {
    this.#parts.agent.outbox.push({ kind: 'enter', plan });
  }

  add(plan: AddPlan): void {
    this.#parts.agent.outbox.push({ kind: 'add', plan });
  }

  skip(signal: string, gate: string, seen: Seen): void {
    if (this.#parts.agent.gateIsNew(signal, gate, seen)) this.#parts.skipped(signal, gate, seen);
  }

  moveGuard(structure: StructureView, guard: string, leg: string | undefined, level: Paise): void {
    this.#parts.agent.outbox.push({ kind: 'move-guard', structure, guard, leg, level });
  }

  exit(structure: StructureView, reason: ExitReason): void {
    this.#parts.agent.outbox.push({ kind: 'exit', structure, reason });
  }

  flatten(reason: ExitReason): void {
    this.#parts.agent.outbox.push({ kind: 'flatten', reason });
  }

  note(text: string): void {
    this.#parts.noted(text);
  }
}
