import { describe, expect, test } from 'vitest';
import { exp, ln, normalCdf, normalPdf, normalQuantile } from '../../../engine/indicators/fixed-math.ts';
import { streamOf } from '../../../engine/prng.ts';

function relativeError(value: number, truth: number): number {
  return Math.abs(value - truth) / Math.abs(truth);
}

describe('exponential and logarithm', () => {
  test('exp agrees with the platform to a few units in the last place over its whole range', () => {
    const stream = streamOf(1, 'exp');
    let worst = 0;
    for (let i = 0; i < 20_000; i += 1) {
      const x = i % 2 === 0 ? stream() * 1_416 - 708 : stream() * 4 - 2;
      worst = Math.max(worst, relativeError(exp(x), Math.exp(x)));
    }
    expect(worst).toBeLessThan(4e-16);
  });

  test('exp is exact at 0 and ends in 0 and infinity', () => {
    expect(exp(0)).toBe(1);
    expect(exp(-709)).toBe(0);
    expect(exp(710)).toBe(Number.POSITIVE_INFINITY);
    expect(exp(Number.NaN)).toBeNaN();
  });

  test('ln agrees with the platform, and close to 1 keeps its relative accuracy', () => {
    const stream = streamOf(2, 'ln');
    let worst = 0;
    for (let i = 0; i < 20_000; i += 1) {
      const x = i % 2 === 0 ? 10 ** (stream() * 600 - 300) : 1 + (stream() - 0.5) * 1e-3;
      worst = Math.max(worst, relativeError(ln(x), Math.log(x)));
    }
    expect(worst).toBeLessThan(4e-16);
    expect(relativeError(ln(1 + 2 ** -40), Math.log1p(2 ** -40))).toBeLessThan(1e-15);
  });

  test('ln is exact at 1 and says what it cannot answer', () => {
    expect(ln(1)).toBe(0);
    expect(ln(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(ln(-1)).toBeNaN();
    expect(ln(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('normal distribution', () => {
  // Values from mpmath 1.3 with 30 digits.
  test.each([
    [-8, 6.220960574271784e-16],
    [-5, 2.866515718791939e-7],
    [-2.5, 0.006209665325776135],
    [-1, 0.15865525393145705],
    [-0.1, 0.460172162722971],
    [0.3, 0.6179114221889527],
    [1.96, 0.9750021048517795],
    [3, 0.9986501019683699],
    [6, 0.9999999990134123],
  ])('the chance below %d is known to 2e-15, and far down to seven digits', (x, chance) => {
    expect(relativeError(normalCdf(x), chance)).toBeLessThan(x < -3 ? 1e-7 : 1e-13);
    expect(Math.abs(normalCdf(x) - chance)).toBeLessThan(2e-15);
  });

  test('half lies below 0', () => {
    expect(normalCdf(0)).toBeCloseTo(0.5, 15);
    expect(normalPdf(0)).toBeCloseTo(0.3989422804014327, 15);
  });

  test.each([
    [0.000_001, -4.753424308822899],
    [0.01, -2.326347874040841],
    [0.08, -1.4050715603096324],
    [0.3, -0.5244005127080408],
    [0.925, 1.439531470938456],
    [0.975, 1.9599639845400543],
    [0.9999, 3.7190164854556804],
  ])('the quantile of %d is known to 1e-12', (p, x) => {
    expect(Math.abs(normalQuantile(p) - x)).toBeLessThan(1e-12);
  });

  test('quantile and chance are each other undone', () => {
    for (let i = 1; i < 2_000; i += 1) expect(normalCdf(normalQuantile(i / 2_000))).toBeCloseTo(i / 2_000, 13);
    expect(normalCdf(normalQuantile(1e-13)) / 1e-13).toBeCloseTo(1, 6);
  });
});
