import { z } from 'zod';
import type { ExpiryChoice, IstTime } from '../engine/strategy.ts';
import { count, entersNever, refusalOfLastEntry, timeOfDay } from './params.ts';

/** Most days before a monthly expiry from which on the one after it is bought. */
const SWITCH_MAX = 30;

/** Every parameter with its default; a bar is a session, or 15 minutes. */
export const EmaTrendParams = z.strictObject({
  mode: z
    .enum(['daily', 'intraday'])
    .default('daily')
    .describe(
      'daily bars, traded in the first minute of the next session and held over nights, or bars of 15 minutes, traded at their close and flat at the exit time',
    ),
  emaPeriod: z.number().int().min(2).max(500).default(50).describe('bars of the exponential mean of the close'),
  fastEma: z
    .number()
    .int()
    .min(2)
    .max(500)
    .optional()
    .describe('bars of a faster mean that crosses in place of the close; off by default'),
  crossLag: z
    .literal([1, 2])
    .default(1)
    .describe('bars back to the one that stood on the other side; 2 as in the origin'),
  distancePct: z
    .number()
    .nonnegative()
    .max(50)
    .default(0.5)
    .describe('per cent of the mean that the close must be further away from it than'),
  volumeRule: z
    .enum(['future', 'index', 'off'])
    .default('future')
    .describe("volume that must back a cross: the near future's, the index's own where the store has one, or none"),
  volumeFactor: z.number().positive().max(100).default(1.2).describe('times its mean that this volume must be above'),
  volumeBars: z.number().int().min(1).max(500).default(20).describe('bars of that mean, the present one among them'),
  holdBars: count.max(500).default(5).describe('bars after which a trade is left; 0 is without such an end'),
  exitOnOpposite: z.boolean().default(true).describe('a cross the other way ends a trade'),
  exitAcross: z.boolean().default(true).describe('a close back across the mean ends a trade'),
  expiry: z.enum(['nearest', 'next', 'monthly', 'next-monthly']).default('monthly').describe('which expiry is bought'),
  expirySwitchDays: count
    .max(SWITCH_MAX)
    .default(10)
    .describe(
      'days to the monthly expiry at which daily bars buy the one after it, so that it outlives five sessions; 0 is never; only with expiry monthly',
    ),
  warmUpBars: count
    .max(1_500)
    .default(100)
    .describe('bars before the first day; with fewer in the store signals wait for as many as the mean has'),
  entryTo: timeOfDay
    .optional()
    .describe('HH:MM from which nothing is entered; default 09:30 for daily bars, 15:15 for those of 15 minutes'),
  exitAt: timeOfDay.default('15:15' as IstTime).describe('HH:MM, everything is closed; bars of 15 minutes only'),
});

export type EmaTrendSettings = z.infer<typeof EmaTrendParams>;

/** The last time of entries, where nobody says another. */
export function entryToOf({ mode, entryTo }: EmaTrendSettings): IstTime {
  return entryTo ?? ((mode === 'daily' ? '09:30' : '15:15') as IstTime);
}

/** Whether the expiry that is bought may be the one after the monthly. */
export function switchesExpiry({ mode, expiry, expirySwitchDays }: EmaTrendSettings): boolean {
  return mode === 'daily' && expiry === 'monthly' && expirySwitchDays > 0;
}

/** Every expiry that may be bought. */
export function expiriesOf(params: EmaTrendSettings): readonly ExpiryChoice[] {
  return switchesExpiry(params) ? ['monthly', 'next-monthly'] : [params.expiry];
}

/** What is wrong with parameters that are each right alone; undefined for nothing. */
export function refusalOfEmaTrend(params: EmaTrendSettings): string | undefined {
  const { fastEma, emaPeriod, mode, exitAt, warmUpBars } = params;
  const entryTo = entryToOf(params);
  if (fastEma !== undefined && fastEma >= emaPeriod)
    return `parameter fastEma must be below emaPeriod, was ${fastEma} and ${emaPeriod}`;
  if (warmUpBars > 0 && warmUpBars < emaPeriod)
    return `parameter warmUpBars must be 0 or at least emaPeriod, was ${warmUpBars} and ${emaPeriod}`;
  const late = refusalOfLastEntry(entryTo, mode === 'intraday' ? exitAt : entryTo);
  return (
    late ?? entersNever('entryTo', entryTo, mode === 'daily' ? FIRST_MINUTE : FIRST_QUARTER) ?? refusalOfHold(params)
  );
}

/** The end of the first minute, and that of the first bar of 15 minutes. */
const FIRST_MINUTE = '09:16' as IstTime;
const FIRST_QUARTER = '09:30' as IstTime;

/** What is bought must outlive the bars that it is held for: with weekends, and two holidays in each five sessions. */
function refusalOfHold(params: EmaTrendSettings): string | undefined {
  const { holdBars, expirySwitchDays } = params;
  const least = daysOfHold(holdBars) - 1;
  if (!switchesExpiry(params) || expirySwitchDays >= least) return undefined;
  return least > SWITCH_MAX
    ? `parameter holdBars must be at most 15 while expirySwitchDays is not 0, since no switch outlives more, was ${holdBars}`
    : `parameter expirySwitchDays must be 0 or at least ${least}, so that an option outlives holdBars of ${holdBars}, was ${expirySwitchDays}`;
}

/** Days of the calendar that so many sessions may take. */
function daysOfHold(sessions: number): number {
  return sessions + 4 * Math.ceil(sessions / 5);
}
