import { describe, expect, test } from 'vitest';
import type { InputEvent } from '../../../engine/model/event.ts';
import { at, day, epochMs, istTime } from '../../../engine/model/time.ts';
import type { ExecutionSettings } from '../../../engine/orders/execution-policy.ts';
import { DEFAULT_EXECUTION } from '../../../engine/orders/execution-policy.ts';
import type { GuardSpec, StrategyHandlers } from '../../../engine/strategy.ts';
import type { FaultPlan } from '../../../engine/venue/fault-plan.ts';
import { play } from '../../support/play.ts';
import { doing, enter, entering, executing, scripted, time } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { closes, fills, orders, recordsOf, words } from '../../support/tell.ts';

const FLAT = tape`
  09:19  NIFTY 23005  CE 100  PE 100  23200CE 40
`;

const PATIENT = { kind: 'limit-then-market', bufferPct: 0.3, waitMs: 5_000 } as const;
const NO_STOP = { ...DEFAULT_EXECUTION.disasterStop, on: false };

interface More {
  readonly days?: typeof FLAT;
  readonly faults?: FaultPlan;
  readonly extra?: readonly InputEvent[];
}

function playing(
  handlers: StrategyHandlers,
  changes: Partial<ExecutionSettings>,
  { days = FLAT, faults, extra = [] }: More = {},
) {
  const parts = { ...executing({ disasterStop: NO_STOP, ...changes }), faults };
  return play({ days: [days], agents: [scripted(handlers)], parts, extra });
}

function operator(clock: string, ms: number, command: 'halt' | 'flatten'): InputEvent {
  const ts = epochMs(at(day('2025-01-06'), istTime(clock)) + ms);
  return { kind: 'operator-commanded', ts, command, scope: 'all', by: 'test' };
}

describe('an entry by limit, then market', () => {
  test('asks for a price 0.3 per cent beyond, on the tick of the side that the market takes', () => {
    const odd = tape`
      09:19  NIFTY 23005  CE 101.35  PE 100
    `;
    const played = playing(entering('09:20', ['BUY CE', 'SELL PE']), { entry: PATIENT }, { days: odd });
    // 101.35 x 1.003 = 101.654, up to 101.70; 100 x 0.997 = 99.70.
    expect(orders(played)).toContain('#1 BUY 1 CE LIMIT 101.70 for entry');
    expect(orders(played)).toContain('#2 SELL 1 PE LIMIT 99.70 for entry');
    // 0.25 % of 101.35 is 0.2534, up to 0.30: 101.35 + 0.30 + 0.05 is within 101.70.
    expect(fills(played)).toBe('09:20:01.300 entry BUY CE 101.70\n09:20:01.700 entry SELL PE 99.70');
    expect(recordsOf(played, 'modify-asked')).toEqual([]);
  });

  const silent = tape`
    09:19  NIFTY 23005  CE 100
    09:20  CE 100 v0
    09:21  CE 110
  `;

  test('goes to the market after its wait, unprotected before April 2026', () => {
    const played = playing(entering('09:20', ['BUY CE']), { entry: PATIENT }, { days: silent });
    expect(orders(played).split('\n')).toEqual([
      '09:20:01.000 #1 BUY 1 CE LIMIT 100.30 for entry',
      '09:20:01.400 #1 accepted',
      '09:20:06.000 #1 ask MARKET for to market',
      '09:20:06.400 #1 modified',
      // 0.25 % of 110 is 0.275, up to 0.30.
      '09:21:00.100 #1 filled 1 at 110.35',
    ]);
  });

  test('goes for its rest alone where a part has filled', () => {
    const thin = tape`
      09:19  NIFTY 23005  CE 100
      09:20  CE 100 v800
      09:21  CE 110
    `;
    const played = playing(entering('09:20', ['BUY CE x2']), { entry: PATIENT }, { days: thin });
    expect(fills(played)).toBe('09:20:01.300 entry BUY CE 100.30\n09:21:00.000 entry BUY CE 110.35');
    expect(orders(played)).toContain('09:20:06.000 #1 ask MARKET for to market');
  });

  test('is chased after that since April 2026, when a market order is a limit two per cent away', () => {
    const rising = tape`
      2026-04-06
      09:19  NIFTY 23005  CE 100
      09:20  CE 100 v0
      09:21  CE 103
    `;
    const patient = { ...PATIENT, waitMs: 55_000 };
    const played = playing(entering('09:20', ['BUY CE']), { entry: patient }, { days: rising });
    expect(orders(played).split('\n').slice(2)).toEqual([
      '09:20:56.000 #1 ask MARKET for to market',
      '09:20:56.400 #1 modified',
      // The second change asks for twice the two per cent.
      '09:20:58.000 #1 ask LIMIT 104.00 for chase',
      '09:20:58.400 #1 modified',
      // It fills at 09:21:00.000 while the next change leaves, since nobody knows yet. 0.25 % of 103 is 0.2575, up to 0.30.
      '09:21:00.000 #1 ask LIMIT 106.00 for chase',
      '09:21:00.100 #1 filled 1 at 103.35',
      '09:21:00.400 #1 modify-rejected: the order is no longer open',
    ]);
  });

  test('asks again after two seconds where the venue refuses the change', () => {
    const faults: FaultPlan = ({ kind, count }) => (kind === 'modify' && count === 2 ? { refusal: 'busy' } : undefined);
    const played = playing(entering('09:20', ['BUY CE']), { entry: PATIENT }, { days: silent, faults });
    expect(orders(played).split('\n').slice(2)).toEqual([
      '09:20:06.000 #1 ask MARKET for to market',
      '09:20:06.400 #1 modify-rejected: busy',
      '09:20:08.000 #1 ask MARKET for to market',
      '09:20:08.400 #1 modified',
      '09:21:00.100 #1 filled 1 at 110.35',
    ]);
  });

  test('is what a plan asks for itself, and a plan may ask for the market where the desk would wait', () => {
    const own = playing(entering('09:20', ['BUY CE'], { execution: PATIENT }), {});
    expect(orders(own)).toContain('#1 BUY 1 CE LIMIT 100.30');
    const market = playing(entering('09:20', ['BUY CE'], { execution: { kind: 'market' } }), { entry: PATIENT });
    expect(orders(market)).toContain('#1 BUY 1 CE MARKET');
  });

  test('leaves the terms alone that a strategy gave', () => {
    const played = playing(entering('09:20', ['BUY CE LIMIT 95']), { entry: PATIENT });
    expect(orders(played)).toContain('#1 BUY 1 CE LIMIT 95.00');
    expect(recordsOf(played, 'modify-asked')).toEqual([]);
  });
});

describe('an exit by limit, then market', () => {
  const silent = tape`
    09:19  NIFTY 23005  CE 100
    09:30  CE 100 v0
  `;

  test('waits at its limit, goes to the market, and is not priced worse while it stands there', () => {
    const played = playing(
      entering('09:20', ['BUY CE'], { squareOffAt: time('09:30') }),
      { exit: PATIENT },
      { days: silent },
    );
    expect(orders(played).split('\n').slice(3)).toEqual([
      '09:30:01.000 #2 SELL 1 CE LIMIT 99.70 for TIME',
      '09:30:01.400 #2 accepted',
      '09:30:06.000 #2 ask MARKET for TIME',
      '09:30:06.400 #2 modified',
      '09:31:00.100 #2 filled 1 at 99.70',
    ]);
    // Attempts go on being counted: the alarm comes all the same.
    expect(words(played)).toContain('09:30:14.000 note: ALARM: CE of structure 1 is not out after 5 attempts');
  });

  test('is chased after that where a market order is a limit two per cent away', () => {
    const dry = tape`
      2026-04-06
      09:19  NIFTY 23005  CE 100
      09:30  CE 100 v0
    `;
    const played = playing(
      entering('09:20', ['BUY CE'], { squareOffAt: time('09:30') }),
      { exit: PATIENT },
      { days: dry },
    );
    const asked = orders(played)
      .split('\n')
      .filter((line) => line.includes('ask'));
    // Three times two per cent, then four.
    expect(asked.slice(0, 3)).toEqual([
      '09:30:06.000 #2 ask MARKET for TIME',
      '09:30:08.000 #2 ask LIMIT 94.00 for TIME',
      '09:30:10.000 #2 ask LIMIT 92.00 for TIME',
    ]);
  });

  test('is not for stops: these are chased from the first', () => {
    const falling = tape`
      09:19  NIFTY 23005  CE 100
      09:22  CE 100 100 60 60
    `;
    const stop: GuardSpec = { name: 'stop', act: 'stop', basis: 'leg', distance: { level: 8_000 }, closes: 'leg' };
    const played = playing(entering('09:20', ['BUY CE'], { guards: [stop] }), { exit: PATIENT }, { days: falling });
    // Two per cent under 80.
    expect(orders(played)).toContain('#2 SELL 1 CE LIMIT 78.40 for SL');
  });

  test('turns a resting stop into that limit', () => {
    const parts = executing({ exit: PATIENT });
    const handlers = entering('09:20', ['SELL CE'], { squareOffAt: time('09:30') });
    const played = play({ days: [FLAT], agents: [scripted(handlers)], parts });
    expect(orders(played).split('\n').slice(5)).toEqual([
      '09:30:01.000 #2 ask LIMIT 100.30 for TIME',
      '09:30:01.400 #2 modified',
      '09:30:01.400 #2 filled 1 at 100.30',
    ]);
  });
});

describe('slices at a pace', () => {
  const forty = entering('09:20', ['BUY CE x40'], { squareOffAt: time('09:30') });

  test('leave half a second apart, in and out', () => {
    // 1,800 units are 24 lots of 75.
    expect(fills(playing(forty, { sliceEveryMs: 500 }))).toBe(
      [
        '09:20:01.300 entry BUY CE 100.30 x24',
        '09:20:01.800 entry BUY CE 100.30 x16',
        '09:30:01.300 TIME SELL CE 99.70 x24',
        '09:30:01.800 TIME SELL CE 99.70 x16',
      ].join('\n'),
    );
  });

  test('have a patience each, from when they leave', () => {
    const dry = tape`
      09:19  NIFTY 23005  CE 100
      09:20  CE 100 v0
    `;
    const handlers = entering('09:20', ['BUY CE x40']);
    const played = playing(handlers, { sliceEveryMs: 500, entry: PATIENT }, { days: dry });
    expect(
      orders(played)
        .split('\n')
        .filter((line) => line.includes('ask')),
    ).toEqual(['09:20:06.000 #1 ask MARKET for to market', '09:20:06.500 #2 ask MARKET for to market']);
  });

  test('keep hedges before shorts within each wave, where shorts do not wait for fills', () => {
    const sent = { sliceEveryMs: 500, basketWait: 'sent' } as const;
    const played = playing(entering('09:20', ['SELL CE x40', 'BUY 23200CE x40']), sent);
    expect(fills(played)).toBe(
      [
        '09:20:01.300 entry BUY 23200CE 40.15 x24',
        '09:20:01.450 entry SELL CE 99.70 x24',
        '09:20:01.800 entry BUY 23200CE 40.15 x16',
        '09:20:01.950 entry SELL CE 99.70 x16',
      ].join('\n'),
    );
  });

  test('that have not left are called back at once when the account is halted', () => {
    const played = playing(forty, { sliceEveryMs: 60_000 }, { extra: [operator('09:20', 30_000, 'halt')] });
    expect(orders(played).split('\n').slice(4, 6)).toEqual(['09:20:30.000 #2 ask cancel', '09:20:30.000 #2 canceled']);
    // No hedge is missing, so what was entered in part stands.
    expect(fills(played)).toBe('09:20:01.300 entry BUY CE 100.30 x24\n09:30:01.300 TIME SELL CE 99.70 x24');
  });
});

describe('orders of a day', () => {
  test('keep a reserve that entries do not touch, and exits do', () => {
    const handlers = doing({
      '09:20': (ctx) => enter(ctx, ['BUY CE'], { squareOffAt: time('09:30') }),
      '09:21': (ctx) => enter(ctx, ['BUY CE'], { squareOffAt: time('09:30') }),
      '09:22': (ctx) => enter(ctx, ['BUY CE'], { squareOffAt: time('09:30') }),
    });
    const played = playing(handlers, { ordersPerDayMax: 3, ordersPerDayReserve: 1 });
    expect(words(played)).toContain(
      '09:22:01.000 entry skipped: orders-per-day: 2 of 3 orders were sent today, 1 are kept for exits and 1 are wanted',
    );
    // The second exit is the fourth order of three.
    expect(fills(played).split('\n')).toHaveLength(4);
  });
});

describe('a basket that waits for its hedges', () => {
  const condor = entering('09:20', ['SELL CE', 'BUY 23200CE'], { squareOffAt: time('09:30') });
  const waiting = { basketWait: 'filled' } as const;

  test('sends its shorts once the word of the hedges is there', () => {
    expect(fills(playing(condor, waiting)).split('\n').slice(0, 2)).toEqual([
      '09:20:01.300 entry BUY 23200CE 40.15',
      // Known at 01.400, sent then.
      '09:20:01.700 entry SELL CE 99.70',
    ]);
  });

  const dry = tape`
    09:19  NIFTY 23005  CE 100  23200CE 40
    09:20  23200CE 40 v0
  `;

  test('is unwound where they do not come in time, and no short was ever sent', () => {
    const played = playing(condor, waiting, { days: dry });
    expect(orders(played).split('\n')).toEqual([
      '09:20:01.000 #1 SELL 1 CE MARKET for entry',
      '09:20:01.000 #2 BUY 1 23200CE MARKET for entry',
      '09:20:01.400 #2 accepted',
      '09:20:11.000 #1 ask cancel',
      '09:20:11.000 #2 ask cancel',
      '09:20:11.000 #1 canceled',
      '09:20:11.400 #2 canceled',
    ]);
    expect(words(played)).toContain(
      '09:20:11.000 note: structure 1: its hedges did not fill within 10000 ms, it is unwound',
    );
  });

  test('has its time begin where the patience of its hedges ends', () => {
    const played = playing(condor, { ...waiting, entry: PATIENT }, { days: dry });
    expect(words(played)).toContain('09:20:16.000 note: structure 1: its hedges did not fill within 15000 ms');
  });

  test('does not send its shorts once a hedge has left again by its own guard', () => {
    const guard: GuardSpec = {
      name: 'stop',
      act: 'stop',
      basis: 'leg',
      leg: '23300CE',
      distance: { pct: 20 },
      closes: 'leg',
    };
    const legs = ['SELL CE x2', 'BUY 23200CE', 'BUY 23300CE'];
    const settings = { basketWaitMs: 300_000 };
    const dried = tape`
      09:19  NIFTY 23005  CE 100  23200CE 40  23300CE 30
      09:20  23200CE gap
      09:21  23300CE 20
      09:23  23200CE 40
    `;
    const played = playing(entering('09:20', legs, { guards: [guard] }), settings, { days: dried });
    // The other hedge fills at 09:23; five minutes after the entry it is unwound.
    expect(
      fills(played)
        .split('\n')
        .map((line) => line.replace(/ [\d.]+$/, '')),
    ).toEqual([
      '09:20:01.450 entry BUY 23300CE',
      '09:21:00.300 SL SELL 23300CE',
      '09:23:00.000 entry BUY 23200CE',
      '09:25:01.300 UNWIND SELL 23200CE',
    ]);
  });

  test('that still waits at the end of the day is unwound in the morning, and no short was ever sent', () => {
    const thin = tape`
      09:19  NIFTY 23005  CE 100  23200CE 40
      15:10  23200CE 40 v800
      15:11  23200CE gap
    `;
    const next = tape`
      2025-01-07  strike 23000
      09:15  NIFTY 23005  CE 100  23200CE 40
    `;
    let isDone = false;
    const once = doing({
      '15:10': (ctx) => {
        if (!isDone) enter(ctx, ['SELL CE x2', 'BUY 23200CE x2']);
        isDone = true;
      },
    });
    const parts = executing({ disasterStop: NO_STOP, basketWaitMs: 1_800_000 });
    const played = play({ days: [thin, next], agents: [scripted(once)], parts });
    expect(words(played)).toContain(
      'note: structure 1: its hedges did not fill before the day was over, it is unwound',
    );
    expect(fills(played)).toBe('15:10:01.300 entry BUY 23200CE 40.15\n09:15:00.300 UNWIND SELL 23200CE 39.85');
    expect(played.kernel.held).toEqual([]);
  });

  test('is unwound at once where a hedge is refused', () => {
    const faults: FaultPlan = ({ order }) => (order.side === 'BUY' ? { refusal: 'insufficient margin' } : undefined);
    const played = playing(condor, waiting, { faults });
    expect(orders(played).split('\n').slice(2)).toEqual([
      '09:20:01.400 #2 rejected: insufficient margin',
      '09:20:01.400 #1 ask cancel',
      '09:20:01.400 #1 canceled',
    ]);
  });

  test('does not wait where there is nothing to wait for', () => {
    expect(fills(playing(entering('09:20', ['SELL CE', 'SELL PE']), waiting))).toBe(
      '09:20:01.300 entry SELL CE 99.70\n09:20:01.450 entry SELL PE 99.70',
    );
  });
});

describe('a refused entry', () => {
  const once = entering('09:20', ['SELL CE', 'BUY 23200CE'], { squareOffAt: time('09:30') });
  const refusing =
    (reason: string, times: number): FaultPlan =>
    ({ kind, order }) =>
      // The call is order 1, and its repetitions are 3 and 4.
      kind === 'new' && order.leg === 'CE' && order.id <= (times === 1 ? 1 : 4) ? { refusal: reason } : undefined;

  test('is sent again after two seconds, and the rest of the structure waits for it', () => {
    const played = playing(once, {}, { faults: refusing('the exchange did not answer', 1) });
    expect(orders(played).split('\n').slice(2, 8)).toEqual([
      '09:20:01.400 #2 accepted',
      '09:20:01.400 #2 filled 1 at 40.15',
      // The hedge goes first, the short 150 ms after it.
      '09:20:01.800 #1 rejected: the exchange did not answer',
      '09:20:03.800 #3 SELL 1 CE MARKET for entry',
      '09:20:04.200 #3 accepted',
      '09:20:04.200 #3 filled 1 at 99.70',
    ]);
    expect(closes(played)).toContain('structure 1 TIME');
  });

  test('is given up after two repetitions, and what was bought with it is unwound', () => {
    const played = playing(once, {}, { faults: refusing('the exchange did not answer', 3) });
    const rejected = recordsOf(played, 'order-rejected').map(({ order, ts }) => [
      order,
      ts - at(day('2025-01-06'), istTime('09:20')),
    ]);
    expect(rejected).toEqual([
      [1, 1_800],
      [3, 4_200],
      [4, 6_600],
    ]);
    expect(fills(played)).toBe('09:20:01.300 entry BUY 23200CE 40.15\n09:20:06.900 UNWIND SELL 23200CE 39.85');
  });

  test.for(['RMS: margin exceeds', 'quantity 1 is above the freeze quantity 0', 'price outside the circuit limits'])(
    'is not sent again for a reason that stays: %s',
    (reason) => {
      const played = playing(once, {}, { faults: refusing(reason, 3) });
      expect(recordsOf(played, 'order-rejected')).toHaveLength(1);
      expect(fills(played)).toContain('09:20:02.100 UNWIND SELL 23200CE 39.85');
    },
  );

  test('is not sent again once all is flattened, and its structure ends then', () => {
    const alone = entering('09:20', ['SELL CE']);
    const faults = refusing('the exchange did not answer', 1);
    const played = playing(alone, {}, { faults, extra: [operator('09:20', 2_000, 'flatten')] });
    expect(recordsOf(played, 'order-placed')).toHaveLength(1);
    expect(words(played)).toContain('09:20:02.000 note: structure 1 ended without a fill');
  });

  test('is reviewed again, and denied where the account was halted meanwhile', () => {
    // A halt takes back what waits to be sent again, too.
    const played = playing(
      entering('09:20', ['SELL CE']),
      {},
      {
        faults: refusing('the exchange did not answer', 1),
        extra: [operator('09:20', 2_000, 'halt')],
      },
    );
    expect(recordsOf(played, 'order-placed')).toHaveLength(1);
    expect(words(played)).toContain('09:20:02.000 note: structure 1 ended without a fill');
  });

  test('that still waits at the end of the day is over', () => {
    const played = playing(
      entering('15:14', ['SELL CE']),
      { entryRetryMs: 3_600_000 },
      { faults: refusing('busy', 1) },
    );
    expect(words(played)).toContain('note: structure 1 ended without a fill');
    expect(played.kernel.held).toEqual([]);
  });
});

test('changes and new orders of one exit leave as one parcel, one after the other', () => {
  const handlers = entering('09:20', ['SELL CE', 'BUY 23200PE'], { squareOffAt: time('09:30') });
  const wide = tape`
    09:19  NIFTY 23005  CE 100  23200PE 40
  `;
  const played = play({ days: [wide], agents: [scripted(handlers)] });
  // The short's resting stop is changed, the put, which hedges no call, sold by a new order 150 ms behind it.
  expect(fills(played).split('\n').slice(2)).toEqual([
    '09:30:01.300 TIME BUY CE 100.30',
    '09:30:01.450 TIME SELL 23200PE 39.85',
  ]);
});

test('a cancel that the venue refuses is asked for again while nobody wants the order', () => {
  const faults: FaultPlan = ({ kind, count }) => (kind === 'cancel' && count === 2 ? { refusal: 'busy' } : undefined);
  const played = playing(
    entering('09:20', ['BUY CE LIMIT 95']),
    {},
    { faults, extra: [operator('09:30', 0, 'flatten')] },
  );
  expect(orders(played).split('\n').slice(2)).toEqual([
    '09:30:00.000 #1 ask cancel',
    '09:30:00.400 #1 cancel-rejected: busy',
    '09:30:02.400 #1 ask cancel',
    '09:30:02.800 #1 canceled',
  ]);
});
