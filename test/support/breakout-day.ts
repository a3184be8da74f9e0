/**
 * Five-minute days around 23,000 for strategies that read futures and open interest. The day before trades between 22,960 and 23,060. Today opens
 * with a range of 22,980 to 23,030; the chain stands at 1,000 a contract, so that its put-call ratio is 1, and the future at 10,000.
 */
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { tape } from './tape.ts';

/** A day before with seventy-five candles of one million of volume each. */
export const THE_DAY_BEFORE = tape`
  2025-01-03 every 5m
  09:15 NIFTY 23000 23060 22960 23000  FUT 23050
`;

export interface DayText {
  /** Cells by the start of a candle, put behind those of the frame. */
  readonly cells?: Readonly<Record<string, string>>;
  /** Strikes to either side of 23,000 that are there. */
  readonly strikesEach?: number;
  readonly interest?: string;
  readonly future?: string;
  readonly head?: string;
}

export function breakoutDay({ cells = {}, strikesEach = 12, interest = 'oi1000', ...rest }: DayText = {}): DayCandles {
  const { future = 'FUT 23050 oi10000', head = '2025-01-06 every 5m' } = rest;
  const chain: string[] = [];
  for (let strike = 23_000 - 50 * strikesEach; strike <= 23_000 + 50 * strikesEach; strike += 50)
    chain.push(`${strike}CE 100 ${interest} ${strike}PE 100 ${interest}`);
  const lines: Record<string, string> = {
    '09:15': `NIFTY 23000 23030 22980 23010 ${future} ${chain.join(' ')}`,
  };
  for (const [time, text] of Object.entries(cells)) lines[time] = `${lines[time] ?? ''} ${text}`;
  const rows = Object.entries(lines)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([time, text]) => `${time} ${text}`);
  return tape`${[head, ...rows].join('\n')}`;
}
