import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readReference, referenceFolder } from '../../adapters/reference-files.ts';
import type { ReferenceFile } from '../../datasets/reference.ts';
import { REFERENCE_FILES, referenceOf, tablesOf } from '../../datasets/reference.ts';
import { expiriesByRule } from '../../engine/market/expiry-rules.ts';
import { UNDERLYINGS } from '../../engine/model/instrument.ts';
import { day, weekdayOf } from '../../engine/model/time.ts';

type Files = Record<ReferenceFile, Record<string, unknown>>;

function files(): Files {
  return Object.fromEntries(
    REFERENCE_FILES.map((name) => [name, JSON.parse(readFileSync(join(referenceFolder(), `${name}.json`), 'utf8'))]),
  ) as Files;
}

const tables = tablesOf(files());
const { calendar } = referenceOf(tables);

describe('the expiry table', () => {
  test.each(UNDERLYINGS)('of %s is what its weekday rules and the holidays give', (underlying) => {
    const rules = tables.contracts.rules.filter((rule) => rule.underlying === underlying);
    const until = day('2026-12-31');
    const ruled = expiriesByRule({ rules, calendar, from: calendar.firstDay, to: until });
    const rows = (tables.contracts.expiries.get(underlying) ?? []).filter((row) => row.expiry <= until);
    expect(rows.map((row) => ({ expiry: row.expiry, type: row.type, scheduled: row.scheduled ?? row.expiry }))).toEqual(
      ruled,
    );
  });

  test.each(UNDERLYINGS)('of %s has the lots of the lot table', (underlying) => {
    const lots = tables.contracts.lots.filter((row) => row.underlying === underlying);
    for (const row of tables.contracts.expiries.get(underlying) ?? []) {
      const fitting = lots.filter(
        ({ type, first, last }) => type === row.type && (first ?? '') <= row.expiry && row.expiry <= (last ?? '9999'),
      );
      expect([row.expiry, fitting.map((lot) => lot.lotSize)]).toEqual([row.expiry, [row.lotSize]]);
    }
  });

  test('rises and expires on sessions only', () => {
    for (const [underlying, rows] of tables.contracts.expiries) {
      const exchange = underlying === 'SENSEX' || underlying === 'BANKEX' ? 'BFO' : 'NFO';
      const days = rows.map((row) => row.expiry);
      expect([...new Set(days)].sort()).toEqual(days);
      expect(days.filter((one) => calendar.sessionOn(one, exchange) === undefined)).toEqual([]);
    }
  });

  test('holds every date that a revision moved to, or one that it moved to later', () => {
    for (const { underlyings, moved } of tables.contracts.revisions) {
      for (const [before, after] of moved) {
        expect(before).not.toBe(after);
        expect(weekdayOf(after)).toBeLessThan(6);
        for (const underlying of underlyings) {
          const dated = tables.contracts.revisions
            .filter((one) => one.underlyings.includes(underlying))
            .flatMap((one) => [...one.moved.keys()]);
          const days = (tables.contracts.expiries.get(underlying) ?? []).map((row) => row.expiry);
          expect([...days, ...dated]).toContain(after);
        }
      }
    }
  });
});

describe('files', () => {
  test('give each row a source', () => {
    const rows = REFERENCE_FILES.flatMap((name) => Object.values(files()[name]))
      .filter(Array.isArray)
      .flat();
    expect(rows.length).toBeGreaterThan(350);
    expect(rows.filter((row) => typeof row.source !== 'string' || row.source === '')).toEqual([]);
  });

  test.each([
    ['sessions', { firstDay: '2019-02-30' }, 'datasets/reference/sessions.json: firstDay a day reads YYYY-MM-DD'],
    ['holidays', { extra: 1 }, 'datasets/reference/holidays.json:  Unrecognized key: "extra"'],
    [
      'charges',
      { brokerage: [{ from: '2019-01-01', paisePerOrder: 20.5, sure: true, source: 'x' }] },
      'brokerage.0.paisePerOrder',
    ],
    ['expiries', { rows: { NIFTY: [{ expiry: '2019-01-31' }] } }, 'rows.NIFTY.0 has expiry, type, lotSize'],
  ] as const)('of a wrong shape are refused: %s', (name, change, message) => {
    const wrong = files();
    wrong[name] = { ...wrong[name], ...change };
    expect(() => tablesOf(wrong)).toThrow(message);
  });

  test('are found beside the program', () => {
    expect(readReference().calendar.verifiedUntil).toBe('2026-08-22');
    expect(() => readReference('/no/such/folder')).toThrow('ENOENT');
  });
});
