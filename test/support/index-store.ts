import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFiles } from '../../adapters/import/import-run.ts';
import { importFactsOf } from '../../datasets/import/import-facts.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import { IST_OFFSET_MS } from '../../engine/model/time.ts';
import { indexWalk } from './index-walk.ts';
import { testReference } from './play.ts';

/** Made-up index candles of some days as one file of candles by symbol. */
export interface IndexSource {
  readonly underlying: Underlying;
  readonly days: readonly Day[];
  readonly seed: number;
  readonly open?: number;
  readonly intervalMs?: number;
}

/** Imports made-up index candles, closes of India VIX by day and lines of other candles into a store. */
export async function indexStore(
  store: string,
  of: {
    readonly indices: readonly IndexSource[];
    readonly vix?: Readonly<Record<string, number>>;
    /** Lines `symbol,timestamp,open,high,low,close`. */
    readonly lines?: readonly string[];
  },
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sim-index-'));
  try {
    const paths = of.indices.map((source, at) => write(join(folder, `index${at}.csv`), linesOf(source)));
    if (of.lines !== undefined) paths.push(write(join(folder, 'other.csv'), of.lines));
    if (of.vix !== undefined) {
      const daily = Object.entries(of.vix).map(
        ([day, close]) => `INDIA VIX,${day} 00:00:00,${close},${close},${close},${close}`,
      );
      paths.push(write(join(folder, 'vix.csv'), daily));
    }
    await importFiles({ paths, store, facts: importFactsOf(testReference()) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(path: string, lines: readonly string[]): string {
  writeFileSync(path, ['symbol,timestamp,open,high,low,close', ...lines, ''].join('\n'));
  return path;
}

function linesOf({ underlying, days, seed, open, intervalMs }: IndexSource): readonly string[] {
  return days.flatMap((day) => {
    const walk = indexWalk({ day, seed, ...(open && { open }), ...(intervalMs && { intervalMs }) });
    return Array.from(walk.starts, (start, row) => {
      const stamp = new Date(start + IST_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
      const prices = [walk.open, walk.high, walk.low, walk.close].map((column) => (column[row] ?? 0) / 100);
      return `${underlying},${stamp},${prices.join(',')}`;
    });
  });
}
