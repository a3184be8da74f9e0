import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import type { TradedPrices } from '../engine/model/traded-prices.ts';
import type { FileCalls } from './file-calls.ts';
import { DISK, readBytes, writeAll } from './file-calls.ts';
import { StorageProblem, storageProblem } from './storage-problem.ts';

const FORMAT = 'sim-prices-1';
const NEWLINE = 0x0a;
/** Days are written together once they are this long, bytes. */
const BATCH = 262_144;

/**
 * Writes the prices of what was traded, one block a day as the days end, so that a long run keeps none of them in memory. A block is
 * one line of JSON and raw little-endian columns, each beginning at a multiple of eight bytes; equal runs give equal bytes.
 */
export class PriceFile {
  readonly #path: string;
  readonly #calls: FileCalls;
  readonly #file: number;
  readonly #hash: Hash = createHash('sha256');
  #batch = Buffer.allocUnsafeSlow(BATCH);
  #used = 0;

  constructor(path: string, calls: FileCalls = DISK) {
    this.#path = path;
    this.#calls = calls;
    this.#file = this.#guarded(() => calls.open(path, 'wx'));
  }

  add(prices: TradedPrices): void {
    const { day, intervalMs, starts, levels, premiums } = prices;
    const header = JSON.stringify({
      format: FORMAT,
      day,
      intervalMs,
      minutes: starts.length,
      levels: levels.map(({ underlying }) => underlying),
      premiums: premiums.map(({ contract }) => contract),
    });
    this.#take(Buffer.from(`${header}${' '.repeat(padding(Buffer.byteLength(header) + 1))}\n`, 'utf8'));
    for (const column of columnsOf(prices)) {
      const bytes = Buffer.from(column.buffer, column.byteOffset, column.byteLength);
      this.#take(bytes);
      this.#take(ZEROS.subarray(0, padding(bytes.length)));
    }
  }

  #take(bytes: Uint8Array): void {
    if (this.#used + bytes.length > this.#batch.length) this.#flush();
    if (bytes.length > this.#batch.length) this.#batch = Buffer.allocUnsafeSlow(bytes.length);
    this.#batch.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #flush(): void {
    const block = this.#batch.subarray(0, this.#used);
    this.#used = 0;
    this.#hash.update(block);
    this.#guarded(() => writeAll(this.#calls, this.#file, block));
  }

  /** Syncs, closes and returns the SHA-256 of the file. */
  close(): string {
    this.#flush();
    this.#guarded(() => {
      this.#calls.sync(this.#file);
      this.#calls.close(this.#file);
    });
    return this.#hash.digest('hex');
  }

  /** Lets go of the file of a run that failed. */
  abandon(): void {
    this.#calls.close(this.#file);
  }

  #guarded<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw storageProblem(error, this.#path);
    }
  }
}

/** Prices of the days on which something was traded, with the hash of the file that they were read from. */
export interface ReadPrices {
  readonly days: readonly TradedPrices[];
  readonly hash: string;
}

export function readPrices(path: string, calls: FileCalls = DISK): ReadPrices {
  const bytes = readBytes(path, calls);
  const days: TradedPrices[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const end = bytes.indexOf(NEWLINE, offset) + 1;
    const header = headerOf(bytes.toString('utf8', offset, end));
    if (header === undefined) throw new StorageProblem('damaged', `${path} is no price file of this program`);
    const reader = new ColumnReader(bytes, end);
    const { minutes, day, intervalMs } = header;
    days.push({
      day,
      intervalMs,
      starts: new Float64Array(reader.take(minutes * 8)),
      levels: header.levels.map((underlying) => ({
        underlying,
        close: new Int32Array(reader.take(minutes * 4)),
        rung: new Uint8Array(reader.take(minutes)),
      })),
      premiums: header.premiums.map((contract) => ({
        contract,
        high: new Int32Array(reader.take(minutes * 4)),
        low: new Int32Array(reader.take(minutes * 4)),
        close: new Int32Array(reader.take(minutes * 4)),
      })),
    });
    offset = reader.offset;
    if (offset > bytes.length)
      throw new StorageProblem('damaged', `${path} ends within ${day}: it has ${bytes.length} bytes, not ${offset}`);
  }
  return { days, hash: createHash('sha256').update(bytes).digest('hex') };
}

class ColumnReader {
  readonly #bytes: Buffer;
  offset: number;

  constructor(bytes: Buffer, offset: number) {
    this.#bytes = bytes;
    this.offset = offset;
  }

  /** A copy, since a slice of a file may begin anywhere in memory and a typed array may not. */
  take(size: number): ArrayBuffer {
    const copy = new Uint8Array(size);
    copy.set(this.#bytes.subarray(this.offset, this.offset + size));
    this.offset += size + padding(size);
    return copy.buffer;
  }
}

type Column = Float64Array | Int32Array | Uint8Array;

/** The columns of a day in file order. */
function columnsOf({ starts, levels, premiums }: TradedPrices): readonly Column[] {
  const columns = [
    starts,
    ...levels.flatMap(({ close, rung }) => [close, rung]),
    ...premiums.flatMap(({ high, low, close }) => [high, low, close]),
  ];
  for (const column of columns)
    if (column.length !== starts.length) throw new Error(`a column has ${column.length} rows, not ${starts.length}`);
  return columns;
}

const ZEROS = new Uint8Array(8);

/** Bytes that are missing to a multiple of eight. */
function padding(length: number): number {
  return (8 - (length % 8)) % 8;
}

interface Header extends Pick<TradedPrices, 'day' | 'intervalMs'> {
  readonly minutes: number;
  readonly levels: readonly TradedPrices['levels'][number]['underlying'][];
  readonly premiums: readonly string[];
}

function headerOf(text: string): Header | undefined {
  try {
    const header = JSON.parse(text);
    const { format, minutes, levels, premiums } = header;
    const whole = Number.isSafeInteger(minutes) && minutes >= 0 && Array.isArray(levels) && Array.isArray(premiums);
    return format === FORMAT && whole ? header : undefined;
  } catch {
    return undefined;
  }
}
