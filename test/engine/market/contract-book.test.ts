import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readReference } from '../../../adapters/reference-files.ts';
import { bandOf } from '../../../engine/market/contract-book.ts';
import type { Underlying } from '../../../engine/model/instrument.ts';
import { isUnderlying } from '../../../engine/model/instrument.ts';
import { clockText, day } from '../../../engine/model/time.ts';
import { paise } from '../../../engine/model/units.ts';
import { requireShared } from '../../support/require-tools.ts';

const { contracts } = readReference();

/** `2025-01-02w75 2025-01-30m25`: expiry, weekly or monthly, lot, and a question mark where not sure. */
function listed(on: string, underlying: Underlying, count = 99): string {
  return contracts
    .expiriesOn(day(on), underlying)
    .slice(0, count)
    .map((fact) => `${fact.expiry}${fact.type.slice(0, 1)}${fact.lotSize}${fact.sure ? '' : '?'}`)
    .join(' ');
}

function lotOf(underlying: Underlying, expiry: string, on: string): number | undefined {
  return contracts.lotSizeOf({ underlying, expiry: day(expiry), day: day(on) })?.lotSize;
}

test('a day is answered alike whatever days were asked before it', () => {
  const days = ['2024-04-25', '2024-04-26', '2025-08-29', '2025-09-01', '2025-12-30', '2025-12-31', '2026-12-31'].map(
    day,
  );
  const fresh = days.map((on) => readReference().contracts.expiriesOn(on, 'NIFTY'));
  const { contracts: asked } = readReference();
  for (const order of [days, days.toReversed(), [...days, ...days.toReversed()]]) {
    for (const on of order) expect(asked.expiriesOn(on, 'NIFTY')).toEqual(fresh[days.indexOf(on)]);
  }
});

describe('lots', () => {
  test('belong to the contract: in January 2025 the weeklies have 75 and the monthly 25', () => {
    expect(listed('2025-01-02', 'NIFTY', 6)).toBe(
      '2025-01-02w75 2025-01-09w75 2025-01-16w75 2025-01-23w75 2025-01-30m25 2025-02-27m75',
    );
  });

  test('of every NIFTY contract change overnight on 25 April 2024', () => {
    for (const expiry of ['2024-05-02', '2024-05-30', '2024-06-27']) {
      expect([lotOf('NIFTY', expiry, '2024-04-25'), lotOf('NIFTY', expiry, '2024-04-26')]).toEqual([50, 25]);
    }
    expect(lotOf('NIFTY', '2024-04-25', '2024-04-25')).toBe(50);
  });

  test.each([
    ['NIFTY', '2021-09-30', '2021-06-24', 75, 50],
    ['NIFTY', '2025-03-27', '2024-12-26', 25, 75],
    ['NIFTY', '2026-03-30', '2025-12-30', 75, 65],
    ['BANKNIFTY', '2023-09-28', '2023-06-28', 25, 15],
    ['BANKNIFTY', '2025-03-26', '2024-12-24', 15, 30],
    ['BANKNIFTY', '2025-09-25', '2025-04-24', 30, 35],
    ['BANKNIFTY', '2026-03-30', '2025-12-30', 35, 30],
    ['SENSEX', '2025-03-28', '2024-12-27', 10, 20],
  ] as const)(
    'of the long-dated %s %s change after the close of %s from %d to %d',
    (underlying, expiry, on, from, to) => {
      const next = day(on.slice(0, 8) + String(Number(on.slice(8)) + 1).padStart(2, '0'));
      expect([lotOf(underlying, expiry, on), lotOf(underlying, expiry, next)]).toEqual([from, to]);
    },
  );

  test('of the monthly before a change are kept to its end', () => {
    expect(lotOf('BANKNIFTY', '2023-06-28', '2023-06-28')).toBe(25);
    expect(lotOf('BANKNIFTY', '2023-07-20', '2023-07-19')).toBe(25);
    expect(lotOf('BANKNIFTY', '2023-07-27', '2023-07-19')).toBe(15);
  });

  test('of an unknown contract are unknown', () => {
    expect(lotOf('NIFTY', '2025-01-31', '2025-01-02')).toBeUndefined();
  });
});

describe('expiries', () => {
  test('of September 2025 move from Thursday to Tuesday on the evening of 31 July', () => {
    const september = (on: string) => contracts.monthlyOf({ underlying: 'NIFTY', month: '2025-09', day: day(on) });
    expect([september('2025-07-31'), september('2025-08-01')]).toEqual(['2025-09-25', '2025-09-30']);
    expect(listed('2025-07-31', 'BANKNIFTY')).toContain('2025-09-25m35');
    expect(listed('2025-08-01', 'BANKNIFTY')).toContain('2025-09-30m35');
  });

  test('keep their identity through a move', () => {
    const parts = { underlying: 'BANKNIFTY', expiry: day('2025-12-31') } as const;
    expect(contracts.redated({ ...parts, from: day('2025-01-01'), to: day('2025-01-02') })).toBe('2025-12-24');
    expect(contracts.redated({ ...parts, from: day('2025-01-01'), to: day('2025-08-01') })).toBe('2025-12-30');
    expect(contracts.expiryFact({ ...parts, day: day('2025-01-02') })).toBeUndefined();
  });

  test('move with a late holiday', () => {
    expect(contracts.expiryOf({ day: day('2026-01-12'), underlying: 'SENSEX', rule: 'nearest' })?.expiry).toBe(
      '2026-01-15',
    );
    expect(contracts.expiryOf({ day: day('2026-01-13'), underlying: 'SENSEX', rule: 'nearest' })?.expiry).toBe(
      '2026-01-14',
    );
    expect(contracts.expiryOf({ day: day('2024-01-19'), underlying: 'MIDCPNIFTY', rule: 'nearest' })?.expiry).toBe(
      '2024-01-22',
    );
    expect(contracts.expiryOf({ day: day('2024-01-20'), underlying: 'MIDCPNIFTY', rule: 'nearest' })?.expiry).toBe(
      '2024-01-20',
    );
    expect(contracts.expiryOf({ day: day('2023-06-27'), underlying: 'NIFTY', rule: 'nearest' })?.expiry).toBe(
      '2023-06-29',
    );
    expect(contracts.expiryOf({ day: day('2023-06-28'), underlying: 'NIFTY', rule: 'nearest' })?.expiry).toBe(
      '2023-06-28',
    );
  });

  test('are chosen by rule, the one of today included', () => {
    const choose = (on: string, rule: 'nearest' | 'next' | 'monthly' | 'next-monthly') =>
      contracts.expiryOf({ day: day(on), underlying: 'NIFTY', rule })?.expiry;
    expect(choose('2025-01-23', 'nearest')).toBe('2025-01-23');
    expect(choose('2025-01-23', 'next')).toBe('2025-01-30');
    expect(choose('2025-01-23', 'monthly')).toBe('2025-01-30');
    expect(choose('2025-01-31', 'monthly')).toBe('2025-02-27');
    expect(choose('2025-01-31', 'next-monthly')).toBe('2025-03-27');
  });

  test('end for the weeklies of BANKNIFTY in November 2024', () => {
    expect(listed('2024-11-13', 'BANKNIFTY', 2)).toBe('2024-11-13w15 2024-11-27m15');
    expect(listed('2024-11-14', 'BANKNIFTY', 2)).toBe('2024-11-27m15 2024-12-24m15');
  });

  test('do not exist before an index had options', () => {
    expect(listed('2021-01-08', 'FINNIFTY')).toBe('');
    expect(listed('2023-05-12', 'SENSEX')).toBe('');
    expect(listed('2019-02-08', 'NIFTY', 2)).toBe('2019-02-28m75 2019-03-28m75');
  });

  test('after the evidence follow the last rules and are not sure', () => {
    expect(listed('2026-08-21', 'NIFTY', 3)).toBe('2026-08-25m65 2026-09-01w65 2026-09-08w65');
    expect(listed('2026-08-24', 'NIFTY', 3)).toBe('2026-08-25m65? 2026-09-01w65? 2026-09-08w65?');
    expect(listed('2027-03-02', 'NIFTY', 6)).toBe(
      '2027-03-02w65? 2027-03-09w65? 2027-03-16w65? 2027-03-23w65? 2027-03-30m65? 2027-04-27m65?',
    );
    expect(listed('2027-03-02', 'BANKEX')).toBe('2027-03-25m30? 2027-04-29m30? 2027-05-27m30?');
  });

  test('are so many days away', () => {
    expect(contracts.daysToExpiry(day('2025-01-20'), day('2025-01-23'))).toEqual({ calendarDays: 3, businessDays: 3 });
    expect(contracts.daysToExpiry(day('2025-01-23'), day('2025-01-23'))).toEqual({ calendarDays: 0, businessDays: 0 });
    expect(contracts.daysToExpiry(day('2024-04-10'), day('2024-04-18'))).toEqual({ calendarDays: 8, businessDays: 4 });
    expect(contracts.daysToExpiry(day('2026-01-09'), day('2026-01-20'))).toEqual({ calendarDays: 11, businessDays: 7 });
    expect(contracts.daysToExpiry(day('2026-01-12'), day('2026-01-20'))).toEqual({ calendarDays: 8, businessDays: 5 });
  });

  test('settle at the close until July 2026 and at 15:35 after', () => {
    const at = (underlying: Underlying, expiry: string) =>
      clockText(contracts.expiryMoment({ underlying, expiry: day(expiry) }) ?? (0 as never));
    expect(at('NIFTY', '2026-07-28')).toBe('15:30:00.000');
    expect(at('SENSEX', '2026-08-13')).toBe('15:35:00.000');
    expect(at('MIDCPNIFTY', '2024-01-20')).toBe('15:30:00.000');
  });
});

describe('order sizes', () => {
  test('stay within the freeze quantity in whole lots', () => {
    const most = (underlying: Underlying, expiry: string, on: string) =>
      contracts.orderQuantityMax({ underlying, expiry: day(expiry), day: day(on) });
    expect(most('NIFTY', '2026-08-25', '2026-08-20')).toEqual({ quantity: 1755, lots: 27, sure: true });
    expect(most('NIFTY', '2025-01-30', '2025-01-20')).toEqual({ quantity: 1800, lots: 72, sure: true });
    expect(most('SENSEX', '2026-08-27', '2026-08-20')).toEqual({ quantity: 1000, lots: 50, sure: true });
  });

  test.each([
    ['NIFTY', '2021-07-30', 5000, false],
    ['NIFTY', '2021-08-02', 2800, true],
    ['NIFTY', '2022-11-01', 1800, true],
    ['BANKNIFTY', '2025-08-29', 600, true],
    ['BANKNIFTY', '2025-09-01', 900, true],
    ['BANKNIFTY', '2026-07-01', 600, true],
    ['FINNIFTY', '2026-01-30', 1200, true],
    ['FINNIFTY', '2026-02-01', 1800, true],
    ['MIDCPNIFTY', '2025-03-03', 4200, true],
    ['SENSEX', '2025-06-02', 1000, false],
  ] as const)('of %s on %s freeze above %d', (underlying, on, quantity, sure) => {
    expect(contracts.freezeQuantityOn(underlying, day(on))).toEqual({ quantity, sure });
  });

  test('are halved where the evidence ends', () => {
    expect(contracts.freezeQuantityOn('NIFTY', day('2026-08-22'))).toEqual({ quantity: 1800, sure: true });
    expect(contracts.freezeQuantityOn('NIFTY', day('2026-08-23'))).toEqual({ quantity: 900, sure: false });
  });
});

describe('strikes', () => {
  test('stand at the step of their index', () => {
    const steps = (['NIFTY', 'BANKNIFTY', 'FINNIFTY', 'MIDCPNIFTY', 'SENSEX', 'BANKEX'] as const).map(
      (one) => contracts.strikeStepOf(one) / 100,
    );
    expect(steps).toEqual([50, 100, 50, 25, 100, 100]);
  });

  test('stand wider apart in later months and long-dated contracts', () => {
    const on = day('2026-08-18');
    const step = (underlying: Underlying, expiry: string) =>
      contracts.strikeStepOn({ underlying, expiry: day(expiry), day: on }) / 100;
    expect([step('FINNIFTY', '2026-08-25'), step('FINNIFTY', '2026-09-29')]).toEqual([50, 100]);
    expect([step('NIFTY', '2026-09-15'), step('NIFTY', '2026-10-27'), step('NIFTY', '2026-12-29')]).toEqual([
      50, 50, 1000,
    ]);
    expect([step('BANKNIFTY', '2026-10-27'), step('BANKNIFTY', '2027-03-30')]).toEqual([100, 1500]);
  });
});

describe('price limits', () => {
  test('protect at NSE since 31 October 2022 and at BSE since April 2024', () => {
    expect(contracts.priceProtectionOn('NFO', day('2022-10-28'))).toBeUndefined();
    expect(contracts.priceProtectionOn('NFO', day('2022-10-31'))).toMatchObject({
      sure: true,
      value: { pct: 40, floor: 2000, upTo: 5000 },
    });
    expect(contracts.priceProtectionOn('BFO', day('2024-04-05'))).toBeUndefined();
    expect(contracts.priceProtectionOn('BFO', day('2025-11-28'))).toMatchObject({
      sure: false,
      value: { pct: 60, floor: 3000 },
    });
    expect(contracts.priceProtectionOn('BFO', day('2025-12-01'))).toMatchObject({
      sure: true,
      value: { pct: 40, floor: 2000 },
    });
    expect(contracts.priceProtectionOn('NFO', day('2026-09-01'))?.sure).toBe(false);
  });

  test('are a fixed distance to 50 rupees and a share above', () => {
    const room = { pct: 40, floor: paise(2000), upTo: paise(5000) };
    expect(bandOf(room, 5000)).toEqual({ low: 3000, high: 7000 });
    expect(bandOf(room, 5005)).toEqual({ low: 3005, high: 7005 });
    expect(bandOf(room, 1000)).toEqual({ low: 5, high: 3000 });
  });

  test('bind the limit of a stop to its trigger at BSE since January 2026', () => {
    expect(contracts.stopLimitRoomOn('BFO', day('2026-01-16'))).toBeUndefined();
    expect(contracts.stopLimitRoomOn('BFO', day('2026-01-19'))?.value).toEqual({ pct: 20, floor: 1000, upTo: 5000 });
    expect(contracts.stopLimitRoomOn('NFO', day('2026-01-19'))).toBeUndefined();
  });

  test('leave stop-market orders to the years before 2021 at NSE and 2023 at BSE', () => {
    expect([
      contracts.takesStopMarket('NFO', day('2021-09-24')),
      contracts.takesStopMarket('NFO', day('2021-09-27')),
    ]).toEqual([true, false]);
    expect([
      contracts.takesStopMarket('BFO', day('2023-09-29')),
      contracts.takesStopMarket('BFO', day('2023-10-31')),
    ]).toEqual([true, false]);
  });
});

describe('exchange files', () => {
  for (const month of ['2025-01', '2026-01', '2026-02']) {
    test(`of NSE in ${month} list the same expiries with the same lots`, (ctx) => {
      const path = requireShared(ctx, 'data', 'nse-fo-bhavcopy', `nse_fo_bhavcopy_index_${month}.csv.gz`);
      const seen = expiriesOfBhavcopy(gunzipSync(readFileSync(path)).toString());
      expect(seen.size).toBeGreaterThan(39);
      for (const [key, expiries] of seen) {
        const [on = '', name = ''] = key.split(' ');
        if (!isUnderlying(name)) continue;
        const facts = contracts.expiriesOn(day(on), name);
        expect([key, facts.map((fact) => `${fact.expiry} ${fact.lotSize}`)]).toEqual([key, [...expiries].sort()]);
      }
    });
  }

  test('of the BANKNIFTY chain in 2023 list the same expiries, at times without the furthest', (ctx) => {
    const folder = requireShared(ctx, 'data', 'nse-chain-eod-json');
    for (const file of readdirSync(folder).filter((name) => name.startsWith('BANKNIFTY_'))) {
      const text = gunzipSync(readFileSync(join(folder, file))).toString();
      const names = /"expiryDates":\[([^\]]*)\]/.exec(text)?.[1]?.replaceAll('"', '').split(',') ?? [];
      const facts = contracts.expiriesOn(day(file.slice(10, 20)), 'BANKNIFTY');
      const furthest = facts.at(-1)?.expiry;
      const shown = facts
        .map((fact) => fact.expiry)
        .filter((one) => one !== furthest || names.map(isoOf).includes(one));
      expect([file, shown]).toEqual([file, names.map(isoOf).sort()]);
    }
  });
});

/** `2025-01-01 NIFTY` to the set of `2025-01-30 25` that a bhavcopy lists. */
function expiriesOfBhavcopy(csv: string): ReadonlyMap<string, ReadonlySet<string>> {
  const lines = csv.split('\n');
  const header = lines[0]?.split(',') ?? [];
  const [date, kind, symbol, expiry, lot] = ['TradDt', 'FinInstrmTp', 'TckrSymb', 'XpryDt', 'NewBrdLotQty'].map(
    (name) => header.indexOf(name),
  );
  const seen = new Map<string, Set<string>>();
  for (const line of lines.slice(1)) {
    const cells = line.trim().split(',');
    if (cells[kind ?? -1] !== 'IDO') continue;
    const key = `${cells[date ?? -1]} ${cells[symbol ?? -1]}`;
    const set = seen.get(key) ?? new Set();
    seen.set(key, set.add(`${cells[expiry ?? -1]} ${cells[lot ?? -1]}`));
  }
  return seen;
}

/** `10-Aug-2023` as `2023-08-10`. */
function isoOf(text: string): string {
  const [dayOfMonth, name = '', year] = text.split('-');
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].indexOf(name) + 1;
  return `${year}-${String(month).padStart(2, '0')}-${dayOfMonth}`;
}
