import fc from 'fast-check';
import { quantileSorted } from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { distributionOf } from '../../reports/distribution.ts';

const RUPEE = 1_000_000;
const rupees = (...values: readonly number[]): readonly number[] => values.map((value) => value * RUPEE);
const told = (values: readonly number[]): readonly string[] =>
  distributionOf(values).bins.map(({ from, to, count }) => `${from / RUPEE} to ${to / RUPEE}: ${count}`);

describe('a distribution', () => {
  test('sorts results into bins of a round width, an edge belonging to the bin above it', () => {
    // From -900 to 1,200: 22 bins of 100 would be the narrowest of at most 24, counted from floor(-9) to floor(12).
    expect(told(rupees(-900, -850, 0, 100, 1_200))).toEqual([
      '-900 to -800: 2',
      ...[-8, -7, -6, -5, -4, -3, -2, -1].map((at) => `${at * 100} to ${at * 100 + 100}: 0`),
      '0 to 100: 1',
      '100 to 200: 1',
      ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((at) => `${at * 100} to ${at * 100 + 100}: 0`),
      '1200 to 1300: 1',
    ]);
  });

  test('has one bin for one result and none for none', () => {
    expect(told([-1])).toEqual(['-1 to 0: 1']);
    expect(told([0, 0])).toEqual(['0 to 1: 2']);
    expect(distributionOf([])).toEqual({ bins: [], median: null });
  });

  test('counts every result once, within its bin, in at most 24 adjoining bins of which none spans zero', () => {
    const values = fc.array(fc.integer({ min: -(10 ** 14), max: 10 ** 14 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, (list) => {
        const { bins, median } = distributionOf(list);
        expect(bins.length).toBeLessThanOrEqual(24);
        for (const [at, { from, to, count }] of bins.entries()) {
          expect(count).toBe(list.filter((value) => value >= from && value < to).length);
          expect(from >= 0 || to <= 0).toBe(true);
          if (at > 0) expect(from).toBe(bins[at - 1]?.to);
        }
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(list.length);
        expect(median).toBe(
          quantileSorted(
            [...list].sort((a, b) => a - b),
            0.5,
          ),
        );
      }),
    );
  });
});
