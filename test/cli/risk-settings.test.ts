import { describe, expect, test } from 'vitest';
import { agentsOf } from '../../cli/agents.ts';
import { Config } from '../../cli/config.ts';
import { effectiveConfig } from '../../cli/config-layers.ts';
import { rmsSettings } from '../../cli/risk-settings.ts';
import { UserError } from '../../cli/user-error.ts';
import { checkRmsSettings } from '../../engine/risk/rms-settings.ts';
import type { StrategyDefinition } from '../../engine/strategy.ts';
import { atmStraddle } from '../../strategies/atm-straddle.ts';

const MONEY = {
  lossPerDayMax: 10_000.05,
  exitPnl: 500,
  rollingProfit: 100.1,
  profitPerDayTarget: 1_000,
  trailFromPeak: 2_000,
  profitLockFrom: 1_500,
};
const IN_PAISE = {
  lossPerDayMax: 1_000_005,
  exitPnl: 50_000,
  rollingProfit: 10_010,
  profitPerDayTarget: 100_000,
  trailFromPeak: 200_000,
  profitLockFrom: 150_000,
};
const REST = { lossPerDayPct: 2, rLossPerDayMax: 5, rProfitPerDayTarget: 4.5, lossesInARowMax: 3 };

describe('limits of the configuration', () => {
  test('go to the engine in paise, for the account, for each segment and for what past runs came to', () => {
    const settings = rmsSettings(
      Config.parse({
        account: { capital: 500_000 },
        risk: { ...MONEY, ...REST, perSegment: { ...MONEY, ...REST }, standing: { drawdownMax: 100_000, slipMax: 3 } },
      }),
    );
    expect(settings).toMatchObject({
      ...IN_PAISE,
      ...REST,
      perSegment: { ...IN_PAISE, ...REST },
      capital: 50_000_000,
      rmsMode: 'hard',
      rollingArm: true,
      standing: { drawdownMax: 10_000_000, slipMax: 300, drawdownRMax: 20, badDaysInARowMax: 3, badDayR: 5 },
    });
    expect(Object.keys(settings)).not.toContain('perAgent');
    checkRmsSettings(settings);
  });

  test('of an agent are its own or those of each, the tighter one', () => {
    const config = Config.parse({
      agents: [
        { strategy: 'atm-straddle', segments: ['NIFTY'], risk: { ...MONEY, riskPerStructure: 6_500, lotsMax: 10 } },
        { strategy: 'atm-straddle', segments: ['SENSEX'], risk: { structuresOpenMax: 5 } },
      ],
      risk: { perAgent: { lossPerDayMax: 8_000, lotsMax: 12, structuresOpenPerRightMax: 3 } },
    });
    expect(agentsOf(config).map(({ limits }) => limits)).toEqual([
      {
        ...IN_PAISE,
        lossPerDayMax: 800_000,
        riskPerStructure: 650_000,
        lotsMax: 10,
        structuresOpenPerRightMax: 3,
      },
      { lossPerDayMax: 800_000, lotsMax: 12, structuresOpenMax: 5, structuresOpenPerRightMax: 3 },
    ]);
  });

  test('that a strategy makes of its parameters are refused in a sentence where they make no sense', () => {
    const own = { ...atmStraddle, name: 'own', limits: () => ({ structuresOpenMax: 0 }) };
    const strategy = { definition: own as StrategyDefinition<unknown>, paramsOf: () => own.params.parse({}) };
    const plans = () => agentsOf(Config.parse({ strategy: './own.ts' }), new Map([['./own.ts', strategy as never]]));
    expect(plans).toThrow(new UserError('structuresOpenMax of own is a positive whole number, was 0'));
  });

  test('of nobody are none', () => {
    expect(agentsOf(Config.parse({})).map(({ limits }) => limits)).toEqual([{}]);
  });

  test.each([
    [{ lossPerDayMax: 0 }],
    [{ lossPerDayPct: 101 }],
    [{ rollingProfit: -1 }],
    [{ lossesInARowMax: 0 }],
    [{ perSegment: { exitPnl: 0 } }],
    [{ perAgent: { lotsMax: 1.5 } }],
    [{ perAgent: { structuresOpenMax: 2 } }],
    [{ standing: { read: 'all' } }],
    [{ rmsMode: 'soft' }],
  ])('are refused where they make no sense: %j', (risk) => {
    expect(Config.safeParse({ risk }).success).toBe(false);
  });

  test('are whole paise to the last one, and lots and minutes up to their limits are right', async () => {
    const risk = { lossPerDayMax: 0.01, exitPnl: 1_234_567_890.07, trailFromPeak: 0.29, standing: { slipMax: 1.15 } };
    expect(rmsSettings(Config.parse({ risk }))).toMatchObject({
      lossPerDayMax: 1,
      exitPnl: 123_456_789_007,
      trailFromPeak: 29,
      standing: { slipMax: 115 },
    });
    const fits = {
      lots: 2,
      risk: { squareOffAt: '15:15', entryFrom: '15:09', lotsPerStructureMax: 2, perAgent: { lotsMax: 2 } },
    };
    expect((await effectiveConfig({ file: { path: 'desk.yaml', settings: fits } })).lots).toBe(2);
  });
});
