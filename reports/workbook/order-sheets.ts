import type { Terms } from '../../engine/model/order.ts';
import type { EventRow } from '../event-rows.ts';
import type { OrderRow } from '../order-lives.ts';
import type { Report } from '../report.ts';
import type { Sheet } from './book.ts';
import { rupees, serialOf } from './cells.ts';
import { TAB } from './style.ts';
import type { Column } from './table-sheet.ts';
import { tableSheet } from './table-sheet.ts';

const ORDER_COLUMNS: readonly Column<OrderRow>[] = [
  { header: 'order', kind: 'text', of: ({ order }) => String(order.order) },
  { header: 'agent', kind: 'text', of: ({ agent }) => agent },
  { header: 'structure', kind: 'count', of: ({ order }) => order.structure },
  { header: 'leg', kind: 'text', of: ({ order }) => order.leg },
  { header: 'contract', kind: 'text', of: ({ order }) => order.contract },
  { header: 'side', kind: 'middle', of: ({ order }) => order.side },
  { header: 'lots', kind: 'count', of: ({ order }) => order.lots },
  { header: 'kind', kind: 'text', of: ({ terms }) => terms.kind },
  { header: 'trigger', kind: 'price', of: ({ terms }) => rupees(triggerOf(terms)) },
  { header: 'limit', kind: 'price', of: ({ terms }) => rupees(limitOf(terms)) },
  { header: 'purpose', kind: 'text', of: ({ order }) => order.purpose },
  { header: 'reduce only', kind: 'middle', of: ({ order }) => (order.reduceOnly ? 'yes' : 'no') },
  { header: 'reason', kind: 'text', of: ({ reason }) => reason },
  { header: 'decided', kind: 'time', of: ({ order }) => serialOf(order.ts) },
  { header: 'accepted', kind: 'time', of: ({ acceptedAt }) => serialOf(acceptedAt) },
  { header: 'triggered', kind: 'time', of: ({ triggeredAt }) => serialOf(triggeredAt) },
  { header: 'first fill', kind: 'time', of: ({ firstFillAt }) => serialOf(firstFillAt) },
  { header: 'ended', kind: 'time', of: ({ doneAt }) => serialOf(doneAt) },
  { header: 'decision to fill ms', kind: 'count', of: ({ fillMs }) => fillMs },
  { header: 'state', kind: 'text', of: ({ state }) => state },
  { header: 'filled lots', kind: 'count', of: ({ filledLots }) => filledLots },
  { header: 'average price', kind: 'price', of: ({ price }) => rupees(price) },
  { header: 'changes', kind: 'count', of: ({ modifications }) => modifications },
  { header: 'words of the venue or the RMS', kind: 'text', of: ({ text }) => text },
];

/** The life of each order in one row. */
export function ordersSheet({ orders }: Report, rowsMax: number): Sheet {
  return tableSheet({
    name: 'Orders',
    tab: TAB.ledger,
    table: 'tblOrders',
    columns: ORDER_COLUMNS,
    list: orders,
    limit: { rows: rowsMax, rest: 'orders.jsonl' },
    page: { paper: 'A3' },
  });
}

const EVENT_COLUMNS: readonly Column<EventRow>[] = [
  { header: 'seq', kind: 'count', of: (row) => row.seq },
  { header: 'time', kind: 'time', of: (row) => serialOf(row.ts) },
  { header: 'event', kind: 'text', of: (row) => row.event },
  { header: 'agent', kind: 'text', of: (row) => row.agent },
  { header: 'structure', kind: 'count', of: (row) => row.structureId },
  { header: 'leg', kind: 'text', of: (row) => row.leg },
  { header: 'contract', kind: 'text', of: (row) => row.contract },
  { header: 'level', kind: 'price', of: (row) => rupees(row.level) },
  { header: 'failed gate', kind: 'text', of: (row) => row.gate },
  { header: 'detail', kind: 'text', of: (row) => row.detail },
  { header: 'seen', kind: 'text', of: (row) => row.seen },
];

/** Beyond this many, events stand in `events.csv` alone. */
export const EVENTS_MAX = 200_000;

/** Signals taken and skipped, moved stops, exits and acts of the RMS. */
export function eventsSheet({ events }: Report, eventsMax: number = EVENTS_MAX): Sheet {
  return tableSheet({
    name: 'Events',
    tab: TAB.ledger,
    table: 'tblEvents',
    columns: EVENT_COLUMNS,
    list: events,
    limit: { rows: eventsMax, rest: 'events.csv' },
  });
}

function triggerOf(terms: Terms): number | null {
  return terms.kind === 'STOP_LIMIT' ? terms.trigger : null;
}

function limitOf(terms: Terms): number | null {
  return terms.kind === 'MARKET' ? null : terms.price;
}
