import { describe, expect, test } from 'vitest';
import type { Wanted } from '../../adapters/candle-archive-types.ts';
import { allOf } from '../../adapters/candle-archive-types.ts';
import { readReference } from '../../adapters/reference-files.ts';
import { SyntheticArchive } from '../../adapters/synthetic-archive.ts';
import { SyntheticMarket } from '../../datasets/synthetic/synthetic-market.ts';
import { instrumentKey } from '../../engine/model/instrument.ts';
import { day, MINUTE_MS } from '../../engine/model/time.ts';

const { calendar, contracts } = readReference();

function archive(seed = 1): SyntheticArchive {
  const markets = (['NIFTY', 'SENSEX'] as const).map((underlying) => {
    return new SyntheticMarket({ seed, underlying, calendar, contracts });
  });
  return new SyntheticArchive(markets);
}

const WEEK = ['2025-03-03', '2025-03-04', '2025-03-08'].map(day);

describe('the embedded market as a source of candles', () => {
  test('has every day with a session and says which days have none', () => {
    expect(archive().coverage({ underlying: 'NIFTY', days: WEEK })).toEqual([
      { intervalMs: MINUTE_MS, present: ['2025-03-03', '2025-03-04'], missing: ['2025-03-08'] },
    ]);
    expect(archive().missingDays({ underlying: 'SENSEX', days: [day('2023-01-02'), day('2025-03-03')] })).toEqual([
      '2023-01-02',
    ]);
    expect(archive().finestInterval({ underlyings: ['NIFTY'], days: WEEK.slice(0, 2) })).toBe(MINUTE_MS);
    expect(archive().finestInterval({ underlyings: ['NIFTY'], days: WEEK })).toBeUndefined();
  });

  test('names its candles by seed, underlying and day', () => {
    const asked = { intervalMs: MINUTE_MS, underlyings: ['NIFTY'] as const, days: WEEK.slice(0, 2) };
    expect(archive().dataHash(asked)).toBe(archive().dataHash(asked));
    expect(archive(2).dataHash(asked)).not.toBe(archive().dataHash(asked));
    expect(archive().dataHash({ ...asked, underlyings: ['SENSEX'] })).not.toBe(archive().dataHash(asked));
    expect(archive().dataHash({ ...asked, days: WEEK.slice(0, 1) })).not.toBe(archive().dataHash(asked));
  });

  test('what a day is said to hold is what it loads', () => {
    const on = day('2025-03-04');
    const contents = archive().contents({ day: on, intervalMs: MINUTE_MS, underlying: 'NIFTY' });
    const loaded = archive().loadDay({ day: on, intervalMs: MINUTE_MS, wanted: [allOf('NIFTY')] });
    expect(loaded.instruments.map(instrumentKey)).toEqual(contents.instruments.map(instrumentKey));
    expect([contents.index, contents.futures, contents.expiries]).toEqual([
      true,
      ['2025-03-27'],
      ['2025-03-06', '2025-03-13', '2025-03-27'],
    ]);
  });

  test('several underlyings stand side by side on one grid, in the order of underlyings', () => {
    const sensex: Wanted = { ...allOf('SENSEX'), futures: [], expiries: [] };
    const request = { intervalMs: MINUTE_MS, wanted: [sensex, { ...sensex, underlying: 'NIFTY' } as const] };
    const plain = archive().loadDay({ ...request, day: day('2025-03-04') });
    expect(plain.instruments.map(instrumentKey)).toEqual(['NIFTY', 'SENSEX']);
    expect(plain.starts.length).toBe(375);
    expect([...plain.columns.valid].every((one) => one === 1)).toBe(true);
    const alone = archive().loadDay({ ...request, day: day('2025-03-04'), wanted: [sensex] });
    expect(plain.columns.close.filter((_, cell) => cell % 2 === 1)).toEqual(alone.columns.close);

    // The exchanges kept different hours on the day of the outage; SENSEX options had none to trade then, its index had.
    const outage = archive().loadDay({ ...request, day: day('2021-02-24') });
    const nifty = [...outage.columns.valid].filter((_, cell) => cell % 2 === 0);
    expect(outage.starts.length).toBe(465);
    expect(nifty.reduce((sum, one) => sum + one, 0)).toBe(220);
  });

  test('a day off is empty, another interval and an underlying that was not asked for are refused', () => {
    const empty = archive().loadDay({ day: day('2025-03-08'), intervalMs: MINUTE_MS, wanted: [allOf('NIFTY')] });
    expect([empty.instruments.length, empty.starts.length]).toEqual([0, 0]);
    const request = { day: day('2025-03-04'), wanted: [allOf('NIFTY')] };
    expect(() => archive().loadDay({ ...request, intervalMs: 180_000 })).toThrow('candles of 1m only, not 3m');
    expect(() => archive().loadDay({ ...request, intervalMs: MINUTE_MS, wanted: [allOf('BANKEX')] })).toThrow(
      'the synthetic market has no BANKEX',
    );
  });

  test('gives official closes and the volatility index by day', async () => {
    const span = { from: day('2025-03-03'), to: day('2025-03-05') };
    const closes = await archive().dailyValues({ name: 'NIFTY', ...span });
    expect(closes.map((value) => value.day)).toEqual(['2025-03-03', '2025-03-04', '2025-03-05']);
    const vix = await archive().dailyValues({ name: 'INDIA VIX' });
    expect(vix.length).toBeGreaterThan(1_800);
    expect(vix.every(({ close }) => Number.isInteger(close) && close > 500)).toBe(true);
  });
});
