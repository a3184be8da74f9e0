/**
 * Reversal at key zones: yesterday's high, low and close and its pivots are zones; a five-minute candle that comes back out of one it touched,
 * with volume of the future behind it, buys an option in the direction it turns to. Out beyond the zone's far edge, at the next zone, on a share
 * of premium lost or won, or after 45 minutes.
 */
import type { MarketNeed, SeriesWish } from '../engine/strategy.ts';
import { defineStrategy } from '../engine/strategy.ts';
import { choicesOf } from './expiry-choice.ts';
import type { KeyZoneSettings } from './key-zone-reversal-params.ts';
import { KeyZoneParams, refusalOfKeyZones } from './key-zone-reversal-params.ts';
import { KEY_ZONE_SPAN, KeyZoneTrader } from './key-zone-reversal-trader.ts';

/** Strikes that the window holds beyond those that are read, since the money moves before it follows. */
const STRIKES_BEYOND = 5;

export const keyZoneReversal = defineStrategy({
  name: 'key-zone-reversal',
  version: 1,
  description:
    "Buys a call or a put when five minutes turn at yesterday's extremes or pivots with volume; out beyond the zone, at the next one, or after 45 minutes.",
  segments: ['NIFTY', 'BANKNIFTY', 'SENSEX'],
  params: KeyZoneParams,
  refuse: refusalOfKeyZones,
  universe: (params, segment) => ({
    underlying: segment,
    expiries: choicesOf(params),
    strikesAround: readsChain(params) ? params.oiStrikes + STRIKES_BEYOND : STRIKES_BEYOND,
    recentreSteps: 3,
    series: seriesOf(params),
    needs: needsOf(params),
  }),
  limits: ({ tradesPerDayMax }) => ({ structuresPerDayMax: tradesPerDayMax, structuresOpenMax: 1 }),
  create: (params) => new KeyZoneTrader(params),
});

function readsChain({ walls, oiRule }: KeyZoneSettings): boolean {
  return walls > 0 || oiRule === 'on';
}

function seriesOf({ volumeRule, volumeBars }: KeyZoneSettings): readonly SeriesWish[] {
  const wishes: SeriesWish[] = [
    { span: KEY_ZONE_SPAN, warmUp: 0 },
    { span: 'day', warmUp: 1, whenShort: 'wait' },
  ];
  if (volumeRule === 'future')
    wishes.push({ span: KEY_ZONE_SPAN, of: 'future', warmUp: volumeBars, whenShort: 'wait' });
  return wishes;
}

/** Only what the switches in force read. */
function needsOf(params: KeyZoneSettings): readonly MarketNeed[] {
  const needs: MarketNeed[] = params.volumeRule === 'future' ? ['future', 'future-volume'] : [];
  return readsChain(params) ? [...needs, 'open-interest'] : needs;
}
