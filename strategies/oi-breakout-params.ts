import { z } from 'zod';
import type { IstTime } from '../engine/strategy.ts';
import { expiryParams } from './expiry-choice.ts';
import { count, futureVolumeParams, refusalOfLastEntry, refusalOfOpeningRange, timeOfDay } from './params.ts';

const pct = z.number().nonnegative().max(100);

/** Every parameter with its default. */
export const OiBreakoutParams = z.strictObject({
  ...expiryParams,
  openingMinutes: z
    .number()
    .int()
    .multipleOf(5)
    .min(5)
    .max(180)
    .default(15)
    .describe('minutes from the open whose highest and lowest price are the first levels'),
  yesterdayPct: pct
    .default(0.3)
    .describe(
      "per cent of the opening range's edge within which yesterday's high or low is the level where it lies further out; 0 is off",
    ),
  gapPct: pct
    .default(0.1)
    .describe(
      'per cent beyond the level from which on a candle that opens there has jumped over it: it is no breakout before prices came back to the level',
    ),
  ...futureVolumeParams(1.5),
  oiRule: z
    .enum(['on', 'off'])
    .default('on')
    .describe(
      'open interest must confirm: price and open interest of the future both up for a call (price down, open interest up for a put), and writers on that side of the chain',
    ),
  oiGridMinutes: z
    .literal([1, 3])
    .default(1)
    .describe('minutes between the instants at which open interest is read, since it moves more slowly than prices'),
  oiWindowMinutes: z
    .number()
    .int()
    .min(3)
    .max(120)
    .default(15)
    .describe('minutes back that the future and the strike with the most written options are compared with'),
  oiFrom: timeOfDay
    .default('09:20' as IstTime)
    .describe('HH:MM from which open interest added in calls and puts is counted'),
  oiStrikes: count
    .max(50)
    .default(5)
    .describe('strikes to either side of the money in which added open interest is counted'),
  oiFuturePct: pct
    .default(0)
    .describe('per cent that the open interest of the future must rise by more than; 0.5 in public use'),
  oiPricePct: pct
    .default(0)
    .describe('per cent that the price of the future must move by more than; 0.2 in public use'),
  pcrGate: z
    .boolean()
    .default(true)
    .describe('the put-call ratio of open interest must not be below its level for a call, nor above it for a put'),
  pcrLevel: z.number().positive().max(10).default(1).describe('put-call ratio that this gate stands at'),
  pcrStrikes: count.max(50).default(10).describe('strikes to either side of the money in that ratio'),
  spread: z
    .boolean()
    .default(false)
    .describe('a debit spread: the next strike out of the money is sold against the one bought'),
  restingStopPct: z
    .number()
    .positive()
    .max(1_000)
    .default(300)
    .describe(
      'with spread: per cent of its premium above which the wide resting stop of the sold option stands at least; it rises while the trade goes right',
    ),
  stopOn: z
    .enum(['candle', 'minute'])
    .default('candle')
    .describe('closes that the stop at the level looks at: of five-minute candles, or of each minute'),
  stopInsidePct: pct.default(0.1).describe('per cent of the level that such a close lies back inside it'),
  premiumStopPct: pct
    .default(25)
    .describe('per cent of the premium paid, of a spread the net one, that may be lost; 0 is off'),
  trailAtr: z
    .number()
    .nonnegative()
    .max(20)
    .default(1)
    .describe('ATRs of five-minute candles that the trail keeps from the best level of the index; 0 is off'),
  trailAfterAtr: z
    .number()
    .nonnegative()
    .max(20)
    .default(1)
    .describe('ATRs that the index must gain before the trail begins'),
  atrPeriod: z.number().int().min(2).max(100).default(14).describe("candles of Wilder's ATR"),
  warmUpBars: count
    .max(1_000)
    .default(100)
    .describe('five-minute candles of the index before the first day; with fewer in the store signals wait'),
  entryTo: timeOfDay.default('15:15' as IstTime).describe('HH:MM, a candle that ends here enters no more'),
  exitAt: timeOfDay.default('15:15' as IstTime).describe('HH:MM, everything is closed'),
});

export type OiBreakoutSettings = z.infer<typeof OiBreakoutParams>;

/** What is wrong with parameters that are each right alone; undefined for nothing. */
export function refusalOfOiBreakout(params: OiBreakoutSettings): string | undefined {
  const { entryTo, exitAt, oiGridMinutes, oiWindowMinutes, trailAtr, warmUpBars, atrPeriod } = params;
  if (oiWindowMinutes % oiGridMinutes !== 0)
    return `parameter oiWindowMinutes must be a multiple of oiGridMinutes, was ${oiWindowMinutes} and ${oiGridMinutes}`;
  if (trailAtr > 0 && warmUpBars < atrPeriod)
    return `parameter warmUpBars must be at least atrPeriod while trailAtr is on, was ${warmUpBars} and ${atrPeriod}`;
  return refusalOfLastEntry(entryTo, exitAt) ?? refusalOfOpeningRange('openingMinutes', params.openingMinutes, entryTo);
}
