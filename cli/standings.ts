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
      // Two agents may run the same code with the same parameters under two names.
      const cards = run.strategies.filter((each) => each.hash === hash && each.segment === plan.segment);
      if (cards.length === 0) continue;
      const ran = new Set(cards.map(({ name, segment }) => `${name}/${segment}` as AgentId));
      for (const [day, found] of daysOf(records(), ran)) if (!days.has(day)) days.set(day, found);
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

/** Every session of a journal, also one on which the agents did nothing: an older run does not speak for it. */
function daysOf(records: readonly JournalRecord[], agents: ReadonlySet<AgentId>): ReadonlyMap<Day, PastDay> {
  const days = new Map<Day, PastDay>();
  const orders = new Map<OrderId, EntryOrder>();
  const takenBack = new Map<string, number>();
  for (const record of records) {
    if (record.kind === 'session-opened') days.set(record.day, newDay());
    const today = days.get(dayOf(record.ts));
    if (today === undefined) continue;
    if (record.kind === 'structure-closed' && agents.has(record.agent)) today.structures.push(structureOf(record));
    else countEntry(record, { agents, orders, takenBack, entries: today.entries });
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
  /** Whether it counts by itself, and not as the new price of one before. */
  readonly isTry: boolean;
  isFilled: boolean;
}

interface EntryCount {
  readonly agents: ReadonlySet<AgentId>;
  readonly orders: Map<OrderId, EntryOrder>;
  /** When an entry that had filled nothing was last taken back, by agent and signal. */
  readonly takenBack: Map<string, number>;
  readonly entries: PastDay['entries'];
}

function countEntry(record: JournalRecord, { agents, orders, takenBack, entries }: EntryCount): void {
  if (record.kind === 'order-placed' && agents.has(record.agent) && record.purpose === 'entry') {
    // What rests is taken back and placed anew in one step where its price moves: that is one try, not two.
    const isTry = takenBack.get(signalOf(record)) !== record.ts;
    orders.set(record.order, { placed: record, isTry, isFilled: false });
    if (isTry) entries.orders += 1;
    takenBack.delete(signalOf(record));
  }
  const ended = record.kind === 'order-canceled' ? orders.get(record.order) : undefined;
  if (ended?.isFilled === false) takenBack.set(signalOf(ended.placed), record.ts);
  // An order that never left says nothing of fills.
  if (record.kind === 'verdict' && !record.approved) {
    if (orders.get(record.order)?.isTry === true) entries.orders -= 1;
    orders.delete(record.order);
  }
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

function signalOf({ agent, reason }: OrderPlacedRecord): string {
  return `${agent} ${reason}`;
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
