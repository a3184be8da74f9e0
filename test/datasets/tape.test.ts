import { expect, test } from 'vitest';
import { UNKNOWN } from '../../engine/model/candle-frame.ts';
import { istTimeOf } from '../../engine/model/time.ts';
import { tape } from '../support/tape.ts';

/** Volume and open interest of one instrument by the start of its candles. */
function told(day: ReturnType<typeof tape>, kind: string, times: readonly string[]): (readonly number[])[] {
  const slot = day.instruments.findIndex((instrument) => instrument.kind === kind);
  return times.map((time) => {
    const cell = day.starts.findIndex((start) => istTimeOf(start as never) === time) * day.instruments.length + slot;
    return [day.columns.volume[cell] ?? 0, day.columns.oi[cell] ?? 0];
  });
}

test('a tape says open interest once, and it stands until something else is said', () => {
  const day = tape`
    2025-01-06 every 5m
    09:20 NIFTY 23000  FUT 23050 v500 oi12000  CE 100
    09:30 FUT 23060 oi12500
    09:40 FUT 23060 v0 oi?
  `;
  expect(told(day, 'future', ['09:15', '09:20', '09:25', '09:30', '09:35', '09:40', '09:45'])).toEqual([
    [1_000_000, UNKNOWN],
    [500, 12_000],
    [1_000_000, 12_000],
    [1_000_000, 12_500],
    [1_000_000, 12_500],
    [0, UNKNOWN],
    [1_000_000, UNKNOWN],
  ]);
  expect(told(day, 'option', ['09:20'])).toEqual([[1_000_000, UNKNOWN]]);
  expect(told(day, 'index', ['09:20'])).toEqual([[UNKNOWN, UNKNOWN]]);
});

test('a tape refuses units that are none', () => {
  expect(() => tape`09:20 NIFTY 23000 FUT 23050 oi1.5`).toThrow('a tape says oi500 or oi?, was "oi1.5"');
  expect(() => tape`09:20 NIFTY 23000 FUT 23050 v-5`).toThrow('a tape says v500 or v?, was "v-5"');
});
