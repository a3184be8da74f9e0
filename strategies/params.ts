import { z } from 'zod';
import type { IstTime, Underlying } from '../engine/strategy.ts';
import { minutesOf } from '../engine/strategy.ts';

/** A clock time of the session as parameters write it. */
export const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day reads HH:MM')
  .transform((text) => text as IstTime);

/** A whole number from 0 up. */
export const count = z.number().int().nonnegative();

/** The volume of the near future that must back a signal, against its mean over five-minute candles; `factor` times by default. */
export function futureVolumeParams(factor: number) {
  return {
    volumeRule: z
      .enum(['future', 'off'])
      .default('future')
      .describe("volume that must back a signal: the near future's in the same five minutes, or none"),
    volumeFactor: z.number().positive().max(100).default(factor).describe('times its mean that this volume must reach'),
    volumeBars: z
      .number()
      .int()
      .min(1)
      .max(500)
      .default(20)
      .describe('five-minute candles before it that the mean is over, those of days before too'),
  };
}

/** Points of the index between two strikes near the money; `ctx.strikeStep` is the dated fact, this is for parameters before a day is known. */
export const STRIKE_STEP: Partial<Record<Underlying, number>> = { NIFTY: 50, BANKNIFTY: 100, SENSEX: 100 };

/** No session has begun before this minute of the day, 09:15. */
export const SESSIONS_FROM = 555;

/** One sentence where a last entry leaves no minute to enter in, or lies after everything was closed. */
export function refusalOfLastEntry(entryTo: IstTime, exitAt: IstTime): string | undefined {
  if (minutesOf(entryTo) <= SESSIONS_FROM)
    return `parameter entryTo must be after 09:15, when sessions begin, was ${entryTo}`;
  if (minutesOf(entryTo) > minutesOf(exitAt))
    return `parameter entryTo must not be after exitAt, was ${entryTo} and ${exitAt}`;
  return undefined;
}

/** One sentence where the first minutes of the day that a strategy waits for last until its last entry. */
export function refusalOfOpeningRange(name: string, minutes: number, entryTo: IstTime): string | undefined {
  if (SESSIONS_FROM + minutes < minutesOf(entryTo)) return undefined;
  return `parameter ${name} must end before entryTo, was ${minutes} minutes from 09:15 and ${entryTo}; nothing could be entered`;
}

/** A sentence where a last time of entries is not after the first instant at which anything could be entered; undefined where it is. */
export function entersNever(name: string, until: IstTime, first: IstTime): string | undefined {
  if (minutesOf(until) > minutesOf(first)) return undefined;
  return `parameter ${name} must be after ${first}, when the first entry could be made, was ${until}`;
}
