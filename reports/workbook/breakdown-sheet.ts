import { dayOf, WEEKDAYS, weekdayOf } from '../../engine/model/time.ts';
import type { Breakdown, BreakdownRow } from '../breakdowns.ts';
import { EXIT_WORDS } from '../exit-words.ts';
import type { Report } from '../report.ts';
import type { StructureRow } from '../round-trips.ts';
import type { Chart, Row, Rule, Sheet, Table } from './book.ts';
import { cellName } from './book.ts';
import { cell, Grid, rupees, rupeesOfFine, serialOf } from './cells.ts';
import { distributionChart, excursionChart, groupChart, ROW_PIXELS } from './charts.ts';
import { BINS_TABLE, putBins, putWeekdayDte } from './grid-blocks.ts';
import { LOOK, TAB } from './style.ts';
import type { Column } from './table-sheet.ts';
import { bodyCells, columnRun, headerCells } from './table-sheet.ts';

/** Names of the tables of the breakdowns, in their order. */
export const BREAKDOWN_TABLES = [
  'tblWeekday',
  'tblDte',
  'tblHour',
  'tblExit',
  'tblSide',
  'tblAgent',
  'tblDistance',
] as const;

const GROUP_COLUMNS: readonly Column<BreakdownRow>[] = [
  { header: 'Group', kind: 'text', of: (row) => row.label },
  { header: 'Count', kind: 'count', of: (row) => row.count },
  { header: 'Won', kind: 'count', of: (row) => row.wins },
  { header: 'Win rate', kind: 'share', of: (row) => row.wins / row.count },
  { header: 'Gross', kind: 'result', of: (row) => rupees(row.gross) },
  { header: 'Charges', kind: 'money', of: (row) => rupeesOfFine(row.charges) },
  { header: 'Net', kind: 'result', of: (row) => rupeesOfFine(row.net) },
  { header: 'Mean net', kind: 'result', of: (row) => Math.round(row.net / row.count / 10_000) / 100 },
  { header: 'Best', kind: 'result', of: (row) => rupeesOfFine(row.best) },
  { header: 'Worst', kind: 'result', of: (row) => rupeesOfFine(row.worst) },
  { header: 'Gross if held', kind: 'result', of: (row) => rupees(row.held) },
];

const STRUCTURE_COLUMNS: readonly Column<StructureRow>[] = [
  { header: 'Structure', kind: 'text', of: (row) => `${row.structureId} ${row.name}` },
  { header: 'DTE', kind: 'count', of: (row) => row.dte },
  { header: 'Legs', kind: 'count', of: (row) => row.legs },
  { header: 'Points', kind: 'ratio', of: (row) => rupees(row.points) },
  { header: 'Gross', kind: 'result', of: (row) => rupees(row.gross) },
  { header: 'Charges', kind: 'money', of: (row) => rupeesOfFine(row.charges.total) },
  { header: 'Net', kind: 'result', of: (row) => rupeesOfFine(row.net) },
  { header: 'R', kind: 'ratio', of: (row) => row.r },
  { header: 'MFE', kind: 'money', of: (row) => rupees(row.mfe) },
  { header: 'MAE', kind: 'money', of: (row) => rupees(row.mae) },
  { header: 'Risk', kind: 'money', of: (row) => rupees(row.risk) },
  { header: 'Credit', kind: 'money', of: (row) => rupees(row.credit) },
  { header: 'Exit', kind: 'text', of: (row) => EXIT_WORDS[row.reason] },
  { header: 'Opened', kind: 'time', of: (row) => serialOf(row.openedAt) },
  { header: 'Closed', kind: 'time', of: (row) => serialOf(row.closedAt) },
  { header: 'Agent', kind: 'text', of: (row) => row.agent },
  { header: 'Naked ms', kind: 'count', of: (row) => row.nakedMs },
  { header: 'Unhedged ms', kind: 'count', of: (row) => row.unhedgedMs },
  { header: 'Ambiguous', kind: 'middle', of: (row) => (row.ambiguous ? 'yes' : 'no') },
  { header: 'Weekday', kind: 'middle', of: (row) => WEEKDAYS[weekdayOf(dayOf(row.openedAt))] ?? null },
  { header: 'MFE won', kind: 'money', of: (row) => (row.net > 0 ? rupees(row.mfe) : null) },
  { header: 'MFE not won', kind: 'money', of: (row) => (row.net > 0 ? null : rupees(row.mfe)) },
];

/** Charts stand to the right of the small tables, two abreast. */
const CHART_COLUMN = 13;
const SECOND_COLUMN = 17;
const CHART_ROW = 3;
const SIZE = { width: 555, height: 300 } as const;
/** Rows that a chart of the usual height and a free line take. */
const BAND = SIZE.height / ROW_PIXELS + 1;
const CHART_ROWS = CHART_ROW + 3 * BAND;
/** Columns that two charts cover. */
const CHART_COLUMNS = 11;
/** More points hide each other and make a spreadsheet slow. */
const POINTS_MAX = 10_000;

/** Small tables by group, the count beside every mean, with their charts, and under them every structure that the ratios count. */
export function breakdownSheet(report: Report, rowsMax: number): Sheet {
  const { breakdowns } = report;
  const structures = report.structures.slice(0, rowsMax);
  const grid = new Grid();
  const tables: Table[] = [];
  const rules: Rule[] = [];
  grid.put(1, 1, { value: 'Where the result came from', style: LOOK.title });
  let row = 3;
  breakdowns.forEach((breakdown, at) => {
    const name = BREAKDOWN_TABLES[at] ?? `tblGroup${at}`;
    row = putBlock(grid, row, { ...breakdown, name, tables });
  });
  putTitle(
    grid,
    row,
    'Net of structures',
    'how many fell where; from the lower end of a bin up to, but not with, its upper end',
  );
  row = putBins(grid, row + 1, { bins: report.distribution.structures.bins, tables });
  putTitle(
    grid,
    row,
    'By weekday and DTE',
    'weekday of entry down, days to expiry across; mean net of a structure, and how many there were',
  );
  row = putWeekdayDte(grid, row + 1, { table: report.weekdayDte, rules });
  const blocks = row;
  row = structures.length === 0 ? row : Math.max(row, CHART_ROWS + 2);
  putTitle(grid, row, 'Structures', 'what win rate, expectancy, streaks and ratios count');
  const table = tableOf('tblStructures', row + 1, STRUCTURE_COLUMNS, structures.length);
  tables.push(table);
  return {
    name: 'Breakdown',
    tab: TAB.time,
    widths: [26, 13, 13, 13, 15, 13, 15, 13, 14, 14, 14, 14, 16, 20, 20, 22, 10, 12, 10, 13, 13],
    rows: () => rowsOf(grid, structures),
    heights: new Map([[1, 30]]),
    merges: [],
    tables,
    rules,
    charts: chartsOf(report, tables),
    freeze: { rows: 1, columns: 1 },
    gridlines: true,
    page: {
      paper: 'A3',
      onePage: false,
      pagesWide: 1,
      repeatRows: 0,
      areas: [
        `A1:K${blocks}`,
        ...(structures.length === 0
          ? []
          : [`${cellName(CHART_ROW, CHART_COLUMN)}:${cellName(CHART_ROWS, CHART_COLUMN + CHART_COLUMNS - 1)}`]),
        `A${row}:${cellName(table.row + table.length, STRUCTURE_COLUMNS.length)}`,
      ],
    },
  };
}

/** The blocks, and then a row a structure, made as it is asked for: there may be many. */
function* rowsOf(grid: Grid, structures: readonly StructureRow[]): Iterable<Row> {
  yield* grid.rows();
  yield headerCells(STRUCTURE_COLUMNS);
  for (const structure of structures) yield bodyCells(STRUCTURE_COLUMNS, structure);
  if (structures.length === 0) yield [];
}

const GROUP_CHARTS = [
  { table: 'tblWeekday', axis: 'Weekday of entry' },
  { table: 'tblDte', axis: 'Calendar days to expiry at entry' },
  { table: 'tblHour', axis: 'Hour of entry, IST' },
  { table: 'tblExit', axis: 'Exit reason' },
] as const;

/** None for a run without structures. */
function chartsOf({ breakdowns, structures }: Report, tables: readonly Table[]): readonly Chart[] {
  if (structures.length === 0) return [];
  const run = (name: string, header: string): ReturnType<typeof columnRun> => {
    const table = tables.find((one) => one.name === name);
    if (table === undefined) throw new Error(`sheet Breakdown has no table ${name}`);
    return columnRun('Breakdown', table, header);
  };
  const lastOf = (header: string): ReturnType<typeof columnRun> => {
    const whole = run('tblStructures', header);
    return { ...whole, first: Math.max(whole.first, whole.last - POINTS_MAX + 1) };
  };
  const groups = GROUP_CHARTS.flatMap(({ table, axis }, at) => {
    const breakdown = breakdowns[BREAKDOWN_TABLES.indexOf(table)];
    const row = CHART_ROW + Math.floor(at / 2) * BAND;
    const column = at % 2 === 0 ? CHART_COLUMN : SECOND_COLUMN;
    return breakdown === undefined || breakdown.rows.length === 0
      ? []
      : [
          groupChart(
            { ...breakdown, axis },
            { label: run(table, 'Group'), net: run(table, 'Net') },
            { row, column, ...SIZE },
          ),
        ];
  });
  const bins = { from: run(BINS_TABLE, 'From'), losses: run(BINS_TABLE, 'Losses'), gains: run(BINS_TABLE, 'Gains') };
  const points = { mae: lastOf('MAE'), won: lastOf('MFE won'), lost: lastOf('MFE not won'), of: structures.length };
  const row = CHART_ROW + 2 * BAND;
  return [
    ...groups,
    distributionChart(bins, { row, column: CHART_COLUMN, ...SIZE }),
    excursionChart(points, { row, column: SECOND_COLUMN, ...SIZE }),
  ];
}

function putBlock(
  grid: Grid,
  row: number,
  block: Breakdown & { readonly name: string; readonly tables: Table[] },
): number {
  const { title, unit, rows, name, tables } = block;
  putTitle(grid, row, title, `counts ${unit}`);
  tables.push(tableOf(name, row + 1, GROUP_COLUMNS, rows.length));
  grid.putRow(row + 1, 1, headerCells(GROUP_COLUMNS));
  rows.forEach((group, at) => {
    bodyCells(GROUP_COLUMNS, group).forEach((content, column) => {
      if (content !== undefined) grid.put(row + 2 + at, column + 1, content);
    });
  });
  const total = row + 2 + Math.max(rows.length, 1);
  const change = { bold: true, edge: 'over' } as const;
  GROUP_COLUMNS.forEach((_, at) => void grid.put(total, at + 1, cell('text', at === 0 ? 'Total' : null, { change })));
  for (const header of ['Count', 'Won', 'Gross', 'Charges', 'Net']) {
    const column = GROUP_COLUMNS.findIndex((one) => one.header === header);
    const spec = GROUP_COLUMNS[column];
    if (spec === undefined) continue;
    const sum = rows.reduce((value, group) => value + Number(spec.of(group)), 0);
    const value = Math.round(sum * 1_000_000) / 1_000_000;
    grid.put(total, column + 1, cell(spec.kind, value, { formula: `SUM(${name}[${header}])`, change }));
  }
  return total + 3;
}

function putTitle(grid: Grid, row: number, title: string, note: string): void {
  grid.put(row, 1, { value: title, style: LOOK.section });
  for (let column = 2; column <= GROUP_COLUMNS.length; column += 1) {
    grid.put(row, column, column === 2 ? { value: note, style: LOOK.subtitle } : { value: null, style: LOOK.subtitle });
  }
}

function tableOf(name: string, row: number, columns: readonly { readonly header: string }[], length: number): Table {
  return { name, row, column: 1, headers: columns.map(({ header }) => header), length: Math.max(length, 1) };
}
