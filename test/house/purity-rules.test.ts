import { describe, expect, test } from 'vitest';
import { purityViolations } from './purity-rules.ts';
import { printed, sourcesOnDisk } from './sources.ts';

test('the sources of this checkout say nothing impure', () => {
  expect(printed(purityViolations(sourcesOnDisk()))).toBe('');
});

const IMPURE = [
  'const at = Date.now();',
  'const at = new Date(0);',
  'const at = performance.now();',
  'const x = Math.random();',
  "const x = Math['random']();",
  'const { random } = Math;',
  'const id = crypto.randomUUID();',
  'const soon: Promise<void> = later();',
  'async function later() {}',
  'const later = async () => 1;',
  'const got = await later();',
  'for await (const x of y) {}',
  "console.log('x');",
  'setTimeout(f, 1);',
  'setInterval(f, 1);',
  'setImmediate(f);',
  'queueMicrotask(f);',
  "const home = process.env['HOME'];",
  "const all = globalThis['Date'];",
  "const got = fetch('x');",
  "const text = new Intl.NumberFormat('en-IN').format(1);",
  'names.sort((a, b) => a.localeCompare(b));',
  "names.sort((a, b) => a['localeCompare'](b));",
  'const text = n.toLocaleString();',
  'const here = import.meta.url;',
  "const fs = require('fs');",
  'const bytes = Buffer.alloc(1);',
  "eval('1');",
  'const text = `at ${Date.now()}`;',
];

describe.for(['engine/x.ts', 'engine/market/x.ts', 'strategies/x.ts'])('in %s is caught', (file) => {
  test.for(IMPURE)('%s', (source) => {
    expect(purityViolations(new Map([[file, source]]))).not.toHaveLength(0);
  });
});

test('words in comments, strings, keys and members are no impurity', () => {
  const source = `
    /** Date.now() and Math.random() are not used; console neither. */
    const reason = 'the fetch of Date failed';
    interface Row { readonly performance: number; process?: string }
    const row = { performance: 1, text: \`await \${Math.max(1, 2)}\` };
    row.performance > 0 && book.fetch();
  `;
  expect(purityViolations(new Map([['engine/x.ts', source]]))).toEqual([]);
});

test('async is for adapters, cli and tests only', () => {
  const source = 'export async function later() { await now(); }';
  const caught = (file: string): boolean => purityViolations(new Map([[file, source]])).length > 0;
  expect(['datasets/x.ts', 'reports/x.ts', 'engine/x.ts', 'strategies/x.ts'].map(caught)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['adapters/x.ts', 'cli/x.ts', 'test/x.ts'].map(caught)).toEqual([false, false, false]);
});
