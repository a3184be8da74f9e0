import { exp, ln } from '../../engine/indicators/fixed-math.ts';
import { atTheMoneyVolatility, LEVEL_YEARS } from '../../engine/market/vol-surface.ts';
import type { ChainParameters } from './chain-parameters.ts';

/** The near end is at most this much below or above the level, whatever the distance from home. */
const TERM_MIN = -0.6;
const TERM_MAX = 0.8;

/** What a smile is made of at one instant. */
export interface SmileMoment {
  /** 30-day volatility at the money at the close before, and its home. */
  readonly level: number;
  readonly home: number;
  /** Logarithm of the index over its close before. */
  readonly moved: number;
  /** Trading years to the expiry. */
  readonly years: number;
}

/** Volatility at the money, and the slope of the smile for one deviation. */
export interface ChainSmile {
  readonly atm: number;
  readonly skew: number;
}

/**
 * The smile of one expiry at one instant. Its level moves against the index; near expiries stand below the level when that is below
 * home, and above it when it is above, as a volatility that returns home would have it; in deviations the slope falls with the root of
 * the time, so that it is the same in per cent of strike.
 */
export function chainSmile(moment: SmileMoment, parameters: ChainParameters): ChainSmile {
  const level = moment.level * exp(parameters.volatilityPerMove * moment.moved);
  const pull = (parameters.termPull * (level - moment.home)) / level;
  const term = level * Math.min(Math.max(pull, TERM_MIN), TERM_MAX);
  const { skew, curvature, termDays } = parameters;
  const atm = atTheMoneyVolatility({ level, term, skew, curvature, termYears: termDays / 365 }, moment.years);
  return { atm, skew: skew * Math.sqrt(Math.min(moment.years / LEVEL_YEARS, 1)) };
}

/** Logarithm of the index over its close before; nothing moved where the close before is not known. */
export function movedSince(before: number | undefined, index: number): number {
  return before === undefined ? 0 : ln(index / before);
}
