import { FINE_PER_PAISA } from '../../../engine/model/levies.ts';
import { resultOf, whenOf } from '../amounts.ts';
import { html } from '../html.ts';
import type { CurveReading } from '../payload.ts';
import { readChart } from './chart-cursor.ts';
import { fill } from './elements.ts';

/** Says when the curve stood where. */
export function readCurve({ at, net, fall }: CurveReading): void {
  const chart = document.getElementById('equity-chart');
  const readOut = chart?.querySelector('.read-out');
  if (!(chart && readOut)) return;
  const amount = (rupees: number | undefined) => resultOf((rupees ?? 0) * 100 * FINE_PER_PAISA, 'rupees');
  readChart(chart, {
    points: at.length,
    say: (point) =>
      fill(
        readOut,
        html`${whenOf((at[point] ?? 0) * 1_000).slice(0, 16)}: net ${amount(net[point])}, below its peak ${amount(fall[point])}`,
      ),
  });
}
