import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JournalRecord, OrderPlacedRecord } from '../../engine/journal.ts';
import { clockText, epochMs } from '../../engine/model/time.ts';
import type { GuardSpec } from '../../engine/strategy.ts';
import type { FaultPlan, FaultyRequest } from '../../engine/venue/fault-plan.ts';
import { prng } from '../contracts/dice.ts';
import { anyGuard, anyMarket, anyScript } from '../support/any-script.ts';
import { AUDIT_RULES } from '../support/journal-audit.ts';
import { hedges } from '../support/order-audit.ts';
import { playScripts } from '../support/scripted-run.ts';
import type { Script } from '../support/scripted-strategy.ts';
import { cases, isSoak } from '../support/soak.ts';

const numRuns = cases({ ci: 40, soak: 4_000 });
const timeout = isSoak ? 1_800_000 : 180_000;

/** Scripts whose structures all stand under one to four guards. */
const anyGuardedScript: fc.Arbitrary<Script> = fc
  .record({ script: anyScript, guards: fc.array(anyGuard, { minLength: 1, maxLength: 4 }) })
  .map(({ script, guards }) => ({
    ...script,
    entries: script.entries.map((entry) => ({ ...entry, guards: guards.map((make, index) => make(index)) })),
  }));

test('guards close what they watch once, never open anything, and what the venue holds has the lots of its leg', {
  timeout,
}, () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(anyMarket, anyGuardedScript, anyFaults, anyMoves, (shape, script, faults, execution) => {
      const { played, day } = playScripts({ shape, scripts: [script], pace: 'free', execution, ...faults });
      const { records, kernel } = played;
      expect([...kernel.quarantined]).toEqual([]);
      const isSound = !('faults' in faults) && execution.trailModificationsMax === 20;
      for (const name of isSound ? RULES : FAULTY_RULES)
        expect(AUDIT_RULES[name]?.({ records, days: [day], pace: 'free' })).toEqual([]);
      expect(firings(records)).toEqual([]);
      expect(openings(records)).toEqual([]);
      expect(venueTrails(records)).toEqual([]);
      expect(hedges({ records })).toEqual([]);
      const held = heldStops(records, script);
      expect(held.wrong).toEqual([]);
      for (const { kind } of records) seen.set(kind, (seen.get(kind) ?? 0) + 1);
      seen.set('held', (seen.get('held') ?? 0) + held.looked);
    }),
    { numRuns },
  );
  // The days were not so calm that nothing could go wrong.
  for (const kind of ['guard-fired', 'guard-moved', 'modify-asked', 'order-triggered', 'lots-added', 'held'])
    expect([kind, (seen.get(kind) ?? 0) > 0]).toEqual([kind, true]);
});

/** Half of the days at a sound venue, half at one that refuses requests and fills lot by lot, each by the numbers of its orders. */
const anyFaults: fc.Arbitrary<{ readonly faults?: FaultPlan }> = fc.oneof(
  fc.constant({}),
  fc
    .record({
      seed: fc.integer({ min: 1, max: 10_000 }),
      share: fc.constantFrom(5, 20),
      lots: fc.constantFrom(1, 3, 1_000),
    })
    .map(({ seed, share, lots }) => ({
      faults: ({ kind, order, count }: FaultyRequest) => {
        const dice = prng(seed + order.id * 31 + count * 7 + kind.length);
        dice();
        return dice() * 100 < share ? { refusal: 'the venue is busy' } : { lotsPerFill: lots };
      },
    })),
);

/** How often a stop at the venue moves, and after how many changes another takes its place. */
const anyMoves = fc.record({
  trailEveryMs: fc.constantFrom(0, 15_000),
  trailModificationsMax: fc.constantFrom(1, 3, 20),
});

const FAULTY_RULES = [
  'no order that reduces is denied, and none turns a leg over',
  'every order ends exactly once',
  'no trail loosens',
];

/** Where nothing is refused and no stop wears out at its first move, protection stands in time as well, and all is flat in the end. */
const RULES = [
  ...FAULTY_RULES,
  'no leg is entered once it is being left',
  'no short leg stands without a stop',
  'everything is flat at the end of its day',
];

/** No leg is closed by two guards: what fires after a guard of a leg or of its whole structure fires for other legs alone. */
function firings(records: readonly JournalRecord[]): string[] {
  const found: string[] = [];
  const gone = new Set<string>();
  for (const record of records) {
    if (record.kind === 'leg-closed') gone.add(`${record.structure} ${record.leg}`);
    if (record.kind === 'structure-closed') gone.add(`${record.structure} null`);
    if (record.kind !== 'guard-fired') continue;
    const key = `${record.structure} ${record.leg}`;
    if (gone.has(key)) found.push(`${record.guard} of ${key} fires at ${clockText(record.ts)} though it is closed`);
    if (record.leg !== null) gone.add(key);
  }
  return found;
}

/** Exits are never on the side of their leg's entry, and all that are alive together never for more than it holds. */
function openings(records: readonly JournalRecord[]): string[] {
  const found: string[] = [];
  const sides = new Map<string, string>();
  const open = new Map<string, number>();
  const orders = new Map<
    number,
    { readonly order: OrderPlacedRecord; readonly key: string; left: number; lots: number }
  >();
  const exitsOf = (key: string) =>
    [...orders.values()]
      .filter((one) => one.key === key && one.order.reduceOnly)
      .reduce((sum, { left }) => sum + left, 0);
  for (const record of records) {
    if (record.kind === 'order-placed') {
      const key = `${record.structure} ${record.leg}`;
      orders.set(record.order, { order: record, key, left: record.lots, lots: record.lots });
      if (!record.reduceOnly) sides.set(key, record.side);
      else if (record.side === sides.get(key)) found.push(`order ${record.order} opens more of ${key}`);
      else if (exitsOf(key) > (open.get(key) ?? 0))
        found.push(`order ${record.order} makes exits of ${exitsOf(key)} of the ${open.get(key) ?? 0} lots of ${key}`);
    }
    const id = record.kind === 'order-filled' ? record.fill.order : 'order' in record ? record.order : undefined;
    const one = id === undefined ? undefined : orders.get(id);
    if (id === undefined || one === undefined) continue;
    if (record.kind === 'order-filled') {
      const { lots } = record.fill;
      one.left -= lots;
      open.set(one.key, (open.get(one.key) ?? 0) + (one.order.reduceOnly ? -lots : lots));
    } else if (record.kind === 'order-modified' && record.lots !== undefined) {
      one.left += record.lots - one.lots;
      one.lots = record.lots;
    } else if (
      record.kind === 'order-canceled' ||
      record.kind === 'order-rejected' ||
      record.kind === 'order-expired'
    ) {
      orders.delete(id);
    }
    if (one.left === 0) orders.delete(id);
  }
  return found;
}

/** The trigger of an order that follows a trail alone only ever comes nearer. */
function venueTrails(records: readonly JournalRecord[]): string[] {
  const found: string[] = [];
  const orders = new Map<number, OrderPlacedRecord>();
  const triggers = new Map<number, number>();
  for (const record of records) {
    if (record.kind === 'order-placed') {
      orders.set(record.order, record);
      if (record.terms.kind === 'STOP_LIMIT') triggers.set(record.order, record.terms.trigger);
    }
    if (record.kind !== 'modify-asked' || record.reason !== 'TSL' || record.terms?.kind !== 'STOP_LIMIT') continue;
    const before = triggers.get(record.order);
    const { trigger } = record.terms;
    const isLooser = orders.get(record.order)?.side === 'BUY' ? trigger > (before ?? 0) : trigger < (before ?? 0);
    if (isLooser) found.push(`order ${record.order} goes from ${before} to ${trigger} at ${clockText(record.ts)}`);
    triggers.set(record.order, trigger);
  }
  return found;
}

interface HeldLeg {
  readonly name: string;
  open: number;
  isLeaving: boolean;
  /** A stop was refused and is not asked for again yet. */
  isRefused: boolean;
  readonly stops: Map<number, { lots: number; isQuiet: boolean }>;
}

/** Whenever nothing of a leg is on its way, the stops that rest for a guard at the venue have exactly its open lots. */
function heldStops(
  records: readonly JournalRecord[],
  script: Script,
): { readonly looked: number; readonly wrong: string[] } {
  const wrong: string[] = [];
  let looked = 0;
  const held = (name: string) =>
    script.entries[Number(name.split(' ')[1])]?.guards.some(
      (guard: GuardSpec) => guard.heldBy === 'venue' && guard.armsAfter === undefined,
    );
  const isHeld = new Map<number, boolean>();
  const legs = new Map<string, HeldLeg>();
  const placed = new Map<number, OrderPlacedRecord>();
  const changed = new Set<HeldLeg>();
  let now = 0;
  const look = () => {
    for (const leg of changed) {
      const stops = [...leg.stops.values()];
      if (leg.isLeaving || leg.isRefused || leg.open === 0 || !stops.every(({ isQuiet }) => isQuiet)) continue;
      looked += 1;
      const lots = stops.reduce((sum, stop) => sum + stop.lots, 0);
      if (lots !== leg.open)
        wrong.push(`${leg.name} holds ${leg.open} at ${clockText(epochMs(now))}, its stops ${lots}`);
    }
    changed.clear();
  };
  for (const record of records) {
    // What the desk asks for in answer to a word stands at the same instant.
    if (record.ts > now) look();
    now = record.ts;
    if (record.kind === 'structure-opened') isHeld.set(record.structure, held(record.name) === true);
    if (record.kind === 'order-placed') placed.set(record.order, record);
    const id = record.kind === 'order-filled' ? record.fill.order : 'order' in record ? record.order : undefined;
    const order = id === undefined ? undefined : placed.get(id);
    if (id === undefined || order === undefined || isHeld.get(order.structure) !== true) continue;
    const name = `${order.structure} ${order.leg}`;
    const leg = legs.get(name) ?? { name, open: 0, isLeaving: false, isRefused: false, stops: new Map() };
    legs.set(name, leg);
    follow(leg, record, { id, order });
    changed.add(leg);
  }
  return { looked, wrong };
}

function follow(
  leg: HeldLeg,
  record: JournalRecord,
  { id, order }: { readonly id: number; readonly order: OrderPlacedRecord },
): void {
  const stop = leg.stops.get(id);
  switch (record.kind) {
    case 'order-placed':
      if (record.purpose === 'protection') leg.stops.set(id, { lots: record.lots, isQuiet: false });
      if (record.purpose === 'protection') leg.isRefused = false;
      if (record.purpose === 'exit') leg.isLeaving = true;
      return;
    case 'order-filled':
      leg.open += order.reduceOnly ? -record.fill.lots : record.fill.lots;
      return;
    case 'order-accepted':
      if (stop !== undefined) stop.isQuiet = true;
      return;
    case 'modify-asked':
    case 'cancel-asked':
      if (stop !== undefined) stop.isQuiet = false;
      if (stop !== undefined) leg.isRefused = false;
      if (order.reduceOnly && record.terms?.kind === 'LIMIT') leg.isLeaving = true;
      if (record.reason === 'the shorts go first') leg.isLeaving = true;
      return;
    case 'order-modified':
      if (stop !== undefined) Object.assign(stop, { isQuiet: true, lots: record.lots ?? stop.lots });
      return;
    case 'order-triggered':
      if (order.reduceOnly) leg.isLeaving = true;
      return;
    case 'order-rejected':
    case 'order-canceled':
    case 'order-expired':
      if (stop !== undefined && record.kind === 'order-rejected') leg.isRefused = true;
      leg.stops.delete(id);
      return;
    default:
  }
}
