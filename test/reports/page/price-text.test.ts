import fc from 'fast-check';
import { expect, test } from 'vitest';
import { day } from '../../../engine/model/time.ts';
import { levelOf, levelText, premiumsOf, premiumText, spansOf } from '../../../reports/page/price-text.ts';

/** A minute of a premium: none, or a close with room above and below it, paise. */
const candle = fc.option(
  fc.record({ close: fc.integer({ min: 1, max: 9_000_000 }), up: fc.nat(100_000), down: fc.nat(5_000) }),
  { nil: null },
);

test('a level reads back as it was written, with its holes', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 1, max: 200_000_000 }), { nil: null })), (closes) => {
      const close = Int32Array.from(closes, (value) => value ?? 0);
      const text = levelText({ underlying: 'NIFTY', close, rung: new Uint8Array(close.length) });
      expect(levelOf(text)).toEqual(closes);
    }),
  );
});

test('a premium reads back as it was written, on the tick and off it', () => {
  fc.assert(
    fc.property(fc.array(candle), fc.constantFrom(1, 5), (candles, tick) => {
      const column = (of: (one: { close: number; up: number; down: number }) => number): Int32Array =>
        Int32Array.from(candles, (one) => (one === null ? 0 : tick * of(one)));
      const text = premiumText({
        contract: 'NIFTY 2025-01-09 24000 CE',
        close: column(({ close }) => close),
        high: column(({ close, up }) => close + up),
        low: column(({ close, down }) => close - down),
      });
      expect(premiumsOf(text)).toEqual(
        candles.map((one) =>
          one === null
            ? null
            : {
                close: tick * one.close,
                high: tick * (one.close + one.up),
                low: tick * (one.close - one.down),
              },
        ),
      );
    }),
  );
});

test('says which bytes stand for which prices', () => {
  // 100.00 is 2,000 ticks of 5 paise: zigzag 4,000, plus one 4,001 = 31 x 128 + 33, low group first: 161, 31. Then 0 for no price. Then
  // 99.90, two ticks lower: zigzag 3, plus one: 4.
  const close = Int32Array.of(10_000, 0, 9_990);
  const { unit, text, rungs } = levelText({ underlying: 'NIFTY', close, rung: Uint8Array.of(1, 0, 2) });
  expect([...Buffer.from(text, 'base64')]).toEqual([161, 31, 0, 4]);
  expect({ unit, rungs }).toEqual({
    unit: 5,
    rungs: [
      [1, 1],
      [0, 1],
      [2, 1],
    ],
  });
});

test('tells minutes as unbroken spans', () => {
  const starts = Float64Array.of(0, 60_000, 120_000, 600_000, 660_000);
  const prices = { day: day('2025-01-06'), intervalMs: 60_000, starts, levels: [], premiums: [] };
  expect(spansOf(prices)).toEqual([
    [0, 3],
    [600_000, 2],
  ]);
});
