import { describe, expect, test } from 'vitest';
import type { AgentPlan } from '../../../engine/kernel-parts.ts';
import type { DayCandles } from '../../../engine/model/candle-frame.ts';
import type { Played } from '../../support/play.ts';
import { play } from '../../support/play.ts';
import { entering, NO_DISASTER_STOP, scripted } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { fills, orders, recordsOf } from '../../support/tell.ts';

/** One agent that enters at 09:20 and does nothing more. */
function entered(day: DayCandles, ...legs: readonly string[]): Played {
  return plays(day, scripted(entering('09:20', legs)));
}

function plays(day: DayCandles, ...agents: readonly AgentPlan[]): Played {
  return play({ days: [day], agents, parts: NO_DISASTER_STOP });
}

describe('a market order', () => {
  // Ties and a flat index play the low first: 100 falls to 95 in 20 s. It arrives 1.3 s into the minute (grace 1,000 + travel 300):
  // 100 - 5 x 1.3/20 = 99.675. Half-spread 0.25 % of about 99.70 is 0.249, up to a tick 0.25; slippage one tick.
  test('pays about the open, 300 ms after its decision, in a candle that runs to 130', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:20  CE 100 130 95 110
    `;
    // 99.675 up to 99.70, + 0.25 + 0.05.
    expect(fills(entered(day, 'BUY CE'))).toBe('09:20:01.300 entry BUY CE 100.00');
    // 99.675 down to 99.65; 0.25 % of it is 0.2491, a tick above 0.25; - 0.25 - 0.05.
    expect(fills(entered(day, 'SELL CE'))).toBe('09:20:01.300 entry SELL CE 99.35');
  });

  test('follows the index: with its high nearer to the open, the call plays its high first and the put its low', () => {
    const day = tape`
      09:19  NIFTY 23005                     CE 100             PE 100
      09:20  NIFTY 23005 23010 22990 23000   CE 100 130 95 110  PE 100 130 95 110
    `;
    // Call: 100 + 30 x 1.3/20 = 101.95, 0.25 % of it 0.2549 is 0.30 on ticks: 101.95 + 0.30 + 0.05.
    // Put, 150 ms later: 100 - 5 x 1.45/20 = 99.6375, up to 99.65 + 0.25 + 0.05.
    expect(fills(entered(day, 'BUY CE', 'BUY PE'))).toBe(
      ['09:20:01.300 entry BUY CE 102.30', '09:20:01.450 entry BUY PE 99.95'].join('\n'),
    );
  });

  test('states each step from the candle to the price', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:20  CE 100 130 95 110 v7500
    `;
    const [record] = recordsOf(entered(day, 'BUY CE'), 'order-filled');
    expect(record?.fill.steps).toEqual({
      candle: [10_000, 13_000, 9_500, 11_000, 7_500],
      path: 9_967.5,
      rounding: 2.5,
      halfSpread: 25,
      spread: 'assumed',
      slippage: 5,
    });
  });

  test('costs a tick of spread and a tick of slippage where the premium is small, and nothing sells below a tick', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 1  PE 0.10
    `;
    // 0.25 % of 1.00 is less than a tick: 1.00 - 0.05 - 0.05. The put at two ticks less two ticks stays at one.
    expect(fills(entered(day, 'SELL CE', 'SELL PE'))).toBe(
      ['09:20:01.300 entry SELL CE 0.90', '09:20:01.450 entry SELL PE 0.05'].join('\n'),
    );
  });
});

describe('latency', () => {
  test('has three parts: there, between the legs, and back', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100  PE 100
    `;
    const played = entered(day, 'BUY CE', 'BUY PE');
    expect(orders(played)).toBe(
      [
        '09:20:01.000 #1 BUY 1 CE MARKET for entry',
        '09:20:01.000 #2 BUY 1 PE MARKET for entry',
        '09:20:01.400 #1 accepted',
        '09:20:01.400 #1 filled 1 at 100.30',
        '09:20:01.550 #2 accepted',
        '09:20:01.550 #2 filled 1 at 100.30',
      ].join('\n'),
    );
    expect(fills(played)).toBe(['09:20:01.300 entry BUY CE 100.30', '09:20:01.450 entry BUY PE 100.30'].join('\n'));
  });
});

describe('a limit order', () => {
  test('that is only touched stays unfilled and ends with the time of entries', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:21  CE 100 100 95 100
    `;
    expect(orders(entered(day, 'BUY CE LIMIT 95'))).toBe(
      [
        '09:20:01.000 #1 BUY 1 CE LIMIT 95.00 for entry',
        '09:20:01.400 #1 accepted',
        '15:15:00.000 #1 ask cancel',
        '15:15:00.400 #1 canceled',
      ].join('\n'),
    );
  });

  test('fills at its own price when the line goes one tick through it', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:21  CE 100 100 94.95 100
    `;
    // The low stands at 20 s, and 94.95 is reached there and not before.
    expect(fills(entered(day, 'BUY CE LIMIT 95'))).toBe('09:21:20.000 entry BUY CE 95.00');
  });

  test('to sell needs a tick above', () => {
    const touched = tape`
      09:19  NIFTY 23005  CE 100
      09:21  CE 100 105 100 100
    `;
    const through = tape`
      09:19  NIFTY 23005  CE 100
      09:21  CE 100 105.05 100 100
    `;
    expect(fills(entered(touched, 'SELL CE LIMIT 105'))).toBe('');
    // Low first: 100 until 20 s, then 100 to 105.05 by 40 s.
    expect(fills(entered(through, 'SELL CE LIMIT 105'))).toBe('09:21:40.000 entry SELL CE 105.00');
  });

  test('better than the market takes the going price with spread and slippage, up to its limit', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
    `;
    expect(fills(entered(day, 'BUY CE LIMIT 101'))).toBe('09:20:01.300 entry BUY CE 100.30');
    // Inside the spread the line has gone through the limit already; at the line itself it is only touched.
    expect(fills(entered(day, 'BUY CE LIMIT 100.25'))).toBe('09:20:01.300 entry BUY CE 100.25');
    expect(fills(entered(day, 'BUY CE LIMIT 100'))).toBe('');
  });

  test('does not fill at the extreme of a minute that was played before it arrived', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100 100 90 100
    `;
    expect(fills(entered(day, 'BUY CE LIMIT 95'))).toBe('');
  });
});

describe('a stop-limit order', () => {
  test('triggers at its price on the line and takes what is there', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 100 120 100 110
    `;
    // Low first, so 100 until 20 s, 120 at 40 s: 110 at 30 s. 0.25 % of 110 is 0.275: 110 + 0.30 + 0.05.
    expect(orders(entered(day, 'BUY CE STOP 110 115'))).toBe(
      [
        '09:20:01.000 #1 BUY 1 CE STOP 110.00 to 115.00 for entry',
        '09:20:01.400 #1 accepted',
        '09:22:30.100 #1 triggered',
        '09:22:30.100 #1 filled 1 at 110.35',
      ].join('\n'),
    );
  });

  test('over which the market gaps fills at the open, within its limit', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 120
    `;
    // 0.25 % of 120 is exactly 0.30: 120 + 0.30 + 0.05.
    expect(fills(entered(day, 'BUY CE STOP 110 125'))).toBe('09:22:00.000 entry BUY CE 120.35');
  });

  test('that is jumped stays triggered and unfilled until the market comes back through its limit', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 120 120 114 114
    `;
    // 120 to 114 in 20 s: 114.95 after 20 x 5.05/6 = 16.8333 s, known at the next whole millisecond.
    expect(orders(entered(day, 'BUY CE STOP 110 115'))).toBe(
      [
        '09:20:01.000 #1 BUY 1 CE STOP 110.00 to 115.00 for entry',
        '09:20:01.400 #1 accepted',
        '09:22:00.100 #1 triggered',
        '09:22:16.934 #1 filled 1 at 115.00',
      ].join('\n'),
    );
  });

  test('that is jumped for good ends with the time of entries', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 120
    `;
    expect(orders(entered(day, 'BUY CE STOP 110 115'))).toBe(
      [
        '09:20:01.000 #1 BUY 1 CE STOP 110.00 to 115.00 for entry',
        '09:20:01.400 #1 accepted',
        '09:22:00.100 #1 triggered',
        '15:15:00.000 #1 ask cancel',
        '15:15:00.400 #1 canceled',
      ].join('\n'),
    );
  });

  test('to sell triggers on the way down', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 100 100 80 90
    `;
    // 100 to 80 in 20 s: 90 at 10 s; 0.25 % of 90 is 0.225, a tick above 0.25: 90 - 0.25 - 0.05.
    expect(fills(entered(day, 'SELL CE STOP 90 85'))).toBe('09:22:10.000 entry SELL CE 89.70');
  });
});

describe('volume', () => {
  test('of zero lets an order wait for the next minute that trades', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:20  CE 100 v0
      09:21  CE 101 v0
      09:22  CE 102
    `;
    // 0.25 % of 102 is 0.255: 102 + 0.30 + 0.05.
    expect(fills(entered(day, 'BUY CE'))).toBe('09:22:00.000 entry BUY CE 102.35');
  });

  test('that nobody knows sets no cap and is said in the grade', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:20  CE 100 v?
    `;
    expect(fills(entered(day, 'BUY CE x20'))).toBe('09:20:01.300 entry BUY CE 100.30 x20 volume-unknown');
  });

  test('gives ten per cent of itself, in whole lots, minute by minute', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:20  CE 100 v1600
      09:21  CE 100 v1499
      09:22  CE 100 v3000
    `;
    // 10 % of 1,600 is 160, two lots of 75; of 1,499 less than two lots, one; then the last two.
    expect(fills(entered(day, 'BUY CE x5'))).toBe(
      [
        '09:20:01.300 entry BUY CE 100.30 x2',
        '09:21:00.000 entry BUY CE 100.30',
        '09:22:00.000 entry BUY CE 100.30 x2',
      ].join('\n'),
    );
  });

  test('is shared by all orders of a run in one contract and minute', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:20  CE 100 v1600
    `;
    const agents = ['one', 'two'].map((name) => scripted(entering('09:20', [`BUY ${name}=CE x2`]), { name }));
    expect(fills(plays(day, ...agents))).toBe(
      ['09:20:01.300 entry BUY one 100.30 x2', '09:21:00.000 entry BUY two 100.30 x2'].join('\n'),
    );
  });

  test('caps a resting order too', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100
      09:21  CE 100 100 90 100 v800
      09:22  CE 90
    `;
    // Through 94.95 after 20 x 5.05/10 = 10.1 s for one lot of 80 units; the rest at the next minute's open.
    expect(fills(entered(day, 'BUY CE LIMIT 95 x2'))).toBe(
      ['09:21:10.100 entry BUY CE 95.00', '09:22:00.000 entry BUY CE 95.00'].join('\n'),
    );
  });
});

test('a minute without a candle fills nothing; the order waits', () => {
  const day = tape`
    09:19  NIFTY 23005  CE 100
    09:20  CE -
    09:21  CE 103
  `;
  // 0.25 % of 103 is 0.2575: 103 + 0.30 + 0.05.
  expect(fills(entered(day, 'BUY CE'))).toBe('09:21:00.000 entry BUY CE 103.35');
});
