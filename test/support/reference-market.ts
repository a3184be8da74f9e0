/**
 * What a day of candles says at an instant, written a second time: the path inside a minute, the spot, the ticks. Shares
 * nothing with the engine. Money is whole paise, prices between candle points are exact fractions (all products stay far
 * below 2^53), times are milliseconds of the IST day.
 */
export interface ReferenceCandle {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Units traded in the candle; undefined where nobody knows. */
  readonly volume: number | undefined;
}

/** One day of one underlying and one expiry; candles by minute from the session's start, keyed `NIFTY` and `15700 CE`. */
export interface ReferenceDay {
  readonly date: string;
  readonly underlying: 'NIFTY' | 'BANKNIFTY' | 'SENSEX';
  readonly exchange: 'NFO' | 'BFO';
  readonly lotSize: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly intervalMs: number;
  readonly candles: ReadonlyMap<string, readonly (ReferenceCandle | undefined)[]>;
}

/** A price between two candle points. */
export interface Fraction {
  readonly n: number;
  readonly d: number;
}

/** The least step of an option's price. */
export const TICK = 5;
/** How old a candle may be at an entry. */
const FRESH_FOR = 120_000;

/** The last level of the underlying that is younger than two minutes at an entry. */
export function spotAt(day: ReferenceDay, at: number): number | undefined {
  for (let ended = at; at - ended < FRESH_FOR; ended -= day.intervalMs) {
    const level = candleEndedAt(day, day.underlying, ended)?.close ?? estimateAt(day, ended);
    if (level !== undefined) return level;
  }
  return undefined;
}

/** The parity forward, moved by the distance that it had from the index in the last minute before that had an index candle. */
export function estimateAt(day: ReferenceDay, at: number): number | undefined {
  const forward = parityAt(day, at);
  if (forward === undefined) return undefined;
  for (let before = at - day.intervalMs; before > day.startMs; before -= day.intervalMs) {
    const seen = candleEndedAt(day, day.underlying, before)?.close;
    if (seen !== undefined) return forward - ((parityAt(day, before) ?? seen) - seen);
  }
  return forward;
}

/** The spot of the last candle that had one, at most as old as a price may be at an entry. */
export function freshSpotAt(day: ReferenceDay, at: number): number | undefined {
  for (let age = 0; age < FRESH_FOR; age += day.intervalMs) {
    const spot = spotAt(day, at - age);
    if (spot !== undefined) return spot;
  }
  return undefined;
}

/** Median of strike + call - put over the five strikes at which call and put lie closest together. */
function parityAt(day: ReferenceDay, at: number): number | undefined {
  const pairs: { readonly strike: number; readonly gap: number; readonly forward: number }[] = [];
  for (const key of day.candles.keys()) {
    if (!key.endsWith(' CE')) continue;
    const strike = Number(key.slice(0, -3));
    const call = candleEndedAt(day, key, at)?.close;
    const put = candleEndedAt(day, `${strike} PE`, at)?.close;
    if (call === undefined || put === undefined) continue;
    pairs.push({ strike, gap: Math.abs(call - put), forward: strike * 100 + call - put });
  }
  const near = pairs.sort((a, b) => a.gap - b.gap || a.strike - b.strike).slice(0, 5);
  const forwards = near.map(({ forward }) => forward).sort((a, b) => a - b);
  const upper = forwards[forwards.length >> 1];
  const lower = forwards[(forwards.length - 1) >> 1];
  return upper === undefined || lower === undefined ? undefined : Math.floor((lower + upper + 1) / 2);
}

/** Whether a candle ended at that time or less than two minutes before. */
export function isFresh(day: ReferenceDay, key: string, at: number): boolean {
  for (let age = 0; age < FRESH_FOR; age += day.intervalMs) {
    if (candleEndedAt(day, key, at - age) !== undefined) return true;
  }
  return false;
}

/** The candle that ended exactly then. */
export function candleEndedAt(day: ReferenceDay, key: string, at: number): ReferenceCandle | undefined {
  return day.candles.get(key)?.[(at - day.startMs) / day.intervalMs - 1];
}

/** Open, one extreme, the other, close, on straight lines; undefined in a minute without a candle. */
export function pathPrice(day: ReferenceDay, key: string, t: number): Fraction | undefined {
  const minute = minuteOf(day, t);
  const candle = day.candles.get(key)?.[minute];
  if (candle === undefined) return undefined;
  const third = day.intervalMs / 3;
  const x = t - day.startMs - minute * day.intervalMs;
  const index = day.candles.get(day.underlying)?.[minute];
  const indexHighFirst = index !== undefined && index.high - index.open < index.open - index.low;
  const highFirst = key.endsWith(' PE') ? !indexHighFirst : indexHighFirst;
  const [first, second] = highFirst ? [candle.high, candle.low] : [candle.low, candle.high];
  if (x < third) return onLine(candle.open, first, x, third);
  if (x < 2 * third) return onLine(first, second, x - third, third);
  return onLine(second, candle.close, x - 2 * third, third - 1);
}

function onLine(from: number, to: number, x: number, length: number): Fraction {
  return { n: from * length + (to - from) * x, d: length };
}

/** The path's price, or in a minute without a candle the last close before it. */
export function lastPrice(day: ReferenceDay, key: string, t: number): Fraction {
  const now = pathPrice(day, key, t);
  if (now !== undefined) return now;
  const last = day.candles
    .get(key)
    ?.slice(0, minuteOf(day, t))
    .findLast((candle) => candle !== undefined);
  if (last === undefined) throw new Error(`${key} has no price before ${clockOf(t)}`);
  return whole(last.close);
}

/** The last millisecond of the straight line that a time lies on. */
export function lineEnd(day: ReferenceDay, t: number): number {
  const third = day.intervalMs / 3;
  return day.startMs + (Math.floor((t - day.startMs) / third) + 1) * third - 1;
}

/** Which candle of the day a time lies in. */
export function minuteOf(day: ReferenceDay, t: number): number {
  return Math.floor((t - day.startMs) / day.intervalMs);
}

/** Whether a candle opens at this instant. */
export function isMinuteStart(day: ReferenceDay, t: number): boolean {
  return (t - day.startMs) % day.intervalMs === 0;
}

/** A price in whole paise. */
export function whole(paise: number): Fraction {
  return { n: paise, d: 1 };
}

/** At or above the level. */
export function isAtLeast({ n, d }: Fraction, paise: number): boolean {
  return n >= paise * d;
}

/** Above the level. */
export function isAbove({ n, d }: Fraction, paise: number): boolean {
  return n > paise * d;
}

/** The next tick at or above. */
export function ticksUp({ n, d }: Fraction): number {
  return Math.ceil(n / (d * TICK)) * TICK;
}

/** The next tick at or below. */
export function ticksDown({ n, d }: Fraction): number {
  return Math.floor(n / (d * TICK)) * TICK;
}

/** The nearest tick, half up. */
export function nearestTick({ n, d }: Fraction): number {
  return Math.floor((2 * n + TICK * d) / (2 * TICK * d)) * TICK;
}

/** Milliseconds of the day of HH:MM. */
export function msOf(clock: string): number {
  const [hours = Number.NaN, minutes = Number.NaN] = clock.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}

/** HH:MM:SS.mmm of a time of the day. */
export function clockOf(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23);
}
