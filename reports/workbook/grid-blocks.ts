import { WEEKDAYS } from '../../engine/model/time.ts';
import type { Bin } from '../distribution.ts';
import type { WeekdayDte } from '../weekday-dte.ts';
import type { Cell, Rule, Table } from './book.ts';
import { cellName } from './book.ts';
import type { Grid } from './cells.ts';
import { cell, rupeesOfFine } from './cells.ts';
import { LOOK, moneyFormat } from './style.ts';
import { headerCells } from './table-sheet.ts';

export const BINS_TABLE = 'tblDistribution';

const BIN_HEADS = [
  { header: 'From', kind: 'money' },
  { header: 'To', kind: 'money' },
  { header: 'Structures', kind: 'count' },
  { header: 'Losses', kind: 'count' },
  { header: 'Gains', kind: 'count' },
] as const;

/** Puts the bins with the structures in each, counted by formulas; gives back the row after the block. */
export function putBins(
  grid: Grid,
  row: number,
  { bins, tables }: { readonly bins: readonly Bin[]; readonly tables: Table[] },
): number {
  const length = Math.max(bins.length, 1);
  tables.push({ name: BINS_TABLE, row, column: 1, headers: BIN_HEADS.map(({ header }) => header), length });
  grid.putRow(row, 1, headerCells(BIN_HEADS));
  for (const [at, { from, to, count }] of bins.entries()) {
    const line = row + 1 + at;
    const isLoss = from < 0;
    const inside = `COUNTIFS(tblStructures[Net],">="&A${line},tblStructures[Net],"<"&B${line})`;
    grid.putRow(line, 1, [
      wholeRupees(rupeesOfFine(from)),
      wholeRupees(rupeesOfFine(to)),
      cell('count', count, { formula: inside }),
      cell('count', isLoss ? count : 0, { formula: `IF(A${line}<0,C${line},0)` }),
      cell('count', isLoss ? 0 : count, { formula: `IF(A${line}<0,0,C${line})` }),
    ]);
  }
  return row + length + 3;
}

/** Days to expiry that have room beside the charts; a longer cycle has its row in the table by days to expiry. */
const DTES_SHOWN = 10;

/** Puts means by weekday and days to expiry as a colour scale, and the counts under them; gives back the row after the block. */
export function putWeekdayDte(
  grid: Grid,
  row: number,
  { table, rules }: { readonly table: WeekdayDte; readonly rules: Rule[] },
): number {
  const dtes = table.dtes.slice(0, DTES_SHOWN);
  const below = row + table.weekdays.length + 2;
  let largest = 1;
  for (const [line, title] of [
    [row, 'Mean net (₹)'],
    [below, 'Structures'],
  ] as const) {
    grid.put(line, 1, { value: title, style: LOOK.head });
    dtes.forEach((dte, at) => void grid.put(line, at + 2, cell('count', dte, { change: LOOK.headRight })));
  }
  for (const [down, weekday] of table.weekdays.entries()) {
    const lines = [row + 1 + down, below + 1 + down] as const;
    for (const line of lines) grid.put(line, 1, cell('text', WEEKDAYS[weekday] ?? ''));
    for (const [across, found] of (table.cells[down] ?? []).slice(0, DTES_SHOWN).entries()) {
      if (found === null) continue;
      const mean = rupeesOfFine(found.net / found.count);
      largest = Math.max(largest, Math.abs(mean));
      const column = across + 2;
      const [value, count] = lines.map((line, at) => criteriaOf(line, column, at === 0 ? row : below));
      const average = `AVERAGEIFS(tblStructures[Net],${value})`;
      grid.put(lines[0], column, wholeRupees(mean, average));
      grid.put(lines[1], column, cell('count', found.count, { formula: `COUNTIFS(${count})` }));
    }
  }
  if (dtes.length > 0) {
    const range = `${cellName(row + 1, 2)}:${cellName(row + table.weekdays.length, dtes.length + 1)}`;
    rules.push({ kind: 'three-colours', range, limit: largest });
  }
  const more = table.dtes.length - dtes.length;
  const end = below + table.weekdays.length + 1;
  if (more > 0)
    grid.put(end, 1, { value: `${more} longer times to expiry stand in the table above`, style: LOOK.subtitle });
  return end + 3;
}

/** A cell of rupees without paise, for narrow columns. */
function wholeRupees(value: number, formula?: string): Cell {
  const change = { format: moneyFormat(value, { sign: '', decimals: 0 }) };
  return cell('money', value, formula === undefined ? { change } : { formula, change });
}

function criteriaOf(line: number, column: number, head: number): string {
  const dte = cellName(head, column).replace(/\d+/, '$$$&');
  return `tblStructures[Weekday],$A${line},tblStructures[DTE],${dte}`;
}
