/**
 * The lines and crosses of RSI strength by a second method: whole series at once, straight from the definitions, sharing nothing with the
 * strategy. Prices in any unit.
 */
export interface ReferenceCandle {
  readonly day: string;
  readonly open: number;
  readonly close: number;
}

export interface ReferenceLines {
  readonly rsi: number | undefined;
  readonly fast: number | undefined;
  readonly slow: number | undefined;
  /** A cross with its candle, both candles on one day, a touch passed over. */
  readonly cross: 'CE' | 'PE' | undefined;
}

export function referenceLines(
  candles: readonly ReferenceCandle[],
  { period, n }: { readonly period: number; readonly n: number },
): readonly ReferenceLines[] {
  const rsi = rsiOf(
    candles.map(({ close }) => close),
    period,
  );
  const fast = halved(rsi);
  const slow = rsi.map((_, at) => weighted(rsi.slice(Math.max(0, at - n + 1), at + 1), n));
  const sides = candles.map((_, at) => sign(fast[at], slow[at]));
  return candles.map((candle, at) => {
    const before = sides.slice(0, at).findLast((side, place) => side !== 0 && candles[place]?.day === candle.day);
    const now = sides[at] ?? 0;
    const crosses = now !== 0 && before !== undefined && before !== now;
    return { rsi: rsi[at], fast: fast[at], slow: slow[at], cross: crosses ? (now > 0 ? 'CE' : 'PE') : undefined };
  });
}

/** Gains and losses are weighted sums of all moves: the first has (p - 1)^(t - 1) / p^(t - 1), a later one 1/p of what is left. */
function rsiOf(closes: readonly number[], period: number): (number | undefined)[] {
  const keep = 1 - 1 / period;
  return closes.map((_, at) => {
    if (at === 0) return undefined;
    let [gain, loss] = [0, 0];
    for (let place = 1; place <= at; place += 1) {
      const move = (closes[place] ?? 0) - (closes[place - 1] ?? 0);
      const weight = keep ** (at - place) * (place === 1 ? 1 : 1 / period);
      if (move > 0) gain += weight * move;
      else loss -= weight * move;
    }
    if (gain === 0 && loss === 0) return 50;
    return (100 * gain) / (gain + loss);
  });
}

/** An EMA of 3: each value the mean of the one before and the new one. */
function halved(values: readonly (number | undefined)[]): (number | undefined)[] {
  const first = values.findIndex((value) => value !== undefined);
  return values.map((_, at) => {
    if (first < 0 || at < first) return undefined;
    let sum = (values[first] ?? 0) * 0.5 ** (at - first);
    for (let place = first + 1; place <= at; place += 1) sum += (values[place] ?? 0) * 0.5 ** (at - place + 1);
    return sum;
  });
}

function weighted(window: readonly (number | undefined)[], n: number): number | undefined {
  if (window.length < n || window.includes(undefined)) return undefined;
  const top = window.reduce<number>((sum, value, at) => sum + (value ?? 0) * (at + 1), 0);
  return top / ((n * (n + 1)) / 2);
}

function sign(fast: number | undefined, slow: number | undefined): number {
  if (fast === undefined || slow === undefined) return 0;
  return Math.abs(fast - slow) < 1e-9 ? 0 : Math.sign(fast - slow);
}
