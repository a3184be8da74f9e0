import { exp, ln } from '../../engine/indicators/fixed-math.ts';
import type { Session } from '../../engine/market/calendar.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import { MINUTE_MS } from '../../engine/model/time.ts';
import { gaussian, streamOf } from '../../engine/prng.ts';
import { activityOf, minuteStarts, runningShare } from '../session-variance.ts';
import type { MarketDay } from './daily-path.ts';
import { CHARACTER_OF } from './levels.ts';

/** Points of the path inside a minute; the first is the minute's open, the last its close. */
export const POINTS_PER_MINUTE = 6;

/** The settlement level is the mean over the last half hour, until an auction takes its place. */
const SETTLEMENT_MINUTES = 30;

/** The fair level of an index through one session, and what prices need to know of each minute. All levels are paise. */
export interface SessionPath {
  readonly starts: Float64Array;
  readonly points: Float64Array;
  /** By minute, from the points of the minute. */
  readonly high: Float64Array;
  readonly low: Float64Array;
  /** Share of the session's expected variance that is over at the end of a minute. */
  readonly spent: Float64Array;
  /** 30-day volatility at the end of a minute, a fraction a year. */
  readonly volatility: Float64Array;
  /** What all forwards have above carry at the end of a minute, in parts of the level. */
  readonly basis: Float64Array;
  /** How busy a minute is; 1 on average over a session. */
  readonly activity: Float64Array;
  readonly settlement: SettlementPath;
}

/** How the settlement level of the day comes about. */
export interface SettlementPath {
  /** Official close of the index, paise on its tick. */
  readonly level: number;
  /** First minute that counts, and the first after those. */
  readonly from: number;
  readonly to: number;
  /** Mean over what counted so far, by minute; meaningless before `from`. */
  readonly mean: Float64Array;
  /** Part of what counts that is known at the end of a minute: 0 before `from`, 1 from `to` on. */
  readonly known: Float64Array;
}

/**
 * Draws the minutes of a day between its open and its close: a random walk with busy mornings and closes, clustered, pinned to the day's
 * move (a Brownian bridge on the clock of variance), pulled to its middle on range days, with the day's news as one jump.
 */
export function sessionPath(parts: {
  readonly seed: number;
  readonly underlying: Underlying;
  readonly day: MarketDay;
}): SessionPath {
  const { day } = parts;
  const starts = minuteStarts(day.session);
  const activity = activityOf(day.session, starts);
  const spent = runningShare(activity);
  const logs = logPath(parts, activity);
  const points = logs.map((x) => day.open * exp(x));
  const minutes = starts.length;
  const high = new Float64Array(minutes);
  const low = new Float64Array(minutes);
  for (let m = 0; m < minutes; m += 1) {
    let [top, bottom] = [0, Number.POSITIVE_INFINITY];
    for (let k = m * POINTS_PER_MINUTE; k < (m + 1) * POINTS_PER_MINUTE; k += 1) {
      const point = points[k] as number;
      if (point > top) top = point;
      if (point < bottom) bottom = point;
    }
    high[m] = top;
    low[m] = bottom;
  }
  return {
    starts,
    points,
    high,
    low,
    spent,
    volatility: volatilityPath(day, logs, spent),
    basis: basisPath(parts, minutes),
    activity,
    settlement: settlementPath(day.session, starts, points),
  };
}

/** Logarithms of the level over the open, at each point. */
function logPath(
  parts: { readonly seed: number; readonly underlying: Underlying; readonly day: MarketDay },
  activity: Float64Array,
): Float64Array {
  const { day } = parts;
  const common = streamOf(parts.seed, `market minutes ${day.day}`);
  const own = streamOf(parts.seed, `${parts.underlying} minutes ${day.day}`);
  const share = CHARACTER_OF[parts.underlying].common;
  const rest = Math.sqrt(1 - share * share);
  const count = activity.length * POINTS_PER_MINUTE;
  const pull = day.character === 'range' ? 6 : 0;
  const size = day.deviation * NOISE[day.character];

  const path = new Float64Array(count);
  const clock = new Float64Array(count);
  let [x, time, heat] = [0, 0, 0];
  for (let k = 0; k < count; k += 1) {
    const minute = Math.floor(k / POINTS_PER_MINUTE);
    if (k % POINTS_PER_MINUTE === 0) heat = 0.93 * heat + 0.13 * gaussian(common);
    const z = share * gaussian(common) + rest * gaussian(own);
    if (k === 0) continue;
    const step = ((activity[minute] as number) * exp(2 * heat)) / count;
    x += size * Math.sqrt(step) * z - pull * x * step;
    time += step;
    path[k] = x;
    clock[k] = time;
  }
  return pinned(path, clock, day);
}

/** Noise inside the day relative to the day's own: a trend day is smooth, a range day is not. */
const NOISE = { plain: 1, trend: 0.75, range: 1.05 } as const;

/** Bends a walk so that it ends at the day's move, and sets the jump on top. */
function pinned(path: Float64Array, clock: Float64Array, day: MarketDay): Float64Array {
  const last = path.length - 1;
  const miss = day.move - day.jumpSize - (path[last] as number);
  const total = clock[last] as number;
  const jumpFrom = 1 + Math.floor(day.jumpAt * last);
  return path.map((x, k) => x + (miss * (clock[k] as number)) / total + (k >= jumpFrom ? day.jumpSize : 0));
}

/** Goes from the evening before to this evening, and up on the way whenever the market falls below its straight line. */
function volatilityPath(day: MarketDay, logs: Float64Array, spent: Float64Array): Float64Array {
  const rise = ln(day.volatilityAfter / day.volatilityBefore);
  return spent.map((share, m) => {
    const log = logs[(m + 1) * POINTS_PER_MINUTE - 1] as number;
    const below = share * day.move - log;
    return day.volatilityBefore * exp(share * rise + 2.5 * below);
  });
}

/** A slow wander of about a hundredth of a per cent. */
function basisPath(
  parts: { readonly seed: number; readonly underlying: Underlying; readonly day: MarketDay },
  minutes: number,
): Float64Array {
  const stream = streamOf(parts.seed, `${parts.underlying} basis ${parts.day.day}`);
  const basis = new Float64Array(minutes);
  let x = 0.000_08 * gaussian(stream);
  for (let m = 0; m < minutes; m += 1) {
    x = 0.985 * x + 0.000_015 * gaussian(stream);
    basis[m] = x;
  }
  return basis;
}

/**
 * Until July 2026 the official close is the mean of the last half hour. Since then the index shares meet in a closing auction, whose
 * orders come in between five minutes after the last live index and five minutes before the level is known: the mean of those minutes
 * stands in for its price.
 */
function settlementPath(session: Session, starts: Float64Array, points: Float64Array): SettlementPath {
  const end = session.windows.at(-1)?.close ?? 0;
  const isAuction = session.indexLiveUntil < end;
  const opens = isAuction ? session.indexLiveUntil + 5 * MINUTE_MS : end - SETTLEMENT_MINUTES * MINUTE_MS;
  const closes = isAuction ? session.settlementAt - 5 * MINUTE_MS : end;
  const firstAt = (ms: number): number => {
    const found = starts.findIndex((start) => start >= ms);
    return found < 0 ? starts.length : found;
  };
  const to = Math.max(firstAt(closes), 1);
  const from = Math.min(firstAt(opens), to - 1);

  const mean = new Float64Array(starts.length);
  const known = new Float64Array(starts.length);
  let [sum, count] = [0, 0];
  for (let m = from; m < starts.length; m += 1) {
    if (m < to) {
      for (let k = m * POINTS_PER_MINUTE; k < (m + 1) * POINTS_PER_MINUTE; k += 1) sum += points[k] as number;
      count += POINTS_PER_MINUTE;
    }
    mean[m] = sum / count;
    known[m] = m < to ? (m + 1 - from) / (to - from) : 1;
  }
  const level = Math.floor(sum / count / INDEX_TICK + 0.5) * INDEX_TICK;
  return { level, from, to, mean, known };
}

/** Index values stand on 0.05 as their shares do. */
export const INDEX_TICK = 5;
