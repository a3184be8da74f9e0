import { expect, test } from 'vitest';
import { PriceRecord } from '../../cli/price-record.ts';
import type { JournalRecord } from '../../engine/journal.ts';
import { emptyDay } from '../../engine/model/candle-frame.ts';
import type { Instrument } from '../../engine/model/instrument.ts';
import { instrumentOfKey } from '../../engine/model/instrument.ts';
import type { TradedPrices } from '../../engine/model/traded-prices.ts';
import { instant, MONDAY } from '../support/journal-fixtures.ts';

const CALL = 'NIFTY 2025-01-09 24000 CE';
const PUT = 'NIFTY 2025-01-09 24000 PE';
const KEYS = ['NIFTY', CALL, PUT, 'NIFTY 2025-01-09 24500 CE'];
const MINUTES = 90;
const OPEN = instant(MONDAY, '09:15:00');

/** Slot s is at 1000 x (s + 1) + minute in every minute; the index is absent from minute 60 on, the put in minute 70. */
function day(): ReturnType<typeof emptyDay> {
  const instruments = KEYS.map(instrumentOfKey);
  const starts = Float64Array.from({ length: MINUTES }, (_, minute) => OPEN + minute * 60_000);
  const candles = emptyDay({ day: MONDAY, intervalMs: 60_000, instruments, starts });
  const { high, low, close, valid } = candles.columns;
  for (let cell = 0; cell < close.length; cell += 1) {
    const [minute, slot] = [Math.floor(cell / KEYS.length), cell % KEYS.length];
    if ((slot === 0 && minute >= 60) || (slot === 2 && minute === 70)) continue;
    close[cell] = 1_000 * (slot + 1) + minute;
    high[cell] = close[cell]! + 5;
    low[cell] = close[cell]! - 5;
    valid[cell] = 1;
  }
  return candles;
}

function fillOf(contract: string, at: string): readonly JournalRecord[] {
  return [
    { kind: 'order-placed', order: 7, contract },
    { kind: 'order-filled', fill: { order: 7, tsExchange: instant(MONDAY, at) } },
  ] as unknown as readonly JournalRecord[];
}

function recorded(carried: readonly Instrument[], records: readonly JournalRecord[]): TradedPrices | undefined {
  const put: TradedPrices[] = [];
  const record = new PriceRecord({ carryPerYear: 0, put: (prices) => put.push(prices) });
  record.beginDay(carried);
  for (const one of records) record.take(one);
  record.endDay(day(), instant(MONDAY, '15:30:00'));
  return put[0];
}

test('keeps what was filled from half an hour before its fill, and nothing else', () => {
  const prices = recorded([], fillOf(PUT, '10:00:20'));
  // The candle of 09:30 ends after 09:30:20, where the half hour begins.
  expect(prices?.starts[0]).toBe(instant(MONDAY, '09:30:00'));
  expect(prices?.starts).toHaveLength(75);
  expect(prices?.premiums.map(({ contract }) => contract)).toEqual([PUT]);
  const [put] = prices?.premiums ?? [];
  expect([put?.low[0], put?.close[0], put?.high[0]]).toEqual([3_010, 3_015, 3_020]);
  expect([put?.low[55], put?.close[55], put?.high[55]]).toEqual([0, 0, 0]);
});

test('keeps the level of the underlying and what it was taken from, moved like the engine moves it', () => {
  const [level] = recorded([], fillOf(CALL, '09:40:00'))?.levels ?? [];
  expect(level?.underlying).toBe('NIFTY');
  expect([level?.close[0], level?.rung[0]]).toEqual([1_000, 1]);
  // Parity is 24,000 + call - put, which never changes, so the index that went missing at 10:15 keeps its last level, 1059.
  expect([level?.close[60], level?.rung[60]]).toEqual([1_059, 2]);
  // Without the put there is no pair and no future: nobody knows.
  expect([level?.close[70], level?.rung[70]]).toEqual([0, 0]);
});

test('keeps what was carried in from the open, and no day on which nothing was held', () => {
  expect(recorded([instrumentOfKey(CALL)], [])?.starts).toHaveLength(MINUTES);
  expect(recorded([], [])).toBeUndefined();
});
