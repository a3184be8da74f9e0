import { exp } from '../engine/indicators/fixed-math.ts';
import type { Session } from '../engine/market/calendar.ts';
import { MINUTE_MS } from '../engine/model/time.ts';

/** Trading days that make a year of volatility. */
export const YEAR_DAYS = 252;

/** Minutes of an ordinary session; a shorter one carries less variance. */
const SESSION_MINUTES = 375;

export function minuteStarts(session: Session): Float64Array {
  const starts: number[] = [];
  for (const { open, close } of session.windows) {
    for (let start: number = open; start < close; start += MINUTE_MS) starts.push(start);
  }
  return Float64Array.from(starts);
}

/** The U of a trading day: busiest at the open, quiet at noon, busy into the close; mean 1. */
export function activityOf(session: Session, starts: Float64Array): Float64Array {
  const end = session.windows.at(-1)?.close ?? 0;
  let open = 0;
  const raw = starts.map((start, m) => {
    const afterBreak = m === 0 || start - (starts[m - 1] as number) > MINUTE_MS;
    if (afterBreak) open = start;
    const since = (start - open) / MINUTE_MS;
    const until = (end - start) / MINUTE_MS;
    return 0.7 + 2.4 * exp(-since / 14) + 0.9 * exp(-until / 30);
  });
  const sum = raw.reduce((total, one) => total + one, 0);
  return raw.map((one) => (one * raw.length) / sum);
}

/** Share of the session's variance that is over at the end of each minute. */
export function runningShare(activity: Float64Array): Float64Array {
  let sum = 0;
  const shares = activity.map((one) => {
    sum += one;
    return sum / activity.length;
  });
  shares[shares.length - 1] = 1;
  return shares;
}

/** The part of an ordinary session's variance: by its minutes, halts and drills included, at most one. */
export function weightOf(session: Session): number {
  const minutes = session.windows.reduce((sum, { open, close }) => sum + (close - open) / MINUTE_MS, 0);
  return Math.min(1, minutes / SESSION_MINUTES);
}

/**
 * The session's variance that still moves a settlement on a mean: all before the window of the mean, then (1 - known)³ / 3 of the
 * window. `spent` is over by now, `opens` and `closes` by the two ends of the window; `known` is the part of the mean that is fixed.
 */
export function leftOfMean(parts: {
  readonly spent: number;
  readonly opens: number;
  readonly closes: number;
  readonly known: number;
}): number {
  const { spent, opens, closes, known } = parts;
  const window = closes - opens;
  if (spent < opens) return opens - spent + window / 3;
  const rest = 1 - known;
  return (window * rest * rest * rest) / 3;
}
