/** What a workbook holds, free of any library: sheets of cells with tables, rules and page settings. */
export interface Book {
  readonly title: string;
  readonly subject: string;
  readonly sheets: readonly Sheet[];
  /** Cells that formulas elsewhere may call by name, such as `Summary!$B$7`. */
  readonly names: readonly { readonly name: string; readonly cell: string }[];
}

/** Turns a book into a file, handed on piece by piece, so that a long one is never held whole. */
export interface WorkbookWriter {
  write(book: Book, put: (piece: Uint8Array) => void): Promise<void>;
}

export type Plain = number | string | boolean | null;

/** A value, or a formula with the value it has now. */
export interface Cell {
  readonly value: Plain;
  readonly formula?: string;
  readonly style: Style;
}

/** One object stands for one look; equal looks share one object. Colours are RRGGBB. */
export interface Style {
  readonly font?: string;
  readonly size?: number;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly colour?: string;
  readonly fill?: string;
  readonly align?: 'left' | 'center' | 'right';
  readonly middle?: boolean;
  readonly wrap?: boolean;
  readonly indent?: number;
  readonly format?: string;
  readonly edge?: 'under' | 'over' | 'tile-top' | 'tile-side' | 'tile-bottom';
  /** A white stripe at the right, which parts it from its neighbour. */
  readonly gap?: boolean;
}

export type Row = readonly (Cell | undefined)[];

/** A named range with headers and filters; its cells stand in the rows of the sheet. Rows and columns count from 1. */
export interface Table {
  readonly name: string;
  readonly row: number;
  readonly column: number;
  readonly headers: readonly string[];
  /** Rows below the header, at least one. */
  readonly length: number;
}

/** A look that depends on values. */
export type Rule =
  | { readonly kind: 'data-bar'; readonly range: string }
  /** From loss over white at zero to gain, equally far on both sides. */
  | { readonly kind: 'three-colours'; readonly range: string; readonly limit: number }
  | { readonly kind: 'red-if-false'; readonly range: string };

/** Cells of one column, from one row to another. */
export interface CellRun {
  readonly sheet: string;
  readonly column: number;
  readonly first: number;
  readonly last: number;
}

/** Values drawn over others; what a chart keeps of them is read from the cells as they are written. */
export interface Series {
  readonly name: string;
  readonly plot: 'area' | 'columns' | 'stacked' | 'line' | 'points';
  readonly x: CellRun;
  readonly y: CellRun;
  /** Null leaves a place free, as under a floating bar. */
  readonly colour: string | null;
  /** Colour of values below zero; without it they look like the others. */
  readonly below?: string;
  /** Opaque share in per cent; 100 where absent. */
  readonly opacity?: number;
}

/** What an axis measures; the title says the unit. */
export interface Axis {
  readonly title: string;
  readonly kind: 'money' | 'count' | 'date' | 'text';
}

export interface Chart {
  readonly title: string;
  /** What it shows, in words, for those who cannot see it. */
  readonly alt: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly legend: boolean;
  /** Upper left cell, and size in pixels. */
  readonly place: { readonly row: number; readonly column: number; readonly width: number; readonly height: number };
}

export interface Sheet {
  readonly name: string;
  readonly tab: string;
  /** Width of each column in characters. */
  readonly widths: readonly number[];
  /** Rows from the first; made anew at each call, so that a long sheet is never held as cells. */
  readonly rows: () => Iterable<Row>;
  readonly heights: ReadonlyMap<number, number>;
  readonly merges: readonly string[];
  readonly tables: readonly Table[];
  readonly rules: readonly Rule[];
  readonly charts: readonly Chart[];
  readonly freeze: { readonly rows: number; readonly columns: number } | null;
  readonly gridlines: boolean;
  readonly page: {
    readonly paper: 'A4' | 'A3';
    readonly onePage: boolean;
    /** Pages across; every page repeats the first column. */
    readonly pagesWide: number;
    readonly repeatRows: number;
    /** Ranges to print, each on pages of its own; all that is used where absent. */
    readonly areas?: readonly string[];
  };
}

/** `A`, `Z`, `AA`. */
export function columnName(column: number): string {
  const rest = Math.floor((column - 1) / 26);
  return `${rest > 0 ? columnName(rest) : ''}${String.fromCharCode(65 + ((column - 1) % 26))}`;
}

export function cellName(row: number, column: number): string {
  return `${columnName(column)}${row}`;
}

/** `Daily!$A$2:$A$40`, as charts and names refer to cells. */
export function runName({ sheet, column, first, last }: CellRun): string {
  const name = columnName(column);
  const quoted = /^[A-Za-z_]+$/.test(sheet) ? sheet : `'${sheet.replaceAll("'", "''")}'`;
  return `${quoted}!$${name}$${first}:$${name}$${last}`;
}
