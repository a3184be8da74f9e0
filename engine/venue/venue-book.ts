import type { Order, Terms } from '../model/order.ts';
import type { Side } from '../model/units.ts';
import { TICK } from '../model/units.ts';
import type { SpreadPlace } from './spread-table.ts';

/** An order as the venue holds it. */
export interface HeldOrder {
  readonly order: Order;
  readonly place: SpreadPlace;
  terms: Terms;
  lotsLeft: number;
  lotsFilled: number;
  /** Lots that one fill gives at most. */
  readonly lotsPerFill: number;
  /** `waiting` for its trigger, `taking` the going price as far as volume allows, `resting` at its limit. */
  state: 'waiting' | 'taking' | 'resting';
  /** Limit in force once it may fill; undefined for an unprotected market order. */
  limit: number | undefined;
  /** Price that the book waits for on its behalf. */
  level: number | undefined;
}

/** The price that moves a held order: its trigger, or one tick through its limit. */
export function levelOf(held: HeldOrder): number | undefined {
  if (held.state === 'waiting') return held.terms.kind === 'STOP_LIMIT' ? held.terms.trigger : undefined;
  if (held.state === 'resting' && held.limit !== undefined) return throughLimit(held.order.side, held.limit);
  return undefined;
}

/** A resting limit fills only when the price has gone through it by a tick: mere touch may have left it in the queue. */
export function throughLimit(side: Side, limit: number): number {
  return side === 'BUY' ? limit - TICK : limit + TICK;
}

export function isThrough(side: Side, limit: number, price: number): boolean {
  return side === 'BUY' ? price <= limit - TICK : price >= limit + TICK;
}

export function isTriggered(side: Side, trigger: number, price: number): boolean {
  return side === 'BUY' ? price >= trigger : price <= trigger;
}

export function isWithin(side: Side, limit: number | undefined, price: number): boolean {
  if (limit === undefined) return true;
  return side === 'BUY' ? price <= limit : price >= limit;
}

/** Whether an order can do nothing at any price of a range: not one that takes what each moment gives. */
export function sleepsThrough({ order, state, terms, limit }: HeldOrder, low: number, high: number): boolean {
  const isBuy = order.side === 'BUY';
  if (state === 'waiting' && terms.kind === 'STOP_LIMIT')
    return !isTriggered(order.side, terms.trigger, isBuy ? high : low);
  if (state === 'resting' && limit !== undefined) return !isThrough(order.side, limit, isBuy ? low : high);
  return false;
}
