import type { Black76Terms } from '../indicators/black76.ts';
import { black76, black76Price, impliedVolatility, intrinsic } from '../indicators/black76.ts';
import type { MarginRates } from '../model/margin-rates.ts';
import type { Day } from '../model/time.ts';
import type { Right } from '../model/units.ts';

/** Seven price moves with volatility up and down, and two extreme moves. */
export const SCENARIOS = 16;
const MOVES = [0, 1 / 3, -1 / 3, 2 / 3, -2 / 3, 1, -1] as const;

/** From this much time left on an option is long-dated. */
const LONG_DATED_YEARS = 0.75;
const TRADING_DAYS = 252;

/** Units of one contract, or of one order for it. Prices in paise a unit. */
export interface MarginLeg {
  readonly expiry: Day;
  /** 0 for a future. */
  readonly strike: number;
  readonly right: Right;
  /** Bought units above 0, sold ones below. */
  readonly units: number;
  /** Present price. */
  readonly price: number;
  /** Years to the expiry. */
  readonly years: number;
}

/** What the margin of one underlying is asked at. */
export interface MarginMarket {
  readonly day: Day;
  /** Level of the underlying in paise, above 0. */
  readonly spot: number;
  /** Volatility of a year as a fraction, such as India VIX of the day before; undefined where none is known. */
  readonly volatility: number | undefined;
}

/** What one bought unit is worth in each scenario. */
export interface ScannedContract {
  readonly leg: MarginLeg;
  /** Paise a unit: of an option what it would fetch, never below 0; of a future what it would have gained. */
  readonly values: Float64Array;
  /** Price per unit of the underlying's price. */
  readonly delta: number;
}

export function scanned(leg: MarginLeg, market: MarginMarket, rates: MarginRates): ScannedContract {
  return leg.strike === 0 ? scannedFuture(leg, market, rates) : scannedOption(leg, market, rates);
}

function scannedFuture(leg: MarginLeg, market: MarginMarket, rates: MarginRates): ScannedContract {
  const range = priceRange(leg, market, rates);
  const values = new Float64Array(SCENARIOS);
  MOVES.forEach((move, at) => {
    values[2 * at] = move * range;
    values[2 * at + 1] = move * range;
  });
  const extreme = (range * rates.extremeRanges * rates.extremeSharePct) / 100;
  values[SCENARIOS - 2] = extreme;
  values[SCENARIOS - 1] = -extreme;
  return { leg, values, delta: 1 };
}

function scannedOption(leg: MarginLeg, market: MarginMarket, rates: MarginRates): ScannedContract {
  const { spot } = market;
  const { strike, right, years, price } = leg;
  const range = priceRange(leg, market, rates);
  const volatility = impliedVolatility({ forward: spot, strike, right, years, price });
  const shift = Math.max(rates.volatilityPctMin, (volatility ?? 0) * rates.volatilitySharePct) / 100;
  const valueAt = (moved: number, shifted: number): number => {
    const forward = Math.max(1, spot + moved);
    return worthOf({ forward, strike, right, years, volatility: shifted }, leg, { spot, volatility });
  };
  const values = new Float64Array(SCENARIOS);
  MOVES.forEach((move, at) => {
    values[2 * at] = valueAt(move * range, (volatility ?? 0) + shift);
    values[2 * at + 1] = valueAt(move * range, Math.max(0, (volatility ?? 0) - shift));
  });
  const share = rates.extremeSharePct / 100;
  const far = range * rates.extremeRanges;
  values[SCENARIOS - 2] = price * (1 - share) + valueAt(far, volatility ?? 0) * share;
  values[SCENARIOS - 1] = price * (1 - share) + valueAt(-far, volatility ?? 0) * share;
  const { delta } = black76({ forward: spot, strike, right, years, volatility: volatility ?? 0 });
  return { leg, values, delta };
}

/** A premium that no volatility explains moves by its intrinsic value. */
function worthOf(
  terms: Black76Terms,
  { price }: MarginLeg,
  { spot, volatility }: { readonly spot: number; readonly volatility: number | undefined },
): number {
  if (volatility !== undefined) return black76Price(terms);
  const { strike, right } = terms;
  return Math.max(0, price + intrinsic(terms) - intrinsic({ forward: spot, strike, right }));
}

/** How far the price is moved, paise: so many deviations of a day times the root of two, or the least share of the underlying. */
function priceRange({ years, strike }: MarginLeg, { spot, volatility }: MarginMarket, rates: MarginRates): number {
  const isLongDated = strike > 0 && years > LONG_DATED_YEARS;
  const least = isLongDated ? rates.longDatedPctMin : rates.pctMin;
  const deviation = (volatility ?? 0) / Math.sqrt(TRADING_DAYS);
  return (spot * Math.max(least, 100 * rates.sigmas * Math.SQRT2 * deviation)) / 100;
}
