import type { Contract, Underlying } from '../model/instrument.ts';
import type { MarginRates } from '../model/margin-rates.ts';
import type { AgentId, Order } from '../model/order.ts';
import type { Day, EpochMs } from '../model/time.ts';
import type { Right } from '../model/units.ts';
import type { AgentRisk } from './money-limits.ts';

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
  /** What its strategy and its configuration limit, the tighter of the two. */
  readonly limits: AgentRisk;
  /** Whether it holds nothing. */
  readonly isFlat: boolean;
  /** Whether it holds something, or something is on its way that does not merely rest. */
  readonly isEngaged: boolean;
  /** R that its structures which are not closed have made today. */
  readonly rOpen: number;
  /** Structures that are not closed and whose first leg is of a right. */
  structuresOpenOf(right: Right): number;
  /** Structures that are not closed and bear a name. */
  structuresOpenNamed(name: string): number;
}

/** A structure that held something and is flat again: its net (whole paise, rounded down) and the R that it made today. */
export interface ClosedResult {
  readonly agent: AgentId;
  readonly net: number;
  readonly r: number;
}

/** What the dated tables say of one contract today; undefined where they say nothing, and then nothing is compared. */
export interface ContractLimits {
  /** Units of the underlying in a lot. */
  readonly lotSize: number | undefined;
  /** Lots that the freeze quantity leaves one order. */
  readonly lotsPerOrderMax: number | undefined;
}

/** One leg of an open structure: what it holds and what its entries may still fill. */
export interface HeldLeg {
  readonly instrument: Contract;
  /** Units of the underlying, sold ones below 0. */
  readonly units: number;
  /** Present price, paise a unit; undefined where none was seen. */
  readonly mark: number | undefined;
}

/** What the margin of the account is estimated from; worked out when it is read, so it costs nothing where no rule limits margin. */
export interface MarginView {
  readonly rates: MarginRates;
  /** Net of the account since the run began, booked plus open, whole paise rounded down. */
  readonly netOfRun: number;
  /** Legs of all agents. */
  readonly legs: readonly HeldLeg[];
  /** Level in paise; undefined before the first one of the day. */
  readonly spotOf: (underlying: Underlying) => number | undefined;
  /** Volatility of a year as a fraction; undefined where none is known. */
  readonly volatilityOf: (underlying: Underlying) => number | undefined;
  readonly yearsTo: (contract: Contract) => number;
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
  readonly margin: MarginView;
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

/** The loss cap of one scope today, and what the worst loss so far leaves of it, paise. */
export interface DayCap {
  readonly scope: string;
  readonly cap: number;
  readonly worst: number;
  readonly remaining: number;
}
