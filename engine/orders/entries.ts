import { broken } from '../assert.ts';
import { instrumentKey } from '../model/instrument.ts';
import type { ApprovedOrder, Order } from '../model/order.ts';
import { epochMs } from '../model/time.ts';
import type { EntryRequest, Verdict } from '../model/verdict.ts';
import type { EntryExecution } from '../strategy.ts';
import type { AdditionWish, DeskParts, EntryOutcome, LegWish, StructureWish } from './desk-parts.ts';
import { openingRecord } from './desk-records.ts';
import { isLasting } from './execution-policy.ts';
import type { LegOrders } from './leg-orders.ts';
import type { OrderStore, Patience, TrackedOrder } from './order-store.ts';
import { isAlive } from './order-store.ts';
import type { Waiting } from './outgoing.ts';
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
  /** Shorts that wait for their hedges. */
  readonly #heldBack = new Map<Structure, Waiting>();
  /** Refused entries of a leg that are to be sent again. */
  readonly #retrying = new Map<Leg, number>();

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
    const execution = wish.execution ?? this.#parts.settings.entry;
    wish.legs.forEach((legWish, index) => {
      const leg = this.#legOf(legWish, structure, lotSizes[index], wish.reentry ?? 0);
      structure.legs.push(leg);
      const terms = legWish.terms ?? this.#orders.entryTerms(leg, execution);
      orders.push(...this.#orders.ordersFor(leg, { lots: legWish.lots, terms }, wish.reason));
    });
    const full = this.#orders.dispatch.refusalOf(orders.length);
    if (full !== undefined) return { kind: 'refused', reason: full };
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
    const { entry } = this.#parts.settings;
    const terms = this.#orders.entryTerms(leg, entry);
    const orders = this.#orders.ordersFor(leg, { lots: wish.lots, terms }, wish.reason);
    const full = this.#orders.dispatch.refusalOf(orders.length);
    if (full !== undefined) return full;
    const addsToLots = structure.legs.reduce((sum, { openLots }) => sum + openLots, 0);
    const { plannedLoss } = wish;
    const addsToLeg = leg.openLots;
    const verdicts = this.#parts.review({ agent: structure.agent, orders, plannedLoss, addsToLots, addsToLeg });
    const approved = this.#approved(structure, orders, verdicts);
    if (typeof approved === 'string') return approved;
    const before = structure.plannedLoss;
    structure.plannedLoss = before === undefined || plannedLoss === undefined ? undefined : before + plannedLoss;
    for (const order of approved) this.#track(order, leg, patienceOf(order, entry));
    this.#orders.sendEntries(approved);
    return undefined;
  }

  /** Looks at a resting entry anew with what a later wish plans to lose; gives the reason where the review denies it. */
  reviewAgain(
    structure: Structure,
    { plannedLoss, risk }: { readonly plannedLoss: number | undefined; readonly risk: number | undefined },
  ): string | undefined {
    const alive = structure.legs.flatMap(({ entries }) => entries.map((id) => this.#store.get(id)).filter(isAlive));
    const orders = alive.map(({ order }) => order);
    const verdicts = this.#reviewOwn(structure, { orders, plannedLoss, risk, addsToLots: 0, rests: true });
    const denied = verdicts.find(({ kind }) => kind === 'denied');
    return denied?.kind === 'denied' ? `${denied.rule}: ${denied.reason}` : undefined;
  }

  /** Lots of an entry filled: the shorts of its basket may go once all its hedges are there. */
  onFilled(structure: Structure): void {
    if (this.#heldBack.size === 0) return;
    const held = this.#heldBack.get(structure);
    if (held === undefined || !structure.legs.every((leg) => leg.side === 'SELL' || isStanding(leg))) return;
    this.#heldBack.delete(structure);
    this.#orders.sendEntries(this.#orders.dispatch.takeBack(held));
  }

  /** Whether the entry of a structure waits at prices of its strategy's own; what was to fill at once, or has in part beside other legs, does not. */
  isResting({ legs }: Structure): boolean {
    const wanted = legs.flatMap(({ entries }) => entries.filter((id) => this.#store.isWanted(id)));
    if (wanted.length === 0 || (legs.length > 1 && legs.some(({ entryLots }) => entryLots > 0))) return false;
    return wanted.every((id) => {
      const { order, patience } = this.#store.get(id);
      return order.terms.kind !== 'MARKET' && patience === undefined;
    });
  }

  /** Whether the shorts of a structure still wait for its hedges. */
  isHeldBack(structure: Structure): boolean {
    return this.#heldBack.has(structure);
  }

  /** Has a refused entry sent again after a while; false where that is of no use, or was done often enough. */
  retryLater(refused: TrackedOrder, reason: string): boolean {
    const { leg, attempt } = refused;
    const { entryRetries, entryRetryMs } = this.#parts.settings;
    if (attempt > entryRetries || leg.exiting !== undefined || isLasting(reason)) return false;
    if (!this.#parts.marketIsOpen()) return false;
    this.#retrying.set(leg, (this.#retrying.get(leg) ?? 0) + 1);
    this.#parts.later(epochMs(this.#parts.now() + entryRetryMs), { kind: 'retry', refused });
    return true;
  }

  /** Whether an entry of a leg is to be sent again. */
  isRetrying(leg: Leg): boolean {
    return this.#retrying.has(leg);
  }

  /** Sends no entry of a leg again; false where none was to be. */
  giveUp(leg: Leg): boolean {
    return this.#retrying.delete(leg);
  }

  /** Sends a refused entry again, reviewed anew; false where it may not leave. Nothing happens where it was given up. */
  retry({ leg, order, attempt, patience }: TrackedOrder): boolean {
    const waiting = this.#retrying.get(leg);
    if (waiting === undefined) return true;
    if (waiting === 1) this.#retrying.delete(leg);
    else this.#retrying.set(leg, waiting - 1);
    if (leg.exiting !== undefined) return false;
    const { structure } = leg;
    const terms = patience === undefined ? order.terms : this.#orders.entryTerms(leg, patience);
    const orders = this.#orders.ordersFor(leg, { lots: order.lots, terms }, order.reason);
    const full = this.#orders.dispatch.refusalOf(orders.length);
    if (full !== undefined) {
      const text = `structure ${structure.id}: an entry of ${leg.tag} is not sent again: ${full}`;
      this.#parts.record({ kind: 'note', agent: structure.agent, text });
      return false;
    }
    const addsToLots = structure.legs.reduce((sum, { openLots }) => sum + openLots, 0);
    const request = { orders, plannedLoss: structure.plannedLoss, addsToLots, addsToLeg: leg.openLots };
    const verdicts = this.#reviewOwn(structure, request);
    const approved = this.#approved(structure, orders, verdicts);
    if (typeof approved === 'string') return false;
    for (const again of approved) this.#track(again, leg, patience, attempt + 1);
    this.#orders.sendEntries(approved);
    return true;
  }

  /** The day is over, and with it what waited. */
  clear(): readonly Leg[] {
    const legs = [...this.#retrying.keys()];
    this.#retrying.clear();
    this.#heldBack.clear();
    return legs;
  }

  /** Has orders reviewed of a structure that is counted already: its own planned loss is not one of the others'. */
  #reviewOwn(structure: Structure, request: Omit<EntryRequest, 'agent'>): readonly Verdict[] {
    const before = structure.plannedLoss;
    structure.plannedLoss = 0;
    const verdicts = this.#parts.review({ ...request, agent: structure.agent });
    structure.plannedLoss = before;
    return verdicts;
  }

  #track(order: ApprovedOrder, leg: Leg, patience: Patience | undefined, attempt = 1): void {
    this.#store.add({ order, leg, opens: true, attempt, patience });
    leg.entries.push(order.id);
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

  /** Hedges leave first; the shorts right after them, or once they have filled. Either way the hedges have only so long to fill. */
  #sendBasket(structure: Structure, orders: readonly ApprovedOrder[]): void {
    const { basketWait, basketWaitMs } = this.#parts.settings;
    const shorts = orders.filter(({ side }) => side === 'SELL');
    if (shorts.length === 0 || shorts.length === orders.length) return this.#orders.sendEntries(orders);
    const hedges = orders.filter(({ side }) => side === 'BUY');
    this.#orders.sendEntries(basketWait === 'sent' ? orders : hedges);
    if (basketWait === 'filled') this.#heldBack.set(structure, this.#orders.dispatch.holdBack(shorts));
    const waitMs = this.#patienceOf(hedges) + basketWaitMs;
    this.#parts.later(epochMs(this.#parts.now() + waitMs), { kind: 'basket', structure, waitMs });
  }

  /** How long orders that were just sent may wait at limits of the desk's before they go to the market, ms; slices leave one after the other. */
  #patienceOf(orders: readonly ApprovedOrder[]): number {
    let until: number = this.#parts.now() + (orders.length - 1) * this.#parts.settings.sliceEveryMs;
    for (const { id } of orders) until = Math.max(until, this.#store.get(id).patientUntil ?? 0);
    return until - this.#parts.now();
  }

  #legOf(wish: LegWish, structure: Structure, lotSize: number | undefined, reentry: number): Leg {
    const slot = this.#parts.slotOf(wish.instrument);
    if (slot === undefined) broken(`${instrumentKey(wish.instrument)} has no slot today`);
    if (lotSize === undefined) broken(`${instrumentKey(wish.instrument)} has no lot size`);
    const { tag, instrument, side } = wish;
    return new Leg({ structure, tag, instrument, side, lotSize, lotsPlanned: wish.lots, reentry, slot });
  }

  #admit(wish: StructureWish, structure: Structure, orders: readonly ApprovedOrder[]): void {
    const { settings } = this.#parts;
    this.#open.push(structure);
    for (const leg of structure.legs) this.#parts.watch(leg.slot);
    for (const order of orders) {
      const leg = structure.legOf(order.leg);
      if (leg === undefined) broken(`order ${order.id} belongs to no leg of its structure`);
      const isOwn = wish.legs.some(({ tag, terms }) => tag === leg.tag && terms !== undefined);
      this.#track(order, leg, isOwn ? undefined : patienceOf(order, wish.execution ?? settings.entry));
    }
    if (structure.place === undefined) this.#guards.open(structure, wish.guards ?? []);
    if (structure.squareOffAt !== undefined)
      this.#parts.later(structure.squareOffAt, { kind: 'square-off', structure });
    this.#sendBasket(structure, hedgesFirst(orders));
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

/** All of a hedge is there, and none of it is on its way out by a guard of its own. */
function isStanding({ isWhole, exiting }: Leg): boolean {
  return isWhole && exiting === undefined;
}

/** What is bought leaves first, so that no short stands without its hedge. */
function hedgesFirst(orders: readonly ApprovedOrder[]): readonly ApprovedOrder[] {
  return [...orders.filter(({ side }) => side === 'BUY'), ...orders.filter(({ side }) => side === 'SELL')];
}

/** Whether and how long an order that the desk priced waits at its limit. */
function patienceOf({ terms }: ApprovedOrder, execution: EntryExecution): Patience | undefined {
  return execution.kind === 'limit-then-market' && terms.kind === 'LIMIT' ? execution : undefined;
}
