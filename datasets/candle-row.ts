import { invariant } from '../engine/assert.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import type { Day, EpochMs } from '../engine/model/time.ts';
import { DAY_MS, MINUTE_MS } from '../engine/model/time.ts';

/**
 * A stored candle has `ts` (its start), kind, expiry, strike and right, prices in paise, volume and open interest in units of the
 * underlying; an empty volume or open interest is unknown, 0 is zero. Rows stand by minute, then in the order of instruments: this
 * sorts them in SQL, completely.
 */
export const CANDLE_ORDER =
  `ts, CASE kind WHEN 'index' THEN 0 WHEN 'future' THEN 1 ELSE 2 END, expiry, strike, "right"` as const;

/** One stretch of trading of a day, from its open to its close. */
export interface SessionWindow {
  readonly open: EpochMs;
  readonly close: EpochMs;
}

/** What stored data needs to know of the calendar; days before `knownFrom` have sessions that nobody tabled. */
export interface SessionTable {
  readonly knownFrom: Day;
  /** When the underlying's exchange traded; empty on a day without trading. */
  windowsOn(day: Day, underlying: Underlying): readonly SessionWindow[];
}

/** Which candles of which underlying on which day. */
export interface PartitionName {
  readonly intervalMs: number;
  readonly underlying: Underlying;
  readonly day: Day;
}

/** The folder of a partition under `candles/`. */
export function partitionPath({ intervalMs, underlying, day }: PartitionName): string {
  return `interval=${intervalText(intervalMs)}/underlying=${underlying}/date=${day}`;
}

/** `1m`, `15m`, `1d`, as folders and flags name an interval. */
export function intervalText(intervalMs: number): string {
  invariant(intervalMs > 0, `an interval is positive, was ${intervalMs}`);
  if (intervalMs % DAY_MS === 0) return `${intervalMs / DAY_MS}d`;
  return intervalMs % MINUTE_MS === 0 ? `${intervalMs / MINUTE_MS}m` : `${intervalMs / 1_000}s`;
}

/** Reads what `intervalText` wrote; undefined for anything else. */
export function intervalMsOf(text: string): number | undefined {
  const match = /^([1-9]\d*)([smhd])$/.exec(text);
  if (match === null) return undefined;
  const unit = { s: 1_000, m: MINUTE_MS, h: 60 * MINUTE_MS, d: DAY_MS }[match[2] as 's' | 'm' | 'h' | 'd'];
  return Number(match[1]) * unit;
}

/** The starts of a day's candles: each window from its open, the last one of a window perhaps partial. */
export function candleStarts(windows: readonly SessionWindow[], intervalMs: number): number[] {
  const starts: number[] = [];
  for (const { open, close } of windows) {
    for (let start: number = open; start < close; start += intervalMs) starts.push(start);
  }
  return starts;
}
