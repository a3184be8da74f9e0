import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readReference, referenceFolder } from '../../adapters/reference-files.ts';
import {
  indexOfKite,
  instrumentOfKite,
  kiteFutureSymbolOf,
  kiteKeyOf,
  kitePrefix,
  kiteSymbolOf,
  parseKiteSymbol,
} from '../../datasets/kite-symbols.ts';
import { instrumentKey, instrumentOfKey, isUnderlying, option, UNDERLYINGS } from '../../engine/model/instrument.ts';
import { day } from '../../engine/model/time.ts';
import { paise } from '../../engine/model/units.ts';
import { requireShared } from '../support/require-tools.ts';

const { contracts, kiteIndices } = readReference();

interface ExpiryLine {
  readonly expiry: string;
  readonly type: 'weekly' | 'monthly';
  readonly kitePrefix: string;
}
const expiryRows: Record<string, ExpiryLine[]> = JSON.parse(
  readFileSync(`${referenceFolder()}/expiries.json`, 'utf8'),
).rows;

function keyOf(symbol: string, on?: string): string | undefined {
  const found = instrumentOfKite(symbol, on === undefined ? { contracts } : { contracts, day: day(on) });
  return found === undefined ? undefined : instrumentKey(found);
}

describe('symbols', () => {
  test.each([
    ['NIFTY25O2025300CE', 'NIFTY 2025-10-20 25300 CE'],
    ['NIFTY25OCT25000CE', 'NIFTY 2025-10-28 25000 CE'],
    ['SENSEX2611483300CE', 'SENSEX 2026-01-14 83300 CE'],
    ['NIFTY2371317900PE', 'NIFTY 2023-07-13 17900 PE'],
    ['NIFTY23JUL20600CE', 'NIFTY 2023-07-27 20600 CE'],
    ['NIFTY24D1224000PE', 'NIFTY 2024-12-12 24000 PE'],
    ['NIFTY21N0317800CE', 'NIFTY 2021-11-03 17800 CE'],
    ['NIFTY2543024000CE', 'NIFTY 2025-04-30 24000 CE'],
    ['NIFTY25APR24000CE', 'NIFTY 2025-04-24 24000 CE'],
    ['BANKNIFTY2443048000CE', 'BANKNIFTY 2024-04-30 48000 CE'],
    ['BANKNIFTY2413145000PE', 'BANKNIFTY 2024-01-31 45000 PE'],
    ['BANKNIFTY24JAN45000PE', 'BANKNIFTY 2024-01-25 45000 PE'],
    ['SENSEX24O3180000PE', 'SENSEX 2024-10-31 80000 PE'],
    ['MIDCPNIFTY2412010500CE', 'MIDCPNIFTY 2024-01-20 10500 CE'],
    ['FINNIFTY2111416500CE', 'FINNIFTY 2021-01-14 16500 CE'],
    ['BANKEX2351950000PE', 'BANKEX 2023-05-19 50000 PE'],
    ['NIFTY31JUN25000CE', 'NIFTY 2031-06-24 25000 CE'],
    ['NIFTY25NOVFUT', 'NIFTY 2025-11-25 FUT'],
  ])('%s is %s, and back', (symbol, key) => {
    expect(keyOf(symbol)).toBe(key);
    const instrument = instrumentOfKey(key);
    if (instrument.kind === 'future') return expect(kiteFutureSymbolOf(instrument)).toBe(symbol);
    if (instrument.kind !== 'option') throw new Error(`${key} is no contract`);
    const type = /\d\d[A-Z]{3}\d+[CP]E$/.test(symbol) ? 'monthly' : 'weekly';
    return expect(kiteSymbolOf(instrument, type)).toBe(symbol);
  });

  test('of names with digits are read longest name first and belong to no index of ours', () => {
    expect(parseKiteSymbol('SENSEX5026AUG24000CE')).toEqual({
      name: 'SENSEX50',
      month: '2026-08',
      strike: 24_000,
      right: 'CE',
    });
    expect(parseKiteSymbol('NIFTYNXT5025JAN68000PE')).toEqual({
      name: 'NIFTYNXT50',
      month: '2025-01',
      strike: 68_000,
      right: 'PE',
    });
    expect(keyOf('SENSEX5026AUG24000CE')).toBeUndefined();
    expect(keyOf('NIFTYNXT5025JAN68000PE')).toBeUndefined();
  });

  test.each([
    'RELIANCE25OCT1400CE',
    'NIFTY 50',
    'NIFTYBEES',
    'NIFTY25XYZ24000CE',
    'NIFTY2523024000CE',
    'NIFTY25O20FUT',
    'NIFTY25OCT25000',
    '',
  ])('"%s" is no index contract', (symbol) => {
    expect(parseKiteSymbol(symbol)).toBeUndefined();
    expect(keyOf(symbol)).toBeUndefined();
  });

  test('of a monthly name the day that its contract had at the time', () => {
    expect(keyOf('NIFTY25SEP25000CE', '2025-07-31')).toBe('NIFTY 2025-09-25 25000 CE');
    expect(keyOf('NIFTY25SEP25000CE', '2025-08-01')).toBe('NIFTY 2025-09-30 25000 CE');
    expect(keyOf('MIDCPNIFTY2412210500CE', '2024-01-19')).toBe('MIDCPNIFTY 2024-01-22 10500 CE');
  });

  test('of spot indices have a blank and an exchange of their own', () => {
    expect(indexOfKite('NSE:NIFTY 50', kiteIndices)).toEqual({ kind: 'index', underlying: 'NIFTY' });
    expect(indexOfKite('NIFTY MID SELECT', kiteIndices)?.underlying).toBe('MIDCPNIFTY');
    expect(indexOfKite('INDIA VIX', kiteIndices)).toBeUndefined();
    const ask = (key: string) =>
      kiteKeyOf(instrumentOfKey(key), { contracts, indices: kiteIndices, day: day('2025-10-20') });
    expect(ask('BANKNIFTY')).toBe('NSE:NIFTY BANK');
    expect(ask('SENSEX')).toBe('BSE:SENSEX');
    expect(ask('NIFTY 2025-10-20 25300 CE')).toBe('NFO:NIFTY25O2025300CE');
    expect(ask('SENSEX 2025-10-30 83300 PE')).toBe('BFO:SENSEX25OCT83300PE');
    expect(ask('NIFTY 2025-10-28 FUT')).toBe('NFO:NIFTY25OCTFUT');
    expect(ask('NIFTY 2025-10-21 25300 CE')).toBeUndefined();
  });
});

describe('every expiry of the table', () => {
  test.each(UNDERLYINGS)('of %s begins as Kite writes it and reads back', (underlying) => {
    for (const row of expiryRows[underlying] ?? []) {
      const expiry = day(row.expiry);
      expect(kitePrefix({ name: underlying, expiry, type: row.type })).toBe(row.kitePrefix);
      const contract = option(underlying, expiry, paise(2_345_000), 'PE');
      expect(instrumentOfKite(kiteSymbolOf(contract, row.type), { contracts })).toEqual(contract);
    }
  });

  test('with any strike reads back', () => {
    const all = UNDERLYINGS.flatMap((underlying) => (expiryRows[underlying] ?? []).map((row) => ({ underlying, row })));
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.integer({ min: 1, max: 200_000 }),
        fc.constantFrom('CE', 'PE'),
        ({ underlying, row }, strike, right) => {
          const contract = option(underlying, day(row.expiry), paise(strike * 100), right);
          expect(instrumentOfKite(kiteSymbolOf(contract, row.type), { contracts })).toEqual(contract);
        },
      ),
    );
  });
});

describe('instrument files', () => {
  for (const [file, on] of [
    ['kite_instruments_bfo_2025-09.csv.gz', '2025-09-08'],
    ['kite_instruments_nfo_2025-11.csv.gz', '2025-11-24'],
    ['kite_instruments_nfo_bfo_2026-08-18.csv.gz', '2026-08-18'],
  ] as const) {
    test(`${file}: every symbol is read as its row says, and built the same`, (ctx) => {
      const rows = rowsOf(gunzipSync(readFileSync(requireShared(ctx, 'data', 'kite-instruments', file))).toString());
      const wrong = rows.filter((row) => {
        const found = instrumentOfKite(row.symbol, { contracts, day: day(on) });
        if (!isUnderlying(row.name)) return found !== undefined;
        const key =
          row.right === 'FUT'
            ? `${row.name} ${row.expiry} FUT`
            : `${row.name} ${row.expiry} ${row.strike} ${row.right}`;
        if (found === undefined || found.kind === 'index' || instrumentKey(found) !== key) return true;
        const fact = contracts.expiryFact({ underlying: row.name, expiry: found.expiry, day: day(on) });
        if (fact?.lotSize !== row.lot) return true;
        return found.kind === 'option'
          ? kiteSymbolOf(found, fact.type) !== row.symbol
          : kiteFutureSymbolOf(found) !== row.symbol;
      });
      expect(wrong).toEqual([]);
      expect(rows.filter((row) => isUnderlying(row.name)).length).toBeGreaterThan(1_500);
    });
  }
});

function rowsOf(csv: string) {
  return csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [, , symbol = '', name = '', , expiry = '', strike = '', , lot = '', right = ''] = line.trim().split(',');
      return { symbol, name: name.replaceAll('"', ''), expiry, strike: Number(strike), lot: Number(lot), right };
    });
}
