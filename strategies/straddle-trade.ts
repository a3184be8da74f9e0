import type { Right } from '../engine/strategy.ts';
import type { StraddleSeries } from './straddle-series.ts';
import type { StopBasis } from './straddle-stop.ts';
import { StraddleStop, valueFor } from './straddle-stop.ts';

/** What a trader holds, or asked for and may hold soon. */
export interface Trade {
  readonly mode: 'DEBIT' | 'BATMAN';
  /** The way of a debit spread. */
  readonly right: Right | undefined;
  readonly stop: StraddleStop;
  /** Best value since the entry of what trails the stop: the highest or the lowest, by the trade. */
  best: number;
  /** Level of the index from which a run is counted, paise. */
  pivotBase: number;
  /** Whether a lot of it was ever filled. */
  isTraded: boolean;
}

/** A debit spread as it is asked for: its stop is the low of the window, never laid past the value that it reads. */
export function spreadTrade(series: StraddleSeries, basis: StopBasis, right: Right): Trade {
  const stop = spreadStop(series, basis, right);
  const best = valueFor(basis, series) ?? 0;
  return { mode: 'DEBIT', right, stop, best, pivotBase: series.level ?? 0, isTraded: false };
}

function spreadStop(series: StraddleSeries, basis: StopBasis, right: Right): StraddleStop {
  const { value = 0, low = value, level = 0, indexHigh = level, indexLow = level } = series;
  if (basis === 'straddle') return new StraddleStop({ basis, below: Math.min(low, value) });
  return right === 'CE'
    ? new StraddleStop({ basis, below: Math.min(indexLow, level) })
    : new StraddleStop({ basis, above: Math.max(indexHigh, level) });
}

/** A Batman as it is asked for: its stop is the high of the window; on the index both ends of it, since it loses on either side. */
export function batmanTrade(series: StraddleSeries, basis: StopBasis): Trade {
  const { value = 0, high = value, level = 0, indexHigh = level, indexLow = level } = series;
  const stop =
    basis === 'straddle'
      ? new StraddleStop({ basis, above: Math.max(high, value) })
      : new StraddleStop({ basis, above: Math.max(indexHigh, level), below: Math.min(indexLow, level) });
  return { mode: 'BATMAN', right: undefined, stop, best: value, pivotBase: level, isTraded: false };
}

/** With each new peak of what it reads the stop of a spread follows a share behind, per cent, 0 for none; true when it moved. */
export function trailSpread(trade: Trade, series: StraddleSeries, pct: number): boolean {
  const { stop, right } = trade;
  const value = valueFor(stop.basis, series) ?? trade.best;
  const gainsUpwards = stop.basis === 'straddle' || right === 'CE';
  if (gainsUpwards ? value <= trade.best : value >= trade.best) return false;
  trade.best = value;
  if (pct === 0) return false;
  return gainsUpwards ? stop.raise((value * (100 - pct)) / 100) : stop.lower((value * (100 + pct)) / 100);
}

/** With each new low of the straddle since the entry the stop of a Batman follows its window, a buffer (per cent) past it; true when it moved. */
export function trailBatman(trade: Trade, series: StraddleSeries, buffer: number): boolean {
  const { value = trade.best, high, indexHigh, indexLow } = series;
  if (value >= trade.best) return false;
  trade.best = value;
  const { stop } = trade;
  if (stop.basis === 'straddle') return high !== undefined && stop.lower((high * (100 + buffer)) / 100);
  const isLowered = indexHigh !== undefined && stop.lower((indexHigh * (100 + buffer)) / 100);
  const isRaised = indexLow !== undefined && stop.raise((indexLow * (100 - buffer)) / 100);
  return isLowered || isRaised;
}
