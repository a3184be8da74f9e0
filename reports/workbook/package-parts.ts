import { strFromU8, unzipSync } from 'fflate';
import type { Book, Sheet, Style } from './book.ts';
import { cellName } from './book.ts';
import { chartXml } from './chart-xml.ts';
import { DRAWING_RELATION, drawingRelations, drawingTypes, drawingXml } from './drawing-xml.ts';
import { KeptRuns, Numbered, sheetPieces, stringsXml } from './sheet-xml.ts';
import { ZipFile } from './zip.ts';

/** Texts shared by all sheets; later ones stand in their cells, so that a long book needs little memory. */
const STRINGS_MAX = 50_000;

export interface PackParts {
  readonly book: Book;
  /** The book as the library lays it out: sheets without cells, and looks once they are all known. */
  readonly layOut: (styles: readonly Style[]) => Promise<Uint8Array>;
  readonly put: (piece: Uint8Array) => void;
}

/**
 * Puts our cells and charts into the parts that the library made, gives tables their lengths, and zips the whole with a fixed date. The
 * library's chance identifiers become counted ones. Sheets come first, since looks, texts and charts are known when their cells are.
 */
export function packBook({ book, layOut, put }: PackParts): Promise<void> {
  return layOut([]).then((bytes) => {
    const made = partsOf(bytes);
    const zip = new ZipFile(put);
    const styles = new Numbered<Style>();
    const strings = new Numbered<string>(STRINGS_MAX);
    const kept = new KeptRuns(book);
    const drawn = addDrawings(made, book);
    made.set('xl/workbook.xml', withPrintAreas(textOf(made, 'xl/workbook.xml'), book));
    zip.add('[Content_Types].xml', [taken(made, '[Content_Types].xml')]);
    for (const [at, sheet] of book.sheets.entries()) {
      const [head, tail] = aroundRows(taken(made, sheetPart(at)));
      zip.add(
        sheetPart(at),
        joined(head, sheetPieces(sheet, { styles, strings, keep: kept.keeperOf(sheet.name) }), tail),
      );
    }
    stretchTables(made, book);
    for (const [name, chart] of drawn)
      made.set(
        name,
        chartXml(chart, (run) => kept.read(run)),
      );
    made.set('xl/sharedStrings.xml', stringsXml(strings));
    return layOut(styles.list).then((again) => {
      made.set('xl/styles.xml', stylesXml(partsOf(again), styles.list.length));
      for (const name of [...made.keys()].sort()) zip.add(name, [taken(made, name)]);
      zip.finish();
    });
  });
}

type Parts = Map<string, string>;

function partsOf(bytes: Uint8Array): Parts {
  const files = Object.entries(unzipSync(bytes)).filter(([name]) => !name.endsWith('/'));
  return new Map(files.map(([name, content]) => [name, strFromU8(content)]));
}

function textOf(parts: ReadonlyMap<string, string>, name: string): string {
  const text = parts.get(name);
  if (text === undefined) throw new Error(`the workbook has no part ${name}`);
  return text;
}

function taken(parts: Parts, name: string): string {
  const text = textOf(parts, name);
  parts.delete(name);
  return text;
}

function sheetPart(at: number): string {
  return `xl/worksheets/sheet${at + 1}.xml`;
}

function* joined(head: string, rows: Iterable<string>, tail: string): Iterable<string> {
  yield head;
  yield* rows;
  yield tail;
}

/** What stands before and after the rows of a sheet. Its dimension is not known before the last row, and nobody needs it. */
function aroundRows(sheet: string): readonly [string, string] {
  const start = sheet.indexOf('<sheetData');
  const close = '</sheetData>';
  const end = sheet.includes(close) ? sheet.indexOf(close) + close.length : sheet.indexOf('/>', start) + 2;
  const head = countedIds(sheet.slice(0, start)).replace(/<dimension [^>]*\/>/, '');
  return [head, softened(countedIds(sheet.slice(end)))];
}

/** Adds the parts of drawings to the book and gives back the charts by the names of the parts that they are to have. */
function addDrawings(parts: Parts, book: Book): ReadonlyMap<string, Sheet['charts'][number]> {
  const charts = new Map<string, Sheet['charts'][number]>();
  let drawings = 0;
  for (const [at, sheet] of book.sheets.entries()) {
    if (sheet.charts.length === 0) continue;
    drawings += 1;
    parts.set(`xl/drawings/drawing${drawings}.xml`, drawingXml(sheet.charts));
    parts.set(`xl/drawings/_rels/drawing${drawings}.xml.rels`, drawingRelations(sheet.charts, charts.size + 1));
    for (const chart of sheet.charts) charts.set(`xl/charts/chart${charts.size + 1}.xml`, chart);
    addDrawing(parts, at, drawings);
  }
  const types = textOf(parts, '[Content_Types].xml');
  parts.set('[Content_Types].xml', types.replace('</Types>', `${drawingTypes(drawings, charts.size)}</Types>`));
  return charts;
}

const RELATIONS =
  '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>';
const OFFICE = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';

/** Ties a drawing to its sheet: a relationship beside those of its tables, and the element that follows the footer. */
function addDrawing(parts: Parts, sheet: number, drawing: number): void {
  const relations = `xl/worksheets/_rels/sheet${sheet + 1}.xml.rels`;
  const known = parts.get(relations) ?? `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${RELATIONS}`;
  const id = 'rIdDrawing';
  const entry = `<Relationship Id="${id}" Type="${DRAWING_RELATION}" Target="../drawings/drawing${drawing}.xml"/>`;
  parts.set(relations, known.replace('</Relationships>', `${entry}</Relationships>`));
  const xml = textOf(parts, sheetPart(sheet));
  parts.set(sheetPart(sheet), xml.replace('</headerFooter>', `</headerFooter><drawing ${OFFICE} r:id="${id}"/>`));
}

/** Names the ranges to print; the library writes a name of its own for each, which the format forbids. */
function withPrintAreas(workbook: string, book: Book): string {
  const names = book.sheets.flatMap(({ name, page }, at) => {
    if (page.areas === undefined) return [];
    const areas = page.areas.map((area) => `${name}!${area.replaceAll(/([A-Z]+)(\d+)/g, '$$$1$$$2')}`);
    return [`<definedName name="_xlnm.Print_Area" localSheetId="${at}">${areas.join(',')}</definedName>`];
  });
  return workbook.replace('<definedNames>', `<definedNames>${names.join('')}`);
}

function stretchTables(parts: Parts, book: Book): void {
  const tables = book.sheets.flatMap((sheet) => sheet.tables);
  for (const [at, table] of tables.entries()) {
    const part = `xl/tables/table${at + 1}.xml`;
    const from = cellName(table.row, table.column);
    const to = cellName(table.row + table.length, table.column + table.headers.length - 1);
    parts.set(part, textOf(parts, part).replaceAll(/ ref="[^"]*"/g, ` ref="${from}:${to}"`));
  }
}

function stylesXml(parts: ReadonlyMap<string, string>, count: number): string {
  return orderedStyles(textOf(parts, 'xl/styles.xml'), sampleNumbers(textOf(parts, sheetPart(0)), count));
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

/** Bars of losses would be a glaring red, which the library cannot change. */
function softened(xml: string): string {
  const colours = '<x14:negativeFillColor rgb="FFE3A39D"/><x14:axisColor rgb="FF9CA3AF"/>';
  return xml.replaceAll('</x14:dataBar>', `${colours}</x14:dataBar>`);
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
