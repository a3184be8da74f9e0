import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readQuotes } from '../../adapters/spread-quotes.ts';
import { spreadsOf } from '../../datasets/reference-spreads.ts';
import { QUOTES_MIN, SPREAD_BANDS } from '../../datasets/spreads/bands.ts';
import { SpreadMeasure } from '../../datasets/spreads/measure.ts';
import type { SpreadFile, SpreadRow } from '../../datasets/spreads/spread-file.ts';
import { spreadFileOf, spreadFileText } from '../../datasets/spreads/spread-file.ts';
import { facts } from '../support/import-fixtures.ts';
import { repositoryRoot, requireShared } from '../support/require-tools.ts';

const text = readFileSync(join(repositoryRoot, 'datasets/reference/half-spreads.json'), 'utf8');
const file = JSON.parse(text) as SpreadFile;

const QUOTES = [
  'kite-full-ticks-2021-08-20',
  'kite-straddle-quotes-2026-01-29',
  'nse-chain-eod-json',
  'nse-chain-snapshots-2025-08',
  'upstox-full-ticks-2025-12-15',
] as const;

test('the table of half-spreads is what the recorded quotes give', { timeout: 240_000 }, async (ctx) => {
  const paths = QUOTES.map((folder) => requireShared(ctx, 'data', folder));
  const measure = new SpreadMeasure(SPREAD_BANDS);
  const notRead = await readQuotes({ paths, facts, take: (tape) => measure.add(tape) });
  const measured = spreadFileOf({
    bands: SPREAD_BANDS,
    quotesMin: QUOTES_MIN,
    cells: measure.cells(QUOTES_MIN),
    counts: measure.counts,
    notRead,
  });
  // Compared as a whole only here: a difference of 200,000 characters is no message.
  expect(measured.measured).toEqual(file.measured);
  expect(measured.rows.length).toBe(file.rows.length);
  expect(spreadFileText(measured) === text).toBe(true);
});

describe('the table of half-spreads', () => {
  test('tells NIFTY and BANKNIFTY near the money with the days that they were measured on', () => {
    const { table, days } = spreadsOf(file);
    expect(days.get('NIFTY')).toEqual(['2025-08-29']);
    expect(days.get('BANKNIFTY')).toHaveLength(18);
    expect(days.get('SENSEX')).toBeUndefined();
    // The week's contracts next to the money, 100 to 200 rupees: about a tenth of a per cent.
    for (const underlying of ['NIFTY', 'BANKNIFTY'] as const) {
      const [cell] = table.cells.filter(
        (one) =>
          one.underlying === underlying &&
          one.premium === 4 &&
          one.moneyness === 2 &&
          one.daysToExpiry === 1 &&
          one.minute === undefined,
      );
      expect(cell?.median).toBe(15);
    }
  });

  test('is what the README shows next to the money', () => {
    const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');
    const [, ...premiums] = (/^\| days to expiry .*$/m.exec(readme)?.[0] ?? '').split('|').map((text) => text.trim());
    const shown = [...readme.matchAll(/^\| (NIFTY|BANKNIFTY) (\d+)(?:-\d+)? +\|(.*)\|$/gm)].flatMap(
      ([, underlying, days, cells = '']) =>
        cells.split('|').map((cell, at) => `${underlying} ${days} ${premiums[at + 1]?.split(' ')[0]} ${cell.trim()}`),
    );
    const medianOf = (underlying: string, days: number, premium: number): string => {
      const row = file.rows.find(
        (one) =>
          one.underlying === underlying &&
          one.days === days &&
          one.premium === premium &&
          one.moneyness === -1 &&
          one.time === null,
      );
      return row === undefined ? 'empty' : String((row.paise[1] ?? 0) / 100);
    };
    const told = ['NIFTY', 'BANKNIFTY'].flatMap((underlying) =>
      [0, 1, 8, 15, 29].flatMap((days) =>
        [5, 20, 50, 100, 200, 400].map(
          (premium) => `${underlying} ${days} ${premium} ${medianOf(underlying, days, premium)}`,
        ),
      ),
    );
    expect(shown).toEqual(told);
  });

  test('never puts a wide cell beside a nearer one that has more quotes', () => {
    for (const row of file.rows) {
      const wider = file.rows.find((one) => isAround(one, row));
      if (row.moneyness !== null) expect(wider?.quotes ?? 0).toBeGreaterThanOrEqual(row.quotes);
    }
  });

  test.each([
    ['a row of no band', { premium: 7 }, /rows\.0 names no cell: 0 days, .* 7 rupees/],
    ['a time of day without a moneyness', { moneyness: null, time: '09:30' }, /rows\.0 names no cell/],
    ['falling quantiles', { paise: [5, 2.5, 5, 5] }, /rows\.0 must tell four quantiles that do not fall/],
    ['too few quotes', { quotes: 9 }, /rows\.0 tells of too few quotes/],
    ['no source', { source: '' }, /rows\.0 has no source/],
  ])('refuses %s', (_what, part, sentence) => {
    expect(() => spreadsOf(withFirst({ days: 0, ...part }))).toThrow(sentence);
  });

  test('refuses the same row twice and bands that do not rise', () => {
    const [first] = file.rows;
    expect(() => spreadsOf({ ...file, rows: [first, first] })).toThrow(/rows\.1 stands twice/);
    expect(() => spreadsOf({ ...file, bands: { ...file.bands, premium: [5, 0] } })).toThrow(
      'datasets/reference/half-spreads.json: bands.premium lower ends must rise',
    );
  });
});

function withFirst(part: Record<string, unknown>): unknown {
  return { ...file, rows: [{ ...file.rows[0], ...part }] };
}

/** Whether one row is the next wider one around another. */
function isAround(one: SpreadRow, row: SpreadRow): boolean {
  const same = one.underlying === row.underlying && one.days === row.days && one.premium === row.premium;
  return same && one.time === null && one.moneyness === (row.time === null ? null : row.moneyness);
}
