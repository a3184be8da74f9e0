/** A flat charge a lot in place of the dated ones, as a person meets it: the sums, what the run says of itself, and what is refused. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { programForTests } from '../support/program.ts';

const sim = programForTests();
const DAY = ['backtest', '--data', 'synthetic', '--from', '2025-01-06', '--to', '2025-01-06', '--lots', '3'];

test('each filled lot pays it and nothing else is charged, to the note and the net', async () => {
  const cwd = sim.fresh('flat');
  const ran = await sim.start([...DAY, '--set', 'costs.flatPerLot=40.5'], { cwd, env: { LC_ALL: 'C.UTF-8' } }).ended;
  expect(ran.code, ran.stderr).toBe(0);
  const run = join(cwd, ran.stdout.trim().split('\n').at(-1) ?? '');
  const records = readFileSync(join(run, 'orders.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; fill?: { lots: number } });
  const lots = records.reduce((sum, { kind, fill }) => sum + (kind === 'order-filled' ? (fill?.lots ?? 0) : 0), 0);
  // two legs of three lots in and out: twelve lots at 40.50 are 486 rupees
  expect(lots).toBe(12);
  const shown = (name: string): string => new RegExp(`^ *${name} +(.*)$`, 'm').exec(ran.stdout)?.[1]?.trim() ?? '';
  expect(['Brokerage', 'STT', 'GST', 'Contract note rounding', 'Charges'].map(shown)).toEqual([
    '-₹486.00',
    '₹0.00',
    '₹0.00',
    '₹0.00',
    '-₹486.00',
  ]);
  const passport = readFileSync(join(run, 'passport.json'), 'utf8');
  expect(passport).toContain('A flat Rs 40.5 for each lot of each executed order');
  expect(passport).not.toContain("Zerodha's charges by date");
  expect(ran.stdout).toContain('charges are a flat Rs 40.5 a lot and order by setting, not the dated ones');
  expect(await sim.run(['report', run], cwd)).toMatchObject({ code: 0 });
});

test.each([
  ['0', 'must be a multiple of 0.01 from 0.01 to 100000, was 0'],
  ['40.005', 'must be a multiple of 0.01 from 0.01 to 100000, was 40.005'],
  ['-40', 'must be a multiple of 0.01 from 0.01 to 100000, was -40'],
])('a flat charge of %s rupees is refused', async (value, sentence) => {
  const cwd = sim.fresh('refused');
  expect(await sim.run([...DAY, '--set', `costs.flatPerLot=${value}`], cwd)).toEqual({
    code: 2,
    stdout: '',
    stderr: `sim: --set costs.flatPerLot ${sentence}\n`,
  });
  expect(readdirSync(cwd)).toEqual([]);
});
