import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { invariant } from '../engine/assert.ts';
import { nearestHint } from './nearest-name.ts';
import { UserError } from './user-error.ts';

/** The text of a desk that comes with the program. */
export function exampleFileText(name: string): string {
  const names = exampleNames();
  if (!names.includes(name))
    throw new UserError(`NAME must be one of ${names.join(', ')}, was "${name}"${nearestHint(name, names)}`);
  return readFileSync(join(folder(), `${name}.yaml`), 'utf8');
}

/** The desks that come with the program, by the names of their files. */
export function exampleNames(): readonly string[] {
  return readdirSync(folder())
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/** Beside this file's folder in the sources, one level further up when compiled. */
function folder(): string {
  const folders = ['..', '../..'].map((up) => resolve(import.meta.dirname, up, 'examples'));
  const found = folders.find((path) => existsSync(join(path, 'rsi-strength.yaml')));
  invariant(found !== undefined, `the examples are missing, looked in ${folders.join(' and ')}`);
  return found;
}
