/**
 * Volatility that a market has shown, a fraction a year (0.15 is 15 %), from the logarithms of price ratios. `periodsPerYear` scales it:
 * 252 for daily candles. The logarithms are the engine's own, so every machine gives the same number; still, decide on rounded values.
 */
import { ln } from './fixed-math.ts';
import { Ring } from './ring.ts';

interface VolatilityParts {
  /** Returns or ranges in the window. */
  readonly period: number;
  readonly periodsPerYear: number;
}

/** Close to close: the standard deviation of the last log returns about their mean (n - 1 below), from two of them on when full. */
export class CloseVolatility {
  readonly #ring: Ring;
  readonly #perYear: number;
  #last: number | undefined;
  #sum = 0;
  #squares = 0;

  constructor({ period, periodsPerYear }: VolatilityParts) {
    this.#ring = new Ring(period);
    this.#perYear = periodsPerYear;
  }

  get value(): number | undefined {
    const { isFull, size } = this.#ring;
    if (!isFull || size < 2) return undefined;
    const variance = (this.#squares - (this.#sum * this.#sum) / size) / (size - 1);
    return Math.sqrt(Math.max(0, variance) * this.#perYear);
  }

  push(close: number): number | undefined {
    const last = this.#last;
    this.#last = close;
    if (last === undefined) return undefined;
    const move = ln(close / last);
    const left = this.#ring.push(move);
    this.#sum += move - left;
    this.#squares += move * move - left * left;
    if (this.#ring.isAtStart) this.#sumAnew();
    return this.value;
  }

  /** Once a lap, so that what the differences rounded away never adds up. */
  #sumAnew(): void {
    this.#sum = 0;
    this.#squares = 0;
    for (let pushes = 0; pushes < this.#ring.count; pushes += 1) {
      const move = this.#ring.ago(pushes);
      this.#sum += move;
      this.#squares += move * move;
    }
  }
}

/**
 * Parkinson's: `sqrt(mean(ln(high / low)^2) / (4 ln 2))` of the last candles (M. Parkinson, The extreme value method for estimating the
 * variance of the rate of return, Journal of Business 53, 1980); five times as sharp as closes where trading is continuous, blind to gaps.
 */
export class ParkinsonVolatility {
  readonly #ring: Ring;
  readonly #perYear: number;
  #sum = 0;

  constructor({ period, periodsPerYear }: VolatilityParts) {
    this.#ring = new Ring(period);
    this.#perYear = periodsPerYear;
  }

  get value(): number | undefined {
    const { isFull, size } = this.#ring;
    return isFull ? Math.sqrt((Math.max(0, this.#sum) / (size * FOUR_LN_2)) * this.#perYear) : undefined;
  }

  push(high: number, low: number): number | undefined {
    const range = ln(high / low);
    const square = range * range;
    this.#sum += square - this.#ring.push(square);
    if (this.#ring.isAtStart) {
      this.#sum = 0;
      for (let pushes = 0; pushes < this.#ring.count; pushes += 1) this.#sum += this.#ring.ago(pushes);
    }
    return this.value;
  }
}

const FOUR_LN_2 = 2.772588722239781;
