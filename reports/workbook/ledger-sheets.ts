import { LEVY_NAMES } from '../../engine/model/levies.ts';
import { signOf } from '../../engine/model/units.ts';
import { tradeTexts } from '../csv.ts';
import type { FillRow } from '../leg-fills.ts';
import type { Report } from '../report.ts';
import type { TradeRow } from '../round-trips.ts';
import { LEVY_WORDS } from '../text.ts';
import type { Sheet } from './book.ts';
import { rupees, rupeesOfFine, serialOf, serialOfDay } from './cells.ts';
import { TAB } from './style.ts';
import type { Column } from './table-sheet.ts';
import { tableSheet } from './table-sheet.ts';

/** One row a leg round trip, under the column names of `trades.csv`. */
export function tradesSheet(report: Report, rowsMax: number): Sheet {
  return tableSheet({
    name: 'Trades',
    tab: TAB.ledger,
    table: 'tblTrades',
    columns: tradeColumns(report),
    list: report.trades,
    limit: { rows: rowsMax, rest: 'trades.csv' },
    page: { paper: 'A3', pagesWide: 2 },
  });
}

/** The columns of sheet Trades, for its checks as well. */
export function tradeColumns(report: Report): readonly Column<TradeRow>[] {
  const texts = onceARow((row: TradeRow) => tradeTexts(row, report));
  const share = (percent: number | null): number | null => (percent === null ? null : percent / 100);
  return [
    { header: 'trade_id', kind: 'count', of: (row) => row.tradeId },
    { header: 'mode', kind: 'text', of: () => report.run.mode },
    { header: 'segment', kind: 'text', of: (row) => row.segment },
    { header: 'index_symbol', kind: 'text', of: (row) => texts(row).indexSymbol },
    { header: 'index_entry_spot', kind: 'price', of: (row) => rupees(row.entrySpot) },
    { header: 'time_interval', kind: 'middle', of: (row) => texts(row).interval },
    { header: 'strategy', kind: 'text', of: (row) => row.strategy },
    { header: 'strategy_parameters', kind: 'text', of: (row) => texts(row).parameters },
    { header: 'signal_type', kind: 'text', of: (row) => texts(row).signal },
    { header: 'option_symbol', kind: 'text', of: (row) => row.contract },
    { header: 'option_type', kind: 'middle', of: (row) => row.right },
    { header: 'strike_price', kind: 'count', of: (row) => rupees(row.strike) },
    { header: 'expiry', kind: 'date', of: (row) => serialOfDay(row.expiry) },
    { header: 'lots', kind: 'count', of: (row) => row.lots },
    { header: 'entry_time', kind: 'time', of: (row) => serialOf(row.openedAt) },
    { header: 'entry_price', kind: 'price', of: (row) => rupees(row.entryPrice) },
    { header: 'stop_loss_points', kind: 'price', of: (row) => rupees(row.stopDistance) },
    { header: 'initial_sl_price', kind: 'price', of: (row) => rupees(row.stopLevel) },
    { header: 'trailing_stop_points', kind: 'price', of: (row) => rupees(row.trailDistance) },
    { header: 'exit_time', kind: 'time', of: (row) => serialOf(row.closedAt) },
    { header: 'exit_price', kind: 'price', of: (row) => rupees(row.exitPrice) },
    { header: 'exit_reason', kind: 'text', of: (row) => texts(row).exit },
    { header: 'pnl_points', kind: 'result', of: (row) => rupees(row.points) },
    { header: 'pnl_value', kind: 'result', of: (row) => rupees(row.gross) },
    { header: 'charges', kind: 'money', of: (row) => rupeesOfFine(row.charges.total) },
    { header: 'net_value', kind: 'result', of: (row) => rupeesOfFine(row.net) },
    { header: 'return_pct', kind: 'share', of: (row) => share(row.returnPct) },
    { header: 'max_favorable_excursion', kind: 'money', of: (row) => rupees(row.mfe) },
    { header: 'max_adverse_excursion', kind: 'money', of: (row) => rupees(row.mae) },
    { header: 'r_multiple', kind: 'ratio', of: (row) => row.r },
    { header: 'structure_id', kind: 'count', of: (row) => row.structureId },
    { header: 'leg', kind: 'text', of: (row) => row.leg },
    { header: 'quantity', kind: 'count', of: (row) => row.quantity },
    { header: 'stop_on', kind: 'middle', of: (row) => row.stopOn },
    { header: 'naked_ms', kind: 'count', of: (row) => row.nakedMs },
    { header: 'unhedged_ms', kind: 'count', of: (row) => row.unhedgedMs },
    { header: 'dte', kind: 'count', of: (row) => row.dte },
    { header: 'index_exit_spot', kind: 'price', of: (row) => rupees(row.exitSpot) },
    { header: 'final_sl_price', kind: 'price', of: (row) => rupees(row.finalStop) },
    { header: 'iv_entry', kind: 'ratio', of: (row) => row.ivEntry },
    { header: 'iv_exit', kind: 'ratio', of: (row) => row.ivExit },
    { header: 'held_value', kind: 'money', of: (row) => rupees(row.heldGross) },
    { header: 're_entry', kind: 'count', of: (row) => row.reentry },
    { header: 'ambiguous', kind: 'middle', of: (row) => (row.ambiguous ? 'yes' : 'no') },
  ];
}

const STEP_COLUMNS: readonly Column<FillRow>[] = [
  ...(['open', 'high', 'low', 'close'] as const).map(
    (name, at): Column<FillRow> => ({
      header: `candle ${name}`,
      kind: 'price',
      of: ({ steps }) => rupees(steps?.candle?.[at] ?? null),
    }),
  ),
  {
    header: 'candle volume',
    kind: 'text',
    of: ({ steps }) => volumeOf(steps?.candle?.[4]),
  },
  { header: 'path price', kind: 'price', of: ({ steps }) => rupees(steps?.path ?? null) },
  { header: 'to the tick', kind: 'price', of: ({ steps }) => rupees(steps?.rounding ?? null) },
  { header: 'half-spread', kind: 'price', of: (row) => against(row, row.steps?.halfSpread) },
  { header: 'slippage', kind: 'price', of: (row) => against(row, row.steps?.slippage) },
  { header: 'own limit', kind: 'price', of: ({ heldBack }) => rupees(heldBack) },
];

/** A part of the price that goes against the one who trades, so that the steps add up to the price. */
function against({ side }: FillRow, paise: number | undefined): number | null {
  return paise === undefined ? null : rupees(signOf(side) * paise);
}

/** One row a fill, with each step from its minute's candle to the price and each levy. */
export function legsSheet({ fills }: Report, rowsMax: number): Sheet {
  const columns: readonly Column<FillRow>[] = [
    { header: 'fill', kind: 'count', of: (row) => row.fillId },
    { header: 'trade', kind: 'count', of: (row) => row.tradeId },
    { header: 'structure', kind: 'count', of: (row) => row.structureId },
    { header: 'order', kind: 'text', of: (row) => (row.orderId === null ? null : String(row.orderId)) },
    { header: 'leg', kind: 'text', of: (row) => row.leg },
    { header: 'contract', kind: 'text', of: (row) => row.contract },
    { header: 'side', kind: 'middle', of: (row) => row.side },
    { header: 'lots', kind: 'count', of: (row) => row.lots },
    { header: 'quantity', kind: 'count', of: (row) => row.quantity },
    { header: 'purpose', kind: 'text', of: (row) => row.purpose },
    { header: 'reason', kind: 'text', of: (row) => row.reason },
    { header: 'at the venue', kind: 'time', of: (row) => serialOf(row.at) },
    { header: 'known to us', kind: 'time', of: (row) => serialOf(row.knownAt) },
    { header: 'decision price', kind: 'price', of: (row) => rupees(row.decisionPrice) },
    ...STEP_COLUMNS,
    { header: 'price', kind: 'price', of: (row) => rupees(row.price) },
    { header: 'slip vs decision', kind: 'price', of: (row) => rupees(row.slip) },
    { header: 'manner', kind: 'text', of: (row) => row.manner },
    { header: 'evidence', kind: 'text', of: (row) => row.grade },
    ...LEVY_NAMES.map(
      (name): Column<FillRow> => ({
        header: LEVY_WORDS[name],
        kind: 'money',
        of: (row) => rupeesOfFine(row.charges[name]),
      }),
    ),
    { header: 'charges', kind: 'money', of: (row) => rupeesOfFine(row.charges.total) },
  ];
  return tableSheet({
    name: 'Legs',
    tab: TAB.ledger,
    table: 'tblLegs',
    columns,
    list: fills,
    limit: { rows: rowsMax, rest: 'orders.jsonl' },
    page: { paper: 'A3', pagesWide: 2 },
  });
}

/** Unknown volume is neither a number nor zero. */
function volumeOf(volume: number | undefined): string | null {
  if (volume === undefined) return null;
  return volume < 0 ? 'unknown' : String(volume);
}

/** Remembers the answer of the last row, since several columns ask for it one after another. */
function onceARow<T>(of: (row: TradeRow) => T): (row: TradeRow) => T {
  let last: { readonly row: TradeRow; readonly answer: T } | undefined;
  return (row) => {
    if (last?.row !== row) last = { row, answer: of(row) };
    return last.answer;
  };
}
