import { describe, expect, test } from 'vitest';
import type { InputEvent } from '../../../engine/model/event.ts';
import { at, day, epochMs, istTime } from '../../../engine/model/time.ts';
import type { ExecutionSettings } from '../../../engine/orders/execution-policy.ts';
import { DEFAULT_EXECUTION } from '../../../engine/orders/execution-policy.ts';
import type { GuardSpec, StrategyHandlers } from '../../../engine/strategy.ts';
import type { FaultPlan } from '../../../engine/venue/fault-plan.ts';
import type { Played, PlayOptions } from '../../support/play.ts';
import { play } from '../../support/play.ts';
import { enter, entering, executing, scripted, time } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { closes, fills, orders, recordsOf, words } from '../../support/tell.ts';

// 100 sells at 99.70 and is bought at 100.30; 40 sells at 39.85 and is bought at 40.15. Hedge known at 01.400, short at 01.800.
const FLAT = tape`
  09:19  NIFTY 23005  CE 100  23200CE 40
`;
const SPREAD = ['SELL CE', 'BUY 23200CE'];
const NO_STOP = { ...DEFAULT_EXECUTION.disasterStop, on: false };
const HALF_PAST = { squareOffAt: time('09:30') };

function playing(
  handlers: StrategyHandlers,
  changes: Partial<ExecutionSettings> = {},
  { days = [FLAT], faults, extra = [] }: Partial<PlayOptions> & { readonly faults?: FaultPlan } = {},
): Played {
  return play({ days, agents: [scripted(handlers)], parts: { ...executing(changes), faults }, extra });
}

function exits(played: Played): readonly string[] {
  return fills(played)
    .split('\n')
    .filter((line) => !line.includes(' entry '));
}

/** [naked, unhedged] of a structure, ms. */
function exposure(played: Played): readonly number[][] {
  return recordsOf(played, 'structure-closed').map(({ nakedMs, unhedgedMs }) => [nakedMs, unhedgedMs]);
}

function operator(clock: string, ms: number, command: 'flatten' | 'exit-positions'): InputEvent {
  return {
    kind: 'operator-commanded',
    ts: epochMs(at(day('2025-01-06'), istTime(clock)) + ms),
    command,
    scope: 'all',
    by: 'test',
  };
}

/** Fills of the short's exits, one lot each. */
const LOT_BY_LOT: FaultPlan = ({ order }) =>
  order.side === 'BUY' && order.reduceOnly ? { lotsPerFill: 1 } : undefined;

describe('a structure that leaves', () => {
  test('sells the hedge with the word of the bought-back short', () => {
    const played = playing(entering('09:20', SPREAD, HALF_PAST));
    expect(exits(played)).toEqual(['09:30:01.300 TIME BUY CE 100.30', '09:30:01.700 TIME SELL 23200CE 39.85']);
    // Without its stop from the word of the fill to that of the stop; the stop that became the exit stood until it filled.
    expect(exposure(played)).toEqual([[400, 0]]);
  });

  test('does so on the word of an operator too', () => {
    for (const command of ['flatten', 'exit-positions'] as const) {
      const played = playing(entering('09:20', SPREAD), {}, { extra: [operator('09:25', 0, command)] });
      expect(exits(played)).toEqual(['09:25:00.300 MANUAL BUY CE 100.30', '09:25:00.700 MANUAL SELL 23200CE 39.85']);
    }
  });

  test('sells the nearer leg of a debit spread after the further one is bought back', () => {
    const played = playing(entering('09:20', ['BUY CE', 'SELL 23200CE'], HALF_PAST));
    expect(exits(played)).toEqual(['09:30:01.300 TIME BUY 23200CE 40.15', '09:30:01.700 TIME SELL CE 99.70']);
  });

  test('does not wait with legs of the other right', () => {
    const wide = tape`
      09:19  NIFTY 23005  CE 100  23200PE 40
    `;
    const played = playing(entering('09:20', ['SELL CE', 'BUY 23200PE'], HALF_PAST), {}, { days: [wide] });
    expect(exits(played)).toEqual(['09:30:01.300 TIME BUY CE 100.30', '09:30:01.450 TIME SELL 23200PE 39.85']);
  });

  test('lets a hedge lot go with each lot that is bought back', () => {
    const legs = ['SELL CE x4', 'BUY 23200CE x4'];
    const played = playing(entering('09:20', legs, HALF_PAST), { disasterStop: NO_STOP }, { faults: LOT_BY_LOT });
    expect(exits(played)).toEqual([
      '09:30:01.300 TIME BUY CE 100.30',
      '09:30:01.700 TIME SELL 23200CE 39.85',
      '09:30:03.300 TIME BUY CE 100.30',
      '09:30:03.700 TIME SELL 23200CE 39.85',
      '09:30:05.300 TIME BUY CE 100.30',
      '09:30:05.700 TIME SELL 23200CE 39.85',
      '09:30:07.300 TIME BUY CE 100.30',
      '09:30:07.700 TIME SELL 23200CE 39.85',
    ]);
    expect(exposure(played)[0]?.[1]).toBe(0);
  });

  test('keeps the ratio of the plan: one lot of two longs for each two of four shorts', () => {
    const legs = ['BUY CE x2', 'SELL 23200CE x4'];
    const played = playing(entering('09:20', legs, HALF_PAST), { disasterStop: NO_STOP }, { faults: LOT_BY_LOT });
    expect(exits(played)).toEqual([
      '09:30:01.300 TIME BUY 23200CE 40.15',
      '09:30:03.300 TIME BUY 23200CE 40.15',
      '09:30:03.700 TIME SELL CE 99.70',
      '09:30:05.300 TIME BUY 23200CE 40.15',
      '09:30:07.300 TIME BUY 23200CE 40.15',
      '09:30:07.700 TIME SELL CE 99.70',
    ]);
  });

  // The exit is order 3, and its repetitions are 4 to 8; each is asked again two seconds after its refusal.
  const refused: FaultPlan = ({ order }) =>
    order.leg === 'CE' && order.id > 2 && order.id < 9 ? { refusal: 'busy' } : undefined;

  test('keeps the hedge while every order for the short is refused, and raises an alarm', () => {
    const played = playing(entering('09:20', SPREAD, HALF_PAST), { disasterStop: NO_STOP }, { faults: refused });
    expect(recordsOf(played, 'order-rejected')).toHaveLength(6);
    // Six times 2.4 s after 01.000 the seventh goes out.
    expect(exits(played)).toEqual(['09:30:15.700 TIME BUY CE 100.30', '09:30:16.100 TIME SELL 23200CE 39.85']);
    expect(words(played)).toContain(
      '09:30:11.000 note: ALARM: shorts of structure 1 are not out after 10000 ms, their hedges stay until they are',
    );
    // Without any stop from 09:20:01.800 to the word of the exit at 09:30:15.800, and never without its hedge.
    expect(exposure(played)).toEqual([[614_000, 0]]);
  });

  test('raises it after the time that was set', () => {
    const settings = { disasterStop: NO_STOP, exitWaitMs: 3_000 };
    const played = playing(entering('09:20', SPREAD, HALF_PAST), settings, { faults: refused });
    expect(words(played)).toContain('09:30:04.000 note: ALARM: shorts of structure 1 are not out after 3000 ms');
  });

  test('carries the hedge with a short that nobody sells any more, and both settle', () => {
    const dry = tape`
      2025-01-09  expiry 2025-01-09
      09:19  NIFTY 23005  CE 100  23200CE 40
      09:25  CE gap
    `;
    const played = playing(entering('09:20', SPREAD, HALF_PAST), {}, { days: [dry] });
    expect(exits(played)).toEqual([]);
    expect(recordsOf(played, 'settled').map(({ leg, lots }) => `${leg} ${lots}`)).toEqual(['CE 1', '23200CE 1']);
  });

  test('counts a stop that became the exit as cover while it rests, and the hedge stands', () => {
    const dry = tape`
      09:19  NIFTY 23005  CE 100  23200CE 40
      09:30  CE 100 v0
      09:31  CE 100 v?
    `;
    const played = playing(entering('09:20', SPREAD, HALF_PAST), {}, { days: [dry] });
    expect(exits(played).map((line) => line.slice(0, 27))).toEqual([
      '09:31:00.000 TIME BUY CE 10',
      '09:31:00.400 TIME SELL 2320',
    ]);
    expect(exposure(played)).toEqual([[400, 0]]);
  });

  test('waits with the hedge for a short whose entry is still on its way', () => {
    const played = playing(entering('09:20', SPREAD), {}, { extra: [operator('09:20', 1_500, 'flatten')] });
    // The short left at 01.400 and fills at 01.700, before its cancel is there; known at 01.800, bought back at 02.100, known at 02.200.
    expect(fills(played).split('\n').slice(1)).toEqual([
      '09:20:01.700 entry SELL CE 99.70',
      '09:20:02.100 MANUAL BUY CE 100.30',
      '09:20:02.500 MANUAL SELL 23200CE 39.85',
    ]);
    expect(exposure(played)[0]?.[1]).toBe(0);
  });

  test('takes back what rests at the venue for the hedge, and sells it when the short is out', () => {
    const guard: GuardSpec = {
      name: 'stop',
      act: 'stop',
      basis: 'leg',
      leg: '23200CE',
      distance: { pct: 25 },
      closes: 'leg',
      heldBy: 'venue',
    };
    const played = playing(entering('09:20', SPREAD, { ...HALF_PAST, guards: [guard] }));
    expect(exits(played)).toEqual(['09:30:01.300 TIME BUY CE 100.30', '09:30:01.700 TIME SELL 23200CE 39.85']);
    expect(orders(played)).toContain('09:30:01.000 #3 ask cancel');
    expect(orders(played)).toContain('#3 canceled');
  });
});

describe('a guard of the hedge alone', () => {
  test('sells it though the short stays, and the time without it counts', () => {
    const falling = tape`
      09:19  NIFTY 23005  CE 100  23200CE 40
      09:25  23200CE 30
    `;
    const guard: GuardSpec = {
      name: 'stop',
      act: 'stop',
      basis: 'leg',
      leg: '23200CE',
      distance: { pct: 25 },
      closes: 'leg',
    };
    const played = playing(entering('09:20', SPREAD, { ...HALF_PAST, guards: [guard] }), {}, { days: [falling] });
    expect(closes(played).split('\n')[0]).toContain('09:25:00.400 23200CE SL');
    // Out at 09:25:00.400, the short at 09:30:01.400.
    expect(exposure(played)).toEqual([[400, 301_000]]);
  });
});

/** Enters at 09:20 of the first day; on the others it does what it is given at the open. */
function overnight(onOpen: StrategyHandlers['onSessionOpen'], guards: readonly GuardSpec[] = []): StrategyHandlers {
  let days = 0;
  return {
    onSessionOpen: (ctx) => {
      days += 1;
      if (days === 1) ctx.at(time('09:20'), 'go');
      else onOpen?.(ctx);
    },
    onTimer: (ctx) => enter(ctx, SPREAD, { guards }),
  };
}

describe('after a night', () => {
  const GAP = tape`
    2025-01-07  strike 23000
    09:15  NIFTY 23305  CE 220  23200CE 120
  `;
  const leaveAtOpen: StrategyHandlers['onSessionOpen'] = (ctx) => {
    for (const structure of ctx.structures) ctx.exit(structure, 'TIME');
  };

  test('a gap through the stop finds the hedge in place until the short is out', () => {
    const stop: GuardSpec = {
      name: 'stop',
      act: 'stop',
      basis: 'leg',
      leg: 'CE',
      distance: { pct: 25 },
      closes: 'structure',
    };
    const played = playing(overnight(undefined, [stop]), {}, { days: [FLAT, GAP] });
    // The guard fires at the open, its resting stop of the morning is accepted at 00.400 and becomes the exit: 220 + 0.55 + 0.05.
    // 0.25 % of 120 is 0.30.
    expect(exits(played)).toEqual(['09:15:00.700 SL BUY CE 220.60', '09:15:01.100 SL SELL 23200CE 119.65']);
    expect(exposure(played)[0]?.[1]).toBe(0);
  });

  test('an exit is priced by the open, not by yesterday', () => {
    const played = playing(overnight(leaveAtOpen), { disasterStop: NO_STOP }, { days: [FLAT, GAP] });
    // 220 + 2 % = 224.40; 120 - 2 % = 117.60.
    expect(orders(played)).toContain('09:15:00.000 #3 BUY 1 CE LIMIT 224.40 for TIME');
    expect(orders(played)).toContain('09:15:00.400 #4 SELL 1 23200CE LIMIT 117.60 for TIME');
    expect(exits(played)).toEqual(['09:15:00.300 TIME BUY CE 220.60', '09:15:00.700 TIME SELL 23200CE 119.65']);
    expect(exposure(played)[0]?.[1]).toBe(0);
  });

  test('a leg without a price waits for its first one, and says so', () => {
    const late = tape`
      2025-01-07  strike 23000
      09:15  NIFTY 23305  CE gap  23200CE 120
      09:17  CE 220
    `;
    const played = playing(overnight(leaveAtOpen), { disasterStop: NO_STOP }, { days: [FLAT, late] });
    expect(exits(played)).toEqual(['09:17:00.300 TIME BUY CE 220.60', '09:17:00.700 TIME SELL 23200CE 119.65']);
    expect(words(played).split('\n').slice(1)).toEqual([
      '09:15:02.000 note: ALARM: CE of structure 1 has no price today, its exit waits for the first',
      '09:15:10.000 note: ALARM: shorts of structure 1 are not out after 10000 ms, their hedges stay until they are',
    ]);
  });

  test('a leg that is not in the data of the day waits for one where it is, and says so', () => {
    const without = tape`
      2025-01-07  strike 23000
      09:15  NIFTY 23305  23200CE 120
    `;
    const back = tape`
      2025-01-08  strike 23000
      09:15  NIFTY 23305  CE 220  23200CE 120
    `;
    const days = [FLAT, without, back];
    const played = playing(overnight(leaveAtOpen), { disasterStop: NO_STOP }, { days });
    expect(words(played)).toContain('09:15:00.000 note: ALARM: CE of structure 1 cannot leave today: ');
    expect(exits(played)).toEqual(['09:15:00.300 TIME BUY CE 220.60', '09:15:00.700 TIME SELL 23200CE 119.65']);
    expect(played.kernel.held).toEqual([]);
  });
});
