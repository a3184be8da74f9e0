/**
 * Zones, margins and bias of a week from the week before it (the weekly option-selling signals). All prices in paise. The zone is the wick
 * beyond the extreme four-hour body, the margin three such wicks.
 */
import type { Candle, Day } from '../engine/strategy.ts';
import { dayOf, daysBetween, istTimeOf } from '../engine/strategy.ts';

/** How hours are grouped into the bodies of four hours. */
export type FourHourMode = 'session' | 'clock4' | 'seq4' | 'hour1';

/** The week before, as its candles and its close say it. */
export interface WeekBefore {
  readonly hours: readonly Candle[];
  /** Candles of 240 minutes, anchored at each window's open. */
  readonly fourHours: readonly Candle[];
  /** The close that counts, paise. */
  readonly close: number;
}

export interface Zones {
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly upperTop: number;
  readonly upperBottom: number;
  readonly lowerTop: number;
  readonly lowerBottom: number;
  readonly marginHigh: number;
  readonly marginLow: number;
  /** +1 bullish, -1 bearish, 0 where both bodies are equally near to the close. */
  readonly bias: -1 | 0 | 1;
}

/** Five ticks of the index: no margin is narrower. */
const MARGIN_MIN = 25;

/** A Monday: ISO weeks are counted from it. */
const FIRST_MONDAY = '1970-01-05' as Day;

/** Number of the ISO week of an instant's day. */
export function weekOf(day: Day): number {
  return Math.floor(daysBetween(FIRST_MONDAY, day) / 7);
}

export function zonesOf(week: WeekBefore, mode: FourHourMode): Zones | undefined {
  const { hours, close } = week;
  const bodies = bodiesOf(week, mode);
  if (hours.length === 0 || bodies.length === 0) return undefined;
  const high = Math.max(...hours.map((bar) => bar.high));
  const low = Math.min(...hours.map((bar) => bar.low));
  const highestBody = Math.max(...bodies.map((bar) => Math.max(bar.open, bar.close)));
  const lowestBody = Math.min(...bodies.map((bar) => Math.min(bar.open, bar.close)));
  const [upperTop, upperBottom] = [Math.max(high, highestBody), Math.min(high, highestBody)];
  const [lowerTop, lowerBottom] = [Math.max(low, lowestBody), Math.min(low, lowestBody)];
  return {
    high,
    low,
    close,
    upperTop,
    upperBottom,
    lowerTop,
    lowerBottom,
    marginHigh: Math.max(3 * (upperTop - upperBottom), MARGIN_MIN),
    marginLow: Math.max(3 * (lowerTop - lowerBottom), MARGIN_MIN),
    bias: biasOf(Math.abs(close - highestBody), Math.abs(close - lowestBody)),
  };
}

function biasOf(toResistance: number, toSupport: number): Zones['bias'] {
  if (toResistance < toSupport) return -1;
  return toSupport < toResistance ? 1 : 0;
}

interface Body {
  readonly open: number;
  readonly close: number;
}

function bodiesOf({ hours, fourHours }: WeekBefore, mode: FourHourMode): readonly Body[] {
  switch (mode) {
    case 'session':
      return fourHours;
    case 'hour1':
      return hours;
    case 'clock4':
      return grouped(hours, (bar) => `${dayOf(bar.start)} ${Math.floor(Number(istTimeOf(bar.start).slice(0, 2)) / 4)}`);
    default: {
      // Every four in a row through the whole week; what is left at its end counts for nothing.
      const whole = hours.slice(0, hours.length - (hours.length % 4));
      return grouped(whole, (_bar, at) => String(Math.floor(at / 4)));
    }
  }
}

function grouped(bars: readonly Candle[], keyOf: (bar: Candle, at: number) => string): readonly Body[] {
  const groups = new Map<string, { open: number; close: number }>();
  bars.forEach((bar, at) => {
    const key = keyOf(bar, at);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { open: bar.open, close: bar.close });
    else group.close = bar.close;
  });
  return [...groups.values()];
}
