import type { EpochMs } from '../model/time.ts';
import { isUnhedged } from './cover.ts';
import type { OrderStore } from './order-store.ts';
import { isWorking } from './order-store.ts';
import type { Leg, Structure } from './structure.ts';

/**
 * Counts how long the short legs of a structure stand without an order at the venue that would close all their lots, and without the
 * bought lots of the same right that the structure planned for them. Asked at each word of the venue, so both are told as we knew it.
 * Once the market is over for the day nothing counts until the next open: no order rests then, and no price moves.
 */
export function countExposure(
  structure: Structure,
  { store, now, isOver }: { readonly store: OrderStore; readonly now: EpochMs; readonly isOver: boolean },
): void {
  for (const leg of structure.legs) {
    if (leg.side !== 'SELL' || leg.done) continue;
    if (!isOver && leg.openLots > lotsAtVenue(leg, store)) leg.nakedSince ??= now;
    else if (leg.nakedSince !== undefined) {
      leg.nakedMs += now - leg.nakedSince;
      leg.nakedSince = undefined;
    }
    if (!isOver && isUnhedged(leg)) leg.unhedgedSince ??= now;
    else if (leg.unhedgedSince !== undefined) {
      leg.unhedgedMs += now - leg.unhedgedSince;
      leg.unhedgedSince = undefined;
    }
  }
}

/** Lots that orders which the venue has confirmed would close. */
function lotsAtVenue(leg: Leg, store: OrderStore): number {
  let sum = 0;
  for (const id of leg.exits) {
    const tracked = store.get(id);
    if (isWorking(tracked)) sum += tracked.lots - tracked.lotsFilled;
  }
  return sum;
}
