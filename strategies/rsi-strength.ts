/**
 * RSI strength: buys a call when price strength (an EMA of 3 of the RSI) crosses above volume strength (a weighted mean of the RSI) on a green
 * candle, a put when it crosses below on a red one; stop and trail in points of the index, lots added at profit, flat at 15:15. The name of
 * the second line is the rule's own: no traded volume is in it.
 */
import { defineStrategy } from '../engine/strategy.ts';
import { looksAtMinutes, RsiStrengthParams, refusalOfParams, segmentSettings } from './rsi-strength-params.ts';
import { RsiStrengthTrader } from './rsi-strength-trader.ts';

const MINUTE_MS = 60_000;

/** Points between the nearest strikes of any segment, and strikes beyond the offset that a moving window needs. */
const STEP_MIN = 50;
const STRIKES_BEYOND = 5;

export const rsiStrength = defineStrategy({
  name: 'rsi-strength',
  version: 1,
  description:
    'Buys a call or a put in the money when two means of the RSI cross on a candle of that colour; stop and trail on the index, lots added at profit, flat at 15:15.',
  segments: ['NIFTY', 'BANKNIFTY', 'SENSEX'],
  params: RsiStrengthParams,
  refuse: refusalOfParams,
  universe: (params, segment) => {
    const { expiry, expirySwitchDays, itmOffset, timeframe, warmUpBars } = params;
    const later = expiry === 'monthly' ? 'next-monthly' : 'next';
    const series = { span: timeframe * MINUTE_MS, warmUp: warmUpBars, whenShort: 'wait' } as const;
    const minutes = { span: MINUTE_MS, warmUp: warmUpBars, whenShort: 'wait' } as const;
    return {
      underlying: segment,
      expiries: expirySwitchDays === undefined ? [expiry] : [expiry, later],
      strikesAround: Math.ceil(Math.abs(itmOffset) / STEP_MIN) + STRIKES_BEYOND,
      recentreSteps: 3,
      series: looksAtMinutes(params) ? [series, minutes] : [series],
    };
  },
  create: (params, segment) => new RsiStrengthTrader(segmentSettings(params, segment)),
});
