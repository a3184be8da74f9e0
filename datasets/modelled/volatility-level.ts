import { exp, ln } from '../../engine/indicators/fixed-math.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import { MINUTE_MS } from '../../engine/model/time.ts';
import { YEAR_DAYS } from '../session-variance.ts';
import type { ChainParameters } from './chain-parameters.ts';

/** Closes this far apart are compared: nearer ones hold the noise of single ticks, farther ones too few moves. */
const STEP_MS = 30 * MINUTE_MS;

/** Levels stand on hundredths of a point of volatility. */
const GRID = 10_000;

/** What one session of an index moved. Variances are sums of squared logarithms; prices are paise. */
export interface SessionMove {
  readonly day: Day;
  readonly open: number;
  readonly close: number;
  /** Inside the session, by half hours. */
  readonly variance: number;
  /** Between the close before and the open; undefined where the session before is not known. */
  readonly night: number | undefined;
}

/** Index candles of one session as columns; only rows with `valid` 1 count. */
export interface IndexColumns {
  readonly starts: ArrayLike<number>;
  readonly open: ArrayLike<number>;
  readonly high: ArrayLike<number>;
  readonly low: ArrayLike<number>;
  readonly close: ArrayLike<number>;
  readonly valid: ArrayLike<number>;
}

/** Undefined for a session without candles; `closeBefore` is undefined where the session before is not known. */
export function sessionMove(
  candles: IndexColumns,
  of: { readonly day: Day; readonly intervalMs: number; readonly closeBefore: number | undefined },
): SessionMove | undefined {
  let [open, close, since, variance] = [0, 0, 0, 0];
  let compared = 0;
  for (let row = 0; row < candles.starts.length; row += 1) {
    if (candles.valid[row] !== 1) continue;
    const start = candles.starts[row] as number;
    if (open === 0) {
      open = candles.open[row] as number;
      compared = open;
      since = start;
    }
    close = candles.close[row] as number;
    if (start + of.intervalMs - since < STEP_MS) continue;
    variance += squaredMove(compared, close);
    compared = close;
    since = start + of.intervalMs;
  }
  if (open === 0) return undefined;
  const night = of.closeBefore === undefined ? undefined : squaredMove(of.closeBefore, open);
  return { day: of.day, open, close, variance: variance + squaredMove(compared, close), night };
}

function squaredMove(from: number, to: number): number {
  const move = ln(to / from);
  return move * move;
}

/** The 30-day volatility at the money that a day begins with, and what it was taken from. */
export interface DayLevel {
  readonly level: number;
  /** Where that volatility is at home. */
  readonly home: number;
  readonly from: 'india-vix' | 'realised';
  /** Sessions that were looked back on; 0 where India VIX was there. */
  readonly sessions: number;
}

/**
 * The level that is known before a day's open: India VIX of the session before, else what the index itself did in the sessions before,
 * newest first, young ones weighing more, with some belief in the long-run home while there are few. A session whose eve is not there
 * lends its night from the share of nights. The day itself is never looked at.
 */
export function levelBefore(parts: {
  readonly underlying: Underlying;
  /** Close of the session before in hundredths of a point, as stores hold it. */
  readonly vixBefore: number | undefined;
  readonly sessions: readonly SessionMove[];
  readonly parameters: ChainParameters;
}): DayLevel {
  const { underlying, vixBefore, parameters } = parts;
  const scale = parameters.vixToMoney * parameters.ofNifty[underlying];
  const home = parameters.home * scale;
  if (vixBefore !== undefined) {
    return { level: onGrid((vixBefore / 10_000) * scale), home, from: 'india-vix', sessions: 0 };
  }
  const sessions = parts.sessions.slice(0, parameters.realised.sessions);
  const { volatility, belief } = realised(sessions, parameters);
  const ownScale = belief === 1 ? 0 : parameters.realised.scale * exp(parameters.realised.power * ln(volatility));
  const level = (1 - belief) * parameters.vixToMoney * ownScale + belief * home;
  return { level: onGrid(level), home, from: 'realised', sessions: sessions.length };
}

/** Realised volatility a year of some sessions, newest first, and the part of belief that is left to home. */
function realised(
  sessions: readonly SessionMove[],
  { realised: rule, overnightShare }: ChainParameters,
): { readonly volatility: number; readonly belief: number } {
  let [sum, weights, weight] = [0, 0, 1 - rule.memory];
  for (const { variance, night } of sessions) {
    sum += weight * (night === undefined ? variance / (1 - overnightShare) : variance + night);
    weights += weight;
    weight *= rule.memory;
  }
  if (sum === 0) return { volatility: 0, belief: 1 };
  const belief = rule.homeSessions * weight;
  return { volatility: Math.sqrt((YEAR_DAYS * sum) / weights), belief: belief / (belief + weights) };
}

function onGrid(level: number): number {
  return Math.floor(level * GRID + 0.5) / GRID;
}
