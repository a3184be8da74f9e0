import type { TradeLine } from '../trade-lines.ts';
import { sideOf } from '../trade-lines.ts';
import type { TradeColumn } from '../trade-table.ts';
import { PAGE_ROWS, TRADE_COLUMNS, tradeRowsOf } from '../trade-table.ts';
import { element, fill } from './elements.ts';

/** Opens one trade of those that are listed now, in their order. */
type Open = (id: number, order: readonly number[]) => void;

interface ListState {
  column: TradeColumn | undefined;
  rising: boolean;
  page: number;
}

/** Sorts, filters and turns the pages of the list of trades; only the page that is looked at stands in the document. */
export function runTradeList(lines: readonly TradeLine[], open: Open): void {
  const table = document.getElementById('trade-list');
  const body = table?.querySelector('tbody');
  if (!(table && body)) return;
  const filters = element<HTMLFormElement>('filters');
  const state: ListState = { column: undefined, rising: true, page: 0 };
  let listed = lines;
  const show = (): void => {
    const last = Math.max(Math.ceil(listed.length / PAGE_ROWS) - 1, 0);
    state.page = Math.min(Math.max(state.page, 0), last);
    const first = state.page * PAGE_ROWS;
    fill(body, tradeRowsOf(listed.slice(first, first + PAGE_ROWS)));
    showPages({ first, last, page: state.page, count: listed.length, of: lines.length });
  };
  const arrange = (): void => {
    listed = sorted(filtered(lines, filters), state);
    state.page = 0;
    show();
  };
  makeHeadsSort(table, state, arrange);
  filters.addEventListener('change', arrange);
  // The fields of a form are empty only after its reset has been told of.
  filters.addEventListener('reset', () => setTimeout(arrange));
  for (const [id, page] of PAGE_BUTTONS) {
    element(id).addEventListener('click', () => {
      state.page = page(state.page);
      show();
    });
  }
  body.addEventListener('click', (event) => {
    const row = (event.target as Element).closest('tr');
    const id = Number(row?.getAttribute('data-row'));
    const order = listed.map((line) => line.id);
    if (row !== null) open(id, order);
  });
  filters.hidden = false;
  element('pages').hidden = false;
  document.querySelector('.first-page')?.remove();
  arrange();
}

const PAGE_BUTTONS: readonly (readonly [string, (page: number) => number])[] = [
  ['page-first', () => 0],
  ['page-before', (page) => page - 1],
  ['page-next', (page) => page + 1],
  ['page-last', () => Number.MAX_SAFE_INTEGER],
];

/** Each heading becomes a button; the first press sorts falling where numbers are, since the largest is what one looks for. */
function makeHeadsSort(table: HTMLElement, state: ListState, arrange: () => void): void {
  for (const head of table.querySelectorAll('th')) {
    const column = TRADE_COLUMNS.find(({ id }) => id === head.getAttribute('data-column'));
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const again = state.column === column;
      state.rising = again ? !state.rising : column?.kind === 'text' || column?.id === 'id';
      state.column = column;
      for (const other of table.querySelectorAll('th')) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', state.rising ? 'ascending' : 'descending');
      arrange();
    });
  }
}

function filtered(lines: readonly TradeLine[], filters: HTMLFormElement): readonly TradeLine[] {
  const chosen = (name: string): string => filters.querySelector<HTMLSelectElement>(`[name="${name}"]`)?.value ?? '';
  const [reason, side, segment, result] = ['reason', 'side', 'segment', 'result'].map(chosen);
  return lines.filter(
    (line) =>
      (!reason || line.reason === reason) &&
      (!side || sideOf(line) === side) &&
      (!segment || line.segment === segment) &&
      (!result || line.net > 0 === (result === 'gain')),
  );
}

function sorted(lines: readonly TradeLine[], { column, rising }: ListState): readonly TradeLine[] {
  if (column === undefined) return lines;
  const keyed = lines.map((line) => ({ line, key: column.sort(line) }));
  const sign = rising ? 1 : -1;
  return keyed
    .sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : a.line.id - b.line.id))
    .map(({ line }) => line);
}

function showPages(now: {
  readonly first: number;
  readonly last: number;
  readonly page: number;
  readonly count: number;
  readonly of: number;
}): void {
  const { first, last, page, count, of } = now;
  const shown = count === 0 ? 'no trade fits' : `${first + 1} to ${Math.min(first + PAGE_ROWS, count)} of ${count}`;
  element('page-now').textContent = count === of ? shown : `${shown} (${of} in all)`;
  for (const id of ['page-first', 'page-before']) element<HTMLButtonElement>(id).disabled = page === 0;
  for (const id of ['page-next', 'page-last']) element<HTMLButtonElement>(id).disabled = page === last;
}
