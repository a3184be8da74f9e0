import type { Command } from 'commander';
import type { ListingDepthChoice, SyntheticChoice } from '../../datasets/synthetic/listing.ts';
import type { SyntheticMarket } from '../../datasets/synthetic/synthetic-market.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import { isUnderlying, UNDERLYINGS } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import { day, isDay } from '../../engine/model/time.ts';
import { UserError } from '../user-error.ts';

/** Adds `sim data synth`: writes a market that never was into a store of its own. */
export function registerDataSynth(data: Command): void {
  data
    .command('synth')
    .description('write a SYNTHETIC market into a store of its own: real dates and contracts, invented prices')
    .option('--from <YYYY-MM-DD>', 'first day')
    .option('--to <YYYY-MM-DD>', 'last day')
    .option('--underlying <names>', `one or more of ${UNDERLYINGS.join(', ')}, with commas`, 'NIFTY')
    .option('--seed <number>', 'whole number; the same seed gives the same market', '1')
    .option('--store <dir>', 'store to write; never one with real candles', './synthetic')
    .option('--interval <text>', 'only 1m', '1m')
    .option('--expiries <count>', 'nearest expiries, 1 to 8; the near month comes on top', '2')
    .option('--strikes <count>', 'strikes on each side of the money, 1 to 60', '12')
    .option('--bench', 'a market of benchmark size: the index and 42 options a day; 2025 unless dates are given')
    .option('--json', 'print one JSON object')
    .action(async (flags: Record<string, unknown>) => {
      await synthesize(readFlags(flags));
    });
}

interface Asked {
  readonly from: Day;
  readonly to: Day;
  readonly underlyings: readonly Underlying[];
  readonly seed: number;
  readonly store: string;
  readonly depth: ListingDepthChoice;
  readonly choice: SyntheticChoice;
  readonly json: boolean;
}

/** The index and 21 strikes of the nearest expiry, both sides: 43 instruments. */
const BENCH_DEPTH: ListingDepthChoice = { expiries: 1, monthlies: 0, strikesEachSide: 10, movesCovered: 0 };

function readFlags(flags: Readonly<Record<string, unknown>>): Asked {
  const isBench = flags['bench'] === true;
  const from = dayFlag('from', flags['from'] ?? (isBench ? '2025-01-01' : undefined));
  const to = dayFlag('to', flags['to'] ?? (isBench ? '2025-12-31' : undefined));
  if (from > to) throw new UserError(`--from must not be after --to, was ${from} after ${to}`);
  if (flags['interval'] !== '1m') {
    throw new UserError(`--interval must be 1m, the only one that is generated, was "${String(flags['interval'])}"`);
  }
  const expiries = countFlag(flags, { name: 'expiries', max: 8 });
  const strikesEachSide = countFlag(flags, { name: 'strikes', max: 60 });
  return {
    from,
    to,
    underlyings: underlyingsFlag(String(flags['underlying'])),
    seed: seedFlag(String(flags['seed'])),
    store: String(flags['store']),
    depth: isBench ? BENCH_DEPTH : { expiries, monthlies: 1, strikesEachSide, movesCovered: 2 },
    choice: isBench ? { futures: [] } : {},
    json: flags['json'] === true,
  };
}

function dayFlag(name: string, value: unknown): Day {
  if (value === undefined) throw new UserError(`--${name} is missing; it must be a day, YYYY-MM-DD`);
  const text = String(value);
  if (!isDay(text)) throw new UserError(`--${name} must be a day of the calendar, YYYY-MM-DD, was "${text}"`);
  return day(text);
}

function seedFlag(text: string): number {
  const seed = Number(text);
  if (!(/^-?\d{1,16}$/.test(text) && Number.isSafeInteger(seed))) {
    throw new UserError(`--seed must be a whole number of at most 15 digits, was "${text}"`);
  }
  return seed;
}

function countFlag(
  flags: Readonly<Record<string, unknown>>,
  { name, max }: { readonly name: string; readonly max: number },
): number {
  const text = String(flags[name]);
  const count = Number(text);
  if (!/^\d{1,3}$/.test(text) || count < 1 || count > max) {
    throw new UserError(`--${name} must be a whole number from 1 to ${max}, was "${text}"`);
  }
  return count;
}

function underlyingsFlag(text: string): readonly Underlying[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!isUnderlying(name)) throw new UserError(`--underlying must be among ${UNDERLYINGS.join(', ')}, was "${name}"`);
  }
  return UNDERLYINGS.filter((name) => names.includes(name));
}

async function synthesize(asked: Asked): Promise<void> {
  const [{ writeSynthetic }, { CandleStore, StoreProblem }, { storageProblem }] = await Promise.all([
    import('../../adapters/synthetic-store.ts'),
    import('../../adapters/candle-store.ts'),
    import('../../adapters/storage-problem.ts'),
  ]);
  const markets = await marketsOf(asked);
  const progress = await progressBar();
  const began = performance.now();
  try {
    const store = new CandleStore(asked.store);
    const outcome = await writeSynthetic({ ...asked, store, markets, progress: progress.step });
    progress.stop();
    tell(asked, { ...outcome, seconds: (performance.now() - began) / 1_000 });
  } catch (error) {
    progress.stop();
    if (error instanceof StoreProblem) throw new UserError(error.message, { cause: error });
    if (error instanceof Error && 'code' in error) throw storageProblem(error, asked.store);
    throw error;
  }
}

async function marketsOf(asked: Asked): Promise<readonly SyntheticMarket[]> {
  const [{ readReference }, { SyntheticMarket: Market }] = await Promise.all([
    import('../../adapters/reference-files.ts'),
    import('../../datasets/synthetic/synthetic-market.ts'),
  ]);
  const { calendar, contracts } = readReference();
  if (asked.from < calendar.firstDay) {
    throw new UserError(`--from must be ${calendar.firstDay} or later, where the calendar begins, was ${asked.from}`);
  }
  const { seed, depth } = asked;
  const markets = asked.underlyings.map((underlying) => new Market({ seed, underlying, calendar, contracts, depth }));
  for (const market of markets) {
    if (market.days(asked.from, asked.to).length > 0) continue;
    throw new UserError(`no session with ${market.underlying} options lies between ${asked.from} and ${asked.to}`);
  }
  return markets;
}

interface Progress {
  readonly step: (done: number, total: number, on: Day) => void;
  readonly stop: () => void;
}

/** A bar on a terminal, a line each tenth elsewhere; both beside the output, not in it. */
async function progressBar(): Promise<Progress> {
  if (!process.stderr.isTTY) {
    let said = 0;
    const step = (done: number, total: number, on: Day): void => {
      const tenth = Math.floor((10 * done) / total);
      if (tenth <= said) return;
      said = tenth;
      process.stderr.write(`SYNTHETIC ${tenth * 10} % at ${on}\n`);
    };
    return { step, stop: () => undefined };
  }
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({ format: 'SYNTHETIC {bar} {value}/{total} days, {eta} s left, {on}' });
  let isRunning = false;
  return {
    step: (done, total, on) => {
      if (!isRunning) bar.start(total, 0, { on });
      isRunning = true;
      bar.update(done, { on });
    },
    stop: () => bar.stop(),
  };
}

function tell(asked: Asked, outcome: { readonly days: number; readonly rows: number; readonly seconds: number }): void {
  const { days, rows } = outcome;
  if (asked.json) {
    const { store, seed, from, to, underlyings } = asked;
    process.stdout.write(`${JSON.stringify({ kind: 'synthetic', store, seed, from, to, underlyings, days, rows })}\n`);
    return;
  }
  process.stdout.write(
    `wrote ${days} SYNTHETIC days of ${asked.underlyings.join(', ')} (${rows} candles, seed ${asked.seed}) in ${outcome.seconds.toFixed(1)} s\n${asked.store}\n`,
  );
}
