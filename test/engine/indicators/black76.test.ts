import { describe, expect, test } from 'vitest';
import {
  black76,
  black76Price,
  emptySheet,
  impliedInto,
  impliedVolatility,
  intrinsic,
} from '../../../engine/indicators/black76.ts';
import { streamOf } from '../../../engine/prng.ts';

describe('price', () => {
  test('agrees with Hull, Options Futures and Other Derivatives, example of an oil put: 60, 60, four months, 25 %, rate 9 %: 3.35', () => {
    const put = black76Price({ forward: 60, strike: 60, years: 4 / 12, volatility: 0.25, right: 'PE' });
    expect(put * Math.exp((-0.09 * 4) / 12)).toBeCloseTo(3.35, 2);
  });

  // Values from mpmath 1.3 with 30 digits, straight from the formula.
  test.each([
    [20, 20, 0.3333333333333333, 0.25, 1.1506482517116223, 1.1506482517116223],
    [23_500, 23_500, 0.02, 0.14, 185.61534126501948, 185.61534126501948],
    [23_500, 24_500, 0.01, 0.13, 0.056596368965133544, 1000.0565963689651],
    [50_000, 45_000, 0.08, 0.2, 5032.66580376818, 32.66580376818036],
  ])('forward %d, strike %d, %d years at %d', (forward, strike, years, volatility, call, put) => {
    const terms = { forward, strike, years, volatility };
    expect(Math.abs(black76Price({ ...terms, right: 'CE' }) - call)).toBeLessThan(1e-10);
    expect(Math.abs(black76Price({ ...terms, right: 'PE' }) - put)).toBeLessThan(1e-10);
  });

  test('a call less a put is the forward less the strike', () => {
    for (const terms of randomTerms(500)) {
      const parity = black76Price({ ...terms, right: 'CE' }) - black76Price({ ...terms, right: 'PE' });
      expect(Math.abs(parity - (terms.forward - terms.strike))).toBeLessThan(1e-9 * terms.forward);
    }
  });

  test('lies between intrinsic value and the forward or strike, and rises with volatility', () => {
    for (const terms of randomTerms(500)) {
      for (const right of ['CE', 'PE'] as const) {
        const price = black76Price({ ...terms, right });
        expect(price).toBeGreaterThanOrEqual(intrinsic({ ...terms, right }) - 1e-9 * terms.forward);
        expect(price).toBeLessThan(right === 'CE' ? terms.forward : terms.strike);
        expect(black76Price({ ...terms, right, volatility: terms.volatility + 0.01 })).toBeGreaterThanOrEqual(price);
      }
    }
  });

  test('is intrinsic value at expiry and without volatility', () => {
    const terms = { forward: 23_512.35, strike: 23_500, years: 0, volatility: 0.14 };
    expect(black76Price({ ...terms, right: 'CE' })).toBeCloseTo(12.35, 9);
    expect(black76Price({ ...terms, right: 'PE' })).toBe(0);
    expect(black76Price({ ...terms, years: 0.1, volatility: 0, right: 'CE' })).toBeCloseTo(12.35, 9);
  });
});

describe('Greeks', () => {
  test('agree with the formula at full precision for a call at the money', () => {
    const greeks = black76({ forward: 23_500, strike: 23_500, years: 0.02, volatility: 0.14, right: 'CE' });
    expect(greeks.delta).toBeCloseTo(0.5039492625801067, 13);
    expect(greeks.gamma).toBeCloseTo(0.0008573889649475091, 13);
    expect(greeks.vega).toBeCloseTo(1325.7805564983332, 9);
  });

  test('agree with finite differences of the price', () => {
    for (const terms of randomTerms(200)) {
      for (const right of ['CE', 'PE'] as const) {
        const price = (change: Partial<typeof terms>): number => black76Price({ ...terms, ...change, right });
        const greeks = black76({ ...terms, right });
        const [h, v, t] = [terms.forward * 1e-4, 1e-5, terms.years * 1e-4];
        const scale = terms.forward * 1e-6;
        const up = price({ forward: terms.forward + h });
        const down = price({ forward: terms.forward - h });
        expect(Math.abs(greeks.delta - (up - down) / (2 * h))).toBeLessThan(2e-4);
        expect(Math.abs(greeks.gamma - (up - 2 * greeks.price + down) / (h * h)) * terms.forward).toBeLessThan(0.05);
        const vega =
          (price({ volatility: terms.volatility + v }) - price({ volatility: terms.volatility - v })) / (2 * v);
        expect(Math.abs(greeks.vega - vega)).toBeLessThan(scale * 10 + 1e-4 * Math.abs(vega));
        const theta = (price({ years: terms.years - t }) - price({ years: terms.years + t })) / (2 * t);
        expect(Math.abs(greeks.theta - theta)).toBeLessThan(scale * 10 + 1e-4 * Math.abs(theta));
      }
    }
  });

  test('at expiry the delta is a step and a half on the strike', () => {
    const terms = { strike: 100, years: 0, volatility: 0.2, right: 'CE' } as const;
    expect(black76({ ...terms, forward: 101 })).toEqual({ price: 1, delta: 1, gamma: 0, vega: 0, theta: 0 });
    expect(black76({ ...terms, forward: 99 }).delta).toBe(0);
    expect(black76({ ...terms, forward: 100 }).delta).toBe(0.5);
    expect(black76({ ...terms, forward: 99, right: 'PE' }).delta).toBe(-1);
  });
});

describe('implied volatility', () => {
  test('gives back the volatility that made the price', () => {
    for (const terms of randomTerms(1_000)) {
      for (const right of ['CE', 'PE'] as const) {
        const { price, vega } = black76({ ...terms, right });
        // A price carries its volatility only as far as its own rounding allows.
        if (vega * 1e-7 < terms.forward * 1e-15) continue;
        const found = impliedVolatility({ ...terms, right, price });
        expect(Math.abs((found ?? Number.NaN) - terms.volatility)).toBeLessThan(1e-6);
      }
    }
  });

  test('is found for a far option of one tick and for extreme volatilities', () => {
    const far = { forward: 2_350_000, strike: 2_500_000, years: 0.004, right: 'CE' } as const;
    const found = impliedVolatility({ ...far, price: 5 });
    expect(black76Price({ ...far, volatility: found ?? 0 })).toBeCloseTo(5, 6);
    for (const volatility of [0.001, 0.01, 3, 9]) {
      const terms = { forward: 100, strike: 100.1, years: 0.05, right: 'PE' } as const;
      const price = black76Price({ ...terms, volatility });
      expect(impliedVolatility({ ...terms, price })).toBeCloseTo(volatility, 7);
    }
  });

  test('is undefined where no volatility gives the price', () => {
    const terms = { forward: 100, strike: 90, years: 0.1, right: 'CE' } as const;
    expect(impliedVolatility({ ...terms, price: 10 })).toBeUndefined();
    expect(impliedVolatility({ ...terms, price: 9.5 })).toBeUndefined();
    expect(impliedVolatility({ ...terms, price: 100 })).toBeUndefined();
    expect(impliedVolatility({ ...terms, price: 12, years: 0 })).toBeUndefined();
    expect(impliedVolatility({ ...terms, price: Number.NaN })).toBeUndefined();
    expect(impliedVolatility({ ...terms, price: 12, forward: 0 })).toBeUndefined();
  });
});

describe('implied volatility of a chain', () => {
  test('gives the price back to half a paisa, and the Greeks at its own volatility, whatever it begins from', () => {
    const sheet = emptySheet();
    for (const { forward, strike, years, volatility } of randomTerms(300)) {
      for (const right of ['CE', 'PE'] as const) {
        const terms = { forward: forward * 100, strike: strike * 100, years, right };
        const price = black76Price({ ...terms, volatility });
        if (price - intrinsic(terms) < 1) continue;
        for (const guess of [undefined, volatility, 0.02, 4, Number.NaN, -1]) {
          const found = impliedInto({ ...terms, price, guess }, sheet) ?? Number.NaN;
          const there = black76({ ...terms, volatility: found });
          expect(Math.abs(there.price - price)).toBeLessThanOrEqual(0.5 + 1e-9 * terms.forward);
          expect(sheet.delta).toBeCloseTo(there.delta, 9);
          expect(sheet.gamma / there.gamma).toBeCloseTo(1, 6);
          expect(sheet.vega / there.vega).toBeCloseTo(1, 6);
          expect(sheet.theta / there.theta).toBeCloseTo(1, 6);
          expect(Math.abs(sheet.price - there.price)).toBeLessThan(1e-8 * terms.forward);
        }
      }
    }
  });

  test('of a call at the money is what the formula inverts by hand', () => {
    // At the money a call is F (2 N(s sqrt T / 2) - 1); at F = 23,500 rupees, T = 0.02, s = 0.14 that is 18,561.534 paise.
    const terms = { forward: 2_350_000, strike: 2_350_000, years: 0.02, right: 'CE', price: 18_561.534 } as const;
    const sheet = emptySheet();
    const found = impliedInto({ ...terms, guess: 0.2 }, sheet) ?? Number.NaN;
    // Half a paisa over a vega of 132,578 paise.
    expect(Math.abs(found - 0.14)).toBeLessThan(0.5 / 132_578 + 1e-9);
    expect(sheet.delta).toBeCloseTo(0.50395, 4);
  });

  test('is undefined where no volatility gives the price', () => {
    const terms = { forward: 10_000, strike: 9_000, years: 0.1, right: 'CE', guess: 0.2 } as const;
    const solved = (change: object): unknown => impliedInto({ ...terms, price: 1_200, ...change }, emptySheet());
    expect(solved({})).toBeGreaterThan(0);
    for (const change of [
      { price: 1_000 },
      { price: 950 },
      { price: 10_001 },
      { years: 0 },
      { price: Number.NaN },
      { forward: 0 },
    ])
      expect(solved(change)).toBeUndefined();
  });
});

interface RandomTerms {
  readonly forward: number;
  readonly strike: number;
  readonly years: number;
  readonly volatility: number;
}

function randomTerms(count: number): RandomTerms[] {
  const stream = streamOf(76, 'terms');
  return Array.from({ length: count }, () => {
    const forward = 100 + 90_000 * stream();
    const years = 0.001 + 0.5 * stream();
    const volatility = 0.05 + 0.8 * stream();
    const strike = forward * (1 + (stream() - 0.5) * 4 * volatility * Math.sqrt(years));
    return { forward, strike: Math.max(strike, 1), years, volatility };
  });
}
