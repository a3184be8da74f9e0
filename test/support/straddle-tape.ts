/** Days of the straddle strategies: minute by minute the index and both options at its money, and the far options of a Batman beside them. */
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { istTimeOfMinutes } from '../../engine/model/time.ts';
import type { TraceSink } from '../../engine/ports.ts';
import type { StrategyDefinition, TraceValue, Underlying } from '../../engine/strategy.ts';
import type { Played, PlayOptions } from './play.ts';
import { agentPlan, play } from './play.ts';
import { tape } from './tape.ts';

/** One minute: the level of the index, and the straddle of 23,000, half of it each option's; more cells as a tape writes them. */
export type Step = readonly [level: number, straddle: number, more?: string];

/**
 * What a Batman around 23,000 to 23,110 is made of, bought at 60 and sold at 20, and the money nearby: the straddle of 23,050 and of 22,950 at
 * 195, of 23,100 and of 22,900 at 190.
 */
export const FAR =
  '23300CE 60 23350CE 60 23400CE 60 23600CE 20 23650CE 20 23700CE 20 22700PE 60 22750PE 60 22800PE 60 22450PE 20 22500PE 20 22550PE 20 ' +
  '23050CE 80 23050PE 115 22950CE 115 22950PE 80 23100CE 60 23100PE 130 22900CE 130 22900PE 60';

/** A day from 09:15 on; after its last step everything stays as it is. */
export function straddleDay(steps: readonly Step[], { far = FAR, head = '', from = '09:15' } = {}): DayCandles {
  const [hours = 9, minutes = 15] = from.split(':').map(Number);
  const lines = steps.map(([level, straddle, more = ''], place) => {
    const time = istTimeOfMinutes(hours * 60 + minutes + place);
    const half = Math.round(straddle * 10) / 20;
    return `${time} NIFTY ${level} 23000CE ${half} 23000PE ${Math.round((straddle - half) * 100) / 100} ${place === 0 ? `${far} ` : ''}${more}`;
  });
  return tape`
    ${[head, ...lines].filter((line) => line !== '').join('\n')}
  `;
}

/** The same minute again and again. */
export function again(count: number, step: Step): readonly Step[] {
  return Array.from({ length: count }, () => step);
}

export interface TraceLine {
  readonly ts: number;
  readonly agent: string;
  readonly kind: string;
  readonly values: Readonly<Record<string, TraceValue>>;
}

/** Plays a strategy of these, on NIFTY where nothing else is said, entries at the market and windows of three values, and keeps its trace. */
export function onStraddle<Params>(
  definition: StrategyDefinition<Params>,
  day: DayCandles,
  params: Record<string, unknown> = {},
  { segment = 'NIFTY', ...options }: Partial<PlayOptions> & { readonly segment?: Underlying } = {},
): Played & { readonly trace: readonly TraceLine[] } {
  const lines: TraceLine[] = [];
  const trace: TraceSink = {
    write: (ts, agent, kind, values) => lines.push({ ts, agent, kind, values: structuredClone(values) }),
  };
  const all = { pivotWindow: 3, entryOrder: 'market', ...params };
  const { parts = {}, ...others } = options;
  const agents = [agentPlan(definition, segment, all)];
  return { ...play({ days: [day], agents, ...others, parts: { ...parts, trace } }), trace: lines };
}
