import { z } from 'zod';
import type { IstTime } from '../engine/model/time.ts';

// Each schema reads one value a run: making faster code for it first takes longer than the reading.
z.config({ jitless: true });

export const time = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day reads HH:MM')
  .transform((text) => text as IstTime);
/** Money is whole paise from here on: less than one would be none. */
export const rupees = z.number().min(0.01).max(1e11).multipleOf(0.01);
/** A limit on a number of things: of none at all it would stop everything, which leaving it out says better. */
export const cap = z.number().int().min(1).max(1_000_000);
export const count = z.number().int().nonnegative().max(1_000_000);
export const pct = z.number().nonnegative().max(100);
