import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Atr } from '../../engine/indicators/atr.ts';
import type { Candle, Day } from '../../engine/strategy.ts';
import { rsiStrength } from '../../strategies/rsi-strength.ts';
import { OriginFilters } from '../../strategies/rsi-strength-gates.ts';
import type { LineSettings } from '../../strategies/rsi-strength-lines.ts';
import { Divergence, StrengthLines } from '../../strategies/rsi-strength-lines.ts';
import { segmentSettings } from '../../strategies/rsi-strength-params.ts';
import { alike, anyWalk } from '../engine/indicators/series.ts';
import { strength, strengthDay, TO_CALL } from '../support/strength-day.ts';
import { referenceLines } from '../support/strength-reference.ts';
import { recordsOf, words } from '../support/tell.ts';

const SETTINGS: LineSettings = { rsiPeriod: 9, slow: 6, equality: 'carry', overnight: 'refused' };
const MONDAY = '2025-01-06' as Day;

describe('the lines', () => {
  test('begin with the second candle, volume strength with n values of the RSI, signals with nine and n candles', () => {
    const lines = new StrengthLines(SETTINGS);
    const told = TO_CALL.map((_, at) => {
      lines.push(23_000 + at, MONDAY);
      return [
        lines.rsi !== undefined,
        lines.priceStrength !== undefined,
        lines.volumeStrength !== undefined,
        lines.isReady,
      ];
    });
    const from = [0, 1, 2, 3].map((column) => told.findIndex((row) => row[column]));
    expect(from).toEqual([1, 1, 6, 14]);
  });

  test('are by hand: period 2, closes 100, 102, 101, 104', () => {
    // Gain 2, 1, 2; loss 0, 0.5, 0.25: RSI 100, 66.6667, 88.8889. Price strength 100, 83.3333, 86.1111. Weights 1, 2 of 3 over two:
    // (100 + 2 x 66.6667) / 3 = 77.7778; (66.6667 + 2 x 88.8889) / 3 = 81.4815.
    const lines = new StrengthLines({ ...SETTINGS, rsiPeriod: 2, slow: 2 });
    const told = [100, 102, 101, 104].map((close) => {
      lines.push(close, MONDAY);
      return [lines.rsi, lines.priceStrength, lines.volumeStrength].map((value) =>
        value === undefined ? null : Math.round(value * 1e4) / 1e4,
      );
    });
    expect(told).toEqual([
      [null, null, null],
      [100, 100, null],
      [66.6667, 83.3333, 77.7778],
      [88.8889, 86.1111, 81.4815],
    ]);
  });

  test('and their crosses agree with a second method on any walk over three days', () => {
    fc.assert(
      fc.property(anyWalk, fc.constantFrom(2, 9, 14), fc.constantFrom(6, 21), (closes, period, n) => {
        const candles = closes.map((close, at) => ({
          day: `2025-01-0${6 + (Math.floor(at / 40) % 3)}`,
          open: closes[at - 1] ?? close,
          close,
        }));
        const expected = referenceLines(candles, { period, n });
        const lines = new StrengthLines({ ...SETTINGS, rsiPeriod: period, slow: n });
        candles.forEach(({ close, day }, at) => {
          lines.push(close, day as Day);
          const other = expected[at];
          if (
            !(
              alike(lines.rsi, other?.rsi, 100) &&
              alike(lines.priceStrength, other?.fast, 100) &&
              alike(lines.volumeStrength, other?.slow, 100)
            )
          )
            expect.fail(`at ${at}: ${lines.rsi} ${lines.priceStrength} ${lines.volumeStrength}`);
          const cross = lines.cross === undefined ? undefined : lines.cross === 'up' ? 'CE' : 'PE';
          // Within a hair of a touch the two may call it differently.
          const apart = Math.abs((other?.fast ?? 0) - (other?.slow ?? 0));
          if (apart > 1e-8) expect(cross).toBe(other?.cross);
        });
      }),
      { numRuns: 100 },
    );
  });

  test('of a market without any move are 50', () => {
    const lines = new StrengthLines(SETTINGS);
    for (let at = 0; at < 20; at += 1) lines.push(23_000, MONDAY);
    expect([lines.rsi, lines.priceStrength, lines.volumeStrength, lines.side]).toEqual([50, 50, 50, 0]);
  });
});

describe('a divergence', () => {
  const settings = { bars: 2, apartMin: 3, apartMax: 30, within: 5 };
  const pushed = (rows: readonly (readonly [number, number])[], changes: Partial<typeof settings> = {}) => {
    const divergence = new Divergence({ ...settings, ...changes });
    return rows.map(([close, rsi]) => {
      divergence.push(close, rsi);
      return divergence.backs('bullish');
    });
  };
  // A low of 90 at RSI 30, five candles later one of 88 at RSI 35, confirmed two candles after it.
  const lower: [number, number][] = [
    [100, 50],
    [95, 40],
    [90, 30],
    [94, 40],
    [96, 45],
    [95, 44],
    [91, 38],
    [88, 35],
    [92, 42],
    [93, 44],
  ];

  test('is a lower low of the close at a higher RSI, known two candles later and good for five', () => {
    expect(pushed(lower)).toEqual([false, false, false, false, false, false, false, false, false, true]);
    const later = Array.from({ length: 7 }, (_, at): [number, number] => [94 + at, 45 + at]);
    expect(pushed([...lower, ...later]).slice(9)).toEqual([true, true, true, true, true, true, false, false]);
  });

  test('is none at a lower RSI, at a higher low, or with pivots too near or too far apart', () => {
    const with7 = (close: number, rsi: number) =>
      lower.map((row, at): [number, number] => (at === 7 ? [close, rsi] : row));
    expect(pushed(with7(88, 29)).includes(true)).toBe(false);
    expect(pushed(with7(90.5, 35)).includes(true)).toBe(false);
    expect(pushed(lower, { apartMin: 6 }).includes(true)).toBe(false);
    expect(pushed(lower, { apartMax: 4 }).includes(true)).toBe(false);
  });

  test('mirrors for a higher high at a lower RSI', () => {
    const divergence = new Divergence(settings);
    const told = lower.map(([close, rsi]) => {
      divergence.push(-close, 100 - rsi);
      return [divergence.backs('bullish'), divergence.backs('bearish')];
    });
    expect(told.at(-1)).toEqual([false, true]);
  });

  test('keeps unbacked crosses out where it is asked for', () => {
    const day = strengthDay({ moves: TO_CALL, cells: { '09:15': '22800CE 100' } });
    expect(words(strength(day, { divergence: true }))).toContain(
      '10:40:01.000 BUY_CE skipped: no bullish divergence behind the cross',
    );
  });
});

describe("the origin's filters", () => {
  const call = (params: Record<string, unknown>) => {
    const day = strengthDay({ moves: TO_CALL, cells: { '09:15': '22800CE 100' } });
    return words(strength(day, params))
      .split('\n')
      .find((line) => line.includes('BUY_CE'))
      ?.slice(13);
  };

  test('are off by default', () => {
    expect(call({})).toBe('BUY_CE taken');
  });

  // At the signal the RSI is 48.4606, the lines 42.1432 and 40.2257: 4.5500 % of the higher apart.
  test.for([
    [{ rsiCeMax: 48 }, 'BUY_CE skipped: RSI above 48'],
    [{ rsiCeMax: 49 }, 'BUY_CE taken'],
    [{ rsiPeMin: 99 }, 'BUY_CE taken'],
    [{ gapPctMin: 4.6 }, 'BUY_CE skipped: lines nearer than 4.6 %'],
    [{ gapPctMin: 4.5, gapPctMax: 4.6 }, 'BUY_CE taken'],
    [{ gapPctMax: 4.5 }, 'BUY_CE skipped: lines further apart than 4.5 %'],
    [{ atrRatioMin: 1 }, 'BUY_CE skipped: ATR ratio unknown'],
  ] as const)('%o: %s', ([params, line]) => {
    expect(call(params)).toBe(line);
  });

  test('of a put are the mirror', () => {
    const day = strengthDay({ moves: TO_CALL.map((move) => -move), cells: { '09:15': '23200PE 100' } });
    expect(words(strength(day, { rsiPeMin: 52 }))).toContain('BUY_PE skipped: RSI below 52');
    expect(words(strength(day, { rsiPeMin: 51 }))).toContain('BUY_PE taken');
  });

  test('compare the ATR with its mean of twenty', () => {
    const quiet = Array.from({ length: 40 }, (_, at): Candle => candleOf(23_000 + (at % 2), 10));
    const loud = [...quiet.slice(1), candleOf(23_000, 40)];
    const gate = (candles: readonly Candle[]) => {
      const filters = new OriginFilters({
        ...segmentSettings(rsiStrength.params.parse({ atrRatioMin: 1.05 }), 'NIFTY'),
      });
      for (const candle of candles) filters.push(candle, 50);
      return filters.gate('CE', new StrengthLines(SETTINGS));
    };
    // The last of fourteen ranges grows from 20 to 80: the mean of ranges from about 20.5 to 24.8, a fifth more; of twenty such means a hundredth.
    const atr = new Atr({ period: 14, mean: 'simple' });
    for (const { high, low, close } of loud) atr.push(high, low, close);
    expect(atr.value).toBeGreaterThan(24);
    expect([gate(quiet), gate(loud)]).toEqual(['ATR ratio below 1.05', undefined]);
  });

  /** One-minute days: each five-minute move in its first minute, or spread over all five. */
  const minutes = (spread: boolean) =>
    strengthDay({
      moves: TO_CALL.flatMap((move) =>
        spread ? [move / 5, move / 5, move / 5, move / 5, move / 5] : [move, 0, 0, 0, 0],
      ),
      cells: { '09:15': '22800CE 100 v1000', '10:38': '22800CE 100 v1000', '10:39': '22800CE 100 v1400' },
      everyMinutes: 1,
    });

  test('look at the same lines on one-minute candles', () => {
    // Spread out, the last five minutes all rise and price strength is above; in one jump four still minutes followed it.
    expect(words(strength(minutes(true), { minuteAgree: true }))).toContain('10:40:01.000 BUY_CE taken');
    expect(words(strength(minutes(true), { minuteSpeedMin: 0.5 }))).toContain('10:40:01.000 BUY_CE taken');
    expect(words(strength(minutes(true), { minuteSpeedMin: 50 }))).toContain(
      'BUY_CE skipped: one-minute speed below 50',
    );
    const fallen = minutes(true);
    const index = fallen.instruments.findIndex(({ kind }) => kind === 'index');
    const { columns, instruments } = fallen;
    // The same five-minute close, reached from above within the minutes.
    [36, 30, 24, 18].forEach((points, at) => {
      const cell = (80 + at) * instruments.length + index;
      columns.close[cell] = 2_288_000 + 3_000 + points * 100;
      columns.high[cell] = Math.max(columns.high[cell] ?? 0, columns.close[cell] ?? 0);
    });
    expect(words(strength(fallen, { minuteAgree: true }))).toContain(
      'BUY_CE skipped: one-minute lines on the other side',
    );
  });

  test('compare the volume of the option with its five minutes before', () => {
    expect(
      words(strength(withVolumes([1_000, 1_000, 1_000, 1_000, 1_000, 1_500]), { minuteVolumeMin: 1.5 })),
    ).toContain('10:40:01.000 BUY_CE taken');
    expect(
      words(strength(withVolumes([1_000, 1_000, 1_000, 1_000, 1_000, 1_499]), { minuteVolumeMin: 1.5 })),
    ).toContain('BUY_CE skipped: one-minute volume below 1.5 of the five before');
    expect(words(strength(withVolumes([1_000, -1, 1_000, 1_000, 1_000, 9_000]), { minuteVolumeMin: 1.5 }))).toContain(
      'BUY_CE skipped: one-minute volume unknown',
    );
  });

  /** Volumes of the six minutes up to 10:40. */
  function withVolumes(volumes: readonly number[]) {
    const day = minutes(true);
    const slot = day.instruments.findIndex(({ kind }) => kind === 'option');
    volumes.forEach((volume, at) => {
      day.columns.volume[(79 + at) * day.instruments.length + slot] = volume;
    });
    return day;
  }
});

test('every signal of a day is journaled with what it saw, taken or not', () => {
  // Crosses by the second method that came with the fifteenth candle or later, each once, by the start of its candle.
  const moves = Array.from({ length: 74 }, (_, at) => [12, -20, 9, 15, -30, 4, 22][(at * at + 3 * at) % 7] ?? 0);
  const day = strengthDay({ moves, cells: { '09:15': '22900CE 100 22900PE 100' } });
  let last = 23_000;
  const candles = moves.map((move) => {
    const open = last;
    last += move;
    return { day: '2025-01-06', open, close: last };
  });
  const expected = referenceLines(candles, { period: 9, n: 6 }).flatMap(({ cross }, at) =>
    cross === undefined || at < 14 ? [] : [`${clock(at)} BUY_${cross}`],
  );
  const told = recordsOf(strength(day, { reentryRule: 'cross', lotAddition: 0 }), 'signal').map(
    ({ name, seen }) => `${seen['candle']} ${name}`,
  );
  expect(expected.length).toBeGreaterThan(8);
  expect(told).toEqual(expected);
});

function clock(candle: number): string {
  const minutes = 555 + 5 * candle;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function candleOf(close: number, wing: number): Candle {
  return { start: 0 as Candle['start'], open: close, high: close + wing, low: close - wing, close, volume: -1, oi: -1 };
}
