import type { Candle, CandleSpan, Day, StrategyContext } from '../engine/strategy.ts';
import { dayOf, istTimeOf, UNKNOWN } from '../engine/strategy.ts';

export const MINUTE_MS = 60_000;

/** Factors of volumes are compared with this much room, in units: products of both leave dust. */
const DUST = 1e-6;

/** Walks along a series of the engine, each closed candle once. */
export class NewCandles {
  #at = 0;

  /** The candles that closed since it was asked last, oldest first; nothing is made where there is none. */
  take(candles: readonly Candle[]): readonly Candle[] {
    let from = candles.length;
    while (from > 0 && (candles[from - 1]?.start ?? 0) > this.#at) from -= 1;
    if (from === candles.length) return NO_CANDLES;
    this.#at = candles.at(-1)?.start ?? this.#at;
    return candles.slice(from);
  }

  /** Walks it again from its beginning. */
  restart(): void {
    this.#at = 0;
  }
}

const NO_CANDLES: readonly Candle[] = [];

/** Why a signal whose candle was not known in time is left; exits are judged by such a candle all the same. */
export const LATE = 'its candle became known too late';

/** Whether a candle of so many milliseconds ended with the present minute: one whose last minutes are missing is known too late to act on. */
export function isTimely({ now }: StrategyContext, { start }: Candle, spanMs: number): boolean {
  return now - (start + spanMs) < MINUTE_MS;
}

/** Volume of one candle, and the mean of the candles that it is held against; units. */
export interface VolumeSeen {
  readonly volume: number;
  readonly mean: number;
}

/** Volume of the near future against its own past: candles of the contract before it say nothing of a new one. */
export class FutureVolume {
  #expiry: Day | undefined;
  /** Open of the first session of the present contract, epoch ms; 0 where no other was seen before it. */
  #since = 0;

  /** A session opens, perhaps with another near future than the one before. */
  openDay({ future, now }: StrategyContext): void {
    if (future === undefined || future.expiry === this.#expiry) return;
    if (this.#expiry !== undefined) this.#since = now;
    this.#expiry = future.expiry;
  }

  /**
   * Volume in a candle of the underlying, against the mean of its `bars` candles before, those of days before too. Undefined where the candle
   * is missing, anything is unknown, or one of them is of the contract before.
   */
  in(
    ctx: StrategyContext,
    candle: Candle,
    { span, bars }: { readonly span: CandleSpan; readonly bars: number },
  ): VolumeSeen | undefined {
    const series = ctx.series(span, 'future');
    const own = series.at(-1);
    const until = series.length - 1;
    if (own?.start !== candle.start || own.volume === UNKNOWN || until < bars) return undefined;
    if ((series[until - bars]?.start ?? 0) < this.#since) return undefined;
    let sum = 0;
    for (let at = until - bars; at < until; at += 1) {
      const volume = series[at]?.volume ?? UNKNOWN;
      if (volume === UNKNOWN) return undefined;
      sum += volume;
    }
    return { volume: own.volume, mean: sum / bars };
  }
}

/** Whether a volume reaches so many times its mean. */
export function reaches({ volume, mean }: VolumeSeen, factor: number): boolean {
  return volume + DUST >= factor * mean;
}

/** Whether a volume is above so many times its mean. */
export function exceeds({ volume, mean }: VolumeSeen, factor: number): boolean {
  return volume - DUST > factor * mean;
}

/** What makes a signal the same one: strategy, index, direction, level in rupees, and the candle's start. */
export function signalKey(
  ctx: StrategyContext,
  signal: { readonly strategy: string; readonly name: string; readonly level: number; readonly candle: Candle },
): string {
  const { strategy, name, level, candle } = signal;
  return `${strategy} ${ctx.segment} ${name} ${Math.round(level) / 100} ${dayOf(candle.start)} ${istTimeOf(candle.start)}`;
}
