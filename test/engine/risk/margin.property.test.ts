import fc from 'fast-check';
import { expect, test } from 'vitest';
import { black76Price } from '../../../engine/indicators/black76.ts';
import type { Day } from '../../../engine/model/time.ts';
import { day, daysBetween } from '../../../engine/model/time.ts';
import type { Margin } from '../../../engine/risk/margin.ts';
import { marginOf, marginOfOrders } from '../../../engine/risk/margin.ts';
import type { MarginLeg } from '../../../engine/risk/margin-scan.ts';
import { cases } from '../../support/soak.ts';
import { ratesOn } from './margin-legs.ts';

const numRuns = cases({ ci: 300, soak: 20_000 });
const SPOT = 2_350_000;
const EXPIRIES = ['2025-03-06', '2025-03-13', '2025-03-27'].map(day);
/** With and without offsets of what expires today; the first is itself an expiry. */
const DAYS = ['2025-03-06', '2025-03-04'].map(day);
/** Each of three parts is rounded up by less than a paisa. */
const ROUNDING = 3;

interface Any {
  readonly expiry: number;
  readonly strike: number;
  readonly right: 'CE' | 'PE';
  readonly lots: number;
  readonly volatility: number;
  readonly noise: number;
}

const anyLeg: fc.Arbitrary<Any> = fc.record({
  expiry: fc.integer({ min: 0, max: 2 }),
  // Zero strikes steps from the money are futures every now and then.
  strike: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 400, max: 540 }) },
    { weight: 1, arbitrary: fc.constant(0) },
  ),
  right: fc.constantFrom('CE', 'PE'),
  lots: fc.integer({ min: -4, max: 4 }).filter((lots) => lots !== 0),
  volatility: fc.double({ min: 0.08, max: 0.6, noNaN: true }),
  // Stale prices: up to a tenth off, so that some stand under their intrinsic value.
  noise: fc.constantFrom(0, 0, 0.9, 1.1),
});

function legOf({ expiry, strike, right, lots, volatility, noise }: Any, today: Day): MarginLeg {
  const at = EXPIRIES[expiry] as Day;
  const years = Math.max(daysBetween(today, at), 0.05) / 365;
  const [units, paise] = [lots * 75, strike * 5_000];
  if (strike === 0) return { expiry: at, strike: 0, right: 'CE', units, price: SPOT + expiry * 1_000, years };
  const fair = black76Price({ forward: SPOT, strike: paise, right, years, volatility });
  return { expiry: at, strike: paise, right, units, price: Math.round(fair * (noise || 1)), years };
}

/** One price a contract, as an account has it: the first leg's. */
function priced(legs: readonly MarginLeg[]): readonly MarginLeg[] {
  const same = (one: MarginLeg, other: MarginLeg): boolean =>
    one.expiry === other.expiry && one.strike === other.strike && one.right === other.right;
  return legs.map((leg) => ({ ...leg, price: legs.find((other) => same(leg, other))?.price ?? leg.price }));
}

const anyAccount = fc.record({
  today: fc.constantFrom(...DAYS),
  volatility: fc.constantFrom(undefined, 0.12, 0.4),
  legs: fc.array(anyLeg, { maxLength: 8 }),
});

interface Account {
  readonly today: Day;
  readonly volatility: number | undefined;
  readonly legs: readonly Any[];
}

function marginIn({ today, volatility }: Account, legs: readonly MarginLeg[]): Margin {
  return marginOf(legs, { day: today, spot: SPOT, volatility }, ratesOn(today));
}

function legsIn({ legs, today }: Account): readonly MarginLeg[] {
  return priced(legs.map((each) => legOf(each, today)));
}

test('a bought option of the same expiry never raises any part of the margin', () => {
  fc.assert(
    fc.property(anyAccount, anyLeg, (account, hedge) => {
      const one = { ...account, legs: account.legs.map((each) => ({ ...each, expiry: hedge.expiry })) };
      const bought = { ...hedge, strike: Math.max(hedge.strike, 400), lots: Math.abs(hedge.lots) };
      const all = priced([...legsIn(one), legOf(bought, account.today)]);
      const [before, after] = [marginIn(one, all.slice(0, -1)), marginIn(one, all)];
      expect(after.span).toBeLessThanOrEqual(before.span);
      expect(after.exposure).toBeLessThanOrEqual(before.exposure);
      expect(after.expiryDay).toBeLessThanOrEqual(before.expiryDay);
    }),
    { numRuns },
  );
});

test('a bought option of another expiry raises SPAN by no more than the charge on its whole notional', () => {
  fc.assert(
    fc.property(anyAccount, anyLeg, (account, hedge) => {
      const bought = { ...hedge, strike: Math.max(hedge.strike, 400), lots: Math.abs(hedge.lots) };
      const all = priced([...legsIn(account), legOf(bought, account.today)]);
      const charge = (1.75 * SPOT * bought.lots * 75) / 100;
      expect(marginIn(account, all).span).toBeLessThanOrEqual(
        marginIn(account, all.slice(0, -1)).span + charge + ROUNDING,
      );
    }),
    { numRuns },
  );
});

test('bought options alone need nothing', () => {
  fc.assert(
    fc.property(anyAccount, (account) => {
      const bought = legsIn(account).filter(({ strike }) => strike > 0);
      const long = bought.map((leg) => ({ ...leg, units: Math.abs(leg.units) }));
      expect(marginIn(account, long).total).toBe(0);
    }),
    { numRuns },
  );
});

test('the margin does not depend on the order of legs, and grows with their number', () => {
  fc.assert(
    fc.property(anyAccount, fc.integer({ min: 2, max: 20 }), (account, times) => {
      const legs = legsIn(account);
      const once = marginIn(account, legs);
      expect(marginIn(account, legs.toReversed())).toEqual(once);
      const many = marginIn(
        account,
        legs.map((leg) => ({ ...leg, units: leg.units * times })),
      );
      expect(many.total).toBeLessThanOrEqual(once.total * times + ROUNDING);
      expect(many.total).toBeGreaterThanOrEqual((once.total - ROUNDING) * times);
    }),
    { numRuns },
  );
});

test('a portfolio never needs more than its legs alone, each by itself', () => {
  fc.assert(
    fc.property(anyAccount, (account) => {
      const legs = legsIn(account);
      const apart = legs.reduce((sum, leg) => sum + marginIn(account, [leg]).total, 0);
      expect(marginIn(account, legs).total).toBeLessThanOrEqual(apart + ROUNDING);
    }),
    { numRuns },
  );
});

/** Near the money and a week from expiry, where a price tells its volatility. */
const anySpread = fc.record({
  money: fc.integer({ min: 455, max: 485 }),
  right: fc.constantFrom('CE' as const, 'PE' as const),
  width: fc.integer({ min: 1, max: 10 }),
  lots: fc.integer({ min: 1, max: 4 }),
  volatility: fc.double({ min: 0.1, max: 0.6, noNaN: true }),
});

test('a debit spread on one volatility needs its premium and its exposure', () => {
  fc.assert(
    fc.property(anyAccount, anySpread, ({ today, volatility: daily }, { money, right, width, lots, volatility }) => {
      const leg = (step: number, units: number): MarginLeg => {
        const [expiry, strike] = [EXPIRIES[1] as Day, step * 5_000];
        const years = daysBetween(today, expiry) / 365;
        const price = black76Price({ forward: SPOT, strike, right, years, volatility });
        return { expiry, strike, right, units, price, years };
      };
      const long = leg(money, 75 * lots);
      const short = leg(right === 'CE' ? money + width : money - width, -75 * lots);
      const market = { day: today, spot: SPOT, volatility: daily };
      const { addition } = marginOfOrders([], [short, long], market, ratesOn(today));
      const needed = long.price * long.units + marginOf([short], market, ratesOn(today)).exposure;
      expect(Math.abs(addition - needed)).toBeLessThanOrEqual(ROUNDING);
    }),
    { numRuns },
  );
});

test('what orders need is never under nothing, nor under what the margin rises by, and at most what they need alone', () => {
  fc.assert(
    fc.property(anyAccount, fc.array(anyLeg, { minLength: 1, maxLength: 4 }), (account, wishes) => {
      const { today, volatility } = account;
      const all = priced([...legsIn(account), ...wishes.map((each) => legOf(each, today))]);
      const [held, wanted] = [all.slice(0, account.legs.length), all.slice(account.legs.length)];
      const market = { day: today, spot: SPOT, volatility };
      const { addition } = marginOfOrders(held, wanted, market, ratesOn(today));
      const paid = wanted.reduce(
        (sum, { strike, units, price }) => sum + (strike > 0 && units > 0 ? units * price : 0),
        0,
      );
      const rise = marginIn(account, all).total - marginIn(account, held).total;
      expect(addition).toBeGreaterThanOrEqual(0);
      expect(addition).toBeGreaterThanOrEqual(rise + paid);
      const apart = wanted.reduce((sum, leg) => sum + marginIn(account, [leg]).total, 0);
      const spread = (1.75 * SPOT * wanted.reduce((sum, { units }) => sum + Math.abs(units), 0)) / 100;
      expect(addition).toBeLessThanOrEqual(apart + paid + spread + ROUNDING);
    }),
    { numRuns },
  );
});
