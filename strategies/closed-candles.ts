import type { Candle, CandleSpan, StrategyContext } from '../engine/strategy.ts';
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

/**
 * Volume of the near future in a candle of the underlying, against the mean of its `bars` candles before, those of days before too. Undefined
 * where the candle is missing or anything is unknown.
 */
export function futureVolume(
  ctx: StrategyContext,
  candle: Candle,
  { span, bars }: { readonly span: CandleSpan; readonly bars: number },
): VolumeSeen | undefined {
  const series = ctx.series(span, 'future');
  const own = series.at(-1);
  const until = series.length - 1;
  if (own?.start !== candle.start || own.volume === UNKNOWN || until < bars) return undefined;
  let sum = 0;
  for (let at = until - bars; at < until; at += 1) {
    const volume = series[at]?.volume ?? UNKNOWN;
    if (volume === UNKNOWN) return undefined;
    sum += volume;
  }
  return { volume: own.volume, mean: sum / bars };
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
