import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordBatch } from 'apache-arrow';
import type { Sample } from './rounds.ts';
import { inFreshProcess, interleaved, peakMb, printTable } from './rounds.ts';
import { makeYardstick, readYearColumn, YEAR } from './yardstick.ts';

const COLUMNS = ['open', 'high', 'low', 'close', 'volume', 'oi'] as const;
const DAY_CELLS = YEAR.minutes * YEAR.instruments;

/** A year read day by day into the same buffers: raw column slices against Arrow IPC, one batch a day. */
export async function benchDayReading(folder: string, rounds: number): Promise<void> {
  makeYardstick(folder);
  await makeFiles(folder);
  const sides = Object.entries(READERS).map(([name, { title }]) => ({
    name: title,
    once: () => inFreshProcess('day-reading', [name, folder]),
  }));
  const size = (name: string): string => (statSync(join(folder, name)).size / 1e6).toFixed(0);
  printTable(
    `A year of 43 contracts into reused buffers, a day at a time; raw ${size('year.raw')} MB, Arrow ${size('year.arrow')} MB`,
    interleaved(sides, rounds),
  );
}

/** One reader, its first run in this process; what it has to load counts. */
export async function dayReadingPart([name = '', folder = '']: readonly string[]): Promise<Sample> {
  const reader = READERS[name];
  if (reader === undefined) throw new Error(`no reader is called ${name}`);
  const buffers = COLUMNS.map(() => new Int32Array(DAY_CELLS));
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  const sum = await reader.read(folder, buffers);
  const ms = performance.now() - began;
  return { ms, cpuMs: process.cpuUsage(cpu).user / 1_000, peakMb: peakMb(), answer: `sum of closes ${sum}` };
}

type Read = (folder: string, buffers: readonly Int32Array[]) => number | Promise<number>;

const READERS: Readonly<Record<string, { readonly title: string; readonly read: Read }>> = {
  raw: { title: 'raw column slices', read: readRaw },
  arrowCopy: { title: 'Arrow IPC, copied into the buffers', read: (folder, buffers) => readArrow(folder, buffers) },
  arrowView: { title: 'Arrow IPC, whole file in memory, views', read: (folder) => readArrow(folder, undefined) },
};

function readRaw(folder: string, buffers: readonly Int32Array[]): number {
  const file = openSync(join(folder, 'year.raw'), 'r');
  const bytes = buffers.map(({ buffer }) => new Uint8Array(buffer));
  let sum = 0;
  for (let day = 0; day < YEAR.days; day += 1) {
    bytes.forEach((column, index) => {
      readSync(file, column, 0, column.length, (day * COLUMNS.length + index) * column.length);
    });
    sum += closesOf(buffers[3]);
  }
  closeSync(file);
  return sum;
}

async function readArrow(folder: string, buffers: readonly Int32Array[] | undefined): Promise<number> {
  const { tableFromIPC } = await import('apache-arrow');
  const table = tableFromIPC(readFileSync(join(folder, 'year.arrow')));
  let sum = 0;
  for (const batch of table.batches) {
    COLUMNS.forEach((name, index) => {
      const data = batch.getChild(name)?.data[0];
      if (data === undefined) throw new Error(`a batch has no column ${name}`);
      // Arrow pads a column to whole words of 64 bytes.
      const values = (data.values as Int32Array).subarray(0, data.length);
      buffers?.[index]?.set(values);
      if (name === 'close') sum += closesOf(buffers?.[index] ?? values);
    });
  }
  return sum;
}

function closesOf(closes: Int32Array | undefined): number {
  let sum = 0;
  for (const close of closes ?? []) sum += close;
  return sum;
}

async function makeFiles(folder: string): Promise<void> {
  if (existsSync(join(folder, 'year.raw')) && existsSync(join(folder, 'year.arrow'))) return;
  const columns = COLUMNS.map((name) => readYearColumn(folder, name));
  const raw = Buffer.alloc(YEAR.days * DAY_CELLS * COLUMNS.length * 4);
  const { makeVector, Table, tableToIPC } = await import('apache-arrow');
  const batches: RecordBatch[] = [];
  for (let day = 0; day < YEAR.days; day += 1) {
    const slices = columns.map((column) => column.slice(day * DAY_CELLS, (day + 1) * DAY_CELLS));
    slices.forEach((slice, index) => {
      raw.set(new Uint8Array(slice.buffer), (day * COLUMNS.length + index) * DAY_CELLS * 4);
    });
    const vectors = Object.fromEntries(COLUMNS.map((name, index) => [name, makeVector(slices[index] as Int32Array)]));
    batches.push(...new Table(vectors).batches);
  }
  put(folder, 'year.raw', raw);
  put(folder, 'year.arrow', tableToIPC(new Table(batches), 'file'));
}

function put(folder: string, name: string, bytes: Uint8Array): void {
  writeFileSync(join(folder, `${name}.part`), bytes);
  renameSync(join(folder, `${name}.part`), join(folder, name));
}
