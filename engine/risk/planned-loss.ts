import { black76Price, impliedVolatility, intrinsic } from '../indicators/black76.ts';
import type { Right, Side } from '../model/units.ts';
import { signOf } from '../model/units.ts';

/** One leg as it would be entered. Prices in paise per unit of the underlying, `quantity` in units. */
export interface PlannedLeg {
  readonly side: Side;
  readonly strike: number;
  readonly right: Right;
  readonly quantity: number;
  readonly premium: number;
  /** Premium at which the leg's own stop closes it; undefined without one. */
  readonly stop: number | undefined;
  /** Years to the leg's expiry where it differs from the structure's. */
  readonly years?: number;
}

/** A structure as it would be entered. */
export interface PlannedStructure {
  readonly legs: readonly PlannedLeg[];
  /** Price of the underlying in paise; undefined where none is fresh. */
  readonly spot: number | undefined;
  /** Years to the expiry, by whatever clock the caller keeps. */
  readonly years: number;
  /** Loss in paise at a guard on the whole structure's premium or money; the structure is closed there. */
  readonly lossAtGuard?: number | undefined;
  /** Levels of the underlying in paise at which the structure is closed. */
  readonly closesAbove?: number | undefined;
  readonly closesBelow?: number | undefined;
}

/** How far the market is moved to see what an unguarded structure loses, and what is allowed for slippage; all in per cent. */
export interface StressSettings {
  readonly stressMovePct: number;
  readonly stressVolatilityPct: number;
  readonly slippageAllowancePct: number;
}

/** The underlying 3 % either way, volatility up by 25 % of itself, slippage 2 % of premium (DESIGN 12). */
export const defaultStressSettings: StressSettings = {
  stressMovePct: 3,
  stressVolatilityPct: 25,
  slippageAllowancePct: 2,
};

/**
 * What a structure plans to lose, in whole paise rounded up: the loss at its guards plus the slippage allowance on the premium of all
 * its legs; undefined where a leg has no guard and the underlying no price. The model assumes: every stop of a leg is hit, one after
 * the other, and filled at its level; legs without a stop lose the worse of two sudden moves, each ending early where a guard on the
 * underlying closes the structure, and their gains never pay for stops; no time passes, so bought volatility shows no loss; the forward
 * stands at the spot; a premium that no volatility explains moves by its intrinsic value.
 */
export function plannedLoss(
  structure: PlannedStructure,
  settings: StressSettings = defaultStressSettings,
): number | undefined {
  return lossOf(structure, settings, 0);
}

/**
 * The same for the number of lots, where what is bought without a stop loses at least its net debit: the stress knows no time, and lots
 * by that alone would put any amount of premium at risk.
 */
export function sizingLoss(
  structure: PlannedStructure,
  settings: StressSettings = defaultStressSettings,
): number | undefined {
  return lossOf(structure, settings, debitAtRisk(structure));
}

/** `least` is what the legs without a stop lose whatever the stress says, paise. */
function lossOf(structure: PlannedStructure, settings: StressSettings, least: number): number | undefined {
  const { legs, lossAtGuard = Number.POSITIVE_INFINITY } = structure;
  const stops = legs.reduce((sum, leg) => sum + lossAtStop(leg), 0);
  const atLegs = stops + Math.max(least, worstOfMoves(structure, settings) ?? Number.POSITIVE_INFINITY);
  const atGuards = Math.min(atLegs, lossAtGuard);
  if (atGuards === Number.POSITIVE_INFINITY) return undefined;
  const premium = legs.reduce((sum, leg) => sum + leg.premium * leg.quantity, 0);
  return roundedUp(atGuards + (premium * settings.slippageAllowancePct) / 100);
}

/**
 * Premium paid for legs without a stop less all that is received, at least nothing. A guard on the underlying stops a bought leg from its
 * losing side, but not calls and puts bought together: those lose while the underlying stands still.
 */
function debitAtRisk({ legs, closesAbove, closesBelow }: PlannedStructure): number {
  const isOpen = ({ side, strike, stop }: PlannedLeg): boolean => side === 'BUY' && strike > 0 && stop === undefined;
  const isBothWays = RIGHTS.every((which) => legs.some((leg) => isOpen(leg) && leg.right === which));
  let debit = 0;
  for (const leg of legs) {
    const level = leg.right === 'CE' ? closesBelow : closesAbove;
    if (isOpen(leg) && (isBothWays || level === undefined)) debit += leg.premium * leg.quantity;
    if (leg.side === 'SELL' && leg.strike > 0) debit -= leg.premium * leg.quantity;
  }
  return Math.max(0, debit);
}

const RIGHTS: readonly Right[] = ['CE', 'PE'];

/** A stop beyond the entry on the winning side loses nothing. */
function lossAtStop({ side, premium, quantity, stop }: PlannedLeg): number {
  return stop === undefined ? 0 : Math.max(0, signOf(side) * (premium - stop) * quantity);
}

function worstOfMoves(structure: PlannedStructure, settings: StressSettings): number | undefined {
  const { spot, years, closesAbove = Number.POSITIVE_INFINITY, closesBelow = 0 } = structure;
  const legs = structure.legs.filter(({ stop }) => stop === undefined);
  if (legs.length === 0) return 0;
  if (spot === undefined) return undefined;
  const lossAt = (moved: number): number =>
    legs.reduce((sum, leg) => {
      const price = stressedPrice(leg, { spot, moved, years: leg.years ?? years, settings });
      return sum + signOf(leg.side) * (leg.premium - price) * leg.quantity;
    }, 0);
  const up = (spot * (100 + settings.stressMovePct)) / 100;
  const down = (spot * (100 - settings.stressMovePct)) / 100;
  return Math.max(0, lossAt(Math.min(up, closesAbove)), lossAt(Math.max(down, closesBelow)));
}

interface Stress {
  readonly spot: number;
  readonly moved: number;
  readonly years: number;
  readonly settings: StressSettings;
}

function stressedPrice({ strike, right, premium }: PlannedLeg, { spot, moved, years, settings }: Stress): number {
  // A future is a call struck at nothing: it moves with the underlying whatever the volatility.
  if (strike === 0) return Math.max(0, premium + moved - spot);
  const volatility = impliedVolatility({ forward: spot, strike, years, right, price: premium });
  const before = { forward: spot, strike, right };
  const after = { forward: moved, strike, right };
  if (volatility === undefined) return Math.max(0, premium + intrinsic(after) - intrinsic(before));
  const stressed = (volatility * (100 + settings.stressVolatilityPct)) / 100;
  return black76Price({ forward: moved, strike, right, years, volatility: stressed });
}

/** To a grid of a thousandth of a paisa first, so that the last bits of a sum decide nothing. */
function roundedUp(money: number): number {
  return Math.ceil(Math.round(money * 1_000) / 1_000);
}
