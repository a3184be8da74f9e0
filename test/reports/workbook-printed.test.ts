import { execFileSync } from 'node:child_process';
import { strFromU8, unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { buildReport } from '../../reports/report.ts';
import { bookOf, workbookOf } from '../../reports/workbook/workbook.ts';
import { smallCard, smallJournal, smallMoney } from '../support/journal-fixtures.ts';
import { printed, recalculated } from '../support/libre-office.ts';
import { randomRun } from '../support/random-journal.ts';
import { requireTool } from '../support/require-tools.ts';

const run = randomRun({ days: 40, seed: 3 });
const report = buildReport(run.records, run.money, run.card);
const quiet = buildReport(
  smallJournal().filter(({ kind }) => kind.startsWith('session-')),
  { ...smallMoney(), agents: [], ts: new Float64Array() },
  smallCard(),
);

test('LibreOffice prints every chart with its titles, and keeps the cells that each is drawn of', {
  timeout: 300_000,
}, async (ctx) => {
  const soffice = requireTool(ctx, 'soffice');
  const pdftotext = requireTool(ctx, 'pdftotext');
  const books = [await workbookOf(report), await workbookOf(quiet)];
  const [full = '', empty = ''] = printed(soffice, books).map((bytes) =>
    execFileSync(pdftotext, ['-', '-'], { input: bytes, encoding: 'utf8', maxBuffer: 1 << 26 }).replaceAll('\f', '\n'),
  );
  const charts = bookOf(report).sheets.flatMap((sheet) => sheet.charts);
  expect(charts).toHaveLength(11);
  for (const { title } of charts) expect(full.split('\n'), title).toContain(title);
  // Summary and Daily both draw equity; each label stands at its own chart.
  expect(full.split('\n').filter((line) => line === 'Equity: net to date, and drawdown (₹)')).toHaveLength(2);
  for (const axis of ['Session day', 'Exit reason', 'Worst open result, MAE (₹)', 'Hour of entry, IST'])
    expect(full.split('\n'), axis).toContain(axis);
  expect(full).toMatch(/\d\.\d\dL/);
  expect(empty).not.toContain('Distribution of the net of structures');
  expect(empty).toContain('Net of each day (₹)');

  const [kept] = recalculated(soffice, books.slice(0, 1));
  expect(rangesOf(kept!)).toEqual(rangesOf(books[0]!));
});

/** Cells that the charts of a book refer to, each once, whatever names its parts have. */
function rangesOf(bytes: Uint8Array): readonly string[] {
  const charts = Object.entries(unzipSync(bytes)).filter(([name]) => /^xl\/charts\/chart\d+\.xml$/.test(name));
  const found = charts.flatMap(([, part]) =>
    [...strFromU8(part).matchAll(/<c:f>([^<]*)<\/c:f>/g)].map((match) => match[1] ?? ''),
  );
  expect(found.length).toBeGreaterThan(20);
  return [...new Set(found.map((range) => range.replaceAll("'", '')).filter((range) => range.includes(':')))].sort();
}
