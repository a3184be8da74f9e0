import type { LegClosedRecord, StructureClosedRecord } from '../engine/journal.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import { instrumentOfKey } from '../engine/model/instrument.ts';
import type { Levies } from '../engine/model/levies.ts';
import { FINE_PER_PAISA } from '../engine/model/levies.ts';
import type { AgentId, ExitReason, StructureId } from '../engine/model/order.ts';
import type { Day, EpochMs } from '../engine/model/time.ts';
import { dayOf, daysBetween } from '../engine/model/time.ts';
import type { Right, Side } from '../engine/model/units.ts';
import { signOf } from '../engine/model/units.ts';
import type { RunRecords } from './run-records.ts';
import { legKey } from './run-records.ts';
import type { StopFacts } from './stop-facts.ts';
import { stopReader } from './stop-facts.ts';

/** Who traded: the two parts of an agent's id. */
export interface AgentName {
  readonly agent: AgentId;
  readonly strategy: string;
  readonly segment: string;
}

/** One leg's round trip. Prices and money are paise, net is fine paise; averages of prices may lie between two paise. */
export interface TradeRow extends AgentName, StopFacts {
  readonly tradeId: number;
  readonly structureId: StructureId;
  readonly leg: string;
  readonly contract: string;
  readonly underlying: Underlying;
  readonly right: Right | null;
  readonly strike: number | null;
  readonly expiry: Day | null;
  readonly dte: number | null;
  readonly side: Side;
  readonly lots: number;
  readonly quantity: number;
  readonly openedAt: EpochMs;
  readonly closedAt: EpochMs;
  readonly entrySpot: number | null;
  readonly exitSpot: number | null;
  readonly entryPrice: number;
  readonly exitPrice: number;
  readonly initialStop: number | null;
  readonly finalStop: number | null;
  readonly target: number | null;
  readonly reason: ExitReason;
  readonly ambiguous: boolean;
  /** Gross profit per unit. */
  readonly points: number;
  readonly gross: number;
  readonly charges: Levies;
  readonly net: number;
  /** Net profit in per cent of the entry premium of all units. */
  readonly returnPct: number | null;
  readonly mfe: number;
  readonly mae: number;
  /** Net profit over the loss that the initial stop allowed. */
  readonly r: number | null;
  readonly ivEntry: number | null;
  readonly ivExit: number | null;
  /** Gross had it been held to the square-off. */
  readonly heldGross: number | null;
  readonly reentry: number;
  /** How long a sold leg stood without an order at the venue that would close it, and without the bought lots planned for it, ms. */
  readonly nakedMs: number;
  readonly unhedgedMs: number;
  readonly seq: number;
}

/** What a strategy entered as one thing, flat again: what win rate, expectancy and streaks count. */
export interface StructureRow extends AgentName {
  readonly structureId: StructureId;
  readonly name: string;
  readonly openedAt: EpochMs;
  readonly closedAt: EpochMs;
  readonly spot: number | null;
  readonly dte: number | null;
  readonly legs: number;
  readonly credit: number;
  readonly plannedLoss: number | null;
  readonly risk: number | null;
  readonly reason: ExitReason;
  readonly ambiguous: boolean;
  readonly gross: number;
  readonly charges: Levies;
  readonly net: number;
  /** Gross per unit of its smallest leg. */
  readonly points: number;
  /** Net profit over the initial risk. */
  readonly r: number | null;
  readonly mfe: number;
  readonly mae: number;
  /** The longest of its legs, ms. */
  readonly nakedMs: number;
  readonly unhedgedMs: number;
}

export function agentName(agent: AgentId): AgentName {
  const cut = agent.lastIndexOf('/');
  return { agent, strategy: cut === -1 ? agent : agent.slice(0, cut), segment: cut === -1 ? '' : agent.slice(cut + 1) };
}

/** Round trips in the order in which they were closed; numbers begin at 1. */
export function tradeRows(records: RunRecords): readonly TradeRow[] {
  const stopOf = stopReader(records);
  return records.legs.map((record, at) => tradeRow(record, at + 1, { records, stopOf }));
}

/** Closed structures in the order in which they were closed; one that never held anything is none. */
export function structureRows(records: RunRecords, trades: readonly TradeRow[]): readonly StructureRow[] {
  const legs = new Map<StructureId, TradeRow[]>();
  for (const trade of trades) {
    const list = legs.get(trade.structureId);
    if (list === undefined) legs.set(trade.structureId, [trade]);
    else list.push(trade);
  }
  return records.closed.flatMap((record) => {
    const own = legs.get(record.structure);
    return own === undefined ? [] : [structureRow(record, own, records)];
  });
}

function tradeRow(
  record: LegClosedRecord,
  tradeId: number,
  { records, stopOf }: { readonly records: RunRecords; readonly stopOf: (leg: LegClosedRecord) => StopFacts },
): TradeRow {
  const instrument = instrumentOfKey(record.contract);
  const name = agentName(record.agent);
  const option = instrument.kind === 'option' ? instrument : undefined;
  const quantity = record.lots * record.lotSize;
  const entryPrice = record.entryTurnover / quantity;
  const net = record.gross * FINE_PER_PAISA - record.charges.total;
  // What the lots lose at the stop of the entry, those added to it among them.
  const risk = record.initialStop === null ? null : Math.abs(record.initialStop - entryPrice) * quantity;
  const { stopOn, stopLevel, stopDistance, trailDistance } = stopOf(record);
  return {
    agent: record.agent,
    strategy: name.strategy,
    segment: name.segment,
    tradeId,
    structureId: record.structure,
    leg: record.leg,
    contract: record.contract,
    underlying: instrument.underlying,
    right: option?.right ?? null,
    strike: option?.strike ?? null,
    expiry: option?.expiry ?? null,
    dte: option === undefined ? null : daysBetween(dayOf(record.openedAt), option.expiry),
    side: record.side,
    lots: record.lots,
    quantity,
    openedAt: record.openedAt,
    closedAt: record.closedAt,
    entrySpot: record.entrySpot,
    exitSpot: record.exitSpot,
    entryPrice,
    exitPrice: record.exitTurnover / quantity,
    initialStop: record.initialStop,
    finalStop: record.finalStop,
    target: record.target,
    stopOn,
    stopLevel,
    stopDistance,
    trailDistance,
    reason: record.reason,
    ambiguous: record.ambiguous,
    points: record.gross / quantity,
    gross: record.gross,
    charges: record.charges,
    net,
    returnPct: record.entryTurnover === 0 ? null : (net / FINE_PER_PAISA / record.entryTurnover) * 100,
    mfe: record.mfe,
    mae: record.mae,
    r: risk === null || risk === 0 ? null : net / FINE_PER_PAISA / risk,
    ivEntry: record.ivEntry,
    ivExit: record.ivExit,
    heldGross: records.held.get(legKey(record))?.heldGross ?? null,
    reentry: record.reentry,
    nakedMs: record.nakedMs,
    unhedgedMs: record.unhedgedMs,
    seq: record.seq,
  };
}

function structureRow(record: StructureClosedRecord, legs: readonly TradeRow[], records: RunRecords): StructureRow {
  const name = agentName(record.agent);
  const opened = records.opened.get(record.structure);
  const net = record.gross * FINE_PER_PAISA - record.charges.total;
  const firstOpen = Math.min(...legs.map((leg) => leg.openedAt)) as EpochMs;
  return {
    agent: record.agent,
    strategy: name.strategy,
    segment: name.segment,
    structureId: record.structure,
    name: record.name,
    openedAt: firstOpen,
    closedAt: record.ts,
    spot: opened?.spot ?? null,
    dte: opened?.dte ?? null,
    legs: legs.length,
    credit: record.credit,
    plannedLoss: opened?.plannedLoss ?? null,
    risk: record.risk,
    reason: record.reason,
    ambiguous: legs.some((leg) => leg.ambiguous),
    gross: record.gross,
    charges: record.charges,
    net,
    points: record.gross / Math.min(...legs.map((leg) => leg.quantity)),
    r: record.risk === null || record.risk === 0 ? null : net / FINE_PER_PAISA / record.risk,
    mfe: record.mfe,
    mae: record.mae,
    nakedMs: record.nakedMs,
    unhedgedMs: record.unhedgedMs,
  };
}

/** What the ambiguous exits would have changed had their targets filled instead, charges as they were. */
export interface AmbiguousExits {
  readonly exits: number;
  /** Exits whose target is known; only these are priced. */
  readonly priced: number;
  /** Net of all trades as the engine acted, fine paise. */
  readonly net: number;
  readonly netIfTarget: number;
}

export function ambiguousExits(trades: readonly TradeRow[]): AmbiguousExits {
  const exits = trades.filter((trade) => trade.ambiguous);
  const priced = exits.filter((trade) => trade.target !== null);
  const net = trades.reduce((sum, trade) => sum + trade.net, 0);
  const gain = priced.reduce((sum, trade) => {
    const atTarget = signOf(trade.side) * Math.round(((trade.target ?? 0) - trade.entryPrice) * trade.quantity);
    return sum + (atTarget - trade.gross);
  }, 0);
  return { exits: exits.length, priced: priced.length, net, netIfTarget: net + gain * FINE_PER_PAISA };
}
