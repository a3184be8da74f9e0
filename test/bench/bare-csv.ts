/** CSV to Parquet in the bare database, as a program of its own: reads the first file by its own guesses and writes the second. */
import { DuckDBInstance } from '@duckdb/node-api';

const [from = '', to = ''] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
await connection.run(`COPY (FROM read_csv('${from}', header = true)) TO '${to}' (FORMAT parquet, COMPRESSION zstd)`);
const counted = await connection.runAndReadAll(`SELECT count(*)::INTEGER FROM read_parquet('${to}')`);
console.log(JSON.stringify({ rows: Number(counted.getRows()[0]?.[0]) }));
