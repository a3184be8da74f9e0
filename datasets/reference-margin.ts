import { z } from 'zod';
import type { MarginTables } from '../engine/model/margin-rates.ts';
import { dayShape, fact, positiveShape, shaped, sourced } from './reference-shapes.ts';

const pct = z.number().nonnegative().max(100);
const dated = { from: dayShape, ...sourced };

const Margin = z.strictObject({
  about: z.string(),
  verifiedUntil: dayShape,
  scan: z.array(
    z.strictObject({
      pctMin: pct,
      longDatedPctMin: pct,
      sigmas: positiveShape,
      volatilitySharePct: pct,
      volatilityPctMin: pct,
      ...dated,
    }),
  ),
  extreme: z.array(z.strictObject({ ranges: positiveShape, sharePct: pct, ...dated })),
  exposure: z.array(z.strictObject({ pct, calendarDivisor: positiveShape, ...dated })),
  expiryDay: z.array(z.strictObject({ pct, ...dated })),
  hedgeBenefit: z.array(z.strictObject({ legs: z.enum(['together', 'apart']), ...dated })),
  calendar: z.array(z.strictObject({ pct, expiringToday: z.enum(['offsets', 'stands-alone']), ...dated })),
});

/** The dated rates of margins. */
export function marginTablesOf(file: unknown): MarginTables {
  const rows = shaped('margin', Margin, file);
  return {
    verifiedUntil: rows.verifiedUntil,
    scan: rows.scan.map((row) => fact(row, row)),
    extreme: rows.extreme.map((row) => fact(row, { ranges: row.ranges, sharePct: row.sharePct })),
    exposure: rows.exposure.map((row) => fact(row, { pct: row.pct, calendarDivisor: row.calendarDivisor })),
    expiryDay: rows.expiryDay.map((row) => fact(row, row.pct)),
    hedgeBenefit: rows.hedgeBenefit.map((row) => fact(row, row.legs)),
    calendar: rows.calendar.map((row) => fact(row, { pct: row.pct, expiringToday: row.expiringToday })),
  };
}
