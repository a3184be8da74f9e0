import { plural } from '../text.ts';
import type { Axis, CellRun, Chart } from './book.ts';
import { COLOUR } from './style.ts';

/** Where a chart stands, and how large. */
export type Place = Chart['place'];

/** Pixels of a row of the usual height. */
export const ROW_PIXELS = 20;

/** The columns of sheet Daily that charts draw. */
export interface DailyRuns {
  readonly date: CellRun;
  readonly net: CellRun;
  readonly total: CellRun;
  readonly drawdown: CellRun;
}

const DATE: Axis = { title: 'Session day', kind: 'date' };

/** Net to date as a line from zero, the fall below its highest earlier day's end as an area under zero: one axis for both. */
export function equityChart({ date, total, drawdown }: DailyRuns, place: Place): Chart {
  return {
    title: 'Equity: net to date, and drawdown (₹)',
    alt: `Net profit since the run began and its fall below the highest earlier day's end, at the end of ${days(date)}, in rupees`,
    x: DATE,
    y: { title: 'Rupees', kind: 'money' },
    series: [
      { name: 'Drawdown', plot: 'area', x: date, y: drawdown, colour: COLOUR.loss, opacity: 35 },
      { name: 'Net to date', plot: 'line', x: date, y: total, colour: TIME },
    ],
    legend: true,
    place,
  };
}

export function dailyNetChart({ date, net }: DailyRuns, place: Place): Chart {
  return {
    title: 'Net of each day (₹)',
    alt: `Net profit or loss of each of ${days(date)}, in rupees, green above zero and red below`,
    x: DATE,
    y: { title: 'Rupees', kind: 'money' },
    series: [{ name: 'Net', plot: 'columns', x: date, y: net, colour: COLOUR.gain, below: COLOUR.loss }],
    legend: false,
    place,
  };
}

export function underwaterChart({ date, drawdown }: DailyRuns, place: Place): Chart {
  return {
    title: "Below the highest earlier day's end (₹)",
    alt: `How far equity stood below its highest earlier day's end, at the end of ${days(date)}, in rupees`,
    x: DATE,
    y: { title: 'Rupees', kind: 'money' },
    series: [{ name: 'Drawdown', plot: 'area', x: date, y: drawdown, colour: COLOUR.loss, opacity: 60 }],
    legend: false,
    place,
  };
}

/** Net of each group of a breakdown. */
export function groupChart(
  { title, unit, axis }: { readonly title: string; readonly unit: string; readonly axis: string },
  { label, net }: { readonly label: CellRun; readonly net: CellRun },
  place: Place,
): Chart {
  return {
    title: `Net ${title.charAt(0).toLowerCase()}${title.slice(1)} (₹)`,
    alt: `Net of all ${unit} of each group, ${title.toLowerCase()}, in rupees, green above zero and red below`,
    x: { title: axis, kind: 'text' },
    y: { title: 'Rupees', kind: 'money' },
    series: [{ name: 'Net', plot: 'columns', x: label, y: net, colour: COLOUR.gain, below: COLOUR.loss }],
    legend: false,
    place,
  };
}

/** How many structures ended where; losses and gains in columns of their own, so that each has its colour. */
export function distributionChart(
  { from, losses, gains }: { readonly from: CellRun; readonly losses: CellRun; readonly gains: CellRun },
  place: Place,
): Chart {
  return {
    title: 'Distribution of the net of structures',
    alt: 'Number of structures by their net in rupees; losses red, gains green',
    x: { title: 'Net of a structure from ₹ (lower end of the bin)', kind: 'money' },
    y: { title: 'Structures', kind: 'count' },
    series: [
      { name: 'Loss', plot: 'stacked', x: from, y: losses, colour: COLOUR.loss },
      { name: 'Gain', plot: 'stacked', x: from, y: gains, colour: COLOUR.gain },
    ],
    legend: false,
    place,
  };
}

/** One point a structure. */
export function excursionChart(
  runs: { readonly mae: CellRun; readonly won: CellRun; readonly lost: CellRun; readonly of: number },
  place: Place,
): Chart {
  const { mae, won, lost, of } = runs;
  const count = mae.last - mae.first + 1;
  const which = count === of ? '' : `, the last ${count} of ${plural(of, 'structure')}`;
  return {
    title: `Best against worst open result of each structure${which} (₹)`,
    alt: `Each structure${which} by its worst open result (MAE, across) and its best (MFE, up) in rupees; those that won green, the others red`,
    x: { title: 'Worst open result, MAE (₹)', kind: 'money' },
    y: { title: 'Best open result, MFE (₹)', kind: 'money' },
    series: [
      { name: 'Not won', plot: 'points', x: mae, y: lost, colour: COLOUR.loss },
      { name: 'Won', plot: 'points', x: mae, y: won, colour: COLOUR.gain },
    ],
    legend: true,
    place,
  };
}

/** Columns of the waterfall; a bar that crosses zero is drawn in two parts. */
export interface WaterfallRuns {
  readonly label: CellRun;
  readonly base: CellRun;
  readonly result: CellRun;
  readonly above: CellRun;
  readonly below: CellRun;
}

export function waterfallChart({ label, base, result, above, below }: WaterfallRuns, place: Place): Chart {
  return {
    title: 'From gross to net (₹)',
    alt: 'A waterfall from gross over each charge to net, in rupees',
    x: { title: 'Gross, each charge, net', kind: 'text' },
    y: { title: 'Rupees', kind: 'money' },
    series: [
      { name: 'Base', plot: 'stacked', x: label, y: base, colour: null },
      { name: 'Result', plot: 'stacked', x: label, y: result, colour: COLOUR.gain, below: COLOUR.loss },
      { name: 'Charge', plot: 'stacked', x: label, y: above, colour: COST },
      { name: 'Charge below zero', plot: 'stacked', x: label, y: below, colour: COST },
    ],
    legend: false,
    place,
  };
}

const TIME = '1F6FB2';
const COST = 'B26A00';

function days({ first, last }: CellRun): string {
  return plural(last - first + 1, 'session day');
}
