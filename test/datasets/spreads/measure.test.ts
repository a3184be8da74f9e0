import { describe, expect, test } from 'vitest';
import { SPREAD_BANDS } from '../../../datasets/spreads/bands.ts';
import type { MeasuredCell } from '../../../datasets/spreads/measure.ts';
import { SpreadMeasure } from '../../../datasets/spreads/measure.ts';
import type { QuoteTape } from '../../../datasets/spreads/quote-tape.ts';
import { quoteTape } from '../../support/quote-tapes.ts';

function measured(...tapes: readonly QuoteTape[]): SpreadMeasure {
  const measure = new SpreadMeasure(SPREAD_BANDS);
  for (const tape of tapes) measure.add(tape);
  return measure;
}

/** The finest cells, each as its lower ends with its median in paise. */
function medians(...tapes: readonly QuoteTape[]): string[] {
  return measured(...tapes)
    .cells(1)
    .filter(({ minute }) => minute >= 0)
    .map((cell) => `${placeText(cell)}: ${cell.paise[1]}`);
}

function placeText({ daysToExpiry, moneyness, premium, minute }: MeasuredCell): string {
  const clock = ['open', '09:30', '12:00', '15:00'][minute] ?? 'all day';
  const rupees = (SPREAD_BANDS.premium[premium] ?? 0) / 100;
  const away = moneyness < 0 ? 'any' : `${(SPREAD_BANDS.moneyness[moneyness] ?? 0) / 100} %`;
  return `${SPREAD_BANDS.daysToExpiry[daysToExpiry]} days, ${away}, from ${rupees}, ${clock}`;
}

describe('a quote', () => {
  const tape = quoteTape(`
    10:00:00  24500 CE  100.00 100.20  24500
    10:00:30  24500 CE  100.00 100.40  24500
    10:01:00  24500 CE  100.00 101.00  24500
    10:02:30  24500 CE  100.00 0       24500
  `);

  test('counts for the time that it stood, a minute at most', () => {
    // Spreads of 20, 40 and 100 paise stood 30, 30 and (of 90) 60 seconds: a quarter of 120 s is reached by the first, a half by the
    // second, three quarters and nine tenths by the third. Half of them: 10, 20, 50. Of mids 100.10, 100.20 and 100.50 that is
    // 0.0999, 0.1996 and 0.4975 %.
    const [cell] = measured(tape).cells(1);
    expect(cell).toEqual({
      underlying: 'NIFTY',
      premium: 4,
      moneyness: 2,
      daysToExpiry: 1,
      minute: 1,
      quotes: 3,
      seconds: 120,
      contracts: 1,
      days: ['2025-08-29'],
      sources: ['hand-made quotes'],
      paise: [10, 20, 50, 50],
      pct: [0.1, 0.2, 0.498, 0.498],
    });
  });

  test('stands in its own cell, in that of all times and in that of every moneyness', () => {
    expect(
      measured(tape)
        .cells(1)
        .map((cell) => `${placeText(cell)} ${cell.paise.join(' ')}`),
    ).toEqual([
      '1 days, -1 %, from 100, 09:30 10 20 50 50',
      '1 days, -1 %, from 100, all day 10 20 50 50',
      '1 days, any, from 100, all day 10 20 50 50',
    ]);
  });

  test('ends with the session', () => {
    const late = quoteTape(`
      15:29:20  24500 CE  100.00 100.20  24500
      15:29:50  24500 CE  100.00 100.40  24500
    `);
    // 30 and 10 seconds.
    expect(measured(late).cells(1)[0]).toMatchObject({ quotes: 2, seconds: 40, paise: [10, 10, 10, 20] });
  });

  test('that is no market is left out, counted, and ends the one before it', () => {
    const faulty = quoteTape(`
      09:14:59  24500 CE  100.00 100.20  24500
      10:00:00  24500 CE  100.00 100.20  24500
      10:00:10  24500 CE  100.00 100.00  24500
      10:00:20  24500 CE  100.00 99.95   24500
      10:00:30  24500 CE  0      100.00  24500
      10:00:40  24500 CE  100.00 0       24500
      10:00:50  24500 CE  1.00   3.05    24500
      10:01:00  24500 CE  1.00   3.00    24500
      10:01:00  24500 CE  0.05   1.05    24500
      15:30:00  24500 CE  100.00 100.20  24500
    `);
    const measure = measured(faulty);
    expect(measure.counts).toEqual([
      {
        source: 'hand-made quotes',
        underlying: 'NIFTY',
        day: '2025-08-29',
        contracts: 1,
        quotes: 10,
        measured: 2,
        levelUnknown: 0,
        outside: 2,
        oneSided: 2,
        crossed: 2,
        stub: 1,
        replaced: 1,
      },
    ]);
    // 0.05 to 1.05 is wide, but no more than a rupee.
    expect(measure.cells(1).filter(({ minute }) => minute >= 0)).toMatchObject([
      { premium: 0, seconds: 60, paise: [50, 50, 50, 50] },
      { premium: 4, seconds: 10, paise: [10, 10, 10, 10] },
    ]);
  });

  test('of an unknown level stands in the cell of every moneyness alone', () => {
    const measure = measured(quoteTape('10:00:00  24500 CE  100.00 100.20'));
    expect(measure.counts).toMatchObject([{ measured: 1, levelUnknown: 1 }]);
    expect(measure.cells(1).map(placeText)).toEqual(['1 days, any, from 100, all day']);
  });
});

describe('a band', () => {
  test('of premium begins with its lower end, on the mid', () => {
    const text = (bid: string, ask: string) => quoteTape(`10:00:00  24500 CE  ${bid} ${ask}  24500`);
    expect(medians(text('99.85', '100.10'))).toEqual(['1 days, -1 %, from 50, 09:30: 12.5']);
    expect(medians(text('99.90', '100.10'))).toEqual(['1 days, -1 %, from 100, 09:30: 10']);
  });

  test('of moneyness counts a call upwards and a put downwards', () => {
    const at = (contract: string) => medians(quoteTape(`10:00:00  ${contract}  100.00 100.10  24000`));
    // One per cent of 24,000 is 240, three per cent 720.
    expect(at('24240 CE')).toEqual(['1 days, 1 %, from 100, 09:30: 5']);
    expect(at('24239 CE')).toEqual(['1 days, -1 %, from 100, 09:30: 5']);
    expect(at('23760 CE')).toEqual(['1 days, -1 %, from 100, 09:30: 5']);
    expect(at('23759 CE')).toEqual(['1 days, -3 %, from 100, 09:30: 5']);
    expect(at('24720 CE')).toEqual(['1 days, 3 %, from 100, 09:30: 5']);
    expect(at('23279 CE')).toEqual(['1 days, -100 %, from 100, 09:30: 5']);
    expect(at('23760 PE')).toEqual(['1 days, 1 %, from 100, 09:30: 5']);
    expect(at('24241 PE')).toEqual(['1 days, -3 %, from 100, 09:30: 5']);
  });

  test('of days counts calendar days, of time the minute', () => {
    const at = (clock: string, expiry: string) =>
      medians(quoteTape(`${clock}  24500 CE  100.00 100.10  24500`, '2025-08-29', expiry));
    expect(at('09:29:59', '2025-08-29')).toEqual(['0 days, -1 %, from 100, open: 5']);
    expect(at('09:30:00', '2025-08-30')).toEqual(['1 days, -1 %, from 100, 09:30: 5']);
    expect(at('11:59:59', '2025-09-05')).toEqual(['1 days, -1 %, from 100, 09:30: 5']);
    expect(at('12:00:00', '2025-09-06')).toEqual(['8 days, -1 %, from 100, 12:00: 5']);
    expect(at('15:00:00', '2025-10-14')).toEqual(['46 days, -1 %, from 100, 15:00: 5']);
  });
});

test('a cell with too few quotes is not told', () => {
  const text = (count: number) =>
    Array.from({ length: count }, (_, at) => `10:${String(at).padStart(2, '0')}:00  24500 CE  100.00 100.20  24500`);
  expect(measured(quoteTape(text(9).join('\n'))).cells(10)).toEqual([]);
  expect(measured(quoteTape(text(10).join('\n'))).cells(10)).toHaveLength(3);
});

test('days and contracts are counted once each, whatever the order in which they come', () => {
  const first = quoteTape('10:00:00  24500 CE  100.00 100.20  24500\n10:00:00  24500 PE  100.00 100.60  24500');
  const second = quoteTape('10:00:00  24500 CE  100.00 100.20  24500', '2025-08-28');
  const [cell] = measured(first, second).cells(1);
  // 20, 20 and 60 paise for a minute each.
  expect(cell).toMatchObject({ quotes: 3, seconds: 180, contracts: 2, days: ['2025-08-28', '2025-08-29'] });
  expect(cell?.paise).toEqual([10, 10, 30, 30]);
  expect(measured(second, first).cells(1)).toEqual(measured(first, second).cells(1));
});
