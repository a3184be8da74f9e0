import { describe, expect, test } from 'vitest';
import type { Day, OptionContract, StrategyContext } from '../../engine/strategy.ts';
import {
  contractAt,
  deltaNearest,
  freshPrice,
  listedTowards,
  pctOutOfMoney,
  pointsInMoney,
  premiumNearest,
  stepsFromMoney,
  strikeOfLevel,
} from '../../strategies/strike-rules.ts';
import { ask } from '../support/ask.ts';
import { tape } from '../support/tape.ts';

const EXPIRY = '2025-01-09' as Day;
const CALLS = { expiry: EXPIRY, right: 'CE' } as const;
const PUTS = { expiry: EXPIRY, right: 'PE' } as const;

function strikeOf(found: OptionContract | string): string {
  return typeof found === 'string' ? found : `${found.strike / 100} ${found.right}`;
}

// 23,000 to 23,600 in steps of 50 with holes: no 23,100 at all, no put of 23,150, the call of 23,200 without a price since 09:16.
const HOLES = tape`
  09:15  NIFTY 23020  22950CE 150 22950PE 60  23000CE 120 23000PE 80  23050CE 90 23050PE 100  23150CE 50  23200CE 30  23200PE 190  23600CE 4 22400PE 3
  09:16  23200CE gap
`;
const asked = (question: (ctx: StrategyContext) => OptionContract | string): string => strikeOf(ask(HOLES, question));

describe('strikes from the money', () => {
  test('are the nearest strike and steps from it', () => {
    expect(asked((ctx) => stepsFromMoney(ctx, CALLS, 0))).toBe('23000 CE');
    expect(asked((ctx) => stepsFromMoney(ctx, CALLS, 1))).toBe('23050 CE');
    expect(asked((ctx) => stepsFromMoney(ctx, PUTS, -1))).toBe('22950 PE');
  });

  test('are never a neighbour of a hole', () => {
    expect(asked((ctx) => stepsFromMoney(ctx, CALLS, 2))).toBe('no CE of 23100 2025-01-09 in the data');
    expect(asked((ctx) => stepsFromMoney(ctx, CALLS, 3))).toBe('23150 CE');
    expect(asked((ctx) => stepsFromMoney(ctx, PUTS, 3))).toBe('no PE of 23150 2025-01-09 in the data');
    expect(asked((ctx) => contractAt(ctx, { expiry: '2025-01-16' as Day, right: 'CE' }, 2_300_000))).toBe(
      'no CE of 23000 2025-01-16 in the data',
    );
  });

  test('lie so many points in the money, or out of it', () => {
    expect(asked((ctx) => pointsInMoney(ctx, CALLS, 50))).toBe('22950 CE');
    expect(asked((ctx) => pointsInMoney(ctx, PUTS, 50))).toBe('23050 PE');
    expect(asked((ctx) => pointsInMoney(ctx, CALLS, -150))).toBe('23150 CE');
    expect(asked((ctx) => pointsInMoney(ctx, PUTS, 150))).toBe('no PE of 23150 2025-01-09 in the data');
  });

  test('are looked for from one strike towards another where a rule says so', () => {
    expect(asked((ctx) => listedTowards(ctx, CALLS, { from: 2_310_000, to: 2_300_000 }))).toBe('23050 CE');
    expect(asked((ctx) => listedTowards(ctx, PUTS, { from: 2_310_000, to: 2_320_000 }))).toBe('23200 PE');
    expect(asked((ctx) => listedTowards(ctx, PUTS, { from: 2_310_000, to: 2_315_000 }))).toBe(
      'no PE of 23100 to 23150 2025-01-09 in the data',
    );
    expect(asked((ctx) => listedTowards(ctx, PUTS, { from: 2_310_000, to: 2_310_000 }))).toBe(
      'no PE of 23100 2025-01-09 in the data',
    );
  });
});

describe('strikes a share out of the money', () => {
  test('go to the nearest step', () => {
    // 23,020 x 1.025 = 23,595.50; x 0.975 = 22,444.50, nearer to 22,450, which nobody lists; x 0.973 = 22,398.46.
    expect(asked((ctx) => pctOutOfMoney(ctx, CALLS, 2.5))).toBe('23600 CE');
    expect(asked((ctx) => pctOutOfMoney(ctx, PUTS, 2.5))).toBe('no PE of 22450 2025-01-09 in the data');
    expect(asked((ctx) => pctOutOfMoney(ctx, PUTS, 2.7))).toBe('22400 PE');
  });

  test('go up from the middle between two', () => {
    // 23,000 x 1.025 = 23,575 and 23,000 x 0.975 = 22,425; 24,000 x 1.024 = 24,576 is no tie.
    const day = tape`
      09:15  NIFTY 23000  23550CE 5 23600CE 4 22400PE 3 22450PE 4
    `;
    expect(strikeOf(ask(day, (ctx) => pctOutOfMoney(ctx, CALLS, 2.5)))).toBe('23600 CE');
    expect(strikeOf(ask(day, (ctx) => pctOutOfMoney(ctx, PUTS, 2.5)))).toBe('22450 PE');
  });

  test('go up from a tie of a share that has no exact binary form', () => {
    // 25,000 x 1.011 = 25,275 exactly.
    const day = tape`
      09:15  NIFTY 25000  25250CE 5 25300CE 4
    `;
    expect(strikeOf(ask(day, (ctx) => pctOutOfMoney(ctx, CALLS, 1.1)))).toBe('25300 CE');
  });
});

describe('the strike of a level', () => {
  const level = (points: number, rule: 'dir50' | 'near100' | 'near50' | 'atm50') => ({ level: points * 100, rule });

  test('by direction is under a put and over a call, to the paisa', () => {
    expect(asked((ctx) => strikeOfLevel(ctx, PUTS, level(23_049.95, 'dir50')))).toBe('23000 PE');
    expect(asked((ctx) => strikeOfLevel(ctx, PUTS, level(23_050, 'dir50')))).toBe('23050 PE');
    expect(asked((ctx) => strikeOfLevel(ctx, CALLS, level(23_000, 'dir50')))).toBe('23000 CE');
    // The published formula of whole numbers would stay at 23,000 here.
    expect(asked((ctx) => strikeOfLevel(ctx, CALLS, level(23_000.05, 'dir50')))).toBe('23050 CE');
    expect(asked((ctx) => strikeOfLevel(ctx, CALLS, level(23_050.05, 'dir50')))).toBe(
      'no CE of 23100 2025-01-09 in the data',
    );
  });

  test('goes to the nearest hundred or fifty, half upwards, whatever the right', () => {
    expect(asked((ctx) => strikeOfLevel(ctx, CALLS, level(23_150, 'near100')))).toBe('23200 CE');
    expect(asked((ctx) => strikeOfLevel(ctx, PUTS, level(23_150, 'near100')))).toBe('23200 PE');
    expect(asked((ctx) => strikeOfLevel(ctx, CALLS, level(23_149.95, 'near100')))).toBe(
      'no CE of 23100 2025-01-09 in the data',
    );
    expect(asked((ctx) => strikeOfLevel(ctx, PUTS, level(23_025, 'near50')))).toBe('23050 PE');
    expect(asked((ctx) => strikeOfLevel(ctx, PUTS, level(23_024.95, 'near50')))).toBe('23000 PE');
  });

  test('on the underlying forgets the level', () => {
    expect(asked((ctx) => strikeOfLevel(ctx, PUTS, level(25_000, 'atm50')))).toBe('23000 PE');
  });
});

describe('the premium nearest to a price', () => {
  const near = (right: 'CE' | 'PE', rupees: number, range = {}) =>
    asked((ctx) => premiumNearest(ctx, { expiry: EXPIRY, right }, { premium: rupees * 100, ...range }));

  test('is found among fresh prices only', () => {
    expect(near('CE', 55)).toBe('23150 CE');
    // The call of 23,200 stood at 30 and has no price of now: 50 is nearer to 30 than 4 is.
    expect(near('CE', 30)).toBe('23150 CE');
    expect(near('PE', 1_000)).toBe('23200 PE');
  });

  test('of two equals is that of the contract further out of the money', () => {
    expect(near('CE', 105)).toBe('23050 CE');
    expect(near('PE', 90)).toBe('23000 PE');
  });

  test('keeps to the strikes that are allowed', () => {
    expect(near('CE', 55, { highest: 2_305_000 })).toBe('23050 CE');
    expect(near('CE', 55, { lowest: 2_320_000 })).toBe('23600 CE');
    expect(near('CE', 55, { lowest: 2_320_000, highest: 2_330_000 })).toBe(
      'no CE of 2025-01-09 has a fresh price from 23200 to 23300',
    );
    expect(near('PE', 5, { lowest: 2_330_000 })).toBe('no PE of 2025-01-09 has a fresh price from 23300');
    expect(near('PE', 5, { highest: 2_230_000 })).toBe('no PE of 2025-01-09 has a fresh price up to 22300');
  });
});

/** Normal distribution by Simpson's rule over its density: a second way, without the polynomials of the program. */
function normal(x: number): number {
  const steps = 2_000;
  const width = (x + 10) / steps;
  const density = (at: number) => Math.exp((-at * at) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(-10) + density(x);
  for (let i = 1; i < steps; i += 1) sum += (i % 2 === 0 ? 2 : 4) * density(-10 + i * width);
  return (sum * width) / 3;
}

/** Price (rupees) and delta of an option on a forward with a total deviation, straight from the formula. */
function valued(forward: number, strike: number, deviation: number): { call: number; put: number; delta: number } {
  const d1 = Math.log(forward / strike) / deviation + deviation / 2;
  const call = forward * normal(d1) - strike * normal(d1 - deviation);
  return { call, put: call - forward + strike, delta: normal(d1) };
}

describe('the delta nearest to a fraction', () => {
  // The forward stands 60 points above the index, which alone would shift every delta; deviation 1.2 % to the expiry.
  const FORWARD = 23_060;
  const strikes = [22_600, 22_700, 22_800, 22_900, 23_000, 23_100, 23_200, 23_300, 23_400, 23_500];
  const at = (strike: number) => valued(FORWARD, strike, 0.012);
  const cells = strikes
    .map((strike) => `${strike}CE ${at(strike).call.toFixed(2)} ${strike}PE ${at(strike).put.toFixed(2)}`)
    .join(' ');
  const day = tape`
    09:15  NIFTY 23000  ${cells}
  `;
  const best = (wanted: (strike: number) => number, delta: number) =>
    strikes.reduce((one, other) => (Math.abs(wanted(other) - delta) < Math.abs(wanted(one) - delta) ? other : one));
  const callDelta = (strike: number) => at(strike).delta;
  const putDelta = (strike: number) => 1 - at(strike).delta;

  test.for([0.1, 0.16, 0.25, 0.3, 0.5, 0.75])('of %d agrees with a second calculation', (delta) => {
    expect(strikeOf(ask(day, (ctx) => deltaNearest(ctx, CALLS, { delta })))).toBe(`${best(callDelta, delta)} CE`);
    expect(strikeOf(ask(day, (ctx) => deltaNearest(ctx, PUTS, { delta })))).toBe(`${best(putDelta, delta)} PE`);
  });

  test('reads the forward from the prices, not the index', () => {
    // d1 of 23,200 on 23,060 is -0.4984, N(d1) 0.3091; on 23,000 it would be -0.7155 and 0.2371, and 23,100 with 0.3612 the nearer one.
    expect(callDelta(23_200)).toBeCloseTo(0.3091, 3);
    expect(valued(23_000, 23_200, 0.012).delta).toBeCloseTo(0.2371, 3);
    expect(strikeOf(ask(day, (ctx) => deltaNearest(ctx, CALLS, { delta: 0.31 })))).toBe('23200 CE');
  });

  test('keeps to the strikes that are allowed, and says where there is none', () => {
    expect(strikeOf(ask(day, (ctx) => deltaNearest(ctx, CALLS, { delta: 0.1, highest: 2_320_000 })))).toBe('23200 CE');
    expect(ask(day, (ctx) => deltaNearest(ctx, CALLS, { delta: 0.1, lowest: 2_400_000 }))).toBe(
      'no CE of 2025-01-09 has a delta from 24000',
    );
  });

  test('leaves out a price that no volatility explains', () => {
    const odd = tape`
      09:15  NIFTY 23000  22000CE 900 23000CE 100 23000PE 100
    `;
    expect(strikeOf(ask(odd, (ctx) => deltaNearest(ctx, CALLS, { delta: 1 })))).toBe('23000 CE');
  });
});

test('a fresh price is one to enter on', () => {
  const prices = ask(HOLES, (ctx) =>
    [2_315_000, 2_320_000].map((strike) => {
      const found = contractAt(ctx, CALLS, strike);
      return typeof found === 'string' ? found : freshPrice(ctx, found);
    }),
  );
  expect(prices).toEqual([5_000, undefined]);
});

test('without a level of the underlying every rule that needs one says so', () => {
  const blind = tape`
    09:15  NIFTY 23000  23000CE 100 23000PE 100
    09:16  NIFTY gap    23000CE gap 23000PE gap
  `;
  const answers = ask(blind, (ctx) => [
    stepsFromMoney(ctx, CALLS, 0),
    pointsInMoney(ctx, CALLS, 0),
    pctOutOfMoney(ctx, CALLS, 1),
    deltaNearest(ctx, CALLS, { delta: 0.5 }),
    strikeOfLevel(ctx, CALLS, { level: 1, rule: 'atm50' }),
  ]);
  expect(new Set(answers)).toEqual(new Set(['no level of the underlying']));
});
