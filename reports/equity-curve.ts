import type { MoneyMinutes } from '../engine/journal.ts';
import { FINE_PER_PAISA } from '../engine/model/levies.ts';
import type { Day, EpochMs } from '../engine/model/time.ts';
import { DAY_MS, dayOf, IST_OFFSET_MS } from '../engine/model/time.ts';
import type { StructureRow } from './round-trips.ts';

/** Net profit since the run began, fine paise, at rising instants. */
export interface Curve {
  readonly ts: ArrayLike<number>;
  readonly net: ArrayLike<number>;
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
  // Columns of the greatest length that they can have: a list of numbers takes twice the room while it grows.
  const ts = new Float64Array(money.ts.length + days.length);
  const net = new Float64Array(ts.length);
  let points = 0;
  walkMarked(money, days, (at, value) => {
    ts[points] = at;
    net[points] = value;
    points += 1;
  });
  return { ts: ts.subarray(0, points), net: net.subarray(0, points) };
}

/** What a summary says of the marked curve, which it does not keep. */
export function markedFigures(
  money: MoneyMinutes,
  days: readonly DayRounding[],
): { readonly ranges: ReadonlyMap<Day, DayRange>; readonly drawdowns: readonly Drawdown[] } {
  const ranges = new RangeFinder();
  const falls = new FallFinder('intraday MTM');
  walkMarked(money, days, (at, net) => {
    ranges.take(at, net);
    falls.take(at, net);
  });
  return { ranges: ranges.end(), drawdowns: falls.end() };
}

/** Shows the points of the marked curve one after another. */
function walkMarked(money: MoneyMinutes, days: readonly DayRounding[], show: (at: number, net: number) => void): void {
  const gross = new Float64Array(money.agents.length);
  const charges = new Float64Array(money.agents.length);
  let rounding = 0;
  let nextDay = 0;
  const closeDays = (before: number): void => {
    for (let day = days[nextDay]; day !== undefined && day.at < before; nextDay += 1, day = days[nextDay]) {
      rounding += day.rounding;
      show(day.at, day.gross * FINE_PER_PAISA - day.charges - rounding);
    }
  };
  for (let row = 0; row < money.ts.length; row += 1) {
    const at = money.ts[row] ?? 0;
    const agent = money.agent[row] ?? 0;
    closeDays(at);
    gross[agent] = money.gross[row] ?? 0;
    charges[agent] = money.charges[row] ?? 0;
    if (money.ts[row + 1] === at) continue;
    show(at, total(gross) * FINE_PER_PAISA - total(charges) - rounding);
  }
  closeDays(Number.POSITIVE_INFINITY);
}

/** Falls of the net of the closed structures one after another, without the roundings of the notes. */
export function closedDrawdowns(structures: readonly StructureRow[]): readonly Drawdown[] {
  const falls = new FallFinder('closed trades');
  let sum = 0;
  for (const structure of structures) {
    sum += structure.net;
    falls.take(structure.closedAt, sum);
  }
  return falls.end();
}

/** Falls of less than a rupee are roundings of contract notes, not drawdowns. */
const FALL_MIN = 100 * FINE_PER_PAISA;

/** Finds every fall of a curve that begins at zero. */
class FallFinder {
  readonly #basis: Drawdown['basis'];
  readonly #found: Drawdown[] = [];
  #begun = false;
  #peak = 0;
  #peakAt = 0;
  #trough = 0;
  #troughAt = 0;

  constructor(basis: Drawdown['basis']) {
    this.#basis = basis;
  }

  take(ts: number, net: number): void {
    if (!this.#begun) [this.#begun, this.#peakAt, this.#troughAt] = [true, ts, ts];
    if (net >= this.#peak) {
      this.#note(ts as EpochMs);
      this.#peak = net;
      this.#peakAt = ts;
      this.#trough = net;
      this.#troughAt = ts;
    } else if (net < this.#trough) {
      this.#trough = net;
      this.#troughAt = ts;
    }
  }

  /** Deepest first; equal depths by time. */
  end(): readonly Drawdown[] {
    this.#note(null);
    return this.#found.sort((a, b) => b.depth - a.depth || a.peakAt - b.peakAt || a.troughAt - b.troughAt);
  }

  #note(recoveredAt: EpochMs | null): void {
    const depth = this.#peak - this.#trough;
    if (depth < FALL_MIN) return;
    const [peakAt, troughAt] = [this.#peakAt as EpochMs, this.#troughAt as EpochMs];
    this.#found.push({ basis: this.#basis, peakAt, troughAt, recoveredAt, depth, peak: this.#peak });
  }
}

/** Highest and lowest net of each day against the day's beginning, and when; a day is at 0 when it begins. */
export interface DayRange {
  readonly high: number;
  readonly low: number;
  readonly highAt: EpochMs | null;
  readonly lowAt: EpochMs | null;
}

/** Finds the range of each day; names of days are made once a day, not once a minute. */
class RangeFinder {
  readonly #ranges = new Map<Day, DayRange>();
  #today = 0;
  #end = Number.NEGATIVE_INFINITY;
  /** Net at the end of the day before, and at the last point. */
  #start = 0;
  #last = 0;
  #high = 0;
  #low = 0;
  #highAt: number | null = null;
  #lowAt: number | null = null;

  take(ts: number, net: number): void {
    if (ts >= this.#end) this.#turn(ts);
    const moved = net - this.#start;
    if (moved > this.#high) {
      this.#high = moved;
      this.#highAt = ts;
    } else if (moved < this.#low) {
      this.#low = moved;
      this.#lowAt = ts;
    }
    this.#last = net;
  }

  end(): ReadonlyMap<Day, DayRange> {
    this.#turn(Number.POSITIVE_INFINITY);
    return this.#ranges;
  }

  #turn(ts: number): void {
    if (this.#end !== Number.NEGATIVE_INFINITY) {
      const [highAt, lowAt] = [this.#highAt as EpochMs | null, this.#lowAt as EpochMs | null];
      this.#ranges.set(dayOf(this.#today as EpochMs), { high: this.#high, low: this.#low, highAt, lowAt });
    }
    this.#today = ts;
    this.#end = nextMidnight(ts as EpochMs);
    this.#start = this.#last;
    this.#high = 0;
    this.#low = 0;
    this.#highAt = null;
    this.#lowAt = null;
  }
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
  // One agent is the common case, asked for each minute.
  return values.length === 1 ? (values[0] ?? 0) : values.reduce((sum, value) => sum + value, 0);
}
