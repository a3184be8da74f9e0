import type { Underlying } from '../model/instrument.ts';
import type { AgentId, Order } from '../model/order.ts';
import type { Day, EpochMs } from '../model/time.ts';

/** Money of one agent today, whole paise; `net` is gross less charges, rounded down against us. */
export interface AgentMoney {
  readonly agent: AgentId;
  readonly segment: Underlying;
  /** Net of the day so far, booked plus open. */
  readonly net: number;
  /** Structures opened today. */
  readonly structuresToday: number;
  /** Structures that are not closed yet. */
  readonly structuresOpen: number;
  /** Sum of the planned losses of the open structures; undefined where one has no bound. */
  readonly plannedLossOpen: number | undefined;
}

/** What the RMS may know when it reviews or watches. */
export interface RiskView {
  readonly now: EpochMs;
  readonly day: Day;
  /** First open and last close of today's session. */
  readonly opensAt: EpochMs;
  readonly closesAt: EpochMs;
  readonly agents: readonly AgentMoney[];
}

/** A structure that an agent asks to enter: its orders and what it may lose at its guards plus slippage allowance (paise). */
export interface EntryRequest {
  readonly agent: AgentId;
  readonly orders: readonly Order[];
  readonly plannedLoss: number | undefined;
}

/** Answer to one order; a denial names its rule, and limit and value where the rule compares numbers. */
export type Verdict =
  | { readonly kind: 'approved' }
  | {
      readonly kind: 'denied';
      readonly rule: string;
      readonly limit: number | undefined;
      readonly value: number | undefined;
      readonly reason: string;
    };

/** What the account watch wants done. `scope` is an agent id, a segment, or `all`. */
export interface RiskAct {
  readonly rule: string;
  readonly scope: string;
  readonly act: 'halt' | 'flatten' | 'release';
  readonly limit: number | undefined;
  readonly value: number | undefined;
  readonly reason: string;
}
