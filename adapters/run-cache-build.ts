import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { SessionTable } from '../datasets/candle-row.ts';
import { candleStarts, intervalText } from '../datasets/candle-row.ts';
import { UNKNOWN } from '../engine/model/candle-frame.ts';
import type { Instrument, Underlying } from '../engine/model/instrument.ts';
import { compareInstruments, instrumentKey } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import { DAY_MS, dayNumberOf, dayOfNumber, IST_OFFSET_MS } from '../engine/model/time.ts';
import { paise } from '../engine/model/units.ts';
import type { CandleStore } from './candle-store.ts';
import { StoreProblem } from './candle-store.ts';
import type { Duck } from './duckdb.ts';
import { doubleColumn, fileList, int32Column } from './duckdb.ts';
import { columnsIn, groupBytes, writeCacheFile } from './run-cache.ts';

/** Stands for the open of a candle that does not exist while a day is put together. */
const ABSENT = -2_147_483_648;
const BLOCK_COLUMNS = 6;
/** Rows fetched at a time when caches are made, which bounds memory. */
const ROWS_PER_QUERY_MAX = 100_000;

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

/**
 * Rows of some days in no promised order; unknown volume and open interest come as -1. Fetching costs by the column, so instant and
 * instrument are one number each: seconds since 1970 in India, and kind, expiry, strike and right side by side below 2^53.
 */
function rowsSql(build: CacheBuild, days: readonly Day[]): string {
  const files = days.flatMap((day) => build.store.partitionFiles({ ...build, day }));
  return `SELECT
      ((ts + ${IST_OFFSET_MS}) // 1000)::INTEGER AS second,
      ((CASE kind WHEN 'index' THEN 0 WHEN 'future' THEN 1 WHEN 'option' THEN 2 END * ${EXPIRY_MAX}
        + coalesce(expiry - DATE '1970-01-01', 0))::BIGINT * ${STRIKE_MAX}
        + coalesce(strike * 2 + ("right" = 'PE')::INTEGER, 0))::DOUBLE AS instrument,
      open::INTEGER, high::INTEGER, low::INTEGER, close::INTEGER,
      coalesce(volume, -1)::INTEGER, coalesce(oi, -1)::INTEGER
    FROM read_parquet(${fileList(files)}, hive_partitioning = false)`;
}

const EXPIRY_MAX = 65_536;
const STRIKE_MAX = 134_217_728;

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
  readonly day: Day;
  readonly starts: readonly number[];
  readonly place: Int32Array;
  readonly blocks: Map<number, Block>;
}

interface Block {
  readonly instrument: Instrument;
  readonly cells: Int32Array;
}

/** Takes rows in any order and writes each day when all have come; days without rows get an empty file. */
class DayWriter {
  readonly #build: CacheBuild;
  readonly #signatures: Map<Day, string>;
  readonly #open = new Map<number, OpenDay>();

  constructor(build: CacheBuild, days: readonly Day[]) {
    this.#build = build;
    // The signature is taken before the rows are read: a change in between makes the cache stale, not wrong.
    this.#signatures = new Map(days.map((day) => [day, build.store.signature({ ...build, day })]));
    for (const day of days) this.#open.set(dayNumberOf(day), openDay(build, day));
  }

  take(chunk: DuckDBDataChunk): void {
    const seconds = int32Column(chunk, 0);
    const instruments = doubleColumn(chunk, 1);
    const columns = Array.from({ length: BLOCK_COLUMNS }, (_, column) => int32Column(chunk, 2 + column));
    // The driver asks the database for the count at each reading of it.
    const { rowCount } = chunk;
    let [number, open, key, block] = [-1, undefined as OpenDay | undefined, -1, undefined as Block | undefined];
    for (let row = 0; row < rowCount; row += 1) {
      const second = seconds[row] ?? 0;
      const day = Math.floor(second / DAY_SECONDS);
      if (day !== number || open === undefined) {
        [number, open, key] = [day, this.#open.get(day), -1];
        if (open === undefined) continue;
      }
      const place = open.place[second - day * DAY_SECONDS] ?? -1;
      if (place < 0) continue;
      const instrument = instruments[row] ?? 0;
      if (instrument !== key || block === undefined) [key, block] = [instrument, this.#blockOf(open, instrument)];
      const { cells } = block;
      if (cells[place] !== ABSENT) this.#refuseTwice(open.day, block.instrument);
      const length = open.starts.length;
      for (let column = 0; column < BLOCK_COLUMNS; column += 1)
        cells[column * length + place] = columns[column]?.[row] ?? 0;
    }
  }

  finish(): void {
    for (const open of this.#open.values()) writeDay(this.#build, open, this.#signatures.get(open.day) ?? '');
    this.#open.clear();
  }

  #blockOf(open: OpenDay, key: number): Block {
    const known = open.blocks.get(key);
    if (known !== undefined) return known;
    const fresh = {
      instrument: instrumentOf(this.#build.underlying, key),
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

const DAY_SECONDS = DAY_MS / 1_000;

function openDay(build: CacheBuild, day: Day): OpenDay {
  const starts = candleStarts(build.sessions.windowsOn(day, build.underlying), build.intervalMs);
  const midnight = dayNumberOf(day) * DAY_MS - IST_OFFSET_MS;
  const place = new Int32Array(DAY_SECONDS).fill(-1);
  for (const [index, start] of starts.entries()) place[(start - midnight) / 1000] = index;
  return { day, starts, place, blocks: new Map() };
}

function instrumentOf(underlying: Underlying, key: number): Instrument {
  const strikeRight = key % STRIKE_MAX;
  const above = Math.floor(key / STRIKE_MAX);
  const kind = Math.floor(above / EXPIRY_MAX);
  if (kind === 0) return { kind: 'index', underlying };
  const expiry = dayOfNumber(above % EXPIRY_MAX);
  if (kind === 1) return { kind: 'future', underlying, expiry };
  const right = strikeRight % 2 === 1 ? 'PE' : 'CE';
  return { kind: 'option', underlying, expiry, strike: paise(Math.floor(strikeRight / 2)), right };
}

function writeDay(build: CacheBuild, open: OpenDay, sources: string): void {
  const blocks = [...open.blocks.values()].sort((a, b) => compareInstruments(a.instrument, b.instrument));
  const instruments = blocks.map(({ instrument }) => instrumentKey(instrument));
  const hash = createHash('sha256').update(JSON.stringify([open.day, build.intervalMs, open.starts, instruments]));
  for (const { cells } of blocks) hash.update(new Uint8Array(cells.buffer));
  const groups = groupsOf(blocks.map(({ instrument }) => instrument));
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
      groups,
      contentHash: hash.digest('hex'),
    },
    groups.map((members) =>
      interleaved(
        members.flatMap((place) => blocks[place] ?? []),
        open.starts.length,
      ),
    ),
  );
}

/** Index and nearest expiry together, futures, then each later expiry: places among instruments in their total order. */
function groupsOf(instruments: readonly Instrument[]): readonly (readonly number[])[] {
  const nearest = instruments.find(({ kind }) => kind === 'option');
  const groups = new Map<string, number[]>();
  for (const [place, one] of instruments.entries()) {
    const isFirst =
      one.kind === 'index' || (one.kind === 'option' && nearest?.kind === 'option' && one.expiry === nearest.expiry);
    const name = isFirst ? 'first' : one.kind === 'future' ? 'futures' : one.kind === 'option' ? one.expiry : '';
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [place]);
    else group.push(place);
  }
  return [...groups.values()];
}

/** Candles of some instruments side by side, minute by minute; those that do not exist have no prices and nothing known. */
function interleaved(blocks: readonly Block[], length: number): ArrayBuffer {
  const cells = length * blocks.length;
  const buffer = new ArrayBuffer(groupBytes(cells));
  const { open, high, low, close, volume, oi, valid } = columnsIn(buffer, cells);
  const columns = [open, high, low, close, volume, oi];
  volume.fill(UNKNOWN);
  oi.fill(UNKNOWN);
  for (const [slot, { cells: candles }] of blocks.entries()) {
    for (let row = 0; row < length; row += 1) {
      if (candles[row] === ABSENT) continue;
      const cell = row * blocks.length + slot;
      valid[cell] = 1;
      for (let column = 0; column < BLOCK_COLUMNS; column += 1) {
        const target = columns[column];
        if (target !== undefined) target[cell] = candles[column * length + row] ?? 0;
      }
    }
  }
  return buffer;
}
