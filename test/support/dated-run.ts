/** Plays years of dated synthetic sessions with every strategy of the program and hands each month over to be checked. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { allOf } from '../../adapters/candle-archive-types.ts';
import { dayBatches } from '../../adapters/day-events.ts';
import { SyntheticArchive } from '../../adapters/synthetic-archive.ts';
import { composeBacktest } from '../../cli/compose.ts';
import { invariant } from '../../engine/assert.ts';
import type { JournalRecord } from '../../engine/journal.ts';
import { stamped } from '../../engine/journal.ts';
import type { Kernel } from '../../engine/kernel.ts';
import { DEFAULT_KERNEL } from '../../engine/kernel-parts.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import { exchangeOf } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import { MINUTE_MS } from '../../engine/model/time.ts';
import { DEFAULT_EXECUTION } from '../../engine/orders/execution-policy.ts';
import { defaultRmsSettings } from '../../engine/risk/rms-settings.ts';
import { DEFAULT_FILLS } from '../../engine/venue/fill-model.ts';
import { DEFAULT_LATENCY } from '../../engine/venue/latency-model.ts';
import { STRATEGIES } from '../../strategies/index.ts';
import { agentPlan, testReference } from './play.ts';
import { syntheticMarket } from './synthetic-day.ts';

/** Sessions before the first day, enough for the longest warm-up of a strategy. */
const WARM_UP_DAYS = 15;

export interface DatedRun {
  readonly segment: Underlying;
  readonly seed: number;
  readonly from: Day;
  readonly to: Day;
}

/** Some sessions in a row with what was journaled of them and, at their end, the whole run's money. */
export interface PlayedMonth {
  readonly days: readonly DayCandles[];
  readonly records: readonly JournalRecord[];
  readonly kernel: Kernel;
  /** Bytes in use on the heap once everything that nobody holds is gone. */
  readonly heap: number;
}

export function* playMonths(run: DatedRun): Generator<PlayedMonth> {
  const { calendar, contracts, levies } = testReference();
  const archive = new SyntheticArchive([syntheticMarket(run.segment, run.seed)]);
  const sessions = calendar.tradingDays(run.from, run.to, { sessions: 'ordinary' });
  let records: JournalRecord[] = [];
  let days: DayCandles[] = [];
  const kernel = composeBacktest({
    contracts,
    levies,
    agents: [...STRATEGIES.values()].map((definition) =>
      agentPlan(definition, run.segment, paramsOf(definition.name, run)),
    ),
    settings: { ...DEFAULT_KERNEL, execution: DEFAULT_EXECUTION },
    risk: defaultRmsSettings,
    fills: DEFAULT_FILLS,
    latency: DEFAULT_LATENCY,
    sink: { write: (stamp, record) => records.push(stamped(stamp, record)) },
  });
  kernel.beginWarmUp();
  for (const [index, on] of sessions.entries()) {
    if (index === WARM_UP_DAYS) kernel.beginRun();
    const candles = archive.readDay({ day: on, intervalMs: MINUTE_MS, wanted: [allOf(run.segment)] });
    const session = calendar.sessionOn(on, exchangeOf(run.segment));
    invariant(session !== undefined, `${on} has no session`);
    const inputs = { session, candles, closeGraceMs: 1_000, facts: [], officialCloses: [] };
    for (const batch of dayBatches(inputs)) kernel.play(batch);
    if (index < WARM_UP_DAYS) continue;
    days.push(candles);
    const next = sessions[index + 1];
    if (next?.slice(0, 7) === on.slice(0, 7)) continue;
    const month = { days, records, kernel };
    [days, records] = [[], []];
    yield { ...month, heap: heapNow() };
  }
}

/** Every session ends flat, so that each month can be checked by itself: what may hold overnight is asked to leave in time. */
function paramsOf(strategy: string, { segment }: DatedRun): Record<string, unknown> {
  if (strategy === 'ema-trend') return { mode: 'intraday' };
  if (strategy !== 'weekly-signals') return {};
  return { exitMode: 'intraday1515', strikeRule: segment === 'NIFTY' ? 'dir50' : 'near100' };
}

function heapNow(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
