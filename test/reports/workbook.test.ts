import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../reports/report.ts';
import { buildReport } from '../../reports/report.ts';
import { cell, serialOf } from '../../reports/workbook/cells.ts';
import { eventsSheet } from '../../reports/workbook/order-sheets.ts';
import { moneyFormat } from '../../reports/workbook/style.ts';
import { bookOf, workbookOf } from '../../reports/workbook/workbook.ts';
import { instant, MONDAY, smallCard, smallJournal, smallMoney } from '../support/journal-fixtures.ts';
import { randomRun } from '../support/random-journal.ts';
import { repositoryRoot } from '../support/require-tools.ts';
import { isSoak } from '../support/soak.ts';
import { readBook } from '../support/xlsx-cells.ts';

const SHEETS = 'Summary Daily Monthly Trades Legs Orders Events Breakdown Drawdowns Costs Config Checks'.split(' ');
const report = buildReport(smallJournal(), smallMoney(), smallCard());
const bytes = await workbookOf(report);
const parts = unzipSync(bytes);
const text = (name: string): string => strFromU8(parts[name]!);

test('has the sheets of a run in their order, with frozen headers and filters on tables', () => {
  expect([...readBook(bytes).keys()]).toEqual(SHEETS);
  for (const at of [2, 4, 5, 6, 7, 9, 12]) {
    const sheet = text(`xl/worksheets/sheet${at}.xml`);
    expect(sheet).toContain('<pane xSplit="1" ySplit="1" topLeftCell="B2"');
    expect(sheet).toContain('orientation="landscape"');
    expect(sheet).toContain('fitToPage="1"');
    expect(sheet).toContain('<tableParts');
  }
  expect(text('xl/worksheets/sheet1.xml')).toContain('showGridLines="0"');
});

test('names its tables and gives each its true range', () => {
  const tables = Object.keys(parts).filter((name) => name.startsWith('xl/tables/'));
  const told = tables.map((name) => / name="(\w+)".* ref="([A-Z0-9:]+)"/.exec(text(name))?.slice(1, 3).join(' '));
  expect(told).toContain('tblTrades A1:AR6');
  expect(told).toContain('tblDaily A1:U3');
  expect(new Set(told).size).toBe(tables.length);
});

test('writes the columns of trades.csv first, numbers as numbers and Indian times as serials', () => {
  const trades = readBook(bytes).get('Trades')!;
  const row = (place: string): unknown => trades.get(place)?.value;
  expect(['A1', 'B1', 'C1', 'AD1', 'AE1'].map(row)).toEqual([
    'trade_id',
    'mode',
    'segment',
    'r_multiple',
    'structure_id',
  ]);
  expect(['A2', 'P2', 'U2', 'V2', 'X2', 'Y2', 'Z2'].map(row)).toEqual([
    1,
    100,
    131,
    'SL hit',
    -2_325,
    62.176552,
    -2387.176552,
  ]);
  // 6 January 2025, 09:20:01.400 in India
  expect(row('O2')).toBeCloseTo(45_663 + (9 * 3600 + 20 * 60 + 1.4) / 86_400, 9);
  expect(serialOf(instant(MONDAY, '09:20:01'))! * 86_400_000).toBeCloseTo(
    (45_663 + (9 * 3600 + 20 * 60 + 1) / 86_400) * 86_400_000,
    0,
  );
});

test('keeps all checks true and their engine figures free of formulas', () => {
  const checks = readBook(bytes).get('Checks')!;
  const rows = [...checks].filter(([place]) => /^E\d+$/.test(place) && place !== 'E1');
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.every(([, { formula, value }]) => formula && value === true)).toBe(true);
  for (const [place, { formula }] of checks) if (place.startsWith('C')) expect(formula).toBe(false);
});

test('Summary, Daily, Monthly and Costs add up by formulas', () => {
  const book = readBook(bytes);
  const formulas = (sheet: string): number => [...book.get(sheet)!.values()].filter(({ formula }) => formula).length;
  expect(formulas('Summary')).toBeGreaterThan(15);
  expect(formulas('Daily')).toBe(6);
  expect(formulas('Monthly')).toBeGreaterThan(4);
  expect(formulas('Costs')).toBeGreaterThan(30);
  expect(book.get('Summary')!.get('B6')).toEqual({ formula: true, value: 3_731.62 });
});

describe('number formats', () => {
  test('group as India does, keep the minus, and follow the size as it is rounded', () => {
    const style = { sign: '₹', decimals: 2 } as const;
    expect(moneyFormat(99_999.994, style)).toBe('"₹"#,##0.00;"-""₹"#,##0.00;"₹"0.00');
    expect(moneyFormat(-99_999.996, style)).toBe('"₹"##\\,##\\,##0.00;"-""₹"##\\,##\\,##0.00;"₹"0.00');
    expect(moneyFormat(1e7, { sign: '', decimals: 0 })).toBe('##\\,##\\,##\\,##0;"-"##\\,##\\,##\\,##0;0');
    expect(moneyFormat(1e9, { sign: '', decimals: 0 })).toBe('##\\,##\\,##\\,##\\,##0;"-"##\\,##\\,##\\,##\\,##0;0');
  });

  test('colour a loss red and a gain green, and nothing else', () => {
    expect([-1, 0, 1].map((value) => cell('result', value).style.colour)).toEqual(['B3261E', '1F2937', '0B7A4B']);
    expect(cell('money', -1).style.colour).toBe('1F2937');
  });
});

test('equal reports give equal bytes, also from another process, zone and locale', async () => {
  expect(
    Buffer.from(await workbookOf(buildReport(smallJournal(), smallMoney(), smallCard()))).equals(Buffer.from(bytes)),
  ).toBe(true);
  const program = join(repositoryRoot, `node_modules/.cache/workbook-hash-${process.pid}.mjs`);
  const entry = join(repositoryRoot, 'test/support/workbook-hash.ts');
  await build({
    entryPoints: [entry],
    outfile: program,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  try {
    const env = { ...process.env, TZ: 'America/New_York', LANG: 'de_DE.UTF-8', LC_ALL: 'C' };
    const hash = execFileSync(process.execPath, [program], { env, encoding: 'utf8' });
    expect(hash).toBe(createHash('sha256').update(bytes).digest('hex'));
  } finally {
    rmSync(program);
  }
});

test('carries no wall clock and no run id', () => {
  expect(text('docProps/core.xml')).toContain('2020-01-01T00:00:00Z');
  const year = new Date().getUTCFullYear();
  for (const name of Object.keys(parts).filter((part) => !part.includes('theme')))
    expect(text(name)).not.toContain(`${year}-`);
});

test('says SYNTHETIC on the first page and in the configuration of an invented market', async () => {
  const card = smallCard({ data: { ...smallCard().data, kind: 'synthetic' } });
  const book = readBook(await workbookOf(buildReport(smallJournal(), smallMoney(), card)));
  expect(String(book.get('Summary')!.get('B4')!.value)).toContain('SYNTHETIC');
  expect(book.get('Summary')!.get('B7')).toEqual({ formula: true, value: 3_731.62 });
  expect([...book.get('Config')!.values()].some(({ value }) => String(value).includes('SYNTHETIC'))).toBe(true);
});

test('cuts Events at its cap and names the file with the rest', () => {
  const rows = [...eventsSheet(report, 10).rows()];
  expect(rows).toHaveLength(13);
  expect(rows.at(-1)?.[0]?.value).toBe(`${report.events.length - 10} more events stand in events.csv`);
});

test('escapes what XML cannot hold and never writes a text as a formula', async () => {
  const odd = { ...report, events: [{ ...report.events[0]!, detail: '=1+1 <b> & "x" \u0001\ud800' }] } satisfies Report;
  const events = readBook(await workbookOf(odd)).get('Events')!;
  expect(events.get('J2')).toEqual({ formula: false, value: '=1+1 <b> & "x" ' });
});

test('writes 10,000 trades without running out of time', { timeout: 120_000 }, async () => {
  const run = randomRun({ days: isSoak ? 5_000 : 250, seed: 9 });
  const long = buildReport(run.records, run.money, run.card);
  const file = await workbookOf(long);
  expect(long.trades).toHaveLength(isSoak ? 10_000 : 500);
  expect(file.length).toBeLessThan(long.trades.length * 1_500);
  expect(bookOf(long).sheets).toHaveLength(SHEETS.length);
});
