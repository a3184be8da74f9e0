import { FINE_PER_PAISA } from '../../engine/model/levies.ts';
import type { CostStep } from '../cost-steps.ts';
import type { Report } from '../report.ts';
import { LEVY_WORDS, percentText, plural } from '../text.ts';
import { resultOf, toneOf } from './amounts.ts';
import { tableBar } from './charts/bar.ts';
import type { Markup } from './html.ts';
import { html } from './html.ts';

/** From gross over each levy to net, as figures and as steps. */
export function costSection(report: Report): Markup {
  const { costs, totals, statistics } = report;
  const levels = costs.flatMap(({ before, after }) => [before, after]);
  const extent = [Math.min(0, ...levels), Math.max(0, ...levels)] as const;
  const gross = totals.gross * FINE_PER_PAISA;
  const each = statistics.structures === 0 ? null : (totals.charges.total + totals.rounding) / statistics.structures;
  return html`<section class="card" id="costs" aria-labelledby="costs-h"><h2 id="costs-h">From gross to net</h2>
<div class="scroll" tabindex="0" role="region" aria-label="From gross to net"><table class="costs"><thead><tr><th scope="col" class="text">Step</th><th scope="col">Amount</th><th scope="col">Of gross</th><th scope="col" class="bar-head"><span class="hidden">As a step</span></th></tr></thead><tbody>${costs.map(
    (step) =>
      html`<tr class="${isEnd(step) ? 'end' : ''}" data-cost="${step.name}"><th scope="row" class="text">${nameOf(step)}</th><td>${resultOf(step.amount)}</td><td>${gross > 0 && !isEnd(step) ? percentText(-step.amount / gross) : ''}</td><td class="bar-box long">${tableBar({ from: step.before, to: step.after, tone: isEnd(step) ? toneOf(step.amount) : 'cost' }, extent)}</td></tr>`,
  )}</tbody></table></div>
<p class="hint">${each === null ? 'No structure was closed.' : html`Charges cost ${resultOf(-each)} a structure. Half-spread and slippage are inside the fill prices, so they are part of gross.`}</p>
${ambiguousText(report)}</section>`;
}

function isEnd({ name }: CostStep): boolean {
  return name === 'gross' || name === 'net';
}

function nameOf({ name }: CostStep): string {
  if (name === 'gross') return 'Gross';
  if (name === 'net') return 'Net';
  return name === 'rounding' ? 'Contract note rounding' : LEVY_WORDS[name];
}

/** Candles cannot say whether stop or target came first where they span both: the result both ways. */
function ambiguousText({ ambiguous }: Report): Markup {
  const { exits, priced, net, netIfTarget } = ambiguous;
  if (exits === 0)
    return html`<p class="hint">Ambiguous exits: none; no candle spanned both stop and target of a pair.</p>`;
  return html`<div class="note"><h3>Ambiguous exits</h3><p>${plural(exits, 'exit')} in a candle that spanned both stop and target, acted on the stop${priced < exits && ` (${priced} with a known target)`}. Net of trades as acted ${resultOf(net)}; had the target filled ${resultOf(netIfTarget)}.</p></div>`;
}
