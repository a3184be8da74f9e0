import { Ring } from './ring.ts';

/** Levels of a day from the day before, in the unit of its prices. */
export interface DailyPivots {
  readonly pivot: number;
  readonly r1: number;
  readonly r2: number;
  readonly r3: number;
  readonly s1: number;
  readonly s2: number;
  readonly s3: number;
}

/**
 * The classic floor-trader pivots of a day from the high, low and close of the day before: P = (H + L + C) / 3, R1 = 2P - L, S1 = 2P - H,
 * R2 = P + H - L, S2 = P - (H - L), R3 = H + 2 (P - L), S3 = L - 2 (H - P).
 */
export function dailyPivots(before: {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}): DailyPivots {
  const { high, low, close } = before;
  const pivot = (high + low + close) / 3;
  return {
    pivot,
    r1: 2 * pivot - low,
    r2: pivot + (high - low),
    r3: high + 2 * (pivot - low),
    s1: 2 * pivot - high,
    s2: pivot - (high - low),
    s3: low - 2 * (high - pivot),
  };
}

/**
 * Swing points of a series: a value strictly beyond the `bars` values on each side of it (equal ones make none). It is known only when the
 * last of them has come, `bars` pushes later: nothing looks ahead.
 */
export class SwingPivots {
  readonly #sign: 1 | -1;
  readonly #bars: number;
  readonly #ring: Ring;

  constructor(parts: { readonly bars: number; readonly of: 'high' | 'low' }) {
    this.#sign = parts.of === 'high' ? 1 : -1;
    this.#bars = parts.bars;
    this.#ring = new Ring(2 * parts.bars + 1);
  }

  /** The pivot that this push confirms, which came `bars` pushes ago; undefined for none. */
  push(value: number): number | undefined {
    const ring = this.#ring;
    ring.push(value);
    if (!ring.isFull) return undefined;
    const middle = ring.ago(this.#bars);
    for (let pushes = 0; pushes < ring.size; pushes += 1) {
      if (pushes !== this.#bars && this.#sign * ring.ago(pushes) >= this.#sign * middle) return undefined;
    }
    return middle;
  }
}
