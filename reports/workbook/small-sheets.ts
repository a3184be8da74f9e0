import { FINE_PER_PAISA, LEVY_NAMES } from '../../engine/model/levies.ts';
import { intervalText } from '../csv.ts';
import { moneyText } from '../money-text.ts';
import { sortedJson } from '../passport.ts';
import type { Report } from '../report.ts';
import { dataBanner } from '../report.ts';
import { LEVY_WORDS } from '../text.ts';
import type { Sheet } from './book.ts';
import { cell, Grid, rupeesOfFine } from './cells.ts';
import { waterfallChart } from './charts.ts';
import { COLOUR, LOOK, TAB } from './style.ts';
import { headerCells } from './table-sheet.ts';
import { putWaterfall, waterfallTable } from './waterfall-cells.ts';

const COST_HEADS = [
  { header: 'From gross to net', kind: 'text' },
  { header: 'Amount', kind: 'signed-money' },
  { header: '% of gross', kind: 'share' },
  { header: 'Per structure', kind: 'signed-money' },
  { header: 'Per trade', kind: 'signed-money' },
  { header: 'Per lot traded', kind: 'signed-money' },
] as const;

/** Charge by charge from gross to net; the sums are formulas over Legs and Daily. */
export function costsSheet(report: Report): Sheet {
  const { totals, statistics, trades, fills, run } = report;
  const grid = new Grid();
  const lotsTraded = fills.reduce((sum, { lots }) => sum + lots, 0);
  const counts = [statistics.structures, trades.length, lotsTraded] as const;
  const counting = ['COUNT(tblStructures[Net])', 'COUNT(tblTrades[trade_id])', 'SUM(tblLegs[lots])'] as const;
  grid.putRow(1, 1, headerCells(COST_HEADS));
  const put = (row: number, line: { label: string; amount: number; formula: string; strong?: boolean }): void => {
    const change = line.strong ? ({ bold: true, edge: 'over', fill: COLOUR.paper } as const) : {};
    grid.put(row, 1, cell('text', line.label, { change }));
    grid.put(row, 2, cell('signed-result', line.amount, { formula: line.formula, change }));
    const share = totals.gross > 0 ? line.amount / (totals.gross / 100) : 'n/a';
    grid.put(row, 3, cell('share', share, { formula: `IF($B$2>0,B${row}/$B$2,"n/a")`, change }));
    counts.forEach((count, at) => {
      const value = count === 0 ? 'n/a' : line.amount / count;
      const formula = `IF(${counting[at]}=0,"n/a",B${row}/${counting[at]})`;
      grid.put(row, 4 + at, cell('signed-result', value, { formula, change }));
    });
  };
  put(2, { label: 'Gross', amount: totals.gross / 100, formula: 'SUM(tblDaily[Gross])', strong: true });
  LEVY_NAMES.forEach((name, at) => {
    const amount = totals.charges[name] === 0 ? 0 : -rupeesOfFine(totals.charges[name]);
    put(3 + at, { label: LEVY_WORDS[name], amount, formula: `-SUM(tblLegs[${LEVY_WORDS[name]}])` });
  });
  const last = 2 + LEVY_NAMES.length;
  const rounding = totals.rounding === 0 ? 0 : -rupeesOfFine(totals.rounding);
  put(last + 1, { label: 'Rounding of the contract notes', amount: rounding, formula: '-SUM(tblDaily[Rounding])' });
  const charges = -rupeesOfFine(totals.charges.total + totals.rounding);
  put(last + 2, {
    label: 'All charges',
    amount: charges === 0 ? 0 : charges,
    formula: `SUM(B3:B${last + 1})`,
    strong: true,
  });
  put(last + 3, { label: 'Net', amount: rupeesOfFine(totals.net), formula: `B2+B${last + 2}`, strong: true });
  const slip = slippageOf(report);
  grid.put(last + 5, 1, { value: 'Paid for crossing (already inside the prices above)', style: LOOK.section });
  for (let column = 2; column <= COST_HEADS.length; column += 1)
    grid.put(last + 5, column, { value: null, style: LOOK.sectionLine });
  const parts = [
    ['Half-spreads', slip.halfSpread],
    ['Slippage', slip.slippage],
    ['Rounding to the tick', slip.rounding],
  ] as const;
  parts.forEach(([label, paise], at) => {
    grid.put(last + 6 + at, 1, cell('text', label));
    grid.put(last + 6 + at, 2, cell('signed-result', paise === 0 ? 0 : -paise / 100));
  });
  grid.put(last + 10, 1, {
    value: `Capital ${moneyText(run.capital, { sign: '₹', paise: false })}. Levies are exact to 1/10,000 paisa an order; the note of a day rounds each to the paisa.`,
    style: LOOK.subtitle,
  });
  const runs = putWaterfall(grid, report);
  const isFlat = totals.gross === 0 && totals.charges.total === 0;
  return {
    name: 'Costs',
    tab: TAB.cost,
    widths: [34, 18, 13, 17, 17, 17, 4, 16, 14, 14, 14, 14, 14, 14],
    rows: () => grid.rows(),
    heights: new Map([[1, 24]]),
    merges: [],
    tables: [waterfallTable(report)],
    rules: [],
    charts: isFlat ? [] : [waterfallChart(runs, { row: last + 12, column: 1, width: 800, height: 380 })],
    freeze: { rows: 1, columns: 1 },
    gridlines: true,
    page: { paper: 'A4', onePage: true, pagesWide: 1, repeatRows: 0, areas: [`A1:F${last + 32}`] },
  };
}

/** What the steps of the fills cost, paise. */
function slippageOf({ fills }: Report): { halfSpread: number; slippage: number; rounding: number } {
  const sum = { halfSpread: 0, slippage: 0, rounding: 0 };
  for (const { steps, quantity } of fills) {
    sum.halfSpread += (steps?.halfSpread ?? 0) * quantity;
    sum.slippage += (steps?.slippage ?? 0) * quantity;
    sum.rounding += Math.abs(steps?.rounding ?? 0) * quantity;
  }
  return sum;
}

/** The resolved configuration, models and versions in two columns. */
export function configSheet(report: Report): Sheet {
  const grid = new Grid();
  grid.putRow(
    1,
    1,
    headerCells([
      { header: 'Setting', kind: 'text' },
      { header: 'Value', kind: 'text' },
    ]),
  );
  const heights = new Map([[1, 22]]);
  configLines(report).forEach(([name, value], at) => {
    grid.put(at + 2, 1, { value: name, style: LOOK.mono });
    grid.put(at + 2, 2, { value, style: LOOK.mono });
    heights.set(at + 2, 14.5 * Math.max(linesOf(name, NAME_WIDTH), linesOf(value, VALUE_WIDTH)));
  });
  return {
    name: 'Config',
    tab: TAB.cost,
    widths: [NAME_WIDTH, VALUE_WIDTH],
    rows: () => grid.rows(),
    heights,
    merges: [],
    tables: [],
    rules: [],
    charts: [],
    freeze: { rows: 1, columns: 1 },
    gridlines: true,
    page: { paper: 'A4', onePage: false, pagesWide: 1, repeatRows: 1 },
  };
}

const NAME_WIDTH = 46;
const VALUE_WIDTH = 96;

/** Lines that a text takes in a column, the wider letters of the fixed font allowed for. */
function linesOf(text: string, width: number): number {
  return Math.max(1, Math.ceil((text.length * 1.06) / width));
}

function configLines({ run, marked, totals }: Report): readonly (readonly [string, string])[] {
  const { data, code, strategies, models, warmup } = run;
  const list = (items: readonly string[]): string => (items.length === 0 ? 'none' : items.join(', '));
  return [
    ['mode', run.mode],
    ['data', `${data.kind}${data.kind === 'real' ? '' : ` (${dataBanner(run) ?? ''})`}`],
    ['from', run.from],
    ['to', run.to],
    ['segments', run.segments.join(', ')],
    ['capital rupees', String(run.capital / 100)],
    ['lots', String(run.lots)],
    ['base interval', intervalText(data.intervalMs)],
    ['data hash', data.hash],
    ['data days', String(data.days)],
    ['coverage %', data.coveragePct === null ? 'unknown' : data.coveragePct.toFixed(4)],
    ['missing days', list(data.missingDays)],
    ['skipped days', list(data.skippedDays.map(({ day, reason }) => `${day} (${reason})`))],
    ['warm-up', `${warmup.candles} candles${warmup.endsAt === null ? '' : ` to ${warmup.endsAt}`}`],
    ['seed', String(run.seed)],
    ['program', `${code.name} ${code.version}`],
    ['format of the passport', String(run.formatVersion)],
    ...strategies.flatMap(({ name, segment, params, hash }): [string, string][] => [
      [`strategy ${name}/${segment}`, hash],
      [`strategy ${name}/${segment} parameters`, sortedJson(params)],
    ]),
    ...models.map(({ name, version, assumption }): [string, string] => [`model ${name} ${version}`, assumption]),
    ...Object.entries(run.rungs).map(([name, rung]): [string, string] => [
      `underlying minutes ${name}`,
      sortedJson(rung),
    ]),
    ...flattened(run.settings, 'setting '),
    ...run.warnings.map((warning, at): [string, string] => [`warning ${at + 1}`, warning]),
    ['deepest drawdown, rupees', String((marked[0]?.depth ?? 0) / FINE_PER_PAISA / 100)],
    ['net, rupees', String(rupeesOfFine(totals.net))],
  ];
}

/** `execution.chase.everyMs` and its value, keys sorted. */
function flattened(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, sortedJson(value)]];
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.flatMap(([key, part]) => flattened(part, path.endsWith(' ') ? `${path}${key}` : `${path}.${key}`));
}
