import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { JournalRecord, Stamp, Unstamped } from '../engine/journal.ts';
import { placeText } from '../engine/journal.ts';
import type { JournalSink } from '../engine/ports.ts';
import type { FileCalls } from './file-calls.ts';
import { DISK, writeAll } from './file-calls.ts';
import { StorageProblem, storageProblem } from './storage-problem.ts';

/** Length from which a block is sealed and written. */
const BLOCK_BYTES = 262_144;
const CHAIN_START = '0'.repeat(64);

/** What a finished journal is known by. */
export interface JournalSeal {
  /** SHA-256 over the chain of all blocks. */
  readonly hash: string;
  readonly records: number;
  /** Hash of the money column file that belongs to it. */
  readonly moneyHash: string | null;
  /** Hash of the file with the prices of what was traded; null in runs that kept none. */
  readonly pricesHash: string | null;
}

/** How a block ends. */
interface BlockEnd {
  readonly closed: boolean;
  readonly moneyHash: string | null;
  /** Left out where there is none, as it was before prices were kept. */
  readonly pricesHash?: string;
}

/**
 * Writes a journal as JSON lines in blocks. Each block ends with a seal: the SHA-256 of the seal before it and the block's bytes. The
 * blocks are cut by length alone, so equal records give equal files. After a failure every call fails alike, whoever caught the first.
 */
export class JournalFile implements JournalSink {
  readonly #path: string;
  readonly #calls: FileCalls;
  readonly #file: number;
  readonly #block = new JournalBlock();
  #chain = CHAIN_START;
  #records = 0;
  #problem: StorageProblem | undefined;

  constructor(path: string, calls: FileCalls = DISK) {
    this.#path = path;
    this.#calls = calls;
    this.#file = this.#guarded(() => calls.open(path, 'wx'));
  }

  get records(): number {
    return this.#records;
  }

  write(stamp: Stamp, record: Unstamped): void {
    if (this.#problem !== undefined) throw this.#problem;
    this.#block.add(stamp, record);
    this.#records += 1;
    if (this.#block.bytes.length >= BLOCK_BYTES) this.#flush({ closed: false, moneyHash: null });
  }

  /** Ends the last block, syncs once and closes. */
  close(moneyHash: string | null = null, pricesHash: string | null = null): JournalSeal {
    this.#flush({ closed: true, moneyHash, ...(pricesHash !== null && { pricesHash }) });
    this.#guarded(() => {
      this.#calls.sync(this.#file);
      this.#calls.close(this.#file);
    });
    return { hash: this.#chain, records: this.#records, moneyHash, pricesHash };
  }

  /** Lets go of the file of a run that failed. */
  abandon(): void {
    this.#calls.close(this.#file);
  }

  #flush(end: BlockEnd): void {
    if (this.#problem !== undefined) throw this.#problem;
    this.#chain = chained(this.#chain, this.#block.bytes, `${end.moneyHash ?? ''}${end.pricesHash ?? ''}`);
    const seal = JSON.stringify({ kind: 'journal-sealed', records: this.#records, ...end, sha256: this.#chain });
    this.#block.addLine(seal);
    this.#guarded(() => writeAll(this.#calls, this.#file, this.#block.bytes));
    this.#block.clear();
  }

  #guarded<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      this.#problem = storageProblem(error, this.#path);
      throw this.#problem;
    }
  }
}

/** Lines of a journal as bytes, written into one buffer that is used again for each block. */
class JournalBlock {
  #buffer = Buffer.allocUnsafe(2 * BLOCK_BYTES);
  #length = 0;

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Adds a record's canonical text with the crc32 of its bytes as a last field. */
  add(stamp: Stamp, record: Unstamped): void {
    const [place, fields] = [placeText(stamp), JSON.stringify(record)];
    this.#makeRoom(place.length + 3 * fields.length + 32);
    const from = this.#length;
    const fieldsAt = from + this.#buffer.write(place, from, 'latin1');
    // The fields follow the place as one object: their opening brace becomes the comma, their closing one goes.
    const end = fieldsAt + this.#buffer.write(fields, fieldsAt, 'utf8') - 1;
    this.#buffer[fieldsAt] = COMMA;
    const crc = hexOf(crc32(this.#buffer.subarray(from, end)));
    this.#length = end + this.#buffer.write(`,"crc":"${crc}"}\n`, end, 'latin1');
  }

  addLine(text: string): void {
    this.#makeRoom(3 * text.length + 1);
    this.#length += this.#buffer.write(`${text}\n`, this.#length, 'utf8');
  }

  clear(): void {
    this.#length = 0;
  }

  #makeRoom(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

const COMMA = 0x2c;

function hexOf(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}

/** A journal read back. `torn` counts the bytes of an unfinished last line that were cut off. */
export interface ReadJournal {
  readonly records: readonly JournalRecord[];
  readonly torn: number;
  /** Absent where the journal was never closed. */
  readonly seal: JournalSeal | undefined;
}

/** Reads a journal and proves its checksums and its chain; a torn last line is cut off, damage before it is an error. */
export function readJournal(path: string, calls: FileCalls = DISK): ReadJournal {
  const text = readText(path, calls);
  const end = text.lastIndexOf('\n') + 1;
  const reader = new JournalReader(path);
  let torn = text.length - end;
  for (let from = 0, line = 1; from < end; line += 1) {
    const to = text.indexOf('\n', from);
    const fault = reader.take(text.slice(from, to));
    if (fault !== undefined && to + 1 === end) torn += to + 1 - from;
    else if (fault !== undefined) throw new StorageProblem('damaged', `${path} line ${line}: ${fault}`);
    from = to + 1;
  }
  return { records: reader.records, torn, seal: reader.seal };
}

class JournalReader {
  readonly records: JournalRecord[] = [];
  readonly #path: string;
  #block: string[] = [];
  #chain = CHAIN_START;
  #closed: JournalSeal | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  get seal(): JournalSeal | undefined {
    return this.#closed;
  }

  /** Takes one line, or says what is wrong with it. */
  take(line: string): string | undefined {
    if (this.#closed !== undefined) return 'stands after the end of the journal';
    const value = parsed(line);
    if (value === undefined) return 'is no JSON object';
    return value['kind'] === 'journal-sealed' ? this.#takeSeal(value) : this.#takeRecord(line, value);
  }

  #takeRecord(line: string, value: Record<string, unknown>): string | undefined {
    const mark = line.lastIndexOf(',"crc":"');
    const body = mark === -1 ? '' : line.slice(0, mark);
    if (hexOf(crc32(body)) !== value['crc']) return 'does not fit its checksum';
    const { crc: _, ...record } = value;
    this.records.push(record as unknown as JournalRecord);
    this.#block.push(line);
    return undefined;
  }

  #takeSeal(value: Record<string, unknown>): string | undefined {
    const moneyHash = typeof value['moneyHash'] === 'string' ? value['moneyHash'] : null;
    const pricesHash = typeof value['pricesHash'] === 'string' ? value['pricesHash'] : null;
    const block = this.#block.length === 0 ? '' : `${this.#block.join('\n')}\n`;
    const next = chained(this.#chain, block, `${moneyHash ?? ''}${pricesHash ?? ''}`);
    if (next !== value['sha256'] || value['records'] !== this.records.length) {
      throw new StorageProblem('damaged', `${this.#path}: records before ${this.records.length} do not fit their seal`);
    }
    this.#chain = next;
    this.#block = [];
    if (value['closed'] === true) this.#closed = { hash: next, records: this.records.length, moneyHash, pricesHash };
    return undefined;
  }
}

function chained(before: string, block: string | Uint8Array, files: string): string {
  return createHash('sha256').update(before).update(block).update(files).digest('hex');
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function readText(path: string, calls: FileCalls): string {
  try {
    return Buffer.from(calls.read(path)).toString('utf8');
  } catch (error) {
    throw storageProblem(error, path);
  }
}
