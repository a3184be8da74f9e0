import { describe, expect, test } from 'vitest';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { day as isoDay } from '../../engine/model/time.ts';
import { paise } from '../../engine/model/units.ts';
import { weeklySignals } from '../../strategies/weekly-signals.ts';
import { dayEvents } from '../support/day-events.ts';
import { lookAhead } from '../support/look-ahead.ts';
import { agentPlan, play, testReference } from '../support/play.ts';
import { recordsOf } from '../support/tell.ts';
import { tracesOf } from '../support/traces.ts';
import type { Cells } from '../support/weekly-days.ts';
import { bullishWeek, chain, entries, signals, weekly, weeklyDay } from '../support/weekly-days.ts';

const [MON, TUE, WED] = ['2025-01-13', '2025-01-14', '2025-01-15'] as const;
const PUTS = chain('PE', 22_300, 23_500, 60);
const BEAR_TRAP = '23050/23060/22960/22980 23010';
const OPEN: Cells = { '09:15': PUTS };
/** Opens at 23,200 far from either zone: no signal at 11:15. */
const CALM = '23200/23220/23180/23200';

function day(on: string, hours: string, cells: Cells = OPEN, from?: number): DayCandles {
  return weeklyDay(on, hours, from === undefined ? { cells } : { cells, from });
}

describe('a signal after the last entry time', () => {
  const tuesday = day(TUE, '23700', OPEN, 23_700);

  test.each([
    ['with the bar that ends at 15:15', `${CALM} 23200 23200 23200 23200 23700`, '15:15:01.000'],
    ['with the last bar of the session', `${CALM} 23200 23200 23200 23200 23200 23700`, '15:30:01.000'],
  ])('%s uses up its week, or waits for the first minute of the next session', (_text, hours, time) => {
    const days = [...bullishWeek(), day(MON, hours), tuesday];
    expect(signals(weekly(days))).toEqual([`01-13 ${time} S7 after 15:15`]);
    expect(signals(weekly(days, { lateSignal: 'nextOpen' }))).toEqual([
      `01-13 ${time} S7 after 15:15: waits for the next session`,
      '01-14 09:30:01.000 S7 taken',
    ]);
  });

  test('is one of the last bar whatever the parameter says, since the session has ended', () => {
    const days = [...bullishWeek(), day(MON, `${CALM} 23200 23200 23200 23200 23200 23700`), tuesday];
    expect(signals(weekly(days, { entryTo: '15:45' }))).toEqual(['01-13 15:30:01.000 S7 the session has ended']);
    expect(signals(weekly(days, { entryTo: '15:45', lateSignal: 'nextOpen' }))).toEqual([
      '01-13 15:30:01.000 S7 the session has ended: waits for the next session',
      '01-14 09:30:01.000 S7 taken',
    ]);
  });

  test('is a matter of the parameter', () => {
    const days = [...bullishWeek(), day(MON, `${CALM} 23200 23200 23200 23700`), tuesday];
    expect(signals(weekly(days))).toEqual(['01-13 14:15:01.000 S7 taken']);
    expect(signals(weekly(days, { entryTo: '14:15' }))).toEqual(['01-13 14:15:01.000 S7 after 14:15']);
  });

  test('waits as well where the next hourly close, for which it waited, is too late', () => {
    const days = [...bullishWeek(), day(MON, `${CALM} 23200 23200 23200 23700`), tuesday];
    const params = { entryTiming: 'delayed', lateSignal: 'nextOpen' };
    expect(signals(weekly(days, params))).toEqual([
      '01-13 14:15:01.000 S7 waits for the next hourly close',
      '01-13 15:15:01.000 S7 after 15:15: waits for the next session',
      '01-14 09:30:01.000 S7 taken',
    ]);
  });

  test('has no stop on the hour into which it was entered', () => {
    // The put of 23,150 is sold at 09:30; the hour in which that is closes at its strike, and so does the next one.
    const monday = day(MON, `${CALM} 23200 23200 23200 23200 23700`);
    const params = { lateSignal: 'nextOpen', slBasis: 'hourly_close', lossPerDay: 0 };
    const played = weekly([...bullishWeek(), monday, day(TUE, '23150 23150', OPEN, 23_700)], params);
    const left = recordsOf(played, 'note').filter(({ text }) => text.includes('leaves'));
    expect(left.map(({ text }) => text)).toEqual([
      'structure 1 leaves: the hour closed at 23150.00, the stop stands at 23150.00',
    ]);
    expect(left[0]?.ts).toBe(Date.UTC(2025, 0, 14, 5, 45, 1));
  });
});

describe('an hour that becomes known late', () => {
  // No candle of the index from 11:00 to 11:15: the second hour is known at 11:30.
  const monday = day(MON, BEAR_TRAP, { ...OPEN, '11:00': 'NIFTY -' });

  test('uses up the week with its signal, and no entry follows', () => {
    expect(signals(weekly([...bullishWeek(), monday]))).toEqual([
      '01-13 11:30:01.000 S1 its hour became known too late',
    ]);
  });

  test('waits for the next session where late signals do', () => {
    const days = [...bullishWeek(), monday, day(TUE, '23010', OPEN, 23_010)];
    expect(signals(weekly(days, { lateSignal: 'nextOpen' }))).toEqual([
      '01-13 11:30:01.000 S1 its hour became known too late: waits for the next session',
      '01-14 09:30:01.000 S1 taken',
    ]);
  });
});

describe('a week', () => {
  test('has no signal without a week before it, and says so', () => {
    const played = weekly([day(MON, BEAR_TRAP)]);
    expect(signals(played)).toEqual([]);
    expect(recordsOf(played, 'signal').map(({ name, gate }) => `${name} ${gate}`)).toEqual([
      'week no zones: the week before is not known',
    ]);
  });

  test('needs as many hours before it as the parameter says', () => {
    const days = [...bullishWeek(), day(MON, BEAR_TRAP)];
    expect(entries(weekly(days, { minPrevWeekBars: 35 }))).toHaveLength(2);
    const short = weekly(days, { minPrevWeekBars: 36 });
    expect(entries(short)).toEqual([]);
    expect(recordsOf(short, 'signal').at(-1)?.gate).toBe('no zones: the week before has fewer than 36 hours');
  });

  test('begins on Tuesday after a holiday: the second bar is the one at 11:15 then', () => {
    // Monday 31 March 2025 was a holiday.
    const before = bullishWeek(['2025-03-24', '2025-03-25', '2025-03-26', '2025-03-27', '2025-03-28']);
    expect(entries(weekly([...before, day('2025-04-01', BEAR_TRAP)]))[1]).toBe(
      '04-01 11:15:01.000 SELL 04-03 22850 PE',
    );
  });

  test('has no signal after a week that the data cut off at its start, and says so', () => {
    const hole = 'week no zones: the week before is not whole in the data';
    const cut = [...bullishWeek().slice(1), day(MON, BEAR_TRAP)];
    expect(gates(cut).at(-1)).toBe(hole);
    expect(signals(weekly(cut))).toEqual([]);
    expect(gates(cut, { cutWeeks: 'use' })).not.toContain(hole);
    expect(entries(weekly([...bullishWeek(), day(MON, BEAR_TRAP)]))).toHaveLength(2);
    // The week that had no session in the data at all, too.
    expect(gates([...bullishWeek(), day('2025-01-20', BEAR_TRAP)]).at(-1)).toBe(hole);
  });

  test('is judged after one that lacks a later session, and says so', () => {
    const text = 'a session of the week before is missing in the data: its zones are those of the others';
    const notes = (days: readonly DayCandles[]) => recordsOf(weekly(days), 'note').map((note) => note.text);
    const after = day(MON, BEAR_TRAP);
    expect(notes([...bullishWeek(), after])).not.toContain(text);
    for (const missing of [2, 4]) {
      const days = [...bullishWeek().filter((_, at) => at !== missing), after];
      expect(notes(days)).toContain(text);
      expect(gates(days).some((gate) => gate.startsWith('week'))).toBe(true);
      expect(gates(days).at(-1)).not.toContain('no zones');
    }
  });

  test('has no signal where its own first session is missing in the data, and says so', () => {
    const days = [...bullishWeek(), day(TUE, BEAR_TRAP)];
    const told = recordsOf(weekly(days), 'signal').map(({ gate }) => gate);
    expect(told).toContain('no zones: the first session of the week is missing in the data');
    expect(signals(weekly(days))).toEqual([]);
    expect(signals(weekly(days, { cutWeeks: 'use' }))).toEqual(['01-14 11:15:01.000 S1 taken']);
  });

  test('counts a special session only where that takes part', () => {
    // Saturday 20 January 2024 was one: with it the week before has six sessions, without it five.
    const before = bullishWeek(['2024-01-15', '2024-01-16', '2024-01-17', '2024-01-18', '2024-01-19']);
    const plan = (specialSessions: boolean) => ({ ...agentPlan(weeklySignals, 'NIFTY'), specialSessions });
    const after = day('2024-01-23', BEAR_TRAP);
    const notes = (specialSessions: boolean) =>
      recordsOf(play({ days: [...before, after], agents: [plan(specialSessions)] }), 'note').map(({ text }) => text);
    expect(notes(false).filter((text) => text.startsWith('a session of the week before'))).toEqual([]);
    expect(notes(true).filter((text) => text.startsWith('a session of the week before'))).toHaveLength(1);
  });

  test('looks back to the last week that has sessions where holes do not matter', () => {
    const played = weekly([...bullishWeek(), day('2025-01-20', BEAR_TRAP)], { cutWeeks: 'use' });
    expect(entries(played)[1]).toBe('01-20 11:15:01.000 SELL 01-23 22850 PE');
  });

  test('has one signal, and the next week has its own', () => {
    const second = bullishWeek(['2025-01-13', '2025-01-14', '2025-01-15', '2025-01-16', '2025-01-17']);
    const days = [...bullishWeek(), day(MON, BEAR_TRAP), day(TUE, '23010 23700', OPEN, 23_010)];
    expect(signals(weekly(days))).toEqual(['01-13 11:15:01.000 S1 taken']);
    expect(signals(weekly([...bullishWeek(), ...second, day('2025-01-20', BEAR_TRAP)]))).toContain(
      '01-20 11:15:01.000 S1 taken',
    );
  });

  test('closes at its last minute, or at the official close of its last session', () => {
    // S2 at 11:15 by the last minute, 23,080. An official close of 23,400 is nearer to the resistance.
    const days = [...bullishWeek(), day(MON, '23100/23110/23040/23090 23095')];
    expect(entries(weekly(days))[1]).toBe('01-13 11:15:01.000 SELL 01-16 23000 PE');
    expect(entries(official(days, 23_400))).toEqual([]);
    expect(entries(official(days, 23_070))[1]).toBe('01-13 11:15:01.000 SELL 01-16 23000 PE');
    const unknown = weekly(days, { prevCloseSource: 'official' });
    expect(recordsOf(unknown, 'signal').at(-1)?.gate).toBe(
      'no zones: the week before, or its official close, is not known',
    );
  });

  test('does not forget its signal and its engines when the warm-up ends in its midst', () => {
    // Twenty sessions before are more than the hours that are kept.
    const early = testReference()
      .calendar.tradingDays(isoDay('2024-12-16'), isoDay('2025-01-03'), { sessions: 'ordinary' })
      .map((on) => weeklyDay(on, '23200'));
    const warmUp = [...early, ...bullishWeek(), day(MON, BEAR_TRAP)];
    const days = [day(TUE, '23010 23539 23700', OPEN, 23_010)];
    const breakout = [...days, day(WED, '23700 23750', OPEN, 23_700)];
    expect(signals(weekly(breakout, {}, { warmUp }))).toEqual([]);
    // Without S1 the week is free: Tuesday's second bar begins a breakout that its third completes.
    expect(signals(weekly(breakout, { signals: ['S7'] }, { warmUp }))).toEqual(['01-14 12:15:01.000 S7 taken']);
  });
});

test('the trace says of each judged hour what it was judged from', () => {
  const days = [...bullishWeek(), day(MON, BEAR_TRAP)];
  const traced = tracesOf({ days, agents: [agentPlan(weeklySignals, 'NIFTY')] }).filter(({ kind }) => kind === 'hour');
  expect(traced).toHaveLength(6);
  expect(traced[0]?.values).toMatchObject({
    bar: 2,
    close: 2_301_000,
    firstOpen: 2_305_000,
    firstLow: 2_296_000,
    lastHigh: 2_350_000,
    lastClose: 2_308_000,
    upperBottom: 2_345_000,
    lowerTop: 2_305_000,
    marginLow: 15_000,
    bias: 1,
    weekHigh: 2_306_000,
    weekLowClose: 2_298_000,
    brokeOut: false,
    spent: false,
  });
});

test('nothing that comes later changes what was decided before it', { timeout: 120_000 }, () => {
  // A stopped trade, and one that is judged all day.
  const stopped = day(MON, `${BEAR_TRAP} 23000 22950 22950/22950/22800/22900`);
  const before = bullishWeek();
  const first = lookAhead({ day: stopped, before, agents: () => [agentPlan(weeklySignals, 'NIFTY')] });
  expect(first.changed).toEqual([]);
  expect(first.decisions).toBeGreaterThan(100);
  const breakout = day(MON, `${CALM} 23250 23200 23700 23650`);
  const second = lookAhead({
    day: breakout,
    before,
    agents: () => [
      agentPlan(weeklySignals, 'NIFTY', { slBasis: 'hourly_close', progressiveStop: true, lossPerDay: 0 }),
    ],
  });
  expect(second.changed).toEqual([]);
  expect(second.decisions).toBeGreaterThan(100);
});

/** Each signal that was journaled with its gate. */
function gates(days: readonly DayCandles[], params: Record<string, unknown> = {}): readonly string[] {
  return recordsOf(weekly(days, params), 'signal').map(({ name, gate }) => `${name} ${gate}`);
}

/** The days with one official close of the index on the day before the last. */
function official(days: readonly DayCandles[], close: number): ReturnType<typeof weekly> {
  const played = weekly(days.slice(0, -1), { prevCloseSource: 'official' });
  const candles = days.at(-1) as DayCandles;
  const session = testReference().calendar.sessionOn(candles.day, 'NFO');
  if (session === undefined) throw new Error(`${candles.day} has no session`);
  const fact = { underlying: 'NIFTY' as const, previousClose: paise(close * 100), vixPreviousClose: undefined };
  played.kernel.play(dayEvents({ session, candles, closeGraceMs: 1_000, facts: [fact], officialCloses: [] }));
  return played;
}
