import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VERSION } from '../../cli/version.ts';
import { STRATEGIES } from '../../strategies/index.ts';
import { programForTests } from '../support/program.ts';
import { repositoryRoot } from '../support/require-tools.ts';

const sim = programForTests();

test('the version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { version: string };
  expect(VERSION).toBe(version);
  expect(await sim.run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

describe('help', () => {
  test('answers no arguments at all, and a group of commands without one', async () => {
    const [bare, asked, data, config] = await Promise.all([
      sim.run([]),
      sim.run(['--help']),
      sim.run(['data']),
      sim.run(['config']),
    ]);
    expect(bare).toEqual(asked);
    expect(bare).toMatchObject({ code: 0, stderr: '' });
    expect(bare.stdout).toContain('Exit codes: 0 done; 1 the program failed');
    expect(data).toMatchObject({ code: 0, stderr: '' });
    expect(data.stdout).toMatch(/^Usage: sim data/);
    expect(config.stdout).toMatch(/^Usage: sim config/);
  });

  test('fits a hundred columns', async () => {
    const pages = await Promise.all(['backtest', 'runs', 'charges'].map((name) => sim.run([name, '--help'])));
    const lines = pages.flatMap(({ stdout }) => stdout.split('\n'));
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });
});

describe('wrong words', () => {
  test.concurrent.each([
    [['backtset'], "unknown command 'backtset' (Did you mean backtest?); see: sim --help"],
    [['--fast'], "unknown option '--fast'; see: sim --help"],
    [['data', 'imprt'], "unknown command 'imprt' (Did you mean import?); see: sim data --help"],
    [['charges'], "required option '--date <YYYY-MM-DD>' not specified; see: sim charges --help"],
  ])('%j end in one sentence', async (words, sentence) => {
    expect(await sim.run(words)).toEqual({ code: 2, stdout: '', stderr: `sim: ${sentence}\n` });
  });
});

describe('a reader who has seen enough', () => {
  test.concurrent.each([[['config', 'example']], [['strategies']], [['--help']]])(
    'of %j is no failure',
    async (words) => {
      const { child, ended } = sim.start(words);
      child.stdout?.destroy();
      expect(await ended).toEqual({ code: 0, stdout: '', stderr: '' });
    },
  );

  test('lets a run be finished all the same', { timeout: 120_000 }, async () => {
    const cwd = sim.fresh('piped');
    const words = ['backtest', '--data', 'synthetic', '--from', '2025-01-06', '--to', '2025-01-06', '--no-report'];
    const { child, ended } = sim.start(words, { cwd });
    child.stdout?.destroy();
    child.stderr?.destroy();
    expect((await ended).code).toBe(0);
    const listed = JSON.parse((await sim.run(['runs', '--json'], cwd)).stdout) as { from: string; data: string }[];
    expect(listed).toMatchObject([{ from: '2025-01-06', data: 'synthetic' }]);
  });
});

test('--json prints one JSON document and nothing else on stdout', { timeout: 120_000 }, async () => {
  const cwd = sim.fresh('json');
  const ran = await sim.run(['backtest', '--from', '2025-01-06', '--to', '2025-01-06', '--no-report', '--json'], cwd);
  expect(ran.code).toBe(0);
  const summary = JSON.parse(ran.stdout) as { runId: string; path: string; dataKind: string; structures: number };
  expect(summary).toMatchObject({ path: `runs/${summary.runId}`, dataKind: 'synthetic', structures: 1 });
  expect(ran.stderr.split('\n').slice(0, 3)).toEqual([
    'no store of candles is here, so invented prices are played; your own come in with: sim data import PATH',
    'atm-straddle on NIFTY, 1 lot a leg; capital Rs 1000000',
    '1 day in candles of 1m from the synthetic market',
  ]);

  const answers = await Promise.all(
    [
      ['strategies'],
      ['strategies', 'atm-straddle'],
      ['runs'],
      ['report', summary.runId],
      ['backtest', '--explain'],
      ['charges', '--date', '2025-06-02', '--exchange', 'NFO', '--side', 'SELL', '--price', '100', '--quantity', '75'],
    ].map((words) => sim.run([...words, '--json'], cwd)),
  );
  for (const { code, stdout, stderr } of answers) {
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(typeof JSON.parse(stdout)).toBe('object');
  }
});

test('strategies are listed in a few lines each, and each page of parameters stands in its columns', async () => {
  const listed = (await sim.run(['strategies'])).stdout.trimEnd().split('\n');
  const names = [...STRATEGIES.keys()];
  expect(listed.flatMap((line) => /^([a-z-]+): /.exec(line)?.[1] ?? [])).toEqual(names);
  expect(listed.length).toBeLessThan(4 * names.length);
  const pages = await Promise.all(names.map(async (name) => (await sim.run(['strategies', name])).stdout.split('\n')));
  for (const lines of [listed, ...pages]) expect(lines.filter((line) => line.length > 100)).toEqual([]);
  // After the head of a page: a name at column 2 with its meaning at 34, or what goes on under it.
  for (const lines of pages) {
    const rows = lines.slice(
      lines.findIndex((line) => line.startsWith('  parameter ')),
      -2,
    );
    expect(rows.filter((line) => !(line.length <= 34 || /^.{33} [^ ]/.test(line)))).toEqual(
      rows.filter((line) => /^ {2}[A-Za-z]+ +[^ ]+$/.test(line) && line.length > 34),
    );
  }
});

test('the last line of a run is its folder, and wide sentences are folded', { timeout: 120_000 }, async () => {
  const cwd = sim.fresh('summary');
  const ran = await sim.run(['backtest', '--data', 'synthetic', '--from', '2025-01-06', '--to', '2025-01-07'], cwd);
  expect(ran.code).toBe(0);
  const lines = ran.stdout.trimEnd().split('\n');
  expect(lines.at(-1)).toMatch(/^runs\/\d{8}-\d{6}-[0-9a-f]{4}$/);
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
  expect(lines[0]).toMatch(/^SYNTHETIC data/);
});
