import { StoreProblem } from '../adapters/candle-store.ts';
import { readReference } from '../adapters/reference-files.ts';
import type { Reference } from '../datasets/reference.ts';
import type { AgentPlan } from '../engine/kernel-parts.ts';
import { nameOf } from '../engine/kernel-parts.ts';
import type { AgentId } from '../engine/model/order.ts';
import type { Day } from '../engine/model/time.ts';
import { dayOf, epochMs, MINUTE_MS } from '../engine/model/time.ts';
import type { Standing, StandingLimits } from '../engine/risk/standing.ts';
import { redFlags } from '../engine/risk/standing.ts';
import { agentsOf, segmentsOf } from './agents.ts';
import type { BacktestJob } from './backtest.ts';
import { candleSource } from './candle-sources.ts';
import { warmUpThere } from './cold-start.ts';
import type { Config } from './config.ts';
import { dataNeeds } from './data-needs.ts';
import { refuseClosedWindow } from './entry-window.ts';
import { withNames } from './own-strategies/own-file.ts';
import type { OwnStrategies, OwnStrategy } from './own-strategies/own-strategies.ts';
import { rmsSettings } from './risk-settings.ts';
import type { RunDays } from './run-days.ts';
import { coveredDays, sessionDays } from './run-days.ts';
import type { PastRuns } from './standings.ts';
import { standingsOf } from './standings.ts';
import { strategyHash } from './strategy-hash.ts';
import { UserError } from './user-error.ts';
import { weeklyWarnings } from './weekly-options.ts';

/** A job without what the command adds to it. */
export type PreparedJob = Omit<
  BacktestJob,
  'clock' | 'onDay' | 'goesOn' | 'withReport' | 'withTrace' | 'calls' | 'onFolder'
>;

/** All that a run needs before its first event, every input checked. */
export async function prepareJob(parts: {
  readonly config: Config;
  /** Strategies of the person's own that the configuration names. */
  readonly own?: OwnStrategies | undefined;
  readonly from: Day;
  readonly to: Day;
  readonly clock: () => number;
  readonly notice: (sentence: string) => void;
}): Promise<{
  readonly job: PreparedJob;
  readonly assumptions: readonly string[];
}> {
  const { from, to, notice, own = new Map() } = parts;
  const agents = agentsOf(parts.config, own);
  const config = withNames(parts.config, own);
  const segments = segmentsOf(agents);
  const reference = readReference();
  const today = dayOf(epochMs(parts.clock()));
  const { days, skipped } = sessionDays({
    calendar: reference.calendar,
    segments,
    from,
    to,
    today,
    specialSessions: config.data.specialSessions,
  });
  const { interval, skipMissing } = config.data;
  const intervalMs = interval === undefined ? undefined : Number(interval.slice(0, -1)) * MINUTE_MS;
  const chosen = await candleSource({ config, reference, segments, days, intervalMs, notice });
  const { source, name } = chosen;
  const covered = coveredDays(source, { days, segments, intervalMs, skipMissing, store: name });
  refuseFineSeries(agents, covered.intervalMs);
  refuseClosedWindow(config, { calendar: reference.calendar, segments, days: covered.days });
  const warmUp = warmUpThere(source, {
    calendar: reference.calendar,
    agents,
    from: covered.days[0] ?? from,
    intervalMs: covered.intervalMs,
    store: name,
  });
  const played = [...warmUp.days, ...covered.days];
  await prepared(
    async () => await source.prepare({ intervalMs: covered.intervalMs, underlyings: segments, days: played }),
  );
  const { days: asked, intervalMs: base } = covered;
  const lacks = await dataNeeds({ source, agents, days: asked, intervalMs: base, store: name });
  const remarks = chosen.remarks?.({ intervalMs: covered.intervalMs, underlyings: segments, days: covered.days }) ?? [];
  const months = weeklyWarnings(agents, { contracts: reference.contracts, days: asked });
  for (const line of months) notice(line);
  const rules = warningsOf(config, to, reference);
  const standings = pastStandings(config, agents, {
    own: [...own.values()],
    dataKind: source.kind,
    before: covered.days[0] ?? from,
  });
  const flags = flagLines(standings, rmsSettings(config).standing);
  for (const line of flags) notice(line);
  const all = [...flags, ...chosen.warnings, ...warmUp.warnings, ...lacks, ...months, ...remarks, ...rules];
  return {
    job: {
      config,
      reference,
      source,
      agents,
      own: [...own.values()],
      days: { ...covered, skipped },
      warmUp,
      warnings: all,
      standings,
    },
    assumptions: assumptionLines(config, agents, { ...covered, store: name }),
  };
}

/** Larger candles are built from whole smaller ones. */
function refuseFineSeries(agents: readonly AgentPlan[], intervalMs: number): void {
  for (const { definition, params, segment } of agents) {
    const spans = (definition.universe(params, segment).series ?? []).map(({ span }) => span);
    const fine = spans.find((span) => typeof span === 'number' && span % intervalMs !== 0);
    if (fine === undefined) continue;
    const [asked, base] = [Number(fine), intervalMs].map((ms) => `${ms / MINUTE_MS}m`);
    throw new UserError(`${definition.name} needs candles of ${asked}, which cannot be made of candles of ${base}`);
  }
}

/** Past runs are looked at where the configuration asks for it, and before the first event. */
function pastStandings(
  config: Config,
  agents: readonly AgentPlan[],
  { own, dataKind, before }: Pick<PastRuns, 'dataKind' | 'before'> & { readonly own: readonly OwnStrategy[] },
): ReadonlyMap<AgentId, Standing> {
  if (config.risk.standing.read === 'none') return new Map();
  const hashed = agents.map((plan) => {
    const code = own.find(({ definition }) => definition.name === plan.definition.name)?.hash;
    return { plan, hash: strategyHash(plan, code) };
  });
  return standingsOf(hashed, { root: config.runs, mode: 'BACKTEST', dataKind, before });
}

function flagLines(standings: ReadonlyMap<AgentId, Standing>, limits: StandingLimits): readonly string[] {
  return [...standings].flatMap(([agent, standing]) =>
    redFlags(standing, limits).map(({ reason }) => `${agent} starts halted: ${reason}`),
  );
}

async function prepared(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof StoreProblem) throw new UserError(error.message, { cause: error });
    throw error;
  }
}

function warningsOf(config: Config, to: Day, reference: Reference): string[] {
  const { verifiedUntil } = reference.calendar;
  const warnings: string[] = [];
  if (config.costs.spreads === 'assumed')
    warnings.push(
      `half-spread is assumed by setting: the larger of 0.05 and ${config.costs.halfSpreadPct} % of premium`,
    );
  if (to > verifiedUntil) warnings.push(`unverified: market rules after ${verifiedUntil} are the last known ones`);
  const marginsUntil = reference.contracts.margins.verifiedUntil;
  if (config.risk.marginUseMax !== undefined && to > marginsUntil)
    warnings.push(`unverified: rates of margins after ${marginsUntil} are the last known ones`);
  const { flatPerLot } = config.costs;
  if (flatPerLot !== undefined)
    warnings.push(
      `charges are a flat Rs ${flatPerLot} a lot and order by setting, not the dated ones: no tax, duty or fee is in the result`,
    );
  const { read, drawdownMax, lossesInARowMax, filledPctMin } = config.risk.standing;
  if (read === 'none' && (drawdownMax ?? lossesInARowMax ?? filledPctMin) !== undefined)
    warnings.push('limits of risk.standing are set, but no past run is read: that takes risk.standing.read runs');
  if (config.costs.slippageTicks === 0) warnings.push('slippage is set to nothing');
  if (!config.execution.disasterStop) warnings.push('short legs stand without a resting stop');
  return warnings;
}

function assumptionLines(
  config: Config,
  agents: readonly AgentPlan[],
  covered: Pick<RunDays, 'days' | 'missing' | 'intervalMs'> & { readonly store: string },
): string[] {
  const traded = agents.map((agent) => `${nameOf(agent)} on ${agent.segment}, ${plural(agent.lots, 'lot')} a leg`);
  const count = (days: readonly Day[]): string => plural(days.length, 'day');
  const lines = [
    `${traded.join('; ')}; capital Rs ${config.account.capital}`,
    `${count(covered.days)} in candles of ${covered.intervalMs / MINUTE_MS}m from ${covered.store}`,
  ];
  if (covered.missing.length > 0) lines.push(`left out, without candles: ${count(covered.missing)}`);
  return lines;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
