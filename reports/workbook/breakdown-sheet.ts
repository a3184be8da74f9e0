import type { Breakdown, BreakdownRow } from '../breakdowns.ts';
import { EXIT_WORDS } from '../exit-words.ts';
import type { Report } from '../report.ts';
import type { StructureRow } from '../round-trips.ts';
import type { Sheet, Table } from './book.ts';

import { cell, Grid, rupees, rupeesOfFine, serialOf } from './cells.ts';
import { LOOK, TAB } from './style.ts';
import type { Column } from './table-sheet.ts';
import { bodyCells, headerCells } from './table-sheet.ts';

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
  { header: 'Ambiguous', kind: 'middle', of: (row) => (row.ambiguous ? 'yes' : 'no') },
];

/** Small tables by group, the count beside every mean, and under them every structure that the ratios count. */
export function breakdownSheet({ breakdowns, structures }: Report): Sheet {
  const grid = new Grid();
  const tables: Table[] = [];
  grid.put(1, 1, { value: 'Where the result came from', style: LOOK.title });
  let row = 3;
  breakdowns.forEach((breakdown, at) => {
    const name = BREAKDOWN_TABLES[at] ?? `tblGroup${at}`;
    row = putBlock(grid, row, { ...breakdown, name, tables });
  });
  putTitle(grid, row, 'Structures', 'what win rate, expectancy, streaks and ratios count');
  tables.push(tableOf('tblStructures', row + 1, STRUCTURE_COLUMNS, structures.length));
  grid.putRow(row + 1, 1, headerCells(STRUCTURE_COLUMNS));
  structures.forEach((structure, at) => {
    bodyCells(STRUCTURE_COLUMNS, structure).forEach((content, column) => {
      if (content !== undefined) grid.put(row + 2 + at, column + 1, content);
    });
  });
  return {
    name: 'Breakdown',
    tab: TAB.time,
    widths: [26, 9, 9, 10, 15, 13, 15, 13, 14, 14, 14, 14, 16, 20, 20, 22, 10, 12],
    rows: () => grid.rows(),
    heights: new Map([[1, 30]]),
    merges: [],
    tables,
    rules: [],
    freeze: { rows: 1, columns: 1 },
    gridlines: true,
    page: { paper: 'A3', onePage: false, pagesWide: 1, repeatRows: 0 },
  };
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
