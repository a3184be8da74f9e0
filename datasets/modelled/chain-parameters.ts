import type { Underlying } from '../../engine/model/instrument.ts';

/** Raised when the same candles give other option prices than before: results of two versions cannot be compared. */
export const CHAIN_MODEL_VERSION = 1;

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
 * of the sessions before: smile, term, nights, carry, BANKNIFTY's multiple, and the scale of realised volatility. From NIFTY and India
 * VIX day by day 2015 to 2021: home and volatility per move; with NIFTY's half hours 2018 to 2021: the power of realised volatility.
 * `vixToMoney` follows from the smile. Not measured: SENSEX, FINNIFTY and MIDCPNIFTY have the synthetic market's multiples, BANKEX has
 * BANKNIFTY's, and memory, sessions and homeSessions are conventions. A calm market was fitted; the term in stress is the model's word.
 * In 2018 to 2021 options cost about a quarter more for the same realised volatility than the scale says. The bench `chain` judges all
 * this on chains of 2025.
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
  realised: { scale: 0.5355, power: 0.6631, memory: 0.94, sessions: 60, homeSessions: 5 },
};
