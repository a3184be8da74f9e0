/** The real program in a process of its own: bundled once a test file, run in a folder that is gone afterwards. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';
import { repositoryRoot } from './require-tools.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  /** Where it runs unless told otherwise: an empty folder without a store. */
  readonly folder: string;
  readonly file: string;
  /** A fresh folder below that one. */
  fresh(name: string): string;
  run(words: readonly string[], cwd?: string): Promise<Ended>;
  /** Started, with its ending; the caller may send it signals. */
  start(
    words: readonly string[],
    options?: StartOptions,
  ): { readonly child: ChildProcess; readonly ended: Promise<Ended> };
}

export interface StartOptions {
  readonly cwd?: string;
  readonly nodeFlags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Bundles the program before the tests of a file and takes it away after them. */
export function programForTests(): Program {
  let [home, folder, count] = ['', '', 0];
  beforeAll(async () => {
    // Inside the checkout, so that packages are found; two levels deep, so that the dated tables stand where they are looked for.
    const cache = join(repositoryRoot, 'node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    home = mkdtempSync(join(cache, 'sim-cli-'));
    folder = mkdtempSync(join(tmpdir(), 'sim-cli-'));
    cpSync(join(repositoryRoot, 'datasets/reference'), join(home, 'datasets/reference'), { recursive: true });
    cpSync(join(repositoryRoot, 'examples'), join(home, 'examples'), { recursive: true });
    // The page's style and script are made by the build, which comes before the tests.
    const page = join(repositoryRoot, 'dist/page');
    if (existsSync(page)) cpSync(page, join(home, 'page'), { recursive: true });
    await build({
      entryPoints: ['cli/main.ts', 'cli/strategy-thread.ts'].map((entry) => join(repositoryRoot, entry)),
      outdir: join(home, 'dist'),
      bundle: true,
      splitting: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
  });
  afterAll(() => {
    for (const path of [home, folder]) rmSync(path, { recursive: true, force: true });
  });
  const start: Program['start'] = (words, { cwd = folder, nodeFlags = [], env = {} } = {}) => {
    const file = join(home, 'dist/main.js');
    const child = spawn(process.execPath, [...nodeFlags, file, ...words], { cwd, env: { ...process.env, ...env } });
    return { child, ended: ending(child) };
  };
  return {
    get folder() {
      return folder;
    },
    get file() {
      return join(home, 'dist/main.js');
    },
    fresh(name) {
      count += 1;
      const path = join(folder, `${name}-${count}`);
      mkdirSync(path);
      return path;
    },
    run: async (words, cwd) => await start(words, cwd === undefined ? {} : { cwd }).ended,
    start,
  };
}

function ending(child: ChildProcess): Promise<Ended> {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...texts }));
  });
}
