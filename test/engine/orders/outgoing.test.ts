import { expect, test } from 'vitest';
import type { ApprovedOrder } from '../../../engine/model/order.ts';
import { epochMs } from '../../../engine/model/time.ts';
import { Outgoing } from '../../../engine/orders/outgoing.ts';
import { Pacer } from '../../../engine/orders/pacer.ts';

const order = {} as ApprovedOrder;

/** Sends through two orders a second and remembers what left and when it asked to be called. */
function outgoing(): { readonly out: Outgoing; readonly sent: number[]; readonly asked: number[] } {
  const [sent, asked]: [number[], number[]] = [[], []];
  const client = {
    release: (orders: readonly ApprovedOrder[]) => {
      sent.push(orders.length);
    },
    modify: () => undefined,
    cancel: () => undefined,
  };
  const pacer = new Pacer({ perSecond: 2, perMinute: 100 });
  return { out: new Outgoing({ client, pacer, askLater: (ts) => asked.push(ts) }), sent, asked };
}

test('orders that wait for the rate limits ask once to be sent on, however many come', () => {
  const { out, sent, asked } = outgoing();
  for (let i = 0; i < 50; i += 1) out.put('entry', { orders: [order] }, epochMs(10_000));
  expect(sent).toEqual([1, 1]);
  expect(asked).toEqual([11_000]);
  out.flush(epochMs(11_000));
  expect(sent).toEqual([1, 1, 1, 1]);
  expect(asked).toEqual([11_000, 12_000]);
});

test('what came after all is forgotten asks anew', () => {
  const { out, asked } = outgoing();
  for (let i = 0; i < 3; i += 1) out.put('exit', { orders: [order] }, epochMs(10_000));
  out.clear();
  for (let i = 0; i < 3; i += 1) out.put('exit', { orders: [order] }, epochMs(10_500));
  expect(asked).toEqual([11_000, 11_500]);
});
