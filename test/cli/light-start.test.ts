/** What answers at once loads nothing heavy: help, the version and errors that the argument parser sees. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repositoryRoot } from '../support/require-tools.ts';

const HEAVY = ['@duckdb/node-api', 'apache-arrow', 'exceljs', 'kiteconnect', 'zod', 'esbuild', 'yaml'];
const program = join(repositoryRoot, 'dist/cli/main.js');

/** Writes the address of each module that is resolved, and lets it load. */
const WATCH = `
import { appendFileSync } from 'node:fs';
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context);
  appendFileSync(process.env.SIM_SEEN_MODULES, found.url + '\\n');
  return found;
}`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sim-start-'));
  writeFileSync(join(folder, 'watch.mjs'), WATCH);
  const watch = JSON.stringify(pathToFileURL(join(folder, 'watch.mjs')).href);
  writeFileSync(join(folder, 'register.mjs'), `import { register } from 'node:module';\nregister(${watch});\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.for([
  { args: ['--help'], status: 0 },
  { args: ['--version'], status: 0 },
  { args: ['backtest', '--help'], status: 0 },
  { args: ['strategies', 'check', '--help'], status: 0 },
  { args: ['strategies', 'new'], status: 2 },
  { args: ['--nonsense'], status: 2 },
])('sim $args loads no heavy package', ({ args, status }, ctx) => {
  if (!existsSync(program)) {
    if (process.env['SIM_REQUIRE_TOOLS'] === '1')
      throw new Error('dist/cli/main.js is absent: run npm run build first');
    return ctx.skip('dist/cli/main.js is absent: run npm run build first');
  }
  const modules = watched([program, ...args], status);
  expect(modules).toContain(pathToFileURL(program).href);
  const read = modules.flatMap(sourcesOf);
  expect(read.some((source) => source.includes('/node_modules/commander/'))).toBe(true);
  expect(read.filter((source) => HEAVY.some((name) => source.includes(`/node_modules/${name}/`)))).toEqual([]);
});

test('a command that reads settings is seen to load their checks', (ctx) => {
  if (!existsSync(program)) return ctx.skip('dist/cli/main.js is absent: run npm run build first');
  const modules = watched([program, 'backtest', '--from', '2025-01-01', '--to', '2025-01-31', '--lots', 'many'], 2);
  expect(modules.flatMap(sourcesOf).some((source) => source.includes('/node_modules/zod/'))).toBe(true);
});

test('the watch sees a package that is loaded', () => {
  writeFileSync(join(folder, 'load.mjs'), `await import(${JSON.stringify(import.meta.resolve('exceljs'))});\n`);
  const modules = watched([join(folder, 'load.mjs')], 0);
  expect(modules.some((url) => url.includes('/node_modules/exceljs/'))).toBe(true);
});

/** The files that a module is made of: its own address, and what its map says of a bundle. */
function sourcesOf(url: string): readonly string[] {
  const map = url.startsWith('file:') ? `${fileURLToPath(url)}.map` : '';
  if (!existsSync(map)) return [url];
  return [url, ...(JSON.parse(readFileSync(map, 'utf8')) as { readonly sources: readonly string[] }).sources];
}

function watched(args: readonly string[], status: number): readonly string[] {
  const seen = join(folder, 'seen.txt');
  writeFileSync(seen, '');
  const register = pathToFileURL(join(folder, 'register.mjs')).href;
  const env = { ...process.env, SIM_SEEN_MODULES: seen };
  const result = spawnSync(process.execPath, ['--import', register, ...args], { env, encoding: 'utf8' });
  expect(result.status, result.stderr).toBe(status);
  return readFileSync(seen, 'utf8').split('\n');
}
