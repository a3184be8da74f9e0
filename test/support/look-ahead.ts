/** Plays a day, then again with noise after each of many instants, and compares all that came before the instant. */
import { changedBefore, cutsOf, decisionsIn } from '../../cli/own-strategies/look-ahead.ts';
import { noisyAfter } from '../../datasets/synthetic/noisy-day.ts';
import type { JournalRecord } from '../../engine/journal.ts';
import { stamped } from '../../engine/journal.ts';
import type { AgentPlan } from '../../engine/kernel-parts.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { EpochMs } from '../../engine/model/time.ts';
import { clockText } from '../../engine/model/time.ts';
import { eventsOf, play } from './play.ts';

const CUTS = 60;
const SEED = 20;

export interface Looking {
  readonly day: DayCandles;
  /** Whole days before it, the same in both plays. */
  readonly warmUp?: readonly DayCandles[];
  /** Days of the run itself before it. */
  readonly before?: readonly DayCandles[];
  readonly agents: () => readonly AgentPlan[];
}

export function lookAhead(look: Looking): { readonly decisions: number; readonly changed: readonly string[] } {
  const { day, warmUp = [], before = [], agents } = look;
  const honest = play({ days: [...before, day], warmUp, agents: agents() }).records;
  let decisions = 0;
  const changed: string[] = [];
  for (const cut of cutsOf(day, { count: CUTS, seed: SEED })) {
    decisions += decisionsIn(honest.filter(({ ts }) => ts < cut));
    const difference = changedBefore(cut, honest, playUntil(look, noisyAfter(day, cut, NOISE), cut));
    if (difference !== undefined) changed.push(`cut ${clockText(cut)}: ${difference.was} became ${difference.became}`);
  }
  return { decisions, changed };
}

/** The extremes of the running minute decide a tie of stop and target, by rule. */
const NOISE = { seed: SEED, extremes: 'keep' } as const;

/** Only what lies before the instant is fed; a clock tick brings the engine to it. */
function playUntil({ warmUp = [], before = [], agents }: Looking, day: DayCandles, cut: EpochMs): JournalRecord[] {
  const records: JournalRecord[] = [];
  const sink = { write: (...record: Parameters<typeof stamped>) => records.push(stamped(...record)) };
  const { kernel } = play({ days: before, warmUp, agents: agents(), parts: { sink } });
  kernel.play([...eventsOf(day).filter(({ ts }) => ts <= cut), { kind: 'clock-ticked', ts: cut }]);
  return records;
}
