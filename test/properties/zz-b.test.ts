import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../engine/journal.ts';
import type { EpochMs } from '../../engine/model/time.ts';
import type { RmsSettings } from '../../engine/risk/rms-settings.ts';
import { istTime } from '../../engine/strategy.ts';
import { anyMarket, anyScript } from '../support/any-script.ts';
import { AUDIT_RULES, audit } from '../support/journal-audit.ts';
import type { ScriptedRun } from '../support/scripted-run.ts';
import { moneyBySql, moneyOf, playScripts } from '../support/scripted-run.ts';
import { cases, isSoak } from '../support/soak.ts';

const numRuns = cases({ ci: 1200, soak: 3_000 });
const timeout = isSoak ? 1_800_000 : 900_000;
const anyPace = fc.constantFrom('free' as const, 'limited' as const);

/** Limits tight enough to deny, to halt and to flatten. */
const anyRisk: fc.Arbitrary<Partial<RmsSettings>> = fc.constantFrom<Partial<RmsSettings>>(
  {},
  { lossPerDayMax: 1_500_000 },
  { perSegment: { lossPerDayMax: 300_000 }, lossPlannedCounts: 'new-and-open' },
  { rmsMode: 'shrinking', lossPerDayMax: 900_000, exitPnl: 400_000, rollingProfit: 100_000 },
  { trailFromPeak: 300_000, structuresPerDayAccountMax: 6, structuresOpenPerRightMax: 1, lossesInARowMax: 3 },
  { profitPerDayTarget: 100_000, profitTargetAct: 'flatten' },
  { profitLockFrom: 50_000, profitLockShare: 0.5, structuresOpenAccountMax: 2 },
  { lotsPerOrderMax: 2, structuresPerDayMax: 5, entryTo: istTime('13:00') },
);

describe('random scripts on random days', { timeout }, () => {
  test('one agent breaks no rule, and fills and candles give its money to the paisa at every minute', async () => {
    await fc.assert(
      fc.asyncProperty(anyMarket, anyScript, anyPace, async (shape, script, pace) => {
        await holds({ shape, scripts: [script], pace });
      }),
      { numRuns },
    );
  });

  test('an order that is due at the very end of a minute meets that minute, not the next', async () => {
    const guard = {
      name: 'g0',
      act: 'stop',
      basis: 'leg',
      distance: { pct: 3 },
      closes: 'structure',
      evaluate: 'close',
    } as const;
    const legs = [
      { offset: 0, right: 'PE', side: 'SELL', lots: 1 },
      { offset: 0, right: 'CE', side: 'SELL', lots: 50 },
      { offset: 2, right: 'PE', side: 'SELL', lots: 1 },
    ] as const;
    const script = {
      name: 'scripted',
      entries: [{ legs, guards: [guard], reentries: 0, squareOffAt: istTime('15:10') }],
    };
    const shape = {
      seed: 313_376,
      date: '2026-05-06',
      underlying: 'NIFTY',
      strikesEachSide: 2,
      volume: 'mixed',
    } as const;
    const nothingMissing = { missingPct: 0, indexMissingPct: 0, jumpPct: 0, wildPct: 0 };
    const scripts = [{ ...script, every: 1, until: istTime('15:10'), openMax: 1 }];
    await holds({ shape: { ...shape, ...nothingMissing }, scripts, pace: 'free' });
  });

  test('two agents on one index share its volume and the limits of one account, and break no rule', async () => {
    await fc.assert(
      fc.asyncProperty(anyMarket, anyScript, anyScript, anyRisk, async (shape, script, other, risk) => {
        await holds({ shape, scripts: [script, { ...other, name: 'other' }], pace: 'limited', risk });
      }),
      { numRuns: Math.ceil(numRuns / 3) },
    );
  });
});

async function holds(run: ScriptedRun): Promise<void> {
  const { played, day } = playScripts(run);
  const { records, money, kernel } = played;
  expect([...kernel.quarantined]).toEqual([]);
  expect(audit({ records, days: [day], pace: run.pace })).toEqual([]);
  for (const [index, agent] of money.agents.entries()) {
    const rows = moneyOf(played, index);
    expect(rows.length).toBe(day.starts.length);
    const minutes = rows.map(({ ts }) => ts);
    expect(await moneyBySql(records, day, { agent, minutes })).toEqual(rows);
  }
}

/** A day with many kinds of records, on which faults are planted. */
const planted = (): ScriptedRun => ({
  shape: {
    seed: 11,
    date: '2025-01-02',
    underlying: 'NIFTY',
    strikesEachSide: 3,
    missingPct: 5,
    indexMissingPct: 5,
    jumpPct: 5,
    wildPct: 10,
    volume: 'mixed',
  },
  scripts: fc.sample(anyScript, { seed: 3, numRuns: 12 }).map((script, at) => ({ ...script, name: `script-${at}` })),
  pace: 'free',
});

describe('a planted fault', { timeout }, () => {
  const { played, day } = playScripts(planted());
  const { records } = played;
  const clean = audit({ records, days: [day], pace: 'free' });

  test('is looked for in a journal that has none', () => {
    expect(clean).toEqual([]);
    expect(new Set(records.map(({ kind }) => kind)).size).toBeGreaterThan(15);
  });

  test.for(plantings())('is found by its rule: %s', ([rule, plant]) => {
    const faulty = plant(records);
    expect(faulty.length !== records.length || faulty.some((record, index) => record !== records[index])).toBe(true);
    expect(AUDIT_RULES[rule]?.({ records: faulty, days: [day], pace: 'free' })).not.toEqual([]);
  });

  test('of one paisa in one fill is found by the second method of equity, from its minute on', async () => {
    const fills = records.flatMap((record, index) => (record.kind === 'order-filled' ? [index] : []));
    const at = fills[Math.floor(fills.length / 2)] ?? 0;
    const faulty = changed(records, at, (record) =>
      record.kind === 'order-filled'
        ? { ...record, fill: { ...record.fill, price: (record.fill.price + 1) as never } }
        : record,
    );
    const fill = records[at];
    const order = records.find(
      (each) => each.kind === 'order-placed' && fill?.kind === 'order-filled' && each.order === fill.fill.order,
    );
    const agent = order?.kind === 'order-placed' ? order.agent : '';
    const rows = moneyOf(played, played.money.agents.indexOf(agent as never));
    const wrong = await moneyBySql(faulty, day, { agent, minutes: rows.map(({ ts }) => ts) });
    const differing = rows.filter(({ gross }, index) => gross !== wrong[index]?.gross).map(({ ts }) => ts);
    const since = rows.filter(({ ts }) => ts >= (fill?.ts ?? 0)).map(({ ts }) => ts);
    expect(differing).toEqual(since);
  });
});

type Plant = (records: readonly JournalRecord[]) => readonly JournalRecord[];

function plantings(): readonly (readonly [string, Plant])[] {
  return [
    ['every order has one verdict and nothing happens to a denied one', without('verdict')],
    ['every order has one verdict and nothing happens to a denied one', denyOne],
    ['every order ends exactly once', without('order-canceled')],
    ['every order ends exactly once', twice('order-canceled')],
    ['no fill happens before its order arrives', moveFill({ ts: -1_000_000 })],
    ['every fill lies in its minute', moveFill({ price: 1_000_000 })],
    ['no order that reduces is denied, and none turns a leg over', denyOne],
    ['no order that reduces is denied, and none turns a leg over', moveLastFill({ lots: 1_000 })],
    ['legs, structures and days add up', moveFill({ price: 5 })],
    ['legs, structures and days add up', without('leg-closed')],
    ['charges and rounding are the contract note', moveFill({ charges: 1 })],
    ['no short leg stands without a stop', withoutStop],
    ['no leg is entered once it is being left', enteredLate],
    ['lots beyond the entry are told as additions', without('lots-added')],
    ['no minute gives more than a tenth of its volume', moveCounted({ lots: 100_000 })],
    ['no trail loosens', loosened],
    ['everything is flat at the end of its day', without('leg-closed')],
    ['everything is flat at the end of its day', moveFill({ lots: 1 })],
  ];
}

function changed(
  records: readonly JournalRecord[],
  at: number,
  change: (record: JournalRecord) => JournalRecord,
): readonly JournalRecord[] {
  return records.map((record, index) => (index === at ? change(record) : record));
}

function without(kind: JournalRecord['kind']): Plant {
  return (records) => {
    const at = records.findIndex((record) => record.kind === kind);
    return records.filter((_, index) => index !== at);
  };
}

function twice(kind: JournalRecord['kind']): Plant {
  return (records) => records.flatMap((record) => (record.kind === kind ? [record, record] : [record]));
}

/** Denies the first order that reduces. */
const denyOne: Plant = (records) => {
  const order = records.find((record) => record.kind === 'order-placed' && record.reduceOnly);
  const id = order?.kind === 'order-placed' ? order.order : undefined;
  const at = records.findIndex((record) => record.kind === 'verdict' && record.order === id);
  return changed(records, at, (record) => ({ ...record, approved: false }) as JournalRecord);
};

interface FillChange {
  readonly ts?: number;
  readonly price?: number;
  readonly lots?: number;
  readonly charges?: number;
}

function moveFill(by: FillChange): Plant {
  return (records) =>
    moveFillAt(
      records,
      records.findIndex(({ kind }) => kind === 'order-filled'),
      by,
    );
}

/** The last fill of a flat day closes something. */
function moveLastFill(by: FillChange): Plant {
  return (records) =>
    moveFillAt(
      records,
      records.findLastIndex(({ kind }) => kind === 'order-filled'),
      by,
    );
}

function moveFillAt(records: readonly JournalRecord[], at: number, by: FillChange): readonly JournalRecord[] {
  return changed(records, at, (record) => {
    if (record.kind !== 'order-filled') return record;
    const { fill } = record;
    return {
      ...record,
      fill: {
        ...fill,
        tsExchange: (fill.tsExchange + (by.ts ?? 0)) as EpochMs,
        price: (fill.price + (by.price ?? 0)) as typeof fill.price,
        lots: (fill.lots + (by.lots ?? 0)) as typeof fill.lots,
        charges: { ...fill.charges, total: (fill.charges.total + (by.charges ?? 0)) as typeof fill.charges.total },
      },
    };
  });
}

/** Changes the first fill of a minute whose volume is known. */
function moveCounted(by: FillChange): Plant {
  return (records) => {
    const at = records.findIndex((record) => record.kind === 'order-filled' && record.fill.grade === 'traded');
    return moveFillAt(records, at, by);
  };
}

/** Drops the first resting stop that a venue accepted. */
const withoutStop: Plant = (records) => {
  const stop = records.find((record) => record.kind === 'order-placed' && record.purpose === 'protection');
  const id = stop?.kind === 'order-placed' ? stop.order : undefined;
  return records.filter((record) => record.kind !== 'order-accepted' || record.order !== id);
};

/** Moves a leg's first entry behind its end. */
const enteredLate: Plant = (records) => {
  const entry = records.find((record) => record.kind === 'order-placed' && !record.reduceOnly);
  const id = entry?.kind === 'order-placed' ? entry.order : undefined;
  const at = records.findIndex((record) => record.kind === 'order-filled' && record.fill.order === id);
  return moveFillAt(records, at, { ts: 18_000_000 });
};

/** Puts the last level of a trail back to where it began, and beyond. */
const loosened: Plant = (records) => {
  const at = records.findLastIndex((record) => record.kind === 'guard-moved' && record.act === 'trail');
  const moved = records[at];
  if (moved?.kind !== 'guard-moved') return records;
  const first = records.find((record) => {
    return (
      record.kind === 'guard-set' &&
      record.structure === moved.structure &&
      record.guard === moved.guard &&
      record.leg === moved.leg
    );
  });
  const from = first?.kind === 'guard-set' ? (first.level ?? 0) : 0;
  const level = from + (from - (moved.level ?? 0));
  return [...records.slice(0, at + 1), { ...moved, level }, ...records.slice(at + 1)];
};
