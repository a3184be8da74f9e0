import { join } from 'node:path';
import { z } from 'zod';
import { DISK } from '../../adapters/file-calls.ts';
import { madeFolder, replaceFile } from '../../adapters/run-folder.ts';
import type { OwnSource } from './own-source.ts';

/** Where the workspace keeps what is known of own code, a folder for each hash of it. */
const FOLDER = '.sim/strategies';
const CODE = 'strategy.js';
const VERDICT = 'check.json';

/** One thing that was looked at, and what came of it. */
const CheckLine = z.strictObject({
  name: z.string(),
  result: z.enum(['passed', 'warning', 'failed', 'not run']),
  reason: z.string(),
});

/** What `sim strategies check` found for one code. */
const Verdict = z.strictObject({
  code: z.string(),
  strategy: z.string(),
  held: z.boolean(),
  lines: z.array(CheckLine),
});

export type CheckLine = z.infer<typeof CheckLine>;
export type Verdict = z.infer<typeof Verdict>;

/** A line about what could not be looked at. */
export function notRun(name: string, reason: string): CheckLine {
  return { name, result: 'not run', reason };
}

/** What is known of a code: its check held, it did not, or there was none. */
export type Checked = 'checked' | 'check did not hold' | 'not checked';

/** Keeps the bundled text of a strategy, so that a run's hash leads to what ran. */
export function keepCode({ hash, code, map }: OwnSource): void {
  const folder = folderOf(hash);
  if (DISK.exists(join(folder, CODE))) return;
  madeFolder(folder);
  replaceFile(join(folder, `${CODE}.map`), map);
  replaceFile(join(folder, CODE), `${code}//# sourceMappingURL=${CODE}.map\n`);
}

export function keepVerdict(verdict: Verdict): void {
  replaceFile(join(madeFolder(folderOf(verdict.code)), VERDICT), `${JSON.stringify(verdict, undefined, 2)}\n`);
}

export function checkedOf(hash: string): Checked {
  const path = join(folderOf(hash), VERDICT);
  if (!DISK.exists(path)) return 'not checked';
  const { success, data } = Verdict.safeParse(parsed(DISK.read(path)));
  if (!success || data.code !== hash) return 'not checked';
  return data.held ? 'checked' : 'check did not hold';
}

function folderOf(hash: string): string {
  return join(FOLDER, hash.slice(0, 16));
}

/** A verdict that cannot be read is none. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
