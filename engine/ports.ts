import type { Stamp, TraceValue, Unstamped } from './journal.ts';
import type { InputEvent } from './model/event.ts';
import type { AgentId, ApprovedOrder, OrderId, Terms } from './model/order.ts';
import type { EpochMs } from './model/time.ts';
import type { Lots } from './model/units.ts';

/** Batches of inputs, stamped and in order. */
export interface EventSource {
  batches(): Iterable<readonly InputEvent[]> | AsyncIterable<readonly InputEvent[]>;
}

/** Where the world leaves events. */
export interface Inbox {
  put(event: InputEvent): void;
  take(): readonly InputEvent[];
}

/** A change of a working order; absent parts stay as they are. */
export interface OrderChange {
  readonly order: OrderId;
  readonly terms: Terms;
  readonly lots: Lots;
}

/** Orders out. Outcomes come back as events, never as return values. */
export interface ExecutionClient {
  /**
   * Orders of one call belong together: the second leaves `betweenLegs` after the first, and so on; `after` requests of the same parcel
   * left just before, such as changes of other legs.
   */
  release(orders: readonly ApprovedOrder[], after?: number): void;
  modify(changes: readonly OrderChange[]): void;
  cancel(orders: readonly OrderId[]): void;
}

/** Takes the records of a run in order. The stamp is one object for all of them: `stamped` makes a record that can be kept. */
export interface JournalSink {
  write(stamp: Stamp, record: Unstamped): void;
}

/** Takes what decisions were made from. Nothing reads it back: a run is the same with and without. */
export interface TraceSink {
  write(ts: EpochMs, agent: AgentId, kind: string, values: Readonly<Record<string, TraceValue>>): void;
}
