import { join } from 'node:path';
import { readJournal } from '../adapters/journal-file.ts';
import { listRuns } from '../adapters/run-folder.ts';
import type { JournalRecord, OrderPlacedRecord, StructureClosedRecord } from '../engine/journal.ts';
import type { AgentPlan } from '../engine/kernel-parts.ts';
import { idOf } from '../engine/kernel-parts.ts';
import { FINE_PER_PAISA } from '../engine/model/levies.ts';
import type { AgentId, OrderId } from '../engine/model/order.ts';
import type { Day } from '../engine/model/time.ts';
import { dayOf } from '../engine/model/time.ts';
import { signOf } from '../engine/model/units.ts';
import type { PastEntries, PastStructure, Standing } from '../engine/risk/standing.ts';
import { standingOf } from '../engine/risk/standing.ts';
import type { RunCard } from '../reports/passport.ts';
import { RUN_FILES, readPassport } from './run-results.ts';

/** Which past runs are looked at: finished ones of the same mode and kind of data that ended before a day. */
export interface PastRuns {
  readonly root: string;
  readonly mode: RunCard['mode'];
  readonly dataKind: RunCard['data']['kind'];
  readonly before: Day;
}

/** How the strategies of agents stand after past runs of the same code and parameters on the same segment; absent where there are none. */
export function standingsOf(
  agents: readonly { readonly plan: AgentPlan; readonly hash: string }[],
  past: PastRuns,
): ReadonlyMap<AgentId, Standing> {
  // Newest first: where two runs played one day, the later word holds.
  const runs = [...listRuns(past.root)].reverse().flatMap((id) => {
    const path = join(past.root, id);
    const { run } = readPassport(path);
    const counts = run.mode === past.mode && run.data.kind === past.dataKind && run.to < past.before;
    return counts ? [{ path, run, records: lazily(() => readJournal(join(path, RUN_FILES.journal)).records) }] : [];
  });
  const standings = new Map<AgentId, Standing>();
  for (const { plan, hash } of agents) {
    const days = new Map<Day, PastDay>();
    for (const { run, records } of runs) {
      const card = run.strategies.find((each) => each.hash === hash && each.segment === plan.segment);
      if (card === undefined) continue;
      const agent = `${card.name}/${card.segment}` as AgentId;
      for (const [day, found] of daysOf(records(), agent)) if (!days.has(day)) days.set(day, found);
    }
    if (days.size > 0) standings.set(idOf(plan), added(days));
  }
  return standings;
}

/** What an agent did on one session day of a past run. */
interface PastDay {
  readonly structures: PastStructure[];
  readonly entries: { -readonly [Name in keyof PastEntries]: PastEntries[Name] };
}

/** Every session of a journal, also one on which the agent did nothing: an older run does not speak for it. */
function daysOf(records: readonly JournalRecord[], agent: AgentId): ReadonlyMap<Day, PastDay> {
  const days = new Map<Day, PastDay>();
  const orders = new Map<OrderId, EntryOrder>();
  for (const record of records) {
    if (record.kind === 'session-opened') days.set(record.day, newDay());
    const today = days.get(dayOf(record.ts));
    if (today === undefined) continue;
    if (record.kind === 'structure-closed' && record.agent === agent) today.structures.push(structureOf(record));
    else countEntry(record, { agent, orders, entries: today.entries });
  }
  return days;
}

function structureOf({ ts, gross, charges, risk }: StructureClosedRecord): PastStructure {
  const net = Math.floor(gross - charges.total / FINE_PER_PAISA);
  return { day: dayOf(ts), net, r: risk === null || risk === 0 ? undefined : gross / risk };
}

/** An order that opens, and whether anything of it filled. */
interface EntryOrder {
  readonly placed: OrderPlacedRecord;
  isFilled: boolean;
}

interface EntryCount {
  readonly agent: AgentId;
  readonly orders: Map<OrderId, EntryOrder>;
  readonly entries: PastDay['entries'];
}

function countEntry(record: JournalRecord, { agent, orders, entries }: EntryCount): void {
  if (record.kind === 'order-placed' && record.agent === agent && record.purpose === 'entry') {
    orders.set(record.order, { placed: record, isFilled: false });
    entries.orders += 1;
  }
  // An order that never left says nothing of fills.
  if (record.kind === 'verdict' && !record.approved && orders.delete(record.order)) entries.orders -= 1;
  if (record.kind !== 'order-filled') return;
  const order = orders.get(record.fill.order);
  if (order === undefined) return;
  if (!order.isFilled) entries.filled += 1;
  order.isFilled = true;
  const wanted = wantedPrice(order.placed);
  if (wanted === null) return;
  const units = record.fill.lots * order.placed.lotSize;
  entries.units += units;
  entries.slip += signOf(order.placed.side) * (record.fill.price - wanted) * units;
}

/** A stop waits for its trigger; every other entry is measured from the price that its decision saw. */
function wantedPrice({ terms, decisionPrice }: OrderPlacedRecord): number | null {
  return terms.kind === 'STOP_LIMIT' ? terms.trigger : decisionPrice;
}

function newDay(): PastDay {
  return { structures: [], entries: { units: 0, slip: 0, orders: 0, filled: 0 } };
}

function added(days: ReadonlyMap<Day, PastDay>): Standing {
  const inOrder = [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, day]) => day);
  const entries = newDay().entries;
  for (const day of inOrder) {
    entries.units += day.entries.units;
    entries.slip += day.entries.slip;
    entries.orders += day.entries.orders;
    entries.filled += day.entries.filled;
  }
  return standingOf(
    inOrder.flatMap(({ structures }) => structures),
    entries,
  );
}

/** Reads once, and only when somebody asks: most past runs are of other strategies. */
function lazily<Value>(read: () => Value): () => Value {
  let kept: { readonly value: Value } | undefined;
  return () => {
    kept ??= { value: read() };
    return kept.value;
  };
}
