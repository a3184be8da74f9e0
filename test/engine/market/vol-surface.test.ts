import { describe, expect, test } from 'vitest';
import { black76Price } from '../../../engine/indicators/black76.ts';
import type { SmileShape } from '../../../engine/market/vol-surface.ts';
import { atTheMoneyVolatility, checkSmile, LEVEL_YEARS, smileVolatility } from '../../../engine/market/vol-surface.ts';

const CALM: SmileShape = { level: 0.13, term: -0.02, skew: -0.08, curvature: 0.02 };
const STRESS: SmileShape = { level: 0.6, term: 0.25, skew: -0.12, curvature: 0.025 };

function moneyness(strike: number, forward: number, years: number): number {
  return Math.log(strike / forward) / Math.sqrt(years);
}

describe('term', () => {
  test('the level is the volatility at the money for 30 days', () => {
    expect(atTheMoneyVolatility(CALM, LEVEL_YEARS)).toBeCloseTo(0.13, 14);
    expect(smileVolatility(CALM, 0, LEVEL_YEARS)).toBeCloseTo(0.13, 14);
  });

  test('a negative term lowers the short end and raises the long one, a positive term the other way', () => {
    expect(atTheMoneyVolatility(CALM, 1 / 365)).toBeLessThan(0.13);
    expect(atTheMoneyVolatility(CALM, 0.5)).toBeGreaterThan(0.13);
    expect(atTheMoneyVolatility(STRESS, 1 / 365)).toBeGreaterThan(0.6);
  });

  test('the short end minus the long end is the term', () => {
    expect(atTheMoneyVolatility(CALM, 0) - atTheMoneyVolatility(CALM, 1e6)).toBeCloseTo(-0.02, 6);
  });
});

describe('smile', () => {
  test('one deviation down costs about the skew plus the curvature more', () => {
    const oneDown = smileVolatility(CALM, -0.13, LEVEL_YEARS) / 0.13 - 1;
    expect(oneDown).toBeGreaterThan(0.08);
    expect(oneDown).toBeLessThan(0.1);
  });

  test('the wings bend flat and stay positive', () => {
    for (const shape of [CALM, STRESS]) {
      const far = smileVolatility(shape, -50, LEVEL_YEARS);
      expect(smileVolatility(shape, -500, LEVEL_YEARS) / far).toBeCloseTo(1, 2);
      expect(far).toBeLessThan(shape.level * 2.5);
      expect(smileVolatility(shape, 50, LEVEL_YEARS)).toBeGreaterThan(shape.level * 0.5);
    }
  });

  test('prices on the smile fall and are convex along the strikes, so no spread is free', () => {
    for (const shape of [CALM, STRESS]) {
      for (const years of [1 / 252, 5 / 252, 22 / 252]) {
        const calls = Array.from({ length: 121 }, (_, i) => {
          const strike = 20_000 + i * 50;
          const volatility = smileVolatility(shape, moneyness(strike, 23_000, years), years);
          return black76Price({ forward: 23_000, strike, years, volatility, right: 'CE' });
        });
        for (let i = 1; i < calls.length - 1; i += 1) {
          expect(calls[i]!).toBeLessThanOrEqual(calls[i - 1]! + 1e-9);
          expect(calls[i - 1]! - 2 * calls[i]! + calls[i + 1]!).toBeGreaterThanOrEqual(-1e-7);
        }
      }
    }
  });

  test('a shape whose volatility could fall to nothing is refused', () => {
    expect(() => checkSmile({ ...CALM, curvature: 0 })).toThrow(
      'a skew of -0.08 needs a curvature above 0.0016, was 0',
    );
    expect(() => checkSmile({ ...CALM, level: 0 })).toThrow('the level of a smile must be positive, was 0');
    expect(() => checkSmile({ ...CALM, curvature: -1 })).toThrow(
      'the curvature of a smile must not be negative, was -1',
    );
    expect(() => checkSmile(STRESS)).not.toThrow();
  });
});
