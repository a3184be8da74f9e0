import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import type { Wanted } from '../adapters/candle-archive-types.ts';
import type { CandleSource } from '../adapters/candle-source.ts';
import { dayBatches, inputsOfDay } from '../adapters/day-events.ts';
import type { FileCalls } from '../adapters/file-calls.ts';
import { DISK } from '../adapters/file-calls.ts';
import { JournalFile } from '../adapters/journal-file.ts';
import { writeMoney } from '../adapters/money-file.ts';
import { PriceFile, readPrices } from '../adapters/price-file.ts';
import { RunFolder } from '../adapters/run-folder.ts';
import { TraceFile } from '../adapters/trace-file.ts';
import type { Reference } from '../datasets/reference.ts';
import type { SpreadReference } from '../datasets/reference-spreads.ts';
import { invariant } from '../engine/assert.ts';
import type { JournalRecord } from '../engine/journal.ts';
import { stamped } from '../engine/journal.ts';
import type { Kernel } from '../engine/kernel.ts';
import type { AgentPlan } from '../engine/kernel-parts.ts';
import { idOf, nameOf } from '../engine/kernel-parts.ts';
import type { FinalLevel, OpeningFacts } from '../engine/model/event.ts';
import type { Instrument, OptionContract, Underlying } from '../engine/model/instrument.ts';
import { exchangeOf } from '../engine/model/instrument.ts';
import type { AgentId } from '../engine/model/order.ts';
import type { Day, EpochMs } from '../engine/model/time.ts';
import { epochMs } from '../engine/model/time.ts';
import type { Standing } from '../engine/risk/standing.ts';
import type { RunCard, SessionCard } from '../reports/passport.ts';
import { passportText, sealPassport, sortedJson } from '../reports/passport.ts';
import type { FileHashes, Summary } from '../reports/report.ts';
import { buildSummary, resultCard, wholeReport } from '../reports/report.ts';
import { isToldInSummary } from '../reports/run-records.ts';
import { segmentsOf } from './agents.ts';
import { composeBacktest } from './compose.ts';
import type { Config } from './config.ts';
import { readsFuture } from './data-needs.ts';
import { engineParts } from './engine-settings.ts';
import { Interrupted } from './interrupted.ts';
import { modelCards } from './models.ts';
import type { OwnStrategy } from './own-strategies/own-strategies.ts';
import { PriceRecord } from './price-record.ts';
import type { RunDays } from './run-days.ts';
import { putResults, RUN_FILES } from './run-results.ts';
import { spreadUse, spreadWarning } from './spread-use.ts';
import { strategyHash } from './strategy-hash.ts';
import { UserError } from './user-error.ts';
import { VERSION } from './version.ts';
import type { WarmUp } from './warm-up.ts';

export interface BacktestJob {
  readonly config: Config;
  readonly reference: Reference;
  readonly source: CandleSource;
  readonly agents: readonly AgentPlan[];
  /** Those of the strategies that are the person's own. */
  readonly own: readonly OwnStrategy[];
  readonly days: RunDays;
  /** Sessions before the first day that only warm the strategies up. */
  readonly warmUp: WarmUp;
  readonly warnings: readonly string[];
  /** What the strategies of agents came to in past runs; empty where nobody looked. */
  readonly standings: ReadonlyMap<AgentId, Standing>;
  /** Wall clock of the machine, milliseconds. */
  readonly clock: () => number;
  /** Told after each day; a false answer ends the run. */
  readonly onDay: (progress: DayProgress) => Promise<'go on' | 'stop'>;
  /** Asked between steps that tell nothing, such as a warm-up or the writing of results; a false answer ends the run. */
  readonly goesOn?: () => Promise<boolean>;
  readonly withReport: boolean;
  /** Whether what decisions were made from is written beside the journal. */
  readonly withTrace?: boolean | undefined;
  readonly calls?: FileCalls;
  /** Told where the unfinished run is being written. */
  readonly onFolder?: (path: string) => void;
}

export interface DayProgress {
  readonly day: Day;
  readonly done: number;
  readonly of: number;
  readonly structures: number;
  /** Gross less charges so far, paise. */
  readonly net: number;
}

export interface BacktestDone {
  readonly path: string;
  readonly id: string;
  readonly summary: Summary;
  /** Strategies that threw, with what they said. */
  readonly quarantined: ReadonlyMap<string, string>;
}

/** Plays the days, writes the run's folder, and gives it its final name only when everything stands in it. */
export async function runBacktest(job: BacktestJob): Promise<BacktestDone> {
  const startedAt = epochMs(job.clock());
  const configHash = createHash('sha256').update(sortedJson(job.config)).digest('hex');
  const folder = new RunFolder({ root: job.config.runs, startedAt, configHash, calls: job.calls ?? DISK });
  // A program that is made to end at once still takes away what would never be finished.
  const leave = (): void => folder.abandon();
  process.on('exit', leave);
  job.onFolder?.(folder.path);
  try {
    return await play(job, folder, startedAt);
  } catch (error) {
    folder.abandon();
    throw error;
  } finally {
    process.off('exit', leave);
  }
}

async function play(job: BacktestJob, folder: RunFolder, startedAt: EpochMs): Promise<BacktestDone> {
  const records: JournalRecord[] = [];
  const calls = job.calls ?? DISK;
  const journal = new JournalFile(folder.file(RUN_FILES.journal), calls);
  const priceFile = new PriceFile(folder.file(RUN_FILES.prices), calls);
  const trace = job.withTrace === true ? new TraceFile(folder.file(RUN_FILES.trace), calls) : undefined;
  const parts = engineParts(job.config);
  const { carryPerYear } = parts.settings;
  const prices = new PriceRecord({ carryPerYear, put: (day) => priceFile.add(day) });
  const counts: Counts = { structures: 0, inputs: 0 };
  const kernel = composeBacktest({
    contracts: job.reference.contracts,
    levies: job.reference.levies,
    agents: job.agents,
    ...parts,
    standings: job.standings,
    trace,
    sink: {
      write: (stamp, record) => {
        journal.write(stamp, record);
        prices.take(record);
        if (job.withReport || isToldInSummary(record.kind)) records.push(stamped(stamp, record));
        if (record.kind === 'structure-closed') counts.structures += 1;
      },
    },
  });
  const began = job.clock();
  try {
    await playDays(job, { kernel, counts, prices });
  } catch (error) {
    journal.abandon();
    priceFile.abandon();
    trace?.abandon();
    throw error;
  }
  const played = job.clock();
  const { money } = kernel;
  const moneyHash = writeMoney(folder.file(RUN_FILES.money), money, calls);
  const pricesHash = priceFile.close();
  trace?.close();
  const seal = journal.close(moneyHash, pricesHash);
  const card = runCard(job, records, parts.spreads);
  const summary = buildSummary(records, money, card);
  if (job.withReport) {
    const { days } = readPrices(folder.file(RUN_FILES.prices), calls);
    await putResults({ report: wholeReport(summary, records, money), prices: days }, (name, content) =>
      folder.put(name, content),
    );
  }
  const files: FileHashes = { journalHash: seal.hash, journalRecords: seal.records, moneyHash, pricesHash };
  const passport = sealPassport(card, resultCard(summary, files), {
    runId: folder.id,
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(job.clock()).toISOString(),
    host: hostname(),
    node: process.version,
    durations: { play: played - began, report: job.clock() - played },
    ...(job.own.length > 0 && { own: job.own.map(ownCard) }),
  });
  folder.put(RUN_FILES.passport, passportText(passport));
  await goOn(job, 'the run was ended while its results were written');
  return { path: folder.finish(), id: folder.id, summary, quarantined: kernel.quarantined };
}

/** What was counted so far: structures that closed, inputs that the kernel was given. */
interface Counts {
  structures: number;
  inputs: number;
}

/** What the days of a run are played with. */
interface Playing {
  readonly kernel: Kernel;
  readonly counts: Counts;
  /** Absent in a warm-up, of which nothing is kept. */
  readonly prices?: PriceRecord;
}

/** Plays the days and puts the records into a list, as far as it comes: nothing is written. */
export async function playInMemory(job: BacktestJob, records: JournalRecord[]): Promise<void> {
  const kernel = composeBacktest({
    contracts: job.reference.contracts,
    levies: job.reference.levies,
    agents: job.agents,
    ...engineParts(job.config),
    standings: job.standings,
    sink: { write: (stamp, record) => records.push(stamped(stamp, record)) },
  });
  await playDays(job, { kernel, counts: { structures: 0, inputs: 0 } });
}

async function playDays(job: BacktestJob, playing: Playing): Promise<void> {
  const { days, warmUp } = job;
  const { kernel, counts } = playing;
  const facts = await dailyFacts(job);
  if (warmUp.days.length > 0) kernel.beginWarmUp();
  for (const day of warmUp.days) {
    await playDay(job, { kernel, counts, facts, day });
    refuseFailedOwn(job, kernel);
    await goOn(job, `the run was ended in its warm-up, after ${day}`);
  }
  if (warmUp.days.length > 0) kernel.beginRun();
  for (const [index, day] of days.days.entries()) {
    await playDay(job, { ...playing, facts, day });
    refuseFailedOwn(job, kernel);
    const progress = { day, done: index + 1, of: days.days.length, structures: counts.structures, net: kernel.net };
    if ((await job.onDay(progress)) === 'stop') throw new Interrupted(`the run was ended after ${day}`);
  }
}

/** A strategy of the person's own that fails ends the run: what it left undone would look like a result. */
function refuseFailedOwn({ own, agents }: BacktestJob, kernel: Kernel): void {
  if (own.length === 0 || kernel.quarantined.size === 0) return;
  for (const agent of agents) {
    const reason = kernel.quarantined.get(idOf(agent));
    if (reason !== undefined && own.some((each) => each.definition.name === agent.definition.name))
      throw new UserError(`${reason}; nothing was kept`);
  }
}

async function goOn(job: BacktestJob, sentence: string): Promise<void> {
  if ((await job.goesOn?.()) === false) throw new Interrupted(sentence);
}

async function playDay(
  job: BacktestJob,
  parts: Playing & { readonly facts: DailyFacts; readonly day: Day },
): Promise<void> {
  const { source, reference, days, config } = job;
  const { kernel, facts, day, counts, prices } = parts;
  prices?.beginDay(kernel.held);
  const segments = segmentsOf(job.agents);
  const candles = await source.loadDay({ day, intervalMs: days.intervalMs, wanted: wantedOn(job, day, kernel.held) });
  const session = reference.calendar.sessionOn(day, exchangeOf(segments[0] ?? 'NIFTY'));
  invariant(session !== undefined, `${day} has no session`);
  const before = reference.calendar.previousTradingDay(day);
  const batches = dayBatches({
    session,
    candles,
    closeGraceMs: config.closeGraceMs,
    seqBefore: counts.inputs,
    facts: segments.map((underlying) => facts.opening(underlying, before)),
    previous: reference.calendar.previousSessions(day, exchangeOf(segments[0] ?? 'NIFTY')),
    ...facts.closes(segments, day),
  });
  for (const batch of batches) kernel.play(batch);
  counts.inputs += inputsOfDay(candles);
  prices?.endDay(candles, session.indexLiveUntil);
}

/** What a day must hold: the agents' expiries and those of carried lots, the index, and futures where there is no index. */
function wantedOn({ agents, reference, source, days }: BacktestJob, day: Day, held: readonly Instrument[]): Wanted[] {
  return segmentsOf(agents).map((underlying) => {
    const universes = agents
      .filter(({ segment }) => segment === underlying)
      .map(({ definition, params, segment }) => definition.universe(params, segment));
    const choices = universes.flatMap((universe) => universe.expiries);
    const strikesAround = Math.max(...universes.map((universe) => universe.strikesAround + universe.recentreSteps));
    const options = held.filter((one) => one.kind === 'option' && one.underlying === underlying) as OptionContract[];
    const expiries = choices.flatMap((rule) => reference.contracts.expiryOf({ day, underlying, rule })?.expiry ?? []);
    for (const { expiry } of options) expiries.push(expiry);
    const { index } = source.contents({ day, underlying, intervalMs: days.intervalMs });
    const futures = index && !universes.some(readsFuture) ? [] : 'all';
    return { underlying, index: 'include', futures, expiries: [...new Set(expiries)], strikesAround, held: options };
  });
}

interface DailyFacts {
  opening(underlying: Underlying, before: Day | undefined): OpeningFacts;
  closes(
    underlyings: readonly Underlying[],
    day: Day,
  ): Record<'officialCloses' | 'estimatedCloses', readonly FinalLevel[]>;
}

async function dailyFacts({ source, reference, agents, days, warmUp }: BacktestJob): Promise<DailyFacts> {
  const first = warmUp.days[0] ?? days.days[0];
  const from = first === undefined ? undefined : reference.calendar.previousTradingDay(first);
  const to = days.days.at(-1);
  const within = { ...(from && { from }), ...(to && { to }) };
  const read = async (name: Underlying | 'INDIA VIX'): Promise<ReadonlyMap<Day, number>> =>
    new Map((await source.dailyValues({ name, ...within })).map(({ day, close }) => [day, close]));
  const vix = await read('INDIA VIX');
  const closes = new Map<Underlying, ReadonlyMap<Day, number>>();
  for (const segment of segmentsOf(agents)) closes.set(segment, await read(segment));
  return {
    opening: (underlying, before) => ({
      underlying,
      previousClose: before === undefined ? undefined : closes.get(underlying)?.get(before),
      vixPreviousClose: before === undefined ? undefined : vix.get(before),
    }),
    closes: (underlyings, day) => {
      const levels = (levelOf: (underlying: Underlying) => number | undefined): FinalLevel[] =>
        underlyings.flatMap((underlying) => {
          const level = levelOf(underlying);
          return level === undefined ? [] : [{ underlying, level }];
        });
      const { intervalMs } = days;
      return {
        officialCloses: levels((underlying) => closes.get(underlying)?.get(day)),
        estimatedCloses: levels((underlying) => source.estimatedClose?.({ day, intervalMs, underlying })),
      };
    },
  };
}

function runCard(job: BacktestJob, records: readonly JournalRecord[], spreads: SpreadReference | undefined): RunCard {
  const { config, days, source, agents } = job;
  const rungs: RunCard['rungs'] = {};
  let [cells, present] = [0, 0];
  for (const record of records) {
    if (record.kind !== 'day-facts') continue;
    const sum = rungs[record.underlying] ?? { index: 0, parity: 0, future: 0, none: 0 };
    for (const rung of ['index', 'parity', 'future', 'none'] as const) sum[rung] += record.rungs[rung];
    rungs[record.underlying] = sum;
    cells += record.cells;
    present += record.cellsPresent;
  }
  const segments = segmentsOf(agents);
  const use = spreadUse(records);
  return {
    formatVersion: 1,
    mode: 'BACKTEST',
    from: days.days[0] ?? ('' as Day),
    to: days.days.at(-1) ?? ('' as Day),
    segments: [...segments],
    strategies: agents.map((agent) => {
      const { definition, params, segment } = agent;
      const plain = JSON.parse(JSON.stringify(params)) as Record<string, never>;
      const code = job.own.find((own) => own.definition.name === definition.name)?.hash;
      const hash = strategyHash(agent, code);
      return {
        name: nameOf(agent),
        ...(nameOf(agent) !== definition.name && { strategy: definition.name }),
        segment,
        params: plain,
        hash,
        ...(code && { code }),
      };
    }),
    capital: Math.round(config.account.capital * 100),
    lots: config.lots,
    settings: settingsCard(config),
    data: {
      kind: source.kind,
      hash: source.dataHash({ intervalMs: days.intervalMs, underlyings: segments, days: days.days }),
      intervalMs: days.intervalMs,
      days: days.days.length,
      coveragePct: cells === 0 ? null : Math.round((present / cells) * 10_000) / 100,
      missingDays: [...days.missing],
      skippedDays: days.skipped.map(({ day, reason }) => ({ day, reason })),
    },
    code: { name: 'sim', version: VERSION },
    seed: config.data.seed,
    models: modelCards(config, spreads, use),
    warmup: { candles: job.warmUp.candles, endsAt: job.warmUp.days.at(-1) ?? null },
    rungs,
    warnings: [...job.warnings, ...spreadWarning(use, config, spreads)],
  };
}

function ownCard({ definition, file, hash, checked }: OwnStrategy): NonNullable<SessionCard['own']>[number] {
  return { name: definition.name, file: basename(file), code: hash, check: checked };
}

/** The effective configuration without the places of this machine, so that equal runs have equal cards. */
function settingsCard(config: Config): RunCard['settings'] {
  const { runs: _runs, data, ...rest } = config;
  const { store: _store, ...played } = data;
  return JSON.parse(JSON.stringify({ ...rest, data: played })) as RunCard['settings'];
}
