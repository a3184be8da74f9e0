import type { ImportFacts } from '../../datasets/import/import-facts.ts';
import type { SymbolMeaning } from '../../datasets/import/symbol-styles.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import { isUnderlying } from '../../engine/model/instrument.ts';
import { DAY_MS, dayOfNumber, epochMs, IST_OFFSET_MS, stampText } from '../../engine/model/time.ts';
import type { Duck } from '../duckdb.ts';
import type { SourceStep, StepReport } from './import-context.ts';
import { dailyNameOf } from './import-context.ts';

/** The day of a stamp in India, as days since 1970. */
export const DAY_SQL = `((ts + ${IST_OFFSET_MS}) // ${DAY_MS})::INTEGER`;

const INSTRUMENT = 'kind VARCHAR, expiry DATE, strike INTEGER, "right" VARCHAR';

/** Tables that sources are staged in before anything is written. */
export async function createStaging(duck: Duck): Promise<void> {
  await duck.run(`CREATE TABLE new_candles (source INTEGER, line BIGINT, interval VARCHAR, underlying VARCHAR, date DATE,
    ts BIGINT, ${INSTRUMENT}, open INTEGER, high INTEGER, low INTEGER, close INTEGER, volume INTEGER, oi INTEGER)`);
  await duck.run(`CREATE TABLE new_quotes (source INTEGER, line BIGINT, underlying VARCHAR, date DATE, ts BIGINT, ${INSTRUMENT},
    ltp INTEGER, bid INTEGER, ask INTEGER, bid_quantity BIGINT, ask_quantity BIGINT, volume BIGINT, oi BIGINT,
    underlying_price INTEGER, ts_exchange BIGINT)`);
  await duck.run(`CREATE TABLE new_index (source INTEGER, line BIGINT, name VARCHAR, day DATE,
    open INTEGER, high INTEGER, low INTEGER, close INTEGER)`);
  await duck.run(`CREATE TABLE new_contracts (source INTEGER, line BIGINT, underlying VARCHAR, date DATE, day DATE, ${INSTRUMENT},
    open INTEGER, high INTEGER, low INTEGER, close INTEGER, settlement INTEGER, underlying_price INTEGER, volume BIGINT,
    oi BIGINT, lot_size INTEGER)`);
}

/** Makes the table `names`: what each symbol of the table `raw`, with spaces around it or not, means on each of its days. */
export async function nameSymbols({ duck, facts }: SourceStep): Promise<{ readonly unknown: readonly string[] }> {
  await duck.run(
    'CREATE OR REPLACE TEMP TABLE names (sym VARCHAR, day INTEGER, underlying VARCHAR, kind VARCHAR, expiry DATE, strike INTEGER, "right" VARCHAR, iid INTEGER)',
  );
  const pairs = await duck.rows<{ sym: string; day: number }>(
    'SELECT DISTINCT sym, day FROM raw WHERE sym IS NOT NULL AND day IS NOT NULL ORDER BY sym, day',
  );
  const unknown = new Set<string>();
  const rows: (string | number | null)[][] = [];
  // A short number for each instrument, whatever its symbols are: sorting by it is cheaper than by five columns.
  const numbers = new Map<string, number>();
  for (const { sym, day } of pairs) {
    const name = sym.trim();
    const meaning = facts.meaningOf(name, dayOfNumber(day));
    if (meaning === undefined) unknown.add(name);
    else {
      const row = nameRow(meaning);
      const key = row.join();
      const number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      rows.push([sym, day, ...row, number]);
    }
  }
  await duck.fill('names', rows);
  return { unknown: [...unknown] };
}

function nameRow(meaning: SymbolMeaning): (string | number | null)[] {
  const name = dailyNameOf(meaning);
  if (meaning.kind === 'volatility' || meaning.kind === 'index') return [name ?? null, 'index', null, null, null];
  if (meaning.kind === 'future') return [meaning.underlying, 'future', meaning.expiry, null, null];
  return [meaning.underlying, 'option', meaning.expiry, meaning.strike, meaning.right];
}

/** Makes the table `windows`: the hours of each underlying in `names` on each of its days. */
export async function tableWindows(duck: Duck, facts: ImportFacts): Promise<{ readonly untabled: number }> {
  await duck.run(
    'CREATE OR REPLACE TEMP TABLE windows (underlying VARCHAR, day INTEGER, tabled BOOLEAN, open BIGINT, close BIGINT)',
  );
  const pairs = await duck.rows<{ underlying: string; day: number }>(
    'SELECT DISTINCT underlying, day FROM names ORDER BY underlying, day',
  );
  let untabled = 0;
  const rows: (string | number | null)[][] = [];
  for (const { underlying, day: number } of pairs) {
    const day = dayOfNumber(number);
    if (day < facts.sessions.knownFrom) {
      untabled += 1;
      rows.push([underlying, number, 'false', null, null]);
      continue;
    }
    // A volatility index keeps the hours of its exchange's shares and options.
    const hours: Underlying = isUnderlying(underlying) ? underlying : 'NIFTY';
    for (const { open, close } of facts.sessions.windowsOn(day, hours)) {
      rows.push([underlying, number, 'true', open, close]);
    }
  }
  await duck.fill('windows', rows);
  return { untabled };
}

/** Rows, span and reasons of the table `judged`, which has a time and perhaps a reason for each row. */
export async function spanOf({
  duck,
}: SourceStep): Promise<Pick<StepReport, 'rows' | 'kept' | 'first' | 'last' | 'dropped'>> {
  const of = await duck.row<{ rows: number; kept: number; first: number | null; last: number | null }>(`
    SELECT count(*)::INTEGER AS rows, count(*) FILTER (reason IS NULL)::INTEGER AS kept,
      min(ts) FILTER (reason IS NULL) AS first, max(ts) FILTER (reason IS NULL) AS last FROM judged`);
  const reasons = await duck.rows<{ what: string; rows: number }>(
    'SELECT reason AS what, count(*)::INTEGER AS rows FROM judged WHERE reason IS NOT NULL GROUP BY reason ORDER BY rows DESC, reason',
  );
  const text = (ts: number | null): string | null => (ts === null ? null : stampText(epochMs(ts)));
  return { rows: of.rows, kept: of.kept, first: text(of.first), last: text(of.last), dropped: reasons };
}
