import { FINE_PER_PAISA } from '../../engine/model/levies.ts';
import { countOf, moneyOf, priceOf, resultOf, whenOf } from './amounts.ts';
import type { Markup, Piece } from './html.ts';
import { html } from './html.ts';
import type { TradeLine } from './trade-lines.ts';
import { closingOf } from './trade-table.ts';

/** The legs of one structure below each other; the trade that was asked for is marked. */
export function structureTable(legs: readonly TradeLine[], chosen: number): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Legs"><table class="legs"><thead><tr><th scope="col">Trade</th>${FIELDS.map(([name]) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${legs.map(
    (leg) =>
      html`<tr${leg.id === chosen && html` class="chosen" aria-current="true"`}><th scope="row">${leg.id} ${leg.leg}</th>${FIELDS.map(([, of]) => html`<td>${of(leg)}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

const FIELDS: readonly (readonly [string, (leg: TradeLine) => Piece])[] = [
  ['Contract', ({ contract }) => contract],
  ['Side', ({ side, quantity, lots }) => html`${side} ${countOf(quantity)} <span class="times">(${lots})</span>`],
  ['Entry', ({ entry, openedAt }) => html`${priceOf(entry)} <span class="times">${whenOf(openedAt).slice(11)}</span>`],
  ['Stop', ({ stop, lastStop }) => html`${priceOf(stop)}${lastStop !== stop && html` to ${priceOf(lastStop)}`}`],
  ['Exit', (leg) => html`${priceOf(leg.exit)} <span class="times">${closingOf(leg)}</span>`],
  ['Why', ({ reason, ambiguous }) => `${reason}${ambiguous ? ' (ambiguous)' : ''}`],
  ['Points', ({ points }) => (points / 100).toFixed(2)],
  ['Gross', ({ gross }) => resultOf(gross * FINE_PER_PAISA)],
  ['Charges', ({ charges }) => moneyOf(charges)],
  ['Net', ({ net }) => resultOf(net)],
  ['R', ({ r }) => r?.toFixed(2) ?? '–'],
  ['Best open', ({ mfe }) => moneyOf(mfe * FINE_PER_PAISA, 'rupees')],
  ['Worst open', ({ mae }) => moneyOf(mae * FINE_PER_PAISA, 'rupees')],
  ['If held', ({ held }) => (held === null ? '–' : resultOf(held * FINE_PER_PAISA, 'rupees'))],
];
