import type ExcelJS from 'exceljs';
import type { Book, Rule, Sheet, Style, WorkbookWriter } from './book.ts';
import { cellName } from './book.ts';
import { packBook } from './package-parts.ts';
import { COLOUR, FONT } from './style.ts';

/** Documents carry this day, so that equal books are equal files. */
const FIXED_DATE_MS = Date.UTC(2020, 0, 1);

/**
 * Writes books with exceljs. The library lays out styles, tables, rules, pages and names; the cells go into its sheets as text of our
 * own, since it needs 7.6 s and 1.6 GB for 100,000 rows and stamps its zip with the time of day, and so do the charts, which it lacks.
 */
export function exceljsWriter(): WorkbookWriter {
  return {
    write: (book, put) =>
      import('exceljs').then(({ default: library }) => {
        const options = { useSharedStrings: true, zip: { compression: 'STORE' } } as Partial<ExcelJS.XlsxWriteOptions>;
        const layOut = (styles: readonly Style[]): Promise<Uint8Array> =>
          laidOut(book, new library.Workbook(), styles)
            .xlsx.writeBuffer(options)
            .then((bytes) => new Uint8Array(bytes));
        return packBook({ book, layOut, put });
      }),
  };
}

function laidOut(book: Book, workbook: ExcelJS.Workbook, styles: readonly Style[]): ExcelJS.Workbook {
  const fixed = new Date(FIXED_DATE_MS);
  Object.assign(workbook, {
    creator: 'sim',
    lastModifiedBy: 'sim',
    created: fixed,
    modified: fixed,
    ...properties(book),
  });
  // Spreadsheets are asked to count anew when they open the file; the values in it are those of the run.
  workbook.calcProperties.fullCalcOnLoad = true;
  for (const sheet of book.sheets) addSheet(workbook, sheet);
  const samples = workbook.worksheets[0];
  // One cell a look, in a row that packing throws away: from it the library's numbers of the looks are read.
  styles.forEach((style, at) => {
    const cell = samples?.getCell(1, at + 1);
    if (cell !== undefined) Object.assign(cell, { value: 'x', style: excelStyle(style) });
  });
  for (const { name, cell } of book.names) workbook.definedNames.add(cell, name);
  return workbook;
}

function properties({ title, subject }: Book): Partial<ExcelJS.Workbook> {
  return { title, subject, company: '', category: 'Trading report', description: '', keywords: '', manager: '' };
}

const PAPER = { A4: 9, A3: 8 } as const;

function addSheet(workbook: ExcelJS.Workbook, sheet: Sheet): void {
  const { freeze, gridlines, page, tab } = sheet;
  const view = { showGridLines: gridlines, zoomScale: 100 };
  const worksheet = workbook.addWorksheet(sheet.name, {
    properties: { tabColor: { argb: `FF${tab}` }, defaultRowHeight: 15 },
    views: [freeze === null ? view : { ...view, state: 'frozen', xSplit: freeze.columns, ySplit: freeze.rows }],
    pageSetup: {
      paperSize: PAPER[page.paper] as ExcelJS.PaperSize,
      orientation: page.onePage ? 'portrait' : 'landscape',
      fitToPage: true,
      fitToWidth: page.pagesWide,
      fitToHeight: page.onePage ? 1 : 0,
      horizontalCentered: true,
      margins: { left: 0.4, right: 0.4, top: 0.5, bottom: 0.6, header: 0.25, footer: 0.3 },
      ...(page.repeatRows > 0 ? { printTitlesRow: `1:${page.repeatRows}` } : {}),
      ...(page.pagesWide > 1 ? { printTitlesColumn: 'A:A' } : {}),
    },
    headerFooter: { oddFooter: '&L&A&C&F&RPage &P of &N' },
  });
  worksheet.columns = sheet.widths.map((width) => ({ width }));
  for (const range of sheet.merges) worksheet.mergeCells(range);
  for (const table of sheet.tables) addTable(worksheet, table);
  for (const rule of sheet.rules) addRule(worksheet, rule);
}

/** The library fills a table with rows of its own; one is enough, since packing gives the range its true length. */
function addTable(worksheet: ExcelJS.Worksheet, table: Sheet['tables'][number]): void {
  worksheet.addTable({
    name: table.name,
    ref: cellName(table.row, table.column),
    headerRow: true,
    style: { theme: 'TableStyleLight1', showRowStripes: true },
    columns: table.headers.map((name) => ({ name, filterButton: true })),
    rows: [table.headers.map(() => null)],
  });
}

function addRule(worksheet: ExcelJS.Worksheet, rule: Rule): void {
  worksheet.addConditionalFormatting({ ref: rule.range, rules: [excelRule(rule)] });
}

function excelRule(rule: Rule): ExcelJS.ConditionalFormattingRule {
  switch (rule.kind) {
    case 'data-bar': {
      const bar = {
        type: 'dataBar',
        priority: 1,
        cfvo: [{ type: 'min' }, { type: 'max' }],
        color: { argb: 'FF7FB8A4' },
        gradient: false,
        minLength: 0,
        maxLength: 100,
      };
      return bar as unknown as ExcelJS.ConditionalFormattingRule;
    }
    case 'three-colours':
      return {
        type: 'colorScale',
        priority: 1,
        cfvo: [-rule.limit, 0, rule.limit].map((value) => ({ type: 'num' as const, value })),
        color: [{ argb: 'FFF2A65A' }, { argb: 'FFFFFFFF' }, { argb: 'FF7FB1DE' }],
      };
    case 'red-if-false':
      return {
        type: 'cellIs',
        priority: 1,
        operator: 'equal',
        formulae: ['FALSE'],
        style: {
          font: { bold: true, color: { argb: `FF${COLOUR.white}` } },
          fill: { type: 'pattern', pattern: 'solid', bgColor: { argb: `FF${COLOUR.loss}` } },
        },
      };
    default:
      throw new Error(`nobody draws ${JSON.stringify(rule)}`);
  }
}

function excelStyle(style: Style): Partial<ExcelJS.Style> {
  const { fill, format, edge, gap } = style;
  return {
    font: {
      name: style.font ?? FONT,
      size: style.size ?? 11,
      bold: style.bold ?? false,
      italic: style.italic ?? false,
      color: { argb: `FF${style.colour ?? COLOUR.ink}` },
    },
    alignment: {
      horizontal: style.align ?? 'left',
      vertical: style.middle ? 'middle' : style.wrap ? 'top' : 'bottom',
      wrapText: style.wrap ?? false,
      ...(style.indent === undefined ? {} : { indent: style.indent }),
    },
    ...(fill === undefined ? {} : { fill: { type: 'pattern', pattern: 'solid', fgColor: { argb: `FF${fill}` } } }),
    ...(format === undefined ? {} : { numFmt: format }),
    ...(edge === undefined && gap === undefined ? {} : { border: borderOf(style) }),
  };
}

function borderOf({ edge, gap }: Style): Partial<ExcelJS.Borders> {
  const thin = { style: 'thin', color: { argb: `FF${COLOUR.line}` } } as const;
  const dark = { style: 'thin', color: { argb: `FF${COLOUR.head}` } } as const;
  const strong = { style: 'medium', color: { argb: `FF${COLOUR.head}` } } as const;
  const lines: Readonly<Record<NonNullable<Style['edge']>, Partial<ExcelJS.Borders>>> = {
    under: { bottom: thin },
    over: { top: dark },
    'tile-top': { top: strong },
    'tile-side': {},
    'tile-bottom': { bottom: thin },
  };
  const right = { style: 'thick', color: { argb: `FF${COLOUR.white}` } } as const;
  return { ...(edge === undefined ? {} : lines[edge]), ...(gap ? { right } : {}) };
}
