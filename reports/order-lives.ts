import type { OrderAskedRecord, OrderPlacedRecord, OrderStateRecord } from '../engine/journal.ts';
import type { OrderId, Terms } from '../engine/model/order.ts';
import type { EpochMs } from '../engine/model/time.ts';
import { exitWord } from './exit-words.ts';
import type { AgentName } from './round-trips.ts';
import { agentName } from './round-trips.ts';
import type { RunRecords } from './run-records.ts';

/** The life of one order, told in one row. */
export interface OrderRow extends AgentName {
  readonly order: OrderPlacedRecord;
  readonly state: OrderEnd;
  readonly acceptedAt: EpochMs | null;
  readonly triggeredAt: EpochMs | null;
  readonly firstFillAt: EpochMs | null;
  readonly doneAt: EpochMs | null;
  /** Lots that it was for in the end: a resting stop grows with its leg. */
  readonly lots: number;
  readonly filledLots: number;
  /** Average price of its fills in paise, possibly between two. */
  readonly price: number | null;
  readonly modifications: number;
  /** Terms that it ended with. */
  readonly terms: Terms;
  /** From our last decision on it before its first fill to that fill at the venue, ms. */
  readonly fillMs: number | null;
  /** Why it was placed, and why it was changed last. */
  readonly reason: string;
  /** Why it was denied, rejected or canceled, in the words of whoever said so. */
  readonly text: string | null;
}

export type OrderEnd =
  | 'working'
  | 'filled'
  | 'part filled'
  | 'canceled'
  | 'rejected'
  | 'expired'
  | 'unresolved'
  | 'denied';

interface Life {
  state: OrderEnd;
  acceptedAt: EpochMs | null;
  triggeredAt: EpochMs | null;
  firstFillAt: EpochMs | null;
  doneAt: EpochMs | null;
  lots: number;
  filledLots: number;
  turnover: number;
  modifications: number;
  terms: Terms;
  text: string | null;
}

/** Orders in the order of their numbers as the journal has them. */
export function orderRows(records: RunRecords): readonly OrderRow[] {
  const lives = new Map<OrderId, Life>();
  for (const order of records.placed.values()) lives.set(order.order, freshLife(order));
  for (const verdict of records.verdicts) {
    const life = lives.get(verdict.order);
    if (life === undefined || verdict.approved) continue;
    Object.assign(life, { state: 'denied', doneAt: verdict.ts, text: verdict.reason ?? verdict.rule });
  }
  for (const state of records.states) apply(lives.get(state.order), state);
  const decided = lastAsked(records);
  for (const { fill, ts } of records.fills) {
    const life = lives.get(fill.order);
    const order = records.placed.get(fill.order);
    if (life === undefined || order === undefined) continue;
    life.filledLots += fill.lots;
    life.turnover += fill.price * fill.lots;
    life.firstFillAt ??= fill.tsExchange;
    if (life.filledLots >= life.lots) Object.assign(life, { state: 'filled', doneAt: ts });
    else if (life.state === 'working') life.state = 'part filled';
  }
  return [...records.placed.values()].map((order) =>
    orderRow(order, lives.get(order.order) ?? freshLife(order), decided),
  );
}

/** The last change that we asked of each order. */
function lastAsked(records: RunRecords): ReadonlyMap<OrderId, OrderAskedRecord> {
  return new Map(records.modifyAsked.map((record) => [record.order, record]));
}

function orderRow(order: OrderPlacedRecord, life: Life, decided: ReadonlyMap<OrderId, OrderAskedRecord>): OrderRow {
  const asked = decided.get(order.order);
  const { turnover, ...told } = life;
  const name = agentName(order.agent);
  return {
    agent: order.agent,
    strategy: name.strategy,
    segment: name.segment,
    ...told,
    order,
    price: life.filledLots === 0 ? null : turnover / life.filledLots,
    fillMs: life.firstFillAt === null ? null : life.firstFillAt - (asked?.ts ?? order.ts),
    reason: asked === undefined ? order.reason : `${order.reason}, then ${exitWord(asked.reason)}`,
  };
}

function freshLife(order: OrderPlacedRecord): Life {
  return {
    state: 'working',
    acceptedAt: null,
    triggeredAt: null,
    firstFillAt: null,
    doneAt: null,
    lots: order.lots,
    filledLots: 0,
    turnover: 0,
    modifications: 0,
    terms: order.terms,
    text: null,
  };
}

const ENDS: Readonly<Partial<Record<OrderStateRecord['kind'], OrderEnd>>> = {
  'order-rejected': 'rejected',
  'order-canceled': 'canceled',
  'order-expired': 'expired',
  'order-unresolved': 'unresolved',
};

function apply(life: Life | undefined, record: OrderStateRecord): void {
  if (life === undefined) return;
  const at = record.tsExchange ?? record.ts;
  const end = ENDS[record.kind];
  if (end !== undefined) Object.assign(life, { state: end, doneAt: record.ts });
  if (record.kind === 'order-accepted') life.acceptedAt ??= at;
  if (record.kind === 'order-triggered') life.triggeredAt ??= at;
  if (record.kind === 'order-modified') {
    life.modifications += 1;
    life.terms = record.terms ?? life.terms;
    life.lots = record.lots ?? life.lots;
  }
  if (record.reason !== null) life.text = record.reason;
}
