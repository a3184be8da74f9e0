import { describe, expect, test } from 'vitest';
import type { StrategyContext } from '../../../engine/strategy.ts';
import { play } from '../../support/play.ts';
import { doing, enter, entering, NO_DISASTER_STOP, scripted, time } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { closes, fills, orders, recordsOf, words } from '../../support/tell.ts';

const TWO_WINDOWS = tape`
  2024-03-02
  09:19  NIFTY 22400  CE 100
  11:30  CE 110
`;

describe('a Saturday of two windows', () => {
  test('is traded by a strategy that says so, and squared off ten minutes before the last window ends', () => {
    const played = play({
      days: [TWO_WINDOWS],
      agents: [scripted(entering('09:20', ['BUY CE'], { squareOffAt: time('15:15') }), { specialSessions: true })],
    });
    // Flat 110: 0.25 % is 0.275, so 110 - 0.30 - 0.05.
    expect(fills(played)).toBe(['09:20:01.300 entry BUY CE 100.30', '12:20:01.300 TIME SELL CE 109.65'].join('\n'));
  });

  test('passes by every other strategy without a word', () => {
    const played = play({ days: [TWO_WINDOWS], agents: [scripted(entering('09:20', ['BUY CE']))] });
    expect(recordsOf(played, 'signal', 'order-placed', 'note')).toEqual([]);
    expect(recordsOf(played, 'session-opened')[0]?.special).toBe(true);
  });

  test('lets nothing be entered between its windows', () => {
    const played = play({
      days: [TWO_WINDOWS],
      agents: [scripted(entering('10:30', ['BUY 22400CE']), { specialSessions: true })],
    });
    expect(words(played)).toBe('10:30:01.000 entry skipped: no fresh price: NIFTY 2024-03-07 22400 CE');
  });

  test('moves a price from one window to the next in one step, over a trigger too', () => {
    const played = play({
      days: [TWO_WINDOWS],
      agents: [scripted(entering('09:20', ['BUY CE STOP 105 120']), { specialSessions: true })],
    });
    expect(fills(played)).toBe('11:30:00.000 entry BUY CE 110.35');
  });

  test('closes a stop that fires with the last quote of a window at the open of the next', () => {
    const day = tape`
      2024-03-02
      09:19  NIFTY 22400  CE 100
      09:59  CE 100 130 100 130
      11:30  CE 110
    `;
    const guard = { name: 'stop', act: 'stop', basis: 'leg', distance: { paise: 3_030 }, closes: 'leg' } as const;
    const played = play({
      days: [day],
      agents: [scripted(entering('09:20', ['SELL CE'], { guards: [guard] }), { specialSessions: true })],
      parts: NO_DISASTER_STOP,
    });
    // Sold 99.70, stop at 130.00, which the minute reaches at 40 s. The exit is on its way when the window is still open:
    // it takes the flat 130: 0.25 % is 0.325, 130 + 0.35 + 0.05.
    expect(fills(played)).toBe(['09:20:01.300 entry SELL CE 99.70', '09:59:40.300 SL BUY CE 130.40'].join('\n'));
  });
});

test('a Muhurat evening squares off ten minutes before its end', () => {
  const day = tape`
    2023-11-12
    18:15  NIFTY 19500  CE 100
  `;
  const played = play({
    days: [day],
    agents: [scripted(entering('18:20', ['BUY CE'], { squareOffAt: time('23:00') }), { specialSessions: true })],
  });
  expect(fills(played)).toBe(['18:20:01.300 entry BUY CE 100.30', '19:05:01.300 TIME SELL CE 99.70'].join('\n'));
});

describe('a market-wide halt', () => {
  const halted = tape`
    2020-03-23
    09:15  NIFTY 8000  CE 100
    09:57  CE 100 100 100 120
    10:58  CE 150
  `;

  test('is no special session: strategies trade around it', () => {
    const played = play({
      days: [halted],
      agents: [scripted(entering('11:00', ['BUY CE'], { squareOffAt: time('15:15') }))],
    });
    expect(recordsOf(played, 'session-opened')[0]?.special).toBe(false);
    // 0.25 % of 150 is 0.375: 150 + 0.40 + 0.05, 150 - 0.40 - 0.05.
    expect(fills(played)).toBe(['11:00:01.300 entry BUY CE 150.45', '15:15:01.300 TIME SELL CE 149.55'].join('\n'));
  });

  test('keeps an exit that was cut off by it until the market trades again, without a storm of orders', () => {
    const guard = { name: 'stop', act: 'stop', basis: 'leg', distance: { paise: 2_030 }, closes: 'leg' } as const;
    const played = play({
      days: [halted],
      agents: [scripted(entering('09:20', ['SELL CE'], { guards: [guard] }))],
    });
    // Sold 99.70, stop at 120.00, reached with the close at 09:57:59.999: the exit arrives at a closed market.
    expect(fills(played)).toMatch(/^09:20:01.300 entry SELL CE 99.70\n10:58:\d\d.\d{3} SL BUY CE 150.45$/);
    expect(orders(played).split('\n').length).toBeLessThan(30);
  });

  test('ends entries that would arrive in it: the filled leg is brought out when the market trades again', () => {
    const slow = { decideToVenueMs: 300, venueToUsMs: 100, betweenLegsMs: 60_000 };
    const day = tape`
      2020-03-23
      09:15  NIFTY 8000  CE 100  PE 100
    `;
    const played = play({
      days: [day],
      agents: [scripted(entering('09:57', ['BUY CE', 'BUY PE']))],
      parts: { ...NO_DISASTER_STOP, latency: slow },
    });
    expect(fills(played)).toMatch(/^09:57:01.300 entry BUY CE 100.30\n10:58:\d\d.\d{3} UNWIND SELL CE 99.70$/);
    expect(orders(played)).toContain('#2 rejected: the market is closed');
    expect(orders(played).split('\n').length).toBeLessThan(30);
  });
});

describe('the hours since August 2026', () => {
  // Wednesday 2026-08-05. The index ends at 15:15, options trade until 15:40.
  const day = tape`
    2026-08-05
    15:14  NIFTY 24000  CE 100  PE 100
    15:20  CE 130  PE 80
    15:36  CE 150  PE 60
  `;

  test('end the index at 15:15 and take the forward of the options after it', () => {
    const seen: string[] = [];
    const note = (ctx: StrategyContext) => seen.push(`${ctx.time} ${ctx.rung} ${(ctx.spot ?? 0) / 100}`);
    play({
      days: [day],
      agents: [scripted(doing({ '15:15': note, '15:16': note, '15:21': note, '15:37': note, '15:40': note }))],
    });
    // Strike 24,000 + call - put: + 0 until 15:20, + 50 then, + 90 at the end.
    expect(seen).toEqual([
      '15:15 index 24000',
      '15:16 parity 24000',
      '15:21 parity 24050',
      '15:37 parity 24090',
      '15:40 parity 24090',
    ]);
  });

  test('square off ten minutes before 15:40', () => {
    const played = play({
      days: [day],
      agents: [scripted(entering('15:16', ['BUY CE'], { squareOffAt: time('15:39') }))],
    });
    // Flat 130 at 15:30: 0.25 % is 0.325, 130 - 0.35 - 0.05.
    expect(fills(played)).toBe(['15:16:01.300 entry BUY CE 100.30', '15:30:01.300 TIME SELL CE 129.60'].join('\n'));
  });

  test('let a guard on the underlying act on the forward of the minute', () => {
    const guard = {
      name: 'away',
      act: 'stop',
      basis: 'underlying',
      distance: { paise: 4_500 },
      closes: 'structure',
      reason: 'SHIFT',
    } as const;
    const played = play({
      days: [day],
      agents: [scripted(entering('15:00', ['BUY CE'], { guards: [guard] }))],
    });
    // The forward of 15:20 stands 50 above the entry and is known at 15:21:01.
    expect(fills(played)).toBe(['15:00:01.300 entry BUY CE 100.30', '15:21:01.300 SHIFT SELL CE 129.60'].join('\n'));
  });

  test('count the minutes of each rung in the facts of the day', () => {
    const played = play({ days: [day], agents: [scripted({})] });
    expect(recordsOf(played, 'day-facts')[0]?.rungs).toEqual({ index: 360, parity: 25, future: 0, none: 0 });
  });
});

test('a tape that ends early leaves the minutes without a candle, and a late exit waits for nothing it could not get', () => {
  const day = tape`
    09:19  NIFTY 23005      CE 100
    14:00  NIFTY 23005 gap  CE gap
  `;
  const played = play({
    days: [day],
    agents: [scripted(entering('09:20', ['BUY CE'], { squareOffAt: time('15:15') }))],
  });
  expect(fills(played)).toBe('09:20:01.300 entry BUY CE 100.30');
  expect(closes(played)).toBe('');
  expect(orders(played).split('\n').at(-1)).toMatch(/expired$/);
});

test('an entry is denied in the last five minutes before the square-off', () => {
  const day = tape`
    09:19  NIFTY 23005  CE 100
  `;
  const agent = scripted(doing({ '15:14': (ctx) => enter(ctx, ['BUY CE']), '15:15': (ctx) => enter(ctx, ['BUY CE']) }));
  const played = play({ days: [day], agents: [agent] });
  expect(fills(played)).toBe('15:14:01.300 entry BUY CE 100.30');
  expect(orders(played)).toContain('#2 denied by square-off');
});
