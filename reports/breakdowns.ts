import type { EpochMs } from '../engine/model/time.ts';
import { dayOf, istTimeOf, WEEKDAYS, weekdayOf } from '../engine/model/time.ts';
import { EXIT_WORDS } from './exit-words.ts';
import type { StructureRow, TradeRow } from './round-trips.ts';

/** What one group of a breakdown made; the count stands beside every mean. Gross in paise, the rest in fine paise. */
export interface BreakdownRow {
  readonly label: string;
  readonly count: number;
  readonly wins: number;
  readonly gross: number;
  readonly charges: number;
  readonly net: number;
  readonly best: number;
  readonly worst: number;
  /** Gross had all been held to the square-off, where that is known of each, paise. */
  readonly held: number | null;
}

export interface Breakdown {
  readonly title: string;
  /** What is counted. */
  readonly unit: 'structures' | 'legs';
  readonly rows: readonly BreakdownRow[];
}

type Counted = Pick<StructureRow, 'gross' | 'charges' | 'net'> & { readonly heldGross?: number | null };

/** Weekday, days to expiry and hour of entry over structures; exit reason, side of the chain and distance of the strike over legs. */
export function breakdownsOf(structures: readonly StructureRow[], trades: readonly TradeRow[]): readonly Breakdown[] {
  return [
    over('By weekday of entry', 'structures', structures, (row) => {
      const weekday = weekdayOf(dayOf(row.openedAt));
      return [weekday, WEEKDAYS[weekday] ?? ''];
    }),
    over('By days to expiry', 'structures', structures, (row) =>
      row.dte === null ? [Number.MAX_SAFE_INTEGER, 'unknown'] : [row.dte, String(row.dte)],
    ),
    over('By hour of entry', 'structures', structures, (row) => hourOf(row.openedAt)),
    over('By exit reason', 'legs', trades, (row) => [EXIT_WORDS[row.reason], EXIT_WORDS[row.reason]]),
    over('By side of the chain', 'legs', trades, (row) => [row.right ?? '', `${row.side} ${row.right ?? 'other'}`]),
    over('By strategy and segment', 'structures', structures, (row) => [row.agent, row.agent]),
    over('By distance of the strike', 'legs', trades, distanceOf),
  ];
}

function over<T extends Counted>(
  title: string,
  unit: Breakdown['unit'],
  rows: readonly T[],
  groupOf: (row: T) => readonly [number | string, string],
): Breakdown {
  const groups = new Map<string, { readonly order: number | string; readonly rows: T[] }>();
  for (const row of rows) {
    const [order, label] = groupOf(row);
    const group = groups.get(label);
    if (group === undefined) groups.set(label, { order, rows: [row] });
    else group.rows.push(row);
  }
  const sorted = [...groups].sort(([a, { order: x }], [b, { order: y }]) => compare(x, y) || compare(a, b));
  return { title, unit, rows: sorted.map(([label, group]) => summed(label, group.rows)) };
}

function summed(label: string, rows: readonly Counted[]): BreakdownRow {
  const nets = rows.map((row) => row.net);
  const held = rows.map((row) => row.heldGross ?? null).filter((value) => value !== null);
  return {
    label,
    count: rows.length,
    wins: nets.filter((net) => net > 0).length,
    gross: rows.reduce((sum, row) => sum + row.gross, 0),
    charges: rows.reduce((sum, row) => sum + row.charges.total, 0),
    net: nets.reduce((sum, net) => sum + net, 0),
    best: nets.reduce((best, net) => Math.max(best, net), Number.NEGATIVE_INFINITY),
    worst: nets.reduce((worst, net) => Math.min(worst, net), Number.POSITIVE_INFINITY),
    held: held.length === rows.length ? held.reduce((sum, value) => sum + value, 0) : null,
  };
}

function hourOf(ts: EpochMs): readonly [string, string] {
  const hour = istTimeOf(ts).slice(0, 2);
  return [hour, `${hour}:00 to ${hour}:59`];
}

/** Upper ends of the groups of a strike's distance out of the money, per cent of the level at entry; what is in the money is negative. */
const DISTANCES: readonly (readonly [number, string])[] = [
  [-1, 'over 1 % in the money'],
  [-0.25, '0.25 to 1 % in the money'],
  [0.25, 'at the money, within 0.25 %'],
  [1, '0.25 to 1 % out of the money'],
  [2, '1 to 2 % out of the money'],
  [4, '2 to 4 % out of the money'],
  [Number.POSITIVE_INFINITY, 'over 4 % out of the money'],
];

function distanceOf({ right, strike, entrySpot }: TradeRow): readonly [number, string] {
  if (right === null || strike === null || entrySpot === null) return [DISTANCES.length, 'unknown'];
  const out = ((right === 'CE' ? strike - entrySpot : entrySpot - strike) / entrySpot) * 100;
  const at = DISTANCES.findIndex(([end]) => out < end);
  return [at, DISTANCES[at]?.[1] ?? ''];
}

function compare(a: number | string, b: number | string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** One month of one year. Net in fine paise; drawdown is the deepest fall of day ends within the month, positive. */
export interface MonthRow {
  readonly year: number;
  readonly month: number;
  readonly days: number;
  readonly net: number;
  readonly drawdown: number;
}

export function monthRows(days: readonly { readonly day: string; readonly net: number }[]): readonly MonthRow[] {
  const months = new Map<string, { days: number; net: number; peak: number; drawdown: number }>();
  for (const { day, net } of days) {
    const key = day.slice(0, 7);
    const month = months.get(key) ?? { days: 0, net: 0, peak: 0, drawdown: 0 };
    month.days += 1;
    month.net += net;
    month.peak = Math.max(month.peak, month.net);
    month.drawdown = Math.max(month.drawdown, month.peak - month.net);
    months.set(key, month);
  }
  return [...months].map(([key, { peak: _, ...month }]) => ({
    year: Number(key.slice(0, 4)),
    month: Number(key.slice(5, 7)),
    ...month,
  }));
}
