import type { Instrument, OptionContract, Underlying } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import type { Paise } from '../engine/model/units.ts';

/** Which instruments of an underlying a day should hold. */
export interface Wanted {
  readonly underlying: Underlying;
  readonly index: 'include' | 'leave';
  readonly futures: 'all' | readonly Day[];
  readonly expiries: 'all' | readonly Day[];
  /** Both ends included; without it every strike. */
  readonly strikes?: { readonly min: Paise; readonly max: Paise };
  /** Strikes on each side of the money that are looked at: a source that makes its chain makes these and room to move. */
  readonly strikesAround?: number;
  /** Options that are held from an earlier day, wherever their strikes stand now. */
  readonly held?: readonly OptionContract[];
}

/** Everything that stands in the store for an underlying. */
export function allOf(underlying: Underlying): Wanted {
  return { underlying, index: 'include', futures: 'all', expiries: 'all' };
}

/** Which of the asked days stand in the store at one interval. */
export interface Coverage {
  readonly intervalMs: number;
  readonly present: readonly Day[];
  readonly missing: readonly Day[];
}

/** The finest interval at which every list of coverage misses no day; undefined where none does. Lists begin with the finest. */
export function finestWhole(lists: readonly (readonly Coverage[])[]): number | undefined {
  const isWhole = (list: readonly Coverage[], interval: number): boolean =>
    list.find(({ intervalMs }) => intervalMs === interval)?.missing.length === 0;
  return lists[0]?.find(({ intervalMs }) => lists.every((list) => isWhole(list, intervalMs)))?.intervalMs;
}

/** Days that no interval has. */
export function missingFrom(list: readonly Coverage[], days: readonly Day[]): Day[] {
  const present = new Set(list.flatMap((of) => of.present));
  return days.filter((day) => !present.has(day));
}

/** What one day holds of one underlying. */
export interface DayContents {
  readonly index: boolean;
  /** Expiries of the futures, rising. */
  readonly futures: readonly Day[];
  /** Expiries of the options, rising. */
  readonly expiries: readonly Day[];
  readonly instruments: readonly Instrument[];
  /** The same for the same candles, wherever they are stored. */
  readonly contentHash: string;
}
