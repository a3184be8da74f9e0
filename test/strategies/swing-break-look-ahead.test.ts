import { describe, expect, test } from 'vitest';
import { changedBefore, cutsOf, decisionsIn } from '../../cli/own-strategies/look-ahead.ts';
import { noisyAfter } from '../../datasets/synthetic/noisy-day.ts';
import type { JournalRecord } from '../../engine/journal.ts';
import { stamped } from '../../engine/journal.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { EpochMs } from '../../engine/model/time.ts';
import { clockText } from '../../engine/model/time.ts';
import { swingBreak } from '../../strategies/swing-break.ts';
import { agentPlan, eventsOf, play } from '../support/play.ts';
import { cases, isSoak } from '../support/soak.ts';
import { syntheticDay } from '../support/synthetic-day.ts';
import { fills, recordsOf } from '../support/tell.ts';

const CUTS = cases({ ci: 25, soak: 1_000 });
const SEED = 21;

/** Wide filters, so that a synthetic day has many candidates of every kind. */
const WIDE = {
  priceMin: 5,
  priceMax: 2_000,
  entryLimitOffset: 1,
  vwapPremium: 0,
  slPctMin: 0,
  slPctMax: 0.9,
  dayTargetR: 1_000,
  dayLossR: 1_000,
};

describe('what comes after a minute changes nothing before it', { timeout: isSoak ? 1_800_000 : 120_000 }, () => {
  test.for([
    ['minute-close', 'confirmed'],
    ['quote', 'immediate'],
  ] as const)('looking at each %s, updates %s', ([evaluateOn, swingUpdate]) => {
    const day = syntheticDay('2025-03-06', ['NIFTY']);
    const agents = [agentPlan(swingBreak, 'NIFTY', { ...WIDE, evaluateOn, swingUpdate })];
    const honest = play({ days: [day], agents });
    expect(recordsOf(honest, 'signal').filter(({ taken }) => taken).length).toBeGreaterThan(5);
    expect(fills(honest).split('\n').length).toBeGreaterThan(5);
    const changed: string[] = [];
    let compared = 0;
    for (const cut of cutsOf(day, { count: CUTS, seed: SEED })) {
      compared += decisionsIn(honest.records.filter(({ ts }) => ts < cut));
      const noisy = noisyAfter(day, cut, { seed: SEED, extremes: 'replace' });
      const difference = changedBefore(cut, honest.records, playUntil(noisy, cut, agents));
      if (difference !== undefined)
        changed.push(`cut ${clockText(cut)}: ${difference.was} became ${difference.became}`);
    }
    expect(changed).toEqual([]);
    expect(compared).toBeGreaterThan(1_000);
  });
});

/** Only what lies before the instant is fed; a clock tick brings the engine to it. */
function playUntil(day: DayCandles, cut: EpochMs, agents: Parameters<typeof play>[0]['agents']): JournalRecord[] {
  const records: JournalRecord[] = [];
  const { kernel } = play({
    days: [],
    agents,
    parts: { sink: { write: (stamp, record) => records.push(stamped(stamp, record)) } },
  });
  kernel.play([...eventsOf(day).filter(({ ts }) => ts <= cut), { kind: 'clock-ticked', ts: cut }]);
  return records;
}
