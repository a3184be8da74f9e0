import type { Book, Cell, CellRun, Plain, Row, Sheet, Style } from './book.ts';
import { columnName, runName } from './book.ts';
import { numberText } from './number-text.ts';

/** Gives equal things one number each, in the order in which they came. */
export class Numbered<T> {
  readonly #numbers = new Map<T, number>();
  readonly #max: number;
  #asked = 0;

  constructor(max: number = Number.POSITIVE_INFINITY) {
    this.#max = max;
  }

  /** Its number, or undefined for a new one when there are too many already. */
  numberOf(thing: T): number | undefined {
    const known = this.#numbers.get(thing);
    if (known === undefined && this.#numbers.size >= this.#max) return undefined;
    this.#asked += 1;
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(thing, number);
    return number;
  }

  get list(): readonly T[] {
    return [...this.#numbers.keys()];
  }

  /** How often numbers were given. */
  get asked(): number {
    return this.#asked;
  }
}

/** What the cells that charts refer to held, kept while the sheets are written. */
export class KeptRuns {
  readonly #runs = new Map<string, { readonly run: CellRun; readonly values: Plain[] }>();

  constructor(book: Book) {
    for (const { x, y } of book.sheets.flatMap(({ charts }) => charts.flatMap(({ series }) => series))) {
      for (const run of [x, y])
        this.#runs.set(runName(run), { run, values: new Array<Plain>(run.last - run.first + 1).fill(null) });
    }
  }

  /** Takes the cells of a row that are looked for. */
  keeperOf(sheet: string): (row: Row, number: number) => void {
    const own = [...this.#runs.values()].filter(({ run }) => run.sheet === sheet);
    return (row, number) => {
      for (const { run, values } of own) {
        if (number < run.first || number > run.last) continue;
        values[number - run.first] = row[run.column - 1]?.value ?? null;
      }
    };
  }

  read(run: CellRun): readonly Plain[] {
    const kept = this.#runs.get(runName(run));
    if (kept === undefined) throw new Error(`nobody asked for the cells ${runName(run)}`);
    return kept.values;
  }
}

export interface SheetXmlParts {
  readonly styles: Numbered<Style>;
  readonly strings: Numbered<string>;
}

const CHUNK = 4_096;
/**
 * Tables longer than this leave out the names of their cells, which are optional and unlike in every row: the file is a third as large.
 * Shorter ones keep them for simple readers.
 */
const NAMED_MAX = 1_000;

/**
 * The rows of a sheet as they stand in its part of the file, in pieces. Style 0 is the format's default, so that the first of ours is
 * number 1.
 */
export function* sheetPieces(
  sheet: Sheet,
  parts: SheetXmlParts & { readonly keep: (row: Row, number: number) => void },
): Iterable<string> {
  let text = '<sheetData>';
  let number = 0;
  const named = sheet.tables.every(({ length }) => length <= NAMED_MAX);
  for (const row of sheet.rows()) {
    number += 1;
    parts.keep(row, number);
    text += rowXml(row, { ...parts, number, named, height: sheet.heights.get(number) });
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  yield `${text}</sheetData>`;
}

interface RowParts extends SheetXmlParts {
  readonly number: number;
  readonly named: boolean;
  readonly height: number | undefined;
}

function rowXml(row: Row, { number, named, height, styles, strings }: RowParts): string {
  const tall = height === undefined ? '' : ` ht="${height}" customHeight="1"`;
  let xml = `<row r="${number}"${tall}>`;
  let free = '';
  for (let at = 0; at < row.length; at += 1) {
    const cell = row[at];
    if (cell === undefined) {
      // Without names, a cell's place is the one after its neighbour.
      if (!named) free += '<c/>';
      continue;
    }
    xml += free + cellXml(cell, named ? ` r="${nameOf(at + 1)}${number}"` : '', { styles, strings });
    free = '';
  }
  return `${xml}</row>`;
}

function cellXml({ value, formula, style }: Cell, place: string, { styles, strings }: SheetXmlParts): string {
  const start = `<c${place} s="${(styles.numberOf(style) ?? 0) + 1}"`;
  if (formula === undefined && typeof value === 'number') return `${start}><v>${numberText(value)}</v></c>`;
  const calc = formula === undefined ? '' : `<f>${escaped(formula)}</f>`;
  if (value === null) return calc === '' ? `${start}/>` : `${start}>${calc}</c>`;
  if (typeof value === 'number') return `${start}>${calc}<v>${numberText(value)}</v></c>`;
  if (typeof value === 'boolean') return `${start} t="b">${calc}<v>${value ? 1 : 0}</v></c>`;
  if (calc !== '') return `${start} t="str">${calc}<v>${escaped(value)}</v></c>`;
  const shared = strings.numberOf(value);
  if (shared !== undefined) return `${start} t="s"><v>${numberText(shared)}</v></c>`;
  return `${start} t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`;
}

/** Columns are named over and over again. */
const NAMES: string[] = [];

function nameOf(column: number): string {
  const known = NAMES[column];
  if (known !== undefined) return known;
  const name = columnName(column);
  NAMES[column] = name;
  return name;
}

/** The table of shared strings. */
export function stringsXml(strings: Numbered<string>): string {
  const list = strings.list;
  const items = list.map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`).join('');
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const names = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  return `${head}<sst ${names} count="${strings.asked}" uniqueCount="${list.length}">${items}</sst>`;
}

const SPECIAL = /[&<>"]/;

/** Text as XML holds it, without characters that it cannot hold. */
export function escaped(text: string): string {
  const clean = holdsUnwritable(text) ? [...text].filter(isWritable).join('') : text;
  if (!SPECIAL.test(clean)) return clean;
  return clean.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function holdsUnwritable(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || unit >= 0xd800) return true;
  }
  return false;
}

/** Whether XML can hold a character; a reason from outside might bring others. */
function isWritable(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return code === 9 || code === 10 || code === 13;
  return (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff;
}
