import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSpreads } from '../../adapters/reference-files.ts';
import { stamped } from '../../engine/journal.ts';
import { atmStraddle } from '../../strategies/atm-straddle.ts';
import { anyMarket } from '../support/any-script.ts';
import { agentPlan, play } from '../support/play.ts';
import type { MarketShape } from '../support/random-market.ts';
import { randomDay } from '../support/random-market.ts';
import { referenceSpreads } from '../support/reference-spreads.ts';
import { referenceDayOf, shortened, shortSession } from '../support/short-day.ts';
import { cases, isSoak } from '../support/soak.ts';
import { referenceRun } from '../support/straddle-reference.ts';
import type { StraddleTrade } from '../support/straddle-trades.ts';
import { tradesOfJournal, tradesOfReference } from '../support/straddle-trades.ts';

const numRuns = cases({ ci: 40, soak: 5_000 });
const timeout = isSoak ? 1_800_000 : 120_000;

/** The second reference knows the market orders of the years before brokers turned them into limits. */
const anyEarlyMarket = anyMarket.filter(({ date }) => date < '2026-04-01');

describe('the engine and the second reference', { timeout }, () => {
  test('agree on every trade of random sessions of 50 minutes to the paisa', () => {
    fc.assert(
      fc.property(anyEarlyMarket, (shape) => {
        const { engine, reference } = bothOn(shape);
        expect(engine).toEqual(reference);
      }),
      { numRuns },
    );
  });

  test.for([
    // The underlying's gap and the disaster stop in one instant: the underlying comes first.
    [
      'SHIFT',
      {
        seed: 999_991,
        date: '2025-01-02',
        underlying: 'NIFTY',
        strikesEachSide: 2,
        missingPct: 40,
        indexMissingPct: 0,
        jumpPct: 30,
        wildPct: 30,
        volume: 'deep',
      },
    ],
    // A sale that waits for volume is called back when the other leg leaves.
    [
      'SHIFT',
      {
        seed: 146_757,
        date: '2025-09-03',
        underlying: 'SENSEX',
        strikesEachSide: 3,
        missingPct: 10,
        indexMissingPct: 0,
        jumpPct: 0,
        wildPct: 30,
        volume: 'mixed',
      },
    ],
    // The running minute had passed the spot guard before it was laid.
    [
      'SHIFT',
      {
        seed: 9_960,
        date: '2025-09-03',
        underlying: 'SENSEX',
        strikesEachSide: 3,
        missingPct: 10,
        indexMissingPct: 0,
        jumpPct: 30,
        wildPct: 30,
        volume: 'mixed',
      },
    ],
    // An exit that found no volume was changed 25 times and replaced.
    [
      'SHIFT',
      {
        seed: 5,
        date: '2025-01-02',
        underlying: 'NIFTY',
        strikesEachSide: 3,
        missingPct: 0,
        indexMissingPct: 0,
        jumpPct: 30,
        wildPct: 0,
        volume: 'thin',
      },
    ],
    [
      'SL',
      {
        seed: 906_762,
        date: '2023-04-10',
        underlying: 'BANKNIFTY',
        strikesEachSide: 3,
        missingPct: 0,
        indexMissingPct: 15,
        jumpPct: 30,
        wildPct: 0,
        volume: 'thin',
      },
    ],
    // The widest chase reaches the exchange's band, and the limit stays within it.
    [
      'SL',
      {
        seed: 833_931,
        date: '2025-01-02',
        underlying: 'NIFTY',
        strikesEachSide: 3,
        missingPct: 0,
        indexMissingPct: 0,
        jumpPct: 30,
        wildPct: 5,
        volume: 'thin',
      },
    ],
  ] satisfies (readonly [string, MarketShape])[])('agree where they once parted: %s on %o', ([reason, shape]) => {
    const { engine, reference } = bothOn(shape);
    expect(engine).toEqual(reference);
    expect(engine.map((trade) => trade.reason)).toContain(reason);
  });
});

function bothOn(shape: MarketShape): { engine: readonly StraddleTrade[]; reference: readonly StraddleTrade[] } {
  const day = shortened(randomDay(shape), 50);
  const records: Parameters<typeof tradesOfJournal>[0][number][] = [];
  const { kernel } = play({
    days: [],
    agents: [agentPlan(atmStraddle, shape.underlying)],
    parts: { spreads: readSpreads(), sink: { write: (stamp, record) => records.push(stamped(stamp, record)) } },
  });
  kernel.play(shortSession(day));
  // A contract that trades no more in the last ten minutes stays open; the engine counts it when it settles.
  const option = day.instruments.find((instrument) => instrument.kind === 'option');
  const spread = referenceSpreads(option?.kind === 'option' ? option.expiry : '');
  const closed = referenceRun(referenceDayOf(day), { spread }).trades.filter(({ reason }) => reason !== 'OPEN');
  return { engine: tradesOfJournal(records), reference: tradesOfReference(closed) };
}
