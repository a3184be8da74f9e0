import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CandleArchive } from '../../adapters/candle-archive.ts';
import { readReference } from '../../adapters/reference-files.ts';
import { sessionTableOf } from '../../datasets/session-table.ts';
import { day } from '../../engine/model/time.ts';
import type { Sample, Side } from './rounds.ts';
import { interleaved, printTable } from './rounds.ts';
import { madeStore, PROGRAM, ran, script } from './stores.ts';

const MINUTE = 60_000;
const YEAR = { from: '2025-01-01', to: '2025-12-31' } as const;
const FIVE_YEARS = { from: '2021-01-01', to: '2025-12-31' } as const;
const TWENTY_MONTHS = { from: '2024-01-01', to: '2025-08-31' } as const;

/** The program's whole process over a year of 43 contracts, beside a mini engine and the bare database. */
export async function benchYear(folder: string, rounds: number): Promise<void> {
  const store = madeStore(join(folder, 'year-store'), ['--bench', ...datesOf(YEAR)]);
  const scratch = mkdtempSync(join(tmpdir(), 'sim-bench-year-'));
  try {
    backtest({ store, scratch, span: YEAR });
    const columns = await rawColumns(store, join(folder, 'year-columns'));
    const mini: Side = { name: 'mini engine, raw columns by day', once: () => script('mini-straddle', columns) };
    const warm: Side = {
      name: 'sim backtest --no-report, warm cache',
      once: () => backtest({ store, scratch, span: YEAR }),
    };
    printTable('A year x 43 contracts x 1 minute, whole process', interleaved([mini, warm], rounds));
    const cold: Side = {
      name: 'sim backtest --no-report, no cache',
      once: () => {
        rmSync(join(store, 'cache'), { recursive: true, force: true });
        return backtest({ store, scratch, span: YEAR });
      },
    };
    const duck: Side = { name: 'the same rows, bare DuckDB', once: () => script('bare-query', store) };
    printTable('The same from Parquet, whole process', interleaved([duck, cold], rounds));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Largest memory of whole runs: a year, five years, and twenty months of full chains. */
export function benchMemory(folder: string, rounds: number): void {
  const five = madeStore(join(folder, 'straddle-store'), ['--bench', ...datesOf(FIVE_YEARS)]);
  const chains = madeStore(join(folder, 'chain-store'), [
    ...['--expiries', '1', '--strikes', '10'],
    ...datesOf(TWENTY_MONTHS),
  ]);
  const scratch = mkdtempSync(join(tmpdir(), 'sim-bench-memory-'));
  try {
    const runs = [
      { name: 'a year, 43 contracts', store: five, span: YEAR },
      { name: 'five years, 43 contracts', store: five, span: FIVE_YEARS },
      { name: 'twenty months, full chains', store: chains, span: TWENTY_MONTHS },
    ];
    for (const run of runs) backtest({ ...run, scratch });
    const sides = runs.map((run) => ({ name: run.name, once: () => backtest({ ...run, scratch, measure: 'memory' }) }));
    printTable('Largest memory of a run, warm cache', interleaved(sides, rounds));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Span {
  readonly from: string;
  readonly to: string;
}

function datesOf({ from, to }: Span): readonly string[] {
  return ['--from', from, '--to', to];
}

function backtest(run: {
  readonly store: string;
  readonly scratch: string;
  readonly span: Span;
  readonly measure?: 'memory';
}): Sample {
  const runs = join(run.scratch, 'runs');
  const peak = join(run.scratch, 'peak.txt');
  const watch = join(run.scratch, 'watch.cjs');
  writeFileSync(watch, WATCH);
  const flags = run.measure === undefined ? [] : ['--require', watch];
  const args = [
    ...flags,
    PROGRAM,
    'backtest',
    ...datesOf(run.span),
    '--store',
    run.store,
    '--runs',
    runs,
    '--no-report',
  ];
  const began = performance.now();
  const out = ran(process.execPath, args, { ...process.env, SIM_BENCH_PEAK: peak });
  const ms = performance.now() - began;
  rmSync(runs, { recursive: true, force: true });
  const answer = `${/^Structures +(.*)$/m.exec(out)?.[1]}, net ${/^Net +(.*)$/m.exec(out)?.[1]}`;
  if (run.measure === undefined) return { ms, answer };
  return { ms, answer, peakMb: Number(readFileSync(peak, 'utf8')) / 1_024 };
}

/** Writes the largest memory of a process when it ends, KB. */
const WATCH = `
const { readFileSync, writeFileSync } = require('node:fs');
process.on('exit', () => {
  const peak = () => /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
  let kb = process.resourceUsage().maxRSS;
  try { kb = peak(); } catch {}
  writeFileSync(process.env.SIM_BENCH_PEAK, String(kb));
});`;

/** The store's candles as raw columns, minute by minute with the slots side by side, and of each day where its strikes begin; made once. */
async function rawColumns(store: string, folder: string): Promise<string> {
  if (existsSync(folder)) return folder;
  const part = `${folder}.part`;
  mkdirSync(part, { recursive: true });
  const { calendar, contracts } = readReference('datasets/reference');
  const archive = new CandleArchive({ store, sessions: sessionTableOf(calendar) });
  const names = ['open', 'high', 'low', 'close', 'volume', 'oi'] as const;
  const files = names.map((name) => openSync(join(part, `${name}.bin`), 'w'));
  const days: number[] = [0];
  for (const each of calendar.tradingDays(day(YEAR.from), day(YEAR.to), { sessions: 'ordinary' })) {
    const wanted = [{ underlying: 'NIFTY', index: 'include', futures: [], expiries: 'all' } as const];
    const { instruments, columns } = await archive.loadDay({ day: each, intervalMs: MINUTE, wanted });
    const strikes = instruments.flatMap((one) => (one.kind === 'option' && one.right === 'CE' ? [one] : []));
    const [low, next] = strikes;
    if (low === undefined || next === undefined) continue;
    days[0] = instruments.length;
    const lot = contracts.lotSizeOf({ day: each, underlying: 'NIFTY', expiry: low.expiry });
    days.push(low.strike, next.strike - low.strike, lot?.lotSize ?? 0);
    for (const [index, name] of names.entries()) writeSync(files[index] ?? 0, columns[name]);
  }
  writeFileSync(join(part, 'days.bin'), new Uint8Array(Int32Array.from(days).buffer));
  renameSync(part, folder);
  return folder;
}
