import { describe, expect, test } from 'vitest';
import { option } from '../../../engine/model/instrument.ts';
import type { Order } from '../../../engine/model/order.ts';
import { paise } from '../../../engine/model/units.ts';
import type { HeldLeg } from '../../../engine/risk/risk-view.ts';
import type { RmsSettings } from '../../../engine/risk/rms-settings.ts';
import { defaultRmsSettings } from '../../../engine/risk/rms-settings.ts';
import type { GuardSpec, StrategyContext } from '../../../engine/strategy.ts';
import { dayEvents } from '../../support/day-events.ts';
import type { Played } from '../../support/play.ts';
import { play, testReference } from '../../support/play.ts';
import { add, doing, enter, NO_DISASTER_STOP, rest, scripted } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { fills, words as told } from '../../support/tell.ts';
import { marginView, opened, order, reasonOf, request, rs, TODAY, unbounded, view, words } from './account.ts';

// The index at 23,500; the call struck at 22,500 costs its intrinsic value, so it has no volatility and moves with the index.
// Short: 1,000 + 9.3 % of 23,500 is 3,185.50 a unit, exposure 470.00, and 470.00 more on its expiry day, which today is: 75 units need
// 309,412.50 rupees. With a call at 23,000 bought at 500 SPAN is 500: 37,500 + 70,500 + 37,500 paid = 145,500.00.
const call = (strike: number) => option('NIFTY', TODAY, paise(rs(strike)), 'CE');
const SHORT = order({ instrument: call(22_500), decisionPrice: paise(rs(1_000)) });
const HEDGE = order({ instrument: call(23_000), side: 'BUY', decisionPrice: paise(rs(500)) });

function limited(capital: number, marginUseMax = 1): Partial<RmsSettings> {
  return { capital: paise(rs(capital)), marginUseMax };
}

function held(rupees: number, units: number, mark: number | undefined): HeldLeg {
  return { instrument: call(rupees), units, mark: mark === undefined ? undefined : rs(mark) };
}

describe('the margin of an entry', () => {
  test('must fit the capital, to the paisa', () => {
    expect(words(opened(limited(309_412.5)), request([SHORT]), view())).toEqual(['approved']);
    expect(words(opened(limited(309_412.49)), request([SHORT]), view())).toEqual([
      'margin limit 30941249 value 30941250',
    ]);
  });

  test('is told with what is free, the share, the net worth and what is in use', () => {
    expect(reasonOf(opened(limited(300_000, 0.9)), request([SHORT]), view())).toBe(
      "the margin of 309412.50 rupees that the entry takes does not fit the 270000.00 that are free: margins may take 90 % of the account's 300000.00, and 0.00 are in use",
    );
  });

  test('must fit the share of it that margins may take', () => {
    expect(words(opened(limited(618_825, 0.5)), request([SHORT]), view())).toEqual(['approved']);
    expect(words(opened(limited(618_824.98, 0.5)), request([SHORT]), view())).toEqual([
      'margin limit 30941249 value 30941250',
    ]);
  });

  test('counts what the run has lost or earned so far', () => {
    const rms = opened(limited(309_412.5));
    expect(words(rms, request([SHORT]), view({ margin: marginView({ netOfRun: -1 }) }))).toEqual([
      'margin limit 30941249 value 30941250',
    ]);
    const poor = opened(limited(309_412.49));
    expect(words(poor, request([SHORT]), view({ margin: marginView({ netOfRun: 1 }) }))).toEqual(['approved']);
  });

  test('counts a structure as a whole, its hedges first', () => {
    expect(words(opened(limited(145_500)), request([SHORT, HEDGE]), view())).toEqual(['approved', 'approved']);
    expect(words(opened(limited(145_499.99)), request([SHORT, HEDGE]), view())).toEqual([
      'margin limit 14549999 value 14550000',
      'approved',
    ]);
  });

  test('is beside what the account holds, of all agents', () => {
    // Held: the same spread, 37,500 + 70,500 less 500 a unit received on balance: 70,500.00 in use.
    const margin = marginView({ legs: [held(22_500, -75, 1_000), held(23_000, 75, 500)] });
    expect(words(opened(limited(70_500 + 145_500)), request([SHORT, HEDGE]), view({ margin }))).toEqual([
      'approved',
      'approved',
    ]);
    expect(words(opened(limited(70_500 + 145_499.99)), request([SHORT, HEDGE]), view({ margin }))[0]).toBe(
      'margin limit 14549999 value 14550000',
    );
  });

  test('lets a hedge pass that frees more than it costs, however little is free', () => {
    const margin = marginView({ legs: [held(22_500, -75, 1_000)] });
    expect(words(opened(limited(1)), request([HEDGE]), view({ margin }))).toEqual(['approved']);
  });

  test('is denied where a price is missing, and named', () => {
    const rms = opened(limited(1_000_000_000));
    const text = (what: string): string => `no price of ${what} is known, so the margin cannot be seen to fit`;
    const blind = order({ instrument: call(22_500), decisionPrice: undefined });
    expect(reasonOf(rms, request([blind]), view())).toBe(text('NIFTY 2025-01-02 22500 CE'));
    const unmarked = view({ margin: marginView({ legs: [held(23_000, -75, undefined)] }) });
    expect(reasonOf(rms, request([SHORT]), unmarked)).toBe(text('NIFTY 2025-01-02 23000 CE'));
    const noIndex = view({ margin: marginView({ spotOf: () => undefined }) });
    expect(reasonOf(rms, request([SHORT]), noIndex)).toBe(text('NIFTY'));
  });

  test('takes the limit of an order that was decided without a price', () => {
    const terms = { kind: 'LIMIT', price: paise(rs(1_000)) } as const;
    const resting = order({ instrument: call(22_500), decisionPrice: undefined, terms });
    expect(words(opened(limited(309_412.49)), request([resting]), view())).toEqual([
      'margin limit 30941249 value 30941250',
    ]);
  });

  test('of a future is its range and exposure on its price', () => {
    // 2,185.50 and 2 % of 23,600: 2,657.50 a unit.
    const instrument = { kind: 'future', underlying: 'NIFTY', expiry: TODAY } as const;
    const one: Order = order({ instrument, decisionPrice: paise(rs(23_600)) });
    expect(words(opened(limited(199_312.49)), request([one]), view())).toEqual([
      'margin limit 19931249 value 19931250',
    ]);
  });

  test('without the limit nothing of it is looked at', () => {
    const margin = marginView();
    Object.defineProperty(margin, 'legs', {
      get: () => {
        throw new Error('the legs were read');
      },
    });
    expect(words(opened({ capital: paise(1) }), unbounded([SHORT]), view({ margin }))).toEqual(['approved']);
    expect(() => words(opened(limited(1)), unbounded([SHORT]), view({ margin }))).toThrow('the legs were read');
  });
});

describe('the settings', () => {
  test('name what they allow', () => {
    expect(() => opened({ marginUseMax: 0.9 })).toThrow(
      'marginUseMax is a share of the capital, and no capital is set',
    );
    expect(() => opened(limited(1, 0))).toThrow('marginUseMax is a fraction above 0 up to 1, was 0');
    expect(() => opened(limited(1, 1.01))).toThrow('marginUseMax is a fraction above 0 up to 1, was 1.01');
    expect(() => opened({ capital: paise(0) })).toThrow('capital is a positive whole number of paise, was 0');
  });
});

describe('through the kernel', () => {
  // NIFTY at 23,000 flat on a Monday, expiry on Thursday: 1,000 + 2,139 SPAN and 460 exposure a unit of the short call, 75 units a lot:
  // 269,925.00. The call at 22,500 bought at 500: SPAN 500, exposure 460, paid 500: 109,500.00 a lot.
  const DAY = tape`
    2025-01-06  expiry 2025-01-09
    09:15  NIFTY 23000  22000CE 1000  22500CE 500
  `;

  function run(capital: number, times: Readonly<Record<string, (ctx: StrategyContext) => void>>): Played {
    const risk = { ...defaultRmsSettings, capital: paise(rs(capital)), marginUseMax: 1 };
    return play({ days: [DAY], agents: [scripted(doing(times))], parts: { ...NO_DISASTER_STOP, risk } });
  }

  const sell = (ctx: StrategyContext): void => enter(ctx, ['SELL 22000CE']);

  test('a short call is sold where its margin just fits, and not with a paisa less', () => {
    // 1,000 less 0.25 % and a tick.
    expect(fills(run(269_925, { '10:00': sell }))).toBe('10:00:01.300 entry SELL 22000CE 997.45');
    const denied = run(269_924.99, { '10:00': sell });
    expect(fills(denied)).toBe('');
    expect(told(denied)).toBe(
      "10:00:01.000 entry skipped: margin: the margin of 269925.00 rupees that the entry takes does not fit the 269924.99 that are free: margins may take 100 % of the account's 269924.99, and 0.00 are in use",
    );
  });

  test('a spread needs its hedge paid and its width', () => {
    const spread = (ctx: StrategyContext): void => enter(ctx, ['SELL 22000CE', 'BUY 22500CE']);
    expect(fills(run(109_500, { '10:00': spread }))).toBe(
      ['10:00:01.300 entry BUY 22500CE 501.30', '10:00:01.700 entry SELL 22000CE 997.45'].join('\n'),
    );
    expect(fills(run(109_499.99, { '10:00': spread }))).toBe('');
  });

  test('an order on its way counts: the second of one instant is refused, and let through once the first is closed', () => {
    const close = (ctx: StrategyContext): void => {
      for (const structure of ctx.structures) ctx.exit(structure, 'MANUAL');
    };
    const twice = (ctx: StrategyContext): void => {
      sell(ctx);
      sell(ctx);
    };
    // In use: 269,925 less the premium of 75,000 that the first brings. Another 269,925.00 does not fit what 400,000.00 leave.
    const played = run(400_000, { '10:00': twice, '11:00': close, '11:30': sell });
    const free = '205075.00 that are free';
    expect(told(played).split('\n')).toEqual([
      '10:00:01.000 entry taken',
      `10:00:01.000 entry skipped: margin: the margin of 269925.00 rupees that the entry takes does not fit the ${free}: margins may take 100 % of the account's 400000.00, and 194925.00 are in use`,
      '11:30:01.000 entry taken',
    ]);
  });

  test('an entry that rests counts as held, and once only when its plan is looked at anew', () => {
    const stop = (pct: number): GuardSpec => ({
      name: 'stop',
      act: 'stop',
      basis: 'leg',
      distance: { pct },
      closes: 'leg',
    });
    const resting = (pct: number) => (ctx: StrategyContext) =>
      rest(ctx, 'place', 'SELL 22000CE STOP 950 940', { guards: [stop(pct)] });
    const played = run(269_925, { '10:00': resting(25), '10:01': resting(50), '10:02': sell });
    expect(told(played).split('\n').slice(0, 2)).toEqual([
      '10:00:01.000 place taken',
      "10:02:01.000 entry skipped: margin: the margin of 269925.00 rupees that the entry takes does not fit the 75000.00 that are free: margins may take 100 % of the account's 269925.00, and 194925.00 are in use",
    ]);
  });

  test('the range widens with India VIX of the session before', () => {
    // 6 x root 2 x 25 % / root 252 of 23,000 are 3,073.504 points: 1,000 + 3,073.504 + 460 a unit, 340,012.83.
    const skipped = (capital: number): string => {
      const risk = { ...defaultRmsSettings, capital: paise(rs(capital)), marginUseMax: 1 };
      const played = play({
        days: [],
        agents: [scripted(doing({ '10:00': sell }))],
        parts: { ...NO_DISASTER_STOP, risk },
      });
      const session = testReference().calendar.sessionOn(DAY.day, 'NFO');
      if (session === undefined) throw new Error('the tape has no session');
      const facts = [{ underlying: 'NIFTY', previousClose: undefined, vixPreviousClose: 2_500 } as const];
      played.kernel.play(dayEvents({ session, candles: DAY, closeGraceMs: 1_000, facts, officialCloses: [] }));
      return told(played);
    };
    expect(skipped(340_012.83)).toBe('10:00:01.000 entry taken');
    expect(skipped(340_012.82)).toMatch(/^10:00:01.000 entry skipped: margin: the margin of 340012.83 rupees /);
  });

  test('an addition is looked at like an entry, after what the first lot cost', () => {
    const more = (ctx: StrategyContext): void => add(ctx, '22000CE', 1);
    // 2.55 a unit to get in are 191.25. Of 74,808.75 sold: STT 0.1 % 74.81, exchange 0.03503 % 26.21, SEBI 0.07, IPFT 0.37, brokerage 20,
    // GST of 18 % on the last four 8.40: 129.86, together 321.12 with the paisa rounded up.
    expect(told(run(300_000, { '10:00': sell, '10:30': more }))).toBe(
      [
        '10:00:01.000 entry taken',
        "10:30:01.000 pyramid skipped: margin: the margin of 269925.00 rupees that the entry takes does not fit the 104753.88 that are free: margins may take 100 % of the account's 299678.88, and 194925.00 are in use",
      ].join('\n'),
    );
  });
});
