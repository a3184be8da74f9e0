/** Averages of a series, one value in, one value out, each in the unit of the series. */
import { invariant } from '../assert.ts';
import { Ring } from './ring.ts';

/** Simple mean of the last values: `sum / period`; undefined until there are as many as its period. */
export class Sma {
  readonly #ring: Ring;
  #sum = 0;

  constructor(parts: { readonly period: number }) {
    this.#ring = new Ring(parts.period);
  }

  get value(): number | undefined {
    return this.#ring.isFull ? this.#sum / this.#ring.size : undefined;
  }

  push(value: number): number | undefined {
    const ring = this.#ring;
    this.#sum += value - ring.push(value);
    if (ring.isAtStart) this.#sum = sumOf(ring);
    return this.value;
  }
}

/** Exponential mean, `ema += 2 / (period + 1) * (value - ema)`, begun with the first value (so it exists from there on). */
export class Ema {
  readonly #alpha: number;
  #value: number | undefined;

  constructor(parts: { readonly period: number }) {
    const { period } = parts;
    invariant(Number.isSafeInteger(period) && period > 0, `a period is a positive whole number, was ${period}`);
    this.#alpha = 2 / (period + 1);
  }

  get value(): number | undefined {
    return this.#value;
  }

  push(value: number): number {
    const before = this.#value ?? value;
    const after = before + this.#alpha * (value - before);
    this.#value = after;
    return after;
  }
}

/**
 * Linearly weighted mean of the last values, the newest weighing `period` and the oldest 1, over `period (period + 1) / 2`; undefined until
 * there are as many as its period. Kept by differences: each push takes the plain sum off the weighted one.
 */
export class Wma {
  readonly #ring: Ring;
  readonly #weights: number;
  #sum = 0;
  #weighted = 0;

  constructor(parts: { readonly period: number }) {
    this.#ring = new Ring(parts.period);
    this.#weights = (parts.period * (parts.period + 1)) / 2;
  }

  get value(): number | undefined {
    return this.#ring.isFull ? this.#weighted / this.#weights : undefined;
  }

  push(value: number): number | undefined {
    const ring = this.#ring;
    const wasFull = ring.isFull;
    const left = ring.push(value);
    this.#weighted += ring.count * value - (wasFull ? this.#sum : 0);
    this.#sum += value - left;
    if (ring.isAtStart) this.#sumAnew();
    return this.value;
  }

  #sumAnew(): void {
    const ring = this.#ring;
    this.#sum = sumOf(ring);
    this.#weighted = 0;
    for (let pushes = 0; pushes < ring.size; pushes += 1) this.#weighted += (ring.size - pushes) * ring.ago(pushes);
  }
}

/**
 * Wilder's smoothing, `mean += (value - mean) / period` (J. W. Wilder, New Concepts in Technical Trading Systems, 1978). It begins with the
 * mean of the first `period` values, as he did, or with the first value alone (`first`), when it exists at once and differs for a while:
 * after 60 values of a period of 9 what is left of the difference is under a thousandth.
 */
export class WilderMean {
  readonly #period: number;
  readonly #begins: 'mean' | 'first';
  #count = 0;
  #value = 0;

  constructor(parts: { readonly period: number; readonly begins: 'mean' | 'first' }) {
    const { period } = parts;
    invariant(Number.isSafeInteger(period) && period > 0, `a period is a positive whole number, was ${period}`);
    this.#period = period;
    this.#begins = parts.begins;
  }

  get value(): number | undefined {
    return this.#count >= (this.#begins === 'mean' ? this.#period : 1) ? this.#value : undefined;
  }

  push(value: number): number | undefined {
    this.#count += 1;
    const isBeginning = this.#begins === 'mean' ? this.#count <= this.#period : this.#count === 1;
    // The running mean of the first values is exact enough and needs no list of them.
    this.#value += (value - this.#value) / (isBeginning ? this.#count : this.#period);
    return this.value;
  }
}

function sumOf(ring: Ring): number {
  let sum = 0;
  for (let pushes = ring.count - 1; pushes >= 0; pushes -= 1) sum += ring.ago(pushes);
  return sum;
}
