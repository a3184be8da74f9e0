import { OpeningRange } from '../engine/indicators/opening-range.ts';
import { RollingExtreme } from '../engine/indicators/rolling-extreme.ts';
import { AnchoredVwap } from '../engine/indicators/vwap.ts';
import type { Candle, Day, IstTime, Paise, StrategyContext } from '../engine/strategy.ts';
import { atTheMoney, minutesOf, UNKNOWN } from '../engine/strategy.ts';

const MINUTE_MS = 60_000;

/** How the straddle and the index are read. */
export interface SeriesSettings {
  readonly anchorTime: IstTime;
  readonly straddleStrike: 'rolling' | 'fixed';
  /** Values of a window, and minutes of the opening range. */
  readonly pivotWindow: number;
  readonly windowIncludesCurrent: boolean;
  readonly afterStrikeChange: 'skipMinute' | 'rewindow';
  readonly rangeMode: 'opening' | 'rolling';
  readonly rangeOn: 'close' | 'extreme';
}

/**
 * The at-the-money straddle S minute by minute (call close plus put close, paise), its VWAP since the anchor, and the highest and lowest of the
 * last values of S and of the index. A minute without a price of either leg has no S and is no value of any window of S; the index has windows
 * of its own. There is no high or low of a straddle: the extremes of its legs are not simultaneous, so closes are all there is.
 */
export class StraddleSeries {
  readonly #settings: SeriesSettings;
  readonly #vwap = new AnchoredVwap({ from: 0 });
  readonly #range: OpeningRange;
  #straddle: Extremes;
  #index: Extremes;
  #anchorAt = 0;
  /** The strike of the last minute that had an S, and in the fixed mode that of the day once it is known. */
  #strike: Paise | undefined;
  #fixed: Paise | undefined;
  #value: number | undefined;
  #level: Paise | undefined;
  #strikeChanged = false;
  #lacks = '';

  constructor(settings: SeriesSettings) {
    this.#settings = settings;
    this.#range = new OpeningRange({ lengthMs: settings.pivotWindow * MINUTE_MS });
    this.#straddle = new Extremes(settings);
    this.#index = new Extremes(settings);
  }

  /** Begins a day as its session opens. */
  openDay(ctx: StrategyContext): void {
    const { anchorTime } = this.#settings;
    this.#anchorAt = ctx.now + (minutesOf(anchorTime) - minutesOf(ctx.time)) * MINUTE_MS;
    this.#vwap.anchorAt(this.#anchorAt);
    this.#range.open(ctx.now);
    this.#straddle = new Extremes(this.#settings);
    this.#index = new Extremes(this.#settings);
    this.#strike = undefined;
    this.#fixed = undefined;
    this.#value = undefined;
    this.#level = undefined;
    this.#strikeChanged = false;
  }

  /** Takes the minute that has just closed. */
  onMinute(ctx: StrategyContext, expiry: Day | undefined): void {
    this.#takeIndex(ctx);
    this.#value = undefined;
    this.#strikeChanged = false;
    if (expiry === undefined) this.#lacks = 'no such expiry is listed';
    else this.#takeStraddle(ctx, expiry);
  }

  /** S of this minute; undefined where a leg or the level is missing, and `lacks` says which. */
  get value(): number | undefined {
    return this.#value;
  }

  get lacks(): string {
    return this.#lacks;
  }

  /** Strike of the last S, paise. */
  get strike(): Paise | undefined {
    return this.#strike;
  }

  /** Whether this minute's S stands at another strike than the S before it. */
  get strikeChanged(): boolean {
    return this.#strikeChanged;
  }

  /** Undefined until something was traded in a minute that starts at or after the anchor. */
  get vwap(): number | undefined {
    return this.#vwap.value;
  }

  /** HH and LL of S; undefined until the window is full. */
  get high(): number | undefined {
    return this.#straddle.high;
  }

  get low(): number | undefined {
    return this.#straddle.low;
  }

  /** Level of the index at this minute's close. */
  get level(): Paise | undefined {
    return this.#level;
  }

  get indexHigh(): number | undefined {
    return this.#index.high;
  }

  get indexLow(): number | undefined {
    return this.#index.low;
  }

  /** The opening range of the index, once it is over. */
  get openingHigh(): number | undefined {
    return this.#range.isKnown ? this.#range.high : undefined;
  }

  get openingLow(): number | undefined {
    return this.#range.isKnown ? this.#range.low : undefined;
  }

  /** Whether S made a lower low: under all values before it, or the lowest of its window where that includes it and is not flat. */
  get isLower(): boolean {
    const [value, high, low] = [this.#value, this.#straddle.high, this.#straddle.low];
    if (value === undefined || high === undefined || low === undefined) return false;
    return this.#settings.windowIncludesCurrent ? value <= low && low < high : value < low;
  }

  /** The side on which the index stands beyond its range: strictly, or as the extreme of a window that includes it. */
  get broken(): 'up' | 'down' | undefined {
    const isOpening = this.#settings.rangeMode === 'opening';
    const high = isOpening ? this.openingHigh : this.#index.high;
    const low = isOpening ? this.openingLow : this.#index.low;
    const level = this.#level;
    if (level === undefined || high === undefined || low === undefined) return undefined;
    const orAt = !isOpening && this.#settings.windowIncludesCurrent;
    const isUp = level > high || (orAt && level === high);
    const isDown = level < low || (orAt && level === low);
    if (isUp === isDown) return undefined;
    return isUp ? 'up' : 'down';
  }

  #takeIndex(ctx: StrategyContext): void {
    const level = ctx.rung === 'none' ? undefined : ctx.spot;
    this.#level = level;
    if (level === undefined) return;
    this.#index.push(level);
    const end = Math.floor(ctx.now / MINUTE_MS) * MINUTE_MS;
    const candle = this.#settings.rangeOn === 'extreme' ? ctx.series(MINUTE_MS).at(-1) : undefined;
    const isOfNow = candle?.start === end - MINUTE_MS;
    this.#range.push(end, isOfNow ? candle.high : level, isOfNow ? candle.low : level);
  }

  #takeStraddle(ctx: StrategyContext, expiry: Day): void {
    const strike = this.#strikeNow(ctx, expiry);
    if (strike === undefined) {
      this.#lacks = this.#level === undefined ? 'no level of the underlying' : 'the strike is not fixed yet';
      return;
    }
    const call = ctx.contract(expiry, strike, 'CE');
    const put = ctx.contract(expiry, strike, 'PE');
    const one = call === undefined ? undefined : ctx.lastCandle(call);
    const other = put === undefined ? undefined : ctx.lastCandle(put);
    if (call === undefined || put === undefined || one === undefined || other === undefined) {
      this.#lacks = `no price of the ${strike / 100} ${one === undefined ? 'CE' : 'PE'} in this minute`;
      return;
    }
    this.#strikeChanged = this.#strike !== undefined && strike !== this.#strike;
    const isNew = this.#strike === undefined && this.#settings.straddleStrike === 'fixed';
    if (isNew || (this.#strikeChanged && this.#settings.afterStrikeChange === 'rewindow'))
      this.#straddle.refill(sumsBefore(one.start, ctx.candlesToday(call), ctx.candlesToday(put)));
    this.#strike = strike;
    this.#value = one.close + other.close;
    this.#vwap.push(one.start, this.#value, volumeOf(one, other));
    this.#straddle.push(this.#value);
  }

  /** The strike that S is of now: the money of this minute, or that of the first minute from the anchor on in which both contracts are listed. */
  #strikeNow(ctx: StrategyContext, expiry: Day): Paise | undefined {
    if (this.#fixed !== undefined) return this.#fixed;
    if (this.#level === undefined) return undefined;
    const money = atTheMoney(this.#level, ctx.strikeStep);
    if (this.#settings.straddleStrike === 'rolling') return money;
    const isDue = ctx.now >= this.#anchorAt;
    const isListed = ctx.contract(expiry, money, 'CE') !== undefined && ctx.contract(expiry, money, 'PE') !== undefined;
    if (isDue && isListed) this.#fixed = money;
    return this.#fixed;
  }
}

/** Highest and lowest of the last values, as many as the window has; the present one apart or among them. */
class Extremes {
  readonly #period: number;
  readonly #includesCurrent: boolean;
  #highs: RollingExtreme;
  #lows: RollingExtreme;
  high: number | undefined;
  low: number | undefined;

  constructor({ pivotWindow, windowIncludesCurrent }: SeriesSettings) {
    this.#period = pivotWindow;
    this.#includesCurrent = windowIncludesCurrent;
    this.#highs = new RollingExtreme({ period: pivotWindow, of: 'high' });
    this.#lows = new RollingExtreme({ period: pivotWindow, of: 'low' });
  }

  push(value: number): void {
    if (!this.#includesCurrent) this.#read();
    this.#highs.push(value);
    this.#lows.push(value);
    if (this.#includesCurrent) this.#read();
  }

  /** Forgets its values for others, oldest first. */
  refill(values: readonly number[]): void {
    this.#highs = new RollingExtreme({ period: this.#period, of: 'high' });
    this.#lows = new RollingExtreme({ period: this.#period, of: 'low' });
    for (const value of values) {
      this.#highs.push(value);
      this.#lows.push(value);
    }
  }

  #read(): void {
    this.high = this.#highs.isFull ? this.#highs.value : undefined;
    this.low = this.#lows.isFull ? this.#lows.value : undefined;
  }
}

/** Call plus put of the closed minutes of today before an instant in which both have a candle. */
function sumsBefore(start: number, calls: readonly Candle[], puts: readonly Candle[]): readonly number[] {
  const closes = new Map(puts.map((candle) => [candle.start, candle.close]));
  const sums: number[] = [];
  for (const candle of calls) {
    const put = candle.start < start ? closes.get(candle.start) : undefined;
    if (put !== undefined) sums.push(candle.close + put);
  }
  return sums;
}

/** Traded volume of both legs, units; unknown where either is. */
function volumeOf(one: Candle, other: Candle): number {
  return one.volume === UNKNOWN || other.volume === UNKNOWN ? UNKNOWN : one.volume + other.volume;
}
