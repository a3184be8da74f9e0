import type { Report } from '../report.ts';
import { dataBanner } from '../report.ts';
import { plural } from '../text.ts';
import type { Cell, Sheet, Style } from './book.ts';
import { cellName } from './book.ts';
import { cell, Grid, rupeesOfFine } from './cells.ts';
import { equityChart, ROW_PIXELS } from './charts.ts';
import { allChecksCell } from './checks-sheet.ts';
import { COLOUR, FORMAT, LOOK, moneyFormat, StyleVariants, TAB } from './style.ts';
import type { Line } from './summary-lines.ts';
import { groundLines, resultLines, tradingLines } from './summary-lines.ts';
import type { Tile } from './summary-tiles.ts';
import { tilesOf } from './summary-tiles.ts';
import { cellOfMonth, chartsOfDays, MONTHS, netOf, yearsOf } from './time-sheets.ts';

/** The first column is a margin; five tiles of two columns each follow. */
const FIRST = 2;
const COLUMNS = 10;
const TILES_PER_ROW = 5;
const LAST = FIRST + COLUMNS - 1;
/** As wide as the tiles. */
const CHART = { width: 1_060, height: 300 } as const;

const variants = new StyleVariants();

/** The page a reader sees first: what it was, the verdict, how it came about, and whether the book adds up. */
export function summarySheet(report: Report, rowsMax: number): Sheet {
  const page = new SummaryPage();
  putTitle(page, report, rowsMax);
  tilesOf(report).forEach((tile, at) => void putTile(page, tile, at));
  page.row += Math.ceil(tilesOf(report).length / TILES_PER_ROW) * 4;
  const place = { row: page.row, column: FIRST, ...CHART };
  const charts = chartsOfDays(report, (runs) => [equityChart(runs, place)]);
  if (charts.length > 0) page.row += CHART.height / ROW_PIXELS + 1;
  const top = page.row;
  putLines(page, { title: 'Result', column: FIRST, lines: resultLines(report) });
  const left = page.row;
  page.row = top;
  putLines(page, { title: 'Trading', column: FIRST + COLUMNS / 2, lines: tradingLines(report) });
  page.row = Math.max(left, page.row) + 1;
  putMonths(page, report);
  putText(page, 'Data and evidence', groundLines(report));
  const assumptions = report.run.models.map(({ name, assumption }) => [name, assumption] as const);
  putText(page, 'How results came about', assumptions);
  putText(
    page,
    'Warnings',
    report.run.warnings.map((warning, at) => [String(at + 1), warning] as const),
  );
  putText(page, 'How to read this book', READING);
  return {
    name: 'Summary',
    tab: TAB.verdict,
    widths: [2, ...Array.from({ length: COLUMNS }, () => 14.5), 2],
    rows: () => page.grid.rows(),
    heights: page.heights,
    merges: page.merges,
    tables: [],
    rules: [{ kind: 'red-if-false', range: CHECK_CELL }],
    charts,
    freeze: null,
    gridlines: false,
    page: { paper: 'A4', onePage: true, pagesWide: 1, repeatRows: 0 },
  };
}

/** Where Summary says whether all checks hold. */
const CHECK_CELL = cellName(2, LAST);

/** Names that formulas of other sheets use, and where they stand. */
export function summaryNames(report: Report): readonly { readonly name: string; readonly cell: string }[] {
  const first = dataBanner(report.run) === null ? 5 : 6;
  return [
    { name: 'RunNet', cell: `Summary!$B$${first + 1}` },
    { name: 'RunCapital', cell: `Summary!$${CAPITAL_CELL}` },
  ];
}

const CAPITAL_CELL = 'K$3';

const READING = [
  [
    'Money',
    'Rupees. Totals are formulas over the tables of this book; green and red mean gain and loss, nothing else.',
  ],
  ['Trades', 'One row a leg round trip. Win rate, expectancy, streaks and ratios count structures (sheet Breakdown).'],
  ['Drawdown', 'Intraday MTM is equity marked each minute; closed trades is the net of structures as they closed.'],
  ['Checks', 'Compares the sheets with figures that the engine wrote as numbers; any FALSE shows above in red.'],
] as const;

/** A grid with a pen at a row. */
class SummaryPage {
  readonly grid = new Grid();
  readonly heights = new Map<number, number>();
  readonly merges: string[] = [];
  row = 1;

  merge(row: number, from: number, to: number): void {
    this.merges.push(`${cellName(row, from)}:${cellName(row, to)}`);
  }
}

function putTitle(page: SummaryPage, report: Report, rowsMax: number): void {
  const { run, statistics } = report;
  const names = [...new Set(run.strategies.map(({ name }) => name))].join(', ');
  page.grid.put(1, FIRST, { value: `${names} on ${run.segments.join(', ')}`, style: LOOK.title });
  page.heights.set(1, 34);
  const subtitle = `${run.mode}  ${run.from} to ${run.to}, ${plural(statistics.days, 'session')}, ${run.data.intervalMs / 1000} s candles`;
  page.grid.put(2, FIRST, { value: subtitle, style: LOOK.subtitle });
  page.grid.put(2, LAST - 1, { value: 'All checks hold', style: variants.of(LOOK.label, { align: 'right' }) });
  page.grid.put(2, LAST, cell('flag', true, { formula: allChecksCell(report, rowsMax) }));
  const code = `${run.code.name} ${run.code.version}, data ${run.data.hash.slice(0, 12)}, seed ${run.seed}`;
  page.grid.put(3, FIRST, { value: code, style: LOOK.subtitle });
  page.grid.put(3, LAST - 1, { value: 'Capital', style: variants.of(LOOK.label, { align: 'right' }) });
  page.grid.put(
    3,
    LAST,
    cell('signed-money', run.capital / 100, {
      change: { format: moneyFormat(run.capital / 100, { sign: '₹', decimals: 0 }) },
    }),
  );
  page.row = 5;
  const banner = dataBanner(run);
  if (banner === null) return;
  for (let column = FIRST; column <= LAST; column += 1)
    page.grid.put(4, column, { value: column === FIRST ? banner : null, style: LOOK.banner });
  page.merge(4, FIRST, LAST);
  page.heights.set(4, 22);
  page.row = 6;
}

function putTile(page: SummaryPage, tile: Tile, at: number): void {
  const row = page.row + Math.floor(at / TILES_PER_ROW) * 4;
  const column = FIRST + (at % TILES_PER_ROW) * 2;
  const value = tileValue(tile);
  const lines: readonly Cell[] = [
    { value: tile.label, style: LOOK.tileLabel },
    value,
    { value: tile.note, style: LOOK.tileNote },
  ];
  lines.forEach((content, line) => {
    page.grid.put(row + line, column, content);
    page.grid.put(row + line, column + 1, { value: null, style: variants.of(content.style, { gap: true }) });
    page.merge(row + line, column, column + 1);
  });
  page.heights.set(row, 18);
  page.heights.set(row + 1, 30);
  page.heights.set(row + 2, 16);
  page.heights.set(row + 3, 8);
}

function tileValue({ kind, value, formula }: Tile): Cell {
  const base: Style = { ...TILE_VALUE, ...tileLook(kind, value) };
  const style = variants.of(TILE_VALUE, base);
  return formula === null ? { value, style } : { value, formula, style };
}

const TILE_VALUE: Style = {
  ...LOOK.tileLabel,
  size: 17,
  bold: true,
  colour: COLOUR.ink,
  edge: 'tile-side',
  middle: true,
};

function tileLook(kind: Tile['kind'], value: number | string): Style {
  if (typeof value === 'string') return { size: 12, colour: COLOUR.quiet };
  switch (kind) {
    case 'result':
      return {
        format: moneyFormat(value, { sign: '₹', decimals: 0 }),
        colour: value < 0 ? COLOUR.loss : value > 0 ? COLOUR.gain : COLOUR.ink,
      };
    case 'share':
      return { format: FORMAT.percent };
    case 'count':
      return { format: FORMAT.count };
    default:
      return { format: FORMAT.ratio };
  }
}

/** A list of label and figure, half a page wide. */
function putLines(
  page: SummaryPage,
  { title, column, lines }: { readonly title: string; readonly column: number; readonly lines: readonly Line[] },
): void {
  const width = COLUMNS / 2;
  for (let at = 0; at < width - 1; at += 1)
    page.grid.put(page.row, column + at, {
      value: at === 0 ? title : null,
      style: at === 0 ? LOOK.section : LOOK.sectionLine,
    });
  page.heights.set(page.row, 22);
  page.row += 1;
  for (const { label, content, strong } of lines) {
    const change: Style = strong ? { bold: true, edge: 'over' } : {};
    const labelStyle = strong ? variants.of(LOOK.body, change) : LOOK.label;
    page.grid.put(page.row, column, { value: label, style: labelStyle });
    if (strong) page.grid.put(page.row, column + 1, { value: null, style: labelStyle });
    const style = strong ? variants.of(content.style, change) : content.style;
    page.grid.put(page.row, column + 2, { ...content, style });
    page.grid.put(page.row, column + 3, { value: null, style: strong ? labelStyle : content.style });
    page.merge(page.row, column + 2, column + 3);
    page.row += 1;
  }
}

/** The months of the last years, as references to sheet Monthly: two rows of six a year, so that the figures stay readable. */
const YEARS_SHOWN = 5;

function putMonths(page: SummaryPage, report: Report): void {
  const years = yearsOf(report.months).slice(-YEARS_SHOWN);
  sectionHead(
    page,
    years.length < yearsOf(report.months).length ? `Net by month, last ${YEARS_SHOWN} years` : 'Net by month',
  );
  let shown = 0;
  for (const year of years) {
    for (const half of [0, 6]) {
      const months = MONTHS.slice(half, half + 6).map((name, at) => ({
        name,
        net: netOf(report.months, year, half + at + 1),
        month: half + at + 1,
      }));
      if (months.every(({ net }) => net === null)) continue;
      const isFirst = shown !== year;
      shown = year;
      page.grid.put(page.row, FIRST, {
        value: isFirst ? `${year}` : null,
        style: variants.of(LOOK.body, { bold: true }),
      });
      months.forEach(({ name, net, month }, at) => {
        const column = FIRST + 1 + at;
        page.grid.put(page.row, column, { value: name, style: variants.of(LOOK.label, { align: 'right' }) });
        if (net === null) return;
        const formula = cellOfMonth(report, year, month);
        page.grid.put(
          page.row + 1,
          column,
          cell('signed-result', rupeesOfFine(net), {
            formula,
            change: { format: moneyFormat(rupeesOfFine(net), { sign: '₹', decimals: 0 }) },
          }),
        );
      });
      page.row += 2;
    }
  }
  page.row += 1;
}

function putText(page: SummaryPage, title: string, lines: readonly (readonly [string, string])[]): void {
  if (lines.length === 0) return;
  sectionHead(page, title);
  for (const [label, text] of lines) {
    page.grid.put(page.row, FIRST, { value: label, style: variants.of(LOOK.label, { wrap: true, middle: true }) });
    page.grid.put(page.row, FIRST + 2, { value: text, style: LOOK.wrapped });
    page.merge(page.row, FIRST, FIRST + 1);
    page.merge(page.row, FIRST + 2, LAST);
    page.heights.set(page.row, 2 + 15 * Math.max(1, Math.ceil(text.length / TEXT_CHARS)));
    page.row += 1;
  }
  page.row += 1;
}

/** Characters that eight columns hold on a line. */
const TEXT_CHARS = 128;

function sectionHead(page: SummaryPage, title: string): void {
  for (let column = FIRST; column <= LAST; column += 1)
    page.grid.put(page.row, column, {
      value: column === FIRST ? title : null,
      style: column === FIRST ? LOOK.section : LOOK.sectionLine,
    });
  page.heights.set(page.row, 22);
  page.row += 1;
}
