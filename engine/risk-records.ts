import type { Unstamped } from './journal.ts';
import type { Day } from './model/time.ts';
import type { Recorder } from './recorder.ts';
import type { DayCap, RiskAct } from './risk/risk-view.ts';

/** What the journal says of an act of the RMS. */
export function actRecord({ rule, scope, act, limit, value, reason }: RiskAct): Unstamped {
  return { kind: 'rms-acted', rule, scope, act, limit: limit ?? null, value: value ?? null, reason };
}

/** Journals the loss caps of a day: as they were set in the morning, or with what the worst loss left of them in the end. */
export function recordCaps(
  recorder: Recorder,
  kind: 'day-cap-set' | 'day-cap-left',
  { day, caps }: { readonly day: Day; readonly caps: readonly DayCap[] },
): void {
  for (const { scope, cap, worst, remaining } of caps) recorder.out({ kind, day, scope, cap, worst, remaining });
}
