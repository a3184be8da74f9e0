import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BuildUp, StrikeOi } from '../../../engine/indicators/open-interest.ts';
import {
  BUILD_UP_THRESHOLDS,
  biasOfBuildUp,
  biasOfPcr,
  buildUpOf,
  changePutCallRatio,
  changesOf,
  isWallBroken,
  maxPain,
  PCR_BOUNDS,
  putCallRatio,
  wallsOf,
} from '../../../engine/indicators/open-interest.ts';

const at = (price: number | undefined, oi: number | undefined) => ({ price, oi });
const row = (strike: number, call: number | undefined, put: number | undefined): StrikeOi => ({ strike, call, put });

/** The text of the toolbox's definition once more, without a shortcut: all pains, then all ties. */
function painByDefinition(strikes: readonly StrikeOi[], spot: number): number | undefined {
  const pains = strikes.map(({ strike: settled }) => ({
    settled,
    pain: strikes.reduce((sum, { strike, call = 0, put = 0 }) => {
      if (strike < settled) return sum + call * (settled - strike);
      return sum + put * (strike - settled);
    }, 0),
  }));
  const least = Math.min(...pains.map(({ pain }) => pain));
  const tied = pains.filter(({ pain }) => pain === least).map(({ settled }) => settled);
  const nearest = Math.min(...tied.map((strike) => Math.abs(strike - spot)));
  return Math.min(...tied.filter((strike) => Math.abs(strike - spot) === nearest));
}

describe('a build-up', () => {
  const before = at(100, 10_000);
  const cases: [price: number, oi: number, is: BuildUp][] = [
    [101, 10_300, 'long build-up'],
    [99, 10_300, 'short build-up'],
    [99, 9_700, 'long unwinding'],
    [101, 9_700, 'short covering'],
    // 0.5 % of price and 2 % of open interest must be passed, not met.
    [100.5, 10_300, 'neutral'],
    [101, 10_200, 'neutral'],
    [100.55, 10_201, 'long build-up'],
    [100, 9_000, 'neutral'],
  ];
  for (const [price, oi, is] of cases)
    test(`of 100 to ${price} with ${oi} on 10,000 is ${is}`, () => {
      expect(buildUpOf(before, at(price, oi), BUILD_UP_THRESHOLDS.option)).toBe(is);
    });

  test('is what its thresholds make of it', () => {
    const now = at(101.5, 10_600);
    expect(buildUpOf(before, now, BUILD_UP_THRESHOLDS.moderate)).toBe('long build-up');
    expect(buildUpOf(before, now, BUILD_UP_THRESHOLDS.strong)).toBe('neutral');
    expect(buildUpOf(before, at(102.1, 11_001), BUILD_UP_THRESHOLDS.strong)).toBe('long build-up');
    // A future: 0.2 % of 50,000 is 100, 0.5 % of 2,000,000 is 10,000; both are met, and not passed.
    const future = at(50_000, 2_000_000);
    expect(buildUpOf(future, at(50_100, 2_010_000), BUILD_UP_THRESHOLDS.future)).toBe('neutral');
    expect(buildUpOf(future, at(50_100.05, 2_010_025), BUILD_UP_THRESHOLDS.future)).toBe('long build-up');
    expect(buildUpOf(future, at(50_000.05, 2_000_001), BUILD_UP_THRESHOLDS.any)).toBe('long build-up');
  });

  test('from nothing to something counts as 100 per cent', () => {
    expect(buildUpOf(at(100, 0), at(97, 1), BUILD_UP_THRESHOLDS.strong)).toBe('short build-up');
    expect(buildUpOf(at(100, 0), at(99, 0), BUILD_UP_THRESHOLDS.option)).toBe('neutral');
  });

  test('is unknown where price or open interest is, never neutral', () => {
    for (const [one, other] of [
      [at(undefined, 1), before],
      [before, at(undefined, 1)],
      [at(100, undefined), before],
      [before, at(100, undefined)],
      [at(0, 10), before],
    ] as const)
      expect(buildUpOf(one, other, BUILD_UP_THRESHOLDS.option)).toBe('unknown');
  });

  test('speaks of the underlying by the right of its contract', () => {
    const readings = (['long build-up', 'short build-up', 'long unwinding', 'short covering'] as const).map((one) => [
      biasOfBuildUp('CE', one),
      biasOfBuildUp('PE', one),
    ]);
    expect(readings).toEqual([
      ['bullish', 'bearish'],
      ['bearish', 'bullish'],
      ['bearish', 'bullish'],
      ['bullish', 'bearish'],
    ]);
    expect(biasOfBuildUp('CE', 'neutral')).toBe('neutral');
    expect(biasOfBuildUp('PE', 'unknown')).toBe('unknown');
  });
});

describe('the put-call ratio', () => {
  const chain = [row(100, 200, 900), row(110, 500, 500), row(120, 800, 100)];

  test('is the sum of puts over the sum of calls', () => {
    expect(putCallRatio(chain)).toBe(1);
    expect(putCallRatio(chain.slice(0, 2))).toBe(2);
  });

  test('is unknown with one strike unknown, without calls, and without strikes', () => {
    expect(putCallRatio([...chain, row(130, undefined, 5)])).toBeUndefined();
    expect(putCallRatio([...chain, row(130, 5, undefined)])).toBeUndefined();
    expect(putCallRatio([row(100, 0, 5)])).toBeUndefined();
    expect(putCallRatio([])).toBeUndefined();
  });

  test('of changes is null for calls that were not added and for puts that were taken away', () => {
    const then = [row(100, 100, 100), row(110, 100, 100)];
    expect(changesOf(then, [row(100, 120, 160), row(110, 120, 90)])).toEqual({ calls: 40, puts: 50 });
    expect(changePutCallRatio(then, [row(100, 120, 160), row(110, 120, 90)])).toBe(1.25);
    expect(changePutCallRatio(then, [row(100, 140, 100), row(110, 100, 100)])).toBe(0);
    expect(changePutCallRatio(then, [row(100, 120, 160), row(110, 80, 90)])).toBeUndefined();
    expect(changePutCallRatio(then, [row(100, 80, 60), row(110, 80, 90)])).toBeUndefined();
    expect(changePutCallRatio(then, [row(100, 120, 60), row(110, 120, 90)])).toBeUndefined();
  });

  test('of changes is unknown where a strike was not known before', () => {
    expect(changesOf([row(100, 1, 1)], [row(100, 2, 2), row(110, 2, 2)])).toBeUndefined();
    expect(changesOf([row(100, undefined, 1)], [row(100, 2, 2)])).toBeUndefined();
    expect(changesOf([row(100, 1, 1)], [row(100, 2, undefined)])).toBeUndefined();
    expect(changesOf([row(100, 1, 1)], [])).toBeUndefined();
  });

  test('is read as its writers mean it, at its bounds neutral, beyond the extremes the other way round where asked', () => {
    const read = (ratio: number | undefined) => biasOfPcr(ratio, PCR_BOUNDS);
    expect([1.21, 1.2, 0.8, 0.79, undefined].map(read)).toEqual([
      'bullish',
      'neutral',
      'neutral',
      'bearish',
      'unknown',
    ]);
    const contrarian = { ...PCR_BOUNDS, contrarian: { above: 1.5, below: 0.7 } };
    expect([1.51, 1.5, 0.7, 0.69].map((ratio) => biasOfPcr(ratio, contrarian))).toEqual([
      'bearish',
      'bullish',
      'bearish',
      'bullish',
    ]);
  });
});

describe('max pain', () => {
  // Settled at 100: puts 1 x 10 + 6 x 20 = 130; at 110: calls 4 x 10 + puts 6 x 10 = 100; at 120: calls 4 x 20 + 3 x 10 = 110.
  const chain = [row(100, 4, 9), row(110, 3, 1), row(120, 9, 6)];

  test('is the strike at which buyers are paid least, by hand', () => {
    expect(maxPain(chain, 100)).toBe(110);
  });

  test('is not the strike with the most open interest, and not the strike that pays most', () => {
    const total = chain.map(({ call = 0, put = 0 }) => call + put);
    expect(Math.max(...total)).toBe(total[2]);
    expect(maxPain(chain, 120)).toBe(110);
  });

  test('of equal ones is the nearest to the spot, then the lower', () => {
    // Calls of the lowest and puts of the highest alone: each strike pays 10 x 20 in all.
    const tied = [row(100, 10, 0), row(110, 0, 0), row(120, 0, 10)];
    expect([99, 104, 105, 106, 115, 116, 130].map((spot) => maxPain(tied, spot))).toEqual([
      100, 100, 100, 110, 110, 120, 120,
    ]);
  });

  test('is unknown where a strike is unknown and where nothing is held', () => {
    expect(maxPain([...chain, row(130, undefined, 0)], 110)).toBeUndefined();
    expect(maxPain([row(100, 0, 0), row(110, 0, 0)], 110)).toBeUndefined();
    expect(maxPain([], 110)).toBeUndefined();
  });

  test('agrees with its definition on random chains in any order', () => {
    const strikes = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
    const oi = fc.integer({ min: 0, max: 6 });
    fc.assert(
      fc.property(
        strikes,
        fc.array(fc.tuple(oi, oi), { minLength: 20, maxLength: 20 }),
        fc.nat(42),
        (at, held, spot) => {
          const chain = at.map((strike, index) => row(strike * 50, held[index]?.[0] ?? 0, held[index]?.[1] ?? 0));
          const nothing = chain.every(({ call, put }) => call === 0 && put === 0);
          expect(maxPain(chain, spot * 50)).toBe(nothing ? undefined : painByDefinition(chain, spot * 50));
        },
      ),
      { numRuns: 2_000, seed: 7 },
    );
  });
});

describe('walls', () => {
  const chain = [row(90, 900, 300), row(100, 200, 800), row(110, 700, 700), row(120, 400, 950), row(130, 700, 0)];

  test('are the most calls at or above the money and the most puts at or below it', () => {
    expect(wallsOf(chain, { money: 110, count: 1 })).toEqual({ resistance: [110], support: [100] });
    expect(wallsOf(chain, { money: 120, count: 1 })).toEqual({ resistance: [130], support: [120] });
  });

  test('are three where asked, largest first, the nearer of equal ones first, none without open interest', () => {
    expect(wallsOf(chain, { money: 100, count: 3 })).toEqual({ resistance: [110, 130, 120], support: [100, 90] });
    expect(wallsOf([row(100, 0, 0)], { money: 100, count: 3 })).toEqual({ resistance: [], support: [] });
  });

  test('are unknown with one strike unknown', () => {
    expect(wallsOf([...chain, row(140, 1, undefined)], { money: 110, count: 1 })).toBeUndefined();
    expect(wallsOf([], { money: 110, count: 1 })).toBeUndefined();
  });

  test('break when the spot closes beyond and the writers leave', () => {
    const wall = { side: 'resistance', strike: 110, spot: 111, oiBefore: 700, oiNow: 699 } as const;
    expect(isWallBroken(wall)).toBe(true);
    expect(isWallBroken({ ...wall, spot: 110 })).toBe(false);
    expect(isWallBroken({ ...wall, oiNow: 700 })).toBe(false);
    expect(isWallBroken({ ...wall, side: 'support', spot: 109 })).toBe(true);
    expect(isWallBroken({ ...wall, side: 'support', spot: 110 })).toBe(false);
    expect(isWallBroken({ ...wall, oiBefore: undefined })).toBe('unknown');
    expect(isWallBroken({ ...wall, oiNow: undefined })).toBe('unknown');
  });
});
