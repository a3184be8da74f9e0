import { intervalText } from '../../datasets/candle-row.ts';
import type { CandlePreset } from '../../datasets/import/preset.ts';
import { DAY_MS } from '../../engine/model/time.ts';
import type { Duck } from '../duckdb.ts';
import { literal } from '../duckdb.ts';
import type { SourceStep, StepReport } from './import-context.ts';
import { remarks } from './import-context.ts';
import { ImportRefused } from './import-error.ts';
import type { Reading } from './reading-sql.ts';
import { numberSql, stampSql, stampText, symbolSql, textTable, typedReading } from './reading-sql.ts';
import { DAY_SQL, nameSymbols, spanOf, tableWindows } from './staging.ts';

/** Reads a file of candles, cleans it and puts what is good into the staging table. */
export async function stageCandles(step: SourceStep, preset: CandlePreset): Promise<StepReport> {
  const { duck, number } = step;
  await readRows(step, preset);
  const { unknown } = await nameSymbols(step);
  const { untabled } = await tableWindows(duck, step.facts);
  const intervalMs = preset.intervalMs ?? (await commonInterval(step));
  if (intervalMs >= DAY_MS) return await stageDaily(step, preset, unknown);

  const label = preset.label === 'auto' ? await labelOf(step, intervalMs) : preset.label;
  const volume = preset.volumeIs === 'auto' ? await volumeKind(step, preset) : preset.volumeIs;
  await judge(step, { preset, intervalMs, label, volume });
  await duck.run('DROP TABLE raw');
  await duck.run(`INSERT INTO new_candles
    SELECT ${number}, line, ${literal(intervalText(intervalMs))}, underlying, DATE '1970-01-01' + ((ts + 19800000) // ${DAY_MS})::INTEGER,
      ts, kind, expiry, strike, "right", open, high, low, close, volume, oi
    FROM judged WHERE reason IS NULL`);
  const report = await countJudged(step);
  // What is not needed any more makes room for what comes.
  await duck.run('DROP TABLE judged');
  return {
    ...report,
    table: 'candles',
    stamps: `${stampText(preset.stamp)}, ${label} of the candle`,
    interval: intervalText(intervalMs),
    notes: [...report.notes, ...notesOf({ unknown, untabled, volume, label })],
  };
}

/** Makes the table `raw`; a row's place in it is its line, since numbering the lines would read the file on one processor. */
async function readRows({ duck, source }: SourceStep, preset: CandlePreset): Promise<void> {
  const sql = ({ table, stamp }: Reading): string =>
    `CREATE OR REPLACE TEMP TABLE raw AS SELECT *, ${DAY_SQL} AS day FROM (
      SELECT ${symbolSql(preset.instrument)} AS sym, ${stamp} AS ts,
        ${numberSql(preset.open)} AS o, ${numberSql(preset.high)} AS h, ${numberSql(preset.low)} AS l,
        ${numberSql(preset.close)} AS c, ${numberSql(preset.volume)} AS v, ${numberSql(preset.oi)} AS oi
      FROM ${table})`;
  const typed = typedReading(source, preset);
  if (typed !== undefined && (await succeeds(() => duck.run(sql(typed))))) return;
  await duck.run(sql({ table: textTable(source), stamp: stampSql(preset.stamp) }));
}

/** Whether a short cut led somewhere; where it did not, the long way says why. */
async function succeeds(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
}

/** Rows that questions about the whole file are asked of; larger files are asked by some of their symbols' days. */
const ASKED_ROWS = 500_000;

/** Every so many of the symbols' days, whole, so that what stands beside each other stays so. */
async function sampleSql({ duck }: SourceStep): Promise<string> {
  const { rows } = await duck.row<{ rows: number }>('SELECT count(*)::INTEGER AS rows FROM raw');
  const nth = Math.ceil(rows / ASKED_ROWS);
  const line = 'rowid + 1 AS line';
  return nth === 1 ? `(SELECT *, ${line} FROM raw)` : `(SELECT *, ${line} FROM raw WHERE hash(sym, day) % ${nth} = 0)`;
}

/** The commonest distance between neighbouring stamps of an instrument. */
async function commonInterval(step: SourceStep): Promise<number> {
  const { duck, source } = step;
  const some = await sampleSql(step);
  const { gap } = await duck.row<{ gap: number | null }>(`SELECT (SELECT mode(gap) FROM (
      SELECT ts - lag(ts) OVER (PARTITION BY sym, day ORDER BY ts) AS gap FROM ${some}) WHERE gap > 0) AS gap`);
  // Candles of a day each have no neighbour within it: a file of such has few rows.
  const found = gap ?? (await commonDailyInterval(duck));
  if (found === null) {
    throw new ImportRefused(`${source.path} has too few rows to tell the interval; name it with a map (interval: 1m)`);
  }
  return found % DAY_MS === 0 ? DAY_MS : found;
}

async function commonDailyInterval(duck: Duck): Promise<number | null> {
  const { gap } = await duck.row<{ gap: number | null }>(`SELECT (SELECT mode(gap) FROM (
      SELECT ts - lag(ts) OVER (PARTITION BY sym ORDER BY ts) AS gap FROM raw) WHERE gap > 0) AS gap`);
  return gap;
}

/** End labels: nothing stands at the open, but one interval later something does, and at the close too. */
async function labelOf({ duck }: SourceStep, intervalMs: number): Promise<'start' | 'end'> {
  const seen = await duck.row<{ open: number; next: number; close: number }>(`
    SELECT count(*) FILTER (ts = w.open)::INTEGER AS open, count(*) FILTER (ts = w.open + ${intervalMs})::INTEGER AS next,
      count(*) FILTER (ts = w.close)::INTEGER AS close
    FROM raw JOIN names n USING (sym, day) JOIN windows w ON w.underlying = n.underlying AND w.day = raw.day AND w.tabled`);
  return seen.open === 0 && seen.next > 0 && seen.close > 0 ? 'end' : 'start';
}

/** A volume that never falls within a day, for any contract with enough rows, is a running total. */
async function volumeKind(step: SourceStep, preset: CandlePreset): Promise<'per-candle' | 'cumulative'> {
  if (preset.volume === undefined) return 'per-candle';
  const { duck } = step;
  const { groups, falling } = await duck.row<{ groups: number; falling: number }>(`
    SELECT count(*)::INTEGER AS groups, count(*) FILTER (falls > 0)::INTEGER AS falling FROM (
      SELECT count(*) AS rows, count(DISTINCT v) AS steps, count(*) FILTER (v < before) AS falls FROM (
        SELECT sym, day, v, lag(v) OVER (PARTITION BY sym, day ORDER BY ts, line) AS before FROM ${await sampleSql(step)})
      GROUP BY sym, day HAVING count(*) >= 10 AND count(DISTINCT v) > 4)`);
  return groups > 0 && falling === 0 ? 'cumulative' : 'per-candle';
}

interface Judging {
  readonly preset: CandlePreset;
  readonly intervalMs: number;
  readonly label: 'start' | 'end';
  readonly volume: 'per-candle' | 'cumulative';
}

/** Gives each row its cleaned values, or the reason why it goes. */
async function judge({ duck }: SourceStep, how: Judging): Promise<void> {
  const traded =
    how.volume === 'cumulative'
      ? 'CASE WHEN v >= coalesce(total, 0) THEN v - coalesce(total, 0) END'
      : 'CASE WHEN v >= 0 THEN v END';
  // Nearly all files give a minute of a contract once and every cell of it: then one order of the rows tells all, at half the price.
  const { gaps } = await duck.row<{ gaps: boolean }>(
    `SELECT count(v) < count(*) OR count(${priceSql(how, 'c')}) < count(*) AS gaps FROM raw`,
  );
  const { windows } = await duck.row<{ windows: number }>(
    'SELECT coalesce(max(many), 1)::INTEGER AS windows FROM (SELECT count(*) AS many FROM windows GROUP BY underlying, day)',
  );
  const asked = { ...how, windows };
  const known = gaps ? ' IGNORE NULLS' : '';
  await duck.run(
    judgedSql(
      asked,
      `ordered AS (
      SELECT *, lag(v${known}) OVER day_rows AS total, lag(c${known}) OVER day_rows AS before, lag(ts) OVER day_rows AS earlier
      FROM named WINDOW day_rows AS (PARTITION BY iid * 65536 + day ORDER BY ts)),
    rowed AS (SELECT *, 1 AS place, true AS same, ${traded} AS traded, coalesce(earlier = ts, false) AS again FROM ordered),`,
    ),
  );
  const { again } = await duck.row<{ again: boolean }>('SELECT coalesce(bool_or(again), false) AS again FROM judged');
  if (!again) return;
  await duck.run(
    judgedSql(
      asked,
      `placed AS (
      SELECT *, row_number() OVER latest AS place, (o, h, l, c, v, oi) IS NOT DISTINCT FROM first_value((o, h, l, c, v, oi)) OVER latest AS same
      FROM named WINDOW latest AS (PARTITION BY iid, ts ORDER BY line DESC)),
    ordered AS (
      SELECT *, lag(v IGNORE NULLS) OVER day_rows AS total, lag(c IGNORE NULLS) OVER day_rows AS before
      FROM placed WINDOW day_rows AS (PARTITION BY iid, day, place = 1 ORDER BY ts, line)),
    rowed AS (SELECT *, CASE WHEN place = 1 THEN ${traded} END AS traded, false AS again FROM ordered),`,
    ),
  );
}

/**
 * The table `judged`, where `rowed` tells of each row what stands before it and which of several rows of a minute it is. Rows are ordered
 * by numbers alone; what a symbol means on its day, and the hours of that day, come to them afterwards by the number of its name.
 */
function judgedSql(how: Judging & { readonly windows: number }, rowed: string): string {
  const { intervalMs, label, windows } = how;
  const factor = factorOf(how);
  const shift = label === 'end' ? intervalMs : 0;
  const price = (column: string): string => priceSql(how, column);
  const hours = Array.from({ length: windows }, (_, at) => at + 1);
  const within = hours.map((at) => `WHEN ts >= opens[${at}] AND ts < closes[${at}] THEN opens[${at}]`).join(' ');
  return `CREATE OR REPLACE TEMP TABLE judged AS
    WITH numbered AS (SELECT *, rowid AS nid FROM names),
    meant AS (
      SELECT n.*, w.tabled, w.opens, w.closes FROM numbered n LEFT JOIN (
        SELECT underlying, day, bool_and(tabled) AS tabled, list(open ORDER BY open) AS opens, list(close ORDER BY open) AS closes
        FROM windows GROUP BY underlying, day) w USING (underlying, day)),
    named AS (
      SELECT raw.rowid + 1 AS line, raw.ts - ${shift} AS ts, raw.day, n.nid, n.iid,
        ${price('o')} AS o, ${price('h')} AS h, ${price('l')} AS l, ${price('c')} AS c, v, oi,
        greatest(abs(o * ${factor} - round(o * ${factor})), abs(c * ${factor} - round(c * ${factor}))) > 0.000001 AS noisy
      FROM raw LEFT JOIN numbered n ON n.sym = raw.sym AND n.day = raw.day),
    ${rowed}
    repaired AS (
      SELECT *, coalesce(o, greatest(least(coalesce(before, c), greatest(h, l)), least(h, l))) AS filled FROM rowed),
    placed_in_day AS (
      SELECT r.*, m.underlying, m.kind, m.expiry, m.strike, m."right", m.tabled, CASE ${within} END AS session_open
      FROM repaired r LEFT JOIN meant m ON m.nid = r.nid)
    SELECT line, ts, underlying, kind, expiry, strike, "right",
      CASE
        WHEN ts IS NULL THEN 'time cannot be read'
        WHEN underlying IS NULL THEN 'symbol not understood'
        WHEN place > 1 AND same THEN 'the same row twice in the file'
        WHEN place > 1 THEN 'another row of the same minute came later in the file'
        WHEN tabled IS NULL THEN 'no session on that day'
        WHEN tabled AND session_open IS NULL THEN 'outside the session'
        WHEN coalesce(o, h, l, c) IS NULL THEN 'all prices 0: not traded yet'
        WHEN h IS NULL OR l IS NULL OR c IS NULL THEN 'close, high or low empty or 0'
        WHEN tabled AND (ts - session_open) % ${intervalMs} <> 0 THEN 'not on the grid of the session'
      END AS reason,
      filled AS open, greatest(h, l, filled, c) AS high, least(h, l, filled, c) AS low, c AS close,
      CASE WHEN kind <> 'index' THEN try_cast(round(traded) AS INTEGER) END AS volume,
      CASE WHEN kind <> 'index' AND oi >= 0 THEN try_cast(round(oi) AS INTEGER) END AS oi,
      o IS NULL AS open_missing, h < l AS crossed, h < greatest(filled, c) OR l > least(filled, c) AS loose, noisy,
      kind <> 'index' AND traded = 0 AND o = c AND h = c AND l = c AND c = before AS filler,
      kind <> 'index' AND place = 1 AND v IS NOT NULL AND traded IS NULL AS fell, again
    FROM placed_in_day`;
}

function factorOf({ preset }: Pick<Judging, 'preset'>): number {
  return preset.priceUnit === 'rupees' ? 100 : 1;
}

/** A price in paise, empty where it is 0 or none. */
function priceSql(how: Pick<Judging, 'preset'>, column: string): string {
  return `nullif(try_cast(round(${column} * ${factorOf(how)}) AS INTEGER), 0)`;
}

async function countJudged(step: SourceStep): Promise<Omit<StepReport, 'table' | 'stamps' | 'interval'>> {
  const span = await spanOf(step);
  const of = await step.duck.row<Record<'opens' | 'crossed' | 'loose' | 'noisy' | 'filler' | 'fell', number>>(`
    SELECT count(*) FILTER (open_missing)::INTEGER AS opens, count(*) FILTER (crossed)::INTEGER AS crossed,
      count(*) FILTER (loose AND NOT crossed)::INTEGER AS loose, count(*) FILTER (noisy)::INTEGER AS noisy,
      count(*) FILTER (filler)::INTEGER AS filler, count(*) FILTER (fell)::INTEGER AS fell
    FROM judged WHERE reason IS NULL`);
  return {
    ...span,
    repaired: remarks({
      'open 0 or empty: previous close of the day, held within low and high': of.opens,
      'high below low: exchanged': of.crossed,
      'high or low did not contain open and close: widened': of.loose,
      'prices rounded to paise': of.noisy,
      'running volume fell: volume unknown': of.fell,
    }),
    notes: of.filler === 0 ? [] : [`${of.filler} filler candles (no trade, last price repeated) kept with volume 0`],
  };
}

function notesOf(of: {
  readonly unknown: readonly string[];
  readonly untabled: number;
  readonly volume: 'per-candle' | 'cumulative';
  readonly label: 'start' | 'end';
}): string[] {
  const notes: string[] = [];
  if (of.volume === 'cumulative') notes.push('volume is a running total of the day: turned into differences');
  if (of.label === 'end') notes.push('stamps are the ends of candles: moved to their starts');
  if (of.untabled > 0) notes.push(`${of.untabled} days lie before the tables of sessions: kept as they stand`);
  if (of.unknown.length > 0) {
    notes.push(`${of.unknown.length} symbols not understood, such as ${of.unknown.slice(0, 3).join(', ')}`);
  }
  return notes;
}

/** Daily candles of an index or of India VIX go to the table of daily values. */
async function stageDaily(step: SourceStep, preset: CandlePreset, unknown: readonly string[]): Promise<StepReport> {
  const { duck, number } = step;
  const price = (column: string): string => priceSql({ preset }, column);
  await duck.run(`CREATE OR REPLACE TEMP TABLE judged AS SELECT raw.rowid + 1 AS line, ts, n.underlying, raw.day, ${price('o')} AS o,
      ${price('h')} AS h, ${price('l')} AS l, ${price('c')} AS c,
      CASE WHEN ts IS NULL THEN 'time cannot be read'
        WHEN n.underlying IS NULL THEN 'symbol not understood'
        WHEN n.kind <> 'index' THEN 'daily candle of a contract: the bhavcopy has those'
        WHEN c IS NULL OR c = 0 THEN 'no close'
        WHEN row_number() OVER (PARTITION BY n.underlying, raw.day ORDER BY raw.rowid DESC) > 1 THEN 'the same day twice in the file'
      END AS reason
    FROM raw LEFT JOIN names n ON n.sym = raw.sym AND n.day = raw.day`);
  await duck.run(`INSERT INTO new_index SELECT ${number}, line, underlying, DATE '1970-01-01' + day, o, h, l, c
    FROM judged WHERE reason IS NULL`);
  const span = await spanOf(step);
  return {
    ...span,
    table: 'daily',
    stamps: `${stampText(preset.stamp)}, the day of the candle`,
    interval: '1d',
    repaired: [],
    notes: notesOf({ unknown, untabled: 0, volume: 'per-candle', label: 'start' }),
  };
}
