import type { Report } from '../report.ts';
import { dataBanner } from '../report.ts';
import type { Book, WorkbookWriter } from './book.ts';
import { breakdownSheet } from './breakdown-sheet.ts';
import { checksSheet } from './checks-sheet.ts';
import { exceljsWriter } from './exceljs-writer.ts';
import { legsSheet, tradesSheet } from './ledger-sheets.ts';
import { eventsSheet, ordersSheet } from './order-sheets.ts';
import { configSheet, costsSheet } from './small-sheets.ts';
import { summaryNames, summarySheet } from './summary-sheet.ts';
import { dailySheet, drawdownsSheet, monthlySheet } from './time-sheets.ts';

/** The bytes of `report.xlsx`; equal reports give equal bytes. */
export function workbookOf(report: Report, writer: WorkbookWriter = exceljsWriter()): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  return writer.write(bookOf(report), (piece) => void pieces.push(piece)).then(() => Buffer.concat(pieces));
}

/** The sheets of a report in their order. */
export function bookOf(report: Report): Book {
  const { run } = report;
  const names = run.strategies.map(({ name, segment }) => `${name}/${segment}`).join(', ');
  const banner = dataBanner(run);
  return {
    title: `${run.mode} of ${names}, ${run.from} to ${run.to}`,
    subject: banner ?? 'Real candles',
    names: summaryNames(report),
    sheets: [
      summarySheet(report),
      dailySheet(report),
      monthlySheet(report),
      tradesSheet(report),
      legsSheet(report),
      ordersSheet(report),
      eventsSheet(report),
      breakdownSheet(report),
      drawdownsSheet(report),
      costsSheet(report),
      configSheet(report),
      checksSheet(report),
    ],
  };
}
