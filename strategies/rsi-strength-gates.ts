import { Atr } from '../engine/indicators/atr.ts';
import { Sma } from '../engine/indicators/moving-averages.ts';
import { Ring } from '../engine/indicators/ring.ts';
import type { Candle, Day, OptionContract, Right, Seen, StrategyContext } from '../engine/strategy.ts';
import { atTheMoney, daysBetween } from '../engine/strategy.ts';
import { Divergence, StrengthLines } from './rsi-strength-lines.ts';
import type { SegmentSettings } from './rsi-strength-params.ts';
import { listedTowards } from './strike-rules.ts';

/** What a signal would buy. */
export interface Choice {
  readonly contract: OptionContract;
  readonly seen: Seen;
}

/** A gate that failed, with what was seen up to it. */
export interface Refused {
  readonly gate: string;
  readonly seen: Seen;
}

/** The contract that a signal asks for, or the gate that failed: a strike that is not listed gives way to the next one towards the money. */
export function choose(ctx: StrategyContext, right: Right, settings: SegmentSettings): Choice | Refused {
  const { spot, strikeStep } = ctx;
  if (spot === undefined) return { gate: 'no level of the underlying', seen: { spot: null } };
  const expiry = expiryOf(ctx, settings);
  if (expiry === undefined) return { gate: `no ${settings.expiry} expiry is listed`, seen: { spot } };
  const money = atTheMoney(spot, strikeStep);
  const wanted = money + (right === 'CE' ? -1 : 1) * settings.itmOffset * 100;
  const seen = { spot, strike: wanted, expiry };
  const contract = listedTowards(ctx, { expiry, right }, { from: wanted, to: money });
  if (typeof contract === 'string') return { gate: contract, seen };
  const price = ctx.price(contract);
  const found = { ...seen, strike: contract.strike, price: price ?? null };
  if (price === undefined || !ctx.isFresh(contract))
    return { gate: `no fresh price of the ${contract.strike / 100} ${right}`, seen: found };
  return { contract, seen: found };
}

/** The chosen expiry, or the one after it when it is as near as the switch says. */
function expiryOf(ctx: StrategyContext, { expiry, expirySwitchDays }: SegmentSettings): Day | undefined {
  const first = ctx.expiry(expiry);
  if (first === undefined || expirySwitchDays === undefined) return first;
  if (daysBetween(ctx.day, first) > expirySwitchDays) return first;
  return ctx.expiry(expiry === 'monthly' ? 'next-monthly' : 'next');
}

const ATR_PERIOD = 14;
const ATR_MEAN = 20;
const SPEED_CANDLES = 3;
const VOLUME_CANDLES = 5;

/** The optional filters of the rule's origin, all off by default; each answers with the gate that failed. */
export class OriginFilters {
  readonly #settings: SegmentSettings;
  readonly #atr = new Atr({ period: ATR_PERIOD, mean: 'simple' });
  readonly #atrMean = new Sma({ period: ATR_MEAN });
  readonly #divergence: Divergence;
  readonly #minutes: StrengthLines;
  readonly #speeds = new Ring(SPEED_CANDLES + 1);

  constructor(settings: SegmentSettings) {
    this.#settings = settings;
    this.#divergence = new Divergence({
      bars: settings.divergenceBars,
      apartMin: settings.divergenceApartMin,
      apartMax: settings.divergenceApartMax,
      within: settings.divergenceWithin,
    });
    this.#minutes = new StrengthLines({ ...settings, overnight: 'allowed' });
  }

  /** Takes a closed candle of the signal's timeframe, with the RSI at it. */
  push({ high, low, close }: Candle, rsi: number | undefined): void {
    const atr = this.#atr.push(high, low, close);
    if (atr !== undefined) this.#atrMean.push(atr);
    this.#divergence.push(close, rsi);
  }

  /** Takes a closed one-minute candle of the index. */
  pushMinute({ close }: Candle, day: Day): void {
    this.#minutes.push(close, day);
    this.#speeds.push(this.#minutes.priceStrength ?? Number.NaN);
  }

  /** Only a cross needs a divergence behind it: a re-entry follows a trade that had one. */
  backing(right: Right): string | undefined {
    if (!this.#settings.divergence || this.#divergence.backs(right === 'CE' ? 'bullish' : 'bearish')) return undefined;
    return `no ${right === 'CE' ? 'bullish' : 'bearish'} divergence behind the cross`;
  }

  /** The first filter that keeps a signal out. */
  gate(right: Right, lines: StrengthLines): string | undefined {
    const { atrRatioMin, rsiCeMax, rsiPeMin } = this.#settings;
    const { rsi = Number.NaN } = lines;
    if (right === 'CE' && rsiCeMax !== undefined && rounded(rsi) > rsiCeMax) return `RSI above ${rsiCeMax}`;
    if (right === 'PE' && rsiPeMin !== undefined && rounded(rsi) < rsiPeMin) return `RSI below ${rsiPeMin}`;
    if (atrRatioMin !== undefined) {
      const [atr, mean] = [this.#atr.value, this.#atrMean.value];
      if (atr === undefined || mean === undefined || mean === 0) return 'ATR ratio unknown';
      if (rounded(atr / mean) < atrRatioMin) return `ATR ratio below ${atrRatioMin}`;
    }
    return this.#gap(lines) ?? this.#minute(right);
  }

  #gap({ priceStrength = 0, volumeStrength = 0 }: StrengthLines): string | undefined {
    const { gapPctMin, gapPctMax } = this.#settings;
    const higher = Math.max(priceStrength, volumeStrength);
    const gap = higher === 0 ? 0 : rounded((100 * Math.abs(priceStrength - volumeStrength)) / higher);
    if (gapPctMin !== undefined && gap < gapPctMin) return `lines nearer than ${gapPctMin} %`;
    if (gapPctMax !== undefined && gap > gapPctMax) return `lines further apart than ${gapPctMax} %`;
    return undefined;
  }

  #minute(right: Right): string | undefined {
    const { minuteAgree, minuteSpeedMin } = this.#settings;
    if (minuteAgree && this.#minutes.side !== (right === 'CE' ? 1 : -1)) return 'one-minute lines on the other side';
    if (minuteSpeedMin === undefined) return undefined;
    const speed = this.#speeds.isFull
      ? Math.abs(this.#speeds.ago(0) - this.#speeds.ago(SPEED_CANDLES)) / SPEED_CANDLES
      : Number.NaN;
    if (Number.isNaN(speed)) return 'one-minute speed unknown';
    return rounded(speed) < minuteSpeedMin ? `one-minute speed below ${minuteSpeedMin}` : undefined;
  }

  /** Volume of the option that would be bought, since an index has none: its last minute against the mean of the five before. */
  volume(ctx: StrategyContext, contract: OptionContract): string | undefined {
    const { minuteVolumeMin } = this.#settings;
    if (minuteVolumeMin === undefined) return undefined;
    const volumes = ctx
      .candlesToday(contract)
      .slice(-VOLUME_CANDLES - 1)
      .map(({ volume }) => volume);
    const last = volumes.at(-1);
    if (last === undefined || volumes.length <= VOLUME_CANDLES || volumes.some((each) => each < 0))
      return 'one-minute volume unknown';
    const before = volumes.slice(0, -1).reduce((sum, volume) => sum + volume, 0);
    return last * VOLUME_CANDLES < minuteVolumeMin * before
      ? `one-minute volume below ${minuteVolumeMin} of the five before`
      : undefined;
  }
}

/** Six decimals decide; what lies below is the rounding of means. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
