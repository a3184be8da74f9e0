import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CANDLE_ORDER } from '../datasets/candle-row.ts';
import type { SyntheticChoice } from '../datasets/synthetic/listing.ts';
import type { SyntheticMarket } from '../datasets/synthetic/synthetic-market.ts';
import type { DayCandles } from '../engine/model/candle-frame.ts';
import type { Instrument, Underlying } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import type { CandleStore } from './candle-store.ts';
import { StoreProblem } from './candle-store.ts';
import { Duck, literal } from './duckdb.ts';

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
  const duck = await Duck.open({ threads: 1 });
  let rows = 0;
  try {
    mkdirSync(incoming, { recursive: true });
    for (const [done, { market, day }] of work.entries()) {
      order.progress?.(done, work.length, day);
      const candles = market.day(day, order.choice);
      if (candles !== undefined) rows += await writeDay({ duck, store, incoming }, market.underlying, candles);
    }
    for (const market of markets) await writeDailyValues({ duck, store, incoming }, market);
  } finally {
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

async function writeDay(desk: Desk, underlying: Underlying, candles: DayCandles): Promise<number> {
  const { store, incoming } = desk;
  const text = join(incoming, 'rows.csv');
  const { csv, rows } = csvOf(candles);
  writeFileSync(text, csv);
  const columns = `{'ts': 'BIGINT', 'kind': 'VARCHAR', 'expiry': 'DATE', 'strike': 'INTEGER', 'right': 'VARCHAR', 'open': 'INTEGER',
    'high': 'INTEGER', 'low': 'INTEGER', 'close': 'INTEGER', 'volume': 'INTEGER', 'oi': 'INTEGER'}`;
  const partition = { intervalMs: candles.intervalMs, underlying, day: candles.day };
  await copyInto(desk, {
    sql: `SELECT * FROM read_csv(${literal(text)}, header = false, delim = ',', quote = '', escape = '', columns = ${columns})
      ORDER BY ${CANDLE_ORDER}`,
    path: join(store.partitionFolder(partition), 'rows0.parquet'),
  });
  return rows;
}

/** Rows of the candles that exist, by minute and instrument; unknown volume and open interest are left empty. */
function csvOf({ starts, instruments, columns }: DayCandles): { readonly csv: string; readonly rows: number } {
  const { open, high, low, close, volume, oi, valid } = columns;
  const names = instruments.map(nameOf);
  const lines: string[] = [];
  for (let m = 0; m < starts.length; m += 1) {
    for (let slot = 0; slot < names.length; slot += 1) {
      const cell = m * names.length + slot;
      if (valid[cell] !== 1) continue;
      const counts = `${known(volume[cell])},${known(oi[cell])}`;
      lines.push(`${starts[m]},${names[slot]},${open[cell]},${high[cell]},${low[cell]},${close[cell]},${counts}`);
    }
  }
  return { csv: `${lines.join('\n')}\n`, rows: lines.length };
}

function known(count: number | undefined): string {
  return count === undefined || count < 0 ? '' : String(count);
}

function nameOf(instrument: Instrument): string {
  if (instrument.kind === 'index') return 'index,,,';
  if (instrument.kind === 'future') return `future,${instrument.expiry},,`;
  return `option,${instrument.expiry},${instrument.strike},${instrument.right}`;
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
  await desk.duck.run(`COPY (${file.sql}) TO ${literal(whole)} (FORMAT parquet, COMPRESSION zstd)`);
  mkdirSync(dirname(file.path), { recursive: true });
  renameSync(whole, file.path);
}
