import { z } from 'zod';
import type { IstTime, Underlying } from '../engine/strategy.ts';

/** A clock time of the session as parameters write it. */
export const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day reads HH:MM')
  .transform((text) => text as IstTime);

/** A whole number from 0 up. */
export const count = z.number().int().nonnegative();

/** Points of the index between two strikes near the money; `ctx.strikeStep` is the dated fact, this is for parameters before a day is known. */
export const STRIKE_STEP: Partial<Record<Underlying, number>> = { NIFTY: 50, BANKNIFTY: 100, SENSEX: 100 };
