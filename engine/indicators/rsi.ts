import { WilderMean } from './moving-averages.ts';

/**
 * Relative Strength Index (J. W. Wilder, New Concepts in Technical Trading Systems, 1978): `100 - 100 / (1 + gain / loss)` of the smoothed
 * rises and falls of a series, 0 to 100. Without a fall it is 100, without any move 50. `begins` says how the smoothing starts: `mean` is
 * Wilder's own, a first value after `period` moves; `first` starts from the first move, a first value with the second number pushed.
 */
export class Rsi {
  readonly #gain: WilderMean;
  readonly #loss: WilderMean;
  #last: number | undefined;

  constructor(parts: { readonly period: number; readonly begins: 'mean' | 'first' }) {
    this.#gain = new WilderMean(parts);
    this.#loss = new WilderMean(parts);
  }

  get value(): number | undefined {
    const gain = this.#gain.value;
    const loss = this.#loss.value;
    if (gain === undefined || loss === undefined) return undefined;
    if (loss === 0) return gain === 0 ? 50 : 100;
    return 100 - 100 / (1 + gain / loss);
  }

  push(value: number): number | undefined {
    const last = this.#last;
    this.#last = value;
    if (last === undefined) return undefined;
    const move = value - last;
    this.#gain.push(Math.max(move, 0));
    this.#loss.push(Math.max(-move, 0));
    return this.value;
  }
}
