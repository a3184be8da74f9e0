import fc from 'fast-check';
import { expect, test } from 'vitest';
import { moneyText, nearestPaisa, shortMoneyText } from '../../reports/money-text.ts';
import { cases } from '../support/soak.ts';

const intl = new Intl.NumberFormat('en-IN', { style: 'currency', currency: 'INR', minimumFractionDigits: 2 });

test('groups any whole number of paise up to 10^15 as Intl does for India', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(10 ** 15), max: 10 ** 15 }), (paise) => {
      // Text, since a quotient by 100 is not exact and Intl takes decimal strings as they are.
      const digits = String(Math.abs(paise)).padStart(3, '0');
      const decimal = `${paise < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}` as `${number}`;
      expect(moneyText(paise, { sign: '₹' })).toBe(intl.format(decimal));
    }),
    { numRuns: cases({ ci: 2_000, soak: 200_000 }) },
  );
});

test('keeps the sign of losses and of gains where asked, and gives zero none', () => {
  expect(moneyText(-12_345_605, { sign: '₹' })).toBe('-₹1,23,456.05');
  expect(moneyText(12_345_605, { sign: 'Rs ', plus: true })).toBe('+Rs 1,23,456.05');
  expect(moneyText(0, { sign: '₹', plus: true })).toBe('₹0.00');
  expect(moneyText(-49, { sign: '₹', paise: false })).toBe('₹0');
  expect(moneyText(-50, { sign: '₹', paise: false })).toBe('-₹1');
});

test('says lakhs and crores in tiles', () => {
  expect(shortMoneyText(-9_999_999, { sign: '₹' })).toBe('-₹1,00,000');
  expect(shortMoneyText(12_345_678, { sign: '₹' })).toBe('₹1.23 L');
  expect(shortMoneyText(-4_560_000_000, { sign: '₹' })).toBe('-₹4.56 Cr');
});

test('rounds fine paise half away from zero, alike for loss and gain', () => {
  expect([14_999, 15_000, -14_999, -15_000, -1].map(nearestPaisa)).toEqual([1, 2, -1, -2, 0]);
});
