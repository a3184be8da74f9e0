/** Settings with which a desk could not trade as asked: refused by the real program in one sentence, with exit code 2, and nothing is written. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { programForTests } from '../support/program.ts';

const sim = programForTests();

type Case = readonly [name: string, words: readonly string[], sentence: string];

async function expectRefused(words: readonly string[], sentence: string): Promise<void> {
  const cwd = sim.fresh('refused');
  const days = ['--data', 'synthetic', '--from', '2025-01-06', '--to', '2025-01-07'];
  const ended = await sim.run(['backtest', ...days, ...words], cwd);
  expect(ended).toEqual({ code: 2, stdout: '', stderr: `sim: ${sentence}\n` });
  expect(readdirSync(cwd)).toEqual([]);
}

/** Words that set parameters of a strategy. */
function of(strategy: string, ...settings: readonly string[]): readonly string[] {
  return ['--strategy', strategy, ...settings.flatMap((setting) => ['--set', setting])];
}

describe('strikes that no exchange lists, or nobody looks at', () => {
  const CASES: readonly Case[] = [
    [
      'an offset between two strikes',
      of('rsi-strength', 'itmOffset=125'),
      'parameter itmOffset must be a multiple of the strike step of NIFTY, 50, was 125',
    ],
    [
      'an offset beyond every strike',
      of('rsi-strength', 'itmOffset=2050'),
      'parameter itmOffset must be a number from -2000 to 2000, was 2050',
    ],
    [
      'a hedge between two strikes of BANKNIFTY',
      [...of('weekly-signals', 'strikeRule=near100', 'hedgeOffset=250'), '--segments', 'BANKNIFTY'],
      'parameter hedgeOffset must be a multiple of the strike step of BANKNIFTY, 100, was 250',
    ],
    [
      'a hedge beyond the strikes that are looked at',
      of('weekly-signals', 'hedgeOffset=2050'),
      'parameter hedgeOffset must lie within the 40 strikes of 50 points that are looked at, was 2050',
    ],
    [
      'a sold strike to 50 where strikes are 100 apart',
      [...of('weekly-signals'), '--segments', 'SENSEX'],
      'parameter strikeRule of SENSEX must be near100, since its strikes are 100 points apart, was dir50',
    ],
    [
      'a middle strike between two strikes',
      of('swing-break', 'centreRounding=75'),
      'parameter centreRounding must be a multiple of the strike step of NIFTY, 50, was 75',
    ],
    [
      'more strikes than a detector is kept for',
      of('swing-break', 'strikesAround=31'),
      'parameter strikesAround must be a whole number from 0 to 30, was 31',
    ],
    [
      'a hedge at the same distance as what it hedges',
      of('batman', 'legsByDte=[{ maxDte: 366, sellPct: 2, hedgePct: 2 }]'),
      'parameter legsByDte must have hedgePct below sellPct, was 2 and 2 up to 366 days',
    ],
  ];
  test.concurrent.each(CASES)('%s', async (_name, words, sentence) => await expectRefused(words, sentence));
});

describe('parameters that contradict each other', () => {
  const CASES: readonly Case[] = [
    [
      'an exit before the entry',
      of('atm-straddle', 'exitAt=09:20'),
      'parameter entryAt must be before exitAt, was 09:20 and 09:20',
    ],
    [
      'an entry before any session',
      of('atm-straddle', 'entryAt=09:15'),
      'parameter entryAt must be after 09:15, when sessions begin, was 09:15',
    ],
    [
      'a range of index candles that rolls',
      of('straddle-vwap-spread', 'rangeMode=rolling', 'rangeOn=extreme'),
      'parameter rangeOn extreme goes with rangeMode opening, was with rolling',
    ],
    [
      'hedges further out than what they hedge',
      of('batman', 'strikeBy=delta', 'hedgeDelta=0.05'),
      'parameter hedgeDelta must be above sellDelta, was 0.05 and 0.1',
    ],
    [
      'an anchor after the last entry',
      of('straddle-vwap', 'anchorTime=15:10'),
      'parameter anchorTime must be before entryTo, was 15:10 and 15:00',
    ],
    [
      'a window that lasts until the last entry',
      of('straddle-vwap', 'pivotWindow=345'),
      'parameter pivotWindow must end before entryTo, was 345 minutes from 09:15 and 15:00; nothing could be entered',
    ],
    [
      'a confirmation where the wait is over',
      of('key-zone-reversal', 'confirmPct=0.2'),
      'parameter confirmPct must be below leaveZones times zonePct, where the wait ends, was 0.2 with 2 times 0.1',
    ],
    [
      'a look back between two readings',
      of('oi-breakout', 'oiGridMinutes=3', 'oiWindowMinutes=10'),
      'parameter oiWindowMinutes must be a multiple of oiGridMinutes, was 10 and 3',
    ],
    [
      'an opening range beyond the last entry',
      of('oi-breakout', 'openingMinutes=180', 'entryTo=12:15'),
      'parameter openingMinutes must end before entryTo, was 180 minutes from 09:15 and 12:15; nothing could be entered',
    ],
    [
      'a fast mean that is not faster',
      of('ema-trend', 'fastEma=50'),
      'parameter fastEma must be below emaPeriod, was 50 and 50',
    ],
    [
      'a last entry before the session',
      of('ema-trend', 'entryTo=09:15'),
      'parameter entryTo must be after 09:15, when sessions begin, was 09:15',
    ],
    [
      'a lock that arms below its own exit',
      of('weekly-signals', 'profitLockArmPct=4'),
      'parameter profitLockArmPct must be above profitLockExitPct, was 4 and 5',
    ],
    [
      'a last entry before the first bar ends',
      of('weekly-signals', 'entryTo=10:15'),
      'parameter entryTo must be after the first hour of a session ends at 10:15, was 10:15 with lateSignal skip',
    ],
    [
      'prices from above to below',
      of('swing-break', 'priceMin=400'),
      'parameter priceMin must not be above priceMax, was 400 and 300',
    ],
    [
      'more calls than positions',
      of('swing-break', 'maxPositions=2'),
      'parameter maxPositionsCe must not be above maxPositions, was 3 and 2',
    ],
    [
      'entries after everything is closed',
      of('rsi-strength', 'exitAt=14:00'),
      'parameter entryTo must not be after exitAt, was 15:15 and 14:00',
    ],
  ];
  test.concurrent.each(CASES)('%s', async (_name, words, sentence) => await expectRefused(words, sentence));
});

describe('limits of risk and settings of execution', () => {
  const set = (...settings: readonly string[]): readonly string[] => settings.flatMap((each) => ['--set', each]);
  const CASES: readonly Case[] = [
    ['no lots', ['--lots', '0'], '--lots must be a whole number from 1 to 10000, was 0'],
    [
      'a cap of nothing',
      set('risk.lossPerDayMax=0'),
      '--set risk.lossPerDayMax must be a multiple of 0.01 from 0.01 to 100000000000, was 0',
    ],
    [
      'a cap of nothing in each segment',
      set('risk.perSegment.lossPerDayMax=0'),
      '--set risk.perSegment.lossPerDayMax must be a multiple of 0.01 from 0.01 to 100000000000, was 0',
    ],
    [
      'no structures a day',
      set('risk.structuresPerDayMax=0'),
      '--set risk.structuresPerDayMax must be a whole number from 1 to 1000000, was 0',
    ],
    [
      'a strategy without positions',
      of('swing-break', 'maxPositions=0'),
      'parameter maxPositions must be a whole number above 0 up to 1000, was 0',
    ],
    [
      'an exit P&L beyond the cap',
      set('risk.exitPnl=30000', 'risk.lossPerDayMax=20000'),
      '--set risk.exitPnl must not be above --set risk.lossPerDayMax, was 30000 and 20000; it could never act',
    ],
    [
      'a last entry before the first',
      set('risk.entryFrom=11:00', 'risk.entryTo=10:00'),
      '--set risk.entryFrom must be before --set risk.entryTo, was 11:00 and 10:00; nothing could be entered',
    ],
    [
      'orders of a day that all are kept for exits',
      set('execution.ordersPerDayMax=500'),
      'execution.ordersPerDayReserve must be below --set execution.ordersPerDayMax, was 500 of 500; nothing could be entered',
    ],
    [
      'an order that waits for an hour',
      set('execution.entry.policy=limit-then-market', 'execution.entry.waitMs=3600000'),
      '--set execution.entry.waitMs must be a whole number from 0 to 600000, was 3600000',
    ],
    [
      'a square-off before the session',
      set('risk.squareOffAt=09:00'),
      'risk.squareOffAt 09:00 must leave a minute of a session for entries, was outside of every session of the run',
    ],
    [
      'a last entry before the session',
      set('risk.entryTo=09:14'),
      'risk.entryTo 09:14 must leave a minute of a session for entries, was outside of every session of the run',
    ],
    [
      'a first entry after the session',
      set('risk.entryFrom=15:30'),
      'risk.entryFrom 15:30 must leave a minute of a session for entries, was outside of every session of the run',
    ],
  ];
  test.concurrent.each(CASES)('%s', async (_name, words, sentence) => await expectRefused(words, sentence));

  test('a limit of past runs that nobody reads is said to do nothing', async () => {
    const day = ['--from', '2025-01-06', '--to', '2025-01-06', '--no-report'];
    const words = ['backtest', '--data', 'synthetic', ...day, ...set('risk.standing.drawdownMax=100000')];
    const { code, stdout } = await sim.run(words, sim.fresh('standing'));
    expect([code, stdout.replaceAll(/\s+/g, ' ')]).toEqual([
      0,
      expect.stringContaining(
        'limits of risk.standing are set, but no past run is read: that takes risk.standing.read runs',
      ),
    ]);
  });

  test('an evening session is entered at its own hour', async () => {
    const cwd = sim.fresh('muhurat');
    const muhurat = ['--from', '2024-11-01', '--to', '2024-11-01', '--special-sessions', 'include', '--no-report'];
    const words = ['backtest', '--data', 'synthetic', ...muhurat, ...set('risk.entryFrom=18:10')];
    expect(await sim.run(words, cwd)).toMatchObject({ code: 0 });
  });
});

test.concurrent.each([
  [
    'an agent twice',
    'agents:\n  - { strategy: batman, segments: [NIFTY, SENSEX] }\n  - { strategy: batman, segments: [SENSEX] }\n',
    'agents in desk.yaml:3:5 must each have a segment or a name of their own, was batman on SENSEX twice; a strategy stands twice on a segment with a name each',
  ],
  [
    'two agents of one name',
    'agents:\n  - { strategy: swing-break, name: one }\n  - { strategy: swing-break, name: one, params: { rValue: 5000 } }\n',
    'agents in desk.yaml:3:5 must each have a segment or a name of their own, was one on NIFTY twice; a strategy stands twice on a segment with a name each',
  ],
  [
    'an exit P&L of an agent beyond its cap',
    'agents:\n  - strategy: batman\n    risk:\n      lossPerDayMax: 5000\n      exitPnl: 6000\n',
    'agents[0].risk.exitPnl in desk.yaml:5:7 must not be above agents[0].risk.lossPerDayMax in desk.yaml:4:7, was 6000 and 5000; it could never act',
  ],
])('a desk with %s', async (_name, desk, sentence) => {
  const cwd = sim.fresh('desk');
  writeFileSync(join(cwd, 'desk.yaml'), desk);
  const days = ['--data', 'synthetic', '--from', '2025-01-06', '--to', '2025-01-07'];
  const refused = { code: 2, stdout: '', stderr: `sim: ${sentence}\n` };
  expect(await sim.run(['backtest', '--config', 'desk.yaml', ...days], cwd)).toEqual(refused);
  expect(await sim.run(['config', 'check', 'desk.yaml'], cwd)).toEqual(refused);
  expect(readdirSync(cwd)).toEqual(['desk.yaml']);
});
