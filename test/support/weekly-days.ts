/** Weeks of hourly bars of an index on candles of a quarter of an hour, with options beside them, for the weekly signals. */
import type { Candle, DayCandles } from '../../engine/model/candle-frame.ts';
import { UNKNOWN } from '../../engine/model/candle-frame.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import { at, clockText, day, dayOf, istTimeOfMinutes } from '../../engine/model/time.ts';
import { weeklySignals } from '../../strategies/weekly-signals.ts';
import type { Played, PlayOptions } from './play.ts';
import { agentPlan, play } from './play.ts';
import { tape } from './tape.ts';
import { recordsOf } from './tell.ts';
import type { HourBar } from './weekly-reference.ts';

const OPENS_AT = 555;

/** More cells of a tape by the start of a quarter of an hour. */
export type Cells = Readonly<Record<string, string>>;

export interface WeeklyOptions {
  /** Close of the session before, rupees: where the first bar opens that is told by its close alone. */
  readonly from?: number;
  readonly cells?: Cells;
  readonly index?: Underlying;
}

/**
 * Hours from 09:15 on, rupees: `open/high/low/close`, or a close alone for a bar without wicks from the close before it. The index stands still
 * after the last one. An hour opens, turns at its extremes and closes within its first quarter and stands still for the rest.
 */
export function weeklyDay(
  on: string,
  hours: string,
  { from, cells = {}, index = 'NIFTY' }: WeeklyOptions = {},
): DayCandles {
  const lines = new Map<string, string>();
  for (const { minute, open, high, low, close } of barsOf(on, hours, from))
    lines.set(istTimeOfMinutes(minute), `${index} ${[open, high, low, close].map((price) => price / 100).join(' ')}`);
  for (const [time, text] of Object.entries(cells)) lines.set(time, `${lines.get(time) ?? ''} ${text}`);
  const rows = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([time, text]) => `${time} ${text}`);
  return tape`${[`${on} every 15m`, ...rows].join('\n')}`;
}

/** The same hours as plain bars, as many as were told. */
export function barsOf(on: string, hours: string, from?: number): readonly HourBar[] {
  let last = from;
  return hours
    .trim()
    .split(/\s+/)
    .map((word, place) => {
      const told = word.split('/').map(Number);
      const [only = 0] = told;
      const [open = only, high = only, low = only, close = only] =
        told.length === 4 ? told : [last ?? only, Math.max(last ?? only, only), Math.min(last ?? only, only), only];
      last = close;
      return { day: on, minute: OPENS_AT + 60 * place, ...inPaise({ open, high, low, close }) };
    });
}

/** The same hours as the engine's candles. */
export function hoursOf(on: string, hours: string, from?: number): readonly Candle[] {
  return barsOf(on, hours, from).map(({ minute, open, high, low, close }) => ({
    start: at(day(on), istTimeOfMinutes(minute)),
    open,
    high,
    low,
    close,
    volume: UNKNOWN,
    oi: UNKNOWN,
  }));
}

function inPaise<Name extends string>(prices: Record<Name, number>): Record<Name, number> {
  const paise = { ...prices };
  for (const name of Object.keys(prices) as Name[]) paise[name] = Math.round(prices[name] * 100);
  return paise;
}

/** Sessions of the week of 6 January 2025; the week after it is whole as well. */
export const WEEK = ['2025-01-06', '2025-01-07', '2025-01-08', '2025-01-09', '2025-01-10'] as const;

/**
 * A week that ends near its low. Its candles of four hours lie between 23,050 and 23,450 with wicks to 23,000 and 23,500, so by pencil the upper
 * zone is 23,450 to 23,500, the lower one 23,000 to 23,050, both margins are 150 points and the bias is bullish: the close of 23,080 is 370 points
 * from 23,450 and 30 from 23,050.
 */
export function bullishWeek([monday = '', ...rest]: readonly string[] = WEEK): readonly DayCandles[] {
  return [
    weeklyDay(monday, '23200/23500/23180/23400 23420 23440 23450 23400 23350 23300'),
    ...rest.slice(0, -1).map((each) => weeklyDay(each, '23300')),
    weeklyDay(rest.at(-1) ?? '', '23200 23100 23060 23060/23060/23000/23050 23060 23070 23080', { from: 23_300 }),
  ];
}

/** The same week the other way round: its close of 23,420 is 30 points from 23,450, so the bias is bearish. */
export function bearishWeek(high = 23_500): readonly DayCandles[] {
  return [
    weeklyDay(WEEK[0], '23300/23320/23000/23100 23080 23060 23050 23100 23150 23200'),
    ...WEEK.slice(1, -1).map((each) => weeklyDay(each, '23200')),
    weeklyDay(WEEK[4], `23300 23400 23440 23440/${high}/23440/23450 23440 23430 23420`, { from: 23_200 }),
  ];
}

/** Options of strikes in a row at one price, rupees. */
export function chain(right: 'PE' | 'CE', from: number, to: number, price: number): string {
  const strikes = Array.from({ length: (to - from) / 50 + 1 }, (_, at) => from + 50 * at);
  return strikes.map((strike) => `${strike}${right} ${price}`).join(' ');
}

export interface WeeklyPlay extends Partial<PlayOptions> {
  readonly segment?: 'NIFTY' | 'BANKNIFTY' | 'SENSEX';
}

/** The strategy on some days. */
export function weekly(
  days: readonly DayCandles[],
  params: Record<string, unknown> = {},
  { segment = 'NIFTY', ...rest }: WeeklyPlay = {},
): Played {
  return play({ days, agents: [agentPlan(weeklySignals, segment, params)], ...rest });
}

/** One line an order of an entry: when it was asked for, and which contract. */
export function entries(played: Played): readonly string[] {
  return recordsOf(played, 'order-placed')
    .filter(({ purpose }) => purpose === 'entry')
    .map(
      ({ ts, side, contract }) =>
        `${dayOf(ts).slice(5)} ${clockText(ts)} ${side} ${contract.replace('NIFTY 2025-', '')}`,
    );
}

/** One line a signal that used up its week: taken, or the gate. */
export function signals(played: Played): readonly string[] {
  return recordsOf(played, 'signal')
    .filter(({ seen }) => seen['level'] !== undefined)
    .map(({ ts, name, gate }) => `${dayOf(ts).slice(5)} ${clockText(ts)} ${name} ${gate ?? 'taken'}`);
}
