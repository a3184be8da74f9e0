import type { ApprovedOrder, OrderId } from '../model/order.ts';
import type { EpochMs } from '../model/time.ts';
import { epochMs } from '../model/time.ts';
import { takeOut } from '../numbered.ts';
import type { ExecutionClient, OrderChange } from '../ports.ts';
import type { Pacer } from './pacer.ts';

/** Lanes of the rate limiter, served in this order. */
const LANES = ['protection', 'exit', 'cancel', 'entry'] as const;
export type Lane = (typeof LANES)[number];

/** Requests that belong together: changes leave before new orders, the one after the other. */
export interface Parcel {
  readonly changes?: readonly OrderChange[];
  readonly orders?: readonly ApprovedOrder[];
  readonly cancels?: readonly OrderId[];
}

/** A parcel that waits. */
export interface Waiting {
  changes: readonly OrderChange[];
  orders: readonly ApprovedOrder[];
  cancels: readonly OrderId[];
  /** It does not leave before, epoch ms; infinite while somebody holds it back. */
  notBefore: number;
}

const NONE: readonly never[] = [];

/** What is on its way to the venue and waits for the rate limits: whole parcels, so that a basket leaves together where it may. */
export class Outgoing {
  readonly #client: ExecutionClient;
  readonly #pacer: Pacer;
  readonly #askLater: (ts: EpochMs) => void;
  /** Instant of the call that is already asked for: one is enough, and each further one would ask again in turn. */
  #askedFor = Number.POSITIVE_INFINITY;
  readonly #lanes = new Map<Lane, Waiting[]>(LANES.map((lane) => [lane, []]));

  constructor(parts: {
    readonly client: ExecutionClient;
    readonly pacer: Pacer;
    readonly askLater: (ts: EpochMs) => void;
  }) {
    this.#client = parts.client;
    this.#pacer = parts.pacer;
    this.#askLater = parts.askLater;
  }

  /** Takes a parcel in; gives it back as it waits, so that who holds it back can have it again. */
  put(
    lane: Lane,
    { changes = NONE, orders = NONE, cancels = NONE }: Parcel,
    now: EpochMs,
    notBefore: number = now,
  ): Waiting {
    const waiting = { changes, orders, cancels, notBefore };
    this.#lanes.get(lane)?.push(waiting);
    this.flush(now);
    return waiting;
  }

  /** Takes a parcel of orders back that nothing of has left; gives the orders that are still in it. */
  takeBack(lane: Lane, waiting: Waiting): readonly ApprovedOrder[] {
    takeOut(this.#lanes.get(lane) ?? [], waiting);
    return waiting.orders;
  }

  /** Sends what the limits let go now and asks to be called again for the rest. */
  flush(now: EpochMs): void {
    if (now >= this.#askedFor) this.#askedFor = Number.POSITIVE_INFINITY;
    for (const lane of LANES) {
      const parcels = this.#lanes.get(lane);
      if (parcels !== undefined && parcels.length > 0 && !this.#flushLane(parcels, now)) return;
    }
  }

  /** Takes an order back that has not left yet; false where it has. */
  recall(id: OrderId): boolean {
    for (const parcels of this.#lanes.values()) {
      for (const parcel of parcels) {
        if (!parcel.orders.some((order) => order.id === id)) continue;
        parcel.orders = parcel.orders.filter((order) => order.id !== id);
        if (isEmpty(parcel)) takeOut(parcels, parcel);
        return true;
      }
    }
    return false;
  }

  clear(): void {
    this.#askedFor = Number.POSITIVE_INFINITY;
    for (const parcels of this.#lanes.values()) parcels.length = 0;
    this.#pacer.clear();
  }

  /** Sends the parcels of a lane that are due; false where the limits let nothing more go now. */
  #flushLane(parcels: Waiting[], now: EpochMs): boolean {
    let place = 0;
    for (let parcel = parcels[place]; parcel !== undefined; parcel = parcels[place]) {
      if (parcel.notBefore > now) {
        this.#askFor(parcel.notBefore);
        place += 1;
        continue;
      }
      const free = this.#pacer.freeAt(now);
      if (free > now) {
        this.#askFor(free);
        return false;
      }
      this.#send(parcel, now);
      if (isEmpty(parcel)) takeOut(parcels, parcel);
    }
    return true;
  }

  #askFor(ts: number): void {
    if (ts >= this.#askedFor) return;
    this.#askedFor = ts;
    this.#askLater(epochMs(ts));
  }

  /** Sends as much of a parcel as may go now. */
  #send(parcel: Waiting, now: EpochMs): void {
    const { changes, orders, cancels } = parcel;
    const changed = this.#take(changes.length, now);
    if (changed > 0) this.#client.modify(changes.slice(0, changed));
    const placed = this.#take(orders.length, now);
    if (placed > 0) this.#client.release(placed < orders.length ? orders.slice(0, placed) : orders, changed);
    const canceled = this.#take(cancels.length, now);
    if (canceled > 0) this.#client.cancel(cancels.slice(0, canceled));
    parcel.changes = rest(changes, changed);
    parcel.orders = rest(orders, placed);
    parcel.cancels = rest(cancels, canceled);
  }

  #take(wanted: number, now: EpochMs): number {
    let count = 0;
    while (count < wanted && this.#pacer.freeAt(now) <= now) {
      this.#pacer.count(now);
      count += 1;
    }
    return count;
  }
}

function rest<T>(list: readonly T[], gone: number): readonly T[] {
  return gone < list.length ? list.slice(gone) : NONE;
}

function isEmpty({ changes, orders, cancels }: Waiting): boolean {
  return changes.length === 0 && orders.length === 0 && cancels.length === 0;
}
