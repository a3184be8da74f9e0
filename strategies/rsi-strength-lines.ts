/**
 * The lines of the RSI strength rule, pushed one closed candle at a time. Price strength is an EMA of 3 of the RSI, volume strength a linearly
 * weighted mean of the RSI over `slow` values: both live on 0 to 100, and no traded volume is used, which an index does not have. The RSI
 * begins with its first move, as the rule's origin has it, so the RSI exists from the second candle and volume strength from candle `slow` + 1.
 */
import { Ema, Wma } from '../engine/indicators/moving-averages.ts';
import { SwingPivots } from '../engine/indicators/pivots.ts';
import { Ring } from '../engine/indicators/ring.ts';
import { Rsi } from '../engine/indicators/rsi.ts';
import type { Day } from '../engine/strategy.ts';

/** Which line is above: 1 price strength, -1 volume strength, 0 neither. */
export type LineSide = 1 | 0 | -1;

/** Numbers nearer than this are equal: the last bits of a mean decide nothing. */
const GRID = 1e9;

const FAST = 3;

export interface LineSettings {
  readonly rsiPeriod: number;
  /** Values in the weighted mean of volume strength. */
  readonly slow: number;
  /** Whether a touch is passed over, or a cross needs both of its candles apart. */
  readonly equality: 'carry' | 'strict';
  readonly overnight: 'allowed' | 'refused';
}

/** RSI, price strength and volume strength of the last candle, and whether the two crossed with it. */
export class StrengthLines {
  readonly #settings: LineSettings;
  readonly #rsi: Rsi;
  readonly #fast = new Ema({ period: FAST });
  readonly #slow: Wma;
  /** Candles pushed. */
  count = 0;
  rsi: number | undefined;
  priceStrength: number | undefined;
  volumeStrength: number | undefined;
  cross: 'up' | 'down' | undefined;
  #before: LineSide = 0;
  #beforeOn: Day | undefined;

  constructor(settings: LineSettings) {
    this.#settings = settings;
    this.#rsi = new Rsi({ period: settings.rsiPeriod, begins: 'first' });
    this.#slow = new Wma({ period: settings.slow });
  }

  /** Candles after which a signal may come. */
  get needed(): number {
    return this.#settings.rsiPeriod + this.#settings.slow;
  }

  get isReady(): boolean {
    return this.count >= this.needed && this.volumeStrength !== undefined;
  }

  get side(): LineSide {
    return this.priceStrength === undefined || this.volumeStrength === undefined
      ? 0
      : sideOf(this.priceStrength, this.volumeStrength);
  }

  push(close: number, day: Day): void {
    this.count += 1;
    this.cross = undefined;
    this.rsi = this.#rsi.push(close);
    if (this.rsi === undefined) return;
    this.priceStrength = this.#fast.push(this.rsi);
    this.volumeStrength = this.#slow.push(this.rsi);
    if (this.volumeStrength !== undefined) this.#compare(this.side, day);
  }

  /** Both candles of a cross lie on one day, unless a night between them is allowed; a touch keeps the side that was before it. */
  #compare(side: LineSide, day: Day): void {
    const { equality, overnight } = this.#settings;
    const before = overnight === 'allowed' || this.#beforeOn === day ? this.#before : 0;
    if (side !== 0 && before !== 0 && side !== before) this.cross = side > 0 ? 'up' : 'down';
    if (side === 0 && equality === 'carry') return;
    this.#before = side;
    this.#beforeOn = day;
  }
}

function sideOf(fast: number, slow: number): LineSide {
  const apart = Math.round((fast - slow) * GRID);
  if (apart === 0) return 0;
  return apart > 0 ? 1 : -1;
}

export interface DivergenceSettings {
  /** Bars on each side that confirm a pivot of the close. */
  readonly bars: number;
  /** Least and most candles between the two pivots. */
  readonly apartMin: number;
  readonly apartMax: number;
  /** Candles after its confirmation in which a cross counts as backed by it. */
  readonly within: number;
}

interface Pivot {
  readonly at: number;
  readonly close: number;
  readonly rsi: number;
}

/** A lower low of the close at a higher RSI, or a higher high at a lower one, and how long ago it was confirmed. */
export class Divergence {
  readonly #settings: DivergenceSettings;
  readonly #lows: SwingPivots;
  readonly #highs: SwingPivots;
  readonly #rsis: Ring;
  #count = 0;
  #low: Pivot | undefined;
  #high: Pivot | undefined;
  readonly #confirmedAt = { bullish: Number.NEGATIVE_INFINITY, bearish: Number.NEGATIVE_INFINITY };

  constructor(settings: DivergenceSettings) {
    const { bars } = settings;
    this.#settings = settings;
    this.#lows = new SwingPivots({ bars, of: 'low' });
    this.#highs = new SwingPivots({ bars, of: 'high' });
    this.#rsis = new Ring(bars + 1);
  }

  push(close: number, rsi: number | undefined): void {
    this.#count += 1;
    this.#rsis.push(rsi ?? Number.NaN);
    const low = this.#lows.push(close);
    if (low !== undefined) this.#low = this.#confirm(low, this.#low, 'bullish');
    const high = this.#highs.push(close);
    if (high !== undefined) this.#high = this.#confirm(high, this.#high, 'bearish');
  }

  /** Whether a divergence of this kind was confirmed lately enough, the present candle included. */
  backs(kind: 'bullish' | 'bearish'): boolean {
    return this.#count - this.#confirmedAt[kind] <= this.#settings.within;
  }

  #confirm(close: number, before: Pivot | undefined, kind: 'bullish' | 'bearish'): Pivot {
    const { bars, apartMin, apartMax } = this.#settings;
    const pivot = { at: this.#count - bars, close, rsi: this.#rsis.ago(bars) };
    if (before === undefined) return pivot;
    const apart = pivot.at - before.at;
    const sign = kind === 'bullish' ? 1 : -1;
    const closeGoesOn = sign * (close - before.close) < 0;
    const rsiTurns = sign * Math.round((pivot.rsi - before.rsi) * GRID) > 0;
    if (apart >= apartMin && apart <= apartMax && closeGoesOn && rsiTurns) this.#confirmedAt[kind] = this.#count;
    return pivot;
  }
}
