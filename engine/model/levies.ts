import { broken, invariant } from '../assert.ts';
import type { DatedFact } from './in-force.ts';
import type { Exchange } from './instrument.ts';
import type { Paise, Unit } from './units.ts';
import { paise } from './units.ts';

/** Ten-thousandths of a paisa, whole: the grain in which a levy of one order is kept. */
export type FinePaise = Unit<'FinePaise'>;

export const FINE_PER_PAISA = 10_000;

/** Rupees per crore of turnover, the unit of the circulars: a fraction of which the denominator is always 10,000,000. */
export type PerCrore = Unit<'PerCrore'>;

/** Names of the levies, in the order of every list and file. The exchange's includes its investor protection part (IPFT). */
export const LEVY_NAMES = ['brokerage', 'stt', 'exchange', 'sebi', 'stamp', 'gst'] as const;
export type LevyName = (typeof LEVY_NAMES)[number];

/** What one order or exercise costs, levy by levy. */
export type Levies = Readonly<Record<LevyName | 'total', FinePaise>>;

/** The levies of a day in whole paise, as a contract note prints them. */
export type NoteLevies = Readonly<Record<LevyName | 'total', Paise>>;

/** What an exchange takes: its fee and the part for its investor protection fund, charged as one figure. */
export interface ExchangeFee {
  readonly rate: PerCrore;
  readonly ipft: PerCrore;
  /** The rate of every contract but those of SENSEX's nearest expiry, where the two differ. */
  readonly elsewhere?: PerCrore | undefined;
}

export interface ExerciseTax {
  readonly rate: PerCrore;
  /** Taken from settlement price times quantity, or from the intrinsic value. */
  readonly base: 'contract' | 'intrinsic';
}

export interface StampDuty {
  readonly rate: PerCrore;
  readonly payer: 'both' | 'buyer';
}

export interface GoodsAndServicesTax {
  readonly pct: number;
  /** The levies it is taken from; `ipft` names the protection part of the exchange's. */
  readonly base: readonly (LevyName | 'ipft')[];
}

/** The dated rows that the charges of an order follow from. */
export interface LevyTables {
  /** Flat, for each executed order and each slice of an exercised position. */
  readonly brokerage: readonly DatedFact<Paise>[];
  readonly sttOnSale: readonly DatedFact<PerCrore>[];
  readonly sttOnExercise: readonly DatedFact<ExerciseTax>[];
  readonly exchange: ReadonlyMap<Exchange, readonly DatedFact<ExchangeFee>[]>;
  readonly sebi: readonly DatedFact<PerCrore>[];
  readonly stamp: readonly DatedFact<StampDuty>[];
  readonly gst: readonly DatedFact<GoodsAndServicesTax>[];
}

export function finePaise(value: number): FinePaise {
  if (!Number.isSafeInteger(value)) broken(`fine paise must be a whole number, was ${value}`);
  return value as FinePaise;
}

export function perCrore(value: number): PerCrore {
  invariant(
    Number.isSafeInteger(value) && value >= 0,
    `a rate is a whole number of rupees per crore of turnover, was ${value}`,
  );
  return value as PerCrore;
}

/** The nearest paisa, half upwards. */
export function paiseOfFine(fine: number): Paise {
  return paise(Math.floor((fine + FINE_PER_PAISA / 2) / FINE_PER_PAISA));
}

/** Levies with their total, from the parts that are not zero. */
export function levies(parts: Partial<Record<LevyName, number>>): Levies {
  const { brokerage = 0, stt = 0, exchange = 0, sebi = 0, stamp = 0, gst = 0 } = parts;
  return {
    brokerage: finePaise(brokerage),
    stt: finePaise(stt),
    exchange: finePaise(exchange),
    sebi: finePaise(sebi),
    stamp: finePaise(stamp),
    gst: finePaise(gst),
    total: finePaise(brokerage + stt + exchange + sebi + stamp + gst),
  };
}

export const NO_LEVIES: Levies = levies({});

/** What a further fill adds: the levies of the order so far less those it had before. */
export function leviesBetween(before: Levies, after: Levies): Levies {
  if (before === NO_LEVIES) return after;
  return levies({
    brokerage: after.brokerage - before.brokerage,
    stt: after.stt - before.stt,
    exchange: after.exchange - before.exchange,
    sebi: after.sebi - before.sebi,
    stamp: after.stamp - before.stamp,
    gst: after.gst - before.gst,
  });
}

/** Two sets of levies together. */
export function plusLevies(one: Levies, other: Levies): Levies {
  if (one === NO_LEVIES) return other;
  return levies({
    brokerage: one.brokerage + other.brokerage,
    stt: one.stt + other.stt,
    exchange: one.exchange + other.exchange,
    sebi: one.sebi + other.sebi,
    stamp: one.stamp + other.stamp,
    gst: one.gst + other.gst,
  });
}

export function sumOfLevies(list: readonly Levies[]): Levies {
  let sum = NO_LEVIES;
  for (const one of list) sum = plusLevies(sum, one);
  return sum;
}
