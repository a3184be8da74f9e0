import { expect, test } from 'vitest';
import { EventQueue } from '../../../engine/event-queue.ts';
import type { InputEvent } from '../../../engine/model/event.ts';
import { epochMs } from '../../../engine/model/time.ts';

const tick = (seq?: number): InputEvent => {
  const event = { kind: 'clock-ticked', ts: epochMs(1_000) } as const;
  return seq === undefined ? event : { ...event, seq };
};

test('inputs of one instant keep their order of arrival, and one that comes twice or late is refused', () => {
  const queue = new EventQueue();
  for (const seq of [1, 2, 5]) queue.admit(tick(seq));
  expect(() => queue.admit(tick(5))).toThrow('clock-ticked has seq 5 after 5');
  expect(() => queue.admit(tick(3))).toThrow('inputs keep their order of arrival');
  queue.admit(tick(6));
});

test('a single hand that feeds in order needs no numbers', () => {
  const queue = new EventQueue();
  queue.admit(tick());
  expect(queue.size).toBe(0);
});
