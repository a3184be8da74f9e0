import { broken } from '../assert.ts';
import { instrumentKey } from '../model/instrument.ts';
import type { ApprovedOrder, Order } from '../model/order.ts';
import type { Verdict } from '../model/verdict.ts';
import type { AdditionWish, DeskParts, EntryOutcome, LegWish, StructureWish } from './desk-parts.ts';
import { openingRecord } from './desk-records.ts';
import type { LegOrders } from './leg-orders.ts';
import type { OrderStore } from './order-store.ts';
import { isAlive } from './order-store.ts';
import type { Structure } from './structure.ts';
import { Leg } from './structure.ts';
import type { StructureGuards } from './structure-guards.ts';

/** What entries share with the rest of the desk. */
interface EntriesOf {
  readonly store: OrderStore;
  readonly orders: LegOrders;
  readonly guards: StructureGuards;
  /** Structures that are not closed, oldest first. */
  readonly open: Structure[];
}

/** Turns what strategies want to enter into reviewed orders: all of a structure leave or none. */
export class Entries {
  readonly #parts: DeskParts;
  readonly #store: OrderStore;
  readonly #orders: LegOrders;
  readonly #guards: StructureGuards;
  readonly #open: Structure[];

  constructor(parts: DeskParts, { store, orders, guards, open }: EntriesOf) {
    this.#parts = parts;
    this.#store = store;
    this.#orders = orders;
    this.#guards = guards;
    this.#open = open;
  }

  /** Makes a structure's orders, has them reviewed, and sends all of them or none. `lotSizes` go with the wish's legs. */
  enter(wish: StructureWish, structure: Structure, lotSizes: readonly number[]): EntryOutcome {
    const { agent, plannedLoss, name, risk } = structure;
    const orders: Order[] = [];
    wish.legs.forEach((legWish, index) => {
      const leg = this.#legOf(legWish, structure, lotSizes[index], wish.reentry ?? 0);
      structure.legs.push(leg);
      orders.push(...this.#orders.ordersFor(leg, legWish, wish.reason));
    });
    const verdicts = this.#parts.review({ agent, orders, plannedLoss, name, risk });
    // A resting entry is a structure to the journal once it has lots.
    const opens = structure.place === undefined && verdicts.every(({ kind }) => kind === 'approved');
    if (opens) this.#parts.record(openingRecord(structure));
    const approved = this.#approved(structure, orders, verdicts);
    if (typeof approved === 'string') return { kind: 'refused', reason: approved };
    this.#admit(wish, structure, approved);
    return { kind: 'entered', structure };
  }

  /** Why nothing can be added to a leg now; undefined where it can. */
  gateOfAddition({ structure, done, exiting }: Leg): string | undefined {
    if (structure.closed) return 'the structure is closed';
    if (done) return 'the leg is closed';
    if (exiting !== undefined) return 'the leg is on its way out';
    const isEntering = structure.legs.some(
      (leg) => !leg.done && (!leg.isWhole || leg.entries.some((id) => isAlive(this.#store.get(id)))),
    );
    return isEntering ? 'an entry of the structure is still on its way' : undefined;
  }

  /**
   * Adds lots to a leg that no gate keeps from it: its own orders, reviewed as an entry. Guards stay where they stand and hold for all lots;
   * the resting stop follows each fill. Gives the reason where the review denied it.
   */
  add(leg: Leg, wish: AdditionWish): string | undefined {
    const { structure } = leg;
    const orders = this.#orders.ordersFor(leg, wish, wish.reason);
    const addsToLots = structure.legs.reduce((sum, { openLots }) => sum + openLots, 0);
    const { plannedLoss } = wish;
    const addsToLeg = leg.openLots;
    const verdicts = this.#parts.review({ agent: structure.agent, orders, plannedLoss, addsToLots, addsToLeg });
    const approved = this.#approved(structure, orders, verdicts);
    if (typeof approved === 'string') return approved;
    const before = structure.plannedLoss;
    structure.plannedLoss = before === undefined || plannedLoss === undefined ? undefined : before + plannedLoss;
    for (const order of approved) {
      this.#store.add({ order, leg, opens: true });
      leg.entries.push(order.id);
    }
    this.#orders.sendEntries(approved);
    if (this.#parts.marketIsProtected()) this.#orders.chaseLater(leg, 'entries');
    return undefined;
  }

  /** Looks at a resting entry anew whose planned loss has grown; gives the reason where the review denies it. */
  reviewAgain(structure: Structure, plannedLoss: number | undefined): string | undefined {
    const { agent } = structure;
    const orders = structure.legs.flatMap(({ entries }) => entries.map((id) => this.#store.get(id).order));
    const before = structure.plannedLoss;
    // Its own planned loss is not one of the others'.
    structure.plannedLoss = 0;
    const verdicts = this.#parts.review({ agent, orders, plannedLoss, addsToLots: 0 });
    structure.plannedLoss = before;
    const denied = verdicts.find(({ kind }) => kind === 'denied');
    return denied?.kind === 'denied' ? `${denied.rule}: ${denied.reason}` : undefined;
  }

  /** Takes back what of a structure's entry has not filled. */
  takeBack(structure: Structure, reason: string): void {
    const ids = structure.legs.flatMap(({ entries }) => entries);
    const alive = ids.filter((id) => isAlive(this.#store.get(id)) && this.#store.get(id).pending !== 'cancel');
    if (alive.length > 0) this.#orders.cancel(alive, reason);
  }

  /** Journals orders with their verdicts and approves all, or gives the reason of the first denial. */
  #approved(
    structure: Structure,
    orders: readonly Order[],
    verdicts: readonly Verdict[],
  ): readonly ApprovedOrder[] | string {
    const denied = verdicts.find((verdict) => verdict.kind === 'denied');
    const reviewed = orders.map((order, index) => {
      const verdict = verdicts[index];
      if (verdict === undefined) broken(`order ${order.id} was not reviewed`);
      const word = denied !== undefined && verdict.kind === 'approved' ? WITH_THE_OTHERS : verdict;
      this.#orders.recordOrder(order, structure.legOf(order.leg)?.contract ?? order.leg, word);
      return { order, verdict: word };
    });
    if (denied?.kind === 'denied') return `${denied.rule}: ${denied.reason}`;
    return reviewed.map(({ order, verdict }) => this.#parts.approve(order, verdict));
  }

  #legOf(wish: LegWish, structure: Structure, lotSize: number | undefined, reentry: number): Leg {
    const slot = this.#parts.slotOf(wish.instrument);
    if (slot === undefined) broken(`${instrumentKey(wish.instrument)} has no slot today`);
    if (lotSize === undefined) broken(`${instrumentKey(wish.instrument)} has no lot size`);
    const { tag, instrument, side } = wish;
    return new Leg({ structure, tag, instrument, side, lotSize, lotsPlanned: wish.lots, reentry, slot });
  }

  #admit(wish: StructureWish, structure: Structure, orders: readonly ApprovedOrder[]): void {
    this.#open.push(structure);
    for (const leg of structure.legs) this.#parts.watch(leg.slot);
    for (const order of orders) {
      const leg = structure.legOf(order.leg);
      if (leg === undefined) broken(`order ${order.id} belongs to no leg of its structure`);
      this.#store.add({ order, leg, opens: true });
      leg.entries.push(order.id);
    }
    if (structure.place === undefined) this.#guards.open(structure, wish.guards ?? []);
    if (structure.squareOffAt !== undefined)
      this.#parts.later(structure.squareOffAt, { kind: 'square-off', structure });
    this.#orders.sendEntries(hedgesFirst(orders));
    if (this.#parts.marketIsProtected()) for (const leg of structure.legs) this.#orders.chaseLater(leg, 'entries');
    this.#guards.onAdmitted(structure);
  }
}

/** All of a structure's orders go or none: what was sound in itself stays behind with the denied one. */
const WITH_THE_OTHERS: Verdict = {
  kind: 'denied',
  rule: 'basket',
  limit: undefined,
  value: undefined,
  reason: 'another order of the structure was denied',
};

/** What is bought leaves first, so that no short stands without its hedge. */
function hedgesFirst(orders: readonly ApprovedOrder[]): readonly ApprovedOrder[] {
  return [...orders.filter(({ side }) => side === 'BUY'), ...orders.filter(({ side }) => side === 'SELL')];
}
