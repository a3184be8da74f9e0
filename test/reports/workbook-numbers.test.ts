import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numberText } from '../../reports/workbook/number-text.ts';

test('writes the digits of a number, without zeros at the end', () => {
  expect(
    [0, -0, 7, -12.5, 0.05, 1_000.001, 62.176_552, 45_663.388_888_889, 9_007_199, 1e9, 0.1 + 0.2].map(numberText),
  ).toEqual([
    '0',
    '0',
    '7',
    '-12.5',
    '0.05',
    '1000.001',
    '62.176552',
    '45663.388888889',
    '9007199',
    '1000000000',
    '0.30000000000000004',
  ]);
});

test('writes what reads back as the same number', () => {
  const cents = fc.integer({ min: -(10 ** 13), max: 10 ** 13 }).map((fine) => fine / 1_000_000);
  const any = fc.oneof(cents, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  fc.assert(
    fc.property(any, (value) => {
      expect(Number(numberText(value))).toBe(value + 0);
      expect(numberText(value)).toMatch(/^-?\d+(?:\.\d*[1-9])?(?:e[+-]\d+)?$|e/);
    }),
    { numRuns: 2_000 },
  );
});

test('refuses what a cell cannot hold', () => {
  expect(() => numberText(Number.NaN)).toThrow('a cell cannot hold NaN');
});
