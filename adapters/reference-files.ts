import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Reference, ReferenceFile } from '../datasets/reference.ts';
import { REFERENCE_FILES, referenceOf, tablesOf } from '../datasets/reference.ts';
import { levyTablesOf } from '../datasets/reference-levies.ts';
import type { SpreadReference } from '../datasets/reference-spreads.ts';
import { spreadsOf } from '../datasets/reference-spreads.ts';
import { invariant } from '../engine/assert.ts';
import type { LevyTables } from '../engine/model/levies.ts';
import type { ReferenceTables } from '../engine/model/reference.ts';
import { preparedTables } from './prepared-tables.ts';

/** Reads the program's own dated tables and builds the calendar, the contracts and the rates from them. */
export function readReference(folder: string = referenceFolder()): Reference {
  return referenceOf(preparedTables(folder)?.tables ?? readTables(folder));
}

/** Reads and checks the dated tables. */
export function readTables(folder: string = referenceFolder()): ReferenceTables {
  const files = Object.fromEntries(REFERENCE_FILES.map((name) => [name, readTable(folder, name)]));
  return tablesOf(files as Record<ReferenceFile, unknown>);
}

/** Reads the rates alone, for callers that need no calendar. */
export function readLevies(folder: string = referenceFolder()): LevyTables {
  return levyTablesOf(readTable(folder, 'charges'));
}

/** Reads the measured half-spreads. */
export function readSpreads(folder: string = referenceFolder()): SpreadReference {
  return preparedTables(folder)?.spreads ?? spreadsOf(readTable(folder, 'half-spreads'));
}

/** The folder of the tables: beside this file's folder in the sources, one level further up when compiled. */
export function referenceFolder(): string {
  const folders = ['..', '../..'].map((up) => resolve(import.meta.dirname, up, 'datasets/reference'));
  const folder = folders.find((path) => existsSync(join(path, 'sessions.json')));
  invariant(folder !== undefined, `the dated tables are missing, looked in ${folders.join(' and ')}`);
  return folder;
}

function readTable(folder: string, name: ReferenceFile | 'half-spreads'): unknown {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
}
