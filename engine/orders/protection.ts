import { exchangeOf } from '../model/instrument.ts';
import type { DeskParts } from './desk-parts.ts';
import { disasterTrigger, stopLimit } from './execution-policy.ts';
import type { LegOrders } from './leg-orders.ts';
import type { Leg } from './structure.ts';
import type { StructureGuards } from './structure-guards.ts';

/** Keeps a stop at the venue for what a short leg holds, and counts how long it stands without. */
export class Protection {
  readonly #parts: DeskParts;
  readonly #orders: LegOrders;
  readonly #guards: StructureGuards;

  constructor(parts: DeskParts, orders: LegOrders, guards: StructureGuards) {
    this.#parts = parts;
    this.#orders = orders;
    this.#guards = guards;
  }

  /** Puts or grows the resting stop of a short leg. */
  protect(leg: Leg): void {
    const { settings } = this.#parts;
    if (!settings.disasterStop.on || leg.side !== 'SELL' || leg.openLots === 0) return;
    const missing = leg.openLots - this.#orders.coveredLots(leg);
    if (missing <= 0) return;
    const count = leg.isGrown ? this.#orders.grow(leg, missing) : missing;
    if (count === 0) return;
    if (leg.restingTrigger === undefined || !leg.isGrown)
      leg.restingTrigger = disasterTrigger(leg.entryPrice, this.#guards.stopPctOf(leg), settings);
    const terms = stopLimit('BUY', leg.restingTrigger, exchangeOf(leg.instrument.underlying), settings);
    this.#orders.sendExits(leg, { count, terms, purpose: 'protection', reason: 'resting stop' });
  }

  /** Asks again once a pause is over. */
  protectLater(leg: Leg): void {
    const due = this.#orders.pauseEnds();
    if (due !== undefined) this.#parts.later(due, { kind: 'protect', leg });
  }

  /** The leg stands naked no longer. */
  covered(leg: Leg): void {
    if (leg.nakedSince === undefined) return;
    leg.nakedMs = Math.max(leg.nakedMs, this.#parts.now() - leg.nakedSince);
    leg.nakedSince = undefined;
  }
}
