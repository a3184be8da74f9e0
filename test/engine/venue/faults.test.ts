import { describe, expect, test } from 'vitest';
import { at, day, istTime } from '../../../engine/model/time.ts';
import type { StrategyContext } from '../../../engine/strategy.ts';
import type { FaultPlan, FaultyRequest } from '../../../engine/venue/fault-plan.ts';
import { VenueFaults } from '../../../engine/venue/fault-plan.ts';
import { play } from '../../support/play.ts';
import { doing, entering, NO_DISASTER_STOP, rest, scripted, time } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { fills, orders, recordsOf, words } from '../../support/tell.ts';

const FLAT = tape`
  09:19  NIFTY 23005  CE 100  PE 100
`;

function playing(handlers: Parameters<typeof scripted>[0], faults: FaultPlan, days = FLAT) {
  return play({ days: [days], agents: [scripted(handlers)], parts: { ...NO_DISASTER_STOP, faults } });
}

describe('a venue with a plan of faults', () => {
  test('names each request with its order and how many there were of it', () => {
    const seen: string[] = [];
    const faults: FaultPlan = ({ kind, order, count }: FaultyRequest) => {
      seen.push(`${kind} of ${order.id} is number ${count}`);
      return undefined;
    };
    playing(
      doing({
        '09:20': (ctx) => rest(ctx, 'a', 'SELL CE STOP 95 92'),
        '09:21': (ctx) => rest(ctx, 'a', 'SELL PE STOP 95 92'),
      }),
      faults,
    );
    expect(seen).toEqual([
      'new of 1 is number 1',
      'cancel of 1 is number 2',
      'new of 2 is number 1',
      // Entries end at 15:15.
      'cancel of 2 is number 2',
    ]);
  });

  test('fills so many lots at a time, the next at the next price', () => {
    // A watched contract is quoted at 0, 20, 40 and 59.999 s.
    const played = playing(entering('09:20', ['BUY CE x5'], { squareOffAt: time('09:30') }), ({ order }) =>
      order.purpose === 'entry' ? { lotsPerFill: 2 } : undefined,
    );
    expect(fills(played).split('\n').slice(0, 3)).toEqual([
      '09:20:01.300 entry BUY CE 100.30 x2',
      '09:20:20.000 entry BUY CE 100.30 x2',
      '09:20:40.000 entry BUY CE 100.30',
    ]);
  });

  test('answers late, and nothing that it says of the order afterwards overtakes that', () => {
    const played = playing(entering('09:20', ['BUY CE']), () => ({ answersLaterMs: 5_000 }));
    expect(orders(played).split('\n').slice(0, 3)).toEqual([
      '09:20:01.000 #1 BUY 1 CE MARKET for entry',
      '09:20:06.400 #1 accepted',
      '09:20:06.400 #1 filled 1 at 100.30',
    ]);
    // It was filled when it was there all the same.
    expect(fills(played)).toBe('09:20:01.300 entry BUY CE 100.30');
  });

  test('keeps the later of two late words', () => {
    const order = { id: 7 } as never;
    const faults = new VenueFaults(({ count }) => ({ answersLaterMs: count === 1 ? 900 : 100 }));
    faults.of('new', order, { answersAt: 1_000, latest: 9_000 });
    faults.of('modify', order, { answersAt: 1_200, latest: 9_000 });
    expect([faults.notBefore(7 as never, 1_500), faults.notBefore(7 as never, 2_500)]).toEqual([1_900, 2_500]);
    faults.of('cancel', { id: 8 } as never, { answersAt: 8_950, latest: 9_000 });
    expect(faults.notBefore(8 as never, 0)).toBe(9_000);
    faults.clear();
    expect(faults.notBefore(7 as never, 1_500)).toBe(1_500);
  });
});

describe('an entry that rests at a venue with faults', () => {
  const asks = (ctx: StrategyContext) => rest(ctx, 'short', 'SELL CE STOP 95 92');

  test('and is refused for good frees its place, journals why, and may be asked for again', () => {
    const seen: (string | undefined)[] = [];
    const played = playing(
      doing({
        '09:20': asks,
        '09:21': (ctx) => {
          seen.push(ctx.resting('short')?.state);
          asks(ctx);
        },
      }),
      ({ order }) => (order.id === 1 ? { refusal: 'the contract is blocked' } : undefined),
    );
    expect(seen).toEqual([undefined]);
    expect(orders(played).split('\n').slice(1, 4)).toEqual([
      '09:20:01.400 #1 rejected: the contract is blocked',
      '09:21:01.000 #2 SELL 1 CE STOP 95.00 to 92.00 for short',
      '09:21:01.400 #2 accepted',
    ]);
    expect(words(played)).toBe(
      [
        '09:20:01.000 short taken',
        '09:20:01.400 short skipped: rejected by the venue: the contract is blocked',
        '09:21:01.000 short taken',
        '15:15:00.000 note: structure 2: its entry rests no longer: nothing is entered from 15:15',
      ].join('\n'),
    );
    expect(recordsOf(played, 'day-closed')[0]?.structures).toBe(0);
  });

  test('and is refused in passing is tried three times, two seconds apart, in its place', () => {
    const seen: (string | undefined)[] = [];
    const played = playing(
      doing({ '09:20': asks, '09:21': (ctx) => seen.push(ctx.resting('short')?.state) }),
      ({ order }) => (order.id < 3 ? { refusal: 'busy' } : undefined),
    );
    const placed = recordsOf(played, 'order-placed').map(({ ts }) => ts - at(day('2025-01-06'), istTime('09:20')));
    expect(placed).toEqual([1_000, 3_400, 5_800]);
    expect(seen).toEqual(['resting']);
  });

  test('is not tried again once it is withdrawn', () => {
    const played = playing(
      doing({
        '09:20': (ctx) => {
          asks(ctx);
          ctx.at(time('09:21'), '09:21');
        },
        '09:21': (ctx) => ctx.withdraw('short', 'disqualified'),
        '09:22': (ctx) => rest(ctx, 'short', 'SELL PE STOP 95 92'),
      }),
      ({ order }) => (order.leg === 'CE' ? { refusal: 'busy', answersLaterMs: 58_000 } : undefined),
    );
    // Refused at 09:20:59.400, withdrawn at 09:21:01.000, half a second before it would have gone again.
    expect(orders(played).split('\n').slice(1, 3)).toEqual([
      '09:20:59.400 #1 rejected: busy',
      '09:22:01.000 #2 SELL 1 PE STOP 95.00 to 92.00 for short',
    ]);
  });

  test('stays where its cancel is refused, and what was to follow it is dropped', () => {
    const seen: (string | undefined)[] = [];
    const played = playing(
      doing({
        '09:20': asks,
        '09:21': (ctx) => rest(ctx, 'short', 'SELL PE STOP 95 92'),
        '09:22': (ctx) => {
          seen.push(ctx.resting('short')?.state);
          ctx.withdraw('short', 'disqualified');
        },
      }),
      ({ kind, count }) => (kind === 'cancel' && count === 2 ? { refusal: 'busy' } : undefined),
    );
    expect(seen).toEqual(['resting']);
    expect(orders(played).split('\n').slice(2)).toEqual([
      '09:21:01.000 #1 ask cancel',
      '09:21:01.400 #1 cancel-rejected: busy',
      '09:22:01.000 #1 ask cancel',
      '09:22:01.400 #1 canceled',
    ]);
    expect(words(played)).toContain('09:21:01.400 short skipped: the cancel of the order before it was refused');
  });

  test('that is switched in the moment it is placed arrives, leaves, and only then is followed', () => {
    // Order and cancel arrive at 01.300, in the order in which they left.
    const played = playing(
      doing({
        '09:20': (ctx) => {
          asks(ctx);
          rest(ctx, 'short', 'SELL PE STOP 95 92');
        },
      }),
      () => undefined,
    );
    expect(orders(played).split('\n')).toEqual([
      '09:20:01.000 #1 SELL 1 CE STOP 95.00 to 92.00 for short',
      '09:20:01.000 #1 ask cancel',
      '09:20:01.400 #1 accepted',
      '09:20:01.400 #1 canceled',
      '09:20:01.400 #2 SELL 1 PE STOP 95.00 to 92.00 for short',
      '09:20:01.800 #2 accepted',
      '15:15:00.000 #2 ask cancel',
      '15:15:00.400 #2 canceled',
    ]);
  });
});
