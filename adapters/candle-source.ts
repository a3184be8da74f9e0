import type { DayCandles } from '../engine/model/candle-frame.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import type { DayRequest } from './candle-archive.ts';
import type { Coverage, DayContents } from './candle-archive-types.ts';
import type { DailyValue } from './daily-values.ts';

/** Some days of some underlyings at one interval. */
export interface DaysAsked {
  readonly intervalMs: number;
  readonly underlyings: readonly Underlying[];
  readonly days: readonly Day[];
}

/** Where the candles of a run come from: a store on disk, its indices with a modelled chain, or the embedded synthetic market. */
export interface CandleSource {
  readonly kind: 'real' | 'synthetic' | 'modelled';
  coverage(asked: { readonly underlying: Underlying; readonly days: readonly Day[] }): Coverage[];
  finestInterval(asked: {
    readonly underlyings: readonly Underlying[];
    readonly days: readonly Day[];
  }): number | undefined;
  missingDays(asked: { readonly underlying: Underlying; readonly days: readonly Day[] }): Day[];
  prepare(asked: DaysAsked): Promise<void>;
  contents(of: { readonly day: Day; readonly intervalMs: number; readonly underlying: Underlying }): DayContents;
  /** The day stands until the next one is loaded. */
  loadDay(request: DayRequest): DayCandles | Promise<DayCandles>;
  /** The same at once, for a day that was prepared. */
  readDay(request: DayRequest): DayCandles;
  dataHash(of: DaysAsked): string;
  /** Official daily values, rising by day; a source may give more days than asked. */
  dailyValues(of: {
    readonly name: Underlying | 'INDIA VIX';
    readonly from?: Day;
    readonly to?: Day;
  }): Promise<readonly DailyValue[]>;
  /** What stands for the official close of a prepared day where that is not known, paise; absent where the last level must do. */
  estimatedClose?(of: {
    readonly day: Day;
    readonly intervalMs: number;
    readonly underlying: Underlying;
  }): number | undefined;
  close(): void;
}
