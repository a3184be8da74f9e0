import { expect, test } from 'vitest';
import { instrumentKey } from '../../../engine/model/instrument.ts';
import { day } from '../../../engine/model/time.ts';
import { facts } from '../../support/import-fixtures.ts';

test.each([
  ['BANKNIFTY13APR2333500CE', '2023-04-10', 'BANKNIFTY 2023-04-13 33500 CE'],
  ['BANKNIFTY23APR33500CE', '2023-04-10', 'BANKNIFTY 2023-04-27 33500 CE'],
  ['BANKNIFTY-I', '2023-04-10', 'BANKNIFTY 2023-04-27 FUT'],
  ['BANKNIFTY-II', '2023-04-10', 'BANKNIFTY 2023-05-25 FUT'],
  ['BANKNIFTY-III', '2023-04-10', 'BANKNIFTY 2023-06-29 FUT'],
  ['BANKNIFTY-I', '2023-04-28', 'BANKNIFTY 2023-05-25 FUT'],
  ['NIFTY2161715600CE', '2021-06-11', 'NIFTY 2021-06-17 15600 CE'],
  ['NIFTY25O0725000CE', '2025-10-06', 'NIFTY 2025-10-07 25000 CE'],
  ['NIFTY25OCT25000CE', '2025-10-06', 'NIFTY 2025-10-28 25000 CE'],
  ['NIFTY250703C25500', '2025-07-01', 'NIFTY 2025-07-03 25500 CE'],
  ['NIFTY250703P25500', '2025-07-01', 'NIFTY 2025-07-03 25500 PE'],
  ['SENSEX2591180300CE', '2025-09-04', 'SENSEX 2025-09-11 80300 CE'],
  ['SENSEX25SEP80500PE', '2025-09-04', 'SENSEX 2025-09-25 80500 PE'],
  ['NIFTY26JANFUT', '2025-10-29', 'NIFTY 2026-01-27 FUT'],
  ['NIFTY%2050', '2021-06-11', 'NIFTY'],
  ['NSE:NIFTY BANK', '2021-06-11', 'BANKNIFTY'],
  ['NIFTY1!', '2025-01-02', 'NIFTY 2025-01-30 FUT'],
  ['NIFTY 2025-01-30 23500 CE', '2025-01-02', 'NIFTY 2025-01-30 23500 CE'],
])('%s on %s is %s', (symbol, on, key) => {
  const meaning = facts.meaningOf(symbol, day(on));
  expect(meaning === undefined || meaning.kind === 'volatility' ? meaning : instrumentKey(meaning)).toBe(key);
});

test('the volatility index has daily values only', () => {
  expect(facts.meaningOf('INDIA%20VIX', day('2021-06-11'))).toEqual({ kind: 'volatility', name: 'INDIA VIX' });
});

test.each(['RELIANCE', 'NIFTYNXT5025JAN60000CE', 'NIFTY99ZZZ', ''])('"%s" is none of ours', (symbol) => {
  expect(facts.meaningOf(symbol, day('2025-01-02'))).toBeUndefined();
});
