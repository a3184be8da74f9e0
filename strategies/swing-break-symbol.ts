import type { SwingEvent } from '../engine/indicators/swings.ts';
import { SwingDetector } from '../engine/indicators/swings.ts';
import type { Candle, EpochMs, OptionContract, Seen } from '../engine/strategy.ts';
import { istTimeOf, TICK } from '../engine/strategy.ts';
import type { SwingBreakSettings } from './swing-break-params.ts';

/** Bars of a day at first; longer days grow it. */
const BARS_AT_FIRST = 384;

const PPM = 1_000_000;

/** Points that a round strike is a multiple of, paise. */
const ROUND_STRIKE = 10_000;

/** A swing low with what its bar knew; prices in paise. */
export interface Low {
  readonly price: number;
  readonly bar: number;
  readonly start: EpochMs;
  /** Bar of the swing that it began as: a low that moves keeps the VWAP of that one. */
  readonly vwapBar: number;
  /** A later price went below it: it is no level any more. */
  isPierced: boolean;
  /** Our own order was there when a price went below it: it is one as long as that order works. */
  isOurs: boolean;
}

/** What a bar reported: a low that is new or moved, and the gate of the first stage that it failed. */
export interface Report {
  readonly low: Low;
  readonly gate: string | undefined;
}

/** Why a low left the pool. */
export const PIERCED = 'pierced without our order';

/**
 * One option of the day: its bars, its VWAP, its swings, and the one low that may be sold. It looks at nothing but this option's closed
 * bars, and at the price of the running one where that is followed.
 */
export class SwingBreakSymbol {
  readonly contract: OptionContract;
  /** Units in a lot today; 0 where the tables do not say. */
  readonly lotSize: number;
  readonly isRound: boolean;
  readonly #settings: SwingBreakSettings;
  readonly #detector: SwingDetector;
  #starts = new Float64Array(BARS_AT_FIRST);
  /** VWAP after each bar as a fraction: (high + low + close) x volume since the open over volume; NaN from the first unknown volume on. */
  #money = new Float64Array(BARS_AT_FIRST);
  #volume = new Float64Array(BARS_AT_FIRST);
  #moneySum = 0;
  #volumeSum = 0;
  /** Last low and last high that the detector told, as they stand. */
  lastLow: Low | undefined;
  lastHigh: { readonly price: number; readonly start: EpochMs } | undefined;
  /** The low in the pool. */
  candidate: Low | undefined;
  /** Left the pool by being pierced, and the journal has not heard of it. */
  spent: Low | undefined;
  /** Highest high of the bars after the candidate's, its own high while there is none; paise. */
  #high = 0;
  #hasLater = false;
  /** Highest price of the running bar, 0 where none was seen. */
  #forming = 0;
  /** Gate that the candidate failed when it was last looked at, and the one that the journal last heard of. */
  gate: string | undefined;
  toldGate: string | undefined;
  /** Stop, distance to it and lots of the candidate as last looked at; paise. */
  stop = 0;
  points = 0;
  lots = 0;

  constructor(parts: {
    readonly contract: OptionContract;
    readonly lotSize: number | undefined;
    readonly settings: SwingBreakSettings;
  }) {
    this.contract = parts.contract;
    this.lotSize = parts.lotSize ?? 0;
    this.isRound = parts.contract.strike % ROUND_STRIKE === 0;
    this.#settings = parts.settings;
    this.#detector = new SwingDetector({ update: parts.settings.swingUpdate });
  }

  get bars(): number {
    return this.#detector.bars;
  }

  /** Start of the last bar, epoch ms; 0 before the first. */
  get lastStart(): number {
    return this.bars === 0 ? 0 : (this.#starts[this.bars - 1] ?? 0);
  }

  /** VWAP after a bar, paise with fractions; undefined where a volume is unknown. Nothing traded yet: the bar's typical price. */
  vwapAt(bar: number): number | undefined {
    const vwap = (this.#money[bar] ?? Number.NaN) / (3 * (this.#volume[bar] ?? 0));
    return Number.isNaN(vwap) ? undefined : vwap;
  }

  /** Highest high after the candidate's bar, the running bar among them where its prices are followed. */
  get high(): number {
    return Math.max(this.#high, this.#forming);
  }

  /**
   * Takes a closed bar; gives what the detector reported of a low. A bar that is not later than the last one is let by. With confirmed
   * updates lows are pierced before the detector sees the bar, with immediate ones after: there the bar that breaks a low is the low.
   * `ownTrigger`: of an order of ours that works on the candidate.
   */
  push(candle: Candle, ownTrigger: number | undefined): Report | undefined {
    if (candle.start <= this.lastStart) return undefined;
    const { high, low, close } = candle;
    const isImmediate = this.#settings.swingUpdate === 'immediate';
    if (!isImmediate) this.#pierce(low, ownTrigger);
    this.#forming = 0;
    this.#take(candle);
    const event = this.#detector.push(high, low, close);
    this.#followHigh(high);
    const report = event === undefined ? undefined : this.#told(event);
    if (isImmediate) this.#pierce(low, ownTrigger);
    return report;
  }

  /** A price of the running bar, paise. */
  quote(price: number, ownTrigger: number | undefined): void {
    if (price > this.#forming) this.#forming = price;
    this.#pierce(price, ownTrigger);
  }

  /** Where the stop of a short belongs that was sold at a swing low: above the highest high from that bar on, the bar itself among them. */
  stopFrom(bar: number): number {
    let high = this.#forming;
    for (let at = bar; at < this.bars; at += 1) high = Math.max(high, this.#detector.highOf(at));
    return this.#stopAbove(high);
  }

  /** The low was sold, or its break was ours and our order is gone: the next swing is the next chance. */
  spend(low: Low): void {
    low.isPierced = true;
    if (this.candidate === low) this.candidate = undefined;
  }

  /** Second stage: stop, distance and lots of the candidate as it stands now; the gate that it fails. */
  qualify({ price }: Low): string | undefined {
    const { stopPpm, gates, r, maxLots } = this.#settings;
    this.stop = this.#stopAbove(this.high);
    this.points = this.stop - price;
    this.lots = 0;
    if (this.points <= 0 || this.points * PPM < stopPpm.min * price) return gates.nearer;
    if (this.points * PPM > stopPpm.max * price) return gates.further;
    if (this.lotSize === 0) return 'lot size unknown';
    this.lots = Math.min(Math.floor(r / (this.points * this.lotSize)), maxLots);
    return this.lots === 0 ? 'no lot fits one R' : undefined;
  }

  /** What a signal of a low saw in the first stage. Prices in paise. */
  seenOf(low: Low): Seen {
    const vwap = this.vwapAt(low.vwapBar);
    return {
      // Tells candidates of one type and minute apart.
      candle: `${this.contract.strike / 100} ${istTimeOf(low.start)}`,
      strike: this.contract.strike,
      swingAt: istTimeOf(low.start),
      swingLow: low.price,
      vwapAtSwing: vwap === undefined ? null : rounded(vwap, 100),
      premiumPct: vwap === undefined ? null : rounded((100 * (low.price - vwap)) / vwap, 10_000),
    };
  }

  /** The same with what the second stage saw. */
  seenWithStop(low: Low): Seen {
    return {
      ...this.seenOf(low),
      highSince: this.high,
      stop: this.stop,
      slPts: this.points,
      slPct: rounded((100 * this.points) / low.price, 10_000),
      lots: this.lots,
      lotSize: this.lotSize,
    };
  }

  /** A price below a low spends it, unless our own order is what that price reaches: then the break is its fill. */
  #pierce(price: number, ownTrigger: number | undefined): void {
    const { candidate, lastLow } = this;
    if (candidate !== undefined && price < candidate.price) {
      if (ownTrigger !== undefined && price <= ownTrigger) candidate.isOurs = true;
      else {
        this.spent = candidate;
        this.spend(candidate);
      }
    }
    if (lastLow !== undefined && lastLow !== candidate && price < lastLow.price) lastLow.isPierced = true;
  }

  /** Writes a swing down; a low goes through the first stage. */
  #told({ kind, price, bar, isUpdate }: SwingEvent): Report | undefined {
    const start = (this.#starts[bar] ?? 0) as EpochMs;
    if (kind === 'HIGH') {
      this.lastHigh = { price, start };
      return undefined;
    }
    const before = isUpdate ? this.lastLow : undefined;
    const inherits = before !== undefined && !this.#settings.updateClearsPierce;
    const isPierced = inherits && (before.isPierced || before.isOurs);
    const low: Low = { price, bar, start, vwapBar: before?.vwapBar ?? bar, isPierced, isOurs: false };
    this.lastLow = low;
    return { low, gate: this.#firstStage(low) };
  }

  /** First stage: price, and premium to the VWAP. Who passes replaces the older candidate; a wrong price drops that one as well. */
  #firstStage(low: Low): string | undefined {
    const { price, gates } = this.#settings;
    if (low.price < price.min || low.price > price.max) {
      this.candidate = undefined;
      return low.price < price.min ? gates.below : gates.above;
    }
    const money = this.#money[low.vwapBar] ?? Number.NaN;
    if (Number.isNaN(money)) return 'VWAP unknown';
    if (!this.#isAboveVwap(low)) return gates.premium;
    this.candidate = low.isPierced ? undefined : low;
    this.gate = undefined;
    this.toldGate = undefined;
    this.#highFrom(low.bar);
    return low.isPierced ? PIERCED : undefined;
  }

  /** Compared in whole numbers: (low - vwap) / vwap is at least the share, where vwap is money / (3 x volume). */
  #isAboveVwap({ price, vwapBar }: Low): boolean {
    const [money, volume] = [this.#money[vwapBar] ?? 0, this.#volume[vwapBar] ?? 0];
    const { premiumPpm } = this.#settings;
    return BigInt(price) * BigInt(volume) * 3n * BigInt(PPM) >= BigInt(money) * BigInt(PPM + premiumPpm);
  }

  #highFrom(bar: number): void {
    this.#hasLater = bar + 1 < this.bars;
    this.#high = this.#hasLater ? 0 : this.#detector.highOf(bar);
    for (let at = bar + 1; at < this.bars; at += 1) this.#high = Math.max(this.#high, this.#detector.highOf(at));
  }

  #followHigh(high: number): void {
    if (this.candidate === undefined) return;
    this.#high = this.#hasLater ? Math.max(this.#high, high) : high;
    this.#hasLater = true;
  }

  #stopAbove(high: number): number {
    return Math.ceil(high / TICK) * TICK + this.#settings.stopAbove;
  }

  #take({ start, high, low, close, volume }: Candle): void {
    const bar = this.bars;
    if (bar === this.#starts.length) {
      this.#starts = longer(this.#starts);
      this.#money = longer(this.#money);
      this.#volume = longer(this.#volume);
    }
    const typical = high + low + close;
    this.#moneySum += volume < 0 ? Number.NaN : typical * volume;
    this.#volumeSum += Math.max(volume, 0);
    const isTraded = this.#volumeSum > 0 || Number.isNaN(this.#moneySum);
    this.#starts[bar] = start;
    this.#money[bar] = isTraded ? this.#moneySum : typical;
    this.#volume[bar] = isTraded ? this.#volumeSum : 1;
  }
}

function longer(column: Float64Array): Float64Array<ArrayBuffer> {
  const made = new Float64Array(column.length * 2);
  made.set(column);
  return made;
}

function rounded(value: number, to: number): number {
  return Math.round(value * to) / to;
}
