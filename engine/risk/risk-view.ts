import type { Underlying } from '../model/instrument.ts';
import type { AgentId, Order } from '../model/order.ts';
import type { Day, EpochMs } from '../model/time.ts';

export type { EntryRequest, Verdict } from '../model/verdict.ts';

/** Money of one agent today, whole paise; `net` is gross less charges, rounded down against us. */
export interface AgentMoney {
  readonly agent: AgentId;
  readonly segment: Underlying;
  /** Net of the day so far, booked plus open. */
  readonly net: number;
  /** Structures opened today, before the one under review. */
  readonly structuresToday: number;
  /** Structures that are not closed yet. */
  readonly structuresOpen: number;
  /** Sum of the planned losses of the open structures; undefined where one has no bound. */
  readonly plannedLossOpen: number | undefined;
}

/** What the dated tables say of one contract today; undefined where they say nothing, and then nothing is compared. */
export interface ContractLimits {
  /** Units of the underlying in a lot. */
  readonly lotSize: number | undefined;
  /** Lots that the freeze quantity leaves one order. */
  readonly lotsPerOrderMax: number | undefined;
}

/** What the RMS may know when it reviews or watches. */
export interface RiskView {
  readonly now: EpochMs;
  readonly day: Day;
  /** First open and last close of today's session. */
  readonly opensAt: EpochMs;
  readonly closesAt: EpochMs;
  /** Today's windows of trading, in order; between two of them nobody enters. */
  readonly windows: readonly { readonly open: EpochMs; readonly close: EpochMs }[];
  /** Every agent of the run, in the same order all day. */
  readonly agents: readonly AgentMoney[];
  readonly limitsOf: (order: Order) => ContractLimits;
}

/** What the account watch wants done. `scope` is an agent id, a segment, or `all`. */
export interface RiskAct {
  readonly rule: string;
  readonly scope: string;
  readonly act: 'halt' | 'flatten' | 'release';
  readonly limit: number | undefined;
  readonly value: number | undefined;
  readonly reason: string;
}
