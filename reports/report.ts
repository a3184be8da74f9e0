import type { JournalRecord, MoneyMinutes } from '../engine/journal.ts';
import type { Levies } from '../engine/model/levies.ts';
import { FINE_PER_PAISA, sumOfLevies } from '../engine/model/levies.ts';
import type { Breakdown, MonthRow } from './breakdowns.ts';
import { breakdownsOf, monthRows } from './breakdowns.ts';
import type { CostStep } from './cost-steps.ts';
import { costSteps } from './cost-steps.ts';
import type { DayRow } from './daily.ts';
import { dailyRows, dayRoundings } from './daily.ts';
import type { DataQuality } from './data-quality.ts';
import { dataQualityOf } from './data-quality.ts';
import type { Distribution } from './distribution.ts';
import { distributionOf } from './distribution.ts';
import type { Curve, Drawdown } from './equity-curve.ts';
import { closedDrawdowns, markedCurve, markedFigures, minutesByDay, shareInMarket } from './equity-curve.ts';
import type { EventRow } from './event-rows.ts';
import { eventRows } from './event-rows.ts';
import type { Excursions } from './excursions.ts';
import { excursionsOf } from './excursions.ts';
import type { GuardLine } from './guard-lines.ts';
import { guardLines } from './guard-lines.ts';
import type { FillRow } from './leg-fills.ts';
import { fillRows } from './leg-fills.ts';
import type { YearLine } from './month-grid.ts';
import { monthGrid } from './month-grid.ts';
import type { OrderRow } from './order-lives.ts';
import { orderRows } from './order-lives.ts';
import type { ResultCard, RunCard } from './passport.ts';
import type { AmbiguousExits, StructureRow, TradeRow } from './round-trips.ts';
import { ambiguousExits, structureRows, tradeRows } from './round-trips.ts';
import { sortRecords } from './run-records.ts';
import type { Statistics } from './statistics.ts';
import { statisticsOf } from './statistics.ts';
import type { WeekdayDte } from './weekday-dte.ts';
import { weekdayDteOf } from './weekday-dte.ts';

/** Sums of a run. Gross in paise, the rest in fine paise; gross less charges less rounding is net. */
export interface Totals {
  readonly gross: number;
  readonly charges: Levies;
  readonly rounding: number;
  readonly net: number;
  /** Part of gross and charges that belongs to legs still open when the run ended. */
  readonly openGross: number;
  readonly openCharges: number;
}

/** All that is printed of a run, as one plain value. */
export interface Report {
  readonly run: RunCard;
  readonly totals: Totals;
  readonly statistics: Statistics;
  readonly trades: readonly TradeRow[];
  readonly structures: readonly StructureRow[];
  readonly fills: readonly FillRow[];
  readonly orders: readonly OrderRow[];
  readonly guards: readonly GuardLine[];
  readonly events: readonly EventRow[];
  readonly days: readonly DayRow[];
  readonly months: readonly MonthRow[];
  /** The months as years down and months across. */
  readonly monthGrid: readonly YearLine[];
  readonly breakdowns: readonly Breakdown[];
  readonly weekdayDte: WeekdayDte;
  /** Of the net of structures, and of days. */
  readonly distribution: { readonly structures: Distribution; readonly days: Distribution };
  readonly excursions: Excursions;
  readonly costs: readonly CostStep[];
  readonly curve: Curve;
  /** Deepest first; of each basis. */
  readonly marked: readonly Drawdown[];
  readonly closed: readonly Drawdown[];
  readonly ambiguous: AmbiguousExits;
  readonly inMarket: number | null;
  readonly quality: DataQuality;
}

/** What the console says of a run, and its passport: the part of a report that every run needs. */
export type Summary = Pick<
  Report,
  | 'run'
  | 'totals'
  | 'statistics'
  | 'trades'
  | 'structures'
  | 'fills'
  | 'days'
  | 'marked'
  | 'closed'
  | 'ambiguous'
  | 'quality'
>;

/** Computes a report from a journal, the money per minute, and the card of the run. It reads nothing else. */
export function buildReport(all: readonly JournalRecord[], money: MoneyMinutes, run: RunCard): Report {
  return wholeReport(buildSummary(all, money, run), all, money);
}

/** Computes what every run tells of itself; the same figures as in its report. */
export function buildSummary(all: readonly JournalRecord[], money: MoneyMinutes, run: RunCard): Summary {
  const records = sortRecords(all);
  const trades = tradeRows(records);
  const structures = structureRows(records, trades);
  const fills = fillRows(records, trades);
  const { ranges, drawdowns: marked } = markedFigures(money, dayRoundings(records));
  const days = dailyRows(records, { structures, trades, ranges });
  const totals = totalsOf(days, trades);
  return {
    run,
    totals,
    statistics: statisticsOf({ structures, days, net: totals.net, capital: run.capital, deepest: marked[0] }),
    trades,
    structures,
    fills,
    days,
    marked,
    closed: closedDrawdowns(structures),
    ambiguous: ambiguousExits(trades),
    quality: dataQualityOf(records, fills),
  };
}

/** The report that a summary belongs to. */
export function wholeReport(summary: Summary, all: readonly JournalRecord[], money: MoneyMinutes): Report {
  const { structures, days, trades, totals } = summary;
  const records = sortRecords(all);
  const months = monthRows(days);
  return {
    ...summary,
    orders: orderRows(records),
    guards: guardLines(records),
    events: eventRows(records, minutesByDay(money)),
    months,
    monthGrid: monthGrid(months),
    breakdowns: breakdownsOf(structures, trades),
    weekdayDte: weekdayDteOf(structures),
    distribution: {
      structures: distributionOf(structures.map(({ net }) => net)),
      days: distributionOf(days.map(({ net }) => net)),
    },
    excursions: excursionsOf(structures),
    costs: costSteps(totals),
    curve: markedCurve(money, dayRoundings(records)),
    inMarket: shareInMarket(money),
  };
}

/** A synthetic or modelled market must be named wherever its results are shown; null for real candles. */
export function dataBanner(run: RunCard): string | null {
  switch (run.data.kind) {
    case 'synthetic':
      return 'SYNTHETIC data: an invented market. These results say nothing about real ones.';
    case 'modelled':
      return 'MODELLED data: option prices were computed from the index, not traded.';
    default:
      return null;
  }
}

function totalsOf(days: readonly DayRow[], trades: readonly TradeRow[]): Totals {
  const gross = days.reduce((sum, day) => sum + day.gross, 0);
  const charges = sumOfLevies(days.map((day) => day.charges));
  const rounding = days.reduce((sum, day) => sum + day.rounding, 0);
  return {
    gross,
    charges,
    rounding,
    net: gross * FINE_PER_PAISA - charges.total - rounding,
    openGross: gross - trades.reduce((sum, trade) => sum + trade.gross, 0),
    openCharges: charges.total - trades.reduce((sum, trade) => sum + trade.charges.total, 0),
  };
}

/** What the files of a run are known by. */
export type FileHashes = Pick<ResultCard, 'journalHash' | 'journalRecords' | 'moneyHash' | 'pricesHash'>;

/** What the passport tells of the results. */
export function resultCard(report: Summary, files: FileHashes): ResultCard {
  return {
    ...files,
    structures: report.statistics.structures,
    trades: report.trades.length,
    gross: report.totals.gross,
    charges: report.totals.charges.total,
    net: report.totals.net,
    drawdown: report.marked[0]?.depth ?? 0,
  };
}
