/**
 * Trend by one exponential mean: buys a call when the close crosses above its EMA of 50 by half a per cent with a fifth more volume than usual, a
 * put when it crosses below; out on the opposite cross, on a close back across, or after five bars. Daily bars are traded in the first minute of
 * the next session and held over nights; bars of 15 minutes at their close, flat in the afternoon.
 */
import type { SeriesWish } from '../engine/strategy.ts';
import { defineStrategy } from '../engine/strategy.ts';
import type { EmaTrendSettings } from './ema-trend-params.ts';
import { EmaTrendParams, expiriesOf, refusalOfEmaTrend } from './ema-trend-params.ts';
import { barOf, EmaTrendTrader } from './ema-trend-trader.ts';

export const emaTrend = defineStrategy({
  name: 'ema-trend',
  version: 1,
  description:
    'Buys a monthly call or put when the daily close crosses its EMA of 50 with distance and volume; out on the opposite cross, a close back across, or after five bars.',
  segments: ['NIFTY', 'BANKNIFTY', 'SENSEX'],
  params: EmaTrendParams,
  refuse: refusalOfEmaTrend,
  universe: (params, segment) => ({
    underlying: segment,
    expiries: expiriesOf(params),
    strikesAround: 5,
    recentreSteps: 3,
    series: seriesOf(params),
    needs: params.volumeRule === 'future' ? ['future', 'future-volume'] : [],
  }),
  limits: () => ({ structuresOpenMax: 1 }),
  create: (params) => new EmaTrendTrader(params),
});

function seriesOf(params: EmaTrendSettings): readonly SeriesWish[] {
  const span = barOf(params);
  const bars: SeriesWish = { span, warmUp: params.warmUpBars, whenShort: 'wait' };
  if (params.volumeRule !== 'future') return [bars];
  return [bars, { span, of: 'future', warmUp: params.volumeBars, whenShort: 'wait' }];
}
