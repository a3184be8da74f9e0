import { describe, expect, test } from 'vitest';
import { paise } from '../../../engine/model/units.ts';
import type { AgentRisk } from '../../../engine/risk/money-limits.ts';
import { tighterOf } from '../../../engine/risk/money-limits.ts';
import { MONEY_RULES } from '../../../engine/risk/money-rules.ts';
import type { AgentMoney, RiskAct } from '../../../engine/risk/risk-view.ts';
import { Rms } from '../../../engine/risk/rms.ts';
import { defaultRmsSettings } from '../../../engine/risk/rms-settings.ts';
import {
  marginView,
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

/** Minute closes of one agent, each with its net in rupees and what else it stands at; the acts as `act scope rule`. */
function closes(rms: Rms, marks: readonly (readonly [net: number, rest?: Partial<AgentMoney>])[]): readonly string[] {
  return marks.map(([net, rest], index) => {
    const time = `10:${String(10 + index)}:01`;
    return told(rms.onMarks(view({ time, agents: [money(STRADDLE, rs(net), rest)] }), { kind: 'minute' }));
  });
}

function told(acts: readonly RiskAct[]): string {
  return acts.map(({ act, scope, rule }) => `${act} ${scope} ${rule}`).join(', ') || '-';
}

const stop = (rule: string, scope = 'all'): string => `halt ${scope} ${rule}, flatten ${scope} ${rule}`;
const HELD: Partial<AgentMoney> = { isFlat: false, isEngaged: true, structuresOpen: 1 };

test('limits of money are looked at in the order of the document, then the others', () => {
  expect(MONEY_RULES.map(({ name }) => name('account'))).toEqual([
    'loss-per-day',
    'exit-pnl',
    'rolling-profit',
    'profit-target',
    'trail-from-peak',
    'profit-lock',
    'r-loss-per-day',
    'r-profit-per-day',
  ]);
});

test('of several limits reached at once the first of the order acts, and it alone', () => {
  const all = { lossPerDayMax: rs(5_000), exitPnl: rs(5_000), trailFromPeak: rs(5_000), rLossPerDayMax: 1 };
  const at = (limits: Partial<typeof all>) => closes(opened(limits), [[-5_000, { rOpen: -1 }]]);
  expect(at(all)).toEqual([stop('loss-per-day')]);
  expect(at({ ...all, lossPerDayMax: rs(5_001) })).toEqual([stop('exit-pnl')]);
  expect(at({ trailFromPeak: rs(5_000), rLossPerDayMax: 1 })).toEqual([stop('trail-from-peak')]);
  expect(at({ rLossPerDayMax: 1 })).toEqual([stop('r-loss-per-day')]);
});

describe('the cap of the morning', () => {
  const capital = paise(rs(500_000));

  test('is a share of the capital that stands, rounded down to the paisa', () => {
    const cap = (netOfRun: number, pct: number) =>
      opened({ capital, lossPerDayPct: pct }, view({ margin: marginView({ netOfRun }) })).remainingOf('all');
    expect(cap(0, 2)).toBe(rs(10_000));
    expect(cap(rs(50_000), 2)).toBe(rs(11_000));
    // 2 % of 5,00,000.49 is 10,000.0098
    expect(cap(49, 2)).toBe(rs(10_000));
    expect(cap(50, 2)).toBe(rs(10_000.01));
    expect(cap(rs(-600_000), 2)).toBe(0);
  });

  test('trips on its last paisa', () => {
    const rms = () => opened({ capital, lossPerDayPct: 2 });
    expect(closes(rms(), [[-9_999.99], [-10_000]])).toEqual(['-', stop('loss-per-day')]);
  });

  test('is the smaller of the money and the share where both are set', () => {
    expect(opened({ capital, lossPerDayPct: 2, lossPerDayMax: rs(9_999) }).remainingOf('all')).toBe(rs(9_999));
    expect(opened({ capital, lossPerDayPct: 2, lossPerDayMax: rs(10_001) }).remainingOf('all')).toBe(rs(10_000));
  });

  test('is set anew each morning, from what the account came to', () => {
    const rms = opened({ capital, lossPerDayPct: 2 });
    rms.openDay(view({ margin: marginView({ netOfRun: rs(-100_000) }) }));
    expect(rms.caps).toEqual([{ scope: 'all', cap: rs(8_000), worst: 0, remaining: rs(8_000) }]);
  });

  test('stands for each scope with the worst loss and what that leaves of it', () => {
    const limits: AgentRisk = { lossPerDayMax: paise(rs(4_000)) };
    const agents = [money(STRADDLE, 0, { limits }), money(SENSEX)];
    const rms = opened({ lossPerDayMax: rs(100_000), perSegment: { lossPerDayMax: rs(50_000) } }, view({ agents }));
    // The document's console: a cap of 1,00,000, a worst of 26,500, 73,500 remain while the net stands at -8,250.
    const at = (net: number) => view({ agents: [money(STRADDLE, rs(-1_500), { limits }), money(SENSEX, rs(net))] });
    rms.onMarks(at(-25_000), { kind: 'minute' });
    rms.onMarks(at(-6_750), { kind: 'minute' });
    expect(rms.account.net).toBe(rs(-8_250));
    expect(rms.caps).toEqual([
      { scope: 'all', cap: rs(100_000), worst: rs(26_500), remaining: rs(73_500) },
      { scope: 'NIFTY', cap: rs(50_000), worst: rs(1_500), remaining: rs(48_500) },
      { scope: 'SENSEX', cap: rs(50_000), worst: rs(25_000), remaining: rs(25_000) },
      { scope: STRADDLE, cap: rs(4_000), worst: rs(1_500), remaining: rs(2_500) },
    ]);
  });
});

describe('the two readings of the cap', () => {
  const marks = [[-26_500], [-8_250], [-49_999.99], [-50_000], [-73_500], [-99_999.99], [-100_000]] as const;

  test('hard: the cap holds as it stands', () => {
    expect(closes(opened({ lossPerDayMax: rs(100_000) }), marks)).toEqual([
      ...['-', '-', '-', '-', '-', '-'],
      stop('loss-per-day'),
    ]);
  });

  test('shrinking: the worst loss is taken off, so half of the cap is lost at once or more than is left on the way back', () => {
    const rms = () => opened({ lossPerDayMax: rs(100_000), rmsMode: 'shrinking' });
    expect(closes(rms(), marks).slice(0, 4)).toEqual(['-', '-', '-', stop('loss-per-day')]);
    // A print of -60,000 that nobody confirmed leaves 40,000.
    const print = rms();
    print.onMarks(view({ time: '10:00:02', agents: [money(STRADDLE, rs(-60_000))] }), { kind: 'quote' });
    print.onMarks(view({ time: '10:00:02.5', agents: [money(STRADDLE, 0)] }), { kind: 'quote' });
    expect(closes(print, [[-39_999.99], [-40_000]])).toEqual(['-', stop('loss-per-day')]);
  });

  test('shrinking says what was left of which cap', () => {
    const rms = opened({ lossPerDayMax: rs(100_000), rmsMode: 'shrinking' });
    const [halt] = rms.onMarks(view({ agents: [money(STRADDLE, rs(-50_000))] }), { kind: 'minute' });
    expect([halt?.limit, halt?.value]).toEqual([rs(50_000), rs(50_000)]);
    expect(halt?.reason).toBe(
      "the day's loss of 50000.00 rupees used up the 50000.00 that the worst loss of 50000.00 left of the cap of 100000.00",
    );
  });
});

test('the exit P&L closes at its paisa, beside a cap that is wider, and tells what was left of that', () => {
  const rms = opened({ exitPnl: rs(500), lossPerDayMax: rs(100_000) });
  expect(closes(rms, [[-499.99], [-500], [-100_000]])).toEqual(['-', stop('exit-pnl'), '-']);
  expect(rms.halted(STRADDLE)).toMatchObject({
    limit: rs(-500),
    value: rs(-500),
    reason:
      'the net of -500.00 rupees reached the exit at -500.00; the worst loss of 500.00 left 99500.00 of the cap of 100000.00',
  });
});

describe('the rolling profit', () => {
  const rolling = { rollingProfit: rs(1_000) };

  test('trails the best net of the present positions by its value', () => {
    expect(
      closes(opened(rolling), [
        [1_000, HELD],
        [3_000, HELD],
        [2_000.01, HELD],
        [2_000, HELD],
      ]),
    ).toEqual(['-', '-', '-', stop('rolling-profit')]);
  });

  test('is armed by a best net of its own value, or by any gain where that is set so', () => {
    const marks = [
      [999.99, HELD],
      [-0.01, HELD],
    ] as const;
    expect(closes(opened(rolling), marks)).toEqual(['-', '-']);
    expect(closes(opened({ ...rolling, rollingArm: false }), marks)).toEqual(['-', stop('rolling-profit')]);
    expect(
      closes(opened(rolling), [
        [1_000, HELD],
        [0, HELD],
      ]),
    ).toEqual(['-', stop('rolling-profit')]);
    // Without any gain it is never armed.
    expect(
      closes(opened({ ...rolling, rollingArm: false }), [
        [0, HELD],
        [-1_000, HELD],
      ]),
    ).toEqual(['-', '-']);
  });

  test('forgets the best net when all positions are closed, and begins with the next ones', () => {
    const rms = opened(rolling);
    expect(closes(rms, [[3_000, HELD], [2_500, HELD], [1_900], [1_900, HELD], [900.01, HELD], [900, HELD]])).toEqual([
      '-',
      '-',
      '-',
      '-',
      '-',
      stop('rolling-profit'),
    ]);
  });

  test('keeps it over a shift, whose new entry is on its way while nothing is held', () => {
    const between = { isFlat: true, isEngaged: true, structuresOpen: 1 };
    expect(
      closes(opened(rolling), [
        [3_000, HELD],
        [2_500, between],
        [2_000, HELD],
      ]),
    ).toEqual(['-', '-', stop('rolling-profit')]);
  });

  test('does not act while nothing is held, and begins nothing with what is only on its way', () => {
    const onItsWay = { isFlat: true, isEngaged: true, structuresOpen: 1 };
    expect(closes(opened(rolling), [[3_000], [1_000], [3_000, onItsWay], [1_000, onItsWay]])).toEqual([
      ...['-', '-', '-', '-'],
    ]);
  });

  test('asks for two marks a second apart, as every limit of money does', () => {
    const rms = opened(rolling);
    closes(rms, [[3_000, HELD]]);
    const quote = (time: string, net: number) =>
      told(rms.onMarks(view({ time, agents: [money(STRADDLE, rs(net), HELD)] }), { kind: 'quote' }));
    expect(quote('11:00:00', 2_000)).toBe('-');
    expect(quote('11:00:00.999', 1_500)).toBe('-');
    expect(quote('11:00:01', 2_000)).toBe(stop('rolling-profit'));
  });
});

test('the trail of the account stands from the open: below nothing at first, then below the best of the day', () => {
  const trail = { trailFromPeak: rs(2_000) };
  expect(closes(opened(trail), [[-1_999.99], [-2_000]])).toEqual(['-', stop('trail-from-peak')]);
  expect(closes(opened(trail), [[5_000], [3_000.01], [3_000]])).toEqual(['-', '-', stop('trail-from-peak')]);
});

describe('limits in R', () => {
  const five: AgentRisk = { rLossPerDayMax: 5, rProfitPerDayTarget: 5 };
  const agents = (rOpen: number, other = 0) => [
    money(STRADDLE, 0, { limits: five, rOpen }),
    money(SENSEX, 0, { rOpen: other }),
  ];
  const from = view({ agents: agents(0) });
  const at = (rms: Rms, rOpen: number, other = 0) =>
    told(rms.onMarks(view({ agents: agents(rOpen, other) }), { kind: 'minute' }));

  test('flatten and halt the agent alone at the sum of closed and open', () => {
    const rms = opened({}, from);
    rms.noteClosed({ agent: STRADDLE, net: rs(-6_500), r: -1.5 });
    rms.noteClosed({ agent: SENSEX, net: rs(-65_000), r: -10 });
    expect(at(rms, -3.4999)).toBe('-');
    expect(at(rms, -3.5)).toBe(stop('r-loss-per-day', STRADDLE));
    expect(rms.halted(STRADDLE)).toMatchObject({ limit: -5, value: -5 });
    expect(rms.halted(SENSEX)).toBeUndefined();
    expect(at(rms, -9)).toBe('-');
  });

  test('hold on the winning side too', () => {
    const rms = opened({}, from);
    rms.noteClosed({ agent: STRADDLE, net: 0, r: 2 });
    expect(at(rms, 2.9999)).toBe('-');
    expect(at(rms, 3)).toBe(stop('r-profit-per-day', STRADDLE));
    expect(rms.halted(STRADDLE)?.reason).toBe("the day's sum of 5 R reached the target of 5 R");
  });

  test('are not decided by the last bits of a sum', () => {
    const rms = opened({}, from);
    // 0.1 + 0.2 is not 0.3 in floating point; three tenths of -5 must be.
    for (const r of [-0.1, -0.2, -0.7]) rms.noteClosed({ agent: STRADDLE, net: 0, r });
    expect(at(rms, -4)).toBe(stop('r-loss-per-day', STRADDLE));
  });

  test('add up over all agents for the account', () => {
    const all = view({ agents: [money(STRADDLE), money(SENSEX)] });
    const rms = opened({ rLossPerDayMax: 5 }, all);
    const sum = (one: number, other: number) =>
      told(
        rms.onMarks(view({ agents: [money(STRADDLE, 0, { rOpen: one }), money(SENSEX, 0, { rOpen: other })] }), {
          kind: 'minute',
        }),
      );
    expect(sum(-6, 1.0001)).toBe('-');
    expect(sum(-6, 1)).toBe(stop('r-loss-per-day'));
  });

  test('let no structure in of which nobody knows what one R is', () => {
    const rms = opened({}, from);
    expect(words(rms, unbounded(), from)).toEqual(['risk-unknown limit undefined value undefined']);
    expect(reasonOf(rms, unbounded(), from)).toBe(
      'the day of atm-straddle/NIFTY is limited in R, and neither the plan nor its guards say what one R is',
    );
    expect(words(rms, { ...unbounded(), risk: rs(6_500) }, from)).toEqual(['approved']);
    expect(words(rms, request(), from)).toEqual(['approved']);
    expect(words(rms, unbounded([order({ agent: SENSEX })]), from)).toEqual(['approved']);
  });
});

describe('losses in a row', () => {
  const three: AgentRisk = { lossesInARowMax: 3 };
  const agents = [money(STRADDLE, 0, { limits: three }), money(STRANGLE), money(SENSEX)];
  const from = view({ agents });
  const lose = (rms: Rms, agent = STRADDLE, net = -1) => rms.noteClosed({ agent, net, r: 0 });

  test('end the entries of an agent with the last of them, and close nothing', () => {
    const rms = opened({}, from);
    lose(rms);
    lose(rms);
    expect(words(rms, request(), from)).toEqual(['approved']);
    expect(told(rms.takeActs())).toBe('-');
    lose(rms);
    expect(words(rms, request(), from)).toEqual(['halted limit 3 value 3']);
    expect(words(rms, request([order({ agent: SENSEX })]), from)).toEqual(['approved']);
    expect(told(rms.takeActs())).toBe(`halt ${STRADDLE} losses-in-a-row`);
    lose(rms);
    expect(told(rms.takeActs())).toBe('-');
  });

  test('are broken by a structure that won or broke even, and by a new day', () => {
    const rms = opened({}, from);
    lose(rms);
    lose(rms);
    lose(rms, STRADDLE, 0);
    lose(rms);
    lose(rms);
    expect(words(rms, request(), from)).toEqual(['approved']);
    rms.openDay(from);
    lose(rms);
    expect(words(rms, request(), from)).toEqual(['approved']);
  });

  test('count over all agents for the account, in the order in which structures closed', () => {
    const rms = opened({ lossesInARowMax: 3 }, view({ agents: [money(STRADDLE), money(SENSEX)] }));
    const now = view({ agents: [money(STRADDLE), money(SENSEX)] });
    lose(rms, STRADDLE);
    lose(rms, SENSEX);
    lose(rms, STRADDLE, 1);
    lose(rms, SENSEX);
    lose(rms, SENSEX);
    expect(words(rms, request(), now)).toEqual(['approved']);
    lose(rms, STRADDLE);
    expect(words(rms, request([order({ agent: SENSEX })]), now)).toEqual(['halted limit 3 value 3']);
    expect(told(rms.takeActs())).toBe('halt all losses-in-a-row');
  });

  test('need no mark between closes of minutes', () => {
    expect(opened({ lossesInARowMax: 3 }).watchesMarks).toBe(false);
    expect(opened({}, from).watchesMarks).toBe(false);
    expect(opened({ rLossPerDayMax: 5 }).watchesMarks).toBe(true);
    const limited = view({ agents: [money(STRADDLE, 0, { limits: { trailFromPeak: 1 } })] });
    expect(opened({}, limited).watchesMarks).toBe(true);
    expect(opened().watchesMarks).toBe(false);
  });
});

describe('limits of one agent', () => {
  const limits: AgentRisk = {
    lossPerDayMax: paise(rs(3_000)),
    profitPerDayTarget: paise(rs(4_000)),
    profitTargetAct: 'flatten',
  };
  const at = (net: number, other = 0) =>
    view({ agents: [money(STRADDLE, rs(net), { limits }), money(STRANGLE, rs(other)), money(SENSEX)] });

  test('stop it alone, at their paisa', () => {
    const rms = opened({}, at(0));
    expect(told(rms.onMarks(at(-2_999.99), { kind: 'minute' }))).toBe('-');
    expect(told(rms.onMarks(at(-3_000), { kind: 'minute' }))).toBe(stop('loss-per-day-agent', STRADDLE));
    expect(words(rms, request([order({ agent: STRANGLE })]), at(-3_000))).toEqual(['approved']);
    expect(told(rms.onMarks(at(4_000), { kind: 'minute' }))).toBe('-');
  });

  test('take its target for themselves, whatever the account does at its own', () => {
    const rms = opened({ profitPerDayTarget: rs(5_000) }, at(0));
    expect(told(rms.onMarks(at(3_999.99), { kind: 'minute' }))).toBe('-');
    expect(told(rms.onMarks(at(4_000), { kind: 'minute' }))).toBe(stop('profit-target', STRADDLE));
    expect(told(rms.onMarks(at(4_000, 1_000), { kind: 'minute' }))).toBe('halt all profit-target');
  });

  test('must be fitted by what it plans to lose, and so must its segment and its account', () => {
    const rms = opened({ lossPerDayMax: rs(100_000), perSegment: { lossPerDayMax: rs(50_000) } }, at(0));
    expect(words(rms, request([order()], rs(3_000)), at(0))).toEqual(['approved']);
    expect(words(rms, request([order()], rs(3_000) + 1), at(0))).toEqual([
      'loss-per-day-agent limit 300000 value 300001',
    ]);
    const other = order({ agent: STRANGLE });
    expect(words(rms, request([other], rs(50_000) + 1), at(0))).toEqual([
      'loss-per-day-segment limit 5000000 value 5000001',
    ]);
  });

  test('end its entries with the first mark at its target', () => {
    const rms = opened({}, at(0));
    expect(words(rms, request(), at(3_999.99))).toEqual(['approved']);
    expect(words(rms, request(), at(4_000))).toEqual(['profit-target limit 400000 value 400000']);
    expect(reasonOf(rms, request(), at(4_000))).toBe(
      "the day's profit target of atm-straddle/NIFTY of 4000.00 rupees is reached, the net stands at 4000.00",
    );
  });

  test('are the tighter of what two say, name by name', () => {
    expect(
      tighterOf(
        { structuresPerDayMax: 5, lossPerDayMax: rs(10), lotsMax: 3, profitTargetAct: 'halt' },
        { structuresPerDayMax: 4, lossPerDayMax: rs(20), rLossPerDayMax: 5, profitTargetAct: 'flatten' },
      ),
    ).toEqual({
      structuresPerDayMax: 4,
      lossPerDayMax: rs(10),
      lotsMax: 3,
      rLossPerDayMax: 5,
      profitTargetAct: 'halt',
    });
  });

  test('are refused where they make no sense', () => {
    const bad = (wrong: AgentRisk) => () => opened({}, view({ agents: [money(STRADDLE, 0, { limits: wrong })] }));
    expect(bad({ lotsMax: 0 })).toThrow('lotsMax of atm-straddle/NIFTY is a positive whole number, was 0');
    expect(bad({ lossPerDayPct: 2 })).toThrow(
      'lossPerDayPct of atm-straddle/NIFTY is a share of the capital, and no capital is set',
    );
  });
});

test('a segment keeps limits of its own beside those of the account', () => {
  const at = (nifty: number, sensex: number) =>
    view({ agents: [money(STRADDLE, rs(nifty)), money(SENSEX, rs(sensex), HELD)] });
  const rms = opened({ perSegment: { exitPnl: rs(1_000), rollingProfit: rs(500) } }, at(0, 0));
  expect(told(rms.onMarks(at(-999.99, 2_000), { kind: 'minute' }))).toBe('-');
  expect(told(rms.onMarks(at(-1_000, 1_500), { kind: 'minute' }))).toBe(
    `${stop('exit-pnl', 'NIFTY')}, ${stop('rolling-profit', 'SENSEX')}`,
  );
});

test('a scope inside one that was stopped says nothing more', () => {
  const limits: AgentRisk = { exitPnl: rs(2_000) };
  const at = (net: number) => view({ agents: [money(STRADDLE, rs(net), { limits })] });
  const rms = opened({ perSegment: { exitPnl: rs(1_000) } }, at(0));
  expect(told(rms.onMarks(at(-1_000), { kind: 'minute' }))).toBe(stop('exit-pnl', 'NIFTY'));
  expect(told(rms.onMarks(at(-2_000), { kind: 'minute' }))).toBe('-');
});

test('an RMS without limits never looks at a mark', () => {
  const rms = new Rms({ settings: defaultRmsSettings });
  rms.openDay(view());
  // A view of another day would be refused by anybody who looks.
  expect(rms.onMarks(view({ agents: [] }), { kind: 'minute' })).toEqual([]);
});
