import { z } from 'zod';
import type { IstTime } from '../engine/strategy.ts';
import { expiryParams } from './expiry-choice.ts';
import { count, futureVolumeParams, refusalOfLastEntry, timeOfDay } from './params.ts';

const pct = z.number().nonnegative().max(100);

/** Every parameter with its default; per cents of the index are of its first level of the day. */
export const KeyZoneParams = z.strictObject({
  ...expiryParams,
  zonePct: z
    .number()
    .positive()
    .max(5)
    .default(0.1)
    .describe('per cent of the index to either side of a level that its zone is wide'),
  prevCloseSource: z
    .enum(['last', 'official'])
    .default('last')
    .describe("yesterday's close: of its last minute, or the official one of the exchange"),
  walls: count
    .max(3)
    .default(0)
    .describe(
      'strikes with the most open interest on each side that are levels too, read every so many minutes; 0 is off',
    ),
  oiRule: z
    .enum(['off', 'on'])
    .default('off')
    .describe('the put-call ratio of open interest must be above its floor for a call and below its ceiling for a put'),
  pcrFloor: z.number().nonnegative().max(10).default(0.8).describe('put-call ratio that a call needs to be above'),
  pcrCeiling: z.number().positive().max(10).default(1.2).describe('put-call ratio that a put needs to be below'),
  oiStrikes: count
    .max(50)
    .default(10)
    .describe('strikes to either side of the money in that ratio and among the walls'),
  oiGridMinutes: z
    .literal([1, 3])
    .default(3)
    .describe('minutes between the instants at which open interest is read, since it moves more slowly than prices'),
  confirmPct: pct
    .default(0.04)
    .describe('per cent of the index that a candle must close beyond the zone on the side it came from'),
  candleColour: z.boolean().default(true).describe('that candle must also close beyond its own open'),
  ...futureVolumeParams(1.2),
  armCandles: count.max(75).default(6).describe('candles after the touch in which it may be confirmed'),
  leaveZones: z
    .number()
    .positive()
    .max(100)
    .default(2)
    .describe('half widths of a zone beyond it at which a close without confirmation ends the wait'),
  stopPremiumPct: pct.default(20).describe('per cent of the premium paid that may be lost; 0 is off'),
  targetPremiumPct: z
    .number()
    .nonnegative()
    .max(1_000)
    .default(40)
    .describe('per cent of the premium paid at which the profit is taken; 0 is off'),
  targetZone: z.boolean().default(true).describe('the profit is also taken where the index reaches the next zone'),
  holdMinutes: count.max(400).default(45).describe('minutes that a trade is held at most; 0 is until the exit time'),
  tradesPerDayMax: z.number().int().min(1).max(75).default(3).describe('trades a day'),
  cooldownMinutes: count.max(400).default(5).describe('minutes after a trade without another'),
  entryTo: timeOfDay.default('15:15' as IstTime).describe('HH:MM, a candle that ends here enters no more'),
  exitAt: timeOfDay.default('15:15' as IstTime).describe('HH:MM, everything is closed'),
});

export type KeyZoneSettings = z.infer<typeof KeyZoneParams>;

/** What is wrong with parameters that are each right alone; undefined for nothing. */
export function refusalOfKeyZones(params: KeyZoneSettings): string | undefined {
  const { entryTo, exitAt, zonePct, leaveZones, confirmPct } = params;
  if (confirmPct >= leaveZones * zonePct)
    return `parameter confirmPct must be below leaveZones times zonePct, where the wait ends, was ${confirmPct} with ${leaveZones} times ${zonePct}`;
  return refusalOfLastEntry(entryTo, exitAt);
}
