import { broken } from '../assert.ts';
import type { Candle } from '../model/candle-frame.ts';
import { UNKNOWN } from '../model/candle-frame.ts';
import type { EpochMs } from '../model/time.ts';
import { dayNumberOf, dayOf } from '../model/time.ts';

export interface Window {
  readonly open: EpochMs;
  readonly close: EpochMs;
}

/** Length of a larger candle: milliseconds inside a session, or a whole session day or ISO week. */
export type CandleSpan = number | 'day' | 'week';

/**
 * Builds larger candles from closed smaller ones. Candles within a day are anchored at each window's open, so the last one of a window
 * may be shorter; it is usable at its end like the others. A day is a session, a week the sessions of an ISO week.
 */
export class CandleBuilder {
  readonly #span: CandleSpan;
  readonly #max: number;
  readonly #closed: Candle[] = [];
  #windows: readonly Window[] = [];
  #open: { start: number; end: number; candle: Mutable } | undefined;

  constructor(parts: { readonly span: CandleSpan; readonly closedMax?: number }) {
    this.#span = parts.span;
    this.#max = parts.closedMax ?? 2_000;
  }

  /** Closed candles, oldest first. */
  get closed(): readonly Candle[] {
    return this.#closed;
  }

  /** Forgets all but the last closed candles; gives how many there were. */
  keep(count: number): number {
    const found = this.#closed.length;
    this.#closed.splice(0, Math.max(0, found - count));
    return found;
  }

  openDay(windows: readonly Window[]): void {
    this.#windows = windows;
    if (this.#span === 'day') this.#finish();
    if (this.#span === 'week' && this.#open !== undefined) {
      const first = windows[0];
      if (first !== undefined && weekOf(first.open) !== weekOf(this.#open.start as EpochMs)) this.#finish();
    }
  }

  /** The day's last window is over: a day candle is known, a week stays open until the next week begins. */
  closeDay(): void {
    if (this.#span !== 'week') this.#finish();
  }

  /** Adds one closed small candle of the given length. */
  add(candle: Candle, intervalMs: number): void {
    const bucket = this.#bucketOf(candle.start);
    if (this.#open !== undefined && this.#open.start !== bucket.start) this.#finish();
    if (this.#open === undefined) this.#open = { ...bucket, candle: { ...candle, start: bucket.start as EpochMs } };
    else merge(this.#open.candle, candle);
    if (typeof this.#span === 'number' && candle.start + intervalMs >= this.#open.end) this.#finish();
  }

  #bucketOf(start: number): { start: number; end: number } {
    if (this.#span === 'day') return { start: this.#windows[0]?.open ?? start, end: Number.POSITIVE_INFINITY };
    if (this.#span === 'week') {
      return { start: this.#open?.start ?? this.#windows[0]?.open ?? start, end: Number.POSITIVE_INFINITY };
    }
    const window = this.#windows.find((each) => start >= each.open && start < each.close);
    if (window === undefined) broken(`a candle starts at ${start}, outside every window of its session`);
    const index = Math.floor((start - window.open) / this.#span);
    const begins = window.open + index * this.#span;
    return { start: begins, end: Math.min(begins + this.#span, window.close) };
  }

  #finish(): void {
    if (this.#open === undefined) return;
    this.#closed.push(this.#open.candle);
    if (this.#closed.length > this.#max) this.#closed.shift();
    this.#open = undefined;
  }
}

type Mutable = { -readonly [Key in keyof Candle]: Candle[Key] };

function merge(into: Mutable, next: Candle): void {
  into.high = Math.max(into.high, next.high);
  into.low = Math.min(into.low, next.low);
  into.close = next.close;
  into.volume = into.volume === UNKNOWN || next.volume === UNKNOWN ? UNKNOWN : into.volume + next.volume;
  into.oi = next.oi === UNKNOWN ? into.oi : next.oi;
}

/** Number of the ISO week (Monday first) that an instant lies in, counted from 1970. */
function weekOf(ts: EpochMs): number {
  return Math.floor((dayNumberOf(dayOf(ts)) + 3) / 7);
}
