import { z } from 'zod';
import type { IstTime, Underlying } from '../engine/strategy.ts';
import { minutesOf } from '../engine/strategy.ts';
import { count, refusalOfLastEntry, STRIKE_STEP, timeOfDay } from './params.ts';

const points = z.number().nonnegative();

/** Every parameter with its default; points are of the index unless a line says otherwise. */
export const RsiStrengthParams = z.strictObject({
  timeframe: z.literal([3, 5, 15, 30, 60]).default(5).describe('minutes of a candle that signals come from'),
  rsiPeriod: z.number().int().min(2).max(100).default(9).describe('candles of the RSI of the close'),
  lines: z
    .enum(['seed', 'hm21'])
    .default('seed')
    .describe('weighted mean of the RSI that is called volume strength: over 6 candles, or 21 as published'),
  rsiConfirm: z
    .enum(['level', 'none'])
    .default('level')
    .describe('level: the RSI itself must lie beyond volume strength in the direction of the cross'),
  equality: z
    .enum(['carry', 'strict'])
    .default('carry')
    .describe('lines that touch: the side before the touch counts on, or the cross is lost'),
  allowOvernightCross: z.boolean().default(false).describe('a cross may have its two candles on two days'),
  entryDelayBars: count.max(10).default(0).describe('candles between the cross and its entry'),
  warmUpBars: count
    .max(1_000)
    .default(100)
    .describe('candles before the first day; with fewer in the store signals wait'),
  expiry: z.enum(['nearest', 'next', 'monthly']).default('nearest').describe('which expiry is bought'),
  expirySwitchDays: count
    .max(30)
    .optional()
    .describe('days to expiry at which the expiry after it is bought instead; off by default, 2 in the origin'),
  itmOffset: z
    .number()
    .min(-2_000)
    .max(2_000)
    .default(100)
    .describe('points that the strike lies in the money, a multiple of the strike step; below 0 out of the money'),
  entryFrom: timeOfDay.default('09:20' as IstTime).describe('HH:MM, a candle that ends here is the first to enter on'),
  entryTo: timeOfDay.default('15:15' as IstTime).describe('HH:MM, a candle that ends here enters no more'),
  exitAt: timeOfDay.default('15:15' as IstTime).describe('HH:MM, everything is closed'),
  maxTradesPerDay: count.default(5).describe('trades a day, re-entries among them'),
  slBasis: z
    .enum(['underlying', 'premium'])
    .default('underlying')
    .describe('what stop and trail are levels of: the index, or the premium of the option'),
  slPoints: z.number().positive().default(50).describe('points of the basis that it may go against the entry'),
  tslPoints: points
    .optional()
    .describe('points that the trail keeps from the best level; 0 is off; default as slPoints'),
  reentryRule: z
    .enum(['candle', 'cross'])
    .default('candle')
    .describe(
      'after a stop at a loss: again on each candle of the colour while the lines stay, or with a new cross only',
    ),
  maxReentries: count.default(3).describe('times that rule enters again after one cross'),
  reverseOnOpposite: z.boolean().default(false).describe('an opposite signal closes the trade and enters its own'),
  pyramidPoints: z
    .number()
    .positive()
    .optional()
    .describe(
      'profit of the trade in rupees per unit held at which lots are added; default NIFTY 10, BANKNIFTY and SENSEX 20',
    ),
  lotAddition: count.optional().describe('lots added each time; 0 is off; default NIFTY 5, BANKNIFTY and SENSEX 10'),
  maxQuantity: count.optional().describe('units that a trade may hold; default NIFTY 1500, BANKNIFTY and SENSEX 1000'),
  divergence: z.boolean().default(false).describe('only crosses that a divergence of close and RSI backs'),
  divergenceBars: z
    .number()
    .int()
    .min(1)
    .max(10)
    .default(2)
    .describe('candles on each side that confirm a pivot of the close'),
  divergenceApartMin: z.number().int().min(1).default(3).describe('least candles between its two pivots'),
  divergenceApartMax: z.number().int().min(1).default(30).describe('most candles between its two pivots'),
  divergenceWithin: count.default(5).describe('candles after its confirmation in which a cross is backed'),
  atrRatioMin: points
    .optional()
    .describe('least ATR(14, plain mean) over its mean of 20; off by default, 1 in the origin'),
  rsiCeMax: z.number().min(0).max(100).optional().describe('highest RSI for a call; off by default, 75 in the origin'),
  rsiPeMin: z.number().min(0).max(100).optional().describe('lowest RSI for a put; off by default, 25 in the origin'),
  gapPctMin: points
    .optional()
    .describe('least distance of the lines in per cent of the higher; off by default, 2 in the origin'),
  gapPctMax: points.optional().describe('largest such distance; off by default, 5 in the origin'),
  minuteAgree: z.boolean().default(false).describe('the same lines on one-minute candles must lie on the same side'),
  minuteSpeedMin: points
    .optional()
    .describe('least change of one-minute price strength a candle, over three; off by default, 0.5 in the origin'),
  minuteVolumeMin: points
    .optional()
    .describe(
      "least volume of the option's last minute over the mean of the five before; off by default, 1.5 in the origin",
    ),
});

export type RsiStrengthSettings = z.infer<typeof RsiStrengthParams>;

/** The settings of one segment: what has a default of its own there is filled in. */
export interface SegmentSettings extends RsiStrengthSettings {
  readonly slow: number;
  readonly tslPoints: number;
  readonly pyramidPoints: number;
  readonly lotAddition: number;
  readonly maxQuantity: number;
}

/** Pyramiding by the ordering document. */
const PYRAMID: Partial<Record<Underlying, { readonly points: number; readonly lots: number; readonly units: number }>> =
  {
    NIFTY: { points: 10, lots: 5, units: 1_500 },
    BANKNIFTY: { points: 20, lots: 10, units: 1_000 },
    SENSEX: { points: 20, lots: 10, units: 1_000 },
  };

export function segmentSettings(params: RsiStrengthSettings, segment: Underlying): SegmentSettings {
  const { points: perUnit = 20, lots = 0, units = 0 } = PYRAMID[segment] ?? {};
  return {
    ...params,
    slow: params.lines === 'seed' ? 6 : 21,
    tslPoints: params.tslPoints ?? params.slPoints,
    pyramidPoints: params.pyramidPoints ?? perUnit,
    lotAddition: params.lotAddition ?? lots,
    maxQuantity: params.maxQuantity ?? units,
  };
}

/** Whether a filter needs one-minute candles, of the index or of the option. */
export function looksAtMinutes({ minuteAgree, minuteSpeedMin, minuteVolumeMin }: RsiStrengthSettings): boolean {
  return minuteAgree || minuteSpeedMin !== undefined || minuteVolumeMin !== undefined;
}

/** What is wrong with parameters that are each right alone; undefined for nothing. */
export function refusalOfParams(params: RsiStrengthSettings, segment: Underlying): string | undefined {
  const step = STRIKE_STEP[segment] ?? 50;
  const { itmOffset, expiry, expirySwitchDays, entryFrom, entryTo, gapPctMin = 0, gapPctMax = 100 } = params;
  if (itmOffset % step !== 0)
    return `parameter itmOffset must be a multiple of the strike step of ${segment}, ${step}, was ${itmOffset}`;
  if (expirySwitchDays !== undefined && expiry === 'next')
    return `parameter expirySwitchDays goes with expiry nearest or monthly, was ${expirySwitchDays} with expiry next`;
  if (minutesOf(entryFrom) >= minutesOf(entryTo))
    return `parameter entryFrom must be before entryTo, was ${entryFrom} and ${entryTo}`;
  if (gapPctMin > gapPctMax)
    return `parameter gapPctMin must not be above gapPctMax, was ${gapPctMin} and ${gapPctMax}`;
  if (params.divergenceApartMin > params.divergenceApartMax)
    return `parameter divergenceApartMin must not be above divergenceApartMax, was ${params.divergenceApartMin} and ${params.divergenceApartMax}`;
  return refusalOfLastEntry(entryTo, params.exitAt);
}
