import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The yardstick's data: one instrument through a million minutes, and a year of an index with 42 options. The numbers are those of the
 * published anchors, draw for draw, so that known answers can be asked for; prices are paise on the tick.
 */
export const ONE_BARS = 1_000_000;
export const YEAR = { days: 250, minutes: 375, instruments: 43 } as const;

/** First half of the SHA-256 over all columns, as published with the anchors. */
const KNOWN_HASH = '2cb344268b65a59f';

/** Columns of candles. Start of the bar in epoch milliseconds. */
export interface Bars {
  readonly ts: Float64Array;
  readonly open: Int32Array;
  readonly high: Int32Array;
  readonly low: Int32Array;
  readonly close: Int32Array;
  readonly volume: Int32Array;
}

/** The year's candles: 375 minutes a day, within a minute the index and then its options. */
export interface YearBars extends Bars {
  readonly instrument: Int32Array;
  readonly oi: Int32Array;
}

type Column = keyof YearBars;

const ONE_COLUMNS = ['ts', 'open', 'high', 'low', 'close', 'volume'] as const;
const YEAR_COLUMNS = ['ts', 'instrument', 'open', 'high', 'low', 'close', 'volume', 'oi'] as const;
const SESSION_MINUTES = 375;
const MINUTE = 60_000;

/** Makes both data sets in a folder unless they are there, and proves them by their hash. */
export function makeYardstick(folder: string): void {
  if (existsSync(join(folder, 'yardstick.sha256'))) return;
  mkdirSync(folder, { recursive: true });
  const [one, year] = [oneInstrument(), optionYear()];
  const hash = createHash('sha256');
  for (const name of ONE_COLUMNS) put(folder, `one.${name}`, one[name], hash);
  for (const name of YEAR_COLUMNS) put(folder, `year.${name}`, year[name], hash);
  const digest = hash.digest('hex');
  if (!digest.startsWith(KNOWN_HASH))
    throw new Error(`the yardstick's data hash to ${digest}, not to ${KNOWN_HASH}...`);
  writeFileSync(join(folder, 'yardstick.part'), `${digest}\n`);
  renameSync(join(folder, 'yardstick.part'), join(folder, 'yardstick.sha256'));
}

/** The first bars of the one instrument. */
export function readOne(folder: string, bars: number): Bars {
  return {
    ts: float64(folder, 'one.ts').subarray(0, bars),
    open: int32(folder, 'one.open').subarray(0, bars),
    high: int32(folder, 'one.high').subarray(0, bars),
    low: int32(folder, 'one.low').subarray(0, bars),
    close: int32(folder, 'one.close').subarray(0, bars),
    volume: int32(folder, 'one.volume').subarray(0, bars),
  };
}

/** One column of the year. */
export function readYearColumn(folder: string, name: Exclude<Column, 'ts'>): Int32Array {
  return int32(folder, `year.${name}`);
}

function put(
  folder: string,
  name: string,
  column: Float64Array | Int32Array,
  hash: ReturnType<typeof createHash>,
): void {
  const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  hash.update(bytes);
  writeFileSync(join(folder, `${name}.bin`), bytes);
}

function int32(folder: string, name: string): Int32Array {
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, `${name}.bin`));
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}

function float64(folder: string, name: string): Float64Array {
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, `${name}.bin`));
  return new Float64Array(buffer, byteOffset, byteLength / 8);
}

/** Weekday sessions from 2015, 375 minutes each. */
export function oneInstrument(count: number = ONE_BARS): Bars {
  const [chance, opens] = [new Chance(42), sessionOpens(Math.ceil(count / SESSION_MINUTES), 2015)];
  const bars = emptyBars(count);
  let last = 2_000_000;
  for (let i = 0; i < count; i += 1) {
    const minute = i % SESSION_MINUTES;
    bars.ts[i] = (opens[Math.floor(i / SESSION_MINUTES)] ?? 0) + minute * MINUTE;
    const open = onTick(last * (1 + (minute === 0 ? 0.002 : 0.00005) * chance.normal()));
    const close = onTick(open * (1 + 0.0004 * chance.normal() + (2_000_000 - open) * 1e-12));
    const high = onTick(Math.max(open, close) * (1 + 0.0002 * Math.abs(chance.normal())));
    const low = onTick(Math.min(open, close) * (1 - 0.0002 * Math.abs(chance.normal())));
    bars.open[i] = open;
    bars.close[i] = close;
    bars.high[i] = Math.max(high, open, close);
    bars.low[i] = Math.min(low, open, close);
    bars.volume[i] = 50 * (1 + Math.trunc(chance.uniform() * 400));
    last = close;
  }
  return bars;
}

/** An index from 22,000 and the options of 21 strikes on each day's money, five days to expiry at most. */
function optionYear(): YearBars {
  const cells = YEAR.days * YEAR.minutes * YEAR.instruments;
  const [chance, opens] = [new Chance(7), sessionOpens(YEAR.days, 2024)];
  const bars = { ...emptyBars(cells), instrument: new Int32Array(cells), oi: new Int32Array(cells) };
  let [spot, cell] = [2_200_000, 0];
  for (let day = 0; day < YEAR.days; day += 1) {
    const money = Math.round(spot / 5_000) * 5_000;
    for (let minute = 0; minute < YEAR.minutes; minute += 1) {
      const years = ((5 - (day % 5)) * YEAR.minutes - minute) / (YEAR.minutes * YEAR.days);
      const next = onTick(spot * (1 + 0.0004 * chance.normal()));
      for (let k = 0; k < YEAR.instruments; k += 1, cell += 1) {
        let [open, close] = [spot, next];
        if (k > 0) {
          const strike = money + (((k - 1) >> 1) - 10) * 5_000;
          const sign = k % 2 === 1 ? 1 : -1;
          open = onTick(Math.max(0, sign * (spot - strike)) + timeValue(spot, spot - strike, years));
          const worth = Math.max(0, sign * (next - strike)) + timeValue(spot, next - strike, years);
          close = onTick(worth * (1 + 0.002 * chance.normal()));
        }
        bars.ts[cell] = (opens[day] ?? 0) + minute * MINUTE;
        bars.instrument[cell] = k;
        bars.open[cell] = open;
        bars.close[cell] = close;
        const [top, bottom] = [Math.max(open, close), Math.min(open, close)];
        bars.high[cell] = Math.max(onTick(top * (1 + 0.0003 * chance.uniform())), top);
        bars.low[cell] = Math.min(onTick(bottom * (1 - 0.0003 * chance.uniform())), bottom);
        bars.volume[cell] = 75 * Math.trunc(chance.uniform() * 500);
        bars.oi[cell] = 75 * (1_000 + Math.trunc(chance.uniform() * 5_000));
      }
      spot = next;
    }
  }
  return bars;
}

/** A bell around the strike, as wide as the volatility of 14 % makes it. */
function timeValue(spot: number, distance: number, years: number): number {
  const root = Math.sqrt(Math.max(years, 1e-5));
  const width = spot * 0.14 * root;
  return 0.4 * spot * 0.14 * root * Math.exp(-(distance * distance) / (2 * width ** 2));
}

function emptyBars(bars: number): Bars {
  return {
    ts: new Float64Array(bars),
    open: new Int32Array(bars),
    high: new Int32Array(bars),
    low: new Int32Array(bars),
    close: new Int32Array(bars),
    volume: new Int32Array(bars),
  };
}

/** 09:15 in India of so many weekdays from the first of a year. */
function sessionOpens(count: number, year: number): number[] {
  const opens: number[] = [];
  for (let at = Date.UTC(year, 0, 1, 3, 45); opens.length < count; at += 86_400_000) {
    if (new Date(at).getUTCDay() % 6 !== 0) opens.push(at);
  }
  return opens;
}

function onTick(price: number): number {
  return Math.max(5, Math.round(price / 5) * 5);
}

/** The yardstick's chance: mulberry32, and normal draws by Box and Muller from two of its numbers. */
class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  normal(): number {
    let first = 0;
    while (first === 0) first = this.uniform();
    return Math.sqrt(-2 * Math.log(first)) * Math.cos(2 * Math.PI * this.uniform());
  }
}
