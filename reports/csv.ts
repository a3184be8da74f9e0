import type { Underlying } from '../engine/model/instrument.ts';
import type { EpochMs } from '../engine/model/time.ts';
import { stampText } from '../engine/model/time.ts';
import type { EventRow } from './event-rows.ts';
import { EXIT_WORDS } from './exit-words.ts';
import { sortedJson } from './passport.ts';
import type { Report } from './report.ts';
import type { TradeRow } from './round-trips.ts';
import { agentName } from './round-trips.ts';

type Cell = string | number | null;

/** Columns of `trades.csv` in their fixed order; those after the R multiple are ours, the last two in milliseconds. */
export const TRADE_COLUMNS = [
  'trade_id',
  'mode',
  'segment',
  'index_symbol',
  'index_entry_spot',
  'time_interval',
  'strategy',
  'strategy_parameters',
  'signal_type',
  'option_symbol',
  'option_type',
  'strike_price',
  'expiry',
  'lots',
  'entry_time',
  'entry_price',
  'stop_loss_points',
  'initial_sl_price',
  'trailing_stop_points',
  'exit_time',
  'exit_price',
  'exit_reason',
  'pnl_points',
  'pnl_value',
  'charges',
  'net_value',
  'return_pct',
  'max_favorable_excursion',
  'max_adverse_excursion',
  'r_multiple',
  'structure_id',
  'leg',
  'quantity',
  'stop_on',
  'naked_ms',
  'unhedged_ms',
] as const;

const EVENT_COLUMNS = [
  'seq',
  'time',
  'mode',
  'event',
  'strategy',
  'segment',
  'structure_id',
  'leg',
  'option_symbol',
  'level',
  'failed_gate',
  'detail',
  'seen',
] as const;

/** One row a leg round trip, money in plain rupees, times in India. Equal reports give equal bytes. */
export function tradesCsv(report: Report): string {
  return csv(
    TRADE_COLUMNS,
    report.trades.map((trade) => tradeCells(trade, report)),
  );
}

/** One row an event. */
export function eventsCsv(report: Report): string {
  return csv(
    EVENT_COLUMNS,
    report.events.map((event) => eventCells(event, report)),
  );
}

/** What an index is called where it is quoted. */
const INDEX_SYMBOLS: Readonly<Record<Underlying, string>> = {
  NIFTY: 'NIFTY 50',
  BANKNIFTY: 'NIFTY BANK',
  SENSEX: 'SENSEX',
  FINNIFTY: 'NIFTY FIN SERVICE',
  MIDCPNIFTY: 'NIFTY MID SELECT',
  BANKEX: 'BANKEX',
};

/** The texts of a trade that the CSV and the workbook share. */
export interface TradeTexts {
  readonly mode: string;
  readonly indexSymbol: string;
  readonly interval: string;
  readonly parameters: string;
  readonly signal: string;
  readonly exit: string;
}

export function tradeTexts(trade: TradeRow, { run }: Report): TradeTexts {
  const card = run.strategies.find((one) => one.name === trade.strategy && one.segment === trade.segment);
  return {
    mode: run.mode,
    indexSymbol: INDEX_SYMBOLS[trade.underlying],
    interval: intervalText(run.data.intervalMs),
    parameters: sortedJson(card?.params ?? {}),
    signal: `${trade.side}_${trade.right ?? 'FUT'}`,
    exit: EXIT_WORDS[trade.reason],
  };
}

/** `1m`, `3m`, `1h`; seconds where it is no whole minute. */
export function intervalText(intervalMs: number): string {
  const seconds = intervalMs / 1_000;
  if (seconds % 60 !== 0) return `${seconds}s`;
  return seconds % 3_600 === 0 ? `${seconds / 3_600}h` : `${seconds / 60}m`;
}

/** A cell that a spreadsheet would read as a formula begins with an apostrophe instead. */
export function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

/** The cells of a trade in the order of its columns. */
export function tradeCells(trade: TradeRow, report: Report): readonly Cell[] {
  const texts = tradeTexts(trade, report);
  return [
    trade.tradeId,
    texts.mode,
    trade.segment,
    texts.indexSymbol,
    rupees(trade.entrySpot),
    texts.interval,
    trade.strategy,
    texts.parameters,
    texts.signal,
    trade.contract,
    trade.right,
    rupees(trade.strike),
    trade.expiry,
    trade.lots,
    stampText(trade.openedAt),
    rupees(trade.entryPrice),
    rupees(trade.stopDistance),
    rupees(trade.stopLevel),
    rupees(trade.trailDistance),
    stampText(trade.closedAt),
    rupees(trade.exitPrice),
    texts.exit,
    rupees(trade.points),
    rupees(trade.gross),
    rupeesOfFine(trade.charges.total),
    rupeesOfFine(trade.net),
    rounded(trade.returnPct, 4),
    rupees(trade.mfe),
    rupees(trade.mae),
    rounded(trade.r, 4),
    trade.structureId,
    trade.leg,
    trade.quantity,
    trade.stopOn,
    trade.nakedMs,
    trade.unhedgedMs,
  ];
}

function eventCells(event: EventRow, { run }: Report): readonly Cell[] {
  const name = event.agent === null ? null : agentName(event.agent);
  return [
    event.seq,
    stampText(event.ts as EpochMs),
    run.mode,
    event.event,
    name?.strategy ?? null,
    name?.segment ?? null,
    event.structureId,
    event.leg,
    event.contract,
    rupees(event.level),
    event.gate,
    event.detail,
    event.seen,
  ];
}

/** Rupees of paise that may lie between two; six decimals at most. */
function rupees(paise: number | null): number | null {
  return paise === null ? null : rounded(paise / 100, 6);
}

function rupeesOfFine(fine: number): number | null {
  return rounded(fine / 1_000_000, 6);
}

function rounded(value: number | null, digits: number): number | null {
  if (value === null) return null;
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale + 0;
}

function csv(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `${[columns.join(','), ...rows.map((row) => row.map(cellText).join(','))].join('\n')}\n`;
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return plainNumber(cell);
  const text = harmless(cell);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Digits without an exponent, which a spreadsheet may not read. */
function plainNumber(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(6).replace(/\.?0+$/, '') : text;
}
