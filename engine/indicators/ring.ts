import { invariant } from '../assert.ts';

/** The last values of a series, as many as it has places; nothing is allocated after its making. */
export class Ring {
  readonly #values: Float64Array;
  #next = 0;
  #count = 0;

  constructor(places: number) {
    invariant(
      Number.isSafeInteger(places) && places > 0,
      `a window has a positive whole number of places, was ${places}`,
    );
    this.#values = new Float64Array(places);
  }

  get size(): number {
    return this.#values.length;
  }

  /** Values held, at most its places. */
  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count === this.#values.length;
  }

  /** True once a lap: a sum kept by differences may then be taken anew, so that its rounding never grows. */
  get isAtStart(): boolean {
    return this.#next === 0;
  }

  /** Takes a value in; gives the one that left, 0 while there are free places. */
  push(value: number): number {
    const values = this.#values;
    const left = this.isFull ? (values[this.#next] ?? 0) : 0;
    values[this.#next] = value;
    this.#next = this.#next + 1 === values.length ? 0 : this.#next + 1;
    if (this.#count < values.length) this.#count += 1;
    return left;
  }

  /** The value that came in so many pushes ago, 0 for the last one. */
  ago(pushes: number): number {
    const at = this.#next - 1 - pushes;
    return this.#values[at < 0 ? at + this.#values.length : at] ?? Number.NaN;
  }

  clear(): void {
    this.#next = 0;
    this.#count = 0;
  }
}
