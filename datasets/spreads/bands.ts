import type { SpreadBands } from '../../engine/model/spreads.ts';

/**
 * The cells that half-spreads are measured in. Their bounds follow the quotes: within one per cent of the money a spread depends on the
 * premium; the week's contracts are tight and those of later weeks wide. The opening quarter hour, the forenoon, the afternoon and the
 * last half hour are told apart, though they hardly differ.
 */
export const SPREAD_BANDS: SpreadBands = {
  premium: [0, 500, 2_000, 5_000, 10_000, 20_000, 40_000, 80_000],
  moneyness: [-10_000, -300, -100, 100, 300],
  daysToExpiry: [0, 1, 8, 15, 29, 46],
  minute: [0, 570, 720, 900],
};

/** A cell with fewer quotes is not told: one page shows about ten contracts of a cell. */
export const QUOTES_MIN = 10;
