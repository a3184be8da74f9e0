/** Trades of a straddle in one shape, whoever made them: the engine's journal or the second reference. */
import type { JournalRecord, LegClosedRecord } from '../../engine/journal.ts';
import { clockText } from '../../engine/model/time.ts';
import { clockOf } from './reference-market.ts';
import type { ReferenceTrade } from './straddle-reference.ts';

export interface StraddleTrade {
  readonly key: string;
  readonly quantity: number;
  readonly entry: string;
  readonly exit: string | undefined;
  readonly reason: string;
  readonly gross: number;
  /** In 1/10,000 paisa. */
  readonly charges: number;
}

export function tradesOfReference(trades: readonly ReferenceTrade[]): readonly StraddleTrade[] {
  return trades.map((trade) => ({
    key: trade.key,
    quantity: trade.quantity,
    entry: `${clockOf(trade.entry.ms)} ${trade.entry.paise}`,
    exit: trade.exit === undefined ? undefined : `${clockOf(trade.exit.ms)} ${trade.exit.paise}`,
    reason: trade.reason === 'SPOT' ? 'SHIFT' : trade.reason,
    gross: trade.grossPaise,
    charges: Number(trade.chargesFine),
  }));
}

/** Legs of a journal, each filled by one order in and one order out. */
export function tradesOfJournal(records: readonly JournalRecord[]): readonly StraddleTrade[] {
  const legs = records.filter((record): record is LegClosedRecord => record.kind === 'leg-closed');
  return legs
    .map((leg) => ({
      key: leg.contract.split(' ').slice(2).join(' '),
      quantity: leg.lots * leg.lotSize,
      entry: stampOf(records, leg, 'in') ?? 'none',
      exit: stampOf(records, leg, 'out'),
      reason: leg.reason,
      gross: leg.gross,
      charges: leg.charges.total,
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function stampOf(records: readonly JournalRecord[], leg: LegClosedRecord, way: 'in' | 'out'): string | undefined {
  const orders = new Set<number>();
  for (const record of records) {
    if (record.kind !== 'order-placed' || record.structure !== leg.structure || record.leg !== leg.leg) continue;
    if (record.reduceOnly === (way === 'out')) orders.add(record.order);
  }
  for (const record of records) {
    if (record.kind !== 'order-filled' || !orders.has(record.fill.order)) continue;
    return `${clockText(record.fill.tsExchange)} ${record.fill.price}`;
  }
  return undefined;
}
