import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bundleStrategy } from '../../../cli/own-strategies/bundle.ts';
import { RefusedSource } from '../../../cli/own-strategies/own-source.ts';
import { ownText } from '../../support/own-strategy.ts';

const folder = mkdtempSync(join(tmpdir(), 'sim-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

/** Writes files into a folder of their own and bundles the first. */
async function bundled(files: Readonly<Record<string, string>>): ReturnType<typeof bundleStrategy> {
  count += 1;
  const own = join(folder, String(count));
  mkdirSync(own);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text);
  return await bundleStrategy(join(own, Object.keys(files)[0] ?? ''));
}

async function faultsOf(text: string): Promise<readonly string[]> {
  try {
    await bundled({ 'mine.ts': `\n${text}\n` });
    return [];
  } catch (error) {
    if (!(error instanceof RefusedSource)) throw error;
    return error.faults.map((fault) => fault.replace(/^\S*\/(?=\w+\.ts:)/, ''));
  }
}

describe('a name of the outside world is refused with its line', () => {
  test.for([
    ['Date.now()', 'Date'],
    ['new Date(0)', 'Date'],
    ['performance.now()', 'performance'],
    ['Math.random()', 'Math.random'],
    ["Math['random']()", 'Math.random'],
    ['crypto.randomUUID()', 'crypto'],
    ['setTimeout(() => 1, 5)', 'setTimeout'],
    ['queueMicrotask(() => 1)', 'queueMicrotask'],
    ['new Promise(() => 1)', 'Promise'],
    ['process.exit(0)', 'process'],
    ["fetch('http://localhost')", 'fetch'],
    ['console.log(1)', 'console'],
    ["require('node:fs')", 'require'],
    ['globalThis.Date', 'globalThis'],
    ["eval('1')", 'eval'],
    ["new Function('1')", 'Function'],
    ['import.meta.url', 'import.meta'],
    ['Buffer.alloc(1)', 'Buffer'],
    ['new Intl.NumberFormat()', 'Intl'],
    ["'a'.localeCompare('b')", 'localeCompare'],
    ['(1).toLocaleString()', 'toLocaleString'],
    ['import(String(1))', 'import()'],
    ['async () => 1', 'async'],
    ['async function* () { yield 1; }', 'async'],
    ['{ async go() { for await (const one of []) one; } }', 'async'],
    ['class { static async #go() { await 1; } }', 'async'],
    ['new Proxy({}, {})', 'Proxy'],
    ['Reflect.ownKeys({})', 'Reflect'],
    ['[].constructor', 'constructor'],
    ["[]['con' + 'structor']", 'constructor'],
    ['[]?.[`constructor`]', 'constructor'],
    ['(({ constructor: Made }: object) => Made)([])', 'constructor'],
    ['({} as any).__proto__', '__proto__'],
    ['{ __proto__: null }', '__proto__'],
    ['Object.getPrototypeOf([])', 'getPrototypeOf'],
    ['Object.setPrototypeOf({}, [])', 'setPrototypeOf'],
    ['(Error as any).prepareStackTrace', 'prepareStackTrace'],
    ['(Error as any).parseAsync(1)', 'parseAsync'],
  ] as const)('%s', async ([source, name]) => {
    const [fault, ...others] = await faultsOf(`export const x = ${source};`);
    expect(fault).toMatch(new RegExp(`^mine\\.ts:2 says ${name.replace(/[().]/g, '\\$&')}: [a-z]`));
    expect(others).toEqual([]);
  });
});

test('a name of the file itself, a member or a type of that name is its own matter', async () => {
  expect(
    await faultsOf(`
      export const x = (process: { Date: number }, when?: Date): number => process.Date + (when === undefined ? 0 : 1);
      export const y = { fetch: 1, console: 'Date.now()', constructor: 1 }.fetch;
      export const z = 'not async, [].constructor and ".localeCompare(" neither';
      class Own { constructor(readonly when: Promise<number> | undefined) {} *each() { yield this.when; } }
      export const own = new Own(undefined);
    `),
  ).toEqual([]);
});

test('arithmetic whose last bit may differ is told with its line, and what to say instead', async () => {
  const { inexact } = await bundled({
    'mine.ts': `
      export const x = (a: number) => [Math.exp(a), Math.sqrt(a), Math.max(a, 2 ** 10)];
      export let y = Math['sin'](2) ** 0.5;
      y **= 2;
    `,
  });
  expect(inexact.map((one) => one.replace(/^\S*\/(?=\w+\.ts:)/, ''))).toEqual([
    'mine.ts:2 says Math.exp (exp of sim/strategy gives the same everywhere)',
    'mine.ts:3 says **',
    'mine.ts:3 says Math.sin',
    'mine.ts:4 says **=',
  ]);
});

test('all that is refused is told, in files beside it too, each where it stands', async () => {
  const files = {
    'mine.ts': "import { now } from './clock';\nexport const x = [now, Math.random()];\n",
    'clock.ts': '\n\nexport const now = Date.now();\n',
  };
  const error = await bundled(files).catch((fault: unknown) => fault);
  expect(error).toBeInstanceOf(RefusedSource);
  const faults = (error as RefusedSource).faults.map((fault) => fault.replace(/^\S*\/(?=\w+\.ts:)/, ''));
  expect(faults).toEqual([
    'clock.ts:3 says Date: time arrives with the event: read ctx.now, ctx.time or ctx.day',
    'mine.ts:2 says Math.random: equal runs must give equal results: there is no chance in a strategy',
  ]);
});

describe('an import', () => {
  test.for([
    ["import fs from 'node:fs'; export const x = fs;", 'mine.ts:2 imports node:fs: a strategy imports'],
    ["import x from 'lodash'; export { x };", 'mine.ts:2 imports lodash: a strategy imports'],
    ["export const x = import('./other.ts');", 'mine.ts:2 loads ./other.ts while it runs: modules are named'],
    ["import { x } from './other.ts'; export { x };", 'mine.ts:2 cannot be read: Could not resolve'],
    ['export const = 1;', 'mine.ts:2 cannot be read: Expected identifier'],
  ] as const)('%s', async ([source, start]) => {
    expect((await faultsOf(source))[0]?.slice(0, start.length)).toBe(start);
  });

  test('of zod, of sim/strategy, of a file beside it and of a type is taken', async () => {
    const { code } = await bundled({
      'mine.ts':
        "import type { Stats } from 'node:fs';\nimport { z } from 'zod';\nimport { lots } from 'sim/strategy';\nimport { one } from './one';\nexport const x = [z, lots, one] as readonly (Stats | unknown)[];\n",
      'one.ts': 'export const one = 1;\n',
    });
    expect([...code.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name)).toEqual(['zod', 'sim/strategy']);
    expect(code).toContain('var one = 1;');
  });
});

test('the hash is that of what runs: another folder or another type leaves it, another number does not', async () => {
  const text = ownText({ name: 'mine', onMinute: "ctx.note('a');" });
  const [first, moved, typed, other] = await Promise.all(
    [text, text, `import type { Day } from 'sim/strategy';\n${text}`, text.replace("'a'", "'b'")].map(
      async (each) => (await bundled({ 'mine.ts': each })).hash,
    ),
  );
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect([moved, typed]).toEqual([first, first]);
  expect(other).not.toBe(first);
});

test('plain JavaScript is taken as it is', async () => {
  const { code } = await bundled({ 'mine.mjs': 'export const x = 1;\n' });
  expect(code).toContain('var x = 1;');
});
