/** What a workbook holds, free of any library: sheets of cells with tables, rules and page settings. */
export interface Book {
  readonly title: string;
  readonly subject: string;
  readonly sheets: readonly Sheet[];
  /** Cells that formulas elsewhere may call by name, such as `Summary!$B$7`. */
  readonly names: readonly { readonly name: string; readonly cell: string }[];
}

/** Turns a book into the bytes of a file. */
export interface WorkbookWriter {
  write(book: Book): Promise<Uint8Array>;
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
  | { readonly kind: 'three-colours'; readonly range: string }
  | { readonly kind: 'red-if-false'; readonly range: string };

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
  readonly freeze: { readonly rows: number; readonly columns: number } | null;
  readonly gridlines: boolean;
  readonly page: {
    readonly paper: 'A4' | 'A3';
    readonly onePage: boolean;
    /** Pages across; every page repeats the first column. */
    readonly pagesWide: number;
    readonly repeatRows: number;
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
