import type { Axis, CellRun, Chart, Plain, Series } from './book.ts';
import { runName } from './book.ts';
import { escaped } from './sheet-xml.ts';
import { COLOUR, FONT } from './style.ts';

/** What the cells of a run held when they were written. */
export type ReadRun = (run: CellRun) => readonly Plain[];

const NAMES = [
  'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"',
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"',
  'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"',
].join(' ');

const X_AXIS = 1001;
const Y_AXIS = 1002;

/** The part of a chart: ranges with the values their cells had, so that a viewer that never counts anew draws it too. */
export function chartXml(chart: Chart, read: ReadRun): string {
  const ys = chart.series.flatMap(({ y }) => read(y).filter((value) => typeof value === 'number'));
  const plots = PLOTS.map((plot) => plotXml(plot, chart, read)).join('');
  const axes = chart.series[0]?.plot === 'points' ? pointAxes(chart, ys, read) : categoryAxes(chart, ys, read);
  const legend = chart.legend ? legendXml(chart) : '';
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<c:chartSpace ${NAMES}><c:roundedCorners val="0"/><c:chart>${titleXml(chart.title, { size: 1_200, bold: true })}<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>${plots}${axes}<c:spPr><a:noFill/></c:spPr></c:plotArea>${legend}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr>${fillXml(COLOUR.white)}${lineXml(COLOUR.line)}</c:spPr>${textXml(900)}</c:chartSpace>`;
}

/** In the order in which they are painted over each other. */
const PLOTS = ['area', 'columns', 'stacked', 'line', 'points'] as const;

function plotXml(plot: Series['plot'], chart: Chart, read: ReadRun): string {
  const series = chart.series
    .map((one, at) => (one.plot === plot ? seriesXml(one, at, read) : ''))
    .filter((xml) => xml !== '')
    .join('');
  if (series === '') return '';
  const axes = `<c:axId val="${X_AXIS}"/><c:axId val="${Y_AXIS}"/>`;
  const plain = '<c:varyColors val="0"/>';
  const gap = `<c:gapWidth val="${gapOf(chart)}"/>`;
  switch (plot) {
    case 'area':
      return `<c:areaChart><c:grouping val="standard"/>${plain}${series}${axes}</c:areaChart>`;
    case 'columns':
      return `<c:barChart><c:barDir val="col"/><c:grouping val="clustered"/>${plain}${series}${gap}${axes}</c:barChart>`;
    case 'stacked':
      return `<c:barChart><c:barDir val="col"/><c:grouping val="stacked"/>${plain}${series}${gap}<c:overlap val="100"/>${axes}</c:barChart>`;
    case 'line':
      return `<c:lineChart><c:grouping val="standard"/>${plain}${series}<c:marker val="1"/>${axes}</c:lineChart>`;
    default:
      return `<c:scatterChart><c:scatterStyle val="lineMarker"/>${plain}${series}${axes}</c:scatterChart>`;
  }
}

/** Columns beyond these stand close, and many of them look like one shape. */
const DAYS_APART = 60;

/** Room between columns in per cent of their width; few columns would be very broad. */
function gapOf({ series }: Chart): number {
  const count = series.reduce((most, { y }) => Math.max(most, y.last - y.first + 1), 0);
  if (count <= 2) return 400;
  if (count <= 4) return 150;
  return count <= DAYS_APART ? 40 : 10;
}

/** Lines of fewer points would hardly be seen without marks. */
const MARKED_BELOW = 20;
/** A point of its own colour costs room; a longer chart has one colour. */
const COLOURED_MAX = 3_000;

function seriesXml(series: Series, at: number, read: ReadRun): string {
  const { name, plot, colour, x, y } = series;
  const head = `<c:idx val="${at}"/><c:order val="${at}"/><c:tx><c:v>${escaped(name)}</c:v></c:tx>`;
  const values = read(y);
  const cat = `<c:cat>${valuesXml(x, read(x))}</c:cat>`;
  const val = `<c:val>${valuesXml(y, values)}</c:val>`;
  switch (plot) {
    case 'area':
      return `<c:ser>${head}<c:spPr>${fillOf(series)}</c:spPr>${cat}${val}</c:ser>`;
    case 'columns':
    case 'stacked':
      return `<c:ser>${head}<c:spPr>${fillOf(series)}</c:spPr><c:invertIfNegative val="0"/>${belowXml(series, values)}${cat}${val}</c:ser>`;
    case 'line': {
      const mark = values.length < MARKED_BELOW ? markXml(colour, 5) : '<c:marker><c:symbol val="none"/></c:marker>';
      return `<c:ser>${head}<c:spPr>${lineXml(colour ?? COLOUR.ink, 22_225)}</c:spPr>${mark}${cat}${val}<c:smooth val="0"/></c:ser>`;
    }
    default: {
      const xs = `<c:xVal>${valuesXml(x, read(x))}</c:xVal>`;
      const ys = `<c:yVal>${valuesXml(y, values)}</c:yVal>`;
      return `<c:ser>${head}<c:spPr><a:ln w="19050"><a:noFill/></a:ln></c:spPr>${markXml(colour, 5)}${xs}${ys}<c:smooth val="0"/></c:ser>`;
    }
  }
}

function belowXml({ below, opacity }: Series, values: readonly Plain[]): string {
  if (below === undefined || values.length > COLOURED_MAX) return '';
  return values
    .map((value, at) =>
      typeof value === 'number' && value < 0
        ? `<c:dPt><c:idx val="${at}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/><c:spPr>${fillXml(below, opacity)}</c:spPr></c:dPt>`
        : '',
    )
    .join('');
}

function markXml(colour: string | null, size: number): string {
  const paint = `<c:spPr>${fillXml(colour ?? COLOUR.ink, 70)}<a:ln><a:noFill/></a:ln></c:spPr>`;
  return `<c:marker><c:symbol val="circle"/><c:size val="${size}"/>${paint}</c:marker>`;
}

/** Texts where there are any, numbers otherwise; an empty cell has no point. */
function valuesXml(run: CellRun, values: readonly Plain[]): string {
  const isText = values.some((value) => typeof value === 'string');
  const points = values
    .map((value, at) =>
      value === null
        ? ''
        : `<c:pt idx="${at}"><c:v>${escaped(isText ? String(value) : numberText(value))}</c:v></c:pt>`,
    )
    .join('');
  const format = isText ? '' : '<c:formatCode>General</c:formatCode>';
  const cache = `${format}<c:ptCount val="${values.length}"/>${points}`;
  const name = `<c:f>${escaped(runName(run))}</c:f>`;
  return isText
    ? `<c:strRef>${name}<c:strCache>${cache}</c:strCache></c:strRef>`
    : `<c:numRef>${name}<c:numCache>${cache}</c:numCache></c:numRef>`;
}

function numberText(value: NonNullable<Plain>): string {
  return String(Number(value));
}

function categoryAxes(chart: Chart, ys: readonly number[], read: ReadRun): string {
  const xs = chart.series[0] === undefined ? [] : read(chart.series[0].x);
  return `${chart.x.kind === 'date' ? dateAxis(chart.x, xs) : textAxis(chart, xs)}${valueAxis(chart.y, ys, { id: Y_AXIS, crossing: X_AXIS, side: 'l' })}`;
}

function pointAxes(chart: Chart, ys: readonly number[], read: ReadRun): string {
  const xs = chart.series.flatMap(({ x }) => read(x).filter((value) => typeof value === 'number'));
  const across = valueAxis(chart.x, xs, { id: X_AXIS, crossing: Y_AXIS, side: 'b' });
  return `${across}${valueAxis(chart.y, ys, { id: Y_AXIS, crossing: X_AXIS, side: 'l' })}`;
}

interface AxisPlace {
  readonly id: number;
  readonly crossing: number;
  readonly side: 'b' | 'l';
}

/** An axis of figures, which never leaves out zero. */
function valueAxis(axis: Axis, values: readonly number[], { id, crossing, side }: AxisPlace): string {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const ends = `${high <= 0 ? '<c:max val="0"/>' : ''}${low >= 0 ? '<c:min val="0"/>' : ''}`;
  const scaling = `<c:scaling><c:orientation val="minMax"/>${low === 0 && high === 0 ? '' : ends}</c:scaling>`;
  const grid = `<c:majorGridlines><c:spPr>${lineXml(COLOUR.line, 6_350)}</c:spPr></c:majorGridlines>`;
  const format = axis.kind === 'money' ? axisFormat(Math.max(Math.abs(low), Math.abs(high))) : '0';
  const unit = axis.kind === 'count' && high < 6 ? '<c:majorUnit val="1"/>' : '';
  const middle = `<c:crosses val="autoZero"/><c:crossBetween val="${side === 'b' ? 'midCat' : crossingOf(axis)}"/>`;
  return `<c:valAx><c:axId val="${id}"/>${scaling}<c:delete val="0"/><c:axPos val="${side}"/>${grid}${titleXml(axis.title, { size: 900, turned: side === 'l' })}<c:numFmt formatCode="${escaped(format)}" sourceLinked="0"/>${TICKS}<c:tickLblPos val="low"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>${textXml(900)}<c:crossAx val="${crossing}"/>${middle}${unit}</c:valAx>`;
}

function crossingOf({ kind }: Axis): string {
  return kind === 'date' ? 'midCat' : 'between';
}

const TICKS = '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>';
const AXIS_LINE = `<c:spPr>${lineXml(COLOUR.quiet, 9_525)}</c:spPr>`;

/** Labels of texts that would overlap are turned. */
const TURNED_ABOVE = 12;

function textAxis({ x }: Chart, values: readonly Plain[]): string {
  const isMoney = x.kind === 'money';
  const largest = values.reduce<number>((most, value) => Math.max(most, Math.abs(Number(value) || 0)), 0);
  const format = isMoney ? axisFormat(largest) : 'General';
  const turned = values.length > TURNED_ABOVE ? -2_700_000 : undefined;
  return `<c:catAx><c:axId val="${X_AXIS}"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/>${titleXml(x.title, { size: 900 })}<c:numFmt formatCode="${escaped(format)}" sourceLinked="0"/>${TICKS}<c:tickLblPos val="low"/>${AXIS_LINE}${textXml(900, turned)}<c:crossAx val="${Y_AXIS}"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>`;
}

/** Steps between the labels of a date axis by the days it spans. */
const DATE_STEPS = [
  { days: 14, step: 1, unit: 'days', format: 'dd\\-mmm' },
  { days: 70, step: 7, unit: 'days', format: 'dd\\-mmm' },
  { days: 460, step: 1, unit: 'months', format: 'mmm\\-yy' },
  { days: 1_500, step: 3, unit: 'months', format: 'mmm\\-yy' },
  { days: Number.POSITIVE_INFINITY, step: 1, unit: 'years', format: 'yyyy' },
] as const;

function dateAxis({ title }: Axis, values: readonly Plain[]): string {
  const serials = values.filter((value) => typeof value === 'number');
  const span = (serials.at(-1) ?? 0) - (serials[0] ?? 0);
  const { step, unit, format } = DATE_STEPS.find(({ days }) => span <= days) ?? DATE_STEPS[0];
  return `<c:dateAx><c:axId val="${X_AXIS}"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="b"/>${titleXml(title, { size: 900 })}<c:numFmt formatCode="${format}" sourceLinked="0"/>${TICKS}<c:tickLblPos val="low"/>${AXIS_LINE}${textXml(900)}<c:crossAx val="${Y_AXIS}"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblOffset val="100"/><c:baseTimeUnit val="days"/><c:majorUnit val="${step}"/><c:majorTimeUnit val="${unit}"/></c:dateAx>`;
}

/** The highest label may lie a step above the highest value. */
const ROOM = 0.8;

/**
 * Rupees below a lakh, then lakhs or crores: one format must serve all labels of an axis, and none groups both 50,000 and 1,50,000 as
 * India does. A comma divides by a thousand, and a written point then stands where the lakh or crore ends.
 */
function axisFormat(largest: number): string {
  if (largest >= 1e9 * ROOM) return '#,##0\\.0,,"Cr";-#,##0\\.0,,"Cr";0';
  if (largest >= 1e7 * ROOM) return '0\\.0,,"Cr";-0\\.0,,"Cr";0';
  if (largest >= 1e5 * ROOM) return '0\\.00,"L";-0\\.00,"L";0';
  return '#,##0;-#,##0;0';
}

function titleXml(
  text: string,
  { size, bold = false, turned = false }: { readonly size: number; readonly bold?: boolean; readonly turned?: boolean },
): string {
  const body = turned ? '<a:bodyPr rot="-5400000" vert="horz"/>' : '<a:bodyPr/>';
  const paint = `b="${bold ? 1 : 0}"`;
  const look = fontXml(bold ? COLOUR.head : COLOUR.quiet);
  return `<c:title><c:tx><c:rich>${body}<a:p><a:pPr><a:defRPr sz="${size}" ${paint}>${look}</a:defRPr></a:pPr><a:r><a:rPr lang="en-IN" sz="${size}" ${paint}>${look}</a:rPr><a:t>${escaped(text)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>`;
}

/** Series without a paint are props, and have no place in a legend. */
function legendXml({ series }: Chart): string {
  const hidden = series
    .map(({ colour }, at) =>
      colour === null ? `<c:legendEntry><c:idx val="${at}"/><c:delete val="1"/></c:legendEntry>` : '',
    )
    .join('');
  return `<c:legend><c:legendPos val="t"/>${hidden}<c:overlay val="0"/>${textXml(900)}</c:legend>`;
}

function textXml(size: number, turned?: number): string {
  const body = turned === undefined ? '<a:bodyPr/>' : `<a:bodyPr rot="${turned}" vert="horz"/>`;
  return `<c:txPr>${body}<a:p><a:pPr><a:defRPr sz="${size}" b="0">${fontXml(COLOUR.quiet)}</a:defRPr></a:pPr><a:endParaRPr lang="en-IN"/></a:p></c:txPr>`;
}

function fontXml(colour: string): string {
  return `${fillXml(colour)}<a:latin typeface="${FONT}"/>`;
}

function fillOf({ colour, opacity }: Series): string {
  return colour === null ? '<a:noFill/><a:ln><a:noFill/></a:ln>' : fillXml(colour, opacity);
}

function fillXml(colour: string, opacity = 100): string {
  const alpha = opacity === 100 ? '' : `<a:alpha val="${opacity * 1_000}"/>`;
  return `<a:solidFill><a:srgbClr val="${colour}">${alpha}</a:srgbClr></a:solidFill>`;
}

function lineXml(colour: string, width = 9_525): string {
  return `<a:ln w="${width}" cap="rnd">${fillXml(colour)}<a:round/></a:ln>`;
}
