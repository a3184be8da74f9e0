import { exp, ln } from '../../engine/indicators/fixed-math.ts';
import type { Instrument, Underlying } from '../../engine/model/instrument.ts';
import { instrumentKey } from '../../engine/model/instrument.ts';
import { streamOf } from '../../engine/prng.ts';

/** Lots a minute that the busiest option of an index trades on its last day. */
const LOTS_PER_MINUTE: Readonly<Record<Underlying, number>> = {
  NIFTY: 3_000,
  BANKNIFTY: 2_500,
  SENSEX: 1_500,
  FINNIFTY: 400,
  MIDCPNIFTY: 400,
  BANKEX: 60,
};

/** Lots that stand open in the busiest strike, over the lots it trades in a minute of its last day. */
const OPEN_LOTS_PER_LOT = 40;

/** A round strike draws more positions. */
const ROUND = [
  { every: 100_000, times: 2.4 },
  { every: 50_000, times: 1.7 },
  { every: 10_000, times: 1.2 },
] as const;

/** How an expiry is traded on a day. */
export interface ExpiryTrade {
  readonly underlying: Underlying;
  readonly daysLeft: number;
  readonly isNearest: boolean;
  readonly isMonthly: boolean;
  readonly lotSize: number;
}

/** Lots a minute of the strike at the money: interest gathers as the expiry comes near, and in the nearest and the monthly one. */
export function lotsAtTheMoney(trade: ExpiryTrade): number {
  const far = 1 / (1 + 0.45 * trade.daysLeft * trade.daysLeft);
  const nearest = trade.isNearest ? 1 + trade.daysLeft / 5 : 1;
  return LOTS_PER_MINUTE[trade.underlying] * far * nearest * (trade.isMonthly ? 3 : 1);
}

/** Lots a minute of the near future: its own minutes do not depend on the options'. */
export function futureLots(underlying: Underlying): number {
  return LOTS_PER_MINUTE[underlying] / 12;
}

/**
 * How much less an option trades than the one at the money, so many deviations out of it. Its partner in the money at the same strike
 * trades the square of that: deep in the money almost nothing does.
 */
export function interestOutside(deviations: number): number {
  const root = 1 / (1 + deviations * (0.25 + 0.03 * deviations));
  return root * root * root * root;
}

/** Whole lots of a minute from the mean and two draws: bursts up to six times the mean, and often none where it is small. */
export function lotsOf(mean: number, burst: number, luck: number): number {
  return Math.floor(mean * (0.3 + (BURST * burst) / (1.05 - burst)) + luck);
}

/** Makes the mean of the burst 0.7: the mean of u / (1.05 - u) is 1.05 ln 21 - 1. */
const BURST = 0.7 / 2.196748;

/**
 * Open lots of an option at a close: highest out of the money at round strikes, growing towards expiry, different for each contract by
 * a draw of its own that holds all its life.
 */
export function openLots(parts: {
  readonly seed: number;
  readonly instrument: Extract<Instrument, { kind: 'option' }>;
  readonly trade: ExpiryTrade;
  /** Level of the index at that close, paise. */
  readonly level: number;
  /** Volatility of a day, a fraction. */
  readonly dailyVolatility: number;
}): number {
  const { instrument, trade, level } = parts;
  const own = 0.5 + streamOf(parts.seed, `interest ${instrumentKey(instrument)}`)();
  const spread = parts.dailyVolatility * Math.sqrt(trade.daysLeft + 2);
  const out = ((instrument.right === 'CE' ? 1 : -1) * ln(instrument.strike / level)) / spread;
  const shape = exp(-0.5 * (out - 0.8) * (out - 0.8)) + 0.02;
  const growth = (trade.isMonthly ? 2 : 1) / (1 + 0.15 * trade.daysLeft);
  const round = ROUND.find(({ every }) => instrument.strike % every === 0)?.times ?? 1;
  const lots = LOTS_PER_MINUTE[trade.underlying] * OPEN_LOTS_PER_LOT * growth * shape * round * own;
  return Math.floor(lots);
}
