import { describe, expect, test } from 'vitest';
import { black76Price } from '../../../engine/indicators/black76.ts';
import { plannedLossOfPlan, sizingLossOfPlan } from '../../../engine/leg-facts.ts';
import { option } from '../../../engine/model/instrument.ts';
import { day } from '../../../engine/model/time.ts';
import { lots, paise } from '../../../engine/model/units.ts';
import type { GuardSpec } from '../../../engine/orders/guards.ts';
import type { WishedLeg } from '../../../engine/risk/guarded-loss.ts';
import { plannedLossOf } from '../../../engine/risk/guarded-loss.ts';
import type { PlannedLeg } from '../../../engine/risk/planned-loss.ts';
import { plannedLoss, sizingLoss } from '../../../engine/risk/planned-loss.ts';
import type { EntryPlan } from '../../../engine/strategy.ts';
import { opened, order, request, rs, view, words } from './account.ts';

const SPOT = rs(23_500);
const YEARS = 2 / 365;

function leg(parts: Partial<PlannedLeg> = {}): PlannedLeg {
  return { side: 'SELL', strike: SPOT, right: 'CE', quantity: 75, premium: 10_000, stop: undefined, ...parts };
}

const valueAt = (parts: { forward: number; strike?: number; right: 'CE' | 'PE'; volatility: number }): number =>
  black76Price({ strike: SPOT, years: YEARS, ...parts });

describe('planned loss at stops', () => {
  test('a straddle with both stops at 25 % loses both, and 2 % of its premium slips', () => {
    const legs = [leg({ stop: 12_500 }), leg({ right: 'PE', premium: 9_000, stop: 11_250 })];
    // (2,500 + 2,250) x 75 = 356,250; 2 % of 19,000 x 75 = 28,500
    expect(plannedLoss({ legs, spot: undefined, years: YEARS })).toBe(384_750);
  });

  test('a bought leg loses down to its stop', () => {
    expect(plannedLoss({ legs: [leg({ side: 'BUY', stop: 7_000 })], spot: undefined, years: YEARS })).toBe(240_000);
  });

  test('a stop in profit leaves the slippage alone', () => {
    expect(plannedLoss({ legs: [leg({ stop: 9_000 })], spot: undefined, years: YEARS })).toBe(15_000);
  });

  test('a guard on the whole structure bounds it, unless its legs lose less', () => {
    const legs = [leg({ stop: 12_500 })];
    const at = (lossAtGuard: number) => plannedLoss({ legs, spot: undefined, years: YEARS, lossAtGuard });
    expect(at(187_499)).toBe(202_499);
    expect(at(187_501)).toBe(202_500);
    expect(plannedLoss({ legs: [leg()], spot: undefined, years: YEARS, lossAtGuard: 100_000 })).toBe(115_000);
  });

  test('part of a paisa counts as a whole one', () => {
    expect(plannedLoss({ legs: [leg({ quantity: 1, premium: 10_005, stop: 10_005 })], spot: SPOT, years: YEARS })).toBe(
      201,
    );
  });
});

describe('planned loss without a stop', () => {
  test('is the worse of 3 % up and down with volatility up by a quarter', () => {
    const volatility = 0.14;
    const premium = valueAt({ forward: SPOT, right: 'CE', volatility });
    const up = valueAt({ forward: SPOT * 1.03, right: 'CE', volatility: 0.175 });
    const expected = (up - premium) * 75 + 0.02 * premium * 75;
    const answer = plannedLoss({ legs: [leg({ premium })], spot: SPOT, years: YEARS }) ?? 0;
    expect(answer).toBeGreaterThanOrEqual(expected - 1e-3);
    expect(answer).toBeLessThan(expected + 1.001);
    expect(answer).toBe(4_582_346);
  });

  test('ends where a guard on the underlying closes the structure', () => {
    const at = (closesAbove: number) => plannedLoss({ legs: [leg()], spot: SPOT, years: YEARS, closesAbove }) ?? 0;
    const open = plannedLoss({ legs: [leg()], spot: SPOT, years: YEARS });
    expect(at(SPOT * 1.03)).toBe(open);
    expect(at(SPOT * 2)).toBe(open);
    expect(at(SPOT + rs(100))).toBeLessThan(at(SPOT + rs(200)));
  });

  test('of a spread is bounded by its wings', () => {
    const sold = valueAt({ forward: SPOT, right: 'CE', volatility: 0.14 });
    const strike = SPOT + rs(100);
    const bought = valueAt({ forward: SPOT, strike, right: 'CE', volatility: 0.14 });
    const legs = [leg({ premium: sold }), leg({ side: 'BUY', strike, premium: bought })];
    const most = rs(100) * 75 - (sold - bought) * 75 + 0.02 * (sold + bought) * 75;
    const answer = plannedLoss({ legs, spot: SPOT, years: YEARS }) ?? 0;
    expect(answer).toBeLessThanOrEqual(Math.ceil(most));
    expect(answer).toBeGreaterThan(0.97 * most);
  });

  test('of a bought leg is at most its premium and the slippage', () => {
    const answer = plannedLoss({ legs: [leg({ side: 'BUY' })], spot: SPOT, years: YEARS }) ?? 0;
    expect(answer).toBeLessThanOrEqual(765_000);
    expect(answer).toBeGreaterThan(750_000);
  });

  test('of bought volatility shows the slippage alone, since no time passes in the model', () => {
    const legs = [leg({ side: 'BUY' }), leg({ side: 'BUY', right: 'PE' })];
    expect(plannedLoss({ legs, spot: SPOT, years: YEARS })).toBe(30_000);
  });

  test('of a Batman beyond its shorts is what its naked halves lose on the worse side, and has to fit what the cap leaves', () => {
    // Sold twice 2.5 % away, bought once 1.25 % away, five days to go, no guard. By a solver of volatility and Black-76 of another
    // program, each premium at 1.25 of its own volatility: 757,298.93 lost at +3 %, 647,724.24 at -3 %, 77,973.24 at +1.25 %; and 2 % of
    // the 1,016,625 of premium slips.
    const legs = [
      leg({ strike: rs(24_100), premium: 1_045, quantity: 150 }),
      leg({ side: 'BUY', strike: rs(23_800), premium: 4_875 }),
      leg({ right: 'PE', strike: rs(22_900), premium: 930, quantity: 150 }),
      leg({ side: 'BUY', right: 'PE', strike: rs(23_200), premium: 4_730 }),
    ];
    const planned = plannedLoss({ legs, spot: SPOT, years: 5 / 365 });
    expect(planned).toBe(777_632);
    const fits = (lossPerDayMax: number) => words(opened({ lossPerDayMax }), request([order()], planned), view());
    expect(fits(777_632)).toEqual(['approved']);
    expect(fits(777_631)).toEqual(['loss-per-day limit 777631 value 777632']);
    // A guard on the index at the shorts ends the stress there.
    const guarded = plannedLoss({
      legs,
      spot: SPOT,
      years: 5 / 365,
      closesAbove: SPOT * 1.0125,
      closesBelow: SPOT * 0.9875,
    });
    expect(guarded).toBeLessThan(200_000);
  });

  test('gains of hedges do not pay for the stops of the shorts', () => {
    const hedge = leg({ side: 'BUY', strike: SPOT + rs(500), premium: 500 });
    const short = leg({ stop: 12_500 });
    const bare = plannedLoss({ legs: [short], spot: SPOT, years: YEARS }) ?? 0;
    const both = plannedLoss({ legs: [short, hedge], spot: SPOT, years: YEARS }) ?? 0;
    expect(bare).toBe(202_500);
    expect(both).toBeGreaterThan(bare);
    expect(both).toBeLessThanOrEqual(bare + 500 * 75 * 1.02);
  });

  test('a premium under intrinsic value moves by its intrinsic value', () => {
    const deep = leg({ strike: SPOT - rs(1_000), premium: rs(990) });
    // 3 % of 23,500 is 705 rupees
    expect(plannedLoss({ legs: [deep], spot: SPOT, years: YEARS })).toBe(rs(705) * 75 + 0.02 * rs(990) * 75);
  });

  test('on the last instant of an expiry day the premium moves by its intrinsic value', () => {
    expect(plannedLoss({ legs: [leg({ premium: 1_000 })], spot: SPOT, years: 0 })).toBe(rs(705) * 75 + 1_500);
  });

  test('is unknown while the underlying has no price', () => {
    expect(plannedLoss({ legs: [leg({ stop: 12_500 }), leg()], spot: undefined, years: YEARS })).toBeUndefined();
  });
});

describe('planned loss of a wish with guards', () => {
  const call: WishedLeg = {
    tag: 'CE',
    side: 'SELL',
    strike: SPOT,
    right: 'CE',
    quantity: 75,
    premium: 10_000,
    years: YEARS,
  };
  const put: WishedLeg = { ...call, tag: 'PE', right: 'PE', premium: 9_000 };
  const guard = (parts: Partial<GuardSpec>): GuardSpec => ({
    name: 'g',
    act: 'stop',
    basis: 'leg',
    distance: { pct: 25 },
    closes: 'leg',
    ...parts,
  });
  const at = (...guards: GuardSpec[]) => plannedLossOf({ legs: [call, put], guards, spot: SPOT });

  test('a guard without a leg stops every leg, the tightest counts, a target does not', () => {
    expect(at(guard({}))).toBe(384_750);
    expect(at(guard({}), guard({ act: 'target', distance: { pct: 5 } }))).toBe(384_750);
    expect(at(guard({}), guard({ act: 'trail', leg: 'CE', distance: { paise: 1_000 } }))).toBe(272_250);
  });

  test('a guard on combined premium or money bounds the structure', () => {
    // 20 % of 190.00 is 38.00 a unit
    expect(at(guard({ basis: 'combined', distance: { pct: 20 }, closes: 'structure' }))).toBe(3_800 * 75 + 28_500);
    expect(at(guard({ basis: 'money', distance: { paise: rs(2_000) }, closes: 'structure' }))).toBe(228_500);
  });

  test('combined premium weighs legs by their ratio to the smallest', () => {
    const legs = [{ ...call, quantity: 150 }, put];
    const guards = [guard({ basis: 'combined', distance: { paise: 1_000 }, closes: 'structure' })];
    expect(plannedLossOf({ legs, guards, spot: SPOT })).toBe(1_000 * 75 + 0.02 * (10_000 * 150 + 9_000 * 75));
  });

  test('a guard on the underlying ends the stress on its side alone', () => {
    const near = { basis: 'underlying', distance: { paise: rs(100) }, closes: 'structure' } as const;
    const both = at(guard(near)) ?? 0;
    const none = at() ?? 0;
    expect(both).toBeLessThan(none / 4);
    // The call side is guarded, so the put side is the worse one now.
    expect(at(guard({ ...near, direction: 'up' }))).toBeGreaterThan(both);
    expect(at(guard({ ...near, direction: 'down' }))).toBe(none);
  });

  // 75 units; the slippage allowance is 2 % of 190.00 x 75 = 285.00 rupees.
  const ALLOWANCE = 28_500;
  const whole = { closes: 'structure' } as const;

  test('a level bounds as it stands: on a leg, on the combined premium and on money', () => {
    // 100.00 to 130.00 and 90.00 to 130.00 are 70.00 a unit.
    expect(at(guard({ distance: { level: 13_000 } }))).toBe(7_000 * 75 + ALLOWANCE);
    // 190.00 to 215.00.
    expect(at(guard({ ...whole, basis: 'combined', distance: { level: 21_500 } }))).toBe(2_500 * 75 + ALLOWANCE);
    expect(at(guard({ ...whole, basis: 'money', distance: { level: -150_000 } }))).toBe(150_000 + ALLOWANCE);
  });

  test('a level beyond which the market stands already loses nothing more', () => {
    expect(at(guard({ distance: { level: 8_000 } }))).toBe(ALLOWANCE);
    expect(at(guard({ ...whole, basis: 'combined', distance: { level: 18_000 } }))).toBe(ALLOWANCE);
    expect(at(guard({ ...whole, basis: 'money', distance: { level: 10_000 } }))).toBe(ALLOWANCE);
    // Above is closed at once, so only what lies below is stressed: with a guard at the spot itself below, only volatility is left.
    const far = guard({ ...whole, basis: 'underlying', direction: 'up', distance: { level: SPOT - rs(500) } });
    const near = guard({ ...whole, basis: 'underlying', direction: 'up', distance: { level: SPOT } });
    expect(at(far)).toBe(at(near));
  });

  test('a level of the underlying ends the stress there, as the same distance does', () => {
    const distance = guard({ ...whole, basis: 'underlying', direction: 'up', distance: { paise: rs(100) } });
    const level = guard({ ...whole, basis: 'underlying', direction: 'up', distance: { level: SPOT + rs(100) } });
    const below = guard({ ...whole, basis: 'underlying', direction: 'down', distance: { level: SPOT - rs(100) } });
    expect(at(level)).toBe(at(distance));
    expect(at(level, below)).toBeLessThan(at(level) ?? 0);
  });

  test('a trail that sleeps bounds nothing, one that stands does', () => {
    const trail = guard({ act: 'trail', distance: { paise: 1_000 } });
    // 10.00 a unit on both legs.
    expect(at(trail)).toBe(2_000 * 75 + ALLOWANCE);
    expect(at({ ...trail, armsAfter: { paise: 500 } })).toBe(at());
    // The stop of 25 % stays what bounds: 25.00 and 22.50, 117.50 on ticks for the put 112.50.
    expect(at(guard({}), { ...trail, armsAfter: { paise: 500 } })).toBe(384_750);
    expect(at(guard({ toCostAfter: { pct: 10 } }))).toBe(384_750);
  });

  test('a leg without a fresh price leaves the loss unknown', () => {
    const legs = [call, { ...put, premium: undefined }];
    expect(plannedLossOf({ legs, guards: [guard({})], spot: SPOT })).toBeUndefined();
  });
});

test('a guard in R plans the loss of so many R in money', () => {
  const contract = option('NIFTY', day('2025-01-09'), paise(SPOT), 'CE');
  const plan: EntryPlan = {
    signal: 'entry',
    seen: {},
    legs: [{ tag: 'CE', contract, side: 'SELL', lots: lots(2) }],
    guards: [{ name: 'r', act: 'stop', basis: 'money', distance: { r: 1.5 }, closes: 'structure' }],
    risk: paise(200_000),
  };
  // 1.5 x 2,000 rupees, and 2 % of 100.00 x 150.
  const loss = plannedLossOfPlan(plan, SPOT, () => ({ lotSize: 75, premium: 10_000, years: 3 / 365 }));
  expect(loss).toBe(300_000 + 30_000);
});

describe('the loss that lots are taken by', () => {
  const bought = (parts: Partial<PlannedLeg> = {}): PlannedLeg => leg({ side: 'BUY', ...parts });
  const of = (
    legs: readonly PlannedLeg[],
    rest: { closesAbove?: number; closesBelow?: number; lossAtGuard?: number } = {},
  ) => sizingLoss({ legs, spot: SPOT, years: YEARS, ...rest });

  test('counts bought volatility with its whole debit and the slippage, where the stress sees none', () => {
    const legs = [bought(), bought({ right: 'PE', premium: 9_000 })];
    // 190.00 of 75 units, and 2 % of it; a cap of the day meets the stress alone, in which the move pays for both.
    expect(of(legs)).toBe(1_425_000 + 28_500);
    expect(plannedLoss({ legs, spot: SPOT, years: YEARS })).toBe(28_500);
  });

  test('takes off what is received', () => {
    // Bought at 100, sold 100 points further at 60: 40 points of debit, 2 % of 160 points slip; worse than the stress of the spread.
    const legs = [bought(), leg({ strike: SPOT + rs(100), premium: 6_000 })];
    const stressed = plannedLoss({ legs, spot: SPOT, years: YEARS }) ?? 0;
    expect(stressed).toBeLessThanOrEqual(300_000 + 24_000);
    expect(of(legs)).toBe(300_000 + 24_000);
    // A credit is no debit: what is bought behind it changes nothing.
    const condor = [leg(), bought({ strike: SPOT + rs(200), premium: 3_000 })];
    expect(of(condor)).toBe(plannedLoss({ legs: condor, spot: SPOT, years: YEARS }));
  });

  test('is bounded by a stop of the leg and by a guard on premium or money', () => {
    expect(of([bought({ stop: 7_000 })])).toBe(225_000 + 15_000);
    expect(of([bought(), bought({ right: 'PE', premium: 9_000 })], { lossAtGuard: 200_000 })).toBe(228_500);
    // One of two is stopped 30 points down, the other may lose all of its 90.
    expect(of([bought({ stop: 7_000 }), bought({ right: 'PE', premium: 9_000 })])).toBe(225_000 + 675_000 + 28_500);
  });

  test('is bounded by the underlying where that closes one bought leg on its losing side, not where calls and puts are bought', () => {
    const one = plannedLoss({ legs: [bought()], spot: SPOT, years: YEARS, closesBelow: SPOT - rs(50) }) ?? 0;
    expect(one).toBeLessThan(400_000);
    expect(of([bought()], { closesBelow: SPOT - rs(50) })).toBe(one);
    expect(of([bought()], { closesAbove: SPOT + rs(50) })).toBe(750_000 + 15_000);
    const both = [bought(), bought({ right: 'PE', premium: 9_000 })];
    expect(of(both, { closesAbove: SPOT + rs(50), closesBelow: SPOT - rs(50) })).toBe(1_453_500);
  });

  test('of a plan of a strategy is the same', () => {
    const legs = (['CE', 'PE'] as const).map((right) => ({
      tag: right,
      contract: option('NIFTY', day('2025-01-09'), paise(SPOT), right),
      side: 'BUY' as const,
      lots: lots(2),
    }));
    const plan: EntryPlan = { signal: 'entry', seen: {}, legs };
    const now = () => ({ lotSize: 75, premium: 10_000, years: 3 / 365 });
    expect(sizingLossOfPlan(plan, SPOT, now)).toBe(3_000_000 + 60_000);
    expect(plannedLossOfPlan(plan, SPOT, now)).toBe(60_000);
  });
});
