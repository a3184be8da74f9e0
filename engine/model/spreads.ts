import type { Underlying } from './instrument.ts';

/** Where the cells of a table of half-spreads begin. Each list holds the lower ends of its bands, rising; the last band has no end. */
export interface SpreadBands {
  /** Premium in paise; the first band begins at 0. */
  readonly premium: readonly number[];
  /** Strike beyond the level of the underlying, out of the money positive, in hundredths of a per cent; below the first is in the first. */
  readonly moneyness: readonly number[];
  /** Calendar days; the first band begins at 0. */
  readonly daysToExpiry: readonly number[];
  /** Minutes since midnight; the first band begins at 0. */
  readonly minute: readonly number[];
}

/** What was measured in one cell, named by its places in the bands. */
export interface SpreadCell {
  readonly underlying: Underlying;
  readonly premium: number;
  /** Undefined where the cell holds every moneyness, the unknown one too. */
  readonly moneyness: number | undefined;
  readonly daysToExpiry: number;
  /** Undefined where the cell holds every time of day. */
  readonly minute: number | undefined;
  /** Median half-spread, paise. */
  readonly median: number;
}

/** Half-spreads measured from recorded quotes. */
export interface MeasuredSpreads {
  readonly bands: SpreadBands;
  readonly cells: readonly SpreadCell[];
}

/** Place of a value among the lower ends of bands. */
export function bandAt(lowerEnds: readonly number[], value: number): number {
  let place = lowerEnds.length - 1;
  while (place > 0 && value < (lowerEnds[place] ?? 0)) place -= 1;
  return place;
}

/** How far out of the money a strike is, in hundredths of a per cent of the level. */
export function moneynessOf(strike: number, right: 'CE' | 'PE', level: number): number {
  return ((right === 'CE' ? strike - level : level - strike) * 10_000) / level;
}
