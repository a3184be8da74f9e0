import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settlementLevel } from '../../../datasets/modelled/expiry-points.ts';
import { ModelledChain } from '../../../datasets/modelled/modelled-chain.ts';
import type { CandleColumns } from '../../../engine/model/candle-frame.ts';
import { emptyColumns } from '../../../engine/model/candle-frame.ts';
import type { OptionContract } from '../../../engine/model/instrument.ts';
import { option } from '../../../engine/model/instrument.ts';
import type { Day } from '../../../engine/model/time.ts';
import { day, daysBetween, MINUTE_MS } from '../../../engine/model/time.ts';
import { paise } from '../../../engine/model/units.ts';
import type { IndexWalk } from '../../support/index-walk.ts';
import { indexWalk } from '../../support/index-walk.ts';
import { testReference } from '../../support/play.ts';

const chain = new ModelledChain(testReference());
/** A Tuesday and its expiry on the Thursday, NIFTY near 22,300. */
const TUESDAY = day('2025-03-04');
const THURSDAY = day('2025-03-06');
const CLOSE_BEFORE = 2_211_930;
const FIVE = 5 * MINUTE_MS;

interface Priced {
  readonly options: readonly OptionContract[];
  readonly columns: CandleColumns;
  /** Price of a contract in a row, paise. */
  of(column: 'open' | 'high' | 'low' | 'close', row: number, option: OptionContract): number;
}

function priced(
  index: IndexWalk,
  on: Day,
  parts: { vix?: number; expiries?: readonly Day[]; intervalMs?: number } = {},
): Priced {
  const intervalMs = parts.intervalMs ?? MINUTE_MS;
  const level = chain.level({ underlying: 'NIFTY', vixBefore: parts.vix ?? 1_400, sessions: [] });
  const of = { day: on, underlying: 'NIFTY', intervalMs, index, level, closeBefore: CLOSE_BEFORE } as const;
  const indexDay = chain.indexDay(of)!;
  const options = chain.listing(indexDay, { expiries: parts.expiries ?? [THURSDAY], strikesAround: 10 });
  const columns = emptyColumns(index.starts.length * options.length);
  const rows = Int32Array.from(index.starts, (_start, row) => row);
  chain.write(indexDay, options, { columns, slots: options.length, slot: 0, rows });
  return {
    options,
    columns,
    of: (column, row, one) => {
      const slot = options.findIndex(({ expiry, strike, right }) => {
        return expiry === one.expiry && strike === one.strike && right === one.right;
      });
      return columns[column][row * options.length + slot]!;
    },
  };
}

function settlementOf(index: IndexWalk, on: Day, intervalMs = MINUTE_MS): number | undefined {
  const session = testReference().calendar.sessionOn(on)!;
  return settlementLevel({ day: on, session, intervalMs, index });
}

/** Calls and puts of one expiry, strike by strike, rising. */
function pairs({ options }: Priced): readonly (readonly [OptionContract, OptionContract])[] {
  return options
    .filter(({ right }) => right === 'CE')
    .map((call) => {
      const put = options.find(
        (one) => one.right === 'PE' && one.strike === call.strike && one.expiry === call.expiry,
      )!;
      return [call, put] as const;
    });
}

/** A day of which one candle is there. */
function oneCandle(seed: number, row: number): IndexWalk {
  const index = indexWalk({ day: TUESDAY, seed });
  index.valid.fill(0);
  index.valid[row] = 1;
  return index;
}

const anyDay = fc.record({
  seed: fc.nat(9_999),
  row: fc.integer({ min: 0, max: 374 }),
  vix: fc.integer({ min: 900, max: 7_000 }),
});

describe('prices', () => {
  test('agree with a second method to the tick', () => {
    // Everything by the language's own functions: normal distribution by Simpson's rule, the smile from its description.
    const index = indexWalk({ day: TUESDAY, seed: 1 });
    const chainPrices = priced(index, TUESDAY);
    const row = 204;
    const spot = index.close[row]!;
    const moved = Math.log(spot / CLOSE_BEFORE);
    const level = 0.1266 * Math.exp(-2.949 * moved);
    const home = 0.1617 * 0.9045;
    const activity = Array.from(
      { length: 375 },
      (_, m) => 0.7 + 2.4 * Math.exp(-m / 14) + 0.9 * Math.exp(-(375 - m) / 30),
    );
    const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
    const left = sum(activity.slice(row + 1)) / sum(activity);
    const years = (2 + left * (1 - 0.3112)) / 252;
    const fade = (t: number): number => (1 - Math.exp((-t * 365) / 8.922)) / ((t * 365) / 8.922);
    const atm = level + 0.905 * (level - home) * (fade(years) - fade(30 / 365));
    const forward = spot * Math.exp((0.05399 * 2) / 365);
    for (const strike of [2_130_000, 2_200_000, 2_230_000, 2_290_000].map(paise)) {
      const z = Math.log(strike / forward) / (atm * Math.sqrt(years));
      const s = z / Math.sqrt(1 + (z / 10.69) ** 2);
      const skew = -0.1263 * Math.sqrt(years / (30 / 365));
      const deviation = atm * (1 + skew * s + 0.04402 * s * s) * Math.sqrt(years);
      const d1 = Math.log(forward / strike) / deviation + deviation / 2;
      const call = forward * normal(d1) - strike * normal(d1 - deviation);
      const [ce, pe] = [option('NIFTY', THURSDAY, strike, 'CE'), option('NIFTY', THURSDAY, strike, 'PE')].map(
        (wanted) => chainPrices.options.find((one) => one.strike === wanted.strike && one.right === wanted.right)!,
      );
      expect(chainPrices.of('close', row, ce!)).toBe(Math.max(5, Math.round(call / 5) * 5));
      expect(chainPrices.of('close', row, pe!)).toBe(Math.max(5, Math.round((call - forward + strike) / 5) * 5));
    }
  });

  test('keep put-call parity with the forward, at every strike and expiry', () => {
    fc.assert(
      fc.property(anyDay, ({ seed, row, vix }) => {
        const index = oneCandle(seed, row);
        const expiries = [THURSDAY, day('2025-03-13'), day('2025-03-27')];
        const day1 = priced(index, TUESDAY, { vix, expiries });
        for (const [call, put] of pairs(day1)) {
          const forward = index.close[row]! * Math.exp((0.05399 * daysBetween(TUESDAY, call.expiry)) / 365);
          const [c, p] = [day1.of('close', row, call), day1.of('close', row, put)];
          if (Math.min(c, p) > 5) expect(Math.abs(c - p - (forward - call.strike))).toBeLessThanOrEqual(5.001);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('fall with the strike for calls and rise for puts, never by more than the strike does', () => {
    fc.assert(
      fc.property(anyDay, ({ seed, row, vix }) => {
        const day1 = priced(oneCandle(seed, row), TUESDAY, { vix });
        const ladder = pairs(day1);
        for (let at = 1; at < ladder.length; at += 1) {
          const [[call, put], [nextCall, nextPut]] = [ladder[at - 1]!, ladder[at]!];
          const fallen = day1.of('close', row, call) - day1.of('close', row, nextCall);
          const risen = day1.of('close', row, nextPut) - day1.of('close', row, put);
          for (const moved of [fallen, risen]) {
            expect(moved).toBeGreaterThanOrEqual(0);
            expect(moved).toBeLessThanOrEqual(nextCall.strike - call.strike + 5);
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  test('stay between what the option pays and the forward or the strike', () => {
    fc.assert(
      fc.property(anyDay, ({ seed, row, vix }) => {
        const index = oneCandle(seed, row);
        const day1 = priced(index, TUESDAY, { vix });
        const forward = index.close[row]! * Math.exp((0.05399 * 2) / 365);
        for (const [call, put] of pairs(day1)) {
          expect(day1.of('close', row, call)).toBeGreaterThanOrEqual(forward - call.strike - 2.501);
          expect(day1.of('close', row, put)).toBeGreaterThanOrEqual(put.strike - forward - 2.501);
          expect(day1.of('close', row, call)).toBeLessThan(forward);
          expect(day1.of('close', row, put)).toBeLessThan(put.strike);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('make candles that hold their open and close, on ticks, of unknown volume and interest', () => {
    const { columns } = priced(indexWalk({ day: TUESDAY, seed: 3 }), TUESDAY);
    const { open, high, low, close } = columns;
    const wrong = [...open.keys()].filter((cell) => {
      const [o, h, l, c] = [open[cell]!, high[cell]!, low[cell]!, close[cell]!];
      const isTicked = [o, h, l, c].every((price) => price % 5 === 0 && price >= 5);
      return !(h >= o && h >= c && l <= o && l <= c && isTicked);
    });
    expect(wrong).toEqual([]);
    expect([new Set(columns.valid), new Set(columns.volume), new Set(columns.oi)]).toEqual([
      new Set([1]),
      new Set([-1]),
      new Set([-1]),
    ]);
  });

  test('follow the index: near the money a call gains and its put loses when the index rises', () => {
    const index = indexWalk({ day: TUESDAY, seed: 4 });
    const higher = indexWalk({ day: TUESDAY, seed: 4 });
    for (const column of [higher.high, higher.close]) column[100] = column[100]! + 5_000;
    const [before, after] = [priced(index, TUESDAY), priced(higher, TUESDAY)];
    const middle = pairs(before)[Math.floor(pairs(before).length / 2)]!;
    expect(after.of('close', 100, middle[0])).toBeGreaterThan(before.of('close', 100, middle[0]));
    expect(after.of('close', 100, middle[1])).toBeLessThan(before.of('close', 100, middle[1]));
    expect(after.of('high', 100, middle[0])).toBeGreaterThan(before.of('high', 100, middle[0]));
    expect(after.of('low', 100, middle[1])).toBeLessThan(before.of('low', 100, middle[1]));
  });

  test('are absent where the index candle is', () => {
    const index = indexWalk({ day: TUESDAY, seed: 5 });
    index.valid[77] = 0;
    const { columns, options } = priced(index, TUESDAY);
    const absent = [...columns.valid.keys()].filter((cell) => columns.valid[cell] === 0);
    expect(absent).toEqual(options.map((_one, slot) => 77 * options.length + slot));
  });

  test('are the same at the same instant on candles of five minutes', () => {
    const one = indexWalk({ day: TUESDAY, seed: 6 });
    const five = indexWalk({ day: TUESDAY, seed: 7, intervalMs: FIVE });
    for (let row = 0; row < 75; row += 1) five.close[row] = one.close[5 * row + 4]!;
    five.open[0] = one.open[0]!;
    const [minutes, fives] = [priced(one, TUESDAY), priced(five, TUESDAY, { intervalMs: FIVE })];
    for (const row of [0, 20, 50, 74]) {
      for (const contract of minutes.options) {
        const same = fives.options.find((other) => other.strike === contract.strike && other.right === contract.right)!;
        expect(fives.of('close', row, same)).toBe(minutes.of('close', 5 * row + 4, contract));
      }
    }
  });
});

describe('the day of expiry', () => {
  test('ends at what the mean of the last half hour pays, and never below a tick', () => {
    fc.assert(
      fc.property(fc.nat(9_999), (seed) => {
        const index = indexWalk({ day: THURSDAY, seed });
        const day1 = priced(index, THURSDAY);
        let sum = 0;
        for (let row = 345; row < 375; row += 1) sum += index.close[row]!;
        for (const [call, put] of pairs(day1)) {
          const pays = sum / 30 - call.strike;
          expect(Math.abs(day1.of('close', 374, call) - Math.max(pays, 5))).toBeLessThanOrEqual(5);
          expect(Math.abs(day1.of('close', 374, put) - Math.max(-pays, 5))).toBeLessThanOrEqual(5);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('ends where the day says that it settles: the last price of an option is its payoff, to the tick', () => {
    fc.assert(
      fc.property(fc.nat(9_999), fc.constantFrom(MINUTE_MS, FIVE), (seed, intervalMs) => {
        const index = indexWalk({ day: THURSDAY, seed, intervalMs });
        const day1 = priced(index, THURSDAY, { intervalMs });
        const last = index.starts.length - 1;
        const within = [...index.close].slice(-(30 * MINUTE_MS) / intervalMs);
        const level = settlementOf(index, THURSDAY, intervalMs)!;
        expect(Math.abs(level - within.reduce((sum, close) => sum + close, 0) / within.length)).toBeLessThanOrEqual(
          0.5,
        );
        for (const [call, put] of pairs(day1)) {
          for (const [one, pays] of [
            [call, level - call.strike],
            [put, put.strike - level],
          ] as const) {
            expect(Math.abs(day1.of('close', last, one) - Math.max(pays, 5))).toBeLessThanOrEqual(3);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test('settles on the last live index since August 2026, on what there is of half an hour, and nowhere without a candle', () => {
    const tuesday = day('2026-08-04');
    const auction = indexWalk({ day: tuesday, seed: 2, minutes: 385 });
    // The index is live for 360 minutes, until 15:15.
    expect(settlementOf(auction, tuesday)).toBe(auction.close[359]);
    const short = indexWalk({ day: THURSDAY, seed: 3 });
    short.valid.fill(0, 347);
    expect(settlementOf(short, THURSDAY)).toBe(Math.round((short.close[345]! + short.close[346]!) / 2));
    short.valid.fill(0, 300);
    expect(settlementOf(short, THURSDAY)).toBe(short.close[299]);
    short.valid.fill(0);
    expect(settlementOf(short, THURSDAY)).toBeUndefined();
  });

  test('ends at what the last index pays since August 2026, when an auction settles at 15:40', () => {
    const tuesday = day('2026-08-04');
    const index = indexWalk({ day: tuesday, seed: 2, minutes: 385 });
    const last = priced(index, tuesday, { expiries: [tuesday] });
    for (const [call, put] of pairs(last)) {
      const pays = index.close[384]! - call.strike;
      expect(Math.abs(last.of('close', 384, call) - Math.max(pays, 5))).toBeLessThanOrEqual(2.5);
      expect(Math.abs(last.of('close', 384, put) - Math.max(-pays, 5))).toBeLessThanOrEqual(2.5);
    }
    const [call] = pairs(last)[Math.floor(pairs(last).length / 2)]!;
    expect(last.of('close', 374, call)).toBeGreaterThan(Math.max(index.close[374]! - call.strike, 0));
  });

  test('lets time value go, minute by minute, where the index stands still', () => {
    const index = indexWalk({ day: THURSDAY, seed: 8 });
    for (const column of [index.open, index.high, index.low, index.close]) column.fill(2_230_000);
    const day1 = priced(index, THURSDAY);
    const call = day1.options.find(({ strike, right }) => strike === 2_230_000 && right === 'CE')!;
    const prices = Array.from({ length: 375 }, (_, row) => day1.of('close', row, call));
    for (let row = 1; row < 375; row += 1) expect(prices[row]!).toBeLessThanOrEqual(prices[row - 1]!);
    expect(prices[0]).toBeGreaterThan(2_000);
    expect(prices.at(-1)).toBe(5);
  });
});

describe('what is not known yet', () => {
  test('no price depends on a later candle', () => {
    fc.assert(
      fc.property(
        fc.nat(9_999),
        fc.integer({ min: 0, max: 373 }),
        fc.constantFrom(TUESDAY, THURSDAY),
        (seed, row, on) => {
          const index = indexWalk({ day: on, seed });
          const other = indexWalk({ day: on, seed });
          for (const column of [other.open, other.high, other.low, other.close]) {
            for (let later = row + 1; later < 375; later += 1) column[later] = 2_600_000 + later;
          }
          const [one, two] = [priced(index, on), priced(other, on)];
          expect(two.options).toEqual(one.options);
          const cells = (row + 1) * one.options.length;
          for (const name of ['open', 'high', 'low', 'close'] as const)
            expect(two.columns[name].subarray(0, cells)).toEqual(one.columns[name].subarray(0, cells));
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe('the listing', () => {
  const indexDay = (open: number, vix = 1_400) =>
    chain.indexDay({
      day: TUESDAY,
      underlying: 'NIFTY',
      intervalMs: MINUTE_MS,
      index: indexWalk({ day: TUESDAY, seed: 1, open }),
      level: chain.level({ underlying: 'NIFTY', vixBefore: vix, sessions: [] }),
      closeBefore: undefined,
    })!;

  test('has the dated expiries, and strikes on their step beside the first price and a large move', () => {
    const listed = chain.listing(indexDay(2_230_000), { expiries: [THURSDAY], strikesAround: 10 });
    // Three daily moves of 12.66 % / sqrt 252 are 533.36 points: 11 steps of 50 beside the ten.
    expect(listed.length).toBe(2 * (2 * 21 + 1));
    expect([listed[0]!.strike, listed.at(-1)!.strike]).toEqual([2_125_000, 2_335_000]);
    expect(new Set(listed.map(({ expiry }) => expiry))).toEqual(new Set([THURSDAY]));
  });

  test('keeps contracts that are held, wherever the index has gone', () => {
    const held = option('NIFTY', THURSDAY, paise(1_900_000), 'PE');
    const foreign = option('BANKNIFTY', THURSDAY, paise(4_900_000), 'PE');
    const listed = chain.listing(indexDay(2_230_000), {
      expiries: [THURSDAY],
      strikesAround: 2,
      held: [held, foreign],
    });
    expect(listed[0]).toEqual(held);
    expect(listed.every(({ underlying }) => underlying === 'NIFTY')).toBe(true);
  });
});

/** Chance below x by Simpson's rule from -10. */
function normal(x: number): number {
  const steps = 4_000;
  const width = (x + 10) / steps;
  let sum = 0;
  for (let k = 0; k <= steps; k += 1) {
    const at = -10 + k * width;
    sum += (k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2) * Math.exp((-at * at) / 2);
  }
  return (sum * width) / 3 / Math.sqrt(2 * Math.PI);
}
