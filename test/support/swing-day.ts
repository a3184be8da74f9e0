/** Days of options whose bars are told as high/low/close, for the strategy that sells the break of their swing lows. */
import type { TraceValue } from '../../engine/journal.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { clockText, istTimeOfMinutes } from '../../engine/model/time.ts';
import { swingBreak } from '../../strategies/swing-break.ts';
import type { Played, PlayOptions } from './play.ts';
import { agentPlan, play } from './play.ts';
import { tape } from './tape.ts';

const OPENS_AT = 555;

/**
 * An option that trades a hundred million units at 100 in its first minute and twenty thousand in each other. By pencil: a low of 100 (bar 0, told by
 * bar 2) at its VWAP, a high of 130 (bar 3, by bar 5), and a low of 120 (bar 6, by bar 8, which ends at 09:24) far above the VWAP of 100.02.
 * The highest high since is 129, so the stop belongs at 130: ten rupees, 8.3 %.
 */
export const LOW_AT_120 =
  '100/100/100*100000000 110/100/110 120/110/120 130/126/130 128/124/125 126/122/123 124/120/121 127/121/125 129/124/128';

/** That shape so many rupees higher or lower, and with another high after its low. */
export function lowShape(by: number, lastHigh = 129): string {
  return LOW_AT_120.replace('129/124/128', `${lastHigh}/124/128`)
    .split(' ')
    .map((bar) => {
      const [prices = '', volume] = bar.split('*');
      const moved = prices.split('/').map((price) => (Number(price) + by).toFixed(2));
      return volume === undefined ? moved.join('/') : `${moved.join('/')}*${volume}`;
    })
    .join(' ');
}

interface DayShape {
  /** First line of the tape. */
  readonly head?: string;
  readonly index?: string;
  /** Bars of each option by its name on a tape, from 09:15 on: `high/low/close`, `*` and a volume, `-` for none. */
  readonly options: Readonly<Record<string, string>>;
  /** More cells by the start of a minute. */
  readonly cells?: Readonly<Record<string, string>>;
}

export function swingDay({ head = '2025-01-06', index = 'NIFTY 23000', options, cells = {} }: DayShape): DayCandles {
  const lines = new Map<string, string>([['09:15', index]]);
  for (const [name, bars] of Object.entries(options)) {
    let last: number | undefined;
    for (const [at, bar] of bars.split(/\s+/).entries()) {
      const time = istTimeOfMinutes(OPENS_AT + at);
      const { text, close } = cellOf(bar, last);
      last = close ?? last;
      lines.set(time, `${lines.get(time) ?? ''} ${name} ${text}`);
    }
  }
  for (const [time, text] of Object.entries(cells)) lines.set(time, `${lines.get(time) ?? ''} ${text}`);
  const rows = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([time, text]) => `${time} ${text}`);
  return tape`${[head, ...rows].join('\n')}`;
}

/** Opens where the bar before closed, or as near to it as its range lets it. */
function cellOf(bar: string, last: number | undefined): { readonly text: string; readonly close: number | undefined } {
  if (bar === '-') return { text: '-', close: undefined };
  const [prices = '', volume = '20000'] = bar.split('*');
  const [high = 0, low = 0, close = 0] = prices.split('/').map(Number);
  const open = Math.min(high, Math.max(low, last ?? close));
  return { text: `${open} ${high} ${low} ${close} v${volume}`, close };
}

export interface TraceLine {
  readonly time: string;
  readonly values: Readonly<Record<string, TraceValue>>;
}

export interface SwingPlayed extends Played {
  readonly trace: readonly TraceLine[];
}

/** The strategy on one such day of NIFTY, or on several days, with its trace. */
export function swing(
  days: DayCandles | readonly DayCandles[],
  params: Record<string, unknown> = {},
  { segment = 'NIFTY', parts, ...rest }: Partial<PlayOptions> & { readonly segment?: 'NIFTY' | 'BANKNIFTY' } = {},
): SwingPlayed {
  const trace: TraceLine[] = [];
  const list = Array.isArray(days) ? (days as readonly DayCandles[]) : [days as DayCandles];
  const played = play({
    days: list,
    agents: [agentPlan(swingBreak, segment, params)],
    parts: {
      trace: {
        write: (ts, _agent, kind, values) => {
          if (kind === swingBreak.name) trace.push({ time: clockText(ts).slice(0, 5), values });
        },
      },
      ...parts,
    },
    ...rest,
  });
  return { ...played, trace };
}
