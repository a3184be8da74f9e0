import type { IndexColumns } from '../../datasets/modelled/volatility-level.ts';
import type { Day } from '../../engine/model/time.ts';
import { at, istTime, MINUTE_MS } from '../../engine/model/time.ts';
import { streamOf } from '../../engine/prng.ts';

/** Index candles as numbers that a test may change, paise. */
export interface IndexWalk extends IndexColumns {
  readonly starts: Float64Array;
  readonly open: Int32Array;
  readonly high: Int32Array;
  readonly low: Int32Array;
  readonly close: Int32Array;
  readonly valid: Uint8Array;
}

/** A made-up session of an index from 09:15, to 15:30 unless told, each candle beginning where the last one ended. */
export function indexWalk(of: {
  readonly day: Day;
  readonly seed: number;
  readonly open?: number;
  readonly intervalMs?: number;
  readonly minutes?: number;
}): IndexWalk {
  const { day, seed, open = 2_230_000, intervalMs = MINUTE_MS, minutes = 375 } = of;
  const rows = (minutes * MINUTE_MS) / intervalMs;
  const walk = {
    starts: Float64Array.from({ length: rows }, (_, row) => at(day, istTime('09:15')) + row * intervalMs),
    open: new Int32Array(rows),
    high: new Int32Array(rows),
    low: new Int32Array(rows),
    close: new Int32Array(rows),
    valid: new Uint8Array(rows).fill(1),
  };
  const chance = streamOf(seed, `walk ${day}`);
  const step = (): number => Math.round((chance() - 0.5) * 2_400);
  let level = open;
  for (let row = 0; row < rows; row += 1) {
    walk.open[row] = level;
    level += step();
    walk.close[row] = level;
    walk.high[row] = Math.max(walk.open[row] ?? 0, level) + Math.round(chance() * 600);
    walk.low[row] = Math.min(walk.open[row] ?? 0, level) - Math.round(chance() * 600);
  }
  return walk;
}
