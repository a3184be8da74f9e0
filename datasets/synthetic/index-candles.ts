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
  readonly openLots: number;
}

/** Writes the near future: the forward of its month, on its tick, with the volume of the day's rhythm. */
export function writeFuture(curve: ExpiryCurve, trade: FutureTrade, columns: CandleColumns, place: Place): void {
  for (let m = 0; m < curve.close.length; m += 1) {
    const cell = m * place.slots + place.slot;
    const traded = lotsOf(trade.lots * (trade.activity[m] as number), trade.chance(), trade.chance());
    columns.open[cell] = rounded(curve.open[m] as number, FUTURE_TICK);
    columns.high[cell] = rounded(curve.high[m] as number, FUTURE_TICK);
    columns.low[cell] = rounded(curve.low[m] as number, FUTURE_TICK);
    columns.close[cell] = rounded(curve.close[m] as number, FUTURE_TICK);
    columns.volume[cell] = traded * trade.lotSize;
    columns.oi[cell] = trade.openLots * trade.lotSize;
    columns.valid[cell] = 1;
  }
}

function rounded(price: number, tick: number): number {
  return Math.floor(price / tick + 0.5) * tick;
}
