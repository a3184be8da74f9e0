import { z } from 'zod';
import type { ContractTables, ExpiryRow, ListingDepth, PriceRoom } from '../engine/model/reference.ts';
import type { Day } from '../engine/model/time.ts';
import { isDay } from '../engine/model/time.ts';
import { marginTablesOf } from './reference-margin.ts';
import {
  dayShape,
  exchangeShape,
  fact,
  grouped,
  positiveShape,
  rupeesShape,
  shaped,
  sourced,
  underlyingShape,
  weekdayShape,
  wholeShape,
} from './reference-shapes.ts';

const expiryType = z.enum(['weekly', 'monthly']);

/** Checked by hand, since these rows are most of all tables and each command reads them. */
const ExpiryRowShape = z.custom<ExpiryRow>(
  isExpiryRow,
  'has expiry, type, lotSize, kitePrefix and perhaps scheduled, sure, note',
);

const Expiries = z.strictObject({
  about: z.string(),
  rules: z.array(
    z.strictObject({
      underlying: underlyingShape,
      type: expiryType,
      weekday: weekdayShape,
      first: dayShape,
      last: dayShape.optional(),
      ...sourced,
    }),
  ),
  revisions: z.array(
    z.strictObject({
      underlyings: z.array(underlyingShape).min(1),
      afterCloseOf: dayShape,
      moved: z.record(z.string(), dayShape).transform(daysMoved),
      ...sourced,
    }),
  ),
  listing: z.array(
    z.strictObject({
      underlying: underlyingShape,
      from: dayShape,
      weeklies: wholeShape,
      monthlies: wholeShape,
      quarterlies: wholeShape,
      halfYearlies: wholeShape,
      ...sourced,
    }),
  ),
  rows: z.record(underlyingShape, z.array(ExpiryRowShape)),
});

const Lots = z.strictObject({
  about: z.string(),
  lots: z.array(
    z.strictObject({
      underlying: underlyingShape,
      type: expiryType,
      lotSize: positiveShape,
      first: dayShape.optional(),
      last: dayShape.optional(),
      ...sourced,
    }),
  ),
  conversions: z.array(
    z.strictObject({
      underlying: underlyingShape,
      afterCloseOf: dayShape,
      firstExpiry: dayShape,
      from: positiveShape,
      to: positiveShape,
      ...sourced,
    }),
  ),
});

const Freeze = z.strictObject({
  about: z.string(),
  rows: z.array(z.strictObject({ underlying: underlyingShape, from: dayShape, quantity: positiveShape, ...sourced })),
});

const Strikes = z.strictObject({
  about: z.string(),
  rows: z.array(
    z.strictObject({
      underlying: underlyingShape,
      near: rupeesShape,
      laterMonths: rupeesShape,
      longDated: rupeesShape.optional(),
      ...sourced,
    }),
  ),
});

const PriceRoomShape = z.strictObject({
  exchange: exchangeShape,
  from: dayShape,
  pct: positiveShape,
  floor: rupeesShape,
  upTo: rupeesShape,
  ...sourced,
});

const PriceControls = z.strictObject({
  about: z.string(),
  limitPriceProtection: z.array(PriceRoomShape),
  stopLimitRoom: z.array(PriceRoomShape),
  stopMarket: z.array(z.strictObject({ exchange: exchangeShape, until: dayShape, ...sourced })),
});

/** Everything that is known about contracts, from the six files that hold it. */
export function contractTablesOf(files: {
  readonly expiries: unknown;
  readonly lots: unknown;
  readonly freeze: unknown;
  readonly strikes: unknown;
  readonly 'price-controls': unknown;
  readonly margin: unknown;
}): ContractTables {
  const expiries = shaped('expiries', Expiries, files.expiries);
  const lots = shaped('lots', Lots, files.lots);
  const freeze = shaped('freeze', Freeze, files.freeze);
  const strikes = shaped('strikes', Strikes, files.strikes);
  const prices = shaped('price-controls', PriceControls, files['price-controls']);
  return {
    expiries: new Map(Object.entries(expiries.rows) as [keyof typeof expiries.rows, (typeof expiries.rows)['NIFTY']][]),
    rules: expiries.rules,
    revisions: expiries.revisions,
    listing: grouped(
      expiries.listing,
      (row) => row.underlying,
      (row) => fact<ListingDepth>(row, row),
    ),
    lots: lots.lots,
    conversions: lots.conversions,
    freeze: grouped(
      freeze.rows,
      (row) => row.underlying,
      (row) => fact(row, row.quantity),
    ),
    strikes: new Map(strikes.rows.map((row) => [row.underlying, row])),
    limitPriceProtection: priceRooms(prices.limitPriceProtection),
    stopLimitRoom: priceRooms(prices.stopLimitRoom),
    stopMarketUntil: new Map(prices.stopMarket.map((row) => [row.exchange, row.until])),
    margins: marginTablesOf(files.margin),
  };
}

const EXPIRY_FIELDS = new Set(['expiry', 'type', 'scheduled', 'lotSize', 'kitePrefix', 'sure', 'note']);

function isExpiryRow(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const row: { readonly [key in keyof ExpiryRow]?: unknown } = value;
  return (
    isDayText(row.expiry) &&
    (row.type === 'weekly' || row.type === 'monthly') &&
    (row.scheduled === undefined || isDayText(row.scheduled)) &&
    Number.isSafeInteger(row.lotSize) &&
    Number(row.lotSize) > 0 &&
    typeof row.kitePrefix === 'string' &&
    (row.sure === undefined || typeof row.sure === 'boolean') &&
    (row.note === undefined || typeof row.note === 'string') &&
    Object.keys(value).every((key) => EXPIRY_FIELDS.has(key))
  );
}

function isDayText(value: unknown): boolean {
  return typeof value === 'string' && isDay(value);
}

function priceRooms(rows: readonly z.infer<typeof PriceRoomShape>[]): ContractTables['stopLimitRoom'] {
  return grouped(
    rows,
    (row) => row.exchange,
    (row) => fact<PriceRoom>(row, { pct: row.pct, floor: row.floor, upTo: row.upTo }),
  );
}

function daysMoved(moved: Readonly<Record<string, Day>>): ReadonlyMap<Day, Day> {
  return new Map(Object.entries(moved).map(([before, after]) => [dayShape.parse(before), after]));
}
