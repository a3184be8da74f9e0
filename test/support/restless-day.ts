/** A short day of restless agents on a venue that refuses, fills in parts and answers late, with an operator who halts. */
import { composeBacktest } from '../../cli/compose.ts';
import { invariant } from '../../engine/assert.ts';
import type { JournalRecord } from '../../engine/journal.ts';
import { stamped } from '../../engine/journal.ts';
import type { Kernel } from '../../engine/kernel.ts';
import { DEFAULT_KERNEL } from '../../engine/kernel-parts.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { InputEvent } from '../../engine/model/event.ts';
import { epochMs, MINUTE_MS } from '../../engine/model/time.ts';
import type { ExecutionSettings } from '../../engine/orders/execution-policy.ts';
import { DEFAULT_EXECUTION } from '../../engine/orders/execution-policy.ts';
import { streamOf } from '../../engine/prng.ts';
import type { RmsSettings } from '../../engine/risk/rms-settings.ts';
import { defaultRmsSettings } from '../../engine/risk/rms-settings.ts';
import type { FaultPlan } from '../../engine/venue/fault-plan.ts';
import { DEFAULT_FILLS } from '../../engine/venue/fill-model.ts';
import { DEFAULT_LATENCY } from '../../engine/venue/latency-model.ts';
import { testReference } from './play.ts';
import type { MarketShape } from './random-market.ts';
import { randomDay } from './random-market.ts';
import { restless } from './restless.ts';
import { shortSession } from './short-day.ts';

export interface RestlessDay {
  readonly shape: MarketShape;
  readonly agents: number;
  readonly execution: Partial<ExecutionSettings>;
  readonly risk: Partial<RmsSettings>;
  /** Of a hundred requests the venue treats so many badly. */
  readonly faultPct: number;
  /** Minute at which the account is halted, for ten minutes; never where absent. */
  readonly haltAt?: number | undefined;
}

export interface PlayedDay {
  readonly records: readonly JournalRecord[];
  readonly day: DayCandles;
  readonly kernel: Kernel;
}

export function playRestless({ shape, agents, execution, risk, faultPct, haltAt }: RestlessDay): PlayedDay {
  const { contracts, levies } = testReference();
  const records: JournalRecord[] = [];
  const day = randomDay(shape);
  const kernel = composeBacktest({
    contracts,
    levies,
    agents: Array.from({ length: agents }, (_, index) =>
      restless(shape.seed + index, `agent-${index}`, shape.underlying),
    ),
    settings: { ...DEFAULT_KERNEL, execution: { ...DEFAULT_EXECUTION, ...execution } },
    risk: { ...defaultRmsSettings, ...risk },
    fills: DEFAULT_FILLS,
    latency: DEFAULT_LATENCY,
    faults: faultsOf(shape.seed, faultPct),
    sink: { write: (stamp, record) => records.push(stamped(stamp, record)) },
  });
  kernel.play(withHalt(shortSession(day), haltAt));
  return { records, day, kernel };
}

/** The same request of the same run is always treated alike. */
function faultsOf(seed: number, faultPct: number): FaultPlan {
  return ({ kind, order, count }) => {
    const chance = streamOf(seed, `fault ${order.id} ${count}`);
    if (chance() * 100 >= faultPct) return undefined;
    const draw = chance();
    if (draw < 0.25) return { refusal: 'the exchange did not answer' };
    if (draw < 0.35) return { refusal: kind === 'new' ? 'insufficient margin' : 'busy' };
    if (draw < 0.7) return { lotsPerFill: 1 + Math.floor(chance() * 3) };
    return { answersLaterMs: Math.floor(chance() * 4_000) };
  };
}

function withHalt(events: readonly InputEvent[], haltAt: number | undefined): readonly InputEvent[] {
  const [first] = events;
  invariant(first !== undefined, 'a day has inputs');
  if (haltAt === undefined) return events;
  const words = (['halt', 'resume'] as const).map((command, index): InputEvent => {
    const ts = epochMs(first.ts + (haltAt + 10 * index) * MINUTE_MS + 31_000);
    return { kind: 'operator-commanded', ts, command, scope: 'all', by: 'test' };
  });
  return [...events, ...words]
    .map((event, index) => ({ event, index }))
    .sort((a, b) => a.event.ts - b.event.ts || a.index - b.index)
    .map(({ event }) => event);
}
