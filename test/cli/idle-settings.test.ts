/** Settings that are right and change nothing: `config check` says so, and lets them pass. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { programForTests } from '../support/program.ts';

const sim = programForTests();

async function warned(text: string): Promise<readonly string[]> {
  const cwd = sim.fresh('idle');
  writeFileSync(join(cwd, 'desk.yaml'), text);
  const { code, stdout, stderr } = await sim.run(['config', 'check', 'desk.yaml'], cwd);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.split('\n').filter((line) => line.startsWith('warning: '));
}

test('a setting without what it belongs to is named with its place and why', async () => {
  expect(
    await warned(`execution:
  entry: { waitMs: 3000 }
risk:
  profitLockShare: 0.6
  rollingArm: false
  rmsMode: shrinking
  profitTargetAct: flatten
`),
  ).toEqual([
    'warning: execution.entry.waitMs in desk.yaml:2:12 changes nothing: entries go to the market at once',
    'warning: risk.profitLockShare in desk.yaml:4:3 changes nothing: no profitLockFrom is set',
    'warning: risk.rollingArm in desk.yaml:5:3 changes nothing: no rollingProfit is set',
    'warning: risk.rmsMode in desk.yaml:6:3 changes nothing: no loss of the day is capped',
    'warning: risk.profitTargetAct in desk.yaml:7:3 changes nothing: no profitPerDayTarget is set',
  ]);
});

test('the same beside what it belongs to, in any scope, is not', async () => {
  expect(
    await warned(`execution:
  entry: { policy: limit-then-market, waitMs: 3000 }
  basketWait: filled
  basketWaitMs: 9000
risk:
  profitLockShare: 0.6
  profitLockFrom: 5000
  rollingArm: false
  rmsMode: shrinking
  profitTargetAct: flatten
  perSegment: { rollingProfit: 500, lossPerDayPct: 2 }
  perAgent: { profitPerDayTarget: 900 }
`),
  ).toEqual([]);
});
