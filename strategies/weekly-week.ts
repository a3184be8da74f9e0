/** One running week of hourly bars: its first bar, the extremes of the bars before the present one, and the two breakout engines. Prices in paise. */
import type { Candle } from '../engine/strategy.ts';
import { dayOf } from '../engine/strategy.ts';
import type { Zones } from './weekly-zones.ts';

export type BreakoutLatch = 'once' | 'edge';

/** What the rules read at the close of a bar; `before` leaves that bar out. */
export interface WeekView {
  /** Number of the bar within its week, from 1. */
  readonly number: number;
  readonly zones: Zones;
  readonly first: Candle;
  readonly bar: Candle;
  readonly before: Extremes;
  /** A bar of the week, the present one included, has reached the upper zone; and whether the present one has. */
  readonly touchedThisWeek: boolean;
  readonly touchedByBar: boolean;
  readonly breaksOut: boolean;
  readonly breaksDown: boolean;
}

export interface Extremes {
  readonly high: number;
  readonly low: number;
  readonly highClose: number;
  readonly lowClose: number;
}

/**
 * Waits for a close beyond the first bar: on the first day any such close, later first a bar of that colour that closes beyond it at a new
 * extreme of the week, then a close beyond that bar's extreme. `sign` is +1 upwards, -1 downwards. With `once` it fires one time a week,
 * with `edge` each time that its condition becomes true.
 */
class BreakoutEngine {
  readonly #sign: 1 | -1;
  readonly #latch: BreakoutLatch;
  #level: number | undefined;
  #hasFired = false;
  #wasTrue = false;

  constructor(sign: 1 | -1, latch: BreakoutLatch) {
    this.#sign = sign;
    this.#latch = latch;
  }

  /** Extreme of the bar that a later close has to pass, paise; undefined before there is one. */
  get level(): number | undefined {
    return this.#level;
  }

  get hasFired(): boolean {
    return this.#hasFired;
  }

  step(bar: Candle, first: Candle, before: Extremes): boolean {
    if (this.#latch === 'once' && this.#hasFired) return false;
    const isTrue = this.#isBeyond(bar, first, before);
    const fires = isTrue && !this.#wasTrue;
    this.#wasTrue = isTrue;
    if (fires) this.#hasFired = true;
    return fires;
  }

  #isBeyond(bar: Candle, first: Candle, before: Extremes): boolean {
    const sign = this.#sign;
    const edge = sign === 1 ? first.high : first.low;
    if (dayOf(bar.start) === dayOf(first.start)) return sign * (bar.close - edge) > 0;
    if (this.#level !== undefined) return sign * (bar.close - this.#level) > 0;
    const extreme = sign === 1 ? bar.high : bar.low;
    const reached = sign === 1 ? before.high : before.low;
    const hasColour = sign * (bar.close - bar.open) > 0;
    if (hasColour && sign * (bar.close - edge) > 0 && sign * (extreme - reached) >= 0) this.#level = extreme;
    return false;
  }
}

/** The state of one week, fed bar by bar. */
export class Week {
  readonly number: number;
  readonly zones: Zones | undefined;
  readonly hours: Candle[] = [];
  readonly up: BreakoutEngine;
  readonly down: BreakoutEngine;
  #before: Extremes | undefined;
  #touched = false;

  constructor(parts: {
    readonly number: number;
    readonly zones: Zones | undefined;
    readonly latch: BreakoutLatch;
  }) {
    this.number = parts.number;
    this.zones = parts.zones;
    this.up = new BreakoutEngine(1, parts.latch);
    this.down = new BreakoutEngine(-1, parts.latch);
  }

  /** Takes a closed hour; gives what the rules may judge, undefined for the first bar and without zones. */
  push(bar: Candle): WeekView | undefined {
    const before = this.#before;
    const first = this.hours[0];
    this.hours.push(bar);
    this.#before = widened(before, bar);
    const { zones } = this;
    const touchedByBar = zones !== undefined && bar.high >= zones.upperBottom;
    this.#touched ||= touchedByBar;
    if (first === undefined || before === undefined) return undefined;
    const breaksOut = this.up.step(bar, first, before);
    const breaksDown = this.down.step(bar, first, before);
    if (zones === undefined) return undefined;
    const number = this.hours.length;
    return { number, zones, first, bar, before, touchedThisWeek: this.#touched, touchedByBar, breaksOut, breaksDown };
  }
}

function widened(before: Extremes | undefined, { high, low, close }: Candle): Extremes {
  if (before === undefined) return { high, low, highClose: close, lowClose: close };
  return {
    high: Math.max(before.high, high),
    low: Math.min(before.low, low),
    highClose: Math.max(before.highClose, close),
    lowClose: Math.min(before.lowClose, close),
  };
}
