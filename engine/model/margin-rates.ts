import type { DatedFact } from './in-force.ts';
import type { Day } from './time.ts';

/** How far SPAN moves price and volatility; ranges in per cent of the underlying, of the volatility in points of a year's. */
export interface ScanRates {
  readonly pctMin: number;
  /** For options with more than nine months left. */
  readonly longDatedPctMin: number;
  /** Standard deviations of a day, times the root of two, that the range has at least. */
  readonly sigmas: number;
  readonly volatilitySharePct: number;
  readonly volatilityPctMin: number;
}

/** What the clearing corporation asks on one day; rates in per cent. */
export interface MarginRates extends ScanRates {
  /** The extreme moves, in price ranges, and the share of their loss that counts. */
  readonly extremeRanges: number;
  readonly extremeSharePct: number;
  /** Of notional: short options, and futures either way. */
  readonly exposurePct: number;
  /** Futures of two months that offset each other count the far one, divided by this. */
  readonly calendarDivisor: number;
  /** Of notional, on top: short options on the day they expire. */
  readonly expiryDayPct: number;
  /** Whether legs offset each other or each stands alone. */
  readonly legs: 'together' | 'apart';
  /** Of the far contract, on what offsets across expiries. */
  readonly calendarPct: number;
  /** Whether contracts that expire today may offset others. */
  readonly expiringToday: 'offsets' | 'stands-alone';
}

/** The dated rates of margins as plain values. */
export interface MarginTables {
  /** The last day that a source speaks of; the rates of later days are the last known ones. */
  readonly verifiedUntil: Day;
  readonly scan: readonly DatedFact<ScanRates>[];
  readonly extreme: readonly DatedFact<{ readonly ranges: number; readonly sharePct: number }>[];
  readonly exposure: readonly DatedFact<{ readonly pct: number; readonly calendarDivisor: number }>[];
  readonly expiryDay: readonly DatedFact<number>[];
  readonly hedgeBenefit: readonly DatedFact<MarginRates['legs']>[];
  readonly calendar: readonly DatedFact<Pick<MarginRates, 'expiringToday'> & { readonly pct: number }>[];
}
