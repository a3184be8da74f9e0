import type { ApprovedOrder, Order, OrderId, Purpose, Terms } from '../model/order.ts';
import type { EpochMs } from '../model/time.ts';
import { epochMs } from '../model/time.ts';
import { lots, opposite, paise } from '../model/units.ts';
import type { Verdict } from '../model/verdict.ts';
import type { OrderChange } from '../ports.ts';
import type { EntryExecution } from '../strategy.ts';
import { coveredLots, lotsFree } from './cover.ts';
import type { DeskParts, Outbound } from './desk-parts.ts';
import { placedRecord, verdictRecord } from './desk-records.ts';
import { Dispatch } from './dispatch.ts';
import { bufferedLimit, isCalm, isWaiting, marketableLimit, sameTerms } from './execution-policy.ts';
import { FirstPrices } from './first-prices.ts';
import type { OrderStore, TrackedOrder } from './order-store.ts';
import { isAlive, isWorking } from './order-store.ts';
import { sliced } from './slicing.ts';
import type { Leg } from './structure.ts';

/** Lots to close or to protect, and how. */
export interface ExitWanted {
  readonly count: number;
  readonly terms: Terms;
  readonly purpose: 'exit' | 'protection';
  readonly reason: string;
}

/** When a leg is priced anew, and which of its orders. */
interface Chase {
  due: number;
  of: 'entries' | 'exits';
  waits: boolean;
  /** Instant of the task that counts, never after `due`; others that still come are stale. */
  taskAt: number;
  /** Whether the journal has raised the alarm for it. */
  alarmed: boolean;
}

/** Attempts after which a chase asks for no worse price any more. */
const CHASE_WIDENS_MAX = 20;

/** Makes a leg's orders, sends them in their lanes, and changes them until the leg is out. */
export class LegOrders {
  readonly dispatch: Dispatch;
  readonly prices: FirstPrices;
  readonly #parts: DeskParts;
  readonly #store: OrderStore;
  readonly #chases = new Map<Leg, Chase>();

  constructor(parts: DeskParts, store: OrderStore) {
    this.#parts = parts;
    this.#store = store;
    this.dispatch = new Dispatch(parts, store);
    this.prices = new FirstPrices(parts);
  }

  /** Forgets what still waits. */
  clear(): void {
    this.dispatch.clear();
    this.#chases.clear();
    this.prices.clear();
  }

  /** Sends orders that open something, and prices anew later what the desk itself priced. */
  sendEntries(orders: readonly ApprovedOrder[]): void {
    if (orders.length === 0) return;
    this.dispatch.entries(orders);
    for (const { id } of orders) {
      const { leg, patientUntil, terms } = this.#store.get(id);
      if (patientUntil !== undefined) this.#chaseAt(leg, 'entries', this.#earliest(leg, patientUntil));
      else if (terms.kind === 'MARKET' && this.#parts.marketIsProtected()) this.chaseLater(leg, 'entries');
    }
  }

  /** The first of a leg's slices to lose patience is looked at first. */
  #earliest(leg: Leg, patientUntil: number): number {
    const known = this.#chases.get(leg);
    return known?.waits === true && known.of === 'entries' ? Math.min(known.due, patientUntil) : patientUntil;
  }

  /** Terms of an entry whose strategy gave none. */
  entryTerms(leg: Leg, execution: EntryExecution): Terms {
    const price = execution.kind === 'market' ? undefined : this.#parts.price(leg.slot);
    if (execution.kind === 'market' || price === undefined) return MARKET;
    const band = this.#parts.bandOf(leg.instrument, price);
    return bufferedLimit({ side: leg.side, price, bufferPct: execution.bufferPct, band });
  }

  ordersFor(leg: Leg, wish: { readonly lots: number; readonly terms: Terms }, reason: string): Order[] {
    const { terms } = wish;
    return sliced(wish.lots, this.#parts.lotsPerOrderMax(leg)).map((count) =>
      this.#make(leg, leg.side, count, { terms, purpose: 'entry', reason }),
    );
  }

  #make(
    leg: Leg,
    side: Order['side'],
    count: number,
    parts: { readonly terms: Terms; readonly purpose: Purpose; readonly reason: string },
  ): Order {
    const price = this.#parts.price(leg.slot);
    return {
      id: this.#store.nextId(),
      agent: leg.structure.agent,
      structure: leg.structure.id,
      leg: leg.tag,
      instrument: leg.instrument,
      slot: leg.slot,
      side,
      lots: lots(count),
      lotSize: leg.lotSize,
      terms: parts.terms,
      purpose: parts.purpose,
      reduceOnly: parts.purpose !== 'entry',
      reason: parts.reason,
      decidedAt: this.#parts.now(),
      decisionPrice: price === undefined ? undefined : paise(Math.round(price)),
    };
  }

  /**
   * Turns the orders that protect a leg into marketable ones, and adds orders for what they do not cover. A hedge that its shorts still need
   * takes its stops back instead, and a leg that nothing has traded of today keeps what rests for it until something has.
   */
  bringOut(leg: Leg, price: number | undefined, out: Outbound): void {
    const attempt = leg.exiting?.attempt ?? 1;
    const free = lotsFree(leg, this.#store);
    const mustWait = free !== Number.POSITIVE_INFINITY;
    for (const id of leg.exits) {
      const tracked = this.#store.get(id);
      if (!isWorking(tracked) || tracked.pending !== undefined) continue;
      if (mustWait && tracked.terms.kind === 'STOP_LIMIT') out.stops.push(id);
      else if (!mustWait && price !== undefined) out.changes.push(this.changeTo(tracked, leg, price, attempt));
    }
    if (price === undefined) return this.prices.waitFor(leg);
    const count = Math.min(free, leg.openLots - coveredLots(leg, this.#store));
    if (count <= 0) return;
    const terms = this.#exitTerms(leg, price, attempt);
    out.orders.push(...this.#makeExits(leg, { count, terms, purpose: 'exit', reason: leg.exiting?.reason ?? 'exit' }));
  }

  /** Sends what a leg on its way out still lacks; in a closed market it waits, and so does one that nobody quotes today. */
  bringOutAgain(leg: Leg): void {
    if (leg.slot < 0) return this.prices.tell(leg);
    this.chaseLater(leg, 'exits');
    this.#bringOutNow(leg);
  }

  /** Sends what of a hedge its shorts have just let go; what of it is on sale already is chased as before. */
  bringOutFreed(leg: Leg): void {
    const onSale = coveredLots(leg, this.#store);
    if (leg.openLots <= onSale || lotsFree(leg, this.#store) === 0) return;
    if (onSale === 0) this.bringOutAgain(leg);
    else this.#bringOutNow(leg);
  }

  #bringOutNow(leg: Leg): void {
    if (!this.#parts.marketIsOpen()) return;
    const out: Outbound = { changes: [], orders: [], cancels: [], stops: [] };
    this.bringOut(leg, this.priceOf(leg), out);
    this.sendAll(out);
  }

  /** The venue holds a stop of a leg that has begun to leave: now it becomes the exit, or goes back where its lots must stay. */
  turn(tracked: TrackedOrder): void {
    const { leg, order } = tracked;
    const price = this.priceOf(leg);
    if (lotsFree(leg, this.#store) !== Number.POSITIVE_INFINITY) return this.cancel([order.id], SHORTS_FIRST);
    if (price === undefined) return this.prices.waitFor(leg);
    this.send([this.changeTo(tracked, leg, price, leg.exiting?.attempt ?? 1)], [], []);
  }

  #makeExits(leg: Leg, wanted: ExitWanted): ApprovedOrder[] {
    return sliced(wanted.count, this.#parts.lotsPerOrderMax(leg)).map((slice) => {
      const order = this.#make(leg, opposite(leg.side), slice, wanted);
      this.#store.add({ order, leg, opens: false });
      leg.exits.push(order.id);
      const verdict = this.#parts.reviewExit(order);
      this.recordOrder(order, leg.contract, verdict);
      return this.#parts.approve(order, verdict);
    });
  }

  /** Sends orders that close or protect lots of a leg. */
  sendExits(leg: Leg, wanted: ExitWanted): void {
    const orders = this.#makeExits(leg, wanted);
    if (wanted.purpose === 'protection') this.dispatch.protection([], orders);
    else this.dispatch.exits([], orders);
  }

  #marketable(leg: Leg, price: number, attempt: number, side = opposite(leg.side)): Terms {
    const band = this.#parts.bandOf(leg.instrument, price);
    return marketableLimit({ side, price, attempt, settings: this.#parts.settings, band });
  }

  changeTo(tracked: TrackedOrder, leg: Leg, price: number, attempt: number): OrderChange {
    const terms = this.#termsOf(tracked, leg, { price, attempt });
    return this.#change(tracked, terms, leg.exiting?.reason ?? 'chase');
  }

  #change(tracked: TrackedOrder, terms: Terms, reason: string): OrderChange {
    tracked.pending = 'modify';
    tracked.modifications += 1;
    const order = tracked.order.id;
    this.#parts.record({ kind: 'modify-asked', order, terms, reason });
    return { order, terms, lots: lots(tracked.lots) };
  }

  /** What an exit asks for: a patient one first waits at a limit, then goes to the market; all others are marketable at once. */
  #exitTerms(leg: Leg, price: number, attempt: number): Terms {
    const { exit } = this.#parts.settings;
    if (exit.kind === 'chase' || attempt > 2 || !isCalm(leg.exiting?.reason ?? 'STOP'))
      return this.#marketable(leg, price, attempt);
    if (attempt === 2) return MARKET;
    const band = this.#parts.bandOf(leg.instrument, price);
    return bufferedLimit({ side: opposite(leg.side), price, bufferPct: exit.bufferPct, band });
  }

  /** Asks for other terms of a resting stop, or for more lots of it; the change waits to be sent. */
  changeStop(
    tracked: TrackedOrder,
    { terms, count, reason }: { readonly terms: Terms; readonly count: number; readonly reason: string },
  ): OrderChange {
    const order = tracked.order.id;
    tracked.pending = 'modify';
    tracked.modifications += 1;
    tracked.lotsAsked = count;
    if (count > tracked.lots)
      this.#parts.record({ kind: 'modify-asked', order, terms, reason: 'lots added', lots: count });
    else this.#parts.record({ kind: 'modify-asked', order, terms, reason });
    return { order, terms, lots: lots(count) };
  }

  sendStopChanges(changes: readonly OrderChange[]): void {
    if (changes.length > 0) this.dispatch.protection(changes, []);
  }

  send(changes: OrderChange[], orders: ApprovedOrder[], cancels: OrderId[]): void {
    if (changes.length > 0 || orders.length > 0) this.dispatch.exits(changes, orders);
    if (cancels.length > 0) this.cancel(cancels);
  }

  sendAll({ changes, orders, cancels, stops }: Outbound): void {
    this.send(changes, orders, cancels);
    if (stops.length > 0) this.cancel(stops, SHORTS_FIRST);
  }

  cancel(ids: readonly OrderId[], reason = 'no longer wanted'): void {
    for (const id of ids) {
      this.#store.get(id).pending = 'cancel';
      this.#parts.record({ kind: 'cancel-asked', order: id, terms: null, reason });
    }
    this.dispatch.cancel(ids);
  }

  /** Prices a leg anew once its present prices have stood for a while; one task a leg waits, however often its exit begins again. */
  chaseLater(leg: Leg, of: Chase['of']): void {
    const { settings } = this.#parts;
    const { exit, chaseEveryMs } = settings;
    const waits = of === 'exits' && exit.kind !== 'chase' && isWaiting(leg, settings);
    const due = this.pauseEnds(waits ? exit.waitMs : chaseEveryMs);
    if (due !== undefined) this.#chaseAt(leg, of, due);
  }

  #chaseAt(leg: Leg, of: Chase['of'], due: number): void {
    const known = this.#chases.get(leg);
    const isPlanned = known?.waits === true && known.taskAt <= due;
    const taskAt = isPlanned ? known.taskAt : due;
    if (known === undefined) this.#chases.set(leg, { due, of, waits: true, taskAt, alarmed: false });
    else Object.assign(known, { due, of, waits: true, taskAt, alarmed: known.alarmed && known.of === of });
    if (!isPlanned) this.#parts.later(epochMs(due), { kind: 'chase', leg });
  }

  /** A while from now, or the next open of the market where that is later; undefined where it opens no more today. */
  pauseEnds(pauseMs = this.#parts.settings.chaseEveryMs): EpochMs | undefined {
    const opens = this.#parts.marketOpensAt();
    const due = this.#parts.now() + pauseMs;
    return opens === undefined ? undefined : epochMs(Math.max(due, opens));
  }

  /** Re-prices what did not fill, a little worse each time; after some attempts the journal raises an alarm. */
  chase(leg: Leg): void {
    const chase = this.#chases.get(leg);
    const now = this.#parts.now();
    if (chase?.waits !== true || chase.taskAt > now) return;
    if (chase.due > now) {
      chase.taskAt = chase.due;
      return this.#parts.later(epochMs(chase.due), { kind: 'chase', leg });
    }
    chase.waits = false;
    this.#chaseNow(leg, chase);
  }

  #chaseNow(leg: Leg, chase: Chase): void {
    const { of } = chase;
    if (leg.done || (of === 'exits') !== (leg.exiting !== undefined)) return;
    if (!this.#parts.marketIsOpen()) return this.chaseLater(leg, of);
    if (of === 'entries' && this.#endPatience(leg)) return;
    if (of === 'exits' && this.prices.has(leg)) this.prices.tell(leg);
    const orders = this.#chased(leg, of);
    if (orders.length === 0) return of === 'exits' && leg.openLots > 0 ? this.bringOutAgain(leg) : undefined;
    const attempt = Math.min(CHASE_WIDENS_MAX, (leg.exiting?.attempt ?? orders[0]?.modifications ?? 0) + 1);
    if (leg.exiting !== undefined) leg.exiting.attempt = attempt;
    if (!chase.alarmed && attempt > this.#parts.settings.chaseAlarmAfter) {
      chase.alarmed = true;
      this.#alarm(leg, attempt - 1);
    }
    const changes = this.#repriced(leg, orders, attempt);
    this.send(changes, [], []);
    this.chaseLater(leg, of);
  }

  /** Changes that bring orders to a present price; one that was changed too often goes back instead. */
  #repriced(leg: Leg, orders: readonly TrackedOrder[], attempt: number): OrderChange[] {
    const price = this.priceOf(leg);
    const changes: OrderChange[] = [];
    if (price === undefined) return changes;
    for (const tracked of orders) {
      if (!isWorking(tracked) || tracked.pending !== undefined || this.#isAtMarket(tracked)) continue;
      if (sameTerms(tracked.terms, this.#termsOf(tracked, leg, { price, attempt }))) continue;
      if (tracked.modifications >= this.#parts.settings.modificationsMax) this.cancel([tracked.order.id]);
      else changes.push(this.changeTo(tracked, leg, price, attempt));
    }
    return changes;
  }

  #alarm({ tag, structure }: Leg, attempts: number): void {
    const text = `ALARM: ${tag} of structure ${structure.id} is not out after ${attempts} attempts`;
    this.#parts.record({ kind: 'note', agent: structure.agent, text });
  }

  /** Limits of ours that have waited long enough go to the market; true where some wait on. */
  #endPatience(leg: Leg): boolean {
    const { chaseEveryMs, modificationsMax } = this.#parts.settings;
    const now = this.#parts.now();
    const changes: OrderChange[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const id of leg.entries) {
      const tracked = this.#store.get(id);
      if (tracked.terms.kind === 'MARKET' || !isAlive(tracked)) tracked.patientUntil = undefined;
      if (tracked.patientUntil === undefined) continue;
      if (tracked.patientUntil <= now && isWorking(tracked) && tracked.pending === undefined) {
        if (tracked.modifications >= modificationsMax) this.cancel([id]);
        else changes.push(this.#change(tracked, MARKET, 'to market'));
      }
      // Looked at again after a while, whether the venue took the change or not.
      if (tracked.patientUntil <= now) tracked.patientUntil = now + chaseEveryMs;
      next = Math.min(next, tracked.patientUntil);
    }
    this.send(changes, [], []);
    if (next === Number.POSITIVE_INFINITY) return false;
    this.#chaseAt(leg, 'entries', next);
    return true;
  }

  /** A market order without protection takes whatever comes; there is nothing to price. */
  #isAtMarket({ terms }: TrackedOrder): boolean {
    return terms.kind === 'MARKET' && !this.#parts.marketIsProtected();
  }

  #termsOf(
    { opens }: TrackedOrder,
    leg: Leg,
    { price, attempt }: { readonly price: number; readonly attempt: number },
  ): Terms {
    return opens ? this.#marketable(leg, price, attempt, leg.side) : this.#exitTerms(leg, price, attempt);
  }

  /** Of the entries only market orders that the broker made limits; a strategy's own limits and triggers stay where they are. */
  #chased(leg: Leg, of: Chase['of']): readonly TrackedOrder[] {
    const orders = (of === 'exits' ? leg.exits : leg.entries).map((id) => this.#store.get(id)).filter(isAlive);
    if (of === 'exits') {
      // What of a hedge is not on sale yet is not late.
      const mustWait = lotsFree(leg, this.#store) !== Number.POSITIVE_INFINITY;
      return mustWait ? orders.filter(({ terms }) => terms.kind !== 'STOP_LIMIT') : orders;
    }
    if (!this.#parts.marketIsProtected()) return NO_ORDERS;
    return orders.filter(({ order, patience }) => order.terms.kind === 'MARKET' || patience !== undefined);
  }

  /** Going price of a leg's contract; undefined where it has none today. */
  priceOf(leg: Leg): number | undefined {
    return leg.slot < 0 ? undefined : this.#parts.price(leg.slot);
  }

  recordOrder(order: Order, contract: string, verdict: Verdict): void {
    this.#parts.record(placedRecord(order, contract));
    this.#parts.record(verdictRecord(order, verdict));
  }
}

/** Why a hedge's stop does not stay. */
const SHORTS_FIRST = 'the shorts go first';
const MARKET: Terms = { kind: 'MARKET' };
const NO_ORDERS: readonly TrackedOrder[] = [];
