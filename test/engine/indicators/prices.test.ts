import fc from 'fast-check';
import { SwingHigh, SwingLow, VWAP } from 'trading-signals';
import { describe, expect, test } from 'vitest';
import { OpeningRange } from '../../../engine/indicators/opening-range.ts';
import { dailyPivots, SwingPivots } from '../../../engine/indicators/pivots.ts';
import { CloseVolatility, ParkinsonVolatility } from '../../../engine/indicators/realised-volatility.ts';
import { RollingExtreme } from '../../../engine/indicators/rolling-extreme.ts';
import { AnchoredVwap, Vwap } from '../../../engine/indicators/vwap.ts';
import { alike, anyCandles, anyPeriod, anyWalk, outputs } from './series.ts';

describe('VWAP', () => {
  test('weighs each price by its volume, and by hand 100 x 10 and 110 x 30 are 107.5', () => {
    const vwap = new Vwap();
    expect([vwap.push(100, 0), vwap.push(100, -1), vwap.push(100, 10), vwap.push(110, 30)]).toEqual([
      undefined,
      undefined,
      100,
      107.5,
    ]);
  });

  test('agrees with another library on any candles', () => {
    fc.assert(
      fc.property(anyCandles, (candles) => {
        const [ours, other] = [new Vwap(), new VWAP()];
        for (const candle of candles) {
          ours.push((candle.high + candle.low + candle.close) / 3, candle.volume);
          other.update(candle, false);
          expect(alike(ours.value, other.isStable ? other.getResultOrThrow() : undefined)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('that is anchored begins with the candle that starts at its anchor', () => {
    const vwap = new AnchoredVwap({ from: 920 });
    expect([vwap.push(915, 100, 10), vwap.push(920, 110, 10), vwap.push(925, 120, 30)]).toEqual([
      undefined,
      110,
      117.5,
    ]);
    vwap.anchorAt(930);
    expect([vwap.push(925, 90, 10), vwap.push(930, 80, 10), vwap.value]).toEqual([undefined, 80, 80]);
  });
});

describe('rolling extremes', () => {
  test('are the highest and lowest of the last values on any walk, and know their age', () => {
    fc.assert(
      fc.property(anyWalk, anyPeriod, (values, period) => {
        const [high, low] = [new RollingExtreme({ period, of: 'high' }), new RollingExtreme({ period, of: 'low' })];
        values.forEach((value, at) => {
          const window = values.slice(Math.max(0, at - period + 1), at + 1);
          expect(high.push(value)).toBe(Math.max(...window));
          expect(low.push(value)).toBe(Math.min(...window));
          expect(high.age).toBe(at - values.lastIndexOf(Math.max(...window), at));
          expect(high.isFull).toBe(at + 1 >= period);
        });
      }),
      { numRuns: 100 },
    );
  });
});

describe('the opening range', () => {
  test('is known at the end of its stretch and takes nothing after it', () => {
    const range = new OpeningRange({ lengthMs: 15 });
    range.open(1_000);
    range.push(1_005, 110, 100);
    range.push(1_010, 112, 104);
    expect(range.isKnown).toBe(false);
    range.push(1_015, 111, 99);
    expect([range.isKnown, range.high, range.low]).toEqual([true, 112, 99]);
    range.push(1_020, 150, 50);
    expect([range.high, range.low]).toEqual([112, 99]);
    range.open(2_000);
    expect([range.isKnown, range.high]).toEqual([false, undefined]);
  });

  test('without a candle in its stretch is never known', () => {
    const range = new OpeningRange({ lengthMs: 15 });
    range.open(1_000);
    range.push(1_020, 110, 100);
    expect(range.isKnown).toBe(false);
  });
});

describe('pivots', () => {
  test('of a day with high 110, low 100 and close 108', () => {
    // P = 106; R1 = 212 - 100, S1 = 212 - 110, R2 = 106 + 10, S2 = 106 - 10, R3 = 110 + 12, S3 = 100 - 8.
    expect(dailyPivots({ high: 110, low: 100, close: 108 })).toEqual({
      pivot: 106,
      r1: 112,
      r2: 116,
      r3: 122,
      s1: 102,
      s2: 96,
      s3: 92,
    });
  });

  test('of a swing are confirmed two bars later, and not by equals', () => {
    const highs = new SwingPivots({ bars: 2, of: 'high' });
    expect(outputs([1, 2, 5, 4, 3, 4, 4, 2, 1], (value) => highs.push(value))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      5,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    const lows = new SwingPivots({ bars: 1, of: 'low' });
    expect(outputs([3, 1, 2, 0, 5], (value) => lows.push(value))).toEqual([undefined, undefined, 1, undefined, 0]);
  });

  test('agree with another library on any candles', () => {
    fc.assert(
      fc.property(anyCandles, fc.integer({ min: 1, max: 6 }), (candles, bars) => {
        const ours = [new SwingPivots({ bars, of: 'high' }), new SwingPivots({ bars, of: 'low' })] as const;
        const others = [new SwingHigh({ lookback: bars }), new SwingLow({ lookback: bars })] as const;
        for (const candle of candles) {
          expect(ours[0].push(candle.high) ?? null).toBe(others[0].update(candle, false));
          expect(ours[1].push(candle.low) ?? null).toBe(others[1].update(candle, false));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('realised volatility', () => {
  /** Both measures straight from their formulas with the platform's own logarithm. */
  function closeToClose(closes: readonly number[], periods: number): number {
    const moves = closes.slice(1).map((close, at) => Math.log(close / (closes[at] ?? 1)));
    const mean = moves.reduce((sum, move) => sum + move, 0) / moves.length;
    return Math.sqrt((moves.reduce((sum, move) => sum + (move - mean) ** 2, 0) / (moves.length - 1)) * periods);
  }

  test('close to close is the deviation of the log returns, any walk', () => {
    fc.assert(
      fc.property(anyWalk, fc.integer({ min: 2, max: 30 }), (closes, period) => {
        const volatility = new CloseVolatility({ period, periodsPerYear: 252 });
        closes.forEach((close, at) => {
          const value = volatility.push(close);
          const expected = at < period ? undefined : closeToClose(closes.slice(at - period, at + 1), 252);
          if (expected === undefined) expect(value).toBeUndefined();
          else expect(Math.abs((value ?? 0) - expected)).toBeLessThan(1e-8);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('close to close by hand: one per cent up and down each day', () => {
    // Log returns alternate +-ln 1.01 with mean 0 over four: sqrt(4 ln(1.01)^2 / 3) = 0.01149, a year of 252 days 18.24 %.
    const volatility = new CloseVolatility({ period: 4, periodsPerYear: 252 });
    const last = [100, 101, 100, 101, 100].map((close) => volatility.push(close)).at(-1);
    expect(last).toBeCloseTo(0.1824, 4);
  });

  test("Parkinson's is the mean square of the log ranges over 4 ln 2", () => {
    fc.assert(
      fc.property(anyCandles, fc.integer({ min: 1, max: 20 }), (candles, period) => {
        const volatility = new ParkinsonVolatility({ period, periodsPerYear: 252 });
        candles.forEach(({ high, low }, at) => {
          const value = volatility.push(high, low);
          if (at + 1 < period) return expect(value).toBeUndefined();
          const squares = candles.slice(at + 1 - period, at + 1).map((each) => Math.log(each.high / each.low) ** 2);
          const expected = Math.sqrt(
            (squares.reduce((sum, square) => sum + square, 0) / period / (4 * Math.LN2)) * 252,
          );
          return expect(Math.abs((value ?? 0) - expected)).toBeLessThan(1e-8);
        });
      }),
      { numRuns: 60 },
    );
  });
});
