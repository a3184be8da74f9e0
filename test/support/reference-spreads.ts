/**
 * The measured half-spreads looked up a second time: a search through the rows of the file as they stand, sharing no line with the
 * engine. The spot is that of the last candle that had closed a second before.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReferenceDay } from './reference-market.ts';
import { candleEndedAt, estimateAt, TICK } from './reference-market.ts';
import { repositoryRoot } from './require-tools.ts';

interface Row {
  readonly underlying: string;
  readonly days: number;
  readonly moneyness: number | null;
  readonly premium: number;
  readonly time: string | null;
  readonly paise: readonly number[];
}

interface File {
  readonly bands: {
    readonly premium: readonly number[];
    readonly moneyness: readonly number[];
    readonly days: readonly number[];
    readonly time: readonly string[];
  };
  readonly rows: readonly Row[];
}

/** What a fill of one contract at a price and a time pays beside the price, paise; undefined where nobody measured it. */
export type ReferenceSpread = (day: ReferenceDay, fill: ReferenceSpreadFill) => number | undefined;

export interface ReferenceSpreadFill {
  /** `15700 CE`. */
  readonly key: string;
  /** Paise. */
  readonly price: number;
  /** Milliseconds of the day. */
  readonly t: number;
}

export function referenceSpreads(expiry: string): ReferenceSpread {
  const { bands, rows } = JSON.parse(
    readFileSync(join(repositoryRoot, 'datasets/reference/half-spreads.json'), 'utf8'),
  ) as File;
  return (day, { key, price, t }) => {
    const days = (Date.parse(expiry) - Date.parse(day.date)) / 86_400_000;
    const clock = new Date(t).toISOString().slice(11, 16);
    const away = awayFromMoney(day, key, t);
    const premium = lastAtMost(bands.premium, price / 100);
    const moneyness = away === undefined ? null : lastAtMost(bands.moneyness, away);
    const time = lastAtMost(bands.time, clock);
    const near = rows.filter(
      (row) =>
        row.underlying === day.underlying && row.days === lastAtMost(bands.days, days) && row.premium === premium,
    );
    const found =
      near.find((row) => row.moneyness === moneyness && row.moneyness !== null && row.time === time) ??
      near.find((row) => row.moneyness === moneyness && row.time === null) ??
      near.find((row) => row.moneyness === null);
    const median = found?.paise[1];
    return median === undefined ? undefined : Math.max(1, Math.ceil(median / TICK)) * TICK;
  };
}

/** Per cent of the spot that a strike lies out of the money. */
function awayFromMoney(day: ReferenceDay, key: string, t: number): number | undefined {
  const [strike, right] = key.split(' ');
  const spot = spotBefore(day, t);
  if (spot === undefined) return undefined;
  const above = Number(strike) * 100 - spot;
  return ((right === 'PE' ? -above : above) * 100) / spot;
}

/** A candle is known a second after its end; what is filled in that very millisecond comes first. */
function spotBefore(day: ReferenceDay, t: number): number | undefined {
  const candles = Math.ceil((t - 1_000 - day.startMs) / day.intervalMs) - 1;
  for (let count = candles; count > 0; count -= 1) {
    const ended = day.startMs + count * day.intervalMs;
    const level = candleEndedAt(day, day.underlying, ended)?.close ?? estimateAt(day, ended);
    if (level !== undefined) return level;
  }
  return undefined;
}

/** The last lower end at or below a value, the first one for a value below all. */
function lastAtMost<T extends number | string>(lowerEnds: readonly T[], value: T): T {
  const [first] = lowerEnds;
  if (first === undefined) throw new Error('a band has a lower end');
  return lowerEnds.findLast((end) => end <= value) ?? first;
}
