import { expect, test } from 'vitest';
import { CandleArchive } from '../../adapters/candle-archive.ts';
import { allOf } from '../../adapters/candle-archive-types.ts';
import { importFiles } from '../../adapters/import/import-run.ts';
import { day } from '../../engine/model/time.ts';
import { facts, temporaryFolder } from '../support/import-fixtures.ts';
import { requireShared } from '../support/require-tools.ts';

test('NIFTY of June 2021: twelve contracts and the index, junk after the close dropped and counted', async (ctx) => {
  const store = temporaryFolder();
  const paths = [requireShared(ctx, 'data', 'nifty-opt-1min-2021')];
  const { manifest, changes } = await importFiles({ paths, store, facts });
  expect(changes).toMatchObject({ added: 9_750, corrected: 0, overlapping: 0, partitions: 2 });
  expect(manifest.sources).toHaveLength(13);
  const dropped = manifest.sources.flatMap((source) => source.dropped);
  expect(new Set(dropped.map(({ what }) => what))).toEqual(new Set(['outside the session']));
  expect(dropped.reduce((sum, { rows }) => sum + rows, 0)).toBe(243);

  const archive = new CandleArchive({ store, sessions: facts.sessions });
  const loaded = await archive.loadDay({ day: day('2021-06-14'), intervalMs: 60_000, wanted: [allOf('NIFTY')] });
  expect(loaded.instruments).toHaveLength(13);
  expect(loaded.columns.valid.reduce((sum, valid) => sum + valid, 0)).toBe(13 * 375);
  const again = await importFiles({ paths, store, facts });
  expect(again.changes).toMatchObject({ added: 0, corrected: 0, unchanged: 9_750 });
});

test('SENSEX of September 2025: three-minute candles of twenty contracts, index on two days', async (ctx) => {
  const store = temporaryFolder();
  const paths = [requireShared(ctx, 'data', 'sensex-opt-3min-2025')];
  const { changes, manifest } = await importFiles({ paths, store, facts });
  expect(changes).toMatchObject({ added: 3_250, partitions: 3 });
  expect(new Set(manifest.sources.map(({ interval }) => interval))).toEqual(new Set(['3m']));

  const archive = new CandleArchive({ store, sessions: facts.sessions });
  const days = [day('2025-09-01'), day('2025-09-02'), day('2025-09-04')];
  expect(archive.finestInterval({ underlyings: ['SENSEX'], days })).toBe(180_000);
  await archive.prepare({ intervalMs: 180_000, underlyings: ['SENSEX'], days });
  const held = days.map((on) => archive.contents({ day: on, intervalMs: 180_000, underlying: 'SENSEX' }));
  expect(held.map(({ index, expiries, instruments }) => `${index} ${expiries.join()} ${instruments.length}`)).toEqual([
    'true 2025-09-11 3',
    'true 2025-09-11 3',
    'false 2025-09-11 20',
  ]);
});

test('BANKNIFTY of 4 April 2023, the whole chain: each reason has its number', { timeout: 120_000 }, async (ctx) => {
  const store = temporaryFolder();
  const paths = [requireShared(ctx, 'data', 'banknifty-opt-1min-2023', 'banknifty_fno_1min_2023-04-10.csv.gz')];
  const { manifest } = await importFiles({ paths, store, facts });
  expect(manifest.sources[0]).toMatchObject({
    rows: 244_121,
    kept: 198_657,
    dropped: [
      { what: 'all prices 0: not traded yet', rows: 44_991 },
      { what: 'outside the session', rows: 327 },
      { what: 'close, high or low empty or 0', rows: 146 },
    ],
    repaired: [
      { what: 'high or low did not contain open and close: widened', rows: 842 },
      { what: 'open 0 or empty: previous close of the day, held within low and high', rows: 491 },
    ].sort((a, b) => a.rows - b.rows),
  });
});
