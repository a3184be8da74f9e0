import { Sma, WilderMean } from './moving-averages.ts';

/**
 * Average True Range (J. W. Wilder, New Concepts in Technical Trading Systems, 1978), in the unit of the prices: the mean of
 * `max(high, last close) - min(low, last close)`, of the first candle `high - low`. `mean` is Wilder's smoothing begun with a plain mean,
 * or the plain mean of the last `period` ranges throughout; undefined until there are `period` of them.
 */
export class Atr {
  readonly #mean: WilderMean | Sma;
  #close: number | undefined;

  constructor(parts: { readonly period: number; readonly mean: 'wilder' | 'simple' }) {
    const { period } = parts;
    this.#mean = parts.mean === 'wilder' ? new WilderMean({ period, begins: 'mean' }) : new Sma({ period });
  }

  get value(): number | undefined {
    return this.#mean.value;
  }

  push(high: number, low: number, close: number): number | undefined {
    const last = this.#close;
    this.#close = close;
    const range = last === undefined ? high - low : Math.max(high, last) - Math.min(low, last);
    return this.#mean.push(range);
  }
}
