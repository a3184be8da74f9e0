import { invariant } from '../assert.ts';

/**
 * Highest or lowest of the last values, as many as its period; while there are fewer, of those. It keeps only values that can still become
 * the extreme, in falling (rising) order, so that a push costs a constant on average (D. Lemire, Streaming maximum-minimum filter using no
 * more than three comparisons per element, 2006).
 */
export class RollingExtreme {
  readonly #sign: 1 | -1;
  readonly #period: number;
  /** A circle of candidates: values times the sign, and the number of the push that brought each. */
  readonly #values: Float64Array;
  readonly #born: Float64Array;
  #head = 0;
  #size = 0;
  #pushed = 0;

  constructor(parts: { readonly period: number; readonly of: 'high' | 'low' }) {
    const { period } = parts;
    invariant(Number.isSafeInteger(period) && period > 0, `a period is a positive whole number, was ${period}`);
    this.#sign = parts.of === 'high' ? 1 : -1;
    this.#period = period;
    this.#values = new Float64Array(period);
    this.#born = new Float64Array(period);
  }

  /** Whether as many values as its period were seen. */
  get isFull(): boolean {
    return this.#pushed >= this.#period;
  }

  /** Undefined before the first value. */
  get value(): number | undefined {
    return this.#size === 0 ? undefined : this.#sign * (this.#values[this.#head] ?? Number.NaN) + 0;
  }

  /** Pushes since the extreme came, 0 where it is the last value; the latest of equal ones. */
  get age(): number | undefined {
    return this.#size === 0 ? undefined : this.#pushed - 1 - (this.#born[this.#head] ?? Number.NaN);
  }

  push(value: number): number {
    const signed = this.#sign * value;
    if (this.#size > 0 && (this.#born[this.#head] ?? 0) <= this.#pushed - this.#period) {
      this.#head = this.#at(1);
      this.#size -= 1;
    }
    while (this.#size > 0 && (this.#values[this.#at(this.#size - 1)] ?? 0) <= signed) this.#size -= 1;
    const last = this.#at(this.#size);
    this.#values[last] = signed;
    this.#born[last] = this.#pushed;
    this.#size += 1;
    this.#pushed += 1;
    return this.value ?? value;
  }

  #at(place: number): number {
    const at = this.#head + place;
    return at < this.#period ? at : at - this.#period;
  }
}
