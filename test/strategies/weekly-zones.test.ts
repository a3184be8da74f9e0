import { describe, expect, test } from 'vitest';
import type { Candle } from '../../engine/model/candle-frame.ts';
import { day } from '../../engine/model/time.ts';
import type { FourHourMode, WeekBefore } from '../../strategies/weekly-zones.ts';
import { weekOf, zonesOf } from '../../strategies/weekly-zones.ts';
import { hoursOf } from '../support/weekly-days.ts';

/**
 * Two sessions whose four groupings differ by pencil. Highest body: of one hour the 23,480 at 11:15 on Monday, by clock the 23,460 at 12:15,
 * four hours of a session the 23,450 at 13:15, four in a row the 23,475 at which Tuesday's 13:15 bar closes.
 */
const MONDAY = hoursOf('2025-01-06', '23200/23500/23180/23400 23480 23460 23450 23400 23350 23300');
const TUESDAY = hoursOf('2025-01-07', '23250 23300 23350 23400 23475 23100 23320/23320/23000/23120', 23_300);
/** By hand: 09:15 to 13:15 and 13:15 to the close of each session. */
const FOUR_HOURS = [...[MONDAY, TUESDAY].flatMap((bars) => [joined(bars.slice(0, 4)), joined(bars.slice(4))])];

function joined(bars: readonly Candle[]): Candle {
  const [first, last] = [bars[0] as Candle, bars.at(-1) as Candle];
  return { ...first, close: last.close };
}

function zones(mode: FourHourMode, changes: Partial<WeekBefore> = {}) {
  return zonesOf({ hours: [...MONDAY, ...TUESDAY], fourHours: FOUR_HOURS, close: 2_312_000, ...changes }, mode);
}

describe('the zones of a week', () => {
  // Lowest bodies: session 23,120 (Tuesday's close), clock 23,120, in a row: groups close at 23,450, 23,250 (opened 23,450), 23,475 (opened
  // 23,250), and two bars are left over, so 23,200 of Monday's open; of one hour 23,100.
  test.each([
    ['session', 2_345_000, 2_312_000, 15_000, 36_000],
    ['clock4', 2_346_000, 2_312_000, 12_000, 36_000],
    ['seq4', 2_347_500, 2_320_000, 7_500, 60_000],
    ['hour1', 2_348_000, 2_310_000, 6_000, 30_000],
  ] as const)('are the wicks beyond the extreme bodies: %s', (mode, upperBottom, lowerTop, marginHigh, marginLow) => {
    expect(zones(mode)).toMatchObject({
      high: 2_350_000,
      low: 2_300_000,
      upperTop: 2_350_000,
      upperBottom,
      lowerTop,
      lowerBottom: 2_300_000,
      marginHigh,
      marginLow,
    });
  });

  test('have margins of three wicks, and of five ticks where there is none', () => {
    const flat = hoursOf('2025-01-06', '23000 23500', 23_000);
    expect(zonesOf({ hours: flat, fourHours: flat, close: 2_350_000 }, 'session')).toMatchObject({
      upperTop: 2_350_000,
      upperBottom: 2_350_000,
      marginHigh: 25,
      lowerTop: 2_300_000,
      marginLow: 25,
    });
    const wick = hoursOf('2025-01-06', '23000/23500.05/22999.90/23500', 23_000);
    expect(zonesOf({ hours: wick, fourHours: wick, close: 2_350_000 }, 'session')).toMatchObject({
      marginHigh: 25,
      marginLow: 30,
    });
  });

  // The bodies lie between 23,120 and 23,450: their middle is 23,285.
  test.each([
    ['nearer to the support', 2_328_495, 1],
    ['as near to both', 2_328_500, 0],
    ['nearer to the resistance', 2_328_505, -1],
  ] as const)('lean to the body that the last close is nearer to: %s', (_text, close, bias) => {
    expect(zones('session', { close })?.bias).toBe(bias);
  });

  test('stay the right way round on bodies beyond the wicks', () => {
    const body = { ...(MONDAY[0] as Candle), open: 2_360_000, close: 2_290_000 };
    expect(zones('session', { fourHours: [body] })).toMatchObject({
      upperTop: 2_360_000,
      upperBottom: 2_350_000,
      lowerTop: 2_300_000,
      lowerBottom: 2_290_000,
      marginHigh: 30_000,
      marginLow: 30_000,
    });
  });

  test('are none without a body: three hours make no four in a row', () => {
    expect(zones('seq4', { hours: MONDAY.slice(0, 3) })).toBeUndefined();
    expect(zones('session', { hours: [] })).toBeUndefined();
  });
});

test('a week begins on Monday, over the turn of a year as well', () => {
  expect(weekOf(day('2024-12-30'))).toBe(weekOf(day('2025-01-05')));
  expect(weekOf(day('2025-01-06'))).toBe(weekOf(day('2025-01-05')) + 1);
});
