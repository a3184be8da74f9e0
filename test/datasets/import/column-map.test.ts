import { expect, test } from 'vitest';
import { ColumnMap, missingColumns, presetOfMap } from '../../../datasets/import/column-map.ts';

const columns = { open: 'o', high: 'h', low: 'l', close: 'c' };

test('a map with date and time columns becomes a preset', () => {
  const map = ColumnMap.parse({
    time: { columns: ['date', 'time'], zone: 'UTC', label: 'end' },
    instrument: { symbol: 'NIFTY' },
    columns,
    interval: '5m',
  });
  expect(presetOfMap(map)).toMatchObject({
    stamp: { kind: 'text', columns: ['date', 'time'], zone: 'utc', date: 'year-first' },
    label: 'end',
    instrument: { kind: 'fixed', symbol: 'NIFTY' },
    priceUnit: 'rupees',
    volumeIs: 'auto',
    intervalMs: 300_000,
  });
  expect(missingColumns(presetOfMap(map), ['date', 'o', 'h', 'l'])).toEqual(['time', 'c']);
});

test.each([
  ['time in one column and in two', { time: { column: 't', columns: ['d', 't'] } }],
  ['an epoch in two columns', { time: { columns: ['d', 't'], format: 'epoch-s' } }],
  ['an instrument named twice', { instrument: { column: 's', symbol: 'NIFTY' } }],
  ['an interval that is none', { interval: 'fast' }],
  ['a field that nobody knows', { prices: 'rupees', colour: 'red' }],
])('%s is refused', (_, change) => {
  const good = { time: { column: 't' }, instrument: { column: 's' }, columns };
  expect(ColumnMap.safeParse(good).success).toBe(true);
  expect(ColumnMap.safeParse({ ...good, ...change }).success).toBe(false);
});
