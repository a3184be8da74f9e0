import type { DayFactsRecord } from '../engine/journal.ts';
import type { Levies } from '../engine/model/levies.ts';
import { FINE_PER_PAISA, NO_LEVIES, sumOfLevies } from '../engine/model/levies.ts';
import type { Day, EpochMs } from '../engine/model/time.ts';
import { dayOf } from '../engine/model/time.ts';
import type { DayRange, DayRounding } from './equity-curve.ts';
import type { StructureRow, TradeRow } from './round-trips.ts';
import type { RunRecords } from './run-records.ts';

/** One session day of the whole account. Gross in paise, the rest of the money in fine paise. */
export interface DayRow {
  readonly day: Day;
  readonly special: boolean;
  /** Fewest calendar days to an expiry among the structures closed that day. */
  readonly dte: number | null;
  readonly structures: number;
  readonly trades: number;
  /** Change of booked and open profit over the day. */
  readonly gross: number;
  readonly charges: Levies;
  /** What the contract note differs from the sum of its orders. */
  readonly rounding: number;
  readonly net: number;
  /** Net since the run began. */
  readonly total: number;
  /** Below the highest earlier day's end, negative or zero. */
  readonly drawdown: number;
  /** R of the structures closed that day; null where none had a risk. */
  readonly r: number | null;
  /** Best and worst net of the day at any marked minute. */
  readonly high: number;
  readonly low: number;
  readonly highAt: EpochMs | null;
  readonly lowAt: EpochMs | null;
  readonly vix: number | null;
  /** Open against the previous close, and high less low against the open, in per cent; of the first underlying. */
  readonly gapPct: number | null;
  readonly rangePct: number | null;
  readonly coveragePct: number | null;
}

/** The instants and sums at which the books of each day were closed. */
export function dayRoundings(records: RunRecords): readonly DayRounding[] {
  let gross = 0;
  let charges = 0;
  const rounding = new Map(records.notes.map((note) => [note.day, note.rounding]));
  const books = grouped(records.days, (record) => record.day);
  return records.sessions.map(({ day, ts }) => {
    const own = books.get(day) ?? [];
    for (const record of own) {
      gross += record.gross;
      charges += record.charges.total;
    }
    return { day, rounding: rounding.get(day) ?? 0, at: own[0]?.ts ?? ts, gross, charges };
  });
}

export function dailyRows(
  records: RunRecords,
  parts: {
    readonly structures: readonly StructureRow[];
    readonly trades: readonly TradeRow[];
    readonly ranges: ReadonlyMap<Day, DayRange>;
  },
): readonly DayRow[] {
  const structures = grouped(parts.structures, (row) => dayOf(row.closedAt));
  const trades = grouped(parts.trades, (row) => dayOf(row.closedAt));
  const facts = new Map<Day, DayFactsRecord>();
  for (const fact of records.facts) if (!facts.has(fact.day)) facts.set(fact.day, fact);
  const rounding = new Map(records.notes.map((note) => [note.day, note.rounding]));
  const books = grouped(records.days, (record) => record.day);
  let total = 0;
  let peak = 0;
  return records.sessions.map(({ day, special }) => {
    const own = books.get(day) ?? [];
    const gross = own.reduce((sum, book) => sum + book.gross, 0);
    const charges = own.length === 0 ? NO_LEVIES : sumOfLevies(own.map((book) => book.charges));
    const net = gross * FINE_PER_PAISA - charges.total - (rounding.get(day) ?? 0);
    total += net;
    peak = Math.max(peak, total);
    const closed = structures.get(day) ?? [];
    return {
      day,
      special,
      dte: smallest(closed.map((structure) => structure.dte)),
      structures: closed.length,
      trades: trades.get(day)?.length ?? 0,
      gross,
      charges,
      rounding: rounding.get(day) ?? 0,
      net,
      total,
      drawdown: total - peak,
      r: sumOrNull(closed.map((structure) => structure.r)),
      ...(parts.ranges.get(day) ?? { high: 0, low: 0, highAt: null, lowAt: null }),
      ...marketOf(facts.get(day)),
    };
  });
}

function marketOf(fact: DayFactsRecord | undefined): Pick<DayRow, 'vix' | 'gapPct' | 'rangePct' | 'coveragePct'> {
  if (fact === undefined) return { vix: null, gapPct: null, rangePct: null, coveragePct: null };
  const { open, high, low, previousClose, cells, cellsPresent } = fact;
  return {
    vix: fact.vix === null ? null : fact.vix / 100,
    gapPct: open === null || previousClose === null ? null : (open / previousClose - 1) * 100,
    rangePct: open === null || high === null || low === null ? null : ((high - low) / open) * 100,
    coveragePct: cells === 0 ? null : (cellsPresent / cells) * 100,
  };
}

function grouped<T>(rows: readonly T[], dayOfRow: (row: T) => Day): ReadonlyMap<Day, readonly T[]> {
  const days = new Map<Day, T[]>();
  for (const row of rows) {
    const day = dayOfRow(row);
    const list = days.get(day);
    if (list === undefined) days.set(day, [row]);
    else list.push(row);
  }
  return days;
}

function smallest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function sumOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
