import { broken, unreachable } from '../assert.ts';
import type { OrderEvent } from '../model/event.ts';
import type { Levies } from '../model/levies.ts';
import { NO_LEVIES } from '../model/levies.ts';
import type { Order, OrderId, Terms } from '../model/order.ts';
import type { EntryExecution } from '../strategy.ts';
import type { Leg } from './structure.ts';

export type OrderState =
  | 'placed'
  | 'working'
  | 'triggered'
  | 'filled'
  | 'canceled'
  | 'rejected'
  | 'expired'
  | 'unresolved';

export type Patience = Extract<EntryExecution, { kind: 'limit-then-market' }>;

/** An order and what became of it. */
export interface TrackedOrder {
  readonly order: Order;
  readonly leg: Leg;
  readonly opens: boolean;
  state: OrderState;
  terms: Terms;
  /** Lots asked for, after changes that the venue confirmed. */
  lots: number;
  /** The same with a change that it has not answered yet: they may fill, so they count as covered. */
  lotsAsked: number;
  lotsFilled: number;
  /** Sum of price x quantity of its fills, paise. */
  turnover: number;
  charges: Levies;
  /** A change that the venue has not answered yet. */
  pending: 'modify' | 'cancel' | undefined;
  modifications: number;
  /** 1 for an order of its own, one more for each that took the place of a refused one. */
  readonly attempt: number;
  /** How its limit waits before it goes to the market; undefined for an order that keeps its terms. */
  readonly patience: Patience | undefined;
  /** Until when it waits, once it was sent; undefined when it no longer does. */
  patientUntil: number | undefined;
}

/** What is known of an order when it is taken in. */
export interface NewOrder {
  readonly order: Order;
  readonly leg: Leg;
  readonly opens: boolean;
  readonly attempt?: number;
  readonly patience?: Patience | undefined;
}

/** Every order of the run's present day and carried structures, with its state. */
export class OrderStore {
  readonly #orders = new Map<OrderId, TrackedOrder>();
  #count = 0;

  nextId(): OrderId {
    this.#count += 1;
    return this.#count as OrderId;
  }

  add({ order, leg, opens, attempt = 1, patience }: NewOrder): TrackedOrder {
    const tracked: TrackedOrder = {
      order,
      leg,
      opens,
      state: 'placed',
      terms: order.terms,
      lots: order.lots,
      lotsAsked: order.lots,
      lotsFilled: 0,
      turnover: 0,
      charges: NO_LEVIES,
      pending: undefined,
      modifications: 0,
      attempt,
      patience,
      patientUntil: undefined,
    };
    this.#orders.set(order.id, tracked);
    return tracked;
  }

  get(id: OrderId): TrackedOrder {
    const tracked = this.#orders.get(id);
    if (tracked === undefined) broken(`no order has number ${id}`);
    return tracked;
  }

  /** Whether any of these orders may still fill. */
  mayFill(ids: readonly OrderId[]): boolean {
    return ids.some((id) => isAlive(this.get(id)));
  }

  /** Whether an order may still fill and nobody has asked it back. */
  isWanted(id: OrderId): boolean {
    const tracked = this.get(id);
    return isAlive(tracked) && tracked.pending !== 'cancel';
  }

  /** Moves an order along its life; each order ends once. */
  apply(event: OrderEvent): TrackedOrder {
    const tracked = this.get(event.order);
    switch (event.kind) {
      case 'order-accepted':
        if (tracked.state === 'placed' || tracked.state === 'unresolved') tracked.state = 'working';
        break;
      case 'order-triggered':
        this.#mustBeAlive(tracked, event.kind);
        tracked.state = 'triggered';
        break;
      case 'order-filled':
        this.#mustBeAlive(tracked, event.kind);
        tracked.lotsFilled += event.lots;
        if (tracked.lotsFilled > tracked.lots)
          broken(`order ${event.order} filled ${tracked.lotsFilled} of ${tracked.lots} lots`);
        if (tracked.lotsFilled === tracked.lots) tracked.state = 'filled';
        break;
      case 'order-modified':
        tracked.pending = undefined;
        tracked.terms = event.terms;
        tracked.lots = event.lots;
        tracked.lotsAsked = event.lots;
        if (tracked.state === 'triggered' && event.terms.kind !== 'STOP_LIMIT') tracked.state = 'working';
        break;
      case 'modify-rejected':
        tracked.lotsAsked = tracked.lots;
        tracked.pending = undefined;
        break;
      case 'cancel-rejected':
        tracked.pending = undefined;
        break;
      case 'order-rejected':
        tracked.state = 'rejected';
        break;
      case 'order-canceled':
        tracked.pending = undefined;
        if (tracked.state !== 'filled') tracked.state = 'canceled';
        break;
      case 'order-expired':
        tracked.pending = undefined;
        tracked.state = 'expired';
        break;
      case 'order-unresolved':
        tracked.state = 'unresolved';
        break;
      default:
        return unreachable(event);
    }
    return tracked;
  }

  /** Numbers of the orders that have not ended, oldest first. */
  alive(): readonly OrderId[] {
    return [...this.#orders.values()].filter(isAlive).map(({ order }) => order.id);
  }

  /** Lets go of orders that have ended, at the end of a day. */
  forgetEnded(): void {
    for (const [id, tracked] of this.#orders) if (!isAlive(tracked)) this.#orders.delete(id);
  }

  /** Forgets everything, when the books are reset after the warm-up; numbers begin anew. */
  reset(): void {
    this.#orders.clear();
    this.#count = 0;
  }

  #mustBeAlive(tracked: TrackedOrder, kind: string): void {
    if (!isAlive(tracked)) broken(`order ${tracked.order.id} is ${tracked.state} and got ${kind}`);
  }
}

export function isAlive(tracked: TrackedOrder): boolean {
  const { state } = tracked;
  return state === 'placed' || state === 'working' || state === 'triggered' || state === 'unresolved';
}

/** An order that the venue has confirmed and still holds. */
export function isWorking(tracked: TrackedOrder): boolean {
  return tracked.state === 'working' || tracked.state === 'triggered';
}

/** Lots that an order may still fill, a growth on its way included. */
export function lotsLeft(tracked: TrackedOrder): number {
  return Math.max(tracked.lots, tracked.lotsAsked) - tracked.lotsFilled;
}
