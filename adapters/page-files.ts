import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { invariant } from '../engine/assert.ts';

/** Style and script of the page, as the build made them: beside the compiled program, or in the build of the sources. */
export function readPageFiles(): { readonly style: string; readonly script: string } {
  const folders = ['../page', '../dist/page'].map((path) => resolve(import.meta.dirname, path));
  const folder = folders.find((path) => existsSync(join(path, 'page.js')));
  invariant(
    folder !== undefined,
    `the page's script is missing, looked in ${folders.join(' and ')}: npm run build makes it`,
  );
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return { style: read('page.css'), script: read('page.js') };
}
