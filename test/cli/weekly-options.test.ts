/** A strategy that is meant for weekly options says at the start of a run that a segment lists months only. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentsOf } from '../../cli/agents.ts';
import { Config } from '../../cli/config.ts';
import { weeklyWarnings } from '../../cli/weekly-options.ts';
import { day } from '../../engine/model/time.ts';
import { ownText } from '../support/own-strategy.ts';
import { testReference } from '../support/play.ts';
import { programForTests } from '../support/program.ts';

const sim = programForTests();
/** The last weekly contract of BANKNIFTY expired on the second of these. */
const AROUND_THE_LAST = ['2024-11-12', '2024-11-13', '2024-11-14', '2024-11-18'].map(day);

function warned(config: Record<string, unknown>, days = AROUND_THE_LAST): readonly string[] {
  return weeklyWarnings(agentsOf(Config.parse(config)), { contracts: testReference().contracts, days });
}

const TAIL = 'it trades those, which live for weeks';

test('each agent is named once, with the first day and the number of days without weekly options', () => {
  const agents = [
    { strategy: 'weekly-signals', segments: ['NIFTY', 'BANKNIFTY'], params: { strikeRule: 'near100' } },
    { strategy: 'atm-straddle', name: 'late', segments: ['BANKNIFTY'] },
  ];
  const months = 'is meant for weekly options, but only monthly ones are listed';
  expect(warned({ agents })).toEqual([
    `weekly-signals on BANKNIFTY ${months} on 2 of 4 days, the first 2024-11-14; ${TAIL}`,
    `late on BANKNIFTY ${months} on 2 of 4 days, the first 2024-11-14; ${TAIL}`,
  ]);
  expect(warned({ agents }, AROUND_THE_LAST.slice(2))).toEqual([
    `weekly-signals on BANKNIFTY ${months} on all days of the run; ${TAIL}`,
    `late on BANKNIFTY ${months} on all days of the run; ${TAIL}`,
  ]);
  expect(warned({ agents }, AROUND_THE_LAST.slice(0, 2))).toEqual([]);
});

test('whoever asks for the month, or has rules for any expiry, is not warned', () => {
  const of = (strategy: string, params: Record<string, unknown> = {}) =>
    warned({ strategy, params, segments: ['BANKNIFTY'] }).length;
  const meant = ['swing-break', 'weekly-signals', 'straddle-vwap', 'straddle-vwap-spread', 'batman', 'atm-straddle'];
  const rule = { 'weekly-signals': { strikeRule: 'near100' } } as Record<string, Record<string, unknown>>;
  expect(meant.map((name) => of(name, rule[name]))).toEqual([1, 1, 1, 1, 1, 1]);
  expect(meant.map((name) => of(name, { ...rule[name], expiry: 'monthly' }))).toEqual([0, 0, 0, 0, 0, 0]);
  expect(['rsi-strength', 'key-zone-reversal', 'oi-breakout', 'ema-trend'].map((name) => of(name))).toEqual([
    0, 0, 0, 0,
  ]);
});

test('a run says so before its first day and keeps it in the passport', async () => {
  const cwd = sim.fresh('months');
  const words = ['--data', 'synthetic', '--from', '2024-11-13', '--to', '2024-11-14', '--segments', 'BANKNIFTY'];
  const ran = await sim.run(['backtest', ...words, '--no-report'], cwd);
  const sentence = `atm-straddle on BANKNIFTY is meant for weekly options, but only monthly ones are listed on 1 of 2 days, the first 2024-11-14; ${TAIL}`;
  expect([ran.code, ran.stderr.split('\n')[0]]).toEqual([0, sentence]);
  const run = ran.stdout.trim().split('\n').at(-1) ?? '';
  expect(readFileSync(join(cwd, run, 'passport.json'), 'utf8')).toContain(sentence);
});

test('a file of your own says so too, and no other word is taken', async () => {
  const cwd = sim.fresh('own');
  const words = ['--data', 'synthetic', '--from', '2024-11-14', '--to', '2024-11-14', '--segments', 'BANKNIFTY'];
  const ranWith = async (meantFor: string) => {
    writeFileSync(
      join(cwd, 'mine.ts'),
      ownText({ name: 'mine', create: `meantFor: '${meantFor}', create: () => ({})` }),
    );
    return await sim.run(['backtest', ...words, '--no-report', '--strategy', './mine.ts'], cwd);
  };
  expect((await ranWith('weekly')).stderr).toContain('mine on BANKNIFTY is meant for weekly options, but only monthly');
  expect(await ranWith('daily')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('meantFor must be one of weekly, was "daily"'),
  });
});
