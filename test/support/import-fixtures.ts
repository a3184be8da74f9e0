import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { Duck, fileList } from '../../adapters/duckdb.ts';
import type { ImportOutcome } from '../../adapters/import/import-run.ts';
import { importFiles } from '../../adapters/import/import-run.ts';
import { readMap } from '../../adapters/import/map-file.ts';
import { readReference } from '../../adapters/reference-files.ts';
import { importFactsOf } from '../../datasets/import/import-facts.ts';
import { repositoryRoot } from './require-tools.ts';

const reference = readReference(join(repositoryRoot, 'datasets/reference'));

/** What imports ask of the program's own dated tables. */
export const facts = importFactsOf(reference);

/** A self-made source below `test/fixtures/import`. */
export function fixture(...parts: readonly string[]): string {
  return resolve(repositoryRoot, 'test/fixtures/import', ...parts);
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sim-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Imports fixtures into a store, or any paths when they are absolute. */
export async function importInto(
  store: string,
  names: readonly string[],
  options: { readonly map?: string; readonly threads?: number } = {},
): Promise<ImportOutcome> {
  const paths = names.map((name) => fixture(name));
  const map = options.map === undefined ? {} : { map: await readMap(fixture(options.map)) };
  return await importFiles({ paths, store, facts, threads: options.threads ?? 2, ...map });
}

/** Rows of a query over the Parquet files of a table of the store, as texts. */
export async function storedRows(store: string, table: string, columns: string): Promise<string[]> {
  const duck = await Duck.open();
  try {
    const files = await duck.rows<{ file: string }>(
      `SELECT file FROM glob('${store}/${table}/**/*.parquet') ORDER BY file`,
    );
    const list = fileList(files.map(({ file }) => file));
    const rows = await duck.rows<{ text: string }>(
      `SELECT concat_ws(' ', ${columns}) AS text FROM read_parquet(${list}, hive_partitioning = true) ORDER BY ALL`,
    );
    return rows.map(({ text }) => text);
  } finally {
    duck.close();
  }
}

/** Stored candles, one text a row: day, clock, contract, prices in paise, volume and open interest with `?` for unknown. */
export async function storedCandles(store: string): Promise<string[]> {
  return await storedRows(
    store,
    'candles',
    `interval, strftime(epoch_ms(ts + 19800000), '%Y-%m-%d %H:%M'), underlying, kind, expiry, strike, "right", open, high, low, close,
     coalesce(volume::VARCHAR, '?'), coalesce(oi::VARCHAR, '?')`,
  );
}
