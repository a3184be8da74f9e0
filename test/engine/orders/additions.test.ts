import { describe, expect, test } from 'vitest';
import type { AgentPlan } from '../../../engine/kernel-parts.ts';
import type { DayCandles } from '../../../engine/model/candle-frame.ts';
import type { InputEvent } from '../../../engine/model/event.ts';
import { at, day, epochMs, istTime } from '../../../engine/model/time.ts';
import { defaultRmsSettings } from '../../../engine/risk/rms-settings.ts';
import type { GuardSpec, StrategyHandlers } from '../../../engine/strategy.ts';
import { DEFAULT_LATENCY } from '../../../engine/venue/latency-model.ts';
import type { Played, PlayOptions } from '../../support/play.ts';
import { play } from '../../support/play.ts';
import type { EntryRest } from '../../support/script.ts';
import { add, doing, enter, scripted, time } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { additions, closes, fills, guards, orders, recordsOf, words } from '../../support/tell.ts';

const STOP: GuardSpec = { name: 'stop', act: 'stop', basis: 'leg', distance: { pct: 20 }, closes: 'leg' };

const RISK = defaultRmsSettings;

/** Enters at 09:20 and adds lots at times of day. */
function growing(
  legs: readonly string[],
  lotsAt: Readonly<Record<string, number>>,
  rest: EntryRest = {},
): StrategyHandlers {
  const first = legs[0]?.split(' ')[1] ?? '';
  const adds = Object.entries(lotsAt).map(([at, count]) => [
    at,
    (ctx: Parameters<typeof add>[0]) => add(ctx, first, count),
  ]);
  return doing({ '09:20': (ctx) => enter(ctx, legs, rest), ...Object.fromEntries(adds) });
}

function plays(candles: DayCandles, handlers: StrategyHandlers, options: Partial<PlayOptions> = {}): Played {
  const agent: AgentPlan = scripted(handlers);
  return play({ days: [candles], agents: [agent], ...options });
}

// A flat 100 is bought at 100 + 0.25 + 0.05 = 100.30 and sold at 99.70. At 110 a quarter per cent is 0.275, on ticks 0.30: bought at
// 110.35. At 120 it is 0.30: sold at 119.65.
const RISING = tape`
  09:19  NIFTY 23005  CE 100
  09:25  CE 110
  10:00  CE 120
`;

describe('lots added to a bought leg', () => {
  const played = plays(RISING, growing(['BUY CE'], { '09:26': 5 }, { guards: [STOP], squareOffAt: time('10:30') }));

  test('are bought by an order of their own and change quantity and average', () => {
    expect(fills(played)).toBe(
      [
        '09:20:01.300 entry BUY CE 100.30',
        '09:26:01.300 pyramid BUY CE 110.35 x5',
        '10:30:01.300 TIME SELL CE 119.65 x6',
      ].join('\n'),
    );
    // (100.30 + 5 x 110.35) / 6 = 652.05 / 6 = 108.675.
    expect(additions(played)).toBe('09:26:01.400 CE +5 at 110.35, 6 open at 108.68');
    expect(recordsOf(played, 'lots-added')[0]?.entryTurnover).toBe(65_205 * 75);
    expect(words(played)).toBe(['09:20:01.000 entry taken', '09:26:01.000 pyramid taken'].join('\n'));
  });

  test('leave the initial risk what it was: the first lot from 100.30 to its stop at 80.25', () => {
    expect(recordsOf(played, 'structure-closed')[0]?.risk).toBe(2_005 * 75);
  });

  test('close as one leg whose money is that of all its fills', () => {
    // (6 x 119.65 - 652.05) x 75 = 65.85 x 75.
    expect(closes(played)).toBe(
      ['10:30:01.400 CE TIME gross 4938.75', '10:30:01.400 structure 1 TIME gross 4938.75'].join('\n'),
    );
    const [leg] = recordsOf(played, 'leg-closed');
    expect([leg?.lots, leg?.entryTurnover, leg?.exitTurnover]).toEqual([6, 65_205 * 75, 71_790 * 75]);
  });

  test('leave the stop at the level of the entry', () => {
    // 100.30 - 20 % = 80.24, on ticks 80.25.
    expect(guards(played)).toBe('09:20:01.400 set stop CE 80.25');
  });
});

describe('a guard after an addition', () => {
  const falling = tape`
    09:19  NIFTY 23005  CE 100
    09:25  CE 110
    10:00  NIFTY 23005 23005 22955 22955  CE 110 110 80 80
  `;

  test('on the premium closes all lots at its unchanged level', () => {
    const played = plays(falling, growing(['BUY CE'], { '09:26': 5 }, { guards: [STOP] }));
    // 110 until 20 s (the index opens at its high), 1.5 a second to 80 at 40 s: 80.25 after 39.8334 s; 300 ms later the line is at its
    // low, 80: 0.25 % is 0.20: 80 - 0.20 - 0.05.
    expect(guards(played)).toContain('10:00:39.834 fired stop CE 80.25 seen 80.25');
    expect(fills(played).split('\n').at(-1)).toBe('10:00:40.134 SL SELL CE 79.75 x6');
    expect(closes(played)).toContain('structure 1 SL gross -13016.25');
  });

  test('on the underlying, stop and trail, closes all lots and tells them apart', () => {
    const stop: GuardSpec = {
      name: 'SL',
      act: 'stop',
      basis: 'underlying',
      distance: { paise: 4_000 },
      direction: 'down',
      closes: 'structure',
    };
    const trail: GuardSpec = { ...stop, name: 'TSL', act: 'trail' };
    const played = plays(falling, growing(['BUY CE'], { '09:26': 5 }, { guards: [stop, trail] }));
    // 23,005 - 40: both stand at 22,965 and the stop goes first. 23,005 until 20 s, 2.5 a second: 22,965 after 36 s.
    expect(guards(played)).toBe(
      [
        '09:20:01.000 set SL 22965.00',
        '09:20:01.000 set TSL 22965.00',
        '10:00:36.000 fired SL 22965.00 seen 22965.00',
        '10:00:36.000 fired TSL 22965.00 seen 22965.00',
      ]
        .slice(0, 3)
        .join('\n'),
    );
    expect(closes(played)).toContain('CE SL');
    const rising = tape`
      09:19  NIFTY 23005  CE 100
      09:30  NIFTY 23005 23030 23005 23030
      10:00  NIFTY 23030 23030 22955 22955
    `;
    const trailed = plays(rising, growing(['BUY CE'], { '09:26': 5 }, { guards: [stop, trail] }));
    // The index reaches 23,030 in 09:30: the trail stands at 22,990; from 23,030 at 20 s 3.75 a second: after 30.6667 s.
    expect(guards(trailed)).toContain('moved TSL 22990.00 seen 23030.00');
    expect(guards(trailed)).toContain('10:00:30.667 fired TSL 22990.00 seen 22990.00');
    expect(closes(trailed)).toContain('structure 1 TSL');
    expect(fills(trailed)).toContain('TSL SELL CE 99.70 x6');
  });
});

describe('the resting stop of a sold leg', () => {
  // Sold at 99.70, no guard: 50 % above is 149.55, limit 157.05.
  const flat = tape`
    09:19  NIFTY 23005  CE 100
  `;

  test('gets the quantity of all lots, at its unchanged trigger', () => {
    const dearer = tape`
      09:19  NIFTY 23005  CE 100
      09:25  CE 90
    `;
    const played = plays(dearer, growing(['SELL CE'], { '09:26': 5 }, { squareOffAt: time('10:00') }));
    expect(orders(played).split('\n')).toEqual([
      '09:20:01.000 #1 SELL 1 CE MARKET for entry',
      '09:20:01.400 #1 accepted',
      '09:20:01.400 #1 filled 1 at 99.70',
      '09:20:01.400 #2 BUY 1 CE STOP 149.55 to 157.05 for resting stop',
      '09:20:01.800 #2 accepted',
      '09:26:01.000 #3 SELL 5 CE MARKET for pyramid',
      '09:26:01.400 #3 accepted',
      '09:26:01.400 #3 filled 5 at 89.70',
      '09:26:01.400 #2 ask STOP 149.55 to 157.05 x6 for lots added',
      '09:26:01.800 #2 modified x6',
      '10:00:01.000 #2 ask LIMIT 91.80 for TIME',
      '10:00:01.400 #2 modified x6',
      '10:00:01.400 #2 filled 6 at 90.30',
    ]);
    // 400 ms after the sale, and 400 ms while five of six lots waited for their part of the stop.
    expect(recordsOf(played, 'structure-closed')[0]?.nakedMs).toBe(800);
  });

  test('fills for all lots when the market jumps onto it', () => {
    const jumping = tape`
      09:19  NIFTY 23005  CE 100
      10:00  CE 150
    `;
    const played = plays(jumping, growing(['SELL CE'], { '09:26': 5 }));
    // 0.25 % of 150 is 0.375, on ticks 0.40.
    expect(fills(played).split('\n').at(-1)).toBe('10:00:00.000 resting stop BUY CE 150.45 x6');
    expect(closes(played)).toContain('structure 1 STOP');
  });

  test('follows each part of a slow addition', () => {
    // A tenth of 1,500 units lets two lots of 75 through a minute.
    const thin = tape`
      09:19  NIFTY 23005  CE 100
      09:26  CE 100 v1500
      09:27  CE 100 v1500
      09:28  CE 100 v1500
    `;
    const played = plays(thin, growing(['SELL CE'], { '09:26': 5 }, { squareOffAt: time('10:00') }));
    expect(additions(played)).toBe(
      [
        '09:26:01.400 CE +2 at 99.70, 3 open at 99.70',
        '09:27:00.100 CE +2 at 99.70, 5 open at 99.70',
        '09:28:00.100 CE +1 at 99.70, 6 open at 99.70',
      ].join('\n'),
    );
    expect(
      orders(played)
        .split('\n')
        .filter((line) => line.includes('modified'))
        .slice(0, 3),
    ).toEqual(['09:26:01.800 #2 modified x3', '09:27:00.500 #2 modified x5', '09:28:00.500 #2 modified x6']);
    expect(fills(played)).toContain('10:00:01.300 TIME BUY CE 100.30 x6');
  });

  test('takes a second order beyond what one order may hold', () => {
    // NIFTY's freeze quantity of the day is 1,800: 24 lots of 75.
    const played = plays(flat, growing(['SELL CE x20'], { '09:26': 10 }, { squareOffAt: time('10:00') }));
    expect(orders(played)).toContain('09:26:01.400 #2 ask STOP 149.55 to 157.05 x24 for lots added');
    expect(orders(played)).toContain('09:26:01.400 #4 BUY 6 CE STOP 149.55 to 157.05 for resting stop');
    expect(recordsOf(played, 'leg-closed')[0]?.lots).toBe(30);
    expect(words(played)).not.toContain('ALARM');
  });

  test('that is left while it grows becomes the exit for all lots, once', () => {
    const handlers = doing(
      {
        '09:20': (ctx) => enter(ctx, ['SELL CE']),
        '09:26': (ctx) => add(ctx, 'CE', 5),
      },
      {
        onFill: (ctx, _fill, leg, structure) => {
          if (leg.entryLots === 6 && leg.openLots === 6) ctx.exit(structure, 'MANUAL');
        },
      },
    );
    const played = plays(flat, handlers);
    // The fill is known at 01.400: the stop is asked to grow, and the strategy leaves in the same step; the change goes out when the
    // venue has confirmed the growth.
    expect(orders(played).split('\n').slice(8)).toEqual([
      '09:26:01.400 #2 ask STOP 149.55 to 157.05 x6 for lots added',
      '09:26:01.800 #2 modified x6',
      '09:26:01.800 #2 ask LIMIT 102.00 for MANUAL',
      '09:26:02.200 #2 modified x6',
      '09:26:02.200 #2 filled 6 at 100.30',
    ]);
    expect(closes(played)).toContain('structure 1 MANUAL');
  });

  test('that triggers before its growth arrives leaves no lot behind and closes none twice', () => {
    // The addition fills at 01.300, known at 01.400; its growth would arrive at 01.700. The market crosses 149.55 in between.
    const racing = tape`
      09:19  NIFTY 23005                      CE 100
      09:26  NIFTY 23005 23005 22000 22990    CE 100 740 100 100
    `;
    const played = plays(racing, growing(['SELL CE'], { '09:26': 5 }, { squareOffAt: time('10:00') }));
    // 32 rupees a second: sold at 141.60 (- 0.40 - 0.05), 149.55 crossed after 1.5485 s: one lot at 149.55 + 0.40 + 0.05. The
    // rest leaves by an order of its own as soon as the refusal is known, at 157.60 + 2 % first, and is chased after the market.
    expect(orders(played).split('\n').slice(5, 13)).toEqual([
      '09:26:01.000 #3 SELL 5 CE MARKET for pyramid',
      '09:26:01.400 #3 accepted',
      '09:26:01.400 #3 filled 5 at 141.15',
      '09:26:01.400 #2 ask STOP 149.55 to 157.05 x6 for lots added',
      '09:26:01.649 #2 triggered',
      '09:26:01.649 #2 filled 1 at 150.00',
      '09:26:01.800 #2 modify-rejected: the order is no longer open',
      '09:26:01.800 #4 BUY 5 CE LIMIT 160.80 for STOP',
    ]);
    expect(recordsOf(played, 'leg-closed')[0]?.lots).toBe(6);
  });
});

describe('a pending addition', () => {
  const thin = tape`
    09:19  NIFTY 23005  CE 100
    09:26  CE 100 v1500
    09:27  CE 100 v1500
    09:28  CE 100 v1500
  `;

  test('is called back at the square-off, and what filled of it is closed', () => {
    const played = plays(thin, growing(['BUY CE'], { '09:26': 5 }, { squareOffAt: time('09:27') }));
    // Two lots in 09:26 and two in 09:27; the cancel of 09:27:01 takes the fifth.
    expect(orders(played)).toContain('09:27:01.000 #2 ask cancel');
    expect(orders(played)).toContain('09:27:01.400 #2 canceled');
    expect(closes(played)).toContain('structure 1 TIME');
    expect(recordsOf(played, 'leg-closed')[0]?.lots).toBe(5);
  });

  test('is called back by a halt, which leaves the leg open', () => {
    const halt: InputEvent = {
      kind: 'operator-commanded',
      ts: epochMs(at(day('2025-01-06'), istTime('09:26')) + 30_000),
      command: 'halt',
      scope: 'all',
      by: 'test',
    };
    const played = plays(thin, growing(['BUY CE'], { '09:26': 5 }, { squareOffAt: time('10:00') }), { extra: [halt] });
    expect(orders(played)).toContain('09:26:30.000 #2 ask cancel');
    expect(closes(played).split('\n')[0]).toMatch(/^10:00:01.400 CE TIME/);
    expect(recordsOf(played, 'leg-closed')[0]?.lots).toBe(3);
  });

  test('that the venue rejects leaves the leg as it was', () => {
    // A special Saturday of two windows: an order of 09:59:01 that travels for a minute finds the market closed.
    const special = tape`
      2024-03-02
      09:19  NIFTY 22400  CE 100
    `;
    const handlers = growing(['BUY CE'], { '09:59': 5 }, { squareOffAt: time('12:00') });
    const agent = scripted(handlers, { specialSessions: true });
    const played = play({
      days: [special],
      agents: [agent],
      parts: { latency: { ...DEFAULT_LATENCY, decideToVenueMs: 60_000 } },
    });
    expect(orders(played)).toContain('10:00:01.100 #2 rejected: the market is closed');
    expect(recordsOf(played, 'lots-added')).toEqual([]);
    expect(recordsOf(played, 'leg-closed').map(({ lots, reason }) => `${lots} ${reason}`)).toEqual(['1 TIME']);
  });

  test('whose protected limit the market leaves behind is chased', () => {
    // Market orders are limits 2 % away since April 2026: three lots wait at 102 and are priced anew each two seconds until 09:27 brings
    // volume at 104. (3 x 100.30 + 3 x 104.35) / 6 = 102.325.
    const running = tape`
      2026-05-06
      09:19  NIFTY 23005  CE 100
      09:26  CE 100 v1500
      09:27  CE 104
    `;
    const played = plays(running, growing(['BUY CE'], { '09:26': 5 }, { squareOffAt: time('10:00') }));
    expect(orders(played)).toContain('09:26:03.000 #2 ask LIMIT 102.00 for chase');
    expect(additions(played).split('\n').at(-1)).toBe('09:27:00.100 CE +3 at 104.35, 6 open at 102.33');
  });
});

describe('an addition is refused, with the gate in the journal,', () => {
  const flat = RISING;

  test('while the leg is on its way out', () => {
    const handlers = doing({
      '09:20': (ctx) => enter(ctx, ['BUY CE']),
      '09:26': (ctx) => {
        for (const structure of ctx.structures) ctx.exit(structure, 'MANUAL');
        add(ctx, 'CE', 5);
      },
    });
    const played = plays(flat, handlers);
    expect(words(played)).toContain('09:26:01.000 pyramid skipped: the leg is on its way out');
    expect(fills(played)).not.toContain('pyramid');
  });

  test('after the structure closed', () => {
    const handlers = doing(
      { '09:20': (ctx) => enter(ctx, ['BUY CE'], { squareOffAt: time('09:25') }) },
      {
        onStructureClosed: (ctx, structure) => {
          ctx.add({ signal: 'pyramid', seen: { why: 'late' }, structure, leg: 'CE', lots: ctx.lots });
        },
      },
    );
    expect(words(plays(flat, handlers))).toContain('09:25:01.400 pyramid skipped: the structure is closed');
  });

  test('while its entry, or another addition, is still on its way', () => {
    const twice = doing({
      '09:20': (ctx) => enter(ctx, ['BUY CE'], { squareOffAt: time('10:30') }),
      '09:26': (ctx) => {
        add(ctx, 'CE', 5);
        add(ctx, 'CE', 5);
      },
    });
    const played = plays(flat, twice);
    expect(words(played)).toContain('09:26:01.000 pyramid skipped: an entry of the structure is still on its way');
    expect(recordsOf(played, 'leg-closed')[0]?.lots).toBe(6);
    const atOnce = doing({ '09:20': (ctx) => enter(ctx, ['BUY CE LIMIT 50']), '09:26': (ctx) => add(ctx, 'CE', 5) });
    expect(words(plays(flat, atOnce))).toContain('pyramid skipped: an entry of the structure is still on its way');
  });

  test('without a fresh price', () => {
    const silent = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE gap
    `;
    const played = plays(silent, growing(['BUY CE'], { '09:26': 5 }));
    expect(words(played)).toContain('pyramid skipped: no fresh price: NIFTY 2025-01-09 23000 CE');
  });

  test('by the RMS, which counts its lots and its planned loss but no new structure', () => {
    const one = plays(flat, growing(['BUY CE'], { '09:26': 5 }), {
      parts: { risk: { ...RISK, structuresPerDayMax: 1, structuresOpenMax: 1, structuresOpenAccountMax: 1 } },
    });
    expect(words(one)).toContain('09:26:01.000 pyramid taken');
    const most = plays(flat, growing(['BUY CE'], { '09:26': 5 }), {
      parts: { risk: { ...RISK, lotsPerStructureMax: 5 } },
    });
    expect(words(most)).toContain(
      'pyramid skipped: lots-per-structure: all legs of a structure may have 5 lots, these have 6',
    );
    expect(orders(most)).toContain('denied by lots-per-structure');
    const guarded = growing(['BUY CE'], { '09:26': 5 }, { guards: [STOP] });
    const capped = plays(flat, guarded, { parts: { risk: { ...RISK, lossPerDayMax: 500_000 } } });
    // From 110 to its stop at 80.25 it is 29.75 on 375 units, and 2 % of 110 on 375 units for slippage: 11,156.25 + 825.
    expect(recordsOf(capped, 'verdict').find(({ approved }) => !approved)?.value).toBe(1_198_125);
  });

  test('and a denied one leaves the leg as it was', () => {
    const capped = plays(flat, growing(['BUY CE'], { '09:26': 5 }, { squareOffAt: time('10:30') }), {
      parts: { risk: { ...RISK, lotsPerOrderMax: 4 } },
    });
    expect(closes(capped)).toContain('10:30:01.400 CE TIME gross 1451.25');
  });
});
