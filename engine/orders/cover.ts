import type { OrderStore } from './order-store.ts';
import { isAlive, lotsLeft } from './order-store.ts';
import type { Leg } from './structure.ts';

/** Fewer lots are bought than the plan's ratio asks for what is sold; where it planned none, nothing is missing. */
export function isUnhedged(leg: Leg): boolean {
  if (leg.openLots === 0 || leg.instrument.kind !== 'option') return false;
  let [sold, soldPlanned, bought, boughtPlanned] = [0, 0, 0, 0];
  for (const mate of leg.structure.legs) {
    if (!isMate(mate, leg)) continue;
    if (mate.side === 'SELL') {
      sold += mate.openLots;
      soldPlanned += mate.lotsPlanned;
    } else {
      bought += mate.openLots;
      boughtPlanned += mate.lotsPlanned;
    }
  }
  return bought * soldPlanned < sold * boughtPlanned;
}

/**
 * Lots of a leg on its way out that may be put on sale now, beyond those that are: of a bought option what the sold ones of its right no
 * longer need in the ratio of the plan, and all of it once these are out. Counted against us, since no answer is not a no: an entry that
 * was asked back may still sell, and what is on sale counts as sold.
 */
export function lotsFree(leg: Leg, store: OrderStore): number {
  if (leg.side === 'SELL' || leg.instrument.kind !== 'option' || leg.exiting?.alone === true) return ALL;
  let [sold, soldPlanned, bought, boughtPlanned] = [0, 0, 0, 0];
  for (const mate of leg.structure.legs) {
    if (!isMate(mate, leg)) continue;
    if (mate.side === 'SELL') {
      sold += mate.openLots + lotsOf(mate, mate.entries, store);
      soldPlanned += mate.lotsPlanned;
    } else {
      bought += mate.openLots - coveredLots(mate, store);
      boughtPlanned += mate.lotsPlanned;
    }
  }
  if (sold === 0) return ALL;
  return Math.max(0, bought - Math.ceil((sold * boughtPlanned) / soldPlanned));
}

/** Whether a leg on its way out has to wait for sold ones, with some of its lots or with all. */
export function isHeld(leg: Leg, store: OrderStore): boolean {
  if (leg.side === 'SELL' || leg.done || leg.exiting === undefined) return false;
  const idle = leg.openLots - coveredLots(leg, store);
  return idle > 0 && lotsFree(leg, store) < idle;
}

/** Lots that exit orders may still close; one whose cancel is not confirmed may still fill and counts. */
export function coveredLots(leg: Leg, store: OrderStore): number {
  return lotsOf(leg, leg.exits, store);
}

function lotsOf({ done }: Leg, ids: Leg['exits'], store: OrderStore): number {
  // The orders of a leg that is over may be of another day, and forgotten.
  if (done) return 0;
  let sum = 0;
  for (const id of ids) {
    const tracked = store.get(id);
    if (isAlive(tracked)) sum += lotsLeft(tracked);
  }
  return sum;
}

/** What a leg is never short of: nothing holds it. */
const ALL = Number.POSITIVE_INFINITY;

function isMate({ instrument }: Leg, leg: Leg): boolean {
  return instrument.kind === 'option' && leg.instrument.kind === 'option' && instrument.right === leg.instrument.right;
}
