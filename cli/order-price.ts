import { z } from 'zod';
import { readReference } from '../adapters/reference-files.ts';
import type { Exchange, Underlying } from '../engine/model/instrument.ts';
import type { Levies } from '../engine/model/levies.ts';
import { LEVY_NAMES } from '../engine/model/levies.ts';
import type { Day } from '../engine/model/time.ts';
import { isDay } from '../engine/model/time.ts';
import type { Paise, Side } from '../engine/model/units.ts';
import { paise, rupeesText } from '../engine/model/units.ts';
import { ChargesModel, dayNote } from '../engine/venue/charges.ts';
import { UserError } from './user-error.ts';

const PRICE_MAX = 1_000_000;
const QUANTITY_MAX = 10_000_000;

/** What each flag allows, as the message says it. */
const ALLOWED: Readonly<Record<string, string>> = {
  date: 'a day of the calendar, YYYY-MM-DD',
  exchange: 'NFO or BFO',
  side: 'BUY or SELL',
  price: `rupees above 0 up to ${PRICE_MAX}, at most two decimals`,
  quantity: `a whole number from 1 to ${QUANTITY_MAX}`,
};

const Order = z.object({
  date: z.string().refine(isDay),
  exchange: z.enum(['NFO', 'BFO']),
  side: z.enum(['BUY', 'SELL']),
  price: z
    .string()
    .regex(/^\d{1,7}(\.\d{1,2})?$/)
    .transform((text) => Math.round(Number(text) * 100))
    .refine((value) => value > 0 && value <= PRICE_MAX * 100),
  quantity: z
    .string()
    .regex(/^\d{1,8}$/)
    .transform(Number)
    .refine((value) => value > 0 && value <= QUANTITY_MAX),
});

interface AskedOrder {
  readonly date: Day;
  readonly exchange: Exchange;
  readonly side: Side;
  readonly price: Paise;
  readonly quantity: number;
}

/** What an order costs. Rupees throughout: exact for the order, and as a note of this one order prints them. */
export interface PricedOrder {
  readonly date: Day;
  readonly exchange: Exchange;
  readonly side: Side;
  readonly price: number;
  readonly quantity: number;
  readonly turnover: number;
  readonly levies: Readonly<Record<string, number>>;
  readonly note: Readonly<Record<string, number>>;
  /** What the note differs from the exact sum. */
  readonly rounding: number;
  /** Levies whose rate on that day rests on a weak source. */
  readonly unsure: readonly string[];
}

/** Checks the flags of an order and prices it; a wrong flag is refused by name. */
export function pricedOrder(flags: Readonly<Record<string, unknown>>): PricedOrder {
  return priced(readOrder(flags));
}

function readOrder(flags: Readonly<Record<string, unknown>>): AskedOrder {
  const read = Order.safeParse(flags);
  if (!read.success) {
    const name = String(read.error.issues[0]?.path[0] ?? '');
    throw new UserError(`--${name} must be ${ALLOWED[name]}, was "${String(flags[name])}"`);
  }
  return { ...read.data, price: paise(read.data.price) };
}

function priced(order: AskedOrder): PricedOrder {
  const { calendar, levies: tables } = readReference();
  const model = new ChargesModel(tables);
  const first = model.firstDayOf(order.exchange);
  if (first === undefined || order.date < first) {
    throw new UserError(`--date must be ${first} or later for ${order.exchange}, was "${order.date}"`);
  }
  const turnover = paise(order.price * order.quantity);
  const underlying: Underlying = order.exchange === 'NFO' ? 'NIFTY' : 'SENSEX';
  const exact = model.ofOrder({ day: order.date, exchange: order.exchange, underlying, side: order.side, turnover });
  const { levies: note, rounding } = dayNote([exact]);
  return {
    date: order.date,
    exchange: order.exchange,
    side: order.side,
    price: order.price / 100,
    quantity: order.quantity,
    turnover: turnover / 100,
    levies: rupeesOf(exact, 1_000_000),
    note: rupeesOf(note, 100),
    rounding: rounding / 1_000_000,
    unsure: order.date > calendar.verifiedUntil ? LEVY_NAMES : model.unsureOn(order.date, order.exchange),
  };
}

function rupeesOf(parts: Readonly<Record<keyof Levies, number>>, perRupee: number): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, value / perRupee]));
}

/** An order's levies as a table for a person. */
export function priceText(answer: PricedOrder): string {
  const { date, exchange, side, quantity, price, turnover, levies, note, unsure } = answer;
  const money = (rupees: number | undefined) => rupeesText(Math.round((rupees ?? 0) * 100));
  const rows = Object.keys(levies).map((name) =>
    [name.padEnd(10), (levies[name] ?? 0).toFixed(6).padStart(16), money(note[name]).padStart(14)].join(''),
  );
  return [
    `${date} ${exchange} ${side} ${quantity} x ${money(price)} = ${money(turnover)} rupees`,
    `${'levy'.padEnd(10)}${'exact'.padStart(16)}${'on the note'.padStart(14)}`,
    ...rows,
    ...(unsure.length === 0 ? [] : [`not sure on this day: ${unsure.join(', ')}`]),
    '',
  ].join('\n');
}
