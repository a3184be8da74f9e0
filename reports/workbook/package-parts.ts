import { strFromU8, strToU8, unzipSync } from 'fflate';
import type { Book, Sheet } from './book.ts';
import { cellName } from './book.ts';
import type { Numbered, SheetXml } from './sheet-xml.ts';
import { stringsXml } from './sheet-xml.ts';
import { zip } from './zip.ts';

export interface PackParts {
  readonly book: Book;
  readonly sheets: readonly SheetXml[];
  readonly strings: Numbered<string>;
  readonly styleCount: number;
}

/**
 * Puts our cells into the parts that the library made, gives tables their lengths, and zips the whole with a fixed date. The library's
 * chance identifiers become counted ones.
 */
export function packBook(bytes: Uint8Array, { book, sheets, strings, styleCount }: PackParts): Uint8Array {
  const parts = new Map<string, Uint8Array>(Object.entries(unzipSync(bytes)));
  const text = (name: string): string => {
    const part = parts.get(name);
    if (part === undefined) throw new Error(`the workbook has no part ${name}`);
    return strFromU8(part);
  };
  const first = text('xl/worksheets/sheet1.xml');
  parts.set('xl/styles.xml', strToU8(orderedStyles(text('xl/styles.xml'), sampleNumbers(first, styleCount))));
  parts.set('xl/sharedStrings.xml', strToU8(stringsXml(strings)));
  let table = 0;
  book.sheets.forEach((sheet, at) => {
    const name = `xl/worksheets/sheet${at + 1}.xml`;
    const data = sheets[at];
    if (data !== undefined) parts.set(name, filledSheet(text(name), data));
    for (const made of sheet.tables) {
      table += 1;
      const part = `xl/tables/table${table}.xml`;
      parts.set(part, strToU8(stretchedTable(text(part), made)));
    }
  });
  const names = [...parts.keys()].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return zip(names.map((name) => ({ name, content: parts.get(name) ?? new Uint8Array() })));
}

/** Readers expect the list of content types first. */
function rank(name: string): number {
  return name === '[Content_Types].xml' ? 0 : 1;
}

/** The library's number of each of our looks, from the sample cells of row 1. */
function sampleNumbers(sheet: string, count: number): readonly number[] {
  const found = new Map<string, number>();
  for (const match of sheet.matchAll(/<c r="([A-Z]+1)"(?: s="(\d+)")?/g))
    found.set(match[1] ?? '', Number(match[2] ?? 0));
  return Array.from({ length: count }, (_, at) => found.get(cellName(1, at + 1)) ?? 0);
}

/** Reorders the cell formats so that our look n is number n + 1. */
function orderedStyles(styles: string, numbers: readonly number[]): string {
  const start = styles.indexOf('<cellXfs');
  const end = styles.indexOf('</cellXfs>');
  const formats = styles.slice(start, end).match(/<xf [^>]*?(?:\/>|>.*?<\/xf>)/gs) ?? [];
  const ordered = [formats[0] ?? '', ...numbers.map((number) => formats[number] ?? '')];
  return `${styles.slice(0, start)}<cellXfs count="${ordered.length}">${ordered.join('')}${styles.slice(end)}`;
}

function filledSheet(sheet: string, { data, rows, columns }: SheetXml): Uint8Array {
  const start = sheet.indexOf('<sheetData');
  const close = '</sheetData>';
  const end = sheet.indexOf(close) === -1 ? sheet.indexOf('/>', start) + 2 : sheet.indexOf(close) + close.length;
  const corner = cellName(Math.max(rows, 1), Math.max(columns, 1));
  const head = countedIds(sheet.slice(0, start)).replace(/<dimension ref="[^"]*"/, `<dimension ref="A1:${corner}"`);
  return Buffer.concat([strToU8(head), data, strToU8(softened(countedIds(sheet.slice(end))))]);
}

/** Bars of losses would be a glaring red, which the library cannot change. */
function softened(xml: string): string {
  const colours = '<x14:negativeFillColor rgb="FFE3A39D"/><x14:axisColor rgb="FF9CA3AF"/>';
  return xml.replaceAll('</x14:dataBar>', `${colours}</x14:dataBar>`);
}

function stretchedTable(xml: string, table: Sheet['tables'][number]): string {
  const from = cellName(table.row, table.column);
  const to = cellName(table.row + table.length, table.column + table.headers.length - 1);
  return xml.replaceAll(/ ref="[^"]*"/g, ` ref="${from}:${to}"`);
}

/** The same chance identifier becomes the same counted one; those after `uri=` name parts of the format and stay. */
function countedIds(xml: string): string {
  const ids = new Map<string, string>();
  return xml.replaceAll(/(?<!uri=")\{[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\}/gi, (id) => {
    const counted = ids.get(id) ?? `{00000000-0000-4000-8000-${String(ids.size + 1).padStart(12, '0')}}`;
    ids.set(id, counted);
    return counted;
  });
}
