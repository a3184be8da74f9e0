import { z } from 'zod';
import type { Day } from '../engine/strategy.ts';
import { daysBetween } from '../engine/strategy.ts';

/** A row of a table by days to expiry: it holds up to `maxDte` calendar days, 0 on the day of expiry. */
export interface DteRow {
  readonly maxDte: number;
}

const maxDte = z.number().int().nonnegative().max(366).describe('calendar days to expiry up to which the row holds');

/** The schema of such a table, of rows with fields of their own; rows stand in rising order of their days. */
export function dteTable<Shape extends z.ZodRawShape>(shape: Shape) {
  return z
    .array(z.strictObject({ maxDte, ...shape }))
    .min(1)
    .max(30);
}

/** The row that holds for an expiry on a day; undefined where it is further away than the last row reaches. */
export function rowOn<Row extends DteRow>(table: readonly Row[], day: Day, expiry: Day): Row | undefined {
  const days = daysBetween(day, expiry);
  for (const row of table) if (days <= row.maxDte) return row;
  return undefined;
}

/** What is wrong with a table whose rows are each right alone; undefined for nothing. */
export function refusalOfTable(name: string, table: readonly DteRow[]): string | undefined {
  for (let at = 1; at < table.length; at += 1) {
    const [before, after] = [table[at - 1]?.maxDte ?? 0, table[at]?.maxDte ?? 0];
    if (after <= before) return `parameter ${name} must have rows of rising maxDte, was ${after} after ${before}`;
  }
  return undefined;
}
