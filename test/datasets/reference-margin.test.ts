import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { referenceFolder } from '../../adapters/reference-files.ts';
import { marginTablesOf } from '../../datasets/reference-margin.ts';
import { MarginFacts } from '../../engine/market/margin-facts.ts';
import { day } from '../../engine/model/time.ts';

const file = JSON.parse(readFileSync(join(referenceFolder(), 'margin.json'), 'utf8')) as Record<string, unknown>;
const facts = new MarginFacts(marginTablesOf(file));

describe('the rates of margins', () => {
  test('are those of the clearing corporation in early 2025', () => {
    expect(facts.on(day('2025-02-10'))).toEqual({
      pctMin: 9.3,
      longDatedPctMin: 17.7,
      sigmas: 6,
      volatilitySharePct: 25,
      volatilityPctMin: 4,
      extremeRanges: 2,
      extremeSharePct: 35,
      exposurePct: 2,
      calendarDivisor: 3,
      expiryDayPct: 2,
      legs: 'together',
      calendarPct: 1.75,
      expiringToday: 'stands-alone',
    });
  });

  test.each([
    ['2020-05-31', 'apart', 0, 'offsets'],
    ['2020-06-01', 'together', 0, 'offsets'],
    ['2024-11-19', 'together', 0, 'offsets'],
    ['2024-11-20', 'together', 2, 'offsets'],
    ['2025-02-09', 'together', 2, 'offsets'],
    ['2025-02-10', 'together', 2, 'stands-alone'],
    ['2026-11-20', 'together', 2, 'stands-alone'],
  ])('on %s: legs %s, %d %% on expiry day, what expires %s', (on, legs, expiryDayPct, expiringToday) => {
    expect(facts.on(day(on))).toMatchObject({ legs, expiryDayPct, expiringToday });
  });

  test('are verified until the last circular that was read', () => {
    expect(facts.verifiedUntil).toBe('2025-02-10');
  });

  test('reach back to the first day of the tables and no further', () => {
    expect(facts.on(day('2019-01-01')).pctMin).toBe(9.3);
    expect(() => facts.on(day('2018-12-31'))).toThrow('the rates of margins begin after 2018-12-31');
  });
});

describe('the file', () => {
  test('names the field at fault', () => {
    const rows = [{ from: '2019-01-01', pct: 101, sure: true, source: 'x' }];
    expect(() => marginTablesOf({ ...file, expiryDay: rows })).toThrow(
      'datasets/reference/margin.json: expiryDay.0.pct',
    );
    expect(() => marginTablesOf({ ...file, verifiedUntil: '2025-02-30' })).toThrow(
      'datasets/reference/margin.json: verifiedUntil a day reads YYYY-MM-DD',
    );
  });

  test('is refused when its rows do not rise', () => {
    const rows = (file as { expiryDay: object[] }).expiryDay.toReversed();
    expect(() => new MarginFacts(marginTablesOf({ ...file, expiryDay: rows }))).toThrow('dated rows must rise');
  });
});
