import { z } from 'zod';
import type { DatedFact } from '../engine/model/in-force.ts';
import { UNDERLYINGS } from '../engine/model/instrument.ts';
import type { Sourced } from '../engine/model/reference.ts';
import type { Day } from '../engine/model/time.ts';
import { isDay, istTime, WEEKDAYS } from '../engine/model/time.ts';
import { paise } from '../engine/model/units.ts';

/** Shapes that every reference file shares. */
export const dayShape = z.custom<Day>((value) => typeof value === 'string' && isDay(value), 'a day reads YYYY-MM-DD');
export const timeShape = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day reads HH:MM')
  .transform(istTime);
export const weekdayShape = z.enum(WEEKDAYS).transform((name) => WEEKDAYS.indexOf(name));
export const underlyingShape = z.enum(UNDERLYINGS);
export const exchangeShape = z.enum(['NFO', 'BFO']);
export const rupeesShape = z
  .number()
  .int()
  .positive()
  .transform((rupees) => paise(rupees * 100));
export const wholeShape = z.number().int().nonnegative();
export const positiveShape = z.number().int().positive();

/** What each row says about itself. */
export const sourced = { sure: z.boolean(), source: z.string().min(1), note: z.string().optional() };

/** The rows of a file, or one sentence that names the file and the first field at fault. */
export function shaped<T>(file: string, shape: z.ZodType<T>, value: unknown): T {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(
    `datasets/reference/${file}.json: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not as expected'}`,
  );
}

/** A dated row as a fact. */
export function fact<T>(row: Sourced & { readonly from: Day }, value: T): DatedFact<T> {
  return { from: row.from, value, sure: row.sure, source: row.source };
}

/** Rows by a key of theirs, in the order they stand. */
export function grouped<R, K, V>(
  rows: readonly R[],
  keyOf: (row: R) => K,
  valueFrom: (row: R) => V,
): ReadonlyMap<K, readonly V[]> {
  const groups = new Map<K, V[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [valueFrom(row)]);
    else group.push(valueFrom(row));
  }
  return groups;
}
