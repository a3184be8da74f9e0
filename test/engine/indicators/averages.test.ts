import fc from 'fast-check';
import { ATR, EMA, RSI, SMA, WMA, WSMA } from 'trading-signals';
import { describe, expect, test } from 'vitest';
import { Atr } from '../../../engine/indicators/atr.ts';
import { Ema, Sma, WilderMean, Wma } from '../../../engine/indicators/moving-averages.ts';
import { Rsi } from '../../../engine/indicators/rsi.ts';
import { alike, anyCandles, anyPeriod, anyWalk, outputs } from './series.ts';

type Theirs = {
  readonly isStable: boolean;
  update(value: number, replace: boolean): unknown;
  getResultOrThrow(): number;
};

/** What the other library says after each value, undefined where it is not stable. */
function theirs(values: readonly number[], indicator: Theirs): readonly (number | undefined)[] {
  return outputs(values, (value) => {
    indicator.update(value, false);
    return indicator.isStable ? indicator.getResultOrThrow() : undefined;
  });
}

function agree(ours: readonly (number | undefined)[], others: readonly (number | undefined)[]): void {
  ours.forEach((value, at) => {
    if (!alike(value, others[at])) expect.fail(`at ${at}: ${value} and ${others[at]}`);
  });
}

describe('moving averages', () => {
  test('of StockCharts: the five-day mean of 11 to 17 is 13, 14, 15', () => {
    // StockCharts ChartSchool, Moving Averages, "Simple Moving Average Calculation".
    const sma = new Sma({ period: 5 });
    expect(outputs([11, 12, 13, 14, 15, 16, 17], (value) => sma.push(value))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      13,
      14,
      15,
    ]);
  });

  test('weigh by hand: 3 x 13, 2 x 11, 1 x 10 over 6; half of each step for an EMA of 3', () => {
    const wma = new Wma({ period: 3 });
    expect(outputs([10, 11, 13, 12], (value) => wma.push(value))).toEqual([undefined, undefined, 71 / 6, 73 / 6]);
    const ema = new Ema({ period: 3 });
    expect(outputs([10, 12, 8, 8], (value) => ema.push(value))).toEqual([10, 11, 9.5, 8.75]);
  });

  test('agree with another library on any walk', () => {
    fc.assert(
      fc.property(anyWalk, anyPeriod, (values, period) => {
        const [sma, wma, wilder] = [
          new Sma({ period }),
          new Wma({ period }),
          new WilderMean({ period, begins: 'mean' }),
        ];
        agree(
          outputs(values, (value) => sma.push(value)),
          theirs(values, new SMA(period)),
        );
        agree(
          outputs(values, (value) => wma.push(value)),
          theirs(values, new WMA(period)),
        );
        agree(
          outputs(values, (value) => wilder.push(value)),
          theirs(values, new WSMA(period)),
        );
        const ema = new Ema({ period });
        const own = outputs(values, (value) => ema.push(value));
        agree(own.slice(period - 1), theirs(values, new EMA(period)).slice(period - 1));
      }),
      { numRuns: 60 },
    );
  });

  test('of a long series keep no error of their own', () => {
    const [sma, wma] = [new Sma({ period: 6 }), new Wma({ period: 6 })];
    const value = (at: number) => (at % 7 === 0 ? 1e9 : 0.1 * (at % 5));
    for (let at = 0; at < 300_000; at += 1) {
      sma.push(value(at));
      wma.push(value(at));
    }
    const last = [5, 4, 3, 2, 1, 0].map((back) => value(299_999 - back));
    expect(alike(sma.value, last.reduce((sum, each) => sum + each, 0) / 6)).toBe(true);
    expect(alike(wma.value, last.reduce((sum, each, at) => sum + each * (at + 1), 0) / 21)).toBe(true);
  });

  test('refuse a period that is none', () => {
    expect(() => new Sma({ period: 0 })).toThrow('was 0');
    expect(() => new Ema({ period: 1.5 })).toThrow('was 1.5');
    expect(() => new WilderMean({ period: -1, begins: 'first' })).toThrow('was -1');
  });
});

describe('the RSI', () => {
  // StockCharts ChartSchool, Relative Strength Index, the calculation spreadsheet of QQQ (Wilder's smoothing, 14 periods).
  const closes = [
    44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931, 46.0328, 45.614,
    46.282, 46.282, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521, 45.7137, 46.4515, 45.7835, 45.3548,
    44.0288, 44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314,
  ];
  const published = [
    70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38, 54.71, 50.42, 39.99, 41.46, 41.87, 45.46,
    37.3, 33.08, 37.77,
  ];

  test('of StockCharts: 70.53 after fourteen moves, 37.77 at the end', () => {
    const rsi = new Rsi({ period: 14, begins: 'mean' });
    const ours = outputs(closes, (close) => rsi.push(close));
    expect(ours.slice(0, 14)).toEqual(Array.from({ length: 14 }, () => undefined));
    expect(ours.slice(14).map((value) => Math.round((value ?? 0) * 100) / 100)).toEqual(published);
  });

  test('agrees with another library, but for a market without any move, which that calls 100 and we 50', () => {
    fc.assert(
      fc.property(anyWalk, fc.integer({ min: 2, max: 30 }), (values, period) => {
        const rsi = new Rsi({ period, begins: 'mean' });
        const other = new RSI(period);
        values.forEach((value, at) => {
          const [ours, theirs] = [rsi.push(value), other.update(value, false)];
          if (ours === 50 && theirs === 100) expect(new Set(values.slice(0, at + 1)).size).toBe(1);
          else if (!alike(ours, theirs)) expect.fail(`at ${at}: ${ours} and ${theirs}`);
        });
      }),
      { numRuns: 60 },
    );
  });

  /** The recursive form straight from its definition, over the whole series at once. */
  function recursive(values: readonly number[], period: number): (number | undefined)[] {
    let [gain, loss] = [Number.NaN, Number.NaN];
    return values.map((value, at) => {
      if (at === 0) return undefined;
      const move = value - (values[at - 1] ?? 0);
      const [up, down] = [Math.max(move, 0), Math.max(-move, 0)];
      gain = at === 1 ? up : ((period - 1) * gain + up) / period;
      loss = at === 1 ? down : ((period - 1) * loss + down) / period;
      if (gain + loss === 0) return 50;
      return (100 * gain) / (gain + loss);
    });
  }

  test('begun with the first move exists from the second value on and agrees with its definition', () => {
    fc.assert(
      fc.property(anyWalk, anyPeriod, (values, period) => {
        const rsi = new Rsi({ period, begins: 'first' });
        agree(
          outputs(values, (value) => rsi.push(value)),
          recursive(values, period),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('is the same to a tenth, however it began, after 80 values of a period of 9', () => {
    const values = Array.from({ length: 100 }, (_, at) => 23_000 + Math.round(40 * Math.sin(at / 5)) + (at % 3));
    const [first, mean] = [new Rsi({ period: 9, begins: 'first' }), new Rsi({ period: 9, begins: 'mean' })];
    const apart = values.map((value) => Math.abs((first.push(value) ?? 0) - (mean.push(value) ?? 0)));
    expect(apart[10]).toBeGreaterThan(0.1);
    expect(Math.max(...apart.slice(80))).toBeLessThan(0.1);
  });

  test('is 100 without a fall, 0 without a rise and 50 without either', () => {
    const last = (values: readonly number[]) => {
      const rsi = new Rsi({ period: 3, begins: 'first' });
      return outputs(values, (value) => rsi.push(value)).at(-1);
    };
    expect([last([1, 2, 3, 3]), last([3, 2, 1]), last([5, 5, 5])]).toEqual([100, 0, 50]);
  });
});

describe('the ATR', () => {
  test('agrees with another library on any candles, smoothed by Wilder or plainly', () => {
    fc.assert(
      fc.property(anyCandles, anyPeriod, (candles, period) => {
        for (const mean of ['wilder', 'simple'] as const) {
          const ours = new Atr({ period, mean });
          const other = new ATR(period, mean === 'wilder' ? WSMA : SMA);
          for (const candle of candles) {
            const value = ours.push(candle.high, candle.low, candle.close);
            other.update(candle, false);
            if (!alike(value, other.isStable ? other.getResultOrThrow() : undefined)) expect.fail(`${mean} ${value}`);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('counts a gap between candles', () => {
    const atr = new Atr({ period: 2, mean: 'simple' });
    // High less low 4; then from the close of 10 up to 20: 10.
    expect([atr.push(12, 8, 10), atr.push(20, 18, 19)]).toEqual([undefined, 7]);
  });
});
