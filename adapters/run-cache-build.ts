import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { SessionTable } from '../datasets/candle-row.ts';
import { CANDLE_ORDER, candleStarts, intervalText } from '../datasets/candle-row.ts';
import type { Instrument, Underlying } from '../engine/model/instrument.ts';
import { compareInstruments, instrumentKey } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import { DAY_MS, dayNumberOf, dayOfNumber, IST_OFFSET_MS } from '../engine/model/time.ts';
import { paise } from '../engine/model/units.ts';
import type { CandleStore } from './candle-store.ts';
import { StoreProblem } from './candle-store.ts';
import type { Duck } from './duckdb.ts';
import { fileList, int32Column } from './duckdb.ts';
import { ABSENT, BLOCK_COLUMNS, writeCacheFile } from './run-cache.ts';

/** Rows fetched at a time when caches are made, which bounds memory. */
const ROWS_PER_QUERY_MAX = 400_000;

export interface CacheBuild {
  readonly duck: Duck;
  readonly store: CandleStore;
  readonly sessions: SessionTable;
  readonly folder: string;
  readonly intervalMs: number;
  readonly underlying: Underlying;
}

/** Where the cache of one day stands below a cache folder. */
export function cachePath(folder: string, of: { intervalMs: number; underlying: Underlying; day: Day }): string {
  return join(folder, `interval=${intervalText(of.intervalMs)}`, `underlying=${of.underlying}`, `${of.day}.day`);
}

/** Makes the cache files of some days from their Parquet rows. */
export async function buildCaches(build: CacheBuild, days: readonly Day[]): Promise<void> {
  for (const batch of await batches(build, days)) {
    const writer = new DayWriter(build, batch);
    for await (const chunk of build.duck.chunks(rowsSql(build, batch))) writer.take(chunk);
    writer.finish();
  }
}

/** Rows of some days in minutes and instruments' order; unknown volume and open interest come as -1. */
function rowsSql(build: CacheBuild, days: readonly Day[]): string {
  const files = days.flatMap((day) => build.store.partitionFiles({ ...build, day }));
  return `SELECT
      ((ts + ${IST_OFFSET_MS}) // ${DAY_MS})::INTEGER AS day,
      (((ts + ${IST_OFFSET_MS}) % ${DAY_MS}) // 1000)::INTEGER AS second,
      CASE kind WHEN 'index' THEN 0 WHEN 'future' THEN 1 WHEN 'option' THEN 2 END::INTEGER AS kind_code,
      coalesce(expiry - DATE '1970-01-01', 0)::INTEGER AS expiry_number,
      coalesce(strike * 2 + ("right" = 'PE')::INTEGER, 0)::INTEGER AS strike_right,
      open::INTEGER, high::INTEGER, low::INTEGER, close::INTEGER,
      coalesce(volume, -1)::INTEGER, coalesce(oi, -1)::INTEGER
    FROM read_parquet(${fileList(files)}, hive_partitioning = false)
    ORDER BY ${CANDLE_ORDER}`;
}

/** Groups days so that one query holds a bounded number of rows. */
async function batches(build: CacheBuild, days: readonly Day[]): Promise<Day[][]> {
  const filesOf = new Map(days.map((day) => [day, build.store.partitionFiles({ ...build, day })]));
  const all = [...filesOf.values()].flat();
  if (all.length === 0) return [];
  const counts = await build.duck.rows<{ file: string; rows: number }>(
    `SELECT file_name AS file, num_rows AS rows FROM parquet_file_metadata(${fileList(all)}) ORDER BY file_name`,
  );
  const rowsOf = new Map(counts.map(({ file, rows }) => [file, rows]));
  const groups: Day[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const [day, files] of filesOf) {
    const count = files.reduce((sum, file) => sum + (rowsOf.get(file) ?? 0), 0);
    if (rows + count > ROWS_PER_QUERY_MAX) {
      groups.push([]);
      rows = 0;
    }
    groups.at(-1)?.push(day);
    rows += count;
  }
  return groups;
}

/** One day while its rows arrive: a block for each instrument seen, and the place of each second on the grid. */
interface OpenDay {
  readonly number: number;
  readonly day: Day;
  readonly starts: readonly number[];
  readonly place: Int32Array;
  readonly blocks: Map<number, Block>;
}

interface Block {
  readonly instrument: Instrument;
  readonly cells: Int32Array;
}

/** Takes rows in order of time and writes each day when the next begins; days without rows get an empty file. */
class DayWriter {
  readonly #build: CacheBuild;
  readonly #signatures: Map<Day, string>;
  #open: OpenDay | undefined;

  constructor(build: CacheBuild, days: readonly Day[]) {
    this.#build = build;
    // The signature is taken before the rows are read: a change in between makes the cache stale, not wrong.
    this.#signatures = new Map(days.map((day) => [day, build.store.signature({ ...build, day })]));
  }

  take(chunk: DuckDBDataChunk): void {
    const columns = Array.from({ length: 11 }, (_, column) => int32Column(chunk, column));
    const at = (column: number, row: number): number => columns[column]?.[row] ?? 0;
    // The driver asks the database for the count at each reading of it.
    const { rowCount } = chunk;
    for (let row = 0; row < rowCount; row += 1) {
      const open = this.#dayOf(at(0, row));
      const place = open.place[at(1, row)] ?? -1;
      if (place < 0) continue;
      const { instrument, cells } = this.#blockOf(open, { kind: at(2, row), expiry: at(3, row), strike: at(4, row) });
      if (cells[place] !== ABSENT) this.#refuseTwice(open.day, instrument);
      const length = open.starts.length;
      for (let column = 0; column < BLOCK_COLUMNS; column += 1) cells[column * length + place] = at(5 + column, row);
    }
  }

  finish(): void {
    this.#writeOpen();
    for (const day of this.#signatures.keys()) this.#write(openDay(this.#build, dayNumberOf(day)));
  }

  #dayOf(number: number): OpenDay {
    if (this.#open?.number === number) return this.#open;
    this.#writeOpen();
    this.#open = openDay(this.#build, number);
    return this.#open;
  }

  #writeOpen(): void {
    if (this.#open !== undefined) this.#write(this.#open);
    this.#open = undefined;
  }

  #write(open: OpenDay): void {
    writeDay(this.#build, open, this.#signatures.get(open.day) ?? '');
    this.#signatures.delete(open.day);
  }

  #blockOf(open: OpenDay, code: InstrumentCode): Block {
    // Kind, expiry and strike side by side in one number below 2^53.
    const key = (code.kind * 65_536 + code.expiry) * 134_217_728 + code.strike;
    const known = open.blocks.get(key);
    if (known !== undefined) return known;
    const fresh = {
      instrument: instrumentOf(this.#build.underlying, code),
      cells: new Int32Array(BLOCK_COLUMNS * open.starts.length).fill(ABSENT, 0, open.starts.length),
    };
    open.blocks.set(key, fresh);
    return fresh;
  }

  #refuseTwice(day: Day, instrument: Instrument): never {
    const folder = this.#build.store.partitionFolder({ ...this.#build, day });
    throw new StoreProblem(
      `${folder} holds two candles of ${instrumentKey(instrument)} for one minute; keep one file there`,
    );
  }
}

function openDay(build: CacheBuild, number: number): OpenDay {
  const day = dayOfNumber(number);
  const starts = candleStarts(build.sessions.windowsOn(day, build.underlying), build.intervalMs);
  const midnight = number * DAY_MS - IST_OFFSET_MS;
  const place = new Int32Array(DAY_MS / 1000).fill(-1);
  for (const [index, start] of starts.entries()) place[(start - midnight) / 1000] = index;
  return { number, day, starts, place, blocks: new Map() };
}

interface InstrumentCode {
  readonly kind: number;
  readonly expiry: number;
  readonly strike: number;
}

function instrumentOf(underlying: Underlying, code: InstrumentCode): Instrument {
  if (code.kind === 0) return { kind: 'index', underlying };
  const expiry = dayOfNumber(code.expiry);
  if (code.kind === 1) return { kind: 'future', underlying, expiry };
  const right = code.strike % 2 === 1 ? 'PE' : 'CE';
  return { kind: 'option', underlying, expiry, strike: paise(Math.floor(code.strike / 2)), right };
}

function writeDay(build: CacheBuild, open: OpenDay, sources: string): void {
  const blocks = [...open.blocks.values()].sort((a, b) => compareInstruments(a.instrument, b.instrument));
  const instruments = blocks.map(({ instrument }) => instrumentKey(instrument));
  const hash = createHash('sha256').update(JSON.stringify([open.day, build.intervalMs, open.starts, instruments]));
  for (const { cells } of blocks) hash.update(new Uint8Array(cells.buffer));
  writeCacheFile(
    cachePath(build.folder, { ...build, day: open.day }),
    {
      day: open.day,
      underlying: build.underlying,
      intervalMs: build.intervalMs,
      windows: build.sessions.windowsOn(open.day, build.underlying).flatMap(({ open: from, close }) => [from, close]),
      length: open.starts.length,
      sources,
      instruments,
      contentHash: hash.digest('hex'),
    },
    blocks.map(({ cells }) => cells),
  );
}
