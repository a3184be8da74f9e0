import type { Seen } from './journal.ts';
import type { CandleSpan } from './market/candle-builder.ts';
import type { ExpiryChoice } from './market/contract-book.ts';
import type { Rung } from './market/underlying-ladder.ts';
import type { Candle } from './model/candle-frame.ts';
import type { Contract, OptionContract, Underlying } from './model/instrument.ts';
import type { ExitReason, Fill, Terms } from './model/order.ts';
import type { Day, EpochMs, IstTime } from './model/time.ts';
import type { Lots, Paise, Right, Side } from './model/units.ts';
import type { GuardSpec } from './orders/guards.ts';

export type { Seen } from './journal.ts';
export type { CandleSpan } from './market/candle-builder.ts';
export type { ExpiryChoice } from './market/contract-book.ts';
export { atTheMoney } from './market/option-chain.ts';
export type { Candle } from './model/candle-frame.ts';
export { UNKNOWN } from './model/candle-frame.ts';
export type { Contract, FutureInstrument, OptionContract, Underlying } from './model/instrument.ts';
export type { ExitReason, Fill, Terms } from './model/order.ts';
export type { Day, EpochMs, IstTime } from './model/time.ts';
export { dayOf, daysBetween, istTime, istTimeOf, minutesOf } from './model/time.ts';
export type { Lots, Paise, Right, Side } from './model/units.ts';
export { lots, paise, rupeesText, TICK, tickDown, tickNearest, tickUp } from './model/units.ts';
export type { GuardSpec } from './orders/guards.ts';

/** What a strategy may look at; the kernel hides everything else in every mode. */
export interface Universe {
  readonly underlying: Underlying;
  readonly expiries: readonly ExpiryChoice[];
  /** Strikes to either side of the money that can be seen. */
  readonly strikesAround: number;
  /** The window of strikes moves when the money is this many steps from its middle. */
  readonly recentreSteps: number;
  /** Larger candles of the underlying, and how many closed ones must be there before the first day counts. */
  readonly series?: readonly SeriesWish[];
}

/** A series of larger candles, and how many closed ones of it there must be before the first day. */
export interface SeriesWish {
  readonly span: CandleSpan;
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
  /** The structures of this agent that are open, oldest first. */
  readonly structures: readonly StructureView[];
  /** An expiry by its choice, as dated today; undefined where none is listed. */
  expiry(choice: ExpiryChoice): Day | undefined;
  /** A contract of today's data within the universe; undefined where it is not there. */
  contract(expiry: Day, strike: Paise, right: Right): OptionContract | undefined;
  /** Price to read now: the last quote of a watched contract, else its last closed candle. */
  price(contract: OptionContract): Paise | undefined;
  /** Whether that price is young enough to enter on. */
  isFresh(contract: OptionContract): boolean;
  /** Closed candles of a contract since today's open, oldest first, absent minutes left out. */
  candlesToday(contract: OptionContract): readonly Candle[];
  /** Closed larger candles of the underlying, oldest first. */
  series(span: CandleSpan): readonly Candle[];
  /** Asks to be called at a clock time of today, after the minute that ends there is known. */
  at(time: IstTime, name: string): void;
  enter(plan: EntryPlan): void;
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
}

/** A strategy's day: what it does when. Every handler is optional. */
export interface StrategyHandlers {
  onSessionOpen?(ctx: StrategyContext): void;
  onMinute?(ctx: StrategyContext): void;
  onTimer?(ctx: StrategyContext, name: string): void;
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
  /** One sentence where parameters that are each right alone do not go together, or not with a segment. */
  refuse?(params: Params, segment: Underlying): string | undefined;
  universe(params: Params, segment: Underlying): Universe;
  /** State, if any, lives in this closure, so two runs cannot share it. */
  create(params: Params, segment: Underlying): StrategyHandlers;
}

export function defineStrategy<Params>(definition: StrategyDefinition<Params>): StrategyDefinition<Params> {
  return definition;
}
