/**
 * What an option is worth at its expiry.
 *
 * It assumes: cash settlement at the official close of the index on the expiry day, where that is known, else at an estimate of it that
 * the source of the candles gives, else at the last known level, both marked as an estimate; European exercise of everything in the money; an option exactly at the money pays nothing.
 */
import { unreachable } from '../assert.ts';
import type { OptionContract } from '../model/instrument.ts';

/** Payoff per unit in paise: max(0, level - strike) for a call, max(0, strike - level) for a put. */
export function payoff(contract: OptionContract, level: number): number {
  switch (contract.right) {
    case 'CE':
      return Math.max(0, level - contract.strike);
    case 'PE':
      return Math.max(0, contract.strike - level);
    default:
      return unreachable(contract.right);
  }
}
