import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Passport } from '../../reports/passport.ts';
import { programForTests } from '../support/program.ts';

const sim = programForTests();

test('a run without a report gets its page later, from its folder alone, and an older one says what it lacks', {
  timeout: 120_000,
}, async () => {
  const cwd = sim.fresh('page');
  const day = ['--from', '2025-01-06', '--to', '2025-01-06', '--data', 'synthetic'];
  const ran = await sim.run(['backtest', ...day, '--no-report', '--json'], cwd);
  const { path, runId } = JSON.parse(ran.stdout) as { path: string; runId: string };
  const page = join(cwd, path, 'report.html');
  expect(existsSync(page)).toBe(false);

  expect((await sim.run(['report', runId], cwd)).code).toBe(0);
  const text = readFileSync(page, 'utf8');
  expect(text).toContain('<strong class="label">SYNTHETIC</strong>');
  expect(text).toContain('Each opens a chart of its structure.');
  expect(text).not.toContain(runId);

  // What a run looks like that was made before prices were kept.
  const file = join(cwd, path, 'passport.json');
  const passport = Passport.parse(JSON.parse(readFileSync(file, 'utf8')));
  const { pricesHash, ...results } = passport.results;
  expect(pricesHash).toMatch(/^[0-9a-f]{64}$/);
  writeFileSync(file, JSON.stringify({ ...passport, results }));
  rmSync(join(cwd, path, 'prices.bin'));
  expect((await sim.run(['report', runId], cwd)).code).toBe(0);
  expect(readFileSync(page, 'utf8')).toContain('Prices were not kept by this run');
});
