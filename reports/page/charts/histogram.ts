import { FINE_PER_PAISA } from '../../../engine/model/levies.ts';
import type { Distribution } from '../../distribution.ts';
import { plural } from '../../text.ts';
import type { Markup } from '../html.ts';
import { html } from '../html.ts';
import type { Paper, Plot } from './paper.ts';
import { drawing, labelAxis, moneyTick, valueAxis } from './paper.ts';
import { linear, roundTicks, short } from './scale.ts';

/** How many results fell into which span of money. */
export function histogram(paper: Paper, { bins, median }: Distribution, noun: string): Markup {
  const plot: Plot = { left: 38, right: paper.width - 12, top: 18, bottom: paper.height - 26 };
  const from = (bins[0]?.from ?? 0) / FINE_PER_PAISA;
  const to = (bins.at(-1)?.to ?? 1) / FINE_PER_PAISA;
  const most = bins.reduce((high, { count }) => Math.max(high, count), 1);
  const x = linear([from, to], [plot.left, plot.right]);
  const y = linear([0, most], [plot.bottom, plot.top]);
  const ticks = roundTicks(from, to, paper.name === 'narrow' ? 3 : 5).filter(
    (value) => x(value) > plot.left + 8 && x(value) < plot.right - 20,
  );
  const middle = median === null ? null : short(x(median / FINE_PER_PAISA));
  return drawing(paper, `Distribution of the net of ${noun}s`, [
    valueAxis(plot, { scale: y, extent: [0, most], count: Math.min(4, most), text: String }),
    bins.map(({ from: low, to: high, count }) => {
      const [start, end] = [x(low / FINE_PER_PAISA), x(high / FINE_PER_PAISA)];
      const top = y(count);
      return html`<rect class="bar ${low >= 0 ? 'gain' : 'loss'}" x="${short(start + 0.5)}" y="${short(top)}" width="${short(Math.max(end - start - 1, 1))}" height="${short(plot.bottom - top)}"><title>${moneyTick(low / FINE_PER_PAISA)} to ${moneyTick(high / FINE_PER_PAISA)}: ${plural(count, noun)}</title></rect>`;
    }),
    labelAxis(
      plot,
      ticks.map((value) => ({ x: x(value), text: moneyTick(value) })),
    ),
    middle !== null &&
      html`<line class="median" x1="${middle}" x2="${middle}" y1="${plot.top - 4}" y2="${plot.bottom}"/><text class="axis-name" x="${middle}" y="11" text-anchor="middle">median</text>`,
  ]);
}
