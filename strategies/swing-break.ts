/**
 * Swing break: sells the nearest options short when they break a swing low that stands well above their VWAP, one resting stop-limit order
 * per right, the stop above the highest high since the swing, sized by what one R is; closed at +-5 R of the day and at 15:15.
 */
import { defineStrategy } from '../engine/strategy.ts';
import { MINUTE_MS } from './swing-break-chain.ts';
import { refusalOfSwingBreak, SwingBreakParams, swingBreakSettings } from './swing-break-params.ts';
import { SwingBreakTrader } from './swing-break-trader.ts';

/** Strikes beyond those that are looked at: the first candle may run, and strikes may be listed two steps apart. */
const STRIKES_BEYOND = 10;

/** The strikes of the morning stay in view whatever the index does; no day of the markets has gone so far. */
const RECENTRE_STEPS = 100;

export const swingBreak = defineStrategy({
  name: 'swing-break',
  version: 1,
  description:
    'Sells calls and puts below confirmed swing lows that stand above their VWAP, one resting order per right, the stop above the last high, sized in R, flat at 15:15.',
  segments: ['NIFTY', 'BANKNIFTY', 'SENSEX'],
  params: SwingBreakParams,
  meantFor: 'weekly',
  refuse: refusalOfSwingBreak,
  universe: (params, segment) => ({
    underlying: segment,
    expiries: [params.expiry],
    strikesAround: params.strikesAround + STRIKES_BEYOND,
    recentreSteps: RECENTRE_STEPS,
    series: [{ span: MINUTE_MS, warmUp: 0 }],
    needs: ['option-volume'],
  }),
  limits: ({ maxPositions, maxPositionsCe, maxPositionsPe, dayTargetR, dayLossR }) => ({
    structuresOpenMax: maxPositions,
    structuresOpenCallsMax: maxPositionsCe,
    structuresOpenPutsMax: maxPositionsPe,
    rProfitPerDayTarget: dayTargetR,
    rLossPerDayMax: dayLossR,
  }),
  create: (params) => new SwingBreakTrader(swingBreakSettings(params)),
});
