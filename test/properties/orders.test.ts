import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../engine/journal.ts';
import type { ExecutionSettings } from '../../engine/orders/execution-policy.ts';
import type { RmsSettings } from '../../engine/risk/rms-settings.ts';
import { AUDIT_RULES } from '../support/journal-audit.ts';
import { auditOrders, ORDER_RULES } from '../support/order-audit.ts';
import type { PlayedDay, RestlessDay } from '../support/restless-day.ts';
import { playRestless } from '../support/restless-day.ts';
import { cases, isSoak } from '../support/soak.ts';

const numRuns = cases({ ci: 300, soak: 20_000 });
const timeout = isSoak ? 3_600_000 : 120_000;

const anyExecution: fc.Arbitrary<Partial<ExecutionSettings>> = fc.record(
  {
    entry: fc.constantFrom(
      { kind: 'market' } as const,
      { kind: 'limit-then-market', bufferPct: 0.3, waitMs: 5_000 } as const,
    ),
    exitWaitMs: fc.constantFrom(500, 10_000),
    exit: fc.constantFrom(
      { kind: 'chase' } as const,
      { kind: 'limit-then-market', bufferPct: 0.3, waitMs: 4_000 } as const,
    ),
    sliceEveryMs: fc.constantFrom(0, 500),
    basketWait: fc.constantFrom('sent' as const, 'filled' as const),
    entryRetries: fc.constantFrom(0, 2),
    ordersPerSecondMax: fc.constantFrom(3, 8),
    ordersPerDayMax: fc.constantFrom(60, 5_000),
    ordersPerDayReserve: fc.constant(30),
    churn: fc.constantFrom(
      { cycleMs: 600_000, blockAfter: 1, blockWithinMs: 3_600_000, pauseAfter: 50 },
      { cycleMs: 600_000, blockAfter: 50, blockWithinMs: 3_600_000, pauseAfter: 2 },
    ),
  },
  { requiredKeys: [] },
);

const anyRisk: fc.Arbitrary<Partial<RmsSettings>> = fc.constantFrom<Partial<RmsSettings>>(
  {},
  { structuresPerDayMax: 3 },
  { structuresOpenMax: 2 },
  { lotsPerOrderMax: 5 },
  { lossPerDayMax: 1_000_000 },
);

const anyDay: fc.Arbitrary<RestlessDay> = fc.record({
  shape: fc.record({
    seed: fc.integer({ min: 1, max: 1_000_000_000 }),
    date: fc.constantFrom('2025-01-02', '2026-05-06'),
    underlying: fc.constant('NIFTY' as const),
    strikesEachSide: fc.constant(2),
    missingPct: fc.constantFrom(0, 10),
    indexMissingPct: fc.constantFrom(0, 15),
    jumpPct: fc.constantFrom(0, 5, 30),
    wildPct: fc.constantFrom(0, 20),
    volume: fc.constantFrom('unknown', 'thin', 'mixed'),
    minutes: fc.constant(60),
  }),
  agents: fc.constantFrom(1, 2),
  execution: anyExecution,
  risk: anyRisk,
  faultPct: fc.constantFrom(0, 15, 40),
  haltAt: fc.option(fc.integer({ min: 3, max: 25 }), { nil: undefined }),
});

/** Rules of the whole journal that hold on a venue with faults too: how long a word takes and how soon a stop stands are not among them. */
const WHOLE = [
  'every order has one verdict and nothing happens to a denied one',
  'every order ends exactly once',
  'every fill lies in its minute',
  'no order that reduces is denied, and none turns a leg over',
  'legs, structures and days add up',
  'charges and rounding are the contract note',
  'no minute gives more than a tenth of its volume',
  'everything is flat at the end of its day',
] as const;

function faultsIn({ records, day, kernel }: PlayedDay, { risk, execution }: RestlessDay): readonly string[] {
  const whole = WHOLE.flatMap((name) =>
    (AUDIT_RULES[name]?.({ records, days: [day], pace: 'limited' }) ?? ['no such rule']).map(
      (found) => `${name}: ${found}`,
    ),
  );
  const held = kernel.held.length === 0 ? [] : [`${kernel.held.length} contracts are held after the day`];
  const gone = [...kernel.quarantined].map(([agent, reason]) => `${agent} is quarantined: ${reason}`);
  return [...whole, ...auditOrders({ records, risk, execution }), ...held, ...gone];
}

describe('orders of random days on a venue that refuses, fills in parts and answers late', { timeout }, () => {
  test('break no rule', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        expect(faultsIn(playRestless(day), day)).toEqual([]);
      }),
      { numRuns },
    );
  });
});

/** Days of one seed with every kind of trouble in them. */
function troubledDays(count: number): readonly { readonly of: RestlessDay; readonly played: PlayedDay }[] {
  return fc
    .sample(anyDay, { seed: 7, numRuns: count })
    .map((of) => ({ ...of, faultPct: 40 }))
    .map((of) => ({ of, played: playRestless(of) }));
}

describe('the days of this file', { timeout }, () => {
  const days = troubledDays(40);
  const records = days.flatMap(({ played }) => played.records);

  test.for([
    'order-rejected',
    'order-triggered',
    'modify-rejected',
    'cancel-rejected',
    'order-canceled',
    'lots-added',
    'guard-fired',
  ] as const)('have some %s', (kind) => {
    expect(records.filter((record) => record.kind === kind).length).toBeGreaterThan(5);
  });

  test.for([
    'the order before it filled meanwhile',
    'the cancel of the order before it was refused',
    'rejected by the venue',
    'is blocked for the day',
    'entries pause for the day',
    'orders-per-day',
    'halted',
    'structures-per-day',
    'structures-open',
  ])('skip some signals because of: %s', (gate) => {
    const skips = records.filter((record) => record.kind === 'signal' && record.gate?.includes(gate) === true);
    expect(skips.length).toBeGreaterThan(0);
  });

  test('unwind some baskets whose hedges come too late, and send some entries again', () => {
    const notes = records.filter((record) => record.kind === 'note' && record.text.includes('its hedges did not fill'));
    expect(notes.length).toBeGreaterThan(0);
    const market = records.filter((record) => record.kind === 'modify-asked' && record.reason === 'to market');
    expect(market.length).toBeGreaterThan(0);
  });

  test.for(plantings())('show a planted fault: %s', ([rule, plant]) => {
    const found = days.flatMap(({ of: { risk, execution }, played }) => {
      const held = { risk: { ...risk, structuresOpenMax: 2 }, execution };
      return ORDER_RULES[rule]?.({ records: plant(played.records), ...held }) ?? [];
    });
    expect(found).not.toEqual([]);
  });
});

type Plant = (records: readonly JournalRecord[]) => readonly JournalRecord[];

function plantings(): readonly (readonly [string, Plant])[] {
  return [
    ['children come to no more than their parent', widened],
    ['at most one order rests in a place', withoutEnds],
    ['a halted account sends no entry', haltedFromTheFirst],
    ['no basket stands short of its plan with no entry alive', neverUnwound],
    ['limits are never passed', (records) => records.filter(({ kind }) => kind !== 'structure-closed')],
    ['guards and exits only reduce', turnedOver],
    ['additions are told, and nothing else is told as one', untold],
    ['no hedge leaves before the lots that it covers', neverBoughtBack],
  ];
}

/** Gives the first entry that filled more lots than it was for. */
const widened: Plant = (records) => {
  const fill = records.find(
    (record) => record.kind === 'order-filled' && entryOf(records, record.fill.order) !== undefined,
  );
  if (fill?.kind !== 'order-filled') return records;
  return records.map((record) =>
    record.kind === 'order-placed' && record.order === fill.fill.order
      ? { ...record, lots: record.lots + 1_000 }
      : record,
  );
};

/** Forgets every end of an order that rested. */
const withoutEnds: Plant = (records) => {
  const rested = new Set(
    records.flatMap((record) =>
      record.kind === 'order-placed' && record.reason.startsWith('rest') ? [record.order] : [],
    ),
  );
  return records.filter((record) => record.kind !== 'order-canceled' || !rested.has(record.order));
};

const haltedFromTheFirst: Plant = (records) => {
  const [first] = records;
  const entered = records.some((record) => record.kind === 'verdict' && record.approved);
  if (first === undefined || !entered) return records;
  const halt = { ...first, kind: 'operator-commanded', command: 'halt', scope: 'all', by: 'test' } as JournalRecord;
  return [halt, ...records.filter(({ kind }) => kind !== 'operator-commanded')];
};

/** Forgets that baskets were brought out. */
const neverUnwound: Plant = (records) => {
  const exits = new Set(
    records.flatMap((record) => (record.kind === 'order-placed' && record.reduceOnly ? [record.order] : [])),
  );
  return records.filter(
    (record) =>
      !(
        (record.kind === 'order-placed' && record.reduceOnly) ||
        (record.kind === 'order-filled' && exits.has(record.fill.order))
      ),
  );
};

/** Makes the last fill of an exit larger than what was held. */
const turnedOver: Plant = (records) => {
  const at = records.findLastIndex(
    (record) => record.kind === 'order-filled' && entryOf(records, record.fill.order) === undefined,
  );
  return records.map((record, index) =>
    index === at && record.kind === 'order-filled'
      ? { ...record, fill: { ...record.fill, lots: (record.fill.lots + 500) as typeof record.fill.lots } }
      : record,
  );
};

/** Forgets every fill that bought a sold leg back. */
const neverBoughtBack: Plant = (records) => {
  const buybacks = new Set(
    records.flatMap((record) =>
      record.kind === 'order-placed' && record.reduceOnly && record.side === 'BUY' ? [record.order] : [],
    ),
  );
  return records.filter((record) => record.kind !== 'order-filled' || !buybacks.has(record.fill.order));
};

const untold: Plant = (records) => {
  const at = records.findIndex(({ kind }) => kind === 'lots-added');
  return records.filter((_, index) => index !== at);
};

function entryOf(records: readonly JournalRecord[], order: number): JournalRecord | undefined {
  return records.find((record) => record.kind === 'order-placed' && record.order === order && !record.reduceOnly);
}
