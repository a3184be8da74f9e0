import { invariant } from '../assert.ts';
import { exp } from '../indicators/fixed-math.ts';

/** Time that `level` speaks of: 30 calendar days, the horizon of India VIX. */
export const LEVEL_YEARS = 30 / 365;

/** Time over which the short end fades into the long one, where a shape does not say. */
const TERM_YEARS = 30 / 365;

/** Standard deviations at which the wings bend flat, where a shape does not say. */
const WING = 4;

const VOLATILITY_MIN = 0.02;
const VOLATILITY_MAX = 4;

/**
 * A smile at one moment. `level` is the at-the-money volatility for 30 days (0.14 for 14 %). `term` is what the very short end has
 * above the long one: negative in calm markets, positive in stress. `skew` is the relative change of volatility for one standard
 * deviation of strike: -0.08 makes a put one deviation down 8 % dearer in volatility than the money. `curvature` is the same for the
 * square. `termYears` is the time over which the short end fades into the long one, `wing` the deviations at which the wings bend flat.
 */
export interface SmileShape {
  readonly level: number;
  readonly term: number;
  readonly skew: number;
  readonly curvature: number;
  readonly termYears?: number;
  readonly wing?: number;
}

/** A smile that a hot loop moves. */
export type MovingSmile = { -readonly [Key in keyof SmileShape]: number };

/**
 * Volatility at the money for a time to expiry in years: level + term (f(T) - f(30 days)), where f falls from 1 to 0 as
 * (1 - exp(-T/t)) / (T/t) (C. Nelson and A. Siegel, "Parsimonious modeling of yield curves", Journal of Business 60, 1987).
 */
export function atTheMoneyVolatility(shape: SmileShape, years: number): number {
  const { termYears } = shape;
  const faded =
    termYears === undefined
      ? fading(years / TERM_YEARS) - FADING_AT_LEVEL
      : fading(years / termYears) - fading(LEVEL_YEARS / termYears);
  return clamp(shape.level + shape.term * faded);
}

/**
 * Volatility of a strike. `moneyness` is ln(strike / forward) / sqrt(years); divided by the volatility at the money it counts standard
 * deviations, z. The answer is atm (1 + skew s + curvature s²) with s = z / sqrt(1 + (z/wing)²): the square near the money, flat wings.
 * Assumes that the shape in z is the same for every expiry.
 */
export function smileVolatility(shape: SmileShape, moneyness: number, years: number): number {
  return smileAround(shape, moneyness, atTheMoneyVolatility(shape, years));
}

/** The same where the volatility at the money is already known. */
export function smileAround(
  shape: Pick<SmileShape, 'skew' | 'curvature' | 'wing'>,
  moneyness: number,
  atm: number,
): number {
  const z = moneyness / atm;
  const wing = shape.wing ?? WING;
  const s = z / Math.sqrt(1 + (z * z) / (wing * wing));
  return clamp(atm * (1 + s * (shape.skew + shape.curvature * s)));
}

/** Refuses a shape whose volatility could fall to nothing between the wings. */
export function checkSmile(shape: SmileShape): void {
  invariant(shape.level > 0, `the level of a smile must be positive, was ${shape.level}`);
  invariant(shape.curvature >= 0, `the curvature of a smile must not be negative, was ${shape.curvature}`);
  invariant(
    shape.skew * shape.skew < 4 * shape.curvature,
    `a skew of ${shape.skew} needs a curvature above ${(shape.skew * shape.skew) / 4}, was ${shape.curvature}`,
  );
}

/** How much of the short end is left after x fading times. */
function fading(x: number): number {
  return x < 1e-4 ? 1 - 0.5 * x : (1 - exp(-x)) / x;
}

const FADING_AT_LEVEL = fading(LEVEL_YEARS / TERM_YEARS);

function clamp(volatility: number): number {
  if (volatility < VOLATILITY_MIN) return VOLATILITY_MIN;
  return Math.min(volatility, VOLATILITY_MAX);
}
