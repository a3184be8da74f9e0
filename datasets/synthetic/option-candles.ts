import type { Black76Sheet, CallTerms } from '../../engine/indicators/black76.ts';
import { callInto, emptySheet, intrinsic } from '../../engine/indicators/black76.ts';
import { ln } from '../../engine/indicators/fixed-math.ts';
import { smileAround } from '../../engine/market/vol-surface.ts';
import type { CandleColumns } from '../../engine/model/candle-frame.ts';
import { TICK } from '../../engine/model/units.ts';
import type { ChanceStream } from '../../engine/prng.ts';
import { interestOutside, lotsOf } from './contract-trade.ts';
import type { ExpiryCurve } from './expiry-curve.ts';

/** Half the width inside which a trade misses the fair price: so many paise, and a part of the premium up to a limit. */
const MISS_PAISE = 2;
const MISS_PART = 0.003;
const MISS_PAISE_MAX = 150;

/** Open interest is published every few minutes. */
const OI_EVERY = 3;

/** A side of one strike: where its candles go and what moves them. */
export interface OptionSide {
  readonly slot: number;
  readonly chance: ChanceStream;
  readonly oiBefore: number;
  readonly oiAfter: number;
}

export interface StrikeJob {
  readonly curve: ExpiryCurve;
  /** Paise. */
  readonly strike: number;
  readonly call: OptionSide | undefined;
  readonly put: OptionSide | undefined;
  readonly lotSize: number;
  /** Lots a minute at the money, and how busy each minute is. */
  readonly lots: number;
  readonly activity: Float64Array;
  readonly slots: number;
}

type MovingTerms = { -readonly [Key in keyof CallTerms]: number };

/** The fair price of one side at the four corners of a minute, paise. */
interface FairMinute {
  open: number;
  high: number;
  low: number;
  close: number;
}

/**
 * Writes the candles of both sides of a strike. The call is valued once a minute, at its close, on the smile around the forward; inside
 * the minute it follows the forward by delta and gamma; the put follows from parity. Trades miss the fair price by a little, land on
 * ticks, and never go below one. A minute without trades repeats the last price; before the first trade of the day there is no candle.
 */
export function writeStrike(job: StrikeJob, columns: CandleColumns): void {
  const { curve, strike } = job;
  const terms: MovingTerms = { forward: 0, strike, log: 0, deviation: 0 };
  const sheet = emptySheet();
  const fair: FairMinute = { open: 0, high: 0, low: 0, close: 0 };
  const writers = [sideWriter(job, job.call, columns), sideWriter(job, job.put, columns)] as const;
  const logStrike = ln(strike);

  for (let m = 0; m < curve.close.length; m += 1) {
    const root = curve.rootYears[m] as number;
    terms.forward = curve.close[m] as number;
    terms.log = (curve.log[m] as number) - logStrike;
    if (root > 0) {
      terms.deviation = root * smileAround(curve, -terms.log / root, curve.atm[m] as number);
      callInto(terms, sheet);
    } else {
      settledInto(terms, sheet);
    }
    const deviations = -terms.log * (curve.reach[m] as number);
    const outside = interestOutside(Math.abs(deviations));
    const inside = outside * outside;
    const alive = curve.alive[m] as number;

    callMinute(curve, m, { sheet, strike, fair });
    writers[0]?.(m, fair, deviations >= 0 ? outside : inside, alive);
    if (writers[1] === undefined) continue;
    putMinute(curve, m, { strike, fair });
    writers[1](m, fair, deviations >= 0 ? inside : outside, alive);
  }
}

/** Nothing moves any more: the call is what it pays. */
function settledInto({ forward, strike }: CallTerms, sheet: Black76Sheet): void {
  sheet.price = intrinsic({ forward, strike, right: 'CE' });
  sheet.delta = Number(forward > strike);
  sheet.gamma = 0;
}

/** A call's price where the forward was inside the minute, from its price and Greeks at the minute's end. */
function callAt(
  forward: number,
  end: { readonly forward: number; readonly sheet: Black76Sheet; readonly strike: number },
): number {
  const { sheet } = end;
  const by = forward - end.forward;
  const bent = sheet.price + by * (sheet.delta + 0.5 * sheet.gamma * by);
  // The bend overshoots for large steps: a call rises with its forward, and never by more than it.
  const slow = by >= 0 ? sheet.price : Math.max(sheet.price + by, 0);
  const fast = by >= 0 ? sheet.price + by : sheet.price;
  return Math.max(Math.min(Math.max(bent, slow), fast), forward - end.strike);
}

function callMinute(
  curve: ExpiryCurve,
  m: number,
  of: { readonly sheet: Black76Sheet; readonly strike: number; readonly fair: FairMinute },
): void {
  const { fair } = of;
  const end = { forward: curve.close[m] as number, sheet: of.sheet, strike: of.strike };
  fair.open = callAt(curve.open[m] as number, end);
  fair.high = callAt(curve.high[m] as number, end);
  fair.low = callAt(curve.low[m] as number, end);
  fair.close = of.sheet.price;
}

/** Parity turns the call's minute into the put's: put = call - forward + strike, and the forward's high is the put's low. */
function putMinute(curve: ExpiryCurve, m: number, of: { readonly strike: number; readonly fair: FairMinute }): void {
  const { fair, strike } = of;
  const high = fair.low - (curve.low[m] as number) + strike;
  const low = fair.high - (curve.high[m] as number) + strike;
  fair.open += strike - (curve.open[m] as number);
  fair.close += strike - (curve.close[m] as number);
  fair.high = high;
  fair.low = low;
}

type SideWriter = (m: number, fair: FairMinute, interest: number, alive: number) => void;

function sideWriter(job: StrikeJob, side: OptionSide | undefined, columns: CandleColumns): SideWriter | undefined {
  if (side === undefined) return undefined;
  const { chance, slot } = side;
  const { activity, lots, lotSize, slots } = job;
  const minutes = activity.length;
  let last = 0;
  let oi = side.oiBefore;
  return (m, fair, interest, alive) => {
    const cell = m * slots + slot;
    const burst = chance();
    const reach = chance();
    // One draw holds two of sixteen bits each, enough for a miss of some ticks.
    const pair = chance() * 65_536;
    const missed = Math.floor(pair) / 32_768 - 1;
    const opened = (pair - Math.floor(pair)) * 2 - 1;
    const traded = lotsOf(lots * (activity[m] as number) * interest, burst, reach);
    if (m % OI_EVERY === 0) oi = side.oiBefore + Math.floor(((side.oiAfter - side.oiBefore) * m) / minutes);
    if (traded === 0) {
      if (last > 0) writeFlat(columns, cell, last);
    } else {
      const miss = Math.min(MISS_PAISE + MISS_PART * fair.close, MISS_PAISE_MAX) * alive;
      const open = onTick(fair.open + opened * miss);
      const close = onTick(fair.close + missed * miss);
      const high = onTick(fair.high + reach * miss);
      const low = onTick(fair.low - reach * miss);
      columns.open[cell] = open;
      columns.high[cell] = Math.max(open, close, high);
      columns.low[cell] = Math.min(open, close, low);
      columns.close[cell] = close;
      columns.valid[cell] = 1;
      last = close;
    }
    columns.volume[cell] = last > 0 ? traded * lotSize : -1;
    columns.oi[cell] = last > 0 ? oi * lotSize : -1;
  };
}

function writeFlat(columns: CandleColumns, cell: number, price: number): void {
  columns.open[cell] = price;
  columns.high[cell] = price;
  columns.low[cell] = price;
  columns.close[cell] = price;
  columns.valid[cell] = 1;
}

function onTick(price: number): number {
  return Math.max(TICK, Math.floor(price / TICK + 0.5) * TICK);
}
