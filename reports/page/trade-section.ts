import type { Report } from '../report.ts';
import { countOf } from './amounts.ts';
import type { Markup } from './html.ts';
import { html } from './html.ts';
import type { TradeLine } from './trade-lines.ts';
import { sideOf } from './trade-lines.ts';
import { PAGE_ROWS, TRADE_COLUMNS, tradeRowsOf } from './trade-table.ts';

/** The list of round trips. Its first page is written here; the script sorts, filters, turns pages and opens charts. */
export function tradeSection(
  report: Report,
  lines: readonly TradeLine[],
  charts: { readonly kept: boolean; readonly shown: number },
): Markup {
  return html`<section class="card" id="trades" aria-labelledby="trades-h"><h2 id="trades-h">Trades</h2>
<p class="hint">${countOf(lines.length)} round trips of legs in ${countOf(report.statistics.structures)} structures. ${chartsText(report, charts)}</p>
${lines.length === 0 ? html`<p class="none">No trade was closed.</p>` : listOf(lines)}
</section>`;
}

/** The window in which a trade is shown; filled by the script. */
export function tradeWindow(): Markup {
  return html`<dialog id="trade" aria-labelledby="trade-title"><div class="window-bar"><h2 id="trade-title"></h2><span class="window-turn"><button type="button" id="trade-before">Previous</button><button type="button" id="trade-next">Next</button><button type="button" id="trade-close" autofocus>Close</button></span></div><div id="trade-body"></div></dialog>`;
}

function chartsText(
  { structures }: Report,
  { kept, shown }: { readonly kept: boolean; readonly shown: number },
): string {
  if (structures.length === 0) return '';
  if (!kept) return 'Prices were not kept by this run, so trades have figures but no chart.';
  if (shown === structures.length) return 'Each opens a chart of its structure.';
  return `Charts stand in this page for the ${countOf(shown)} structures with the largest results, so that it stays small enough to open; the others have figures only.`;
}

function listOf(lines: readonly TradeLine[]): Markup {
  const more = lines.length > PAGE_ROWS;
  return html`<form class="filters" id="filters" hidden><label>Exit reason <select name="reason"><option value="">all</option>${choices(lines, ({ reason }) => reason)}</select></label><label>Side <select name="side"><option value="">all</option>${choices(lines, sideOf)}</select></label><label>Segment <select name="segment"><option value="">all</option>${choices(lines, ({ segment }) => segment)}</select></label><label>Result <select name="result"><option value="">all</option><option value="gain">gains</option><option value="loss">losses</option></select></label><button type="reset">Show all</button></form>
<div class="scroll trades-scroll" tabindex="0" role="region" aria-label="Trades"><table class="trades" id="trade-list"><thead><tr>${TRADE_COLUMNS.map(
    ({ id, label, kind, minor }) =>
      html`<th scope="col" class="${kind}${minor ? ' minor' : ''}" data-column="${id}">${label}</th>`,
  )}</tr></thead><tbody>${tradeRowsOf(lines.slice(0, PAGE_ROWS))}</tbody></table></div>
<div class="pages" id="pages" hidden><button type="button" id="page-first">First</button><button type="button" id="page-before">Previous</button><span id="page-now" aria-live="polite"></span><button type="button" id="page-next">Next</button><button type="button" id="page-last">Last</button></div>
${more && html`<p class="hint first-page">The first ${PAGE_ROWS} of ${countOf(lines.length)}; trades.csv and report.xlsx hold all.</p>`}`;
}

function choices(lines: readonly TradeLine[], of: (line: TradeLine) => string): Markup {
  const words = [...new Set(lines.map(of))].sort();
  return html`${words.map((word) => html`<option>${word}</option>`)}`;
}
