/** The sources of the program as the house rules see them: path from the root, with slashes, to text. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/require-tools.ts';

export type Sources = ReadonlyMap<string, string>;

/** The seven folders that hold code; nothing else at the top level does. */
export const CODE_FOLDERS = ['engine', 'strategies', 'adapters', 'datasets', 'reports', 'cli', 'test'] as const;

/** A broken rule: where, and what is wrong in one sentence. */
export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Every TypeScript file of the code folders, in the order of their paths. */
export function sourcesOnDisk(): Sources {
  const found: [string, string][] = [];
  for (const folder of CODE_FOLDERS) collect(folder, found);
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One line a violation, as a failing test shows them. */
export function printed(violations: readonly Violation[]): string {
  return violations.map(({ file, line, message }) => `${file}:${line} ${message}`).join('\n');
}

function collect(folder: string, found: [string, string][]): void {
  for (const entry of readdirSync(join(repositoryRoot, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) collect(path, found);
    else if (entry.name.endsWith('.ts')) found.push([path, readFileSync(join(repositoryRoot, path), 'utf8')]);
  }
}
