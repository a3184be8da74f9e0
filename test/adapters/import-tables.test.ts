import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CandleStore } from '../../adapters/candle-store.ts';
import { readDailyValues } from '../../adapters/daily-values.ts';
import { importInto, storedRows, temporaryFolder } from '../support/import-fixtures.ts';

const QUOTE = `underlying, kind, expiry, strike, "right", coalesce(ltp::VARCHAR, '?'), bid, ask, bid_quantity, ask_quantity,
  coalesce(volume::VARCHAR, '?'), coalesce(oi::VARCHAR, '?'), strftime(epoch_ms(ts + 19800000), '%H:%M:%S')`;

test('a saved option chain page becomes quotes, with contracts turned into units by their lot', async () => {
  const store = temporaryFolder();
  const { manifest } = await importInto(store, ['BANKNIFTY_chain_page.json']);
  expect(await storedRows(store, 'quotes', QUOTE)).toEqual([
    'BANKNIFTY option 2023-08-10 4500000 CE 20150 20100 20205 15 30 1500 150 14:53:38',
    'BANKNIFTY option 2023-08-10 4500000 PE 15000 14950 15050 15 30 750 300 14:53:38',
  ]);
  expect(manifest.sources[0]?.dropped).toEqual([{ what: 'neither price nor quote', rows: 1 }]);
});

test('lines of best bid and ask become quotes', async () => {
  const store = temporaryFolder();
  await importInto(store, ['quotes.jsonl']);
  expect(await storedRows(store, 'quotes', QUOTE)).toEqual([
    'BANKNIFTY option 2026-02-24 5970000 CE ? 105100 105330 120 30 ? ? 11:28:39',
    'BANKNIFTY option 2026-02-24 5970000 PE ? 76865 77060 60 90 ? ? 11:28:39',
  ]);
});

test('a bhavcopy keeps settlement, lots and volume in units; an untraded contract has no open', async () => {
  const store = temporaryFolder();
  const { manifest } = await importInto(store, ['bhavcopy.csv']);
  const rows = await storedRows(
    store,
    'daily/contracts',
    `day, underlying, kind, expiry, strike, "right", coalesce(open::VARCHAR, '?'), close, settlement, underlying_price, volume, oi, lot_size`,
  );
  expect(rows).toEqual([
    '2026-01-06 NIFTY future 2026-01-27 2620000 2624050 2624050 2617870 130000 130000 65',
    '2026-01-06 NIFTY option 2026-01-06 2600000 CE 15000 17900 2617870 2617870 65000 65000 65',
    '2026-01-06 NIFTY option 2026-01-13 3000000 CE ? 5 5 2617870 0 0 65',
  ]);
  expect(manifest.sources[0]?.dropped).toEqual([{ what: 'underlying that sim does not trade', rows: 1 }]);
});

test('the padded market report takes its day from the file name', async () => {
  const store = temporaryFolder();
  await importInto(store, ['op14112025.csv']);
  const rows = await storedRows(
    store,
    'daily/contracts',
    'day, underlying, expiry, strike, "right", open, close, volume, oi',
  );
  expect(rows).toEqual(['2025-11-14 BANKNIFTY 2025-11-25 4650000 PE 395 350 13965 74795']);
});

test('daily values come from index closes and daily candles, and from a bhavcopy where nothing else stands', async () => {
  const folder = temporaryFolder();
  await importInto(folder, ['ind_close_all_02012025.csv', 'VIX_day.csv', 'bhavcopy.csv']);
  const store = new CandleStore(folder);
  const of = async (name: 'NIFTY' | 'INDIA VIX'): Promise<string[]> => {
    const values = await readDailyValues({ store, name, folder: () => join(folder, 'cache'), threads: 2 });
    return values.map(({ day, close, from }) => `${day} ${close} ${from}`);
  };
  expect(await of('NIFTY')).toEqual(['2025-01-02 2418865 index', '2026-01-06 2617870 bhavcopy']);
  expect(await of('INDIA VIX')).toEqual(['2021-05-13 2075 index', '2021-05-14 2005 index', '2025-01-02 1374 index']);
  expect(await of('NIFTY')).toEqual(['2025-01-02 2418865 index', '2026-01-06 2617870 bhavcopy']);
});
