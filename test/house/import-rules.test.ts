import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { repositoryRoot } from '../support/require-tools.ts';
import { COMPUTED, importsOf, importViolations } from './import-rules.ts';
import { printed, sourcesOnDisk } from './sources.ts';

const PACKAGES = new Set(['zod', 'ws', 'exceljs', '@duckdb/node-api']);

describe('the sources of this checkout', () => {
  const sources = sourcesOnDisk();
  const manifest: unknown = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));

  test('are seen', () => {
    expect(sources.size).toBeGreaterThan(0);
    expect([...sources.keys()].some((file) => file.startsWith('engine/'))).toBe(true);
    const imports = [...sources.values()].flatMap((source) => importsOf(source));
    expect(imports.length).toBeGreaterThan(sources.size / 2);
  });

  test('import only what the table allows, without circles', () => {
    const { dependencies } = manifest as { dependencies: Record<string, string> };
    expect(printed(importViolations(sources, new Set(Object.keys(dependencies))))).toBe('');
  });

  test('name no module that esbuild sees and the checker does not', () => {
    const entryPoints = [...sources.keys()].filter((file) => !file.startsWith('test/'));
    const { metafile } = buildSync({
      entryPoints,
      absWorkingDir: repositoryRoot,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      outdir: 'unwritten',
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    for (const [file, { imports }] of Object.entries(metafile.inputs)) {
      const seen = importsOf(sources.get(file) ?? '').map(({ specifier }) => specifier);
      for (const { original, path } of imports) expect(seen, file).toContain(original ?? path);
    }
  });
});

test('finds every way of naming a module', () => {
  const source = `
    import a from './a.ts';
    import './b.ts';
    import type { C } from "./c.ts";
    import { type D, from } from './d.ts';
    export { e } from './e.ts';
    export * from './f.ts';
    const g = await import('./g.ts');
    const h = await import(name);
    type I = import('./i.ts').I;
    const j = require('./j.ts');
    // import './no.ts'
    const text = "import './no.ts'" + \`from './no.ts' \${from('x')}\`;
    thing.import('./no.ts');
  `;
  expect(importsOf(source).map(({ specifier }) => specifier)).toEqual([
    ...['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts', './g.ts', COMPUTED, './i.ts', './j.ts'],
  ]);
});

/** Files that plants may point at; none of them imports anything. */
const GROUND = [
  ...['assert', 'prng', 'clock', 'event-queue', 'journal', 'ports', 'strategy', 'kernel', 'agent'].map(
    (name) => `engine/${name}.ts`,
  ),
  ...['model', 'market', 'orders', 'account', 'indicators', 'risk', 'venue'].map((name) => `engine/${name}/it.ts`),
  ...['strategies/it.ts', 'datasets/it.ts', 'adapters/it.ts', 'adapters/sandbox/it.ts', 'adapters/kite/it.ts'],
  ...['reports/it.ts', 'cli/it.ts', 'test/it.ts'],
];

function messagesWith(file: string, source: string): readonly string[] {
  const sources = new Map(GROUND.map((name) => [name, 'export {};']));
  sources.set(file, source);
  return importViolations(sources, PACKAGES).map((violation) => `${violation.file} ${violation.message}`);
}

function importing(file: string, target: string): string {
  if (!GROUND.includes(target)) return `import '${target}';`;
  const up = '../'.repeat(file.split('/').length - 1);
  return `import type {} from '${up === '' ? './' : up}${target}';`;
}

describe('one planted violation for each row fails', () => {
  test.for([
    ['engine/model/x.ts', 'engine/prng.ts'],
    ['engine/model/x.ts', 'engine/clock.ts'],
    ['engine/model/x.ts', 'engine/market/it.ts'],
    ['engine/model/x.ts', 'zod'],
    ['engine/assert.ts', 'engine/model/it.ts'],
    ['engine/market/x.ts', 'engine/risk/it.ts'],
    ['engine/orders/x.ts', 'engine/venue/it.ts'],
    ['engine/account/x.ts', 'engine/kernel.ts'],
    ['engine/indicators/x.ts', 'engine/risk/it.ts'],
    ['engine/risk/x.ts', 'engine/venue/it.ts'],
    ['engine/venue/x.ts', 'engine/kernel.ts'],
    ['engine/venue/x.ts', 'engine/agent.ts'],
    ['engine/ports.ts', 'engine/risk/it.ts'],
    ['engine/strategy.ts', 'engine/kernel.ts'],
    ['engine/kernel.ts', 'node:fs'],
    ['engine/kernel.ts', 'zod'],
    ['engine/kernel.ts', 'datasets/it.ts'],
    ['engine/kernel.ts', 'strategies/it.ts'],
    ['strategies/x.ts', 'engine/model/it.ts'],
    ['strategies/x.ts', 'engine/kernel.ts'],
    ['strategies/x.ts', 'node:fs'],
    ['strategies/x.ts', 'ws'],
    ['strategies/x.ts', 'datasets/it.ts'],
    ['datasets/x.ts', 'engine/clock.ts'],
    ['datasets/x.ts', 'engine/orders/it.ts'],
    ['datasets/x.ts', 'node:fs'],
    ['datasets/x.ts', '@duckdb/node-api'],
    ['datasets/x.ts', 'adapters/it.ts'],
    ['adapters/kite/x.ts', 'engine/clock.ts'],
    ['adapters/kite/x.ts', 'engine/venue/it.ts'],
    ['adapters/kite/x.ts', 'engine/market/it.ts'],
    ['adapters/x.ts', 'cli/it.ts'],
    ['adapters/x.ts', 'reports/it.ts'],
    ['adapters/x.ts', 'left-pad'],
    ['adapters/sandbox/x.ts', 'engine/orders/it.ts'],
    ['adapters/sandbox/x.ts', 'engine/kernel.ts'],
    ['reports/x.ts', 'engine/kernel.ts'],
    ['reports/x.ts', 'engine/market/it.ts'],
    ['reports/x.ts', 'adapters/it.ts'],
    ['reports/x.ts', 'datasets/it.ts'],
  ] as const)('%s importing %s', ([file, target]) => {
    expect(messagesWith(file, importing(file, target))).toHaveLength(1);
  });
});

describe('what each row allows passes', () => {
  test.for([
    ['engine/model/x.ts', 'engine/assert.ts'],
    ['engine/market/x.ts', 'engine/model/it.ts'],
    ['engine/market/x.ts', 'engine/orders/it.ts'],
    ['engine/market/x.ts', 'engine/ports.ts'],
    ['engine/risk/x.ts', 'engine/account/it.ts'],
    ['engine/venue/x.ts', 'engine/risk/it.ts'],
    ['engine/kernel.ts', 'engine/venue/it.ts'],
    ['engine/agent.ts', 'engine/strategy.ts'],
    ['engine/strategy.ts', 'engine/orders/it.ts'],
    ['strategies/x.ts', 'engine/strategy.ts'],
    ['strategies/x.ts', 'engine/indicators/it.ts'],
    ['strategies/x.ts', 'zod'],
    ['datasets/x.ts', 'engine/market/it.ts'],
    ['datasets/x.ts', 'engine/prng.ts'],
    ['adapters/x.ts', 'node:fs'],
    ['adapters/x.ts', 'ws'],
    ['adapters/x.ts', 'datasets/it.ts'],
    ['adapters/sandbox/x.ts', 'engine/venue/it.ts'],
    ['adapters/sandbox/x.ts', 'engine/event-queue.ts'],
    ['reports/x.ts', 'exceljs'],
    ['reports/x.ts', 'engine/journal.ts'],
    ['cli/x.ts', 'engine/kernel.ts'],
    ['cli/x.ts', 'reports/it.ts'],
    ['test/x.ts', 'cli/it.ts'],
  ] as const)('%s importing %s', ([file, target]) => {
    expect(messagesWith(file, importing(file, target))).toEqual([]);
  });
});

test('a circle fails, and is told as the way around', () => {
  const sources = new Map([
    ['engine/market/a.ts', "import { b } from '../orders/b.ts';"],
    ['engine/orders/b.ts', "import type { c } from './c.ts';"],
    ['engine/orders/c.ts', "export * from '../market/a.ts';"],
  ]);
  expect(importViolations(sources, PACKAGES).map(({ message }) => message)).toEqual([
    'closes a circle: engine/market/a.ts > engine/orders/b.ts > engine/orders/c.ts > engine/market/a.ts',
  ]);
});

test('a file without a place, a barrel, a missing target and a computed name fail', () => {
  expect(messagesWith('engine/market/index.ts', '')).toHaveLength(1);
  expect(messagesWith('strategies/index.ts', '')).toEqual([]);
  expect(messagesWith('tools/x.ts', "import 'zod';")).toHaveLength(1);
  expect(messagesWith('engine/kernel.ts', "import './gone.ts';")).toHaveLength(1);
  expect(messagesWith('engine/kernel.ts', "import './clock.js';")).toHaveLength(1);
  expect(messagesWith('strategies/x.ts', 'import(name);')).toHaveLength(1);
});
