/**
 * The short at-the-money straddle with its default options, played over one day of candles a second time: one plain loop
 * over the milliseconds of the day, sharing no line with the engine. Two programs that agree on every trade to the paisa
 * are the evidence that neither has misread the rules.
 *
 * Money is whole paise, prices between candle points are exact fractions, times are milliseconds of the IST day.
 */

import type { ReferenceLevies } from './reference-charges.ts';
import { referenceLevies } from './reference-charges.ts';
import type { Fraction, ReferenceDay } from './reference-market.ts';
import {
  candleEndedAt,
  estimateAt,
  freshSpotAt,
  isAbove,
  isAtLeast,
  isFresh,
  isMinuteStart,
  lastPrice,
  lineEnd,
  minuteOf,
  msOf,
  nearestTick,
  pathPrice,
  TICK,
  ticksDown,
  ticksUp,
  whole,
} from './reference-market.ts';
import type { ReferenceSpread, ReferenceSpreadFill } from './reference-spreads.ts';

export interface ReferenceOptions {
  /** Half-spreads that were measured; without them all are assumed. */
  readonly spread?: ReferenceSpread;
  readonly entryAt?: string;
  readonly exitAt?: string;
  /** Walk through every millisecond instead of stepping over stretches in which nothing can happen. */
  readonly pace?: 'every-ms';
}

export interface ReferenceFill {
  readonly ms: number;
  readonly paise: number;
  readonly levies: ReferenceLevies;
}

export interface ReferenceTrade {
  readonly key: string;
  readonly quantity: number;
  readonly entry: ReferenceFill;
  /** Absent when the session ended before the leg could be bought back. */
  readonly exit: ReferenceFill | undefined;
  readonly reason: 'SL' | 'SPOT' | 'TIME' | 'OPEN';
  readonly grossPaise: number;
  /** In 1/10,000 paisa, both orders together. */
  readonly chargesFine: bigint;
}

/** What was decided at the entry instant, and what came of it. */
export interface ReferenceRun {
  readonly spotPaise: number | undefined;
  readonly strike: number | undefined;
  /** The gate that kept the day out: no spot, or no fresh price of a leg. */
  readonly skipped: 'spot' | 'price' | undefined;
  readonly trades: readonly ReferenceTrade[];
}

/** The one buying order of a leg: first the disaster stop, later the exit that it is modified into. */
interface BuyOrder {
  state: 'travelling' | 'stop' | 'taking' | 'resting' | 'gone';
  limit: number;
  readonly trigger: number;
  readonly arrivesAt: number;
  isExit: boolean;
}

interface Leg {
  readonly key: string;
  /** When the sale reaches the venue. */
  readonly arrivesAt: number;
  entry?: ReferenceFill;
  knownAt: number;
  stopLevel: number;
  order?: BuyOrder;
  reason?: 'SL' | 'SPOT' | 'TIME';
  attempt: number;
  attemptAt: number;
  change?: { readonly arrivesAt: number; readonly limit: number };
  exit?: ReferenceFill;
  /** When the cancel of an unfilled sale, or of a buying order that was changed too often, reaches the venue. */
  cancelAt: number;
  changes: number;
}

const NEVER = Number.POSITIVE_INFINITY;
const BEFORE: Omit<Leg, 'key' | 'arrivesAt'> = {
  knownAt: NEVER,
  stopLevel: NEVER,
  attempt: 0,
  attemptAt: NEVER,
  cancelAt: NEVER,
  changes: 0,
};
const STEP_POINTS = { NIFTY: 50, BANKNIFTY: 100, SENSEX: 100 } as const;
const SPOT_POINTS = { NIFTY: 100, BANKNIFTY: 200, SENSEX: 200 } as const;
const SLIPPAGE = 5;
const CLOSE_GRACE = 1_000;
const TO_VENUE = 300;
const TO_US = 100;
const BETWEEN_LEGS = 150;
const CHASE_EVERY = 2_000;
const LAST_EXIT_BEFORE_END = 600_000;
/** From this attempt on a chase widens no more. */
const WIDEST_ATTEMPT = 20;
/** An order that was changed so often is replaced. */
const CHANGES_MAX = 25;

/** All trades of the day, call first. */
export function referenceStraddle(day: ReferenceDay, options: ReferenceOptions = {}): readonly ReferenceTrade[] {
  return referenceRun(day, options).trades;
}

/** The trades together with what the entry was decided on. */
export function referenceRun(day: ReferenceDay, options: ReferenceOptions = {}): ReferenceRun {
  const entryAt = msOf(options.entryAt ?? '09:20');
  const exitAt = Math.min(msOf(options.exitAt ?? '15:15'), day.endMs - LAST_EXIT_BEFORE_END) + CLOSE_GRACE;
  const spotPaise = freshSpotAt(day, entryAt);
  if (spotPaise === undefined) return { spotPaise, strike: undefined, skipped: 'spot', trades: [] };
  const step = STEP_POINTS[day.underlying];
  const strike = step * Math.floor((2 * spotPaise + step * 100) / (2 * step * 100));
  const keys = [`${strike} CE`, `${strike} PE`];
  if (!keys.every((key) => isFresh(day, key, entryAt))) return { spotPaise, strike, skipped: 'price', trades: [] };
  const decidedAt = entryAt + CLOSE_GRACE;
  const legs: readonly Leg[] = keys.map((key, at) => ({
    ...BEFORE,
    key,
    arrivesAt: decidedAt + TO_VENUE + at * BETWEEN_LEGS,
  }));
  const session = { day, legs, spotPaise, exitAt, used: new Map<string, number>(), spread: options.spread };
  play(session, decidedAt, options.pace);
  return { spotPaise, strike, skipped: undefined, trades: legs.flatMap((leg) => tradeOf(day, leg)) };
}

interface Session {
  readonly day: ReferenceDay;
  readonly legs: readonly Leg[];
  readonly spotPaise: number;
  readonly exitAt: number;
  /** Lots we took of one instrument in one minute. */
  readonly used: Map<string, number>;
  readonly spread: ReferenceSpread | undefined;
}

function play(session: Session, from: number, pace: ReferenceOptions['pace']): void {
  const { day, legs, exitAt } = session;
  for (let t = from; t < day.endMs; t += 1) {
    for (const leg of legs) atVenue(session, leg, t);
    // At one instant the underlying comes first, then the call, then the put, then the clock's own exit.
    if (hasSpotLeft(session, t)) exitTogether(session, t, 'SPOT');
    for (const leg of legs) stopIfTouched(session, leg, t);
    if (t >= exitAt) exitTogether(session, t, 'TIME');
    for (const leg of legs) chase(session, leg, t);
    if (legs.every(({ entry, exit, cancelAt }) => exit !== undefined || (entry === undefined && t > cancelAt))) return;
    if (pace !== 'every-ms') t = lastCalmMs(session, t);
  }
}

/** What the exchange does in this millisecond: arrivals, then the stop's trigger, then the fill. */
function atVenue(session: Session, leg: Leg, t: number): void {
  const { day } = session;
  const { order } = leg;
  if (leg.exit !== undefined) return;
  const opens = isMinuteStart(day, t);
  const path = pathPrice(day, leg.key, t);
  const price = hasRoom(session, leg.key, t) ? path : undefined;
  if (order === undefined) {
    const isThere = t === leg.arrivesAt || (t > leg.arrivesAt && opens);
    if (price !== undefined && isThere && t <= leg.cancelAt) sell(session, leg, t, price);
    return;
  }
  let tries = opens;
  let seen = price;
  if (order.state === 'travelling' && t >= order.arrivesAt) order.state = 'stop';
  if (t > leg.cancelAt) order.state = 'gone';
  if (leg.change?.arrivesAt === t) {
    order.state = 'taking';
    order.limit = leg.change.limit;
    order.isExit = true;
    leg.cancelAt = NEVER;
    tries = true;
  } else if (order.state === 'stop' && path !== undefined && isAtLeast(path, order.trigger)) {
    order.state = 'taking';
    tries = true;
    // Crossed on a line, the level itself is the price; after a gap or on arrival it is the path's.
    if (price !== undefined && t > order.arrivesAt && !opens) seen = whole(order.trigger);
  }
  if (price === undefined || seen === undefined) return;
  if (order.state === 'taking' && tries) {
    const asked = buyPrice(session, leg.key, t, seen);
    if (asked <= order.limit) return buyBack(session, leg, t, asked);
    order.state = 'resting';
  }
  if (order.state === 'resting' && !isAbove(price, order.limit - TICK)) buyBack(session, leg, t, order.limit);
}

/** The sale, with the guard's level and the disaster stop that both count from its price once we know of it. */
function sell(session: Session, leg: Leg, t: number, path: Fraction): void {
  const { day } = session;
  const paise = sellPrice(session, leg.key, t, path);
  leg.entry = fill(session, leg.key, { ms: t, side: 'SELL', paise });
  leg.knownAt = t + TO_US;
  if (leg.reason !== undefined) return leaveAtOnce(day, leg);
  leg.stopLevel = nearestTick({ n: paise * 125, d: 100 });
  const trigger = nearestTick({ n: paise * 150, d: 100 });
  const wide = Math.max(ticksUp({ n: trigger * 5, d: 100 }), 300);
  const room = day.exchange === 'BFO' ? Math.min(wide, ticksDown({ n: trigger, d: 5 })) : wide;
  const arrivesAt = leg.knownAt + TO_VENUE;
  leg.order = { state: 'travelling', trigger, limit: trigger + room, arrivesAt, isExit: false };
}

function buyBack(session: Session, leg: Leg, t: number, paise: number): void {
  leg.exit = fill(session, leg.key, { ms: t, side: 'BUY', paise });
  // At one instant the underlying comes first: it may have sent the leg away before its own stop is seen to fill.
  leg.reason ??= hasSpotLeft(session, t) ? 'SPOT' : 'SL';
}

/** A sale that is heard of after its cancel was asked for is bought back without a stop in between. */
function leaveAtOnce(day: ReferenceDay, leg: Leg): void {
  leg.order = { state: 'travelling', trigger: NEVER, limit: 0, arrivesAt: NEVER, isExit: true };
  leg.attempt = 1;
  leg.attemptAt = leg.knownAt;
  leg.change = { arrivesAt: leg.knownAt + TO_VENUE, limit: exitLimit(priceByPlan(day, leg.key, leg.knownAt), 1) };
}

function fill(
  { day, used }: Session,
  key: string,
  { ms, side, paise }: { readonly ms: number; readonly side: 'BUY' | 'SELL'; readonly paise: number },
): ReferenceFill {
  const slot = `${key} ${minuteOf(day, ms)}`;
  used.set(slot, (used.get(slot) ?? 0) + 1);
  const turnoverPaise = BigInt(paise) * BigInt(day.lotSize);
  return { ms, paise, levies: referenceLevies({ date: day.date, exchange: day.exchange, side, turnoverPaise }) };
}

/** A tenth of the minute's volume in whole lots, less what we already took of it. */
function hasRoom({ day, used }: Session, key: string, t: number): boolean {
  const minute = minuteOf(day, t);
  const volume = day.candles.get(key)?.[minute]?.volume;
  return volume === undefined || Math.floor(volume / (10 * day.lotSize)) > (used.get(`${key} ${minute}`) ?? 0);
}

/** Where an index candle exists its path is watched; in a minute without one, parity speaks at the decision instant. */
function hasSpotLeft({ day, spotPaise }: Session, t: number): boolean {
  const distance = SPOT_POINTS[day.underlying] * 100;
  const path = pathPrice(day, day.underlying, t);
  if (path !== undefined && isAtLeast(path, spotPaise + distance)) return true;
  if (path !== undefined && !isAbove(path, spotPaise - distance)) return true;
  const ended = t - CLOSE_GRACE;
  if (!isMinuteStart(day, ended) || candleEndedAt(day, day.underlying, ended) !== undefined) return false;
  const parity = estimateAt(day, ended);
  return parity !== undefined && Math.abs(parity - spotPaise) >= distance;
}

/** Every leg that is open and not yet leaving exits as one basket; sales that nobody has heard of yet are called back. */
function exitTogether({ day, legs }: Session, t: number, reason: 'SPOT' | 'TIME'): void {
  const open = legs.filter((leg) => isGuarded(leg, t));
  open.forEach((leg, at) => {
    fire(leg, t, { reason, seen: lastPrice(day, leg.key, t), behind: at * BETWEEN_LEGS });
  });
  const unheard = legs.filter((leg) => leg.exit === undefined && leg.reason === undefined && t < leg.knownAt);
  unheard.forEach((leg, at) => {
    leg.reason = reason;
    leg.cancelAt = t + TO_VENUE + at * BETWEEN_LEGS;
    if (leg.entry !== undefined) leaveAtOnce(day, leg);
  });
}

function stopIfTouched({ day }: Session, leg: Leg, t: number): void {
  const price = pathPrice(day, leg.key, t);
  if (!isGuarded(leg, t) || price === undefined || !isAtLeast(price, leg.stopLevel)) return;
  const isCrossing = t > leg.knownAt && !isMinuteStart(day, t);
  fire(leg, t, { reason: 'SL', seen: isCrossing ? whole(leg.stopLevel) : price, behind: 0 });
}

function isGuarded({ exit, reason, knownAt }: Leg, t: number): boolean {
  return exit === undefined && reason === undefined && t >= knownAt;
}

interface Cause {
  readonly reason: 'SL' | 'SPOT' | 'TIME';
  readonly seen: Fraction;
  readonly behind: number;
}

/** The disaster stop becomes the exit, as soon as we know that the venue has it. */
function fire(leg: Leg, t: number, { reason, seen, behind }: Cause): void {
  const acceptedAt = leg.knownAt + TO_VENUE + TO_US;
  leg.reason = reason;
  leg.changes = 1;
  leg.attempt = 1;
  leg.attemptAt = Math.max(t, acceptedAt);
  leg.change = { arrivesAt: Math.max(t + behind, acceptedAt) + TO_VENUE, limit: exitLimit(seen, 1) };
}

function chase({ day }: Session, leg: Leg, t: number): void {
  if (leg.exit !== undefined || t !== leg.attemptAt + CHASE_EVERY) return;
  leg.attempt = Math.min(WIDEST_ATTEMPT, leg.attempt + 1);
  leg.attemptAt = t;
  const limit = bandedLimit(day, priceByPlan(day, leg.key, t), leg.attempt);
  if (limit === leg.order?.limit) return;
  if (leg.changes < CHANGES_MAX) {
    leg.changes += 1;
    leg.change = { arrivesAt: t + TO_VENUE, limit };
    return;
  }
  // Replaced: the cancel travels there and back before the new order leaves, priced by then.
  const heardAt = t + TO_VENUE + TO_US;
  leg.cancelAt = t + TO_VENUE;
  leg.changes = 0;
  leg.attemptAt = heardAt;
  const next = bandedLimit(day, priceByPlan(day, leg.key, heardAt), leg.attempt);
  leg.change = { arrivesAt: heardAt + TO_VENUE, limit: next };
}

/** What is planned for the very start of a minute comes before that minute's open. */
function priceByPlan(day: ReferenceDay, key: string, t: number): Fraction {
  return lastPrice(day, key, isMinuteStart(day, t) ? t - 1 : t);
}

function exitLimit({ n, d }: Fraction, attempt: number): number {
  return Math.max(ticksUp({ n: n * (100 + 2 * attempt), d: d * 100 }), ticksUp({ n: n + 20 * attempt * d, d }));
}

/** Since 31 October 2022 NSE takes no limit more than 40 % above the going price; the widest chase asks for just that much. */
function bandedLimit(day: ReferenceDay, price: Fraction, attempt: number): number {
  const limit = exitLimit(price, attempt);
  if (day.exchange !== 'NFO' || day.date < '2022-10-31' || price.n <= 5_000 * price.d) return limit;
  return Math.min(limit, ticksDown({ n: price.n * 140, d: price.d * 100 }));
}

function sellPrice(session: Session, key: string, t: number, path: Fraction): number {
  const price = ticksDown(path);
  return Math.max(TICK, price - halfSpread(session, { key, price, t }) - SLIPPAGE);
}

function buyPrice(session: Session, key: string, t: number, path: Fraction): number {
  const price = ticksUp(path);
  return Math.max(TICK, price + halfSpread(session, { key, price, t }) + SLIPPAGE);
}

function halfSpread({ day, spread }: Session, fill: ReferenceSpreadFill): number {
  return spread?.(day, fill) ?? Math.max(TICK, ticksUp({ n: fill.price, d: 400 }));
}

function tradeOf(day: ReferenceDay, { key, entry, exit, reason }: Leg): readonly ReferenceTrade[] {
  if (entry === undefined) return [];
  const quantity = day.lotSize;
  if (exit === undefined || reason === undefined)
    return [{ key, quantity, entry, exit, reason: 'OPEN', grossPaise: 0, chargesFine: entry.levies.total }];
  const grossPaise = (entry.paise - exit.paise) * quantity;
  return [{ key, quantity, entry, exit, reason, grossPaise, chargesFine: entry.levies.total + exit.levies.total }];
}

/**
 * The last millisecond before something can happen again: the next arrival or timer, or a touch. On one straight line a
 * price that has reached no level at either end has reached none between, so such a stretch need not be walked through.
 */
function lastCalmMs(session: Session, t: number): number {
  const { day, legs, exitAt } = session;
  const instants = [exitAt, day.startMs + minuteOf(day, t + 1) * day.intervalMs + CLOSE_GRACE];
  for (const { exit, arrivesAt, knownAt, attemptAt, change, cancelAt } of legs) {
    if (exit !== undefined) continue;
    instants.push(arrivesAt, knownAt, knownAt + TO_VENUE, attemptAt + CHASE_EVERY, change?.arrivesAt ?? 0, cancelAt);
  }
  const next = Math.min(...instants.filter((at) => at > t), day.endMs);
  const end = Math.min(lineEnd(day, t + 1), next - 1);
  if (end === t || isMinuteStart(day, t + 1)) return t;
  const isCalm = (at: number) => !(hasSpotLeft(session, at) || legs.some((leg) => canAct(day, leg, at)));
  return isCalm(t + 1) && isCalm(end) ? end : t;
}

function canAct(day: ReferenceDay, { key, exit, order, reason, stopLevel }: Leg, t: number): boolean {
  const price = pathPrice(day, key, t);
  if (exit !== undefined || order === undefined || price === undefined) return false;
  if (order.state === 'resting' || order.state === 'taking') return true;
  return isAtLeast(price, order.trigger) || (reason === undefined && isAtLeast(price, stopLevel));
}
