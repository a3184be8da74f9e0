import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DailyName } from '../datasets/import/symbol-styles.ts';
import type { Day } from '../engine/model/time.ts';
import { isDay } from '../engine/model/time.ts';
import type { CandleStore } from './candle-store.ts';
import { signatureOf, writeJson } from './candle-store.ts';
import { Duck, fileList } from './duckdb.ts';

/** A day's official values of an index, in paise (of a volatility index, in hundredths of a point). */
export interface DailyValue {
  readonly day: Day;
  readonly open: number | null;
  readonly high: number | null;
  readonly low: number | null;
  readonly close: number;
  /** The table it stands in: published index values, or the underlying price of a bhavcopy. */
  readonly from: 'index' | 'bhavcopy';
}

interface Asked {
  readonly store: CandleStore;
  readonly name: DailyName;
  readonly folder: () => string;
  readonly threads: number;
}

/** Reads the daily values of a name, from the cache beside the store when it is fresh. */
export async function readDailyValues(asked: Asked): Promise<readonly DailyValue[]> {
  const { store, name } = asked;
  const published = store.tableFiles('daily', 'index', `name=${name}`);
  const contracts = store
    .tableParts('date=', 'daily', 'contracts', `underlying=${name}`)
    .flatMap((day) => store.tableFiles('daily', 'contracts', `underlying=${name}`, `date=${day}`));
  if (published.length + contracts.length === 0) return [];

  const folder = join(asked.folder(), 'daily');
  const path = join(folder, `${name}.json`);
  const sources = `${signatureOf(published)}#${signatureOf(contracts)}`;
  const cached = readCache(path);
  if (cached?.sources === sources) return cached.values;
  const values = await queryValues({ published, contracts, threads: asked.threads });
  mkdirSync(folder, { recursive: true });
  writeJson(path, { sources, values });
  return values;
}

function readCache(path: string): { sources: string; values: DailyValue[] } | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { sources: string; values: DailyValue[] };
  } catch {
    return undefined;
  }
}

/** Published values first; a bhavcopy's underlying price stands in on days that have nothing else. */
async function queryValues(from: {
  readonly published: readonly string[];
  readonly contracts: readonly string[];
  readonly threads: number;
}): Promise<DailyValue[]> {
  const duck = await Duck.open({ threads: from.threads });
  try {
    const parts: string[] = [];
    if (from.published.length > 0) {
      parts.push(`SELECT day, open, high, low, close, 'index' AS "from", 0 AS rank
        FROM read_parquet(${fileList(from.published)}, hive_partitioning = false)`);
    }
    if (from.contracts.length > 0) {
      parts.push(`SELECT day, NULL AS open, NULL AS high, NULL AS low, mode(underlying_price) AS close, 'bhavcopy', 1
        FROM read_parquet(${fileList(from.contracts)}, hive_partitioning = false)
        WHERE underlying_price IS NOT NULL GROUP BY day`);
    }
    const rows = await duck.rows<DailyValue>(
      `SELECT day::VARCHAR AS day, open, high, low, close, "from" FROM (${parts.join(' UNION ALL ')})
       QUALIFY row_number() OVER (PARTITION BY day ORDER BY rank) = 1 ORDER BY day`,
    );
    return rows.filter(({ day }) => isDay(day));
  } finally {
    duck.close();
  }
}
