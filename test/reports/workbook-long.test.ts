import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { buildReport } from '../../reports/report.ts';
import { exceljsWriter } from '../../reports/workbook/exceljs-writer.ts';
import { bookOf, workbookOf } from '../../reports/workbook/workbook.ts';
import { smallCard, smallJournal, smallMoney } from '../support/journal-fixtures.ts';
import { recalculated } from '../support/libre-office.ts';
import { randomRun } from '../support/random-journal.ts';
import { requireTool } from '../support/require-tools.ts';
import { isSoak } from '../support/soak.ts';
import { workbookFaults } from '../support/workbook-audit.ts';
import { readBook } from '../support/xlsx-cells.ts';

const small = buildReport(smallJournal(), smallMoney(), smallCard());

test('a book of 21,000 trades is sound and keeps its tables and charts', { timeout: 120_000 }, async () => {
  const trades = Array.from({ length: 21_000 }, (_, at) => ({ ...small.trades[at % 5]!, tradeId: at + 1 }));
  const bytes = await workbookOf({ ...small, trades });
  expect(workbookFaults(bytes)).toEqual([]);
  const names = Object.keys(unzipSync(bytes));
  expect(names.filter((name) => name.startsWith('xl/charts/'))).toHaveLength(11);
  const sheet = readBook(bytes).get('Trades')!;
  expect([sheet.get('A21001')?.value, sheet.get('Z21001')?.value, sheet.get('AR21001')?.value]).toEqual([
    21_000,
    (trades.at(-1)?.net ?? 0) / 1_000_000,
    'no',
  ]);
});

test('a text that comes after very many others stands in its own cell', { timeout: 120_000 }, async () => {
  const events = Array.from({ length: 60_000 }, (_, at) => ({
    ...small.events[0]!,
    seq: at + 1,
    detail: `no. ${at} <&>`,
  }));
  const bytes = await workbookOf({ ...small, events });
  const sheet = readBook(bytes).get('Events')!;
  expect([sheet.get('J2')?.value, sheet.get('J60001')?.value]).toEqual(['no. 0 <&>', 'no. 59999 <&>']);
});

test('a sheet that is full says where the rest is, and no formula counts over it', async () => {
  const pieces: Uint8Array[] = [];
  const cut = bookOf(small, 2);
  await exceljsWriter().write(cut, (piece) => void pieces.push(piece));
  const bytes = Buffer.concat(pieces);
  const whole = readBook(await workbookOf(small));
  const book = readBook(bytes);
  expect(workbookFaults(bytes)).toEqual([]);
  expect(book.get('Trades')?.get('A5')?.value).toBe('3 more trades stand in trades.csv');
  expect(book.get('Legs')?.get('A5')?.value).toBe('8 more legs stand in orders.jsonl');
  const formulas = cut.sheets.flatMap((sheet) => [...sheet.rows()].flat().flatMap((cell) => cell?.formula ?? []));
  expect(formulas.filter((formula) => /tblTrades|tblLegs|tblOrders|tblStructures/.test(formula))).toEqual([]);
  expect(formulas.filter((formula) => formula.includes('tblDaily')).length).toBeGreaterThan(10);
  // The figures are those of the whole run, and stand at their places.
  for (const [place, { value }] of whole.get('Costs')!) expect(book.get('Costs')?.get(place)?.value, place).toBe(value);
  expect([...book.get('Checks')!.values()].some(({ value }) => String(value).startsWith('Without checks over'))).toBe(
    true,
  );
});

test('LibreOffice counts 24,000 trades as the book does', { timeout: 600_000, skip: !isSoak }, async (ctx) => {
  const { records, money, card } = randomRun({ days: 300, seed: 21, perDay: 40 });
  const bytes = await workbookOf(buildReport(records, money, card));
  const [counted] = recalculated(requireTool(ctx, 'soffice'), [bytes]).map((one) => readBook(one).get('Checks')!);
  const holds = [...counted!].filter(([place]) => /^E\d+$/.test(place) && place !== 'E1');
  expect(holds.length).toBeGreaterThan(40);
  expect(holds.filter(([, { value }]) => value !== true)).toEqual([]);
});
