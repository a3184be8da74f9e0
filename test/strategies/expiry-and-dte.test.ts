import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Day } from '../../engine/strategy.ts';
import { dteTable, refusalOfTable, rowOn } from '../../strategies/dte-table.ts';
import { choiceOn, choicesOf, expiryParams } from '../../strategies/expiry-choice.ts';

const on = (text: string) => text as Day;
const Params = z.strictObject(expiryParams);

test('one choice holds on every day where nothing else is said', () => {
  const rule = Params.parse({});
  expect(rule).toEqual({ expiry: 'nearest' });
  expect(choiceOn(on('2025-01-06'), rule)).toBe('nearest');
  expect(choicesOf(rule)).toEqual(['nearest']);
});

test('weekdays may have another: the sixth of January 2025 was a Monday', () => {
  const rule = Params.parse({ expiry: 'monthly', expiryByWeekday: { Mon: 'next', Fri: 'nearest' } });
  const days = ['2025-01-06', '2025-01-07', '2025-01-09', '2025-01-10', '2025-01-11', '2025-01-12', '2025-01-13'];
  expect(days.map((each) => choiceOn(on(each), rule))).toEqual([
    ...['next', 'monthly', 'monthly', 'nearest', 'monthly', 'monthly', 'next'],
  ]);
  expect(choicesOf(rule)).toEqual(['monthly', 'next', 'nearest']);
  expect(choicesOf(Params.parse({ expiryByWeekday: { Tue: 'nearest', Wed: 'next', Thu: 'next' } }))).toEqual([
    ...['nearest', 'next'],
  ]);
});

test.for([{ expiry: 'weekly' }, { expiryByWeekday: { Monday: 'next' } }, { expiryByWeekday: { Mon: 'soon' } }])(
  'an expiry of %o is refused',
  (params) => {
    expect(() => Params.parse(params)).toThrow();
  },
);

const Table = dteTable({ pct: z.number() });
const table = Table.parse([
  { maxDte: 0, pct: 1 },
  { maxDte: 2, pct: 2 },
  { maxDte: 6, pct: 3 },
]);

test.for([
  ['2025-01-09', '2025-01-09', 1],
  ['2025-01-08', '2025-01-09', 2],
  ['2025-01-07', '2025-01-09', 2],
  ['2025-01-06', '2025-01-09', 3],
  ['2025-01-03', '2025-01-09', 3],
  ['2025-01-02', '2025-01-09', undefined],
  ['2024-12-31', '2025-01-02', 2],
] as const)('on %s for %s the row is that of %s', ([day, expiry, pct]) => {
  expect(rowOn(table, on(day), on(expiry))?.pct).toBe(pct);
});

test('rows rise', () => {
  expect(refusalOfTable('legsByDte', table)).toBeUndefined();
  expect(refusalOfTable('legsByDte', [{ maxDte: 3 }, { maxDte: 3 }])).toBe(
    'parameter legsByDte must have rows of rising maxDte, was 3 after 3',
  );
  expect(refusalOfTable('legsByDte', [{ maxDte: 1 }, { maxDte: 7 }, { maxDte: 6 }])).toBe(
    'parameter legsByDte must have rows of rising maxDte, was 6 after 7',
  );
});

test.for([[], [{ maxDte: -1, pct: 1 }], [{ maxDte: 1.5, pct: 1 }], [{ maxDte: 1 }], [{ maxDte: 1, pct: 1, more: 1 }]])(
  'a table of %o is refused',
  (rows) => {
    expect(() => Table.parse(rows)).toThrow();
  },
);
