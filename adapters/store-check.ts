import type { SessionTable } from '../datasets/candle-row.ts';
import { candleStarts } from '../datasets/candle-row.ts';
import type { DayFacts, GroupFacts } from '../datasets/checks.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import { DAY_MS, dayNumberOf, dayOfNumber, IST_OFFSET_MS } from '../engine/model/time.ts';
import { TICK } from '../engine/model/units.ts';
import type { CandleStore } from './candle-store.ts';
import type { Duck } from './duckdb.ts';
import { fileList } from './duckdb.ts';

export interface CheckParts {
  readonly duck: Duck;
  readonly store: CandleStore;
  readonly sessions: SessionTable;
}

export interface CheckedSlice {
  readonly intervalMs: number;
  readonly underlying: Underlying;
  readonly days: readonly Day[];
}

/** Counts what the candles of some days are like; days in a query are few, so that memory stays small. */
export async function checkDays(parts: CheckParts, slice: CheckedSlice): Promise<DayFacts[]> {
  const facts: DayFacts[] = [];
  for (let from = 0; from < slice.days.length; from += DAYS_PER_QUERY) {
    facts.push(...(await checkBatch(parts, { ...slice, days: slice.days.slice(from, from + DAYS_PER_QUERY) })));
  }
  return facts;
}

const DAYS_PER_QUERY = 100;
/** Strikes on each moment whose parity is compared: those with call and put nearest to each other. */
const PARITY_STRIKES = 6;

async function checkBatch({ duck, store, sessions }: CheckParts, slice: CheckedSlice): Promise<DayFacts[]> {
  const files = slice.days.flatMap((day) => store.partitionFiles({ ...slice, day }));
  if (files.length === 0) return [];
  await duck.run(`CREATE OR REPLACE TEMP TABLE candles AS
    SELECT *, ((ts + ${IST_OFFSET_MS}) // ${DAY_MS})::INTEGER AS day FROM read_parquet(${fileList(files)}, hive_partitioning = false)`);
  await tableGrid({ duck, sessions }, slice);
  await duck.run(SERIES_SQL);
  const groups = await duck.rows<GroupFacts & { day: number }>(GROUPS_SQL);
  const parity = await duck.rows<{ day: number; sd: number | null; moments: number }>(PARITY_SQL);
  return slice.days.flatMap((day) => {
    const number = dayNumberOf(day);
    const own = groups.filter((group) => group.day === number);
    const found = parity.find((row) => row.day === number);
    const expected = own[0]?.expected ?? 0;
    return own.length === 0
      ? []
      : [
          {
            underlying: slice.underlying,
            intervalMs: slice.intervalMs,
            day: dayOfNumber(number),
            tabled: day >= sessions.knownFrom,
            groups: own.map(({ day: _, ...group }) => group),
            paritySd: typeof found?.sd === 'number' ? Math.round(found.sd) / 100 : null,
            parityCoverage: expected === 0 ? 0 : (found?.moments ?? 0) / expected,
          },
        ];
  });
}

/** The place of each start on its day's grid; days before the tables take the stamps that they have. */
async function tableGrid(
  { duck, sessions }: Pick<CheckParts, 'duck' | 'sessions'>,
  slice: CheckedSlice,
): Promise<void> {
  await duck.run('CREATE OR REPLACE TEMP TABLE grid (day INTEGER, ts BIGINT, place INTEGER)');
  const tabled = slice.days.filter((day) => day >= sessions.knownFrom);
  const rows = tabled.flatMap((day) => {
    const starts = candleStarts(sessions.windowsOn(day, slice.underlying), slice.intervalMs);
    return starts.map((start, place) => [dayNumberOf(day), start, place]);
  });
  await duck.fill('grid', rows);
  await duck.run(`INSERT INTO grid SELECT day, ts, row_number() OVER (PARTITION BY day ORDER BY ts) - 1
    FROM (SELECT DISTINCT day, ts FROM candles WHERE day < ${dayNumberOf(sessions.knownFrom)})`);
}

const CONTRACT = 'day, kind, expiry, strike, "right"';

/** One row a contract and day. */
const SERIES_SQL = `CREATE OR REPLACE TEMP TABLE series AS
  WITH placed AS (
    SELECT c.*, g.place, g.place - lag(g.place) OVER w - 1 AS gap, ts = lag(ts) OVER w AS twice,
      kind <> 'index' AND open = high AND high = low AND low = close AND close = lag(close) OVER w AND coalesce(volume, 0) = 0 AS stale
    FROM candles c LEFT JOIN grid g USING (day, ts) WINDOW w AS (PARTITION BY ${CONTRACT} ORDER BY ts)),
  runs AS (SELECT *, count(*) FILTER (NOT coalesce(stale, false)) OVER (PARTITION BY ${CONTRACT} ORDER BY ts) AS run FROM placed)
  SELECT ${CONTRACT}, sum(candles)::INTEGER AS candles, sum(placed)::INTEGER AS placed, max(gap) AS gap, sum(twice)::INTEGER AS twice, sum(off_tick)::INTEGER AS off_tick,
    sum(crossed)::INTEGER AS crossed, sum(zero)::INTEGER AS zero, sum(no_volume)::INTEGER AS no_volume, sum(no_oi)::INTEGER AS no_oi,
    sum(flat)::INTEGER AS flat, max(stale) AS stale
  FROM (SELECT ${CONTRACT}, run, count(*) AS candles, count(place) AS placed, max(gap) AS gap, count(*) FILTER (twice) AS twice,
      count(*) FILTER (kind <> 'index' AND (open % ${TICK} <> 0 OR high % ${TICK} <> 0 OR low % ${TICK} <> 0 OR close % ${TICK} <> 0)) AS off_tick,
      count(*) FILTER (high < low) AS crossed, count(*) FILTER (volume = 0) AS zero, count(*) FILTER (volume IS NULL) AS no_volume,
      count(*) FILTER (oi IS NULL) AS no_oi, count(*) FILTER (open = high AND high = low AND low = close) AS flat,
      count(*) FILTER (stale) AS stale
    FROM runs GROUP BY ALL)
  GROUP BY ALL`;

const GROUPS_SQL = `SELECT s.day, kind, expiry::VARCHAR AS expiry, count(*)::INTEGER AS contracts, sum(candles)::INTEGER AS candles,
    any_value(e.expected)::INTEGER AS expected, count(*) FILTER (placed = e.expected)::INTEGER AS complete,
    coalesce(max(gap), 0)::INTEGER AS "longestGap", sum(twice)::INTEGER AS duplicates, sum(candles - placed)::INTEGER AS "offGrid",
    sum(off_tick)::INTEGER AS "offTick", sum(crossed)::INTEGER AS "highBelowLow", sum(zero)::INTEGER AS "zeroVolume",
    sum(no_volume)::INTEGER AS "unknownVolume", sum(no_oi)::INTEGER AS "unknownOi", max(stale)::INTEGER AS "longestStale",
    sum(flat)::INTEGER AS flat
  FROM series s LEFT JOIN (SELECT day, count(*) AS expected FROM grid GROUP BY day) e ON e.day = s.day
  GROUP BY s.day, kind, s.expiry
  ORDER BY s.day, CASE kind WHEN 'index' THEN 0 WHEN 'future' THEN 1 ELSE 2 END, s.expiry`;

/** Call - put + strike of the nearest expiry, around its middle on each moment. */
const PARITY_SQL = `WITH near AS (SELECT day, min(expiry) AS expiry FROM candles WHERE kind = 'option' GROUP BY day),
  pairs AS (
    SELECT c.day, c.ts, c.strike + c.close - p.close AS forward, abs(c.close - p.close) AS distance
    FROM candles c JOIN near USING (day, expiry)
    JOIN candles p ON p.day = c.day AND p.ts = c.ts AND p.expiry = c.expiry AND p.strike = c.strike AND p."right" = 'PE'
    WHERE c."right" = 'CE'),
  nearest AS (SELECT * FROM pairs QUALIFY row_number() OVER (PARTITION BY day, ts ORDER BY distance, forward) <= ${PARITY_STRIKES}),
  centred AS (
    SELECT day, ts, count(*) OVER (PARTITION BY day, ts) AS strikes, forward - median(forward) OVER (PARTITION BY day, ts) AS off FROM nearest)
  SELECT day, stddev_pop(off) FILTER (strikes > 1) AS sd, count(DISTINCT ts)::INTEGER AS moments FROM centred GROUP BY day ORDER BY day`;
