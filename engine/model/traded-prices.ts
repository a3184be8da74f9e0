import type { Underlying } from './instrument.ts';
import type { Day } from './time.ts';

/** What an underlying's level was taken from, in the order of the codes that stand for them. */
export const LEVEL_RUNGS = ['none', 'index', 'parity', 'future'] as const;

/** Level of an underlying at each minute's close, paise; 0 where nobody knew it. `rung` is an index into `LEVEL_RUNGS`. */
export interface LevelMinutes {
  readonly underlying: Underlying;
  readonly close: Int32Array;
  readonly rung: Uint8Array;
}

/** Candles of one contract, paise; all three are 0 in a minute without a candle. */
export interface PremiumMinutes {
  /** The contract's key, `NIFTY 2025-01-30 23500 CE`. */
  readonly contract: string;
  readonly high: Int32Array;
  readonly low: Int32Array;
  readonly close: Int32Array;
}

/**
 * What the market did to the contracts that a run held on one day: minutes from a while before the first fill (from the open where
 * something was carried in) to the end of the session, columns as long as `starts`.
 */
export interface TradedPrices {
  readonly day: Day;
  readonly intervalMs: number;
  /** Start of each candle, rising, epoch ms. */
  readonly starts: Float64Array;
  readonly levels: readonly LevelMinutes[];
  readonly premiums: readonly PremiumMinutes[];
}
