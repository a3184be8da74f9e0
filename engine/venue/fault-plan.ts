import type { Order, OrderId } from '../model/order.ts';

/** A request that has reached the venue. */
export interface FaultyRequest {
  readonly kind: 'new' | 'modify' | 'cancel';
  readonly order: Order;
  /** Requests about this order so far, this one included. */
  readonly count: number;
}

/** What a venue does to one request that it would not do to a sound one. */
export interface Fault {
  /** It refuses the request for this reason. */
  readonly refusal?: string;
  /** The order fills by at most so many lots at a time; more at the next price. */
  readonly lotsPerFill?: number;
  /** Its answer comes so much later, milliseconds, but not after the session; what it says of the order afterwards does not overtake it. */
  readonly answersLaterMs?: number;
}

/**
 * Which requests a simulated venue treats badly, so that every branch of the desk can be played. A pure function: whatever chance there is
 * in it was drawn outside the engine, from the order's number and the count.
 */
export type FaultPlan = (request: FaultyRequest) => Fault | undefined;

/** A plan of faults with what it needs to remember of a day. */
export class VenueFaults {
  readonly #plan: FaultPlan;
  readonly #counts = new Map<OrderId, number>();
  /** Earliest instant of the next word about an order, ms. */
  readonly #wordsAfter = new Map<OrderId, number>();

  constructor(plan: FaultPlan) {
    this.#plan = plan;
  }

  /** What is wrong with a request whose answer would otherwise reach us at `answersAt`, and comes at `latest` in any case, ms. */
  of(
    kind: FaultyRequest['kind'],
    order: Order,
    { answersAt, latest }: { readonly answersAt: number; readonly latest: number },
  ): Fault | undefined {
    const count = (this.#counts.get(order.id) ?? 0) + 1;
    this.#counts.set(order.id, count);
    const fault = this.#plan({ kind, order, count });
    if (fault?.answersLaterMs !== undefined) {
      const wanted = Math.max(this.notBefore(order.id, 0), answersAt + fault.answersLaterMs);
      this.#wordsAfter.set(order.id, Math.min(wanted, latest));
    }
    return fault;
  }

  /** The instant of a word about an order, ms: no later word overtakes an earlier one. */
  notBefore(order: OrderId, ts: number): number {
    return Math.max(ts, this.#wordsAfter.get(order) ?? 0);
  }

  clear(): void {
    this.#counts.clear();
    this.#wordsAfter.clear();
  }
}
