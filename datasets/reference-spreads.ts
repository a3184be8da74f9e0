import { z } from 'zod';
import type { Underlying } from '../engine/model/instrument.ts';
import type { MeasuredSpreads } from '../engine/model/spreads.ts';
import type { Day } from '../engine/model/time.ts';
import { minutesOf } from '../engine/model/time.ts';
import { dayShape, shaped, timeShape, underlyingShape, wholeShape } from './reference-shapes.ts';

const numbers = z.array(z.number());

/** The rows are many and every run reads them: their fields are plain here, and `faultOf` looks at what must fit together. */
const Row = z.strictObject({
  underlying: underlyingShape,
  days: z.number(),
  moneyness: z.number().nullable(),
  premium: z.number(),
  time: z.string().nullable(),
  quotes: z.number(),
  seconds: z.number(),
  contracts: z.number(),
  dates: z.array(z.string()),
  paise: numbers,
  pct: numbers,
  source: z.string(),
});
type Row = z.infer<typeof Row>;

const Bands = z.strictObject({
  premium: numbers.refine(rises, 'lower ends must rise'),
  moneyness: numbers.refine(rises, 'lower ends must rise'),
  days: numbers.refine(rises, 'lower ends must rise'),
  time: z.array(timeShape).refine(rises, 'lower ends must rise'),
});
type Bands = z.infer<typeof Bands>;

const Spreads = z
  .strictObject({
    about: z.string(),
    quantiles: z.tuple([z.literal(25), z.literal(50), z.literal(75), z.literal(90)]),
    quotesMin: wholeShape,
    bands: Bands,
    measured: z.array(
      z.looseObject({ source: z.string().min(1), underlying: underlyingShape, day: dayShape, measured: wholeShape }),
    ),
    notRead: z.array(z.strictObject({ source: z.string().min(1), what: z.string(), rows: wholeShape })),
    coverage: z.array(
      z.strictObject({ underlying: underlyingShape, days: wholeShape, cells: wholeShape, of: wholeShape }),
    ),
    rows: z.array(Row),
  })
  .superRefine(({ bands, rows, quotesMin }, context) => {
    const seen = new Set<string>();
    rows.forEach((row, at) => {
      const key = `${row.underlying} ${row.days} ${row.moneyness} ${row.premium} ${row.time}`;
      const fault = seen.has(key) ? `stands twice: ${key}` : faultOf(row, { bands, quotesMin });
      if (fault !== undefined) context.addIssue({ code: 'custom', path: ['rows', at], message: fault });
      seen.add(key);
    });
  });

/** The measured half-spreads with the days that each underlying was measured on. */
export interface SpreadReference {
  readonly table: MeasuredSpreads;
  readonly days: ReadonlyMap<Underlying, readonly Day[]>;
}

/** Reads the table of half-spreads. */
export function spreadsOf(file: unknown): SpreadReference {
  const { bands, rows, measured } = shaped('half-spreads', Spreads, file);
  const days = new Map<Underlying, Day[]>();
  for (const { underlying, day, measured: quotes } of measured) {
    const known = days.get(underlying) ?? [];
    if (quotes > 0 && !known.includes(day)) days.set(underlying, [...known, day].sort());
  }
  return {
    table: {
      bands: {
        premium: bands.premium.map((rupees) => Math.round(rupees * 100)),
        moneyness: bands.moneyness.map((pct) => Math.round(pct * 100)),
        daysToExpiry: bands.days,
        minute: bands.time.map(minutesOf),
      },
      cells: rows.map((row) => ({
        underlying: row.underlying,
        premium: bands.premium.indexOf(row.premium),
        moneyness: row.moneyness === null ? undefined : bands.moneyness.indexOf(row.moneyness),
        daysToExpiry: bands.days.indexOf(row.days),
        minute: row.time === null ? undefined : places(bands.time).indexOf(row.time),
        median: row.paise[1] ?? 0,
      })),
    },
    days,
  };
}

/** What is wrong with a row; undefined where it names a cell and tells quantiles of it. */
function faultOf(
  row: Row,
  { bands, quotesMin }: { readonly bands: Bands; readonly quotesMin: number },
): string | undefined {
  const { days, premium, moneyness, time } = row;
  const isWide = moneyness === null && time !== null;
  const isKnown =
    bands.days.includes(days) &&
    bands.premium.includes(premium) &&
    (moneyness === null || bands.moneyness.includes(moneyness)) &&
    (time === null || places(bands.time).includes(time));
  if (isWide || !isKnown) return `names no cell: ${days} days, ${moneyness} %, ${premium} rupees, ${time}`;
  const fall = [row.paise, row.pct].some((list) => list.length !== 4 || (list[0] ?? -1) < 0 || !climbs(list));
  if (fall) return 'must tell four quantiles that do not fall';
  if (row.quotes < quotesMin || row.contracts < 1 || row.dates.length === 0) return 'tells of too few quotes';
  return row.source === '' ? 'has no source' : undefined;
}

function places(times: readonly string[]): readonly string[] {
  return times;
}

function rises(list: readonly (number | string)[]): boolean {
  return list.length > 0 && list.every((value, at) => at === 0 || (list[at - 1] ?? value) < value);
}

function climbs(list: readonly number[]): boolean {
  return list.every((value, at) => at === 0 || (list[at - 1] ?? value) <= value);
}
