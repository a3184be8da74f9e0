import { createHash } from 'node:crypto';
import { closeSync, createReadStream, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import type { SourceHead } from '../../datasets/import/preset.ts';
import { compareText } from '../../engine/model/instrument.ts';
import type { Duck } from '../duckdb.ts';
import { literal } from '../duckdb.ts';
import { ImportRefused } from './import-error.ts';

/** A file to import: where it is, what its bytes hash to, how it begins. */
export interface SourceFile {
  readonly path: string;
  /** Comes while the file is read otherwise. */
  readonly proof: Promise<FileProof>;
  readonly head: SourceHead;
}

export interface FileProof {
  readonly sha256: string;
  /** Lines that are not blank, the header included. */
  readonly lines: number;
}

const HEAD_BYTES = 65_536;
const KNOWN = /\.(csv|json|jsonl|ndjson|parquet|txt)(\.gz)?$/i;

/** All data files below the given paths, in one order whatever the order of the paths. */
export function findFiles(paths: readonly string[]): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    if (!existsSync(path)) throw new ImportRefused(`${path} does not exist`);
    if (!statSync(path).isDirectory()) found.add(path);
    else for (const file of walk(path)) found.add(file);
  }
  if (found.size === 0) throw new ImportRefused(`${paths.join(', ')} holds no CSV, JSON or Parquet file`);
  return [...found].sort((a, b) => compareText(basename(a), basename(b)) || compareText(a, b));
}

/** Begins to hash a file and reads its beginning; refuses a packed one that is cut off. */
export async function openSource(path: string, duck: Duck): Promise<SourceFile> {
  const proof = hashAndProve(path);
  // Whoever wants the proof hears of its failure; until then nobody does.
  proof.catch(() => undefined);
  if (path.toLowerCase().endsWith('.gz')) await proof;
  const format = formatOf(path);
  const fileName = basename(path);
  if (format === 'parquet') return { path, proof, head: { fileName, format, ...(await parquetHead(path, duck)) } };
  const text = headText(path);
  const head = format === 'csv' ? csvHead(text) : jsonHead(text);
  return { path, proof, head: { fileName, ...head } };
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return KNOWN.test(entry.name) && !entry.name.startsWith('.') ? [path] : [];
  });
}

function formatOf(path: string): 'csv' | 'json' | 'parquet' {
  const name = path.toLowerCase().replace(/\.gz$/, '');
  if (name.endsWith('.parquet')) return 'parquet';
  return /\.(json|jsonl|ndjson)$/.test(name) ? 'json' : 'csv';
}

/** The hash of the bytes as they stand, and the number of lines; unpacking a packed file proves that it is whole. */
async function hashAndProve(path: string): Promise<FileProof> {
  const hash = createHash('sha256');
  const bytes = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  bytes.on('data', (chunk) => hash.update(chunk));
  const counter = new LineCounter();
  const count = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) counter.take(chunk);
  };
  if (!path.toLowerCase().endsWith('.gz')) {
    await pipeline(bytes, count);
    return { sha256: hash.digest('hex'), lines: counter.lines };
  }
  try {
    await pipeline(bytes, createGunzip(), count);
  } catch (error) {
    throw new ImportRefused(`${path} is cut off or damaged: it cannot be unpacked to its end`, { cause: error });
  }
  return { sha256: hash.digest('hex'), lines: counter.lines };
}

/** Counts lines that hold more than spaces, across chunks. */
class LineCounter {
  lines = 0;
  #filled = false;

  take(chunk: Buffer): void {
    for (let from = 0; from < chunk.length; ) {
      const end = chunk.indexOf(NEWLINE, from);
      const to = end === -1 ? chunk.length : end;
      for (let at = from; at < to && !this.#filled; at += 1) {
        if ((chunk[at] ?? 0) <= SPACE) continue;
        this.#filled = true;
        this.lines += 1;
      }
      if (end !== -1) this.#filled = false;
      from = to + 1;
    }
  }
}

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 10;
const SPACE = 32;

/** The first lines as text, unpacked where needed. */
function headText(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(HEAD_BYTES);
    const read = bytes.subarray(0, readSync(file, bytes, 0, HEAD_BYTES, 0));
    const plain = path.toLowerCase().endsWith('.gz') ? gunzipSync(read, { finishFlush: constants.Z_SYNC_FLUSH }) : read;
    return plain
      .subarray(0, HEAD_BYTES)
      .toString('utf8')
      .replace(/^\uFEFF/, '');
  } finally {
    closeSync(file);
  }
}

function csvHead(text: string): Omit<SourceHead, 'fileName'> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const columns = cells(lines[0] ?? '');
  const rows = lines.slice(1, 4).map((line) => rowOf(columns, cells(line)));
  return { format: 'csv', columns, rows };
}

/** Cells of one CSV line; good enough for a head, DuckDB reads the rest. */
function cells(line: string): string[] {
  return line.split(',').map((cell) => cell.replace(/^"(.*)"$/, '$1'));
}

function jsonHead(text: string): Omit<SourceHead, 'fileName'> {
  const list = text.trimStart().startsWith('[');
  const first = firstObject(text);
  if (first === undefined) {
    const fields = [...text.slice(0, 200).matchAll(/^\s*\{\s*"(\w+)"/g)].map((match) => match[1] ?? '');
    // Too large to read whole: an option chain page is told by its outer fields.
    const page = fields[0] === 'records' ? ['records', 'filtered'] : fields;
    return { format: 'json', columns: page, rows: [] };
  }
  const entries = Object.entries(first).map(([name, value]) => [name, typeof value === 'object' ? '' : String(value)]);
  const format = list || 'records' in first ? 'json' : 'json-lines';
  return {
    format,

    columns: Object.keys(first),
    rows: [Object.fromEntries(entries) as Record<string, string>],
  };
}

function firstObject(text: string): Record<string, unknown> | undefined {
  const line =
    text
      .trimStart()
      .replace(/^\[\s*/, '')
      .split('\n', 1)[0] ?? '';
  for (const end of [line.length, ...[...line.matchAll(/\}/g)].slice(0, 20).map((match) => match.index + 1)]) {
    try {
      const value: unknown = JSON.parse(line.slice(0, end));
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    } catch {
      // Not the end of the object yet: the next closing brace may be.
    }
  }
  return undefined;
}

async function parquetHead(path: string, duck: Duck): Promise<Pick<SourceHead, 'columns' | 'rows'>> {
  try {
    const described = await duck.rows<{ column_name: string }>(`DESCRIBE FROM read_parquet(${literal(path)})`);
    const columns = described.map(({ column_name }) => column_name);
    const raw = await duck.rows<Record<string, unknown>>(`FROM read_parquet(${literal(path)}) LIMIT 3`);
    const rows = raw.map((row) =>
      rowOf(
        columns,
        columns.map((column) => String(row[column] ?? '')),
      ),
    );
    return { columns, rows };
  } catch (error) {
    throw new ImportRefused(`${path} is no whole Parquet file: it has no valid end`, { cause: error });
  }
}

function rowOf(columns: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']));
}
