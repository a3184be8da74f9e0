import { StoreProblem } from '../adapters/candle-store.ts';
import { readReference } from '../adapters/reference-files.ts';
import type { Day } from '../engine/model/time.ts';
import { dayOf, epochMs } from '../engine/model/time.ts';
import { agentsOf, segmentsOf } from './agents.ts';
import type { BacktestJob } from './backtest.ts';
import { candleSource } from './candle-sources.ts';
import type { Config } from './config.ts';
import { coveredDays, sessionDays } from './run-days.ts';
import { UserError } from './user-error.ts';

/** All that a run needs before its first event, every input checked. */
export async function prepareJob(parts: {
  readonly config: Config;
  readonly from: Day;
  readonly to: Day;
  readonly clock: () => number;
  readonly notice: (sentence: string) => void;
}): Promise<{
  readonly job: Omit<BacktestJob, 'clock' | 'onDay' | 'withReport'>;
  readonly assumptions: readonly string[];
}> {
  const { config, from, to, notice } = parts;
  const agents = agentsOf(config);
  const segments = segmentsOf(agents);
  const reference = readReference();
  const today = dayOf(epochMs(parts.clock()));
  const { days, skipped } = sessionDays({
    calendar: reference.calendar,
    segments,
    from,
    to,
    today,
    specialSessions: config.specialSessions,
  });
  const { source, name, warnings } = await candleSource({ config, reference, segments, notice });
  const intervalMs = config.interval === undefined ? undefined : Number(config.interval.slice(0, -1)) * 60_000;
  const covered = coveredDays(source, { days, segments, intervalMs, skipMissing: config.skipMissing, store: name });
  await prepared(
    async () => await source.prepare({ intervalMs: covered.intervalMs, underlyings: segments, days: covered.days }),
  );
  const all = [...warnings, ...warningsOf(config, to, reference.calendar.verifiedUntil)];
  return {
    job: { config, reference, source, agents, days: { ...covered, skipped }, warnings: all },
    assumptions: assumptionLines(config, segments, name, covered.intervalMs),
  };
}

async function prepared(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof StoreProblem) throw new UserError(error.message, { cause: error });
    throw error;
  }
}

function warningsOf(config: Config, to: Day, verifiedUntil: Day): string[] {
  const warnings = [
    `half-spread is assumed: the larger of 0.05 and ${config.fills.halfSpreadPct} % of premium, no measured cell exists`,
  ];
  if (to > verifiedUntil) warnings.push(`unverified: market rules after ${verifiedUntil} are the last known ones`);
  if (config.fills.slippageTicks === 0) warnings.push('slippage is set to nothing');
  if (!config.execution.disasterStop) warnings.push('short legs stand without a resting stop');
  return warnings;
}

function assumptionLines(config: Config, segments: readonly string[], store: string, intervalMs: number): string[] {
  const names = config.strategies?.map(({ name }) => name).join(', ') ?? config.strategy;
  return [
    `strategy ${names} on ${segments.join(', ')}, ${config.lots} lot a leg, capital Rs ${config.capital}`,
    `candles of ${intervalMs / 60_000}m from ${store}`,
  ];
}
