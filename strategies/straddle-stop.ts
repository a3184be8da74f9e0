import type { StraddleSeries } from './straddle-series.ts';

/** What a stop reads: the straddle, or the index. */
export type StopBasis = 'straddle' | 'index';

/**
 * The stop of a structure that lives by the straddle series, read at minute closes: it fires at or beyond a level above, below or on either
 * side, in paise of what it reads. A level is only ever moved towards the value.
 */
export class StraddleStop {
  readonly basis: StopBasis;
  #above: number | undefined;
  #below: number | undefined;
  #moved = false;

  constructor(parts: { readonly basis: StopBasis; readonly above?: number; readonly below?: number }) {
    this.basis = parts.basis;
    this.#above = parts.above;
    this.#below = parts.below;
  }

  get above(): number | undefined {
    return this.#above;
  }

  get below(): number | undefined {
    return this.#below;
  }

  /** SL where it stands as it was laid, TSL where it was moved. */
  get reason(): 'SL' | 'TSL' {
    return this.#moved ? 'TSL' : 'SL';
  }

  /** The level that a value has reached; undefined where it stands clear of both. */
  reached(value: number): number | undefined {
    if (this.#above !== undefined && value >= this.#above) return this.#above;
    return this.#below !== undefined && value <= this.#below ? this.#below : undefined;
  }

  /** Moves the upper level down to another, in whole paise; true when it moved. */
  lower(to: number): boolean {
    const level = Math.round(to);
    if (this.#above === undefined || level >= this.#above) return false;
    this.#above = level;
    this.#moved = true;
    return true;
  }

  /** Moves the lower level up to another, in whole paise; true when it moved. */
  raise(to: number): boolean {
    const level = Math.round(to);
    if (this.#below === undefined || level <= this.#below) return false;
    this.#below = level;
    this.#moved = true;
    return true;
  }
}

/** What a stop of this basis reads in the present minute. */
export function valueFor(basis: StopBasis, series: StraddleSeries): number | undefined {
  return basis === 'straddle' ? series.value : series.level;
}
