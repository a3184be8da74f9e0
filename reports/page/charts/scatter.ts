import type { Markup } from '../html.ts';
import { html } from '../html.ts';
import type { Paper, Plot } from './paper.ts';
import { drawing, labelAxis, moneyTick, valueAxis } from './paper.ts';
import type { Scale } from './scale.ts';
import { linear, roomyExtent, roundTicks, short } from './scale.ts';

/** One mark: paise right and up, and whether it was a gain. */
export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly won: boolean;
}

/** Marks by two amounts of money; gains are rings and losses crosses, so that no colour is needed to tell them apart. */
export function scatter(
  paper: Paper,
  dots: readonly Dot[],
  words: { readonly label: string; readonly right: string; readonly up: string; readonly diagonal: string },
): Markup {
  const plot: Plot = {
    left: paper.name === 'narrow' ? 58 : 66,
    right: paper.width - 14,
    top: 22,
    bottom: paper.height - 42,
  };
  const across = roomyExtent([0, ...dots.map(({ x }) => x)], 0.05);
  const up = roomyExtent([0, ...dots.map(({ y }) => y)], 0.05);
  const x = linear(across, [plot.left, plot.right]);
  const y = linear(up, [plot.bottom, plot.top]);
  const ticks = roundTicks(across[0], across[1], paper.name === 'narrow' ? 3 : 4).filter(
    (value) => x(value) < plot.right - 16,
  );
  // Where the result is the whole of what the market gave or took.
  const [low, high] = [Math.max(across[0], up[0]), Math.min(across[1], up[1])];
  return drawing(paper, words.label, [
    valueAxis(plot, { scale: y, extent: up, count: 5, text: moneyTick }),
    html`<line class="zero" x1="${short(x(0))}" x2="${short(x(0))}" y1="${plot.top}" y2="${plot.bottom}"/>`,
    low < high &&
      html`<line class="diagonal" x1="${short(x(low))}" y1="${short(y(low))}" x2="${short(x(high))}" y2="${short(y(high))}"><title>${words.diagonal}</title></line>`,
    html`<path class="dots loss" d="${marks(dots, { x, y, won: false })}"/><path class="dots gain" d="${marks(dots, { x, y, won: true })}"/>`,
    labelAxis(
      plot,
      ticks.map((value) => ({ x: x(value), text: moneyTick(value) })),
    ),
    html`<text class="axis-name" x="${plot.left}" y="11">${words.up}</text><text class="axis-name" x="${plot.right}" y="${paper.height - 6}" text-anchor="end">${words.right}</text>`,
  ]);
}

/** One path for all marks of a kind, each place only once: ten thousand trades draw as fast as ten. */
function marks(dots: readonly Dot[], on: { readonly x: Scale; readonly y: Scale; readonly won: boolean }): string {
  const places = new Set<string>();
  for (const dot of dots)
    if (dot.won === on.won) places.add(`${Math.round(on.x(dot.x) * 2) / 2} ${Math.round(on.y(dot.y) * 2) / 2}`);
  const shape = on.won ? 'm-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0' : 'm-3-3l6 6m0-6l-6 6';
  return [...places].map((place) => `M${place}${shape}`).join('');
}
