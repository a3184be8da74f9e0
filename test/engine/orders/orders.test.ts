import { describe, expect, test } from 'vitest';
import type { InputEvent } from '../../../engine/model/event.ts';
import { at, day, epochMs, istTime } from '../../../engine/model/time.ts';
import { sliced } from '../../../engine/orders/slicing.ts';
import type { GuardSpec } from '../../../engine/strategy.ts';
import { play } from '../../support/play.ts';
import { doing, enter, entering, executing, NO_DISASTER_STOP, scripted, time } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { closes, fills, guards, orders, recordsOf, words } from '../../support/tell.ts';

const STOP: GuardSpec = { name: 'stop', act: 'stop', basis: 'leg', distance: { pct: 25 }, closes: 'leg' };

const FLAT = tape`
  09:19  NIFTY 23005  CE 100  PE 100
`;

/** A word of the operator at a clock time of the default day, with seconds where given. */
function operator(clock: string, command: 'halt' | 'resume' | 'flatten' | 'exit-positions', scope = 'all'): InputEvent {
  const [hours = '', minutes = '', seconds = '0'] = clock.split(':');
  const ts = epochMs(at(day('2025-01-06'), istTime(`${hours}:${minutes}`)) + Number(seconds) * 1_000);
  return { kind: 'operator-commanded', ts, command, scope, by: 'test' };
}

describe('the resting stop of a short leg', () => {
  // Sold at 99.70; its own stop at 25 % = 124.65 (124.625 on ticks, half up); the resting stop at twice that, 50 %: 149.55.
  // Room past the trigger: 5 % is 7.4775, on ticks 7.50, more than 3 points: limit 157.05.
  test('stands one way back and one way there after the fill', () => {
    const played = play({ days: [FLAT], agents: [scripted(entering('09:20', ['SELL CE'], { guards: [STOP] }))] });
    expect(orders(played).split('\n').slice(0, 5)).toEqual([
      '09:20:01.000 #1 SELL 1 CE MARKET for entry',
      '09:20:01.400 #1 accepted',
      '09:20:01.400 #1 filled 1 at 99.70',
      '09:20:01.400 #2 BUY 1 CE STOP 149.55 to 157.05 for resting stop',
      '09:20:01.800 #2 accepted',
    ]);
  });

  test('tells how long the leg stood without it', () => {
    const played = play({
      days: [FLAT],
      agents: [scripted(entering('09:20', ['SELL CE'], { guards: [STOP], squareOffAt: time('09:30') }))],
    });
    expect(recordsOf(played, 'structure-closed')[0]?.nakedMs).toBe(400);
  });

  test('becomes the exit: the guard changes it into a marketable limit, and there is one order', () => {
    const rising = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 100 130 100 130
    `;
    const played = play({ days: [rising], agents: [scripted(entering('09:20', ['SELL CE'], { guards: [STOP] }))] });
    // 100 until 20 s, 130 at 40 s: 124.65 after 20 + 20 x 24.65/30 = 36.4333 s. Limit 124.65 + 2 % = 127.143, on ticks 127.15.
    // At arrival 36.734 s: 100 + 30 x 16.734/20 = 125.101, up to 125.15; 0.25 % is 0.3129, on ticks 0.35: 125.15 + 0.35 + 0.05.
    expect(orders(played).split('\n').slice(5)).toEqual([
      '09:22:36.434 #2 ask LIMIT 127.15 for SL',
      '09:22:36.834 #2 modified',
      '09:22:36.834 #2 filled 1 at 125.55',
    ]);
  });

  test('that fires before the exit reaches it ends the leg once: the late change is refused', () => {
    const racing = tape`
      09:19  NIFTY 23005  CE 100
      09:22  NIFTY 23005 23006 22990 23005  CE 100 2100 100 1000
    `;
    const played = play({ days: [racing], agents: [scripted(entering('09:20', ['SELL CE'], { guards: [STOP] }))] });
    // High first, 100 paise a millisecond: 124.65 after 246.5 ms, 149.55 after 495.5 ms; the change would arrive at 547 ms.
    // 149.55 is reached at the 496th: + 0.40 (0.25 % is 0.3739) + 0.05.
    expect(orders(played).split('\n').slice(5)).toEqual([
      '09:22:00.247 #2 ask LIMIT 127.15 for SL',
      '09:22:00.596 #2 triggered',
      '09:22:00.596 #2 filled 1 at 150.00',
      '09:22:00.647 #2 modify-rejected: the order is no longer open',
    ]);
    expect(closes(played)).toContain('CE SL');
    expect(recordsOf(played, 'leg-closed')).toHaveLength(1);
  });

  test('that the market jumps is chased until the leg is out', () => {
    const jumping = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 200
    `;
    const played = play({ days: [jumping], agents: [scripted(entering('09:20', ['SELL CE']))] });
    // No guard: 50 % above 99.70 is 149.55, limit 157.05; the market opens at 200. Two seconds after the word of the trigger the
    // chase asks for 200 + 2 x 2 % = 208. It pays 200 + 0.50 + 0.05.
    expect(fills(played)).toBe(['09:20:01.300 entry SELL CE 99.70', '09:22:02.400 STOP BUY CE 200.55'].join('\n'));
    expect(closes(played)).toContain('CE STOP');
  });

  test('grows with each part of a slow entry', () => {
    const thin = tape`
      09:19  NIFTY 23005  CE 100
      09:20  CE 100 v800
      09:21  CE 100 v800
    `;
    const played = play({ days: [thin], agents: [scripted(entering('09:20', ['SELL CE x2'], { guards: [STOP] }))] });
    expect(orders(played)).toContain('09:20:01.400 #2 BUY 1 CE STOP 149.55 to 157.05 for resting stop');
    expect(orders(played)).toContain('09:21:00.100 #3 BUY 1 CE STOP 149.55 to 157.05 for resting stop');
  });

  test('of a carried leg is placed anew each morning', () => {
    const next = tape`
      2025-01-07  strike 23000
      09:15  NIFTY 23005  CE 100  PE 100
    `;
    let sold = false;
    const once = scripted({
      onSessionOpen: (ctx) => ctx.at(time('09:20'), 'go'),
      onTimer: (ctx) => {
        if (!sold) enter(ctx, ['SELL CE'], { guards: [STOP] });
        sold = true;
      },
    });
    const played = play({ days: [FLAT, next], agents: [once] });
    expect(orders(played).split('\n').slice(5)).toEqual([
      '15:30:02.000 #2 expired',
      '09:15:00.000 #3 BUY 1 CE STOP 149.55 to 157.05 for resting stop',
      '09:15:00.400 #3 accepted',
      '15:30:02.000 #3 expired',
    ]);
  });

  test('leaves a night uncounted: a leg is without a stop only while the market could move against it', () => {
    const next = tape`
      2025-01-07  strike 23000
      09:15  NIFTY 23005  CE 100  PE 100
    `;
    let days = 0;
    const once = scripted({
      onSessionOpen: (ctx) => ctx.at(time('09:20'), 'go'),
      onTimer: (ctx) => {
        days += 1;
        if (days === 1) enter(ctx, ['SELL CE'], { guards: [STOP] });
        else for (const structure of ctx.structures) ctx.exit(structure, 'TIME');
      },
    });
    const played = play({ days: [FLAT, next], agents: [once] });
    // From the word of the fill to that of the stop, 400 ms, and as long again from the open to the new day's stop.
    expect(recordsOf(played, 'leg-closed').map(({ nakedMs, unhedgedMs }) => [nakedMs, unhedgedMs])).toEqual([[800, 0]]);
  });
});

describe('slices', () => {
  test('are full ones first and the rest last', () => {
    expect(sliced(40, 24)).toEqual([24, 16]);
    expect(sliced(24, 24)).toEqual([24]);
    expect(sliced(49, 24)).toEqual([24, 24, 1]);
  });

  test('keep each order within the freeze quantity of the day: 40 lots of 75 against 1,800 units', () => {
    const played = play({
      days: [FLAT],
      agents: [scripted(entering('09:20', ['BUY CE x40'], { squareOffAt: time('09:30') }))],
    });
    // 1,800 / 75 is 24 lots. The slices of an exit are a basket too.
    expect(fills(played)).toBe(
      [
        '09:20:01.300 entry BUY CE 100.30 x24',
        '09:20:01.450 entry BUY CE 100.30 x16',
        '09:30:01.300 TIME SELL CE 99.70 x24',
        '09:30:01.450 TIME SELL CE 99.70 x16',
      ].join('\n'),
    );
  });
});

describe('the rate limits', () => {
  test('let eight orders go in a second, the rest in the next', () => {
    const legs = Array.from({ length: 20 }, (_, index) => `BUY leg${index + 1}=CE`);
    const played = play({ days: [FLAT], agents: [scripted(entering('09:20', legs))] });
    const times = recordsOf(played, 'order-filled').map(({ fill }) => fill.tsExchange);
    const first = times[0] ?? 0;
    // Three parcels of 8, 8 and 4, a second apart, each with 150 ms between its orders.
    const expected = [0, 1, 2].flatMap((second) =>
      Array.from({ length: second < 2 ? 8 : 4 }, (_, index) => second * 1_000 + index * 150),
    );
    expect(times.map((ts) => ts - first).sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
  });

  test('serve protection before entries', () => {
    const day2 = tape`
      09:19  NIFTY 23005  CE 100  PE 100
    `;
    const legs = Array.from({ length: 12 }, (_, index) => `BUY leg${index + 1}=CE`);
    const agents = [
      scripted(entering('09:20', ['SELL PE']), { name: 'short' }),
      scripted(entering('09:20', legs), { name: 'many' }),
    ];
    const played = play({ days: [day2], agents });
    // One sale and seven of the twelve leave at once; at 09:20:02 the resting stop asked for at 01.400 goes before the other five.
    const accepted = recordsOf(played, 'order-accepted').filter(({ tsExchange }) => tsExchange !== null);
    const stop = recordsOf(played, 'order-placed').find(({ purpose }) => purpose === 'protection');
    const after = accepted.filter(
      ({ tsExchange }) => (tsExchange ?? 0) >= at(day('2025-01-06'), istTime('09:20')) + 2_300,
    );
    expect(after[0]?.order).toBe(stop?.order);
    expect(after).toHaveLength(6);
  });
});

describe('a market order since April 2026', () => {
  // Monday 2026-04-06; a lot is 65 units.
  test('is a limit two per cent away, whose rest is chased', () => {
    const thin = tape`
      2026-04-06
      09:19  NIFTY 23005  CE 100
      09:20  CE 100 v1300
      09:21  CE 104
    `;
    const played = play({ days: [thin], agents: [scripted(entering('09:20', ['BUY CE x4']))] });
    // 10 % of 1,300 is two lots. The rest is asked for anew every 2 s, 2 % further each time, and fills with the next minute's volume.
    // 0.25 % of 104 is 0.26: 104 + 0.30 + 0.05.
    expect(fills(played)).toBe(
      ['09:20:01.300 entry BUY CE 100.30 x2', '09:21:00.000 entry BUY CE 104.35 x2'].join('\n'),
    );
    expect(orders(played).split('\n').slice(0, 5)).toEqual([
      '09:20:01.000 #1 BUY 4 CE MARKET for entry',
      '09:20:01.400 #1 accepted',
      '09:20:01.400 #1 filled 2 at 100.30',
      '09:20:03.000 #1 ask LIMIT 102.00 for chase',
      '09:20:03.400 #1 modified',
    ]);
  });

  test('does not fill beyond its protection', () => {
    const running = tape`
      2026-04-06
      09:19  NIFTY 23005  CE 100
      09:20  CE 100 v0
      09:21  CE 110
    `;
    const slow = executing({ chaseEveryMs: 600_000 });
    const played = play({ days: [running], agents: [scripted(entering('09:20', ['BUY CE']))], parts: slow });
    // The limit of 102 is left behind; only the chase, here ten minutes later, brings it to the market.
    expect(fills(played)).toBe('09:30:01.300 entry BUY CE 110.35');
  });

  test('before it goes out unprotected and takes what is there', () => {
    const running = tape`
      09:19  NIFTY 23005  CE 100
      09:20  CE 100 v0
      09:21  CE 110
    `;
    const played = play({ days: [running], agents: [scripted(entering('09:20', ['BUY CE']))] });
    expect(fills(played)).toBe('09:21:00.000 entry BUY CE 110.35');
  });

  test('leaves a strategy its own limits and triggers', () => {
    const still = tape`
      2026-04-06
      09:19  NIFTY 23005  CE 100  PE 100
    `;
    const played = play({
      days: [still],
      agents: [scripted(entering('09:20', ['BUY CE LIMIT 90', 'BUY PE STOP 120 125']))],
    });
    expect(fills(played)).toBe('');
    expect(recordsOf(played, 'modify-asked')).toEqual([]);
  });
});

describe('the chase of an exit', () => {
  test('asks again every two seconds, two per cent further each time, and raises an alarm after five attempts', () => {
    const thin = tape`
      09:19  NIFTY 23005  CE 100
      09:30  CE 100 v0
    `;
    const played = play({
      days: [thin],
      agents: [scripted(entering('09:20', ['BUY CE'], { squareOffAt: time('09:30') }))],
    });
    const asked = orders(played)
      .split('\n')
      .filter((line) => line.includes('ask'));
    expect(asked.slice(0, 3)).toEqual([
      '09:30:03.000 #2 ask LIMIT 96.00 for TIME',
      '09:30:05.000 #2 ask LIMIT 94.00 for TIME',
      '09:30:07.000 #2 ask LIMIT 92.00 for TIME',
    ]);
    expect(words(played)).toContain('09:30:11.000 note: ALARM: CE of structure 1 is not out after 5 attempts');
    expect(fills(played)).toContain('09:31:00.000 TIME SELL CE 99.70');
  });

  test('stays inside the price band of the exchange', () => {
    const thin = tape`
      09:19  NIFTY 23005  CE 100
      09:30  CE 100 v0
      09:31  CE 100 v0
    `;
    const played = play({
      days: [thin],
      agents: [scripted(entering('09:20', ['BUY CE'], { squareOffAt: time('09:30') }))],
    });
    // NSE takes no limit further than 40 % from 100; twenty steps of 2 % would end there too.
    const prices = recordsOf(played, 'modify-asked').map(({ terms }) => (terms?.kind === 'LIMIT' ? terms.price : 0));
    expect(Math.min(...prices)).toBe(6_000);
  });
});

describe('a cancel that comes too late', () => {
  test('finds the order filled, and what it bought is sold at once', () => {
    const falling = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 100 100 12 12
    `;
    const agent = scripted(
      doing({
        '09:20': (ctx) => enter(ctx, ['BUY CE LIMIT 95']),
        '09:22': (ctx) => {
          for (const structure of ctx.structures) ctx.exit(structure, 'MANUAL');
        },
      }),
    );
    const played = play({ days: [falling], agents: [agent] });
    // 4.4 rupees a second: 94.95 after 1,147.7 ms, before the cancel at 1,300. The sale is priced at 1,248 ms on 94.5088 less 2 %,
    // 92.618, on ticks 92.60; at 1,548 ms the line stands at 93.1888, down to 93.15, less 0.25 and 0.05.
    expect(orders(played)).toBe(
      [
        '09:20:01.000 #1 BUY 1 CE LIMIT 95.00 for entry',
        '09:20:01.400 #1 accepted',
        '09:22:01.000 #1 ask cancel',
        '09:22:01.248 #1 filled 1 at 95.00',
        '09:22:01.248 #2 SELL 1 CE LIMIT 92.60 for MANUAL',
        '09:22:01.400 #1 cancel-rejected: the order is no longer open',
        '09:22:01.648 #2 accepted',
        '09:22:01.648 #2 filled 1 at 92.85',
      ].join('\n'),
    );
  });

  test('in time ends the order without a fill', () => {
    const agent = scripted(
      doing({
        '09:20': (ctx) => enter(ctx, ['BUY CE LIMIT 95']),
        '09:22': (ctx) => ctx.flatten('MANUAL'),
      }),
    );
    const played = play({ days: [FLAT], agents: [agent] });
    expect(orders(played).split('\n').slice(2)).toEqual(['09:22:01.000 #1 ask cancel', '09:22:01.400 #1 canceled']);
    expect(recordsOf(played, 'leg-closed', 'structure-closed')).toEqual([]);
  });
});

describe('an operator', () => {
  const seller = (name: string) =>
    scripted(doing({ '09:20': (ctx) => enter(ctx, ['SELL CE']), '09:40': (ctx) => enter(ctx, ['SELL PE']) }), { name });

  test('flattens one agent and leaves the other', () => {
    const played = play({
      days: [FLAT],
      agents: [seller('one'), seller('two')],
      parts: NO_DISASTER_STOP,
      extra: [operator('09:30:30', 'flatten', 'one/NIFTY')],
    });
    const closed = recordsOf(played, 'leg-closed').map(({ agent, reason }) => `${agent} ${reason}`);
    expect(closed).toEqual(['one/NIFTY MANUAL']);
    expect(fills(played)).toContain('09:30:30.300 MANUAL BUY CE 100.30');
    // Flattening halts nothing: both enter again at 09:40.
    expect(
      fills(played)
        .split('\n')
        .filter((line) => line.startsWith('09:40')),
    ).toHaveLength(2);
  });

  test('halts entries, not exits', () => {
    const played = play({
      days: [FLAT],
      agents: [
        scripted(
          doing({
            '09:20': (ctx) => enter(ctx, ['SELL CE'], { squareOffAt: time('09:50') }),
            '09:40': (ctx) => enter(ctx, ['SELL PE']),
          }),
        ),
      ],
      parts: NO_DISASTER_STOP,
      extra: [operator('09:30', 'halt')],
    });
    expect(fills(played)).toBe(['09:20:01.300 entry SELL CE 99.70', '09:50:01.300 TIME BUY CE 100.30'].join('\n'));
    expect(orders(played)).toContain('#2 denied by halted');
  });

  test('exits all positions and halts, until the word to resume', () => {
    const played = play({
      days: [FLAT],
      agents: [
        scripted(
          doing({
            '09:20': (ctx) => enter(ctx, ['SELL CE']),
            '09:40': (ctx) => enter(ctx, ['SELL PE']),
            '09:50': (ctx) => enter(ctx, ['SELL PE']),
          }),
        ),
      ],
      parts: NO_DISASTER_STOP,
      extra: [operator('09:30', 'exit-positions'), operator('09:45', 'resume')],
    });
    expect(fills(played)).toBe(
      [
        '09:20:01.300 entry SELL CE 99.70',
        '09:30:00.300 MANUAL BUY CE 100.30',
        '09:50:01.300 entry SELL PE 99.70',
      ].join('\n'),
    );
  });
});

test('a strategy that throws is quarantined: its lots are closed, the others go on', () => {
  const faulty = scripted(
    {
      ...entering('09:20', ['SELL CE'], { guards: [STOP] }),
      onMinute: (ctx) => {
        if (ctx.time === '09:25') throw new Error('a fault of its own');
      },
    },
    { name: 'faulty' },
  );
  const sound = scripted(entering('09:20', ['SELL PE'], { squareOffAt: time('09:30') }), { name: 'sound' });
  const played = play({ days: [FLAT], agents: [faulty, sound], parts: NO_DISASTER_STOP });
  expect(words(played)).toContain('09:25:01.000 faulty/NIFTY quarantined: a fault of its own');
  expect(fills(played)).toBe(
    [
      '09:20:01.300 entry SELL CE 99.70',
      '09:20:01.300 entry SELL PE 99.70',
      '09:25:01.300 RISK BUY CE 100.30',
      '09:30:01.300 TIME BUY PE 100.30',
    ].join('\n'),
  );
  expect([...played.kernel.quarantined.keys()]).toEqual(['faulty/NIFTY']);
  expect(guards(played)).toBe('09:20:01.400 set stop CE 124.65');
});

test('hedges are bought before shorts are sold, and sold once these are out, whatever the order of the legs', () => {
  const wide = tape`
    09:19  NIFTY 23005  CE 100  23200CE 40
  `;
  const played = play({
    days: [wide],
    agents: [scripted(entering('09:20', ['SELL CE', 'BUY 23200CE'], { squareOffAt: time('09:30') }))],
    parts: NO_DISASTER_STOP,
  });
  // 0.25 % of 40 is 0.10. Each second leg leaves with the word of the first one's fill, at 01.400.
  expect(fills(played)).toBe(
    [
      '09:20:01.300 entry BUY 23200CE 40.15',
      '09:20:01.700 entry SELL CE 99.70',
      '09:30:01.300 TIME BUY CE 100.30',
      '09:30:01.700 TIME SELL 23200CE 39.85',
    ].join('\n'),
  );
});
