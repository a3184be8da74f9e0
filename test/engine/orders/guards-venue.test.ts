import { describe, expect, test } from 'vitest';
import type { DayCandles } from '../../../engine/model/candle-frame.ts';
import { paise } from '../../../engine/model/units.ts';
import { DEFAULT_EXECUTION, stopLimit } from '../../../engine/orders/execution-policy.ts';
import type { GuardSpec } from '../../../engine/strategy.ts';
import type { FaultPlan } from '../../../engine/venue/fault-plan.ts';
import type { Played } from '../../support/play.ts';
import { play } from '../../support/play.ts';
import { add, doing, enter, entering, executing, scripted, time } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { closes, fills, guards, orders, recordsOf, words } from '../../support/tell.ts';

const STOP: GuardSpec = {
  name: 'stop',
  act: 'stop',
  basis: 'leg',
  distance: { pct: 20 },
  closes: 'leg',
  heldBy: 'venue',
};
const TRAIL: GuardSpec = { ...STOP, name: 'trail', act: 'trail', distance: { paise: 1_000 } };

/** One agent that enters legs under guards at 09:20. A flat 100 sells at 99.70 and is bought at 100.30. */
function guarded(day: DayCandles, legs: readonly string[], specs: readonly GuardSpec[], changes = {}): Played {
  const agents = [scripted(entering('09:20', legs, { guards: specs, squareOffAt: time('10:00') }))];
  return play({ days: [day], agents, parts: executing(changes) });
}

const lines = (text: string, from: number, to?: number) => text.split('\n').slice(from, to);

describe('a stop that the venue holds', () => {
  const rising = tape`
    09:19  NIFTY 23005  CE 100
    09:22  CE 100 125 100 125
  `;

  // 99.70 + 20 % = 119.64, on ticks 119.65; 5 % of that is 5.98, on ticks 6.00: limit 125.65. 100 until 20 s, 125 at 40 s: 119.65
  // after 35.72 s. It fills there: 0.25 % is 0.2991, on ticks 0.30: 119.65 + 0.30 + 0.05.
  test('is the one order of its leg, fills at its trigger, and ends the leg with its own reason', () => {
    const played = guarded(rising, ['SELL CE'], [STOP]);
    expect(lines(orders(played), 3)).toEqual([
      '09:20:01.400 #2 BUY 1 CE STOP 119.65 to 125.65 for SL',
      '09:20:01.800 #2 accepted',
      '09:22:35.820 #2 triggered',
      '09:22:35.820 #2 filled 1 at 120.00',
    ]);
    expect(guards(played)).toBe(
      ['09:20:01.400 set stop CE 119.65', '09:22:35.820 fired stop CE 119.65 seen 119.65'].join('\n'),
    );
    expect(closes(played)).toContain('CE SL gross -1522.50');
    expect(recordsOf(played, 'structure-closed')[0]?.nakedMs).toBe(400);
  });

  // Bought at 100.30: 80.24, on ticks 80.25; 5 % is 4.0125, on ticks 4.05: limit 76.20. 80.25 after 15.8 s; 0.25 % is 0.2006, on
  // ticks 0.25: 80.25 - 0.25 - 0.05.
  test('protects a bought leg too', () => {
    const falling = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 100 100 75 80
    `;
    const played = guarded(falling, ['BUY CE'], [STOP]);
    expect(orders(played)).toContain('09:20:01.400 #2 SELL 1 CE STOP 80.25 to 76.20 for SL');
    expect(fills(played)).toContain('09:22:15.800 SL SELL CE 79.95');
    expect(closes(played)).toContain('CE SL gross -1526.25');
  });

  test('has the room that it asks for, and at BSE never more than is allowed', () => {
    expect(orders(guarded(rising, ['SELL CE'], [{ ...STOP, room: 100 }]))).toContain(
      'BUY 1 CE STOP 119.65 to 120.65 for SL',
    );
    const at = { side: 'BUY', trigger: paise(10_000), room: 2_500 } as const;
    expect(stopLimit({ ...at, exchange: 'NFO' }, DEFAULT_EXECUTION)).toEqual({
      kind: 'STOP_LIMIT',
      trigger: 10_000,
      price: 12_500,
    });
    // 20 % of 100.00.
    expect(stopLimit({ ...at, exchange: 'BFO' }, DEFAULT_EXECUTION).price).toBe(12_000);
  });

  test('that closes the structure takes the other legs with it', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100             PE 100
      09:22  CE 100 125 100 125  PE 100
    `;
    const played = guarded(day, ['SELL CE', 'SELL PE'], [{ ...STOP, leg: 'CE', closes: 'structure' }]);
    // The trigger is known at 35.820 s; the other leg's wide stop becomes its exit 300 ms later.
    expect(lines(fills(played), 2)).toEqual(['09:22:35.720 SL BUY CE 120.00', '09:22:36.120 SL BUY PE 100.30']);
    expect(closes(played)).toContain('structure 1 SL');
  });

  test('that the market jumps is chased until the leg is out, with its own reason', () => {
    const jumping = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 200
    `;
    const played = guarded(jumping, ['SELL CE'], [STOP]);
    // Triggered at 200, limit 125.65. Known 100 ms later, priced anew after two seconds, there 300 ms later: 200 + 0.50 + 0.05.
    expect(fills(played)).toBe(['09:20:01.300 entry SELL CE 99.70', '09:22:02.400 SL BUY CE 200.55'].join('\n'));
    expect(closes(played)).toContain('CE SL');
  });

  test('follows each part of a slow entry with one order', () => {
    const thin = tape`
      09:19  NIFTY 23005  CE 100
      09:20  CE 100 v800
      09:21  CE 100 v800
    `;
    const played = guarded(thin, ['SELL CE x2'], [STOP]);
    expect(lines(orders(played), 2, 8)).toEqual([
      '09:20:01.400 #1 filled 1 at 99.70',
      '09:20:01.400 #2 BUY 1 CE STOP 119.65 to 125.65 for SL',
      '09:20:01.800 #2 accepted',
      '09:21:00.100 #1 filled 1 at 99.70',
      '09:21:00.100 #2 ask STOP 119.65 to 125.65 x2 for lots added',
      '09:21:00.500 #2 modified x2',
    ]);
    // 400 ms for the first lot and 400 ms for the second.
    expect(recordsOf(played, 'leg-closed')[0]?.nakedMs).toBe(800);
  });

  test('follows an addition', () => {
    const flat = tape`
      09:19  NIFTY 23005  CE 100
      09:25  CE 90
    `;
    const agent = scripted(
      doing({
        '09:20': (ctx) => enter(ctx, ['SELL CE'], { guards: [STOP], squareOffAt: time('10:00') }),
        '09:26': (ctx) => add(ctx, 'CE', 3),
      }),
    );
    const played = play({ days: [flat], agents: [agent] });
    expect(orders(played)).toContain('09:26:01.400 #2 ask STOP 119.65 to 125.65 x4 for lots added');
  });

  test('yields nothing to a target in a candle that holds both: the target stays out, both ways are on record', () => {
    const both = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 100 125 75 100
    `;
    const target: GuardSpec = { name: 'target', act: 'target', basis: 'leg', distance: { pct: 20 }, closes: 'leg' };
    const played = guarded(both, ['SELL CE'], [STOP, target]);
    // 75 at 20 s to 125 at 40 s: 119.65 after 37.86 s.
    expect(fills(played)).toContain('09:22:37.860 SL BUY CE 120.00');
    expect(recordsOf(played, 'leg-closed')[0]).toMatchObject({ reason: 'SL', ambiguous: true });
    expect(recordsOf(played, 'guard-fired')).toHaveLength(1);
  });

  test('stands back where the market is beyond its level already: the leg leaves at once', () => {
    const flat = tape`
      09:19  NIFTY 23005  CE 100
    `;
    const played = guarded(flat, ['SELL CE'], [{ ...STOP, distance: { level: 9_900 } }]);
    expect(lines(orders(played), 3, 4)).toEqual(['09:20:01.400 #2 BUY 1 CE LIMIT 102.00 for SL']);
    expect(closes(played)).toContain('CE SL');
  });
});

describe('a trail that the venue holds', () => {
  const sliding = tape`
    09:19  NIFTY 23005  CE 100
    09:21  CE 95
    09:22  CE 94.60
    09:23  CE 92
    09:24  CE 92 103 92 103
  `;

  // 99.70 + 10 = 109.70. 95 gives 105.00; 94.60 would give 104.60, less than half a point; 92 gives 102.00, which the way from 92 at
  // 20 s to 103 at 40 s reaches after 38.182 s: + 0.30 (0.255) + 0.05.
  test('moves its order by half a point at least, and its fill is the trail', () => {
    const played = guarded(sliding, ['SELL CE'], [TRAIL]);
    expect(lines(orders(played), 3)).toEqual([
      '09:20:01.400 #2 BUY 1 CE STOP 109.70 to 115.20 for TSL',
      '09:20:01.800 #2 accepted',
      '09:21:00.000 #2 ask STOP 105.00 to 110.25 for TSL',
      '09:21:00.400 #2 modified',
      '09:23:00.000 #2 ask STOP 102.00 to 107.10 for TSL',
      '09:23:00.400 #2 modified',
      '09:24:38.282 #2 triggered',
      '09:24:38.282 #2 filled 1 at 102.35',
    ]);
    expect(guards(played)).toBe(
      [
        '09:20:01.400 set trail CE 109.70',
        '09:21:00.000 moved trail CE 105.00 seen 95.00',
        '09:23:00.000 moved trail CE 102.00 seen 92.00',
        '09:24:38.282 fired trail CE 102.00 seen 102.00',
      ].join('\n'),
    );
    expect(closes(played)).toContain('CE TSL');
  });

  test('moves at intervals, then to the best that it saw', () => {
    const falling = tape`
      09:19  NIFTY 23005  CE 100
      09:21  CE 95
      09:22  CE 93 93 91 92
      09:23  CE 92
    `;
    const played = guarded(falling, ['SELL CE'], [TRAIL], { trailEveryMs: 75_000 });
    // 95 at 09:21:00. Nothing before 09:22:15: not 93 at the open, but 91 at 20 s.
    expect(guards(played)).toBe(
      [
        '09:20:01.400 set trail CE 109.70',
        '09:21:00.000 moved trail CE 105.00 seen 95.00',
        '09:22:20.000 moved trail CE 101.00 seen 91.00',
      ].join('\n'),
    );
  });

  test('keeps the wide stop while it sleeps, which becomes its order once it wakes', () => {
    const played = guarded(sliding, ['SELL CE'], [{ ...TRAIL, armsAfter: { paise: 500 } }]);
    // Sold at 99.70: it wakes at 94.70 or below, on 94.60, at 104.60. The wide stop is 50 % above: 149.55.
    expect(lines(orders(played), 3, 7)).toEqual([
      '09:20:01.400 #2 BUY 1 CE STOP 149.55 to 157.05 for resting stop',
      '09:20:01.800 #2 accepted',
      '09:22:00.000 #2 ask STOP 104.60 to 109.85 for TSL',
      '09:22:00.400 #2 modified',
    ]);
    expect(lines(guards(played), 0, 1)).toEqual(['09:22:00.000 set trail CE 104.60 seen 94.60']);
    expect(closes(played)).toContain('CE TSL');
  });
});

test('a wide stop never leaves for a trail that stands further away', () => {
  const day = tape`
    09:19  NIFTY 23005  CE 100
    09:21  CE 98
    09:22  CE 70
  `;
  const trail: GuardSpec = { ...TRAIL, distance: { paise: 6_000 }, armsAfter: { paise: 100 } };
  const played = guarded(day, ['SELL CE'], [trail]);
  // It wakes at 98 + 60 = 158.00, beyond the wide stop at 149.55, and comes nearer than that at 70 + 60 = 130.00.
  expect(lines(guards(played), 0, 2)).toEqual([
    '09:21:00.000 set trail CE 158.00 seen 98.00',
    '09:22:00.000 moved trail CE 130.00 seen 70.00',
  ]);
  expect(lines(orders(played), 5, 7)).toEqual([
    '09:22:00.000 #2 ask STOP 130.00 to 136.50 for TSL',
    '09:22:00.400 #2 modified',
  ]);
});

describe('an order that was moved as often as it may be', () => {
  const falling = tape`
    09:19  NIFTY 23005  CE 100
    09:21  CE 95
    09:22  CE 90
    09:23  CE 85
  `;

  test('is taken back, and a new one goes once the venue has confirmed that', () => {
    const played = guarded(falling, ['SELL CE'], [TRAIL], { trailModificationsMax: 2 });
    expect(lines(orders(played), 9, 13)).toEqual([
      '09:23:00.000 #2 ask cancel',
      '09:23:00.400 #2 canceled',
      '09:23:00.400 #3 BUY 1 CE STOP 95.00 to 99.75 for TSL',
      '09:23:00.800 #3 accepted',
    ]);
    // 400 ms after the sale, and 400 ms between the two orders.
    expect(recordsOf(played, 'leg-closed')[0]?.nakedMs).toBe(800);
  });

  test('leaves its guard to the engine meanwhile, and the leg leaves once', () => {
    const turning = tape`
      09:19  NIFTY 23005  CE 100
      09:21  CE 95
      09:22  CE 90
      09:23  NIFTY 23005 23006 22990 23005  CE 80 480 80 200
    `;
    const played = guarded(turning, ['SELL CE'], [TRAIL], { trailModificationsMax: 2 });
    // High first, 2 paise a millisecond from 80: the level 90.00 after 500 ms, when the new order is on its way. It arrives at 700 ms,
    // at 94.00, and takes that: + 0.25 + 0.05. Accepted, it is asked to become the exit at once (96.00 + 2 % is 97.92), too late.
    expect(lines(orders(played), 9)).toEqual([
      '09:23:00.000 #2 ask cancel',
      '09:23:00.400 #2 canceled',
      '09:23:00.400 #3 BUY 1 CE STOP 90.00 to 94.50 for TSL',
      '09:23:00.800 #3 accepted',
      '09:23:00.800 #3 ask LIMIT 97.95 for TSL',
      '09:23:00.800 #3 triggered',
      '09:23:00.800 #3 filled 1 at 94.30',
      '09:23:01.200 #3 modify-rejected: the order is no longer open',
    ]);
    expect(lines(guards(played), 4)).toEqual(['09:23:00.500 fired trail CE 90.00 seen 90.00']);
    expect(recordsOf(played, 'leg-closed')).toHaveLength(1);
  });
});

describe('a guard at the venue that is moved', () => {
  const toCost: GuardSpec = { ...STOP, toCostAfter: { paise: 900 } };
  const agent = scripted(
    doing({
      '09:20': (ctx) => enter(ctx, ['SELL CE'], { guards: [toCost], squareOffAt: time('10:00') }),
      '09:23': (ctx) => {
        const [structure] = ctx.structures;
        if (structure !== undefined) ctx.moveGuard(structure, 'stop', 'CE', paise(9_800));
      },
    }),
  );

  test('goes to cost with its order, and a second move waits its turn', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:23  CE 90
    `;
    const played = play({ days: [day], agents: [agent] });
    // 90 is 9.70 under the sale: cost is 99.70. The move of a second later may be made 15 s after the first.
    expect(lines(orders(played), 5, 9)).toEqual([
      '09:23:00.000 #2 ask STOP 99.70 to 104.70 for SL',
      '09:23:00.400 #2 modified',
      '09:23:15.000 #2 ask STOP 98.00 to 102.90 for SL',
      '09:23:15.400 #2 modified',
    ]);
  });

  test('is acted on by the engine until its order has followed', () => {
    const day = tape`
      09:19  NIFTY 23005                    CE 100
      09:23  NIFTY 23005 23006 22990 23005  CE 90 110 90 100
    `;
    const played = play({ days: [day], agents: [agent] });
    // High first, a paisa a millisecond: 98.00 after 8 s, where the order still waits at 99.70; the change arrives at 8.3 s.
    expect(lines(orders(played), 7, 10)).toEqual([
      '09:23:08.000 #2 ask LIMIT 100.00 for SL',
      '09:23:08.400 #2 modified',
      '09:23:08.400 #2 filled 1 at 98.60',
    ]);
    expect(recordsOf(played, 'leg-closed')).toHaveLength(1);
  });
});

describe('a stop that the venue refuses', () => {
  const flat = tape`
    09:19  NIFTY 23005  CE 100
  `;
  const isStop = ({ purpose }: { readonly purpose: string }) => purpose === 'protection';
  const stopsRefused: FaultPlan = ({ kind, order }) =>
    kind === 'new' && isStop(order) ? { refusal: 'refused by the test' } : undefined;

  test('is tried five times, two seconds apart, and then its leg leaves with an alarm', () => {
    const agents = [scripted(entering('09:20', ['SELL CE'], { guards: [STOP] }))];
    const played = play({ days: [flat], agents, parts: { faults: stopsRefused } });
    const tries = recordsOf(played, 'order-placed').filter(isStop);
    expect(tries.map(({ ts }) => ts - (tries[0]?.ts ?? 0))).toEqual([0, 2_400, 4_800, 7_200, 9_600]);
    expect(words(played)).toContain(
      '09:20:11.400 note: ALARM: no stop could be placed for CE of structure 1 in 5 attempts, so it leaves',
    );
    expect(fills(played)).toBe(['09:20:01.300 entry SELL CE 99.70', '09:20:11.700 RISK BUY CE 100.30'].join('\n'));
    // From the word of the sale at 09:20:01.400 to that of its exit at 09:20:11.800.
    expect(recordsOf(played, 'leg-closed')[0]).toMatchObject({ reason: 'RISK', nakedMs: 10_400 });
  });

  test('is forgotten once one is taken', () => {
    const agents = [scripted(entering('09:20', ['SELL CE'], { guards: [STOP], squareOffAt: time('10:00') }))];
    // Orders 2 to 5 are refused, the fifth attempt is taken.
    const faults: FaultPlan = (request) => (request.order.id > 5 ? undefined : stopsRefused(request));
    const played = play({ days: [flat], agents, parts: { faults } });
    expect(recordsOf(played, 'order-rejected')).toHaveLength(4);
    expect(words(played)).not.toContain('ALARM');
    expect(closes(played)).toContain('CE TIME');
  });

  test('three legs in a row halts the agent for the day', () => {
    const go = (ctx: Parameters<typeof enter>[0]) => enter(ctx, ['SELL CE'], { guards: [STOP] });
    const agents = [scripted(doing({ '09:20': go, '09:25': go, '09:30': go, '09:35': go }))];
    const played = play({ days: [flat], agents, parts: { faults: stopsRefused } });
    expect(recordsOf(played, 'leg-closed').map(({ reason }) => reason)).toEqual(['RISK', 'RISK', 'RISK']);
    expect(words(played)).toContain('09:30:11.400 halt script/NIFTY by unprotected-legs');
    expect(words(played).split('\n').at(-1)).toContain('09:35:01.000 entry skipped');
  });
});
