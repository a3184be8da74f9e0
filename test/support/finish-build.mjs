/**
 * After the compiler has written the types: bundles the program, so that a start reads a few files instead of hundreds, and the script
 * of its page, takes away what an earlier build left, and makes the program executable. Packages that are heavy or carry binaries stay outside and are loaded when
 * they are needed; positions in errors are led back to the sources by the maps beside the bundles.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundledPage } from './bundle-page.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const dist = join(root, 'dist');
const page = join(dist, 'page');

/** What others load by its path: the program, threads of it, what package.json exports. */
const ENTRIES = ['cli/main.ts', 'cli/strategy-thread.ts', 'cli/testing.ts', 'strategies/authoring.ts'];
const OUTSIDE = ['@duckdb/node-api', 'apache-arrow', 'esbuild', 'exceljs', 'kiteconnect', 'ws'];
const LICENCES = 'third-party-licences.txt';
const TABLES = join(dist, 'reference.bin');

/** Modules that hand zod on, to strategies of a person's own. */
const HANDS_ZOD_ON = ['cli/own-strategies/realm.ts', 'strategies/authoring.ts'].map((path) => join(root, path));

/**
 * The program takes from zod what it asks for by name; its languages and rarer shapes would go into every start otherwise. What is handed on
 * is a whole copy beside it: schemas of one copy are read by the other, and names and settings of schemas are shared by all copies.
 */
const twoZods = {
  name: 'two-zods',
  setup: ({ onLoad, onResolve }) => {
    onLoad({ filter: new RegExp(`^${root}/(adapters|cli|datasets|reports|strategies)/.*\\.ts$`) }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace("import { z } from 'zod'", "import * as z from 'zod'"),
      loader: 'ts',
    }));
    onResolve({ filter: /^zod$/ }, ({ importer }) =>
      HANDS_ZOD_ON.includes(importer)
        ? { path: join(root, 'node_modules/zod/index.js'), namespace: 'whole-zod' }
        : undefined,
    );
    onResolve({ filter: /^\./, namespace: 'whole-zod' }, ({ importer, path }) => ({
      path: resolve(dirname(importer), path),
      namespace: 'whole-zod',
    }));
    onLoad({ filter: /./, namespace: 'whole-zod' }, ({ path }) => ({ contents: readFileSync(path, 'utf8') }));
  },
};

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ENTRIES.filter((entry) => existsSync(join(root, entry))),
  outdir: dist,
  outbase: root,
  // Beside the program, so that what a module finds from its own place is found from a bundle's place too.
  chunkNames: 'cli/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: OUTSIDE,
  // Its modules for browsers are the same code in a form that can be bundled; the other form is read file by file.
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
  // Packages of the older kind ask for the platform's modules by a call.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  charset: 'utf8',
  plugins: [twoZods],
  metafile: true,
  logLevel: 'warning',
});

writeFileSync(join(dist, LICENCES), licencesOf(Object.keys(metafile.inputs)));
await prepareTables();
removeLeftovers(
  new Set([...Object.keys(metafile.outputs).map((output) => join(root, output)), join(dist, LICENCES), TABLES]),
);
const { script, style } = bundledPage();
mkdirSync(page, { recursive: true });
writeFileSync(join(page, 'page.js'), script);
writeFileSync(join(page, 'page.css'), style);
chmodSync(join(dist, 'cli/main.js'), 0o755);

/** Checks the dated tables once, for all starts of this build. */
async function prepareTables() {
  const script = join(dist, 'prepare-tables.mjs');
  const entry = join(root, 'test/support/prepare-tables.ts');
  await build({
    entryPoints: [entry],
    outfile: script,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  });
  const { status } = spawnSync(process.execPath, [script, TABLES], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the dated tables could not be prepared');
}

/** The licence of each package that went into a bundle. */
function licencesOf(inputs) {
  const folders = inputs.flatMap((input) => /node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no licence file, so it cannot be bundled`);
    return `${name} ${version}\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
  });
  return texts.join(`\n${'-'.repeat(72)}\n\n`);
}

/** Removes bundles of an earlier build, and types whose source is gone. */
function removeLeftovers(fresh) {
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.parentPath === page) continue;
    const output = join(entry.parentPath, entry.name);
    const source = join(root, relative(dist, output)).replace(/\.d\.ts$/, '.ts');
    const isType = output.endsWith('.d.ts') && existsSync(source);
    if (!(isType || fresh.has(output))) rmSync(output);
  }
}
