import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Sample } from './rounds.ts';
import { interleaved, printTable } from './rounds.ts';

/** The built program's help, version and errors of arguments and settings beside an empty node process. */
export function benchStartup(rounds: number): void {
  const program = resolve('dist/cli/main.js');
  if (!existsSync(program)) throw new Error(`${program} is absent: run npm run build first`);
  const scratch = mkdtempSync(join(tmpdir(), 'sim-bench-start-'));
  try {
    const empty = join(scratch, 'empty.mjs');
    writeFileSync(empty, '');
    const sides = [
      { name: 'empty node process', once: () => spawned([empty], 0) },
      { name: 'sim --help', once: () => spawned([program, '--help'], 0) },
      { name: 'sim --version', once: () => spawned([program, '--version'], 0) },
      { name: 'sim with an unknown option', once: () => spawned([program, '--nonsense'], 2) },
      { name: 'sim backtest with a wrong parameter', once: () => spawned([program, ...WRONG], 2) },
    ];
    interleaved(sides, 1);
    printTable('Start of the program, whole process', interleaved(sides, 2 * rounds + 1));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Refused by the schema of a strategy's parameters. */
const WRONG = ['backtest', '--from', '2025-01-06', '--to', '2025-01-31', '--set', 'legStopPct=much'];

function spawned(args: readonly string[], expected: number): Sample {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const ms = performance.now() - began;
  if (status !== expected) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return { ms };
}
