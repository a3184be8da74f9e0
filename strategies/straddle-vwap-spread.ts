/**
 * Straddle VWAP spread: when the at-the-money straddle stands above its anchored VWAP (volatility expands) and the index breaks its range, buys
 * the option at the money on that side and sells one further out; out when the straddle falls to its previous low or 1 % from its peak.
 */
import { z } from 'zod';
import { defineStrategy } from '../engine/strategy.ts';
import { choicesOf } from './expiry-choice.ts';
import {
  MINUTE_SERIES,
  RECENTRE_STEPS,
  refusalOfSeries,
  refusalOfSpread,
  seriesParams,
  spreadParams,
  strikesOfSeries,
} from './straddle-params.ts';
import { StraddleTrader } from './straddle-trader.ts';

export const straddleVwapSpread = defineStrategy({
  name: 'straddle-vwap-spread',
  version: 1,
  description:
    'Buys a debit spread when the straddle is above its anchored VWAP and the index breaks its range; stop and trail on the straddle, flat at 15:15.',
  segments: ['NIFTY', 'BANKNIFTY', 'SENSEX'],
  params: z.strictObject({ ...seriesParams, ...spreadParams }),
  meantFor: 'weekly',
  refuse: (params) => refusalOfSeries(params) ?? refusalOfSpread(params),
  universe: (params, segment) => ({
    underlying: segment,
    expiries: choicesOf(params),
    strikesAround: strikesOfSeries(params, params, segment),
    recentreSteps: RECENTRE_STEPS,
    needs: ['option-volume'],
    series: params.rangeOn === 'extreme' ? MINUTE_SERIES : [],
  }),
  limits: () => ({ structuresOpenMax: 1 }),
  create: (params, segment) => new StraddleTrader({ segment, common: params, spread: params, batman: undefined }),
});
