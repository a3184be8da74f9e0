import { FINE_PER_PAISA } from '../../engine/model/levies.ts';
import { WEEKDAYS } from '../../engine/model/time.ts';
import type { Report } from '../report.ts';
import { percentText } from '../text.ts';
import { countOf, resultOf } from './amounts.ts';
import { heatOf, largestOf } from './heat.ts';
import type { Markup } from './html.ts';
import { html } from './html.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Years down and months across, in shades around zero, with what each year and each month of all years made. */
export function monthSection({ monthGrid, totals, run }: Report): Markup {
  const largest = largestOf(monthGrid.flatMap(({ net }) => net));
  const sums = MONTHS.map((_, at) =>
    monthGrid.reduce<number | null>((sum, { net }) => added(sum, net[at] ?? null), null),
  );
  const several = monthGrid.length > 1;
  const worst = monthGrid.reduce((deepest, year) => Math.max(deepest, year.worst), 0);
  return html`<section class="card" id="months" aria-labelledby="months-h"><h2 id="months-h">Months</h2><p class="hint">Net by month; the last column is the deepest fall of day ends within one month.</p>
${
  monthGrid.length === 0
    ? html`<p class="none">No session was played.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Net by month"><table class="grid-table"><thead><tr><th scope="col">Year</th>${MONTHS.map((name) => html`<th scope="col">${name}</th>`)}<th scope="col">Year's net</th><th scope="col">Of capital</th><th scope="col">Worst fall</th></tr></thead><tbody>${monthGrid.map(
        ({ year, net, total, worst: fall }) =>
          html`<tr><th scope="row">${year}</th>${net.map((value) => cell(value, largest))}<td class="sum">${resultOf(total, 'rupees')}</td><td>${percentText(total / FINE_PER_PAISA / run.capital)}</td><td>${fallOf(fall)}</td></tr>`,
      )}</tbody>${several && html`<tfoot><tr><th scope="row">All</th>${sums.map((value) => html`<td class="sum">${value === null ? '' : resultOf(value, 'rupees')}</td>`)}<td class="sum">${resultOf(totals.net, 'rupees')}</td><td>${percentText(totals.net / FINE_PER_PAISA / run.capital)}</td><td>${fallOf(worst)}</td></tr></tfoot>`}</table></div>`
}</section>`;
}

/** Mean net by weekday of entry and calendar days to expiry, the count beside every mean. */
export function weekdaySection({ weekdayDte }: Report): Markup {
  const { weekdays, dtes, cells } = weekdayDte;
  const largest = largestOf(cells.flat().map((one) => (one === null ? null : one.net / one.count)));
  return html`<section class="card" id="weekdays" aria-labelledby="weekdays-h"><h2 id="weekdays-h">Weekday and days to expiry</h2><p class="hint">Mean net of a structure by weekday of entry (down) and calendar days to expiry (across), with how many.</p>
${
  weekdays.length === 0
    ? html`<p class="none">No structure with known days to expiry was closed.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Mean net by weekday and days to expiry"><table class="grid-table"><thead><tr><th scope="col">Weekday</th>${dtes.map((dte) => html`<th scope="col">${dte} ${dte === 1 ? 'day' : 'days'}</th>`)}<th scope="col">All</th></tr></thead><tbody>${weekdays.map(
        (weekday, row) =>
          html`<tr><th scope="row">${WEEKDAYS[weekday]}</th>${(cells[row] ?? []).map((one) => meanCell(one, largest))}${meanCell(together(cells[row] ?? []), 0)}</tr>`,
      )}</tbody><tfoot><tr><th scope="row">All</th>${dtes.map((_, column) => meanCell(together(cells.map((line) => line[column] ?? null)), 0))}${meanCell(together(cells.flat()), 0)}</tr></tfoot></table></div>`
}</section>`;
}

type Counted = { readonly count: number; readonly net: number };

function together(cells: readonly (Counted | null)[]): Counted | null {
  let [count, net] = [0, 0];
  for (const one of cells) {
    count += one?.count ?? 0;
    net += one?.net ?? 0;
  }
  return count === 0 ? null : { count, net };
}

function meanCell(one: Counted | null, largest: number): Markup {
  if (one === null) return html`<td class="empty"></td>`;
  const mean = one.net / one.count;
  return html`<td class="${largest === 0 ? 'sum' : heatOf(mean, largest)}">${resultOf(mean, 'rupees')}<span class="times"> x ${countOf(one.count)}</span></td>`;
}

function cell(value: number | null, largest: number): Markup {
  if (value === null) return html`<td class="empty"></td>`;
  return html`<td class="${heatOf(value, largest)}">${resultOf(value, 'rupees')}</td>`;
}

function fallOf(depth: number): Markup {
  return depth === 0 ? html`none` : resultOf(-depth, 'rupees');
}

function added(sum: number | null, value: number | null): number | null {
  return value === null ? sum : (sum ?? 0) + value;
}
