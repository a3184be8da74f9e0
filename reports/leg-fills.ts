import type { OrderFilledRecord, SettledRecord } from '../engine/journal.ts';
import type { Levies } from '../engine/model/levies.ts';
import type { EvidenceGrade, Fill, FillSteps, OrderId, StructureId } from '../engine/model/order.ts';
import type { EpochMs } from '../engine/model/time.ts';
import type { Side } from '../engine/model/units.ts';
import { opposite, signOf } from '../engine/model/units.ts';
import { exitWord } from './exit-words.ts';
import type { AgentName, TradeRow } from './round-trips.ts';
import { agentName } from './round-trips.ts';
import type { RunRecords } from './run-records.ts';

/** One fill of one order, or a settlement at expiry, with the steps from its minute's candle to the price. Prices in paise. */
export interface FillRow extends AgentName {
  readonly fillId: number;
  /** The round trip it belongs to; null while that is open. */
  readonly tradeId: number | null;
  readonly structureId: StructureId;
  /** Null for a settlement, which no order asked for. */
  readonly orderId: OrderId | null;
  readonly leg: string;
  readonly contract: string;
  readonly side: Side;
  readonly lots: number;
  readonly quantity: number;
  readonly purpose: string;
  readonly reason: string;
  readonly at: EpochMs;
  readonly knownAt: EpochMs;
  readonly price: number;
  readonly decisionPrice: number | null;
  /** Paid above the decision price when buying, received below it when selling; negative is better than decided. */
  readonly slip: number | null;
  readonly grade: EvidenceGrade | null;
  readonly manner: 'taken' | 'passive' | 'settled';
  readonly steps: FillSteps | null;
  /** What brings the steps to the price where its own limit, or the least price, held it. */
  readonly heldBack: number | null;
  readonly charges: Levies;
}

type TradeOf = (structure: StructureId, leg: string, seq: number) => TradeRow | undefined;

/** Fills and settlements in the order of the journal; numbers begin at 1. */
export function fillRows(records: RunRecords, trades: readonly TradeRow[]): readonly FillRow[] {
  const lives = new Map<string, TradeRow[]>();
  for (const trade of trades) {
    const key = `${trade.structureId}/${trade.leg}`;
    const list = lives.get(key);
    if (list === undefined) lives.set(key, [trade]);
    else list.push(trade);
  }
  const decisions = exitDecisions(records);
  const tradeOf: TradeOf = (structure, leg, seq) => lives.get(`${structure}/${leg}`)?.find((life) => life.seq > seq);
  const rows: FillRow[] = [];
  const all = [...records.fills, ...records.settled].sort((a, b) => a.seq - b.seq);
  for (const record of all) {
    if (record.kind === 'order-filled') {
      rows.push(fillRow(record, rows.length + 1, { records, tradeOf, decisions }));
      continue;
    }
    const trade = tradeOf(record.structure, record.leg, record.seq);
    const row = trade === undefined ? undefined : settlementRow(record, rows.length + 1, trade);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

/** Why and at what sight a resting order was turned into an exit. */
interface ExitDecision {
  readonly seq: number;
  readonly reason: string;
  readonly price: number | null;
}

interface FillParts {
  readonly records: RunRecords;
  readonly tradeOf: TradeOf;
  readonly decisions: ReadonlyMap<OrderId, readonly ExitDecision[]>;
}

/**
 * A resting order that is turned into an exit was decided then, not when it was placed: its sight is the price at which a guard on its
 * leg fired at that instant, and unknown where another cause closed it.
 */
function exitDecisions(records: RunRecords): ReadonlyMap<OrderId, readonly ExitDecision[]> {
  const fired = new Map<string, number | null>();
  for (const guard of records.guards) {
    if (guard.kind !== 'guard-fired' || guard.basis !== 'leg') continue;
    fired.set(`${guard.structure}/${guard.leg}/${guard.ts}`, guard.seen);
  }
  const decisions = new Map<OrderId, ExitDecision[]>();
  for (const { seq, ts, order, reason } of records.modifyAsked) {
    const placed = records.placed.get(order);
    if (placed === undefined) continue;
    const list = decisions.get(order) ?? [];
    const seen = fired.get(`${placed.structure}/${placed.leg}/${ts}`) ?? list.at(-1)?.price ?? null;
    list.push({ seq, reason: exitWord(reason), price: seen });
    decisions.set(order, list);
  }
  return decisions;
}

function heldBackOf({ price, steps }: Fill, side: Side): number {
  const sum = steps.path + steps.rounding + signOf(side) * (steps.halfSpread + steps.slippage);
  return Math.round((price - sum) * 1_000) / 1_000 + 0;
}

function fillRow(record: OrderFilledRecord, fillId: number, { records, tradeOf, decisions }: FillParts): FillRow {
  const { fill } = record;
  const order = records.placed.get(fill.order);
  if (order === undefined) throw new Error(`the journal has a fill of order ${fill.order}, which was never placed`);
  const name = agentName(order.agent);
  const decision = decisions.get(order.order)?.findLast((one) => one.seq < record.seq);
  const decisionPrice = decision === undefined ? order.decisionPrice : decision.price;
  return {
    agent: order.agent,
    strategy: name.strategy,
    segment: name.segment,
    fillId,
    tradeId: tradeOf(order.structure, order.leg, record.seq)?.tradeId ?? null,
    structureId: order.structure,
    orderId: order.order,
    leg: order.leg,
    contract: order.contract,
    side: order.side,
    lots: fill.lots,
    quantity: fill.lots * order.lotSize,
    purpose: order.purpose,
    reason: decision?.reason ?? order.reason,
    at: fill.tsExchange,
    knownAt: record.ts,
    price: fill.price,
    decisionPrice,
    slip: decisionPrice === null ? null : signOf(order.side) * (fill.price - decisionPrice),
    grade: fill.grade,
    manner: fill.manner,
    steps: fill.steps,
    heldBack: heldBackOf(fill, order.side),
    charges: fill.charges,
  };
}

/** What was left of a round trip at expiry. */
function settlementRow(record: SettledRecord, fillId: number, trade: TradeRow): FillRow {
  const name = agentName(record.agent);
  return {
    agent: record.agent,
    strategy: name.strategy,
    segment: name.segment,
    fillId,
    tradeId: trade.tradeId,
    structureId: record.structure,
    orderId: null,
    leg: record.leg,
    contract: record.contract,
    side: opposite(record.side),
    lots: record.lots,
    quantity: record.lots * record.lotSize,
    purpose: 'exit',
    reason: record.official ? 'settled at the official close' : 'settled at an estimated close',
    at: record.ts,
    knownAt: record.ts,
    price: record.price,
    decisionPrice: null,
    slip: null,
    grade: null,
    manner: 'settled',
    steps: null,
    heldBack: null,
    charges: record.charges,
  };
}
