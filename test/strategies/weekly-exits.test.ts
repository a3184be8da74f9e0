import { describe, expect, test } from 'vitest';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { paise } from '../../engine/model/units.ts';
import type { FaultPlan } from '../../engine/venue/fault-plan.ts';
import { closes, fills, guards, words } from '../support/tell.ts';
import type { Cells } from '../support/weekly-days.ts';
import { bearishWeek, bullishWeek, chain, signals, weekly, weeklyDay } from '../support/weekly-days.ts';

/** S1 at 11:15: sells the put of 22,850 under 22,890, buys that of 22,650; the index stands at 23,010. */
const BEAR_TRAP = '23050/23060/22960/22980 23010';
const OPTIONS = '22850PE 100 22650PE 40';
/** The week of the trade; its options expire on Thursday. */
const [MON, TUE, WED, THU] = ['2025-01-13', '2025-01-14', '2025-01-15', '2025-01-16'];

/** Monday with the trade and more hours after it. */
function monday(more = '', cells: Cells = {}): DayCandles {
  return weeklyDay(MON ?? '', `${BEAR_TRAP} ${more}`, { cells: { '09:15': OPTIONS, ...cells } });
}

/** A later day on which the index stands at one level, or goes where it is told to. */
function later(on: string | undefined, hours = '23010', cells: Cells = {}): DayCandles {
  return weeklyDay(on ?? '', hours, { from: 23_010, cells: { '09:15': OPTIONS, ...cells } });
}

/** When and why a structure closed. */
function ended(played: Parameters<typeof closes>[0]): string {
  return closes(played)
    .split('\n')
    .filter((line) => line.includes('structure'))
    .join('\n');
}

describe('the stop on the index', () => {
  // From 13:15 on the index falls from 22,950 to 22,840 between 13:20 and 13:25, and it closes that hour at 22,900.
  const touched = monday('23000 22950 22950/22950/22840/22900');

  test('closes both legs at the very instant at which the index is at the sold strike', () => {
    const played = weekly([...bullishWeek(), touched]);
    // By hand: 100 of 110 points in 272.727 of 300 seconds.
    expect(guards(played)).toMatchInlineSnapshot(`
      "11:15:01.000 set index-stop 22850.00
      13:24:32.728 fired index-stop 22850.00 seen 22850.00"
    `);
    expect(fills(played)).toMatchInlineSnapshot(`
      "11:15:01.300 S1 BUY hedge 40.15
      11:15:01.700 S1 SELL short 99.70
      13:24:33.028 SL BUY short 100.30
      13:24:33.428 SL SELL hedge 39.85"
    `);
  });

  test('holds at the raw level before it comes to the strike', () => {
    // 22,870 lies between the raw level of 22,890 and the strike of 22,850.
    const days = [...bullishWeek(), monday('23000 22950 22950/22950/22870/22900'), later(TUE)];
    expect(ended(weekly(days, { slLevel: 'raw' }))).toContain('SL');
    expect(ended(weekly(days))).toBe('');
  });

  test('waits for the close of an hour at the level or beyond it', () => {
    const params = { slBasis: 'hourly_close', lossPerDay: 0 };
    expect(ended(weekly([...bullishWeek(), touched], params))).toBe('');
    const closed = monday('23000 22950 22950/22950/22840/22900 22850');
    const played = weekly([...bullishWeek(), closed], params);
    expect(words(played)).toContain(
      '15:15:01.000 note: structure 1 leaves: the hour closed at 22850.00, the stop stands at 22850.00',
    );
    expect(fills(played)).toMatchInlineSnapshot(`
      "11:15:01.300 S1 BUY hedge 40.15
      11:15:01.700 S1 SELL short 99.70
      15:15:01.300 SL BUY short 100.30
      15:15:01.700 SL SELL hedge 39.85"
    `);
    const above = monday('23000 22950 22950/22950/22840/22900 22850.05');
    expect(ended(weekly([...bullishWeek(), above], params))).toBe('');
  });

  test('a close of the last hour at the level brings the legs out at the next open', () => {
    const params = { slBasis: 'hourly_close', lossPerDay: 0 };
    const last = monday('23000 23000 23000 23000 22840');
    const played = weekly([...bullishWeek(), last, later(TUE, '22840')], params);
    expect(fills(played).split('\n').slice(2).sort()).toEqual([
      '09:15:00.300 SL BUY short 100.30',
      '09:15:00.700 SL SELL hedge 39.85',
    ]);
  });

  test('an hour that became known late brings the legs out all the same', () => {
    const params = { slBasis: 'hourly_close', lossPerDay: 0 };
    // The index has no candle from 12:00 to 12:15, so the hour that closed under the stop is known at 12:30.
    const late = monday('22840', { '12:00': 'NIFTY -' });
    const played = weekly([...bullishWeek(), late], params);
    expect(words(played)).toContain('12:30:01.000 note: structure 1 leaves: the hour closed at 22840.00');
    expect(ended(played)).toContain('SL');
  });

  test('stands above a sold call', () => {
    const cells = { '09:15': '23500CE 100 23700CE 40' };
    const day = weeklyDay(MON ?? '', '23430/23460/23400/23440 23435 23435/23520/23435/23440', { cells });
    const played = weekly([...bearishWeek(), day]);
    // Down is nearer: the low first, then from 23,435 to 23,520 between 11:20 and 11:25, the strike after 65 of 85 points.
    expect(guards(played)).toMatchInlineSnapshot(`
      "11:15:01.000 set index-stop 23500.00
      11:23:49.412 fired index-stop 23500.00 seen 23500.00"
    `);
  });
});

describe('the exit by time', () => {
  // On Thursday the official close of 22,810 is 40 points under the sold strike, the last candle is not.
  const days = [...bullishWeek(), monday(), later(TUE), later(WED), later(THU)];
  const officialCloses = [{ underlying: 'NIFTY' as const, level: paise(2_281_000) }];
  const play = (params: Record<string, unknown>) => ended(weekly(days, params, { officialCloses }));

  test('is expiry by intrinsic value, the same day, or so many sessions later', () => {
    // Sold at 99.70, bought at 40.15, lots of 75. At expiry 40 are owed and the hedge is worth nothing; before it the way out costs
    // 0.30 on the sold leg (100.30 paid) and 0.15 on the other (39.85 received), 0.60 and 0.30 in all.
    expect(play({})).toBe('15:30:02.000 structure 1 EXPIRY gross 1466.25');
    expect(play({ exitMode: 'intraday1515' })).toBe('15:15:01.800 structure 1 TIME gross -67.50');
    expect(play({ exitMode: 'tPlusN' })).toBe('15:15:01.800 structure 1 TIME gross -67.50');
  });

  test('counts sessions after the entry', () => {
    const on = (exitSessions: number, count: number) =>
      ended(weekly(days.slice(0, count), { exitMode: 'tPlusN', exitSessions }, { officialCloses }));
    expect(on(1, 6)).toBe('');
    expect(on(1, 7)).toContain('TIME');
    expect(on(2, 7)).toBe('');
    expect(on(2, 8)).toContain('TIME');
  });

  test('comes at its own time', () => {
    expect(play({ exitMode: 'intraday1515', exitAt: '14:00' })).toMatch(/^14:00:01/);
    expect(play({ exitMode: 'tPlusN', exitAt: '10:30' })).toMatch(/^10:30:01/);
  });

  test('leaves no entry at that time or after it the same day', () => {
    // S7 at 14:15.
    const day = monday('23000 23000 23600', { '09:15': chain('PE', 22_300, 23_500, 60) });
    const params = { signals: ['S7'], exitMode: 'intraday1515' };
    expect(signals(weekly([...bullishWeek(), day], { ...params, exitAt: '14:15' }))).toEqual([
      '01-13 14:15:01.000 S7 after 14:15',
    ]);
    expect(signals(weekly([...bullishWeek(), day], { ...params, exitAt: '14:30' }))).toEqual([
      '01-13 14:15:01.000 S7 taken',
    ]);
  });
});

test('the bought leg goes with the sold one that its resting stop took out', () => {
  // The premium rises by more than half while the index stands still.
  const days = [...bullishWeek(), monday('', { '12:15': '22850PE 100 170 100 170 22650PE 45' })];
  expect(ended(weekly(days))).not.toContain('STOP');
  const played = weekly(days, { restingStopPct: 50 });
  expect(fills(played)).toMatchInlineSnapshot(`
    "11:15:01.300 S1 BUY hedge 40.15
    11:15:01.700 S1 SELL short 99.70
    12:18:32.358 resting stop BUY short 150.00
    12:18:32.758 STOP SELL hedge 44.80"
  `);
  expect(ended(played)).toContain('STOP');
});

test('the bought leg goes with a sold one that had to leave because the venue took no stop for it', () => {
  const faults: FaultPlan = ({ kind, order }) =>
    kind === 'new' && order.purpose === 'protection' ? { refusal: 'no' } : undefined;
  const played = weekly([...bullishWeek(), monday()], {}, { parts: { faults } });
  expect(closes(played)).toMatchInlineSnapshot(`
    "11:15:12.200 short RISK gross -45.00
    11:15:12.600 hedge RISK gross -22.50
    11:15:12.600 structure 1 RISK gross -67.50"
  `);
});

describe('stops on money', () => {
  // A minute's close is judged a second later, when the next candle has opened at its price.
  // Sold at 99.70 and bought at 40.15, so the most that can be won are 59.55 a unit or 4,466.25 a lot of 75. With the hedge at 40 a sold
  // premium of p makes 75 * (99.55 - p).
  const at = (price: number): string => `22850PE ${price}`;
  const morning = (price: number): Cells => ({ '09:15': `${at(price)} 22650PE 40` });
  const progressive = { progressiveStop: true, progressiveLossPerLot: 1_500 };

  /** Where a structure left: after how many sessions, at which instant; `held` where it did not. */
  function left(cells: readonly Cells[], params: Record<string, unknown>): string {
    const [first = {}, ...rest] = cells;
    const days = [monday('', first), ...rest.map((each, place) => later([TUE, WED, THU][place], '23010', each))];
    for (let count = 1; count <= days.length; count += 1) {
      const told = ended(weekly([...bullishWeek(), ...days.slice(0, count)], params));
      if (told !== '' && !told.includes('EXPIRY'))
        return `day ${count} ${told.slice(0, 8)}${/ (SL|TSL) /.exec(told)?.[0] ?? ''}`.trim();
    }
    return 'held';
  }

  test.each([
    // -1,458.75 and -1,533.75.
    ['stays above the first stop', [{ '12:00': at(119) }], 'held'],
    ['leaves at the first stop', [{ '12:00': at(120) }], 'day 1 12:00:01 SL'],
    // 40 per cent of the most are 1,786.50: gains of 1,766.25 and 1,841.25, then -33.75.
    ['stays after a gain short of the share', [{ '12:00': at(76), '13:00': at(100) }], 'held'],
    ['leaves at nothing after that gain', [{ '12:00': at(75), '13:00': at(100) }], 'day 1 13:00:01 SL'],
    // -783.75 is under half of the first stop, which holds from one o'clock of the second day.
    ['leaves at half from 13:00 of the second day', [{}, { '12:00': at(110) }], 'day 2 13:00:01 SL'],
    ['stays above half', [{}, { '12:00': at(109) }], 'held'],
    // -33.75 on the third day, 191.25 under and 266.25 above 5 per cent of the most, 223.31, on the fourth.
    ['leaves at nothing on the third day', [{}, {}, {}], 'day 3 09:30:01 SL'],
    [
      'leaves under the late share on the fourth day',
      [{}, { '15:00': at(97) }, { '09:15': '22850PE 97 22650PE 40' }, { '09:15': '22850PE 97 22650PE 40' }],
      'day 4 09:30:01 SL',
    ],
    [
      'stays above the late share on the fourth day',
      [{}, { '15:00': at(96) }, { '09:15': '22850PE 96 22650PE 40' }, { '09:15': '22850PE 96 22650PE 40' }],
      'held',
    ],
  ] as const)('the progressive stop %s', (_text, cells, told) => {
    expect(left(cells as readonly Cells[], progressive)).toBe(told);
    expect(left(cells as readonly Cells[], {})).toBe('held');
  });

  // 1,741.88 and 2,009.81 are 39 and 45 per cent of the most; 178.65 and 267.98 are 4 and 6.
  test.each([
    ['a gain that reaches a lower share', [{ '12:00': at(76), '13:00': at(100) }], 39, 5, 'day 1 13:00:01 SL'],
    ['a gain short of a higher share', [{ '12:00': at(75), '13:00': at(100) }], 45, 5, 'held'],
    ['a lower late share', [{}, { '15:00': at(97) }, morning(97), morning(97)], 40, 4, 'held'],
    ['a higher late share', [{}, { '15:00': at(96) }, morning(96), morning(96)], 40, 6, 'day 4 09:30:01 SL'],
  ] as const)('the progressive stop knows %s', (_text, cells, progressiveLockPct, progressiveLatePct, told) => {
    expect(left(cells as readonly Cells[], { ...progressive, progressiveLockPct, progressiveLatePct })).toBe(told);
  });

  test.each([
    ['4', [{ '12:00': at(89), '13:00': at(95) }], 4, 'held'],
    ['6', [{ '12:00': at(89), '13:00': at(94) }], 6, 'day 1 13:00:01 TSL'],
  ] as const)(
    'the profit lock closes under %s per cent where that is asked for',
    (_text, cells, profitLockExitPct, told) => {
      // 299.10 and 448.65 against gains of 341.25 and 416.25.
      expect(left(cells as readonly Cells[], { profitLockArmPct: 10, profitLockExitPct })).toBe(told);
    },
  );

  // 10 per cent of the sold 99.70 are 747.75 a lot, 5 per cent 373.88: gains of 716.25 and 791.25, then of 341.25 and 416.25.
  test.each([
    ['is not armed by less than its share', [{ '12:00': at(90), '13:00': at(95) }], 'held'],
    ['closes an armed one under its floor', [{ '12:00': at(89), '13:00': at(95) }], 'day 1 13:00:01 TSL'],
    ['keeps an armed one above its floor', [{ '12:00': at(89), '13:00': at(94) }], 'held'],
  ] as const)('the profit lock %s', (_text, cells, told) => {
    expect(left(cells as readonly Cells[], { profitLockArmPct: 10 })).toBe(told);
    expect(left(cells as readonly Cells[], {})).toBe('held');
  });
});
