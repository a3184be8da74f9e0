import { z } from 'zod';
import type { Day, ExpiryChoice } from '../engine/strategy.ts';
import { weekdayOf } from '../engine/strategy.ts';

const choice = z.enum(['nearest', 'next', 'monthly', 'next-monthly']);

/** Parameters that say which expiry is traded: one choice, and where wanted another for some weekdays. */
export const expiryParams = {
  expiry: choice.default('nearest').describe('which expiry is traded; one that expires today is still the nearest'),
  expiryByWeekday: z
    .strictObject({
      Mon: choice.optional(),
      Tue: choice.optional(),
      Wed: choice.optional(),
      Thu: choice.optional(),
      Fri: choice.optional(),
      Sat: choice.optional(),
      Sun: choice.optional(),
    })
    .optional()
    .describe('choices for weekdays on which another expiry is traded'),
};

/** Weekdays in the order of their numbers, Monday 0. */
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** Which expiry a rule trades, as its parameters say. */
export interface ExpiryRule {
  readonly expiry: ExpiryChoice;
  readonly expiryByWeekday?: { readonly [Name in (typeof WEEKDAYS)[number]]?: ExpiryChoice | undefined } | undefined;
}

/** The choice that holds on a day. */
export function choiceOn(day: Day, { expiry, expiryByWeekday }: ExpiryRule): ExpiryChoice {
  const name = WEEKDAYS[weekdayOf(day)];
  return (name === undefined ? undefined : expiryByWeekday?.[name]) ?? expiry;
}

/** Every choice that a rule may come to, each once: what its universe has to show. */
export function choicesOf({ expiry, expiryByWeekday = {} }: ExpiryRule): readonly ExpiryChoice[] {
  const others = WEEKDAYS.map((name) => expiryByWeekday[name]).filter((each) => each !== undefined);
  return [...new Set([expiry, ...others])];
}
