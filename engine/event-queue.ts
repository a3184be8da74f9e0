import { broken, invariant } from './assert.ts';
import type { InputEvent, ScheduledEvent } from './model/event.ts';
import type { EpochMs } from './model/time.ts';

/** Ties among what the engine schedules: requests reach the venue first, then reports of the past, then plans. */
export const RANK = { arrival: 1, report: 2, timer: 3, marketTimer: 4 } as const;

interface Entry {
  readonly ts: EpochMs;
  readonly rank: number;
  readonly order: number;
  readonly event: ScheduledEvent;
}

/** What is still to come, in total order: time, then rank, then the order in which it was asked for. */
export class EventQueue {
  readonly #heap: Entry[] = [];
  #asked = 0;
  #lastSeq = 0;

  /** Lets an input through that arrived after all before it; a lower number means that somebody changed the order of arrival. */
  admit(event: InputEvent): void {
    const { seq } = event;
    if (seq === undefined) return;
    if (seq <= this.#lastSeq)
      broken(`${event.kind} has seq ${seq} after ${this.#lastSeq}: inputs keep their order of arrival`);
    this.#lastSeq = seq;
  }

  /** Instant of the next entry; infinite when nothing waits. */
  get nextTs(): number {
    return this.#heap[0]?.ts ?? Number.POSITIVE_INFINITY;
  }

  get nextRank(): number {
    return this.#heap[0]?.rank ?? 0;
  }

  get size(): number {
    return this.#heap.length;
  }

  push(ts: EpochMs, rank: number, event: ScheduledEvent): void {
    const heap = this.#heap;
    heap.push({ ts, rank, order: this.#asked, event });
    this.#asked += 1;
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#before(child, parent)) break;
      this.#swap(child, parent);
      child = parent;
    }
  }

  pop(): ScheduledEvent {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    invariant(first !== undefined && last !== undefined, 'nothing waits in the queue');
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first.event;
  }

  /** Forgets everything, when the books are reset after the warm-up. */
  clear(): void {
    this.#heap.length = 0;
  }

  #sink(): void {
    const size = this.#heap.length;
    let parent = 0;
    while (true) {
      let child = parent * 2 + 1;
      if (child >= size) return;
      if (child + 1 < size && this.#before(child + 1, child)) child += 1;
      if (!this.#before(child, parent)) return;
      this.#swap(child, parent);
      parent = child;
    }
  }

  #before(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (left === undefined || right === undefined) broken(`the heap has no entry ${a} or ${b}`);
    return (left.ts - right.ts || left.rank - right.rank || left.order - right.order) < 0;
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (left === undefined || right === undefined) broken(`the heap has no entry ${a} or ${b}`);
    this.#heap[a] = right;
    this.#heap[b] = left;
  }
}
