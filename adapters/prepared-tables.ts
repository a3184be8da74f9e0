import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { REFERENCE_FILES } from '../datasets/reference.ts';
import type { SpreadReference } from '../datasets/reference-spreads.ts';
import type { ReferenceTables } from '../engine/model/reference.ts';

/** The dated tables as plain values, checked. */
export interface PreparedTables {
  readonly tables: ReferenceTables;
  readonly spreads: SpreadReference;
}

/** What the files looked like that the tables were made of. */
interface Stored extends PreparedTables {
  readonly files: string;
}

/** Puts checked tables away when the program is built, so that its starts need not check them again: that takes a third of a short run. */
export function storePreparedTables(path: string, folder: string, tables: PreparedTables): void {
  writeFileSync(path, serialize({ ...tables, files: hashOf(folder) } satisfies Stored));
}

/** The tables of a folder as they were put away, where there are such and no file has changed since. */
export function preparedTables(folder: string): PreparedTables | undefined {
  if (last?.folder === folder) return last.tables;
  const path = resolve(import.meta.dirname, '../reference.bin');
  if (!existsSync(path)) return undefined;
  const stored = storedTables(path);
  last = { folder, tables: stored?.files === hashOf(folder) ? stored : undefined };
  return last.tables;
}

/** One start asks for several of the tables. */
let last: { readonly folder: string; readonly tables: PreparedTables | undefined } | undefined;

/** Undefined where another version of the platform wrote what this one cannot read. */
function storedTables(path: string): Stored | undefined {
  try {
    return deserialize(readFileSync(path)) as Stored;
  } catch {
    return undefined;
  }
}

function hashOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of [...REFERENCE_FILES, 'half-spreads']) hash.update(readFileSync(join(folder, `${name}.json`)));
  return hash.digest('hex');
}
