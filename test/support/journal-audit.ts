/**
 * What must hold in every journal, whatever was traded: each rule reads records and candles alone and names what it finds. It shares
 * no state with the engine that wrote them.
 */
import type { JournalRecord, LegClosedRecord, OrderPlacedRecord } from '../../engine/journal.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { instrumentKey } from '../../engine/model/instrument.ts';
import { LEVY_NAMES } from '../../engine/model/levies.ts';
import type { Fill } from '../../engine/model/order.ts';
import type { EpochMs } from '../../engine/model/time.ts';
import { clockText, dayOf, stampText } from '../../engine/model/time.ts';
import { TICK } from '../../engine/model/units.ts';
import { DEFAULT_LATENCY } from '../../engine/venue/latency-model.ts';

export interface AuditInputs {
  readonly records: readonly JournalRecord[];
  readonly days: readonly DayCandles[];
  /** Whether the rate limits were out of the way, so that stops leave at once. */
  readonly pace: 'free' | 'limited';
}

/** The record of a kind, also where several kinds share one shape. */
type Of<Kind extends JournalRecord['kind']> = JournalRecord extends infer One
  ? One extends JournalRecord
    ? Kind extends One['kind']
      ? One
      : never
    : never
  : never;

export type AuditRule = (inputs: AuditInputs) => string[];

const { decideToVenueMs, venueToUsMs, betweenLegsMs } = DEFAULT_LATENCY;
const PARTICIPATION = 10;

export const AUDIT_RULES: Readonly<Record<string, AuditRule>> = {
  'every order has one verdict and nothing happens to a denied one': verdicts,
  'every order ends exactly once': ends,
  'no fill happens before its order arrives': arrivals,
  'every fill lies in its minute': prices,
  'no order that reduces is denied, and none turns a leg over': reductions,
  'legs, structures and days add up': sums,
  'charges and rounding are the contract note': notes,
  'no short leg stands without a stop': stops,
  'no leg is entered once it is being left': entriesWhileLeaving,
  'lots beyond the entry are told as additions': added,
  'no minute gives more than a tenth of its volume': participation,
  'no trail loosens': trails,
  'everything is flat at the end of its day': flats,
};

/** All that is wrong, with the rule it breaks. */
export function audit(inputs: AuditInputs): readonly string[] {
  return Object.entries(AUDIT_RULES).flatMap(([name, rule]) => rule(inputs).map((found) => `${name}: ${found}`));
}

function all<Kind extends JournalRecord['kind']>(
  records: readonly JournalRecord[],
  ...kinds: readonly Kind[]
): readonly Of<Kind>[] {
  return records.filter((record): record is Of<Kind> => (kinds as readonly string[]).includes(record.kind));
}

function placed(records: readonly JournalRecord[]): ReadonlyMap<number, OrderPlacedRecord> {
  return new Map(all(records, 'order-placed').map((record) => [record.order, record]));
}

interface PlacedFill {
  readonly ts: number;
  readonly fill: Fill;
  readonly order: OrderPlacedRecord;
}

function fillsOf(records: readonly JournalRecord[]): readonly PlacedFill[] {
  const orders = placed(records);
  return all(records, 'order-filled').flatMap(({ ts, fill }) => {
    const order = orders.get(fill.order);
    return order === undefined ? [] : [{ ts, fill, order }];
  });
}

function verdicts({ records }: AuditInputs): string[] {
  const found: string[] = [];
  const state = new Map<number, 'placed' | 'approved' | 'denied'>();
  for (const record of records) {
    if (record.kind === 'order-placed') state.set(record.order, 'placed');
    else if (record.kind === 'verdict') {
      if (state.get(record.order) !== 'placed') found.push(`order ${record.order} has a verdict out of turn`);
      state.set(record.order, record.approved ? 'approved' : 'denied');
    } else {
      const order = record.kind === 'order-filled' ? record.fill.order : 'order' in record ? record.order : undefined;
      if (order !== undefined && state.get(order) !== 'approved')
        found.push(`order ${order} is ${state.get(order) ?? 'unknown'} and has ${record.kind}`);
    }
  }
  for (const [order, is] of state) if (is === 'placed') found.push(`order ${order} has no verdict`);
  return found;
}

function ends({ records }: AuditInputs): string[] {
  const found: string[] = [];
  const ended = new Map<number, string | undefined>();
  const filled = new Map<number, number>();
  const orders = placed(records);
  const grown = new Map<number, number>();
  const end = (order: number, kind: string) => {
    if (ended.get(order) !== undefined) found.push(`order ${order} ends by ${ended.get(order)} and by ${kind}`);
    ended.set(order, kind);
  };
  for (const record of records) {
    switch (record.kind) {
      case 'verdict':
        ended.set(record.order, record.approved ? undefined : 'denial');
        break;
      case 'order-rejected':
      case 'order-canceled':
      case 'order-expired':
        end(record.order, record.kind);
        break;
      case 'order-filled': {
        const { order, lots } = record.fill;
        const sum = (filled.get(order) ?? 0) + lots;
        filled.set(order, sum);
        if (ended.get(order) !== undefined) found.push(`order ${order} fills after ${ended.get(order)}`);
        if (sum === (grown.get(order) ?? orders.get(order)?.lots)) end(order, 'its last fill');
        break;
      }
      case 'order-accepted':
      case 'order-triggered':
      case 'order-modified':
        if ('lots' in record && record.lots !== undefined) grown.set(record.order, record.lots);
        if (ended.get(record.order) !== undefined && ended.get(record.order) !== 'its last fill')
          found.push(`order ${record.order} has ${record.kind} after ${ended.get(record.order)}`);
        break;
      default:
    }
  }
  for (const [order, how] of ended) if (how === undefined) found.push(`order ${order} never ends`);
  return found;
}

function arrivals({ records }: AuditInputs): string[] {
  return fillsOf(records).flatMap(({ ts, fill, order }) => {
    const found: string[] = [];
    if (fill.tsExchange < order.ts + decideToVenueMs)
      found.push(`order ${fill.order} of ${clockText(order.ts)} fills at ${clockText(fill.tsExchange)}`);
    if (ts !== fill.tsExchange + venueToUsMs)
      found.push(
        `the fill of order ${fill.order} at ${clockText(fill.tsExchange)} is known at ${clockText(ts as EpochMs)}`,
      );
    return found;
  });
}

/** Low, high and volume of the minute in which something happened. */
/** The minute that a fill met. At the very boundary of two it says by its candle which: one due there comes before the next minute is drawn. */
function minuteAt(
  days: readonly DayCandles[],
  contract: string,
  { tsExchange: ts, steps }: Fill,
): { readonly low: number; readonly high: number; readonly volume: number; readonly start: number } | undefined {
  const day = days.find((each) => each.day === dayOf(ts));
  if (day === undefined) return undefined;
  const slot = slotsOf(day).get(contract);
  const slots = day.instruments.length;
  const begun = day.starts.findLastIndex((start) => start <= ts);
  const isBefore = day.starts[begun] === ts && begun > 0 && holds(day, (begun - 1) * slots + (slot ?? 0), steps.candle);
  const isAfter = holds(day, begun * slots + (slot ?? 0), steps.candle);
  const minute = isBefore && !isAfter ? begun - 1 : begun;
  const cell = minute * slots + (slot ?? 0);
  if (slot === undefined || day.columns.valid[cell] !== 1) return undefined;
  const { low, high, volume } = day.columns;
  return {
    low: low[cell] ?? 0,
    high: high[cell] ?? 0,
    volume: volume[cell] ?? 0,
    start: day.starts[minute] ?? 0,
  };
}

const slotsByDay = new WeakMap<DayCandles, ReadonlyMap<string, number>>();

function slotsOf(day: DayCandles): ReadonlyMap<string, number> {
  const known = slotsByDay.get(day);
  if (known !== undefined) return known;
  const slots = new Map(day.instruments.map((instrument, slot) => [instrumentKey(instrument), slot]));
  slotsByDay.set(day, slots);
  return slots;
}

/** A taken price lies between low and high, widened by its half-spread, slippage and the rounding to a tick; a passive one is its own limit, which the minute went through. */
/** Whether a cell holds the candle that a fill names. */
function holds({ columns }: DayCandles, cell: number, candle: Fill['steps']['candle']): boolean {
  const { open, high, low, close, volume, valid } = columns;
  if (candle === undefined || valid[cell] !== 1) return false;
  return [open, high, low, close, volume].every((column, index) => column[cell] === candle[index]);
}

function prices({ records, days }: AuditInputs): string[] {
  return fillsOf(records).flatMap(({ fill, order }) => {
    const minute = minuteAt(days, order.contract, fill);
    const what = `order ${fill.order} ${order.side} at ${fill.price} ${clockText(fill.tsExchange)}`;
    if (minute === undefined) return [`${what} fills in a minute without a candle`];
    const { low, high } = minute;
    if (fill.manner === 'passive') {
      const through = order.side === 'BUY' ? low <= fill.price - TICK : high >= fill.price + TICK;
      return through ? [] : [`${what} rests, and its minute has ${low} to ${high}`];
    }
    const room = fill.steps.halfSpread + fill.steps.slippage + TICK;
    if (fill.price < Math.min(low - room, low) || fill.price > high + room)
      return [`${what} lies outside ${low} to ${high}`];
    const worse = order.side === 'BUY' ? fill.price >= low : fill.price <= high;
    return worse ? [] : [`${what} is better than all of ${low} to ${high}`];
  });
}

function reductions({ records }: AuditInputs): string[] {
  const found: string[] = [];
  const orders = placed(records);
  for (const { order, approved } of all(records, 'verdict')) {
    if (!approved && orders.get(order)?.reduceOnly === true) found.push(`order ${order} reduces and is denied`);
  }
  const open = new Map<string, number>();
  for (const { fill, order } of fillsOf(records)) {
    const leg = `${order.structure} ${order.leg}`;
    const now = (open.get(leg) ?? 0) + (order.reduceOnly ? -fill.lots : fill.lots);
    open.set(leg, now);
    if (now < 0) found.push(`leg ${leg} stands at ${now} lots after order ${fill.order}`);
  }
  return found;
}

function sums({ records }: AuditInputs): string[] {
  const found: string[] = [];
  const cash = new Map<string, number>();
  for (const { fill, order } of fillsOf(records)) {
    const leg = `${order.structure} ${order.leg}`;
    const money = fill.price * fill.lots * order.lotSize * (order.side === 'SELL' ? 1 : -1);
    cash.set(leg, (cash.get(leg) ?? 0) + money);
  }
  for (const { structure, leg, side, lots, lotSize, price } of all(records, 'settled')) {
    const key = `${structure} ${leg}`;
    cash.set(key, (cash.get(key) ?? 0) + price * lots * lotSize * (side === 'BUY' ? 1 : -1));
  }
  const legs = all(records, 'leg-closed');
  for (const leg of legs) {
    const money = cash.get(`${leg.structure} ${leg.leg}`);
    if (money !== leg.gross) found.push(`leg ${leg.structure} ${leg.leg} made ${leg.gross}, its fills ${money}`);
    if (leg.mfe < 0 || leg.mae > 0) found.push(`leg ${leg.structure} ${leg.leg} has mfe ${leg.mfe} and mae ${leg.mae}`);
  }
  for (const one of all(records, 'structure-closed')) {
    const own = legs.filter(({ structure }) => structure === one.structure);
    if (total(own, ({ gross }) => gross) !== one.gross) found.push(`structure ${one.structure} is not its legs' gross`);
    if (total(own, ({ charges }) => charges.total) !== one.charges.total)
      found.push(`structure ${one.structure} is not its legs' charges`);
  }
  for (const day of all(records, 'day-closed')) {
    const own = legs.filter((leg: LegClosedRecord) => leg.agent === day.agent && dayOf(leg.closedAt) === day.day);
    if (total(own, ({ gross }) => gross) !== day.gross) found.push(`${day.agent} ${day.day} is not its legs' gross`);
    if (total(own, ({ charges }) => charges.total) !== day.charges.total)
      found.push(`${day.agent} ${day.day} is not its legs' charges`);
    if (own.length !== day.legs) found.push(`${day.agent} ${day.day} counts ${day.legs} legs of ${own.length}`);
  }
  return found;
}

function total<Row>(rows: readonly Row[], value: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + value(row), 0);
}

function notes({ records }: AuditInputs): string[] {
  const found: string[] = [];
  const fills = fillsOf(records);
  for (const { day, note, rounding } of all(records, 'contract-note')) {
    const traded = fills.filter(({ fill }) => dayOf(fill.tsExchange) === day).map(({ fill }) => fill);
    const own = [...traded, ...all(records, 'settled').filter(({ ts }) => dayOf(ts) === day)];
    const exact = total(own, ({ charges }) => charges.total);
    if (exact + rounding !== note.total) found.push(`${day}: ${exact} and ${rounding} are not ${note.total}`);
    for (const name of LEVY_NAMES) {
      const sum = total(own, ({ charges }) => charges[name]);
      const printed = Math.floor(sum / 10_000 + 0.5) * 10_000;
      if (note[name] !== printed) found.push(`${day}: ${name} is ${note[name]}, its orders round to ${printed}`);
    }
  }
  return found;
}

/** When a leg first begins to be brought out: an exit is placed, its stop is triggered or becomes an exit. */
function leavingSince(records: readonly JournalRecord[]): ReadonlyMap<string, number> {
  const orders = placed(records);
  const since = new Map<string, number>();
  for (const record of records) {
    const id = 'order' in record ? record.order : undefined;
    const order = id === undefined ? undefined : orders.get(id);
    if (order?.reduceOnly !== true || since.has(legOf(order))) continue;
    const isExit = record.kind === 'order-placed' && record.purpose === 'exit';
    const isChanged = record.kind === 'modify-asked' && record.terms?.kind !== 'STOP_LIMIT';
    if (isExit || record.kind === 'order-triggered' || isChanged) since.set(legOf(order), record.ts);
  }
  return since;
}

function entriesWhileLeaving({ records, pace }: AuditInputs): string[] {
  if (pace === 'limited') return [];
  const since = leavingSince(records);
  return fillsOf(records).flatMap(({ fill, order }) => {
    const left = since.get(legOf(order));
    if (order.reduceOnly || left === undefined) return [];
    // The cancels of a basket leave one after another.
    const late = fill.tsExchange - left - decideToVenueMs - 10 * betweenLegsMs;
    return late > 0
      ? [`order ${fill.order} fills ${late} ms late, its leg leaves at ${clockText(left as EpochMs)}`]
      : [];
  });
}

/** What a leg filled beyond the lots it was opened with is what its additions say. */
function added({ records }: AuditInputs): string[] {
  const planned = new Map<string, number>();
  for (const { structure, legs } of all(records, 'structure-opened'))
    for (const { leg, lots } of legs) planned.set(`${structure} ${leg}`, lots);
  const said = new Map<string, number>();
  for (const record of all(records, 'lots-added')) {
    const key = `${record.structure} ${record.leg}`;
    said.set(key, (said.get(key) ?? 0) + record.lots);
  }
  return all(records, 'leg-closed').flatMap(({ structure, leg, lots }) => {
    const key = `${structure} ${leg}`;
    const beyond = Math.max(0, lots - (planned.get(key) ?? 0));
    return beyond === (said.get(key) ?? 0) ? [] : [`leg ${key} holds ${beyond} beyond, ${said.get(key) ?? 0} are told`];
  });
}

/** Lots of short legs at the venue, and lots of the orders there that would buy them back, until the leg is left. */
function stops({ records, pace }: AuditInputs): string[] {
  if (pace === 'limited') return [];
  const found: string[] = [];
  const legs = new Map<string, Cover[]>();
  const orders = placed(records);
  const left = new Map<number, number>();
  const lotsOf = new Map<number, number>();
  const change = (order: OrderPlacedRecord, ts: number, by: { short?: number; cover?: number }) => {
    const key = `${order.structure} ${order.leg}`;
    const list = legs.get(key) ?? [];
    legs.set(key, list);
    list.push({ ts, short: by.short ?? 0, cover: by.cover ?? 0 });
  };
  const shortLegs = new Set(
    [...orders.values()].filter(({ purpose, side }) => purpose === 'entry' && side === 'SELL').map(legOf),
  );
  for (const record of records) {
    const id = record.kind === 'order-filled' ? record.fill.order : 'order' in record ? record.order : undefined;
    const order = id === undefined ? undefined : orders.get(id);
    if (order === undefined || id === undefined || !shortLegs.has(legOf(order))) continue;
    if (record.kind === 'order-accepted' && order.reduceOnly) {
      left.set(id, order.lots);
      change(order, record.tsExchange ?? record.ts, { cover: order.lots });
    } else if (record.kind === 'order-modified' && order.reduceOnly && record.lots !== undefined) {
      const by = record.lots - (lotsOf.get(id) ?? order.lots);
      lotsOf.set(id, record.lots);
      left.set(id, (left.get(id) ?? 0) + by);
      change(order, record.tsExchange ?? record.ts, { cover: by });
    } else if (record.kind === 'order-filled') {
      const { lots, tsExchange } = record.fill;
      if (!order.reduceOnly) change(order, tsExchange, { short: lots });
      else {
        left.set(id, (left.get(id) ?? 0) - lots);
        change(order, tsExchange, { short: -lots, cover: -lots });
      }
    } else if ((record.kind === 'order-canceled' || record.kind === 'order-expired') && order.reduceOnly) {
      change(order, record.tsExchange ?? record.ts, { cover: -(left.get(id) ?? 0) });
      left.set(id, 0);
    }
  }
  const leaving = leavingSince(records);
  for (const [key, list] of legs) {
    const until = leaving.get(key) ?? Number.POSITIVE_INFINITY;
    found.push(
      ...nakedStretches(
        key,
        list.filter(({ ts }) => ts < until),
        until,
      ),
    );
  }
  return found;
}

function legOf({ structure, leg }: OrderPlacedRecord): string {
  return `${structure} ${leg}`;
}

interface Cover {
  readonly ts: number;
  readonly short: number;
  readonly cover: number;
}

function nakedStretches(key: string, list: readonly Cover[], until: number): string[] {
  const found: string[] = [];
  const rising = list.map((one, index) => ({ ...one, index })).sort((a, b) => a.ts - b.ts || a.index - b.index);
  let [short, cover] = [0, 0];
  let since: number | undefined;
  let most = 0;
  const end = (ts: number) => {
    if (since !== undefined && ts - since > most)
      found.push(`leg ${key} stands without for ${ts - since} ms from ${clockText(since as EpochMs)}`);
    since = undefined;
  };
  rising.forEach((one, index) => {
    short += one.short;
    cover += one.cover;
    if (rising[index + 1]?.ts === one.ts) return;
    if (short <= cover) return end(one.ts);
    if (since === undefined) most = 0;
    since ??= one.ts;
    // Slices of one basket leave one after another; some may fill as stops again while others are still on their way.
    const slices = Math.max(0, Math.ceil(short / 20) - 1);
    most = Math.max(most, venueToUsMs + decideToVenueMs + betweenLegsMs * slices);
  });
  end(until);
  return found;
}

function participation({ records, days }: AuditInputs): string[] {
  const used = new Map<string, { units: number; volume: number }>();
  for (const { fill, order } of fillsOf(records)) {
    const minute = minuteAt(days, order.contract, fill);
    if (minute === undefined || minute.volume < 0) continue;
    const key = `${order.contract} ${stampText(minute.start as EpochMs)}`;
    const units = (used.get(key)?.units ?? 0) + fill.lots * order.lotSize;
    used.set(key, { units, volume: minute.volume });
  }
  return [...used]
    .filter(([, { units, volume }]) => units * 100 > volume * PARTICIPATION)
    .map(([key, { units, volume }]) => `${key}: ${units} of ${volume}`);
}

/** The level of a trail on a sold leg or on a credit only falls, that of a bought leg, a debit or money only rises. */
function trails({ records }: AuditInputs): string[] {
  const found: string[] = [];
  const levels = new Map<string, number[]>();
  for (const record of all(records, 'guard-set', 'guard-moved')) {
    if (record.act !== 'trail' || record.level === null) continue;
    const key = `${record.structure} ${record.guard} ${record.leg ?? ''}`;
    levels.set(key, [...(levels.get(key) ?? []), record.level]);
  }
  for (const [key, list] of levels) {
    const steps = list.slice(1).map((level, index) => Math.sign(level - (list[index] ?? 0)));
    if (steps.includes(1) && steps.includes(-1)) found.push(`trail ${key} goes ${list.join(', ')}`);
  }
  const orders = [...placed(records).values()];
  for (const record of all(records, 'guard-moved')) {
    if (record.act !== 'trail' || record.basis !== 'leg' || record.level === null) continue;
    const entry = orders.find(
      (order) => !order.reduceOnly && order.structure === record.structure && order.leg === record.leg,
    );
    const first = levels.get(`${record.structure} ${record.guard} ${record.leg ?? ''}`)?.[0] ?? 0;
    const isLooser = entry?.side === 'SELL' ? record.level > first : record.level < first;
    if (isLooser)
      found.push(`trail ${record.guard} of ${record.structure} ${record.leg} went from ${first} to ${record.level}`);
  }
  return found;
}

function flats({ records }: AuditInputs): string[] {
  const found: string[] = [];
  const open = new Map<string, number>();
  const fills = fillsOf(records);
  const settled = new Set(all(records, 'settled').map(({ structure, leg }) => `${structure} ${leg}`));
  for (const { fill, order } of fills) {
    const leg = legOf(order);
    open.set(leg, (open.get(leg) ?? 0) + (order.reduceOnly ? -fill.lots : fill.lots));
  }
  for (const [leg, lots] of open) if (lots !== 0 && !settled.has(leg)) found.push(`leg ${leg} keeps ${lots} lots`);
  const closed = new Set(all(records, 'leg-closed').map(({ structure, leg }) => `${structure} ${leg}`));
  for (const leg of open.keys()) if (!closed.has(leg)) found.push(`leg ${leg} is never counted as closed`);
  return found;
}
