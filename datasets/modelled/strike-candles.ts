import type { Black76Sheet, CallTerms } from '../../engine/indicators/black76.ts';
import { callInto, emptySheet, intrinsic } from '../../engine/indicators/black76.ts';
import { ln } from '../../engine/indicators/fixed-math.ts';
import { smileAround } from '../../engine/market/vol-surface.ts';
import type { CandleColumns } from '../../engine/model/candle-frame.ts';
import { TICK } from '../../engine/model/units.ts';
import type { ChainParameters } from './chain-parameters.ts';
import type { ExpiryPoints } from './expiry-points.ts';
import { CORNERS } from './expiry-points.ts';

export interface StrikeJob {
  readonly points: ExpiryPoints;
  /** Paise. */
  readonly strike: number;
  /** Slots of both sides; -1 where a side is not wanted. */
  readonly call: number;
  readonly put: number;
  /** Which row of the day each candle of the index is, and whether it is there. */
  readonly rows: ArrayLike<number>;
  readonly valid: ArrayLike<number>;
  readonly slots: number;
  readonly parameters: ChainParameters;
}

type MovingTerms = { -readonly [Key in keyof CallTerms]: number };
type MovingWing = { skew: number; curvature: number; wing: number };

/**
 * Writes the candles of both sides of a strike. The call is valued at the four corners of the index candle, and the put follows from
 * parity, so a call rises with the index and a put falls; each candle's extremes are those of its corners. Prices stand on ticks and are
 * never below one. Nothing trades: volume and open interest stay unknown. A minute without an index candle has none here.
 */
export function writeStrike(job: StrikeJob, columns: CandleColumns): void {
  const { points, strike, call, put, slots } = job;
  const { curvature, wing } = job.parameters;
  const smile: MovingWing = { skew: 0, curvature, wing };
  const terms: MovingTerms = { forward: 0, strike, log: 0, deviation: 0 };
  const sheet = emptySheet();
  const calls = new Float64Array(CORNERS);
  const puts = new Float64Array(CORNERS);
  const logStrike = ln(strike);

  for (let candle = 0; candle < job.rows.length; candle += 1) {
    if (job.valid[candle] !== 1) continue;
    for (let corner = 0; corner < CORNERS; corner += 1) {
      const cell = candle * CORNERS + corner;
      const root = points.root[cell] as number;
      terms.forward = points.forward[cell] as number;
      terms.log = (points.log[cell] as number) - logStrike;
      smile.skew = points.skew[cell] as number;
      terms.deviation = root > 0 ? root * smileAround(smile, -terms.log / root, points.atm[cell] as number) : 0;
      calls[corner] = callValue(terms, sheet);
      puts[corner] = Math.max((calls[corner] as number) - terms.forward + strike, 0);
    }
    const at = (job.rows[candle] as number) * slots;
    if (call >= 0) writeCandle(calls, at + call, columns);
    if (put >= 0) writeCandle(puts, at + put, columns);
  }
}

/** A call within its bounds: not below what it pays, not above its forward. */
function callValue(terms: CallTerms, sheet: Black76Sheet): number {
  const { forward, strike, deviation } = terms;
  const pays = intrinsic({ forward, strike, right: 'CE' });
  if (!(deviation > 0)) return pays;
  callInto(terms, sheet);
  return Math.min(Math.max(sheet.price, pays), forward);
}

function writeCandle(corners: Float64Array, cell: number, columns: CandleColumns): void {
  const open = onTick(corners[0] as number);
  const one = onTick(corners[1] as number);
  const other = onTick(corners[2] as number);
  const close = onTick(corners[3] as number);
  columns.open[cell] = open;
  columns.high[cell] = Math.max(open, one, other, close);
  columns.low[cell] = Math.min(open, one, other, close);
  columns.close[cell] = close;
  columns.valid[cell] = 1;
}

function onTick(price: number): number {
  return Math.max(TICK, Math.floor(price / TICK + 0.5) * TICK);
}
