import { FINE_PER_PAISA } from '../../../engine/model/levies.ts';
import type { Drawdown } from '../../equity-curve.ts';
import type { Markup } from '../html.ts';
import { html } from '../html.ts';
import type { CurvePoint } from './curve-points.ts';
import { pointAt } from './curve-points.ts';
import type { Paper, Plot } from './paper.ts';
import { drawing, labelAxis, moneyTick, valueAxis } from './paper.ts';
import type { Scale } from './scale.ts';
import { linear, pathThrough, roomyExtent, short } from './scale.ts';
import { timeLabels } from './time-labels.ts';

const FALL_SHARE = 0.28;
const GAP = 22;

/** Net since the run began over its falls, on one time axis that has no nights; the given falls are shaded and numbered. */
export function equityChart(paper: Paper, points: readonly CurvePoint[], falls: readonly Drawdown[]): Markup {
  const left = paper.name === 'narrow' ? 56 : 72;
  const bottom = paper.height - 24;
  const middle = Math.round(bottom - (bottom - 16) * FALL_SHARE);
  const plot: Plot = { left, right: paper.width - 10, top: 16, bottom: middle - GAP };
  const below: Plot = { ...plot, top: middle, bottom };
  const x = linear([0, Math.max(points.length - 1, 1)], [plot.left, plot.right]);
  const labels = timeLabels(
    points.map(({ ts }) => ts),
    paper.name === 'narrow' ? 4 : 10,
  );
  return drawing(paper, 'Net profit since the run began, and how far it stood below its peak', [
    shades(falls, { points, x, top: plot.top, bottom }),
    netPanel(plot, points, x),
    fallPanel(below, points, x),
    labelAxis(
      below,
      labels.map(({ at, text }) => ({ x: Math.min(Math.max(x(at), plot.left + 14), plot.right - 14), text })),
    ),
    html`<g class="cursor" data-left="${plot.left}" data-right="${plot.right}"><line y1="${plot.top}" y2="${bottom}"/></g>`,
  ]);
}

function netPanel(plot: Plot, points: readonly CurvePoint[], x: Scale): Markup {
  const nets = points.flatMap(({ low, high }) => [low, high]);
  const extent = roomyExtent([0, ...nets].map((fine) => fine / FINE_PER_PAISA));
  const y = linear(extent, [plot.bottom, plot.top]);
  const of = (fine: number): number => y(fine / FINE_PER_PAISA);
  const line = pathThrough(tracedOf(points, x, of));
  const zero = short(y(0));
  const last = short(x(points.length - 1));
  const area =
    points.length === 0
      ? ''
      : `${pathThrough(points.map(({ net }, at) => [x(at), of(net)]))}L${last} ${zero}L${plot.left} ${zero}Z`;
  return html`<text class="axis-name" x="${plot.left}" y="11">Net profit</text>${valueAxis(plot, { scale: y, extent, count: 5, text: moneyTick })}<path class="equity-area" d="${area}"/><path class="equity" d="${line}"/>`;
}

/** Within one point the line goes to both extremes, so that no peak or trough is lost on a long run. */
function* tracedOf(points: readonly CurvePoint[], x: Scale, y: Scale): Generator<readonly [number, number]> {
  for (const [at, { net, low, high }] of points.entries()) {
    const here = x(at);
    if (low < net) yield [here, y(low)];
    if (high > net) yield [here, y(high)];
    yield [here, y(net)];
  }
}

function fallPanel(plot: Plot, points: readonly CurvePoint[], x: Scale): Markup {
  const deepest = points.reduce((low, { fall }) => Math.min(low, fall), 0) / FINE_PER_PAISA;
  const extent = [Math.min(deepest * 1.08, -100), 0] as const;
  const y = linear(extent, [plot.bottom, plot.top]);
  const line = pathThrough(points.map(({ fall }, at) => [x(at), y(fall / FINE_PER_PAISA)]));
  const area =
    points.length === 0 ? '' : `${line}L${short(x(points.length - 1))} ${plot.top}L${plot.left} ${plot.top}Z`;
  return html`<text class="axis-name" x="${plot.left}" y="${plot.top - 6}">Below its peak</text>${valueAxis(plot, { scale: y, extent, count: 3, text: moneyTick })}<path class="fall-area" d="${area}"/><path class="fall" d="${line}"/>`;
}

function shades(
  falls: readonly Drawdown[],
  on: { readonly points: readonly CurvePoint[]; readonly x: Scale; readonly top: number; readonly bottom: number },
): Markup {
  const { points, x, top, bottom } = on;
  return html`${falls.map(({ peakAt, recoveredAt }, at) => {
    const from = x(pointAt(points, peakAt));
    const to = x(recoveredAt === null ? points.length - 1 : pointAt(points, recoveredAt));
    const width = Math.max(to - from, 2);
    return html`<rect class="shade" x="${short(from)}" y="${top}" width="${short(width)}" height="${bottom - top}"/><text class="shade-name" x="${short(from + width / 2)}" y="${top + 12}" text-anchor="middle">${at + 1}</text>`;
  })}`;
}
