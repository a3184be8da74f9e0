import fc from 'fast-check';
import { expect, test } from 'vitest';
import { curvePoints, pointAt } from '../../../reports/page/charts/curve-points.ts';
import { linear, roomyExtent, roundTicks } from '../../../reports/page/charts/scale.ts';
import { timeLabels } from '../../../reports/page/charts/time-labels.ts';
import { heatOf } from '../../../reports/page/heat.ts';
import { instant, MONDAY, TUESDAY } from '../../support/journal-fixtures.ts';

test('ticks are round, lie within the span and are neither few nor many', () => {
  expect(roundTicks(-12_345, 40_000, 5)).toEqual([-10_000, 0, 10_000, 20_000, 30_000, 40_000]);
  expect(roundTicks(0, 0.5, 4)).toEqual([0, 0.1, 0.2, 0.30000000000000004, 0.4, 0.5]);
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 1_000_000_000 }),
      fc.integer({ min: 2, max: 10 }),
      (low, span, count) => {
        const ticks = roundTicks(low, low + span, count);
        expect(ticks.every((tick) => tick >= low - 1e-3 && tick <= low + span + 1e-3)).toBe(true);
        expect(ticks.length).toBeGreaterThanOrEqual(Math.floor(count / 2) - 1);
        expect(ticks.length).toBeLessThanOrEqual(count * 2 + 1);
      },
    ),
  );
});

test('a span without length stands in the middle, and one of nothing is 0 to 1', () => {
  expect(linear([5, 5], [0, 100])(5)).toBe(50);
  expect(linear([0, 10], [100, 0])(2.5)).toBe(75);
  expect(roomyExtent([])).toEqual([0, 1]);
  expect(roomyExtent([100, 200], 0.1)).toEqual([90, 210]);
});

test('points of a long curve keep its highest, its lowest and its deepest fall', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 40 }),
      (net, count) => {
        const points = curvePoints({ ts: net.map((_, at) => at * 60_000), net }, count);
        let [peak, deepest] = [0, 0];
        for (const value of net) {
          peak = Math.max(peak, value);
          deepest = Math.min(deepest, value - peak);
        }
        expect(points.length).toBeLessThanOrEqual(count);
        expect(Math.max(...points.map(({ high }) => high))).toBe(Math.max(...net));
        expect(Math.min(...points.map(({ low }) => low))).toBe(Math.min(...net));
        expect(Math.min(...points.map(({ fall }) => fall))).toBe(deepest);
        expect(points.at(-1)?.net).toBe(net.at(-1));
      },
    ),
  );
});

test('an instant belongs to the point that ends at or after it', () => {
  const points = [{ ts: 100 }, { ts: 200 }, { ts: 300 }];
  expect([0, 100, 101, 300, 999].map((ts) => pointAt(points, ts))).toEqual([0, 0, 1, 2, 2]);
  expect(pointAt([], 5)).toBe(0);
});

test('a day is labelled by its hours, two days by their dates, two years by their months', () => {
  const minutes = (day: typeof MONDAY, count: number): readonly number[] =>
    Array.from({ length: count }, (_, at) => instant(day, '09:16:00') + at * 60_000);
  expect(timeLabels(minutes(MONDAY, 375), 8).map(({ at, text }) => `${at} ${text}`)).toEqual([
    '14 09:30',
    '74 10:30',
    '134 11:30',
    '194 12:30',
    '254 13:30',
    '314 14:30',
    '374 15:30',
  ]);
  expect(timeLabels([...minutes(MONDAY, 375), ...minutes(TUESDAY, 375)], 8)).toEqual([
    { at: 0, text: '6 Jan' },
    { at: 375, text: '7 Jan' },
  ]);
  const years = Array.from({ length: 730 }, (_, at) => instant(MONDAY, '15:30:00') + at * 86_400_000);
  expect(timeLabels(years, 10).map(({ text }) => text)).toEqual(
    ['Jan 25', 'Apr 25', 'Jul 25', 'Oct 25', 'Jan 26', 'Apr 26', 'Jul 26', 'Oct 26', 'Jan 27'].slice(0, 9),
  );
});

test('shades begin above nothing, end at the largest, and tell gains from losses', () => {
  expect([0, 1, 50, 100, -1, -100].map((value) => heatOf(value, 100))).toEqual([
    'heat-0',
    'heat-up-1',
    'heat-up-3',
    'heat-up-6',
    'heat-down-1',
    'heat-down-6',
  ]);
});
