import { symbolOfFileName } from '../../datasets/import/recognise.ts';
import { DAY_MS } from '../../engine/model/time.ts';
import { literal } from '../duckdb.ts';
import type { SourceStep, StepReport } from './import-context.ts';
import { ImportRefused } from './import-error.ts';
import { keepQuotes } from './quote-steps.ts';
import { stampSql, textTable } from './reading-sql.ts';
import { DAY_SQL, nameSymbols } from './staging.ts';

/** Full ticks of one contract as Upstox sends them, the best of five levels. */
export async function stageUpstoxTicks(step: SourceStep): Promise<StepReport> {
  const stamp = stampSql({ kind: 'text', columns: ['insertion_time'], zone: 'ist', date: 'year-first' });
  const number = (name: string): string => `try_cast(${name} AS DOUBLE)`;
  return await stageTicks(step, {
    stamps: 'insertion_time: India time, the clock of the recorder',
    table: `SELECT row_number() OVER () AS line, ${stamp} AS ts, ${number('ltp')} AS ltp, ${number('bp1')} AS bid, ${number('ap1')} AS ask,
      ${number('bq1')} AS bid_quantity, ${number('aq1')} AS ask_quantity, ${number('vtt')} AS volume, ${number('oi')} AS oi
      FROM ${textTable(step.source)}`,
  });
}

/** Full ticks of one contract as Kite sends them, newest first, to the second; the last of a second holds. Before its first quote it says 1970. */
export async function stageKiteTicks(step: SourceStep): Promise<StepReport> {
  const stamp = stampSql({ kind: 'text', columns: ['timestamp'], zone: 'ist', date: 'year-first' });
  const level = 'STRUCT(price DOUBLE, quantity DOUBLE)[]';
  const columns = `{"timestamp": 'VARCHAR', last_price: 'DOUBLE', volume: 'DOUBLE', oi: 'DOUBLE', depth: 'STRUCT(buy ${level}, sell ${level})'}`;
  return await stageTicks(step, {
    stamps: 'timestamp: India time, whole seconds',
    table: `SELECT -row_number() OVER () AS line, CASE WHEN ${stamp} > ${DAY_MS} THEN ${stamp} END AS ts, last_price AS ltp, depth.buy[1].price AS bid, depth.sell[1].price AS ask,
      depth.buy[1].quantity AS bid_quantity, depth.sell[1].quantity AS ask_quantity, volume, oi
      FROM read_json(${literal(step.source.path)}, columns = ${columns}, format = 'newline_delimited')`,
  });
}

/** The contract of a tick file stands in its name alone. */
async function stageTicks(
  step: SourceStep,
  of: { readonly stamps: string; readonly table: string },
): Promise<StepReport> {
  const { duck, source } = step;
  const symbol = symbolOfFileName(source.head.fileName);
  if (symbol === undefined)
    throw new ImportRefused(`${source.path} holds ticks of one contract, but its name does not begin with a symbol`);
  await duck.run(`CREATE OR REPLACE TEMP TABLE raw AS SELECT *, ${DAY_SQL} AS day FROM (
    SELECT line, ${literal(symbol)} AS sym, ts, NULL::BIGINT AS ts_exchange, NULL::DATE AS expiry, NULL::DOUBLE AS strike,
      NULL::VARCHAR AS "right", ltp, bid, ask, bid_quantity, ask_quantity, volume, oi, NULL::DOUBLE AS underlying_price
    FROM (${of.table}))`);
  await nameSymbols(step);
  return await keepQuotes(step, { stamps: of.stamps, countedIn: 'units', notes: [] });
}
