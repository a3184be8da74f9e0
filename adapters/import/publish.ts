import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
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
  },
  {
    staging: 'new_index',
    folder: 'daily/index',
    partition: ['name'],
    key: ['day'],
    values: ['open', 'high', 'low', 'close'],
    order: 'day',
  },
  {
    staging: 'new_contracts',
    folder: 'daily/contracts',
    partition: ['underlying', 'date'],
    key: ['day', ...INSTRUMENT],
    values: [...['open', 'high', 'low', 'close', 'settlement', 'underlying_price', 'volume', 'oi', 'lot_size']],
    order: CANDLE_ORDER.replace('ts', 'day'),
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

async function mergeTable(parts: {
  readonly duck: Duck;
  readonly store: CandleStore;
  readonly table: TableSpec;
  readonly incoming: string;
}): Promise<Changes & { readonly files: readonly string[] }> {
  const { duck, store, table, incoming } = parts;
  const { partition, key, values } = table;
  const row = [...partition, ...key];
  await duck.run(`CREATE OR REPLACE TEMP TABLE fresh AS SELECT * FROM (
    SELECT *, row_number() OVER last_one AS place, (${values.join(', ')}) IS NOT DISTINCT FROM first_value((${values.join(', ')})) OVER last_one AS same
    FROM ${table.staging} WINDOW last_one AS (PARTITION BY ${row.join(', ')} ORDER BY source DESC, line DESC))`);
  const seen = await duck.row<{ overlapping: number; conflicting: number }>(
    'SELECT count(*) FILTER (place > 1)::INTEGER AS overlapping, count(*) FILTER (place > 1 AND NOT same)::INTEGER AS conflicting FROM fresh',
  );
  await loadExisting(parts);
  await duck.run(mergeSql(table));
  const counted = await duck.row<{ added: number; corrected: number; unchanged: number; partitions: number }>(`
    SELECT count(*) FILTER (state = 'added')::INTEGER AS added, count(*) FILTER (state = 'corrected')::INTEGER AS corrected,
      count(*) FILTER (state = 'unchanged')::INTEGER AS unchanged,
      count(DISTINCT (${partition.join(', ')})) FILTER (state IN ('added', 'corrected'))::INTEGER AS partitions FROM merged`);
  const examples = await correctionsOf(duck, table);
  const changed = counted.added + counted.corrected > 0;
  if (changed) {
    store.claim('real');
    mkdirSync(dirname(join(incoming, table.folder)), { recursive: true });
    const columns = [...partition, ...key, ...values].map((name) => name);
    await duck.run('SET threads = 1');
    await duck.run(`COPY (
        SELECT ${columns.join(', ')} FROM merged
        SEMI JOIN (SELECT DISTINCT ${partition.join(', ')} FROM merged WHERE state IN ('added', 'corrected')) USING (${partition.join(', ')})
        ORDER BY ${[...partition, table.order].join(', ')})
      TO ${literal(join(incoming, table.folder))} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (${partition.join(', ')}), FILENAME_PATTERN 'rows')`);
    await duck.run('RESET threads');
  }
  const files = changed ? walk(join(incoming, table.folder)) : [];
  return { ...seen, ...counted, examples, files };
}

/** The rows that the touched partitions hold already. */
async function loadExisting({
  duck,
  store,
  table,
}: {
  readonly duck: Duck;
  readonly store: CandleStore;
  readonly table: TableSpec;
}): Promise<void> {
  const { partition } = table;
  await duck.run(
    `CREATE OR REPLACE TEMP TABLE existing AS SELECT ${[...partition, ...table.key, ...table.values].join(', ')} FROM fresh LIMIT 0`,
  );
  const touched = await duck.rows<Record<string, string>>(
    `SELECT DISTINCT ${partition.map((name) => `${name}::VARCHAR AS ${name}`).join(', ')} FROM fresh ORDER BY ALL`,
  );
  const files = touched.flatMap((names) =>
    store.tableFiles(...table.folder.split('/'), ...partition.map((name) => `${name}=${names[name]}`)),
  );
  if (files.length === 0) return;
  const fields = [...table.key, ...table.values].join(', ');
  const names = partition.map(
    (name) => `regexp_extract(filename, '${name}=([^/\\\\]+)', 1)${name === 'date' ? '::DATE' : ''} AS ${name}`,
  );
  // A file put there by hand may repeat rows: one of each is read, and the next write leaves one file.
  await duck.run(`INSERT INTO existing SELECT ${names.join(', ')}, ${fields}
    FROM read_parquet(${fileList(files)}, hive_partitioning = false, filename = true)
    QUALIFY row_number() OVER (PARTITION BY ${[...names.map((name) => name.replace(/ AS \w+$/, '')), ...table.key].join(', ')} ORDER BY filename DESC) = 1`);
}

/** One row for each key: an unknown value never replaces a known one, a differing known one is a correction. */
function mergeSql({ partition, key, values }: TableSpec): string {
  const on = [...partition, ...key].map((name) => `f.${name} IS NOT DISTINCT FROM e.${name}`).join(' AND ');
  const names = [...partition, ...key].map((name) => `coalesce(f.${name}, e.${name}) AS ${name}`);
  const merged = values.map((name) => `coalesce(f.${name}, e.${name}) AS ${name}`);
  const before = values.map((name) => `e.${name} AS old_${name}`);
  const differs = values.map((name) => `(f.${name} IS NOT NULL AND f.${name} IS DISTINCT FROM e.${name})`).join(' OR ');
  return `CREATE OR REPLACE TEMP TABLE merged AS
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
  // DuckDB writes a space in a folder's name as %20; folders of the store have the plain name.
  const folder = join(between.to, decodeURIComponent(dirname(relative(between.from, file))));
  mkdirSync(folder, { recursive: true });
  const others = readdirSync(folder).filter((name) => name.endsWith('.parquet') && name !== 'rows.parquet');
  renameSync(file, join(folder, 'rows.parquet'));
  for (const name of others) rmSync(join(folder, name));
}

function walk(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.parquet'))
    .map((name) => join(folder, name.split(sep).join(sep)));
}
