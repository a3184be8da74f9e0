import type { Clock } from './clock.ts';
import type { EventQueue } from './event-queue.ts';
import type { CandlePath } from './market/candle-path.ts';
import type { ContractFacts } from './market/contract-book.ts';
import type { LevelBook } from './market/level-book.ts';
import type { Underlying } from './model/instrument.ts';
import type { AgentId, ApprovedOrder, Order } from './model/order.ts';
import type { EpochMs, IstTime } from './model/time.ts';
import type { Lots } from './model/units.ts';
import type { ExecutionSettings } from './orders/execution-policy.ts';
import type { ExecutionClient, JournalSink, TraceSink } from './ports.ts';
import type { CommandAnswer } from './risk/halts.ts';
import type { AgentRisk } from './risk/money-limits.ts';
import type { ClosedResult, DayCap, EntryRequest, RiskAct, RiskView, Verdict } from './risk/risk-view.ts';
import type { StrategyDefinition } from './strategy.ts';
import type { Charging } from './venue/charges.ts';
import type { SimulatedVenue } from './venue/simulated-venue.ts';

/** The review before submission and the watch over the account, as the kernel meets it. */
export interface RiskGate {
  /** Until `beginRun` books are paper that is thrown away. */
  beginWarmUp(): void;
  /** Forgets what a warm-up led to. */
  beginRun(): void;
  openDay(view: RiskView): readonly RiskAct[];
  review(request: EntryRequest, view: RiskView): readonly Verdict[];
  /** Always lets through what can only bring own lots nearer to zero. */
  reviewExit(order: Order): Verdict;
  /** Makes the order that may be submitted; it throws for a denied one. */
  approve(order: Order, verdict: Verdict): ApprovedOrder;
  /** From when on the clock lets no entry in today, and why. */
  entriesEnd(view: RiskView): { readonly at: EpochMs; readonly reason: string };
  /** Whether a mark between closes of a minute can make it act. */
  readonly watchesMarks: boolean;
  onMarks(view: RiskView, moment: { readonly kind: 'quote' | 'minute' }): readonly RiskAct[];
  /** A structure that held something is flat again. */
  noteClosed(result: ClosedResult): void;
  /** What closed structures led to since it was asked last. */
  takeActs(): readonly RiskAct[];
  /** Something ended in the step that is over, and whatever its agents asked for in answer is on its way. */
  endCycles(view: RiskView): void;
  /** The loss caps of the day as they stand; none where nothing is capped. */
  readonly caps: readonly DayCap[];
  /** Halts one agent for the rest of the day for a cause that the desk found. */
  haltAgent(agent: AgentId, cause: { readonly limit: number; readonly reason: string }): readonly RiskAct[];
  command(command: 'halt' | 'resume' | 'flatten' | 'exit-positions', scope: string): CommandAnswer;
}

/** Which strategy trades which segment. */
export interface AgentPlan {
  readonly definition: StrategyDefinition<unknown>;
  /** Tells two agents of one strategy on one segment apart; the strategy's name where absent. */
  readonly name?: string | undefined;
  readonly params: unknown;
  readonly segment: Underlying;
  readonly lots: Lots;
  /** What the configuration limits beside the strategy's own rules, and how it sizes. */
  readonly limits?: AgentRisk | undefined;
  readonly specialSessions: boolean;
}

/** What journal and reports call an agent on whatever segment. */
export function nameOf({ name, definition }: Pick<AgentPlan, 'name' | 'definition'>): string {
  return name ?? definition.name;
}

/** Under which an agent keeps its books; no two of an account are alike. */
export function idOf(plan: Pick<AgentPlan, 'name' | 'definition' | 'segment'>): AgentId {
  return `${nameOf(plan)}/${plan.segment}` as AgentId;
}

export interface KernelSettings {
  /** From a boundary to the decision that sees it, ms; the same in every mode. */
  readonly closeGraceMs: number;
  /** A price older than this is no evidence, ms, on candles. */
  readonly freshMs: number;
  /** Carry of the near future, a fraction a year, where the underlying has no better rung. */
  readonly carryPerYear: number;
  /** Positions are squared off this long before the last window ends, ms. */
  readonly squareOffBeforeEndMs: number;
  /** Clock time at which every structure is closed, whatever its own time; undefined where each keeps its own. */
  readonly squareOffAt: IstTime | undefined;
  readonly execution: ExecutionSettings;
}

/** What the kernel is made of; two parts differ by mode: who feeds it and who takes its orders. */
export interface KernelParts {
  readonly clock: Clock;
  readonly queue: EventQueue;
  readonly levels: LevelBook;
  readonly contracts: ContractFacts;
  readonly charges: Charging;
  /** Absent where nobody keeps the records. */
  readonly sink: JournalSink | undefined;
  /** Absent where nobody keeps a trace. */
  readonly trace?: TraceSink | undefined;
  readonly risk: RiskGate;
  readonly client: ExecutionClient;
  /** Present where the market is played from candles. */
  readonly path: CandlePath | undefined;
  /** Present where the client is simulated. */
  readonly venue: SimulatedVenue | undefined;
  readonly settings: KernelSettings;
  readonly agents: readonly AgentPlan[];
}

export const DEFAULT_KERNEL: Omit<KernelSettings, 'execution'> = {
  closeGraceMs: 1_000,
  freshMs: 120_000,
  carryPerYear: 0.065,
  squareOffBeforeEndMs: 600_000,
  squareOffAt: undefined,
};
