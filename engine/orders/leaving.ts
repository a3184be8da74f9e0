import type { ExitReason } from '../model/order.ts';
import { isHeld } from './cover.ts';
import type { DeskParts, Outbound } from './desk-parts.ts';
import { mayLeave } from './execution-policy.ts';
import type { LegOrders } from './leg-orders.ts';
import type { OrderStore } from './order-store.ts';
import type { Leg, Structure } from './structure.ts';
import type { StructureGuards } from './structure-guards.ts';

/** What leaving shares with the rest of the desk. */
interface LeavingOf {
  readonly store: OrderStore;
  readonly orders: LegOrders;
  readonly guards: StructureGuards;
  /** A refused entry of a leg is not sent again. */
  readonly giveUp: (leg: Leg) => void;
}

/**
 * Brings structures out in order: shorts are bought back first, and the lots that hedge them are sold as these are out, never before.
 *
 * No wait ends that: a hedge whose short cannot be bought back stays with it, over the close and to the settlement if need be, because a
 * short alone may lose without bound and a bought option no more than it is worth.
 */
export class Leaving {
  readonly #parts: DeskParts;
  readonly #store: OrderStore;
  readonly #orders: LegOrders;
  readonly #guards: StructureGuards;
  readonly #giveUp: (leg: Leg) => void;
  /** Structures of which somebody will look whether hedges still wait. */
  readonly #watched = new Set<Structure>();

  constructor(parts: DeskParts, { store, orders, guards, giveUp }: LeavingOf) {
    this.#parts = parts;
    this.#store = store;
    this.#orders = orders;
    this.#guards = guards;
    this.#giveUp = giveUp;
  }

  /** Begins to bring legs to zero. Legs that are on their way out already stay so; one that waits at its limit is hurried where the reason is. */
  exit(legs: readonly Leg[], reason: ExitReason, seen?: { readonly leg: Leg; readonly price: number }): void {
    const out: Outbound = { changes: [], orders: [], cancels: [], stops: [] };
    const alone = legs.length === 1 && seen?.leg === legs[0];
    for (const leg of shortsFirst(legs)) {
      if (!mayLeave(leg, reason, this.#parts.settings)) continue;
      // What began to leave with its structure stays with it, whichever guard hurries it.
      leg.exiting = { reason, since: this.#parts.now(), attempt: 1, alone: leg.exiting?.alone ?? alone };
      this.#guards.dropGuards(leg);
      for (const id of leg.entries) if (this.#store.isWanted(id)) out.cancels.push(id);
      this.#giveUp(leg);
      if (leg.openLots > 0) this.#begin(leg, seen, out);
    }
    this.#orders.sendAll(out);
    for (const { structure } of legs) this.#watch(structure);
  }

  #begin(leg: Leg, seen: { readonly leg: Leg; readonly price: number } | undefined, out: Outbound): void {
    if (leg.slot < 0) return this.#orders.prices.tell(leg);
    this.#orders.chaseLater(leg, 'exits');
    if (!this.#parts.marketIsOpen()) return;
    this.#orders.bringOut(leg, seen?.leg === leg ? seen.price : this.#orders.priceOf(leg), out);
  }

  /**
   * After a night what was on its way out still is; its attempts begin anew, since the prices do. A structure that outlived its square-off
   * because nothing traded leaves now, with an alarm.
   */
  resume(structure: Structure): void {
    for (const leg of shortsFirst(structure.legs)) {
      if (leg.exiting === undefined || !leg.isOpen) continue;
      leg.exiting.attempt = 1;
      this.#orders.bringOutAgain(leg);
    }
    this.#watch(structure);
    const { squareOffAt, id, agent } = structure;
    if (squareOffAt === undefined || squareOffAt > this.#parts.now()) return;
    const text = `ALARM: structure ${id} was not out at its square-off and leaves now`;
    this.#parts.record({ kind: 'note', agent, text });
    this.exit(structure.legs, 'TIME');
  }

  /** The venue spoke of a sold leg: hedges that it needs no longer may go. */
  release({ structure, side }: Leg): void {
    if (side === 'BUY') return;
    for (const leg of structure.legs) {
      if (leg.side === 'SELL' || leg.exiting === undefined || leg.done || leg.exiting.alone) continue;
      this.#orders.bringOutFreed(leg);
    }
  }

  /** Hedges have waited for long: somebody has to know, and they stay. */
  onWaited(structure: Structure): void {
    this.#watched.delete(structure);
    if (structure.closed || !this.#isWaiting(structure)) return;
    const { exitWaitMs } = this.#parts.settings;
    const text = `ALARM: shorts of structure ${structure.id} are not out after ${exitWaitMs} ms, their hedges stay until they are`;
    this.#parts.record({ kind: 'note', agent: structure.agent, text });
  }

  clear(): void {
    this.#watched.clear();
  }

  #watch(structure: Structure): void {
    if (this.#watched.has(structure) || !this.#isWaiting(structure)) return;
    const due = this.#orders.pauseEnds(this.#parts.settings.exitWaitMs);
    if (due === undefined) return;
    this.#watched.add(structure);
    this.#parts.later(due, { kind: 'exit-wait', structure });
  }

  #isWaiting({ legs }: Structure): boolean {
    for (const leg of legs) if (isHeld(leg, this.#store)) return true;
    return false;
  }
}

/** Shorts are bought back before their hedges are sold. */
export function shortsFirst(legs: readonly Leg[]): readonly Leg[] {
  return [...legs.filter(({ side }) => side === 'SELL'), ...legs.filter(({ side }) => side === 'BUY')];
}
