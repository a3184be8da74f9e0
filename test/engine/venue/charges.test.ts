import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLevies } from '../../../adapters/reference-files.ts';
import type { Exchange, Underlying } from '../../../engine/model/instrument.ts';
import type { Levies, LevyTables } from '../../../engine/model/levies.ts';
import {
  FINE_PER_PAISA,
  LEVY_NAMES,
  leviesBetween,
  NO_LEVIES,
  perCrore,
  sumOfLevies,
} from '../../../engine/model/levies.ts';
import type { Day } from '../../../engine/model/time.ts';
import { addDays, day } from '../../../engine/model/time.ts';
import type { Side } from '../../../engine/model/units.ts';
import { paise, paiseOfRupees } from '../../../engine/model/units.ts';
import { ChargesModel, dayNote, slicesOf } from '../../../engine/venue/charges.ts';
import { referenceLevies } from '../../support/reference-charges.ts';
import { requireShared } from '../../support/require-tools.ts';

const tables = readLevies();
const model = new ChargesModel(tables);

function order(
  on: string,
  side: Side,
  rupees: number,
  rest: Partial<{ exchange: Exchange; underlying: Underlying; expiry: 'nearest' | 'later' }> = {},
) {
  return {
    day: day(on),
    exchange: 'NFO',
    underlying: 'NIFTY',
    side,
    turnover: paiseOfRupees(rupees),
    ...rest,
  } as const;
}

/** Levies in rupees, to the millionth. */
function rupees(levies: Levies): Record<string, number> {
  return Object.fromEntries(Object.entries(levies).map(([name, value]) => [name, value / 1_000_000]));
}

/** The same rates with what a reply of another day used in their place. */
function withRates(changed: Partial<LevyTables>): ChargesModel {
  return new ChargesModel({ ...tables, ...changed });
}

const always = <T>(value: T) => [{ from: day('2019-01-01'), value, sure: true, source: 'the reply itself' }];
const NO_STAMP = { stamp: always({ rate: perCrore(0), payer: 'buyer' as const }) };
const exchangeAt = (rate: number, ipft: number) =>
  new Map([['NFO' as const, always({ rate: perCrore(rate), ipft: perCrore(ipft) })]]);

describe('published examples', () => {
  test('A: 500 units bought and sold at 1000 in 2025 cost 982.63', () => {
    const note = dayNote([
      model.ofOrder(order('2025-06-02', 'BUY', 500_000)),
      model.ofOrder(order('2025-06-02', 'SELL', 500_000)),
    ]);
    expect(note.levies).toEqual({
      brokerage: 4_000,
      stt: 50_000,
      exchange: 35_530,
      sebi: 100,
      stamp: 1_500,
      gst: 7_133,
      total: 98_263,
    });
  });

  test('B: 100 units bought at 1.50 in July 2023 cost 23.689427 without stamp duty and GST on the IPFT; the table asks 0.46 paise more', () => {
    const reply = withRates({ ...NO_STAMP, gst: always({ pct: 18, base: ['brokerage', 'exchange', 'sebi'] }) });
    const bought = order('2023-07-10', 'BUY', 150);
    expect(rupees(reply.ofOrder(bought))).toEqual({
      brokerage: 20,
      stt: 0,
      exchange: 0.07575,
      sebi: 0.00015,
      stamp: 0,
      gst: 3.613527,
      total: 23.689427,
    });
    expect(model.ofOrder(bought).total - 23_689_427).toBe(4_500 + 135);
  });

  test('C: a sale of 2673.75 in July 2023 costs 26.851761275 with 0.05 %; the table with its IPFT asks 1.58 paise more', () => {
    const reply = withRates({ ...NO_STAMP, exchange: exchangeAt(5_000, 0) });
    const sold = order('2023-07-10', 'SELL', 2_673.75);
    expect(rupees(reply.ofOrder(sold))).toEqual({
      brokerage: 20,
      stt: 1.671094,
      exchange: 1.336875,
      sebi: 0.002674,
      stamp: 0,
      gst: 3.841119,
      total: 26.851762,
    });
    expect(model.ofOrder(sold).total).toBe(26_867_537);
    expect(26_867_537 - 26_851_761.275).toBeLessThan(2 * FINE_PER_PAISA);
  });

  test('D: a purchase of 521.25 in July 2023 costs 23.908152575 without stamp duty and with 0.05 %; the table asks 1.87 paise more', () => {
    const reply = withRates({ ...NO_STAMP, exchange: exchangeAt(5_000, 0) });
    const bought = order('2023-07-10', 'BUY', 521.25);
    expect(rupees(reply.ofOrder(bought))).toEqual({
      brokerage: 20,
      stt: 0,
      exchange: 0.260625,
      sebi: 0.000521,
      stamp: 0,
      gst: 3.647006,
      total: 23.908152,
    });
    expect(model.ofOrder(bought).total).toBe(23_926_865);
    expect(23_926_865 - 23_908_152.575).toBeLessThan(2 * FINE_PER_PAISA);
  });

  test('E: 3000 NIFTY 19500 PE exercised at 19400 in August 2023 pay 375 STT and 40 brokerage', () => {
    const exercised = model.ofExercise({
      day: day('2023-08-24'),
      position: 'long',
      intrinsic: paiseOfRupees(300_000),
      contractValue: paiseOfRupees(3_000 * 19_400),
      slices: slicesOf(3_000, 1_800),
    });
    expect(dayNote([exercised]).levies).toMatchObject({
      stt: 37_500,
      brokerage: 4_000,
      exchange: 0,
      stamp: 0,
      sebi: 0,
    });
  });

  test('F: 75 units 100 points in the money pay 9.38 STT under the rule of September 2019 and 1021.88 before', () => {
    const exercised = (on: string) =>
      dayNote([
        model.ofExercise({
          day: day(on),
          position: 'long',
          intrinsic: paiseOfRupees(7_500),
          contractValue: paiseOfRupees(75 * 10_900),
          slices: 1,
        }),
      ]).levies.stt;
    expect([exercised('2019-08-29'), exercised('2019-09-05')]).toEqual([102_188, 938]);
  });

  test('the option row of the virtual contract note agrees, and the table differs by half a paisa', (ctx) => {
    const path = requireShared(ctx, 'data', 'kite-mocks', 'virtual_contract_note.json');
    const row = JSON.parse(readFileSync(path, 'utf8')).data.find((one: { exchange: string }) => one.exchange === 'NFO');
    const reply = withRates({ ...NO_STAMP, gst: always({ pct: 18, base: ['brokerage', 'exchange', 'sebi'] }) });
    const asked = order('2023-07-10', row.transaction_type, row.price * row.quantity);
    expect(rupees(reply.ofOrder(asked))).toEqual({
      brokerage: row.charges.brokerage,
      stt: row.charges.transaction_tax,
      exchange: row.charges.exchange_turnover_charge,
      sebi: row.charges.sebi_turnover_charge,
      stamp: row.charges.stamp_duty,
      gst: row.charges.gst.total,
      total: Math.round(row.charges.total * 1_000_000) / 1_000_000,
    });
    expect(model.ofOrder(asked).total / 1_000_000 - row.charges.total).toBeCloseTo(0.004635, 9);
  });
});

describe('rates by date', () => {
  const sale = 1_000_000;
  test.each([
    ['2023-03-31', 'stt', 500],
    ['2023-04-03', 'stt', 625],
    ['2024-09-30', 'stt', 625],
    ['2024-10-01', 'stt', 1_000],
    ['2026-03-30', 'stt', 1_000],
    ['2026-04-01', 'stt', 1_500],
    ['2019-08-30', 'exchange', 530],
    ['2019-09-03', 'exchange', 500],
    ['2021-01-01', 'exchange', 530],
    ['2023-04-03', 'exchange', 505],
    ['2024-04-01', 'exchange', 500],
    ['2024-10-01', 'exchange', 355.3],
    ['2026-03-02', 'exchange', 355.3],
    ['2019-03-29', 'sebi', 1.5],
    ['2019-04-01', 'sebi', 1],
    ['2020-06-01', 'sebi', 0.5],
    ['2021-04-01', 'sebi', 1],
    ['2020-06-30', 'stamp', 20],
    ['2020-07-01', 'stamp', 0],
  ] as const)('on %s the %s on a sale of ten lakh is %d rupees', (on, name, value) => {
    expect(rupees(model.ofOrder(order(on, 'SELL', sale)))[name]).toBe(value);
  });

  test("stamp duty is the buyer's since July 2020", () => {
    expect(rupees(model.ofOrder(order('2020-07-01', 'BUY', sale)))['stamp']).toBe(30);
    expect(rupees(model.ofOrder(order('2020-06-30', 'BUY', sale)))['stamp']).toBe(20);
  });

  test('GST covers the SEBI fee since 18 July 2022', () => {
    const gst = (on: string) => rupees(model.ofOrder(order(on, 'BUY', sale)))['gst'];
    expect(gst('2022-07-15')).toBe(99);
    expect(gst('2022-07-18')).toBe(99.18);
  });

  test.each([
    ['2023-10-31', 'SENSEX', 'nearest', 50],
    ['2023-11-01', 'SENSEX', 'nearest', 375],
    ['2023-11-01', 'SENSEX', 'later', 50],
    ['2023-11-01', 'BANKEX', 'nearest', 50],
    ['2024-05-13', 'BANKEX', 'later', 495],
    ['2024-10-01', 'SENSEX', 'nearest', 325],
    ['2026-08-20', 'SENSEX', 'nearest', 325],
  ] as const)('on %s BSE takes for %s of the %s expiry %d rupees of ten lakh', (on, underlying, expiry, value) => {
    expect(rupees(model.ofOrder(order(on, 'BUY', sale, { exchange: 'BFO', underlying, expiry })))['exchange']).toBe(
      value,
    );
  });

  test('name the levies that rest on a weak source', () => {
    expect(model.unsureOn(day('2019-02-01'), 'NFO')).toEqual(['exchange', 'sebi', 'stamp']);
    expect(model.unsureOn(day('2021-06-01'), 'NFO')).toEqual([]);
    expect(model.unsureOn(day('2024-01-02'), 'BFO')).toEqual(['exchange']);
  });

  test('begin with the options of an exchange', () => {
    expect([model.firstDayOf('NFO'), model.firstDayOf('BFO')]).toEqual(['2019-01-01', '2023-05-15']);
    expect(() => model.ofOrder(order('2023-05-12', 'BUY', 100, { exchange: 'BFO' }))).toThrow(
      'no BFO fee is known on 2023-05-12',
    );
  });

  test('agree with rates written a second time, on random orders of every year', () => {
    const days = fc.integer({ min: 0, max: 2_780 }).map((count) => addDays(day('2019-01-01'), count));
    const orders = fc.record({
      on: days,
      exchange: fc.constantFrom('NFO' as const, 'BFO' as const),
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      turnover: fc.oneof(
        fc.nat(10_000_000),
        fc.maxSafeInteger().map((value) => Math.floor(Math.abs(value) / 1_000)),
      ),
    });
    fc.assert(
      fc.property(orders, ({ on, exchange, side, turnover }) => {
        fc.pre(exchange === 'NFO' || on >= '2023-05-15');
        const ours = model.ofOrder({
          day: on,
          exchange,
          underlying: exchange === 'NFO' ? 'NIFTY' : 'SENSEX',
          side,
          turnover: paise(turnover),
        });
        const second = referenceLevies({ date: on, exchange, side, turnoverPaise: BigInt(turnover) });
        expect(ours).toEqual(Object.fromEntries(Object.entries(second).map(([name, value]) => [name, Number(value)])));
      }),
    );
  });
});

describe('assumptions', () => {
  test('an order of many fills pays one brokerage', () => {
    const first = model.ofOrder(order('2025-06-02', 'SELL', 4_000));
    const both = model.ofOrder(order('2025-06-02', 'SELL', 9_000));
    const added = leviesBetween(first, both);
    expect([added.brokerage, rupees(added)['stt']]).toEqual([0, 5]);
    expect(sumOfLevies([first, added])).toEqual(both);
  });

  test('half of a ten-thousandth of a paisa goes up', () => {
    const reply = withRates({ sttOnSale: always(perCrore(500)) });
    expect(reply.ofOrder({ ...order('2025-06-02', 'SELL', 0), turnover: paise(1) }).stt).toBe(1);
    expect(
      withRates({ sttOnSale: always(perCrore(499)) }).ofOrder({ ...order('2025-06-02', 'SELL', 0), turnover: paise(1) })
        .stt,
    ).toBe(0);
  });

  test('a turnover beyond what doubles hold keeps every digit', () => {
    const turnover = paise(900_000_000_001);
    expect(model.ofOrder({ ...order('2026-05-04', 'SELL', 0), turnover }).stt).toBe(13_500_000_000_015);
  });

  test('an option that ends worthless costs nothing', () => {
    const exercise = { day: day('2025-06-26'), intrinsic: paise(0), contractValue: paise(187_500_000), slices: 1 };
    expect(model.ofExercise({ ...exercise, position: 'long' })).toEqual(NO_LEVIES);
    expect(model.ofExercise({ ...exercise, position: 'short' })).toEqual(NO_LEVIES);
  });

  test('the writer of an exercised option pays brokerage with GST and no tax', () => {
    const exercised = model.ofExercise({
      day: day('2025-06-26'),
      position: 'short',
      intrinsic: paiseOfRupees(7_500),
      contractValue: paiseOfRupees(1_875_000),
      slices: 2,
    });
    expect(rupees(exercised)).toEqual({ brokerage: 40, stt: 0, exchange: 0, sebi: 0, stamp: 0, gst: 7.2, total: 47.2 });
  });

  test('the tax of exercise is 0.15 % since April 2026', () => {
    const tax = (on: Day) =>
      model.ofExercise({
        day: on,
        position: 'long',
        intrinsic: paiseOfRupees(10_000),
        contractValue: paise(0),
        slices: 1,
      }).stt;
    expect([tax(day('2026-03-30')), tax(day('2026-04-07'))]).toEqual([12_500_000, 15_000_000]);
  });

  test('slices are whole orders, the last one part filled', () => {
    expect([slicesOf(1_755, 1_755), slicesOf(1_820, 1_755), slicesOf(65, 1_755)]).toEqual([1, 2, 1]);
  });

  test('orders and rounding add up to the note', () => {
    const turnovers = fc.array(
      fc.record({ side: fc.constantFrom('BUY' as const, 'SELL' as const), turnover: fc.nat(100_000_000) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(turnovers, (list) => {
        const orders = list.map(({ side, turnover }) =>
          model.ofOrder({ ...order('2025-06-02', side, 0), turnover: paise(turnover) }),
        );
        const { levies: note, rounding } = dayNote(orders);
        expect(sumOfLevies(orders).total + rounding).toBe(note.total * 10_000);
        expect(Math.abs(rounding)).toBeLessThanOrEqual(LEVY_NAMES.length * 5_000);
        expect(LEVY_NAMES.reduce((sum, name) => sum + note[name], 0)).toBe(note.total);
      }),
    );
  });
});
