/** The texts of a first strategy and of its test; NAME stands for the name that was asked for. */
export const FIRST_STRATEGY = `/**
 * NAME: follows the index by two moving averages of its candles. When the fast average crosses above the slow one it sells the
 * at-the-money put, when it crosses below it sells the at-the-money call; the opposite cross closes what is open. Each sale has a stop,
 * and everything is flat by the square-off time.
 *
 * A strategy is one file. It knows nothing of files, clocks or networks: the engine calls its handlers, it looks at the context it is
 * given, and it asks for what it wants. Everything here is a number of paise, a time of day in India, or a plain word.
 */
import type { Candle, GuardSpec, Right, StrategyContext } from 'sim/strategy';
import { atTheMoney, defineStrategy, istTime, minutesOf, z } from 'sim/strategy';

const time = z.string().regex(/^([01]\\d|2[0-3]):[0-5]\\d$/).transform(istTime);

/** What can be set with --set fast=9, or under params in a configuration file. "npx sim strategies ./NAME.ts" prints these lines. */
const Params = z.strictObject({
  candleMinutes: z.number().int().min(1).max(60).default(5).describe('minutes of one candle'),
  fast: z.number().int().min(1).max(200).default(9).describe('candles of the fast average'),
  slow: z.number().int().min(2).max(200).default(21).describe('candles of the slow average'),
  stopPct: z.number().positive().max(300).default(30).describe('per cent of its sale price that an option may rise'),
  entriesPerDayMax: z.number().int().min(1).max(20).default(4).describe('sales a day'),
  lastEntry: time.default(istTime('14:45')).describe('HH:MM, no sale after it'),
  squareOffAt: time.default(istTime('15:15')).describe('HH:MM, everything is closed'),
});

export const strategy = defineStrategy({
  name: 'NAME',
  version: 1,
  description: 'Sells the put on an upward cross of two averages of the index and the call on a downward one.',
  segments: ['NIFTY', 'BANKNIFTY', 'SENSEX'],
  params: Params,

  // What it may look at: the nearest expiry, ten strikes to either side of the money, and candles of the index. The warm-up asks for
  // closed candles from before the first day, so that the averages are known on the first morning.
  universe: (params, segment) => ({
    underlying: segment,
    expiries: ['nearest'],
    strikesAround: 10,
    recentreSteps: 3,
    series: [{ span: params.candleMinutes * 60_000, warmUp: 3 * params.slow }],
  }),

  // What it remembers lives in here, never outside: each run and each segment gets its own.
  create(params) {
    let seen = 0;
    let trend: 'up' | 'down' | undefined;
    let entries = 0;

    function sell(ctx: StrategyContext, right: Right): void {
      const { spot } = ctx;
      const expiry = ctx.expiry('nearest');
      // A signal that is not taken goes to the journal with its reason: events.csv shows it.
      if (spot === undefined || expiry === undefined) return ctx.skip('cross', 'no level of the index', { right });
      if (minutesOf(ctx.time) > minutesOf(params.lastEntry)) return ctx.skip('cross', 'too late', { right });
      if (entries >= params.entriesPerDayMax) return ctx.skip('cross', 'sales of the day used up', { right });
      const strike = atTheMoney(spot, ctx.strikeStep);
      const contract = ctx.contract(expiry, strike, right);
      if (contract === undefined) return ctx.skip('cross', 'contract not in the data', { right, strike });
      if (!ctx.isFresh(contract)) return ctx.skip('cross', 'no fresh price', { right, strike });
      const stop: GuardSpec = {
        name: 'stop',
        act: 'stop',
        basis: 'leg',
        distance: { pct: params.stopPct },
        closes: 'leg',
      };
      entries += 1;
      ctx.enter({
        signal: 'cross',
        seen: { spot, strike, right },
        legs: [{ tag: right, contract, side: 'SELL', lots: ctx.lots }],
        guards: [stop],
        squareOffAt: params.squareOffAt,
      });
    }

    return {
      onSessionOpen() {
        entries = 0;
      },
      // Called once a minute, one second after it closed. Candles in ctx.series are closed: nothing here can see ahead.
      onMinute(ctx) {
        const candles = ctx.series(params.candleMinutes * 60_000);
        const last = candles.at(-1);
        if (last === undefined || last.start === seen) return;
        seen = last.start;
        if (candles.length < params.slow) return;
        const gap = average(candles, params.fast) - average(candles, params.slow);
        if (gap === 0) return;
        const now = gap > 0 ? 'up' : 'down';
        const before = trend;
        trend = now;
        if (before === undefined || now === before) return;
        for (const structure of ctx.structures) ctx.exit(structure, 'REVERSAL');
        sell(ctx, now === 'up' ? 'PE' : 'CE');
      },
    };
  },
});

/** Exponential average of the closes, begun with the first of the last 3 x period candles. */
function average(candles: readonly Candle[], period: number): number {
  const weight = 2 / (period + 1);
  const [first, ...others] = candles.slice(-3 * period);
  let value: number = first?.close ?? 0;
  for (const { close } of others) value += weight * (close - value);
  return value;
}
`;

/** The test tells a short day and says what must come of it. */
export const FIRST_TEST = `/** Run it with: node --test NAME.test.mjs */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { playTape } from 'sim/testing';

const file = new URL('./NAME.ts', import.meta.url);
const params = { candleMinutes: 5, fast: 1, slow: 2 };

// A tape is a day in a few lines: a time, then what traded in that minute, in rupees. CE and PE stand at the strike nearest to the first
// index level. What is not named goes on at its last price.
test('sells the put on an upward cross, and buys it back at its stop', async () => {
  const played = await playTape(file, {
    params,
    tape: \`
      2025-01-06
      09:15  NIFTY 23000  CE 100  PE 100
      09:20  NIFTY 22990
      09:25  NIFTY 23020
      09:40  PE 100 140 100 140
    \`,
  });
  // Closes 23000, 22990, 23020 at 09:20, 09:25, 09:30. The fast average is the last close; the slow one is 22993.33 after the second and
  // 23011.11 after the third: below, then above. The put is sold at 100 less half-spread 0.25 and one tick of slippage; its stop stands
  // 30 % above that, at 129.60 on the tick. In the minute of 09:40 the price goes up from 100 to 140 within 20 seconds, so the order, which
  // takes 0.3 s to arrive, meets 130.20; with half-spread 0.33 and slippage 0.05 that is 130.60 on the tick.
  assert.deepEqual(played.signals, [{ time: '09:30', name: 'cross', taken: true, gate: null }]);
  assert.deepEqual(
    played.fills.map(({ time, side, leg, price }) => \`\${time} \${side} \${leg} \${price}\`),
    ['09:30 SELL PE 99.70', '09:40 BUY PE 130.60'],
  );
});

test('does nothing while the averages do not cross', async () => {
  const played = await playTape(file, { params, tape: '09:15 NIFTY 23000 CE 100 PE 100' });
  assert.deepEqual(played.fills, []);
});
`;
