/** Makes style and script of report.html: one text each, small, and the same on every machine. */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** Browsers that know `light-dark()` and `color-mix()`. */
const TARGET = ['chrome123', 'firefox120', 'safari17.5'];

/** @returns {{ readonly script: string, readonly style: string }} */
export function bundledPage() {
  return { script: bundled('reports/page/browser/main.ts'), style: bundled('reports/page/style/page.css') };
}

function bundled(entry) {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    charset: 'utf8',
    legalComments: 'none',
    target: TARGET,
    tsconfig: 'tsconfig.page.json',
  });
  return outputFiles[0].text.trim();
}
