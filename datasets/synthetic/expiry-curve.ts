import { exp, ln } from '../../engine/indicators/fixed-math.ts';
import type { MovingSmile } from '../../engine/market/vol-surface.ts';
import { atTheMoneyVolatility } from '../../engine/market/vol-surface.ts';
import type { Day } from '../../engine/model/time.ts';
import { daysBetween } from '../../engine/model/time.ts';
import { leftOfMean, YEAR_DAYS } from '../session-variance.ts';
import type { MarketDay } from './daily-path.ts';
import { OVERNIGHT_SHARE } from './daily-path.ts';
import type { SessionPath } from './session-path.ts';
import { POINTS_PER_MINUTE } from './session-path.ts';

/** Interest less dividends a year, by the calendar: what a forward has above the index. */
const CARRY = 0.055;

const CURVATURE = 0.022;

/** Interest in strikes never narrows below that of an option with this much time left. */
const INTEREST_YEARS_MIN = 0.4 / YEAR_DAYS;

/** What options of one expiry are valued from, by minute: forwards in paise, time in trading years, volatility at the money. */
export interface ExpiryCurve {
  readonly expiry: Day;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** Logarithm of `close`. */
  readonly log: Float64Array;
  readonly rootYears: Float64Array;
  readonly atm: Float64Array;
  /** One over the deviation by which interest in strikes is measured. */
  readonly reach: Float64Array;
  /** Movement of the forward that still counts: below 1 once part of the settlement is known. */
  readonly alive: Float64Array;
  readonly skew: number;
  readonly curvature: number;
}

/**
 * The forward, time and volatility of one expiry through a day. Time runs on the market's own clock of variance: a night counts a
 * quarter of a trading day, busy minutes count more, weekends nothing; 252 trading days are a year. On the day of expiry the option is
 * on a mean that fills up: what is known of it stands still, and what is left has the variance of a mean (a third of the window's).
 */
export function expiryCurve(parts: {
  readonly expiry: Day;
  readonly day: MarketDay;
  readonly path: SessionPath;
  /** Trading days after this one, up to the expiry. */
  readonly daysLeft: number;
}): ExpiryCurve {
  const { expiry, day, path, daysLeft } = parts;
  const minutes = path.starts.length;
  const columns = Array.from({ length: 9 }, () => new Float64Array(minutes));
  const [open, high, low, close, log, rootYears, atm, reach, alive] = columns as NineColumns;
  const carry = exp((CARRY * daysBetween(day.day, expiry)) / 365);
  const smile: MovingSmile = { level: 0, term: 0, skew: day.skew, curvature: CURVATURE };
  const isLast = daysLeft === 0;

  for (let m = 0; m < minutes; m += 1) {
    const known = isLast ? (path.settlement.known[m] as number) : 0;
    // On the last day the basis fades as the settlement does.
    const above = carry * (1 + (path.basis[m] as number) * (isLast ? 1 - (path.spent[m] as number) : 1));
    const fixed = known * (path.settlement.mean[m] as number);
    const forward = (level: number): number =>
      known >= 1 ? path.settlement.level : fixed + (1 - known) * level * above;
    open[m] = forward(path.points[m * POINTS_PER_MINUTE] as number);
    high[m] = forward(path.high[m] as number);
    low[m] = forward(path.low[m] as number);
    close[m] = forward(path.points[(m + 1) * POINTS_PER_MINUTE - 1] as number);
    const left = isLast ? lastDayLeft(path, m) : 1 - (path.spent[m] as number);
    const time = (daysLeft + left * (1 - OVERNIGHT_SHARE) * day.weight) / YEAR_DAYS;
    log[m] = ln(close[m] as number);
    rootYears[m] = Math.sqrt(time);
    smile.level = path.volatility[m] as number;
    smile.term = termOf(smile.level, day.homeVolatility);
    atm[m] = atTheMoneyVolatility(smile, time);
    reach[m] = 1 / ((atm[m] as number) * Math.sqrt(Math.max(time, INTEREST_YEARS_MIN)));
    alive[m] = 1 - known;
  }
  return { expiry, open, high, low, close, log, rootYears, atm, reach, alive, skew: day.skew, curvature: CURVATURE };
}

type NineColumns = [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
];

/** The session's variance that still moves a settlement on a mean. */
function lastDayLeft(path: SessionPath, m: number): number {
  const { from, to, known } = path.settlement;
  const spent = path.spent[m] as number;
  const opens = from === 0 ? 0 : (path.spent[from - 1] as number);
  const closes = path.spent[to - 1] as number;
  return leftOfMean({ spent, opens, closes, known: m < from ? 0 : (known[m] as number) });
}

/** Above its home volatility the near end stands above the far one, below it under it. */
function termOf(level: number, home: number): number {
  return Math.min(Math.max(0.8 * (level - 1.05 * home), -0.2 * level), 0.6 * level);
}
