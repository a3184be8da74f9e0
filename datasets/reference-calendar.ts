import { z } from 'zod';
import type { CalendarTables } from '../engine/model/reference.ts';
import { dayShape, exchangeShape, fact, shaped, sourced, timeShape, wholeShape } from './reference-shapes.ts';

const Sessions = z.strictObject({
  about: z.string(),
  firstDay: dayShape,
  verifiedUntil: dayShape,
  hours: z.array(
    z.strictObject({
      from: dayShape,
      open: timeShape,
      close: timeShape,
      indexEndsBeforeClose: wholeShape,
      settlementBeforeClose: wholeShape,
      ...sourced,
    }),
  ),
  special: z.array(
    z.strictObject({
      day: dayShape,
      kind: z.enum(['muhurat', 'budget', 'full-saturday', 'drill', 'halt', 'outage', 'extended']),
      name: z.string(),
      exchanges: z.array(exchangeShape).min(1),
      windows: z.array(z.strictObject({ open: timeShape, close: timeShape })),
      countsForExpiry: z.boolean(),
      knownSince: dayShape.optional(),
      ...sourced,
    }),
  ),
});

const Holidays = z.strictObject({
  about: z.string(),
  holidays: z.array(z.strictObject({ day: dayShape, name: z.string(), knownSince: dayShape.optional(), ...sourced })),
  withdrawn: z.array(z.strictObject({ day: dayShape, name: z.string(), withdrawnOn: dayShape, ...sourced })),
});

/** Hours, holidays and special sessions, from their two files. */
export function calendarTablesOf(files: { readonly sessions: unknown; readonly holidays: unknown }): CalendarTables {
  const { firstDay, verifiedUntil, hours, special } = shaped('sessions', Sessions, files.sessions);
  const { holidays, withdrawn } = shaped('holidays', Holidays, files.holidays);
  return { firstDay, verifiedUntil, hours: hours.map((row) => fact(row, row)), special, holidays, withdrawn };
}
