import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Underlying } from '../../engine/model/instrument.ts';
import { STRATEGIES } from '../../strategies/index.ts';
import type { Sample, Side } from './rounds.ts';
import { interleaved, printTable, spreadOf } from './rounds.ts';
import { madeStore, PROGRAM, ran } from './stores.ts';

const SEGMENTS: readonly Underlying[] = ['NIFTY', 'BANKNIFTY', 'SENSEX'];
const QUARTER = { from: '2025-07-01', to: '2025-09-30' } as const;
const YEAR = { from: '2025-01-01', to: '2025-12-31' } as const;

/**
 * Every strategy of the program on its own over a quarter of its segments, then all of them on one account; then the year of the strategy
 * that looks at most contracts beside the straddle's. Whole processes, without a report.
 */
export function benchStrategies(folder: string, rounds: number): void {
  const choice = ['--expiries', '2', '--strikes', '25', '--underlying', SEGMENTS.join(','), ...datesOf(QUARTER)];
  const store = madeStore(join(folder, 'quarter-store'), choice);
  const scratch = mkdtempSync(join(tmpdir(), 'sim-bench-strategies-'));
  try {
    const names = [...STRATEGIES.keys()];
    const once = (chosen: readonly string[]) => (): Sample => played({ store, scratch, span: QUARTER, chosen });
    once(names)();
    const alone = names.map((name): Side => ({ name: `${name} alone`, once: once([name]) }));
    const samples = interleaved([...alone, { name: 'all of them at once', once: once(names) }], rounds);
    printTable('A quarter of three segments, whole process', samples);
    const medians = [...samples.values()].map((list) => spreadOf(list.map(({ ms }) => ms)).median);
    const all = medians.pop() ?? Number.NaN;
    const sum = medians.reduce((total, median) => total + median, 0);
    console.log(`  all at once is ${(all / sum).toFixed(2)} x the sum of each alone`);
    benchLongest({ folder, scratch, rounds });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function benchLongest(parts: { readonly folder: string; readonly scratch: string; readonly rounds: number }): void {
  const { folder, scratch, rounds } = parts;
  const store = madeStore(join(folder, 'year-store'), ['--bench', ...datesOf(YEAR)]);
  const segments: readonly Underlying[] = ['NIFTY'];
  const side = (name: string): Side => ({
    name: `${name}, a year of 43 contracts`,
    once: () => played({ store, scratch, span: YEAR, chosen: [name], segments }),
  });
  const sides = ['atm-straddle', 'swing-break'].map(side);
  for (const { once } of sides) once();
  printTable('A year of one segment on stored candles, whole process', interleaved(sides, rounds));
}

interface Span {
  readonly from: string;
  readonly to: string;
}

function datesOf({ from, to }: Span): readonly string[] {
  return ['--from', from, '--to', to];
}

function played(run: {
  readonly store: string;
  readonly scratch: string;
  readonly span: Span;
  readonly chosen: readonly string[];
  readonly segments?: readonly Underlying[];
}): Sample {
  const { store, scratch, span, chosen, segments = SEGMENTS } = run;
  const desk = join(scratch, 'desk.yaml');
  const agents = chosen.map((strategy) => ({
    strategy,
    // The only grid of its strike rules that all three segments list.
    ...(strategy === 'weekly-signals' && { params: { strikeRule: 'near100' } }),
    segments: segments.filter((segment) => STRATEGIES.get(strategy)?.segments.includes(segment)),
  }));
  writeFileSync(desk, JSON.stringify({ agents }));
  const runs = join(scratch, 'runs');
  const args = ['backtest', ...datesOf(span), '--config', desk, '--store', store, '--runs', runs, '--no-report'];
  const began = performance.now();
  const out = ran(process.execPath, [PROGRAM, ...args]);
  const ms = performance.now() - began;
  rmSync(runs, { recursive: true, force: true });
  return {
    ms,
    answer: `${/^Structures +(.*)$/m.exec(out)?.[1]}, net ${/^Net +(.*)$/m.exec(out)?.[1]}`,
  };
}
