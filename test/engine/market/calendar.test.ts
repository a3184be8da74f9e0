import { describe, expect, test } from 'vitest';
import { readReference } from '../../../adapters/reference-files.ts';
import type { Exchange } from '../../../engine/model/instrument.ts';
import { addDays, clockText, day, weekdayOf } from '../../../engine/model/time.ts';

const { calendar } = readReference();

/** `09:15-10:00 11:30-12:30` of a day, or why it is closed. */
function hoursOf(text: string, exchange: Exchange = 'NFO'): string {
  const session = calendar.sessionOn(day(text), exchange);
  if (session === undefined) return calendar.reasonClosed(day(text), exchange) ?? 'closed for no reason';
  return session.windows
    .map(({ open, close }) => `${clockText(open).slice(0, 5)}-${clockText(close).slice(0, 5)}`)
    .join(' ');
}

/** Weekday holidays of NSE and BSE derivatives as the exchanges published them; (m) trades a Muhurat hour. */
const HOLIDAYS: Readonly<Record<string, string>> = {
  2019: '03-04, 03-21, 04-17, 04-19, 04-29, 05-01, 06-05, 08-12, 08-15, 09-02, 09-10, 10-02, 10-08, 10-21, 10-28, 11-12, 12-25',
  2020: '02-21, 03-10, 04-02, 04-06, 04-10, 04-14, 05-01, 05-25, 10-02, 11-16, 11-30, 12-25',
  2021: '01-26, 03-11, 03-29, 04-02, 04-14, 04-21, 05-13, 07-21, 08-19, 09-10, 10-15, 11-04 (m), 11-05, 11-19',
  2022: '01-26, 03-01, 03-18, 04-14, 04-15, 05-03, 08-09, 08-15, 08-31, 10-05, 10-24 (m), 10-26, 11-08',
  2023: '01-26, 03-07, 03-30, 04-04, 04-07, 04-14, 05-01, 06-29, 08-15, 09-19, 10-02, 10-24, 11-14, 11-27, 12-25',
  2024: '01-22, 01-26, 03-08, 03-25, 03-29, 04-11, 04-17, 05-01, 05-20, 06-17, 07-17, 08-15, 10-02, 11-01 (m), 11-15, 11-20, 12-25',
  2025: '02-26, 03-14, 03-31, 04-10, 04-14, 04-18, 05-01, 08-15, 08-27, 10-02, 10-21 (m), 10-22, 11-05, 12-25',
  2026: '01-15, 01-26, 03-03, 03-26, 03-31, 04-03, 04-14, 05-01, 05-28, 06-26, 09-14, 10-02, 10-20, 11-10, 11-24, 12-25',
};

describe('holidays', () => {
  test.each(Object.entries(HOLIDAYS))('of %s close these weekdays and no other', (year, list) => {
    const closed: string[] = [];
    for (let one = day(`${year}-01-01`); one <= day(`${year}-12-31`); one = addDays(one, 1)) {
      if (weekdayOf(one) >= 5) continue;
      const session = calendar.sessionOn(one);
      if (session?.kind === 'muhurat') closed.push(`${one.slice(5)} (m)`);
      else if (session === undefined) closed.push(one.slice(5));
    }
    expect(closed.join(', ')).toBe(list);
  });

  test('say their name', () => {
    expect(calendar.reasonClosed(day('2024-03-25'))).toBe('holiday: Holi');
    expect(calendar.reasonClosed(day('2020-05-25'))).toBe('holiday: Id-ul-Fitr');
    expect(calendar.reasonClosed(day('2020-07-31'))).toBeUndefined();
  });

  test('that came late do not count before their notice', () => {
    const elections = day('2026-01-15');
    expect(calendar.isBusinessDay(elections, day('2026-01-11'))).toBe(true);
    expect(calendar.isBusinessDay(elections, day('2026-01-12'))).toBe(false);
    const temple = day('2024-01-22');
    const saturday = day('2024-01-20');
    expect([
      calendar.isBusinessDay(temple, day('2024-01-18')),
      calendar.isBusinessDay(saturday, day('2024-01-18')),
    ]).toEqual([true, false]);
    expect([
      calendar.isBusinessDay(temple, day('2024-01-19')),
      calendar.isBusinessDay(saturday, day('2024-01-19')),
    ]).toEqual([false, true]);
  });

  test('that were moved stood on their first day until the notice', () => {
    const on = (known: string) =>
      ['2023-06-28', '2023-06-29'].map((one) => calendar.isBusinessDay(day(one), day(known)));
    expect(on('2023-06-26')).toEqual([false, true]);
    expect(on('2023-06-27')).toEqual([true, false]);
  });
});

describe('special sessions', () => {
  test.each([
    ['2019-10-27', 'muhurat', '18:15-19:15'],
    ['2020-02-01', 'budget', '09:15-15:30'],
    ['2020-11-14', 'muhurat', '18:15-19:15'],
    ['2021-11-04', 'muhurat', '18:15-19:15'],
    ['2022-10-24', 'muhurat', '18:15-19:15'],
    ['2023-11-12', 'muhurat', '18:15-19:15'],
    ['2024-01-20', 'full-saturday', '09:15-15:30'],
    ['2024-03-02', 'drill', '09:15-10:00 11:30-12:30'],
    ['2024-05-18', 'drill', '09:15-10:00 11:30-12:30'],
    ['2024-11-01', 'muhurat', '18:00-19:00'],
    ['2025-02-01', 'budget', '09:15-15:30'],
    ['2025-10-21', 'muhurat', '13:45-14:45'],
    ['2026-02-01', 'budget', '09:15-15:30'],
  ])('on %s is %s, %s, on both exchanges', (text, kind, hours) => {
    for (const exchange of ['NFO', 'BFO'] as const) {
      expect(hoursOf(text, exchange)).toBe(hours);
      expect(calendar.sessionOn(day(text), exchange)).toMatchObject({ kind, special: true, sure: true });
    }
  });

  test.each([
    ['2020-03-13', 'NFO', 'halt', '09:15-09:20 10:20-15:30'],
    ['2020-03-23', 'BFO', 'halt', '09:15-09:58 10:58-15:30'],
    ['2021-02-24', 'NFO', 'outage', '09:15-11:40 15:45-17:00'],
    ['2021-02-24', 'BFO', 'extended', '09:15-17:00'],
  ] as const)('on %s nobody could plan at %s: %s, %s', (text, exchange, kind, hours) => {
    expect(hoursOf(text, exchange)).toBe(hours);
    const session = calendar.sessionOn(day(text), exchange);
    expect(session).toMatchObject({ kind, special: false });
    expect(session?.planned).toEqual([
      { open: calendar.sessionOn(day(text), exchange)?.windows[0]?.open, close: expect.any(Number) },
    ]);
    expect(clockText(session?.planned[0]?.close ?? (0 as never))).toBe('15:30:00.000');
  });

  test('without known hours is closed', () => {
    expect(hoursOf('2026-11-08')).toBe('Muhurat 2026 without known hours');
  });
});

describe('ordinary days', () => {
  test('close at 15:30 until July 2026 and at 15:40 since 3 August 2026', () => {
    expect(hoursOf('2026-07-31')).toBe('09:15-15:30');
    expect(hoursOf('2026-08-03')).toBe('09:15-15:40');
    expect(hoursOf('2026-08-03', 'BFO')).toBe('09:15-15:40');
  });

  test('have a live index to the close, since August 2026 to 15:15, and a settlement level at 15:35', () => {
    const july = calendar.sessionOn(day('2026-07-31'));
    const august = calendar.sessionOn(day('2026-08-03'));
    expect([july?.indexLiveUntil, july?.settlementAt].map((ts) => clockText(ts ?? (0 as never)))).toEqual([
      '15:30:00.000',
      '15:30:00.000',
    ]);
    expect([august?.indexLiveUntil, august?.settlementAt].map((ts) => clockText(ts ?? (0 as never)))).toEqual([
      '15:15:00.000',
      '15:35:00.000',
    ]);
  });

  test('before the tables do not exist, after the evidence are not sure', () => {
    expect(hoursOf('2018-12-31')).toBe('before 2019-01-01, the first day of the tables');
    expect(calendar.sessionOn(day('2026-08-21'))?.sure).toBe(true);
    expect(calendar.verifiedUntil).toBe('2026-08-22');
    expect(calendar.sessionOn(day('2026-08-24'))?.sure).toBe(false);
    expect(hoursOf('2027-06-01')).toBe('09:15-15:40');
  });

  test('are not weekends', () => {
    expect(hoursOf('2025-01-04')).toBe('Saturday');
    expect(hoursOf('2025-01-05')).toBe('Sunday');
  });
});

describe('walks over days', () => {
  test('count special sessions unless told otherwise', () => {
    const [from, to] = [day('2024-03-01'), day('2024-03-04')];
    expect(calendar.tradingDays(from, to)).toEqual(['2024-03-01', '2024-03-02', '2024-03-04']);
    expect(calendar.tradingDays(from, to, { sessions: 'ordinary' })).toEqual(['2024-03-01', '2024-03-04']);
  });

  test('find the neighbouring sessions', () => {
    expect(calendar.previousTradingDay(day('2025-10-23'))).toBe('2025-10-21');
    expect(calendar.previousTradingDay(day('2025-10-23'), { sessions: 'ordinary' })).toBe('2025-10-20');
    expect(calendar.nextTradingDay(day('2026-03-30'))).toBe('2026-04-01');
    expect(calendar.previousTradingDay(day('2019-01-01'))).toBeUndefined();
  });

  test('begin with the first day of the tables', () => {
    expect(calendar.tradingDays(day('2018-12-20'), day('2019-01-02'))).toEqual(['2019-01-01', '2019-01-02']);
  });

  test('count the days of a year', () => {
    expect(calendar.tradingDays(day('2024-01-01'), day('2024-12-31')).length).toBe(249);
  });
});
