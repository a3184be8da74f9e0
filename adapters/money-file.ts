import { createHash } from 'node:crypto';
import type { MoneyMinutes } from '../engine/journal.ts';
import type { FileCalls } from './file-calls.ts';
import { DISK, readBytes, writeFileSynced } from './file-calls.ts';
import { StorageProblem } from './storage-problem.ts';

/** The columns in file order; each begins at a multiple of eight bytes and holds little-endian numbers. */
const COLUMNS = [
  ['ts', Float64Array],
  ['agent', Uint16Array],
  ['gross', Float64Array],
  ['charges', Float64Array],
  ['openLots', Int32Array],
] as const;

const FORMAT = 'sim-money-1';

/**
 * Writes money per minute as raw columns behind one line of JSON, and returns the SHA-256 of the file. Every number is fixed by the
 * run, so equal runs give equal bytes.
 */
export function writeMoney(path: string, money: MoneyMinutes, calls: FileCalls = DISK): string {
  const rows = money.ts.length;
  const header = JSON.stringify({ format: FORMAT, rows, agents: money.agents });
  const line = Buffer.from(header, 'utf8');
  const parts: Uint8Array[] = [line, Buffer.alloc(padding(line.length + 1), ' '), Buffer.from('\n')];
  for (const [name] of COLUMNS) {
    const column = money[name];
    if (column.length !== rows) throw new Error(`column ${name} has ${column.length} rows, not ${rows}`);
    const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    parts.push(bytes, new Uint8Array(padding(bytes.length)));
  }
  // Part by part: all of them in one piece would take their room once more.
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  writeFileSynced(calls, path, ...parts);
  return hash.digest('hex');
}

/** Money per minute with the hash of the file that it was read from. */
export interface ReadMoney {
  readonly money: MoneyMinutes;
  readonly hash: string;
}

export function readMoney(path: string, calls: FileCalls = DISK): ReadMoney {
  const bytes = readBytes(path, calls);
  const end = bytes.indexOf(0x0a) + 1;
  const header = headerOf(bytes.toString('utf8', 0, end));
  if (header === undefined) throw new StorageProblem('damaged', `${path} is no money file of this program`);
  const { rows, agents } = header;
  let offset = end;
  const columns: Record<string, unknown> = {};
  for (const [name, Column] of COLUMNS) {
    const size = rows * Column.BYTES_PER_ELEMENT;
    // A copy, since a slice of a file may begin anywhere in memory and a typed array may not.
    columns[name] = new Column(new Uint8Array(bytes.subarray(offset, offset + size)).buffer);
    offset += Math.ceil(size / 8) * 8;
  }
  if (offset !== bytes.length) throw new StorageProblem('damaged', `${path} has ${bytes.length} bytes, not ${offset}`);
  const money = { agents, ...columns } as unknown as MoneyMinutes;
  return { money, hash: createHash('sha256').update(bytes).digest('hex') };
}

/** Bytes that are missing to a multiple of eight. */
function padding(length: number): number {
  return (8 - (length % 8)) % 8;
}

function headerOf(text: string): { readonly rows: number; readonly agents: MoneyMinutes['agents'] } | undefined {
  try {
    const { format, rows, agents } = JSON.parse(text);
    return format === FORMAT && Number.isSafeInteger(rows) && Array.isArray(agents) ? { rows, agents } : undefined;
  } catch {
    return undefined;
  }
}
