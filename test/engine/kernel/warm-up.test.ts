import { expect, test } from 'vitest';
import { warmUpOf } from '../../../cli/warm-up.ts';
import { SyntheticMarket } from '../../../datasets/synthetic/synthetic-market.ts';
import { invariant } from '../../../engine/assert.ts';
import type { JournalRecord } from '../../../engine/journal.ts';
import type { DayCandles } from '../../../engine/model/candle-frame.ts';
import { day } from '../../../engine/model/time.ts';
import type { ParamsSchema } from '../../../engine/strategy.ts';
import { defineStrategy } from '../../../engine/strategy.ts';
import { agentPlan, play, testReference } from '../../support/play.ts';

const { calendar, contracts } = testReference();
const market = new SyntheticMarket({ seed: 7, underlying: 'NIFTY', calendar, contracts });

/** Notes how many closed 15-minute candles it sees at 10:00, and their first start and last close. */
const counting = defineStrategy({
  name: 'counting',
  version: 1,
  description: 'notes its candles',
  segments: ['NIFTY'],
  params: { parse: (value: unknown) => value } as ParamsSchema<unknown>,
  universe: () => ({
    underlying: 'NIFTY' as const,
    expiries: ['nearest' as const],
    strikesAround: 2,
    recentreSteps: 2,
    series: [{ span: 900_000, warmUp: 40 }],
  }),
  create: () => ({
    onSessionOpen: (ctx) => ctx.at('10:00' as never, 'look'),
    onTimer(ctx) {
      const candles = ctx.series(900_000);
      ctx.note(`${candles.length} ${candles[0]?.start} ${candles.at(-1)?.close}`);
    },
  }),
});

function candlesOf(days: readonly string[]): DayCandles[] {
  return days.map((text) => {
    const candles = market.day(day(text), { index: 'include', futures: [], expiries: [] });
    invariant(candles !== undefined, `${text} has a session`);
    return candles;
  });
}

function notes(records: readonly JournalRecord[]): string[] {
  return records.flatMap((record) => (record.kind === 'note' ? [record.text] : []));
}

test('a warm-up of 40 quarter-hour candles plays the two sessions before the first day', () => {
  const warmUp = warmUpOf({ calendar, agents: [agentPlan(counting, 'NIFTY')], from: day('2025-01-09') });
  expect(warmUp).toEqual({ days: ['2025-01-07', '2025-01-08'], candles: 40 });
});

test('a run sees exactly the candles it asked for, whether its warm-up began two or five sessions before', () => {
  const options = { agents: [agentPlan(counting, 'NIFTY')], days: candlesOf(['2025-01-09', '2025-01-10']) };
  const short = play({ ...options, warmUp: candlesOf(['2025-01-07', '2025-01-08']) });
  const long = play({
    ...options,
    warmUp: candlesOf(['2025-01-02', '2025-01-03', '2025-01-06', '2025-01-07', '2025-01-08']),
  });
  expect(notes(short.records)[0]).toMatch(/^43 /);
  expect(notes(long.records)).toEqual(notes(short.records));
  expect(long.text).toBe(short.text);
});

test('a warm-up with too few candles stops the run', () => {
  const options = { agents: [agentPlan(counting, 'NIFTY')], days: candlesOf(['2025-01-09']) };
  expect(() => play({ ...options, warmUp: candlesOf(['2025-01-08']) })).toThrow(
    'counting/NIFTY has 25 of 40 closed candles of 900000 after its warm-up',
  );
});
