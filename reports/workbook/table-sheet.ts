import type { Cell, CellRun, Chart, Plain, Row, Rule, Sheet, Style, Table } from './book.ts';
import type { Kind } from './cells.ts';
import { cell } from './cells.ts';
import { FORMAT, LOOK } from './style.ts';

/** One column of a table: its header and what it takes of a row. */
export interface Column<T> {
  readonly header: string;
  readonly kind: Kind;
  readonly of: (row: T) => Plain;
}

/** Widths never exceed this; what is longer is cut on screen and whole in the cell. */
const WIDTH_MAX = 40;
const WIDTH_MIN = 8;
/** Rows that widths are measured on, from the top and from the end. */
const MEASURED = 300;
const HEADER_HEIGHT = 32;

export interface TableSheetParts<T> {
  readonly name: string;
  readonly tab: string;
  readonly table: string;
  readonly columns: readonly Column<T>[];
  readonly list: readonly T[];
  /** Rows beyond so many stand in another file of the run alone. */
  readonly limit?: { readonly rows: number; readonly rest: string } | undefined;
  /** Rows that follow the table directly. */
  readonly after?: readonly Row[];
  readonly rules?: readonly Rule[];
  readonly charts?: readonly Chart[];
  /** Stands in the header's row, a free column after the table: the head of what is beside it. */
  readonly beside?: Cell | undefined;
  readonly page?: Partial<Sheet['page']>;
}

/** A sheet that is one table, its header in row 1. A table without rows has an empty one, as the format demands. */
export function tableSheet<T>(parts: TableSheetParts<T>): Sheet {
  const { columns, beside, limit } = parts;
  const more = limit === undefined ? 0 : Math.max(parts.list.length - limit.rows, 0);
  const list = more === 0 ? parts.list : parts.list.slice(0, -more);
  const after = [...(parts.after ?? []), ...(more === 0 ? [] : restNote(more, parts))];
  const table: Table = {
    name: parts.table,
    row: 1,
    column: 1,
    headers: columns.map(({ header }) => header),
    length: Math.max(list.length, 1),
  };
  return {
    name: parts.name,
    tab: parts.tab,
    widths: widthsOf(columns, list, after),
    rows: () => tableRows(columns, list, { after, beside }),
    heights: new Map([[1, HEADER_HEIGHT]]),
    merges: [],
    tables: [table],
    rules: parts.rules ?? [],
    charts: parts.charts ?? [],
    freeze: { rows: 1, columns: 1 },
    gridlines: true,
    page: { paper: 'A4', onePage: false, pagesWide: 1, repeatRows: 1, ...parts.page },
  };
}

function restNote<T>(more: number, { name, limit }: TableSheetParts<T>): readonly Row[] {
  const text = `${more} more ${name.toLowerCase()} stand in ${limit?.rest}`;
  return [[], [{ value: text, style: LOOK.subtitle }]];
}

/** The cells of a table's column, found by its header. */
export function columnRun(sheet: string, table: Table, header: string): CellRun {
  const at = table.headers.indexOf(header);
  if (at === -1) throw new Error(`table ${table.name} has no column ${header}`);
  return { sheet, column: table.column + at, first: table.row + 1, last: table.row + table.length };
}

/** The header cells of columns. */
export function headerCells(columns: readonly { readonly header: string; readonly kind: Kind }[]): readonly Cell[] {
  return columns.map(({ header, kind }) => ({ value: header, style: headerStyle(kind) }));
}

export function bodyCells<T>(columns: readonly Column<T>[], row: T): readonly (Cell | undefined)[] {
  return columns.map(({ kind, of }) => {
    const value = of(row);
    return value === null ? undefined : cell(kind, value);
  });
}

/** Characters that a cell takes on screen. */
export function textWidth({ value, style }: Cell): number {
  if (value === null) return 0;
  const scale = (style.size ?? 11) / 11;
  return Math.ceil(shownText(value, style).length * scale);
}

function* tableRows<T>(
  columns: readonly Column<T>[],
  list: readonly T[],
  { after, beside }: { readonly after: readonly Row[]; readonly beside: Cell | undefined },
): Iterable<Row> {
  yield beside === undefined ? headerCells(columns) : [...headerCells(columns), undefined, beside];
  for (const row of list) yield bodyCells(columns, row);
  if (list.length === 0) yield [];
  yield* after;
}

const RIGHT: ReadonlySet<Kind> = new Set([
  'count',
  'price',
  'ratio',
  'fine',
  'share',
  'money',
  'result',
  'signed-money',
  'signed-result',
]);
const CENTER: ReadonlySet<Kind> = new Set(['middle', 'date', 'time', 'flag']);

function headerStyle(kind: Kind): Style {
  if (RIGHT.has(kind)) return LOOK.headRight;
  return CENTER.has(kind) ? LOOK.headCenter : LOOK.head;
}

function widthsOf<T>(columns: readonly Column<T>[], list: readonly T[], after: readonly Row[]): readonly number[] {
  const measured = list.length <= MEASURED * 2 ? list : [...list.slice(0, MEASURED), ...list.slice(-MEASURED)];
  return columns.map(({ header, kind, of }, at) => {
    let widest = headerWidth(header);
    for (const row of measured) {
      const value = of(row);
      if (value !== null) widest = Math.max(widest, textWidth(cell(kind, value)));
    }
    for (const row of after) {
      const below = row[at];
      // A note under a table runs over its neighbours; only figures need the room.
      if (typeof below?.value === 'number') widest = Math.max(widest, textWidth(below));
    }
    return Math.min(Math.max(widest + 2, WIDTH_MIN), WIDTH_MAX);
  });
}

/** A header of several words may stand on two lines, and its filter button takes room. */
function headerWidth(header: string): number {
  const words = header.split(' ');
  const longest = Math.max(...words.map((word) => word.length));
  return Math.max(longest, words.length > 1 ? Math.ceil(header.length / 2) : 0) + 3;
}

function shownText(value: NonNullable<Plain>, { format }: Style): string {
  if (typeof value !== 'number') return String(value);
  if (format === FORMAT.date) return '01-Jan-25';
  if (format === FORMAT.time) return '01-Jan-25 09:20:01';
  if (format === FORMAT.count) return String(value);
  const digits = value.toFixed(2);
  const groups = Math.max(0, Math.ceil((digits.length - 6) / 2));
  return `${digits}${'x'.repeat(groups)}${format?.includes('₹') ? 'x' : ''}`;
}
