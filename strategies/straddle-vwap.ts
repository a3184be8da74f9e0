/**
 * Straddle VWAP: the debit spread and the Batman on one straddle series, one structure at a time. Where both are due in a minute the spread
 * comes first; while either is held the other waits.
 */
import { z } from 'zod';
import { defineStrategy } from '../engine/strategy.ts';
import { choicesOf } from './expiry-choice.ts';
import {
  batmanParams,
  MINUTE_SERIES,
  RECENTRE_STEPS,
  refusalOfBatman,
  refusalOfSeries,
  refusalOfSpread,
  seriesParams,
  spreadParams,
  strikesOfBatman,
  strikesOfSeries,
} from './straddle-params.ts';
import { StraddleTrader } from './straddle-trader.ts';

export const straddleVwap = defineStrategy({
  name: 'straddle-vwap',
  version: 1,
  description:
    'Trades a debit spread when the straddle is above its VWAP and the index breaks out, a Batman when the straddle makes a lower low, never both; flat at 15:15.',
  segments: ['NIFTY', 'BANKNIFTY', 'SENSEX'],
  params: z.strictObject({ ...seriesParams, ...spreadParams, ...batmanParams }),
  meantFor: 'weekly',
  refuse: (params) => refusalOfSeries(params) ?? refusalOfSpread(params) ?? refusalOfBatman(params),
  universe: (params, segment) => ({
    underlying: segment,
    expiries: choicesOf(params),
    strikesAround: Math.max(strikesOfBatman(params, segment), strikesOfSeries(params, params, segment)),
    recentreSteps: RECENTRE_STEPS,
    needs: ['option-volume'],
    series: params.rangeOn === 'extreme' ? MINUTE_SERIES : [],
  }),
  limits: () => ({ structuresOpenMax: 1 }),
  create: (params, segment) => new StraddleTrader({ segment, common: params, spread: params, batman: params }),
});
