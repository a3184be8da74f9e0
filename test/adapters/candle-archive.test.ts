import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CandleArchive } from '../../adapters/candle-archive.ts';
import { allOf } from '../../adapters/candle-archive-types.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { CandleFrame, UNKNOWN } from '../../engine/model/candle-frame.ts';
import { instrumentKey } from '../../engine/model/instrument.ts';
import { day, epochMs, istTimeOf } from '../../engine/model/time.ts';
import { paise } from '../../engine/model/units.ts';
import { facts, importInto, temporaryFolder } from '../support/import-fixtures.ts';

const MINUTE = 60_000;
const APRIL_10 = day('2023-04-10');

test('a day is a dense grid of the session with absent cells where no candle stands', async () => {
  const { archive } = await chain();
  const loaded = await archive.loadDay({ day: APRIL_10, intervalMs: MINUTE, wanted: [allOf('BANKNIFTY')] });
  expect(loaded.instruments.map(instrumentKey)).toEqual(['BANKNIFTY 2023-04-27 FUT', 'BANKNIFTY 2023-04-13 40000 CE']);
  expect(loaded.starts).toHaveLength(375);
  expect(istTimeOf(epochMs(loaded.starts[0] ?? 0))).toBe('09:15');
  expect(cells(loaded)).toEqual([
    '09:15 0 4000000 4002000 3999000 4001000 100 1000',
    '09:15 1 10400 10500 10000 10400 500 25000',
    '09:16 1 10400 10700 10300 10600 300 25000',
    `09:17 1 10600 10600 10600 10600 0 ${UNKNOWN}`,
    '09:18 1 10600 10800 10500 10800 400 25100',
    '09:19 1 10900 11100 10900 11000 300 25100',
    '09:20 1 11000 11100 10950 11050 400 25100',
    '09:21 1 11050 11100 11000 11050 400 25200',
    '09:23 1 11050 11250 11000 11200 400 25200',
    '09:24 1 11200 11250 11100 11150 100 0',
    '09:25 1 11150 11200 11100 11150 300 25300',
  ]);
});

test('instruments are chosen by kind, expiry and strike', async () => {
  const { archive } = await chain();
  const keys = async (wanted: Partial<ReturnType<typeof allOf>>): Promise<string[]> => {
    const request = { day: APRIL_10, intervalMs: MINUTE, wanted: [{ ...allOf('BANKNIFTY'), ...wanted }] };
    return (await archive.loadDay(request)).instruments.map(instrumentKey);
  };
  expect(await keys({ futures: [] })).toEqual(['BANKNIFTY 2023-04-13 40000 CE']);
  expect(await keys({ expiries: [day('2023-04-20')] })).toEqual(['BANKNIFTY 2023-04-27 FUT']);
  expect(await keys({ strikes: { min: paise(4_000_100), max: paise(5_000_000) } })).toEqual([
    'BANKNIFTY 2023-04-27 FUT',
  ]);
});

test('buffers are reused: a smaller day after a larger one holds nothing of it', async () => {
  const store = temporaryFolder();
  await importInto(store, ['chain-running-volume.csv', 'chart-epoch.csv']);
  const archive = new CandleArchive({ store, sessions: facts.sessions });
  await archive.loadDay({ day: APRIL_10, intervalMs: MINUTE, wanted: [allOf('BANKNIFTY')] });
  const next = await archive.loadDay({ day: day('2025-07-01'), intervalMs: MINUTE, wanted: [allOf('NIFTY')] });
  expect(cells(next)).toEqual([
    `09:15 0 2550000 2551000 2549000 2550500 ${UNKNOWN} ${UNKNOWN}`,
    `09:15 1 10005 10100 9900 10050 ${UNKNOWN} ${UNKNOWN}`,
    `09:16 0 2550500 2551500 2550000 2551000 ${UNKNOWN} ${UNKNOWN}`,
    `09:16 2 9500 9600 9400 9525 ${UNKNOWN} ${UNKNOWN}`,
  ]);
});

test('the interval of a run is the finest that has all days, never mixed', async () => {
  const store = temporaryFolder();
  await importInto(store, [
    'chain-running-volume.csv',
    'banknifty_ltp_oi_5min.json',
    'SENSEX2591180500CE_2025-09-02.csv',
  ]);
  const archive = new CandleArchive({ store, sessions: facts.sessions });
  const days = [day('2022-03-28'), APRIL_10];
  expect(archive.finestInterval({ underlyings: ['BANKNIFTY'], days: [APRIL_10] })).toBe(MINUTE);
  expect(archive.finestInterval({ underlyings: ['BANKNIFTY'], days: days.slice(0, 1) })).toBe(5 * MINUTE);
  expect(archive.finestInterval({ underlyings: ['BANKNIFTY'], days })).toBeUndefined();
  expect(archive.finestInterval({ underlyings: ['SENSEX'], days: [day('2025-09-02')] })).toBe(3 * MINUTE);
  expect(archive.missingDays({ underlying: 'BANKNIFTY', days: [...days, day('2023-04-11')] })).toEqual(['2023-04-11']);
});

test('the cache changes nothing: deleted, damaged, cut short or stale it is made again', async () => {
  const { store, archive, notices } = await chain();
  const request = { day: APRIL_10, intervalMs: MINUTE, wanted: [allOf('BANKNIFTY')] };
  const of = { intervalMs: MINUTE, underlyings: ['BANKNIFTY'] as const, days: [APRIL_10] };
  const first = cells(await archive.loadDay(request));
  const hash = archive.dataHash(of);
  const file = join(store, 'cache/interval=1m/underlying=BANKNIFTY/2023-04-10.day');

  rmSync(join(store, 'cache'), { recursive: true });
  expect(cells(await archive.loadDay(request))).toEqual(first);

  const bytes = readFileSync(file);
  bytes[bytes.length - 5000] = (bytes[bytes.length - 5000] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  expect(cells(await archive.loadDay(request))).toEqual(first);
  expect(notices.splice(0)).toEqual([expect.stringMatching(/has changed; the cache of 2023-04-10 is made again/)]);

  truncateSync(file, statSync(file).size / 2);
  expect(cells(await archive.loadDay(request))).toEqual(first);
  expect(notices.splice(0)).toEqual([expect.stringMatching(/bytes instead of/)]);
  expect(archive.dataHash(of)).toBe(hash);
});

test('a corrected row reaches the next run, and the hash of the data tells', async () => {
  const store = temporaryFolder();
  await importInto(store, ['overlap-a.csv']);
  const archive = new CandleArchive({ store, sessions: facts.sessions });
  const request = { day: day('2021-06-11'), intervalMs: MINUTE, wanted: [allOf('NIFTY')] };
  const of = { intervalMs: MINUTE, underlyings: ['NIFTY'] as const, days: [request.day] };
  const close = async (): Promise<number | undefined> => (await archive.loadDay(request)).columns.close[1];
  expect(await close()).toBe(10_200);
  const before = archive.dataHash(of);
  await importInto(store, ['overlap-b.csv']);
  expect(await close()).toBe(10_250);
  expect(archive.dataHash(of)).not.toBe(before);
});

test('the hash of the data does not depend on threads, cache or where the store stands', async () => {
  const hashes = new Set<string>();
  for (const threads of [1, 8]) {
    const store = temporaryFolder();
    await importInto(store, ['chain-running-volume.csv'], { threads });
    const archive = new CandleArchive({ store, sessions: facts.sessions, threads });
    const of = { intervalMs: MINUTE, underlyings: ['BANKNIFTY'] as const, days: [APRIL_10] };
    await archive.prepare(of);
    hashes.add(archive.dataHash(of));
  }
  expect(hashes.size).toBe(1);
});

test('a store that cannot be written is read through a folder for this run only', async () => {
  const store = temporaryFolder();
  await importInto(store, ['overlap-a.csv']);
  // A file where the cache folder should be stands in for a read-only disk, which root could write anyway.
  writeFileSync(join(store, 'cache'), '');
  const notices: string[] = [];
  const archive = new CandleArchive({ store, sessions: facts.sessions, notice: (sentence) => notices.push(sentence) });
  const loaded = await archive.loadDay({ day: day('2021-06-11'), intervalMs: MINUTE, wanted: [allOf('NIFTY')] });
  expect(cells(loaded)).toHaveLength(2);
  archive.close();
  expect(notices).toEqual([expect.stringMatching(/cannot be written, so its run cache is made for this run only/)]);
  expect(readdirSync(store).sort()).toEqual(['cache', 'candles', 'imports', 'store.json']);
});

test('an absent and an empty store say how to fill them', () => {
  const folder = temporaryFolder();
  const open = (store: string) => (): unknown => new CandleArchive({ store, sessions: facts.sessions });
  expect(open(join(folder, 'nowhere'))).toThrow(/does not exist; make it with: sim data import PATH --store/);
  expect(open(folder)).toThrow(/holds no candles; fill it with: sim data import PATH --store/);
});

test('two candles of one contract and minute stop the day', async () => {
  const store = temporaryFolder();
  await importInto(store, ['overlap-a.csv']);
  const folder = join(store, 'candles/interval=1m/underlying=NIFTY/date=2021-06-11');
  writeFileSync(join(folder, 'twice.parquet'), readFileSync(join(folder, 'rows.parquet')));
  const archive = new CandleArchive({ store, sessions: facts.sessions });
  const loading = archive.loadDay({ day: day('2021-06-11'), intervalMs: MINUTE, wanted: [allOf('NIFTY')] });
  await expect(loading).rejects.toThrow(/holds two candles of NIFTY 2021-06-17 15700 CE for one minute/);
});

async function chain(): Promise<{ store: string; archive: CandleArchive; notices: string[] }> {
  const store = temporaryFolder();
  await importInto(store, ['chain-running-volume.csv']);
  const notices: string[] = [];
  const notice = (sentence: string): void => void notices.push(sentence);
  return { store, notices, archive: new CandleArchive({ store, sessions: facts.sessions, notice }) };
}

/** Candles as the engine sees them through a frame, one text a cell. */
function cells(loaded: DayCandles): string[] {
  const frame = new CandleFrame();
  const texts: string[] = [];
  for (const [minute, start] of loaded.starts.entries()) {
    frame.show(loaded, minute);
    for (let slot = 0; slot < frame.slots; slot += 1) {
      if (!frame.has(slot)) continue;
      const prices = [frame.openOf(slot), frame.highOf(slot), frame.lowOf(slot), frame.closeOf(slot)];
      texts.push([istTimeOf(epochMs(start)), slot, ...prices, frame.volumeOf(slot), frame.oiOf(slot)].join(' '));
    }
  }
  return texts;
}
