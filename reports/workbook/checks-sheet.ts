import { FINE_PER_PAISA, LEVY_NAMES } from '../../engine/model/levies.ts';
import type { Report } from '../report.ts';
import type { TradeRow } from '../round-trips.ts';
import { LEVY_WORDS } from '../text.ts';
import type { Sheet, Table } from './book.ts';
import { BREAKDOWN_TABLES } from './breakdown-sheet.ts';
import { cell, Grid, rupeesOfFine } from './cells.ts';
import { tradeColumns } from './ledger-sheets.ts';
import { EVENTS_MAX } from './order-sheets.ts';
import { cutTables } from './row-limit.ts';
import { LOOK, TAB } from './style.ts';
import type { Column } from './table-sheet.ts';
import { headerCells } from './table-sheet.ts';
import { monthlyTotalCell } from './time-sheets.ts';

/** Sums of decimals in a spreadsheet differ in the last digits; a twentieth of a paisa is too little to be money. */
const TOLERANCE = '0.0005';

/** One sentence that must hold: what the sheets add up to against what the engine counted. */
interface Check {
  readonly name: string;
  /** Formula over the sheets. */
  readonly formula: string;
  /** The engine's own figure, written as a number. */
  readonly engine: number;
  readonly kind: 'money' | 'count';
}

const HEADS = [
  { header: 'Check', kind: 'text' },
  { header: 'From the sheets', kind: 'money' },
  { header: 'From the engine', kind: 'money' },
  { header: 'Difference', kind: 'money' },
  { header: 'Holds', kind: 'flag' },
] as const;

/** Each check compares a formula over the sheets with a figure that the engine wrote as a number. */
export function checksSheet(report: Report, rowsMax: number): Sheet {
  const grid = new Grid();
  const checks = checksOf(report, rowsMax);
  grid.putRow(1, 1, headerCells(HEADS));
  checks.forEach((check, at) => {
    const row = at + 2;
    grid.putRow(row, 1, [
      cell('text', check.name),
      cell(check.kind, check.engine, { formula: check.formula }),
      cell(check.kind, check.engine),
      cell(check.kind, 0, { formula: `B${row}-C${row}` }),
      cell('flag', true, { formula: `ABS(D${row})<${TOLERANCE}` }),
    ]);
  });
  const last = checks.length + 1;
  grid.put(last + 2, 1, cell('text', 'All checks hold', { change: { bold: true } }));
  grid.put(last + 2, 5, cell('flag', true, { formula: `AND(E2:E${last})` }));
  grid.put(last + 4, 1, {
    value: 'Figures from the engine are numbers, never formulas: change an amount on Trades and a check turns FALSE.',
    style: LOOK.subtitle,
  });
  const cut = cutTables(report, rowsMax);
  if (cut.length > 0)
    grid.put(last + 5, 1, {
      value: `Without checks over ${cut.join(', ')}: a sheet cannot hold all their rows, and the totals over them are numbers.`,
      style: LOOK.subtitle,
    });
  const table: Table = {
    name: 'tblChecks',
    row: 1,
    column: 1,
    headers: HEADS.map(({ header }) => header),
    length: checks.length,
  };
  return {
    name: 'Checks',
    tab: TAB.proof,
    widths: [58, 20, 20, 14, 10],
    rows: () => grid.rows(),
    heights: new Map([[1, 24]]),
    merges: [],
    tables: [table],
    rules: [`E2:E${last}`, `E${last + 2}`].map((range) => ({ kind: 'red-if-false', range })),
    charts: [],
    freeze: { rows: 1, columns: 1 },
    gridlines: true,
    page: { paper: 'A4', onePage: false, pagesWide: 1, repeatRows: 1 },
  };
}

/** The cell that says whether all checks hold. */
export function allChecksCell(report: Report, rowsMax: number): string {
  return `Checks!E${checksOf(report, rowsMax).length + 3}`;
}

/** Nothing can be checked against a table that does not hold all of its rows. */
function checksOf(report: Report, rowsMax: number): readonly Check[] {
  const cut = cutTables(report, rowsMax);
  const checks = [...moneyChecks(report), ...levyChecks(report), ...countChecks(report), ...columnChecks(report)];
  return checks.filter(({ formula }) => !cut.some((name) => formula.includes(name)));
}

function moneyChecks(report: Report): readonly Check[] {
  const { totals, curve, breakdowns, structures, days } = report;
  const money = (name: string, formula: string, engine: number): Check => ({ name, formula, engine, kind: 'money' });
  const openNet = totals.openGross * FINE_PER_PAISA - totals.openCharges;
  const tradesNet = totals.net + totals.rounding - openNet;
  const structuresNet = structures.reduce((sum, structure) => sum + structure.net, 0);
  return [
    money(
      'Net of Trades and open legs, less rounding = net of the run',
      `SUM(tblTrades[net_value])+(${rupeesOfFine(openNet)})-SUM(tblDaily[Rounding])`,
      rupeesOfFine(totals.net),
    ),
    money('Net of Daily = net of the run', 'SUM(tblDaily[Net])', rupeesOfFine(totals.net)),
    money('Net on Summary = net of the run', 'RunNet', rupeesOfFine(totals.net)),
    money('Net of Monthly = net of the run', monthlyTotalCell(report), rupeesOfFine(totals.net)),
    money('Gross of Daily = gross of the run', 'SUM(tblDaily[Gross])', totals.gross / 100),
    money(
      'Gross of Trades = gross of the closed legs',
      'SUM(tblTrades[pnl_value])',
      (totals.gross - totals.openGross) / 100,
    ),
    money(
      'Gross less charges of each trade is its net',
      'SUMPRODUCT(ABS(tblTrades[pnl_value]-tblTrades[charges]-tblTrades[net_value]))',
      0,
    ),
    money(
      'Net of Trades = net of the structures',
      'SUM(tblTrades[net_value])-SUM(tblStructures[Net])',
      rupeesOfFine(tradesNet - structuresNet),
    ),
    ...(days.length === 0
      ? []
      : [
          money(
            'Last equity of Daily = capital and the last marked net',
            `INDEX(tblDaily[Equity],${days.length})-RunCapital`,
            rupeesOfFine(curve.net[curve.net.length - 1] ?? 0),
          ),
        ]),
    ...breakdowns.map(({ title, rows }, at) =>
      money(
        `Net ${title.toLowerCase()} adds up`,
        `SUM(${BREAKDOWN_TABLES[at]}[Net])`,
        rupeesOfFine(rows.reduce((sum, row) => sum + row.net, 0)),
      ),
    ),
  ];
}

function levyChecks({ totals, fills, days }: Report): readonly Check[] {
  const charges = fills.reduce((sum, fill) => sum + fill.charges.total, 0);
  const notes = days.reduce((sum, day) => sum + day.charges.total + day.rounding, 0);
  return [
    ...LEVY_NAMES.map((name): Check => {
      const formula = `SUM(tblLegs[${LEVY_WORDS[name]}])`;
      return {
        name: `${LEVY_WORDS[name]} of Legs = the run's`,
        formula,
        engine: rupeesOfFine(totals.charges[name]),
        kind: 'money',
      };
    }),
    {
      name: 'Charges of Legs = charges of Daily',
      formula: 'SUM(tblLegs[charges])-SUM(tblDaily[Charges])',
      engine: rupeesOfFine(charges - totals.charges.total),
      kind: 'money',
    },
    {
      name: 'Charges of Trades and open legs = charges of Daily',
      formula: `SUM(tblTrades[charges])+(${rupeesOfFine(totals.openCharges)})`,
      engine: rupeesOfFine(totals.charges.total),
      kind: 'money',
    },
    {
      name: 'Charges and rounding = the contract notes',
      formula: 'SUM(tblDaily[Charges])+SUM(tblDaily[Rounding])',
      engine: rupeesOfFine(notes),
      kind: 'money',
    },
  ];
}

function countChecks({ trades, structures, fills, orders, events, days }: Report): readonly Check[] {
  const count = (name: string, formula: string, engine: number): Check => ({ name, formula, engine, kind: 'count' });
  return [
    count('Rows of Daily = session days', 'COUNT(tblDaily[Date])', days.length),
    count('Rows of Trades = closed legs', 'COUNT(tblTrades[trade_id])', trades.length),
    count('Structures', 'COUNTA(tblStructures[Structure])', structures.length),
    count('Trades of Daily = rows of Trades', 'SUM(tblDaily[Trades])-COUNT(tblTrades[trade_id])', 0),
    count('Rows of Legs = fills and settlements', 'COUNT(tblLegs[fill])', fills.length),
    count('Rows of Orders = orders', 'COUNTA(tblOrders[order])', orders.length),
    count('Rows of Events = events, up to the cap', 'COUNT(tblEvents[seq])', Math.min(events.length, EVENTS_MAX)),
  ];
}

const ADDED: ReadonlySet<string> = new Set(['count', 'price', 'ratio', 'share', 'money', 'result']);

/** Every column of figures on Trades has its sum here, so that no single amount can be changed unseen. */
function columnChecks(report: Report): readonly Check[] {
  return tradeColumns(report)
    .filter(({ kind }) => ADDED.has(kind))
    .map((column) => ({
      name: `Sum of column ${column.header} on Trades`,
      formula: `SUM(tblTrades[${column.header}])`,
      engine: exactSum(report.trades, column),
      kind: 'money',
    }));
}

/** A sum without the drift of adding decimals one by one (Neumaier). */
function exactSum(rows: readonly TradeRow[], { of }: Column<TradeRow>): number {
  let sum = 0;
  let lost = 0;
  for (const row of rows) {
    const value = Number(of(row) ?? 0);
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}
