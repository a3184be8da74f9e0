import type { Report } from '../report.ts';
import { dataBanner } from '../report.ts';
import type { Book, WorkbookWriter } from './book.ts';
import { breakdownSheet } from './breakdown-sheet.ts';
import { checksSheet } from './checks-sheet.ts';
import { exceljsWriter } from './exceljs-writer.ts';
import { legsSheet, tradesSheet } from './ledger-sheets.ts';
import { eventsSheet, ordersSheet } from './order-sheets.ts';
import { countedInFull, cutTables, ROWS_MAX } from './row-limit.ts';
import { configSheet, costsSheet } from './small-sheets.ts';
import { summaryNames, summarySheet } from './summary-sheet.ts';
import { dailySheet, drawdownsSheet, monthlySheet } from './time-sheets.ts';

/** The bytes of `report.xlsx`; equal reports give equal bytes. */
export function workbookOf(report: Report, writer: WorkbookWriter = exceljsWriter()): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  return writer.write(bookOf(report), (piece) => void pieces.push(piece)).then(() => Buffer.concat(pieces));
}

/** The sheets of a report in their order, none with more rows than it may have. */
export function bookOf(report: Report, rowsMax: number = ROWS_MAX): Book {
  const { run } = report;
  const names = run.strategies.map(({ name, segment }) => `${name}/${segment}`).join(', ');
  const banner = dataBanner(run);
  const book: Book = {
    title: `${run.mode} of ${names}, ${run.from} to ${run.to}`,
    subject: banner ?? 'Real candles',
    names: summaryNames(report),
    sheets: [
      summarySheet(report, rowsMax),
      dailySheet(report),
      monthlySheet(report),
      tradesSheet(report, rowsMax),
      legsSheet(report, rowsMax),
      ordersSheet(report, rowsMax),
      eventsSheet(report),
      breakdownSheet(report, rowsMax),
      drawdownsSheet(report),
      costsSheet(report),
      configSheet(report),
      checksSheet(report, rowsMax),
    ],
  };
  return countedInFull(book, cutTables(report, rowsMax));
}
