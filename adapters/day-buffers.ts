import type { CandleColumns } from '../engine/model/candle-frame.ts';
import { emptyColumns, UNKNOWN } from '../engine/model/candle-frame.ts';
import type { CacheFile } from './run-cache.ts';
import { ABSENT, BLOCK_COLUMNS } from './run-cache.ts';

/** Columns for one day at a time, grown when a day needs more and used again for the next. */
export class DayBuffers {
  #columns: CandleColumns = emptyColumns(0);
  #scratch = new Int32Array(0);

  /** Columns of exactly this many cells, all absent. */
  columns(cells: number): CandleColumns {
    if (cells > this.#columns.open.length) this.#columns = emptyColumns(Math.ceil(cells * 1.25));
    const { open, high, low, close, volume, oi, valid } = this.#columns;
    valid.fill(0, 0, cells);
    return {
      open: open.subarray(0, cells),
      high: high.subarray(0, cells),
      low: low.subarray(0, cells),
      close: close.subarray(0, cells),
      volume: volume.subarray(0, cells),
      oi: oi.subarray(0, cells),
      valid: valid.subarray(0, cells),
    };
  }

  /** Turns the blocks of some instruments into cells `minute * slots + slot`, from a slot on. */
  scatter(to: {
    readonly file: CacheFile;
    readonly picks: readonly number[];
    readonly columns: CandleColumns;
    /** Which minute of the day each candle of the file is. */
    readonly rows: readonly number[];
    readonly slot: number;
    readonly slots: number;
  }): void {
    const length = to.file.header.length;
    const cells = BLOCK_COLUMNS * length;
    let slot = to.slot;
    for (const { first, count } of neighbours(to.picks)) {
      if (this.#scratch.length < count * cells) this.#scratch = new Int32Array(count * cells);
      to.file.readBlocks(first, count, this.#scratch);
      for (let i = 0; i < count; i += 1) {
        const block = this.#scratch.subarray(i * cells, (i + 1) * cells);
        scatterBlock(block, { ...to, slot });
        slot += 1;
      }
    }
  }
}

function scatterBlock(
  block: Int32Array,
  to: {
    readonly columns: CandleColumns;
    readonly rows: readonly number[];
    readonly slot: number;
    readonly slots: number;
  },
): void {
  const length = to.rows.length;
  const { open, high, low, close, volume, oi, valid } = to.columns;
  for (let candle = 0; candle < length; candle += 1) {
    const cell = (to.rows[candle] ?? 0) * to.slots + to.slot;
    const first = block[candle] ?? ABSENT;
    const there = first !== ABSENT;
    valid[cell] = there ? 1 : 0;
    open[cell] = there ? first : 0;
    high[cell] = block[length + candle] ?? 0;
    low[cell] = block[2 * length + candle] ?? 0;
    close[cell] = block[3 * length + candle] ?? 0;
    volume[cell] = there ? (block[4 * length + candle] ?? UNKNOWN) : UNKNOWN;
    oi[cell] = there ? (block[5 * length + candle] ?? UNKNOWN) : UNKNOWN;
  }
}

/** Runs of block numbers that stand side by side, so that each run is one read. */
function neighbours(picks: readonly number[]): { first: number; count: number }[] {
  const runs: { first: number; count: number }[] = [];
  for (const pick of picks) {
    const last = runs.at(-1);
    if (last !== undefined && last.first + last.count === pick) last.count += 1;
    else runs.push({ first: pick, count: 1 });
  }
  return runs;
}
