/**
 * What must hold of orders in every journal, whatever a venue did: each rule reads records alone and names what it finds, by counting anew
 * what the engine says it did.
 */
import type { JournalRecord, OrderPlacedRecord } from '../../engine/journal.ts';
import type { EpochMs } from '../../engine/model/time.ts';
import { clockText } from '../../engine/model/time.ts';
import type { ExecutionSettings } from '../../engine/orders/execution-policy.ts';
import { DEFAULT_EXECUTION } from '../../engine/orders/execution-policy.ts';
import type { RmsSettings } from '../../engine/risk/rms-settings.ts';
import { DEFAULT_LATENCY } from '../../engine/venue/latency-model.ts';
import { RESTS } from './restless.ts';

export interface OrderAudit {
  readonly records: readonly JournalRecord[];
  readonly risk: Partial<RmsSettings>;
  readonly execution: Partial<ExecutionSettings>;
}

export const ORDER_RULES: Readonly<Record<string, (of: OrderAudit) => string[]>> = {
  'children come to no more than their parent': children,
  'at most one order rests in a place': places,
  'a halted account sends no entry': halts,
  'limits are never passed': limits,
  'no basket stands short of its plan with no entry alive': shortBaskets,
  'guards and exits only reduce': reductions,
  'additions are told, and nothing else is told as one': additions,
  'no hedge leaves before the lots that it covers': hedges,
};

export function auditOrders(of: OrderAudit): readonly string[] {
  return Object.entries(ORDER_RULES).flatMap(([name, rule]) => rule(of).map((found) => `${name}: ${found}`));
}

interface Life {
  readonly order: OrderPlacedRecord;
  filled: number;
  isAlive: boolean;
}

/** Walks through the lives of approved orders, telling of each change of one. */
function walk(
  records: readonly JournalRecord[],
  on: (record: JournalRecord, life: Life | undefined, lives: ReadonlyMap<number, Life>) => void,
): void {
  const lives = new Map<number, Life>();
  for (const record of records) {
    const id = record.kind === 'order-filled' ? record.fill.order : 'order' in record ? record.order : undefined;
    if (record.kind === 'order-placed') lives.set(record.order, { order: record, filled: 0, isAlive: false });
    const life = id === undefined ? undefined : lives.get(id);
    if (life !== undefined) {
      if (record.kind === 'verdict') life.isAlive = record.approved;
      if (record.kind === 'order-filled') {
        life.filled += record.fill.lots;
        if (life.filled >= life.order.lots && !life.order.reduceOnly) life.isAlive = false;
      }
      if (['order-rejected', 'order-canceled', 'order-expired'].includes(record.kind)) life.isAlive = false;
    }
    on(record, life, lives);
  }
}

/** The lots of a leg: what its structure was opened for. A resting one says so with its first fill. */
function plannedLots(records: readonly JournalRecord[]): ReadonlyMap<string, number> {
  const planned = new Map<string, number>();
  for (const record of records)
    if (record.kind === 'structure-opened')
      for (const { leg, lots } of record.legs) planned.set(`${record.structure} ${leg}`, lots);
  return planned;
}

/** Filled and still possible lots of a leg's entry, its additions apart, never come to more than the leg. */
function children({ records }: OrderAudit): string[] {
  const found: string[] = [];
  const planned = plannedLots(records);
  walk(records, (record, life, lives) => {
    if (life === undefined || life.order.reduceOnly || life.order.reason === 'addition') return;
    const leg = `${life.order.structure} ${life.order.leg}`;
    const most = planned.get(leg);
    if (most === undefined) return;
    let sum = 0;
    for (const { order, filled, isAlive } of lives.values()) {
      if (order.reduceOnly || order.reason === 'addition' || `${order.structure} ${order.leg}` !== leg) continue;
      sum += isAlive ? order.lots : filled;
    }
    if (sum > most) found.push(`leg ${leg} of ${most} lots may have ${sum} at ${clockText(record.ts)}`);
  });
  return found;
}

/** A place has several orders alive only where one entry was sliced: all of one structure. */
function places({ records }: OrderAudit): string[] {
  const found: string[] = [];
  walk(records, (record, life, lives) => {
    if (record.kind !== 'verdict' || life?.isAlive !== true) return;
    const { agent, reason, structure } = life.order;
    if (!(RESTS as readonly string[]).includes(reason)) return;
    for (const other of lives.values()) {
      if (!other.isAlive || other.order.reduceOnly || other.order.agent !== agent || other.order.reason !== reason)
        continue;
      if (other.order.structure !== structure)
        found.push(
          `orders ${other.order.order} and ${life.order.order} of ${agent} both rest in ${reason} at ${clockText(record.ts)}`,
        );
    }
  });
  return found;
}

/** No entry is let through while all is halted, and none arrives that had not left before. */
function halts({ records }: OrderAudit): string[] {
  const found: string[] = [];
  const { decideToVenueMs, betweenLegsMs } = DEFAULT_LATENCY;
  let since = Number.POSITIVE_INFINITY;
  let before = 0;
  const spans: (readonly [number, number])[] = [];
  for (const record of records) {
    if (record.kind !== 'operator-commanded') continue;
    if (record.command === 'halt') since = record.ts;
    else if (record.command === 'resume' && since !== Number.POSITIVE_INFINITY) {
      spans.push([since, record.ts]);
      since = Number.POSITIVE_INFINITY;
    }
  }
  if (since !== Number.POSITIVE_INFINITY) spans.push([since, Number.POSITIVE_INFINITY]);
  walk(records, (record, life) => {
    if (life === undefined || life.order.reduceOnly) return;
    for (const [from, to] of spans) {
      if (record.kind === 'verdict' && record.approved && record.ts >= from && record.ts < to)
        found.push(`order ${record.order} is approved at ${clockText(record.ts)} while all is halted`);
      if (record.kind !== 'order-accepted') continue;
      // Legs of one call leave one after the other: eight a second may still be on their way.
      const arrived = record.tsExchange ?? 0;
      if (arrived > from + decideToVenueMs + 8 * betweenLegsMs && arrived < to && life.order.ts < to)
        found.push(`order ${record.order} arrives at ${clockText(arrived as EpochMs)} while all is halted`);
      before += 1;
    }
  });
  return before < 0 ? [] : found;
}

function limits({ records, risk, execution }: OrderAudit): string[] {
  const found: string[] = [];
  const today = new Map<string, number>();
  const open = new Map<string, number>();
  const count = (map: Map<string, number>, agent: string, by: number): number => {
    const now = (map.get(agent) ?? 0) + by;
    map.set(agent, now);
    return now;
  };
  const filled = new Set<number>();
  let entries = 0;
  const { ordersPerDayMax, ordersPerDayReserve } = { ...DEFAULT_EXECUTION, ...execution };
  walk(records, (record, life) => {
    if (record.kind === 'structure-closed') count(open, record.agent, -1);
    if (record.kind === 'order-accepted' && life?.order.reduceOnly === false) {
      entries += 1;
      if (entries > ordersPerDayMax - ordersPerDayReserve) found.push(`entry ${entries} of the day arrives`);
    }
    if (
      record.kind === 'verdict' &&
      record.approved &&
      life !== undefined &&
      !life.order.reduceOnly &&
      life.order.lots > (risk.lotsPerOrderMax ?? Number.POSITIVE_INFINITY)
    )
      found.push(`order ${record.order} has ${life.order.lots} lots`);
    if (record.kind !== 'order-filled' || life === undefined || filled.has(life.order.structure)) return;
    filled.add(life.order.structure);
    const { agent } = life.order;
    if (count(today, agent, 1) > (risk.structuresPerDayMax ?? Number.POSITIVE_INFINITY))
      found.push(`${agent} opens structure ${today.get(agent)} of the day at ${clockText(record.ts)}`);
    if (count(open, agent, 1) > (risk.structuresOpenMax ?? Number.POSITIVE_INFINITY))
      found.push(`${agent} has ${open.get(agent)} structures open at ${clockText(record.ts)}`);
  });
  return found;
}

/** After so long nothing of an entry waits to be sent again, and what ended short has been asked out, ms. */
const SETTLED_MS = 15_000;

/** Baskets of several legs, by their plan: where a leg has less and nothing more can come, an exit of the structure was asked for. */
function shortBaskets({ records }: OrderAudit): string[] {
  const planned = plannedLots(records);
  const baskets = new Map<number, readonly string[]>();
  for (const record of records)
    if (record.kind === 'structure-opened' && record.legs.length > 1)
      baskets.set(
        record.structure,
        record.legs.map(({ leg }) => `${record.structure} ${leg}`),
      );
  const alive = new Map<string, number>();
  const entered = new Map<string, number>();
  const held = new Map<number, number>();
  const quiet = new Map<number, number>();
  const leaving = new Set<number>();
  const found = new Map<number, string>();
  walk(records, (record, life) => {
    for (const [structure, since] of quiet)
      if (record.ts > since + SETTLED_MS && !leaving.has(structure) && (held.get(structure) ?? 0) > 0)
        found.set(structure, `structure ${structure} stands short since ${clockText(since as EpochMs)}`);
    if (life === undefined || !baskets.has(life.order.structure)) return;
    const { structure, leg, reduceOnly, reason } = life.order;
    const own = `${structure} ${leg}`;
    if (record.kind === 'order-filled') {
      held.set(structure, (held.get(structure) ?? 0) + (reduceOnly ? -record.fill.lots : record.fill.lots));
      if (!reduceOnly && reason !== 'addition') entered.set(own, (entered.get(own) ?? 0) + record.fill.lots);
    }
    const isAsked = record.kind === 'modify-asked' && record.terms?.kind !== 'STOP_LIMIT';
    if (reduceOnly && (life.order.purpose === 'exit' || isAsked || record.kind === 'order-filled'))
      leaving.add(structure);
    if (record.kind === 'verdict' && record.approved && !reduceOnly) alive.set(own, (alive.get(own) ?? 0) + 1);
    const ended =
      ['order-rejected', 'order-canceled', 'order-expired'].includes(record.kind) ||
      (record.kind === 'order-filled' && !life.isAlive);
    if (ended && !reduceOnly) alive.set(own, (alive.get(own) ?? 0) - 1);
    const legs = baskets.get(structure) ?? [];
    const isShort = legs.some(
      (each) => (alive.get(each) ?? 0) <= 0 && (entered.get(each) ?? 0) < (planned.get(each) ?? 0),
    );
    if (!isShort) quiet.delete(structure);
    else if (!quiet.has(structure)) quiet.set(structure, record.ts);
  });
  return [...found.values()];
}

/** What reduces is on the other side of what opened its leg, and never turns it over. */
function reductions({ records }: OrderAudit): string[] {
  const found: string[] = [];
  const sides = new Map<string, string>();
  const held = new Map<string, number>();
  walk(records, (record, life) => {
    if (life === undefined) return;
    const { order } = life;
    const leg = `${order.structure} ${order.leg}`;
    if (record.kind === 'order-placed') {
      if (!order.reduceOnly) sides.set(leg, order.side);
      else if (sides.get(leg) === order.side) found.push(`order ${order.order} reduces on the side of its entry`);
    }
    if (record.kind !== 'order-filled') return;
    const now = (held.get(leg) ?? 0) + (order.reduceOnly ? -record.fill.lots : record.fill.lots);
    held.set(leg, now);
    if (now < 0) found.push(`leg ${leg} stands at ${now} lots after order ${order.order}`);
  });
  for (const [leg, lots] of held) if (lots !== 0) found.push(`leg ${leg} ends the day with ${lots} lots`);
  return found;
}

/** An entry that rested may end with less than it was planned for, so additions are known by their orders and not by their number. */
function additions({ records }: OrderAudit): string[] {
  const told = new Map<number, number>();
  const filled = new Map<number, number>();
  walk(records, (record, life) => {
    if (record.kind === 'lots-added') told.set(record.order, (told.get(record.order) ?? 0) + record.lots);
    if (record.kind === 'order-filled' && life?.order.reason === 'addition' && !life.order.reduceOnly)
      filled.set(record.fill.order, (filled.get(record.fill.order) ?? 0) + record.fill.lots);
  });
  return [...new Set([...told.keys(), ...filled.keys()])]
    .filter((order) => told.get(order) !== filled.get(order))
    .map((order) => `order ${order} added ${filled.get(order) ?? 0} lots, ${told.get(order) ?? 0} are told`);
}

interface PlannedLeg {
  readonly leg: string;
  readonly side: 'BUY' | 'SELL';
  readonly lots: number;
  readonly right: string;
}

/**
 * With each fill that sells a bought leg, its structure still holds the bought lots that its plan asks for what is sold of that right. Two
 * exceptions: a leg that a guard of its own fired for, and a stop at the venue that filled as such.
 */
export function hedges({ records }: Pick<OrderAudit, 'records'>): string[] {
  const found: string[] = [];
  const planned = new Map<number, readonly PlannedLeg[]>();
  const open = new Map<string, number>();
  const own = new Set<string>();
  const turned = new Set<number>();
  for (const record of records) {
    if (record.kind === 'structure-opened')
      planned.set(
        record.structure,
        record.legs.map(({ leg, side, lots, contract }) => ({ leg, side, lots, right: contract.slice(-2) })),
      );
    if (record.kind === 'guard-fired' && record.leg !== null) own.add(`${record.structure} ${record.leg}`);
    if (record.kind === 'modify-asked' && record.terms?.kind !== 'STOP_LIMIT') turned.add(record.order);
  }
  const lotsOf = (structure: number, { leg }: PlannedLeg): number => open.get(`${structure} ${leg}`) ?? 0;
  walk(records, (record, life) => {
    if (record.kind !== 'order-filled' || life === undefined) return;
    const { structure, leg, reduceOnly, side, order, purpose } = life.order;
    const key = `${structure} ${leg}`;
    open.set(key, (open.get(key) ?? 0) + (reduceOnly ? -record.fill.lots : record.fill.lots));
    if (!reduceOnly || side === 'BUY' || own.has(key) || (purpose === 'protection' && !turned.has(order))) return;
    const legs = planned.get(structure) ?? [];
    const mates = legs.filter(({ right }) => right === legs.find((each) => each.leg === leg)?.right);
    const [longs, shorts] = [mates.filter((each) => each.side === 'BUY'), mates.filter((each) => each.side === 'SELL')];
    const sumOf = (of: readonly PlannedLeg[], lots: (each: PlannedLeg) => number): number =>
      of.reduce((sum, each) => sum + lots(each), 0);
    const sold = sumOf(shorts, (each) => lotsOf(structure, each));
    const bought = sumOf(longs, (each) => lotsOf(structure, each));
    if (bought * sumOf(shorts, ({ lots }) => lots) < sold * sumOf(longs, ({ lots }) => lots))
      found.push(`${bought} bought lots are left for ${sold} sold ones of ${key} at ${clockText(record.ts)}`);
  });
  return found;
}
