import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readReference } from '../../../adapters/reference-files.ts';
import { candleStarts } from '../../../datasets/candle-row.ts';
import { columnsOf, SyntheticMarket } from '../../../datasets/synthetic/synthetic-market.ts';
import type { DayCandles } from '../../../engine/model/candle-frame.ts';
import type { Underlying } from '../../../engine/model/instrument.ts';
import { compareInstruments, exchangeOf, instrumentKey } from '../../../engine/model/instrument.ts';
import type { Day } from '../../../engine/model/time.ts';
import { day, epochMs, istTimeOf } from '../../../engine/model/time.ts';
import { paise, TICK } from '../../../engine/model/units.ts';
import { streamOf } from '../../../engine/prng.ts';

const { calendar, contracts } = readReference();

function market(underlying: Underlying = 'NIFTY', seed = 1): SyntheticMarket {
  return new SyntheticMarket({ seed, underlying, calendar, contracts });
}

function candlesOf(of: SyntheticMarket, on: string): DayCandles {
  const candles = of.day(day(on));
  if (candles === undefined) throw new Error(`${on} has no session`);
  return candles;
}

function hashOf(candles: DayCandles): string {
  const hash = createHash('sha256').update(candles.instruments.map(instrumentKey).join());
  for (const column of columnsOf(candles)) hash.update(column);
  return hash.digest('hex');
}

function timesOf({ starts }: DayCandles): string[] {
  return [...starts].map((start) => istTimeOf(epochMs(start)));
}

/** Days of all kinds and years, drawn from a seed that is named in the test's failure by the day itself. */
function randomDays(count: number, from: string, to: string): Day[] {
  const days = calendar.tradingDays(day(from), day(to));
  const stream = streamOf(20, `days ${from}`);
  return Array.from({ length: count }, () => days[Math.floor(stream() * days.length)]!);
}

describe('determinism', () => {
  test('the same seed gives the same candles in another market and in another order of days', () => {
    const asked = ['2019-05-23', '2024-06-04', '2021-01-14'];
    const forwards = market();
    const backwards = market();
    const first = asked.map((on) => hashOf(candlesOf(forwards, on)));
    const second = asked.toReversed().map((on) => hashOf(candlesOf(backwards, on)));
    expect(second.toReversed()).toEqual(first);
  });

  test('the candles of a recorded seed and day never change while the version stays', () => {
    expect(hashOf(candlesOf(market(), '2025-03-06'))).toMatchInlineSnapshot(
      `"cee5171c6d90947860895428c7aa7a7d0e3c16d37e0129b1afa5e020f396df5b"`,
    );
    expect(market().officialClose(day('2025-03-06'))).toMatchInlineSnapshot(`2170720`);
  });

  test('another seed and another underlying give other prices', () => {
    const close = market().officialClose(day('2025-03-06'));
    expect(market('NIFTY', 2).officialClose(day('2025-03-06'))).not.toBe(close);
    expect(market('SENSEX').officialClose(day('2025-03-06'))! / close!).toBeGreaterThan(2);
  });

  test('what else is asked does not change an instrument', () => {
    const all = candlesOf(market(), '2025-03-05');
    const option = all.instruments.findIndex((one) => one.kind === 'option' && one.expiry > all.day);
    const wanted = all.instruments[option]!;
    if (wanted.kind !== 'option') throw new Error('the slot holds no option');
    const few = market().day(all.day, {
      index: 'leave',
      futures: [],
      expiries: [wanted.expiry],
      strikes: { min: wanted.strike, max: wanted.strike },
    })!;
    expect(few.instruments.map(instrumentKey)).toEqual([
      instrumentKey({ ...wanted, right: 'CE' }),
      instrumentKey({ ...wanted, right: 'PE' }),
    ]);
    const [wide, narrow] = [columnsOf(all), columnsOf(few)];
    for (let column = 0; column < wide.length; column += 1) {
      const before = [...all.starts].map((_, m) => wide[column]![m * all.instruments.length + option]);
      const after = [...few.starts].map((_, m) => narrow[column]![m * 2]);
      expect(after).toEqual(before);
    }
  });

  test('a day without a session has no candles, close or volatility index', () => {
    for (const on of ['2025-03-08', '2025-03-14', '2018-06-01']) {
      expect(market().day(day(on))).toBeUndefined();
      expect(market().officialClose(day(on))).toBeUndefined();
      expect(market().vixClose(day(on))).toBeUndefined();
      expect(market().instruments(day(on))).toEqual([]);
    }
  });
});

describe('candles', () => {
  test('hold together on random days: low under open and close, high over them, on ticks, above zero, volume in whole lots', () => {
    for (const underlying of ['NIFTY', 'SENSEX', 'FINNIFTY'] as const) {
      const of = market(underlying, 9);
      for (const on of randomDays(6, '2023-06-01', '2026-10-01')) {
        const candles = of.day(on);
        if (candles !== undefined) expect(faultsOf(candles), `${underlying} ${on}`).toEqual([]);
      }
    }
  });

  test('stand in the total order of instruments, each once', () => {
    const { instruments } = candlesOf(market(), '2025-03-05');
    expect([...instruments].sort(compareInstruments)).toEqual(instruments);
    expect(new Set(instruments.map(instrumentKey)).size).toBe(instruments.length);
  });

  test('begin as the evening before ended but for the gap, and each minute as the last one ended but for a step', () => {
    const of = market();
    const candles = candlesOf(of, '2025-03-05');
    const width = candles.instruments.length;
    for (let m = 1; m < candles.starts.length; m += 1) {
      const step = candles.columns.open[m * width]! / candles.columns.close[(m - 1) * width]! - 1;
      expect(Math.abs(step)).toBeLessThan(0.002);
    }
    const gap = candles.columns.open[0]! / of.officialClose(day('2025-03-04'))! - 1;
    expect(Math.abs(gap)).toBeLessThan(0.05);
  });

  test('are missing before the first trade, flat without volume after it, and far strikes have such minutes', () => {
    const candles = candlesOf(market(), '2025-03-05');
    const width = candles.instruments.length;
    let quiet = 0;
    for (let slot = 2; slot < width; slot += 1) {
      let last = 0;
      for (let m = 0; m < candles.starts.length; m += 1) {
        const cell = m * width + slot;
        const { valid, volume, open, high, low, close } = candles.columns;
        if (valid[cell] !== 1) expect([last, volume[cell]]).toEqual([0, -1]);
        if (valid[cell] === 1 && volume[cell] === 0) {
          quiet += 1;
          expect([open[cell], high[cell], low[cell], close[cell]]).toEqual([last, last, last, last]);
        }
        last = close[cell]!;
      }
    }
    expect(quiet).toBeGreaterThan(1_000);
  });

  test('of the money and its neighbours trade every minute', () => {
    const candles = candlesOf(market(), '2025-03-05');
    const width = candles.instruments.length;
    const nearest = contracts.expiryOf({ day: candles.day, underlying: 'NIFTY', rule: 'nearest' })!.expiry;
    for (let m = 0; m < candles.starts.length; m += 1) {
      const atm = Math.round(candles.columns.close[m * width]! / 5_000) * 5_000;
      const near = candles.instruments.flatMap((one, slot) =>
        one.kind === 'option' && one.expiry === nearest && Math.abs(one.strike - atm) <= 10_000 ? [slot] : [],
      );
      expect(near.length).toBe(10);
      for (const slot of near) expect(candles.columns.volume[m * width + slot]).toBeGreaterThan(0);
    }
  });
});

describe('contracts', () => {
  test('carry only listed expiries, strikes on the step of the date, and the lots of the date', () => {
    for (const underlying of ['NIFTY', 'BANKNIFTY', 'SENSEX', 'FINNIFTY'] as const) {
      const of = market(underlying);
      for (const on of randomDays(5, '2023-06-01', '2026-08-20')) {
        const candles = of.day(on);
        if (candles === undefined) continue;
        const listed = new Map(contracts.expiriesOn(on, underlying).map((fact) => [fact.expiry, fact]));
        candles.instruments.forEach((one, slot) => {
          if (one.kind === 'index') return;
          const fact = listed.get(one.expiry);
          expect(fact, instrumentKey(one)).toBeDefined();
          if (one.kind === 'option') {
            expect(one.strike % contracts.strikeStepOn({ underlying, expiry: one.expiry, day: on })).toBe(0);
          }
          for (let m = 0; m < candles.starts.length; m += 50) {
            const cell = m * candles.instruments.length + slot;
            if (candles.columns.valid[cell] === 1) expect(candles.columns.volume[cell]! % fact!.lotSize).toBe(0);
          }
        });
      }
    }
  });

  test('are the two nearest expiries and the near month, twelve strikes and two expected moves on each side', () => {
    const expiries = (on: string): string[] => {
      const options = market()
        .instruments(day(on))
        .filter((one) => one.kind === 'option');
      return [...new Set(options.map((one) => one.expiry))];
    };
    expect(expiries('2025-03-05')).toEqual(['2025-03-06', '2025-03-13', '2025-03-27']);
    expect(expiries('2025-03-25')).toEqual(['2025-03-27', '2025-04-03']);
    const few = new SyntheticMarket({
      seed: 1,
      underlying: 'NIFTY',
      calendar,
      contracts,
      depth: { expiries: 1, monthlies: 0, strikesEachSide: 2 },
    });
    const strikes = few.instruments(day('2025-03-05')).filter((one) => one.kind === 'option');
    expect(strikes.length).toBeLessThan(2 * (2 * (2 + 12) + 1));
    expect(strikes.length).toBeGreaterThan(2 * 5);
  });

  test('are known in the morning: the strikes follow from the evening before', () => {
    const of = market();
    const middle = (on: string): number => {
      const strikes = of.instruments(day(on)).flatMap((one) => (one.kind === 'option' ? [one.strike] : []));
      return (Math.min(...strikes) + Math.max(...strikes)) / 2;
    };
    const before = candlesOf(of, '2025-03-04');
    const last = before.columns.close[(before.starts.length - 1) * before.instruments.length]!;
    expect(Math.abs(middle('2025-03-05') - last)).toBeLessThanOrEqual(2_501);
  });

  test('put-call parity holds within a few points wherever both sides traded', () => {
    for (const on of ['2025-03-04', '2020-03-24', '2022-06-16']) {
      const candles = candlesOf(market(), on);
      const misses = parityMisses(candles);
      const sd = Math.sqrt(misses.reduce((sum, miss) => sum + miss * miss, 0) / misses.length);
      expect(misses.length).toBeGreaterThan(5_000);
      expect(sd).toBeGreaterThan(5);
      expect(sd).toBeLessThan(100);
    }
  });

  test('converge on the day of expiry to what they pay at the official close', () => {
    for (const [underlying, on] of [
      ['NIFTY', '2025-03-06'],
      ['SENSEX', '2024-06-07'],
      ['BANKNIFTY', '2026-08-25'],
    ] as const) {
      const of = market(underlying);
      const candles = candlesOf(of, on);
      const official = of.officialClose(day(on))!;
      const last = candles.starts.length - 1;
      let checked = 0;
      candles.instruments.forEach((one, slot) => {
        const cell = last * candles.instruments.length + slot;
        if (one.kind !== 'option' || one.expiry !== on || candles.columns.volume[cell]! <= 0) return;
        const pays = Math.max((official - one.strike) * (one.right === 'CE' ? 1 : -1), TICK);
        expect(candles.columns.close[cell], instrumentKey(one)).toBe(pays);
        checked += 1;
      });
      expect(checked).toBeGreaterThan(20);
    }
  });
});

describe('sessions', () => {
  test('a Saturday drill has two windows and nothing between them', () => {
    const candles = candlesOf(market(), '2024-03-02');
    const times = timesOf(candles);
    expect(times.length).toBe(105);
    expect([times[0], times[44], times[45], times[104]]).toEqual(['09:15', '09:59', '11:30', '12:29']);
    expect(faultsOf(candles)).toEqual([]);
  });

  test('a Muhurat evening is an hour long', () => {
    const times = timesOf(candlesOf(market(), '2023-11-12'));
    expect([times.length, times[0], times.at(-1)]).toEqual([60, '18:15', '19:14']);
  });

  test('until July 2026 the official close is the mean of the last half hour', () => {
    const candles = candlesOf(market(), '2026-07-31');
    const width = candles.instruments.length;
    expect(timesOf(candles).at(-1)).toBe('15:29');
    const closes = Array.from({ length: 30 }, (_, i) => candles.columns.close[(345 + i) * width]!);
    const mean = closes.reduce((sum, close) => sum + close, 0) / 30;
    expect(Math.abs(market().officialClose(candles.day)! - mean)).toBeLessThan(500);
  });

  test('from August 2026 the index stands still from 15:15, shows its close from 15:35, and options trade on to 15:40', () => {
    const of = market();
    const candles = candlesOf(of, '2026-08-05');
    const width = candles.instruments.length;
    const times = timesOf(candles);
    expect([times.length, times.at(-1)]).toEqual([385, '15:39']);
    const index = times.map((time, m) => [time, candles.columns.close[m * width]!] as const);
    const between = (from: string, to: string): number[] =>
      index.flatMap(([time, close]) => (time >= from && time < to ? [close] : []));
    expect(new Set(between('15:14', '15:35')).size).toBe(1);
    expect(new Set(between('15:35', '15:40'))).toEqual(new Set([of.officialClose(candles.day)]));
    expect(new Set(between('15:00', '15:15')).size).toBeGreaterThan(5);
    const future = times.map((_, m) => candles.columns.close[m * width + 1]!);
    expect(new Set(future.slice(-25)).size).toBeGreaterThan(10);
  });

  test('open interest of the future changes every three minutes by at most half of what was traded since', () => {
    const candles = candlesOf(market(), '2025-03-06');
    const width = candles.instruments.length;
    const slot = candles.instruments.findIndex(({ kind }) => kind === 'future');
    const column = (name: 'oi' | 'volume'): number[] =>
      timesOf(candles).map((_, m) => candles.columns[name][m * width + slot]!);
    const [oi, volume] = [column('oi'), column('volume')];
    const steps: number[] = [];
    for (let m = 1; m < oi.length; m += 1) {
      const change = oi[m]! - oi[m - 1]!;
      if (m % 3 !== 0) expect(change, `minute ${m}`).toBe(0);
      else {
        expect(Math.abs(change), `minute ${m}`).toBeLessThanOrEqual(
          (volume[m - 3]! + volume[m - 2]! + volume[m - 1]!) / 2 + 75,
        );
        steps.push(change);
      }
    }
    expect(steps.filter((change) => change > 0).length).toBeGreaterThan(40);
    expect(steps.filter((change) => change < 0).length).toBeGreaterThan(40);
  });

  test('the minutes are those of the exchange that lists the index, halts cut out', () => {
    for (const underlying of ['NIFTY', 'SENSEX'] as const) {
      const on = day('2021-02-24');
      const { windows } = calendar.sessionOn(on, exchangeOf(underlying))!;
      const { starts } = market(underlying).day(on)!;
      expect([...starts]).toEqual(candleStarts(windows, 60_000));
    }
  });
});

describe('levels', () => {
  test('stay near the real ones, and volatility is like that of an index', () => {
    for (const seed of [1, 2, 3]) {
      const of = market('NIFTY', seed);
      const days = calendar.tradingDays(day('2023-01-01'), day('2024-12-31'), { sessions: 'ordinary' });
      const closes = days.map((on) => of.officialClose(on)!);
      const moves = closes.slice(1).map((close, i) => Math.log(close / closes[i]!));
      const yearly = Math.sqrt((moves.reduce((sum, move) => sum + move * move, 0) * 252) / moves.length);
      expect(yearly).toBeGreaterThan(0.08);
      expect(yearly).toBeLessThan(0.22);
      expect(closes.at(-1)! / 2_365_000).toBeGreaterThan(0.8);
      expect(closes.at(-1)! / 2_365_000).toBeLessThan(1.25);
      for (const on of days) {
        const vix = of.vixClose(on)!;
        expect(vix > 600 && vix < 4_000, `${on} ${vix}`).toBe(true);
      }
    }
  });

  test('the volatility index is one for all underlyings but for their own level', () => {
    const on = day('2024-06-04');
    expect(Math.abs(market('SENSEX').vixClose(on)! / market().vixClose(on)! - 1)).toBeLessThan(0.1);
  });
});

function faultsOf(candles: DayCandles): string[] {
  const { open, high, low, close, volume, oi, valid } = candles.columns;
  const faults: string[] = [];
  for (let cell = 0; cell < valid.length; cell += 1) {
    if (valid[cell] !== 1) continue;
    const [o, h, l, c] = [open[cell]!, high[cell]!, low[cell]!, close[cell]!];
    const isWhole = l >= TICK && l <= Math.min(o, c) && h >= Math.max(o, c);
    const onTicks = (o % TICK) + (h % TICK) + (l % TICK) + (c % TICK) === 0;
    const isIndex = candles.instruments[cell % candles.instruments.length]!.kind === 'index';
    const counts = isIndex ? volume[cell] === -1 && oi[cell] === -1 : volume[cell]! >= 0 && oi[cell]! >= 0;
    if (!(isWhole && onTicks && counts)) faults.push(`cell ${cell}: ${[o, h, l, c, volume[cell], oi[cell]]}`);
  }
  return faults.slice(0, 5);
}

/** Call less put, less forward, plus strike, in paise; the forward of each minute is the median over the strikes. */
function parityMisses(candles: DayCandles): number[] {
  const { close, volume } = candles.columns;
  const { instruments } = candles;
  const expiry = instruments.find((one) => one.kind === 'option')!.expiry;
  const calls = instruments.flatMap((one, slot) =>
    one.kind === 'option' && one.expiry === expiry && one.right === 'CE' ? [{ slot, strike: one.strike }] : [],
  );
  const misses: number[] = [];
  for (let m = 0; m < candles.starts.length; m += 1) {
    const base = m * instruments.length;
    const forwards = calls
      .filter(({ slot }) => volume[base + slot]! > 0 && volume[base + slot + 1]! > 0)
      .map(({ slot, strike }) => close[base + slot]! - close[base + slot + 1]! + strike)
      .sort((a, b) => a - b);
    const median = forwards[Math.floor(forwards.length / 2)] ?? 0;
    misses.push(...forwards.map((forward) => forward - median));
  }
  return misses;
}

test('a strike outside the listing is not there', () => {
  const wanted = { expiries: [day('2025-03-06')], strikes: { min: paise(100), max: paise(200) } };
  expect(market().instruments(day('2025-03-05'), { ...wanted, index: 'leave', futures: [] })).toEqual([]);
});
