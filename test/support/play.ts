import type { DayInputs } from '../../adapters/day-events.ts';
import { readReference } from '../../adapters/reference-files.ts';
import type { BacktestParts } from '../../cli/compose.ts';
import { composeBacktest } from '../../cli/compose.ts';
import type { Reference } from '../../datasets/reference.ts';
import { invariant } from '../../engine/assert.ts';
import type { JournalRecord, MoneyMinutes } from '../../engine/journal.ts';
import { canonicalText, stamped } from '../../engine/journal.ts';
import type { Kernel } from '../../engine/kernel.ts';
import type { AgentPlan } from '../../engine/kernel-parts.ts';
import { DEFAULT_KERNEL } from '../../engine/kernel-parts.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { InputEvent } from '../../engine/model/event.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import { exchangeOf } from '../../engine/model/instrument.ts';
import { lots } from '../../engine/model/units.ts';
import { DEFAULT_EXECUTION } from '../../engine/orders/execution-policy.ts';
import { defaultRmsSettings } from '../../engine/risk/rms-settings.ts';
import type { StrategyDefinition } from '../../engine/strategy.ts';
import { DEFAULT_FILLS } from '../../engine/venue/fill-model.ts';
import { DEFAULT_LATENCY } from '../../engine/venue/latency-model.ts';
import { dayEvents } from './day-events.ts';
import { apart } from './journal-fixtures.ts';

let reference: Reference | undefined;

/** The program's own dated tables, read once a test file. */
export function testReference(): Reference {
  reference ??= readReference();
  return reference;
}

/** What a played stretch of days left behind. */
export interface Played {
  readonly records: readonly JournalRecord[];
  readonly text: string;
  readonly money: MoneyMinutes;
  readonly kernel: Kernel;
}

export interface PlayOptions {
  readonly days: readonly DayCandles[];
  readonly agents: readonly AgentPlan[];
  /** Days before, on which the strategies only warm up. */
  readonly warmUp?: readonly DayCandles[];
  readonly parts?: Partial<BacktestParts>;
  /** Inputs handed over at once; a whole day where absent. */
  readonly batch?: number;
  /** Inputs to put among the day's own, by time. */
  readonly extra?: readonly InputEvent[];
  /** Final index levels of the days, paise; none where absent. */
  readonly officialCloses?: OfficialCloses;
  /** What stands for them where they are not known. */
  readonly estimatedCloses?: OfficialCloses;
}

type OfficialCloses = DayInputs['officialCloses'];

/** An agent of one lot with parameters read by its own schema. */
export function agentPlan<Params>(
  definition: StrategyDefinition<Params>,
  segment: Underlying,
  params: Record<string, unknown> = {},
): AgentPlan {
  return {
    definition: definition as StrategyDefinition<unknown>,
    params: definition.params.parse(params),
    segment,
    lots: lots(1),
    specialSessions: false,
  };
}

/** Plays whole days of candles through the real kernel, with the defaults of `sim backtest`. */
export function play({
  days,
  agents,
  warmUp = [],
  parts = {},
  batch,
  extra = [],
  officialCloses = [],
  estimatedCloses = [],
}: PlayOptions): Played {
  const { contracts, levies } = testReference();
  const records: JournalRecord[] = [];
  const kernel = composeBacktest({
    contracts,
    levies,
    agents,
    settings: { ...DEFAULT_KERNEL, execution: DEFAULT_EXECUTION },
    risk: defaultRmsSettings,
    fills: DEFAULT_FILLS,
    latency: DEFAULT_LATENCY,
    sink: { write: (stamp, record) => records.push(stamped(stamp, record)) },
    ...parts,
  });
  if (warmUp.length > 0) kernel.beginWarmUp();
  for (const candles of warmUp) feed(kernel, eventsOf(candles), batch);
  if (warmUp.length > 0) kernel.beginRun();
  for (const candles of days) feed(kernel, eventsOf(candles, extra, { officialCloses, estimatedCloses }), batch);
  return {
    records,
    text: records.map((record) => `${canonicalText(...apart(record))}\n`).join(''),
    money: kernel.money,
    kernel,
  };
}

/** The inputs of one day of candles by the calendar's hours. */
export function eventsOf(
  candles: DayCandles,
  extra: readonly InputEvent[] = [],
  closes: Pick<DayInputs, 'officialCloses' | 'estimatedCloses'> = { officialCloses: [] },
): InputEvent[] {
  const underlying = candles.instruments[0]?.underlying ?? 'NIFTY';
  const session = testReference().calendar.sessionOn(candles.day, exchangeOf(underlying));
  invariant(session !== undefined, `${candles.day} has no session`);
  const previous = testReference().calendar.previousSessions(candles.day, exchangeOf(underlying));
  const events = dayEvents({ session, candles, closeGraceMs: 1_000, facts: [], previous, ...closes });
  if (extra.length === 0) return events;
  const [from, to] = [events[0]?.ts ?? 0, events.at(-1)?.ts ?? 0];
  const among = extra.filter(({ ts }) => ts >= from && ts <= to);
  return [...events, ...among]
    .map((event, index) => ({ event, index }))
    .sort((a, b) => a.event.ts - b.event.ts || a.index - b.index)
    .map(({ event }) => event);
}

function feed(kernel: Kernel, events: readonly InputEvent[], batch = events.length): void {
  for (let at = 0; at < events.length; at += batch) kernel.play(events.slice(at, at + batch));
}
