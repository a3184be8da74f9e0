import type { Agent } from './agent.ts';
import type { Clock } from './clock.ts';
import type { Seen, TraceValue } from './journal.ts';
import type { CandleSpan } from './market/candle-builder.ts';
import type { ContractFacts, ExpiryChoice } from './market/contract-book.ts';
import type { DayHistory } from './market/day-history.ts';
import type { MarketCache } from './market/market-cache.ts';
import type { Rung, UnderlyingLadder } from './market/underlying-ladder.ts';
import type { Candle } from './model/candle-frame.ts';
import { UNKNOWN } from './model/candle-frame.ts';
import type { Contract, FutureInstrument, Instrument, OptionContract, Underlying } from './model/instrument.ts';
import type { ExitReason } from './model/order.ts';
import type { Day, EpochMs, IstTime } from './model/time.ts';
import { istTimeOf } from './model/time.ts';
import type { Lots, Paise, Right } from './model/units.ts';
import { paise } from './model/units.ts';
import type { TraceSink } from './ports.ts';
import type {
  AddPlan,
  EntryPlan,
  RestingView,
  RestingWish,
  SeriesOf,
  StrategyContext,
  StructureView,
} from './strategy.ts';

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
  /** Follows a slot's quotes for an agent, or lets it go. */
  readonly follow: (slot: number) => void;
  readonly unfollow: (slot: number) => void;
  readonly resting: (place: string) => RestingView | undefined;
  /** What of the day's risk keeps a plan out now. */
  readonly riskGate: (plan: EntryPlan) => string | undefined;
  /** Undefined where nobody keeps a trace, or while the strategies warm up. */
  readonly trace: () => TraceSink | undefined;
}

/** The listed strikes of one expiry in today's slots. */
interface Listing {
  /** Whether the universe names this expiry. */
  readonly isSeen: boolean;
  readonly strikes: readonly Paise[];
  readonly calls: ReadonlyMap<number, number>;
  readonly puts: ReadonlyMap<number, number>;
}

/** The world as one agent may see it: its universe, what is closed, what was quoted; wishes go to its outbox. */
export class AgentContext implements StrategyContext {
  readonly #parts: ContextParts;
  /** What was looked up today: expiries by choice, strikes by expiry. */
  #lookedUp: Day | undefined;
  readonly #expiries = new Map<ExpiryChoice, Day | undefined>();
  readonly #listings = new Map<Day, Listing>();

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

  get previousSession(): Day | undefined {
    return this.#parts.agent.today?.previousSession;
  }

  get previousClose(): Paise | undefined {
    const close = this.#parts.agent.today?.previousClose;
    return close === undefined ? undefined : paise(close);
  }

  get vix(): number | undefined {
    return this.#parts.agent.today?.vix;
  }

  get future(): FutureInstrument | undefined {
    return this.#parts.agent.today?.future?.instrument;
  }

  get structures(): readonly StructureView[] {
    return this.#parts.agent.structures;
  }

  expiry(choice: ExpiryChoice): Day | undefined {
    this.#beginDay();
    if (this.#expiries.has(choice)) return this.#expiries.get(choice);
    const rule = { day: this.day, underlying: this.segment, rule: choice };
    const expiry = this.#parts.contracts.expiryOf(rule)?.expiry;
    this.#expiries.set(choice, expiry);
    return expiry;
  }

  strikes(expiry: Day): readonly Paise[] {
    const { isSeen, strikes } = this.#listing(expiry);
    const { agent } = this.#parts;
    return isSeen ? strikes.filter((strike) => agent.sees(strike, this.strikeStep)) : NO_STRIKES;
  }

  contract(expiry: Day, strike: Paise, right: Right): OptionContract | undefined {
    const listing = this.#listing(expiry);
    const slot = (right === 'CE' ? listing.calls : listing.puts).get(strike);
    if (slot === undefined || !this.#isVisible(slot, strike, listing)) return undefined;
    return this.#parts.cache.instrumentAt(slot) as OptionContract;
  }

  /** Today's slot of a contract that this agent may look at: in its universe, or a leg of its own. */
  #visibleSlot(contract: Contract): number | undefined {
    const slot = this.#parts.cache.slotOf(contract);
    if (slot === undefined) return undefined;
    if (contract.kind === 'future') return slot === this.#parts.agent.today?.future?.slot ? slot : undefined;
    return this.#isVisible(slot, contract.strike, this.#listing(contract.expiry)) ? slot : undefined;
  }

  #isVisible(slot: number, strike: Paise, { isSeen }: Listing): boolean {
    const { agent } = this.#parts;
    return (isSeen && agent.sees(strike, this.strikeStep)) || agent.holds(slot);
  }

  #beginDay(): void {
    if (this.#lookedUp === this.day) return;
    this.#lookedUp = this.day;
    this.#expiries.clear();
    this.#listings.clear();
  }

  #listing(expiry: Day): Listing {
    this.#beginDay();
    const known = this.#listings.get(expiry);
    if (known !== undefined) return known;
    const sees = this.#parts.agent.universe.expiries.some((choice) => this.expiry(choice) === expiry);
    const made = listingOf(this.#parts.cache.instruments, { underlying: this.segment, expiry, isSeen: sees });
    this.#listings.set(expiry, made);
    return made;
  }

  lotSizeOf({ underlying, expiry }: Contract): number | undefined {
    return this.#parts.contracts.lotSizeOf({ underlying, expiry, day: this.day })?.lotSize;
  }

  price(contract: Contract): Paise | undefined {
    const slot = this.#visibleSlot(contract);
    const price = slot === undefined ? undefined : this.#parts.priceNow(slot);
    return price === undefined ? undefined : paise(Math.round(price));
  }

  isFresh(contract: Contract): boolean {
    const slot = this.#visibleSlot(contract);
    if (slot === undefined || this.#parts.cache.pricedAt(slot) === 0) return false;
    return this.now - this.#parts.cache.pricedAt(slot) <= this.#parts.freshMs;
  }

  lastCandle(contract: Contract): Candle | undefined {
    const slot = this.#visibleSlot(contract);
    return slot === undefined ? undefined : this.#parts.history.lastOf(slot);
  }

  openInterest(contract: Contract): number | undefined {
    const slot = this.#visibleSlot(contract);
    const units = slot === undefined ? UNKNOWN : this.#parts.cache.oiOf(slot);
    return units === UNKNOWN ? undefined : units;
  }

  candlesToday(contract: Contract): readonly Candle[] {
    const slot = this.#visibleSlot(contract);
    return slot === undefined ? [] : this.#parts.history.candlesOf(slot);
  }

  series(span: CandleSpan, of: SeriesOf = 'underlying'): readonly Candle[] {
    return this.#parts.agent.seriesOf(span, of);
  }

  watch(contract: Contract): void {
    const slot = this.#visibleSlot(contract);
    if (slot !== undefined && !this.#parts.agent.followed.has(slot)) {
      this.#parts.agent.followed.set(slot, contract);
      this.#parts.follow(slot);
    }
  }

  unwatch(contract: Contract): void {
    const slot = this.#parts.cache.slotOf(contract);
    if (slot !== undefined && this.#parts.agent.followed.delete(slot)) this.#parts.unfollow(slot);
  }

  at(time: IstTime, name: string): void {
    this.#parts.at(time, name);
  }

  enter(plan: EntryPlan): void {
    this.#parts.agent.outbox.push({ kind: 'enter', plan });
  }

  riskGate(plan: EntryPlan): string | undefined {
    return this.#parts.riskGate(plan);
  }

  rest(wish: RestingWish): void {
    this.#parts.agent.outbox.push({ kind: 'rest', wish });
  }

  withdraw(place: string, reason: string): void {
    this.#parts.agent.outbox.push({ kind: 'withdraw', place, reason });
  }

  resting(place: string): RestingView | undefined {
    return this.#parts.resting(place);
  }

  add(plan: AddPlan): void {
    this.#parts.agent.outbox.push({ kind: 'add', plan });
  }

  skip(signal: string, gate: string, seen: Seen): void {
    if (this.isTraced) this.trace('signal', { name: signal, taken: false, gate, ...seen });
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

  get isTraced(): boolean {
    return this.#parts.trace() !== undefined;
  }

  trace(kind: string, values: Readonly<Record<string, TraceValue>>): void {
    this.#parts.trace()?.write(this.now, this.#parts.agent.id, kind, values);
  }
}

const NO_STRIKES: readonly Paise[] = [];

/** Reads the options of one expiry out of today's instruments. */
function listingOf(
  instruments: readonly Instrument[],
  { underlying, expiry, isSeen }: { readonly underlying: Underlying; readonly expiry: Day; readonly isSeen: boolean },
): Listing {
  const calls = new Map<number, number>();
  const puts = new Map<number, number>();
  instruments.forEach((one, slot) => {
    if (one.kind !== 'option' || one.underlying !== underlying || one.expiry !== expiry) return;
    (one.right === 'CE' ? calls : puts).set(one.strike, slot);
  });
  const strikes = [...new Set([...calls.keys(), ...puts.keys()])].sort((a, b) => a - b).map(paise);
  return { isSeen, strikes, calls, puts };
}
