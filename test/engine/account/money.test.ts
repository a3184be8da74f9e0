import { describe, expect, test } from 'vitest';
import { paiseOfFine } from '../../../engine/model/levies.ts';
import { clockText } from '../../../engine/model/time.ts';
import type { Played } from '../../support/play.ts';
import { play } from '../../support/play.ts';
import { doing, enter, entering, NO_DISASTER_STOP, scripted, time } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { recordsOf } from '../../support/tell.ts';

/** Gross and open lots of one agent at the decision instant of some minutes. */
function moneyAt(played: Played, agent: number, ...times: readonly string[]): readonly string[] {
  const { money } = played;
  return times.map((wanted) => {
    const row = [...money.ts].findIndex(
      (ts, index) => clockText(ts as never).startsWith(wanted) && money.agent[index] === agent,
    );
    return `${wanted} ${(money.gross[row] ?? Number.NaN) / 100} with ${money.openLots[row]}`;
  });
}

const DAY = tape`
  09:19  NIFTY 23005  CE 100
  09:30  CE 110
  09:40  CE 80
`;

describe('the money of an agent', () => {
  test('is what came and went plus the open lots at their mark, minute by minute', () => {
    const agent = scripted(entering('09:20', ['SELL CE x2'], { squareOffAt: time('09:50') }));
    const played = play({ days: [DAY], agents: [agent], parts: NO_DISASTER_STOP });
    // Two lots of 75 sold at 99.70. Mark 100: -45; 110: -1,545; 80: 2,955. At 09:50 they are bought back at 80 + 0.20 + 0.05.
    expect(moneyAt(played, 0, '09:20', '09:21', '09:31', '09:41', '09:51', '15:30')).toEqual([
      '09:20 0 with 0',
      '09:21 -45 with 2',
      '09:31 -1545 with 2',
      '09:41 2955 with 2',
      '09:51 2917.5 with 0',
      '15:30 2917.5 with 0',
    ]);
  });

  test('marks a minute with the open of the next, which its decision instant has seen', () => {
    const agent = scripted(entering('09:20', ['BUY CE'], { squareOffAt: time('09:50') }));
    const played = play({ days: [DAY], agents: [agent], parts: NO_DISASTER_STOP });
    // Bought at 100.30. The minute 09:29 is known at 09:30:01, when the call is quoted at 110.
    expect(moneyAt(played, 0, '09:29', '09:30')).toEqual(['09:29 -22.5 with 1', '09:30 727.5 with 1']);
  });

  test('stays apart from the money of another agent in the same contract', () => {
    const agents = [
      scripted(entering('09:20', ['SELL CE']), { name: 'seller' }),
      scripted(entering('09:20', ['BUY CE']), { name: 'buyer' }),
    ];
    const played = play({ days: [DAY], agents, parts: NO_DISASTER_STOP });
    // At 110: (99.70 - 110) x 75 and (110 - 100.30) x 75.
    expect(moneyAt(played, 0, '09:31')).toEqual(['09:31 -772.5 with 1']);
    expect(moneyAt(played, 1, '09:31')).toEqual(['09:31 727.5 with 1']);
    expect(played.money.agents).toEqual(['seller/NIFTY', 'buyer/NIFTY']);
  });
});

describe('the day of an agent', () => {
  test('sums its legs, its orders and its fills, with the best and worst net of the day', () => {
    const agent = scripted(entering('09:20', ['SELL CE'], { squareOffAt: time('09:50') }));
    const played = play({ days: [DAY], agents: [agent], parts: NO_DISASTER_STOP });
    const [closed] = recordsOf(played, 'day-closed');
    const [leg] = recordsOf(played, 'leg-closed');
    // (99.70 - 80.25) x 75 = 1,458.75.
    expect(closed).toMatchObject({ gross: 145_875, structures: 1, legs: 1, orders: 2, fills: 2 });
    expect(closed?.charges).toEqual(leg?.charges);
    // The entry costs 20 + STT 0.1 % of 7,477.50 = 7.4775 + 0.03553 % = 2.656756 + SEBI 0.0074775 + 18 % of
    // (20 + 2.656756 + 0.0074775) = 4.079562: 34.221296 rupees. Worst at 110: -772.50 less that, in paise rounded down: -80,673.
    // Best at 80: 1,477.50 less that: 144,327.
    expect([closed?.low, closed?.high]).toEqual([-80_673, 144_327]);
  });

  test('begins with nothing, while the run goes on', () => {
    const second = tape`
      2025-01-07  strike 23000
      09:15  NIFTY 23005  CE 80
      09:30  CE 90
    `;
    const once = scripted({
      onSessionOpen: (ctx) => {
        if (ctx.day === '2025-01-06') ctx.at(time('09:20'), 'go');
      },
      onTimer: (ctx) => enter(ctx, ['SELL CE']),
    });
    const played = play({ days: [DAY, second], agents: [once], parts: NO_DISASTER_STOP });
    // Marked 80 in the evening: (99.70 - 80) x 75 = 1,477.50. The next day it loses 10 x 75.
    expect(recordsOf(played, 'day-closed').map(({ gross }) => gross)).toEqual([147_750, -75_000]);
    expect(played.money.gross.at(-1)).toBe(72_750);
  });

  test('and its contract note agree to the paisa: orders plus rounding are the note', () => {
    const agent = scripted(
      doing({
        '09:20': (ctx) => enter(ctx, ['SELL CE x3', 'BUY hedge=CE']),
        '09:45': (ctx) => ctx.flatten('MANUAL'),
      }),
    );
    const played = play({ days: [DAY], agents: [agent], parts: NO_DISASTER_STOP });
    const [closed] = recordsOf(played, 'day-closed');
    const [note] = recordsOf(played, 'contract-note');
    expect(note?.note.total).toBe((closed?.charges.total ?? 0) + (note?.rounding ?? Number.NaN));
    expect((note?.note.total ?? 1) % 10_000).toBe(0);
    expect(note?.note.stt).toBe(paiseOfFine(closed?.charges.stt ?? 0) * 10_000);
  });
});

test('the best and worst of a leg are what it stood at while it lived', () => {
  const agent = scripted(entering('09:20', ['SELL CE'], { squareOffAt: time('09:50') }));
  const played = play({ days: [DAY], agents: [agent], parts: NO_DISASTER_STOP });
  const [leg] = recordsOf(played, 'leg-closed');
  expect([leg?.mfe, leg?.mae]).toEqual([147_750, -77_250]);
  expect([clockText(leg?.mfeAt as never), clockText(leg?.maeAt as never)]).toEqual(['09:40:00.000', '09:30:00.000']);
  // Held to its square-off at 09:50:01 it would have kept the close of 80.
  expect(recordsOf(played, 'leg-held')[0]?.heldGross).toBe(147_750);
});
