import type { SpreadReference } from '../datasets/reference-spreads.ts';
import { Clock } from '../engine/clock.ts';
import { EventQueue } from '../engine/event-queue.ts';
import { Kernel } from '../engine/kernel.ts';
import type { AgentPlan, KernelSettings } from '../engine/kernel-parts.ts';
import { CandlePath } from '../engine/market/candle-path.ts';
import type { ContractBook } from '../engine/market/contract-book.ts';
import { LevelBook } from '../engine/market/level-book.ts';
import type { LevyTables } from '../engine/model/levies.ts';
import type { AgentId, EvidenceGrade } from '../engine/model/order.ts';
import type { Paise } from '../engine/model/units.ts';
import type { JournalSink, TraceSink } from '../engine/ports.ts';
import { Rms } from '../engine/risk/rms.ts';
import type { RmsSettings } from '../engine/risk/rms-settings.ts';
import type { Standing } from '../engine/risk/standing.ts';
import { ChargesModel } from '../engine/venue/charges.ts';
import type { FaultPlan } from '../engine/venue/fault-plan.ts';
import type { FillModelSettings } from '../engine/venue/fill-model.ts';
import { CandleFillModel } from '../engine/venue/fill-model.ts';
import { FlatCharges } from '../engine/venue/flat-charges.ts';
import type { LatencyModel } from '../engine/venue/latency-model.ts';
import { SimulatedVenue } from '../engine/venue/simulated-venue.ts';
import { SpreadTable } from '../engine/venue/spread-table.ts';

export interface BacktestParts {
  readonly contracts: ContractBook;
  readonly levies: LevyTables;
  /** A sum for each lot of an executed order that stands in place of the levies. */
  readonly flatPerLot?: Paise | undefined;
  readonly agents: readonly AgentPlan[];
  readonly settings: KernelSettings;
  readonly risk: RmsSettings;
  /** What the strategies of agents came to in past runs; none where nobody looked. */
  readonly standings?: ReadonlyMap<AgentId, Standing> | undefined;
  readonly fills: FillModelSettings;
  /** Measured half-spreads; without them every fill pays the assumed one. */
  readonly spreads?: SpreadReference | undefined;
  readonly latency: LatencyModel;
  /** The grade of every fill where prices are not trades. */
  readonly evidence?: EvidenceGrade | undefined;
  /** What the venue does wrong, for tests; a sound venue where absent. */
  readonly faults?: FaultPlan | undefined;
  readonly sink: JournalSink | undefined;
  readonly trace?: TraceSink | undefined;
}

/** A kernel whose market is played from candles and whose venue is simulated. */
export function composeBacktest(parts: BacktestParts): Kernel {
  const clock = new Clock();
  const queue = new EventQueue();
  const levels = new LevelBook();
  const path = new CandlePath(levels);
  const spreads = parts.spreads === undefined ? undefined : new SpreadTable(parts.spreads.table);
  const fills = new CandleFillModel(parts.fills, spreads);
  const venue = new SimulatedVenue({
    clock,
    queue,
    market: path,
    levels,
    fills,
    latency: parts.latency,
    evidence: parts.evidence,
    faults: parts.faults,
  });
  return new Kernel({
    clock,
    queue,
    levels,
    contracts: parts.contracts,
    charges: parts.flatPerLot === undefined ? new ChargesModel(parts.levies) : new FlatCharges(parts.flatPerLot),
    sink: parts.sink,
    trace: parts.trace,
    risk: new Rms({ settings: parts.risk, standings: parts.standings }),
    client: venue,
    path,
    venue,
    settings: parts.settings,
    agents: parts.agents,
  });
}
