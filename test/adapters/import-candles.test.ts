import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { CandleStore } from '../../adapters/candle-store.ts';
import { Duck } from '../../adapters/duckdb.ts';
import { Manifest } from '../../datasets/manifest.ts';
import { facts, fixture, importInto, storedCandles, temporaryFolder } from '../support/import-fixtures.ts';

test('a chain with running volume is differenced, repaired and freed of rows that say nothing', async () => {
  const store = temporaryFolder();
  const { manifest } = await importInto(store, ['chain-running-volume.csv']);
  expect(await storedCandles(store)).toMatchInlineSnapshot(`
    [
      "1m 2023-04-10 09:15 BANKNIFTY future 2023-04-27 4000000 4002000 3999000 4001000 100 1000",
      "1m 2023-04-10 09:15 BANKNIFTY option 2023-04-13 4000000 CE 10400 10500 10000 10400 500 25000",
      "1m 2023-04-10 09:16 BANKNIFTY option 2023-04-13 4000000 CE 10400 10700 10300 10600 300 25000",
      "1m 2023-04-10 09:17 BANKNIFTY option 2023-04-13 4000000 CE 10600 10600 10600 10600 0 ?",
      "1m 2023-04-10 09:18 BANKNIFTY option 2023-04-13 4000000 CE 10600 10800 10500 10800 400 25100",
      "1m 2023-04-10 09:19 BANKNIFTY option 2023-04-13 4000000 CE 10900 11100 10900 11000 300 25100",
      "1m 2023-04-10 09:20 BANKNIFTY option 2023-04-13 4000000 CE 11000 11100 10950 11050 400 25100",
      "1m 2023-04-10 09:21 BANKNIFTY option 2023-04-13 4000000 CE 11050 11100 11000 11050 400 25200",
      "1m 2023-04-10 09:23 BANKNIFTY option 2023-04-13 4000000 CE 11050 11250 11000 11200 400 25200",
      "1m 2023-04-10 09:24 BANKNIFTY option 2023-04-13 4000000 CE 11200 11250 11100 11150 100 0",
      "1m 2023-04-10 09:25 BANKNIFTY option 2023-04-13 4000000 CE 11150 11200 11100 11150 300 25300",
    ]
  `);
  const [source] = manifest.sources;
  expect(source).toMatchObject({ rows: 17, kept: 11, interval: '1m' });
  expect(source?.dropped).toEqual([
    { what: 'all prices 0: not traded yet', rows: 2 },
    { what: 'outside the session', rows: 2 },
    { what: 'close, high or low empty or 0', rows: 1 },
    { what: 'symbol not understood', rows: 1 },
  ]);
  expect(source?.repaired).toEqual([
    { what: 'open 0 or empty: previous close of the day, held within low and high', rows: 2 },
    { what: 'high or low did not contain open and close: widened', rows: 1 },
  ]);
  expect(source?.notes).toEqual([
    '1 filler candles (no trade, last price repeated) kept with volume 0',
    'volume is a running total of the day: turned into differences',
    '1 symbols not understood, such as RELIANCE-I',
  ]);
});

describe('cells that are not numbers or times, and symbols with spaces around them,', () => {
  const head = 'Symbol,Date,Time,Open,Low,Close,High,Volume,Open Interest';
  const row = (clock: string, price: string, symbol = 'BANKNIFTY13APR2340000CE'): string =>
    `${symbol},2023-04-10,${clock},${price},${price},${price},${price},75,1500`;
  const good = [row('09:15:00', '104.5'), row('09:16:00', '105'), row('09:17:00', '106')];
  const kept = (clock: string, paise: number): string =>
    `1m 2023-04-10 ${clock} BANKNIFTY option 2023-04-13 4000000 CE ${paise} ${paise} ${paise} ${paise} 75 1500`;
  const first = [kept('09:15', 10_450), kept('09:16', 10_500), kept('09:17', 10_600)];

  test.each([
    ['do no harm where there are none', [], []],
    ['make their own row unreadable: a price', [row('09:18:00', 'n/a')], []],
    ['make their own row unreadable: a time', [row('9 o clock', '107')], []],
    ['are read where they mean something: an offset', [row('09:18:00+05:30', '107')], [kept('09:18', 10_700)]],
    [
      'are read where they mean something: spaces',
      [row(' 09:18:00', ' 107 ', ' BANKNIFTY13APR2340000CE ')],
      [kept('09:18', 10_700)],
    ],
    ['come twice: the later row holds', [row('09:17:00', '107')], [kept('09:17', 10_700)]],
  ] as const)('%s', async (_what, more, told) => {
    const folder = temporaryFolder();
    const file = join(folder, 'candles.csv');
    writeFileSync(file, `${[head, ...good, ...more].join('\n')}\n`);
    const store = join(folder, 'store');
    await importInto(store, [file]);
    const last = told.at(-1);
    const expected =
      last?.startsWith('1m 2023-04-10 09:17') === true ? [...first.slice(0, 2), last] : [...first, ...told];
    expect(await storedCandles(store)).toEqual(expected);
  });
});

test('stamps that are ends of candles move to their starts', async () => {
  const store = temporaryFolder();
  const { manifest } = await importInto(store, ['NIFTY_end_labels.csv']);
  expect(await storedCandles(store)).toEqual([
    '1m 2025-01-02 09:15 NIFTY index 10000 10100 9900 10050 ? ?',
    '1m 2025-01-02 09:16 NIFTY index 10100 10200 10000 10150 ? ?',
    '1m 2025-01-02 09:17 NIFTY index 10200 10300 10100 10250 ? ?',
    '1m 2025-01-02 15:28 NIFTY index 10300 10400 10200 10350 ? ?',
    '1m 2025-01-02 15:29 NIFTY index 10400 10500 10300 10450 ? ?',
  ]);
  expect(manifest.sources[0]?.stamps).toBe('timestamp: India time, end of the candle');
});

test('epoch seconds and chart symbols are read', async () => {
  const store = temporaryFolder();
  await importInto(store, ['chart-epoch.csv']);
  expect(await storedCandles(store)).toEqual([
    '1m 2025-07-01 09:15 NIFTY index 2550000 2551000 2549000 2550500 ? ?',
    '1m 2025-07-01 09:15 NIFTY option 2025-07-03 2550000 CE 10005 10100 9900 10050 ? ?',
    '1m 2025-07-01 09:16 NIFTY index 2550500 2551500 2550000 2551000 ? ?',
    '1m 2025-07-01 09:16 NIFTY option 2025-07-03 2550000 PE 9500 9600 9400 9525 ? ?',
  ]);
});

test('bars after the close are dropped and counted', async () => {
  const store = temporaryFolder();
  const { manifest } = await importInto(store, ['NIFTY_minute.csv']);
  expect(manifest.sources[0]?.dropped).toEqual([{ what: 'outside the session', rows: 2 }]);
  expect(await storedCandles(store)).toHaveLength(3);
});

test('columns in odd order and a symbol in the file name are understood', async () => {
  const store = temporaryFolder();
  await importInto(store, ['SENSEX2591180500CE_2025-09-02.csv']);
  expect(await storedCandles(store)).toEqual([
    '3m 2025-09-02 09:15 SENSEX option 2025-09-11 8050000 CE 51995 55650 50965 53800 3920 ?',
    '3m 2025-09-02 09:18 SENSEX option 2025-09-11 8050000 CE 53800 55370 53800 54000 0 ?',
  ]);
});

test('snapshots in UTC become candles that know one price, without the stale first one', async () => {
  const store = temporaryFolder();
  const { manifest } = await importInto(store, ['banknifty_ltp_oi_5min.json']);
  expect(await storedCandles(store)).toEqual([
    '5m 2022-03-28 09:15 BANKNIFTY option 2022-03-31 3450000 CE 47050 47050 47050 47050 ? 25000',
    '5m 2022-03-28 09:15 BANKNIFTY option 2022-03-31 3450000 PE 48050 48050 48050 48050 ? 25000',
    '5m 2022-03-28 09:25 BANKNIFTY option 2022-03-31 3450000 CE 46500 46500 46500 46500 ? 25000',
    '5m 2022-03-28 09:25 BANKNIFTY option 2022-03-31 3450000 PE 47500 47500 47500 47500 ? 25000',
  ]);
  expect(manifest.sources[0]?.dropped).toEqual([
    { what: 'first snapshot of the day: still the last prices of the session before', rows: 2 },
    { what: 'price 0: not traded yet', rows: 2 },
    { what: 'taken before the first candle could end, or outside the session', rows: 2 },
  ]);
});

test('values by the second become candles of a minute without the pre-open', async () => {
  const store = temporaryFolder();
  const { manifest } = await importInto(store, ['nifty_1s_2022-10-10.csv']);
  expect(await storedCandles(store)).toEqual([
    '1m 2022-10-10 09:15 NIFTY index 1720000 1721000 1720000 1720500 ? ?',
    '1m 2022-10-10 09:16 NIFTY index 1720600 1720600 1720600 1720600 ? ?',
    '1m 2022-10-10 15:29 NIFTY index 1730005 1730005 1730005 1730005 ? ?',
  ]);
  expect(manifest.sources[0]?.dropped).toEqual([
    { what: 'before the open', rows: 2 },
    { what: 'outside the session', rows: 2 },
  ]);
});

test('overlapping files agree on one row, and the later file holds where they differ', async () => {
  const store = temporaryFolder();
  const { changes, manifest } = await importInto(store, ['overlap-b.csv', 'overlap-a.csv']);
  expect(changes).toMatchObject({ added: 3, overlapping: 1, conflicting: 1 });
  expect(manifest.sources[1]?.dropped).toEqual([{ what: 'the same row twice in the file', rows: 1 }]);
  expect(await storedCandles(store)).toEqual([
    '1m 2021-06-11 09:15 NIFTY option 2021-06-17 1570000 CE 10000 10200 9900 10100 50 ?',
    '1m 2021-06-11 09:16 NIFTY option 2021-06-17 1570000 CE 10100 10300 10000 10250 75 ?',
    '1m 2021-06-11 09:17 NIFTY option 2021-06-17 1570000 CE 10250 10400 10100 10300 100 ?',
  ]);
});

test('the order in which paths are named changes nothing', async () => {
  const [one, other] = [temporaryFolder(), temporaryFolder()];
  await importInto(one, ['overlap-a.csv', 'overlap-b.csv'], { threads: 1 });
  await importInto(other, ['overlap-b.csv', 'overlap-a.csv'], { threads: 8 });
  expect(await storedCandles(other)).toEqual(await storedCandles(one));
});

test('importing again adds nothing, and a differing row is a reported correction', async () => {
  const store = temporaryFolder();
  await importInto(store, ['overlap-a.csv']);
  const again = await importInto(store, ['overlap-a.csv']);
  expect(again.changes).toMatchObject({ added: 0, corrected: 0, unchanged: 2, partitions: 0 });
  expect(again.manifestPath).toBeUndefined();
  const differing = await importInto(store, ['overlap-b.csv']);
  expect(differing.changes).toMatchObject({ added: 1, corrected: 1, unchanged: 0, partitions: 1 });
  expect(differing.changes.examples).toEqual([
    '1m NIFTY 2021-06-11 1623383160000 option 2021-06-17 1570000 CE close 10200 -> 10250',
  ]);
});

test('each import leaves a manifest with its sources, reasons and hashes', async () => {
  const store = temporaryFolder();
  const { manifest, manifestPath } = await importInto(store, ['chain-running-volume.csv']);
  const written = Manifest.parse(JSON.parse(readFileSync(manifestPath ?? '', 'utf8')));
  expect(written).toEqual(manifest);
  expect(written.sources[0]).toMatchObject({
    file: 'chain-running-volume.csv',
    first: '2023-04-10 09:15:00.000',
    last: '2023-04-10 09:25:00.000',
    stamps: 'Date + Time: India time, start of the candle',
  });
  expect(written.sources[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
});

test('rows whose manifest was lost get it at the next import', async () => {
  const store = temporaryFolder();
  await importInto(store, ['overlap-a.csv']);
  rmSync(join(store, 'imports'), { recursive: true });
  const again = await importInto(store, ['overlap-a.csv']);
  expect(again.changes).toMatchObject({ added: 0, unchanged: 2 });
  expect(existsSync(again.manifestPath ?? '')).toBe(true);
});

test('a map reads columns of any name, prices in paise and epoch milliseconds', async () => {
  const store = temporaryFolder();
  await importInto(store, ['mapped.csv'], { map: 'map.yaml' });
  expect(await storedCandles(store)).toEqual([
    '1m 2024-01-02 09:15 NIFTY option 2024-01-04 2170000 CE 10000 10100 9900 10050 75 ?',
    '1m 2024-01-02 09:16 NIFTY option 2024-01-04 2170000 CE 10050 10150 10000 10100 150 ?',
  ]);
});

test('a map for other columns is refused by name', async () => {
  const importing = importInto(temporaryFolder(), ['overlap-a.csv'], { map: 'map.yaml' });
  await expect(importing).rejects.toThrow(/has no column when, what, o, h, l, c, q of the map/);
});

test('Parquet prices with float noise are rounded to paise and counted', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'NIFTY_noise.parquet');
  await writeParquet(
    path,
    "SELECT TIMESTAMP '2025-01-02 09:15:00' + to_minutes(i) AS timestamp, 100.05000305 AS open, 101.0 AS high, 99.0 AS low, 100.1 AS close FROM range(3) r(i)",
  );
  const store = join(folder, 'store');
  const { manifest } = await importFilesOf(store, [path]);
  expect((await storedCandles(store))[0]).toBe('1m 2025-01-02 09:15 NIFTY index 10005 10100 9900 10010 ? ?');
  expect(manifest.sources[0]?.repaired).toEqual([{ what: 'prices rounded to paise', rows: 3 }]);
});

test('a packed file reads like a plain one', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'overlap-a.csv.gz'), gzipSync(readFileSync(fixture('overlap-a.csv'))));
  const store = join(folder, 'store');
  await importFilesOf(store, [join(folder, 'overlap-a.csv.gz')]);
  expect(await storedCandles(store)).toHaveLength(2);
});

test.each([
  ['a CSV that stops inside a row', 'truncated.csv', /truncated\.csv cannot be read to its end/],
  ['a list of instruments', 'kite_instruments.csv', /nothing to import in 1 files; Kite instruments/],
  ['ticks', 'ticks.csv', /ticks are not candles/],
  ['columns that nobody knows', 'unknown.csv', /is of no known shape \(columns a, b, c\); describe it with --map/],
  ['a path that is not there', 'absent.csv', /absent\.csv does not exist/],
])('%s is refused in one sentence and nothing is written', async (_, name, sentence) => {
  const store = join(temporaryFolder(), 'store');
  await expect(importInto(store, [name])).rejects.toThrow(sentence);
  expect(existsSync(store)).toBe(false);
});

test('one bad file among good ones stops the import before anything is written', async () => {
  const store = join(temporaryFolder(), 'store');
  await expect(importInto(store, ['overlap-a.csv', 'truncated.csv'])).rejects.toThrow(/truncated/);
  expect(existsSync(store)).toBe(false);
});

test('half a Parquet file and half a packed file are refused', async () => {
  const folder = temporaryFolder();
  const whole = join(folder, 'whole.parquet');
  await writeParquet(whole, 'SELECT i AS open FROM range(10000) r(i)');
  const bytes = readFileSync(whole);
  writeFileSync(join(folder, 'half.parquet'), bytes.subarray(0, bytes.length / 2));
  await expect(importFilesOf(join(folder, 'a'), [join(folder, 'half.parquet')])).rejects.toThrow(
    /no whole Parquet file/,
  );

  const packed = gzipSync(readFileSync(fixture('overlap-a.csv')));
  writeFileSync(join(folder, 'half.csv.gz'), packed.subarray(0, packed.length - 20));
  await expect(importFilesOf(join(folder, 'b'), [join(folder, 'half.csv.gz')])).rejects.toThrow(/cut off or damaged/);
});

test('a synthetic store takes no real rows', async () => {
  const store = temporaryFolder();
  new CandleStore(store).claim('synthetic', 'seed 1');
  await expect(importInto(store, ['overlap-a.csv'])).rejects.toThrow(/is a synthetic store and takes no real rows/);
  expect(readdirSync(store)).toEqual(['store.json']);
});

test('a file put into a partition by hand is merged into the one that the import writes', async () => {
  const store = temporaryFolder();
  await importInto(store, ['overlap-a.csv']);
  const folder = join(store, 'candles/interval=1m/underlying=NIFTY/date=2021-06-11');
  copyFileSync(join(folder, 'rows.parquet'), join(folder, 'by-hand.parquet'));
  await importInto(store, ['overlap-b.csv']);
  expect(readdirSync(folder)).toEqual(['rows.parquet']);
  expect(await storedCandles(store)).toHaveLength(3);
});

async function writeParquet(path: string, select: string): Promise<void> {
  const duck = await Duck.open();
  try {
    await duck.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  } finally {
    duck.close();
  }
}

async function importFilesOf(store: string, paths: readonly string[]): ReturnType<typeof importInto> {
  const { importFiles } = await import('../../adapters/import/import-run.ts');
  return await importFiles({ paths, store, facts });
}
