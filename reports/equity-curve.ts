import type { MoneyMinutes } from '../engine/journal.ts';
import { FINE_PER_PAISA } from '../engine/model/levies.ts';
import type { Day, EpochMs } from '../engine/model/time.ts';
import { DAY_MS, dayOf, IST_OFFSET_MS } from '../engine/model/time.ts';
import type { StructureRow } from './round-trips.ts';

/** Net profit since the run began, fine paise, at rising instants. */
export interface Curve {
  readonly ts: readonly number[];
  readonly net: readonly number[];
}

/** A fall of a curve from a peak to its lowest point, and back to the peak where it came back. Depth in fine paise, positive. */
export interface Drawdown {
  readonly basis: 'intraday MTM' | 'closed trades';
  readonly peakAt: EpochMs;
  readonly troughAt: EpochMs;
  readonly recoveredAt: EpochMs | null;
  readonly depth: number;
  /** Net at the peak, fine paise; the capital is not part of it. */
  readonly peak: number;
}

/** What the note of a day added to the charges of its orders, and when the books of the day were closed. */
export interface DayRounding {
  readonly day: Day;
  readonly rounding: number;
  readonly at: EpochMs;
  /** Gross since the run began, paise, and charges since then without roundings, fine paise. */
  readonly gross: number;
  readonly charges: number;
}

/** Net of all agents together at each marked minute, ending each day at its closed books. */
export function markedCurve(money: MoneyMinutes, days: readonly DayRounding[]): Curve {
  const ts: number[] = [];
  const net: number[] = [];
  const gross = new Float64Array(money.agents.length);
  const charges = new Float64Array(money.agents.length);
  let rounding = 0;
  let nextDay = 0;
  const closeDays = (before: number): void => {
    for (let day = days[nextDay]; day !== undefined && day.at < before; nextDay += 1, day = days[nextDay]) {
      rounding += day.rounding;
      ts.push(day.at);
      net.push(day.gross * FINE_PER_PAISA - day.charges - rounding);
    }
  };
  for (let row = 0; row < money.ts.length; row += 1) {
    const at = money.ts[row] ?? 0;
    const agent = money.agent[row] ?? 0;
    closeDays(at);
    gross[agent] = money.gross[row] ?? 0;
    charges[agent] = money.charges[row] ?? 0;
    if (money.ts[row + 1] === at) continue;
    ts.push(at);
    net.push(total(gross) * FINE_PER_PAISA - total(charges) - rounding);
  }
  closeDays(Number.POSITIVE_INFINITY);
  return { ts, net };
}

/** Net of the closed structures one after another, without the roundings of the notes. */
export function closedCurve(structures: readonly StructureRow[]): Curve {
  let sum = 0;
  return {
    ts: structures.map((structure) => structure.closedAt),
    net: structures.map((structure) => {
      sum += structure.net;
      return sum;
    }),
  };
}

/** Falls of less than a rupee are roundings of contract notes, not drawdowns. */
const FALL_MIN = 100 * FINE_PER_PAISA;

/** Every fall of a curve that begins at zero, deepest first; equal depths by time. */
export function drawdownsOf(curve: Curve, basis: Drawdown['basis']): readonly Drawdown[] {
  const found: Drawdown[] = [];
  let peak = 0;
  let peakAt = (curve.ts[0] ?? 0) as EpochMs;
  let trough = 0;
  let troughAt = peakAt;
  const end = (recoveredAt: EpochMs | null): void => {
    if (peak - trough >= FALL_MIN) found.push({ basis, peakAt, troughAt, recoveredAt, depth: peak - trough, peak });
  };
  curve.net.forEach((value, at) => {
    const ts = (curve.ts[at] ?? 0) as EpochMs;
    if (value >= peak) {
      end(ts);
      peak = value;
      peakAt = ts;
      trough = value;
      troughAt = ts;
    } else if (value < trough) {
      trough = value;
      troughAt = ts;
    }
  });
  end(null);
  return found.sort((a, b) => b.depth - a.depth || a.peakAt - b.peakAt || a.troughAt - b.troughAt);
}

/** Highest and lowest net of each day against the day's beginning, and when; a day is at 0 when it begins. */
export interface DayRange {
  readonly high: number;
  readonly low: number;
  readonly highAt: EpochMs | null;
  readonly lowAt: EpochMs | null;
}

export function dayRanges({ ts, net }: Curve): ReadonlyMap<Day, DayRange> {
  const ranges = new Map<Day, DayRange>();
  let start = 0;
  let first = 0;
  while (first < ts.length) {
    // Names of days are made once a day, not once a minute.
    const today = (ts[first] ?? 0) as EpochMs;
    const end = nextMidnight(today);
    let after = first;
    let [high, low, highAt, lowAt]: [number, number, number | null, number | null] = [0, 0, null, null];
    for (; after < ts.length && (ts[after] ?? 0) < end; after += 1) {
      const moved = (net[after] ?? 0) - start;
      if (moved > high) [high, highAt] = [moved, ts[after] ?? 0];
      else if (moved < low) [low, lowAt] = [moved, ts[after] ?? 0];
    }
    ranges.set(dayOf(today), { high, low, highAt: highAt as EpochMs | null, lowAt: lowAt as EpochMs | null });
    start = net[after - 1] ?? 0;
    first = after;
  }
  return ranges;
}

/** Minutes of each day in which money was marked, rising by day. */
export function minutesByDay({ ts }: Pick<MoneyMinutes, 'ts'>): ReadonlyMap<Day, number> {
  const counts = new Map<Day, number>();
  let first = 0;
  while (first < ts.length) {
    const today = (ts[first] ?? 0) as EpochMs;
    const end = nextMidnight(today);
    let [after, minutes] = [first, 0];
    for (; after < ts.length && (ts[after] ?? 0) < end; after += 1) if (ts[after] !== ts[after - 1]) minutes += 1;
    counts.set(dayOf(today), minutes);
    first = after;
  }
  return counts;
}

function nextMidnight(ts: EpochMs): number {
  return (Math.floor((ts + IST_OFFSET_MS) / DAY_MS) + 1) * DAY_MS - IST_OFFSET_MS;
}

/** Share of the marked minutes in which something was held. */
export function shareInMarket(money: MoneyMinutes): number | null {
  let minutes = 0;
  let held = 0;
  let open = false;
  for (let row = 0; row < money.ts.length; row += 1) {
    open ||= (money.openLots[row] ?? 0) > 0;
    if (money.ts[row + 1] === money.ts[row]) continue;
    minutes += 1;
    if (open) held += 1;
    open = false;
  }
  return minutes === 0 ? null : held / minutes;
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
