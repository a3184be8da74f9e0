import { describe, expect, test } from 'vitest';
import { clockText, istTime } from '../../engine/model/time.ts';
import { defaultRmsSettings } from '../../engine/risk/rms-settings.ts';
import type { FaultyRequest } from '../../engine/venue/fault-plan.ts';
import { straddleVwapSpread } from '../../strategies/straddle-vwap-spread.ts';
import { lookAhead } from '../support/look-ahead.ts';
import type { Played } from '../support/play.ts';
import { agentPlan } from '../support/play.ts';
import type { Step } from '../support/straddle-tape.ts';
import { again, onStraddle, straddleDay } from '../support/straddle-tape.ts';
import { closes, fills, recordsOf, words } from '../support/tell.ts';

/** Until 09:21 the index between 22,995 and 23,005, so that is the range of the first three minutes too, and the straddle at 200. */
const CALM: readonly Step[] = [
  [23_000, 200],
  [23_005, 200],
  [22_995, 200],
  [23_000, 200],
  [23_000, 199],
  [23_000, 200],
];
/** At 09:22 the index stands at 23,006 and the straddle at 202, over its VWAP of (200 + 202) / 2. */
const UP: readonly Step[] = [...CALM, [23_006, 202]];
const DOWN: readonly Step[] = [...CALM, [22_994, 202]];
const spread = (steps: readonly Step[], params: Record<string, unknown> = {}) =>
  onStraddle(straddleVwapSpread, straddleDay(steps), params);

function legs(played: Played): readonly string[] {
  return recordsOf(played, 'structure-opened').map((opened) =>
    opened.legs
      .map(
        ({ contract, side, lots }) => `${side === 'SELL' ? '-' : ''}${lots} ${contract.split(' ').slice(2).join('')}`,
      )
      .join(', '),
  );
}

/** What was said of stops. */
const notes = (played: Played) =>
  words(played)
    .split('\n')
    .filter((line) => line.includes('note:'));

const reads = (params: Record<string, unknown>) =>
  agentPlan(straddleVwapSpread, 'NIFTY', params).params as Parameters<typeof straddleVwapSpread.create>[0];

describe('a break of the range with the straddle above its VWAP', () => {
  test('upwards buys the call at the money and sells the one above', () => {
    const played = spread(UP);
    expect(legs(played)).toEqual(['1 23000CE, -1 23050CE']);
    // 101: 0.2525 is 0.30 on ticks, and a tick; 80: 0.20 and a tick.
    expect(fills(played).split('\n').slice(0, 2)).toEqual([
      '09:22:01.300 BULL_CALL_SPREAD BUY CE bought 101.35',
      '09:22:01.700 BULL_CALL_SPREAD SELL CE sold 79.75',
    ]);
    expect(recordsOf(played, 'signal')[0]).toMatchObject({
      name: 'BULL_CALL_SPREAD',
      taken: true,
      seen: {
        straddle: 20_200,
        vwap: 20_100,
        high: 20_000,
        low: 19_900,
        spot: 2_300_600,
        openingHigh: 2_300_500,
        openingLow: 2_299_500,
        stopAbove: null,
        stopBelow: 19_900,
      },
    });
  });

  test('downwards buys the put at the money and sells the one below', () => {
    expect(legs(spread(DOWN))).toEqual(['1 23000PE, -1 22950PE']);
    expect(words(spread(DOWN))).toContain('09:22:01.000 BEAR_PUT_SPREAD taken');
  });

  test('sells as many strikes further out as it is told', () => {
    expect(legs(spread(UP, { otmSteps: 2 }))).toEqual(['1 23000CE, -1 23100CE']);
    expect(legs(spread(DOWN, { otmSteps: 2 }))).toEqual(['1 23000PE, -1 22900PE']);
    expect(words(spread(UP, { otmSteps: 3 })).split('\n')[0]).toBe(
      '09:22:01.000 BULL_CALL_SPREAD skipped: no CE of 23150 2025-01-09 in the data',
    );
  });

  test('at the edge of the range is none', () => {
    expect(words(spread([...CALM, [23_005, 202], [22_995, 203]]))).toBe('');
  });

  test('with the straddle at its VWAP or below is skipped and said', () => {
    // 09:20 at 200 and 09:21 at 200: the VWAP is 200 too.
    const level = spread([...CALM, [23_006, 200]]);
    expect(words(level).split('\n')).toEqual([
      '09:22:01.000 BULL_CALL_SPREAD skipped: the straddle is not above its VWAP',
      '15:00:01.000 BULL_CALL_SPREAD skipped: not before 15:00',
    ]);
    expect(recordsOf(level, 'signal')[0]?.seen).toMatchObject({ straddle: 20_000, vwap: 20_000 });
    expect(words(spread([...CALM, [22_994, 198]]))).toContain(
      'BEAR_PUT_SPREAD skipped: the straddle is not above its VWAP',
    );
  });

  test('with a sold leg without a price is skipped and said', () => {
    const stale: readonly Step[] = [...CALM.slice(0, 2), [22_995, 200, '23050CE gap'], ...CALM.slice(3), [23_006, 202]];
    expect(words(spread(stale)).split('\n')[0]).toBe(
      '09:22:01.000 BULL_CALL_SPREAD skipped: no fresh price of the 23050 CE',
    );
  });

  test('in a minute without a price of the straddle is skipped and said', () => {
    expect(words(spread([...CALM, [23_006, 202, '23000PE -'], [23_000, 202]]))).toBe(
      '09:22:01.000 BULL_CALL_SPREAD skipped: no price of the 23000 PE in this minute',
    );
  });

  test('before its windows are full or anything was traded since the anchor is skipped and said', () => {
    // The range of three minutes is over at 09:18, the fourth value of the straddle comes at 09:19.
    const early: readonly Step[] = [
      [23_000, 200],
      [23_000, 200],
      [23_000, 200],
      [23_006, 202],
      [23_000, 202],
    ];
    expect(words(spread(early))).toBe('09:19:01.000 BULL_CALL_SPREAD skipped: no VWAP: nothing traded since 09:20');
    const torn: readonly Step[] = [[23_000, 200, '23000CE -'], ...early.slice(1)];
    expect(words(spread(torn, { anchorTime: '09:15' }))).toBe(
      '09:19:01.000 BULL_CALL_SPREAD skipped: fewer than 3 values of the straddle',
    );
  });

  test('from 15:00 on is skipped and said', () => {
    // The tape's first values hold from 09:15 on: the opening range is a point at 23,000.
    const late = (from: string) =>
      onStraddle(
        straddleVwapSpread,
        straddleDay(
          [
            [23_000, 200],
            [23_006, 202],
          ],
          { from },
        ),
      );
    expect(words(late('14:58'))).toBe('15:00:01.000 BULL_CALL_SPREAD skipped: not before 15:00');
    expect(words(late('14:57'))).toContain('14:59:01.000 BULL_CALL_SPREAD taken');
    expect(closes(late('14:57')).split('\n').at(-1)).toMatch(/^15:15:01\.\d+ structure 1 TIME/);
  });
});

describe('the stop', () => {
  test('is the low of the straddle before the entry', () => {
    const played = spread([...UP, [23_006, 199.5], [23_000, 199]]);
    expect(words(played).split('\n').slice(1)).toEqual([
      '09:23:01.000 BULL_CALL_SPREAD skipped: in a trade',
      '09:24:01.000 note: structure 1: SL, the straddle at 199.00 reached 199.00',
    ]);
    expect(closes(played).split('\n').at(-1)).toMatch(/^09:24:01\.\d+ structure 1 SL gross -\d/);
  });

  test('trails each new peak by a per cent and never loosens', () => {
    // 204 x 0.99 = 201.96; 203 is no peak; 206.05 x 0.99 = 203.9895, to the paisa 203.99; 204 holds, 203.95 does not.
    const day: readonly Step[] = [
      ...UP,
      [23_000, 204],
      [23_000, 203],
      [23_000, 206.05],
      [23_000, 204],
      [23_000, 203.95],
    ];
    const played = spread(day);
    expect(words(played).split('\n').slice(1)).toEqual([
      '09:23:01.000 note: structure 1: stop moved to 201.96, the straddle best at 204.00',
      '09:25:01.000 note: structure 1: stop moved to 203.99, the straddle best at 206.05',
      '09:27:01.000 note: structure 1: TSL, the straddle at 203.95 reached 203.99',
    ]);
    const trail = (params: Record<string, unknown>) => words(spread(day, params)).split('\n').slice(1);
    expect(trail({ trailPct: 0 })).toEqual([]);
    // Two per cent: 199.92, then 201.929.
    expect(trail({ trailPct: 2 })).toEqual([
      '09:23:01.000 note: structure 1: stop moved to 199.92, the straddle best at 204.00',
      '09:25:01.000 note: structure 1: stop moved to 201.93, the straddle best at 206.05',
    ]);
  });

  test('begins anew with each trade: an earlier peak is forgotten', () => {
    // Stopped on the way down from 210, entered again at 209 while the range is still broken: 209 is no new peak of anything but its own.
    const day: readonly Step[] = [...UP, [23_006, 210], [23_006, 207], [23_006, 209], [23_006, 209]];
    const played = spread(day, { breakWhen: 'beyond' });
    expect(words(played).split('\n')).toEqual([
      '09:22:01.000 BULL_CALL_SPREAD taken',
      '09:23:01.000 BULL_CALL_SPREAD skipped: in a trade',
      // 210 x 0.99 = 207.90.
      '09:23:01.000 note: structure 1: stop moved to 207.90, the straddle best at 210.00',
      '09:24:01.000 note: structure 1: TSL, the straddle at 207.00 reached 207.90',
      '09:25:01.000 BULL_CALL_SPREAD taken',
      '09:26:01.000 BULL_CALL_SPREAD skipped: in a trade',
      '15:16:01.000 BULL_CALL_SPREAD skipped: not before 15:00',
    ]);
    expect(recordsOf(played, 'signal').find(({ seen }) => seen['straddle'] === 20_900)?.seen).toMatchObject({
      stopBelow: 20_200,
    });
  });

  test('is never laid past the straddle itself', () => {
    // The large volume at 195 keeps the VWAP near that; the three values before 203 are 206 each.
    const day: readonly Step[] = [
      ...again(5, [23_000, 206]),
      [23_000, 195, '23000CE 97.5 v1000000'],
      ...again(3, [23_000, 206, '23000CE 103 v75 23000PE 103 v75']),
      [23_006, 203],
      [23_006, 203],
    ];
    const played = spread(day);
    expect(recordsOf(played, 'signal')[0]?.seen).toMatchObject({ straddle: 20_300, low: 20_600, stopBelow: 20_300 });
    expect(notes(played)[0]).toBe('09:26:01.000 note: structure 1: SL, the straddle at 203.00 reached 203.00');
  });

  test('reads the index where it is told to', () => {
    // The low of the index before the break is 23,000; at 198 the straddle would be stopped.
    const index = spread([...UP, [23_010, 198], [23_000.05, 198], [23_000, 198]], { slBasis: 'index' });
    expect(notes(index).at(-1)).toBe('09:25:01.000 note: structure 1: SL, the index at 23000.00 reached 23000.00');
    expect(notes(spread([...UP, [23_010, 198]]))[0]).toBe(
      '09:23:01.000 note: structure 1: SL, the straddle at 198.00 reached 199.00',
    );
    // Downwards it stands above: the high of the index is 23,000 there too.
    const down = spread([...DOWN, [22_980, 198], [23_000, 198]], { slBasis: 'index' });
    expect(notes(down).at(-1)).toBe('09:24:01.000 note: structure 1: SL, the index at 23000.00 reached 23000.00');
  });

  test('trails on the index by its peak, or its low for puts', () => {
    // 0.1 % of 23,020 is 23.02: 22,996.98 is below 23,000. At 23,100 it is 23,076.90, which 23,076 reaches.
    const up: readonly Step[] = [...UP, [23_020, 202], [23_100, 202], [23_076, 202]];
    expect(notes(spread(up, { slBasis: 'index', trailPct: 0.1 })).slice(0, 2)).toEqual([
      '09:24:01.000 note: structure 1: stop moved to 23076.90, the index best at 23100.00',
      '09:25:01.000 note: structure 1: TSL, the index at 23076.00 reached 23076.90',
    ]);
    // 22,900 x 1.001 = 22,922.90.
    const down: readonly Step[] = [...DOWN, [22_900, 202], [22_923, 202]];
    expect(notes(spread(down, { slBasis: 'index', trailPct: 0.1 })).slice(0, 2)).toEqual([
      '09:23:01.000 note: structure 1: stop moved to 22922.90, the index best at 22900.00',
      '09:24:01.000 note: structure 1: TSL, the index at 22923.00 reached 22922.90',
    ]);
  });

  test('does not move in the minute in which the strike changed', () => {
    // The straddle of 23,050 at 215: a peak, and one of another strike, that the minute after may count.
    const day: readonly Step[] = [...UP, [23_030, 202, '23050CE 100'], [23_030, 202, '23050CE 100']];
    expect(notes(spread(day))).toEqual([
      '09:24:01.000 note: structure 1: stop moved to 212.85, the straddle best at 215.00',
    ]);
    expect(notes(spread(day, { afterStrikeChange: 'rewindow' }))).toEqual([
      '09:23:01.000 note: structure 1: stop moved to 212.85, the straddle best at 215.00',
    ]);
  });
});

test('between closes the stop is looked at where that is asked for', () => {
  // Within the minute from 09:23 the put goes to 94 and back: with the call at 101 the straddle stood at 195, under its low of 199.
  const dip = [...UP, [23_006, 202], [23_006, 202, '23000PE 101 101 94 101'], [23_006, 202]] as const;
  expect(notes(spread(dip))).toEqual([]);
  expect(notes(spread(dip, { evaluateOn: 'quote' }))).toEqual([
    // A path goes to the nearer extreme first, here the open itself, and to the other at the fortieth second.
    '09:23:40.000 note: structure 1: SL, the straddle at 195.00 reached 199.00',
  ]);
});

describe('the resting stop of the sold leg', () => {
  // The index runs 60 points for it: the sold call goes from 80 to 125, the bought one from 101 to 150, the straddle of 23,050 to 240.
  const day: readonly Step[] = [...UP, [23_006, 202], [23_060, 202, '23000CE 150 23000PE 60 23050CE 125']];

  test('is not reached by what the spread gains from', () => {
    const played = spread(day);
    const lines = closes(played).split('\n');
    expect(lines).toHaveLength(3);
    // Sold at 149.55 (0.375 is 0.40 on ticks, and a tick) and bought back at 125.40: (149.55 - 101.35) - (125.40 - 79.75) = 2.55, by 75.
    expect(lines.at(-1)).toMatch(/^15:15:01\.\d+ structure 1 TIME gross 191.25$/);
  });

  test('stands where its parameter says, ten premiums above the one it was sold at by default', () => {
    const trigger = (played: Played) =>
      recordsOf(played, 'order-placed').find(({ purpose, leg }) => purpose === 'protection' && leg === 'CE sold')
        ?.terms;
    // 79.75 x 11 and x 1.5, to the tick.
    expect(trigger(spread(day))).toMatchObject({ kind: 'STOP_LIMIT', trigger: 87_725 });
    expect(trigger(spread(day, { spreadRestingStopPct: 50 }))).toMatchObject({ kind: 'STOP_LIMIT', trigger: 11_965 });
  });

  test('tears the spread where it is set close, for more than the spread can lose', () => {
    // Within a minute the sold call is at 130 and back at 82. It paid 101.35 - 79.75 = 21.60 a unit, 1,620 rupees, and that is its worst.
    const spike: readonly Step[] = [...UP, [23_006, 202], [23_006, 202, '23050CE 80 130 80 82']];
    const torn = recordsOf(spread(spike, { spreadRestingStopPct: 50 }), 'structure-closed')[0];
    expect(torn?.reason).toBe('STOP');
    expect(torn?.gross).toBeLessThan(-162_000);
    // Sold at 100.65 and bought back at 82.30: (100.65 - 101.35) - (82.30 - 79.75) = -3.25, by 75.
    expect(closes(spread(spike)).split('\n').at(-1)).toMatch(/structure 1 TIME gross -243.75$/);
  });
});

describe('the range', () => {
  test('is broken for one trade until the index was back inside, while it stands beyond it, or only as it goes there', () => {
    // Stopped at 09:24 with the index still beyond the range, and at 09:26 with it back inside; beyond it again at 09:28.
    const day: readonly Step[] = [
      ...UP,
      [23_006, 210],
      [23_006, 203],
      [23_006, 210],
      [23_000, 201],
      [23_000, 201],
      [23_006, 210],
    ];
    const taken = (params: Record<string, unknown>) =>
      recordsOf(spread(day, params), 'structure-opened').map(({ ts }) => clockText(ts).slice(0, 5));
    expect(taken({})).toEqual(['09:22', '09:28']);
    expect(taken({ breakWhen: 'beyond' })).toEqual(['09:22', '09:25', '09:28']);
    expect(taken({ breakWhen: 'crosses' })).toEqual(['09:22', '09:28']);
    // It goes beyond the range with the straddle under its VWAP, and stands there when that rises above it.
    const late: readonly Step[] = [...CALM.slice(0, 5), [23_006, 199], [23_006, 203]];
    const taken2 = (params: Record<string, unknown>) =>
      recordsOf(spread(late, params), 'structure-opened').map(({ ts }) => clockText(ts).slice(0, 5));
    expect(taken2({})).toEqual(['09:22']);
    expect(taken2({ breakWhen: 'crosses' })).toEqual([]);
  });

  test('may be the last minutes instead of the first', () => {
    // 23,004 is inside the opening range and over the last three values, 23,000 each.
    const day: readonly Step[] = [...CALM, [23_004, 202]];
    expect(words(spread(day))).toBe('');
    expect(words(spread(day, { rangeMode: 'rolling' }))).toContain('09:22:01.000 BULL_CALL_SPREAD taken');
    // And 23,006 after 23,010 is outside the one and inside the other.
    const back: readonly Step[] = [...CALM.slice(0, 5), [23_010, 199], [23_006, 203]];
    expect(words(spread(back))).toContain('09:22:01.000 BULL_CALL_SPREAD taken');
    expect(words(spread(back, { rangeMode: 'rolling' }))).not.toContain('09:22');
  });

  test('may include the present value, which then is its extreme', () => {
    const day: readonly Step[] = [...CALM.slice(0, 5), [23_004, 199], [23_004, 203]];
    expect(words(spread(day, { rangeMode: 'rolling' }))).not.toContain('taken');
    expect(words(spread(day, { rangeMode: 'rolling', windowIncludesCurrent: true }))).toContain(
      '09:22:01.000 BULL_CALL_SPREAD taken',
    );
  });

  test('may be that of the extremes of its candles', () => {
    const day = straddleDay([[23_000, 200, 'NIFTY 23000 23008 22990 23000'], ...UP.slice(1)]);
    expect(words(onStraddle(straddleVwapSpread, day))).toContain('09:22:01.000 BULL_CALL_SPREAD taken');
    expect(words(onStraddle(straddleVwapSpread, day, { rangeOn: 'extreme' }))).toBe('');
    expect(straddleVwapSpread.universe(reads({ rangeOn: 'extreme' }), 'NIFTY').series).toEqual([
      { span: 60_000, warmUp: 0 },
    ]);
  });
});

describe('a spread that could not be had', () => {
  const trend: readonly Step[] = [...CALM, ...Array.from({ length: 12 }, (_, m): Step => [23_006 + m, 202 + m])];
  const taken = (played: Played) => recordsOf(played, 'structure-opened').map(({ ts }) => clockText(ts).slice(0, 5));
  const entryOf = (sides: readonly string[], until = 99) => ({
    parts: {
      faults: ({ order }: FaultyRequest) =>
        order.purpose === 'entry' && sides.includes(order.side) && order.structure <= until
          ? { refusal: 'the contract is blocked' }
          : undefined,
    },
  });

  test('because the RMS denied it is looked for again: nothing was bought beyond the range', () => {
    const from = { ...defaultRmsSettings, entryFrom: istTime('09:24') };
    const played = onStraddle(straddleVwapSpread, straddleDay(trend), {}, { parts: { risk: from } });
    expect(words(played).split('\n').slice(0, 2)).toEqual([
      '09:22:01.000 BULL_CALL_SPREAD skipped: trading-window: entries begin at 09:24, it is 09:22',
      '09:23:01.000 BULL_CALL_SPREAD skipped: trading-window: entries begin at 09:24, it is 09:23',
    ]);
    expect(taken(played)).toEqual(['09:24']);
  });

  test('because the venue refused all of it is looked for again, twice at most', () => {
    const once = onStraddle(straddleVwapSpread, straddleDay(trend), {}, entryOf(['BUY', 'SELL'], 1));
    expect(taken(once)).toEqual(['09:22', '09:23']);
    expect(closes(once).split('\n').at(-1)).toMatch(/structure 2 TIME/);
    const always = onStraddle(straddleVwapSpread, straddleDay(trend), {}, entryOf(['BUY', 'SELL']));
    expect(taken(always)).toEqual(['09:22', '09:23']);
    expect(notes(always).slice(1)).toEqual([
      '09:23:01.400 note: structure 2 ended without a fill',
      '09:23:01.400 note: structure 2: nothing more is entered today, 2 structures in a row were not whole',
    ]);
  });

  test.for(['once', 'beyond', 'crosses'])(
    'because the venue refused what is sold, is bought no more until the index was back in its range: %s',
    (breakWhen) => {
      const played = onStraddle(straddleVwapSpread, straddleDay(trend), { breakWhen }, entryOf(['SELL']));
      expect(taken(played)).toEqual(['09:22']);
      const back = straddleDay([...trend, [23_000, 215], [23_010, 216], [23_010, 217]]);
      expect(taken(onStraddle(straddleVwapSpread, back, { breakWhen }, entryOf(['SELL'], 1)))).toEqual([
        '09:22',
        '09:35',
      ]);
    },
  );
});

describe('a straddle that stays at the strike of the anchor', () => {
  // From 09:24 on the index runs 10 points a minute, to 23,606, and the straddle of 23,000 with it.
  const trend: readonly Step[] = [...UP, ...Array.from({ length: 61 }, (_, m): Step => [23_006 + 10 * m, 202 + 5 * m])];

  test('is read however far a trend day takes the index from it', () => {
    const played = spread(trend, { straddleStrike: 'fixed' });
    expect(legs(played)).toEqual(['1 23000CE, -1 23050CE']);
    expect(notes(played).filter((line) => line.includes('cannot be read'))).toEqual([]);
    // Before 09:20 alone.
    expect(played.trace.filter(({ kind, values }) => kind === 'minute' && values['straddle'] === null)).toHaveLength(4);
    // 502 x 0.99.
    expect(notes(played).at(-1)).toBe(
      '10:23:01.000 note: structure 1: stop moved to 496.98, the straddle best at 502.00',
    );
    expect(closes(played).split('\n').at(-1)).toMatch(/^15:15:01\.\d+ structure 1 TIME/);
  });

  test('is within its window after ten per cent of any level that is expected', () => {
    const around = (params: Record<string, unknown>, segment: 'NIFTY' | 'BANKNIFTY' | 'SENSEX') =>
      straddleVwapSpread.universe(reads(params), segment).strikesAround;
    // 4,000 points of NIFTY in steps of 50, 9,000 and 13,000 in steps of 100, and four more for a window that has not moved yet.
    const fixed = { straddleStrike: 'fixed' };
    expect([around(fixed, 'NIFTY'), around(fixed, 'BANKNIFTY'), around(fixed, 'SENSEX')]).toEqual([84, 94, 134]);
    expect([around({}, 'NIFTY'), around({ otmSteps: 3 }, 'SENSEX')]).toEqual([6, 8]);
  });
});

describe('its parameters', () => {
  test('have the defaults of the rule', () => {
    expect(reads({})).toMatchObject({
      anchorTime: '09:20',
      pivotWindow: 15,
      rangeMode: 'opening',
      rangeOn: 'close',
      breakWhen: 'once',
      otmSteps: 1,
      trailPct: 1,
      spreadRestingStopPct: 1_000,
      unwindsMax: 2,
      slBasis: 'straddle',
      entryTo: '15:00',
      exitAt: '15:15',
    });
    expect(straddleVwapSpread.refuse?.(reads({}), 'NIFTY')).toBeUndefined();
    expect(straddleVwapSpread.refuse?.(reads({ rangeMode: 'rolling', rangeOn: 'extreme' }), 'NIFTY')).toBe(
      'parameter rangeOn extreme goes with rangeMode opening, was with rolling',
    );
  });

  test.for([{ otmSteps: 0 }, { trailPct: -1 }, { rangeMode: 'fixed' }, { ratio: '2:1' }, { legsByDte: [] }])(
    'refuse %o',
    (params) => {
      expect(() => reads(params)).toThrow();
    },
  );
});

test('noise after a minute changes nothing before it', () => {
  const walk: Step[] = Array.from({ length: 300 }, (_, m) => {
    const wave = Math.round(20 * Math.sin(m / 11) + 4 * Math.sin(m / 2));
    return [23_000 + wave, Math.round((200 + 12 * Math.sin(m / 7) + m / 20) * 10) / 10];
  });
  const { decisions, changed } = lookAhead({
    day: straddleDay(walk),
    agents: () => [agentPlan(straddleVwapSpread, 'NIFTY', { pivotWindow: 5, rangeMode: 'rolling' })],
  });
  expect(changed).toEqual([]);
  expect(decisions).toBeGreaterThan(100);
});
