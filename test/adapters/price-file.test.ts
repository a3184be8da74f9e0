import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PriceFile, readPrices } from '../../adapters/price-file.ts';
import type { TradedPrices } from '../../engine/model/traded-prices.ts';
import { instant, MONDAY, TUESDAY } from '../support/journal-fixtures.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sim-prices-'));
  path = join(folder, 'prices.bin');
});
afterEach(() => rmSync(folder, { recursive: true }));

const CONTRACT = 'NIFTY 2025-01-09 24000 CE';

function threeMinutes(day: typeof MONDAY): TradedPrices {
  return {
    day,
    intervalMs: 60_000,
    starts: Float64Array.of(instant(day, '09:15:00'), instant(day, '09:16:00'), instant(day, '09:17:00')),
    levels: [{ underlying: 'NIFTY', close: Int32Array.of(2_400_000, 0, 2_400_505), rung: Uint8Array.of(1, 0, 2) }],
    premiums: [
      {
        contract: CONTRACT,
        high: Int32Array.of(10_100, 0, 9_990),
        low: Int32Array.of(9_900, 0, 9_800),
        close: Int32Array.of(10_000, 0, 9_850),
      },
    ],
  };
}

function written(...days: readonly TradedPrices[]): string {
  const file = new PriceFile(path);
  for (const day of days) file.add(day);
  return file.close();
}

test('gives the days and the hash of the file back', () => {
  const days = [threeMinutes(MONDAY), threeMinutes(TUESDAY)];
  const hash = written(...days);
  expect(readPrices(path)).toEqual({ days, hash });
  rmSync(path);
  expect(written(...days)).toBe(hash);
});

test('is an empty file for a run that traded nothing', () => {
  const hash = written();
  expect(readFileSync(path)).toHaveLength(0);
  expect(readPrices(path)).toEqual({ days: [], hash });
});

test('refuses a file that was cut, one that is none of ours, and a column of another length', () => {
  written(threeMinutes(MONDAY));
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length - 8));
  expect(() => readPrices(path)).toThrow('ends within 2025-01-06');
  writeFileSync(path, 'Date,Open\n1,2\n');
  expect(() => readPrices(path)).toThrow('is no price file');
  expect(() => readPrices(join(folder, 'absent'))).toThrow('does not exist');
  rmSync(path);
  const torn = { ...threeMinutes(MONDAY), starts: new Float64Array(2) };
  expect(() => new PriceFile(path).add(torn)).toThrow('a column has 3 rows, not 2');
});
