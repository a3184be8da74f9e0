import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duck, literal } from '../../adapters/duckdb.ts';
import type { Sample } from './rounds.ts';
import { interleaved, printTable } from './rounds.ts';
import { madeStore, PROGRAM, ran, script } from './stores.ts';

const ROWS = 10_000_000;

/** Ten million candles of contracts with running volumes, contract after contract: our import beside the bare database's plain copy. */
export async function benchImport(folder: string, rounds: number): Promise<void> {
  const span = ['--from', '2021-01-01', '--to', '2025-12-31'];
  const store = madeStore(join(folder, 'straddle-store'), ['--bench', ...span]);
  const file = join(folder, 'candles.csv');
  await makeCsv(store, file);
  const scratch = mkdtempSync(join(tmpdir(), 'sim-bench-import-'));
  try {
    const sides = [
      {
        name: 'bare DuckDB, CSV to one Parquet file',
        once: () => cleaned(scratch, (to) => script('bare-csv', file, to)),
      },
      { name: 'sim data import, into a new store', once: () => cleaned(scratch, (to) => imported(file, to)) },
    ];
    printTable(`Import of ${ROWS} candle rows of CSV, whole process`, interleaved(sides, rounds));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function cleaned(scratch: string, once: (to: string) => Sample): Sample {
  const to = join(scratch, 'out');
  try {
    return once(to);
  } finally {
    rmSync(to, { recursive: true, force: true });
  }
}

function imported(file: string, store: string): Sample {
  const began = performance.now();
  const out = ran(process.execPath, [PROGRAM, 'data', 'import', file, '--store', store]);
  const ms = performance.now() - began;
  return { ms, answer: /[\d,]+ rows added/.exec(out)?.[0] ?? out };
}

/** The store's options as vendors deliver them, made once: rupees, clock times, the day's running volume, contract by contract. */
async function makeCsv(store: string, file: string): Promise<void> {
  if (existsSync(file)) return;
  console.log(`\nMaking ${file}, once (some minutes)`);
  const duck = await Duck.open({ threads: 2 });
  try {
    await duck.run(`COPY (
        SELECT 'NIFTY' || upper(strftime(expiry, '%d%b%y')) || (strike // 100) || "right" AS "Symbol",
          strftime(to_timestamp((ts + 19800000) // 1000) AT TIME ZONE 'UTC', '%Y-%m-%d') AS "Date",
          strftime(to_timestamp((ts + 19800000) // 1000) AT TIME ZONE 'UTC', '%H:%M:%S') AS "Time",
          open / 100 AS "Open", low / 100 AS "Low", close / 100 AS "Close", high / 100 AS "High",
          sum(volume) OVER (PARTITION BY expiry, strike, "right", ts // 86400000 ORDER BY ts)::BIGINT AS "Volume",
          oi AS "Open Interest"
        FROM (
          SELECT * FROM read_parquet(${literal(join(store, 'candles/**/*.parquet'))}, hive_partitioning = false)
          WHERE kind = 'option' ORDER BY ts DESC, expiry, strike, "right" LIMIT ${ROWS})
        ORDER BY expiry, strike, "right", ts)
      TO ${literal(`${file}.part`)} (FORMAT csv, HEADER)`);
  } finally {
    duck.close();
  }
  renameSync(`${file}.part`, file);
}
