import { noisyAfter } from '../../datasets/synthetic/noisy-day.ts';
import type { JournalRecord } from '../../engine/journal.ts';
import type { EpochMs } from '../../engine/model/time.ts';
import { clockText, day, dayOf } from '../../engine/model/time.ts';
import type { BacktestJob } from '../backtest.ts';
import { playInMemory } from '../backtest.ts';
import { prepareJob } from '../backtest-job.ts';
import type { Config } from '../config.ts';
import type { Beat } from './beat.ts';
import { CandleShelf } from './candle-shelf.ts';
import type { CheckLine, Verdict } from './code-store.ts';
import { notRun } from './code-store.ts';
import { changedBefore, cutsOf, decisionsIn, firstDifference } from './look-ahead.ts';
import type { KnownSource, OwnStrategies } from './own-strategies.ts';
import { loadOwn } from './own-strategies.ts';
import { REFUSED_MEMBERS, REFUSED_NAMES } from './refused-names.ts';

/** Days of the synthetic market that a check plays where none are named: three sessions, the last one an expiry of NIFTY. */
const DAYS = { from: day('2025-03-04'), to: day('2025-03-06') };
const SEED = 20;
const CUTS_PER_DAY = 4;
/** Sessions that all noisy runs together may play, warm-ups included; a long warm-up gets fewer cuts. */
const SESSIONS_MAX = 160;
const CUTS_MIN = 3;

/** What the purity line says of a file that was looked through. */
const PURE_LINE: CheckLine = {
  name: 'purity',
  result: 'passed',
  reason: `names none of ${REFUSED_NAMES.size + REFUSED_MEMBERS.size} ways out of its realm or to clock and chance (such as ${[
    'Date',
    'Math.random',
    'setTimeout',
    'Promise',
    'process',
    'require',
    'eval',
    'Proxy',
    '.constructor',
  ].join(', ')}), nothing is async; imports sim/strategy, zod and its own files only`,
};

/**
 * Plays a strategy on days of the synthetic market: does it run to the end, does it do the same twice, does noise after an instant change
 * what it did before.
 */
export async function checkStrategy(parts: {
  readonly config: Config;
  readonly sources: readonly KnownSource[];
  readonly beat: Beat;
  readonly segments: 'given' | 'its own';
}): Promise<Verdict> {
  const { sources, beat } = parts;
  const loaded = loadOwn(sources, beat);
  const config = configFor(parts, loaded);
  const job = await jobOf(config, loaded, beat);
  const [own] = job.own;
  const first: JournalRecord[] = [];
  const lines: CheckLine[] = [PURE_LINE, ...inexactLines(sources)];
  const fault = await failureOf(() => playInMemory(job, first));
  lines.push(fault === undefined ? ranLine(job, first) : { name: 'runs', result: 'failed', reason: fault });
  if (fault === undefined)
    lines.push(
      await twiceLine(job, await jobOf(config, loadOwn(sources, beat), beat), first),
      await lookAheadLine(job, first),
    );
  else lines.push(...['same twice', 'no look-ahead'].map((name) => notRun(name, 'the strategy does not run')));
  return {
    code: own?.hash ?? '',
    strategy: own?.definition.name ?? '',
    held: lines.every(({ result }) => result === 'passed' || result === 'warning'),
    lines,
  };
}

/** Arithmetic that may differ elsewhere by a last bit; it fails nothing, as most rules do not hang on that. */
function inexactLines(sources: readonly KnownSource[]): readonly CheckLine[] {
  const said = sources.flatMap(({ inexact }) => inexact);
  if (said.length === 0) return [];
  const reason = `the last bit of these may differ between versions of Node: ${said.join('; ')}`;
  return [{ name: 'exact numbers', result: 'warning', reason }];
}

function configFor(
  { config, segments }: { config: Config; segments: 'given' | 'its own' },
  own: OwnStrategies,
): Config {
  const first = [...own.values()][0]?.definition.segments[0];
  return {
    ...config,
    data: { ...config.data, source: 'synthetic' },
    segments: segments === 'given' || first === undefined ? config.segments : [first],
  };
}

async function jobOf(config: Config, own: OwnStrategies, beat: Beat): Promise<BacktestJob> {
  const { from = DAYS.from, to = DAYS.to } = config;
  const { job } = await prepareJob({ config, own, from, to, clock: () => Date.now(), notice: () => undefined });
  return {
    ...job,
    source: new CandleShelf(job.source),
    clock: () => 0,
    onDay: () => {
      beat.giveSign();
      return Promise.resolve('go on');
    },
    goesOn: () => {
      beat.giveSign();
      return Promise.resolve(true);
    },
    withReport: false,
  };
}

async function failureOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace('; nothing was kept', '') : String(error);
  }
}

function ranLine({ days }: BacktestJob, records: readonly JournalRecord[]): CheckLine {
  const count = decisionsIn(records);
  const said = count === 0 ? 'it decided nothing, so the lines below say little' : `${count} decisions`;
  const entered = records.filter(({ kind }) => kind === 'structure-opened').length;
  const reason = `${days.days.length} days of the synthetic market from ${days.days[0]}, ${said}, ${entered} entries`;
  return { name: 'runs', result: 'passed', reason };
}

/** The same code again, and the code loaded anew: what is kept outside of `create` shows here. */
async function twiceLine(job: BacktestJob, anew: BacktestJob, first: readonly JournalRecord[]): Promise<CheckLine> {
  const name = 'same twice';
  for (const [how, again] of [
    ['a second run', job],
    ['a run of the file loaded anew', anew],
  ] as const) {
    const records: JournalRecord[] = [];
    const fault = await failureOf(() => playInMemory(again, records));
    const difference = firstDifference(first, records);
    if (fault === undefined && difference === undefined) continue;
    const told = difference === undefined ? fault : `${difference.was} became ${difference.became}`;
    return {
      name,
      result: 'failed',
      reason: `${how} did something else, so it keeps something outside of create, or hangs on chance: ${told}`,
    };
  }
  return { name, result: 'passed', reason: 'a second run and a run of the file loaded anew made the same records' };
}

async function lookAheadLine(job: BacktestJob, honest: readonly JournalRecord[]): Promise<CheckLine> {
  const name = 'no look-ahead';
  const cuts = await cutsFor(job);
  let compared = 0;
  for (const cut of cuts) {
    const again = await playedWithNoise(job, cut);
    compared += decisionsIn(honest.filter(({ ts }) => ts < cut));
    const difference = changedBefore(cut, honest, again);
    if (difference === undefined) continue;
    const moment = `${dayOf(cut)} ${clockText(cut)}`;
    const reason = `noise after ${moment} changed what was done before: ${difference.was} became ${difference.became}`;
    return { name, result: 'failed', reason };
  }
  const reason = `noise after each of ${cuts.length} instants changed none of ${compared} decisions before them`;
  return { name, result: 'passed', reason };
}

async function cutsFor({ days, warmUp, source, agents }: BacktestJob): Promise<readonly EpochMs[]> {
  const most = Math.floor(SESSIONS_MAX / (warmUp.days.length + days.days.length));
  const count = Math.max(CUTS_MIN, Math.min(most, CUTS_PER_DAY * days.days.length));
  const cuts: EpochMs[] = [];
  for (const [index, on] of days.days.entries()) {
    const share = Math.floor((count * (index + 1)) / days.days.length) - Math.floor((count * index) / days.days.length);
    const wanted = agents.map(
      ({ segment }) => ({ underlying: segment, index: 'include', futures: [], expiries: [] }) as const,
    );
    const candles = await source.loadDay({ day: on, intervalMs: days.intervalMs, wanted: wanted.slice(0, 1) });
    cuts.push(...cutsOf(candles, { count: share, seed: SEED + index }));
  }
  return cuts;
}

/** The records of a run up to the day of an instant, with noise after it; what the noise itself brings about is of no interest. */
async function playedWithNoise(job: BacktestJob, cut: EpochMs): Promise<readonly JournalRecord[]> {
  const { source, days } = job;
  const on = dayOf(cut);
  const shelf = source as CandleShelf;
  const records: JournalRecord[] = [];
  shelf.instead.set(on, (candles) => noisyAfter(candles, cut, { seed: SEED, extremes: 'keep' }));
  await failureOf(() =>
    playInMemory({ ...job, days: { ...days, days: days.days.filter((each) => each <= on) } }, records),
  );
  shelf.instead.delete(on);
  return records;
}
