import { describe, expect, test } from 'vitest';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { weeklySignals } from '../../strategies/weekly-signals.ts';
import { fills } from '../support/tell.ts';
import type { Cells } from '../support/weekly-days.ts';
import { bearishWeek, bullishWeek, chain, entries, signals, weekly, weeklyDay } from '../support/weekly-days.ts';

const MONDAY = '2025-01-13';
const PUTS = chain('PE', 22_300, 23_500, 60);
const CALLS = chain('CE', 23_300, 24_000, 60);

/** The Monday after, with options from its open on. */
function monday(hours: string, cells: Cells = { '09:15': `${PUTS} ${CALLS}` }): DayCandles {
  return weeklyDay(MONDAY, hours, { cells });
}

/** S1 at 11:15: 22,960 less the body of 70 are 22,890. */
const BEAR_TRAP = '23050/23060/22960/22980 23010';
/** S3 at 11:15 after the bearish week, with the stop level at last week's high. */
const RESISTANCE = '23430/23460/23400/23440 23435';
/** Nothing at 11:15 and 12:15, S7 at 13:15 with the first low of 22,960. */
const TRAP_THEN_BREAKOUT = `${BEAR_TRAP} 23000 23600`;

describe('an entry', () => {
  test('buys the hedge and sells the put under the stop level at the close of the signal bar', () => {
    const played = weekly([...bullishWeek(), monday(BEAR_TRAP)]);
    expect(entries(played)).toEqual([
      '01-13 11:15:01.000 BUY 01-16 22650 PE',
      '01-13 11:15:01.000 SELL 01-16 22850 PE',
    ]);
    // 60 with a half-spread of 0.15 and a tick of slippage on either side.
    expect(fills(played)).toMatchInlineSnapshot(`
      "11:15:01.300 S1 BUY hedge 60.20
      11:15:01.700 S1 SELL short 59.80"
    `);
  });

  test('sells the call over the stop level after a bearish signal', () => {
    expect(entries(weekly([...bearishWeek(), monday(RESISTANCE)]))).toEqual([
      '01-13 11:15:01.000 BUY 01-16 23700 CE',
      '01-13 11:15:01.000 SELL 01-16 23500 CE',
    ]);
  });

  test('waits for the next hourly close where it is delayed', () => {
    const day = monday(TRAP_THEN_BREAKOUT);
    expect(signals(weekly([...bullishWeek(), day], { entryTiming: 'delayed' }))).toEqual([
      '01-13 11:15:01.000 S1 waits for the next hourly close',
      '01-13 12:15:01.000 S1 taken',
    ]);
  });

  test('trades the next expiry where its weekday says so', () => {
    const options = { '09:15': `${PUTS} 22850PE+ 100 22650PE+ 60` };
    const days = [...bullishWeek(), monday(BEAR_TRAP, options)];
    expect(entries(weekly(days, { expiryByWeekday: { Mon: 'next' } }))[1]).toBe(
      '01-13 11:15:01.000 SELL 01-23 22850 PE',
    );
    expect(entries(weekly(days, { expiryByWeekday: { Tue: 'next' } }))[1]).toBe(
      '01-13 11:15:01.000 SELL 01-16 22850 PE',
    );
    expect(entries(weekly(days, { expiry: 'next' }))[1]).toBe('01-13 11:15:01.000 SELL 01-23 22850 PE');
  });

  test('is not made where the index stands at its stop already', () => {
    // The index at 23,030 is nearest to the strike of 23,050.
    const days = [...bullishWeek(), monday('23050/23060/22960/22980 23030')];
    expect(signals(weekly(days, { strikeRule: 'atm50' }))).toEqual([
      '01-13 11:15:01.000 S1 the index is at its stop already',
    ]);
    expect(signals(weekly(days, { strikeRule: 'atm50', slLevel: 'raw' }))).toEqual(['01-13 11:15:01.000 S1 taken']);
    // Without a stop between closes the stressed loss of 200 points would not fit the day's limit.
    expect(signals(weekly(days, { strikeRule: 'atm50', slBasis: 'hourly_close', lossPerDay: 0 }))).toEqual([
      '01-13 11:15:01.000 S1 taken',
    ]);
  });
});

describe('the sold strike', () => {
  // Levels 22,890 and, of 22,950 less a body of 20, 22,930; the index stands at 23,010.
  test.each([
    ['dir50', BEAR_TRAP, '22850'],
    ['near100', BEAR_TRAP, '22900'],
    ['near50', BEAR_TRAP, '22900'],
    ['atm50', BEAR_TRAP, '23000'],
    ['dir50', '23010/23020/22950/22990 23010', '22900'],
    ['near100', '23010/23020/22950/22990 23010', '22900'],
    ['near50', '23010/23020/22950/22990 23010', '22950'],
  ])('of a put by %s', (strikeRule, hours, strike) => {
    const [, sold] = entries(weekly([...bullishWeek(), monday(hours)], { strikeRule }));
    expect(sold).toBe(`01-13 11:15:01.000 SELL 01-16 ${strike} PE`);
  });

  // Last week's high lies a tick above 23,500: the next fifty upwards is 23,550. The index stands at 23,435.
  test.each([
    ['dir50', '23550'],
    ['near100', '23500'],
    ['near50', '23500'],
    ['atm50', '23450'],
  ])('of a call by %s', (strikeRule, strike) => {
    const [, sold] = entries(weekly([...bearishWeek(23_500.05), monday(RESISTANCE)], { strikeRule }));
    expect(sold).toBe(`01-13 11:15:01.000 SELL 01-16 ${strike} CE`);
  });
});

describe('the bought strike', () => {
  const PREMIUMS = '22850PE 100 22750PE 60 22700PE 45 22650PE 38 22600PE 31 22550PE 28 22500PE 20';
  test.each([
    ['so many points further out', { hedgeOffset: 300 }, '22550'],
    // 30 and 28 per cent of 100: 31 and 28 are nearest.
    ['with the premium that is nearest to a share', { hedgeMethod: 'percent' }, '22600'],
    ['with another share', { hedgeMethod: 'percent', hedgePremiumPct: 28 }, '22550'],
    ['with the nearest premium of those that are near enough', { hedgeMethod: 'percent', hedgeFurthest: 200 }, '22650'],
    ['at the fallback where none of them has a price', { hedgeMethod: 'percent', hedgeNearest: 400 }, '22600'],
    ['at another fallback', { hedgeMethod: 'percent', hedgeNearest: 400, hedgeFallback: 300 }, '22550'],
  ])('is %s', (_text, params, strike) => {
    const [bought] = entries(weekly([...bullishWeek(), monday(BEAR_TRAP, { '09:15': PREMIUMS })], params));
    expect(bought).toBe(`01-13 11:15:01.000 BUY 01-16 ${strike} PE`);
  });
});

describe('a signal without a price', () => {
  // The put of 22,850 is not there, those of the breakout are.
  const without = { '09:15': '22950PE 100 22750PE 60 22650PE 60' };
  const stale = { '09:15': '22950PE 100 22750PE 60 22650PE 60 22850PE 100', '09:30': '22850PE gap' };
  test.each([
    ['is not listed', without, 'no PE of 22850 2025-01-16 in the data'],
    ['has no fresh price', stale, 'no fresh price of the sold 22850 PE'],
  ])('uses up its week where its option %s, or leaves it', (_text, cells, gate) => {
    const days = [...bullishWeek(), monday(TRAP_THEN_BREAKOUT, cells)];
    expect(signals(weekly(days))).toEqual([`01-13 11:15:01.000 S1 ${gate}`]);
    expect(signals(weekly(days, { consumeWeekOnNoPrice: false }))).toEqual([
      `01-13 11:15:01.000 S1 ${gate}`,
      '01-13 13:15:01.000 S7 taken',
    ]);
  });

  test('says which hedge it lacks', () => {
    const days = [...bullishWeek(), monday(BEAR_TRAP, { '09:15': '22850PE 100' })];
    expect(signals(weekly(days))).toEqual(['01-13 11:15:01.000 S1 no PE of 22650 2025-01-16 in the data']);
    const old = { '09:15': '22850PE 100 22650PE 60', '09:30': '22650PE gap' };
    expect(signals(weekly([...bullishWeek(), monday(BEAR_TRAP, old)]))).toEqual([
      '01-13 11:15:01.000 S1 no fresh price of the bought 22650 PE',
    ]);
  });
});

describe('which signal it is', () => {
  test('a signal that is left out does not use up its week', () => {
    const days = [...bullishWeek(), monday(TRAP_THEN_BREAKOUT)];
    expect(signals(weekly(days))).toEqual(['01-13 11:15:01.000 S1 taken']);
    expect(signals(weekly(days, { signals: ['S6', 'S7'] }))).toEqual(['01-13 13:15:01.000 S7 taken']);
  });

  test('S4 comes before S7 on the same bar, and the other way round only where S4 is left out', () => {
    const days = [...bearishWeek(), monday('23510/23550/23490/23520 23600')];
    expect(signals(weekly(days))).toEqual(['01-13 11:15:01.000 S4 taken']);
    expect(signals(weekly(days, { signals: ['S1', 'S7'] }))).toEqual(['01-13 11:15:01.000 S7 taken']);
  });

  test('only the second bar is judged where the parameter says so', () => {
    const days = [...bullishWeek(), monday(TRAP_THEN_BREAKOUT)];
    expect(signals(weekly(days, { signals: ['S7'], onlyAt1115: true }))).toEqual([]);
    expect(signals(weekly(days, { signals: ['S1'], onlyAt1115: true }))).toEqual(['01-13 11:15:01.000 S1 taken']);
  });

  test('S8 wants the touch of the upper zone by any bar of the week, or by its own', () => {
    // The first bar reaches 23,460, over 23,450; the second closes under the first low without another touch.
    const days = [...bullishWeek(), monday('23420/23460/23300/23310 23250')];
    expect(entries(weekly(days))[1]).toBe('01-13 11:15:01.000 SELL 01-16 23500 CE');
    expect(entries(weekly(days, { s8Touch: 'bar' }))).toEqual([]);
  });

  test('a first bar that touches the lower zone lets S2 do without its margins', () => {
    // It opens 180 points above the bottom of the zone, 30 more than the margin.
    const days = [...bullishWeek(), monday('23180/23200/23050/23190 23195')];
    expect(entries(weekly(days))).toEqual([]);
    expect(entries(weekly(days, { touchBypass: true }))[1]).toBe('01-13 11:15:01.000 SELL 01-16 23000 PE');
  });

  test('a breakout that S7 refuses is spent, or comes again', () => {
    // 23,450 lies 0.21 per cent under last week's high; after a dip 23,600 is above it.
    const days = [...bullishWeek(), monday('23400/23420/23390/23410 23450 23400 23600')];
    expect(entries(weekly(days))).toEqual([]);
    expect(entries(weekly(days, { breakoutLatch: 'edge' }))[1]).toBe('01-13 13:15:01.000 SELL 01-16 23350 PE');
  });

  test('a breakout on a later day takes two bars', () => {
    const calm = monday('23200/23220/23180/23200');
    const cells = { '09:15': PUTS };
    const tuesday = weeklyDay('2025-01-14', '23540 23539 23600', { from: 23_200, cells });
    expect(entries(weekly([...bullishWeek(), calm, tuesday]))[1]).toBe('01-14 12:15:01.000 SELL 01-16 23150 PE');
  });

  // S6 at 11:15 needs a first high at or above the upper zone and a close below it. Its bottom is 23,450 by sessions, 23,440 by clock, 23,470 four
  // in a row (Monday's last three and Tuesday's first), 23,480 of one hour (Friday's second).
  test.each([
    ['session', ['01-13 11:15:01.000 S6 taken']],
    ['clock4', []],
    ['seq4', []],
    ['hour1', []],
  ])('bodies of four hours by %s', (fourHourMode, told) => {
    const [mon, , wed, thu] = bearishWeek() as [DayCandles, DayCandles, DayCandles, DayCandles];
    const tue = weeklyDay('2025-01-07', '23470 23200', { from: 23_200 });
    const fri = weeklyDay('2025-01-10', '23300 23480 23440 23440/23500/23440/23450 23440 23430 23420', {
      from: 23_200,
    });
    const days = [mon, tue, wed, thu, fri, monday('23200/23460/23190/23440 23445')];
    expect(signals(weekly(days, { fourHourMode }))).toEqual(told);
  });
});

describe('parameters', () => {
  test('limits of its own rules are handed to the RMS', () => {
    const limits = (params: Record<string, unknown>) =>
      weeklySignals.limits?.(weeklySignals.params.parse(params), 'NIFTY');
    expect(limits({})).toEqual({ structuresOpenMax: 3, lossPerDayMax: 1_000_000 });
    expect(limits({ structuresOpenMax: 1, lossPerDay: 2_500.5 })).toEqual({
      structuresOpenMax: 1,
      lossPerDayMax: 250_050,
    });
    expect(limits({ lossPerDay: 0 })).toEqual({ structuresOpenMax: 3, lossPerDayMax: undefined });
  });

  test.each([
    ['NIFTY', {}, undefined],
    ['SENSEX', {}, 'parameter strikeRule of SENSEX must be near100, since its strikes are 100 points apart, was dir50'],
    ['BANKNIFTY', { strikeRule: 'near100' }, undefined],
    [
      'BANKNIFTY',
      { strikeRule: 'near100', hedgeOffset: 250 },
      'parameter hedgeOffset must be a multiple of the strike step of BANKNIFTY, 100, was 250',
    ],
    [
      'BANKNIFTY',
      { strikeRule: 'near100', hedgeMethod: 'percent' },
      'parameter hedgeFallback must be a multiple of the strike step of BANKNIFTY, 100, was 250',
    ],
    ['NIFTY', { hedgeNearest: 600 }, 'parameter hedgeNearest must not be above hedgeFurthest, was 600 and 500'],
    ['NIFTY', { profitLockArmPct: 5 }, 'parameter profitLockArmPct must be above profitLockExitPct, was 5 and 5'],
    [
      'NIFTY',
      { exitMode: 'intraday1515', exitAt: '11:00' },
      'parameter exitAt must not be before the first signal of a week at 11:15, was 11:00',
    ],
    ['NIFTY', { exitMode: 'intraday1515', exitAt: '11:00', lateSignal: 'nextOpen' }, undefined],
    [
      'NIFTY',
      { exitMode: 'tPlusN', exitAt: '09:15' },
      'parameter exitAt must be after 09:15 and before 15:30, was 09:15',
    ],
    [
      'NIFTY',
      { exitMode: 'tPlusN', exitAt: '15:30' },
      'parameter exitAt must be after 09:15 and before 15:30, was 15:30',
    ],
    ['NIFTY', { exitMode: 'tPlusN', exitAt: '09:16' }, undefined],
  ] as const)('of %s are refused where they do not go together: %o', (segment, params, refusal) => {
    expect(weeklySignals.refuse?.(weeklySignals.params.parse(params), segment)).toBe(refusal);
  });
});
