import { FINE_PER_PAISA } from '../../../engine/model/levies.ts';
import { priceOf, resultOf, whenOf } from '../amounts.ts';
import { tradeChart } from '../charts/trade-chart.ts';
import type { Markup } from '../html.ts';
import { html } from '../html.ts';
import type { PagePayload } from '../payload.ts';
import { structureTable } from '../structure-table.ts';
import type { TradeLine } from '../trade-lines.ts';
import type { TradeView } from '../trade-view.ts';
import { tradeView } from '../trade-view.ts';
import { readChart } from './chart-cursor.ts';
import { element, fill } from './elements.ts';

/** Shows the structure of one trade: its chart and its legs. Its buttons turn to the trades before and after it in the list. */
export class TradeWindow {
  readonly #payload: PagePayload;
  readonly #lines: readonly TradeLine[];
  readonly #window = element<HTMLDialogElement>('trade');
  readonly #body = element('trade-body');
  #order: readonly number[] = [];
  #at = 0;
  #opener: Element | null = null;

  constructor(payload: PagePayload, lines: readonly TradeLine[]) {
    this.#payload = payload;
    this.#lines = lines;
    element('trade-before').addEventListener('click', () => this.#turn(-1));
    element('trade-next').addEventListener('click', () => this.#turn(1));
    element('trade-close').addEventListener('click', () => this.#window.close());
    this.#window.addEventListener('close', () => (this.#opener as HTMLElement | null)?.focus());
    this.#window.addEventListener('click', (event) => {
      if (event.target === this.#window) this.#window.close();
    });
    window.addEventListener('resize', () => {
      if (this.#window.open) this.#show();
    });
  }

  open(id: number, order: readonly number[]): void {
    this.#opener = document.activeElement;
    this.#order = order;
    this.#at = Math.max(order.indexOf(id), 0);
    if (!this.#window.open) this.#window.showModal();
    this.#show();
  }

  #turn(step: -1 | 1): void {
    const next = this.#at + step;
    if (next < 0 || next >= this.#order.length) return;
    this.#at = next;
    this.#show();
  }

  #show(): void {
    const trade = this.#lines.find(({ id }) => id === this.#order[this.#at]);
    if (trade === undefined) return;
    const own = this.#lines.filter(({ structure }) => structure === trade.structure);
    const name = this.#payload.pictures[String(trade.structure)]?.name ?? 'structure';
    element('trade-title').textContent = `Trade ${trade.id}: ${trade.contract}`;
    element<HTMLButtonElement>('trade-before').disabled = this.#at === 0;
    element<HTMLButtonElement>('trade-next').disabled = this.#at === this.#order.length - 1;
    const view = tradeView(trade.structure, this.#payload, this.#lines);
    const net = own.reduce((sum, line) => sum + line.net, 0);
    const lead = html`<p class="lead">Structure ${trade.structure} (${name}, ${trade.agent}), opened ${whenOf(Math.min(...own.map(({ openedAt }) => openedAt)))}: net ${resultOf(net)}</p>`;
    const chart =
      view === undefined
        ? html`<p class="none">The prices of this structure are not in this page.</p>`
        : this.#chartOf(view);
    fill(this.#body, html`${lead}${structureTable(own, trade.id)}${chart}`);
    if (view !== undefined) this.#makeReadable(view);
  }

  #chartOf(view: TradeView): Markup {
    const width = Math.max(300, Math.min(this.#window.clientWidth - 32, 1_220));
    return html`<div class="readable" id="trade-chart" tabindex="0" role="group" aria-label="Prices while the structure was open; arrow keys read them minute by minute"><p class="read-out" aria-live="polite">Point at the chart, or use the arrow keys, to read it. Full triangles are entries, hollow ones exits; up is bought, down is sold.</p>${tradeChart(view, width)}</div>`;
  }

  #makeReadable(view: TradeView): void {
    const chart = element('trade-chart');
    const readOut = chart.querySelector('.read-out');
    if (readOut === null) return;
    readChart(chart, { points: view.times.length, say: (at) => fill(readOut, readingOf(view, at)) });
  }
}

/** Everything that the chart shows at the end of one minute. */
function readingOf(view: TradeView, at: number): Markup {
  const legs = view.legs.map(({ contract, candles }) => {
    const candle = candles[at] ?? null;
    return candle === null
      ? `${contract} no candle`
      : `${contract} ${priceOf(candle.close)} (${priceOf(candle.low)} to ${priceOf(candle.high)})`;
  });
  const profit = view.profit[at] ?? null;
  const result = profit === null ? null : html`; result ${resultOf(Math.round(profit) * FINE_PER_PAISA, 'rupees')}`;
  return html`${whenOf(view.times[at] ?? 0).slice(0, 16)}: ${view.underlying} ${priceOf(view.level[at] ?? null)}; ${legs.join('; ')}${result}`;
}
