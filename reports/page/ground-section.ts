import { LEVEL_RUNGS } from '../../engine/model/traded-prices.ts';
import { sortedJson } from '../passport.ts';
import type { Report } from '../report.ts';
import { countOf } from './amounts.ts';
import type { Markup } from './html.ts';
import { html } from './html.ts';

/** What was assumed, what was measured on the way, and what the run was made of. */
export function groundSection({ run, quality }: Report): Markup {
  const { data } = run;
  return html`<section class="card" id="ground" aria-labelledby="ground-h"><h2 id="ground-h">Assumptions and data</h2>
<dl class="models">${run.models.map(({ name, version, assumption }) => html`<div><dt>${name} <span class="times">${version}</span></dt><dd>${assumption}</dd></div>`)}</dl>
<div class="pair"><div><h3>Level of the underlying, minutes</h3><div class="scroll" tabindex="0" role="region" aria-label="Level of the underlying"><table><thead><tr><th scope="col" class="text">Underlying</th>${LEVEL_RUNGS.toReversed().map((rung) => html`<th scope="col">${rung}</th>`)}</tr></thead><tbody>${quality.rungs.map(
    (rungs) =>
      html`<tr><th scope="row" class="text">${rungs.underlying}</th>${LEVEL_RUNGS.toReversed().map((rung) => html`<td>${countOf(rungs[rung])}</td>`)}</tr>`,
  )}</tbody></table></div></div>
<div><h3>Signals skipped</h3>${quality.skipped.length === 0 ? html`<p class="none">None.</p>` : html`<div class="scroll" tabindex="0" role="region" aria-label="Signals skipped"><table><thead><tr><th scope="col" class="text">Gate that failed</th><th scope="col">Times</th></tr></thead><tbody>${quality.skipped.slice(0, 20).map(({ gate, count }) => html`<tr><th scope="row" class="text">${gate}</th><td>${countOf(count)}</td></tr>`)}</tbody></table></div>${quality.skipped.length > 20 && html`<p class="hint">${quality.skipped.length - 20} more reasons in events.csv.</p>`}`}</div></div>
${data.skippedDays.length > 0 && html`<details><summary>${data.skippedDays.length} days left out</summary><ul>${data.skippedDays.map(({ day, reason }) => html`<li>${day}: ${reason}</li>`)}</ul></details>`}
<details><summary>Made of and with</summary><dl class="facts made">${[
    ['Program', `${run.code.name} ${run.code.version}`],
    ['Seed', String(run.seed)],
    ['Data', `${data.kind}, ${data.hash}`],
    ['Warm-up', `${run.warmup.candles} candles${run.warmup.endsAt === null ? '' : `, ending ${run.warmup.endsAt}`}`],
    ...run.strategies.map(({ name, segment, hash, params }) => [
      `${name}/${segment}`,
      `${sortedJson(params)} (${hash})`,
    ]),
    ['Settings', sortedJson(run.settings)],
  ].map(([name, text]) => html`<div><dt>${name}</dt><dd class="code">${text}</dd></div>`)}</dl></details></section>`;
}
