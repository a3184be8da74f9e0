import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import type { Sample } from './rounds.ts';

/** The program as it was built. */
export const PROGRAM = resolve('dist/cli/main.js');

/** A synthetic store, made once; half a store never gets the name. */
export function madeStore(store: string, choice: readonly string[]): string {
  if (existsSync(store)) return store;
  const part = `${store}.part`;
  rmSync(part, { recursive: true, force: true });
  console.log(`\nMaking ${store}, once (some minutes)`);
  ran(process.execPath, [PROGRAM, 'data', 'synth', ...choice, '--store', part]);
  renameSync(part, store);
  return store;
}

/** What a program printed; one that fails ends the bench. */
export function ran(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env, maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${stderr}`);
  return stdout;
}

/** A yardstick of this folder as a program of its own, so that nothing of ours loads with it. */
export function script(name: string, ...words: readonly string[]): Sample {
  const file = join(dirname(process.argv[1] ?? ''), `sim-bench-${name}.mjs`);
  if (!built.has(file)) {
    const entry = resolve(`test/bench/${name}.ts`);
    buildSync({
      entryPoints: [entry],
      outfile: file,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
    });
    built.add(file);
  }
  const began = performance.now();
  const out = ran(process.execPath, [file, ...words]);
  return { ms: performance.now() - began, answer: out.trim() };
}

const built = new Set<string>();
