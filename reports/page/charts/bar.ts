import type { Markup } from '../html.ts';
import { html } from '../html.ts';
import { linear, short } from './scale.ts';

const WIDTH = 120;

/** A small bar in a table from one value to another on an axis that all its rows share; zero is marked. */
export function tableBar(
  of: { readonly from: number; readonly to: number; readonly tone: string },
  extent: readonly [number, number],
): Markup {
  const x = linear([Math.min(extent[0], 0), Math.max(extent[1], 0)], [1, WIDTH - 1]);
  const [start, end] = [x(Math.min(of.from, of.to)), x(Math.max(of.from, of.to))];
  const zero = short(x(0));
  return html`<svg class="bar-cell" viewBox="0 0 ${WIDTH} 12" preserveAspectRatio="none" aria-hidden="true"><rect class="bar ${of.tone}" x="${short(start)}" y="1" width="${short(Math.max(end - start, 1))}" height="10"/><line class="zero" vector-effect="non-scaling-stroke" x1="${zero}" x2="${zero}" y1="0" y2="12"/></svg>`;
}
