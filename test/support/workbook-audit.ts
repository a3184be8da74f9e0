/**
 * Looks for what makes a spreadsheet program repair or refuse a workbook: elements out of order, relationships that lead nowhere, parts
 * without a type, identifiers that stand twice, tables and charts beside their cells. It knows nothing of the code that writes books.
 */
import { posix } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { orderFaults } from './schema-order.ts';
import type { Element } from './xml-tree.ts';
import { all, child, everyElement, xmlTree } from './xml-tree.ts';

/** Sentences, each a fault; none for a sound book. */
export function workbookFaults(bytes: Uint8Array): readonly string[] {
  const parts = new Map<string, Element>();
  const faults: string[] = [];
  for (const [name, content] of Object.entries(unzipSync(bytes))) {
    try {
      parts.set(name, xmlTree(strFromU8(content)));
    } catch (error) {
      faults.push(`${name} is not well formed: ${(error as Error).message}`);
    }
  }
  if (faults.length > 0) return faults;
  const book: Parts = { parts, relations: new Map([...parts.keys()].map((name) => [name, relationsOf(parts, name)])) };
  return [
    ...[...parts].flatMap(([name, root]) => orderFaults(name, root)),
    ...typeFaults(book),
    ...relationFaults(book),
    ...nameFaults(book),
    ...[...parts].flatMap(([name, root]) =>
      name.startsWith('xl/worksheets/sheet') ? cellFaults(book, name, root) : [],
    ),
    ...tableFaults(book),
    ...chartFaults(book),
  ];
}

interface Relation {
  readonly id: string;
  readonly target: string;
}

interface Parts {
  readonly parts: ReadonlyMap<string, Element>;
  readonly relations: ReadonlyMap<string, readonly Relation[]>;
}

function relationsOf(parts: ReadonlyMap<string, Element>, name: string): readonly Relation[] {
  const folder = posix.dirname(name);
  const root = parts.get(posix.join(folder, '_rels', `${posix.basename(name)}.rels`));
  return (root?.children ?? []).map(({ attributes }) => ({
    id: attributes['Id'] ?? '',
    target: posix.join(folder, attributes['Target'] ?? '').replace(/^.*?\/\//, ''),
  }));
}

function twice(values: readonly (string | undefined)[], what: string): readonly string[] {
  return [...new Set(values.filter((value, at) => values.indexOf(value) !== at))].map(
    (one) => `${what} ${one} stands twice`,
  );
}

function typeFaults({ parts }: Parts): readonly string[] {
  const types = parts.get('[Content_Types].xml');
  const overrides = (types?.children ?? [])
    .filter(({ name }) => name === 'Override')
    .map(({ attributes }) => attributes['PartName']);
  const plain = [...parts.keys()].filter((name) => name !== '[Content_Types].xml' && !name.endsWith('.rels'));
  return [
    ...twice(overrides, 'the type of'),
    ...plain.filter((name) => !overrides.includes(`/${name}`)).map((name) => `${name} has no content type`),
    ...overrides
      .filter((name) => !parts.has(name?.slice(1) ?? ''))
      .map((name) => `a type is given for ${name}, which is absent`),
  ];
}

function relationFaults({ parts, relations }: Parts): readonly string[] {
  const targets = new Set([...relations.values()].flat().map(({ target }) => target));
  const rootTargets = (parts.get('_rels/.rels')?.children ?? []).map(({ attributes }) =>
    attributes['Target']?.replace(/^\//, ''),
  );
  return [...parts].flatMap(([name, root]) => {
    const own = relations.get(name) ?? [];
    const used = [...everyElement(root)].flatMap(({ attributes }) => attributes['r:id'] ?? []);
    const isPart = !name.endsWith('.rels') && name !== '[Content_Types].xml';
    return [
      ...twice(
        own.map(({ id }) => id),
        `${name}: relationship`,
      ),
      ...used.filter((id) => !own.some((one) => one.id === id)).map((id) => `${name}: ${id} leads nowhere`),
      ...own
        .filter(({ target }) => !parts.has(target))
        .map(({ id, target }) => `${name}: ${id} leads to ${target}, which is absent`),
      ...(isPart && !targets.has(name) && !rootTargets.includes(name) ? [`nothing leads to ${name}`] : []),
      ...(name.startsWith('xl/worksheets/') || name.startsWith('xl/drawings/drawing')
        ? own.filter(({ id }) => !used.includes(id)).map(({ id }) => `${name}: relationship ${id} is used by nothing`)
        : []),
    ];
  });
}

function nameFaults({ parts }: Parts): readonly string[] {
  const workbook = parts.get('xl/workbook.xml');
  const sheets = child(workbook, 'sheets')?.children ?? [];
  const names = child(workbook, 'definedNames')?.children ?? [];
  const tables = [...parts].filter(([name]) => name.startsWith('xl/tables/')).map(([, root]) => root);
  const known = new Set(sheets.map(({ attributes }) => attributes['name']));
  return [
    ...twice(
      sheets.map(({ attributes }) => attributes['name']),
      'sheet',
    ),
    ...twice(
      sheets.map(({ attributes }) => attributes['sheetId']),
      'sheet number',
    ),
    ...twice(
      names.map(({ attributes }) => `${attributes['name']} of ${attributes['localSheetId'] ?? 'the book'}`),
      'name',
    ),
    ...twice(
      tables.map(({ attributes }) => attributes['id']),
      'table number',
    ),
    ...twice(
      tables.map(({ attributes }) => attributes['displayName']),
      'table',
    ),
    ...names.flatMap(({ text }) =>
      [...text.matchAll(/(?:'([^']+)'|([A-Za-z]+))!/g)]
        .map(([, quoted, bare]) => quoted ?? bare)
        .filter((sheet) => !known.has(sheet))
        .map((sheet) => `a name points to sheet ${sheet}, which is absent`),
    ),
    ...[...parts]
      .filter(([name]) => name.startsWith('xl/drawings/drawing'))
      .flatMap(([name, root]) => [
        ...twice(
          all(root, 'cNvPr').map(({ attributes }) => attributes['id']),
          `${name}: object`,
        ),
        ...all(root, 'cNvPr')
          .filter(({ attributes }) => (attributes['descr'] ?? '').length < 20)
          .map(({ attributes }) => `${name}: "${attributes['name']}" has no words for those who cannot see it`),
      ]),
  ];
}

function cellFaults({ parts }: Parts, part: string, sheet: Element): readonly string[] {
  const looks = child(parts.get('xl/styles.xml'), 'cellXfs')?.children.length ?? 0;
  const differences = child(parts.get('xl/styles.xml'), 'dxfs')?.children.length ?? 0;
  const strings = parts.get('xl/sharedStrings.xml')?.children.length ?? 0;
  const faults: string[] = [];
  let lastRow = 0;
  for (const row of child(sheet, 'sheetData')?.children ?? []) {
    const number = Number(row.attributes['r']);
    if (number <= lastRow) faults.push(`${part}: row ${number} comes after row ${lastRow}`);
    lastRow = number;
    let lastColumn = 0;
    for (const { attributes, children } of row.children) {
      const place = placeAfter(attributes['r'], number, lastColumn);
      if (place.row !== number) faults.push(`${part}: ${attributes['r']} stands in row ${number}`);
      if (place.column <= lastColumn) faults.push(`${part}: ${attributes['r']} stands too late in its row`);
      lastColumn = place.column;
      if (Number(attributes['s']) >= looks)
        faults.push(`${part}: ${attributes['r']} has look ${attributes['s']} of ${looks}`);
      const value = children.find(({ name }) => name === 'v')?.text ?? '';
      if (attributes['t'] === 's' && Number(value) >= strings)
        faults.push(`${part}: ${attributes['r']} has text ${value} of ${strings}`);
    }
  }
  const rules = all(sheet, 'cfRule').map(({ attributes }) => Number(attributes['dxfId'] ?? -1));
  return [
    ...faults,
    ...rules.filter((id) => id >= differences).map((id) => `${part}: a rule has look ${id} of ${differences}`),
  ];
}

interface Area {
  readonly from: Place;
  readonly to: Place;
}

interface Place {
  readonly row: number;
  readonly column: number;
}

function placeOf(name: string): Place {
  const [, letters = '', digits = ''] = /^\$?([A-Z]+)\$?(\d+)$/.exec(name) ?? [];
  return { row: Number(digits), column: [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) };
}

/** A cell without a name stands after the one before it. */
function placeAfter(name: string | undefined, row: number, column: number): Place {
  return name === undefined ? { row, column: column + 1 } : placeOf(name);
}

function areaOf(range: string): Area {
  const [from = '', to = from] = range.split(':');
  return { from: placeOf(from), to: placeOf(to) };
}

interface SheetCells {
  readonly values: ReadonlyMap<string, string>;
  readonly rows: number;
  readonly columns: number;
  readonly tables: readonly (Area & { readonly name: string })[];
}

/** Values by place `row/column`, with texts in full. */
function sheetCells({ parts, relations }: Parts, part: string): SheetCells {
  const texts = (parts.get('xl/sharedStrings.xml')?.children ?? []).map((item) =>
    all(item, 't')
      .map(({ text }) => text)
      .join(''),
  );
  const values = new Map<string, string>();
  const found = { rows: 0, columns: 0 };
  for (const row of child(parts.get(part), 'sheetData')?.children ?? []) {
    let last = 0;
    for (const { attributes, children } of row.children) {
      const { row: down, column } = placeAfter(attributes['r'], Number(row.attributes['r']), last);
      last = column;
      found.rows = Math.max(found.rows, down);
      found.columns = Math.max(found.columns, column);
      const text = children.find(({ name }) => name === 'v' || name === 'is');
      if (text === undefined) continue;
      values.set(
        `${down}/${column}`,
        attributes['t'] === 's'
          ? (texts[Number(text.text)] ?? '')
          : all(text, text.name === 'is' ? 't' : 'v')
              .map((one) => one.text)
              .join(''),
      );
    }
    found.rows = Math.max(found.rows, Number(row.attributes['r']));
  }
  const tables = (relations.get(part) ?? []).flatMap(({ target }) => {
    const table = target.startsWith('xl/tables/') ? parts.get(target) : undefined;
    return table === undefined
      ? []
      : [{ name: table.attributes['name'] ?? '', ...areaOf(table.attributes['ref'] ?? '') }];
  });
  return { values, ...found, tables };
}

function sheetParts({ parts, relations }: Parts): ReadonlyMap<string, string> {
  const known = relations.get('xl/workbook.xml') ?? [];
  return new Map(
    (child(parts.get('xl/workbook.xml'), 'sheets')?.children ?? []).map(({ attributes }) => [
      attributes['name'] ?? '',
      known.find(({ id }) => id === attributes['r:id'])?.target ?? '',
    ]),
  );
}

function tableFaults(book: Parts): readonly string[] {
  return [...sheetParts(book)].flatMap(([sheet, part]) => {
    const cells = sheetCells(book, part);
    return cells.tables.flatMap((table, at) => {
      const root = [...book.parts.values()].find(
        ({ name, attributes }) => name === 'table' && attributes['name'] === table.name,
      );
      const headers = (child(root, 'tableColumns')?.children ?? []).map(({ attributes }) => attributes['name'] ?? '');
      const told = headers.map((_, column) => cells.values.get(`${table.from.row}/${table.from.column + column}`));
      const others = cells.tables.slice(at + 1).filter((other) => overlap(table, other));
      return [
        ...(table.to.row > cells.rows || table.to.column > cells.columns
          ? [`table ${table.name} reaches beyond the cells of ${sheet}`]
          : []),
        ...(headers.length === table.to.column - table.from.column + 1
          ? []
          : [`table ${table.name} has ${headers.length} columns in another width`]),
        ...(headers.every((header, column) => header === told[column])
          ? []
          : [`the headers of table ${table.name} are not those of its cells`]),
        ...(child(root, 'autoFilter')?.attributes['ref'] === root?.attributes['ref']
          ? []
          : [`the filter of table ${table.name} has another range`]),
        ...twice(headers, `table ${table.name}: column`),
        ...others.map((other) => `tables ${table.name} and ${other.name} overlap`),
      ];
    });
  });
}

function overlap(a: Area, b: Area): boolean {
  return (
    a.from.row <= b.to.row && b.from.row <= a.to.row && a.from.column <= b.to.column && b.from.column <= a.to.column
  );
}

function chartFaults(book: Parts): readonly string[] {
  const sheets = new Map([...sheetParts(book)].map(([name, part]) => [name, sheetCells(book, part)]));
  return [...book.parts]
    .filter(([, root]) => root.name === 'chartSpace')
    .flatMap(([part, root]) => {
      const axes = [...everyElement(root)]
        .filter(({ name }) => /^(?:cat|date|val)Ax$/.test(name))
        .map((axis) => child(axis, 'axId')?.attributes['val']);
      const asked = [...everyElement(root)]
        .filter(({ name }) => name.endsWith('Chart'))
        .flatMap((plot) => plot.children.filter(({ name }) => name === 'axId'));
      const crossed = all(root, 'crossAx');
      const series = all(root, 'ser');
      return [
        ...twice(axes, `${part}: axis`),
        ...[...asked, ...crossed]
          .filter(({ attributes }) => !axes.includes(attributes['val']))
          .map(({ attributes }) => `${part}: axis ${attributes['val']} is absent`),
        ...twice(
          series.map((one) => child(one, 'idx')?.attributes['val']),
          `${part}: series`,
        ),
        ...(series.length === 0 ? [`${part} draws nothing`] : []),
        ...(all(child(root, 'chart', 'title') ?? root, 't').some(({ text }) => text !== '')
          ? []
          : [`${part} has no title`]),
        ...all(root, 'numRef')
          .concat(all(root, 'strRef'))
          .flatMap((reference) => referenceFaults(reference, sheets).map((fault) => `${part}: ${fault}`)),
      ];
    });
}

/** A range must be a whole column of a table, or its last rows where there are very many, and its kept values those of its cells. */
function referenceFaults(reference: Element, sheets: ReadonlyMap<string, SheetCells>): readonly string[] {
  const formula = child(reference, 'f')?.text ?? '';
  const [, sheet = '', range = ''] = /^'?([^'!]+)'?!(.+)$/.exec(formula) ?? [];
  const cells = sheets.get(sheet);
  if (cells === undefined) return [`${formula} is on no sheet`];
  const { from, to } = areaOf(range);
  const faults =
    to.row > cells.rows || to.column > cells.columns || from.row < 1 ? [`${formula} reaches beyond the cells`] : [];
  const table = cells.tables.find(
    (one) =>
      one.from.column <= from.column && to.column <= one.to.column && one.from.row < from.row && to.row <= one.to.row,
  );
  if (table === undefined || to.row !== table.to.row || from.column !== to.column)
    faults.push(`${formula} is no column of a table`);
  else if (from.row !== table.from.row + 1 && to.row - from.row + 1 < 10_000)
    faults.push(`${formula} is a part of table ${table.name}`);
  const cache = reference.children.find(({ name }) => name.endsWith('Cache'));
  if (Number(child(cache, 'ptCount')?.attributes['val']) !== to.row - from.row + 1)
    faults.push(`${formula} keeps another number of values`);
  const kept = new Map(
    all(cache ?? reference, 'pt').map((point) => [Number(point.attributes['idx']), child(point, 'v')?.text]),
  );
  for (let at = 0; at <= to.row - from.row; at += 1) {
    const value = cells.values.get(`${from.row + at}/${from.column}`);
    if (value !== kept.get(at)) faults.push(`${formula} keeps ${kept.get(at)} for ${value} in row ${from.row + at}`);
  }
  return faults;
}
