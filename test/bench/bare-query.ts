/**
 * What a run from Parquet asks of the database, in the bare database as a program of its own: all candles of the store it is given, as
 * numbers, each column of each chunk copied into one large array.
 */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const COLUMNS = 11;
const [store = ''] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
const from = `read_parquet('${join(store, 'candles')}/**/*.parquet', hive_partitioning = false)`;
const counted = await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM ${from}`);
const rows = Number(counted.getRows()[0]?.[0]);
const columns = Array.from({ length: COLUMNS }, () => new Int32Array(rows));
const result = await connection.stream(`SELECT
    ((ts + 19800000) // 86400000)::INTEGER, (((ts + 19800000) % 86400000) // 1000)::INTEGER,
    CASE kind WHEN 'index' THEN 0 WHEN 'future' THEN 1 ELSE 2 END::INTEGER,
    coalesce(expiry - DATE '1970-01-01', 0)::INTEGER, coalesce(strike * 2 + ("right" = 'PE')::INTEGER, 0)::INTEGER,
    open::INTEGER, high::INTEGER, low::INTEGER, close::INTEGER, coalesce(volume, -1)::INTEGER, coalesce(oi, -1)::INTEGER
  FROM ${from}`);
let row = 0;
for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
  for (const [index, column] of columns.entries()) {
    const vector = chunk.getColumnVector(index) as unknown as { readonly items: Int32Array };
    column.set(vector.items, row);
  }
  row += chunk.rowCount;
}
console.log(JSON.stringify({ rows: row }));
