import type { CostStep } from '../cost-steps.ts';
import type { Report } from '../report.ts';
import { LEVY_WORDS } from '../text.ts';
import type { Table } from './book.ts';
import type { Grid } from './cells.ts';
import { cell, rupeesOfFine } from './cells.ts';
import type { WaterfallRuns } from './charts.ts';
import { columnRun, headerCells } from './table-sheet.ts';

/** Column H of sheet Costs, beside the table that the bars are counted from. */
const FIRST = 8;

const HEADS = [
  { header: 'Bar', kind: 'text' },
  { header: 'Before', kind: 'money' },
  { header: 'After', kind: 'money' },
  { header: 'Free below', kind: 'money' },
  { header: 'Result', kind: 'money' },
  { header: 'Charge', kind: 'money' },
  { header: 'Charge < 0', kind: 'money' },
] as const;

const WORDS: Readonly<Record<CostStep['name'], string>> = {
  gross: 'Gross',
  ...LEVY_WORDS,
  rounding: 'Rounding',
  net: 'Net',
};

/** The table beside the amounts that holds what the bars of the waterfall span. */
export function waterfallTable({ costs }: Report): Table {
  const headers = HEADS.map(({ header }) => header);
  return { name: 'tblWaterfall', row: 1, column: FIRST, headers, length: costs.length };
}

/** Puts what the bars span, counted by formulas from the amounts in column B. */
export function putWaterfall(grid: Grid, report: Report): WaterfallRuns {
  const { costs } = report;
  grid.putRow(1, FIRST, headerCells(HEADS));
  // Between rounding and net, column B has the sum of all charges.
  costs.forEach(
    (step, at) => void putBar(grid, step, { row: at + 2, amountRow: step.name === 'net' ? at + 3 : at + 2 }),
  );
  const table = waterfallTable(report);
  const run = (header: (typeof HEADS)[number]['header']): ReturnType<typeof columnRun> =>
    columnRun('Costs', table, header);
  return {
    label: run('Bar'),
    base: run('Free below'),
    result: run('Result'),
    above: run('Charge'),
    below: run('Charge < 0'),
  };
}

function putBar(
  grid: Grid,
  { name, before, after }: CostStep,
  { row, amountRow }: { readonly row: number; readonly amountRow: number },
): void {
  const isResult = name === 'gross' || name === 'net';
  const [low, high] = [Math.min(before, after), Math.max(before, after)];
  const free = low > 0 ? low : Math.min(high, 0);
  const money = (fine: number, formula: string): ReturnType<typeof cell> =>
    cell('money', rupeesOfFine(fine === 0 ? 0 : fine), { formula });
  const [from, to] = [`I${row}`, `J${row}`];
  const ends = `${from},${to}`;
  grid.putRow(row, FIRST, [
    cell('text', WORDS[name]),
    money(before, isResult ? '0' : `J${row - 1}`),
    money(after, `${from}+B${amountRow}`),
    money(free, `IF(MIN(${ends})>0,MIN(${ends}),MIN(MAX(${ends}),0))`),
    money(isResult ? after : 0, isResult ? to : '0'),
    money(isResult ? 0 : Math.max(high, 0) - Math.max(low, 0), isResult ? '0' : `MAX(${ends},0)-MAX(MIN(${ends}),0)`),
    money(isResult ? 0 : Math.min(low, 0) - Math.min(high, 0), isResult ? '0' : `MIN(${ends},0)-MIN(MAX(${ends}),0)`),
  ]);
}
