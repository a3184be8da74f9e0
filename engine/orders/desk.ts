import type { OrderEvent } from '../model/event.ts';
import type { Instrument } from '../model/instrument.ts';
import type { ExitReason } from '../model/order.ts';
import { takeOut } from '../numbered.ts';
import type { DeskParts, DeskTask } from './desk-parts.ts';
import { additionRecord, partRecord } from './desk-records.ts';
import { Entries } from './entries.ts';
import { isWaiting, mayLeave } from './execution-policy.ts';
import { countExposure } from './exposure.ts';
import type { Guards } from './guards.ts';
import { Leaving, shortsFirst } from './leaving.ts';
import { LegOrders } from './leg-orders.ts';
import type { OrderStore, TrackedOrder } from './order-store.ts';
import { isAlive } from './order-store.ts';
import { Protection } from './protection.ts';
import type { RestingEntries } from './resting-entries.ts';
import type { Leg, Structure } from './structure.ts';
import type { Exit, VenueHold } from './structure-guards.ts';
import { StructureGuards } from './structure-guards.ts';
import { Withdrawals } from './withdrawals.ts';

/** Turns wishes into orders, keeps every short leg protected, and brings legs to zero; the same in every mode. */
export class Desk {
  readonly guards: StructureGuards;
  readonly entries: Entries;
  readonly withdrawals: Withdrawals;
  readonly #parts: DeskParts;
  readonly #store: OrderStore;
  readonly #orders: LegOrders;
  readonly #protection: Protection;
  readonly #leaving: Leaving;
  readonly #resting: RestingEntries;
  readonly #open: Structure[] = [];

  constructor(
    parts: DeskParts & { readonly store: OrderStore; readonly guards: Guards; readonly resting: RestingEntries },
  ) {
    this.#resting = parts.resting;
    this.#parts = parts;
    this.#store = parts.store;
    this.#orders = new LegOrders(parts, parts.store);
    const exit: Exit = (legs, reason, seen) => this.exit(legs, reason, seen);
    const venue: VenueHold = {
      holds: (guard) => this.#protection.holds(guard),
      mayMove: (leg) => this.#protection.mayMove(leg),
      follow: (leg) => this.#protection.protect(leg),
    };
    this.guards = new StructureGuards(parts, parts.guards, { exit, venue });
    const { store } = parts;
    const giveUp = (leg: Leg): void => this.#giveUp(leg);
    this.#leaving = new Leaving(parts, { store, orders: this.#orders, guards: this.guards, giveUp });
    this.#protection = new Protection(parts, { store, orders: this.#orders, guards: this.guards, exit });
    this.entries = new Entries(parts, {
      store: parts.store,
      orders: this.#orders,
      guards: this.guards,
      open: this.#open,
    });
    this.withdrawals = new Withdrawals(parts, {
      store,
      orders: this.#orders,
      entries: this.entries,
      resting: parts.resting,
      open: this.#open,
      giveUp: (leg) => this.#giveUp(leg),
    });
  }

  /** Structures that are not closed, oldest first. */
  get open(): readonly Structure[] {
    return this.#open;
  }

  /** Contracts of which lots are held or wanted: they must be in tomorrow's data. */
  get held(): readonly Instrument[] {
    const legs = [...this.#open].flatMap((structure) => structure.legs);
    return legs.filter(({ done }) => !done).map(({ instrument }) => instrument);
  }

  /** Whether a leg on its way out waits for a price: then no minute is calm. */
  get awaitsPrices(): boolean {
    return this.#orders.prices.areAwaited;
  }

  /** A price is there: guards act, and so does what waited for the first one of the day. */
  onPrice(slot: number, price: number): void {
    for (const leg of this.#orders.prices.take(slot)) this.#orders.bringOutAgain(leg);
    this.guards.onPrice(slot, price);
  }

  /** Begins to bring legs to zero, shorts before their hedges. Legs that are on their way out already stay so; one that waits at its limit is hurried where the reason is. */
  exit(legs: readonly Leg[], reason: ExitReason, seen?: { readonly leg: Leg; readonly price: number }): void {
    this.#leaving.exit(legs, reason, seen);
  }

  /** A refused entry is not sent again; nothing else may tell its leg that it is over. */
  #giveUp(leg: Leg): void {
    if (this.entries.giveUp(leg)) this.#onEntryEnded(leg, { kind: 'order-canceled' });
  }

  exitStructure(structure: Structure, reason: ExitReason): void {
    this.exit(structure.legs, reason);
  }

  /** The venue spoke: legs, guards and protection follow. Money is already booked on the leg. */
  onOrderEvent(event: OrderEvent, tracked: TrackedOrder): void {
    this.#expose(tracked.leg.structure);
    this.#follow(event, tracked);
    this.#leaving.release(tracked.leg);
  }

  #follow(event: OrderEvent, tracked: TrackedOrder): void {
    const { leg } = tracked;
    switch (event.kind) {
      case 'order-accepted':
        return this.#onAccepted(tracked);
      case 'order-filled':
        if (!tracked.opens) return this.#onExitFilled(tracked);
        if (leg.isGrown) this.#parts.record(additionRecord(tracked, event));
        return this.#onEntryFilled(leg);
      case 'order-modified':
        return this.#onModified(tracked);
      case 'order-triggered':
        return this.#onTriggered(tracked);
      case 'modify-rejected':
        return this.#onModifyRejected(tracked);
      case 'cancel-rejected':
        return this.#onCancelRejected(tracked);
      case 'order-canceled':
      case 'order-rejected':
      case 'order-expired':
        if (!tracked.opens) return this.#onExitEnded(tracked, event.kind);
        if (event.kind === 'order-rejected' && this.entries.retryLater(tracked, event.reason)) return undefined;
        return this.#onEntryEnded(leg, event);
      default:
        return undefined;
    }
  }

  onTask(task: DeskTask): void {
    if (task.kind === 'flush') return this.#orders.dispatch.flush();
    if (task.kind === 'chase') return this.#orders.chase(task.leg);
    if (task.kind === 'retry') return this.#retry(task.refused);
    if (task.kind === 'cancel') return this.#store.isWanted(task.order) ? this.#orders.cancel([task.order]) : undefined;
    if (task.kind === 'entries-end') return this.withdrawals.endEntries(task.reason);
    if (task.kind === 'basket') return this.#onBasketDue(task.structure, `within ${task.waitMs} ms`);
    if (task.kind === 'exit-wait') return this.#leaving.onWaited(task.structure);
    if (task.kind === 'protect') return this.#protection.protect(task.leg);
    if (!task.structure.closed) this.exitStructure(task.structure, 'TIME');
    return undefined;
  }

  /** The day is over: what still waited for the rate limits is forgotten with the day's orders. */
  closeDay(): void {
    for (const structure of [...this.#open])
      if (this.entries.isHeldBack(structure)) this.#unwind(structure, 'before the day was over');
    this.#orders.clear();
    this.#leaving.clear();
    for (const leg of this.entries.clear()) this.#onEntryEnded(leg, { kind: 'order-expired' });
    for (const structure of this.#open) this.#expose(structure);
  }

  #expose(structure: Structure): void {
    const isOver = this.#parts.marketOpensAt() === undefined;
    countExposure(structure, { store: this.#store, now: this.#parts.now(), isOver });
  }

  #retry(refused: TrackedOrder): void {
    const { leg } = refused;
    if (leg.done || this.entries.retry(refused)) return;
    this.#onEntryEnded(leg, { kind: 'order-canceled', reason: 'it was not sent again' });
  }

  /** Hedges that do not fill in time take their shorts with them. */
  #onBasketDue(structure: Structure, when: string): void {
    const isBare = structure.legs.some(({ side, isWhole, exiting }) => side === 'BUY' && !isWhole && !exiting);
    if (isBare || this.entries.isHeldBack(structure)) this.#unwind(structure, when);
  }

  #unwind(structure: Structure, when: string): void {
    if (structure.closed) return;
    if (structure.legs.every(({ done, exiting }) => done || exiting !== undefined)) return;
    const text = `structure ${structure.id}: its hedges did not fill ${when}, it is unwound`;
    this.#parts.record({ kind: 'note', agent: structure.agent, text });
    this.exitStructure(structure, 'UNWIND');
  }

  /** Carried legs get today's slots, their guards and their resting stops back. */
  openDay(): void {
    this.#resting.openDay();
    this.#protection.openDay();
    for (const structure of this.#open) {
      for (const leg of structure.legs) if (!leg.done) this.#place(leg);
      this.#expose(structure);
      this.guards.reopen(structure);
      for (const leg of shortsFirst(structure.legs)) this.#protection.protect(leg);
      this.#leaving.resume(structure);
    }
  }

  #place(leg: Leg): void {
    leg.slot = this.#parts.slotOf(leg.instrument) ?? -1;
    leg.entries.length = 0;
    leg.exits.length = 0;
    if (leg.slot >= 0) return this.#parts.watch(leg.slot);
    if (leg.openLots === 0 || leg.exiting !== undefined) return;
    const { agent, id } = leg.structure;
    const text = `ALARM: ${leg.tag} of structure ${id} is held and not in today's data: it has no price and no stop`;
    this.#parts.record({ kind: 'note', agent, text });
  }

  /** Ends a leg whose last lots were booked at a settlement level, without an order at the venue. */
  settle(leg: Leg): void {
    leg.exiting ??= { reason: 'EXPIRY', since: this.#parts.now(), attempt: 1, alone: true };
    this.#expose(leg.structure);
    this.#finish(leg, 'EXPIRY');
  }

  reset(): void {
    this.guards.reset();
    this.#resting.reset();
    this.#protection.reset();
    this.#open.length = 0;
    this.entries.clear();
    this.#orders.clear();
    this.#leaving.clear();
  }

  #onAccepted(tracked: TrackedOrder): void {
    const { leg } = tracked;
    if (tracked.opens) return;
    if (tracked.order.purpose === 'protection') this.#protection.accepted(tracked);
    if (leg.exiting === undefined) return this.#protection.protect(leg);
    if (tracked.terms.kind !== 'STOP_LIMIT' || tracked.pending !== undefined) return;
    this.#orders.turn(tracked);
    this.#orders.chaseLater(leg, 'exits');
  }

  /** A stop that was given lots while its leg began to leave is turned into the exit now; one that is short of lots gets the rest. */
  #onModified(tracked: TrackedOrder): void {
    const { leg, opens, terms } = tracked;
    if (opens || !isAlive(tracked) || leg.openLots === 0) return;
    // While the change was on its way the stop held for the guards; the limit in its place does not.
    if (isWaiting(leg, this.#parts.settings)) this.#lookAtGuards(leg);
    if (terms.kind !== 'STOP_LIMIT') return;
    if (leg.exiting === undefined) return this.#protection.protect(leg);
    this.#orders.turn(tracked);
  }

  /** A resting stop that the market jumps is chased like any exit, and what of the leg is still being entered is called back. */
  #onTriggered(tracked: TrackedOrder): void {
    const { opens, leg, terms } = tracked;
    const guard = this.#protection.guardOf(tracked);
    if (opens || !mayLeave(leg, guard?.reason ?? 'STOP', this.#parts.settings)) return;
    if (guard !== undefined && terms.kind === 'STOP_LIMIT') this.guards.actedAtVenue(guard, leg, terms.trigger);
    const alone = leg.exiting?.alone ?? guard?.spec.closes !== 'structure';
    leg.exiting = { reason: guard?.reason ?? 'STOP', since: this.#parts.now(), attempt: 1, alone };
    this.guards.dropGuards(leg);
    const entering = leg.entries.filter((id) => this.#store.isWanted(id));
    if (entering.length > 0) this.#orders.cancel(entering);
    this.#giveUp(leg);
    this.#orders.chaseLater(leg, 'exits');
    if (guard?.spec.closes === 'structure') this.exit(leg.structure.legs, guard.reason);
  }

  /** An exit that could not change its order takes it back; in a closed market it waits instead. */
  #onModifyRejected(tracked: TrackedOrder): void {
    const { opens, leg, order } = tracked;
    if (opens || leg.done) return;
    if (leg.exiting === undefined) return this.#protection.protectLater(leg);
    // Lots that a stop was to grow by, and did not before it filled, leave by an order of their own.
    if (!isAlive(tracked)) return leg.openLots > 0 ? this.#orders.bringOutAgain(leg) : undefined;
    if (this.#parts.marketIsOpen()) this.#orders.cancel([order.id]);
    else this.#orders.chaseLater(leg, 'exits');
  }

  /** A cancel that overtook its entry on the way is asked for again at once, one that the venue refused after a while. */
  #onCancelRejected(tracked: TrackedOrder): void {
    const { opens, state, order, leg } = tracked;
    if (!(opens && isAlive(tracked))) return;
    if (state === 'placed') return this.#orders.cancel([order.id]);
    if (leg.structure.place !== undefined && this.#resting.onCancelRefused(leg.structure)) return;
    const due = this.#orders.pauseEnds();
    if (due !== undefined) this.#parts.later(due, { kind: 'cancel', order: order.id });
  }

  #onEntryFilled(leg: Leg): void {
    const { structure } = leg;
    if (structure.place !== undefined) this.#resting.onFilled(structure);
    else this.entries.onFilled(structure);
    if (leg.exiting !== undefined) this.#orders.bringOutAgain(leg);
    else this.#guardEntry(leg);
    // Another slice may have ended before: then this fill was the last word, and the leg stays short of its plan.
    if (!(leg.isWhole || this.#store.mayFill(leg.entries))) this.#onEntryEnded(leg, { kind: 'order-canceled' });
  }

  #guardEntry(leg: Leg): void {
    const { structure } = leg;
    if (!leg.isGrown) this.guards.layLegGuards(leg);
    if (!leg.isGrown && structure.legs.every((each) => each.isWhole)) this.guards.layCombined(structure);
    this.#lookAtGuards(leg);
    // A guard that the market stands beyond already has just sent its exit; nothing has to rest then.
    this.#protection.protect(leg);
  }

  #lookAtGuards({ slot }: Leg): void {
    const price = this.#parts.price(slot);
    if (price !== undefined) this.guards.onPrice(slot, price);
  }

  #onExitFilled(tracked: TrackedOrder): void {
    const { leg } = tracked;
    if (leg.openLots > 0) return;
    const alive = [...leg.entries, ...leg.exits].map((id) => this.#store.get(id)).filter(isAlive);
    const unasked = alive.filter(({ pending }) => pending !== 'cancel');
    if (unasked.length > 0) this.#orders.cancel(unasked.map(({ order }) => order.id));
    if (alive.some(({ opens }) => opens)) return;
    this.#finish(leg, leg.exiting?.reason ?? this.#protection.guardOf(tracked)?.reason ?? 'STOP');
  }

  /** What ended short can never be whole: it is unwound at once, whatever of it may still fill. What rests or was halted waits for its last word. */
  #onEntryEnded(leg: Leg, end: EntryEnd): void {
    const { structure } = leg;
    if (this.entries.isRetrying(leg)) return;
    const mayFill = this.#store.mayFill(leg.entries);
    if (mayFill && (structure.place !== undefined || structure.keepsPart)) return;
    if (structure.place !== undefined) return this.#onRestingEnded(leg, end);
    if (leg.openLots === 0 && !mayFill) this.#finish(leg, leg.exiting?.reason ?? 'UNWIND');
    const isWhole = leg.isWhole || leg.exiting !== undefined || end.kind === 'order-expired';
    if (isWhole || structure.closed) return;
    if (structure.keepsPart) this.#keepPart(leg);
    else this.exitStructure(structure, 'UNWIND');
  }

  /** A leg alone that a halt cut short is a position like any other: what is missing hedged nothing. */
  #keepPart(leg: Leg): void {
    this.#parts.record(partRecord(leg));
    this.#cutPlan(leg);
  }

  /** What has filled is all there will be: guards over all legs begin to stand. */
  #cutPlan(leg: Leg): void {
    leg.lotsPlanned = leg.entryLots;
    this.guards.layCombined(leg.structure);
  }

  /** What of a resting entry has filled is a position like any other; the place is free, or for what was to follow. */
  #onRestingEnded(leg: Leg, { kind, reason }: EntryEnd): void {
    const { structure } = leg;
    const leaving = leg.exiting?.reason;
    if (leg.openLots === 0) this.#finish(leg, leaving ?? 'UNWIND');
    else if (!leg.isWhole) this.#cutPlan(leg);
    this.#resting.onEnded(structure, { kind, reason, leaving });
  }

  /** An exit order ended without closing the leg: another takes its place, after a refusal only when a pause is over. */
  #onExitEnded({ leg, order, modifications }: TrackedOrder, kind: OrderEvent['kind']): void {
    if (leg.openLots === 0 || kind === 'order-expired') return;
    const isRefused = kind === 'order-rejected';
    if (leg.exiting !== undefined) {
      // A stop that was refused while its leg began to leave says nothing of the exit, which has not been asked for yet.
      const wasExit = order.purpose === 'exit' || modifications > 0;
      return isRefused && wasExit ? this.#orders.chaseLater(leg, 'exits') : this.#orders.bringOutAgain(leg);
    }
    if (isRefused) return this.#protection.refused(leg);
    this.#parts.later(this.#parts.now(), { kind: 'protect', leg });
  }

  #finish(leg: Leg, reason: ExitReason): void {
    if (leg.done) return;
    leg.done = true;
    this.entries.giveUp(leg);
    leg.closedAt = this.#parts.now();
    this.guards.dropGuards(leg);
    if (leg.slot >= 0) this.#parts.unwatch(leg.slot);
    if (leg.entryLots > 0) this.#parts.onLegClosed(leg, reason);
    const { structure } = leg;
    if (!structure.legs.every((each) => each.done)) return;
    structure.closed = true;
    takeOut(this.#open, structure);
    this.guards.close(structure);
    this.#parts.onStructureClosed(structure, reason);
  }
}

/** How the last order of an entry ended. */
interface EntryEnd {
  readonly kind: OrderEvent['kind'];
  readonly reason?: string;
}
