import { expect, test } from 'vitest';
import { levelsByMinute } from '../../../datasets/spreads/levels.ts';
import { quoteTape } from '../../support/quote-tapes.ts';

/** Rupees by clock of the minutes that have quotes. */
function levels(text: string, on = '2025-08-29', expiry = '2025-09-02'): Record<string, number> {
  const tape = quoteTape(text, on, expiry);
  const of = levelsByMinute(tape);
  const minutes = [...new Set([...tape.ms].map((ms) => Math.floor(ms / 60_000)))].sort((a, b) => a - b);
  return Object.fromEntries(
    minutes.map((at) => [`${Math.floor(at / 60)}:${String(at % 60).padStart(2, '0')}`, (of[at] ?? 0) / 100]),
  );
}

test('what the source states is the level, for five minutes', () => {
  expect(
    levels(`
      10:00:00  24500 CE  100.00 100.20  24510
      10:04:00  24500 CE  100.00 100.20
      10:05:00  24500 CE  100.00 100.20
    `),
  ).toEqual({ '10:00': 24_510, '10:04': 24_510, '10:05': 0 });
});

test('parity of mids is a forward, brought back to its day by 6.5 % a year', () => {
  // 24500 + 120.10 - 100.10 = 24520; less four days of carry, 24520 x 0.065 x 4 / 365 = 17.4663.
  expect(
    levels(`
      10:00:00  24500 CE  120.00 120.20
      10:00:30  24500 PE  100.00 100.20
    `),
  ).toEqual({ '10:00': 24_502.53 });
});

test('the five strikes with call and put nearest to each other speak, by their median', () => {
  // Forwards 24520, 24521, 24522, 24523, 24524, and far from the money 24600, on the expiry day itself.
  expect(
    levels(
      `
      10:00:00  24500 CE  119.90 120.10
      10:00:00  24500 PE  99.90 100.10
      10:00:00  24550 CE  99.90 100.10
      10:00:00  24550 PE  128.90 129.10
      10:00:00  24450 CE  149.90 150.10
      10:00:00  24450 PE  77.90 78.10
      10:00:00  24600 CE  79.90 80.10
      10:00:00  24600 PE  156.90 157.10
      10:00:00  24400 CE  189.90 190.10
      10:00:00  24400 PE  65.90 66.10
      10:00:00  24000 CE  609.90 610.10
      10:00:00  24000 PE  9.90 10.10
    `,
      '2025-09-02',
    ),
  ).toEqual({ '10:00': 24_522 });
});

test('without both sides at a strike, the missing one is read between its neighbours', () => {
  // Halfway between 400 and 100 on the logarithm is 200: 24500 + 200 - 150.
  expect(
    levels(
      `
      10:00:00  24400 CE  399.00 401.00
      10:00:00  24600 CE  99.00 101.00
      10:00:00  24500 PE  149.00 151.00
    `,
      '2025-09-02',
    ),
  ).toEqual({ '10:00': 24_550 });
});

test('one side alone tells nothing, and a stub or a mid of five minutes ago neither', () => {
  expect(
    levels(
      `
      10:00:00  24500 PE  99.00 101.00
      10:05:00  24500 CE  119.00 121.00
      10:06:00  24500 PE  20.00 180.00
      10:09:00  24500 PE  99.00 101.00
    `,
      '2025-09-02',
    ),
  ).toEqual({ '10:00': 0, '10:05': 0, '10:06': 0, '10:09': 24_520 });
});
