import { FINE_PER_PAISA } from '../../engine/model/levies.ts';
import { dayOf } from '../../engine/model/time.ts';
import type { Report } from '../report.ts';
import { percentText } from '../text.ts';
import { resultOf } from './amounts.ts';
import type { CurvePoint } from './charts/curve-points.ts';
import { equityChart } from './charts/equity-chart.ts';
import { onBothPapers } from './charts/paper.ts';
import type { Markup } from './html.ts';
import { html } from './html.ts';
import type { CurveReading } from './payload.ts';
import { recoveryText } from './tiles.ts';

const FALLS_SHOWN = 5;
const PAPERS = [
  { name: 'wide', width: 1140, height: 430 },
  { name: 'narrow', width: 360, height: 320 },
] as const;

/** The curve over its falls, and the worst of them in words. */
export function equitySection({ marked, run }: Report, points: readonly CurvePoint[]): Markup {
  const worst = marked.slice(0, FALLS_SHOWN);
  return html`<section class="card" id="equity" aria-labelledby="equity-h"><h2 id="equity-h">Equity and drawdown</h2>
<p class="hint">Net of all charges, marked each minute, without the capital; nights take no room.${worst.length > 0 && ` Shaded: the ${worst.length === 1 ? 'deepest fall' : `${worst.length} deepest falls`}, numbered as below.`}</p>
${points.length === 0 ? html`<p class="none">No minute was played.</p>` : html`<div class="readable" id="equity-chart" tabindex="0" role="group" aria-label="Equity and drawdown; arrow keys read it point by point">${onBothPapers(PAPERS, (paper) => equityChart(paper, points, worst))}<p class="read-out" aria-live="polite">Point at the chart, or use the arrow keys, to read it.</p></div>`}
${
  worst.length > 0 &&
  html`<div class="scroll" tabindex="0" role="region" aria-label="Deepest falls"><table class="unbroken"><caption>Deepest falls, intraday MTM</caption><thead><tr><th scope="col">No.</th><th scope="col">Depth</th><th scope="col">Of capital</th><th scope="col">Peak</th><th scope="col">Lowest</th><th scope="col">Recovered</th><th scope="col" class="text">How long</th></tr></thead><tbody>${worst.map(
    (fall, at) =>
      html`<tr><th scope="row">${at + 1}</th><td>${resultOf(-fall.depth)}</td><td>${percentText(fall.depth / FINE_PER_PAISA / run.capital)}</td><td>${dayOf(fall.peakAt)}</td><td>${dayOf(fall.troughAt)}</td><td>${fall.recoveredAt === null ? 'not yet' : dayOf(fall.recoveredAt)}</td><td class="text">${recoveryText(fall)}</td></tr>`,
  )}</tbody></table></div>`
}</section>`;
}

/** The points of the curve for reading it with a pointer. */
export function curveReading(points: readonly CurvePoint[]): CurveReading {
  return {
    at: points.map(({ ts }) => Math.round(ts / 1_000)),
    net: points.map(({ net }) => Math.round(net / FINE_PER_PAISA / 100)),
    fall: points.map(({ fall }) => Math.round(fall / FINE_PER_PAISA / 100)),
  };
}
