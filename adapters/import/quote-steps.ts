import { isUnderlying } from '../../engine/model/instrument.ts';
import { IST_OFFSET_MS, isDay } from '../../engine/model/time.ts';
import { literal } from '../duckdb.ts';
import type { SourceStep, StepReport } from './import-context.ts';
import { stampSql, textTable } from './reading-sql.ts';
import { DAY_SQL, nameSymbols, spanOf } from './staging.ts';

const SIDES = ['CALLS', 'PUTS'] as const;

/** The exchange's option-chain page, collected again and again. */
export async function stageChainSnapshots(step: SourceStep): Promise<StepReport> {
  const { duck, source } = step;
  const sides = SIDES.map((side) => {
    const number = (name: string): string => `try_cast(${side}_${name} AS DOUBLE)`;
    return `SELECT line, sym, ts, ts_exchange, expiry, strike, ${literal(side === 'CALLS' ? 'CE' : 'PE')} AS "right",
      ${number('LTP')} AS ltp, ${number('Bid_Price')} AS bid, ${number('Ask_Price')} AS ask, ${number('Bid_Qty')} AS bid_quantity,
      ${number('Ask_Qty')} AS ask_quantity, ${number('Volume')} AS volume, ${number('OI')} AS oi, NULL::DOUBLE AS underlying_price FROM pages`;
  });
  await duck.run(`CREATE OR REPLACE TEMP TABLE pages AS SELECT row_number() OVER () AS line, trim(Symbol) AS sym,
      epoch_ms(try_strptime(collection_timestamp, '%Y%m%d_%H%M%S')) - ${IST_OFFSET_MS} AS ts,
      epoch_ms(try_strptime(Fetch_Time, '%d-%b-%Y %H:%M:%S')) - ${IST_OFFSET_MS} AS ts_exchange,
      try_strptime(Expiry_Date, '%d-%b-%Y')::DATE AS expiry, try_cast(Strike_Price AS DOUBLE) AS strike, *
    FROM ${textTable(source)}`);
  await duck.run(`CREATE OR REPLACE TEMP TABLE raw AS SELECT *, ${DAY_SQL} AS day FROM (${sides.join(' UNION ALL ')})`);
  await nameSymbols(step);
  return await keepQuotes(step, {
    stamps: 'collection_timestamp: India time; the page says its own time, kept beside it',
    countedIn: 'lots',
    notes: [],
  });
}

/** One saved page of the exchange's option chain. */
export async function stageChainPage(step: SourceStep): Promise<StepReport> {
  const { duck, source } = step;
  const leg = `STRUCT(lastPrice DOUBLE, bidprice DOUBLE, askPrice DOUBLE, bidQty DOUBLE, askQty DOUBLE, totalTradedVolume DOUBLE,
    openInterest DOUBLE, underlying VARCHAR)`;
  const columns = `{records: 'STRUCT("timestamp" VARCHAR, underlyingValue DOUBLE, data STRUCT(strikePrice DOUBLE, expiryDate VARCHAR, CE ${leg}, PE ${leg})[])'}`;
  await duck.run(`CREATE OR REPLACE TEMP TABLE pages AS
    SELECT records."timestamp" AS stamp, records.underlyingValue AS underlying_price, unnest(records.data) AS d
    FROM read_json(${literal(source.path)}, columns = ${columns}, maximum_object_size = 67108864)`);
  const sides = ['CE', 'PE'].map(
    (side) => `SELECT row_number() OVER () AS line, d.${side}.underlying AS sym,
      epoch_ms(try_strptime(stamp, '%d-%b-%Y %H:%M:%S')) - ${IST_OFFSET_MS} AS ts, NULL::BIGINT AS ts_exchange,
      try_strptime(d.expiryDate, '%d-%b-%Y')::DATE AS expiry, d.strikePrice AS strike, '${side}' AS "right",
      d.${side}.lastPrice AS ltp, d.${side}.bidprice AS bid, d.${side}.askPrice AS ask, d.${side}.bidQty AS bid_quantity,
      d.${side}.askQty AS ask_quantity, d.${side}.totalTradedVolume AS volume, d.${side}.openInterest AS oi, underlying_price
    FROM pages WHERE d.${side} IS NOT NULL`,
  );
  await duck.run(`CREATE OR REPLACE TEMP TABLE raw AS SELECT *, ${DAY_SQL} AS day FROM (${sides.join(' UNION ALL ')})`);
  await nameSymbols(step);
  return await keepQuotes(step, { stamps: 'the page says its own time, India', countedIn: 'lots', notes: [] });
}

/** Best bid and ask of some contracts, a line at each change. */
export async function stageQuoteLines(step: SourceStep): Promise<StepReport> {
  const { duck, source } = step;
  const price = (name: string): string => `try_cast(${name} AS DOUBLE) * pow(10, try_cast(price_exponent AS DOUBLE))`;
  const stamp = stampSql({ kind: 'text', columns: ['ts'], zone: 'stated', date: 'year-first' });
  await duck.run(`CREATE OR REPLACE TEMP TABLE raw AS SELECT *, ${DAY_SQL} AS day FROM (
    SELECT row_number() OVER () AS line, tradingsymbol AS sym, stamp AS ts, NULL::BIGINT AS ts_exchange, NULL::DATE AS expiry,
      NULL::DOUBLE AS strike, NULL::VARCHAR AS "right", NULL::DOUBLE AS ltp, ${price('bid')} AS bid, ${price('ask')} AS ask,
      try_cast(bid_qty AS DOUBLE) AS bid_quantity, try_cast(ask_qty AS DOUBLE) AS ask_quantity, NULL::DOUBLE AS volume,
      NULL::DOUBLE AS oi, NULL::DOUBLE AS underlying_price
    FROM (SELECT *, ${stamp} AS stamp FROM ${textTable(source)}))`);
  await nameSymbols(step);
  return await keepQuotes(step, { stamps: 'ts: UTC stated', countedIn: 'units', notes: [] });
}

/** Judges the rows of `raw`, one a contract and moment with prices in rupees, and stages the good ones in paise and units. */
export async function keepQuotes(
  step: SourceStep,
  how: { readonly stamps: string; readonly countedIn: 'lots' | 'units'; readonly notes: readonly string[] },
): Promise<StepReport> {
  const { duck, number } = step;
  await duck.run(`CREATE OR REPLACE TEMP TABLE quotes AS
    SELECT raw.* REPLACE (coalesce(raw.expiry, n.expiry) AS expiry, coalesce((raw.strike * 100)::INTEGER, n.strike) AS strike,
      coalesce(raw."right", n."right") AS "right"), n.underlying FROM raw LEFT JOIN names n USING (sym, day)`);
  const unsized = how.countedIn === 'lots' ? await tableLots(step) : 0;
  const lot = how.countedIn === 'lots' ? 'lots.lot_size' : '1';
  const join = how.countedIn === 'lots' ? 'LEFT JOIN lots USING (underlying, expiry, day)' : '';
  await duck.run(`CREATE OR REPLACE TEMP TABLE judged AS
    SELECT q.*, volume * ${lot} AS units, oi * ${lot} AS oi_units,
      CASE WHEN ts IS NULL THEN 'time cannot be read' WHEN underlying IS NULL THEN 'symbol not understood'
        WHEN (ts_exchange + ${IST_OFFSET_MS}) // 86400000 < day THEN 'page of the day before'
        WHEN ts > min(ts) OVER (PARTITION BY underlying, day, ts_exchange) AND ts_exchange IS NOT NULL THEN 'page repeated: collected again before it changed'
        WHEN coalesce(nullif(ltp, 0), nullif(bid, 0), nullif(ask, 0)) IS NULL THEN 'neither price nor quote'
        WHEN row_number() OVER (PARTITION BY underlying, expiry, strike, "right", ts ORDER BY line DESC) > 1 THEN 'the same contract twice at one moment'
      END AS reason
    FROM quotes q ${join}`);
  const price = (name: string): string => `nullif(round(${name} * 100), 0)`;
  await duck.run(`INSERT INTO new_quotes
    SELECT ${number}, line, underlying, DATE '1970-01-01' + day, ts, 'option', expiry, strike, "right", ${price('ltp')}, ${price('bid')},
      ${price('ask')}, bid_quantity, ask_quantity, round(units), round(oi_units), ${price('underlying_price')}, ts_exchange
    FROM judged WHERE reason IS NULL`);
  const counts = await duck.row<{ moments: number; crossed: number; quoted: number }>(`
    SELECT count(DISTINCT ts)::INTEGER AS moments, count(*) FILTER (bid > ask AND ask > 0)::INTEGER AS crossed,
      count(*) FILTER (bid > 0 AND ask > 0)::INTEGER AS quoted FROM judged WHERE reason IS NULL`);
  const notes = [
    `${counts.moments} moments, ${counts.quoted} rows with both bid and ask, ${counts.crossed} of them crossed`,
  ];
  if (how.countedIn === 'lots')
    notes.push('open interest and volume came in contracts: stored in units by the lot of each contract');
  if (unsized > 0) notes.push(`${unsized} contracts of unknown lot: their volume and open interest are unknown`);
  return {
    ...(await spanOf(step)),
    table: 'quotes',
    stamps: how.stamps,
    interval: null,
    repaired: [],
    notes: [...notes, ...how.notes],
  };
}

/** Makes the table `lots` for every contract month of `quotes`; gives the number that the tables do not know. */
async function tableLots({ duck, facts }: SourceStep): Promise<number> {
  const wanted = await duck.rows<{ underlying: string; expiry: string; day: number; date: string }>(`
    SELECT DISTINCT underlying, expiry::VARCHAR AS expiry, day, (DATE '1970-01-01' + day)::VARCHAR AS date FROM quotes
    WHERE underlying IS NOT NULL AND expiry IS NOT NULL AND day IS NOT NULL ORDER BY ALL`);
  const rows = wanted.map(({ underlying, expiry, day, date }) => {
    const known = isUnderlying(underlying) && isDay(expiry) && isDay(date);
    return [underlying, expiry, day, known ? (facts.lotSizeOf({ underlying, expiry, day: date }) ?? null) : null];
  });
  await duck.run('CREATE OR REPLACE TEMP TABLE lots (underlying VARCHAR, expiry DATE, day INTEGER, lot_size INTEGER)');
  await duck.fill('lots', rows);
  return rows.filter(([, , , lot]) => lot === null).length;
}
