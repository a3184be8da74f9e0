/** Arbitraries of random markets and of scripts that trade on them. */
import fc from 'fast-check';
import type { GuardSpec } from '../../engine/strategy.ts';
import { istTime } from '../../engine/strategy.ts';
import type { MarketShape } from './random-market.ts';
import type { Script, ScriptEntry, ScriptLeg } from './scripted-strategy.ts';

/** Days of several rule books: protected market orders since April 2026, BSE, expiry days among them. */
const DATES = [
  ['2021-06-11', 'NIFTY'],
  ['2021-06-17', 'NIFTY'],
  ['2023-04-10', 'BANKNIFTY'],
  ['2025-01-02', 'NIFTY'],
  ['2025-09-03', 'SENSEX'],
  ['2026-05-06', 'NIFTY'],
  ['2026-08-05', 'NIFTY'],
] as const;

export const anyMarket: fc.Arbitrary<MarketShape> = fc
  .record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    date: fc.constant(''),
    underlying: fc.constant('NIFTY' as const),
    strikesEachSide: fc.constantFrom(2, 3),
    missingPct: fc.constantFrom(0, 0, 10, 40),
    indexMissingPct: fc.constantFrom(0, 0, 15, 100),
    jumpPct: fc.constantFrom(0, 5, 30),
    wildPct: fc.constantFrom(0, 5, 30),
    volume: fc.constantFrom('unknown', 'deep', 'thin', 'mixed'),
  })
  .chain((shape) => fc.constantFrom(...DATES).map(([date, underlying]) => ({ ...shape, date, underlying })));

const anyPct = fc.constantFrom(3, 8, 20, 50);

function guard(name: string, spec: Omit<GuardSpec, 'name'>): GuardSpec {
  return { name, ...spec };
}

type AnyGuard = (index: number) => GuardSpec;

const anyPlainGuard: fc.Arbitrary<AnyGuard> = fc
  .record({
    kind: fc.constantFrom('leg', 'leg', 'leg', 'combined', 'underlying', 'money'),
    act: fc.constantFrom('stop', 'target', 'trail'),
    pct: anyPct,
    closes: fc.constantFrom('leg', 'structure'),
    evaluate: fc.constantFrom('touch', 'close', undefined),
    step: fc.constantFrom(undefined, 50, 200),
    direction: fc.constantFrom('up', 'down', 'both'),
  })
  .map(({ kind, act, pct, closes, evaluate, step, direction }) => (index) => {
    const optional = { ...(evaluate === undefined ? {} : { evaluate }), ...(step === undefined ? {} : { step }) };
    const name = `g${index}`;
    if (kind === 'leg') return guard(name, { act, basis: 'leg', distance: { pct }, closes, ...optional });
    if (kind === 'combined')
      return guard(name, { act, basis: 'combined', distance: { pct }, closes: 'structure', ...optional });
    if (kind === 'money')
      return guard(name, { act, basis: 'money', distance: { paise: pct * 10_000 }, closes: 'structure', ...optional });
    return guard(name, {
      act: 'stop',
      basis: 'underlying',
      distance: { paise: pct * 300 },
      closes: 'structure',
      direction,
      ...(evaluate === undefined ? {} : { evaluate }),
    });
  });

/** Stops and trails of a leg that the venue holds. */
const anyHeldGuard: fc.Arbitrary<AnyGuard> = fc
  .record({
    act: fc.constantFrom('stop', 'trail'),
    pct: anyPct,
    closes: fc.constantFrom('leg', 'structure'),
    room: fc.constantFrom(undefined, 5, 300),
    gain: fc.constantFrom(undefined, 1, 5, 15),
  })
  .map(({ act, pct, closes, room, gain }) => (index) => {
    const waits = act === 'trail' ? 'armsAfter' : 'toCostAfter';
    return guard(`g${index}`, {
      act,
      basis: 'leg',
      distance: { pct },
      closes,
      heldBy: 'venue',
      ...(room === undefined ? {} : { room }),
      ...(gain === undefined ? {} : { [waits]: { pct: gain } }),
    });
  });

/** Trails that sleep until there is a gain, and stops that go to cost after one, on everything that can be watched. */
const anyGainGuard: fc.Arbitrary<AnyGuard> = fc
  .record({
    basis: fc.constantFrom('leg', 'combined', 'underlying', 'money'),
    act: fc.constantFrom('stop', 'trail'),
    size: fc.constantFrom(300, 1_500, 5_000),
    gain: fc.constantFrom(100, 1_000, 4_000),
    evaluate: fc.constantFrom('touch', 'close'),
    direction: fc.constantFrom('up', 'down'),
  })
  .map(({ basis, act, size, gain, evaluate, direction }) => (index) => {
    const scale = basis === 'money' ? 50 : 1;
    const waits = act === 'trail' ? 'armsAfter' : 'toCostAfter';
    return guard(`g${index}`, {
      act,
      basis,
      distance: { paise: size * scale },
      closes: 'structure',
      evaluate,
      ...(basis === 'underlying' ? { direction } : {}),
      [waits]: { paise: gain * scale },
    });
  });

export const anyGuard: fc.Arbitrary<AnyGuard> = fc.oneof(
  { weight: 2, arbitrary: anyPlainGuard },
  { weight: 1, arbitrary: anyHeldGuard },
  { weight: 1, arbitrary: anyGainGuard },
);

const anyLeg: fc.Arbitrary<ScriptLeg> = fc
  .record({
    offset: fc.integer({ min: -2, max: 2 }),
    right: fc.constantFrom('CE', 'PE'),
    side: fc.constantFrom('SELL', 'SELL', 'BUY'),
    lots: fc.constantFrom(1, 1, 1, 2, 50),
    terms: fc.constantFrom('market', 'market', 'market', 'limit', 'trigger'),
    pct: fc.constantFrom(-10, -2, 0, 2, 10),
  })
  .map(({ terms, pct, ...leg }) => {
    if (terms === 'limit') return { ...leg, limitPct: pct };
    return terms === 'trigger' ? { ...leg, triggerPct: pct } : leg;
  });

const anyEntry: fc.Arbitrary<ScriptEntry> = fc
  .record({
    legs: fc.array(anyLeg, { minLength: 1, maxLength: 4 }),
    guards: fc.array(anyGuard, { maxLength: 4 }),
    squareOffAt: fc.constantFrom(undefined, '11:00', '14:45', '15:20'),
    exitAfter: fc.constantFrom(undefined, 3, 30),
    addEvery: fc.constantFrom(undefined, undefined, 1, 2, 9),
    addLots: fc.constantFrom(1, 3, 60),
    reentries: fc.constantFrom(0, 0, 2),
    onStop: fc.constantFrom(undefined, 'others-to-cost' as const, 'exit-all' as const),
  })
  .map(({ legs, guards, squareOffAt, exitAfter, addEvery, addLots, onStop, reentries }) => ({
    legs,
    guards: guards.map((make, index) => make(index)),
    reentries,
    squareOffAt: istTime(squareOffAt ?? '15:10'),
    ...(exitAfter === undefined ? {} : { exitAfter }),
    ...(addEvery === undefined ? {} : { addEvery, addLots }),
    ...(onStop === undefined ? {} : { onStop }),
  }));

export const anyScript: fc.Arbitrary<Script> = fc.record({
  name: fc.constantFrom('scripted'),
  entries: fc.array(anyEntry, { minLength: 1, maxLength: 3 }),
  every: fc.constantFrom(1, 3, 7, 30),
  until: fc.constantFrom('10:30', '14:00', '15:10').map(istTime),
  openMax: fc.constantFrom(1, 3),
});
