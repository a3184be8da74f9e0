import type { TraceValue } from '../../engine/journal.ts';
import type { PlayOptions } from './play.ts';
import { play } from './play.ts';

export interface Traced {
  readonly ts: number;
  readonly kind: string;
  readonly values: Readonly<Record<string, TraceValue>>;
}

/** All that the agents of a run wrote to their trace. */
export function tracesOf(options: PlayOptions): readonly Traced[] {
  const traced: Traced[] = [];
  play({ ...options, parts: { trace: { write: (ts, _agent, kind, values) => traced.push({ ts, kind, values }) } } });
  return traced;
}
