import { describe, expect, test } from 'vitest';
import type { AgentPlan } from '../../../engine/kernel-parts.ts';
import type { DayCandles } from '../../../engine/model/candle-frame.ts';
import type { GuardSpec, StrategyContext } from '../../../engine/strategy.ts';
import { paise } from '../../../engine/strategy.ts';
import type { Played } from '../../support/play.ts';
import { play } from '../../support/play.ts';
import { doing, enter, entering, NO_DISASTER_STOP, scripted } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { closes, fills, guards, recordsOf } from '../../support/tell.ts';

const STOP: GuardSpec = { name: 'stop', act: 'stop', basis: 'leg', distance: { pct: 20 }, closes: 'leg' };
const TARGET: GuardSpec = { name: 'target', act: 'target', basis: 'leg', distance: { pct: 20 }, closes: 'leg' };

/** One agent that enters legs under guards at 09:20, without resting stops. A flat 100 sells at 99.70 and is bought at 100.30. */
function guarded(day: DayCandles, legs: readonly string[], specs: readonly GuardSpec[]): Played {
  return plays(day, scripted(entering('09:20', legs, { guards: specs })));
}

function plays(day: DayCandles, ...agents: readonly AgentPlan[]): Played {
  return play({ days: [day], agents, parts: NO_DISASTER_STOP });
}

describe('a stop on a leg', () => {
  const rising = tape`
    09:19  NIFTY 23005  CE 100
    09:22  CE 100 125 100 125
  `;

  // 99.70 + 20 % = 119.64, on ticks 119.65. Low first, so 100 until 20 s, then to 125 by 40 s: 119.65 after 20 + 20 x 19.65/25 =
  // 35.72 s. The exit arrives 300 ms later at 120.025, up to 120.05; 0.25 % of it is 0.3001, on ticks 0.35: 120.05 + 0.35 + 0.05.
  test('in per cent acts where the line crosses it and sees that level', () => {
    const played = guarded(rising, ['SELL CE'], [STOP]);
    expect(guards(played)).toBe(
      ['09:20:01.400 set stop CE 119.65', '09:22:35.720 fired stop CE 119.65 seen 119.65'].join('\n'),
    );
    expect(fills(played)).toBe(['09:20:01.300 entry SELL CE 99.70', '09:22:36.020 SL BUY CE 120.45'].join('\n'));
    expect(closes(played)).toContain('09:22:36.120 CE SL gross -1556.25');
  });

  test('in paise stands that far from the entry', () => {
    const spec: GuardSpec = { ...STOP, distance: { paise: 1_030 } };
    // 99.70 + 10.30 = 110.00, after 20 + 20 x 10/25 = 28 s.
    expect(guards(guarded(rising, ['SELL CE'], [spec]))).toContain('09:22:28.000 fired stop CE 110.00 seen 110.00');
  });

  test('of a long leg stands below', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 100 100 75 80
    `;
    // 100.30 - 20 % = 80.24, on ticks 80.25: after 20 x 19.75/25 = 15.8 s.
    expect(guards(guarded(day, ['BUY CE'], [STOP]))).toContain('09:22:15.800 fired stop CE 80.25 seen 80.25');
  });

  test('sees the price behind a gap', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 140
    `;
    const played = guarded(day, ['SELL CE'], [STOP]);
    expect(guards(played)).toContain('09:22:00.000 fired stop CE 119.65 seen 140.00');
    // 0.25 % of 140 is exactly 0.35.
    expect(fills(played)).toContain('09:22:00.300 SL BUY CE 140.40');
  });

  test('that is beyond the price when it is laid fires at once', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:20  CE 100 100 100 100
    `;
    // A stop two ticks above a sale at 99.70 is already below the market of 100 when the fill is known.
    const spec: GuardSpec = { ...STOP, distance: { paise: 10 } };
    const played = guarded(day, ['SELL CE'], [spec]);
    expect(guards(played)).toBe(
      ['09:20:01.400 set stop CE 99.80', '09:20:01.400 fired stop CE 99.80 seen 100.00'].join('\n'),
    );
    expect(fills(played)).toBe(['09:20:01.300 entry SELL CE 99.70', '09:20:01.700 SL BUY CE 100.30'].join('\n'));
  });

  test('on the close waits for the minute and lets a spike pass', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 100 125 100 110
      09:23  CE 110 121 110 120
    `;
    expect(guards(guarded(day, ['SELL CE'], [{ ...STOP, evaluate: 'close' }]))).toBe(
      ['09:20:01.400 set stop CE 119.65', '09:24:01.000 fired stop CE 119.65 seen 120.00'].join('\n'),
    );
  });
});

describe('a target on a leg', () => {
  test('acts where the line crosses it', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 100 100 75 80
    `;
    // 99.70 - 20 % = 79.76, on ticks 79.75: after 20 x 20.25/25 = 16.2 s.
    const played = guarded(day, ['SELL CE'], [TARGET]);
    expect(guards(played)).toContain('09:22:16.200 fired target CE 79.75 seen 79.75');
    expect(closes(played)).toContain('CE TARGET');
  });

  // Both exits in one candle: 119.65 above, 79.75 below.
  test('in a candle that also holds the stop is not filled: the stop acts alone, and both ways are on record', () => {
    const lowFirst = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 100 125 75 100
    `;
    const played = guarded(lowFirst, ['SELL CE'], [STOP, TARGET]);
    // 75 at 20 s to 125 at 40 s: 119.65 after 20 + 20 x 44.65/50 = 37.86 s.
    expect(guards(played)).toContain('09:22:37.860 fired stop CE 119.65 seen 119.65 ambiguous');
    expect(guards(played)).not.toContain('fired target');
    const [leg] = recordsOf(played, 'leg-closed');
    expect([leg?.ambiguous, leg?.reason, leg?.initialStop, leg?.target]).toEqual([true, 'SL', 11_965, 7_975]);
  });

  test('is marked as well when the path plays the stop first', () => {
    const highFirst = tape`
      09:19  NIFTY 23005                     CE 100
      09:22  NIFTY 23005 23006 22990 23005   CE 100 125 75 100
    `;
    const played = guarded(highFirst, ['SELL CE'], [STOP, TARGET]);
    // 100 to 125 in 20 s: 119.65 after 15.72 s.
    expect(guards(played)).toContain('09:22:15.720 fired stop CE 119.65 seen 119.65 ambiguous');
    expect(recordsOf(played, 'leg-closed')[0]?.ambiguous).toBe(true);
  });
});

describe('a trail', () => {
  const TRAIL: GuardSpec = { name: 'trail', act: 'trail', basis: 'leg', distance: { paise: 1_000 }, closes: 'leg' };

  test('follows the premium down in steps and never loosens', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:21  CE 95
      09:22  CE 97
      09:23  CE 92
      09:24  CE 92 103 92 103
    `;
    const played = guarded(day, ['SELL CE'], [{ ...TRAIL, step: 200 }]);
    // 99.70 + 10 = 109.70; 95 gives 105.00 (4.70 tighter), 97 nothing, 92 gives 102.00 (3.00 tighter), which 103 reaches.
    expect(guards(played)).toBe(
      [
        '09:20:01.400 set trail CE 109.70',
        '09:21:00.000 moved trail CE 105.00 seen 95.00',
        '09:23:00.000 moved trail CE 102.00 seen 92.00',
        '09:24:38.182 fired trail CE 102.00 seen 102.00',
      ].join('\n'),
    );
    const [leg] = recordsOf(played, 'leg-closed');
    expect([leg?.reason, leg?.initialStop, leg?.finalStop]).toEqual(['TSL', 10_970, 10_200]);
  });

  test('stays where the gain is less than its step', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:21  CE 98
      09:22  CE 97
    `;
    // 98 would give 108.00, 1.70 tighter than 109.70; 97 gives 107.00, 2.70 tighter.
    expect(guards(guarded(day, ['SELL CE'], [{ ...TRAIL, step: 200 }]))).toBe(
      ['09:20:01.400 set trail CE 109.70', '09:22:00.000 moved trail CE 107.00 seen 97.00'].join('\n'),
    );
  });
});

describe('a guard on the combined premium', () => {
  const COMBINED: GuardSpec = {
    name: 'combined',
    act: 'stop',
    basis: 'combined',
    distance: { pct: 10 },
    closes: 'structure',
  };
  const day = tape`
    09:19  NIFTY 23005  CE 100             PE 100
    09:22  CE 100 150 100 100  PE 100
    09:23  CE 120              PE 100
  `;

  // Two sales at 99.70 make 199.40; + 10 % is 219.34, on ticks 219.35.
  test('acts on the close: a spike of one leg passes, and both legs leave 150 ms apart', () => {
    const played = guarded(day, ['SELL CE', 'SELL PE'], [COMBINED]);
    expect(guards(played)).toBe(
      ['09:20:01.550 set combined 219.35', '09:24:01.000 fired combined 219.35 seen 220.00'].join('\n'),
    );
    // 0.25 % of 120 is exactly 0.30.
    expect(fills(played)).toBe(
      [
        '09:20:01.300 entry SELL CE 99.70',
        '09:20:01.450 entry SELL PE 99.70',
        '09:24:01.300 SL BUY CE 120.35',
        '09:24:01.450 SL BUY PE 100.30',
      ].join('\n'),
    );
  });

  test('on touch acts on the marks in between', () => {
    const played = guarded(day, ['SELL CE', 'SELL PE'], [{ ...COMBINED, evaluate: 'touch' }]);
    expect(guards(played)).toContain('fired combined 219.35 seen 250.00');
  });

  test('of a bought structure stands below', () => {
    const falling = tape`
      09:19  NIFTY 23005  CE 100  PE 100
      09:23  CE 80        PE 100
    `;
    // Two purchases at 100.30 make 200.60; - 10 % is 180.54, on ticks 180.55.
    expect(guards(guarded(falling, ['BUY CE', 'BUY PE'], [COMBINED]))).toContain(
      '09:24:01.000 fired combined 180.55 seen 180.00',
    );
  });
});

describe('a guard on the underlying', () => {
  const AWAY: GuardSpec = {
    name: 'away',
    act: 'stop',
    basis: 'underlying',
    distance: { paise: 5_000 },
    closes: 'structure',
    reason: 'SHIFT',
  };
  const up = tape`
    09:19  NIFTY 23005                     CE 100  PE 100
    09:22  NIFTY 23005 23065 23005 23060
  `;
  const down = tape`
    09:19  NIFTY 23005                     CE 100  PE 100
    09:22  NIFTY 23005 23005 22945 22950
  `;

  // 23,005 +- 50. Up: low first (the open), 23,055 after 20 + 20 x 50/60 = 36.667 s. Down: the high is the open and nearer, so it is
  // first: 23,005 until 20 s, then to 22,945 by 40 s: 22,955 after 20 + 20 x 50/60 = 36.667 s.
  test('acts both ways on touch and brings both legs out 150 ms apart', () => {
    const played = guarded(up, ['SELL CE', 'SELL PE'], [{ ...AWAY, direction: 'both' }]);
    expect(guards(played)).toBe(
      [
        '09:20:01.000 set away 23055.00',
        '09:20:01.000 set away 22955.00',
        '09:22:36.667 fired away 23055.00 seen 23055.00',
      ].join('\n'),
    );
    expect(fills(played).split('\n').slice(2)).toEqual([
      '09:22:36.967 SHIFT BUY CE 100.30',
      '09:22:37.117 SHIFT BUY PE 100.30',
    ]);
    expect(closes(played)).toContain('structure 1 SHIFT');
    expect(guards(guarded(down, ['SELL CE'], [AWAY]))).toContain('09:22:36.667 fired away 22955.00 seen 22955.00');
  });

  test('of one direction lets the other pass', () => {
    expect(guards(guarded(down, ['SELL CE'], [{ ...AWAY, direction: 'up' }]))).toBe('09:20:01.000 set away 23055.00');
    expect(guards(guarded(up, ['SELL CE'], [{ ...AWAY, direction: 'down' }]))).toBe('09:20:01.000 set away 22955.00');
  });

  test('acts on the forward of the minute where the index has no candle', () => {
    const blind = tape`
      09:19  NIFTY 23000      CE 100  PE 100
      09:21  NIFTY gap        CE 100  PE 100
      09:23  CE 160           PE 105
    `;
    // 23,000 + 160 - 105 = 23,055 at 09:24:01.
    expect(guards(guarded(blind, ['SELL CE'], [AWAY]))).toContain('09:24:01.000 fired away 23050.00 seen 23055.00');
  });
});

describe('a guard on money', () => {
  const cap: GuardSpec = {
    name: 'cap',
    act: 'stop',
    basis: 'money',
    distance: { paise: 150_000 },
    closes: 'structure',
  };

  // Sold 75 at 99.70. At 120: (99.70 - 120) x 75 = -1,522.50. The path marks 120 at 40 s and again at the close.
  test('stops on the second of two quote marks that lie a second apart', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 100 120 100 120
    `;
    expect(guards(guarded(day, ['SELL CE'], [cap]))).toBe(
      ['09:20:01.000 set cap -1500.00', '09:22:59.999 fired cap -1500.00 seen -1522.50'].join('\n'),
    );
  });

  test('lets a single mark beyond its level pass', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 100 120 100 100
    `;
    expect(guards(guarded(day, ['SELL CE'], [cap]))).toBe('09:20:01.000 set cap -1500.00');
  });

  test('takes its target on the close of a minute, which needs no second mark', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:23  CE 100 100 80 80
    `;
    const goal: GuardSpec = { ...cap, name: 'goal', act: 'target', distance: { paise: 147_000 } };
    const played = guarded(day, ['SELL CE'], [goal]);
    // At 80: (99.70 - 80) x 75 = 1,477.50, at 20 s, gone at 40 s, and back at the close.
    expect(guards(played)).toContain('09:24:01.000 fired goal 1470.00 seen 1477.50');
    expect(closes(played)).toContain('structure 1 TARGET');
  });
});

describe('a guard that is moved', () => {
  const moving = (ctx: StrategyContext, level: number) => {
    const [structure] = ctx.structures;
    if (structure !== undefined) ctx.moveGuard(structure, 'stop', 'CE', paise(level));
  };

  test('to cost stands there from then on', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:21  CE 90
      09:25  CE 90 100 90 100
    `;
    const agent = scripted(
      doing({
        '09:20': (ctx) => enter(ctx, ['SELL CE'], { guards: [STOP] }),
        '09:23': (ctx) => moving(ctx, 9_970),
      }),
    );
    const played = plays(day, agent);
    expect(guards(played)).toBe(
      [
        '09:20:01.400 set stop CE 119.65',
        '09:23:01.000 moved stop CE 99.70',
        // 90 until 20 s, 100 at 40 s: 99.70 after 39.4 s.
        '09:25:39.400 fired stop CE 99.70 seen 99.70',
      ].join('\n'),
    );
  });

  test('to where the price is already fires at once', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:21  CE 105
    `;
    const agent = scripted(
      doing({
        '09:20': (ctx) => enter(ctx, ['SELL CE'], { guards: [STOP] }),
        '09:23': (ctx) => moving(ctx, 9_970),
      }),
    );
    expect(guards(plays(day, agent))).toContain('09:23:01.000 fired stop CE 99.70 seen 105.00');
  });
});

describe('two guards at one instant', () => {
  test('bring a leg out once', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100  PE 100
      09:22  NIFTY 23205  CE 140
    `;
    const away: GuardSpec = {
      name: 'away',
      act: 'stop',
      basis: 'underlying',
      distance: { paise: 10_000 },
      closes: 'structure',
      reason: 'SHIFT',
    };
    const cap: GuardSpec = {
      name: 'cap',
      act: 'stop',
      basis: 'money',
      distance: { paise: 100_000 },
      closes: 'structure',
    };
    const played = guarded(day, ['SELL CE', 'SELL PE'], [STOP, away, cap]);
    const lines = fills(played).split('\n');
    expect(lines.slice(2)).toEqual([
      // The index is quoted before the options of the same instant.
      '09:22:00.300 SHIFT BUY CE 140.40',
      '09:22:00.450 SHIFT BUY PE 100.30',
    ]);
    expect(recordsOf(played, 'guard-fired')).toHaveLength(1);
  });

  test('bring a long and a short strategy out of one contract, each from its own book', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 140
    `;
    const played = plays(
      day,
      scripted(entering('09:20', ['SELL CE'], { guards: [STOP] }), { name: 'short' }),
      scripted(entering('09:20', ['BUY CE'], { guards: [TARGET] }), { name: 'long' }),
    );
    // The buyer's target at 100.30 + 20 % = 120.36 is jumped with the seller's stop. 140 + 0.35 + 0.05 and 140 - 0.35 - 0.05.
    expect(fills(played).split('\n')).toEqual([
      '09:20:01.300 entry SELL CE 99.70',
      '09:20:01.300 entry BUY CE 100.30',
      '09:22:00.300 SL BUY CE 140.40',
      '09:22:00.300 TARGET SELL CE 139.60',
    ]);
    expect(recordsOf(played, 'structure-closed').map(({ agent, gross }) => [agent, gross])).toEqual([
      ['short/NIFTY', -305_250],
      ['long/NIFTY', 294_750],
    ]);
  });
});

test('a guard of a carried position keeps its level over the night, on the slots of the new day', () => {
  const first = tape`
    2025-01-06
    09:19  NIFTY 23005  CE 100  PE 100
  `;
  const second = tape`
    2025-01-07  strike 23000
    09:15  NIFTY 23005  22900CE 180  CE 110  PE 95
    09:30  CE 110 125 110 125
  `;
  let day = 0;
  const agent = scripted({
    onSessionOpen: (ctx) => {
      day += 1;
      if (day === 1) ctx.at('09:20' as never, 'go');
    },
    onTimer: (ctx) => enter(ctx, ['SELL CE'], { guards: [STOP] }),
  });
  const played = play({ days: [first, second], agents: [agent], parts: NO_DISASTER_STOP });
  // 110 until 20 s, 125 at 40 s: 119.65 after 20 + 20 x 9.65/15 = 32.8667 s.
  expect(guards(played)).toBe(
    ['09:20:01.400 set stop CE 119.65', '09:30:32.867 fired stop CE 119.65 seen 119.65'].join('\n'),
  );
  expect(recordsOf(played, 'leg-closed')).toHaveLength(1);
});
