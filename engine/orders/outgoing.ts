import type { ApprovedOrder, OrderId } from '../model/order.ts';
import type { EpochMs } from '../model/time.ts';
import { epochMs } from '../model/time.ts';
import type { ExecutionClient, OrderChange } from '../ports.ts';
import type { Pacer } from './pacer.ts';

/** Lanes of the rate limiter, served in this order. */
const LANES = ['protection', 'exit', 'cancel', 'entry'] as const;
export type Lane = (typeof LANES)[number];

type Parcel =
  | { readonly kind: 'orders'; readonly orders: readonly ApprovedOrder[] }
  | { readonly kind: 'changes'; readonly changes: readonly OrderChange[] }
  | { readonly kind: 'cancels'; readonly cancels: readonly OrderId[] };

/** What is on its way to the venue and waits for the rate limits: whole parcels, so that a basket leaves together where it may. */
export class Outgoing {
  readonly #client: ExecutionClient;
  readonly #pacer: Pacer;
  readonly #askLater: (ts: EpochMs) => void;
  /** Instant of the call that is already asked for: one is enough, and each further one would ask again in turn. */
  #askedFor = Number.POSITIVE_INFINITY;
  readonly #lanes = new Map<Lane, Parcel[]>(LANES.map((lane) => [lane, []]));

  constructor(parts: {
    readonly client: ExecutionClient;
    readonly pacer: Pacer;
    readonly askLater: (ts: EpochMs) => void;
  }) {
    this.#client = parts.client;
    this.#pacer = parts.pacer;
    this.#askLater = parts.askLater;
  }

  put(lane: Lane, parcel: Parcel, now: EpochMs): void {
    this.#lanes.get(lane)?.push(parcel);
    this.flush(now);
  }

  /** Sends what the limits let go now and asks to be called again for the rest. */
  flush(now: EpochMs): void {
    if (now >= this.#askedFor) this.#askedFor = Number.POSITIVE_INFINITY;
    for (const lane of LANES) {
      const parcels = this.#lanes.get(lane) ?? [];
      while (parcels.length > 0) {
        const free = this.#pacer.freeAt(now);
        if (free > now) return this.#askFor(epochMs(free));
        const parcel = parcels.shift();
        if (parcel === undefined) break;
        const rest = this.#send(parcel, now);
        if (rest !== undefined) parcels.unshift(rest);
      }
    }
  }

  clear(): void {
    this.#askedFor = Number.POSITIVE_INFINITY;
    for (const parcels of this.#lanes.values()) parcels.length = 0;
    this.#pacer.clear();
  }

  #askFor(ts: EpochMs): void {
    if (ts >= this.#askedFor) return;
    this.#askedFor = ts;
    this.#askLater(ts);
  }

  /** Sends as much of a parcel as may go now; gives back what may not. */
  #send(parcel: Parcel, now: EpochMs): Parcel | undefined {
    switch (parcel.kind) {
      case 'orders': {
        const count = this.#take(parcel.orders.length, now);
        this.#client.release(parcel.orders.slice(0, count));
        return count < parcel.orders.length ? { kind: 'orders', orders: parcel.orders.slice(count) } : undefined;
      }
      case 'changes': {
        const count = this.#take(parcel.changes.length, now);
        this.#client.modify(parcel.changes.slice(0, count));
        return count < parcel.changes.length ? { kind: 'changes', changes: parcel.changes.slice(count) } : undefined;
      }
      default: {
        const count = this.#take(parcel.cancels.length, now);
        this.#client.cancel(parcel.cancels.slice(0, count));
        return count < parcel.cancels.length ? { kind: 'cancels', cancels: parcel.cancels.slice(count) } : undefined;
      }
    }
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
