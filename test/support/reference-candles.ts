/**
 * Days of the shared candle folders, read a second time with a reader of their own: no importer, no store, no DuckDB. Bars
 * outside 09:15 to 15:30 are dropped; highs and lows that do not hold open and close are widened.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ReferenceCandle, ReferenceDay } from './reference-market.ts';
import { msOf } from './reference-market.ts';

type Frame = Omit<ReferenceDay, 'candles'>;

const SESSION = { startMs: msOf('09:15'), endMs: msOf('15:30') };

/** NIFTY with its index; contracts of the expiry of 2021-06-17. */
export function niftyDay2021(folder: string, date: '2021-06-11' | '2021-06-14'): ReferenceDay {
  const frame: Frame = { ...SESSION, date, underlying: 'NIFTY', exchange: 'NFO', lotSize: 75, intervalMs: 60_000 };
  const candles = new Map<string, (ReferenceCandle | undefined)[]>();
  for (const name of readdirSync(folder)) {
    const contract = /^NIFTY21617(\d+)([CP]E)_/.exec(name);
    const key = contract === null ? 'NIFTY' : `${contract[1]} ${contract[2]}`;
    for (const row of rowsOf(join(folder, name))) {
      if (row['Date'] !== date) continue;
      const volume = key === 'NIFTY' ? undefined : Number(row['VOLUME']);
      put(candles, frame, { key, at: msOf(cell(row, 'TIME1').slice(0, 5)), candle: { ...pricesOf(row), volume } });
    }
  }
  return { ...frame, candles };
}

/**
 * BANKNIFTY without an index; contracts of the expiry of 2023-04-13. Volume is cumulative in the file and differenced from
 * row to row. A row of zeros is no candle, nor is one without open and close; an open that alone is missing is the close
 * before it, held inside low and high.
 */
export function bankNiftyDay2023(folder: string, date: '2023-04-10' | '2023-04-11'): ReferenceDay {
  const frame: Frame = { ...SESSION, date, underlying: 'BANKNIFTY', exchange: 'NFO', lotSize: 25, intervalMs: 60_000 };
  const candles = new Map<string, (ReferenceCandle | undefined)[]>();
  const before = new Map<string, { readonly traded: number; readonly close: number | undefined }>();
  for (const row of rowsOf(join(folder, `banknifty_fno_1min_${date}.csv.gz`), 'BANKNIFTY13APR23')) {
    const key = cell(row, 'Symbol').replace(/^BANKNIFTY13APR23(\d+)([CP]E)$/, '$1 $2');
    const traded = Number(row['Volume']);
    const last = before.get(key) ?? { traded: 0, close: undefined };
    const { open, high, low, close } = pricesOf(row);
    before.set(key, { traded, close: close === 0 ? last.close : close });
    if (close === 0) continue;
    const repaired = open === 0 ? Math.min(Math.max(last.close ?? close, low), high) : open;
    const candle = { open: repaired, high, low, close, volume: traded - last.traded };
    put(candles, frame, { key, at: msOf(cell(row, 'Time').slice(0, 5)), candle });
  }
  return { ...frame, candles };
}

/** SENSEX in candles of three minutes, without an index on this day; contracts of the expiry of 2025-09-11. */
export function sensexDay2025(folder: string): ReferenceDay {
  const date = '2025-09-04';
  const frame: Frame = { ...SESSION, date, underlying: 'SENSEX', exchange: 'BFO', lotSize: 20, intervalMs: 180_000 };
  const candles = new Map<string, (ReferenceCandle | undefined)[]>();
  for (const name of readdirSync(folder)) {
    const contract = /^SENSEX25911(\d+)([CP]E)_2025-09-04/.exec(name);
    if (contract === null) continue;
    for (const row of rowsOf(join(folder, name))) {
      const candle = { ...pricesOf(row), volume: Number(row['volume']) };
      put(candles, frame, {
        key: `${contract[1]} ${contract[2]}`,
        at: msOf(cell(row, 'timestamp').slice(11, 16)),
        candle,
      });
    }
  }
  return { ...frame, candles };
}

type Row = Readonly<Record<string, string>>;

interface Placed {
  readonly key: string;
  readonly at: number;
  readonly candle: ReferenceCandle;
}

function put(candles: Map<string, (ReferenceCandle | undefined)[]>, frame: Frame, { key, at, candle }: Placed): void {
  if (at < frame.startMs || at >= frame.endMs) return;
  const { open, high, low, close, volume } = candle;
  const minutes = candles.get(key) ?? [];
  candles.set(key, minutes);
  minutes[(at - frame.startMs) / frame.intervalMs] = {
    open,
    high: Math.max(open, high, low, close),
    low: Math.min(open, high, low, close),
    close,
    volume,
  };
}

/** Rows under the names of the header; with a start given, only lines that begin with it. */
function rowsOf(path: string, start = ''): readonly Row[] {
  const [header = '', ...lines] = gunzipSync(readFileSync(path)).toString('utf8').split(/\r?\n/);
  const names = cellsOf(header);
  return lines
    .filter((line) => line !== '' && line.startsWith(start))
    .map((line) => {
      const cells = cellsOf(line);
      return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']));
    });
}

function cellsOf(line: string): readonly string[] {
  return line.split(',').map((text) => text.replaceAll('"', ''));
}

function pricesOf(row: Row): Omit<ReferenceCandle, 'volume'> {
  const price = (name: string) => Math.round(Number(row[name] ?? row[name.toLowerCase()] ?? '') * 100);
  return { open: price('Open'), high: price('High'), low: price('Low'), close: price('Close') };
}

function cell(row: Row, name: string): string {
  const text = row[name];
  if (text === undefined) throw new Error(`the file has no column ${name}`);
  return text;
}
