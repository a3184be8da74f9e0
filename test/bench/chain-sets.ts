import { existsSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CandleArchive } from '../../adapters/candle-archive.ts';
import { allOf } from '../../adapters/candle-archive-types.ts';
import { CandleStore } from '../../adapters/candle-store.ts';
import { Duck, fileList } from '../../adapters/duckdb.ts';
import { importFiles } from '../../adapters/import/import-run.ts';
import { readReference } from '../../adapters/reference-files.ts';
import { importFactsOf } from '../../datasets/import/import-facts.ts';
import type { IndexColumns } from '../../datasets/modelled/volatility-level.ts';
import { sessionTableOf } from '../../datasets/session-table.ts';
import { minuteStarts } from '../../datasets/session-variance.ts';
import type { Session } from '../../engine/market/calendar.ts';
import type { Instrument, OptionContract, Underlying } from '../../engine/model/instrument.ts';
import { compareInstruments, instrumentKey, instrumentOfKey } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import { day, daysBetween, MINUTE_MS } from '../../engine/model/time.ts';

/** One day of a real chain: an index to price on, and what the options really cost. Prices in paise. */
export interface ChainTruth {
  readonly day: Day;
  readonly underlying: Underlying;
  readonly session: Session;
  readonly index: IndexColumns;
  /** In the total order of instruments. */
  readonly options: readonly OptionContract[];
  /** At row * options + option; 0 where nothing traded or was quoted. */
  readonly prices: Float64Array;
}

/** Expiries farther than this are left aside: no strategy's universe reaches them. */
const DAYS_MAX = 90;

/** Strikes that a forward is read from. */
const PARITY_STRIKES = 5;

const FOLDERS = [
  'banknifty-opt-1min-2023',
  'nifty-opt-1min-2025',
  'nse-chain-snapshots-2025-08',
  'index-daily',
  'index-1min',
  'index-5min',
  'index-15_30min',
] as const;

export const reference = readReference();

/** What of the shared data is not here. */
export function absentFolders(): readonly string[] {
  return FOLDERS.filter((name) => !existsSync(sharedFolder(name)));
}

function sharedFolder(name: string): string {
  return resolve('../shared/data', name);
}

/** A store with the shared chains and indices, imported once; half a store never gets the name. */
export async function chainStore(folder: string): Promise<string> {
  const store = join(folder, 'chain-store-2');
  if (existsSync(store)) return store;
  const part = `${store}.part`;
  rmSync(part, { recursive: true, force: true });
  for (const name of FOLDERS) {
    await importFiles({ paths: [sharedFolder(name)], store: part, facts: importFactsOf(reference) });
  }
  renameSync(part, store);
  return store;
}

export function openArchive(store: string): CandleArchive {
  return new CandleArchive({ store, sessions: sessionTableOf(reference.calendar) });
}

/** Days of one-minute candles with options; where no index stands beside them, the nearest expiry's parity less carry does. */
export async function candleTruths(
  archive: CandleArchive,
  of: { readonly underlying: Underlying; readonly days: readonly Day[]; readonly carry: number },
): Promise<readonly ChainTruth[]> {
  await archive.prepare({ intervalMs: MINUTE_MS, underlyings: [of.underlying], days: of.days });
  return of.days.flatMap((on) => {
    const loaded = archive.readDay({ day: on, intervalMs: MINUTE_MS, wanted: [allOf(of.underlying)] });
    const { instruments, columns, starts } = loaded;
    const options = optionsOf(instruments, on);
    if (options.length === 0) return [];
    const width = instruments.length;
    const slots = options.map((option) => instruments.indexOf(option));
    const prices = new Float64Array(starts.length * options.length);
    for (let row = 0; row < starts.length; row += 1) {
      for (const [at, slot] of slots.entries()) {
        const cell = row * width + slot;
        const traded = columns.valid[cell] === 1 && columns.volume[cell] !== 0;
        prices[row * options.length + at] = traded ? (columns.close[cell] as number) : 0;
      }
    }
    const slot = instruments.findIndex(({ kind }) => kind === 'index');
    const pick = (column: ArrayLike<number>): Int32Array =>
      Int32Array.from(starts, (_start, row) => column[row * width + slot] as number);
    const { open, high, low, close, valid } = columns;
    const index: IndexColumns =
      slot < 0
        ? parityIndex({ starts, options, prices, day: on, carry: of.carry })
        : { starts, open: pick(open), high: pick(high), low: pick(low), close: pick(close), valid: pick(valid) };
    return [{ day: on, underlying: of.underlying, session: sessionOf(on), index, options, prices }];
  });
}

/** Snapshots of a whole chain, each in the minute that its page speaks of: the mids of two-sided quotes, and the parity for the index. */
export async function snapshotTruths(
  store: string,
  of: { readonly underlying: Underlying; readonly day: Day; readonly carry: number },
): Promise<readonly ChainTruth[]> {
  const files = new CandleStore(store).tableFiles('quotes', `underlying=${of.underlying}`, `date=${of.day}`);
  const duck = await Duck.open();
  try {
    const rows = await duck.rows<{ key: string; minute: number; mid: number }>(
      `SELECT '${of.underlying} ' || expiry::VARCHAR || ' ' || (strike / 100)::VARCHAR || ' ' || "right" AS key,
         coalesce(ts_exchange, ts) // ${MINUTE_MS} * ${MINUTE_MS} AS minute, (bid + ask) / 2 AS mid
       FROM read_parquet(${fileList(files)}, hive_partitioning = false)
       WHERE bid > 0 AND ask > 0 AND expiry - DATE '${of.day}' <= ${DAYS_MAX} ORDER BY minute, key, ts`,
    );
    const session = sessionOf(of.day);
    const starts = minuteStarts(session);
    const keys = [...new Set(rows.map(({ key }) => key))];
    const options = optionsOf(keys.map(instrumentOfKey), of.day);
    const slotOf = new Map(options.map((option, slot) => [instrumentKey(option), slot]));
    const prices = new Float64Array(starts.length * options.length);
    for (const { key, minute, mid } of rows) {
      const [row, slot] = [starts.indexOf(minute), slotOf.get(instrumentKey(instrumentOfKey(key))) ?? -1];
      if (row >= 0 && slot >= 0) prices[row * options.length + slot] = mid;
    }
    const index = parityIndex({ starts, options, prices, day: of.day, carry: of.carry });
    return [{ day: of.day, underlying: of.underlying, session, index, options, prices }];
  } finally {
    duck.close();
  }
}

/** The forward of one expiry in a row by put-call parity, the median over the strikes nearest to the money; NaN without three pairs. */
export function parityAt(truth: Pick<ChainTruth, 'options' | 'prices'>, row: number, expiry: Day): number {
  const { options, prices } = truth;
  const pairs: { apart: number; level: number }[] = [];
  for (let slot = 0; slot + 1 < options.length; slot += 1) {
    const [call, put] = [options[slot] as OptionContract, options[slot + 1] as OptionContract];
    if (call.expiry !== expiry || call.right !== 'CE' || put.strike !== call.strike || put.expiry !== expiry) continue;
    const [one, other] = [
      prices[row * options.length + slot] as number,
      prices[row * options.length + slot + 1] as number,
    ];
    if (one === 0 || other === 0) continue;
    pairs.push({ apart: Math.abs(one - other), level: call.strike + one - other });
  }
  if (pairs.length < 3) return Number.NaN;
  const near = pairs.sort((a, b) => a.apart - b.apart).slice(0, PARITY_STRIKES);
  return quantile(
    near.map(({ level }) => level),
    0.5,
  );
}

/** The value below which a part of some numbers lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

function parityIndex(
  of: Pick<ChainTruth, 'options' | 'prices' | 'day'> & { readonly starts: Float64Array; readonly carry: number },
): IndexColumns {
  const nearest = of.options[0]?.expiry ?? of.day;
  const less = Math.exp((-of.carry * daysBetween(of.day, nearest)) / 365);
  const level = Float64Array.from(of.starts, (_start, row) => parityAt(of, row, nearest) * less);
  const valid = Uint8Array.from(level, (value) => (Number.isNaN(value) ? 0 : 1));
  return { starts: of.starts, open: level, high: level, low: level, close: level, valid };
}

function optionsOf(instruments: readonly Instrument[], on: Day): readonly OptionContract[] {
  return instruments
    .filter((one): one is OptionContract => one.kind === 'option' && daysBetween(on, one.expiry) <= DAYS_MAX)
    .sort(compareInstruments);
}

function sessionOf(on: Day): Session {
  const session = reference.calendar.sessionOn(on);
  if (session === undefined) throw new Error(`${on} has no session`);
  return session;
}

/** The days of the sets, and closes of India VIX as NSE published them on the sessions before, in hundredths of a point. */
export const SETS = {
  bankNifty2023: ['2023-04-10', '2023-04-11'].map(day),
  nifty2025: [
    '06-23',
    '06-24',
    '06-25',
    '06-26',
    '06-27',
    '06-30',
    '07-01',
    '07-02',
    '07-03',
    '07-04',
    '07-07',
    '07-08',
  ].map((text) => day(`2025-${text}`)),
  snapshots: day('2025-08-29'),
} as const;

export const VIX_BEFORE: ReadonlyMap<Day, number> = new Map(
  Object.entries({
    '2023-04-10': 1_180,
    '2023-04-11': 1_227,
    '2025-06-23': 1_367,
    '2025-06-24': 1_405,
    '2025-06-25': 1_364,
    '2025-06-26': 1_296,
    '2025-06-27': 1_259,
    '2025-06-30': 1_239,
    '2025-07-01': 1_279,
    '2025-07-02': 1_253,
    '2025-07-03': 1_245,
    '2025-07-04': 1_239,
    '2025-07-07': 1_232,
    '2025-07-08': 1_256,
    '2025-08-29': 1_218,
  }).map(([text, value]) => [day(text), value]),
);
