import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { CANDLE_ORDER } from '../../datasets/candle-row.ts';
import type { CandleStore } from '../candle-store.ts';
import type { Duck } from '../duckdb.ts';
import { fileList, literal } from '../duckdb.ts';

/** How a staging table becomes files: what names a partition, what identifies a row, what it says. */
interface TableSpec {
  readonly staging: string;
  readonly folder: string;
  readonly partition: readonly string[];
  readonly key: readonly string[];
  readonly values: readonly string[];
  readonly order: string;
  /** Whether a source stages each key once; of others the last row of a key counts. */
  readonly onceInSource: boolean;
}

const INSTRUMENT = ['kind', 'expiry', 'strike', '"right"'];

const TABLES: readonly TableSpec[] = [
  {
    staging: 'new_candles',
    folder: 'candles',
    partition: ['interval', 'underlying', 'date'],
    key: ['ts', ...INSTRUMENT],
    values: ['open', 'high', 'low', 'close', 'volume', 'oi'],
    order: CANDLE_ORDER,
    onceInSource: true,
  },
  {
    staging: 'new_quotes',
    folder: 'quotes',
    partition: ['underlying', 'date'],
    key: ['ts', ...INSTRUMENT],
    values: [
      ...['ltp', 'bid', 'ask', 'bid_quantity', 'ask_quantity', 'volume', 'oi', 'underlying_price', 'ts_exchange'],
    ],
    order: CANDLE_ORDER,
    onceInSource: false,
  },
  {
    staging: 'new_index',
    folder: 'daily/index',
    partition: ['name'],
    key: ['day'],
    values: ['open', 'high', 'low', 'close'],
    order: 'day',
    onceInSource: false,
  },
  {
    staging: 'new_contracts',
    folder: 'daily/contracts',
    partition: ['underlying', 'date'],
    key: ['day', ...INSTRUMENT],
    values: [...['open', 'high', 'low', 'close', 'settlement', 'underlying_price', 'volume', 'oi', 'lot_size']],
    order: CANDLE_ORDER.replace('ts', 'day'),
    onceInSource: false,
  },
];

/** What an import changed. */
export interface Changes {
  readonly added: number;
  readonly corrected: number;
  readonly unchanged: number;
  /** Rows that another source of the same import gave too. */
  readonly overlapping: number;
  /** Of these, rows that differed. */
  readonly conflicting: number;
  readonly partitions: number;
  /** A few corrections in words. */
  readonly examples: readonly string[];
}

/** Merges the staging tables into the store: every file is whole before it gets its name, the manifest comes last. */
export async function publish(duck: Duck, store: CandleStore): Promise<Changes> {
  const incoming = join(store.root, `.incoming-${process.pid}`);
  const totals = { added: 0, corrected: 0, unchanged: 0, overlapping: 0, conflicting: 0, partitions: 0 };
  const examples: string[] = [];
  try {
    const written: string[] = [];
    for (const table of TABLES) {
      const change = await mergeTable({ duck, store, table, incoming });
      for (const name of Object.keys(totals) as (keyof typeof totals)[]) totals[name] += change[name];
      examples.push(...change.examples);
      written.push(...change.files);
    }
    for (const file of written) moveIn(file, { from: incoming, to: store.root });
  } finally {
    rmSync(incoming, { recursive: true, force: true });
  }
  return { ...totals, examples: examples.slice(0, 5) };
}

interface MergeParts {
  readonly duck: Duck;
  readonly store: CandleStore;
  readonly table: TableSpec;
  readonly incoming: string;
}

async function mergeTable(parts: MergeParts): Promise<Changes & { readonly files: readonly string[] }> {
  const { duck, table } = parts;
  await makeFresh(duck, table);
  const seen = await duck.row<{ overlapping: number; conflicting: number }>(
    'SELECT count(*) FILTER (place > 1)::INTEGER AS overlapping, count(*) FILTER (place > 1 AND NOT same)::INTEGER AS conflicting FROM fresh',
  );
  const hasExisting = await loadExisting(parts);
  if (hasExisting) await duck.run(mergeSql(table));
  await duck.run(`CREATE OR REPLACE TEMP VIEW merged AS ${hasExisting ? 'FROM merged_rows' : addedSql(table)}`);
  const counted = await duck.row<{ added: number; corrected: number; unchanged: number }>(`
    SELECT count(*) FILTER (state = 'added')::INTEGER AS added, count(*) FILTER (state = 'corrected')::INTEGER AS corrected,
      count(*) FILTER (state = 'unchanged')::INTEGER AS unchanged FROM merged`);
  const examples = await correctionsOf(duck, table);
  const isChanged = counted.added + counted.corrected > 0;
  const files = isChanged ? await writePartitions(parts) : [];
  return { ...seen, ...counted, partitions: files.length, examples, files };
}

/** Writes each partition in which something changed whole, in the order of its rows, and says where. */
async function writePartitions({ duck, store, table, incoming }: MergeParts): Promise<readonly string[]> {
  store.claim('real');
  const { partition, key, values } = table;
  await duck.run(`CREATE OR REPLACE TABLE ordered AS SELECT ${[...partition, ...key, ...values].join(', ')} FROM merged
    SEMI JOIN (SELECT DISTINCT ${partition.join(', ')} FROM merged WHERE state IN ('added', 'corrected')) USING (${partition.join(', ')})
    ORDER BY ${[...partition, table.order].join(', ')}`);
  const names = await duck.rows<Record<string, string>>(
    `SELECT ${partition.map((name) => `${name}::VARCHAR AS ${name}`).join(', ')} FROM (SELECT DISTINCT ${partition.join(', ')} FROM ordered) ORDER BY ALL`,
  );
  const folders = names.map((of) => join(incoming, table.folder, ...partition.map((name) => `${name}=${of[name]}`)));
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  const files = folders.map((folder) => join(folder, 'rows.parquet'));
  await duck.runEach(
    names.map((of, at) => {
      const only = partition.map((name) => `${name} = ${literal(of[name] ?? '')}`).join(' AND ');
      return `COPY (SELECT ${[...key, ...values].join(', ')} FROM ordered WHERE ${only})
        TO ${literal(files[at] ?? '')} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`;
    }),
  );
  await duck.run('DROP TABLE ordered');
  return files;
}

/** Makes `fresh`: the staged rows, of several with one key the last first. Sources rarely overlap, and then nothing is sorted for it. */
async function makeFresh(duck: Duck, table: TableSpec): Promise<void> {
  const { staging, values } = table;
  const row = [...table.partition, ...table.key].join(', ');
  const told = values.join(', ');
  const placed = `SELECT *, row_number() OVER last_one AS place, (${told}) IS NOT DISTINCT FROM first_value((${told})) OVER last_one AS same
    FROM ${staging} WINDOW last_one AS (PARTITION BY ${row} ORDER BY source DESC, line DESC)`;
  const repeats = await mayRepeat(duck, table, row);
  if (repeats) await duck.run(`CREATE OR REPLACE TEMP TABLE placed AS ${placed}`);
  const from = repeats ? 'FROM placed' : `SELECT *, 1 AS place, true AS same FROM ${staging}`;
  await duck.run(`CREATE OR REPLACE TEMP VIEW fresh AS ${from}`);
}

async function mayRepeat(duck: Duck, { staging, onceInSource }: TableSpec, row: string): Promise<boolean> {
  const { sources } = await duck.row<{ sources: number }>(
    `SELECT count(DISTINCT source)::INTEGER AS sources FROM ${staging}`,
  );
  if (onceInSource && sources <= 1) return false;
  // Equal hashes of different keys only mean that the longer way is gone.
  const { again } = await duck.row<{ again: boolean }>(
    `SELECT count(DISTINCT hash(${row})) < count(*) AS again FROM ${staging}`,
  );
  return again;
}

/** The rows that the touched partitions hold already; says whether there are any. */
async function loadExisting({
  duck,
  store,
  table,
}: {
  readonly duck: Duck;
  readonly store: CandleStore;
  readonly table: TableSpec;
}): Promise<boolean> {
  const { partition } = table;
  await duck.run(
    `CREATE OR REPLACE TEMP TABLE existing AS SELECT ${[...partition, ...table.key, ...table.values].join(', ')} FROM fresh LIMIT 0`,
  );
  const touched = await duck.rows<Record<string, string>>(
    `SELECT ${partition.map((name) => `${name}::VARCHAR AS ${name}`).join(', ')} FROM (SELECT DISTINCT ${partition.join(', ')} FROM fresh) ORDER BY ALL`,
  );
  const files = touched.flatMap((names) =>
    store.tableFiles(...table.folder.split('/'), ...partition.map((name) => `${name}=${names[name]}`)),
  );
  if (files.length === 0) return false;
  const fields = [...table.key, ...table.values].join(', ');
  const names = partition.map(
    (name) => `regexp_extract(filename, '${name}=([^/\\\\]+)', 1)${name === 'date' ? '::DATE' : ''} AS ${name}`,
  );
  // A file put there by hand may repeat rows: one of each is read, and the next write leaves one file.
  await duck.run(`INSERT INTO existing SELECT ${names.join(', ')}, ${fields}
    FROM read_parquet(${fileList(files)}, hive_partitioning = false, filename = true)
    QUALIFY row_number() OVER (PARTITION BY ${[...names.map((name) => name.replace(/ AS \w+$/, '')), ...table.key].join(', ')} ORDER BY filename DESC) = 1`);
  return true;
}

/** Where the store holds nothing of the partitions, every row is new. */
function addedSql({ partition, key, values }: TableSpec): string {
  const before = values.map((name) => `NULL AS old_${name}`);
  return `SELECT ${[...partition, ...key, ...values, ...before].join(', ')}, 'added' AS state FROM fresh WHERE place = 1`;
}

/** One row for each key: an unknown value never replaces a known one, a differing known one is a correction. */
function mergeSql({ partition, key, values }: TableSpec): string {
  const on = [...partition, ...key].map((name) => `f.${name} IS NOT DISTINCT FROM e.${name}`).join(' AND ');
  const names = [...partition, ...key].map((name) => `coalesce(f.${name}, e.${name}) AS ${name}`);
  const merged = values.map((name) => `coalesce(f.${name}, e.${name}) AS ${name}`);
  const before = values.map((name) => `e.${name} AS old_${name}`);
  const differs = values.map((name) => `(f.${name} IS NOT NULL AND f.${name} IS DISTINCT FROM e.${name})`).join(' OR ');
  return `CREATE OR REPLACE TEMP TABLE merged_rows AS
    SELECT ${[...names, ...merged, ...before].join(', ')},
      CASE WHEN f.place IS NULL THEN 'kept' WHEN e.there IS NULL THEN 'added' WHEN ${differs} THEN 'corrected' ELSE 'unchanged' END AS state
    FROM (FROM fresh WHERE place = 1) f FULL JOIN (SELECT *, true AS there FROM existing) e ON ${on}`;
}

async function correctionsOf(duck: Duck, table: TableSpec): Promise<string[]> {
  const [value] = table.values.filter((name) => name === 'close' || name === 'ltp');
  if (value === undefined) return [];
  const rows = await duck.rows<{ text: string }>(`
    SELECT concat_ws(' ', ${[...table.partition, ...table.key].map((name) => `${name}::VARCHAR`).join(', ')}, '${value}', old_${value}, '->', ${value}) AS text
    FROM merged WHERE state = 'corrected' ORDER BY ${[...table.partition, table.order].join(', ')} LIMIT 5`);
  return rows.map(({ text }) => text);
}

/** Puts a whole new file in the place of whatever its partition held. */
function moveIn(file: string, between: { readonly from: string; readonly to: string }): void {
  const folder = join(between.to, dirname(relative(between.from, file)));
  mkdirSync(folder, { recursive: true });
  const others = readdirSync(folder).filter((name) => name.endsWith('.parquet') && name !== 'rows.parquet');
  renameSync(file, join(folder, 'rows.parquet'));
  for (const name of others) rmSync(join(folder, name));
}
