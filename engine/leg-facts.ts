import { guardsOf } from './entry-plan.ts';
import { impliedVolatility } from './indicators/black76.ts';
import type { Contract, Instrument } from './model/instrument.ts';
import type { Day } from './model/time.ts';
import type { Right } from './model/units.ts';
import type { Guard } from './orders/guards.ts';
import type { Leg, Structure } from './orders/structure.ts';
import type { WishedStructure } from './risk/guarded-loss.ts';
import { plannedLossOf, sizingLossOf } from './risk/guarded-loss.ts';
import { plannedLoss } from './risk/planned-loss.ts';
import type { EntryPlan } from './strategy.ts';

/** Implied volatility in per cent on a grid of 0.01, so that it means the same on every machine; undefined where none solves. */
export function volatilityOf(parts: {
  readonly forward: number;
  readonly strike: number;
  readonly years: number;
  readonly price: number;
  readonly right: Right;
}): number | undefined {
  const volatility = impliedVolatility(parts);
  return volatility === undefined ? undefined : Math.round(volatility * 10_000) / 100;
}

/** What is known of a contract when an entry is planned: units per lot, premium in paise (undefined without a price), years to its settlement. */
export interface ContractNow {
  readonly lotSize: number;
  readonly premium: number | undefined;
  readonly years: number;
}

type ContractsNow = (contract: Contract, index: number) => ContractNow;

/** Loss in paise that a plan may take at its guards plus the slippage allowance; undefined where nothing bounds it. */
export function plannedLossOfPlan(plan: EntryPlan, spot: number | undefined, now: ContractsNow): number | undefined {
  return plannedLossOf(wishedStructure(plan, spot, now));
}

/** The same for the number of lots that a plan is taken with. */
export function sizingLossOfPlan(plan: EntryPlan, spot: number | undefined, now: ContractsNow): number | undefined {
  return sizingLossOf(wishedStructure(plan, spot, now));
}

function wishedStructure(plan: EntryPlan, spot: number | undefined, contractNow: ContractsNow): WishedStructure {
  const legs = plan.legs.map(({ contract, side, lots, tag }, index) => {
    const { lotSize, premium, years } = contractNow(contract, index);
    const strike = strikeOf(contract);
    const right = rightOf(contract);
    return { tag, side, strike, right, quantity: lots * lotSize, premium, years };
  });
  return { legs, guards: guardsOf(plan), spot };
}

/**
 * Loss in paise that lots added to a leg may take, from the present premium to the guards where they stand now, plus the slippage allowance;
 * undefined where nothing bounds it. A guard on the combined premium bounds no single leg, so the stressed move stands in for it.
 */
export function plannedLossOfAddition(parts: {
  readonly leg: Leg;
  readonly lots: number;
  readonly guards: readonly Guard[];
  readonly premium: number;
  readonly spot: number | undefined;
  readonly years: (expiry: Day) => number;
}): number | undefined {
  const { leg, lots, premium, spot } = parts;
  const { instrument, side, structure } = leg;
  const closing = parts.guards.filter(({ spec, asleep }) => spec.act !== 'target' && !asleep);
  const tightest = (fires: Guard['fires'], watches: (guard: Guard) => boolean): number | undefined => {
    const levels = closing.filter((guard) => guard.fires === fires && watches(guard)).map(({ level }) => level);
    if (levels.length === 0) return undefined;
    return fires === 'above' ? Math.min(...levels) : Math.max(...levels);
  };
  const onUnderlying = ({ spec }: Guard): boolean => spec.basis === 'underlying';
  const money = tightest('below', ({ spec }) => spec.basis === 'money');
  const stop = tightest(side === 'SELL' ? 'above' : 'below', (guard) => guard.leg === leg);
  return plannedLoss({
    legs: [
      { side, strike: strikeOf(instrument), right: rightOf(instrument), quantity: lots * leg.lotSize, premium, stop },
    ],
    spot,
    years: instrument.kind === 'index' ? 0 : parts.years(instrument.expiry),
    closesAbove: tightest('above', onUnderlying),
    closesBelow: tightest('below', onUnderlying),
    lossAtGuard: money === undefined ? undefined : Math.max(0, structure.gross - money),
  });
}

/** Initial risk of a structure: what the lots it was opened with lose at their first stops, paise; null where a leg that was filled has none. */
export function riskOf(legs: readonly Leg[]): number | null {
  let risk = 0;
  for (const leg of legs) {
    if (leg.entryLots === 0) continue;
    if (leg.initialStop === undefined) return null;
    const opened = Math.min(leg.entryLots, leg.lotsPlanned) * leg.lotSize;
    risk += Math.round(Math.abs(leg.initialStop * opened - leg.openingTurnover));
  }
  return risk;
}

/** What one R of a structure is, paise: what its plan says, else its initial risk, else what it plans to lose; null where nobody knows. */
export function oneROf({ risk, legs, plannedLoss }: Structure): number | null {
  return risk || riskOf(legs) || plannedLoss || null;
}

/** R that a structure has made today, gross; nothing where nobody knows what one R is. */
export function rTodayOf(structure: Structure): number {
  const one = oneROf(structure);
  return one === null ? 0 : structure.grossToday / one;
}

/** A future moves as a call struck at nothing. */
function strikeOf(contract: Instrument): number {
  return contract.kind === 'option' ? contract.strike : 0;
}

function rightOf(contract: Instrument): Right {
  return contract.kind === 'option' ? contract.right : 'CE';
}
