import { invariant } from '../assert.ts';
import type { Levies } from '../model/levies.ts';
import { FINE_PER_PAISA, levies, NO_LEVIES } from '../model/levies.ts';
import type { Paise } from '../model/units.ts';
import type { Charging, ExecutedOrder } from './charges.ts';

/**
 * One sum for each lot of each executed order in place of every dated levy, for comparing with tests that reckoned so. The model assumes:
 * the sum is brokerage alone, with no tax on it; it is owed by the lots that an order filled, so a round trip of a lot pays it twice, an
 * order in two fills or in slices pays it once a lot, and an order without a fill pays nothing; whatever settles at expiry pays nothing.
 */
export class FlatCharges implements Charging {
  readonly #finePerLot: number;

  constructor(perLot: Paise) {
    invariant(Number.isSafeInteger(perLot) && perLot > 0, `a flat charge is whole paise above 0, was ${perLot}`);
    this.#finePerLot = perLot * FINE_PER_PAISA;
  }

  ofOrder({ lots }: ExecutedOrder): Levies {
    invariant(Number.isSafeInteger(lots) && lots > 0, `executed lots are a positive whole number, was ${lots}`);
    return levies({ brokerage: this.#finePerLot * lots });
  }

  ofExercise(): Levies {
    return NO_LEVIES;
  }
}
