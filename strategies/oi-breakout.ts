/**
 * Directional breakout with open interest: buys a call when a five-minute candle closes above the opening range (or yesterday's high close above
 * it), a put below, where the future's volume, its open interest, the writers of the chain and the put-call ratio agree. Out when a candle
 * closes back inside, at a loss of premium, on a trail of one ATR, or at 15:15; one trade a direction and day.
 */
import type { MarketNeed, SeriesWish } from '../engine/strategy.ts';
import { defineStrategy } from '../engine/strategy.ts';
import { choicesOf } from './expiry-choice.ts';
import { BREAKOUT_SPAN } from './oi-breakout-confirm.ts';
import type { OiBreakoutSettings } from './oi-breakout-params.ts';
import { OiBreakoutParams, refusalOfOiBreakout } from './oi-breakout-params.ts';
import { OiBreakoutTrader } from './oi-breakout-trader.ts';

/** Strikes that the window holds beyond those that are counted, so that the money may move since the first count. */
const STRIKES_BEYOND = 5;

export const oiBreakout = defineStrategy({
  name: 'oi-breakout',
  version: 1,
  description:
    'Buys a call or a put when five minutes close outside the opening range and volume, open interest and put-call ratio agree; stop at the level, trail of one ATR, flat at 15:15.',
  segments: ['NIFTY', 'BANKNIFTY', 'SENSEX'],
  params: OiBreakoutParams,
  refuse: refusalOfOiBreakout,
  universe: (params, segment) => ({
    underlying: segment,
    expiries: choicesOf(params),
    strikesAround: Math.max(params.pcrStrikes, params.oiStrikes) + STRIKES_BEYOND,
    recentreSteps: 3,
    series: seriesOf(params),
    needs: needsOf(params),
  }),
  limits: () => ({ structuresPerDayMax: 2, structuresOpenMax: 1 }),
  create: (params) => new OiBreakoutTrader(params),
});

function seriesOf({ warmUpBars, volumeRule, volumeBars, yesterdayPct }: OiBreakoutSettings): readonly SeriesWish[] {
  const wishes: SeriesWish[] = [{ span: BREAKOUT_SPAN, warmUp: warmUpBars, whenShort: 'wait' }];
  if (volumeRule === 'future')
    wishes.push({ span: BREAKOUT_SPAN, of: 'future', warmUp: volumeBars, whenShort: 'wait' });
  if (yesterdayPct > 0) wishes.push({ span: 'day', warmUp: 1, whenShort: 'wait' });
  return wishes;
}

/** Only what the switches in force read. */
function needsOf({ volumeRule, oiRule, pcrGate }: OiBreakoutSettings): readonly MarketNeed[] {
  const needs: MarketNeed[] = [];
  if (volumeRule === 'future' || oiRule === 'on') needs.push('future');
  if (volumeRule === 'future') needs.push('future-volume');
  if (oiRule === 'on' || pcrGate) needs.push('open-interest');
  return needs;
}
