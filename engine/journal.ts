import type { Exposure } from './model/exposure.ts';
import type { Underlying } from './model/instrument.ts';
import type { Levies } from './model/levies.ts';
import type { AgentId, ExitReason, Fill, OrderId, Purpose, StructureId, Terms } from './model/order.ts';
import type { Day, EpochMs } from './model/time.ts';
import type { Side } from './model/units.ts';

/** A plain value that a signal saw: numbers are paise or counts as the name says. */
export type SeenValue = number | string | boolean | null;
export type Seen = Readonly<Record<string, SeenValue>>;

/** A plain value of a trace line: like what a signal saw, nested where that reads better. */
export type TraceValue = SeenValue | readonly TraceValue[] | { readonly [name: string]: TraceValue };

/** A record's place in the journal. */
export interface Stamp {
  /** Position in the journal; settles every tie. */
  readonly seq: number;
  readonly ts: EpochMs;
  /** `in` is fed again on replay, `out` is recomputed and compared. */
  readonly flow: 'in' | 'out';
}

export interface SessionOpenedRecord extends Stamp {
  readonly kind: 'session-opened';
  readonly day: Day;
  readonly special: boolean;
  readonly windows: readonly (readonly [EpochMs, EpochMs])[];
  readonly intervalMs: number;
}

export interface SessionClosedRecord extends Stamp {
  readonly kind: 'session-closed';
  readonly day: Day;
}

export interface OperatorCommandedRecord extends Stamp {
  readonly kind: 'operator-commanded';
  readonly command: 'halt' | 'resume' | 'flatten' | 'exit-positions';
  /** An agent's id, or `all`. */
  readonly scope: string;
  readonly by: string;
}

/** A signal that a strategy saw: taken, or skipped with the gate that failed. */
export interface SignalRecord extends Stamp {
  readonly kind: 'signal';
  readonly agent: AgentId;
  readonly name: string;
  readonly taken: boolean;
  readonly gate: string | null;
  readonly seen: Seen;
}

export interface NoteRecord extends Stamp {
  readonly kind: 'note';
  readonly agent: AgentId | null;
  readonly text: string;
}

export interface LegPlan {
  readonly leg: string;
  readonly contract: string;
  readonly side: Side;
  readonly lots: number;
  readonly lotSize: number;
}

/** A structure was asked for and its orders were made. Spot and strikes in paise. */
export interface StructureOpenedRecord extends Stamp {
  readonly kind: 'structure-opened';
  readonly agent: AgentId;
  readonly structure: StructureId;
  readonly name: string;
  readonly underlying: Underlying;
  readonly spot: number | null;
  /** Calendar days to the nearest expiry among the legs. */
  readonly dte: number | null;
  readonly legs: readonly LegPlan[];
  /** Loss at its guards plus slippage allowance, paise; null where no guard bounds it and no stress was priced. */
  readonly plannedLoss: number | null;
}

/** The RMS looked at an order before it may leave. `limit` and `value` are null where the rule has no numbers. */
export interface VerdictRecord extends Stamp {
  readonly kind: 'verdict';
  readonly agent: AgentId;
  readonly order: OrderId;
  readonly approved: boolean;
  readonly rule: string | null;
  readonly limit: number | null;
  readonly value: number | null;
  readonly reason: string | null;
}

export interface OrderPlacedRecord extends Stamp {
  readonly kind: 'order-placed';
  readonly order: OrderId;
  readonly agent: AgentId;
  readonly structure: StructureId;
  readonly leg: string;
  readonly contract: string;
  readonly side: Side;
  readonly lots: number;
  readonly lotSize: number;
  readonly terms: Terms;
  readonly purpose: Purpose;
  readonly reduceOnly: boolean;
  readonly reason: string;
  readonly decisionPrice: number | null;
}

/** Life of an order after it was placed. `tsExchange` is the venue's instant where it has one. */
export interface OrderStateRecord extends Stamp {
  readonly kind:
    | 'order-accepted'
    | 'order-rejected'
    | 'order-triggered'
    | 'order-modified'
    | 'modify-rejected'
    | 'order-canceled'
    | 'cancel-rejected'
    | 'order-expired'
    | 'order-unresolved';
  readonly order: OrderId;
  readonly tsExchange: EpochMs | null;
  /** New terms of a modified order. */
  readonly terms: Terms | null;
  readonly reason: string | null;
  /** Lots of a modified order, where they are no longer those it was placed with. */
  readonly lots?: number;
}

/** The engine asked for a change of a working order. */
export interface OrderAskedRecord extends Stamp {
  readonly kind: 'modify-asked' | 'cancel-asked';
  readonly order: OrderId;
  readonly terms: Terms | null;
  readonly reason: string;
  /** Lots that the order shall be for, where they are asked to change. */
  readonly lots?: number;
}

export interface OrderFilledRecord extends Stamp {
  readonly kind: 'order-filled';
  readonly fill: Fill;
}

/** An addition to an open leg was filled, wholly or in part. Lots and turnover (paise) of the entries are those of the whole leg now. */
export interface LotsAddedRecord extends Stamp {
  readonly kind: 'lots-added';
  readonly agent: AgentId;
  readonly structure: StructureId;
  readonly leg: string;
  readonly contract: string;
  readonly order: OrderId;
  readonly lots: number;
  readonly price: number;
  readonly openLots: number;
  readonly entryLots: number;
  readonly lotSize: number;
  readonly entryTurnover: number;
}

export interface GuardRecord extends Stamp {
  readonly kind: 'guard-set' | 'guard-moved' | 'guard-fired' | 'guard-dropped';
  readonly agent: AgentId;
  readonly structure: StructureId;
  readonly guard: string;
  readonly leg: string | null;
  /** What the level is a level of. */
  readonly basis: 'leg' | 'combined' | 'underlying' | 'money' | 'time';
  readonly act: 'stop' | 'target' | 'trail' | 'time';
  /** Paise of premium, underlying or money; epoch ms for a time guard. */
  readonly level: number | null;
  /** Price that the guard saw when it fired. */
  readonly seen: number | null;
  /** The minute's candle spanned both exits of the pair, so the stop alone was acted on. */
  readonly ambiguous: boolean;
}

/** One leg's round trip, flat again. Prices are averages in paise (may lie between ticks); money in paise. */
export interface LegClosedRecord extends Stamp, Exposure {
  readonly kind: 'leg-closed';
  readonly agent: AgentId;
  readonly structure: StructureId;
  readonly leg: string;
  readonly contract: string;
  readonly side: Side;
  readonly lots: number;
  readonly lotSize: number;
  readonly openedAt: EpochMs;
  readonly closedAt: EpochMs;
  readonly entrySpot: number | null;
  readonly exitSpot: number | null;
  /** Sum of price x quantity of its entry and exit fills, paise: averages and money follow exactly. */
  readonly entryTurnover: number;
  readonly exitTurnover: number;
  readonly gross: number;
  readonly charges: Levies;
  /** Initial stop of the leg in paise of premium, or null. */
  readonly initialStop: number | null;
  /** Stop in force at the end, after trailing. */
  readonly finalStop: number | null;
  readonly target: number | null;
  readonly reason: ExitReason;
  readonly ambiguous: boolean;
  /** Best and worst open profit of the leg while it lived, paise, never below / above zero respectively. */
  readonly mfe: number;
  readonly mae: number;
  readonly mfeAt: EpochMs | null;
  readonly maeAt: EpochMs | null;
  /** Implied volatility in per cent, rounded to 0.01, where it could be solved. */
  readonly ivEntry: number | null;
  readonly ivExit: number | null;
  /** How often its contract was entered again before; 0 for the first time. */
  readonly reentry: number;
}

/** What a closed leg would have made had it been held to the square-off: the silent watch. Paise, gross. */
export interface LegHeldRecord extends Stamp {
  readonly kind: 'leg-held';
  readonly structure: StructureId;
  readonly leg: string;
  readonly reentry: number;
  readonly heldGross: number | null;
}

export interface StructureClosedRecord extends Stamp, Exposure {
  readonly kind: 'structure-closed';
  readonly agent: AgentId;
  readonly structure: StructureId;
  readonly name: string;
  readonly reason: ExitReason;
  /** Paise. */
  readonly gross: number;
  readonly charges: Levies;
  readonly mfe: number;
  readonly mae: number;
  /** Initial risk in paise (R), null where no stop bounds it. */
  readonly risk: number | null;
  /** Credit (+) or debit (-) at entry in paise, all lots. */
  readonly credit: number;
}

/** What of a leg was still open at its expiry was settled in cash: `lots` at `price` paise a unit, with what the exercise cost. */
export interface SettledRecord extends Stamp {
  readonly kind: 'settled';
  readonly agent: AgentId;
  readonly structure: StructureId;
  readonly leg: string;
  readonly contract: string;
  /** Side of the leg: a bought one receives, a sold one pays. */
  readonly side: Side;
  readonly lots: number;
  readonly lotSize: number;
  readonly price: number;
  readonly charges: Levies;
  /** Final index level, paise, and whether it is the official close or our estimate. */
  readonly level: number;
  readonly official: boolean;
}

/** The account watch acted, or a limit began to hold. */
export interface RmsActedRecord extends Stamp {
  readonly kind: 'rms-acted';
  readonly rule: string;
  readonly scope: string;
  readonly act: 'halt' | 'flatten' | 'release';
  readonly limit: number | null;
  readonly value: number | null;
  readonly reason: string;
}

/** The loss cap of the account, a segment or an agent: as it was set in the morning, or with what the day's worst loss left of it. Paise. */
export interface DayCapRecord extends Stamp {
  readonly kind: 'day-cap-set' | 'day-cap-left';
  readonly day: Day;
  readonly scope: string;
  readonly cap: number;
  readonly worst: number;
  readonly remaining: number;
}

/** Facts of one underlying on one day, for the report. Paise; null where unknown. */
export interface DayFactsRecord extends Stamp {
  readonly kind: 'day-facts';
  readonly day: Day;
  readonly underlying: Underlying;
  readonly open: number | null;
  readonly high: number | null;
  readonly low: number | null;
  readonly close: number | null;
  readonly previousClose: number | null;
  /** Rung of the underlying ladder with its minutes: index, parity, future. */
  readonly rungs: Readonly<Record<'index' | 'parity' | 'future' | 'none', number>>;
  /** India VIX close of the previous session x 100, or null. */
  readonly vix: number | null;
  /** Cells of the universe that had a candle, and cells in all. */
  readonly cells: number;
  readonly cellsPresent: number;
}

/** One agent's day, after the day's contract note. Money in paise unless it says fine paise. */
export interface DayClosedRecord extends Stamp {
  readonly kind: 'day-closed';
  readonly day: Day;
  readonly agent: AgentId;
  readonly gross: number;
  /** Sum of the day's order charges in fine paise (1/10,000 paisa). */
  readonly charges: Levies;
  readonly structures: number;
  readonly legs: number;
  readonly orders: number;
  readonly fills: number;
  readonly high: number;
  readonly low: number;
  readonly highAt: EpochMs | null;
  readonly lowAt: EpochMs | null;
}

/** The account's contract note of the day: each levy rounded to the paisa; trades + rounding = day. */
export interface ContractNoteRecord extends Stamp {
  readonly kind: 'contract-note';
  readonly day: Day;
  /** Each levy in fine paise, rounded to whole paise. */
  readonly note: Levies;
  /** Note less the sum of the orders' charges, fine paise. */
  readonly rounding: number;
}

export interface QuarantinedRecord extends Stamp {
  readonly kind: 'quarantined';
  readonly agent: AgentId;
  readonly reason: string;
}

export type JournalRecord =
  | SessionOpenedRecord
  | SessionClosedRecord
  | OperatorCommandedRecord
  | SignalRecord
  | NoteRecord
  | StructureOpenedRecord
  | VerdictRecord
  | OrderPlacedRecord
  | OrderStateRecord
  | OrderAskedRecord
  | OrderFilledRecord
  | LotsAddedRecord
  | GuardRecord
  | LegClosedRecord
  | LegHeldRecord
  | StructureClosedRecord
  | SettledRecord
  | RmsActedRecord
  | DayCapRecord
  | DayFactsRecord
  | DayClosedRecord
  | ContractNoteRecord
  | QuarantinedRecord;

type WithoutStamp<T> = T extends Stamp ? Omit<T, 'seq' | 'ts' | 'flow'> : never;

/** A record before the journal gave it its place and time. */
export type Unstamped = WithoutStamp<JournalRecord>;

/**
 * The canonical text of a record: JSON of its place, then of its fields in the order they were written. Records are made by literals with
 * one field order each, so equal records give equal bytes. A file adds a checksum to each.
 */
export function canonicalText(stamp: Stamp, record: Unstamped): string {
  return `${placeText(stamp)},${JSON.stringify(record).slice(1)}`;
}

/** The beginning of a record's canonical text, up to its first own field. */
export function placeText({ seq, ts, flow }: Stamp): string {
  return `{"seq":${seq},"ts":${ts},"flow":"${flow}"`;
}

/** A record with its place and time, to be kept. */
export function stamped({ seq, ts, flow }: Stamp, record: Unstamped): JournalRecord {
  return { seq, ts, flow, ...record } as JournalRecord;
}

/** Minutes of money, one row a minute and agent, kept as columns beside the journal. Rows rise by time, then agent. */
export interface MoneyMinutes {
  readonly agents: readonly AgentId[];
  /** Decision instant of the minute, epoch ms. */
  readonly ts: Float64Array;
  /** Index into `agents`. */
  readonly agent: Uint16Array;
  /** Gross profit since the run began, booked plus open, whole paise. */
  readonly gross: Float64Array;
  /** Charges since the run began, fine paise (1/10,000 paisa). */
  readonly charges: Float64Array;
  /** Lots open, long plus short. */
  readonly openLots: Int32Array;
}
