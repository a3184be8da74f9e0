import type { Right } from '../model/units.ts';
import { exp, ln, normalCdf, normalCdfOf } from './fixed-math.ts';

/**
 * What a European option on a forward is valued from. Forward and strike share one unit of money (paise here), and prices come back
 * in it; `years` is the time to expiry by whatever clock the caller keeps; `volatility` is a fraction a year, 0.15 for 15 %.
 */
export interface Black76Terms {
  readonly forward: number;
  readonly strike: number;
  readonly years: number;
  readonly volatility: number;
  readonly right: Right;
}

/**
 * Value and Greeks. `delta` is price per unit of forward, `gamma` delta per unit of forward, `vega` price per 1.00 of volatility,
 * `theta` price per year that passes (divide by 365 or 252 for a day), negative.
 */
export interface Black76Value {
  readonly price: number;
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
}

/** A value that a hot loop reuses. */
export type Black76Sheet = { -readonly [Key in keyof Black76Value]: number };

/**
 * Black's model without discounting, as Indian brokers quote it (F. Black, "The pricing of commodity contracts", Journal of Financial
 * Economics 3, 1976; rate 0, the forward carries it): call = F N(d1) - K N(d2), put = K N(-d2) - F N(-d1),
 * d1 = ln(F/K) / (s sqrt T) + s sqrt T / 2, d2 = d1 - s sqrt T.
 */
export function black76(terms: Black76Terms): Black76Value {
  const sheet = emptySheet();
  valueInto(terms, sheet);
  return sheet;
}

export function black76Price(terms: Black76Terms): number {
  const { forward, strike, years, volatility, right } = terms;
  const deviation = volatility * Math.sqrt(years);
  if (!(deviation > 0)) return intrinsic(terms);
  const d1 = ln(forward / strike) / deviation + 0.5 * deviation;
  const d2 = d1 - deviation;
  const price =
    right === 'CE'
      ? forward * normalCdf(d1) - strike * normalCdf(d2)
      : strike * normalCdf(-d2) - forward * normalCdf(-d1);
  return Math.max(price, 0);
}

export function emptySheet(): Black76Sheet {
  return { price: 0, delta: 0, gamma: 0, vega: 0, theta: 0 };
}

/** The same as `black76`, written into a sheet that the caller keeps: nothing is allocated. */
export function valueInto(terms: Black76Terms, sheet: Black76Sheet): void {
  const { forward, strike, years, volatility, right } = terms;
  const root = Math.sqrt(years);
  const deviation = volatility * root;
  if (!(deviation > 0)) {
    expiredInto(terms, sheet);
    return;
  }
  const d1 = ln(forward / strike) / deviation + 0.5 * deviation;
  const d2 = d1 - deviation;
  const bell = exp(-0.5 * d1 * d1);
  const density = bell * INVERSE_SQRT_2PI;
  const isCall = right === 'CE';
  const nearD1 = normalCdfOf(isCall ? d1 : -d1, bell);
  const nearD2 = normalCdfOf(isCall ? d2 : -d2, (bell * forward) / strike);
  const price = isCall ? forward * nearD1 - strike * nearD2 : strike * nearD2 - forward * nearD1;
  sheet.price = Math.max(price, 0);
  sheet.delta = isCall ? nearD1 : -nearD1;
  sheet.gamma = density / (forward * deviation);
  sheet.vega = forward * density * root;
  sheet.theta = (-forward * density * volatility) / (2 * root);
}

const INVERSE_SQRT_2PI = 0.3989422804014327;

/** What a loop over many calls knows already: ln(F/K), and the volatility times the root of the time, above 0. */
export interface CallTerms {
  readonly forward: number;
  readonly strike: number;
  readonly log: number;
  readonly deviation: number;
}

/** Price, delta and gamma of a call from terms that are partly worked out; the sheet's other fields stay as they were. */
export function callInto({ forward, strike, log, deviation }: CallTerms, sheet: Black76Sheet): void {
  const d1 = log / deviation + 0.5 * deviation;
  const bell = exp(-0.5 * d1 * d1);
  const delta = normalCdfOf(d1, bell);
  // F n(d1) = K n(d2) saves the second exponential.
  const price = forward * delta - strike * normalCdfOf(d1 - deviation, (bell * forward) / strike);
  sheet.price = Math.max(price, 0);
  sheet.delta = delta;
  sheet.gamma = (bell * INVERSE_SQRT_2PI) / (forward * deviation);
}

/** At expiry, or without volatility, an option is its intrinsic value; on the strike itself the delta is a half. */
function expiredInto(terms: Black76Terms, sheet: Black76Sheet): void {
  const above = terms.forward - terms.strike;
  const callDelta = above === 0 ? 0.5 : Number(above > 0);
  sheet.price = intrinsic(terms);
  sheet.delta = terms.right === 'CE' ? callDelta : callDelta - 1;
  sheet.gamma = 0;
  sheet.vega = 0;
  sheet.theta = 0;
}

/** What the option pays if the forward stays. */
export function intrinsic(terms: Pick<Black76Terms, 'forward' | 'strike' | 'right'>): number {
  const pay = terms.right === 'CE' ? terms.forward - terms.strike : terms.strike - terms.forward;
  return Math.max(pay, 0);
}

const VOLATILITY_MIN = 1e-4;
const VOLATILITY_MAX = 10;
const STEPS_MAX = 100;

/**
 * The volatility that gives a price, or undefined when none does: a price at or under intrinsic value, at or over the forward (call)
 * or strike (put), no time left, or an answer outside 0.01 % to 1000 %. Newton's step from the point of inflection (S. Manaster and
 * G. Koehler, Journal of Finance 37, 1982), replaced by bisection whenever it leaves the bracket.
 */
export function impliedVolatility(
  terms: Omit<Black76Terms, 'volatility'> & { readonly price: number },
): number | undefined {
  const { forward, strike, years, price } = terms;
  if (!(years > 0 && forward > 0 && strike > 0)) return undefined;
  // Only time value carries the volatility: it equals the price of the option out of the money at the same strike (parity).
  const timeValue = price - intrinsic(terms);
  const right: Right = forward > strike ? 'PE' : 'CE';
  const priceAt = (volatility: number): number => black76Price({ forward, strike, years, volatility, right });
  if (!(timeValue > 0) || timeValue < priceAt(VOLATILITY_MIN) || timeValue > priceAt(VOLATILITY_MAX)) return undefined;
  return solve({ forward, strike, years, right, price: timeValue });
}

function solve(terms: Omit<Black76Terms, 'volatility'> & { readonly price: number }): number {
  const { forward, strike, years, right, price } = terms;
  const sheet = emptySheet();
  let [low, high] = [VOLATILITY_MIN, VOLATILITY_MAX];
  let volatility = startOf(terms);
  for (let i = 0; i < STEPS_MAX; i += 1) {
    valueInto({ forward, strike, years, volatility, right }, sheet);
    const over = sheet.price - price;
    if (over > 0) high = volatility;
    else low = volatility;
    const newton = volatility - over / sheet.vega;
    const next = newton > low && newton < high ? newton : 0.5 * (low + high);
    if (Math.abs(next - volatility) < 1e-13 || high - low < 1e-13) return next;
    volatility = next;
  }
  return volatility;
}

function startOf(terms: Omit<Black76Terms, 'volatility'> & { readonly price: number }): number {
  const inflection = Math.sqrt((2 * Math.abs(ln(terms.forward / terms.strike))) / terms.years);
  const nearMoney = (2.5 * terms.price) / (terms.forward * Math.sqrt(terms.years));
  return Math.min(Math.max(inflection, nearMoney, 0.01), 0.9 * VOLATILITY_MAX);
}

/** What one contract of a chain is solved from. */
export interface ImpliedTerms extends Omit<Black76Terms, 'volatility'> {
  readonly price: number;
  /** Where to begin, such as the volatility of a minute ago; undefined where none is known. */
  readonly guess: number | undefined;
}

/** Half a unit of money either side: what a chain is solved to. */
const PRICE_ROOM = 0.5;
const QUICK_STEPS = 8;

/**
 * Volatility of a contract to half a unit of its price, with value and Greeks at that volatility in the sheet: for chains solved minute by
 * minute, each from the minute before. Two or three of Halley's steps (Newton's with the second derivative, vega d1 d2 / s) settle most;
 * where they do not, and where no volatility gives the price, the answer is that of `impliedVolatility`. The sheet means nothing where the
 * answer is undefined.
 */
export function impliedInto(terms: ImpliedTerms, sheet: Black76Sheet): number | undefined {
  const { forward, strike, years, price, right } = terms;
  const timeValue = price - intrinsic(terms);
  if (!(timeValue > 0 && years > 0 && forward > 0 && strike > 0)) return undefined;
  const isCall = right === 'CE';
  const target = isCall ? price : price + forward - strike;
  const root = Math.sqrt(years);
  const log = ln(forward / strike);
  let volatility = terms.guess ?? startOf({ forward, strike, years, right, price: timeValue });
  for (let i = 0; i < QUICK_STEPS && volatility > VOLATILITY_MIN && volatility < VOLATILITY_MAX; i += 1) {
    const deviation = volatility * root;
    const d1 = log / deviation + 0.5 * deviation;
    const d2 = d1 - deviation;
    const bell = exp(-0.5 * d1 * d1);
    const nearD1 = normalCdfOf(d1, bell);
    const over = forward * nearD1 - strike * normalCdfOf(d2, (bell * forward) / strike) - target;
    const density = bell * INVERSE_SQRT_2PI;
    const vega = forward * density * root;
    if (over <= PRICE_ROOM && over >= -PRICE_ROOM) {
      sheet.price = price + over;
      sheet.delta = isCall ? nearD1 : nearD1 - 1;
      sheet.gamma = density / (forward * deviation);
      sheet.vega = vega;
      sheet.theta = (-vega * volatility) / (2 * years);
      return volatility;
    }
    const step = over / vega;
    volatility -= step / (1 - (0.5 * step * d1 * d2) / volatility);
  }
  const found = impliedVolatility(terms);
  if (found !== undefined) valueInto({ forward, strike, years, volatility: found, right }, sheet);
  return found;
}
