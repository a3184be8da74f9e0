import { describe, expect, test } from 'vitest';
import type { DayCandles } from '../../../engine/model/candle-frame.ts';
import type { InputEvent } from '../../../engine/model/event.ts';
import { at, day, epochMs, istTime } from '../../../engine/model/time.ts';
import { paise } from '../../../engine/model/units.ts';
import type { ExecutionSettings } from '../../../engine/orders/execution-policy.ts';
import { DEFAULT_EXECUTION } from '../../../engine/orders/execution-policy.ts';
import type { RmsSettings } from '../../../engine/risk/rms-settings.ts';
import { defaultRmsSettings } from '../../../engine/risk/rms-settings.ts';
import type { GuardSpec, StrategyHandlers } from '../../../engine/strategy.ts';
import type { FaultPlan } from '../../../engine/venue/fault-plan.ts';
import { play } from '../../support/play.ts';
import { doing, enter, entering, executing, rest, scripted, time } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { fills, guards, orders, recordsOf, words } from '../../support/tell.ts';

const FLAT = tape`
  09:19  NIFTY 23005  CE 100  PE 100  23200CE 40
`;

const NO_STOP = { ...DEFAULT_EXECUTION.disasterStop, on: false };
const COMBINED: GuardSpec = {
  name: 'combined stop',
  act: 'stop',
  basis: 'combined',
  distance: { pct: 25 },
  closes: 'structure',
};

interface More {
  readonly days?: DayCandles;
  readonly faults?: FaultPlan;
  readonly extra?: readonly InputEvent[];
  readonly execution?: Partial<ExecutionSettings>;
  readonly risk?: Partial<RmsSettings>;
}

function playing(
  handlers: StrategyHandlers,
  { days = FLAT, faults, extra = [], execution = {}, risk = {} }: More = {},
) {
  const settings = executing({ disasterStop: NO_STOP, ...execution });
  const parts = { ...settings, faults, risk: { ...defaultRmsSettings, ...risk } };
  return play({ days: [days], agents: [scripted(handlers)], parts, extra });
}

function operator(clock: string, ms: number, command: 'halt' | 'resume' | 'flatten'): InputEvent {
  const ts = epochMs(at(day('2025-01-06'), istTime(clock)) + ms);
  return { kind: 'operator-commanded', ts, command, scope: 'all', by: 'test' };
}

/** Refuses one order by its number. */
const refusing =
  (number: number, refusal = 'insufficient margin'): FaultPlan =>
  ({ kind, order }) =>
    kind === 'new' && order.id === number ? { refusal } : undefined;

describe('an entry in slices of which one is refused before the others fill', () => {
  test('is unwound at once: no hedge of 16 lots stands for 40', () => {
    const handlers = entering('09:20', ['SELL CE x40', 'BUY 23200CE x40'], { guards: [COMBINED] });
    // Slices of 24 and 16: the call is 1 and 2, its hedge, which leaves first, 3 and 4.
    const played = playing(handlers, { faults: refusing(3), execution: { basketWait: 'sent' } });
    expect(orders(played)).toContain('09:20:01.400 #3 rejected: insufficient margin\n');
    expect(fills(played).split('\n')).toEqual([
      '09:20:01.450 entry BUY 23200CE 40.15 x16',
      '09:20:01.600 entry SELL CE 99.70 x24',
      '09:20:01.750 entry SELL CE 99.70 x16',
      '09:20:02.000 UNWIND BUY CE 100.30 x24',
      // Four entries, three cancels and that exit are the eight requests of the second.
      '09:20:02.300 UNWIND BUY CE 100.30 x16',
      '09:20:02.700 UNWIND SELL 23200CE 39.85 x16',
    ]);
    expect(guards(played)).toBe('');
    // The first sold slice is known at 01.700, and from 02.100 on sixteen lots stand for sixteen.
    expect(recordsOf(played, 'leg-closed').map(({ unhedgedMs }) => unhedgedMs)).toEqual([400, 0]);
  });

  test('at their limits, is unwound before the market has taken them', () => {
    const dry = tape`
      09:19  NIFTY 23005  CE 100  PE 100
      09:20  CE 100  PE 100 v0
      09:21  CE 100  PE 100
    `;
    const patient = { kind: 'limit-then-market', bufferPct: 0.3, waitMs: 5_000 } as const;
    const handlers = entering('09:20', ['SELL CE x30', 'SELL PE x30'], { guards: [COMBINED] });
    // The call is 1 and 2, the put 3 and 4 of 24 and 6 lots.
    const played = playing(handlers, { days: dry, faults: refusing(4), execution: { entry: patient } });
    expect(fills(played).split('\n')).toEqual([
      '09:20:01.300 entry SELL CE 99.70 x24',
      '09:20:01.450 entry SELL CE 99.70 x6',
      '09:20:02.150 UNWIND BUY CE 100.30 x24',
      '09:20:02.300 UNWIND BUY CE 100.30 x6',
    ]);
  });

  test('while it rests, is a position with its guards, and its place is free', () => {
    const falling = tape`
      09:19  NIFTY 23005  CE 100  PE 100
      09:22  CE 100 100 12 12
      09:23  CE 95
    `;
    const handlers = doing({
      '09:20': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92 x40', { guards: [COMBINED] }),
      '09:30': (ctx) => rest(ctx, 'short', 'SELL PE STOP 95 92'),
    });
    const played = playing(handlers, { days: falling, faults: refusing(2) });
    expect(fills(played).split('\n')[0]).toBe('09:22:01.137 short SELL CE 94.70 x24');
    // 25 % above 94.70 is 118.375.
    expect(guards(played)).toBe('09:22:01.237 set combined stop 118.40');
    expect(orders(played)).toContain(
      '09:30:01.000 #3 SELL 1 PE STOP 95.00 to 92.00 for short\n09:30:01.400 #3 accepted',
    );
  });
});

describe('a halt', () => {
  /** Refuses the first cancel of order 1. */
  const keeping: FaultPlan = ({ kind, order, count }) =>
    kind === 'cancel' && order.id === 1 && count === 2 ? { refusal: 'busy' } : undefined;
  const filling = tape`
    09:19  NIFTY 23005  CE 100  23200CE 40
    09:30  CE 100 100 95 95
  `;

  test('that cancels one slice keeps the other that fills after it, with the guard over all of it', () => {
    const handlers = entering('09:20', ['BUY CE LIMIT 95.50 x40'], { guards: [COMBINED], squareOffAt: time('09:40') });
    const busy: FaultPlan = ({ kind, order }) =>
      kind === 'cancel' && order.id === 1 ? { refusal: 'busy' } : undefined;
    const played = playing(handlers, { days: filling, faults: busy, extra: [operator('09:29', 59_000, 'halt')] });
    expect(fills(played).split('\n')).toEqual([
      '09:30:18.200 entry BUY CE 95.50 x24',
      '09:40:01.300 TIME SELL CE 94.70 x24',
    ]);
    // 25 % under 95.50 is 71.625.
    expect(guards(played)).toBe('09:30:18.300 set combined stop 71.65');
    expect(words(played).split('\n')).toEqual([
      '09:20:01.000 entry taken',
      '09:29:59.000 halt all by operator',
      '09:30:18.300 note: structure 1: 24 of 40 lots of CE are in, the rest is called back and they stand',
    ]);
  });

  test('that cancels one slice of a hedge unwinds all at once, and what fills after it', () => {
    const handlers = entering('09:20', ['BUY CE LIMIT 95.50 x40', 'SELL 23200CE'], { squareOffAt: time('09:40') });
    const busy: FaultPlan = ({ kind, order }) =>
      kind === 'cancel' && order.id === 1 ? { refusal: 'busy' } : undefined;
    const execution = { basketWait: 'sent', basketWaitMs: 900_000 } as const;
    const extra = [operator('09:29', 59_000, 'halt')];
    const played = playing(handlers, { days: filling, faults: busy, extra, execution });
    expect(fills(played).split('\n')).toEqual([
      '09:20:01.600 entry SELL 23200CE 39.85',
      '09:29:59.850 UNWIND BUY 23200CE 40.15',
      '09:30:18.200 entry BUY CE 95.50 x24',
      '09:30:18.600 UNWIND SELL CE 95.05 x24',
    ]);
  });

  const falling = tape`
    09:19  NIFTY 23005  CE 100  PE 100  23200CE 40
    09:30  CE 100 100 12 12
  `;

  test.each([
    ['switches', (ctx: Parameters<typeof rest>[0]) => rest(ctx, 'short', 'SELL PE STOP 95 92')],
    ['withdraws', (ctx: Parameters<typeof rest>[0]) => ctx.withdraw('short', 'a second thought')],
  ] as const)('while its agent %s asks again for an order whose cancel the venue refused', (_, deed) => {
    const handlers = doing({ '09:20': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92'), '09:21': deed });
    const played = playing(handlers, { days: falling, faults: keeping, extra: [operator('09:21', 1_100, 'halt')] });
    expect(orders(played).split('\n').slice(2)).toEqual([
      '09:21:01.000 #1 ask cancel',
      '09:21:01.400 #1 cancel-rejected: busy',
      '09:21:03.400 #1 ask cancel',
      '09:21:03.800 #1 canceled',
    ]);
    expect(fills(played)).toBe('');
  });

  /** The refusal of 09:21 is known two minutes later; what halts comes between. */
  const late: FaultPlan = ({ kind, order, count }) => {
    if (order.purpose === 'protection') return { refusal: 'not allowed' };
    return kind === 'cancel' && order.leg === 'CE' && count === 2
      ? { refusal: 'busy', answersLaterMs: 120_000 }
      : undefined;
  };
  const rising = tape`
    09:19  NIFTY 23005  CE 100  PE 100  23200CE 40
    09:22  PE 110
    09:30  CE 100 100 12 12
  `;

  test.each<[string, string, Partial<RmsSettings>, Partial<ExecutionSettings>]>([
    ['profit-target', 'BUY PE', { profitPerDayTarget: paise(50_000) }, {}],
    ['losses-in-a-row', 'SELL PE', { lossesInARowMax: 1 }, {}],
    [
      'unprotected-legs',
      'SELL PE',
      {},
      { disasterStop: DEFAULT_EXECUTION.disasterStop, protectAttemptsMax: 1, unprotectedLegsMax: 1 },
    ],
  ])('by %s does so too', (rule, leg, risk, execution) => {
    const handlers = doing({
      '09:20': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92'),
      '09:21': (ctx) => {
        rest(ctx, 'short', 'SELL 23200CE STOP 35 32');
        enter(ctx, [leg], { squareOffAt: time('09:22') });
      },
    });
    const played = playing(handlers, { days: rising, faults: late, risk, execution });
    expect(recordsOf(played, 'rms-acted').map((act) => [act.rule, act.act])).toEqual([[rule, 'halt']]);
    expect(
      orders(played)
        .split('\n')
        .filter((line) => line.includes('#1 ')),
    ).toEqual([
      '09:20:01.000 #1 SELL 1 CE STOP 95.00 to 92.00 for short',
      '09:20:01.400 #1 accepted',
      '09:21:01.000 #1 ask cancel',
      '09:23:01.400 #1 cancel-rejected: busy',
      '09:23:03.400 #1 ask cancel',
      '09:23:03.800 #1 canceled',
    ]);
    expect(words(played)).toContain('short skipped: the order before it is taken back: no longer wanted');
  });
});

test('a stop that triggers gives up the slice that was to be sent again', () => {
  const jump = tape`
    09:19  NIFTY 23005  CE 100
    09:21  CE 160
  `;
  const handlers = entering('09:20', ['SELL CE x40']);
  const faults = refusing(2, 'the exchange did not answer');
  const execution = { disasterStop: DEFAULT_EXECUTION.disasterStop, entryRetryMs: 59_800 };
  const played = playing(handlers, { days: jump, faults, execution });
  // Refused at 01.550, it would leave again at 09:21:01.350; the stop at 149.55 triggers at 09:21:00.100.
  expect(orders(played)).toContain('09:20:01.550 #2 rejected');
  expect(recordsOf(played, 'order-placed').filter(({ reduceOnly }) => !reduceOnly)).toHaveLength(2);
  expect(orders(played).split('\n')).toEqual([
    '09:20:01.000 #1 SELL 24 CE MARKET for entry',
    '09:20:01.000 #2 SELL 16 CE MARKET for entry',
    '09:20:01.400 #1 accepted',
    '09:20:01.400 #1 filled 24 at 99.70',
    '09:20:01.400 #3 BUY 24 CE STOP 149.55 to 157.05 for resting stop',
    '09:20:01.550 #2 rejected: the exchange did not answer',
    '09:20:01.800 #3 accepted',
    '09:21:00.100 #3 triggered',
    '09:21:02.100 #3 ask LIMIT 166.40 for STOP',
    '09:21:02.500 #3 modified',
    '09:21:02.500 #3 filled 24 at 160.45',
  ]);
});

describe('a wish for a place whose order is on its way out', () => {
  test('is sent at once where the order only waits to be sent again', () => {
    const handlers = doing({
      '09:20': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92'),
      '09:21': (ctx) => rest(ctx, 'short', 'SELL PE STOP 95 92'),
    });
    const faults = refusing(1, 'the exchange did not answer');
    const played = playing(handlers, { faults, execution: { entryRetryMs: 120_000 } });
    expect(orders(played).split('\n').slice(1)).toEqual([
      '09:20:01.400 #1 rejected: the exchange did not answer',
      '09:21:01.000 #2 SELL 1 PE STOP 95.00 to 92.00 for short',
      '09:21:01.400 #2 accepted',
      '15:15:00.000 #2 ask cancel',
      '15:15:00.400 #2 canceled',
    ]);
    expect(words(played).split('\n').slice(0, 2)).toEqual(['09:20:01.000 short taken', '09:21:01.000 short taken']);
  });

  test('for the same order is answered when that has left', () => {
    const seen: string[] = [];
    const handlers = doing({
      '09:20': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92'),
      '09:30': (ctx) => {
        seen.push(`${ctx.resting('short')?.state}`);
        rest(ctx, 'short', 'SELL CE STOP 95 92');
      },
    });
    const faults: FaultPlan = ({ kind }) => (kind === 'cancel' ? { answersLaterMs: 2_000 } : undefined);
    const played = playing(handlers, { faults, extra: [operator('09:30', 0, 'flatten')] });
    expect(seen).toEqual(['leaving']);
    expect(words(played)).toContain('09:30:02.400 short skipped: the order before it ended: MANUAL');
  });
});

describe('the last minute of entries', () => {
  const falling = tape`
    09:19  NIFTY 23005  CE 100  PE 100  23200CE 40
    10:10  CE 100 100 12 12
  `;
  const risk = { entryTo: time('10:00') };

  test('takes back what rests in a place, and what waits at a limit of its strategy', () => {
    const handlers = doing({
      '09:20': (ctx) => {
        rest(ctx, 'short', 'SELL CE STOP 95 92');
        enter(ctx, ['BUY CE LIMIT 50']);
        enter(ctx, ['BUY PE'], { squareOffAt: time('10:20') });
      },
    });
    const played = playing(handlers, { days: falling, risk });
    // The minute 10:00 is the last, so its end is too late.
    const lines = orders(played).split('\n');
    expect(lines.filter((line) => line.startsWith('10:01'))).toEqual([
      '10:01:00.000 #1 ask cancel',
      '10:01:00.000 #2 ask cancel',
      '10:01:00.400 #1 canceled',
      '10:01:00.400 #2 canceled',
    ]);
    expect(fills(played)).not.toContain('CE');
    expect(words(played)).toContain('note: structure 1: its entry rests no longer: entries end with the minute 10:00');
  });

  test('lets a basket that was on its way go on', () => {
    const handlers = entering('10:00', ['SELL CE x40', 'SELL PE x40'], { squareOffAt: time('10:05') });
    const played = playing(handlers, { days: falling, risk, execution: { sliceEveryMs: 59_500 } });
    // The second slices arrive 60 s after the call.
    expect(fills(played).split('\n').slice(2, 4)).toEqual([
      '10:01:00.800 entry SELL CE 99.70 x16',
      '10:01:00.950 entry SELL PE 99.70 x16',
    ]);
  });
});

describe('a kept order', () => {
  test('is taken back where a loss of others leaves less than it plans to lose', () => {
    const loss = tape`
      09:19  NIFTY 23005  CE 100  PE 100
      09:22  PE 90
    `;
    const stop: GuardSpec = { name: 'stop', act: 'stop', basis: 'leg', distance: { pct: 25 }, closes: 'leg' };
    const handlers = doing({
      '09:20': (ctx) => {
        rest(ctx, 'short', 'SELL CE STOP 95 92', { guards: [stop] });
        enter(ctx, ['BUY PE'], { squareOffAt: time('09:24'), guards: [stop] });
      },
      '09:21': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92', { guards: [stop] }),
      '09:25': (ctx) => rest(ctx, 'short', 'SELL CE STOP 95 92', { guards: [stop] }),
    });
    // 25 % of 100 x 75 and 2 % of slippage are 2,025 rupees; the put loses more than 10 x 75 of 2,500.
    const played = playing(handlers, { days: loss, risk: { lossPerDayMax: 250_000 } });
    expect(orders(played)).toContain('09:25:01.000 #1 ask cancel\n09:25:01.400 #1 canceled');
    expect(words(played)).toContain(
      '09:25:01.000 short skipped: loss-per-day: the planned loss of 2025.00 does not fit',
    );
  });
});

test("what is sent again leaves the reserve of the day's orders alone", () => {
  const handlers = entering('09:20', ['BUY CE', 'BUY PE'], { squareOffAt: time('09:30') });
  const faults = refusing(1, 'the exchange did not answer');
  const played = playing(handlers, { faults, execution: { ordersPerDayMax: 3, ordersPerDayReserve: 1 } });
  expect(recordsOf(played, 'order-placed').filter(({ reduceOnly }) => !reduceOnly)).toHaveLength(2);
  expect(words(played)).toContain(
    '09:20:03.400 note: structure 1: an entry of CE is not sent again: orders-per-day: 2 of 3 orders were sent today, 1 are kept for exits and 1 are wanted',
  );
  expect(fills(played)).toContain('UNWIND SELL PE');
});
