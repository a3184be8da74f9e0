import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { CandleColumns } from '../engine/model/candle-frame.ts';

/**
 * The run cache: one file a day, underlying and interval, made from the Parquet rows and thrown away at will. After the header stand groups
 * of instruments, each a block as a run wants it: opens of all its instruments minute by minute, then highs, lows, closes, volumes, open
 * interests, as 32-bit whole numbers in the machine's order, then a byte a candle that says whether it exists. The index and the nearest
 * expiry are one group, since most runs want just these.
 */
const VERSION = 2;
const MAGIC = 'SIMDAY';
const FIRST_READ = 16_384;
const BLOCK_COLUMNS = 6;

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
  /** Places of each group's instruments among them, rising. */
  readonly groups: readonly (readonly number[])[];
  /** crc32 of each group's block. */
  readonly checksums: readonly number[];
  /** sha256 over the instruments, the grid and all candles: the same for the same candles, wherever they stand. */
  readonly contentHash: string;
}

/** A header with the place in its file where the groups begin. */
export interface FoundHeader extends CacheHeader {
  readonly start: number;
}

/** What must be known of a file to read its groups. */
export type BlocksFound = Pick<FoundHeader, 'start' | 'length' | 'groups' | 'checksums'>;

/** Thrown when bytes of a cache file are not what was written. */
export class CacheDamaged extends Error {
  override readonly name = 'CacheDamaged';
}

/** Bytes of a group of so many candles in all, up to a whole number of words. */
export function groupBytes(cells: number): number {
  return BLOCK_COLUMNS * 4 * cells + Math.ceil(cells / 8) * 8;
}

/** The columns of a block of so many candles that begins a buffer. */
export function columnsIn(buffer: ArrayBuffer, cells: number): CandleColumns {
  const column = (at: number): Int32Array => new Int32Array(buffer, at * 4 * cells, cells);
  return {
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
    volume: column(4),
    oi: column(5),
    valid: new Uint8Array(buffer, BLOCK_COLUMNS * 4 * cells, cells),
  };
}

/** Writes a cache file in one move, so that a half-written one never has its name. */
export function writeCacheFile(
  path: string,
  header: Omit<CacheHeader, 'version' | 'checksums'>,
  blocks: readonly ArrayBuffer[],
): void {
  const bytes = blocks.map((block) => new Uint8Array(block));
  const checksums = bytes.map((block) => crc32(block));
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
    for (const block of bytes) writeSync(file, block);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

/** Undefined where there is no such file or one of an earlier form; throws `CacheDamaged` where it is not whole. */
export function readCacheHeader(path: string): FoundHeader | undefined {
  const file = opened(path);
  if (file === undefined) return undefined;
  try {
    return headerOf(path, file);
  } finally {
    closeSync(file);
  }
}

/** Reads one group of a file whose header is known to the beginning of a buffer, and checks it. */
export function readGroup(path: string, blocks: BlocksFound, group: number, into: ArrayBuffer): void {
  const size = (at: number): number => groupBytes(blocks.length * (blocks.groups[at]?.length ?? 0));
  let from = blocks.start;
  for (let before = 0; before < group; before += 1) from += size(before);
  const bytes = new Uint8Array(into, 0, size(group));
  const file = opened(path);
  if (file === undefined) throw new CacheDamaged(`${path} is gone`);
  try {
    const got = readSync(file, bytes, 0, bytes.length, from);
    if (got !== bytes.length) throw new CacheDamaged(`${path} ends early`);
  } finally {
    closeSync(file);
  }
  if (crc32(bytes) !== blocks.checksums[group]) throw new CacheDamaged(`${path}: its group ${group} has changed`);
}

function opened(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

function headerOf(path: string, file: number): FoundHeader | undefined {
  const got = readSync(file, firstBytes, 0, FIRST_READ, 0);
  if (got < 16 || firstBytes.toString('latin1', 0, MAGIC.length) !== MAGIC)
    throw new CacheDamaged(`${path} is no cache file`);
  const length = firstBytes.readUInt32LE(8);
  const { size } = fstatSync(file);
  if (16 + length > size) throw new CacheDamaged(`${path} ends inside its header`);

  let text = firstBytes.subarray(16, Math.min(got, 16 + length));
  if (text.length < length) {
    text = Buffer.allocUnsafe(length);
    readSync(file, text, 0, length, 16);
  }
  if (crc32(text) !== firstBytes.readUInt32LE(12)) throw new CacheDamaged(`${path} has a changed header`);
  const header = JSON.parse(text.toString('utf8')) as CacheHeader;
  if (header.version !== VERSION) return undefined;
  const start = payloadStart(length);
  let whole = start;
  for (const group of header.groups) whole += groupBytes(header.length * group.length);
  if (size !== whole) throw new CacheDamaged(`${path} has ${size} bytes instead of ${whole}`);
  return { ...header, start };
}

const firstBytes = Buffer.allocUnsafeSlow(FIRST_READ);

function payloadStart(headerLength: number): number {
  return Math.ceil((16 + headerLength) / 64) * 64;
}
