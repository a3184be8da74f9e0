/**
 * Batman: when the at-the-money straddle makes a lower low (volatility shrinks), sells far options on both sides and buys half as many between
 * them and the money; out when the straddle is back at its previous high, moved along when the index runs a step.
 */
import { z } from 'zod';
import { defineStrategy } from '../engine/strategy.ts';
import { choicesOf } from './expiry-choice.ts';
import {
  batmanParams,
  RECENTRE_STEPS,
  refusalOfBatman,
  refusalOfSeries,
  seriesParams,
  strikesOfBatman,
} from './straddle-params.ts';
import { StraddleTrader } from './straddle-trader.ts';

export const batman = defineStrategy({
  name: 'batman',
  version: 1,
  description:
    'Sells options 2.5 % away and buys half as many 1.25 % away on both sides when the straddle makes a lower low; stop on the straddle, shifted with the index, flat at 15:15.',
  segments: ['NIFTY', 'BANKNIFTY', 'SENSEX'],
  params: z.strictObject({ ...seriesParams, ...batmanParams }),
  meantFor: 'weekly',
  refuse: (params) => refusalOfSeries(params) ?? refusalOfBatman(params),
  universe: (params, segment) => ({
    underlying: segment,
    expiries: choicesOf(params),
    strikesAround: strikesOfBatman(params, segment),
    recentreSteps: RECENTRE_STEPS,
    needs: ['option-volume'],
  }),
  limits: () => ({ structuresOpenMax: 1 }),
  create: (params, segment) => new StraddleTrader({ segment, common: params, spread: undefined, batman: params }),
});
