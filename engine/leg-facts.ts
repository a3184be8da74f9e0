import { impliedVolatility } from './indicators/black76.ts';
import type { Contract } from './model/instrument.ts';
import type { Right } from './model/units.ts';
import { plannedLossOf } from './risk/guarded-loss.ts';
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

/** Loss in paise that a plan may take at its guards plus the slippage allowance; undefined where nothing bounds it. */
export function plannedLossOfPlan(
  plan: EntryPlan,
  spot: number | undefined,
  contractNow: (contract: Contract, index: number) => ContractNow,
): number | undefined {
  const legs = plan.legs.map(({ contract, side, lots, tag }, index) => {
    const { lotSize, premium, years } = contractNow(contract, index);
    // A future moves as a call struck at nothing.
    const strike = contract.kind === 'option' ? contract.strike : 0;
    const right: Right = contract.kind === 'option' ? contract.right : 'CE';
    return { tag, side, strike, right, quantity: lots * lotSize, premium, years };
  });
  return plannedLossOf({ legs, guards: plan.guards ?? [], spot });
}
