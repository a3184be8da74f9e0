import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../reports/report.ts';
import { buildReport } from '../../reports/report.ts';
import { exceljsWriter } from '../../reports/workbook/exceljs-writer.ts';
import { tradeColumns } from '../../reports/workbook/ledger-sheets.ts';
import { bookOf } from '../../reports/workbook/workbook.ts';
import { randomRun } from '../support/random-journal.ts';
import type { Sample } from './rounds.ts';
import { inFreshProcess, interleaved, peakMb, printTable } from './rounds.ts';

const TRADES = 100_000;

const VARIANTS = {
  stream: "exceljs's streaming writer, Trades alone, no looks",
  trades: 'our book, looks, tables, charts, long Trades',
  whole: 'our book, Legs, Orders and Events as long',
} as const;

type Variant = keyof typeof VARIANTS;

/** A workbook of 100,000 trades with every fixed column, against a stream of the same values without looks. */
export function benchWorkbook(folder: string, rounds: number): void {
  const sides = Object.entries(VARIANTS).map(([variant, name]) => ({
    name,
    once: () => inFreshProcess('workbook', [variant, folder]),
  }));
  printTable(`Workbook of ${TRADES} trades`, interleaved(sides, rounds));
}

/** One variant, its first run in this process; the library's loading and the rows of the report are not timed. */
export async function workbookPart([variant = '', folder = '']: readonly string[]): Promise<Sample> {
  mkdirSync(folder, { recursive: true });
  const scratch = mkdtempSync(join(folder, 'workbook-'));
  const file = join(scratch, 'report.xlsx');
  try {
    const report = longReport(variant as Variant);
    await import('exceljs');
    const [cpu, began] = [process.cpuUsage(), performance.now()];
    if (variant === 'stream') await streamed(report, file);
    else await written(report, file);
    const ms = performance.now() - began;
    const megabytes = (statSync(file).size / 1e6).toFixed(1);
    const answer = `${TRADES} trades of ${tradeColumns(report).length} columns, ${megabytes} MB`;
    return { ms, cpuMs: process.cpuUsage(cpu).user / 1_000, peakMb: peakMb(), answer };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function written(report: Report, path: string): Promise<void> {
  const file = openSync(path, 'w');
  await exceljsWriter().write(bookOf(report), (piece) => void writeSync(file, piece));
  closeSync(file);
}

async function streamed(report: Report, filename: string): Promise<void> {
  const { default: library } = await import('exceljs');
  const book = new library.stream.xlsx.WorkbookWriter({ filename, useSharedStrings: false, useStyles: false });
  const sheet = book.addWorksheet('Trades');
  const columns = tradeColumns(report);
  sheet.addRow(columns.map(({ header }) => header)).commit();
  for (const trade of report.trades) sheet.addRow(columns.map(({ of }) => of(trade))).commit();
  sheet.commit();
  await book.commit();
}

/** A small run of which the long lists are repeated, each row an object of its own with times and numbers of its own. */
function longReport(variant: Variant): Report {
  const { records, money, card } = randomRun({ days: 250, seed: 9 });
  const report = buildReport(records, money, card);
  const { trades, structures, fills, orders, events } = report;
  const long = {
    ...report,
    trades: repeated(trades, TRADES, (row, at) => ({ ...row, tradeId: at + 1, net: row.net + at })),
  };
  if (variant !== 'whole') return long;
  return {
    ...long,
    structures: repeated(structures, TRADES / 2, (row, at) => ({ ...row, net: row.net + at })),
    fills: repeated(fills, TRADES * 2, (row, at) => ({ ...row, fillId: at + 1 })),
    orders: repeated(orders, TRADES * 2, (row) => ({ ...row })),
    events: repeated(events, TRADES * 2, (row, at) => ({ ...row, seq: at + 1 })),
  };
}

function repeated<T>(rows: readonly T[], count: number, change: (row: T, at: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, at) => change(rows[at % rows.length] as T, at));
}
