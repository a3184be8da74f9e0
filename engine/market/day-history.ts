import type { Candle, CandleFrame } from '../model/candle-frame.ts';
import { emptyColumns } from '../model/candle-frame.ts';
import { epochMs } from '../model/time.ts';

/** The closed minutes of today. It cannot be asked beyond the last of them: views end at now by construction. */
export class DayHistory {
  #columns = emptyColumns(0);
  #slots = 0;
  /** Reused from day to day; the first `#minutes` of each are today's. */
  readonly #starts: number[] = [];
  readonly #bases: number[] = [];
  #minutes = 0;
  #intervalMs = 60_000;

  openDay(): void {
    this.#columns = emptyColumns(0);
    this.#minutes = 0;
  }

  closeMinute(frame: CandleFrame): void {
    this.#columns = frame.columns;
    this.#slots = frame.slots;
    this.#intervalMs = frame.intervalMs;
    this.#starts[this.#minutes] = frame.start;
    this.#bases[this.#minutes] = frame.base;
    this.#minutes += 1;
  }

  get minutes(): number {
    return this.#minutes;
  }

  /** Candle of a slot in the minute that closed last; undefined where it has none there. */
  lastOf(slot: number): Candle | undefined {
    const minute = this.#minutes - 1;
    return minute < 0 || slot < 0 || slot >= this.#slots ? undefined : this.#candleAt(minute, slot);
  }

  /** Closed candles of a slot, oldest first; minutes without one are left out. */
  candlesOf(slot: number): readonly Candle[] {
    const candles: Candle[] = [];
    if (slot < 0 || slot >= this.#slots) return candles;
    for (let minute = 0; minute < this.#minutes; minute += 1) {
      const candle = this.#candleAt(minute, slot);
      if (candle !== undefined) candles.push(candle);
    }
    return candles;
  }

  #candleAt(minute: number, slot: number): Candle | undefined {
    const { open, high, low, close, volume, oi, valid } = this.#columns;
    const cell = (this.#bases[minute] ?? 0) + slot;
    if (valid[cell] !== 1) return undefined;
    return {
      start: epochMs(this.#starts[minute] ?? 0),
      open: open[cell] ?? 0,
      high: high[cell] ?? 0,
      low: low[cell] ?? 0,
      close: close[cell] ?? 0,
      volume: volume[cell] ?? 0,
      oi: oi[cell] ?? 0,
    };
  }

  /** Close of the last candle of a slot that ended at or before an instant; undefined where there is none. */
  closeAt(slot: number, ts: number): number | undefined {
    if (slot < 0 || slot >= this.#slots) return undefined;
    for (let minute = this.#minutes - 1; minute >= 0; minute -= 1) {
      if ((this.#starts[minute] ?? 0) + this.#intervalMs > ts) continue;
      const cell = (this.#bases[minute] ?? 0) + slot;
      if (this.#columns.valid[cell] === 1) return this.#columns.close[cell];
    }
    return undefined;
  }
}
