import { exp, ln } from '../../engine/indicators/fixed-math.ts';
import type { Session } from '../../engine/market/calendar.ts';
import type { Day } from '../../engine/model/time.ts';
import { daysBetween, MINUTE_MS } from '../../engine/model/time.ts';
import { activityOf, leftOfMean, minuteStarts, runningShare, weightOf, YEAR_DAYS } from '../session-variance.ts';
import type { ChainParameters } from './chain-parameters.ts';
import { chainSmile, movedSince } from './chain-smile.ts';
import type { DayLevel, IndexColumns } from './volatility-level.ts';

/** The corners of a candle in the order of the columns: open, high, low, close. */
export const CORNERS = 4;

/** While the settlement level is a mean of the index, it is one over this time. */
const MEAN_MS = 30 * MINUTE_MS;

/** A day of an index that options are priced on. */
export interface ChainDay {
  readonly day: Day;
  readonly session: Session;
  readonly intervalMs: number;
  readonly index: IndexColumns;
  readonly level: DayLevel;
  /** Last level of the index on the session before, paise; undefined where it is not known. */
  readonly closeBefore: number | undefined;
}

/** What the options of one expiry are valued from, at cell `candle * CORNERS + corner`. Forwards are paise. */
export interface ExpiryPoints {
  readonly forward: Float64Array;
  /** Logarithm of the forward. */
  readonly log: Float64Array;
  /** Root of the trading years left; 0 once nothing moves the settlement any more. */
  readonly root: Float64Array;
  readonly atm: Float64Array;
  readonly skew: Float64Array;
}

/**
 * Forward, time and smile of one expiry at the corners of every candle: the open at its start, the close at its end, both extremes half
 * way. Time is the market's own clock of variance: nights count their share, busy minutes more, weekends nothing. On the day of expiry
 * the settlement level is the mean of the index over the last half hour: what is known of it stands still, and only the rest moves.
 * Where the index leaves its shares' continuous trading before the close (since August 2026) the settlement comes from an auction, and
 * the last live index stands for it. A halt is taken as known from the open, and a candle's own mean as that of its open until it closes.
 */
export function expiryPoints(
  of: ChainDay,
  expiry: { readonly expiry: Day; readonly daysLeft: number },
  parameters: ChainParameters,
): ExpiryPoints {
  const { index, level } = of;
  const cells = index.starts.length * CORNERS;
  const [forward, log, root, atm, skew] = Array.from({ length: 5 }, () => new Float64Array(cells)) as FiveColumns;
  const clock = new SessionClock(of.session, of.intervalMs);
  const carry = exp((parameters.carry * daysBetween(of.day, expiry.expiry)) / 365);
  const mean = expiry.daysLeft === 0 && clock.settlesOnMean ? new RunningMean(clock) : undefined;
  const today = (1 - parameters.overnightShare) * weightOf(of.session);

  for (let row = 0; row < index.starts.length; row += 1) {
    if (index.valid[row] !== 1) continue;
    const start = index.starts[row] as number;
    for (let corner = 0; corner < CORNERS; corner += 1) {
      const cell = row * CORNERS + corner;
      const ts = clock.cornerAt(start, corner);
      const price = cornerOf(index, row, corner);
      if (corner === CLOSE) mean?.take(start, price);
      const left = mean === undefined ? 1 - clock.spentAt(ts) : mean.leftAt(ts);
      const years = (expiry.daysLeft + left * today) / YEAR_DAYS;
      const at = mean === undefined ? price * carry : mean.forward(ts, price);
      const moved = movedSince(of.closeBefore, price);
      const smile = chainSmile({ level: level.level, home: level.home, moved, years }, parameters);
      forward[cell] = at;
      log[cell] = ln(at);
      root[cell] = Math.sqrt(years);
      atm[cell] = smile.atm;
      skew[cell] = smile.skew;
    }
  }
  return { forward, log, root, atm, skew };
}

/**
 * The level that contracts of a day's expiry end at by the same candles, whole paise: the mean of their closes over the last half hour,
 * or the last live one where the settlement is no such mean. Undefined without a candle.
 */
export function settlementLevel({
  index,
  session,
  intervalMs,
}: Omit<ChainDay, 'level' | 'closeBefore'>): number | undefined {
  const clock = new SessionClock(session, intervalMs);
  const mean = new RunningMean(clock);
  let last: number | undefined;
  for (let row = 0; row < index.starts.length; row += 1) {
    const start = index.starts[row] as number;
    if (index.valid[row] !== 1 || start >= session.indexLiveUntil) continue;
    last = index.close[row] as number;
    mean.take(start, last);
  }
  if (last === undefined || !clock.settlesOnMean) return last;
  return Math.floor(mean.forward(clock.meanTo, last) + 0.5);
}

type FiveColumns = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

const CLOSE = 3;

function cornerOf(index: IndexColumns, row: number, corner: number): number {
  switch (corner) {
    case 0:
      return index.open[row] as number;
    case 1:
      return index.high[row] as number;
    case 2:
      return index.low[row] as number;
    default:
      return index.close[row] as number;
  }
}

/** How much of a session's variance is over at an instant. */
class SessionClock {
  readonly settlesOnMean: boolean;
  readonly meanFrom: number;
  readonly meanTo: number;
  readonly #intervalMs: number;
  readonly #session: Session;
  readonly #starts: Float64Array;
  readonly #spent: Float64Array;

  constructor(session: Session, intervalMs: number) {
    this.#session = session;
    this.#intervalMs = intervalMs;
    this.#starts = minuteStarts(session);
    this.#spent = runningShare(activityOf(session, this.#starts));
    const end = session.windows.at(-1)?.close ?? 0;
    this.settlesOnMean = session.indexLiveUntil >= end;
    this.meanTo = end;
    this.meanFrom = end - MEAN_MS;
  }

  /** When a corner of a candle stands: its start, twice the middle, its end or that of its window. */
  cornerAt(start: number, corner: number): number {
    if (corner === 0) return start;
    const window = this.#session.windows.find(({ open, close }) => start >= open && start < close);
    const end = Math.min(start + this.#intervalMs, window?.close ?? start + this.#intervalMs);
    return corner === CLOSE ? end : (start + end) / 2;
  }

  /** Share over at an instant, straight between the ends of minutes. */
  spentAt(ts: number): number {
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] as number) < ts) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return 0;
    const before = low === 1 ? 0 : (this.#spent[low - 2] as number);
    const part = Math.min(1, (ts - (this.#starts[low - 1] as number)) / MINUTE_MS);
    return before + ((this.#spent[low - 1] as number) - before) * part;
  }
}

/** The settlement level as it fills up on the day of expiry. */
class RunningMean {
  readonly #clock: SessionClock;
  readonly #opens: number;
  readonly #closes: number;
  #sum = 0;
  #count = 0;

  constructor(clock: SessionClock) {
    this.#clock = clock;
    this.#opens = clock.spentAt(clock.meanFrom);
    this.#closes = clock.spentAt(clock.meanTo);
  }

  /** Takes the close of a candle inside the window of the mean. */
  take(start: number, close: number): void {
    if (start < this.#clock.meanFrom) return;
    this.#sum += close;
    this.#count += 1;
  }

  leftAt(ts: number): number {
    return leftOfMean({
      spent: this.#clock.spentAt(ts),
      opens: this.#opens,
      closes: this.#closes,
      known: this.#knownAt(ts),
    });
  }

  forward(ts: number, price: number): number {
    const known = this.#knownAt(ts);
    const mean = this.#count === 0 ? price : this.#sum / this.#count;
    return known * mean + (1 - known) * price;
  }

  #knownAt(ts: number): number {
    const { meanFrom, meanTo } = this.#clock;
    return Math.min(Math.max((ts - meanFrom) / (meanTo - meanFrom), 0), 1);
  }
}
