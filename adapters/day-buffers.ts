import type { CandleColumns } from '../engine/model/candle-frame.ts';
import { UNKNOWN } from '../engine/model/candle-frame.ts';
import { columnsIn, groupBytes } from './run-cache.ts';

/** Where some instruments of a block belong: neighbours in both stand in one run. */
export interface SlotRun {
  /** First of them among the instruments of the block, and among the slots of the day. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Columns for one day at a time, grown when a day needs more and used again for the next. */
export class DayBuffers {
  #bytes = new ArrayBuffer(0);
  #columns: CandleColumns = columnsIn(this.#bytes, 0);
  #scratch = new ArrayBuffer(0);

  /** Columns of exactly this many cells, all absent. */
  columns(cells: number): CandleColumns {
    const columns = this.#sized(cells);
    columns.valid.fill(0);
    return columns;
  }

  /** Columns of exactly this many cells as a reader fills them: it is given the buffer that they begin. */
  filled(cells: number, read: (into: ArrayBuffer) => void): CandleColumns {
    const columns = this.#sized(cells);
    read(this.#bytes);
    return columns;
  }

  /** A buffer for a block that is read to be spread. */
  scratch(cells: number): ArrayBuffer {
    const size = groupBytes(cells);
    if (this.#scratch.byteLength < size) this.#scratch = new ArrayBuffer(size);
    return this.#scratch;
  }

  #sized(cells: number): CandleColumns {
    const size = groupBytes(cells);
    if (size > this.#bytes.byteLength) {
      this.#bytes = new ArrayBuffer(Math.ceil((size * 1.25) / 8) * 8);
      this.#columns = columnsIn(this.#bytes, cells);
    } else if (this.#columns.open.length !== cells) this.#columns = columnsIn(this.#bytes, cells);
    return this.#columns;
  }
}

/** Puts candles of a block of `width` instruments into the cells `row * slots + slot` of a day. */
export function spread(
  block: CandleColumns,
  to: {
    readonly width: number;
    readonly columns: CandleColumns;
    /** Which minute of the day each candle of the block is. */
    readonly rows: ArrayLike<number>;
    readonly slots: number;
    readonly runs: readonly SlotRun[];
  },
): void {
  for (const run of to.runs) {
    for (let row = 0; row < to.rows.length; row += 1) {
      const source = row * to.width + run.from;
      const target = (to.rows[row] ?? 0) * to.slots + run.to;
      for (let i = 0; i < run.count; i += 1) copyCandle(block, source + i, to.columns, target + i);
    }
  }
}

function copyCandle(from: CandleColumns, source: number, to: CandleColumns, target: number): void {
  to.valid[target] = from.valid[source] ?? 0;
  to.open[target] = from.open[source] ?? 0;
  to.high[target] = from.high[source] ?? 0;
  to.low[target] = from.low[source] ?? 0;
  to.close[target] = from.close[source] ?? 0;
  to.volume[target] = from.volume[source] ?? UNKNOWN;
  to.oi[target] = from.oi[source] ?? UNKNOWN;
}
