import type { Cell, Row, Sheet, Style } from './book.ts';
import { columnName } from './book.ts';

/** Gives equal things one number each, in the order in which they came. */
export class Numbered<T> {
  readonly #numbers = new Map<T, number>();
  #asked = 0;

  numberOf(thing: T): number {
    this.#asked += 1;
    const known = this.#numbers.get(thing);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(thing, number);
    return number;
  }

  get list(): readonly T[] {
    return [...this.#numbers.keys()];
  }

  /** How often numbers were asked for. */
  get asked(): number {
    return this.#asked;
  }
}

export interface SheetXmlParts {
  readonly styles: Numbered<Style>;
  readonly strings: Numbered<string>;
}

/** The rows of a sheet as they stand in its part of the file, with the lower right corner. */
export interface SheetXml {
  readonly data: Uint8Array;
  readonly rows: number;
  readonly columns: number;
}

const CHUNK = 65_536;

/**
 * Writes the rows of a sheet. Style 0 is the format's default, so that the first of ours is number 1.
 */
export function sheetXml(sheet: Sheet, parts: SheetXmlParts): SheetXml {
  const pieces: Uint8Array[] = [];
  let text = '<sheetData>';
  let rows = 0;
  let columns = 0;
  for (const row of sheet.rows()) {
    rows += 1;
    columns = Math.max(columns, row.length);
    text += rowXml(row, { ...parts, number: rows, height: sheet.heights.get(rows) });
    if (text.length < CHUNK) continue;
    pieces.push(Buffer.from(text, 'utf8'));
    text = '';
  }
  pieces.push(Buffer.from(`${text}</sheetData>`, 'utf8'));
  return { data: Buffer.concat(pieces), rows, columns };
}

interface RowParts extends SheetXmlParts {
  readonly number: number;
  readonly height: number | undefined;
}

function rowXml(row: Row, { number, height, styles, strings }: RowParts): string {
  const tall = height === undefined ? '' : ` ht="${height}" customHeight="1"`;
  let xml = `<row r="${number}"${tall}>`;
  for (let at = 0; at < row.length; at += 1) {
    const cell = row[at];
    if (cell === undefined) continue;
    xml += cellXml(cell, `${nameOf(at + 1)}${number}`, { styles, strings });
  }
  return `${xml}</row>`;
}

function cellXml({ value, formula, style }: Cell, place: string, { styles, strings }: SheetXmlParts): string {
  const start = `<c r="${place}" s="${styles.numberOf(style) + 1}"`;
  const calc = formula === undefined ? '' : `<f>${escaped(formula)}</f>`;
  if (value === null) return calc === '' ? `${start}/>` : `${start}>${calc}</c>`;
  if (typeof value === 'number') return `${start}>${calc}<v>${numberText(value)}</v></c>`;
  if (typeof value === 'boolean') return `${start} t="b">${calc}<v>${value ? 1 : 0}</v></c>`;
  if (calc !== '') return `${start} t="str">${calc}<v>${escaped(value)}</v></c>`;
  return `${start} t="s"><v>${strings.numberOf(value)}</v></c>`;
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

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`a cell cannot hold ${value}`);
  return String(value);
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

function escaped(text: string): string {
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
