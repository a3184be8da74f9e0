import { intervalText } from '../../datasets/candle-row.ts';
import type { SecondsPreset, SnapshotPreset } from '../../datasets/import/preset.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import { isUnderlying } from '../../engine/model/instrument.ts';
import { DAY_MS, dayOfNumber, MINUTE_MS } from '../../engine/model/time.ts';
import { literal, quoted } from '../duckdb.ts';
import type { SourceStep, StepReport } from './import-context.ts';
import { remarks } from './import-context.ts';
import { ImportRefused } from './import-error.ts';
import { numberSql, stampSql, stampText, symbolSql, textTable } from './reading-sql.ts';
import { DAY_SQL, nameSymbols, spanOf, tableWindows } from './staging.ts';

/** Turns a value a second into candles of a minute; values before the open and after the close go. */
export async function stageSeconds(step: SourceStep, preset: SecondsPreset): Promise<StepReport> {
  const { duck, number } = step;
  await duck.run(`CREATE OR REPLACE TEMP TABLE raw AS SELECT *, ${DAY_SQL} AS day FROM (
    SELECT row_number() OVER () AS line, ${symbolSql(preset.instrument)} AS sym, ${stampSql(preset.stamp)} AS ts,
      round(${numberSql(preset.price)} * 100) AS p FROM ${textTable(step.source)})`);
  await nameSymbols(step);
  const { untabled } = await tableWindows(duck, step.facts);
  await duck.run(`CREATE OR REPLACE TEMP TABLE judged AS SELECT raw.*, n.underlying, n.kind, w.open AS session_open,
      CASE WHEN raw.ts IS NULL OR p IS NULL OR p <= 0 THEN 'time or value cannot be read'
        WHEN n.underlying IS NULL OR n.kind <> 'index' THEN 'symbol is no index'
        WHEN w.tabled IS NULL AND raw.ts < (SELECT min(open) FROM windows a WHERE a.day = raw.day) THEN 'before the open'
        WHEN w.tabled IS NULL THEN 'outside the session' END AS reason
    FROM raw LEFT JOIN names n USING (sym, day)
    LEFT JOIN windows w ON w.underlying = n.underlying AND w.day = raw.day AND (NOT w.tabled OR (raw.ts >= w.open AND raw.ts < w.close))`);
  await duck.run(`INSERT INTO new_candles
    SELECT ${number}, min(line), '1m', underlying, DATE '1970-01-01' + any_value(day), minute, 'index', NULL, NULL, NULL,
      arg_min(p, (ts, line)), max(p), min(p), arg_max(p, (ts, line)), NULL, NULL
    FROM (SELECT *, ts - ts % ${MINUTE_MS} AS minute FROM judged WHERE reason IS NULL) GROUP BY underlying, minute`);
  const { minutes, values } = await duck.row<{ minutes: number; values: number }>(
    `SELECT count(*)::INTEGER AS minutes, (SELECT count(*)::INTEGER FROM judged WHERE reason IS NULL) AS values
     FROM new_candles WHERE source = ${number}`,
  );
  const report = await spanOf(step);
  return {
    ...report,
    table: 'candles',
    stamps: stampText(preset.stamp),
    interval: '1m',
    repaired: [],
    notes: [
      `${values} values a second became ${minutes} candles of a minute; the last close is a traded value, not the official one`,
      ...(untabled > 0 ? [`${untabled} days lie before the tables of sessions: kept as they stand`] : []),
    ],
  };
}

/** Snapshots of last prices become candles that end at the snapshot and know only its price. */
export async function stageSnapshots(step: SourceStep, preset: SnapshotPreset): Promise<StepReport> {
  const { duck, source, number } = step;
  const { underlying } = preset;
  if (!isUnderlying(underlying)) throw new ImportRefused(`${source.path} begins with no index that sim knows`);
  await duck.run(`CREATE OR REPLACE TEMP TABLE shots AS SELECT *, ${DAY_SQL} AS day FROM (
    SELECT row_number() OVER () AS line, regexp_extract(${quoted(preset.strike)}, '^([0-9]+)(CE|PE)$', 1) AS strike_text,
      regexp_extract(${quoted(preset.strike)}, '^([0-9]+)(CE|PE)$', 2) AS side,
      (${stampSql(preset.stamp)} // ${MINUTE_MS}) * ${MINUTE_MS} AS ts,
      round(${numberSql(preset.price)} * 100) AS p, ${numberSql(preset.oi)} AS oi FROM ${textTable(source)})`);
  const interval = await snapshotInterval(step);
  await nameNearestExpiry(step, underlying);
  const { untabled } = await tableWindows(duck, step.facts);
  await duck.run(`CREATE OR REPLACE TEMP TABLE judged AS
    SELECT s.line, s.day, s.ts - ${interval} AS ts, n.expiry, try_cast(strike_text AS INTEGER) * 100 AS strike, side, p, oi,
      CASE WHEN s.ts IS NULL THEN 'time cannot be read' WHEN n.expiry IS NULL THEN 'no expiry is listed on that day'
        WHEN side = '' THEN 'strike cannot be read'
        WHEN s.ts = min(s.ts) OVER (PARTITION BY s.day) AND s.ts < o.open + ${interval}
          THEN 'first snapshot of the day: still the last prices of the session before'
        WHEN w.tabled IS NULL THEN 'taken before the first candle could end, or outside the session'
        WHEN p IS NULL OR p <= 0 THEN 'price 0: not traded yet'
        WHEN row_number() OVER (PARTITION BY s.ts, strike_text, side ORDER BY line DESC) > 1 THEN 'the same snapshot twice in the file'
      END AS reason
    FROM shots s LEFT JOIN names n USING (day)
    LEFT JOIN (SELECT day, min(open) AS open FROM windows GROUP BY day) o USING (day)
    LEFT JOIN windows w ON w.day = s.day AND (NOT w.tabled OR (s.ts - ${interval} >= w.open AND s.ts - ${interval} < w.close
      AND (s.ts - w.open) % ${interval} = 0))`);
  await duck.run(`INSERT INTO new_candles
    SELECT ${number}, line, ${literal(intervalText(interval))}, ${literal(underlying)}, DATE '1970-01-01' + day, ts, 'option', expiry, strike,
      side, p, p, p, p, NULL, CASE WHEN oi >= 0 THEN oi END
    FROM judged WHERE reason IS NULL`);
  const report = await spanOf(step);
  return {
    ...report,
    table: 'candles',
    stamps: `${stampText(preset.stamp)}, end of the candle`,
    interval: intervalText(interval),
    repaired: remarks({}),
    notes: [
      'snapshot closes: open, high, low and close are the one price seen, volume is unknown',
      ...(untabled > 0 ? [`${untabled} days lie before the tables of sessions: kept as they stand`] : []),
    ],
  };
}

async function snapshotInterval({ duck, source }: SourceStep): Promise<number> {
  const { gap } = await duck.row<{ gap: number | null }>(
    'SELECT mode(gap) AS gap FROM (SELECT ts - lag(ts) OVER (PARTITION BY day ORDER BY ts) AS gap FROM (SELECT DISTINCT day, ts FROM shots)) WHERE gap > 0',
  );
  if (gap === null || gap >= DAY_MS)
    throw new ImportRefused(`${source.path} has too few snapshots to tell their interval`);
  return gap;
}

/** The file names no expiry: its contracts are those of the nearest one on each day. */
async function nameNearestExpiry({ duck, facts }: SourceStep, underlying: Underlying): Promise<void> {
  const days = await duck.rows<{ day: number }>('SELECT DISTINCT day FROM shots WHERE day IS NOT NULL ORDER BY day');
  await duck.run('CREATE OR REPLACE TEMP TABLE names (underlying VARCHAR, day INTEGER, expiry DATE)');
  await duck.fill(
    'names',
    days.map(({ day }) => [underlying, day, facts.nearestExpiry(underlying, dayOfNumber(day)) ?? null]),
  );
}
