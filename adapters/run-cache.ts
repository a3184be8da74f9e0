import { closeSync, mkdirSync, openSync, readSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

/**
 * The run cache: one file a day, underlying and interval, made from the Parquet rows and thrown away at will. After the header stands a
 * block for each instrument: all opens of the day, then highs, lows, closes, volumes, open interests, as 32-bit whole numbers in the
 * machine's order. A candle that does not exist has `ABSENT` as its open.
 */
export const ABSENT = -2_147_483_648;
export const BLOCK_COLUMNS = 6;
const VERSION = 1;
const MAGIC = 'SIMDAY';
const FIRST_READ = 16_384;

export interface CacheHeader {
  readonly version: number;
  readonly day: string;
  readonly underlying: string;
  readonly intervalMs: number;
  /** Opens and closes of the day's windows, in turn; the grid of candles follows from them. */
  readonly windows: readonly number[];
  /** Candles a day on the grid. */
  readonly length: number;
  /** Names, sizes and times of change of the Parquet files that it was made from. */
  readonly sources: string;
  /** Canonical texts of the instruments, in their total order. */
  readonly instruments: readonly string[];
  /** crc32 of each instrument's block. */
  readonly checksums: readonly number[];
  /** sha256 over the instruments, the grid and all blocks: the same for the same candles, wherever they stand. */
  readonly contentHash: string;
}

/** Thrown when bytes of a cache file are not what was written. */
export class CacheDamaged extends Error {
  override readonly name = 'CacheDamaged';
}

/** Writes a cache file in one move, so that a half-written one never has its name. */
export function writeCacheFile(
  path: string,
  header: Omit<CacheHeader, 'version' | 'checksums'>,
  blocks: readonly Int32Array[],
): void {
  const checksums = blocks.map((block) => crc32(bytesOf(block)));
  const text = Buffer.from(JSON.stringify({ version: VERSION, ...header, checksums }), 'utf8');
  const start = payloadStart(text.length);
  const head = Buffer.alloc(start);
  head.write(MAGIC, 0, 'latin1');
  head.writeUInt32LE(text.length, 8);
  head.writeUInt32LE(crc32(text), 12);
  text.copy(head, 16);

  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, 'w');
  try {
    writeSync(file, head);
    for (const block of blocks) writeSync(file, bytesOf(block));
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

/** An open cache file: its header, and blocks on request. */
export class CacheFile {
  readonly header: CacheHeader;
  readonly #path: string;
  readonly #file: number;
  readonly #start: number;

  private constructor(parts: { path: string; file: number; header: CacheHeader; start: number }) {
    this.header = parts.header;
    this.#path = parts.path;
    this.#file = parts.file;
    this.#start = parts.start;
  }

  /** Undefined when there is no such file; throws `CacheDamaged` when it is not whole. */
  static open(path: string): CacheFile | undefined {
    let file: number;
    try {
      file = openSync(path, 'r');
    } catch {
      return undefined;
    }
    try {
      const { header, start } = readHeader(path, file);
      return new CacheFile({ path, file, header, start });
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /** Reads `count` neighbouring blocks from `first` into the scratch array, checking each. */
  readBlocks(first: number, count: number, scratch: Int32Array): void {
    const cells = BLOCK_COLUMNS * this.header.length;
    const wanted = scratch.subarray(0, count * cells);
    const got = readSync(this.#file, bytesOf(wanted), 0, wanted.byteLength, this.#start + first * cells * 4);
    if (got !== wanted.byteLength) throw new CacheDamaged(`${this.#path} ends early`);
    for (let i = 0; i < count; i += 1) {
      const sum = crc32(bytesOf(wanted.subarray(i * cells, (i + 1) * cells)));
      if (sum !== this.header.checksums[first + i]) {
        throw new CacheDamaged(`${this.#path}: the block of ${this.header.instruments[first + i]} has changed`);
      }
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

function readHeader(path: string, file: number): { header: CacheHeader; start: number } {
  const first = Buffer.allocUnsafe(FIRST_READ);
  const got = readSync(file, first, 0, FIRST_READ, 0);
  if (got < 16 || first.toString('latin1', 0, MAGIC.length) !== MAGIC)
    throw new CacheDamaged(`${path} is no cache file`);
  const length = first.readUInt32LE(8);
  const size = statSync(path).size;
  if (16 + length > size) throw new CacheDamaged(`${path} ends inside its header`);

  let text = first.subarray(16, Math.min(got, 16 + length));
  if (text.length < length) {
    text = Buffer.allocUnsafe(length);
    readSync(file, text, 0, length, 16);
  }
  if (crc32(text) !== first.readUInt32LE(12)) throw new CacheDamaged(`${path} has a changed header`);
  const header = JSON.parse(text.toString('utf8')) as CacheHeader;
  if (header.version !== VERSION) throw new CacheDamaged(`${path} is of version ${header.version}, not ${VERSION}`);
  const start = payloadStart(length);
  const whole = start + header.instruments.length * header.length * BLOCK_COLUMNS * 4;
  if (size !== whole) throw new CacheDamaged(`${path} has ${size} bytes instead of ${whole}`);
  return { header, start };
}

function payloadStart(headerLength: number): number {
  return Math.ceil((16 + headerLength) / 64) * 64;
}

function bytesOf(numbers: Int32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
