import type { Report } from '../report.ts';
import type { Book, Row } from './book.ts';

/** A sheet has room for 1,048,576 rows, of which a header and a note need some. */
export const ROWS_MAX = 1_048_000;

/** Names of the tables that do not hold all of their rows. */
export function cutTables({ trades, fills, orders, structures }: Report, rowsMax: number): readonly string[] {
  const lengths = { tblTrades: trades, tblLegs: fills, tblOrders: orders, tblStructures: structures };
  return Object.entries(lengths).flatMap(([name, rows]) => (rows.length > rowsMax ? [name] : []));
}

/** The same book, in which what would be counted over a cut table is a number: it is true of all rows, and the table no longer is. */
export function countedInFull(book: Book, cut: readonly string[]): Book {
  if (cut.length === 0) return book;
  const sheets = book.sheets.map((sheet) => ({ ...sheet, rows: () => withoutFormulas(sheet.rows(), cut) }));
  return { ...book, sheets };
}

function* withoutFormulas(rows: Iterable<Row>, cut: readonly string[]): Iterable<Row> {
  for (const row of rows)
    yield row.map((cell) =>
      cell?.formula !== undefined && cut.some((name) => cell.formula?.includes(name))
        ? { value: cell.value, style: cell.style }
        : cell,
    );
}
