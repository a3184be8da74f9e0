import { describe, expect, test } from 'vitest';
import { changedBefore, cutsOf, decisionsIn } from '../../cli/own-strategies/look-ahead.ts';
import type { NoiseChoice } from '../../datasets/synthetic/noisy-day.ts';
import { noisyAfter } from '../../datasets/synthetic/noisy-day.ts';
import type { JournalRecord } from '../../engine/journal.ts';
import { stamped } from '../../engine/journal.ts';
import type { AgentPlan } from '../../engine/kernel-parts.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { EpochMs } from '../../engine/model/time.ts';
import { clockText, epochMs, istTimeOf } from '../../engine/model/time.ts';
import type { StrategyDefinition } from '../../engine/strategy.ts';
import { defineStrategy, istTime } from '../../engine/strategy.ts';
import { busyAgent, pairedAgent, straddleAgent, strengthAgent } from '../support/busy-agents.ts';
import { agentPlan, eventsOf, play } from '../support/play.ts';
import { cases, isSoak } from '../support/soak.ts';
import { syntheticDay } from '../support/synthetic-day.ts';

const CUTS = cases({ ci: 50, soak: 2_000 });
const SEED = 20;

interface Looked {
  readonly decisions: number;
  readonly compared: number;
  /** The first record of each cut that the future changed. */
  readonly changed: readonly string[];
}

describe('the future', { timeout: isSoak ? 1_800_000 : 120_000 }, () => {
  test('changes nothing that was decided before it, whichever of 50 instants divides the day', () => {
    const day = syntheticDay('2025-03-06', ['NIFTY', 'BANKNIFTY']);
    const looked = lookAhead(day, 'replace', () => [
      busyAgent('NIFTY'),
      straddleAgent('NIFTY'),
      straddleAgent('BANKNIFTY'),
      strengthAgent('NIFTY'),
    ]);
    expect(looked.changed).toEqual([]);
    expect(looked.decisions).toBeGreaterThanOrEqual(500);
    expect(looked.compared).toBeGreaterThan(10_000);
  });

  test('changes nothing for pairs of stop and target, but for the extremes of the running minute that decide a tie', () => {
    const day = syntheticDay('2025-03-10', ['BANKNIFTY']);
    const looked = lookAhead(day, 'keep', () => [pairedAgent('BANKNIFTY')]);
    expect(looked.changed).toEqual([]);
    expect(looked.decisions).toBeGreaterThanOrEqual(500);
  });

  test('is seen by a strategy that peeks one minute ahead, and the same comparison says so', () => {
    const day = syntheticDay('2025-03-06', ['NIFTY']);
    const looked = lookAhead(day, 'replace', (candles) => [agentPlan(peeking(candles), 'NIFTY')]);
    expect(looked.changed.length).toBeGreaterThan(10);
    expect(looked.changed[0]).toMatch(/"kind":"note".*"the next minute closes/);
  });
});

/** Plays a day, then again with its future replaced after each of many instants, and compares all that came before the instant. */
function lookAhead(
  day: DayCandles,
  extremes: NoiseChoice['extremes'],
  agentsOf: (candles: DayCandles) => readonly AgentPlan[],
): Looked {
  const honest = play({ days: [day], agents: agentsOf(day) }).records;
  let compared = 0;
  const changed: string[] = [];
  for (const cut of cutsOf(day, { count: CUTS, seed: SEED })) {
    compared += decisionsIn(honest.filter(({ ts }) => ts < cut));
    const noisy = noisyAfter(day, cut, { seed: SEED, extremes });
    const difference = changedBefore(cut, honest, playUntil(noisy, cut, agentsOf(noisy)));
    if (difference !== undefined) changed.push(`cut ${clockText(cut)}: ${difference.was} became ${difference.became}`);
  }
  return { decisions: decisionsIn(honest), compared, changed };
}

/** Only what lies before the instant is fed; a clock tick brings the engine to it. */
function playUntil(day: DayCandles, cut: EpochMs, agents: readonly AgentPlan[]): readonly JournalRecord[] {
  const records: JournalRecord[] = [];
  const { kernel } = play({
    days: [],
    agents,
    parts: { sink: { write: (stamp, record) => records.push(stamped(stamp, record)) } },
  });
  const before = eventsOf(day).filter(({ ts }) => ts <= cut);
  kernel.play([...before, { kind: 'clock-ticked', ts: cut }]);
  return records;
}

/** Reads the minute after the last closed one through a hole that only this test has: the candles themselves. */
function peeking({ starts, columns, instruments }: DayCandles): StrategyDefinition<unknown> {
  return defineStrategy<unknown>({
    name: 'peeking',
    version: 1,
    description: 'Looks one minute ahead.',
    segments: ['NIFTY'],
    params: { parse: (value: unknown) => value },
    universe: (_params, underlying) => ({ underlying, expiries: ['nearest'], strikesAround: 2, recentreSteps: 3 }),
    create: () => ({
      onMinute(ctx) {
        if (ctx.time > istTime('15:25')) return;
        const next = starts.findIndex((start) => istTimeOf(epochMs(start)) === ctx.time);
        ctx.note(`the next minute closes at ${columns.close[next * instruments.length]}`);
      },
    }),
  });
}
