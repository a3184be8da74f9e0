import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';

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
