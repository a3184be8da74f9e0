/** What a person may get wrong on the command line (in a file: see config-errors): each ends with one sentence and exit code 2, and writes nothing. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dayOf, epochMs } from '../../engine/model/time.ts';
import { STRATEGIES } from '../../strategies/index.ts';
import { programForTests } from '../support/program.ts';

const sim = programForTests();

const TODAY = dayOf(epochMs(Date.now()));
const TOMORROW = dayOf(epochMs(Date.now() + 86_400_000));
const DAYS = ['--from', '2025-01-06', '--to', '2025-01-07'];
const INDICES = 'NIFTY, BANKNIFTY, SENSEX, FINNIFTY, MIDCPNIFTY, BANKEX';
const STRATEGY_NAMES = [...STRATEGIES.keys()].join(', ');
const PARAMETERS =
  'expiry, entryAt, exitAt, legStopPct, spotMove, rollOnSpot, rollsPerDayMax, rollUntil, moveOtherToCost, reenterAtCost, vwapGate';

type Case = readonly [name: string, words: readonly string[], sentence: string];

/** Runs `sim backtest` where nothing else is and expects the sentence alone. */
async function expectRefused(words: readonly string[], sentence: string, cwd = sim.fresh('refused')): Promise<void> {
  const before = readdirSync(cwd);
  const ended = await sim.run(['backtest', '--data', 'synthetic', ...words], cwd);
  expect(ended).toEqual({ code: 2, stdout: '', stderr: `sim: ${sentence}\n` });
  expect(readdirSync(cwd)).toEqual(before);
}

describe('dates', () => {
  const DATES: readonly Case[] = [
    ['none at all', [], '--from and --to must be given, such as: sim backtest --from 2025-01-06 --to 2025-01-31'],
    [
      'no first day',
      ['--to', '2025-01-07'],
      '--from must be given, such as: sim backtest --from 2025-01-06 --to 2025-01-31',
    ],
    [
      'no last day',
      ['--from', '2025-01-06'],
      '--to must be given, such as: sim backtest --from 2025-01-06 --to 2025-01-31',
    ],
    [
      'a day that the calendar does not have',
      ['--from', '2025-02-30', '--to', '2025-03-03'],
      '--from must be a day of the calendar, YYYY-MM-DD, was "2025-02-30"',
    ],
    [
      'a word',
      ['--from', '2025-01-06', '--to', 'yesterday'],
      '--to must be a day of the calendar, YYYY-MM-DD, was "yesterday"',
    ],
    [
      'the wrong way round',
      ['--from', '2025-01-07', '--to', '2025-01-06'],
      '--from must not be after --to, was 2025-01-07 after 2025-01-06',
    ],
    [
      'a weekend',
      ['--from', '2025-03-01', '--to', '2025-03-02'],
      '2025-03-01 to 2025-03-02 has no trading day (2025-03-01 Saturday, 2025-03-02 Sunday); choose another --from and --to',
    ],
    [
      'a holiday',
      ['--from', '2025-02-26', '--to', '2025-02-26'],
      '2025-02-26 is no trading day (holiday: Mahashivratri); choose another --from and --to',
    ],
    [
      'a special session alone',
      ['--from', '2024-11-01', '--to', '2024-11-03'],
      '2024-11-01 to 2024-11-03 has only special sessions (2024-11-01 Muhurat 2024); take part with --special-sessions include',
    ],
    [
      'today',
      ['--from', '2025-01-06', '--to', TODAY],
      `--to must be a day that is over, was today, ${TODAY}; its session can be played tomorrow`,
    ],
    [
      'a day ahead',
      ['--from', '2025-01-06', '--to', TOMORROW],
      `--to must be a day that is over, was ${TOMORROW}, which lies ahead of today, ${TODAY}`,
    ],
    [
      'before the tables',
      ['--from', '2018-12-31', '--to', '2019-01-04'],
      '--from must be 2019-01-01 or later, where the tables of the market begin, was 2018-12-31',
    ],
  ];
  test.concurrent.each(DATES)('%s', async (_name, words, sentence) => {
    await expectRefused(words, sentence);
  });
});

describe('flags', () => {
  const FLAGS: readonly Case[] = [
    ['an unknown strategy', ['--strategy', 'iron'], `the strategy must be one of ${STRATEGY_NAMES}, was "iron"`],
    [
      'a name that is nearly one',
      ['--strategy', 'atm-stradle'],
      `the strategy must be one of ${STRATEGY_NAMES}, was "atm-stradle" (did you mean atm-straddle?)`,
    ],
    ['an unknown segment', ['--segments', 'NIFTY,DAX'], `--segments must be one of ${INDICES}, was "DAX"`],
    [
      'a segment that the strategy is not for',
      ['--segments', 'BANKEX'],
      'segments of atm-straddle must be among NIFTY, BANKNIFTY, SENSEX, was "BANKEX"',
    ],
    [
      'a segment twice',
      ['--segments', 'NIFTY,NIFTY'],
      'agents must each have a segment or a name of their own, was atm-straddle on NIFTY twice; a strategy stands twice on a segment with a name each',
    ],
    ['lots that are no number', ['--lots', 'many'], '--lots must be a whole number from 1 to 10000, was "many"'],
    ['half a lot', ['--lots', '1.5'], '--lots must be a whole number from 1 to 10000, was 1.5'],
    ['no capital', ['--capital', '0'], '--capital must be a multiple of 0.01 from 0.01 to 100000000000, was 0'],
    ['a seed below zero', ['--seed', '-1'], '--seed must be a whole number of at least 0, was -1'],
    ['an interval in hours', ['--interval', '1h'], '--interval must be a number of minutes such as 1m or 3m, was "1h"'],
    [
      'an interval that is not there',
      ['--interval', '3m'],
      '--interval must be one that the synthetic market has on these days, was 3m; it has NIFTY at 1m on all days',
    ],
    [
      'a choice that there is not',
      ['--special-sessions', 'perhaps'],
      '--special-sessions must be one of include, exclude, was "perhaps"',
    ],
    ['a setting without a value', ['--set', 'legStopPct'], '--set must read key=value, was "legStopPct"'],
    [
      'a value that is no plain one',
      ['--set', 'legStopPct=[1'],
      '--set must read key=value with a plain value, was "legStopPct=[1"',
    ],
    [
      'an unknown parameter',
      ['--set', 'legStop=30'],
      `parameter legStop is unknown (did you mean legStopPct?); atm-straddle takes ${PARAMETERS}`,
    ],
    [
      'a parameter of the wrong type',
      ['--set', 'legStopPct=wide'],
      'parameter legStopPct must be a number above 0 up to 300, was "wide"',
    ],
    [
      'a parameter out of range',
      ['--set', 'legStopPct=301'],
      'parameter legStopPct must be a number above 0 up to 300, was 301',
    ],
    ['a time that is none', ['--set', 'entryAt=9:20'], 'parameter entryAt must be a time of day, HH:MM, was "9:20"'],
    [
      'a parameter of another strategy',
      ['--set', 'atm-straddle.x.y=1'],
      `parameter x.y is unknown; atm-straddle takes ${PARAMETERS}`,
    ],
    [
      'a setting out of range',
      ['--set', 'costs.slippageTicks=-1'],
      '--set costs.slippageTicks must be a whole number from 0 to 1000000, was -1',
    ],
    [
      'a setting where it stood once',
      ['--set', 'fills.slippageTicks=2'],
      '--set fills.slippageTicks has moved to costs.slippageTicks',
    ],
    [
      'an unknown setting',
      ['--set', 'costs.latency.perhaps=1'],
      '--set costs.latency.perhaps is unknown; costs.latency takes decideToVenueMs, venueToUsMs, betweenLegsMs',
    ],
    ['an unknown flag', ['--fast'], "unknown option '--fast'; see: sim backtest --help"],
    ['a flag without its value', ['--lots'], "option '--lots <count>' argument missing; see: sim backtest --help"],
    [
      'a word too many',
      ['now'],
      "too many arguments for 'backtest'. Expected 0 arguments but got 1; see: sim backtest --help",
    ],
  ];
  test.concurrent.each(FLAGS)('%s', async (_name, words, sentence) => {
    await expectRefused([...DAYS, ...words], sentence);
  });
});

test('a file in the place of the runs', async () => {
  const cwd = sim.fresh('runs');
  writeFileSync(join(cwd, 'runs'), 'mine');
  await expectRefused(DAYS, '--runs must name a folder, was the file ./runs', cwd);
});

test('a run that there is not', async () => {
  const ended = await sim.run(['report', 'last']);
  expect(ended).toEqual({
    code: 2,
    stdout: '',
    stderr: 'sim: RUN must be the id or the folder of a finished run (there is none in ./runs), was "last"\n',
  });
  expect(existsSync(join(sim.folder, 'runs'))).toBe(false);
});
