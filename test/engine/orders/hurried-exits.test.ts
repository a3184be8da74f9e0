import { describe, expect, test } from 'vitest';
import type { DayCandles } from '../../../engine/model/candle-frame.ts';
import type { InputEvent } from '../../../engine/model/event.ts';
import { at, day, dayOf, epochMs, istTime } from '../../../engine/model/time.ts';
import { paise } from '../../../engine/model/units.ts';
import type { ExecutionSettings } from '../../../engine/orders/execution-policy.ts';
import { DEFAULT_EXECUTION } from '../../../engine/orders/execution-policy.ts';
import { defaultRmsSettings } from '../../../engine/risk/rms-settings.ts';
import type { GuardSpec, StrategyContext } from '../../../engine/strategy.ts';
import type { FaultPlan } from '../../../engine/venue/fault-plan.ts';
import type { Played } from '../../support/play.ts';
import { play } from '../../support/play.ts';
import { doing, enter, entering, executing, scripted, time } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { closes, fills, guards, orders, recordsOf, words } from '../../support/tell.ts';

const PATIENT = { kind: 'limit-then-market', bufferPct: 0.3, waitMs: 500_000 } as const;
const STOP: GuardSpec = { name: 'stop', act: 'stop', basis: 'leg', distance: { pct: 25 }, closes: 'leg' };

/** Sold at 99.70; at 09:25 nobody trades, so that what leaves there waits at its limit; a minute later the premium stands at 125. */
const RISING = tape`
  09:19  NIFTY 23005  CE 100
  09:25  CE 100 v0
  09:26  CE 125
`;

interface Leaving {
  readonly days?: DayCandles;
  readonly specs?: readonly GuardSpec[];
  readonly changes?: Partial<ExecutionSettings>;
  readonly extra?: readonly InputEvent[];
  readonly faults?: FaultPlan;
  /** Loss at which everything is closed, paise. */
  readonly exitPnl?: number;
}

/** Sells the call at 09:20 and lets it go at 09:25, patiently where nothing else is said. */
function leaving({ days = RISING, specs = [], changes, extra = [], faults, exitPnl }: Leaving): Played {
  const handlers = entering('09:20', ['SELL CE'], { guards: specs, squareOffAt: time('09:25') });
  const risk = exitPnl === undefined ? defaultRmsSettings : { ...defaultRmsSettings, exitPnl: paise(exitPnl) };
  const parts = { ...executing({ exit: PATIENT, ...changes }), faults, risk };
  return play({ days: [days], agents: [scripted(handlers)], extra, parts });
}

function operator(clock: string, ms: number, command: 'flatten' | 'exit-positions'): InputEvent {
  const ts = epochMs(at(day('2025-01-06'), istTime(clock)) + ms);
  return { kind: 'operator-commanded', ts, command, scope: 'all', by: 'test' };
}

const refusing =
  (leg: string): FaultPlan =>
  ({ kind, order }) =>
    kind === 'new' && order.purpose === 'protection' && order.leg === leg
      ? { refusal: 'refused by the test' }
      : undefined;

const lines = (text: string, from: number, to?: number) => text.split('\n').slice(from, to);

describe('a leg that waits at its limit', () => {
  // It asks for 100 x 1.003 = 100.30 at 09:25:01. Hurried, two per cent above 125 are 127.50; 0.25 % of 125 is 0.3125, up to 0.35:
  // 125 + 0.35 + 0.05. 99.70 - 125.40 is 25.70 a unit, 1,927.50 a lot.
  test('leaves at the market once its own stop is reached, for that reason', () => {
    const played = leaving({ specs: [STOP] });
    // 99.70 x 1.25 = 124.625, on ticks 124.65.
    expect(guards(played)).toBe(
      [
        // 99.70 x 1.5 = 149.55, where its resting stop stood.
        '09:20:01.400 set stop CE 124.65',
        '09:25:01.000 set resting stop CE 149.55',
        '09:26:00.000 fired stop CE 124.65 seen 125.00',
      ].join('\n'),
    );
    expect(lines(orders(played), 5)).toEqual([
      '09:25:01.000 #2 ask LIMIT 100.30 for TIME',
      '09:25:01.400 #2 modified',
      '09:26:00.000 #2 ask LIMIT 127.50 for SL',
      '09:26:00.400 #2 modified',
      '09:26:00.400 #2 filled 1 at 125.40',
    ]);
    expect(closes(played)).toBe('09:26:00.400 CE SL gross -1927.50\n09:26:00.400 structure 1 SL gross -1927.50');
  });

  test('leaves at the market where its resting stop would have triggered, and not before', () => {
    const to = (price: number) => tape`
      09:19  NIFTY 23005  CE 100
      09:25  CE 100 v0
      09:26  CE ${price}
    `;
    expect(lines(fills(leaving({ days: to(149.5), changes: { exit: { ...PATIENT, waitMs: 600_000 } } })), 1)).toEqual([
      // The end of its wait, ten minutes after 09:25:01: 0.25 % of 149.50 is 0.3738, up to 0.40, and a tick.
      '09:35:01.300 TIME BUY CE 149.95',
    ]);
    const played = leaving({ days: to(149.55) });
    // Two per cent above are 152.541, up to 152.55. 149.55 + 0.40 + 0.05.
    expect(lines(orders(played), 7)).toEqual([
      '09:26:00.000 #2 ask LIMIT 152.55 for STOP',
      '09:26:00.400 #2 modified',
      '09:26:00.400 #2 filled 1 at 150.00',
    ]);
    expect(closes(played)).toContain('CE STOP gross -3772.50');
  });

  test('leaves at the market once a limit of the account is reached', () => {
    // At 125 the lot is 1,897.50 down before charges; the second mark, a second later, proves it.
    const played = leaving({ exitPnl: 150_000 });
    expect(lines(orders(played), 7)).toEqual([
      '09:26:01.000 #2 ask LIMIT 127.50 for RISK',
      '09:26:01.400 #2 modified',
      '09:26:01.400 #2 filled 1 at 125.40',
    ]);
    expect(closes(played)).toContain('CE RISK gross -1927.50');
  });

  test.for(['flatten', 'exit-positions'] as const)('leaves at the market at the word %s', (command) => {
    const played = leaving({ extra: [operator('09:26', 10_000, command)] });
    expect(fills(played)).toBe('09:20:01.300 entry SELL CE 99.70\n09:26:10.300 MANUAL BUY CE 125.40');
    expect(closes(played)).toContain('CE MANUAL gross -1927.50');
  });

  test('goes with the others when a stop closes the structure', () => {
    const days = tape`
      09:19  NIFTY 23005  CE 100    PE 100
      09:25  CE 79 v0     PE 100
      09:26  CE 85        PE 125
    `;
    const target: GuardSpec = { ...STOP, name: 'target', act: 'target', leg: 'CE', distance: { pct: 20 } };
    const handlers = entering('09:20', ['SELL CE', 'SELL PE'], {
      guards: [{ ...STOP, leg: 'PE', closes: 'structure' }, target],
    });
    const played = play({ days: [days], agents: [scripted(handlers)], parts: executing({ exit: PATIENT }) });
    // The target is 99.70 x 0.8 = 79.76, on ticks 79.75; its exit waits at 79 x 1.003 = 79.237, up to 79.25.
    expect(orders(played)).toContain('09:25:00.000 #3 ask LIMIT 79.25 for TARGET');
    // 0.25 % of 85 is 0.2125, up to 0.25: 85 + 0.25 + 0.05.
    expect(lines(fills(played), 2)).toEqual(['09:26:00.300 SL BUY CE 85.30', '09:26:00.450 SL BUY PE 125.40']);
    expect(closes(played)).toContain('structure 1 SL');
  });

  test('is not told again by what is calm, and ends its wait as planned', () => {
    const days = tape`
      09:19  NIFTY 23005  CE 100
      09:25  CE 79 v0
      09:26  CE 85
    `;
    const target: GuardSpec = { ...STOP, name: 'target', act: 'target', distance: { pct: 20 } };
    const played = leaving({ days, specs: [STOP, target], changes: { exit: { ...PATIENT, waitMs: 150_000 } } });
    expect(lines(orders(played), 5)).toEqual([
      '09:25:00.000 #2 ask LIMIT 79.25 for TARGET',
      '09:25:00.400 #2 modified',
      '09:27:30.000 #2 ask MARKET for TARGET',
      '09:27:30.400 #2 modified',
      '09:27:30.400 #2 filled 1 at 85.30',
    ]);
    expect(guards(played).match(/fired/g)).toHaveLength(1);
  });

  test('is chased as a jumped stop where its resting stop triggers before the limit takes its place', () => {
    const days = tape`
      09:19  NIFTY 23005                    CE 100
      09:25  NIFTY 23005 23006 22990 23005  CE 100 1000 100 500 v0
      09:26  CE 500
    `;
    const played = leaving({ days });
    // High first, 45 rupees a second: 145 at 1 s, x 1.003 = 145.435; 149.55 after 1.1011 s, where the leg is hurried and the venue
    // triggers, which is known 100 ms later. Two seconds after it stands at 239.59, with twice two per cent 249.17, on ticks 249.20.
    expect(lines(orders(played), 5, 9)).toEqual([
      '09:25:01.000 #2 ask LIMIT 145.45 for TIME',
      '09:25:01.202 #2 triggered',
      '09:25:01.400 #2 modified',
      '09:25:03.102 #2 ask LIMIT 249.20 for STOP',
    ]);
    expect(closes(played)).toContain('CE STOP');
  });
});

test.for(['flatten', 'exit-positions'] as const)("the operator's %s never waits at a limit", (command) => {
  const played = leaving({ extra: [operator('09:24', 0, command)] });
  expect(lines(orders(played), 5)).toEqual([
    '09:24:00.000 #2 ask LIMIT 102.00 for MANUAL',
    '09:24:00.400 #2 modified',
    '09:24:00.400 #2 filled 1 at 100.30',
  ]);
});

test('a jumped stop is chased after two seconds, whatever an entry that has filled was to wait for', () => {
  const days = tape`
    09:19  NIFTY 23005  CE 100
    09:22  CE 200
  `;
  const parts = executing({ entry: { ...PATIENT, waitMs: 300_000 } });
  const played = play({ days: [days], agents: [scripted(entering('09:20', ['SELL CE']))], parts });
  // Limit 157.05; the market opens at 200: 200 x 1.04 = 208; it pays 200 + 0.50 + 0.05. 100.85 points of 75 units.
  expect(lines(orders(played), 5)).toEqual([
    '09:22:00.100 #2 triggered',
    '09:22:02.100 #2 ask LIMIT 208.00 for STOP',
    '09:22:02.500 #2 modified',
    '09:22:02.500 #2 filled 1 at 200.55',
  ]);
  expect(closes(played)).toContain('CE STOP gross -7563.75');
});

describe('legs that had to leave without a stop', () => {
  const HELD: GuardSpec = { ...STOP, heldBy: 'venue' };

  test('halt their agent on every day on which three of them follow one another', () => {
    const dated = (text: string) => tape`
      ${text} expiry 2025-01-09 strike 23000
      09:19  NIFTY 23005  CE 100
    `;
    const go = (ctx: StrategyContext) => enter(ctx, ['SELL CE'], { guards: [HELD] });
    const played = play({
      days: [dated('2025-01-06'), dated('2025-01-07')],
      agents: [scripted(doing({ '09:20': go, '09:25': go, '09:30': go, '09:35': go }))],
      parts: { faults: refusing('CE') },
    });
    const acts = recordsOf(played, 'rms-acted').map(({ ts, act, value }) => `${dayOf(ts)} ${act} ${value}`);
    expect(acts).toEqual(['2025-01-06 halt 3', '2025-01-07 release 3', '2025-01-07 halt 3']);
    expect(recordsOf(played, 'structure-closed')).toHaveLength(6);
  });

  test('take the structure with them where they hedge it: the short is bought back first', () => {
    const flat = tape`
      09:19  NIFTY 23005  CE 100  23200CE 40
    `;
    const handlers = entering('09:20', ['SELL CE', 'BUY 23200CE'], { guards: [{ ...HELD, leg: '23200CE' }] });
    const played = play({ days: [flat], agents: [scripted(handlers)], parts: { faults: refusing('23200CE') } });
    const [short, hedge] = lines(fills(played), 2);
    expect(short).toBe('09:20:11.700 RISK BUY CE 100.30');
    expect(hedge).toContain('RISK SELL 23200CE 39.85');
    expect(recordsOf(played, 'leg-closed').map(({ leg, unhedgedMs }) => [leg, unhedgedMs])).toEqual([
      ['CE', 0],
      ['23200CE', 0],
    ]);
  });

  test('take the structure with them where their guard closes it', () => {
    const flat = tape`
      09:19  NIFTY 23005  CE 100  PE 100
    `;
    const specs: readonly GuardSpec[] = [{ ...HELD, leg: 'CE', closes: 'structure' }];
    const handlers = entering('09:20', ['SELL CE', 'SELL PE'], { guards: specs });
    const played = play({ days: [flat], agents: [scripted(handlers)], parts: { faults: refusing('CE') } });
    expect(closes(played)).toContain('PE RISK gross -45.00');
    expect(closes(played)).toContain('09:20:11.950 structure 1 RISK gross -90.00');
  });
});

describe('a carried leg whose contract the data of a day do not hold', () => {
  const dated = (text: string, cells: string) => tape`
    ${text} expiry 2025-01-09 strike 23000
    09:15  NIFTY 23005  ${cells}
  `;
  const days = [
    dated('2025-01-06', 'CE 100'),
    dated('2025-01-07', 'PE 100'),
    dated('2025-01-08', 'PE 100'),
    dated('2025-01-09', 'CE 110'),
  ];

  test('stays with an alarm each day, and leaves at the open of the next day that has it', () => {
    let count = 0;
    const handlers = doing({
      '09:20': (ctx) => {
        count += 1;
        if (count === 1) enter(ctx, ['SELL CE'], { guards: [STOP] });
        if (count === 2) for (const structure of ctx.structures) ctx.exit(structure, 'SL');
      },
    });
    const played = play({ days, agents: [scripted(handlers)] });
    const text =
      "note: ALARM: CE of structure 1 cannot leave today: NIFTY 2025-01-09 23000 CE is not in the day's data";
    const held = "note: ALARM: CE of structure 1 is held and not in today's data: it has no price and no stop";
    expect(lines(words(played), 1, 4)).toEqual([
      `09:15:00.000 ${held}`,
      `09:20:01.000 ${text}`,
      `09:15:00.000 ${text}`,
    ]);
    const last = recordsOf(played, 'order-placed').filter(({ purpose }) => purpose === 'exit');
    expect(last.map(({ ts, reason }) => [dayOf(ts), reason])).toEqual([['2025-01-09', 'SL']]);
    // Priced by the open, 110, and not by the 100 of three days before: 110 + 0.30 + 0.05.
    expect(lines(fills(played), 1)).toEqual(['09:15:00.300 SL BUY CE 110.35']);
    expect(closes(played)).toContain('CE SL gross -798.75');
  });

  test('does not break what an operator flattens', () => {
    const ts = epochMs(at(day('2025-01-07'), istTime('10:00')));
    const extra: InputEvent[] = [{ kind: 'operator-commanded', ts, command: 'flatten', scope: 'all', by: 'test' }];
    let entered = false;
    const handlers = doing({
      '09:20': (ctx) => {
        if (!entered) enter(ctx, ['SELL CE', 'BUY PE']);
        entered = true;
      },
    });
    const both = [dated('2025-01-06', 'CE 100 PE 100'), ...days.slice(1)];
    const played = play({ days: both, agents: [scripted(handlers)], extra });
    expect(words(played)).toContain('10:00:00.000 note: ALARM: CE of structure 1 cannot leave today');
    expect(closes(played)).toContain('CE MANUAL gross -798.75');
  });
});

describe('the alarm of a chase', () => {
  const chasing = (chaseAlarmAfter: number) =>
    words(leaving({ changes: { exit: { kind: 'chase' }, chaseAlarmAfter } }))
      .split('\n')
      .filter((line) => line.includes('ALARM'));

  // The exit of 09:25:01 is attempt one, each two seconds bring one more; it fills at 09:26 after twenty-nine of them.
  test.for([
    [0, '09:25:03.000', 1],
    [1, '09:25:03.000', 1],
    [5, '09:25:11.000', 5],
    [18, '09:25:37.000', 18],
    [19, '09:25:39.000', 19],
  ] as const)('comes once, after more than %i attempts', ([after, clock, attempts]) => {
    expect(chasing(after)).toEqual([`${clock} note: ALARM: CE of structure 1 is not out after ${attempts} attempts`]);
  });
});

test('a stop that is refused while its leg leaves already does not hold the exit up', () => {
  const played = leaving({ faults: refusing('CE'), extra: [operator('09:20', 1_500, 'flatten')] });
  expect(DEFAULT_EXECUTION.chaseEveryMs).toBe(2_000);
  expect(lines(orders(played), 3)).toEqual([
    '09:20:01.400 #2 BUY 1 CE STOP 149.55 to 157.05 for resting stop',
    '09:20:01.800 #2 rejected: refused by the test',
    '09:20:01.800 #3 BUY 1 CE LIMIT 102.00 for MANUAL',
    '09:20:02.200 #3 accepted',
    '09:20:02.200 #3 filled 1 at 100.30',
  ]);
});
