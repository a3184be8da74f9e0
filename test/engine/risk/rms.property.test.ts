import fc from 'fast-check';
import { expect, test } from 'vitest';
import { epochMs, istTime } from '../../../engine/model/time.ts';
import { lots, paise } from '../../../engine/model/units.ts';
import type { AgentRisk } from '../../../engine/risk/money-limits.ts';
import type { RiskAct, RiskView } from '../../../engine/risk/risk-view.ts';
import { Rms } from '../../../engine/risk/rms.ts';
import type { RmsSettings } from '../../../engine/risk/rms-settings.ts';
import type { Standing } from '../../../engine/risk/standing.ts';
import { cases } from '../../support/soak.ts';
import { clock, money, opened, order, rs, SENSEX, STRADDLE, STRANGLE, view } from './account.ts';

const numRuns = cases({ ci: 300, soak: 20_000 });
const AGENTS = [STRADDLE, STRANGLE, SENSEX] as const;

const anyMoney = fc.integer({ min: rs(-50_000), max: rs(50_000) });
const anyCap = fc.option(fc.integer({ min: 1, max: rs(30_000) }), { nil: undefined });
const anyCount = fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined });
const anyStreak = fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined });
const anyR = fc.option(fc.double({ min: 0.1, max: 10, noNaN: true }), { nil: undefined });
const anyTime = fc.option(fc.constantFrom('09:15', '09:20', '12:00', '15:00', '15:29').map(istTime), {
  nil: undefined,
});

const anySettings: fc.Arbitrary<RmsSettings> = fc
  .record({
    lossPerDayMax: anyCap,
    lossPerDayPct: fc.constantFrom(undefined, 0.01, 3),
    perSegment: fc.record({
      lossPerDayMax: anyCap,
      exitPnl: anyCap,
      rollingProfit: anyCap,
      profitPerDayTarget: anyCap,
      trailFromPeak: anyCap,
      lossesInARowMax: anyStreak,
    }),
    rmsMode: fc.constantFrom('hard', 'shrinking'),
    rollingArm: fc.boolean(),
    exitPnl: anyCap,
    rollingProfit: anyCap,
    trailFromPeak: anyCap,
    rLossPerDayMax: anyR,
    rProfitPerDayTarget: anyR,
    lossesInARowMax: anyStreak,
    standing: fc.record({ drawdownRMax: anyR, lossesInARowMax: anyStreak, slipMax: anyCap }),
    lossPlannedCounts: fc.constantFrom('new', 'new-and-open'),
    profitPerDayTarget: anyCap,
    profitTargetAct: fc.constantFrom('halt', 'flatten'),
    profitLockFrom: anyCap,
    profitLockShare: fc.constantFrom(0, 0.25, 0.5, 0.9),
    structuresPerDayMax: anyCount,
    structuresOpenMax: anyCount,
    structuresPerDayAccountMax: anyCount,
    structuresOpenAccountMax: anyCount,
    structuresOpenSegmentMax: anyCount,
    structuresOpenPerRightMax: anyCount,
    structuresOpenPerNameMax: anyCount,
    lotsPerOrderMax: anyCount,
    lotsPerStructureMax: anyCount,
    entryFrom: anyTime,
    entryTo: anyTime,
    squareOffAt: anyTime,
    squareOffBeforeEndMs: fc.constantFrom(0, 600_000, 40_000_000),
    squareOffQuietMs: fc.constantFrom(0, 300_000),
    marksApartMs: fc.constantFrom(0, 1_000),
    capital: fc.constantFrom(paise(1), paise(rs(1_000_000))),
    marginUseMax: fc.constantFrom(undefined, 0.01, 0.9, 1),
  })
  .map(({ entryFrom, entryTo, ...rest }) => {
    const crossed = entryFrom !== undefined && entryTo !== undefined && entryFrom > entryTo;
    return crossed ? { ...rest, entryFrom: entryTo, entryTo: entryFrom } : { ...rest, entryFrom, entryTo };
  });

/** Limits that agents bring with them. */
const anyLimits: fc.Arbitrary<AgentRisk> = fc.record({
  lossPerDayMax: anyCap,
  lossPerDayPct: fc.constantFrom(undefined, 0.5, 100),
  exitPnl: anyCap,
  rollingProfit: anyCap,
  profitPerDayTarget: anyCap,
  profitTargetAct: fc.constantFrom(undefined, 'halt', 'flatten'),
  trailFromPeak: anyCap,
  rLossPerDayMax: anyR,
  rProfitPerDayTarget: anyR,
  lossesInARowMax: anyStreak,
  structuresPerDayMax: anyStreak,
  structuresOpenMax: anyStreak,
  structuresOpenPerRightMax: anyStreak,
  riskPerStructure: anyCap,
  lotsMax: anyStreak,
});

const anyMark = fc.record({
  gapMs: fc.integer({ min: 0, max: 90_000 }),
  kind: fc.constantFrom('quote' as const, 'minute' as const),
  nets: fc.tuple(anyMoney, anyMoney, anyMoney),
  rOpen: fc.double({ min: -8, max: 8, noNaN: true }),
  isFlat: fc.boolean(),
  closed: fc.option(fc.record({ net: anyMoney, r: fc.double({ min: -3, max: 3, noNaN: true }) })),
});
type AnyMark = typeof anyMark extends fc.Arbitrary<infer Mark> ? Mark : never;

const anyMarks = fc.array(anyMark, { maxLength: 60 });
const anyCommand = fc.tuple(
  fc.constantFrom('halt' as const, 'resume' as const, 'flatten' as const, 'exit-positions' as const),
  fc.constantFrom('all', 'NIFTY', 'SENSEX', STRADDLE, 'nobody'),
);

/** The views that marks make, one after another, from 09:15 on. */
function viewsOf(
  marks: readonly (Pick<AnyMark, 'gapMs' | 'nets'> & Partial<AnyMark>)[],
  limits: AgentRisk = {},
): readonly RiskView[] {
  let now: number = clock('09:15');
  return marks.map(({ gapMs, nets, rOpen = 0, isFlat = false }) => {
    now += gapMs;
    const rest = { structuresToday: 9, structuresOpen: 9, plannedLossOpen: undefined, limits, rOpen, isFlat };
    const agents = AGENTS.map((agent, index) => money(agent, nets[index], rest));
    return view({ agents, now: epochMs(now) });
  });
}

const atOpen = view({ agents: AGENTS.map((agent) => money(agent)) });

/** An RMS whose day is open, some of its agents with limits of their own and a bad past. */
function openedWith(settings: RmsSettings, limits: AgentRisk): Rms {
  const agents = AGENTS.map((agent) => money(agent, 0, { limits: agent === STRADDLE ? limits : {} }));
  const rms = new Rms({ settings, standings: new Map([[STRANGLE, BAD_PAST]]) });
  rms.openDay({ ...atOpen, agents });
  return rms;
}

const BAD_PAST: Standing = {
  structures: 3,
  wins: 0,
  lossesInARow: 3,
  drawdown: rs(9_000),
  drawdownR: 3,
  rOfDays: [-3],
  slip: 500,
  filledPct: 40,
};

/** Plays marks with the structures that closed between them. */
function playMarks(rms: Rms, marks: readonly AnyMark[], each: (acts: readonly RiskAct[]) => void = () => undefined) {
  const views = viewsOf(marks);
  views.forEach((seen, index) => {
    const { kind = 'quote', closed } = marks[index] ?? {};
    if (closed) rms.noteClosed({ agent: AGENTS[index % AGENTS.length] ?? STRADDLE, ...closed });
    each(rms.onMarks(seen, { kind }));
  });
  return views.at(-1) ?? atOpen;
}

test('no settings, halt, hour or loss denies an order that only reduces', () => {
  const anyExit = fc.record({
    agent: fc.constantFrom(...AGENTS),
    lots: fc.integer({ min: 1, max: 5_000 }).map(lots),
    lotSize: fc.constantFrom(15, 75),
    price: fc.integer({ min: -10, max: 20_000 }),
    purpose: fc.constantFrom('exit' as const, 'protection' as const),
  });
  fc.assert(
    fc.property(
      fc.tuple(anySettings, anyLimits),
      anyMarks,
      fc.array(anyCommand, { maxLength: 4 }),
      anyExit,
      ([settings, limits], marks, words, exit) => {
        const rms = openedWith(settings, limits);
        for (const [command, scope] of words) rms.command(command, scope);
        const last = playMarks(rms, marks);
        const { price, ...parts } = exit;
        const leaving = order({ ...parts, reduceOnly: true, terms: { kind: 'LIMIT', price: paise(price) } });
        const shut = { ...last, windows: [] };
        const [first, second] = rms.review(
          { agent: leaving.agent, orders: [leaving, order({ agent: exit.agent })], plannedLoss: undefined },
          shut,
        );
        expect(first).toEqual({ kind: 'approved' });
        expect(second?.kind).toBe('denied');
        expect(rms.reviewExit(leaving)).toEqual({ kind: 'approved' });
      },
    ),
    { numRuns },
  );
});

test('what remains of a cap never rises within a day', () => {
  const settings = { lossPerDayMax: rs(30_000), perSegment: { lossPerDayMax: rs(20_000) } };
  fc.assert(
    fc.property(anyMarks, (marks) => {
      const rms = opened(settings, atOpen);
      let before = [rs(30_000), rs(20_000), rs(20_000)];
      viewsOf(marks).forEach((seen, index) => {
        rms.onMarks(seen, { kind: marks[index]?.kind ?? 'quote' });
        const now = (['all', 'NIFTY', 'SENSEX'] as const).map((scope) => rms.remainingOf(scope) ?? -1);
        now.forEach((left, place) => {
          expect(left).toBeGreaterThanOrEqual(0);
          expect(left).toBeLessThanOrEqual(before[place] ?? 0);
        });
        before = now;
      });
    }),
    { numRuns },
  );
});

/** The same rule, told from the list of all marks so far instead of mark by mark. */
function isProven(
  marks: readonly { readonly now: number; readonly kind: string; readonly net: number }[],
  cap: number,
) {
  const last = marks.at(-1);
  if (last === undefined || last.net > -cap) return false;
  if (last.kind === 'minute') return true;
  const backwards = [...marks].reverse();
  const recovered = backwards.findIndex(({ net }) => net > -cap);
  const streak = recovered < 0 ? backwards : backwards.slice(0, recovered);
  return streak.some(({ now }) => last.now - now >= 1_000);
}

test('a cap trips exactly when two marks a second apart or a minute close prove it, and only once', () => {
  const cap = rs(15_000);
  const closeMark = fc.record({
    gapMs: fc.constantFrom(0, 1, 400, 600, 999, 1_000, 5_000),
    kind: fc.constantFrom('quote' as const, 'quote' as const, 'quote' as const, 'minute' as const),
    nets: fc.tuple(fc.constantFrom(-cap - 1, -cap, -cap + 1, 0), fc.constant(0), fc.constant(0)),
  });
  fc.assert(
    fc.property(fc.array(closeMark, { maxLength: 40 }), (marks) => {
      const rms = opened({ lossPerDayMax: cap }, atOpen);
      const told: { now: number; kind: string; net: number }[] = [];
      let tripped = false;
      viewsOf(marks).forEach((seen, index) => {
        const { kind, nets } = marks[index] ?? { kind: 'quote' as const, nets: [0] };
        told.push({ now: seen.now, kind, net: nets[0] });
        const acts = rms.onMarks(seen, { kind }).map(({ act, scope }) => `${act} ${scope}`);
        const due = !tripped && isProven(told, cap);
        expect(acts).toEqual(due ? ['halt all', 'flatten all'] : []);
        tripped ||= due;
        expect(rms.halted(SENSEX) !== undefined).toBe(tripped);
      });
    }),
    { numRuns },
  );
});

test('each scope is stopped at most once a day, whatever the settings, and nothing follows the stop of all', () => {
  fc.assert(
    fc.property(anySettings, anyLimits, anyMarks, (settings, limits, marks) => {
      const rms = openedWith(settings, limits);
      const flattened: string[] = [];
      playMarks(rms, marks, (acts) => {
        for (const { act, scope } of acts) {
          expect(flattened).not.toContain('all');
          if (scope === STRADDLE || scope === STRANGLE) expect(flattened).not.toContain('NIFTY');
          if (act === 'flatten') flattened.push(scope);
        }
      });
      expect(new Set(flattened).size).toBe(flattened.length);
    }),
    { numRuns },
  );
});
