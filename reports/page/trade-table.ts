import { FINE_PER_PAISA } from '../../engine/model/levies.ts';
import { countOf, moneyOf, priceOf, resultOf, whenOf } from './amounts.ts';
import type { Markup, Piece } from './html.ts';
import { html } from './html.ts';
import type { TradeLine } from './trade-lines.ts';

/** A column of the list: how it is headed, what it sorts by, and how it is told. */
export interface TradeColumn {
  readonly id: string;
  readonly label: string;
  readonly sort: (line: TradeLine) => number | string;
  readonly cell: (line: TradeLine) => Piece;
  readonly kind: 'text' | 'number';
  /** Left out on a phone, where the chart of the trade tells it. */
  readonly minor?: true;
}

/** Rows of one page of the list. */
export const PAGE_ROWS = 50;

export const TRADE_COLUMNS: readonly TradeColumn[] = [
  {
    id: 'id',
    label: 'No.',
    sort: ({ id }) => id,
    cell: ({ id, contract }) =>
      html`<button type="button" class="open" data-trade="${id}" title="Chart and legs of trade ${id}">${id}<span class="hidden">, ${contract}: chart and legs</span></button>`,
    kind: 'number',
  },
  text('opened', 'Opened', ({ openedAt }) => openedAt, {
    cell: ({ openedAt }) => inTwo(whenOf(openedAt), 10, 'first'),
  }),
  text('closed', 'Closed', ({ closedAt }) => closedAt, { cell: closingOf, minor: true }),
  text('contract', 'Contract', ({ contract }) => contract, {
    cell: ({ contract }) => inTwo(contract, contract.indexOf(' ', contract.indexOf(' ') + 1), 'last'),
  }),
  text('side', 'Side', ({ side }) => side, { minor: true }),
  number('quantity', 'Quantity', ({ quantity }) => quantity, {
    cell: ({ quantity, lots }) => html`${countOf(quantity)} <span class="times">(${lots})</span>`,
    minor: true,
  }),
  number('entry', 'Entry', ({ entry }) => entry, { cell: ({ entry }) => priceOf(entry), minor: true }),
  number('exit', 'Exit', ({ exit }) => exit, { cell: ({ exit }) => priceOf(exit), minor: true }),
  number('gross', 'Gross', ({ gross }) => gross, {
    cell: ({ gross }) => resultOf(gross * FINE_PER_PAISA),
    minor: true,
  }),
  number('charges', 'Charges', ({ charges }) => charges, { cell: ({ charges }) => moneyOf(charges), minor: true }),
  number('net', 'Net', ({ net }) => net, { cell: ({ net }) => resultOf(net) }),
  text('reason', 'Exit reason', ({ reason }) => reason, {
    cell: ({ reason, ambiguous }) => html`${reason}${ambiguous && html` <span class="times">(ambiguous)</span>`}`,
  }),
  number('r', 'R', ({ r }) => r ?? Number.NEGATIVE_INFINITY, { cell: ({ r }) => r?.toFixed(2) ?? '–', minor: true }),
  number('mfe', 'MFE', ({ mfe }) => mfe, { cell: ({ mfe }) => moneyOf(mfe * FINE_PER_PAISA, 'rupees'), minor: true }),
  number('mae', 'MAE', ({ mae }) => mae, { cell: ({ mae }) => moneyOf(mae * FINE_PER_PAISA, 'rupees'), minor: true }),
  number('structure', 'Structure', ({ structure }) => structure, { minor: true }),
];

type Told = Partial<Pick<TradeColumn, 'cell' | 'minor'>>;
type Sort<T> = (line: TradeLine) => T;

function text(id: string, label: string, sort: Sort<string | number>, told: Told = {}): TradeColumn {
  return { id, label, sort, cell: sort, kind: 'text', ...told };
}

function number(id: string, label: string, sort: Sort<number>, told: Told = {}): TradeColumn {
  return { id, label, sort, cell: sort, kind: 'number', ...told };
}

/** A text of which a phone shows one part. */
function inTwo(whole: string, at: number, shown: 'first' | 'last'): Markup {
  const [first, last] = [whole.slice(0, at), whole.slice(at)];
  return shown === 'first'
    ? html`${first}<span class="minor">${last}</span>`
    : html`<span class="minor">${first}</span>${last}`;
}

/** The date is told only where it is another day's. */
export function closingOf({ openedAt, closedAt }: Pick<TradeLine, 'openedAt' | 'closedAt'>): string {
  const closed = whenOf(closedAt);
  return closed.slice(0, 10) === whenOf(openedAt).slice(0, 10) ? closed.slice(11) : closed;
}

/** Rows of the list, in the order in which they are given. */
export function tradeRowsOf(lines: readonly TradeLine[]): Markup {
  return html`${lines.map(
    (line) =>
      html`<tr data-row="${line.id}">${TRADE_COLUMNS.map(({ cell, kind, minor }) => html`<td class="${kind}${minor ? ' minor' : ''}">${cell(line)}</td>`)}</tr>`,
  )}`;
}
