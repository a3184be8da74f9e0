import type { ApprovedOrder, OrderId } from '../model/order.ts';
import type { OrderChange } from '../ports.ts';
import type { DeskParts } from './desk-parts.ts';
import type { OrderStore } from './order-store.ts';
import type { Lane, Waiting } from './outgoing.ts';
import { Outgoing } from './outgoing.ts';
import { Pacer } from './pacer.ts';

/** The way out of the house: lanes under the rate limits, slices at their pace, the day's count of orders, and what is called back in time. */
export class Dispatch {
  readonly #parts: DeskParts;
  readonly #store: OrderStore;
  readonly #outgoing: Outgoing;
  #ordersToday = 0;

  constructor(parts: DeskParts, store: OrderStore) {
    this.#parts = parts;
    this.#store = store;
    this.#outgoing = new Outgoing({
      client: parts.client,
      pacer: new Pacer({ perSecond: parts.settings.ordersPerSecondMax, perMinute: parts.settings.ordersPerMinuteMax }),
      askLater: (ts) => parts.later(ts, { kind: 'flush' }),
    });
  }

  flush(): void {
    this.#outgoing.flush(this.#parts.now());
  }

  /** Forgets what still waits, at the end of a day. */
  clear(): void {
    this.#outgoing.clear();
    this.#ordersToday = 0;
  }

  /** Why so many orders more may not open anything today: what the broker takes a day is kept for stops and exits. */
  refusalOf(count: number): string | undefined {
    const { ordersPerDayMax, ordersPerDayReserve } = this.#parts.settings;
    if (this.#ordersToday + count <= ordersPerDayMax - ordersPerDayReserve) return undefined;
    return `orders-per-day: ${this.#ordersToday} of ${ordersPerDayMax} orders were sent today, ${ordersPerDayReserve} are kept for exits and ${count} are wanted`;
  }

  /** Sends orders that open something, together or slice by slice. */
  entries(orders: readonly ApprovedOrder[]): void {
    this.#slices('entry', orders, []);
  }

  /** Sends changes and new orders that bring legs out, as one parcel. */
  exits(changes: readonly OrderChange[], orders: readonly ApprovedOrder[]): void {
    this.#slices('exit', orders, changes);
  }

  /** Sends the orders and changes that protect a leg; nothing waits for a slice before it. */
  protection(changes: readonly OrderChange[], orders: readonly ApprovedOrder[]): void {
    this.#ordersToday += orders.length;
    this.#outgoing.put('protection', { changes, orders }, this.#parts.now());
  }

  /** Takes entries in that leave when somebody says so. */
  holdBack(orders: readonly ApprovedOrder[]): Waiting {
    return this.#outgoing.put('entry', { orders }, this.#parts.now(), Number.POSITIVE_INFINITY);
  }

  /** Gives back what was held back and is still wanted. */
  takeBack(held: Waiting): readonly ApprovedOrder[] {
    return this.#outgoing.takeBack('entry', held);
  }

  /** Asks for orders back; one that has not left the house ends at once. */
  cancel(ids: readonly OrderId[]): void {
    const now = this.#parts.now();
    const gone = ids.filter((id) => !this.#outgoing.recall(id));
    for (const id of ids)
      if (!gone.includes(id)) this.#parts.tell({ kind: 'order-canceled', order: id, tsExchange: now });
    if (gone.length > 0) this.#outgoing.put('cancel', { cancels: gone }, now);
  }

  #slices(lane: Lane, orders: readonly ApprovedOrder[], changes: readonly OrderChange[]): void {
    const now = this.#parts.now();
    const { sliceEveryMs } = this.#parts.settings;
    this.#ordersToday += orders.length;
    if (sliceEveryMs === 0 || orders.length < 2) {
      this.#begin(orders, now);
      this.#outgoing.put(lane, { changes, orders }, now);
      return;
    }
    wavesOf(orders).forEach((wave, index) => {
      const ts = now + index * sliceEveryMs;
      this.#begin(wave, ts);
      this.#outgoing.put(lane, { changes: index === 0 ? changes : [], orders: wave }, now, ts);
    });
  }

  /** The patience of an order begins when it leaves. */
  #begin(orders: readonly ApprovedOrder[], ts: number): void {
    for (const { id } of orders) {
      const tracked = this.#store.get(id);
      if (tracked.patience !== undefined) tracked.patientUntil = ts + tracked.patience.waitMs;
    }
  }
}

/** The first slice of every leg, then the second of each that has one, and so on: a basket keeps its order within each. */
function wavesOf(orders: readonly ApprovedOrder[]): readonly (readonly ApprovedOrder[])[] {
  const waves: ApprovedOrder[][] = [];
  const slices = new Map<string, number>();
  for (const order of orders) {
    const leg = `${order.structure} ${order.leg}`;
    const slice = slices.get(leg) ?? 0;
    slices.set(leg, slice + 1);
    const wave = waves[slice];
    if (wave === undefined) waves.push([order]);
    else wave.push(order);
  }
  return waves;
}
