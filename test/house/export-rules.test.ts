import { expect, test } from 'vitest';
import { deadExports, exportedNames } from './export-rules.ts';
import { printed, sourcesOnDisk } from './sources.ts';

test('the sources of this checkout export nothing in vain', (ctx) => {
  const sources = sourcesOnDisk();
  if (!sources.has('cli/main.ts')) return ctx.skip('there is no program yet that could use anything');
  expect(printed(deadExports(sources))).toBe('');
});

test('finds every way of giving out a name', () => {
  const source = `
    export const a = 1;
    export abstract class B {}
    export declare function c(): void;
    export async function d() {}
    export function* e() {}
    export type F = 1;
    export interface G {}
    export { h, i as j };
    export type { K } from './k.ts';
    // export const no = 1;
    thing.export = 1;
  `;
  expect(exportedNames(source).map(({ name }) => name)).toEqual(['a', 'B', 'c', 'd', 'e', 'F', 'G', 'h', 'j', 'K']);
});

test('a planted export that nothing uses is caught', () => {
  const sources = new Map([
    ['engine/market/a.ts', 'export const used = 1;\nexport const dead = used;\nexport type Free = 1;\n'],
    ['engine/market/b.ts', "import { used } from './a.ts';\nused;\n"],
    ['engine/strategy.ts', 'export const forOthers = 1;\n'],
    ['test/x.test.ts', 'export const mine = 1;\n'],
  ]);
  expect(printed(deadExports(sources))).toBe('engine/market/a.ts:2 exports dead, which nothing uses');
});
