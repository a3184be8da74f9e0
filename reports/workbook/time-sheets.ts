import { FINE_PER_PAISA } from '../../engine/model/levies.ts';
import { WEEKDAYS, weekdayOf } from '../../engine/model/time.ts';
import type { MonthRow } from '../breakdowns.ts';
import type { DayRow } from '../daily.ts';
import type { Report } from '../report.ts';
import type { Cell, CellRun, Chart, Sheet } from './book.ts';
import { cellName, columnName } from './book.ts';
import { cell, Grid, rupees, rupeesOfFine, serialOf, serialOfDay } from './cells.ts';
import type { DailyRuns } from './charts.ts';
import { dailyNetChart, equityChart, ROW_PIXELS, underwaterChart } from './charts.ts';
import { COLOUR, LOOK, TAB } from './style.ts';
import type { Column } from './table-sheet.ts';
import { columnRun, tableSheet } from './table-sheet.ts';

/** One row a session day, its totals under the table. */
export function dailySheet(report: Report): Sheet {
  const { days, run } = report;
  const columns = dailyColumns(run.capital);
  const chartColumn = columns.length + 2;
  const at = (header: string): string => columnName(columns.findIndex((column) => column.header === header) + 1);
  const last = Math.max(days.length, 1) + 1;
  const gross = days.reduce((sum, day) => sum + day.gross, 0);
  const fine = (of: (day: DayRow) => number): number => rupeesOfFine(days.reduce((sum, day) => sum + of(day), 0));
  const sums: Readonly<Record<string, number>> = {
    Structures: days.reduce((sum, day) => sum + day.structures, 0),
    Trades: days.reduce((sum, day) => sum + day.trades, 0),
    Gross: gross / 100,
    Charges: fine((day) => day.charges.total),
    Rounding: fine((day) => day.rounding),
    Net: fine((day) => day.net),
  };
  const change = { bold: true, edge: 'over' } as const;
  const totals = columns.map(({ header, kind }, index): Cell => {
    const value = sums[header];
    if (index === 0) return cell('text', 'Total', { change });
    return value === undefined
      ? cell('text', null, { change })
      : cell(kind, value, { formula: `SUM(tblDaily[${header}])`, change });
  });
  return tableSheet({
    name: 'Daily',
    tab: TAB.time,
    table: 'tblDaily',
    columns,
    list: days,
    after: [totals],
    rules: [{ kind: 'data-bar', range: `${at('Net')}2:${at('Net')}${last}` }],
    beside: days.length === 0 ? undefined : { value: 'Charts', style: LOOK.section },
    charts: chartsOfDays(report, (runs) => [
      dailyNetChart(runs, { row: 2, column: chartColumn, ...LARGE }),
      equityChart(runs, { row: 4 + LARGE.height / ROW_PIXELS, column: chartColumn, ...LARGE }),
    ]),
    page: {
      areas: [
        `A1:${cellName(last + 1, columns.length)}`,
        ...(days.length === 0
          ? []
          : [`${cellName(1, chartColumn)}:${cellName(CHART_ROWS, chartColumn + CHART_COLUMNS)}`]),
      ],
    },
  });
}

/** Size of a chart that has a page for itself, the columns of the usual width it covers, and the rows that two of them cover. */
const LARGE = { width: 960, height: 280 } as const;
const CHART_COLUMNS = 15;
const CHART_ROWS = 5 + (2 * LARGE.height) / ROW_PIXELS;

/** Charts over the rows of Daily; none without days. */
export function chartsOfDays({ days, run }: Report, of: (runs: DailyRuns) => readonly Chart[]): readonly Chart[] {
  if (days.length === 0) return [];
  const headers = dailyColumns(run.capital).map(({ header }) => header);
  const column = (header: string): CellRun => {
    return columnRun('Daily', { name: 'tblDaily', row: 1, column: 1, headers, length: days.length }, header);
  };
  const [date, net, total, drawdown] = [column('Date'), column('Net'), column('Net to date'), column('Drawdown')];
  return of({ date, net, total, drawdown });
}

function dailyColumns(capital: number): readonly Column<DayRow>[] {
  const share = (percent: number | null): number | null => (percent === null ? null : percent / 100);
  return [
    { header: 'Date', kind: 'date', of: (row) => serialOfDay(row.day) },
    { header: 'Weekday', kind: 'middle', of: (row) => `${WEEKDAYS[weekdayOf(row.day)]}${row.special ? ' *' : ''}` },
    { header: 'DTE', kind: 'count', of: (row) => row.dte },
    { header: 'Structures', kind: 'count', of: (row) => row.structures },
    { header: 'Trades', kind: 'count', of: (row) => row.trades },
    { header: 'Gross', kind: 'result', of: (row) => row.gross / 100 },
    { header: 'Charges', kind: 'money', of: (row) => rupeesOfFine(row.charges.total) },
    { header: 'Rounding', kind: 'fine', of: (row) => rupeesOfFine(row.rounding) },
    { header: 'Net', kind: 'result', of: (row) => rupeesOfFine(row.net) },
    { header: 'Net to date', kind: 'result', of: (row) => rupeesOfFine(row.total) },
    { header: 'R', kind: 'ratio', of: (row) => row.r },
    { header: 'Equity', kind: 'money', of: (row) => rupeesOfFine(capital * FINE_PER_PAISA + row.total) },
    { header: 'Drawdown', kind: 'result', of: (row) => rupeesOfFine(row.drawdown) },
    { header: 'Peak MTM', kind: 'money', of: (row) => rupeesOfFine(row.high) },
    { header: 'Peak at', kind: 'time', of: (row) => serialOf(row.highAt) },
    { header: 'Low MTM', kind: 'money', of: (row) => rupeesOfFine(row.low) },
    { header: 'Low at', kind: 'time', of: (row) => serialOf(row.lowAt) },
    { header: 'VIX', kind: 'ratio', of: (row) => row.vix },
    { header: 'Gap', kind: 'share', of: (row) => share(row.gapPct) },
    { header: 'Range', kind: 'share', of: (row) => share(row.rangePct) },
    { header: 'Coverage', kind: 'share', of: (row) => share(row.coveragePct) },
  ];
}

export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const TOTAL_COLUMN = MONTHS.length + 2;

/** Years down, months across: net as formulas over Daily, then the same in per cent of capital, then the deepest fall of each month. */
export function monthlySheet({ months, run }: Report): Sheet {
  const years = yearsOf(months);
  const grid = new Grid();
  const first = 2;
  putHead(grid, 1, 'Net (₹)', 'Total');
  years.forEach((year, index) => void putNetRow(grid, first + index, year, months));
  const totalRow = first + years.length;
  putNetTotals(grid, { totalRow, first, months });
  const shares = totalRow + 3;
  putHead(grid, shares, '% of capital', 'Total');
  years.forEach((year, index) => {
    const source = first + index;
    const row = shares + 1 + index;
    grid.put(row, 1, yearCell(year));
    for (let column = 2; column <= TOTAL_COLUMN; column += 1) {
      const month = column === TOTAL_COLUMN ? undefined : column - 1;
      const net = netOf(months, year, month);
      if (net === null) continue;
      const value = rupeesOfFine(net) / (run.capital / 100);
      grid.put(row, column, cell('share', value, { formula: `${cellName(source, column)}/RunCapital` }));
    }
  });
  const falls = shares + years.length + 3;
  putHead(grid, falls, 'Deepest fall (₹)', 'Worst');
  years.forEach((year, index) => void putFalls(grid, falls + 1 + index, year, months));
  const lastMonth = cellName(totalRow - 1, TOTAL_COLUMN - 1);
  const largest = months.reduce((most, { net }) => Math.max(most, Math.abs(net)), 0);
  return {
    name: 'Monthly',
    tab: TAB.time,
    widths: [18, ...MONTHS.map(() => 13.5), 15],
    rows: () => grid.rows(),
    heights: new Map([1, shares, falls].map((row) => [row, 32])),
    merges: [],
    tables: [],
    rules:
      years.length === 0
        ? []
        : [{ kind: 'three-colours', range: `B${first}:${lastMonth}`, limit: Math.max(1, rupeesOfFine(largest)) }],
    charts: [],
    freeze: { rows: 1, columns: 1 },
    gridlines: true,
    page: { paper: 'A4', onePage: false, pagesWide: 1, repeatRows: 1 },
  };
}

/** Years of a run, rising. */
export function yearsOf(months: readonly MonthRow[]): readonly number[] {
  return [...new Set(months.map(({ year }) => year))].sort((a, b) => a - b);
}

/** Net of a month, or of a whole year; null where no day was played. */
export function netOf(months: readonly MonthRow[], year: number, month?: number): number | null {
  const own = months.filter((row) => row.year === year && (month === undefined || row.month === month));
  return own.length === 0 ? null : own.reduce((sum, row) => sum + row.net, 0);
}

function putHead(grid: Grid, row: number, title: string, last: string): void {
  const heads = [title, ...MONTHS, last].map((value, at) => ({ value, style: at === 0 ? LOOK.head : LOOK.headRight }));
  grid.putRow(row, 1, heads);
}

function yearCell(year: number): Cell {
  return cell('count', year, { change: { align: 'left', bold: true } });
}

function putNetRow(grid: Grid, row: number, year: number, months: readonly MonthRow[]): void {
  grid.put(row, 1, yearCell(year));
  MONTHS.forEach((_, index) => {
    const month = index + 1;
    const net = netOf(months, year, month);
    if (net === null) return;
    const from = `">="&DATE(${year},${month},1)`;
    const before = `"<"&DATE(${year},${month + 1},1)`;
    const formula = `SUMIFS(tblDaily[Net],tblDaily[Date],${from},tblDaily[Date],${before})`;
    // Ink on the colour scale: red on orange would be hard to read.
    grid.put(row, index + 2, cell('signed-money', rupeesOfFine(net), { formula }));
  });
  const formula = `SUM(${cellName(row, 2)}:${cellName(row, TOTAL_COLUMN - 1)})`;
  const total = rupeesOfFine(netOf(months, year) ?? 0);
  grid.put(row, TOTAL_COLUMN, cell('signed-result', total, { formula, change: { bold: true } }));
}

function putNetTotals(
  grid: Grid,
  {
    totalRow,
    first,
    months,
  }: { readonly totalRow: number; readonly first: number; readonly months: readonly MonthRow[] },
): void {
  const change = { bold: true, edge: 'over', fill: COLOUR.paper } as const;
  grid.put(totalRow, 1, cell('text', 'Total', { change }));
  for (let column = 2; column <= TOTAL_COLUMN; column += 1) {
    const own = column === TOTAL_COLUMN ? months : months.filter(({ month }) => month === column - 1);
    if (own.length === 0 && column < TOTAL_COLUMN) continue;
    const value = rupeesOfFine(own.reduce((sum, row) => sum + row.net, 0));
    // A run without days has no rows to add up.
    const range = `${cellName(first, column)}:${cellName(Math.max(totalRow - 1, first), column)}`;
    const formula = totalRow === first ? '0' : `SUM(${range})`;
    grid.put(totalRow, column, cell('signed-result', value, { formula, change }));
  }
}

function putFalls(grid: Grid, row: number, year: number, months: readonly MonthRow[]): void {
  grid.put(row, 1, yearCell(year));
  const own = months.filter((month) => month.year === year);
  for (const { month, drawdown } of own)
    grid.put(row, month + 1, cell('signed-result', rupeesOfFine(drawdown === 0 ? 0 : -drawdown)));
  const worst = own.reduce((deepest, month) => Math.max(deepest, month.drawdown), 0);
  const formula = `MIN(${cellName(row, 2)}:${cellName(row, TOTAL_COLUMN - 1)})`;
  grid.put(
    row,
    TOTAL_COLUMN,
    cell('signed-result', rupeesOfFine(worst === 0 ? 0 : -worst), { formula, change: { bold: true } }),
  );
}

/** Row of the monthly totals, for the checks. */
export function monthlyTotalCell({ months }: Report): string {
  return `Monthly!${cellName(2 + yearsOf(months).length, TOTAL_COLUMN)}`;
}

const DRAWDOWNS_MAX = 10;

/** The ten deepest falls of equity marked each minute, and the ten deepest of closed trades. */
export function drawdownsSheet(report: Report): Sheet {
  const { marked, closed, run, days } = report;
  const list = [marked, closed].flatMap((falls) =>
    falls.slice(0, DRAWDOWNS_MAX).map((fall, at) => ({ ...fall, rank: at + 1 })),
  );
  type Fall = (typeof list)[number];
  const span = (from: number, to: number | null): number | null =>
    to === null ? null : Math.round(((to - from) / 86_400_000) * 10) / 10;
  const columns: readonly Column<Fall>[] = [
    { header: 'Basis', kind: 'text', of: (row) => row.basis },
    { header: 'Rank', kind: 'count', of: (row) => row.rank },
    { header: 'Depth', kind: 'money', of: (row) => rupeesOfFine(row.depth) },
    { header: '% of capital', kind: 'share', of: (row) => row.depth / FINE_PER_PAISA / run.capital },
    { header: 'Equity at peak', kind: 'money', of: (row) => rupees(run.capital + row.peak / FINE_PER_PAISA) },
    { header: 'Peak', kind: 'time', of: (row) => serialOf(row.peakAt) },
    { header: 'Lowest', kind: 'time', of: (row) => serialOf(row.troughAt) },
    { header: 'Recovered', kind: 'time', of: (row) => serialOf(row.recoveredAt) },
    { header: 'Days to lowest', kind: 'ratio', of: (row) => span(row.peakAt, row.troughAt) },
    { header: 'Days to recover', kind: 'ratio', of: (row) => span(row.troughAt, row.recoveredAt) },
  ];
  const chartRow = Math.max(list.length, 1) + 6;
  const note = {
    value:
      'intraday MTM: equity marked each minute, open positions included. closed trades: net of structures as they closed. An empty cell under Recovered: not recovered within the run.',
    style: LOOK.subtitle,
  };
  return tableSheet({
    name: 'Drawdowns',
    tab: TAB.time,
    table: 'tblDrawdowns',
    columns,
    list,
    after: [[], [note], [], ...(days.length === 0 ? [] : [[{ value: 'Chart', style: LOOK.section }]])],
    charts: chartsOfDays(report, (runs) => [underwaterChart(runs, { row: chartRow, column: 1, ...LARGE })]),
    page: {
      areas: [
        `A1:${cellName(chartRow - 2, columns.length)}`,
        ...(days.length === 0
          ? []
          : [`${cellName(chartRow - 1, 1)}:${cellName(chartRow + LARGE.height / ROW_PIXELS, columns.length)}`]),
      ],
    },
  });
}

/** Where Monthly has the net of a month. */
export function cellOfMonth({ months }: Report, year: number, month: number): string {
  return `Monthly!${cellName(2 + yearsOf(months).indexOf(year), month + 1)}`;
}
