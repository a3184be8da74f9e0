import { describe, expect, test } from 'vitest';
import type { Order } from '../../../engine/model/order.ts';
import { lots } from '../../../engine/model/units.ts';
import type { EntryRequest } from '../../../engine/model/verdict.ts';
import type { AgentMoney } from '../../../engine/risk/risk-view.ts';
import type { RmsSettings } from '../../../engine/risk/rms-settings.ts';
import { money, opened, order, reasonOf, request, SENSEX, STRADDLE, STRANGLE, TODAY, view, words } from './account.ts';

/** What the first order of three agents is told: `own` of the one that asks, `other` on its segment, `far` elsewhere. */
function asked(
  settings: Partial<RmsSettings>,
  counts: { own?: Partial<AgentMoney>; other?: Partial<AgentMoney>; far?: Partial<AgentMoney> },
  wanted: EntryRequest = request(),
): string | undefined {
  const { own, other, far } = counts;
  const now = view({ agents: [money(STRADDLE, 0, own), money(STRANGLE, 0, other), money(SENSEX, 0, far)] });
  return words(opened(settings, now), wanted, now)[0];
}

const rights = (ce: number, pe: number): Partial<AgentMoney> => ({
  structuresOpen: ce + pe,
  structuresOpenOf: (right) => (right === 'CE' ? ce : pe),
});
const named = (count: number): Partial<AgentMoney> => ({
  structuresOpenNamed: (name) => (name === 'entry' ? count : 99),
});

test('structures a day of the account are those of all agents together', () => {
  const limit = { structuresPerDayAccountMax: 6 };
  const opened = (own: number) => ({
    own: { structuresToday: own },
    other: { structuresToday: 2 },
    far: { structuresToday: 1 },
  });
  expect(asked(limit, opened(2))).toBe('approved');
  expect(asked(limit, opened(3))).toBe('structures-per-day-account limit 6 value 7');
});

test('structures open on a segment are those of its agents', () => {
  const limit = { structuresOpenSegmentMax: 3 };
  const open = (own: number) => ({ own: { structuresOpen: own }, other: { structuresOpen: 1 }, far: rights(9, 9) });
  expect(asked(limit, open(1))).toBe('approved');
  expect(asked(limit, open(2))).toBe('structures-open-segment limit 3 value 4');
  const now = view({ agents: [money(STRADDLE, 0, { structuresOpen: 3 })] });
  expect(reasonOf(opened(limit, now), request(), now)).toBe('NIFTY may have 3 structures open, this is number 4');
});

describe('structures open of one right', () => {
  const put = { ...order(), instrument: { ...order().instrument, right: 'PE' } } as Order;

  test('are counted over all agents by the right of the first leg', () => {
    const limit = { structuresOpenPerRightMax: 3 };
    expect(asked(limit, { own: rights(1, 9), far: rights(1, 0) })).toBe('approved');
    expect(asked(limit, { own: rights(1, 9), far: rights(2, 0) })).toBe('structures-open-right limit 3 value 4');
    const two = request([order(), put]);
    expect(asked(limit, { own: rights(0, 3) }, two)).toBe('approved');
    expect(asked(limit, { own: rights(0, 3) }, request([put, order()]))).toBe('structures-open-right limit 3 value 4');
  });

  test('are counted for an agent alone where its strategy says so: five in all, three a right', () => {
    const limits = { structuresOpenMax: 5, structuresOpenPerRightMax: 3 };
    const own = (ce: number, pe: number) => ({ own: { ...rights(ce, pe), limits }, other: rights(9, 9) });
    expect(asked({}, own(2, 2))).toBe('approved');
    expect(asked({}, own(3, 1))).toBe('structures-open-agent-right limit 3 value 4');
    expect(asked({}, own(3, 1), request([put]))).toBe('approved');
    expect(asked({}, own(2, 3))).toBe('structures-open limit 5 value 6');
  });

  test('may be limited apart for calls and puts of an agent, beside the limit of both', () => {
    const limits = { structuresOpenCallsMax: 3, structuresOpenPutsMax: 1 };
    const own = (ce: number, pe: number, more = {}) => ({ own: { ...rights(ce, pe), limits: { ...limits, ...more } } });
    expect(asked({}, own(2, 1))).toBe('approved');
    expect(asked({}, own(3, 0))).toBe('structures-open-agent-right limit 3 value 4');
    expect(asked({}, own(3, 0), request([put]))).toBe('approved');
    expect(asked({}, own(0, 1), request([put]))).toBe('structures-open-agent-right limit 1 value 2');
    expect(asked({}, own(2, 0, { structuresOpenPerRightMax: 2 }))).toBe('structures-open-agent-right limit 2 value 3');
  });

  test('do not hold for a structure that begins with a future', () => {
    const instrument = { kind: 'future', underlying: 'NIFTY', expiry: TODAY } as const;
    expect(asked({ structuresOpenPerRightMax: 1 }, { own: rights(5, 5) }, request([order({ instrument })]))).toBe(
      'approved',
    );
  });
});

test('structures open of one name are counted over all agents', () => {
  const limit = { structuresOpenPerNameMax: 2 };
  const wanted = { ...request(), name: 'entry' };
  expect(asked(limit, { own: named(1) }, wanted)).toBe('approved');
  expect(asked(limit, { own: named(1), far: named(1) }, wanted)).toBe('structures-open-name limit 2 value 3');
});

test('the tighter of the account and the agent counts for structures a day', () => {
  const of = (limit: number) => ({ own: { structuresToday: 3, limits: { structuresPerDayMax: limit } } });
  expect(asked({ structuresPerDayMax: 5 }, of(4))).toBe('approved');
  expect(asked({ structuresPerDayMax: 5 }, of(3))).toBe('structures-per-day limit 3 value 4');
  expect(asked({ structuresPerDayMax: 3 }, of(4))).toBe('structures-per-day limit 3 value 4');
});

test('lots of one leg are those of all its orders, and those that it holds', () => {
  const own = { limits: { lotsMax: 10 } };
  const slices = (count: number) => [
    order({ lots: lots(6) }),
    order({ lots: lots(count) }),
    order({ leg: 'PE', lots: lots(10) }),
  ];
  expect(asked({}, { own }, request(slices(4)))).toBe('approved');
  expect(asked({}, { own }, request(slices(5)))).toBe('lots-per-leg limit 10 value 11');
  const more = (held: number) => ({ ...request([order({ lots: lots(4) })]), addsToLots: held, addsToLeg: held });
  expect(asked({}, { own }, more(6))).toBe('approved');
  expect(asked({}, { own }, more(7))).toBe('lots-per-leg limit 10 value 11');
});

test('lots that are added to an open structure open none', () => {
  const limits = {
    structuresPerDayMax: 1,
    structuresPerDayAccountMax: 1,
    structuresOpenMax: 1,
    structuresOpenAccountMax: 1,
    structuresOpenSegmentMax: 1,
    structuresOpenPerRightMax: 1,
    structuresOpenPerNameMax: 1,
  };
  const own = { structuresToday: 1, ...rights(1, 0), limits: { structuresOpenPerRightMax: 1 } };
  expect(asked(limits, { own })).toBe('structures-per-day limit 1 value 2');
  expect(asked(limits, { own }, { ...request(), addsToLots: 1 })).toBe('approved');
});
