import { FINE_PER_PAISA } from '../../engine/model/levies.ts';
import type { BreakdownRow } from '../breakdowns.ts';
import type { DayRow } from '../daily.ts';
import type { Report } from '../report.ts';
import { percentText, plural } from '../text.ts';
import { countOf, resultOf, toneOf } from './amounts.ts';
import { tableBar } from './charts/bar.ts';
import { histogram } from './charts/histogram.ts';
import { onBothPapers } from './charts/paper.ts';
import { scatter } from './charts/scatter.ts';
import { largestOf } from './heat.ts';
import type { Markup } from './html.ts';
import { html } from './html.ts';

const PAPERS = [
  { name: 'half', width: 560, height: 300 },
  { name: 'narrow', width: 360, height: 240 },
] as const;
const DAYS_SHOWN = 5;

/** How the days spread, and the five at either end. */
export function distributionSection({ distribution, days }: Report): Markup {
  const ranked = days.filter(({ net }) => net !== 0).sort((a, b) => a.net - b.net || (a.day < b.day ? -1 : 1));
  const worst = ranked.slice(0, DAYS_SHOWN);
  const best = ranked.slice(-DAYS_SHOWN).reverse();
  return html`<section class="card" id="distribution" aria-labelledby="distribution-h"><h2 id="distribution-h">Daily results</h2>
<div class="pair"><figure><figcaption>Days by their net</figcaption>${distribution.days.bins.length === 0 ? html`<p class="none">No session was played.</p>` : onBothPapers(PAPERS, (paper) => histogram(paper, distribution.days, 'day'))}</figure>
<figure><figcaption>Structures by their net</figcaption>${distribution.structures.bins.length === 0 ? html`<p class="none">No structure was closed.</p>` : onBothPapers(PAPERS, (paper) => histogram(paper, distribution.structures, 'structure'))}</figure></div>
<div class="pair">${dayTable('Worst days', worst)}${dayTable('Best days', best)}</div></section>`;
}

function dayTable(title: string, days: readonly DayRow[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table><caption>${title}</caption><thead><tr><th scope="col">Day</th><th scope="col">Net</th><th scope="col">Structures</th><th scope="col">Lowest in the day</th></tr></thead><tbody>${days.map(
    ({ day, net, structures, low }) =>
      html`<tr><th scope="row">${day}</th><td>${resultOf(net)}</td><td>${structures}</td><td>${resultOf(low)}</td></tr>`,
  )}</tbody></table>${days.length === 0 && html`<p class="none">None.</p>`}</div>`;
}

/** The breakdowns of the report, each with bars of its mean. */
export function breakdownSection({ breakdowns }: Report): Markup {
  return html`<section class="card" id="breakdowns" aria-labelledby="breakdowns-h"><h2 id="breakdowns-h">Where the result came from</h2><div class="pair">${breakdowns
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, unit, rows }) => {
      const largest = largestOf(rows.map(meanOf));
      return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table class="breakdown"><caption>${title} (${unit})</caption><thead><tr><th scope="col" class="text">Group</th><th scope="col">Count</th><th scope="col">Won</th><th scope="col">Net</th><th scope="col">Mean</th><th scope="col" class="bar-head"><span class="hidden">Mean as a bar</span></th></tr></thead><tbody>${rows.map(
        (row) =>
          html`<tr><th scope="row" class="text">${row.label}</th><td>${countOf(row.count)}</td><td>${percentText(row.wins / row.count)}</td><td>${resultOf(row.net, 'rupees')}</td><td>${resultOf(meanOf(row), 'rupees')}</td><td class="bar-box">${tableBar({ from: 0, to: meanOf(row), tone: toneOf(row.net) }, [-largest, largest])}</td></tr>`,
      )}</tbody></table></div>`;
    })}</div>${breakdowns.every(({ rows }) => rows.length === 0) && html`<p class="none">No structure was closed.</p>`}</section>`;
}

function meanOf({ net, count }: BreakdownRow): number {
  return net / count;
}

/** How far structures went against and for us while they were open, against what was kept. */
export function excursionSection({ excursions }: Report): Markup {
  const { points, edgeRatio, winnersMae, losersMfe } = excursions;
  const inPaise = (fine: number): number => fine / FINE_PER_PAISA;
  const money = (paise: number | null): Markup | string =>
    paise === null ? 'n/a' : resultOf(paise * FINE_PER_PAISA, 'rupees');
  if (points.length === 0)
    return html`<section class="card" id="excursions" aria-labelledby="excursions-h"><h2 id="excursions-h">Excursions</h2><p class="none">No structure was closed.</p></section>`;
  return html`<section class="card" id="excursions" aria-labelledby="excursions-h"><h2 id="excursions-h">Excursions</h2>
<p class="hint">One mark a structure (${plural(points.length, 'structure')}): a ring ended above zero, a cross at or below it. On the dashed line the result was all that the market gave or took.</p>
<div class="pair"><figure><figcaption>Worst open result (MAE) and net</figcaption>${onBothPapers(PAPERS, (paper) =>
    scatter(
      paper,
      points.map(({ mae, net }) => ({ x: mae, y: inPaise(net), won: net > 0 })),
      {
        label: 'Worst open result of each structure against its net',
        right: 'worst while open',
        up: 'net',
        diagonal: 'closed at its worst',
      },
    ),
  )}</figure><figure><figcaption>Best open result (MFE) and net</figcaption>${onBothPapers(PAPERS, (paper) =>
    scatter(
      paper,
      points.map(({ mfe, net }) => ({ x: mfe, y: inPaise(net), won: net > 0 })),
      {
        label: 'Best open result of each structure against its net',
        right: 'best while open',
        up: 'net',
        diagonal: 'closed at its best',
      },
    ),
  )}</figure></div>
<dl class="facts three"><div><dt>Edge ratio</dt><dd>${edgeRatio === null ? 'n/a' : edgeRatio.toFixed(2)} <span class="times">mean best ÷ mean worst</span></dd></div><div><dt>Winners stood at</dt><dd>${money(winnersMae)} <span class="times">middle worst of those that won: room a stop must leave</span></dd></div><div><dt>Losers once stood at</dt><dd>${money(losersMfe)} <span class="times">middle best of those that lost: what a target could keep</span></dd></div></dl></section>`;
}
