import type { Seen, TraceValue } from './journal.ts';
import type { CandleSpan } from './market/candle-builder.ts';
import type { ExpiryChoice } from './market/contract-book.ts';
import type { Rung } from './market/underlying-ladder.ts';
import type { Candle } from './model/candle-frame.ts';
import type { Contract, FutureInstrument, OptionContract, Underlying } from './model/instrument.ts';
import type { ExitReason, Fill, Terms } from './model/order.ts';
import type { Day, EpochMs, IstTime } from './model/time.ts';
import type { Lots, Paise, Right, Side } from './model/units.ts';
import type { GuardSpec } from './orders/guards.ts';

export type { Seen, TraceValue } from './journal.ts';
export type { CandleSpan } from './market/candle-builder.ts';
export type { ExpiryChoice } from './market/contract-book.ts';
export { atTheMoney } from './market/option-chain.ts';
export type { Candle } from './model/candle-frame.ts';
export { UNKNOWN } from './model/candle-frame.ts';
export type { Contract, FutureInstrument, OptionContract, Underlying } from './model/instrument.ts';
export type { ExitReason, Fill, Terms } from './model/order.ts';
export type { Day, EpochMs, IstTime } from './model/time.ts';
export { dayOf, daysBetween, istTime, istTimeOf, minutesOf, weekdayOf } from './model/time.ts';
export type { Lots, Paise, Right, Side } from './model/units.ts';
export { lots, paise, rupeesText, TICK, tickDown, tickNearest, tickUp } from './model/units.ts';
export type { GuardDistance, GuardMove, GuardSpec } from './orders/guards.ts';

/** What a strategy may look at; the kernel hides everything else in every mode. */
export interface Universe {
  readonly underlying: Underlying;
  readonly expiries: readonly ExpiryChoice[];
  /** Strikes to either side of the money that can be seen. */
  readonly strikesAround: number;
  /** The window of strikes moves when the money is this many steps from its middle. */
  readonly recentreSteps: number;
  /** Larger candles of the underlying or its near future, and how many closed ones must be there before the first day counts. */
  readonly series?: readonly SeriesWish[];
  /** What its rules cannot do without: a run on data that lack one of these is refused before the first event. */
  readonly needs?: readonly MarketNeed[];
}

/** Something that not every store holds. */
export type MarketNeed = 'open-interest' | 'option-volume' | 'future' | 'future-volume' | 'vix';

/** Whose larger candles: the index as its ladder gives it, or the near future with its volume and open interest. */
export type SeriesOf = 'underlying' | 'future';

/** A series of larger candles, and how many closed ones of it there must be before the first day. */
export interface SeriesWish {
  readonly span: CandleSpan;
  /** Default: the underlying. */
  readonly of?: SeriesOf;
  readonly warmUp: number;
  /** Where the data begin too late for that: the run is refused, or it starts and the strategy itself waits. Default: refuse. */
  readonly whenShort?: 'refuse' | 'wait';
}

/** A leg of a structure as its strategy sees it. Prices in paise. */
export interface LegView {
  readonly tag: string;
  readonly instrument: OptionContract | { readonly kind: string };
  readonly side: Side;
  readonly lotsPlanned: number;
  readonly openLots: number;
  readonly entryLots: number;
  readonly entryTurnover: number;
  readonly lotSize: number;
  /** How often the contract was entered again; 0 for the first time. */
  readonly reentry: number;
  readonly done: boolean;
}

/** A structure as its strategy sees it. Money in paise. */
export interface StructureView {
  readonly id: number;
  readonly name: string;
  readonly openedAt: EpochMs;
  readonly entrySpot: number | undefined;
  readonly gross: number;
  readonly closed: boolean;
  readonly legs: readonly LegView[];
}

export interface LegRequest {
  readonly tag: string;
  readonly contract: Contract;
  readonly side: Side;
  readonly lots: Lots;
  /** Default: MARKET. */
  readonly terms?: Terms;
}

/** What a strategy asks to enter. The signal's name and what it saw go to the journal, whether it is taken or not. */
export interface EntryPlan {
  readonly signal: string;
  readonly seen: Seen;
  readonly legs: readonly LegRequest[];
  readonly guards?: readonly GuardSpec[];
  /** Closed at this time whatever happens, or ten minutes before the last window ends where that is earlier. */
  readonly squareOffAt?: IstTime;
  /** Number of the re-entry; 0 or absent for the first entry. */
  readonly reentry?: number;
  /** How its market orders go in; default: the desk's own policy. Legs with terms of their own keep them. */
  readonly execution?: EntryExecution;
  /** What one R is for this structure, whole paise; default: the initial risk at its first stops. */
  readonly risk?: Paise;
  /**
   * Least distance of the wide resting stop of its short legs, per cent of their premium; default: the desk's. For premiums that may well
   * rise by half before the strategy's own stop, on something else than a premium, is reached.
   */
  readonly restingStopPct?: number;
  /** The strategy sized it itself: a risk per structure in the configuration does not scale it. */
  readonly isSized?: boolean;
}

/** How an entry without terms of its own is sent. */
export type EntryExecution =
  | { readonly kind: 'market' }
  /** A limit a share of the price beyond it (per cent), and after a while (ms) a protected market order for the rest. */
  | { readonly kind: 'limit-then-market'; readonly bufferPct: number; readonly waitMs: number };

/**
 * An entry that is to rest at the venue before the market comes to it: one leg with terms of its own. One order rests per `place` of an agent;
 * asking again with another contract or other prices takes the old one back, waits until the venue has confirmed that, and then places
 * the new one. An order that fills meanwhile stays filled, and what was to follow it is dropped.
 */
export interface RestingWish {
  readonly place: string;
  readonly plan: EntryPlan;
  /** The order of the same contract is kept while trigger and limit move by no more than this, paise. */
  readonly repriceBeyond: Paise;
}

/** What rests in a place. */
export interface RestingView {
  readonly place: string;
  readonly contract: Contract;
  readonly terms: Terms;
  /** `leaving`: its cancel is not confirmed yet. */
  readonly state: 'resting' | 'leaving';
  readonly structure: StructureView;
}

/** Limits that a strategy's own rules set for one agent, kept by the RMS beside the account's; the tighter one counts. Money in paise, positive. */
export interface AgentLimits {
  readonly structuresPerDayMax?: number | undefined;
  /** Structures open or on their way. */
  readonly structuresOpenMax?: number | undefined;
  /** The same of one right, by the right of a structure's first leg. */
  readonly structuresOpenPerRightMax?: number | undefined;
  /** The same for calls alone, and for puts. */
  readonly structuresOpenCallsMax?: number | undefined;
  readonly structuresOpenPutsMax?: number | undefined;
  readonly lossPerDayMax?: Paise | undefined;
  readonly profitPerDayTarget?: Paise | undefined;
  /** Sum of R, closed and open, at which the agent is flattened and halted for the day; positive numbers. */
  readonly rLossPerDayMax?: number | undefined;
  readonly rProfitPerDayTarget?: number | undefined;
  /** Structures closed at a loss one after the other today after which the agent is halted. */
  readonly lossesInARowMax?: number | undefined;
}

/** Lots that a strategy asks to add to an open leg of its own, at the market; its guards stay where they are and hold for all lots. */
export interface AddPlan {
  readonly signal: string;
  readonly seen: Seen;
  readonly structure: StructureView;
  /** The leg's tag. */
  readonly leg: string;
  readonly lots: Lots;
}

/** The world as one strategy sees it now. Nothing here looks ahead: candles are closed, quotes have happened. */
export interface StrategyContext {
  readonly now: EpochMs;
  readonly day: Day;
  /** Clock time of the present minute. */
  readonly time: IstTime;
  readonly segment: Underlying;
  readonly lots: Lots;
  /** Level of the underlying in paise, undefined where none is fresh, and the rung of the ladder it came from. */
  readonly spot: Paise | undefined;
  readonly rung: Rung;
  readonly strikeStep: Paise;
  /** Day of the session before by the calendar, of those that it takes part in; the data may lack it. Undefined where nobody knows. */
  readonly previousSession: Day | undefined;
  /** Official close of the session before, paise, and India VIX of that close in hundredths; undefined where nobody knows. */
  readonly previousClose: Paise | undefined;
  readonly vix: number | undefined;
  /** The near future of the segment, where today's data hold it. */
  readonly future: FutureInstrument | undefined;
  /** The structures of this agent that are open, oldest first. */
  readonly structures: readonly StructureView[];
  /** An expiry by its choice, as dated today; undefined where none is listed. */
  expiry(choice: ExpiryChoice): Day | undefined;
  /** A contract of today's data within the universe; undefined where it is not there. */
  contract(expiry: Day, strike: Paise, right: Right): OptionContract | undefined;
  /** Strikes of an expiry within the universe of which today's data hold a contract, rising. */
  strikes(expiry: Day): readonly Paise[];
  /** Units of the underlying in a lot of a contract today; undefined where the tables do not say. */
  lotSizeOf(contract: Contract): number | undefined;
  /** Price to read now: the last quote of a watched contract, else its last closed candle. */
  price(contract: Contract): Paise | undefined;
  /** Whether that price is young enough to enter on. */
  isFresh(contract: Contract): boolean;
  /** Candle of the minute that has just closed; undefined where the contract has none in it. */
  lastCandle(contract: Contract): Candle | undefined;
  /** Open interest in units as last published today; undefined where nobody said. */
  openInterest(contract: Contract): number | undefined;
  /** Closed candles of a contract since today's open, oldest first, absent minutes left out. */
  candlesToday(contract: Contract): readonly Candle[];
  /** Closed larger candles of the underlying, oldest first. */
  series(span: CandleSpan, of?: SeriesOf): readonly Candle[];
  /** Follows a contract's price between closes for the rest of the day, so that `onQuote` is called for it. */
  watch(contract: Contract): void;
  unwatch(contract: Contract): void;
  /** Asks to be called at a clock time of today, after the minute that ends there is known. */
  at(time: IstTime, name: string): void;
  enter(plan: EntryPlan): void;
  /**
   * Why the RMS would not carry a plan now, by its own review once all that the agent holds has left; undefined where it would. For a strategy
   * that leaves one structure for another. Nothing is sent, and the entry itself is reviewed as ever.
   */
  riskGate(plan: EntryPlan): string | undefined;
  /** Asks for an entry that rests; asking again keeps, re-prices or switches it. */
  rest(wish: RestingWish): void;
  /** Takes back what rests in a place; nothing happens where nothing does. */
  withdraw(place: string, reason: string): void;
  resting(place: string): RestingView | undefined;
  /** Adds lots to an open leg; refused, and journaled with the gate, where the leg is not whole, on its way out, or closed. */
  add(plan: AddPlan): void;
  /**
   * Journals a signal that was not taken, with the gate that failed. Equal gates of one signal that follow each other are journaled once, and
   * each on its own where the signal saw another `candle`.
   */
  skip(signal: string, gate: string, seen: Seen): void;
  /** Moves a guard, such as a stop to cost; level in paise. */
  moveGuard(structure: StructureView, guard: string, leg: string | undefined, level: Paise): void;
  exit(structure: StructureView, reason: ExitReason): void;
  /** Closes everything this agent has. */
  flatten(reason: ExitReason): void;
  note(text: string): void;
  /** Whether somebody keeps a trace; ask before making costly values. */
  readonly isTraced: boolean;
  /** Writes what a decision was made from to the trace, where one is kept. Prices in paise. */
  trace(kind: string, values: Readonly<Record<string, TraceValue>>): void;
}

/** A strategy's day: what it does when. Every handler is optional. */
export interface StrategyHandlers {
  onSessionOpen?(ctx: StrategyContext): void;
  onMinute?(ctx: StrategyContext): void;
  onTimer?(ctx: StrategyContext, name: string): void;
  /** A watched contract's price moved between closes; price in paise, possibly between ticks. */
  onQuote?(ctx: StrategyContext, contract: Contract, price: number): void;
  onFill?(ctx: StrategyContext, fill: Fill, leg: LegView, structure: StructureView): void;
  onLegClosed?(ctx: StrategyContext, leg: LegView, structure: StructureView, reason: ExitReason): void;
  onStructureClosed?(ctx: StrategyContext, structure: StructureView, reason: ExitReason): void;
}

/** Reads parameters or throws; zod schemas are of this shape. */
export interface ParamsSchema<Params> {
  parse(value: unknown): Params;
}

export interface StrategyDefinition<Params = unknown> {
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly segments: readonly Underlying[];
  readonly params: ParamsSchema<Params>;
  /**
   * Which options its rules and figures are made for. A run warns where a strategy of weekly options trades the nearest ones of a segment
   * that lists months only.
   */
  readonly meantFor?: 'weekly';
  /** One sentence where parameters that are each right alone do not go together, or not with a segment. */
  refuse?(params: Params, segment: Underlying): string | undefined;
  universe(params: Params, segment: Underlying): Universe;
  /** Limits of its own rules that the RMS keeps for each agent. */
  limits?(params: Params, segment: Underlying): AgentLimits;
  /** State, if any, lives in this closure, so two runs cannot share it. */
  create(params: Params, segment: Underlying): StrategyHandlers;
}

export function defineStrategy<Params>(definition: StrategyDefinition<Params>): StrategyDefinition<Params> {
  return definition;
}
