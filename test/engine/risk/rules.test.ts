import { describe, expect, test } from 'vitest';
import { istTime } from '../../../engine/model/time.ts';
import { lots, paise } from '../../../engine/model/units.ts';
import { RMS_RULES } from '../../../engine/risk/rules.ts';
import {
  clock,
  money,
  opened,
  order,
  reasonOf,
  request,
  rs,
  SENSEX,
  STRADDLE,
  STRANGLE,
  unbounded,
  view,
  words,
} from './account.ts';

const PASSED = ['approved'];

test('without limits an entry in the middle of the day is approved, even with an unbounded loss', () => {
  expect(words(opened(), unbounded(), view())).toEqual(PASSED);
});

test('each rule has a name of its own, and the rules for any order are asked first', () => {
  expect(new Set(RMS_RULES.map(({ name }) => name)).size).toBe(RMS_RULES.length);
  expect(RMS_RULES.filter(({ applies }) => applies === 'always').map(({ name }) => name)).toEqual([
    'lot-size',
    'tick',
    'freeze',
  ]);
  expect(RMS_RULES.findIndex(({ applies }) => applies === 'entry')).toBe(3);
});

test('each order gets a verdict of its own', () => {
  const orders = [order(), order({ lots: lots(25) }), order({ lots: lots(24) })];
  expect(words(opened(), request(orders), view())).toEqual(['approved', 'freeze limit 24 value 25', 'approved']);
});

describe('lot, tick and freeze', () => {
  test('an order with another lot size than the contract has today is denied', () => {
    expect(words(opened(), request([order({ lotSize: 50 })]), view())).toEqual(['lot-size limit 75 value 50']);
    expect(reasonOf(opened(), request([order({ lotSize: 50 })]), view())).toBe(
      'a lot of NIFTY 2025-01-02 23500 CE holds 75 units today, the order has 50',
    );
  });

  test('a price off the tick, at zero or under it is denied', () => {
    const limit = (price: number) => request([order({ terms: { kind: 'LIMIT', price: paise(price) } })]);
    expect(words(opened(), limit(10_005), view())).toEqual(PASSED);
    expect(words(opened(), limit(10_003), view())).toEqual(['tick limit 5 value 10003']);
    expect(words(opened(), limit(0), view())).toEqual(['tick limit 5 value 0']);
    expect(words(opened(), limit(-5), view())).toEqual(['tick limit 5 value -5']);
  });

  test('a stop-limit order needs both its prices on the tick', () => {
    const stop = (trigger: number, price: number) =>
      request([order({ terms: { kind: 'STOP_LIMIT', trigger: paise(trigger), price: paise(price) } })]);
    expect(words(opened(), stop(9_000, 8_500), view())).toEqual(PASSED);
    expect(words(opened(), stop(9_001, 8_500), view())).toEqual(['tick limit 5 value 9001']);
    expect(words(opened(), stop(9_000, 8_501), view())).toEqual(['tick limit 5 value 8501']);
  });

  test('what the dated tables do not say is not compared', () => {
    const silent = view({ limitsOf: () => ({ lotSize: undefined, lotsPerOrderMax: undefined }) });
    expect(words(opened(), request([order({ lots: lots(500), lotSize: 40 })]), silent)).toEqual(PASSED);
  });
});

describe('trading window', () => {
  const settings = { entryFrom: istTime('09:20'), entryTo: istTime('15:00') };

  test('lets the first and the last minute through and nothing before or after', () => {
    const rms = opened(settings);
    expect(words(rms, request(), view({ time: '09:19:59.999' }))).toEqual(['trading-window limit 560 value 559']);
    expect(words(rms, request(), view({ time: '09:20:00' }))).toEqual(PASSED);
    expect(words(rms, request(), view({ time: '15:00:59.999' }))).toEqual(PASSED);
    expect(words(rms, request(), view({ time: '15:01:00' }))).toEqual(['trading-window limit 900 value 901']);
    expect(reasonOf(rms, request(), view({ time: '15:01:00' }))).toBe('entries end with the minute 15:00, it is 15:01');
  });

  test('nobody enters before the open or between two windows of a Saturday', () => {
    const windows = [
      { open: clock('09:15'), close: clock('10:00') },
      { open: clock('11:30'), close: clock('12:30') },
    ];
    const saturday = (time: string) => view({ time, windows, closesAt: clock('12:30') });
    const rms = opened({}, saturday('09:15'));
    expect(words(rms, request(), saturday('09:14:59.999'))).toEqual(['trading-window limit undefined value 554']);
    expect(words(rms, request(), saturday('09:15:00'))).toEqual(PASSED);
    expect(words(rms, request(), saturday('09:59:59.999'))).toEqual(PASSED);
    expect(words(rms, request(), saturday('10:00:00'))).toEqual(['trading-window limit undefined value 600']);
    expect(words(rms, request(), saturday('11:30:00'))).toEqual(PASSED);
    expect(reasonOf(rms, request(), saturday('10:00:00'))).toBe(
      'the market trades 09:15 to 10:00 and 11:30 to 12:30 today, it is 10:00',
    );
  });
});

describe('square-off', () => {
  test('the last five minutes before square-off take no entry, ten minutes before the close by default', () => {
    const rms = opened();
    expect(words(rms, request(), view({ time: '15:14:59.999' }))).toEqual(PASSED);
    expect(words(rms, request(), view({ time: '15:15:00' }))).toEqual(['square-off limit 915 value 915']);
    expect(reasonOf(rms, request(), view({ time: '15:25:01' }))).toBe(
      'nothing is entered from 15:15, 5 minutes before the square-off at 15:20, it is 15:25',
    );
  });

  test('a set time counts where it is the earlier one', () => {
    const rms = opened({ squareOffAt: istTime('15:00'), squareOffQuietMs: 0 });
    expect(words(rms, request(), view({ time: '14:59:59.999' }))).toEqual(PASSED);
    expect(words(rms, request(), view({ time: '15:00:00' }))).toEqual(['square-off limit 900 value 900']);
  });

  test('an evening of Muhurat trading ends by its own close, not by the set time of ordinary days', () => {
    const evening = (time: string) =>
      view({ time, closesAt: clock('19:00'), windows: [{ open: clock('18:00'), close: clock('19:00') }] });
    const rms = opened({}, evening('18:00'));
    expect(words(rms, request(), evening('18:44:59.999'))).toEqual(PASSED);
    expect(words(rms, request(), evening('18:45:00'))).toEqual(['square-off limit 1125 value 1125']);
  });
});

describe('lots', () => {
  test('an order may have the most and not one lot more', () => {
    const rms = opened({ lotsPerOrderMax: 10 });
    expect(words(rms, request([order({ lots: lots(10) })]), view())).toEqual(PASSED);
    expect(words(rms, request([order({ lots: lots(11) })]), view())).toEqual(['lots-per-order limit 10 value 11']);
  });

  test('the legs of a structure are added up, orders that reduce are not', () => {
    const rms = opened({ lotsPerStructureMax: 4 });
    const legs = [order({ lots: lots(2) }), order({ lots: lots(2), leg: 'PE' })];
    expect(words(rms, request(legs), view())).toEqual(['approved', 'approved']);
    expect(words(rms, request([...legs, order({ lots: lots(1) })]), view())).toEqual([
      'lots-per-structure limit 4 value 5',
      'lots-per-structure limit 4 value 5',
      'lots-per-structure limit 4 value 5',
    ]);
    expect(words(rms, request([...legs, order({ lots: lots(9), reduceOnly: true })]), view())).toEqual([
      'approved',
      'approved',
      'approved',
    ]);
  });
});

describe('structures', () => {
  test('an agent opens as many a day as it may, each agent for itself', () => {
    const rms = opened({ structuresPerDayMax: 2 }, view({ agents: [money(STRADDLE), money(STRANGLE)] }));
    const at = (structuresToday: number) =>
      view({ agents: [money(STRADDLE, 0, { structuresToday }), money(STRANGLE, 0, { structuresToday: 9 })] });
    expect(words(rms, request(), at(1))).toEqual(PASSED);
    expect(words(rms, request(), at(2))).toEqual(['structures-per-day limit 2 value 3']);
  });

  test('an agent has as many open as it may, and so has the account', () => {
    const from = view({ agents: [money(STRADDLE), money(SENSEX)] });
    const at = (own: number, other: number) =>
      view({ agents: [money(STRADDLE, 0, { structuresOpen: own }), money(SENSEX, 0, { structuresOpen: other })] });
    const rms = opened({ structuresOpenMax: 2, structuresOpenAccountMax: 4 }, from);
    expect(words(rms, request(), at(1, 2))).toEqual(PASSED);
    expect(words(rms, request(), at(2, 0))).toEqual(['structures-open limit 2 value 3']);
    expect(words(rms, request(), at(1, 3))).toEqual(['structures-open-account limit 4 value 5']);
  });

  test('a limit of none lets nothing in', () => {
    expect(words(opened({ structuresOpenMax: 0 }), request(), view())).toEqual(['structures-open limit 0 value 1']);
  });
});

describe('day-loss cap', () => {
  const cap = { lossPerDayMax: rs(100_000) };

  test('what remains is the cap less the worst loss so far, as in the example of seed 000', () => {
    const rms = opened(cap);
    rms.onMarks(view({ agents: [money(STRADDLE, rs(-26_500))] }), { kind: 'minute' });
    const now = view({ agents: [money(STRADDLE, rs(-8_250))] });
    rms.onMarks(now, { kind: 'minute' });
    expect(rms.remainingOf('all')).toBe(rs(73_500));
    expect(words(rms, request([order()], rs(73_500)), now)).toEqual(PASSED);
    expect(words(rms, request([order()], rs(73_500) + 1), now)).toEqual(['loss-per-day limit 7350000 value 7350001']);
    expect(reasonOf(rms, request([order()], rs(80_000)), now)).toBe(
      "the planned loss of 80000.00 does not fit the 73500.00 rupees that remain of the day's cap of 100000.00 for the account after a worst loss of 26500.00",
    );
  });

  test('a structure without a planned loss does not fit any cap', () => {
    expect(words(opened(cap), unbounded(), view())).toEqual(['loss-per-day limit 10000000 value undefined']);
    expect(reasonOf(opened(cap), unbounded(), view())).toBe(
      "the planned loss is unbounded or unknown, so it cannot be seen to fit the 100000.00 rupees that remain of the day's cap of 100000.00 for the account",
    );
  });

  test('the loss at the review itself counts, though no mark has told of it', () => {
    const rms = opened(cap);
    const now = view({ agents: [money(STRADDLE, rs(-60_000))] });
    expect(words(rms, request([order()], rs(40_000)), now)).toEqual(PASSED);
    expect(words(rms, request([order()], rs(40_001)), now)).toEqual(['loss-per-day limit 4000000 value 4000100']);
    expect(words(rms, request([order()], rs(40_001)), view())).toEqual(['loss-per-day limit 4000000 value 4000100']);
  });

  test('with nothing left even a structure that plans to lose nothing is denied', () => {
    const rms = opened(cap);
    const now = view({ agents: [money(STRADDLE, rs(-100_000))] });
    expect(words(rms, request([order()], 0), now)).toEqual(['loss-per-day limit 0 value 0']);
  });

  test('a segment has its own cap and the account adds the segments up', () => {
    const from = view({ agents: [money(STRADDLE), money(STRANGLE), money(SENSEX)] });
    const rms = opened({ perSegment: { lossPerDayMax: rs(30_000) }, lossPerDayMax: rs(50_000) }, from);
    const now = view({
      agents: [money(STRADDLE, rs(-15_000)), money(STRANGLE, rs(-5_000)), money(SENSEX, rs(-12_000))],
    });
    expect(words(rms, request([order()], rs(10_000)), now)).toEqual(PASSED);
    expect(words(rms, request([order()], rs(10_001)), now)).toEqual([
      'loss-per-day-segment limit 1000000 value 1000100',
    ]);
    const sensex = order({ agent: SENSEX });
    expect(words(rms, request([sensex], rs(18_000)), now)).toEqual(PASSED);
    expect(words(rms, request([sensex], rs(18_001)), now)).toEqual([
      'loss-per-day-segment limit 1800000 value 1800100',
    ]);
    expect([rms.remainingOf('NIFTY'), rms.remainingOf('SENSEX'), rms.remainingOf('all')]).toEqual([
      rs(10_000),
      rs(18_000),
      rs(18_000),
    ]);
  });

  test('planned losses of open structures take their part where the setting says so', () => {
    const from = view({ agents: [money(STRADDLE), money(SENSEX)] });
    const now = view({ agents: [money(STRADDLE), money(SENSEX, 0, { plannedLossOpen: rs(70_000) })] });
    expect(words(opened(cap, from), request([order()], rs(30_001)), now)).toEqual(PASSED);
    const rms = opened({ ...cap, lossPlannedCounts: 'new-and-open' }, from);
    expect(words(rms, request([order()], rs(30_000)), now)).toEqual(PASSED);
    expect(words(rms, request([order()], rs(30_001)), now)).toEqual(['loss-per-day limit 10000000 value 10000100']);
    const bare = view({ agents: [money(STRADDLE), money(SENSEX, 0, { plannedLossOpen: undefined })] });
    expect(words(rms, request(), bare)).toEqual(['loss-per-day limit 10000000 value undefined']);
  });
});

test('entries end at the profit target', () => {
  const rms = opened({ profitPerDayTarget: rs(20_000) });
  expect(words(rms, request(), view({ agents: [money(STRADDLE, rs(20_000) - 1)] }))).toEqual(PASSED);
  expect(words(rms, request(), view({ agents: [money(STRADDLE, rs(20_000))] }))).toEqual([
    'profit-target limit 2000000 value 2000000',
  ]);
});
