/** Days of five-minute index candles without wicks, told by their moves, with the options that are bought on them. */
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { istTimeOfMinutes } from '../../engine/model/time.ts';
import { rsiStrength } from '../../strategies/rsi-strength.ts';
import type { Played, PlayOptions } from './play.ts';
import { agentPlan, play } from './play.ts';
import { tape } from './tape.ts';

const OPENS_AT = 555;

/**
 * Sixteen candles from 23,000 on, then one the other way: price strength crosses volume strength with the candle 10:35, by a second
 * calculation 42.14 over 40.23 (and mirrored), the RSI beyond both at 48.46. The index then stands at 22,910 (23,090).
 */
export const TO_CALL: readonly number[] = [0, 20, ...Array.from({ length: 14 }, () => -10), 30];
export const TO_PUT: readonly number[] = TO_CALL.map((move) => -move);

interface DayShape {
  /** First line of the tape. */
  readonly head?: string;
  readonly index?: string;
  readonly from?: number;
  /** Change of the index in each candle from 09:15 on, points; the index stands still after the last. */
  readonly moves: readonly number[];
  /** Cells of options, by the start of a candle. */
  readonly cells?: Readonly<Record<string, string>>;
  readonly everyMinutes?: number;
}

export function strengthDay(shape: DayShape): DayCandles {
  const { head = '2025-01-06', index = 'NIFTY', from = 23_000, moves, cells = {}, everyMinutes = 5 } = shape;
  const lines = new Map<string, string>();
  let last = from;
  moves.forEach((move, at) => {
    const close = last + move;
    const prices = [last, Math.max(last, close), Math.min(last, close), close].join(' ');
    lines.set(istTimeOfMinutes(OPENS_AT + at * everyMinutes), `${index} ${prices}`);
    last = close;
  });
  for (const [time, text] of Object.entries(cells)) lines.set(time, `${lines.get(time) ?? ''} ${text}`);
  const rows = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([time, text]) => `${time} ${text}`);
  return tape`${[`${head} every ${everyMinutes}m`, ...rows].join('\n')}`;
}

/** The strategy on one such day of NIFTY, or on several days. */
export function strength(
  days: DayCandles | readonly DayCandles[],
  params: Record<string, unknown> = {},
  options: Partial<PlayOptions> & { readonly segment?: 'NIFTY' | 'BANKNIFTY' | 'SENSEX' } = {},
): Played {
  const { segment = 'NIFTY', ...rest } = options;
  const list = Array.isArray(days) ? (days as readonly DayCandles[]) : [days as DayCandles];
  return play({ days: list, agents: [agentPlan(rsiStrength, segment, params)], ...rest });
}
