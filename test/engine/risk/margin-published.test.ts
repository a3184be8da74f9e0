/**
 * How far the estimate lies from margins that brokers published. Each row names its source; the errors stated are those of the model's own
 * description. A change that moves one of them by more than a twentieth of a per cent has to say so there.
 */
import { describe, expect, test } from 'vitest';
import { day } from '../../../engine/model/time.ts';
import type { Margin } from '../../../engine/risk/margin.ts';
import { marginOf } from '../../../engine/risk/margin.ts';
import type { MarginLeg } from '../../../engine/risk/margin-scan.ts';
import { legs, ratesOn } from './margin-legs.ts';

function margin(held: readonly MarginLeg[], today: string, spot: number): Margin {
  const market = { day: day(today), spot: Math.round(spot * 100), volatility: undefined };
  return marginOf(held, market, ratesOn(market.day));
}

/** Error of an estimate in paise against a published figure in rupees, per cent to one decimal. */
function errorPct(estimate: number, published: number): number {
  return Math.round((estimate / 100 / published - 1) * 1_000) / 10;
}

describe("Kite's basket of July 2023, 75 units at a NIFTY of 19,434.15", () => {
  // The page tells no day: a fortnight before the expiry. Premiums follow from its own levies and option_premium: 35.65 and 6.95.
  const [today, expiry] = ['2023-07-13', '2023-07-27'];
  const short = legs(expiry, today, '20600CE -75 at 35.65');

  test('the short call alone: SPAN -1.2 %, exposure to the paisa', () => {
    const { span, exposure, total } = margin(short, today, 19_434.15);
    expect(errorPct(span, 66_832.5)).toBe(-1.2);
    expect(exposure).toBe(2_915_123);
    expect(errorPct(total, 95_983.73)).toBe(-0.8);
  });

  test('with the long call: SPAN +56 %, since the two premiums stand on volatilities of 22 and 17 %', () => {
    const { span, exposure, total } = margin(
      [...short, ...legs(expiry, today, '20700CE 75 at 6.95')],
      today,
      19_434.15,
    );
    expect(errorPct(span, 7_788)).toBe(56.3);
    expect(exposure).toBe(2_915_123);
    expect(errorPct(total, 7_788 + 29_151.23)).toBe(11.9);
    // Kite's own total takes the premium off: 28.70 a unit.
    expect(errorPct(total - 2_870 * 75, 34_786.73)).toBe(12.6);
  });

  test('with a long call on the volatility of the short one, at 27.92: SPAN -23 %', () => {
    const { span, total } = margin([...short, ...legs(expiry, today, '20700CE 75 at 27.92')], today, 19_434.15);
    expect(errorPct(span, 7_788)).toBe(-22.6);
    expect(errorPct(total, 7_788 + 29_151.23)).toBe(-4.8);
  });

  test('by a second method: 66,058.24, with the long call 12,172.45, on one volatility 6,024.96', () => {
    // Black-76 in double precision with the platform's error function, volatilities by bisection.
    const spanWith = (...texts: readonly string[]): number =>
      margin([...short, ...legs(expiry, today, ...texts)], today, 19_434.15).span;
    expect([spanWith(), spanWith('20700CE 75 at 6.95'), spanWith('20700CE 75 at 27.92')]).toEqual([
      6_605_824, 1_217_245, 602_496,
    ]);
  });
});

describe("a broker's calculator in early 2025, 75 units at a NIFTY of 23,114.10 (tradingqna.com, thread 178234)", () => {
  const [today, expiry] = ['2025-01-27', '2025-01-30'];
  const put = '23100PE -75 at 123.7';
  const call = '23100CE -75 at 154.7';
  const [hedgePut, hedgeCall] = ['22800PE 75 at 37.95', '23400CE 75 at 43.8'];

  test.each([
    { name: 'a short put', texts: [put], span: 158_127, total: 192_798.15, errors: [1.3, 1.1] },
    { name: 'a short call', texts: [call], span: 161_509.5, total: 196_180.65, errors: [0.5, 0.4] },
    { name: 'a put spread', texts: [put, hedgePut], span: 21_546.75, total: 56_217.9, errors: [4.4, 1.7] },
    { name: 'a call spread', texts: [call, hedgeCall], span: 22_195.5, total: 56_866.65, errors: [1.4, 0.5] },
    { name: 'a straddle', texts: [call, put], span: 161_509.5, total: 230_851.8, errors: [0.5, 0.3] },
    {
      name: 'an iron butterfly',
      texts: [call, put, hedgePut, hedgeCall],
      span: 22_195.5,
      total: 91_537.8,
      errors: [1.4, 0.3],
    },
  ])('$name: SPAN and total are off by $errors per cent', ({ texts, span, total, errors }) => {
    const estimate = margin(legs(expiry, today, ...texts), today, 23_114.1);
    expect([errorPct(estimate.span, span), errorPct(estimate.total, total)]).toEqual(errors);
  });
});

test("Kite's basket of futures in January 2023: the near one SPAN -0.7 %, against the far one -5.0 %", () => {
  // Prices times units follow from the exposure: 14,11,956 and 14,17,903.50; the index is not told, the near future stands for it.
  const today = '2023-01-02';
  const near = legs('2023-01-25', today, 'FUT -1 at 1411956');
  const alone = margin(near, today, 1_411_956);
  expect(errorPct(alone.span, 132_257.58)).toBe(-0.7);
  expect(alone.exposure).toBe(2_823_912);
  const both = margin([...near, ...legs('2023-02-23', today, 'FUT 1 at 1417903.5')], today, 1_411_956);
  expect(errorPct(both.span, 26_000.52)).toBe(-5);
  expect(both.exposure).toBe(945_269);
  expect(errorPct(both.total, 35_453.21)).toBe(-3.6);
});

test('an iron condor bought inside on its expiry day of 2024, BANKNIFTY at 51,365.70: -2.2 % (algotest.in, thread 848)', () => {
  const today = '2024-10-23';
  const held = legs(
    today,
    today,
    '51500CE 15 at 32',
    '51700CE -15 at 14.3',
    '51100PE 15 at 15.05',
    '50900PE -15 at 7.35',
  );
  const { span, exposure, expiryDay, total } = margin(held, today, 51_365.7);
  expect([span, exposure, expiryDay]).toEqual([0, 3_081_942, 0]);
  expect(errorPct(total, 31_522)).toBe(-2.2);
});

describe('rules of thumb', () => {
  const [today, expiry] = ['2025-06-16', '2025-06-19'];
  const spot = 24_900;
  const pctOfNotional = (text: string): number =>
    Math.round((margin(legs(expiry, today, text), today, spot).total / (75 * spot * 100)) * 1_000) / 10;

  test('at the money 11 to 13 % of notional', () => {
    expect(pctOfNotional('24900CE -75 at 150')).toBe(11.3);
    expect(pctOfNotional('24900PE -75 at 150')).toBe(11.3);
  });

  test('far out of the money 5 to 8 %', () => {
    expect(pctOfNotional('26000CE -75 at 4')).toBe(7);
    expect(pctOfNotional('23400PE -75 at 5')).toBe(6.4);
  });

  test('a lot of 75 in 2025 about 1.8 lakh of rupees: 17 % above it in June, 9 % at the index of January', () => {
    expect(errorPct(margin(legs(expiry, today, '24900CE -75 at 150'), today, spot).total, 180_000)).toBe(17.2);
    expect(
      errorPct(margin(legs('2025-01-30', '2025-01-27', '23100CE -75 at 154.7'), '2025-01-27', 23_114.1).total, 180_000),
    ).toBe(9.4);
  });
});
