import { describe, expect, test } from 'vitest';
import type { AgentPlan } from '../../../engine/kernel-parts.ts';
import { oneROf, rTodayOf } from '../../../engine/leg-facts.ts';
import type { DayCandles } from '../../../engine/model/candle-frame.ts';
import type { AgentId } from '../../../engine/model/order.ts';
import { clockText } from '../../../engine/model/time.ts';
import type { Paise } from '../../../engine/model/units.ts';
import { paise } from '../../../engine/model/units.ts';
import type { Structure } from '../../../engine/orders/structure.ts';
import type { RmsSettings } from '../../../engine/risk/rms-settings.ts';
import { defaultRmsSettings } from '../../../engine/risk/rms-settings.ts';
import { standingOf } from '../../../engine/risk/standing.ts';
import type { AgentLimits, GuardSpec, StrategyHandlers } from '../../../engine/strategy.ts';
import type { Played } from '../../support/play.ts';
import { play } from '../../support/play.ts';
import { doing, enter, NO_DISASTER_STOP, scripted } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { fills, recordsOf, words } from '../../support/tell.ts';
import { rs } from './account.ts';

// One tick of half-spread and no slippage: what is sold at 100 is filled at 99.95, a lot is 75 units.
const FILLS = { slippageTicks: 0, halfSpreadBps: 0, participationPct: 10 };

/** An agent whose strategy limits it. */
function limited(handlers: StrategyHandlers, limits: AgentLimits, name = 'script'): AgentPlan {
  const plan = scripted(handlers, { name });
  return { ...plan, definition: { ...plan.definition, limits: () => limits } };
}

function run(agents: readonly AgentPlan[], days: readonly DayCandles[], risk: Partial<RmsSettings> = {}): Played {
  return play({
    days,
    agents,
    parts: { ...NO_DISASTER_STOP, fills: FILLS, risk: { ...defaultRmsSettings, ...risk } },
  });
}

/** Acts as `time act scope rule value`. */
function acts(played: Played): readonly string[] {
  return recordsOf(played, 'rms-acted').map(
    ({ ts, act, scope, rule, value }) => `${clockText(ts).slice(0, 5)} ${act} ${scope} ${rule} ${value}`,
  );
}

const selling = (risk?: number): StrategyHandlers =>
  doing({ '09:20': (ctx) => enter(ctx, ['SELL CE'], risk === undefined ? {} : { risk: paise(risk) }) });

describe('limits in R on a tape', () => {
  // One R is 750 rupees, 10 points of one lot.
  const day = (price: number) => tape`
    09:15  NIFTY 23005  CE 100
    09:30  CE ${price}
  `;

  test('close and halt the agent when the sum reaches them, and not a tick before', () => {
    const at = (price: number) => run([limited(selling(rs(750)), { rLossPerDayMax: 1 })], [day(price)]);
    expect(fills(at(109.9))).toMatchInlineSnapshot(`"09:20:01.300 entry SELL CE 99.95"`);
    expect(acts(at(109.9))).toEqual([]);
    expect(acts(at(109.95))).toEqual([
      '09:30 halt script/NIFTY r-loss-per-day -1',
      '09:30 flatten script/NIFTY r-loss-per-day -1',
    ]);
    expect(recordsOf(at(109.95), 'structure-closed')[0]).toMatchObject({ reason: 'RISK', risk: rs(750) });
  });

  test('take the target as well', () => {
    const at = (price: number) => run([limited(selling(rs(750)), { rProfitPerDayTarget: 2 })], [day(price)]);
    expect(acts(at(80))).toEqual([]);
    expect(acts(at(79.95))[0]).toBe('09:30 halt script/NIFTY r-profit-per-day 2');
  });

  test('take one R from the first stops where the plan names none', () => {
    // Stopped 20 % above 99.95, laid at a tick: 119.95, so one R is 20 points.
    const stop: GuardSpec = { name: 'sl', act: 'stop', basis: 'leg', distance: { pct: 20 }, closes: 'leg' };
    const handlers = doing({ '09:20': (ctx) => enter(ctx, ['SELL CE'], { guards: [stop] }) });
    const at = (price: number) => run([limited(handlers, { rLossPerDayMax: 0.5 })], [day(price)]);
    expect(acts(at(109.9))).toEqual([]);
    expect(acts(at(109.95))[0]).toBe('09:30 halt script/NIFTY r-loss-per-day -0.5');
  });

  test.each([0, -5, 0.5, Number.NaN])('have no R of %d paise: the plan is the mistake of its strategy', (risk) => {
    const handlers = doing({ '09:20': (ctx) => enter(ctx, ['SELL CE'], { risk: risk as Paise }) });
    const played = run([limited(handlers, { rLossPerDayMax: 1 })], [day(110)]);
    expect(recordsOf(played, 'quarantined').map(({ reason }) => reason)).toEqual([
      `entry has a risk in whole paise above 0, was ${risk}`,
    ]);
    expect(recordsOf(played, 'structure-opened')).toEqual([]);
  });

  test('never divide by nothing', () => {
    expect(oneROf({ risk: 0, legs: [], plannedLoss: rs(500) } as unknown as Structure)).toBe(rs(500));
    const nothing = { risk: 0, legs: [], plannedLoss: 0, grossToday: rs(-45) } as unknown as Structure;
    expect(oneROf(nothing)).toBeNull();
    expect(rTodayOf(nothing)).toBe(0);
  });

  test('add closed structures to open ones, and leave other agents alone', () => {
    // The first closes 6 points up at half a tick each way: bought at 106.00 + 0.05, 6.10 points, 0.61 R. The second is sold at 105.95.
    const handlers = doing({
      '09:20': (ctx) => enter(ctx, ['SELL CE'], { risk: paise(rs(750)) }),
      '09:40': (ctx) => ctx.flatten('MANUAL'),
      '09:50': (ctx) => enter(ctx, ['SELL CE'], { risk: paise(rs(750)) }),
    });
    const agents = [limited(handlers, { rLossPerDayMax: 1 }), limited(selling(), {}, 'other')];
    const at = (price: number) =>
      run(agents, [
        tape`
          09:15  NIFTY 23005  CE 100
          09:30  CE 106
          10:00  CE ${price}
        `,
      ]);
    // 0.39 R are 3.90 points above 105.95.
    expect(acts(at(109.8))).toEqual([]);
    expect(acts(at(109.85))[0]).toBe('10:00 halt script/NIFTY r-loss-per-day -1');
    expect(recordsOf(at(109.85), 'structure-closed').map(({ agent }) => agent)).toEqual([
      'script/NIFTY',
      'script/NIFTY',
    ]);
  });

  test('count of a carried structure what it did today', () => {
    const first = tape`
      2025-01-06  expiry 2025-01-09  strike 23000
      09:15  NIFTY 23005  CE 100
      09:30  CE 105
    `;
    const next = (price: number) => tape`
      2025-01-07  expiry 2025-01-09  strike 23000
      09:15  NIFTY 23005  CE 105
      09:30  CE ${price}
    `;
    const once = (): StrategyHandlers => {
      let done = false;
      return doing({
        '09:20': (ctx) => {
          if (!done) enter(ctx, ['SELL CE'], { risk: paise(rs(750)) });
          done = true;
        },
      });
    };
    const at = (price: number) => run([limited(once(), { rLossPerDayMax: 1 })], [first, next(price)]);
    expect(acts(at(114.95))).toEqual([]);
    expect(acts(at(115))[0]).toBe('09:30 halt script/NIFTY r-loss-per-day -1');
  });
});

describe('losses in a row on a tape', () => {
  const stop: GuardSpec = { name: 'sl', act: 'stop', basis: 'leg', distance: { paise: 500 }, closes: 'leg' };
  const again: StrategyHandlers = doing(
    { '09:20': (ctx) => enter(ctx, ['SELL CE'], { guards: [stop] }) },
    { onStructureClosed: (ctx) => enter(ctx, ['SELL CE'], { signal: 'again', guards: [stop] }) },
  );
  const day = tape`
    09:15  NIFTY 23005  CE 100
    09:30  CE 100 106 100 106
    09:40  CE 106 113 106 113
    09:50  CE 113 120 113 120
  `;

  test('halt in the instant of the last loss, before the strategy hears of it', () => {
    const played = run([limited(again, { lossesInARowMax: 2 })], [day]);
    expect(words(played)).toMatchInlineSnapshot(`
      "09:20:01.000 entry taken
      09:30:36.900 again taken
      09:40:32.115 halt script/NIFTY by losses-in-a-row
      09:40:32.115 again skipped: halted: script/NIFTY is halted for the day: 2 structures closed at a loss one after the other, 2 end the day"
    `);
    expect(recordsOf(played, 'structure-closed').every(({ gross }) => gross < 0)).toBe(true);
  });

  test('let another through below the limit', () => {
    const played = run([limited(again, { lossesInARowMax: 4 })], [day]);
    expect(recordsOf(played, 'structure-closed')).toHaveLength(3);
    expect(acts(played)).toEqual([]);
  });
});

test('what a warm-up came to lifts nothing and halts nothing on the first day', () => {
  const first = tape`
    2025-01-06  expiry 2025-01-09  strike 23000
    09:15  NIFTY 23005  CE 100
    09:30  CE 120
  `;
  const next = tape`
    2025-01-07  expiry 2025-01-09  strike 23000
    09:15  NIFTY 23005  CE 100
  `;
  const agents = [limited(selling(rs(750)), { rLossPerDayMax: 1, lossesInARowMax: 1 })];
  const parts = { ...NO_DISASTER_STOP, fills: FILLS };
  expect(acts(play({ days: [first, next], agents, parts }))).toEqual([
    '09:30 halt script/NIFTY r-loss-per-day -2.005',
    '09:30 flatten script/NIFTY r-loss-per-day -2.005',
    '09:15 release script/NIFTY r-loss-per-day -2.005',
  ]);
  const warmed = play({ warmUp: [first], days: [next], agents, parts });
  expect(acts(warmed)).toEqual([]);
  expect(recordsOf(warmed, 'structure-opened')).toHaveLength(1);
});

test('a row of losses that ends with a settlement is halted on its own day', () => {
  const day = tape`
    2025-01-09  expiry 2025-01-09  strike 23000
    09:15  NIFTY 23005  CE 100
    15:20  NIFTY 23150
  `;
  const played = run([limited(selling(), { lossesInARowMax: 1 })], [day]);
  expect(recordsOf(played, 'settled')).toHaveLength(1);
  expect(acts(played)).toEqual(['15:30 halt script/NIFTY losses-in-a-row 1']);
});

describe('the rolling profit on a tape', () => {
  test('keeps its best net over a shift, and forgets it where everything was closed before', () => {
    const day = tape`
      09:15  NIFTY 23005  CE 100  PE 100
      09:30  CE 60
      10:00  PE 100 100 100 100
      10:30  PE 120
    `;
    const shifting = doing({
      '09:20': (ctx) => enter(ctx, ['SELL CE']),
      '10:00': (ctx) => {
        ctx.flatten('SHIFT');
        enter(ctx, ['SELL PE']);
      },
    });
    const pausing = doing({
      '09:20': (ctx) => enter(ctx, ['SELL CE']),
      '10:00': (ctx) => ctx.flatten('MANUAL'),
      '10:10': (ctx) => enter(ctx, ['SELL PE']),
    });
    const at = (handlers: StrategyHandlers, rollingProfit: number) =>
      acts(run([scripted(handlers)], [day], { rollingProfit: rs(rollingProfit) }))
        .map((text) => text.split(' ').slice(0, 4).join(' '))
        .join(', ');
    const stopped = '10:30 halt all rolling-profit, 10:30 flatten all rolling-profit';
    // The best of the new positions is their first mark at 100: from there to 120 are 1,500.00 rupees to the paisa.
    expect(at(pausing, 1_500)).toBe(stopped);
    expect(at(pausing, 1_500.01)).toBe('');
    // Over a shift the best was before it: what it cost to get out and in again counts too.
    expect(at(shifting, 1_500.01)).toBe(stopped);
  });
});

describe('the journal of a day of risk', () => {
  const day = tape`
    09:15  NIFTY 23005  CE 100
    09:30  CE 110
    09:40  CE 95
  `;

  test('holds the cap of each scope in the morning, and what the worst loss left of it in the end', () => {
    // 50 points of 75 units and 150 of slippage fit the cap.
    const stop: GuardSpec = { name: 'sl', act: 'stop', basis: 'leg', distance: { paise: 5_000 }, closes: 'leg' };
    const handlers = doing({ '09:20': (ctx) => enter(ctx, ['SELL CE'], { guards: [stop] }) });
    const played = run([limited(handlers, { lossPerDayMax: paise(rs(5_000)) })], [day], {
      capital: paise(rs(500_000)),
      lossPerDayPct: 2,
    });
    const [entered] = recordsOf(played, 'order-filled');
    const charges = Math.ceil((entered?.fill.charges.total ?? 0) / 10_000);
    // 10.05 points against it at its worst, and what the entry cost.
    const worst = rs(10.05 * 75) + charges;
    expect(
      recordsOf(played, 'day-cap-set', 'day-cap-left').map(({ seq: _, ts: __, flow: ___, ...rest }) => rest),
    ).toEqual([
      { kind: 'day-cap-set', day: '2025-01-06', scope: 'all', cap: rs(10_000), worst: 0, remaining: rs(10_000) },
      { kind: 'day-cap-set', day: '2025-01-06', scope: 'script/NIFTY', cap: rs(5_000), worst: 0, remaining: rs(5_000) },
      { kind: 'day-cap-left', day: '2025-01-06', scope: 'all', cap: rs(10_000), worst, remaining: rs(10_000) - worst },
      {
        kind: 'day-cap-left',
        day: '2025-01-06',
        scope: 'script/NIFTY',
        cap: rs(5_000),
        worst,
        remaining: rs(5_000) - worst,
      },
    ]);
  });

  test('says nothing of caps where there are none', () => {
    expect(recordsOf(run([scripted(selling())], [day]), 'day-cap-set', 'day-cap-left')).toEqual([]);
  });

  test('begins with the halt of an agent whose past runs show a red flag, which then enters nothing', () => {
    const standing = standingOf([], { units: 75, slip: 75 * 400, orders: 1, filled: 1 });
    const played = play({
      days: [day],
      agents: [scripted(selling()), scripted(selling(), { name: 'other' })],
      parts: {
        risk: { ...defaultRmsSettings, standing: { slipMax: 300 } },
        standings: new Map([['script/NIFTY' as AgentId, standing]]),
      },
    });
    expect(acts(played)).toEqual(['09:15 halt script/NIFTY standing-slip 400']);
    expect(recordsOf(played, 'structure-opened').map(({ agent }) => agent)).toEqual(['other/NIFTY']);
  });

  test('holds no halt of past runs in a warm-up, whose books are paper', () => {
    const standing = standingOf([], { units: 75, slip: 75 * 400, orders: 1, filled: 1 });
    const filled: string[] = [];
    const handlers: StrategyHandlers = { ...selling(), onFill: (ctx) => filled.push(ctx.day) };
    const next = tape`
      2025-01-07  expiry 2025-01-09  strike 23000
      09:15  NIFTY 23005  CE 100
    `;
    const played = play({
      warmUp: [day],
      days: [next],
      agents: [scripted(handlers)],
      parts: {
        risk: { ...defaultRmsSettings, standing: { slipMax: 300 } },
        standings: new Map([['script/NIFTY' as AgentId, standing]]),
      },
    });
    expect(filled).toEqual(['2025-01-06']);
    expect(acts(played)).toEqual(['09:15 halt script/NIFTY standing-slip 400']);
    expect(recordsOf(played, 'structure-opened')).toEqual([]);
  });
});
