/** Reads the cells of a workbook without the library that wrote it, and plants other values in it. */
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

export interface ReadCell {
  readonly formula: boolean;
  readonly value: number | string | boolean;
}

/** Cells by sheet and place. */
export type ReadBook = ReadonlyMap<string, ReadonlyMap<string, ReadCell>>;

export function readBook(bytes: Uint8Array): ReadBook {
  const parts = unzipSync(bytes);
  const text = (name: string): string => strFromU8(parts[name] ?? new Uint8Array());
  const strings = [...text('xl/sharedStrings.xml').matchAll(/<si>(.*?)<\/si>/gs)].map((match) => plain(match[1] ?? ''));
  const names = [...text('xl/workbook.xml').matchAll(/<sheet [^>]*name="([^"]*)"/g)].map((match) =>
    unescaped(match[1] ?? ''),
  );
  return new Map(names.map((name, at) => [name, cellsOf(text(`xl/worksheets/sheet${at + 1}.xml`), strings)]));
}

/** The same workbook with another value in one cell; its formula, if any, stays. */
export function withValue(
  bytes: Uint8Array,
  { sheet, place, value }: { readonly sheet: number; readonly place: string; readonly value: string },
): Uint8Array {
  const parts = unzipSync(bytes);
  const name = `xl/worksheets/sheet${sheet}.xml`;
  const xml = strFromU8(parts[name] ?? new Uint8Array());
  const pattern = new RegExp(`(<c r="${place}"[^>]*>(?:<f>[^<]*</f>)?<v>)[^<]*(</v>)`);
  if (!pattern.test(xml)) throw new Error(`sheet ${sheet} has no value at ${place}`);
  return zipSync({ ...parts, [name]: strToU8(xml.replace(pattern, `$1${value}$2`)) }, { level: 1 });
}

function cellsOf(xml: string, strings: readonly string[]): ReadonlyMap<string, ReadCell> {
  const cells = new Map<string, ReadCell>();
  let row = '';
  let column = 0;
  for (const [, rowNumber, attributes = '', body = ''] of xml.matchAll(
    /<row r="(\d+)"|<c((?: [^>]*?)?)(?:\/>|>(.*?)<\/c>)/gs,
  )) {
    if (rowNumber !== undefined) {
      row = rowNumber;
      column = 0;
      continue;
    }
    const named = / r="([A-Z]+)\d+"/.exec(attributes)?.[1];
    column = named === undefined ? column + 1 : columnNumber(named);
    const place = `${columnLetters(column)}${row}`;
    const value = /<v>(.*?)<\/v>/s.exec(body)?.[1] ?? /<is><t[^>]*>(.*?)<\/t>/s.exec(body)?.[1];
    if (value === undefined) continue;
    const kind = / t="(\w+)"/.exec(attributes)?.[1] ?? 'n';
    cells.set(place, { formula: /<f[ >/]/.test(body), value: shownValue(kind, value, strings) });
  }
  return cells;
}

function columnNumber(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

function columnLetters(number: number): string {
  const rest = Math.floor((number - 1) / 26);
  return `${rest > 0 ? columnLetters(rest) : ''}${String.fromCharCode(65 + ((number - 1) % 26))}`;
}

function shownValue(kind: string, text: string, strings: readonly string[]): number | string | boolean {
  if (kind === 'n') return Number(text);
  if (kind === 'b') return text === '1';
  return kind === 's' ? (strings[Number(text)] ?? '') : unescaped(text);
}

function plain(xml: string): string {
  return unescaped([...xml.matchAll(/<t[^>]*>(.*?)<\/t>/gs)].map((match) => match[1]).join(''));
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
