import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CandleArchive } from '../../adapters/candle-archive.ts';
import type { Wanted } from '../../adapters/candle-archive-types.ts';
import { allOf } from '../../adapters/candle-archive-types.ts';
import type { CandleSource } from '../../adapters/candle-source.ts';
import { CandleStore } from '../../adapters/candle-store.ts';
import { SyntheticArchive } from '../../adapters/synthetic-archive.ts';
import { writeSynthetic } from '../../adapters/synthetic-store.ts';
import { sessionTableOf } from '../../datasets/session-table.ts';
import { columnsOf, SyntheticMarket } from '../../datasets/synthetic/synthetic-market.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { instrumentKey } from '../../engine/model/instrument.ts';
import { day, MINUTE_MS } from '../../engine/model/time.ts';
import { paise } from '../../engine/model/units.ts';
import { testReference } from '../support/play.ts';

/** Two days, the second half as long: the market holds what the store holds, so both sources must say the same. */
const [FIRST, SECOND, CLOSED] = ['2025-03-05', '2025-03-06', '2025-03-08'].map(day) as [
  ReturnType<typeof day>,
  ReturnType<typeof day>,
  ReturnType<typeof day>,
];
const root = mkdtempSync(join(tmpdir(), 'sim-source-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const markets = (['NIFTY', 'SENSEX'] as const).map((underlying) => {
  const { calendar, contracts } = testReference();
  return new SyntheticMarket({ seed: 5, underlying, calendar, contracts });
});

beforeAll(async () => {
  await writeSynthetic({ store: new CandleStore(root), markets, from: FIRST, to: SECOND });
});

describe.for([
  ['a store', () => new CandleArchive({ store: root, sessions: sessionTableOf(testReference().calendar) })],
  ['the embedded market', () => new SyntheticArchive(markets)],
] as const)('%s as a source of candles', ([, makeSource]) => {
  const open = (): CandleSource => makeSource();

  test('says what it has of the days asked', () => {
    const source = open();
    const days = [FIRST, SECOND, CLOSED];
    expect(source.kind).toBe('synthetic');
    expect(source.coverage({ underlying: 'NIFTY', days })).toEqual([
      { intervalMs: MINUTE_MS, present: [FIRST, SECOND], missing: [CLOSED] },
    ]);
    expect(source.missingDays({ underlying: 'SENSEX', days })).toEqual([CLOSED]);
    expect(source.finestInterval({ underlyings: ['NIFTY', 'SENSEX'], days: [FIRST, SECOND] })).toBe(MINUTE_MS);
    expect(source.finestInterval({ underlyings: ['NIFTY'], days })).toBeUndefined();
    source.close();
  });

  test('gives every candle that the generator makes, minute by minute and slot by slot', async () => {
    const source = open();
    const loaded = copied(await source.loadDay({ day: FIRST, intervalMs: MINUTE_MS, wanted: [allOf('NIFTY')] }));
    expect(loaded).toEqual(copied(markets[0]!.day(FIRST, allOf('NIFTY'))!));
    source.close();
  });

  test('puts underlyings side by side in one order, whatever order they were asked in', async () => {
    const source = open();
    const wanted = [allOf('SENSEX'), allOf('NIFTY')];
    const one = copied(await source.loadDay({ day: FIRST, intervalMs: MINUTE_MS, wanted }));
    const other = copied(await source.loadDay({ day: FIRST, intervalMs: MINUTE_MS, wanted: wanted.toReversed() }));
    expect(one).toEqual(other);
    expect(one.instruments[0]).toBe('NIFTY');
    expect(one.instruments).toContain('SENSEX');
    source.close();
  });

  test('gives no more than was wanted', async () => {
    const source = open();
    const [, expiry] = testReference().contracts.expiriesOn(FIRST, 'NIFTY');
    const strikes = { min: paise(2_200_000), max: paise(2_230_000) };
    const wanted: Wanted = { underlying: 'NIFTY', index: 'leave', futures: [], expiries: [expiry!.expiry], strikes };
    const { instruments } = await source.loadDay({ day: FIRST, intervalMs: MINUTE_MS, wanted: [wanted] });
    expect(instruments.length).toBeGreaterThan(0);
    for (const instrument of instruments) {
      expect(instrument).toMatchObject({ kind: 'option', expiry: expiry!.expiry });
      if (instrument.kind === 'option') expect(instrument.strike).toBeGreaterThanOrEqual(strikes.min);
      if (instrument.kind === 'option') expect(instrument.strike).toBeLessThanOrEqual(strikes.max);
    }
    source.close();
  });

  test('gives of each choice the candles that the generator makes of it', async () => {
    const source = open();
    const [near, next] = testReference().contracts.expiriesOn(FIRST, 'NIFTY');
    const expiries = [near!.expiry, next!.expiry];
    const strikes = { min: paise(2_200_000), max: paise(2_230_000) };
    const all = allOf('NIFTY');
    const choices: readonly Wanted[] = [
      { ...all, futures: [], expiries: [expiries[0]!] },
      { ...all, futures: [], expiries: [expiries[1]!] },
      { ...all, index: 'leave', expiries: [expiries[0]!] },
      { ...all, futures: [], expiries, strikes },
      { ...all, futures: [], expiries: [] },
    ];
    for (const wanted of choices) {
      const loaded = copied(await source.loadDay({ day: FIRST, intervalMs: MINUTE_MS, wanted: [wanted] }));
      expect(loaded.instruments.length).toBeGreaterThan(0);
      expect(loaded).toEqual(copied(markets[0]!.day(FIRST, wanted)!));
    }
    source.close();
  });

  test('reads a prepared day at once, with the contents it announced', async () => {
    const source = open();
    const asked = { intervalMs: MINUTE_MS, underlyings: ['NIFTY'] as const, days: [SECOND] };
    await source.prepare(asked);
    const contents = source.contents({ day: SECOND, intervalMs: MINUTE_MS, underlying: 'NIFTY' });
    const read = source.readDay({ day: SECOND, intervalMs: MINUTE_MS, wanted: [allOf('NIFTY')] });
    expect(read.instruments.map(instrumentKey)).toEqual(contents.instruments.map(instrumentKey));
    expect(contents.index).toBe(true);
    expect([...contents.expiries].sort()).toEqual([...contents.expiries]);
    expect(contents.contentHash).toMatch(/^[0-9a-f]{64}$/);
    source.close();
  });

  test('names its data by a hash that other days and underlyings change', async () => {
    const source = open();
    const of = async (underlyings: readonly ('NIFTY' | 'SENSEX')[], days: readonly ReturnType<typeof day>[]) => {
      await source.prepare({ intervalMs: MINUTE_MS, underlyings, days });
      return source.dataHash({ intervalMs: MINUTE_MS, underlyings, days });
    };
    const hashes = [await of(['NIFTY'], [FIRST]), await of(['NIFTY'], [SECOND]), await of(['SENSEX'], [FIRST])];
    expect(new Set(hashes).size).toBe(3);
    expect(await of(['NIFTY'], [FIRST])).toBe(hashes[0]);
    source.close();
  });

  test('has an official close for each of its days, rising by day', async () => {
    const source = open();
    for (const name of ['NIFTY', 'INDIA VIX'] as const) {
      const values = await source.dailyValues({ name, from: FIRST, to: SECOND });
      const market = markets[0]!;
      const inside = values.filter((value) => value.day >= FIRST && value.day <= SECOND);
      expect(inside.map(({ day: of, close }) => [of, close])).toEqual(
        [FIRST, SECOND].map((of) => [of, name === 'NIFTY' ? market.officialClose(of) : market.vixClose(of)]),
      );
    }
    source.close();
  });
});

/** A day's content, taken out of buffers that the next day reuses. */
function copied(candles: DayCandles): { readonly instruments: readonly string[]; readonly [rest: string]: unknown } {
  return {
    day: candles.day,
    intervalMs: candles.intervalMs,
    instruments: candles.instruments.map(instrumentKey),
    starts: [...candles.starts],
    columns: columnsOf(candles).map((column) =>
      hashOf(column.subarray(0, candles.starts.length * candles.instruments.length), candles),
    ),
  };
}

/** Valid cells alone count: what stands in an empty cell is nobody's business. */
function hashOf(column: ArrayLike<number>, { columns }: DayCandles): number {
  let hash = 17;
  for (let cell = 0; cell < column.length; cell += 1) {
    hash = (Math.imul(hash, 31) + (columns.valid[cell] === 1 ? (column[cell] ?? 0) + 1 : 0)) | 0;
  }
  return hash;
}
