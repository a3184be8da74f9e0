import { describe, expect, test } from 'vitest';
import type { InputEvent } from '../../../engine/model/event.ts';
import { at, day, epochMs, istTime } from '../../../engine/model/time.ts';
import { defaultRmsSettings } from '../../../engine/risk/rms-settings.ts';
import type { GuardSpec, StrategyContext } from '../../../engine/strategy.ts';
import { play } from '../../support/play.ts';
import { contractOf, doing, enter, NO_DISASTER_STOP, rest, scripted, time } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { closes, fills, guards, orders, recordsOf, words } from '../../support/tell.ts';

const FLAT = tape`
  09:19  NIFTY 23005  CE 100  PE 100
`;

/** 4.4 rupees a second down in the first 20 s of 09:22: 95 after 1,136.4 ms, so at the 1,137th. */
const FALLING = tape`
  09:19  NIFTY 23005  CE 100  PE 100
  09:22  CE 100 100 12 12
`;

const STOP: GuardSpec = { name: 'stop', act: 'stop', basis: 'leg', distance: { pct: 25 }, closes: 'leg' };

type Deeds = Readonly<Record<string, (ctx: StrategyContext) => void>>;

function playing(deeds: Deeds, more: { readonly days?: typeof FLAT; readonly extra?: readonly InputEvent[] } = {}) {
  const { days = FLAT, extra = [] } = more;
  return play({ days: [days], agents: [scripted(doing(deeds))], parts: NO_DISASTER_STOP, extra });
}

function operator(clock: string, command: 'halt' | 'flatten'): InputEvent {
  return {
    kind: 'operator-commanded',
    ts: epochMs(at(day('2025-01-06'), istTime(clock))),
    command,
    scope: 'all',
    by: 'test',
  };
}

describe('an entry that rests', () => {
  test('is kept while its prices move by no more than asked, counted from the order and not from the last wish', () => {
    const played = playing({
      '09:20': (ctx) => rest(ctx, 'CE', 'SELL CE STOP 95 92'),
      '09:21': (ctx) => rest(ctx, 'CE', 'SELL CE STOP 94.30 91.30'),
      '09:22': (ctx) => rest(ctx, 'CE', 'SELL CE STOP 94 91'),
      '09:23': (ctx) => rest(ctx, 'CE', 'SELL CE STOP 93.95 91.95'),
    });
    // One rupee away is not more than one rupee; 1.05 is.
    expect(orders(played).split('\n').slice(0, 6)).toEqual([
      '09:20:01.000 #1 SELL 1 CE STOP 95.00 to 92.00 for CE',
      '09:20:01.400 #1 accepted',
      '09:23:01.000 #1 ask cancel',
      '09:23:01.400 #1 canceled',
      '09:23:01.400 #2 SELL 1 CE STOP 93.95 to 91.95 for CE',
      '09:23:01.800 #2 accepted',
    ]);
    expect(recordsOf(played, 'cancel-asked')[0]?.reason).toBe('re-priced');
  });

  test('goes to another contract once the venue has confirmed the cancel, never before', () => {
    const played = playing({
      '09:20': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92'),
      '09:21': (ctx) => rest(ctx, 'short', 'SELL PE STOP 95 92'),
    });
    expect(orders(played).split('\n').slice(2, 6)).toEqual([
      '09:21:01.000 #1 ask cancel',
      '09:21:01.400 #1 canceled',
      '09:21:01.400 #2 SELL 1 PE STOP 95.00 to 92.00 for short',
      '09:21:01.800 #2 accepted',
    ]);
    expect(recordsOf(played, 'cancel-asked')[0]?.reason).toBe('switched to NIFTY 2025-01-09 23000 PE');
    expect(words(played).split('\n').slice(0, 2)).toEqual(['09:20:01.000 short taken', '09:21:01.400 short taken']);
  });

  test('on the other side of the same contract is another order', () => {
    const played = playing({
      '09:20': (ctx) => rest(ctx, 'one', 'SELL CE LIMIT 105'),
      '09:21': (ctx) => rest(ctx, 'one', 'BUY CE LIMIT 95', { beyond: 10_000 }),
    });
    expect(orders(played)).toContain('09:21:01.400 #2 BUY 1 CE LIMIT 95.00 for one');
  });

  test('above the freeze quantity is several orders of one entry, and all of them leave before another comes', () => {
    const played = playing({
      '09:20': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92 x40'),
      '09:21': (ctx) => rest(ctx, 'short', 'SELL PE STOP 95 92'),
    });
    // 24 and 16 lots of 75 against 1,800 units, the second request 150 ms after the first.
    expect(orders(played).split('\n').slice(4, 9)).toEqual([
      '09:21:01.000 #1 ask cancel',
      '09:21:01.000 #2 ask cancel',
      '09:21:01.400 #1 canceled',
      '09:21:01.550 #2 canceled',
      '09:21:01.550 #3 SELL 1 PE STOP 95.00 to 92.00 for short',
    ]);
  });

  test('is what the last of several wishes asked for while the cancel was on its way', () => {
    const played = playing({
      '09:20': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92'),
      '09:21': (ctx) => {
        rest(ctx, 'short', 'SELL PE STOP 95 92');
        rest(ctx, 'short', 'SELL PE STOP 90 87');
      },
    });
    expect(orders(played)).toContain('09:21:01.400 #2 SELL 1 PE STOP 90.00 to 87.00 for short');
    expect(recordsOf(played, 'order-placed')).toHaveLength(2);
  });

  test('can be seen with its state, and is no longer there once it has filled', () => {
    const seen: string[] = [];
    const look = (ctx: StrategyContext) => {
      const held = ctx.resting('short');
      const what =
        held === undefined ? 'nothing' : `${held.contract.kind === 'option' ? held.contract.right : ''} ${held.state}`;
      seen.push(`${ctx.time} ${what}, ${ctx.structures.length} open`);
    };
    playing(
      {
        '09:20': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92'),
        '09:21': (ctx) => {
          look(ctx);
          ctx.at(time('09:22'), '09:22');
        },
        '09:22': look,
        '09:23': look,
      },
      { days: FALLING },
    );
    expect(seen).toEqual([
      '09:21 CE resting, 1 open',
      '09:22 CE resting, 1 open',
      '09:22 CE resting, 1 open',
      '09:23 nothing, 1 open',
    ]);
  });

  test('is a structure of the day with its guards from its first fill on, measured from there', () => {
    const played = playing(
      {
        '09:20': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92', { guards: [STOP] }),
        '09:21': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92', { guards: [{ ...STOP, distance: { pct: 50 } }] }),
      },
      { days: FALLING },
    );
    // Filled at 95 - 0.25 (0.25 % is 0.2375) - 0.05 = 94.70. The later wish counts: 50 % above is 142.05.
    expect(fills(played)).toContain('09:22:01.137 short SELL CE 94.70');
    expect(guards(played)).toBe('09:22:01.237 set stop CE 142.05');
    const opened = recordsOf(played, 'structure-opened');
    expect(opened.map(({ ts, plannedLoss }) => [ts - at(day('2025-01-06'), istTime('09:22')), plannedLoss])).toEqual([
      // Half of 100 a unit of 75, and 2 % of the premium for slippage: 3,750 + 150 rupees.
      [1_237, 390_000],
    ]);
    expect(recordsOf(played, 'day-closed')[0]?.structures).toBe(1);
  });

  test('that fills before its cancel arrives stands, and what was to follow it is dropped', () => {
    const played = playing(
      {
        '09:20': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92'),
        '09:22': (ctx) => rest(ctx, 'short', 'SELL PE STOP 95 92'),
      },
      { days: FALLING },
    );
    expect(orders(played).split('\n').slice(2, 6)).toEqual([
      '09:22:01.000 #1 ask cancel',
      '09:22:01.237 #1 triggered',
      '09:22:01.237 #1 filled 1 at 94.70',
      '09:22:01.400 #1 cancel-rejected: the order is no longer open',
    ]);
    expect(words(played)).toBe(
      '09:20:01.000 short taken\n09:22:01.237 short skipped: the order before it filled meanwhile',
    );
    expect(recordsOf(played, 'order-placed').filter(({ purpose }) => purpose === 'entry')).toHaveLength(1);
  });

  test('that is withdrawn ends without a structure, without a note, and frees its place', () => {
    const played = playing({
      '09:20': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92'),
      '09:21': (ctx) => ctx.withdraw('short', 'disqualified'),
      '09:22': (ctx) => ctx.withdraw('short', 'disqualified'),
      '09:23': (ctx) => rest(ctx, 'short', 'SELL PE STOP 95 92'),
    });
    expect(orders(played).split('\n').slice(2, 5)).toEqual([
      '09:21:01.000 #1 ask cancel',
      '09:21:01.400 #1 canceled',
      '09:23:01.000 #2 SELL 1 PE STOP 95.00 to 92.00 for short',
    ]);
    expect(recordsOf(played, 'cancel-asked')[0]?.reason).toBe('disqualified');
    expect(recordsOf(played, 'structure-opened', 'structure-closed', 'leg-closed')).toEqual([]);
    // The put rests until entries end for the day; of the call there is no note.
    expect(recordsOf(played, 'note').map(({ text }) => text)).toEqual([
      'structure 2: its entry rests no longer: nothing is entered from 15:15',
    ]);
    expect(recordsOf(played, 'day-closed')[0]?.structures).toBe(0);
  });

  test('that is withdrawn while its successor waits has none', () => {
    const played = playing({
      '09:20': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92'),
      '09:21': (ctx) => {
        rest(ctx, 'short', 'SELL PE STOP 95 92');
        ctx.withdraw('short', 'no best');
      },
    });
    expect(recordsOf(played, 'order-placed')).toHaveLength(1);
    expect(orders(played)).toContain('09:21:01.400 #1 canceled');
  });

  test('with a price of none, or with two legs, is a mistake of its strategy', () => {
    const bare = playing({ '09:20': (ctx) => rest(ctx, 'short', 'SELL CE') });
    expect(words(bare)).toContain('short rests in short without a price: it needs a limit or a stop-limit');
    const two = playing({
      '09:20': (ctx) => {
        const contract = contractOf(ctx, 'CE');
        const leg = {
          contract,
          side: 'SELL' as const,
          lots: ctx.lots,
          terms: { kind: 'LIMIT' as const, price: 10_000 as never },
        };
        const legs = [
          { ...leg, tag: 'a' },
          { ...leg, tag: 'b' },
        ];
        ctx.rest({ place: 'short', plan: { signal: 'two', seen: {}, legs }, repriceBeyond: 0 as never });
      },
    });
    expect(words(two)).toContain('two rests in short with 2 legs, one is allowed');
  });
});

describe('an entry that rests and fills in part', () => {
  // 10 % of 800 units are 80, one lot of 75. The line passes 101.05 at 10.5 s of 20, and the rest waits for the next minute's volume.
  const thin = tape`
    09:19  NIFTY 23005  CE 100  PE 100
    09:21  NIFTY 23005 23006 22990 23005  CE 100 102 100 102 v800
    09:22  CE 100 v0
    09:23  CE 100 v0
    09:24  CE 100
  `;

  test('is a position with its guard and its resting stop at once, while the rest stays', () => {
    const seen: string[] = [];
    const played = play({
      days: [thin],
      agents: [
        scripted(
          doing({
            '09:20': (ctx) => rest(ctx, 'short', 'SELL CE LIMIT 101 x2', { guards: [STOP] }),
            '09:22': (ctx) => {
              const held = ctx.resting('short');
              seen.push(
                `${held?.state} ${held?.structure.legs[0]?.openLots} of ${held?.structure.legs[0]?.lotsPlanned}`,
              );
            },
          }),
        ),
      ],
    });
    expect(seen).toEqual(['resting 1 of 2']);
    // Index first to its high, nearer to its open. 101.05 of 100 to 102 in 20 s is reached after 10.5 s.
    expect(orders(played).split('\n').slice(0, 4)).toEqual([
      '09:20:01.000 #1 SELL 2 CE LIMIT 101.00 for short',
      '09:20:01.400 #1 accepted',
      '09:21:10.600 #1 filled 1 at 101.00',
      // 25 % above 101 is 126.25; the resting stop stands twice as far, 151.50, with 5 % of room: 7.575, up to 7.60.
      '09:21:10.600 #2 BUY 1 CE STOP 151.50 to 159.10 for resting stop',
    ]);
    expect(guards(played)).toBe('09:21:10.600 set stop CE 126.25');
  });

  test('gives back only its rest when the strategy asks for something else, which is dropped', () => {
    const seen: string[] = [];
    const played = playing(
      {
        '09:20': (ctx) => rest(ctx, 'short', 'SELL CE LIMIT 101 x2', { squareOffAt: time('09:30') }),
        '09:22': (ctx) => rest(ctx, 'short', 'SELL CE LIMIT 110 x2'),
        '09:23': (ctx) => seen.push(`${ctx.resting('short')?.state} ${ctx.structures[0]?.legs[0]?.lotsPlanned}`),
      },
      { days: thin },
    );
    expect(orders(played)).toContain('09:22:01.000 #1 ask cancel\n09:22:01.400 #1 canceled\n');
    expect(words(played)).toContain('09:22:01.000 short skipped: the order before it filled meanwhile');
    expect(seen).toEqual(['undefined 1']);
    // One lot came, one lot goes.
    expect(fills(played)).toBe('09:21:10.500 short SELL CE 101.00\n09:30:01.300 TIME BUY CE 100.30');
    // (101 - 100.30) x 75.
    expect(closes(played)).toBe('09:30:01.400 CE TIME gross 52.50\n09:30:01.400 structure 1 TIME gross 52.50');
  });
});

describe('the house takes resting entries back', () => {
  const asks: Deeds = { '09:20': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92', { squareOffAt: time('09:40') }) };

  test('at their square-off', () => {
    expect(orders(playing(asks)).split('\n').slice(2)).toEqual([
      '09:40:01.000 #1 ask cancel',
      '09:40:01.400 #1 canceled',
    ]);
  });

  test('at a halt, and what is asked for then is denied', () => {
    const played = playing(
      { ...asks, '09:35': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92') },
      { extra: [operator('09:30', 'halt')] },
    );
    expect(orders(played).split('\n').slice(2)).toEqual([
      '09:30:00.000 #1 ask cancel',
      '09:30:00.400 #1 canceled',
      '09:35:01.000 #2 SELL 1 CE STOP 95.00 to 92.00 for short',
      '09:35:01.000 #2 denied by halted',
    ]);
    expect(words(played)).toContain(
      '09:35:01.000 short skipped: halted: all is halted until it is resumed: by the operator',
    );
  });

  test('when all is flattened, and then nothing follows what leaves', () => {
    const played = playing(
      { ...asks, '09:35': (ctx) => rest(ctx, 'short', 'SELL PE STOP 95 92') },
      { extra: [operator('09:35', 'flatten')] },
    );
    // The operator's word of 09:35:00.000 comes before the strategy's wish of 01.000, which is a new one then.
    expect(orders(played)).toContain('09:35:00.000 #1 ask cancel\n09:35:00.400 #1 canceled\n');
    const together = playing({
      ...asks,
      '09:35': (ctx) => {
        rest(ctx, 'short', 'SELL PE STOP 95 92');
        ctx.flatten('MANUAL');
      },
    });
    expect(recordsOf(together, 'order-placed')).toHaveLength(1);
    expect(words(together)).toContain('09:35:01.400 short skipped: the order before it ended: MANUAL');
  });

  test('five minutes before the square-off, when nothing may be entered any more', () => {
    const played = playing({ '15:18': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92') });
    // Nothing is entered in the last five minutes before the square-off at 15:20.
    expect(orders(played)).toContain('denied by square-off');
    const early = playing({ '15:10': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92') });
    expect(orders(early).split('\n').slice(2)).toEqual(['15:15:00.000 #1 ask cancel', '15:15:00.400 #1 canceled']);
    expect(recordsOf(early, 'note').map(({ text }) => text)).toEqual([
      'structure 1: its entry rests no longer: nothing is entered from 15:15',
    ]);
  });
});

describe('limits count what rests', () => {
  const two: Deeds = {
    '09:20': (ctx) => {
      rest(ctx, 'CE', 'SELL CE STOP 95 92');
      rest(ctx, 'PE', 'SELL PE STOP 95 92');
    },
  };

  test('among the structures open and those of the day, since it may fill at any moment', () => {
    for (const [rule, risk] of [
      ['structures-open', { structuresOpenMax: 1 }],
      ['structures-per-day', { structuresPerDayMax: 1 }],
    ] as const) {
      const parts = { ...NO_DISASTER_STOP, risk: { ...defaultRmsSettings, ...risk } };
      const played = play({ days: [FLAT], agents: [scripted(doing(two))], parts });
      expect(orders(played)).toContain(`#2 denied by ${rule}`);
      expect(recordsOf(played, 'order-accepted')).toHaveLength(1);
    }
  });

  test('and forget what left without a fill: the day of one structure sees any number of orders', () => {
    const deeds: Deeds = Object.fromEntries(
      ['09:20', '09:26', '09:32', '09:38'].map((clock, index) => [
        clock,
        (ctx: StrategyContext) => rest(ctx, 'short', `SELL CE STOP ${95 - 2 * index} ${92 - 2 * index}`),
      ]),
    );
    const parts = { ...NO_DISASTER_STOP, risk: { ...defaultRmsSettings, structuresPerDayMax: 1 } };
    const played = play({ days: [FLAT], agents: [scripted(doing(deeds))], parts });
    expect(recordsOf(played, 'verdict').map(({ approved }) => approved)).toEqual([true, true, true, true]);
  });

  test('and a kept order whose planned loss no longer fits is taken back', () => {
    const deeds: Deeds = {
      '09:20': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92', { guards: [STOP] }),
      '09:21': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92', { guards: [{ ...STOP, distance: { pct: 20 } }] }),
      '09:22': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92', { guards: [{ ...STOP, distance: { pct: 50 } }] }),
    };
    // 25 % of 100 x 75 and 2 % of slippage are 2,025 rupees; at 50 % 3,900.
    const parts = { ...NO_DISASTER_STOP, risk: { ...defaultRmsSettings, lossPerDayMax: 300_000 } };
    const played = play({ days: [FLAT], agents: [scripted(doing(deeds))], parts });
    expect(orders(played).split('\n').slice(2)).toEqual(['09:22:01.000 #1 ask cancel', '09:22:01.400 #1 canceled']);
    expect(words(played)).toContain('09:22:01.000 short skipped: loss-per-day: the planned loss of 3900.00');
  });
});

describe('orders that go round', () => {
  /** Takes the order of the call back and places it again, or the put's, at these times. */
  const flips = (times: readonly (readonly [string, string])[]): Deeds =>
    Object.fromEntries(
      times.map(([clock, leg]) => [
        clock,
        (ctx: StrategyContext) => {
          if (leg === '') ctx.withdraw('short', 'disqualified');
          else rest(ctx, 'short', leg);
        },
      ]),
    );

  test('twice within five minutes in one contract block it for the day, and another is free', () => {
    const played = playing(
      flips([
        ['09:20', 'SELL CE STOP 95 92'],
        ['09:21', 'SELL CE STOP 93 90'],
        ['09:22', 'SELL CE STOP 91 88'],
        ['09:23', 'SELL CE STOP 89 86'],
        ['09:24', 'SELL PE STOP 95 92'],
        ['12:00', 'SELL CE STOP 95 92'],
      ]),
    );
    // Placed again at once at 09:21 and at 09:22: two cycles. The third is not placed, and the old order is gone. At 12:00 the put is
    // taken back and the call is still blocked, which is said again since the put was taken in between.
    const placed = recordsOf(played, 'order-placed').map(
      ({ contract, terms }) => `${contract.slice(-2)} ${terms.kind === 'STOP_LIMIT' ? terms.trigger : ''}`,
    );
    expect(placed).toEqual(['CE 9500', 'CE 9300', 'CE 9100', 'PE 9500']);
    expect(
      words(played)
        .split('\n')
        .filter((line) => line.includes('skipped')),
    ).toEqual([
      '09:23:01.400 short skipped: NIFTY 2025-01-09 23000 CE is blocked for the day: taken back and placed again 2 times within 300 s',
      '12:00:01.400 short skipped: NIFTY 2025-01-09 23000 CE is blocked for the day: taken back and placed again 2 times within 300 s',
    ]);
  });

  test('more slowly than every half minute, or twice in more than five minutes, are free', () => {
    const slow = playing(
      flips([
        ['09:20', 'SELL CE STOP 95 92'],
        ['09:21', ''],
        ['09:22', 'SELL CE STOP 93 90'],
        ['09:23', ''],
        ['09:24', 'SELL CE STOP 91 88'],
        ['09:25', ''],
        ['09:26', 'SELL CE STOP 91 88'],
      ]),
    );
    expect(recordsOf(slow, 'order-placed')).toHaveLength(4);
    const rare = playing(
      flips([
        ['09:20', 'SELL CE STOP 95 92'],
        ['09:21', 'SELL CE STOP 93 90'],
        ['09:27', 'SELL CE STOP 91 88'],
        ['09:33', 'SELL CE STOP 89 86'],
      ]),
    );
    expect(recordsOf(rare, 'order-placed')).toHaveLength(4);
  });

  test('five times in all pause the entries of their agent for the day, those at the market too', () => {
    const times = ['09:20', '09:26', '09:32', '09:38', '09:44', '09:50', '09:56'];
    const played = playing({
      ...flips(times.map((clock, index) => [clock, `SELL CE STOP ${95 - 2 * index} ${92 - 2 * index}`])),
      '10:10': (ctx) => enter(ctx, ['SELL PE']),
    });
    // The first is none; five of the next are cycles, so the seventh finds the agent paused.
    expect(recordsOf(played, 'order-placed')).toHaveLength(6);
    expect(
      words(played)
        .split('\n')
        .filter((line) => line.includes('skipped')),
    ).toEqual([
      '09:56:01.400 short skipped: entries pause for the day: 5 orders were taken back and placed again',
      '10:10:01.000 entry skipped: entries pause for the day: 5 orders were taken back and placed again',
    ]);
  });
});
