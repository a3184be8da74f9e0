/**
 * One report on all its surfaces: what a reader finds on each, parsed back from what is shown there, is the same. A further surface is a
 * reader of its figures in SURFACES.
 */
import { expect, test } from 'vitest';
import { eventsCsv, tradesCsv } from '../../reports/csv.ts';
import { pageOf } from '../../reports/page/page.ts';
import type { Report } from '../../reports/report.ts';
import { buildReport } from '../../reports/report.ts';
import { summaryText } from '../../reports/text.ts';
import { workbookOf } from '../../reports/workbook/workbook.ts';
import { smallCard, smallJournal, smallMoney } from '../support/journal-fixtures.ts';
import { PAGE_ASSETS } from '../support/page-assets.ts';
import { randomRun } from '../support/random-journal.ts';
import { figureOf, readPage } from '../support/read-page.ts';
import type { ReadBook, ReadCell } from '../support/xlsx-cells.ts';
import { readBook } from '../support/xlsx-cells.ts';

/** Rupees, shares of 1, or counts. */
const FIGURES: readonly string[] = [
  ...['gross', 'brokerage', 'stt', 'exchange', 'sebi', 'stamp', 'gst', 'rounding', 'charges', 'net'],
  ...['drawdownMarked', 'drawdownClosed', 'returnOnCapital', 'bestDay', 'worstDay', 'sharpe', 'sortino'],
  ...['structures', 'legs', 'fills', 'won', 'lost', 'winRate', 'expectancy', 'profitFactor'],
];

/** A figure as it was shown, and by how much showing may have rounded it; null where it says that there is none. */
type Shown = { readonly value: number; readonly within: number } | null;

type Surface = Readonly<Record<string, Shown>>;

const SURFACES: Readonly<Record<string, (report: Report) => Surface | Promise<Surface>>> = {
  console: consoleFigures,
  csv: csvFigures,
  workbook: workbookFigures,
  page: pageFigures,
};

/** Figures that each surface shows at the least. */
const SHOWN_MIN = 9;

test.each([
  ['forty days', { ...randomRun({ days: 40, seed: 5 }) }],
  ['two hundred days with three structures each', { ...randomRun({ days: 200, seed: 6, perDay: 3 }) }],
  ['two days', { records: smallJournal(), money: smallMoney(), card: smallCard() }],
])('all surfaces show the same figures of %s', async (_, { records, money, card }) => {
  const report = buildReport(records, money, card);
  const surfaces = await Promise.all(
    Object.entries(SURFACES).map(async ([name, read]) => ({ name, figures: await read(report) })),
  );
  for (const { name, figures } of surfaces) {
    expect(
      Object.keys(figures).filter((figure) => !FIGURES.includes(figure)),
      name,
    ).toEqual([]);
    expect(Object.keys(figures).length, name).toBeGreaterThanOrEqual(SHOWN_MIN);
  }
  const differences = FIGURES.flatMap((figure) => {
    const shown = surfaces.filter(({ figures }) => figure in figures);
    expect(shown.length, `${figure} is compared`).toBeGreaterThan(1);
    const told = shown.map(({ name, figures }) => `${name} ${figures[figure]?.value ?? 'none'}`);
    const [first, ...others] = shown.map(({ figures }) => figures[figure] ?? null);
    return others.every((other) => agree(first ?? null, other)) ? [] : [`${figure}: ${told.join(', ')}`];
  });
  expect(differences).toEqual([]);
});

test('a figure that one surface shows otherwise is noticed', () => {
  expect(agree({ value: 1.25, within: 0.005 }, { value: 1.254, within: 0 })).toBe(true);
  expect(agree({ value: 1.25, within: 0.005 }, { value: 1.26, within: 0 })).toBe(false);
  expect(agree(null, { value: 0, within: 1 })).toBe(false);
});

test('the file of trades and the sheet of trades have the same figures in every row', async () => {
  const { records, money, card } = randomRun({ days: 30, seed: 8 });
  const report = buildReport(records, money, card);
  const [heads = [], ...rows] = csvRows(tradesCsv(report));
  const sheet = readBook(await workbookOf(report)).get('Trades');
  expect(rows).toHaveLength(60);
  const compared = heads.flatMap((head, column) =>
    rows.flatMap((row, at) => {
      const text = row[column] ?? '';
      const cell = sheet?.get(`${letters(column + 1)}${at + 2}`)?.value;
      if (text === '' || cell === undefined) return [{ head, at, same: text === '' && cell === undefined }];
      if (typeof cell === 'string') return [{ head, at, same: cell === text }];
      return [{ head, at, same: Math.abs(Number(cell) - numberOf(head, text)) <= 0.000_051 }];
    }),
  );
  expect(compared.filter(({ same }) => !same)).toEqual([]);
  expect(compared).toHaveLength(rows.length * heads.length);
});

function agree(a: Shown, b: Shown): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a.value - b.value) <= a.within + b.within + 1e-9;
}

const PAISA: Readonly<Record<string, string>> = {
  gross: 'Gross',
  brokerage: '  Brokerage',
  stt: '  STT',
  exchange: '  Exchange fee',
  sebi: '  SEBI fee',
  stamp: '  Stamp duty',
  gst: '  GST',
  rounding: '  Contract note rounding',
  charges: 'Charges',
  net: 'Net',
  drawdownMarked: 'Drawdown, intraday MTM',
  drawdownClosed: 'Drawdown, closed trades',
  expectancy: 'Expectancy',
};

function consoleFigures(report: Report): Surface {
  const lines = summaryText(report, { unicode: true }).split('\n');
  const after = (label: string): string => {
    const line = lines.find((one) => one.startsWith(label.padEnd(24)));
    if (line === undefined) throw new Error(`the console shows no ${label}`);
    return line.slice(24).trim();
  };
  const money = (text: string): Shown => {
    const found = /([-+]?)₹([\d,]+\.\d\d)/.exec(text);
    return found === null ? null : { value: Number(`${found[1]}${found[2]?.replaceAll(',', '')}`), within: 0.005 };
  };
  const ratio = (text: string | undefined): Shown =>
    text === undefined || text.startsWith('n/a') ? null : { value: Number(text), within: 0.005 };
  const percent = (text: string): Shown => {
    const [, digits = '', decimals = ''] = /^(-?\d+\.(\d+)) %/.exec(text) ?? [];
    return digits === '' ? null : { value: Number(digits) / 100, within: 0.005 / 10 ** decimals.length };
  };
  const counts = (text: string): readonly Shown[] => (text.match(/\d+/g) ?? []).map((digits) => exact(Number(digits)));
  const [structures = null, legs = null, fills = null] = counts(after('Structures'));
  const [won = null, lost = null] = counts(/\((.*)\)/.exec(after('Win rate'))?.[1] ?? '');
  const [sharpe, sortino] = after('Sharpe, Sortino').split(', ');
  return {
    ...Object.fromEntries(Object.entries(PAISA).map(([figure, label]) => [figure, money(after(label))])),
    bestDay: money(after('Best day')),
    worstDay: money(after('Worst day')),
    returnOnCapital: percent(after('Return on capital')),
    winRate: percent(after('Win rate')),
    profitFactor: ratio(after('Profit factor')),
    sharpe: ratio(sharpe),
    sortino: ratio(sortino),
    ...{ structures, legs, fills, won, lost },
  };
}

/** The page's list of all figures, read from the words that stand there. */
function pageFigures(report: Report): Surface {
  const page = readPage(pageOf(report, undefined, PAGE_ASSETS));
  const money = (id: string): Shown => {
    const found = /^([-+]?)₹([\d,]+\.\d\d)/.exec(figureOf(page, id));
    return found === null ? null : { value: Number(`${found[1]}${found[2]?.replaceAll(',', '')}`), within: 0.005 };
  };
  const ratio = (id: string): Shown => {
    const text = figureOf(page, id);
    return text.startsWith('n/a') ? null : { value: Number(text), within: 0.005 };
  };
  const percent = (id: string): Shown => {
    const [, digits = '', decimals = ''] = /^(-?\d+\.(\d+)) %/.exec(figureOf(page, id)) ?? [];
    return digits === '' ? null : { value: Number(digits) / 100, within: 0.005 / 10 ** decimals.length };
  };
  const counts = (text: string): readonly Shown[] =>
    (text.match(/[\d,]*\d/g) ?? []).map((digits) => exact(Number(digits.replaceAll(',', ''))));
  const [structures = null, legs = null, fills = null] = counts(figureOf(page, 'structures'));
  const [won = null, lost = null] = counts(/\((.*)\)/.exec(figureOf(page, 'win-rate'))?.[1] ?? '');
  const paisa = ['gross', 'brokerage', 'stt', 'exchange', 'sebi', 'stamp', 'gst', 'rounding', 'charges', 'net'];
  return {
    ...Object.fromEntries([...paisa, 'expectancy'].map((id) => [id, money(id)])),
    drawdownMarked: money('drawdown-marked'),
    drawdownClosed: money('drawdown-closed'),
    bestDay: money('best-day'),
    worstDay: money('worst-day'),
    returnOnCapital: percent('return'),
    winRate: percent('win-rate'),
    profitFactor: ratio('profit-factor'),
    sharpe: ratio('sharpe'),
    sortino: ratio('sortino'),
    ...{ structures, legs, fills, won, lost },
  };
}

function csvFigures(report: Report): Surface {
  const [heads = [], ...rows] = csvRows(tradesCsv(report));
  const column = (name: string): readonly number[] => rows.map((row) => Number(row[heads.indexOf(name)]));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const nets = new Map<number, number>();
  const net = column('net_value');
  for (const [at, structure] of column('structure_id').entries())
    nets.set(structure, (nets.get(structure) ?? 0) + (net[at] ?? 0));
  const results = [...nets.values()];
  const won = results.filter((value) => value > 0);
  const lost = results.filter((value) => value < 0);
  const fills = csvRows(eventsCsv(report)).length;
  expect(fills).toBe(report.events.length + 1);
  const enough = results.length >= 30 || report.days.length >= 60;
  return {
    gross: exact(sum(column('pnl_value'))),
    structures: exact(results.length),
    legs: exact(rows.length),
    won: exact(won.length),
    lost: exact(lost.length),
    winRate: exact(won.length / results.length),
    expectancy: exact(sum(results) / results.length),
    profitFactor: enough ? exact(sum(won) / -sum(lost)) : null,
    // The file has no roundings of notes: they are parts of a day.
    net: { value: sum(net) - report.totals.rounding / 1_000_000, within: 0 },
  };
}

async function workbookFigures(report: Report): Promise<Surface> {
  const book = readBook(await workbookOf(report));
  const summary = book.get('Summary') ?? new Map<string, ReadCell>();
  const places = [...summary].filter(([, { value }]) => typeof value === 'string');
  const beside = (label: string, across: number, down: number): Shown => {
    const place = places.find(([, { value }]) => String(value).trim() === label)?.[0] ?? '';
    const [, letter = '', row = ''] = /^([A-Z])(\d+)$/.exec(place) ?? [];
    if (letter === '') throw new Error(`Summary shows no ${label}`);
    const target = `${String.fromCharCode(letter.charCodeAt(0) + across)}${Number(row) + down}`;
    const value = summary.get(target)?.value;
    return typeof value === 'number' ? exact(value) : null;
  };
  const line = (label: string): Shown => beside(label, 2, 0);
  const tile = (label: string): Shown => beside(label, 0, 1);
  const negative = (shown: Shown): Shown => (shown === null ? null : exact(-shown.value));
  const costs = costLines(book);
  return {
    gross: line('Gross'),
    brokerage: line('Brokerage'),
    stt: line('STT'),
    exchange: line('Exchange fee'),
    sebi: line('SEBI fee'),
    stamp: line('Stamp duty'),
    gst: line('GST'),
    rounding: line('Rounding of notes'),
    charges: costs.get('All charges') ?? null,
    net: costs.get('Net') ?? null,
    returnOnCapital: line('Return on capital'),
    bestDay: line('Best day'),
    worstDay: tile('Worst day'),
    sharpe: tile('Sharpe, daily'),
    sortino: line('Sortino, daily'),
    structures: tile('Structures'),
    winRate: tile('Win rate'),
    expectancy: tile('Expectancy'),
    profitFactor: tile('Profit factor'),
    legs: exact(rowsOf(book, 'Trades')),
    fills: exact(rowsOf(book, 'Legs')),
    drawdownMarked: negative(deepest(book, 'intraday MTM')),
    drawdownClosed: negative(deepest(book, 'closed trades')),
  };
}

function costLines(book: ReadBook): ReadonlyMap<string, Shown> {
  const costs = book.get('Costs') ?? new Map<string, ReadCell>();
  return new Map(
    [...costs]
      .filter(([place]) => /^A\d+$/.test(place))
      .map(([place, { value }]) => [String(value), exact(Number(costs.get(place.replace('A', 'B'))?.value))]),
  );
}

function rowsOf(book: ReadBook, sheet: string): number {
  return [...(book.get(sheet)?.keys() ?? [])].filter((place) => /^A\d+$/.test(place)).length - 1;
}

/** The first of a basis on sheet Drawdowns, which has the deepest first. */
function deepest(book: ReadBook, basis: string): Shown {
  const falls = book.get('Drawdowns') ?? new Map<string, ReadCell>();
  const place = [...falls].find(([, { value }]) => value === basis)?.[0];
  return place === undefined ? null : exact(Number(falls.get(place.replace('A', 'C'))?.value));
}

function exact(value: number): Shown {
  return { value, within: 1e-7 };
}

function csvRows(text: string): readonly (readonly string[])[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );
}

/** A stamp or a day as a spreadsheet counts it, per cent as a share, anything else as it stands. */
function numberOf(head: string, text: string): number {
  if (/^\d{4}-\d\d-\d\d/.test(text))
    return Date.parse(`${text.slice(0, 10)}T${text.slice(11) || '00:00:00'}Z`) / 86_400_000 + 25_569;
  return head === 'return_pct' ? Number(text) / 100 : Number(text);
}

function letters(column: number): string {
  const rest = Math.floor((column - 1) / 26);
  return `${rest > 0 ? letters(rest) : ''}${String.fromCharCode(65 + ((column - 1) % 26))}`;
}
