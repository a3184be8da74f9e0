import { invariant } from '../assert.ts';
import type { Instrument } from './instrument.ts';
import { instrumentKey } from './instrument.ts';
import type { Day, EpochMs } from './time.ts';

/** Stands in the volume and open-interest columns where the source does not say: neither a number nor zero. */
export const UNKNOWN = -1;

/**
 * Candles as columns. Cell `minute * slots + slot` belongs to one instrument in one minute; prices are paise, volume and open
 * interest are units of the underlying (not lots). A cell counts only where `valid` is 1.
 */
export interface CandleColumns {
  readonly open: Int32Array;
  readonly high: Int32Array;
  readonly low: Int32Array;
  readonly close: Int32Array;
  readonly volume: Int32Array;
  readonly oi: Int32Array;
  readonly valid: Uint8Array;
}

/** One day of candles: which instrument has which slot, when each candle starts, and the columns. */
export interface DayCandles {
  readonly day: Day;
  readonly intervalMs: number;
  readonly instruments: readonly Instrument[];
  /** Start of each candle, rising, in epoch milliseconds. */
  readonly starts: Float64Array;
  readonly columns: CandleColumns;
}

export function emptyColumns(cells: number): CandleColumns {
  return {
    open: new Int32Array(cells),
    high: new Int32Array(cells),
    low: new Int32Array(cells),
    close: new Int32Array(cells),
    volume: new Int32Array(cells).fill(UNKNOWN),
    oi: new Int32Array(cells).fill(UNKNOWN),
    valid: new Uint8Array(cells),
  };
}

const NO_COLUMNS = emptyColumns(0);

/** Makes a day whose cells are all absent. */
export function emptyDay(parts: {
  readonly day: Day;
  readonly intervalMs: number;
  readonly instruments: readonly Instrument[];
  readonly starts: Float64Array;
}): DayCandles {
  const keys = new Set(parts.instruments.map(instrumentKey));
  invariant(keys.size === parts.instruments.length, `an instrument stands twice among the slots of ${parts.day}`);
  return { ...parts, columns: emptyColumns(parts.starts.length * parts.instruments.length) };
}

/** One candle as an object, for places that are not hot. Prices in paise. */
export interface Candle {
  readonly start: EpochMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly oi: number;
}

/**
 * All candles of one minute of the market. The same object is reused for each minute, so nobody keeps it: `base` moves, the columns
 * stay.
 */
export class CandleFrame {
  columns: CandleColumns = NO_COLUMNS;
  slots = 0;
  /** Index of slot 0 in the columns. */
  base = 0;
  /** Start of the minute, epoch ms. */
  start = 0;
  intervalMs = 60_000;

  /** Points the frame at one minute of a day. */
  show(day: DayCandles, minute: number): void {
    this.columns = day.columns;
    this.slots = day.instruments.length;
    this.base = minute * this.slots;
    this.start = day.starts[minute] ?? 0;
    this.intervalMs = day.intervalMs;
  }

  has(slot: number): boolean {
    return this.columns.valid[this.base + slot] === 1;
  }

  openOf(slot: number): number {
    return this.columns.open[this.base + slot] ?? 0;
  }

  highOf(slot: number): number {
    return this.columns.high[this.base + slot] ?? 0;
  }

  lowOf(slot: number): number {
    return this.columns.low[this.base + slot] ?? 0;
  }

  closeOf(slot: number): number {
    return this.columns.close[this.base + slot] ?? 0;
  }

  volumeOf(slot: number): number {
    return this.columns.volume[this.base + slot] ?? UNKNOWN;
  }

  oiOf(slot: number): number {
    return this.columns.oi[this.base + slot] ?? UNKNOWN;
  }
}
