import { describe, expect, test } from 'vitest';
import { day } from '../../../engine/model/time.ts';
import type { Margin, MarginNeed } from '../../../engine/risk/margin.ts';
import { marginOf, marginOfOrders } from '../../../engine/risk/margin.ts';
import type { MarginLeg, MarginMarket } from '../../../engine/risk/margin-scan.ts';
import { legs, ratesOn } from './margin-legs.ts';

// The index at 20,000: a range of 9.3 % is 1,860 points, an extreme move 3,720. An option at its intrinsic value has no volatility, so it
// moves by its intrinsic value and every figure can be had by hand.
const TODAY = '2025-03-03';
const NEAR = '2025-03-06';
const FAR = '2025-03-27';

function market(today = TODAY, rest: Partial<MarginMarket> = {}): MarginMarket {
  return { day: day(today), spot: 2_000_000, volatility: undefined, ...rest };
}

function margin(held: readonly MarginLeg[], at: MarginMarket = market()): Margin {
  return marginOf(held, at, ratesOn(at.day));
}

function near(...texts: readonly string[]): readonly MarginLeg[] {
  return legs(NEAR, TODAY, ...texts);
}

/** Whole rupees of a SPAN margin. */
function span(held: readonly MarginLeg[], at?: MarginMarket): number {
  return margin(held, at).span / 100;
}

describe('SPAN', () => {
  test('asks nothing of nothing', () => {
    expect(margin([])).toEqual({ span: 0, exposure: 0, expiryDay: 0, total: 0 });
  });

  test('asks for what a short option costs after the whole range', () => {
    // 2,000 + 1,860; the extreme move counts 0.65 x 2,000 + 0.35 x 5,720 = 3,302.
    expect(span(near('18000CE -1 at 2000'))).toBe(3_860);
    expect(span(near('22000PE -75 at 2000'))).toBe(3_860 * 75);
  });

  test('takes 35 % of the extreme move where that is worse, far out of the money', () => {
    // Strike 22,000: nothing after 1,860 points, 1,720 after 3,720.
    expect(span(near('22000CE -1 at 0'))).toBe(602);
  });

  test('counts both sides of a strangle in one scenario', () => {
    // Extreme up: call 5,720, put 0 (2,000 less 3,720, but never under nothing): 0.65 x 4,000 + 0.35 x 5,720.
    expect(span(near('18000CE -1 at 2000', '22000PE -1 at 2000'))).toBe(4_602);
  });

  test('of a spread is its width and no more, of the other way round nothing', () => {
    expect(span(near('18000CE -1 at 2000', '18500CE 1 at 1500'))).toBe(500);
    expect(span(near('18000CE 1 at 2000', '18500CE -1 at 1500'))).toBe(0);
  });

  test('nets what is held twice of one contract', () => {
    expect(margin(near('18000CE -3 at 2000', '18000CE 2 at 2000'))).toEqual(margin(near('18000CE -1 at 2000')));
    expect(margin(near('18000CE -1 at 2000', '18000CE 1 at 2000')).total).toBe(0);
  });

  test('moves volatility by a quarter of itself, at least by four points', () => {
    // Index and strike at 20,000, by Black-76 with the platform's error function. A year at 40 % costs 3,170.3884; ten points of volatility
    // and 17.7 % up it is worth 6,288.6703. A tenth of a year at 8 % costs 201.8452; four points and 9.3 % up 1,862.5560.
    const year = near('20000CE -1 at 0').map((each) => ({ ...each, price: 317_038.84, years: 1 }));
    expect(margin(year).span).toBe(628_868);
    const calm = near('20000CE -1 at 0').map((each) => ({ ...each, price: 20_184.52, years: 0.1 }));
    expect(margin(calm).span).toBe(186_256);
  });

  test('of a future is the range either way, and widens with the volatility of a day', () => {
    expect(span(near('FUT 75 at 20050'))).toBe(1_860 * 75);
    expect(span(near('FUT -75 at 20050'))).toBe(1_860 * 75);
    // 6 x root 2 x 35 % / root 252 = 18.7083 %; the same at 17 % gives 9.087 %, and the least range holds.
    expect(margin(near('FUT 1 at 20050'), market(TODAY, { volatility: 0.35 })).span).toBe(374_166);
    expect(span(near('FUT 1 at 20050'), market(TODAY, { volatility: 0.17 }))).toBe(1_860);
  });

  test('takes a range of 17.7 % for an option of more than nine months', () => {
    expect(span(legs('2026-06-30', TODAY, '18000CE -1 at 2000'))).toBe(5_540);
  });

  test('lets legs offset each other since June 2020 only', () => {
    const held = legs('2020-06-25', '2020-05-29', '18000CE -1 at 2000', '18500CE 1 at 1500');
    expect(span(held, market('2020-05-29'))).toBe(3_860);
    expect(span(held, market('2020-06-01'))).toBe(500);
  });
});

describe('across expiries', () => {
  const calendar = [...near('FUT -1 at 20050'), ...legs(FAR, TODAY, 'FUT 1 at 20100')];

  test('an offset costs 1.75 % of the index, and exposure a third of the far future', () => {
    expect(margin(calendar)).toEqual({ span: 35_000, exposure: 13_400, expiryDay: 0, total: 48_400 });
  });

  test('what does not offset is asked in full: two futures against one', () => {
    // One future of the far month stays: 1,860, and exposure of 402 beside the third of the other.
    const two = [...near('FUT -1 at 20050'), ...legs(FAR, TODAY, 'FUT 2 at 20100')];
    expect(margin(two)).toEqual({ span: 186_000 + 35_000, exposure: 40_200 + 13_400, expiryDay: 0, total: 274_600 });
  });

  test('what expires today stands alone from 10 February 2025', () => {
    const on = (today: string): Margin =>
      margin([...legs(today, today, 'FUT -1 at 20050'), ...legs(FAR, today, 'FUT 1 at 20100')], market(today));
    expect(on('2025-02-07').span).toBe(35_000);
    expect(on('2025-02-10')).toEqual({ span: 372_000, exposure: 80_300, expiryDay: 0, total: 452_300 });
  });

  test('an offset never costs more than it saves: bought options alone need nothing', () => {
    // Deltas of 1 and -1 match; 350 rupees would be asked where nothing can be owed.
    expect(margin([...near('18000CE 1 at 2000'), ...legs(FAR, TODAY, '22000PE 1 at 2000')]).total).toBe(0);
  });

  test('a bought option of a later month covers a short one but for the charge', () => {
    const held = [...near('18000CE -1 at 2000'), ...legs(FAR, TODAY, '18000CE 1 at 2000')];
    expect(margin(held)).toEqual({ span: 35_000, exposure: 40_000, expiryDay: 0, total: 75_000 });
  });
});

describe('exposure', () => {
  test('is 2 % of notional of what is short, hedged or not', () => {
    expect(margin(near('18000CE -75 at 2000')).exposure).toBe(3_000_000);
    expect(margin(near('18000CE -75 at 2000', '18500CE 75 at 1500')).exposure).toBe(3_000_000);
    expect(margin(near('18500CE 75 at 1500')).exposure).toBe(0);
  });

  test('of short options grows by 2 % on the day they expire, from 20 November 2024', () => {
    const on = (today: string, expiry = today): number =>
      margin(legs(expiry, today, '18000CE -1 at 2000', '18500CE 1 at 1500'), market(today)).expiryDay;
    expect(on('2024-11-19')).toBe(0);
    expect(on('2024-11-20')).toBe(40_000);
    expect(on('2024-11-20', '2024-11-21')).toBe(0);
  });
});

describe('orders', () => {
  function need(held: readonly MarginLeg[], wanted: readonly MarginLeg[]): MarginNeed {
    return marginOfOrders(held, wanted, market(), ratesOn(day(TODAY)));
  }

  test('need premium, SPAN and exposure of a spread, whichever leg is named first', () => {
    // Paid 1,500, SPAN 500, exposure 400.
    const spread = ['18000CE -1 at 2000', '18500CE 1 at 1500'];
    expect(need([], near(...spread))).toEqual({ inUse: 0, addition: 240_000 });
    expect(need([], near(...spread.toReversed()))).toEqual({ inUse: 0, addition: 240_000 });
  });

  test('that only buy need their premium', () => {
    expect(need([], near('18500CE 75 at 1500'))).toEqual({ inUse: 0, addition: 11_250_000 });
  });

  test('that only sell need what a broker blocks, the premium not counted before it is there', () => {
    expect(need([], near('18000CE -1 at 2000'))).toEqual({ inUse: 0, addition: 426_000 });
  });

  test('leave in use margin and premium paid, less premium received', () => {
    // SPAN 500 and exposure 400, 1,500 paid and 2,000 received.
    expect(need(near('18000CE -1 at 2000', '18500CE 1 at 1500'), [])).toEqual({ inUse: 40_000, addition: 0 });
    expect(need(near('18500CE 1 at 1500'), [])).toEqual({ inUse: 150_000, addition: 0 });
  });

  test('that hedge what is held need nothing where they free more than they cost', () => {
    // SPAN falls from 3,860 to 500 for 1,500.
    expect(need(near('18000CE -1 at 2000'), near('18500CE 1 at 1500'))).toEqual({ inUse: 226_000, addition: 0 });
  });

  test('peak at the second short leg of a strangle beside what is held', () => {
    // Alone 3,860 + 400; both 4,602 + 800.
    expect(need(near('18000CE -1 at 2000'), near('22000PE -1 at 2000')).addition).toBe(114_200);
    expect(need([], near('18000CE -1 at 2000', '22000PE -1 at 2000')).addition).toBe(540_200);
  });
});
