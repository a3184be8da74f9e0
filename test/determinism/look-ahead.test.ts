import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../engine/journal.ts';
import { stamped } from '../../engine/journal.ts';
import type { AgentPlan } from '../../engine/kernel-parts.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { EpochMs } from '../../engine/model/time.ts';
import { clockText, epochMs, istTimeOf, MINUTE_MS } from '../../engine/model/time.ts';
import { streamOf } from '../../engine/prng.ts';
import type { StrategyDefinition } from '../../engine/strategy.ts';
import { defineStrategy, istTime } from '../../engine/strategy.ts';
import { busyAgent, pairedAgent, straddleAgent } from '../support/busy-agents.ts';
import type { NoiseChoice } from '../support/noisy-day.ts';
import { noisyAfter } from '../support/noisy-day.ts';
import { agentPlan, eventsOf, play } from '../support/play.ts';
import { cases, isSoak } from '../support/soak.ts';
import { syntheticDay } from '../support/synthetic-day.ts';

const CUTS = cases({ ci: 50, soak: 2_000 });
const SEED = 20;

/** Kinds of records that are decisions of ours; the rest is the venue's answer or a sum. */
const DECISIONS: ReadonlySet<JournalRecord['kind']> = new Set<JournalRecord['kind']>([
  'signal',
  'order-placed',
  'modify-asked',
  'cancel-asked',
  'guard-set',
  'guard-moved',
  'guard-fired',
  'note',
]);

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
  const lines = honest.map(lineOf);
  let compared = 0;
  const changed: string[] = [];
  for (const cut of cutsOf(day)) {
    const before = lines.slice(0, honest.findLastIndex(({ ts }) => ts < cut) + 1);
    compared += honest.filter((record) => record.ts < cut && DECISIONS.has(record.kind)).length;
    const noisy = noisyAfter(day, cut, { seed: SEED, extremes });
    const again = playUntil(noisy, cut, agentsOf(noisy)).filter(({ ts }) => ts < cut);
    const differs = before.findIndex((line, index) => again[index] === undefined || line !== lineOf(again[index]));
    const at = differs < 0 && again.length > before.length ? before.length : differs;
    if (at >= 0) changed.push(`cut ${clockText(cut)}: ${before[at]} became ${JSON.stringify(again[at])}`);
  }
  return { decisions: honest.filter(({ kind }) => DECISIONS.has(kind)).length, compared, changed };
}

/** Half of the instants anywhere, a quarter on a boundary, a quarter just after a decision instant. */
function cutsOf({ starts, intervalMs }: DayCandles): readonly EpochMs[] {
  const chance = streamOf(SEED, 'cuts');
  const first = starts[0] ?? 0;
  const last = (starts.at(-1) ?? 0) + intervalMs;
  return Array.from({ length: CUTS }, (_, index) => {
    const anywhere = first + Math.floor(chance() * (last - first));
    const boundary = anywhere - ((anywhere - first) % MINUTE_MS);
    return epochMs([anywhere, boundary, anywhere, boundary + 1_001][index % 4] ?? anywhere);
  });
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

/** A record as text; the candle that a fill names belongs to the venue, which may see the running minute. */
function lineOf(record: JournalRecord): string {
  if (record.kind !== 'order-filled') return JSON.stringify(record);
  const { fill } = record;
  return JSON.stringify({ ...record, fill: { ...fill, steps: { ...fill.steps, candle: undefined } } });
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
