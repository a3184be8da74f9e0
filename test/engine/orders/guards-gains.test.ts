import { describe, expect, test } from 'vitest';
import { refuseGuardMistakes } from '../../../engine/guard-mistakes.ts';
import type { DayCandles } from '../../../engine/model/candle-frame.ts';
import { option } from '../../../engine/model/instrument.ts';
import { day as dayOf } from '../../../engine/model/time.ts';
import { lots, paise } from '../../../engine/model/units.ts';
import type { EntryPlan, GuardSpec, StrategyContext } from '../../../engine/strategy.ts';
import type { Played } from '../../support/play.ts';
import { play } from '../../support/play.ts';
import type { EntryRest } from '../../support/script.ts';
import { doing, enter, entering, executing, NO_DISASTER_STOP, scripted, time } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { closes, fills, guards, recordsOf, words } from '../../support/tell.ts';

const LEG = { basis: 'leg', closes: 'leg' } as const;
const WHOLE = { closes: 'structure' } as const;

/** One agent that enters legs under guards at 09:20, without resting stops. A flat 100 sells at 99.70 and is bought at 100.30. */
function guarded(day: DayCandles, legs: readonly string[], specs: readonly GuardSpec[], rest: EntryRest = {}): Played {
  const agents = [scripted(entering('09:20', legs, { ...rest, guards: specs }))];
  return play({ days: [day], agents, parts: NO_DISASTER_STOP });
}

const told = (...lines: readonly string[]) => lines.join('\n');

describe('a trail that waits for a gain', () => {
  const trail: GuardSpec = {
    ...LEG,
    name: 'trail',
    act: 'trail',
    distance: { paise: 500 },
    armsAfter: { paise: 1_000 },
  };

  // Sold at 99.70: it wakes at 89.70 or below.
  test('lets every loss pass, wakes at the first mark with that gain, and follows from there', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:21  CE 150
      09:22  CE 90
      09:23  CE 89
      09:24  CE 85
      09:25  CE 85 92 85 92
    `;
    // 85 until 20 s, 92 at 40 s: 90 after 20 + 20 x 5/7 = 34.286 s.
    expect(guards(guarded(day, ['SELL CE'], [trail]))).toBe(
      told(
        '09:23:00.000 set trail CE 94.00 seen 89.00',
        '09:24:00.000 moved trail CE 90.00 seen 85.00',
        '09:25:34.286 fired trail CE 90.00 seen 90.00',
      ),
    );
  });

  test('of a bought leg waits for a rise, here of 10 per cent', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:21  CE 110
      09:22  CE 110.40
      09:23  CE 110.40 110.40 100 100
    `;
    // Bought at 100.30: 10 % more is 110.33. 110.40 - 5.00 = 105.40 is reached after 20 x 5/10.40 = 9.616 s.
    const played = guarded(day, ['BUY CE'], [{ ...trail, armsAfter: { pct: 10 } }]);
    expect(guards(played)).toBe(
      told('09:22:00.000 set trail CE 105.40 seen 110.40', '09:23:09.616 fired trail CE 105.40 seen 105.40'),
    );
    expect(closes(played)).toContain('CE TSL');
  });

  test('on the close hears of closes alone', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 100 100 80 95
      09:23  CE 89
      09:24  CE 89 95 89 93
      09:25  CE 94
    `;
    // Low 80 at 09:22 is no close. 89 at 09:24:01 wakes it at 94.00; 93 is under it, 94 at 09:26:01 reaches it.
    expect(guards(guarded(day, ['SELL CE'], [{ ...trail, evaluate: 'close' }]))).toBe(
      told('09:24:01.000 set trail CE 94.00 seen 89.00', '09:26:01.000 fired trail CE 94.00 seen 94.00'),
    );
  });

  test('on the underlying, the combined premium and money waits likewise', () => {
    const day = tape`
      09:19  NIFTY 23005                     CE 100  PE 100
      09:22  NIFTY 23060 23070 23060 23070   CE 90   PE 90
      09:23  NIFTY 23070 23070 23010 23010   CE 96   PE 96
    `;
    const distance = { paise: 3_000 };
    const spot: GuardSpec = { ...WHOLE, name: 'spot', act: 'trail', basis: 'underlying', direction: 'down', distance };
    // From 23,005: 50 points at the first mark of 09:22, 23,060 - 30; then 23,070 - 30 = 23,040, which 23,070 to 23,010 in 20 s (its
    // high first) reaches after 10 s more: the first 20 s go to the open itself.
    const far = guarded(day, ['SELL CE', 'SELL PE'], [{ ...spot, armsAfter: { paise: 5_000 } }]);
    expect(guards(far).split('\n').slice(0, 2)).toEqual([
      '09:22:00.000 set spot 23030.00 seen 23060.00',
      '09:22:40.000 moved spot 23040.00 seen 23070.00',
    ]);
    expect(guards(far)).toContain('fired spot 23040.00 seen 23040.00');
    // 199.40 received; 180 at the close of 09:22 is 19.40 better. 180 + 6.00; 192 a minute later is beyond.
    const sum: GuardSpec = { ...WHOLE, name: 'sum', act: 'trail', basis: 'combined', distance: { paise: 600 } };
    expect(guards(guarded(day, ['SELL CE', 'SELL PE'], [{ ...sum, armsAfter: { paise: 1_940 } }]))).toBe(
      told('09:23:01.000 set sum 186.00 seen 180.00', '09:24:01.000 fired sum 186.00 seen 192.00'),
    );
    expect(guards(guarded(day, ['SELL CE', 'SELL PE'], [{ ...sum, armsAfter: { paise: 1_945 } }]))).toBe('');
    // (199.40 - 180) x 75 = 1,455.00 at 90 and 90; 955.00 is left after 500; 96 and 96 leave 555.00.
    const money: GuardSpec = { ...WHOLE, name: 'money', act: 'trail', basis: 'money', distance: { paise: 50_000 } };
    const kept = guarded(day, ['SELL CE', 'SELL PE'], [{ ...money, armsAfter: { paise: 100_000 }, evaluate: 'close' }]);
    expect(guards(kept)).toBe(
      told('09:23:01.000 set money 955.00 seen 1455.00', '09:24:01.000 fired money 955.00 seen 555.00'),
    );
  });
});

describe('a stop that goes to cost', () => {
  const stop: GuardSpec = { ...LEG, name: 'stop', act: 'stop', distance: { pct: 20 }, toCostAfter: { pct: 10 } };

  // Sold at 99.70: stop at 119.65, and at cost from 89.73 or below.
  test('stands at its entry once it gained so much, and acts there', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:21  CE 90
      09:22  CE 89.70
      09:23  CE 80
      09:24  CE 80 100 80 100
    `;
    // 80 until 20 s, 100 at 40 s: 99.70 after 39.7 s.
    const played = guarded(day, ['SELL CE'], [stop]);
    expect(guards(played)).toBe(
      told(
        '09:20:01.400 set stop CE 119.65',
        '09:22:00.000 moved stop CE 99.70 seen 89.70',
        '09:24:39.700 fired stop CE 99.70 seen 99.70',
      ),
    );
    expect(recordsOf(played, 'leg-closed')[0]).toMatchObject({ initialStop: 11_965, finalStop: 9_970, reason: 'SL' });
  });

  test('never goes there from a nearer place', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:21  CE 92
      09:24  CE 85
      09:26  CE 85 100 85 100
    `;
    const nearer = (ctx: StrategyContext) => {
      const [structure] = ctx.structures;
      if (structure !== undefined) ctx.moveGuard(structure, 'stop', 'CE', paise(9_500));
    };
    const agent = scripted(doing({ '09:20': (ctx) => enter(ctx, ['SELL CE'], { guards: [stop] }), '09:22': nearer }));
    // 85 until 20 s, 100 at 40 s: 95.00 after 20 + 20 x 10/15 = 33.333 s.
    expect(guards(play({ days: [day], agents: [agent], parts: NO_DISASTER_STOP }))).toBe(
      told(
        '09:20:01.400 set stop CE 119.65',
        '09:22:01.000 moved stop CE 95.00',
        '09:26:33.334 fired stop CE 95.00 seen 95.00',
      ),
    );
  });

  test('on the underlying means the level of the entry, on combined premium what was received, on money nothing', () => {
    const day = tape`
      09:19  NIFTY 23005   CE 100  PE 100
      09:22  NIFTY 23060   CE 90   PE 90
      09:24  NIFTY 23000   CE 100  PE 100
    `;
    const legs = ['SELL CE', 'SELL PE'];
    const spot: GuardSpec = {
      ...WHOLE,
      name: 'spot',
      act: 'stop',
      basis: 'underlying',
      direction: 'down',
      distance: { paise: 10_000 },
      toCostAfter: { paise: 5_000 },
    };
    expect(guards(guarded(day, legs, [spot]))).toBe(
      told(
        '09:20:01.000 set spot 22905.00',
        '09:22:00.000 moved spot 23005.00 seen 23060.00',
        '09:24:00.000 fired spot 23005.00 seen 23000.00',
      ),
    );
    const sum: GuardSpec = { ...WHOLE, name: 'sum', act: 'stop', basis: 'combined', distance: { pct: 10 } };
    expect(guards(guarded(day, legs, [{ ...sum, toCostAfter: { pct: 5 } }]))).toBe(
      told(
        '09:20:01.550 set sum 219.35',
        '09:23:01.000 moved sum 199.40 seen 180.00',
        '09:25:01.000 fired sum 199.40 seen 200.00',
      ),
    );
    const money: GuardSpec = { ...WHOLE, name: 'money', act: 'stop', basis: 'money', distance: { paise: 150_000 } };
    // (199.40 - 200) x 75 = -45.00.
    expect(guards(guarded(day, legs, [{ ...money, evaluate: 'close', toCostAfter: { paise: 100_000 } }]))).toBe(
      told(
        '09:20:01.000 set money -1500.00',
        '09:23:01.000 moved money 0.00 seen 1455.00',
        '09:25:01.000 fired money 0.00 seen -45.00',
      ),
    );
  });
});

describe('a guard at a level', () => {
  const day = tape`
    09:19  NIFTY 23005                     CE 100  PE 100
    09:22  NIFTY 23005 23065 23005 23060   CE 100 112 100 112  PE 100
  `;

  test('stands there on a leg, on the combined premium, on the underlying and on money', () => {
    const leg: GuardSpec = { ...LEG, name: 'leg', act: 'stop', distance: { level: 11_000 } };
    // 100 until 20 s, 112 at 40 s: 110 after 20 + 20 x 10/12 = 36.667 s.
    expect(guards(guarded(day, ['SELL CE'], [leg]))).toBe(
      told('09:20:01.400 set leg CE 110.00', '09:22:36.667 fired leg CE 110.00 seen 110.00'),
    );
    const sum: GuardSpec = { ...WHOLE, name: 'sum', act: 'stop', basis: 'combined', distance: { level: 21_000 } };
    expect(guards(guarded(day, ['SELL CE', 'SELL PE'], [sum]))).toBe(
      told('09:20:01.550 set sum 210.00', '09:23:01.000 fired sum 210.00 seen 212.00'),
    );
    const up: GuardSpec = {
      ...WHOLE,
      name: 'up',
      act: 'stop',
      basis: 'underlying',
      direction: 'up',
      distance: { level: 2_305_500 },
    };
    expect(guards(guarded(day, ['SELL CE'], [up]))).toBe(
      told('09:20:01.000 set up 23055.00', '09:22:36.667 fired up 23055.00 seen 23055.00'),
    );
    const money: GuardSpec = { ...WHOLE, name: 'money', act: 'stop', basis: 'money', distance: { level: -90_000 } };
    // (99.70 - 112) x 75 = -922.50 at 40 s and at the close.
    expect(guards(guarded(day, ['SELL CE'], [money]))).toBe(
      told('09:20:01.000 set money -900.00', '09:22:59.999 fired money -900.00 seen -922.50'),
    );
  });

  test('beyond which the market stands when it is laid acts at once', () => {
    const leg: GuardSpec = { ...LEG, name: 'leg', act: 'stop', distance: { level: 9_900 } };
    expect(guards(guarded(day, ['SELL CE'], [leg]))).toBe(
      told('09:20:01.400 set leg CE 99.00', '09:20:01.400 fired leg CE 99.00 seen 100.00'),
    );
    const sum: GuardSpec = { ...WHOLE, name: 'sum', act: 'stop', basis: 'combined', distance: { level: 19_900 } };
    // A leg is marked at its own fill until the next quote.
    const both = guarded(day, ['SELL CE', 'SELL PE'], [{ ...sum, evaluate: 'touch' }]);
    expect(guards(both)).toBe(told('09:20:01.550 set sum 199.00', '09:20:01.550 fired sum 199.00 seen 199.40'));
    const above: GuardSpec = {
      ...WHOLE,
      name: 'above',
      act: 'stop',
      basis: 'underlying',
      direction: 'up',
      distance: { level: 2_300_000 },
    };
    const never = guarded(day, ['SELL CE'], [above]);
    expect(guards(never)).toBe(
      told('09:20:01.000 set above 23000.00', '09:20:01.000 fired above 23000.00 seen 23005.00'),
    );
    expect(recordsOf(never, 'leg-closed').every(({ gross }) => gross <= 0)).toBe(true);
  });
});

test('a guard in R stands at so many times the risk of its plan, in money', () => {
  const day = tape`
    09:19  NIFTY 23005  CE 100
    09:23  CE 120
  `;
  const spec: GuardSpec = { ...WHOLE, name: 'two-r', act: 'stop', basis: 'money', distance: { r: 2 } };
  // 2 x 750 rupees; (99.70 - 120) x 75 = -1,522.50, from the open on, and still so when the minute closes a second later.
  expect(guards(guarded(day, ['SELL CE'], [spec], { risk: paise(75_000) }))).toBe(
    told('09:20:01.000 set two-r -1500.00', '09:23:01.000 fired two-r -1500.00 seen -1522.50'),
  );
});

describe('a shift', () => {
  const level = (direction: 'up' | 'down', at: number): GuardSpec => ({
    ...WHOLE,
    name: `shift-${direction}`,
    act: 'stop',
    basis: 'underlying',
    direction,
    distance: { level: at },
    evaluate: 'close',
    reason: 'SHIFT',
  });

  /** Sells the money, and again around wherever the underlying stands after a shift; the base moves by whole steps or to the level itself. */
  function shifting(mode: 'step' | 'grid') {
    const step = 5_000;
    let base = 0;
    const go = (ctx: StrategyContext) =>
      enter(ctx, ['SELL CE'], {
        signal: `base ${base / 100}`,
        guards: [level('up', base + step), level('down', base - step)],
      });
    return scripted(
      doing(
        {
          '09:20': (ctx) => {
            base = ctx.spot ?? 0;
            go(ctx);
          },
        },
        {
          onStructureClosed: (ctx, _structure, reason) => {
            if (reason !== 'SHIFT') return;
            const spot = ctx.spot ?? 0;
            base = mode === 'step' ? spot : base + Math.trunc((spot - base) / step) * step;
            go(ctx);
          },
        },
      ),
    );
  }

  // Minute closes: 23,050 is not 50 points away; 23,125 is 120; 23,080 is 45 below the step's base and 25 below the grid's, 23,105.
  const day = tape`
    09:19  NIFTY 23005                    23100CE 80  23150CE 60  CE 100
    09:22  NIFTY 23005 23060 23005 23050
    09:23  NIFTY 23125
    09:24  NIFTY 23080
    09:25  NIFTY 23060
  `;

  test.for([
    ['step', ['base 23005', 'base 23125', 'base 23060']],
    ['grid', ['base 23005', 'base 23105']],
  ] as const)('in %s form leaves at a minute close and enters again around the new base', ([mode, bases]) => {
    const played = play({ days: [day], agents: [shifting(mode)], parts: NO_DISASTER_STOP });
    expect(recordsOf(played, 'signal').map(({ name }) => name)).toEqual(bases);
    const [first] = recordsOf(played, 'structure-closed');
    expect(first).toMatchObject({ reason: 'SHIFT', name: 'base 23005' });
    expect(guards(played)).toContain('09:24:01.000 fired shift-up 23055.00 seen 23125.00');
  });
});

describe('a guard that can never act as it was meant', () => {
  const contract = option('NIFTY', dayOf('2025-01-09'), paise(2_300_000), 'CE');
  const plan = (guard: Partial<GuardSpec>, risk?: number): EntryPlan => ({
    signal: 'entry',
    seen: {},
    legs: [{ tag: 'CE', contract, side: 'SELL', lots: lots(1) }],
    guards: [{ name: 'g', act: 'stop', basis: 'leg', distance: { pct: 20 }, closes: 'structure', ...guard }],
    ...(risk === undefined ? {} : { risk: paise(risk) }),
  });

  test.for<readonly [Partial<GuardSpec>, string]>([
    [{ leg: 'PE' }, 'watches leg PE; the plan has CE'],
    [{ basis: 'money', distance: { paise: 5 }, leg: 'CE' }, 'names leg CE, which a guard on money does not watch'],
    [{ basis: 'combined', closes: 'leg' }, 'on combined closes the structure, it cannot close one leg'],
    [{ direction: 'up' }, 'has direction up, which only a guard on the underlying has'],
    [
      { basis: 'underlying', distance: { level: 5 } },
      'stands at a level of the underlying: its direction is up or down, not both',
    ],
    [{ act: 'trail', distance: { level: 5 } }, 'trails, so its distance is pct or paise, not a level'],
    [{ distance: { level: 0 } }, 'stands at a level above 0, was 0'],
    [{ distance: { r: 1 } }, 'stands in R: it needs a plan with a risk, and basis money'],
    [{ basis: 'money', distance: { r: 1 } }, 'stands in R: it needs a plan with a risk, and basis money'],
    [{ distance: { pct: 0 } }, 'has distance above 0, was 0'],
    [
      { basis: 'money', distance: { pct: 5 } },
      'has distance in per cent, and nothing is a per cent of no money: use paise',
    ],
    [{ armsAfter: { pct: 5 } }, 'is a stop, and only a trail arms after a gain'],
    [{ act: 'target', toCostAfter: { pct: 5 } }, 'is a target, and only a stop goes to cost after a gain'],
    [{ toCostAfter: { paise: -5 } }, 'has toCostAfter above 0, was -5'],
    [
      { basis: 'underlying', toCostAfter: { paise: 5 } },
      'waits for a gain of the underlying: its direction is up or down, not both',
    ],
    [{ act: 'target', heldBy: 'venue' }, 'is a target on leg: the venue holds stops and trails of a leg alone'],
    [{ basis: 'combined', heldBy: 'venue' }, 'is a stop on combined: the venue holds stops and trails of a leg alone'],
    [{ heldBy: 'venue', evaluate: 'close' }, 'waits for closes, which the venue does not know'],
    [{ heldBy: 'venue', room: 12 }, 'has room in whole ticks of 5 paise, was 12'],
    [{ room: 10 }, 'has room, which only a guard held by the venue has'],
  ])('is refused: %j', ([guard, sentence]) => {
    expect(() => refuseGuardMistakes(plan(guard))).toThrow(`guard g of entry ${sentence}`);
  });

  test('is told apart from one that can', () => {
    for (const guard of [
      {},
      { heldBy: 'venue', room: 15 },
      { act: 'trail', armsAfter: { pct: 5 } },
      { basis: 'underlying', direction: 'up', distance: { level: 5 } },
      { basis: 'money', distance: { level: -5 } },
    ] as const)
      expect(() => refuseGuardMistakes(plan(guard))).not.toThrow();
    expect(() => refuseGuardMistakes(plan({ basis: 'money', distance: { r: 1 } }, 5_000))).not.toThrow();
  });

  test('takes its strategy out of the run with the sentence', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
    `;
    const spec: GuardSpec = { ...LEG, name: 'g', act: 'trail', distance: { level: 5 } };
    const played = guarded(day, ['SELL CE'], [spec]);
    expect(words(played)).toContain('guard g of entry trails, so its distance is pct or paise, not a level');
    expect(fills(played)).toBe('');
  });
});

describe('the time that a sold leg stands', () => {
  // The purchase waits for 19 or less; the option opens at 18 at 09:25, known 100 ms later. The sale was known at 09:20:01.550.
  const late = tape`
    09:19  NIFTY 23005  CE 100  23500CE 20  PE 100
    09:25  23500CE 18
  `;

  test('without its hedge is counted apart from that without a stop, to the millisecond', () => {
    const legs = ['BUY hedge=23500CE LIMIT 19', 'SELL CE', 'SELL PE'];
    const agents = [scripted(entering('09:20', legs, { squareOffAt: time('09:30') }))];
    const { disasterStop } = NO_DISASTER_STOP.settings.execution;
    const execution = { disasterStop, basketWait: 'sent', basketWaitMs: 900_000 } as const;
    const played = play({ days: [late], agents, parts: executing(execution) });
    const closed = recordsOf(played, 'leg-closed');
    const timesOf = (tag: string) =>
      closed.filter(({ leg }) => leg === tag).map(({ nakedMs, unhedgedMs }) => [nakedMs, unhedgedMs]);
    // Without resting stops a sold leg stands naked until its exit is confirmed: known with its fill at 09:30:01.400 and .550. The put
    // has no hedge planned, and misses none.
    expect(timesOf('CE')).toEqual([[599_850, 298_550]]);
    expect(timesOf('PE')).toEqual([[599_850, 0]]);
    expect(timesOf('hedge')).toEqual([[0, 0]]);
    expect(recordsOf(played, 'structure-closed')[0]).toMatchObject({ nakedMs: 599_850, unhedgedMs: 298_550 });
  });

  test('has an end where its hedge does not fill, also where it was sent right after it', () => {
    const agents = [
      scripted(entering('09:20', ['BUY hedge=23500CE LIMIT 19', 'SELL CE'], { squareOffAt: time('09:30') })),
    ];
    const played = play({ days: [late], agents, parts: executing({ basketWait: 'sent' }) });
    // Ten seconds after both were sent; the buy-back is known 400 ms later, the sale was at 01.550.
    expect(words(played)).toContain(
      '09:20:11.000 note: structure 1: its hedges did not fill within 10000 ms, it is unwound',
    );
    expect(recordsOf(played, 'structure-closed')[0]).toMatchObject({ reason: 'UNWIND', unhedgedMs: 9_850 });
  });

  test('is none where the hedge of the planned ratio was bought first and is sold last', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100  23500CE 20
    `;
    const agents = [scripted(entering('09:20', ['SELL CE x2', 'BUY hedge=23500CE'], { squareOffAt: time('09:30') }))];
    const played = play({ days: [day], agents });
    // Its stop is confirmed 400 ms after its fill.
    expect(recordsOf(played, 'structure-closed')[0]).toMatchObject({ nakedMs: 400, unhedgedMs: 0 });
  });
});
