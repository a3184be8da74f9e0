import type { Session } from '../../engine/market/calendar.ts';
import type { CandleColumns } from '../../engine/model/candle-frame.ts';
import { UNKNOWN } from '../../engine/model/candle-frame.ts';
import type { ChanceStream } from '../../engine/prng.ts';
import { lotsOf } from './contract-trade.ts';
import type { ExpiryCurve } from './expiry-curve.ts';
import type { SessionPath } from './session-path.ts';
import { INDEX_TICK, POINTS_PER_MINUTE } from './session-path.ts';

/** Steps of 0.20, a multiple of every tick that index futures have had. */
const FUTURE_TICK = 20;

/** Where one instrument's candles go. */
export interface Place {
  readonly slot: number;
  readonly slots: number;
}

/**
 * Writes the index. While its shares trade it shows the fair level; from the end of continuous trading it stands still, and shows the
 * official close from the moment that is known. An index has no volume of its own.
 */
export function writeIndex(path: SessionPath, session: Session, columns: CandleColumns, place: Place): void {
  const { starts, points } = path;
  let last = 0;
  for (let m = 0; m < starts.length; m += 1) {
    const cell = m * place.slots + place.slot;
    const start = starts[m] as number;
    if (start < session.indexLiveUntil || session.indexLiveUntil === session.settlementAt) {
      last = rounded(points[(m + 1) * POINTS_PER_MINUTE - 1] as number, INDEX_TICK);
      columns.open[cell] = rounded(points[m * POINTS_PER_MINUTE] as number, INDEX_TICK);
      columns.high[cell] = rounded(path.high[m] as number, INDEX_TICK);
      columns.low[cell] = rounded(path.low[m] as number, INDEX_TICK);
      columns.close[cell] = last;
    } else {
      if (start >= session.settlementAt) last = path.settlement.level;
      for (const column of [columns.open, columns.high, columns.low, columns.close]) column[cell] = last;
    }
    columns.volume[cell] = UNKNOWN;
    columns.oi[cell] = UNKNOWN;
    columns.valid[cell] = 1;
  }
}

export interface FutureTrade {
  readonly chance: ChanceStream;
  readonly lotSize: number;
  /** Lots a minute. */
  readonly lots: number;
  readonly activity: Float64Array;
  /** Lots open in the morning. */
  readonly openLots: number;
  /** Decides how positions change; a stream of its own, so that prices and volumes do not hang on it. */
  readonly positions: ChanceStream;
}

/** Minutes between two figures of the future's open interest. */
const OI_EVERY = 3;
/** Part of the lots traded between them that at most opens or closes positions; the rest changes hands. */
const POSITIONS_PART = 0.5;

/** Writes the near future: the forward of its month, on its tick, with the volume of the day's rhythm. Positions come and go by chance. */
export function writeFuture(curve: ExpiryCurve, trade: FutureTrade, columns: CandleColumns, place: Place): void {
  let [openLots, sinceFigure] = [trade.openLots, 0];
  for (let m = 0; m < curve.close.length; m += 1) {
    const cell = m * place.slots + place.slot;
    if (m % OI_EVERY === 0) {
      openLots += Math.floor(sinceFigure * POSITIONS_PART * (2 * trade.positions() - 1) + 0.5);
      sinceFigure = 0;
    }
    const traded = lotsOf(trade.lots * (trade.activity[m] as number), trade.chance(), trade.chance());
    columns.open[cell] = rounded(curve.open[m] as number, FUTURE_TICK);
    columns.high[cell] = rounded(curve.high[m] as number, FUTURE_TICK);
    columns.low[cell] = rounded(curve.low[m] as number, FUTURE_TICK);
    columns.close[cell] = rounded(curve.close[m] as number, FUTURE_TICK);
    columns.volume[cell] = traded * trade.lotSize;
    sinceFigure += traded;
    columns.oi[cell] = openLots * trade.lotSize;
    columns.valid[cell] = 1;
  }
}

function rounded(price: number, tick: number): number {
  return Math.floor(price / tick + 0.5) * tick;
}
