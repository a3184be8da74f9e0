import { describe, expect, test } from 'vitest';
import type { Candle } from '../../engine/model/candle-frame.ts';
import type { BreakoutLatch, WeekView } from '../../strategies/weekly-week.ts';
import { Week } from '../../strategies/weekly-week.ts';
import { zonesOf } from '../../strategies/weekly-zones.ts';
import { hoursOf } from '../support/weekly-days.ts';

const BEFORE = hoursOf('2025-01-03', '23200/23500/23000/23200');
const ZONES = zonesOf({ hours: BEFORE, fourHours: BEFORE, close: 2_320_000 }, 'hour1');

/** A first bar from 23,000 to 23,100 that closes at 23,050. */
const FIRST = '23000/23100/23000/23050';

type Way = 'up' | 'down';
const WAYS = ['up', 'down'] as const;

/** Turns prices over at 23,050, so that a tale of a breakout becomes one of a breakdown. */
function turned(bars: readonly Candle[]): readonly Candle[] {
  const over = (price: number): number => 4_610_000 - price;
  return bars.map((bar) => ({
    ...bar,
    open: over(bar.open),
    high: over(bar.low),
    low: over(bar.high),
    close: over(bar.close),
  }));
}

function views(days: readonly string[], way: Way, latch: BreakoutLatch) {
  const week = new Week({ number: 1, zones: ZONES, latch });
  const seen = days.flatMap((hours, at) => {
    const bars = hoursOf(`2025-01-0${6 + at}`, hours);
    return (way === 'up' ? bars : turned(bars)).map((bar, place) => ({
      place: `day ${at + 1} bar ${place + 1}`,
      view: week.push(bar),
    }));
  });
  return { week, seen };
}

/** Places of the bars, by day and number, at which an engine fires, and the level that it holds at the end, as told upwards. */
function fires(days: readonly string[], way: Way, latch: BreakoutLatch = 'once') {
  const { week, seen } = views(days, way, latch);
  const isTrue = (view: WeekView | undefined) => (way === 'up' ? view?.breaksOut : view?.breaksDown) === true;
  const level = (way === 'up' ? week.up : week.down).level;
  return {
    places: seen.filter(({ view }) => isTrue(view)).map(({ place }) => place),
    level: level === undefined || way === 'up' ? level : 4_610_000 - level,
  };
}

describe.each(WAYS)('the engine of breakouts %swards', (way) => {
  test('fires on the first day at the first close beyond the first bar', () => {
    expect(fires([`${FIRST} 23100 23090 23100.05`], way)).toEqual({ places: ['day 1 bar 4'], level: undefined });
  });

  test('takes two bars on a later day: one that closes beyond at a new extreme, then a close beyond its extreme', () => {
    const later = '23100/23130/23090/23120 23130 23130.05';
    expect(fires([FIRST, later], way)).toEqual({ places: ['day 2 bar 3'], level: 2_313_000 });
  });

  test.each([
    ['a bar of the other colour', '23125/23130/23090/23120 23140', 2_314_000],
    ['a bar without colour', '23120/23130/23090/23120 23140', 2_314_000],
    ['a close no further than the first extreme', '23080/23130/23070/23100 23140', 2_314_000],
    ['a bar short of the highest before it', '23090/23119.95/23090/23110 23140', 2_314_000],
  ])('does not begin with %s', (_text, later, level) => {
    // The first day reached 23,120 without closing beyond 23,100.
    const first = `${FIRST} 23050/23120/23050/23060`;
    expect(fires([first, later], way)).toEqual({ places: [], level });
  });

  test('begins with a bar that just reaches the highest before it', () => {
    const first = `${FIRST} 23050/23120/23050/23060`;
    expect(fires([first, '23090/23120/23090/23110'], way).level).toBe(2_312_000);
  });

  test('does not fire on a later day by a close beyond the first bar alone, and keeps its level where a bar goes higher', () => {
    const later = ['23100/23130/23090/23120 23110/23180/23110/23125', '23125/23200/23120/23129 23131'];
    expect(fires([FIRST, ...later], way)).toEqual({ places: ['day 3 bar 2'], level: 2_313_000 });
  });

  test('fires once a week, or each time that its condition becomes true', () => {
    const first = `${FIRST} 23110 23120 23090 23105`;
    expect(fires([first], way, 'once').places).toEqual(['day 1 bar 2']);
    expect(fires([first], way, 'edge').places).toEqual(['day 1 bar 2', 'day 1 bar 5']);
  });

  test('fires again on a later day with edge alone', () => {
    const days = [`${FIRST} 23110 23090`, '23095/23130/23090/23120 23140'];
    expect(fires(days, way, 'once')).toEqual({ places: ['day 1 bar 2'], level: undefined });
    expect(fires(days, way, 'edge')).toEqual({ places: ['day 1 bar 2', 'day 2 bar 2'], level: 2_313_000 });
  });
});

test('extremes leave the present bar out, a touch of the upper zone does not', () => {
  const week = new Week({ number: 1, zones: ZONES, latch: 'once' });
  // The only body of the week before lies at 23,200, so the upper zone begins there.
  const [first, second, third] = hoursOf('2025-01-06', '23000/23199.95/22990/23050 23060/23200/22900/23040 22800');
  expect(week.push(first as Candle)).toBeUndefined();
  expect(week.push(second as Candle)).toMatchObject({
    number: 2,
    before: { high: 2_319_995, low: 2_299_000, highClose: 2_305_000, lowClose: 2_305_000 },
    touchedByBar: true,
    touchedThisWeek: true,
  });
  expect(week.push(third as Candle)).toMatchObject({
    number: 3,
    before: { high: 2_320_000, low: 2_290_000, highClose: 2_305_000, lowClose: 2_304_000 },
    touchedByBar: false,
    touchedThisWeek: true,
  });
});

test('the first bar touches the upper zone for the whole week', () => {
  const week = new Week({ number: 1, zones: ZONES, latch: 'once' });
  const [first, second] = hoursOf('2025-01-06', '23100/23200/23000/23050 23060');
  week.push(first as Candle);
  expect(week.push(second as Candle)).toMatchObject({ touchedByBar: false, touchedThisWeek: true });
});
