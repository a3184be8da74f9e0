import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instrument } from '../../../engine/model/instrument.ts';
import { option, UNDERLYINGS } from '../../../engine/model/instrument.ts';
import type { MeasuredSpreads, SpreadCell } from '../../../engine/model/spreads.ts';
import { day } from '../../../engine/model/time.ts';
import type { Right } from '../../../engine/model/units.ts';
import { paise } from '../../../engine/model/units.ts';
import { CandleFillModel, DEFAULT_FILLS } from '../../../engine/venue/fill-model.ts';
import { SpreadTable } from '../../../engine/venue/spread-table.ts';

/** Premium from 0 and from 100.00; a per cent and more in the money, near, a per cent and more out; today and later; before and from 10:00. */
const BANDS: MeasuredSpreads['bands'] = {
  premium: [0, 10_000],
  moneyness: [-10_000, -100, 100],
  daysToExpiry: [0, 1],
  minute: [0, 600],
};

/** Near the money and a day or more before expiry, unless said otherwise. */
function cell(median: number, parts: Partial<SpreadCell> = {}): SpreadCell {
  return { underlying: 'NIFTY', premium: 1, moneyness: 1, daysToExpiry: 1, minute: 1, median, ...parts };
}

function contract(strike = 23_000, right: Right = 'CE'): Instrument {
  return option('NIFTY', day('2025-01-09'), paise(strike * 100), right);
}

interface Where {
  readonly instrument?: Instrument;
  readonly premium?: number;
  readonly daysToExpiry?: number;
  readonly level?: number;
  readonly minute?: number;
}

/** Half-spread in paise and where it comes from; by default of a call at the money, 150.00, two days before expiry, at 11:00. */
function answer(cells: readonly SpreadCell[], where: Where = {}): string {
  const table = new SpreadTable({ bands: BANDS, cells });
  const { instrument = contract(), premium = 15_000, daysToExpiry = 2, level = 2_300_000, minute = 660 } = where;
  const found = table.find({ instrument, daysToExpiry, level, minute }, premium);
  return found < 0 ? 'none' : `${table.halfSpreadOf(found)} ${table.sourceOf(found)}`;
}

describe('the cell of a fill', () => {
  test('gives its median up to a tick, and a tick at least', () => {
    expect(answer([cell(5)])).toBe('5 measured');
    expect(answer([cell(5.1)])).toBe('10 measured');
    expect(answer([cell(2.5)])).toBe('5 measured');
    expect(answer([cell(67.5)])).toBe('70 measured');
  });

  test('begins with the lower end of each band', () => {
    const cells = [cell(10)];
    expect(answer(cells, { premium: 10_000 })).toBe('10 measured');
    expect(answer(cells, { premium: 9_995 })).toBe('none');
    expect(answer(cells, { daysToExpiry: 1 })).toBe('10 measured');
    expect(answer(cells, { daysToExpiry: 0 })).toBe('none');
    expect(answer(cells, { minute: 600 })).toBe('10 measured');
    expect(answer(cells, { minute: 599 })).toBe('none');
  });

  test('counts a strike out of the money upwards for a call and downwards for a put', () => {
    const cells = [cell(10, { moneyness: 0 }), cell(20, { moneyness: 1 }), cell(30, { moneyness: 2 })];
    // One per cent of 23,000 is 230: that far out is out, that far in is still near.
    expect(answer(cells, { instrument: contract(23_230) })).toBe('30 measured');
    expect(answer(cells, { instrument: contract(23_229) })).toBe('20 measured');
    expect(answer(cells, { instrument: contract(22_770) })).toBe('20 measured');
    expect(answer(cells, { instrument: contract(22_769) })).toBe('10 measured');
    expect(answer(cells, { instrument: contract(22_770, 'PE') })).toBe('30 measured');
    expect(answer(cells, { instrument: contract(23_231, 'PE') })).toBe('10 measured');
  });

  test('gives way to all times of day, then to every moneyness, then to nothing', () => {
    const anyTime = cell(20, { minute: undefined });
    const anyMoneyness = cell(40, { minute: undefined, moneyness: undefined });
    expect(answer([anyMoneyness, anyTime, cell(10)])).toBe('10 measured');
    expect(answer([anyMoneyness, anyTime, cell(10, { minute: 0 })])).toBe('20 pooled');
    expect(answer([anyTime, anyMoneyness, cell(10, { moneyness: 0 })])).toBe('20 pooled');
    expect(answer([anyMoneyness, cell(10, { minute: 0 })])).toBe('40 pooled');
    expect(answer([cell(10, { minute: 0 })])).toBe('none');
  });

  test('of an unknown level is the one of every moneyness', () => {
    const cells = [cell(10), cell(40, { minute: undefined, moneyness: undefined })];
    expect(answer(cells, { level: 0 })).toBe('40 pooled');
    expect(answer([cell(10)], { level: 0 })).toBe('none');
  });

  test('answers for no other underlying and for no future', () => {
    const sensex = option('SENSEX', day('2025-01-09'), paise(2_300_000), 'CE');
    expect(answer([cell(10)], { instrument: sensex })).toBe('none');
    const future: Instrument = { kind: 'future', underlying: 'NIFTY', expiry: day('2025-01-30') };
    expect(answer([cell(10)], { instrument: future })).toBe('none');
  });
});

describe('a fill', () => {
  const spreads = new SpreadTable({ bands: BANDS, cells: [cell(67.5)] });
  const path = (price: number) => ({ from: price, rise: 0, elapsed: 0, span: 1 });
  const place = { instrument: contract(), daysToExpiry: 2, level: 2_300_000, minute: 660 };

  test('pays the measured half-spread where there is one and says so', () => {
    const model = new CandleFillModel(DEFAULT_FILLS, spreads);
    // 150.00 + 0.70 + a tick of slippage.
    expect(model.taken('BUY', path(15_000), place)).toMatchObject({
      price: 15_075,
      steps: { halfSpread: 70, spread: 'measured' },
    });
  });

  test('pays the assumed one where there is none', () => {
    const model = new CandleFillModel(DEFAULT_FILLS, spreads);
    // 0.25 % of 50.00 is 0.125, up to a tick 0.15.
    expect(model.taken('SELL', path(5_000), place)).toMatchObject({
      price: 4_980,
      steps: { halfSpread: 15, spread: 'assumed' },
    });
  });

  test('pays a whole tick or more in every place of every table', () => {
    const places = fc.record({ premium: fc.nat(1), moneyness: fc.option(fc.nat(2), { nil: undefined }) });
    const cells = fc.array(
      fc.record({
        at: places,
        underlying: fc.constantFrom(...UNDERLYINGS),
        daysToExpiry: fc.nat(1),
        minute: fc.option(fc.nat(1), { nil: undefined }),
        median: fc.double({ min: 0, max: 1e6, noNaN: true }),
      }),
    );
    const where = fc.record({
      strike: fc.integer({ min: 1, max: 300_000 }),
      right: fc.constantFrom('CE' as const, 'PE' as const),
      daysToExpiry: fc.nat(2_000),
      level: fc.nat(30_000_000),
      minute: fc.nat(1_439),
      premium: fc.integer({ min: 5, max: 10_000_000 }),
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
    });
    fc.assert(
      fc.property(cells, where, (measured, { strike, right, premium, side, ...rest }) => {
        const table = measured.map(({ at, ...one }) => ({ ...one, ...at }));
        const model = new CandleFillModel(DEFAULT_FILLS, new SpreadTable({ bands: BANDS, cells: table }));
        const { price, steps } = model.taken(side, path(premium), { ...rest, instrument: contract(strike, right) });
        expect(steps.halfSpread).toBeGreaterThanOrEqual(5);
        expect(steps.halfSpread % 5).toBe(0);
        expect(price).toBeGreaterThanOrEqual(5);
        expect(price % 5).toBe(0);
        expect(['measured', 'pooled', 'assumed']).toContain(steps.spread);
      }),
    );
  });
});
