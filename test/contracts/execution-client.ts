import { describe, expect, test } from 'vitest';
import type { OrderEvent } from '../../engine/model/event.ts';
import type { ApprovedOrder, OrderId } from '../../engine/model/order.ts';
import type { ExecutionClient } from '../../engine/ports.ts';
import { pick, prng } from './dice.ts';

/** An execution client in a small market of its own, whose clock the test moves. */
export interface ClientBench {
  readonly client: ExecutionClient;
  readonly now: () => number;
  /** Least time from a decision to the first word about it. */
  readonly leastMs: number;
  makeOrder(parts: { readonly side: 'BUY' | 'SELL'; readonly kind: 'MARKET' | 'LIMIT' | 'STOP_LIMIT' }): ApprovedOrder;
  /** Lets time pass and gives what was said meanwhile, with the instants. */
  pass(ms: number): readonly { readonly ts: number; readonly event: OrderEvent }[];
  /** Ends the session and gives the last words. */
  end(): readonly { readonly ts: number; readonly event: OrderEvent }[];
}

const ENDS: ReadonlySet<string> = new Set(['order-rejected', 'order-canceled', 'order-expired']);

/** What every execution client promises, shown on random orders, changes and cancels of many seeds. */
export function executionClientPromises(name: string, makeBench: () => ClientBench): void {
  describe(`${name} as an execution client`, () => {
    test.for(Array.from({ length: 40 }, (_, seed) => seed))('keeps its promises with seed %i', (seed) => {
      const bench = makeBench();
      const dice = prng(seed);
      const asked = new Map<OrderId, { readonly order: ApprovedOrder; readonly at: number }>();
      const told: { readonly ts: number; readonly event: OrderEvent }[] = [];
      for (let step = 0; step < 60; step += 1) {
        const known = [...asked.keys()];
        const deed = dice();
        if (deed < 0.5 || known.length === 0) {
          const order = bench.makeOrder({
            side: pick(dice, ['BUY', 'SELL'] as const),
            kind: pick(dice, ['MARKET', 'LIMIT', 'STOP_LIMIT'] as const),
          });
          asked.set(order.id, { order, at: bench.now() });
          bench.client.release([order]);
        } else if (deed < 0.75) {
          const id = pick(dice, known);
          const order = asked.get(id)?.order;
          const like = bench.makeOrder({
            side: order?.side ?? 'BUY',
            kind: pick(dice, ['LIMIT', 'STOP_LIMIT'] as const),
          });
          if (order !== undefined) bench.client.modify([{ order: id, terms: like.terms, lots: order.lots }]);
        } else bench.client.cancel([pick(dice, known)]);
        told.push(...bench.pass(Math.floor(dice() * 4_000)));
      }
      told.push(...bench.end());
      judge({ bench, asked, told });
    });
  });
}

function judge(of: {
  readonly bench: ClientBench;
  readonly asked: ReadonlyMap<OrderId, { readonly order: ApprovedOrder; readonly at: number }>;
  readonly told: readonly { readonly ts: number; readonly event: OrderEvent }[];
}): void {
  const { bench, asked, told } = of;
  told.forEach(({ ts, event }, index) => {
    expect(ts).toBeGreaterThanOrEqual(told[index - 1]?.ts ?? 0);
    expect(event.tsExchange).toBeLessThanOrEqual(ts);
  });
  for (const [id, { order, at }] of asked) {
    const life = told.filter(({ event }) => event.order === id);
    const kinds = life.map(({ event }) => event.kind);
    expect(kinds.length, `order ${id} hears nothing`).toBeGreaterThan(0);
    // An order on its way when the session ends is told so at once.
    for (const { ts, event } of life)
      if (event.kind !== 'order-expired') expect(ts).toBeGreaterThanOrEqual(at + bench.leastMs);
    const filled = life.reduce((sum, { event }) => sum + (event.kind === 'order-filled' ? event.lots : 0), 0);
    expect(filled).toBeLessThanOrEqual(order.lots);
    const ends = kinds.filter((kind) => ENDS.has(kind));
    const whole = filled === order.lots;
    expect(ends.length + (whole ? 1 : 0), `order ${id} ends once: ${kinds.join(', ')}`).toBe(1);
    const last = life.findIndex(({ event }) => ENDS.has(event.kind));
    const after = last < 0 ? [] : kinds.slice(last + 1);
    expect(after.filter((kind) => kind !== 'cancel-rejected' && kind !== 'modify-rejected')).toEqual([]);
    const acted = kinds.findIndex((kind) => kind === 'order-filled' || kind === 'order-triggered');
    if (acted >= 0) expect(kinds.slice(0, acted)).toContain('order-accepted');
    expect(kinds.filter((kind) => kind === 'order-accepted').length).toBeLessThanOrEqual(1);
    for (const { event } of life) checkPrice(event, order);
  }
}

/** Nothing fills worse than its limit says, as far as the terms were never changed. */
function checkPrice(event: OrderEvent, order: ApprovedOrder): void {
  if (event.kind !== 'order-filled') return;
  expect(event.price).toBeGreaterThan(0);
  expect(event.price % 5).toBe(0);
  expect(event.lots).toBeGreaterThan(0);
  expect(event.lots).toBeLessThanOrEqual(order.lots);
}
