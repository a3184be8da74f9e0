/** At the close of a minute the account's limits are asked before any strategy acts on it. */
import { describe, expect, test } from 'vitest';
import type { AgentPlan } from '../../../engine/kernel-parts.ts';
import { clockText } from '../../../engine/model/time.ts';
import { paise } from '../../../engine/model/units.ts';
import type { RmsSettings } from '../../../engine/risk/rms-settings.ts';
import { defaultRmsSettings } from '../../../engine/risk/rms-settings.ts';
import type { AgentLimits, GuardSpec, StrategyContext, StrategyHandlers } from '../../../engine/strategy.ts';
import type { Played } from '../../support/play.ts';
import { play } from '../../support/play.ts';
import { contractOf, doing, enter, NO_DISASTER_STOP, scripted } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { fills, recordsOf, words } from '../../support/tell.ts';
import { rs } from './account.ts';

// One tick of half-spread and no slippage: what is sold at 100 is filled at 99.95, a lot is 75 units.
const FILLS = { slippageTicks: 0, halfSpreadBps: 0, participationPct: 10 };

function run(agent: AgentPlan, day: Parameters<typeof play>[0]['days'][number], risk: Partial<RmsSettings>): Played {
  return play({
    days: [day],
    agents: [agent],
    parts: { ...NO_DISASTER_STOP, fills: FILLS, risk: { ...defaultRmsSettings, ...risk } },
  });
}

function stop(points: number): GuardSpec {
  return { name: 'sl', act: 'stop', basis: 'leg', distance: { paise: rs(points) }, closes: 'leg' };
}

describe('a limit that a close of a minute reaches', () => {
  // The call opens the minute 10 points up: one mark proves nothing, the close of the minute before proves it a second later.
  const day = tape`
    09:15  NIFTY 23005  CE 100  PE 100
    09:31  CE 110
  `;
  /** Sells the call at 09:20 and the put at the close of 09:30; one R is 10 points of one lot. */
  const handlers: StrategyHandlers = doing(
    { '09:20': (ctx) => enter(ctx, ['SELL CE'], { risk: paise(rs(750)), guards: [stop(15)] }) },
    {
      onMinute: (ctx) => {
        if (ctx.time === '09:31') enter(ctx, ['SELL PE'], { signal: 'again', risk: paise(rs(750)), guards: [stop(5)] });
      },
    },
  );
  const at = (risk: Partial<RmsSettings>, limits: AgentLimits = {}): Played => {
    const plan = scripted(handlers);
    return run({ ...plan, definition: { ...plan.definition, limits: () => limits } }, day, risk);
  };

  // 10.05 points of 75 units are 753.75 rupees under water, and what the entry cost.
  test.each<[string, Partial<RmsSettings>, AgentLimits?]>([
    ['exit-pnl', { exitPnl: rs(750) }],
    ['trail-from-peak', { trailFromPeak: rs(750) }],
    ['r-loss-per-day', {}, { rLossPerDayMax: 1 }],
    // A worst loss of more than half the cap uses up what it leaves of it.
    ['loss-per-day', { lossPerDayMax: rs(1_500), rmsMode: 'shrinking' }],
  ])('lets nothing in any more: %s', (rule, risk, limits) => {
    const played = at(risk, limits);
    const scope = rule === 'r-loss-per-day' ? 'script/NIFTY' : 'all';
    expect(
      recordsOf(played, 'rms-acted').map((act) => `${clockText(act.ts)} ${act.act} ${act.scope} ${act.rule}`),
    ).toEqual([`09:31:01.000 halt ${scope} ${rule}`, `09:31:01.000 flatten ${scope} ${rule}`]);
    const denied = recordsOf(played, 'verdict').filter(({ approved }) => !approved);
    expect(denied.map(({ ts, rule: by }) => `${clockText(ts)} ${by}`)).toEqual(['09:31:01.000 halted']);
    expect(recordsOf(played, 'signal').map(({ name, taken }) => `${name} ${taken}`)).toEqual([
      'entry true',
      'again false',
    ]);
    expect(fills(played)).toBe('09:20:01.300 entry SELL CE 99.95\n09:31:01.300 RISK BUY CE 110.05');
  });

  test('lets in what it is not beyond', () => {
    expect(words(at({ exitPnl: rs(800) }))).toContain('09:31:01.000 again taken');
    expect(fills(at({ exitPnl: rs(800) }))).toContain('09:31:01.300 again SELL PE 99.95');
  });

  test('stands in the money of its minute, with what was held as it closed', () => {
    const { money } = at({ exitPnl: rs(750) });
    const rows = [...money.ts].map((ts, row) => ({
      time: clockText(ts as never).slice(0, 8),
      gross: money.gross[row],
      openLots: money.openLots[row],
    }));
    expect(rows.filter(({ time }) => time >= '09:30:00' && time < '09:33:00')).toEqual([
      { time: '09:30:01', gross: rs(-0.05 * 75), openLots: 1 },
      { time: '09:31:01', gross: rs(-10.05 * 75), openLots: 1 },
      { time: '09:32:01', gross: rs(-10.1 * 75), openLots: 0 },
    ]);
  });
});

describe('the best net since the positions were begun', () => {
  // 40 points up, then flat from 09:30:01.400 on; from 100 to 120 the put loses 1,500.00 rupees of one lot.
  const day = tape`
    09:15  NIFTY 23005  CE 100  PE 100
    09:25  CE 60
    09:40  PE 120
  `;
  const out: Readonly<Record<string, (ctx: StrategyContext) => void>> = {
    '09:20': (ctx) => enter(ctx, ['SELL CE']),
    '09:30': (ctx) => ctx.flatten('MANUAL'),
  };
  const inAgain = (ctx: StrategyContext): void => {
    if (ctx.structures.length === 0 && ctx.time >= '09:30' && ctx.time < '09:35')
      enter(ctx, ['SELL PE'], { signal: 'again' });
  };
  const stops = (handlers: StrategyHandlers, rollingProfit: number): string =>
    recordsOf(run(scripted(handlers), day, { rollingProfit: rs(rollingProfit) }), 'rms-acted')
      .map(({ ts, act, rule }) => `${clockText(ts).slice(0, 5)} ${act} ${rule}`)
      .join(', ');
  const stopped = '09:40 halt rolling-profit, 09:40 flatten rolling-profit';

  test('begins anew with an entry at the next close after everything was closed', () => {
    const handlers = doing(out, {
      onMinute: (ctx) => {
        if (ctx.time === '09:31') inAgain(ctx);
      },
    });
    expect(stops(handlers, 1_500)).toBe(stopped);
    expect(stops(handlers, 1_500.01)).toBe('');
  });

  test('begins anew with an entry on a quote, before any close of a minute', () => {
    const handlers = doing(
      { ...out, '09:28': (ctx) => ctx.watch(contractOf(ctx, 'PE')) },
      { onQuote: (ctx) => inAgain(ctx) },
    );
    expect(stops(handlers, 1_500)).toBe(stopped);
    expect(stops(handlers, 1_500.01)).toBe('');
  });

  test('is kept by a strategy that enters in answer to the close', () => {
    // The best was 39.95 points less the entry's charges; getting out and in again costs on top of the 20 points.
    const handlers = doing(out, { onStructureClosed: (ctx) => inAgain(ctx) });
    expect(stops(handlers, 1_500.01)).toBe(stopped);
  });
});
