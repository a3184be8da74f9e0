import { describe, expect, test } from 'vitest';
import type { Levies } from '../../../engine/model/levies.ts';
import { levies, sumOfLevies } from '../../../engine/model/levies.ts';
import { paise } from '../../../engine/model/units.ts';
import { FlatCharges } from '../../../engine/venue/flat-charges.ts';
import type { Played } from '../../support/play.ts';
import { play } from '../../support/play.ts';
import type { ScriptOptions } from '../../support/script.ts';
import { doing, enter, NO_DISASTER_STOP, scripted } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { closes, recordsOf } from '../../support/tell.ts';

/** 40 rupees a lot. */
const FLAT = paise(4_000);

/** Rupees in the unit of levies. */
function brokerage(rupees: number): Levies {
  return levies({ brokerage: rupees * 1_000_000 });
}

/** Sells calls at 09:20 of an expiry day and, where asked, closes them at 09:30. */
function sold(leg: string, until: 'bought back' | 'held to expiry', options: ScriptOptions = {}): Played {
  const day = tape`
    2025-01-09
    09:19  NIFTY 23005  CE 100
    09:30  CE 90
    15:20  NIFTY 23140
  `;
  const times = { '09:20': (ctx: Parameters<typeof enter>[0]) => enter(ctx, [leg]) };
  const back = { '09:30': (ctx: Parameters<typeof enter>[0]) => ctx.flatten('TIME') };
  return play({
    days: [day],
    agents: [scripted(doing(until === 'bought back' ? { ...times, ...back } : times), options)],
    parts: { ...NO_DISASTER_STOP, flatPerLot: FLAT },
    officialCloses: [{ underlying: 'NIFTY', level: 2_315_000 }],
  });
}

function charged(played: Played): readonly [lots: number, charges: Levies][] {
  return recordsOf(played, 'order-filled').map(({ fill }) => [fill.lots, fill.charges]);
}

describe('a flat charge', () => {
  test('is paid by each lot of each executed order: a round trip of three lots at 40 pays 120 twice and nothing else', () => {
    const played = sold('SELL CE x3', 'bought back');
    expect(charged(played)).toEqual([
      [3, brokerage(120)],
      [3, brokerage(120)],
    ]);
    expect(recordsOf(played, 'day-closed').map(({ charges }) => charges)).toEqual([brokerage(240)]);
    expect(recordsOf(played, 'contract-note')).toMatchObject([{ note: brokerage(240), rounding: 0 }]);
  });

  test('comes once a lot however an order is sliced: 30 lots are 1,200 in the two orders that the exchange takes', () => {
    const entries = charged(sold('SELL CE x30', 'held to expiry'));
    // 1,800 units are the most of one order, 24 lots of 75
    expect(entries).toEqual([
      [24, brokerage(960)],
      [6, brokerage(240)],
    ]);
  });

  test('is not owed for settlement at expiry', () => {
    const played = sold('SELL CE x2', 'held to expiry');
    expect(closes(played)).toContain('CE EXPIRY');
    expect(recordsOf(played, 'settled').map(({ charges }) => charges.total)).toEqual([0]);
    expect(recordsOf(played, 'day-closed').map(({ charges }) => charges)).toEqual([brokerage(80)]);
  });

  test('of an order that fills in parts grows by the lots of each part', () => {
    const part = 'x10';
    const thin = tape`
      2025-01-09
      09:19  NIFTY 23005  CE 100
      09:20  CE 100 100 100 100 v3000
      09:21  CE 100 100 100 100 v3000
      09:22  CE 100 100 100 100 v3000
    `;
    const played = play({
      days: [thin],
      agents: [scripted(doing({ '09:20': (ctx) => enter(ctx, [`BUY CE ${part}`]) }))],
      parts: { ...NO_DISASTER_STOP, flatPerLot: FLAT },
    });
    const parts = charged(played);
    // a tenth of 3,000 units is four lots of 75 a minute
    expect(parts.slice(0, 3)).toEqual([
      [4, brokerage(160)],
      [4, brokerage(160)],
      [2, brokerage(80)],
    ]);
    expect(sumOfLevies(parts.slice(0, 3).map(([, charges]) => charges))).toEqual(brokerage(400));
  });

  test('is exact to the paisa, and refused where it is none', () => {
    const order = { day: '2025-01-09', exchange: 'NFO', underlying: 'NIFTY', side: 'BUY', turnover: paise(1) } as const;
    expect(new FlatCharges(paise(3_333)).ofOrder({ ...order, lots: 7 } as never).total).toBe(7 * 33_330_000);
    expect(() => new FlatCharges(paise(0))).toThrow('a flat charge is whole paise above 0, was 0');
    expect(() => new FlatCharges(FLAT).ofOrder({ ...order, lots: 0 } as never)).toThrow(
      'executed lots are a positive whole number, was 0',
    );
  });
});
