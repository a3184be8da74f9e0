import { existsSync, readFileSync } from 'node:fs';
import { intervalText } from '../datasets/candle-row.ts';
import type { Manifest, StoreKind } from '../datasets/manifest.ts';
import { Manifest as ManifestShape } from '../datasets/manifest.ts';
import type { Day } from '../engine/model/time.ts';
import type { CandleStore } from './candle-store.ts';
import type { Duck } from './duckdb.ts';
import { fileList } from './duckdb.ts';

/** One table of a store: candles of an underlying at an interval, its quotes, or daily values. */
export interface TableSummary {
  readonly table: 'candles' | 'quotes' | 'daily contracts' | 'daily index';
  readonly name: string;
  readonly interval: string | null;
  readonly days: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly rows: number;
}

export interface StoreSummary {
  readonly store: string;
  readonly kind: StoreKind;
  readonly tables: readonly TableSummary[];
  readonly imports: number;
}

/** What a store holds, from the names of its folders and the ends of its files. */
export async function summarise(store: CandleStore, duck: Duck): Promise<StoreSummary> {
  const tables: TableSummary[] = [];
  for (const intervalMs of store.intervals()) {
    for (const underlying of store.underlyings(intervalMs)) {
      const days = store.days({ intervalMs, underlying });
      const files = days.flatMap((day) => store.partitionFiles({ intervalMs, underlying, day }));
      const rows = await rowsIn(duck, files);
      tables.push({ table: 'candles', name: underlying, interval: intervalText(intervalMs), ...spanOf(days), rows });
    }
  }
  for (const [table, ...folder] of [
    ['quotes', 'quotes'],
    ['daily contracts', 'daily', 'contracts'],
  ] as const) {
    for (const name of store.tableParts('underlying=', ...folder)) {
      const days = store.tableParts('date=', ...folder, `underlying=${name}`) as Day[];
      const files = days.flatMap((day) => store.tableFiles(...folder, `underlying=${name}`, `date=${day}`));
      tables.push({ table, name, interval: null, ...spanOf(days), rows: await rowsIn(duck, files) });
    }
  }
  for (const name of store.tableParts('name=', 'daily', 'index')) tables.push(await indexSummary(store, duck, name));
  return { store: store.root, kind: store.kind ?? 'real', tables, imports: store.manifests().length };
}

/** The manifests of all imports, in order of name. */
export function readManifests(store: CandleStore): Manifest[] {
  return store
    .manifests()
    .filter((path) => existsSync(path))
    .map((path) => ManifestShape.parse(JSON.parse(readFileSync(path, 'utf8'))));
}

async function indexSummary(store: CandleStore, duck: Duck, name: string): Promise<TableSummary> {
  const files = store.tableFiles('daily', 'index', `name=${name}`);
  const of = await duck.row<{ days: number; first: string | null; last: string | null }>(
    `SELECT count(*)::INTEGER AS days, min(day)::VARCHAR AS first, max(day)::VARCHAR AS last
     FROM read_parquet(${fileList(files)}, hive_partitioning = false)`,
  );
  return { table: 'daily index', name, interval: null, ...of, rows: of.days };
}

function spanOf(days: readonly Day[]): Pick<TableSummary, 'days' | 'first' | 'last'> {
  return { days: days.length, first: days[0] ?? null, last: days.at(-1) ?? null };
}

async function rowsIn(duck: Duck, files: readonly string[]): Promise<number> {
  if (files.length === 0) return 0;
  const { rows } = await duck.row<{ rows: number }>(
    `SELECT sum(num_rows)::BIGINT AS rows FROM parquet_file_metadata(${fileList(files)})`,
  );
  return rows;
}
