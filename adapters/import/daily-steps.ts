import { UNDERLYINGS } from '../../engine/model/instrument.ts';
import { literal } from '../duckdb.ts';
import type { SourceStep, StepReport } from './import-context.ts';
import { ImportRefused } from './import-error.ts';
import { textTable } from './reading-sql.ts';
import { nameSymbols, spanOf } from './staging.ts';

const OURS = UNDERLYINGS.map(literal).join(', ');
const paise = (column: string): string => `nullif(round(try_cast(trim(${column}) AS DOUBLE) * 100), 0)`;
const whole = (column: string): string => `try_cast(round(try_cast(trim(${column}) AS DOUBLE)) AS BIGINT)`;

/** The exchange's end-of-day file of futures and options, UDiFF layout. */
export async function stageBhavcopy(step: SourceStep): Promise<StepReport> {
  const { duck, source } = step;
  await duck.run(`CREATE OR REPLACE TEMP TABLE contracts AS
    SELECT row_number() OVER () AS line, trim(TckrSymb) AS underlying, try_cast(TradDt AS DATE) AS day,
      CASE trim(FinInstrmTp) WHEN 'IDO' THEN 'option' WHEN 'IDF' THEN 'future' END AS kind,
      try_cast(XpryDt AS DATE) AS expiry, ${paise('StrkPric')} AS strike, nullif(trim(OptnTp), '') AS "right",
      ${paise('OpnPric')} AS open, ${paise('HghPric')} AS high, ${paise('LwPric')} AS low, ${paise('ClsPric')} AS close,
      ${paise('SttlmPric')} AS settlement, ${paise('UndrlygPric')} AS underlying_price,
      ${whole('TtlTradgVol')} * ${whole('NewBrdLotQty')} AS volume, ${whole('OpnIntrst')} AS oi, ${whole('NewBrdLotQty')} AS lot_size
    FROM ${textTable(source)}`);
  return await keepContracts(step, 'TradDt');
}

/** The exchange's older daily report of futures or options: padded texts, its day in the file's name only. */
export async function stageMarketReport(step: SourceStep): Promise<StepReport> {
  const { duck, source } = step;
  const date = /(\d\d)(\d\d)(\d{4})/.exec(source.head.fileName);
  if (date === null) throw new ImportRefused(`${source.path} must be named by its day, like op14112025.csv`);
  const day = `${date[3]}-${date[2]}-${date[1]}`;
  const names = source.head.columns.map((name) => name.trim());
  const field = (name: string): string => (names.includes(name) ? `${name.replace('*', '')}_` : 'NULL::VARCHAR');
  const columns = source.head.columns.map((name) => `"${name}" AS ${name.trim().replace('*', '')}_`).join(', ');
  await duck.run(`CREATE OR REPLACE TEMP TABLE contracts AS
    SELECT row_number() OVER () AS line, trim(SYMBOL_) AS underlying, DATE ${literal(day)} AS day,
      CASE trim(INSTRUMENT_) WHEN 'OPTIDX' THEN 'option' WHEN 'FUTIDX' THEN 'future' END AS kind,
      try_strptime(trim(EXP_DATE_), '%d/%m/%Y')::DATE AS expiry, ${paise(field('STR_PRICE'))} AS strike,
      nullif(trim(${field('OPT_TYPE')}), '') AS "right", ${paise('OPEN_PRICE_')} AS open, ${paise('HI_PRICE_')} AS high,
      ${paise('LO_PRICE_')} AS low, ${paise('CLOSE_PRICE_')} AS close, NULL::DOUBLE AS settlement, NULL::DOUBLE AS underlying_price,
      ${whole('TRD_QTY_')} AS volume, ${whole('OPEN_INT_')} AS oi, NULL::BIGINT AS lot_size
    FROM (SELECT ${columns} FROM ${textTable(source, ", comment = '*'")})`);
  const report = await keepContracts(step, 'the file name');
  return { ...report, notes: [...report.notes, 'last line is a remark of the exchange'] };
}

async function keepContracts(step: SourceStep, stamps: string): Promise<StepReport> {
  const { duck, number } = step;
  await duck.run(`CREATE OR REPLACE TEMP TABLE judged AS SELECT *, epoch_ms(day::TIMESTAMP) - 19800000 AS ts,
      CASE WHEN day IS NULL OR expiry IS NULL THEN 'day or expiry cannot be read' WHEN kind IS NULL THEN 'no index contract'
        WHEN underlying NOT IN (${OURS}) THEN 'underlying that sim does not trade'
        WHEN coalesce(close, settlement) IS NULL THEN 'neither close nor settlement price'
        WHEN row_number() OVER (PARTITION BY underlying, day, kind, expiry, strike, "right" ORDER BY line DESC) > 1
          THEN 'the same contract twice in the file'
      END AS reason FROM contracts`);
  await duck.run(`INSERT INTO new_contracts SELECT ${number}, line, underlying, day, day, kind, expiry,
      CASE WHEN kind = 'option' THEN strike END, CASE WHEN kind = 'option' THEN "right" END, open, high, low, close, settlement,
      underlying_price, volume, oi, lot_size FROM judged WHERE reason IS NULL`);
  const { idle } = await duck.row<{ idle: number }>(
    'SELECT count(*) FILTER (coalesce(volume, 0) = 0)::INTEGER AS idle FROM judged WHERE reason IS NULL',
  );
  return {
    ...(await spanOf(step)),
    table: 'daily',
    stamps,
    interval: '1d',
    repaired: [],
    notes: idle > 0 ? [`${idle} contracts did not trade that day: open, high and low are unknown`] : [],
  };
}

/** The exchange's closing values of all its indices; ours and India VIX are kept. */
export async function stageIndexClose(step: SourceStep): Promise<StepReport> {
  const { duck, source, number } = step;
  await duck.run(`CREATE OR REPLACE TEMP TABLE raw AS SELECT *, day_date - DATE '1970-01-01' AS day FROM (
    SELECT row_number() OVER () AS line, "Index Name" AS sym, try_strptime(trim("Index Date"), '%d-%m-%Y')::DATE AS day_date,
      ${paise('"Open Index Value"')} AS o, ${paise('"High Index Value"')} AS h, ${paise('"Low Index Value"')} AS l,
      ${paise('"Closing Index Value"')} AS c FROM ${textTable(source)})`);
  await nameSymbols(step);
  await duck.run(`CREATE OR REPLACE TEMP TABLE judged AS
    SELECT raw.*, n.underlying, epoch_ms(day_date::TIMESTAMP) - 19800000 AS ts,
      CASE WHEN day_date IS NULL THEN 'day cannot be read' WHEN n.underlying IS NULL THEN 'index that sim does not use'
        WHEN c IS NULL THEN 'no closing value' END AS reason
    FROM raw LEFT JOIN names n USING (sym, day)`);
  await duck.run(
    `INSERT INTO new_index SELECT ${number}, line, underlying, day_date, o, h, l, c FROM judged WHERE reason IS NULL`,
  );
  return { ...(await spanOf(step)), table: 'daily', stamps: 'Index Date', interval: '1d', repaired: [], notes: [] };
}
