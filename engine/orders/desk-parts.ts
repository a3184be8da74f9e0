import type { Unstamped } from '../journal.ts';
import type { OrderEvent } from '../model/event.ts';
import type { Instrument } from '../model/instrument.ts';
import type { AgentId, ApprovedOrder, ExitReason, Order, OrderId, Terms } from '../model/order.ts';
import type { EpochMs } from '../model/time.ts';
import type { Lots, Side } from '../model/units.ts';
import type { EntryRequest, Verdict } from '../model/verdict.ts';
import type { ExecutionClient, OrderChange } from '../ports.ts';
import type { EntryExecution } from '../strategy.ts';
import type { ExecutionSettings, PriceBand } from './execution-policy.ts';
import type { GuardSpec } from './guards.ts';
import type { TrackedOrder } from './order-store.ts';
import type { Leg, Structure } from './structure.ts';

/** One leg of what a strategy wants to enter. */
export interface LegWish {
  readonly tag: string;
  readonly instrument: Instrument;
  readonly side: Side;
  readonly lots: Lots;
  /** Default: MARKET. */
  readonly terms?: Terms;
}

/** What a strategy wants to enter as one thing. */
export interface StructureWish {
  readonly name: string;
  readonly legs: readonly LegWish[];
  readonly guards?: readonly GuardSpec[];
  /** When it is closed whatever happens; the kernel takes the earlier of this and ten minutes before the last window ends. */
  readonly squareOffAt?: EpochMs;
  readonly reason: string;
  readonly reentry?: number;
  /** How its legs without terms go in; default: the desk's own policy. */
  readonly execution?: EntryExecution | undefined;
}

/** Lots that a strategy wants to add to an open leg; `plannedLoss` is what they alone may lose, paise. */
export interface AdditionWish {
  readonly lots: Lots;
  readonly reason: string;
  readonly plannedLoss: number | undefined;
}

/** Requests that bring legs out, gathered so that they leave together. */
export interface Outbound {
  readonly changes: OrderChange[];
  readonly orders: ApprovedOrder[];
  readonly cancels: OrderId[];
  /** Stops of hedges, which are taken back until the shorts are out. */
  readonly stops: OrderId[];
}

/** Work that the desk put off. */
export type DeskTask =
  | { readonly kind: 'chase'; readonly leg: Leg }
  | { readonly kind: 'protect'; readonly leg: Leg }
  | { readonly kind: 'square-off'; readonly structure: Structure }
  /** Shorts still wait for their hedges. */
  | { readonly kind: 'basket'; readonly structure: Structure; readonly waitMs: number }
  /** Hedges still wait for their shorts to be out. */
  | { readonly kind: 'exit-wait'; readonly structure: Structure }
  /** A refused entry is sent again. */
  | { readonly kind: 'retry'; readonly refused: TrackedOrder }
  /** An entry whose cancel was refused is asked back again. */
  | { readonly kind: 'cancel'; readonly order: OrderId }
  /** From now on nothing is entered today. */
  | { readonly kind: 'entries-end'; readonly reason: string }
  | { readonly kind: 'flush' };

/** What the desk needs of the house around it. */
export interface DeskParts {
  readonly settings: ExecutionSettings;
  readonly now: () => EpochMs;
  readonly record: (record: Unstamped) => void;
  readonly client: ExecutionClient;
  readonly review: (request: EntryRequest) => readonly Verdict[];
  readonly reviewExit: (order: Order) => Verdict;
  /** Only the RMS makes orders that may be submitted. */
  readonly approve: (order: Order, verdict: Verdict) => ApprovedOrder;
  /** Present price of a slot, possibly between paise. */
  readonly price: (slot: number) => number | undefined;
  /** Close of the last minute of a slot that is known. */
  readonly closeOf: (slot: number) => number | undefined;
  readonly spotOf: (structure: Structure) => number | undefined;
  /** Whether the last level of the underlying came from another rung than its index candle. */
  readonly spotIsEstimate: (structure: Structure) => boolean;
  readonly indexSlotOf: (structure: Structure) => number | undefined;
  readonly slotOf: (instrument: Instrument) => number | undefined;
  readonly watch: (slot: number) => void;
  readonly unwatch: (slot: number) => void;
  /** Says of an order that never left the house what a venue would say. */
  readonly tell: (event: OrderEvent) => void;
  readonly later: (ts: EpochMs, task: DeskTask) => void;
  readonly marketIsOpen: () => boolean;
  /** Now where the market trades, else its next open; undefined after the last window of the day. */
  readonly marketOpensAt: () => EpochMs | undefined;
  /** Lots that one order of a contract may have today. */
  readonly lotsPerOrderMax: (order: { readonly instrument: Instrument; readonly lotSize: number }) => number;
  readonly bandOf: (instrument: Instrument, price: number) => PriceBand | undefined;
  /** Whether a market order of today is a protected limit, whose rest must be chased. */
  readonly marketIsProtected: () => boolean;
  /** An agent must not enter any more: the venue refuses what would protect it. */
  readonly halt: (agent: AgentId, cause: { readonly limit: number; readonly reason: string }) => void;
  readonly onLegClosed: (leg: Leg, reason: ExitReason) => void;
  readonly onStructureClosed: (structure: Structure, reason: ExitReason) => void;
}

/** What an agent is told of an entry: the structure, or why there is none. */
export type EntryOutcome =
  | { readonly kind: 'entered'; readonly structure: Structure }
  | { readonly kind: 'refused'; readonly reason: string };
