import type { Underlying } from '../../engine/model/instrument.ts';

/** Raised when the same candles give other option prices than before: results of two versions cannot be compared. */
export const CHAIN_MODEL_VERSION = 2;

/** The numbers of the chain model. Volatilities are fractions a year, times in days of the calendar where nothing else is said. */
export interface ChainParameters {
  /** At-the-money volatility for 30 days as a part of India VIX, which also counts the dearer wings. */
  readonly vixToMoney: number;
  /** Volatility of an index as a multiple of NIFTY's, for India VIX speaks of NIFTY. */
  readonly ofNifty: Readonly<Record<Underlying, number>>;
  /** Where volatility is at home, as India VIX counts it: near expiries are drawn to it, and days without any past begin there. */
  readonly home: number;
  /** How much of its distance from home the near end has more than the far one. */
  readonly termPull: number;
  /** Time over which the near end fades into the far one. */
  readonly termDays: number;
  /** Part of a trading day's variance that falls between the close and the next open. */
  readonly overnightShare: number;
  /** Change of the logarithm of volatility for one unit of the logarithm of the index, since the close before. */
  readonly volatilityPerMove: number;
  /** Slope of the smile at the money for 30 days, a deviation; it shrinks with the root of the time, and grows no more beyond. */
  readonly skew: number;
  /** Bend of the smile, and the deviations at which its wings flatten. */
  readonly curvature: number;
  readonly wing: number;
  /** What the forward has above the index a year, by the calendar. */
  readonly carry: number;
  /** How India VIX follows from realised volatility where there is no India VIX: scale times realised to this power. */
  readonly realised: {
    readonly scale: number;
    readonly power: number;
    /** Weight of a session against the one after it. */
    readonly memory: number;
    /** Sessions looked back on at most. */
    readonly sessions: number;
    /** Sessions' worth of belief in home before any was seen. */
    readonly homeSessions: number;
  };
}

/**
 * Frozen on 2026-11-21: what the program of the bench `chain-fit` finds. From the BANKNIFTY chain of 2023-04-10 and 04-11 with India VIX
 * of the sessions before: smile, term, nights, carry and BANKNIFTY's multiple. From NIFTY and India VIX day by day 2015 to 2021-05: home
 * and volatility per move; with NIFTY's half hours 2019 to 2021-05: power and scale of realised volatility, the scale being the one that
 * has the level as often above that from India VIX as below it. `vixToMoney` follows from the smile. Not measured: SENSEX, FINNIFTY and
 * MIDCPNIFTY have the synthetic market's multiples, BANKEX has BANKNIFTY's, and memory, sessions and homeSessions are conventions. A calm
 * market was fitted; the term in stress is the model's word. A scale from the two days of 2023 was a fifth lower: whoever bought
 * straddles gained by it year after year. The bench `chain` judges all this on chains of 2025 and by what bought straddles gain.
 */
export const FROZEN_CHAIN: ChainParameters = {
  vixToMoney: 0.9045,
  ofNifty: { NIFTY: 1, BANKNIFTY: 1.298, SENSEX: 0.98, FINNIFTY: 1.12, MIDCPNIFTY: 1.15, BANKEX: 1.298 },
  home: 0.1617,
  termPull: 0.905,
  termDays: 8.922,
  overnightShare: 0.3112,
  volatilityPerMove: -2.949,
  skew: -0.1263,
  curvature: 0.04402,
  wing: 10.69,
  carry: 0.05399,
  realised: { scale: 0.6611, power: 0.6631, memory: 0.94, sessions: 60, homeSessions: 5 },
};

/**
 * How far levels from realised volatility were off, in per cent, as the benches `chain-fit` and `chain` measure it: half and nine in ten
 * of the days of NIFTY 2019 to 2021-05 lay within these of the level and of the straddle's premium that India VIX gives, and over the
 * spans of 2019 to 2025 a straddle bought each morning gained between these parts of its premium. On the calm days of real chains that
 * the bench `chain` has, premiums at the money were dearer than real ones by `calm`, by days to expiry, from one day to a month.
 */
export const REALISED_MISSES = {
  level: { half: 10, most: 26 },
  premium: { half: 14, most: 37 },
  gained: { least: -8.5, most: 3.2 },
  calm: { least: 27, most: 46 },
} as const;
