/**
 * A run's equity computed a second time from fills and candle closes alone, in SQL. Assumes: a fill counts from the minute
 * at or after the instant we knew of it; a position is marked at the last close of its contract at or before the minute;
 * a minute in which something is held that never had a close cannot be valued and is an error.
 */

import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';

export interface EquityFill {
  /** When we knew of the fill. */
  readonly tsMs: number;
  readonly instrumentKey: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly pricePaise: number;
  /** In 1/10,000 paisa. */
  readonly chargesFine: bigint;
}

export interface EquityClose {
  readonly tsEndMs: number;
  readonly instrumentKey: string;
  readonly closePaise: number;
}

export interface EquityInputs {
  readonly fills: readonly EquityFill[];
  readonly closes: readonly EquityClose[];
  readonly minutes: readonly number[];
}

export interface EquityMinute {
  readonly tsMs: number;
  /** Cash of all fills so far plus the marks of what is held, before charges. */
  readonly grossPaise: number;
  /** Charges of all fills so far, in 1/10,000 paisa. */
  readonly chargesFine: bigint;
}

export interface EquityDifference {
  readonly tsMs: number;
  readonly expectedPaise: number | undefined;
  readonly actualPaise: number | undefined;
}

const SQL = `
  WITH signed AS (
    SELECT ts, instrument, CASE side WHEN 'BUY' THEN quantity ELSE -quantity END AS units, price, charges FROM fills
  ), moment AS (
    SELECT ts, sum(-units * price) AS cash, sum(charges) AS charges FROM signed GROUP BY ts
  ), cash AS (
    SELECT ts, sum(cash) OVER (ORDER BY ts) AS cash, sum(charges) OVER (ORDER BY ts) AS charges FROM moment
  ), change AS (
    SELECT ts, instrument, sum(units) AS units FROM signed GROUP BY ts, instrument
  ), held AS (
    SELECT instrument, ts AS since, lead(ts) OVER later AS until, sum(units) OVER later AS units
    FROM change WINDOW later AS (PARTITION BY instrument ORDER BY ts)
  ), open AS (
    SELECT m.ts, h.instrument, h.units FROM held h
    JOIN minutes m ON m.ts >= h.since AND m.ts < coalesce(h.until, 9223372036854775807) WHERE h.units <> 0
  ), marked AS (
    SELECT o.ts, count(*) FILTER (c.price IS NULL) AS unmarked, sum(o.units * c.price) AS worth
    FROM open o ASOF LEFT JOIN closes c ON c.instrument = o.instrument AND c.ts <= o.ts GROUP BY o.ts
  )
  SELECT m.ts, (coalesce(c.cash, 0) + coalesce(k.worth, 0))::BIGINT AS gross, coalesce(c.charges, 0)::BIGINT AS charges,
    coalesce(k.unmarked, 0)::BIGINT AS unmarked
  FROM minutes m ASOF LEFT JOIN cash c ON c.ts <= m.ts LEFT JOIN marked k ON k.ts = m.ts ORDER BY m.ts`;

/** Gross result and charges at each minute, in order of time. */
export async function equityBySql({ fills, closes, minutes }: EquityInputs): Promise<readonly EquityMinute[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await fill(
      connection,
      'fills (ts BIGINT, instrument VARCHAR, side VARCHAR, quantity BIGINT, price BIGINT, charges BIGINT)',
      fills.map((row) => [
        BigInt(row.tsMs),
        row.instrumentKey,
        row.side,
        BigInt(row.quantity),
        BigInt(row.pricePaise),
        row.chargesFine,
      ]),
    );
    await fill(
      connection,
      'closes (ts BIGINT, instrument VARCHAR, price BIGINT)',
      closes.map((row) => [BigInt(row.tsEndMs), row.instrumentKey, BigInt(row.closePaise)]),
    );
    await fill(
      connection,
      'minutes (ts BIGINT)',
      [...new Set(minutes)].map((ts) => [BigInt(ts)]),
    );
    const rows = (await connection.runAndReadAll(SQL)).getRows();
    return rows.map(([ts, gross, charges, unmarked]) => {
      if (unmarked !== 0n) throw new Error(`${unmarked} held contract(s) have no close at or before ${ts}`);
      return { tsMs: Number(ts), grossPaise: Number(gross), chargesFine: BigInt(charges as bigint) };
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The minutes at which two equity curves part, minutes of only one of them included. */
export function equityDifferences(
  expected: readonly Pick<EquityMinute, 'tsMs' | 'grossPaise'>[],
  actual: readonly Pick<EquityMinute, 'tsMs' | 'grossPaise'>[],
): readonly EquityDifference[] {
  const left = new Map(expected.map(({ tsMs, grossPaise }) => [tsMs, grossPaise]));
  const right = new Map(actual.map(({ tsMs, grossPaise }) => [tsMs, grossPaise]));
  const times = [...new Set([...left.keys(), ...right.keys()])].sort((a, b) => a - b);
  return times
    .map((tsMs) => ({ tsMs, expectedPaise: left.get(tsMs), actualPaise: right.get(tsMs) }))
    .filter(({ expectedPaise, actualPaise }) => expectedPaise !== actualPaise);
}

/** Creates a table and appends the rows to it. */
async function fill(
  connection: DuckDBConnection,
  table: string,
  rows: readonly (readonly DuckDBValue[])[],
): Promise<void> {
  await connection.run(`CREATE TABLE ${table}`);
  const appender = await connection.createAppender(table.slice(0, table.indexOf(' ')));
  for (const row of rows) {
    for (const value of row) {
      if (typeof value === 'bigint') appender.appendBigInt(value);
      else appender.appendVarchar(String(value));
    }
    appender.endRow();
  }
  appender.closeSync();
}
