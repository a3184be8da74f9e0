import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PartitionName } from '../datasets/candle-row.ts';
import { CANDLE_ORDER } from '../datasets/candle-row.ts';
import type { SyntheticChoice } from '../datasets/synthetic/listing.ts';
import type { SyntheticMarket } from '../datasets/synthetic/synthetic-market.ts';
import type { Day } from '../engine/model/time.ts';
import { CSV_COLUMNS, csvOf } from './candle-csv.ts';
import type { CandleStore } from './candle-store.ts';
import { StoreProblem } from './candle-store.ts';
import { Duck, literal } from './duckdb.ts';
import { storageProblem } from './storage-problem.ts';

export interface SyntheticOrder {
  readonly store: CandleStore;
  readonly markets: readonly SyntheticMarket[];
  readonly from: Day;
  readonly to: Day;
  readonly choice?: SyntheticChoice;
  readonly progress?: (done: number, total: number, day: Day) => void;
}

export interface SyntheticOutcome {
  readonly days: number;
  readonly rows: number;
}

/**
 * Writes the days of some synthetic markets into a store of their own, which says what made it. Days that stand there are written anew:
 * the same seed gives the same rows. A store that is real, or of another seed, is refused.
 */
export async function writeSynthetic(order: SyntheticOrder): Promise<SyntheticOutcome> {
  const { store, markets } = order;
  claim(store, noteOf(markets));
  const work = markets.flatMap((market) => market.days(order.from, order.to).map((day) => ({ market, day })));
  const incoming = join(store.root, `.incoming-${process.pid}`);
  const duck = await Duck.open({ threads: 2 });
  let rows = 0;
  // While the database writes one day, the next is made.
  let writing: Promise<void> = Promise.resolve();
  try {
    mkdirSync(incoming, { recursive: true });
    for (const [done, { market, day }] of work.entries()) {
      order.progress?.(done, work.length, day);
      const candles = market.day(day, order.choice);
      if (candles === undefined) continue;
      const page = csvOf(candles);
      rows += page.rows;
      await writing;
      writing = writeDay({ duck, store, incoming }, { ...candles, underlying: market.underlying }, page.bytes);
    }
    await writing;
    for (const market of markets) await writeDailyValues({ duck, store, incoming }, market);
  } finally {
    await Promise.allSettled([writing]);
    duck.close();
    rmSync(incoming, { recursive: true, force: true });
  }
  return { days: work.length, rows };
}

/** What the card of a synthetic store says: candles of two recipes are never mixed. */
function noteOf(markets: readonly SyntheticMarket[]): string {
  const notes = new Set(markets.map((market) => market.note));
  return [...notes].join('; ');
}

function claim(store: CandleStore, note: string): void {
  store.refuseOther('synthetic');
  const card = store.card();
  if (card !== undefined && card.note !== note) {
    throw new StoreProblem(
      `${store.root} holds another market (${card.note}), not ${note}; name another folder with --store`,
    );
  }
  if (card === undefined && store.intervals().length > 0) {
    throw new StoreProblem(`${store.root} holds candles of unknown origin and takes no synthetic rows`);
  }
  store.claim('synthetic', note);
}

interface Desk {
  readonly duck: Duck;
  readonly store: CandleStore;
  readonly incoming: string;
}

function writeDay(desk: Desk, partition: PartitionName, csv: Uint8Array): Promise<void> {
  const text = join(desk.incoming, 'rows.csv');
  writeFileSync(text, csv);
  const source = `read_csv(${literal(text)}, auto_detect = false, header = false, delim = ',', quote = '', escape = '',
    columns = ${CSV_COLUMNS})`;
  return copyInto(desk, {
    sql: `SELECT * FROM ${source} ORDER BY ${CANDLE_ORDER}`,
    path: join(desk.store.partitionFolder(partition), 'rows0.parquet'),
  });
}

/** Official closes of every day that the store holds, and the volatility index beside NIFTY. */
async function writeDailyValues(desk: Desk, market: SyntheticMarket): Promise<void> {
  const days = desk.store.days({ intervalMs: 60_000, underlying: market.underlying });
  await writeDaily(
    desk,
    market.underlying,
    rowsOf(days, (day) => market.officialClose(day)),
  );
  if (market.underlying === 'NIFTY')
    await writeDaily(
      desk,
      'INDIA VIX',
      rowsOf(days, (day) => market.vixClose(day)),
    );
}

function rowsOf(days: readonly Day[], closeOn: (day: Day) => number | undefined): (readonly [Day, number])[] {
  return days.flatMap((day) => {
    const close = closeOn(day);
    return close === undefined ? [] : [[day, close] as const];
  });
}

async function writeDaily(desk: Desk, name: string, rows: readonly (readonly [Day, number])[]): Promise<void> {
  if (rows.length === 0) return;
  await desk.duck.run('CREATE OR REPLACE TEMP TABLE daily (day DATE, close INTEGER)');
  await desk.duck.fill('daily', rows);
  await copyInto(desk, {
    sql: 'SELECT day, NULL::INTEGER AS open, NULL::INTEGER AS high, NULL::INTEGER AS low, close FROM daily ORDER BY day',
    path: join(desk.store.root, 'daily', 'index', `name=${name}`, 'rows0.parquet'),
  });
}

/** A file has its name only when it is whole. */
async function copyInto(desk: Desk, file: { readonly sql: string; readonly path: string }): Promise<void> {
  const whole = join(desk.incoming, 'rows.parquet');
  try {
    await desk.duck.run(`COPY (${file.sql}) TO ${literal(whole)} (FORMAT parquet, COMPRESSION zstd)`);
    mkdirSync(dirname(file.path), { recursive: true });
    renameSync(whole, file.path);
  } catch (error) {
    throw storageProblem(coded(error), file.path);
  }
}

/** The database tells a full or locked disk in words only; the system's code is put beside them. */
function coded(error: unknown): unknown {
  if (!(error instanceof Error) || 'code' in error) return error;
  if (/No space left|disk quota/i.test(error.message)) return Object.assign(error, { code: 'ENOSPC' });
  return /Permission denied|Read-only/i.test(error.message) ? Object.assign(error, { code: 'EROFS' }) : error;
}
