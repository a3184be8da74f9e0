/** How the time of a row is written. */
export type StampRule =
  | { readonly kind: 'epoch'; readonly column: string; readonly unit: 's' | 'ms' }
  | {
      readonly kind: 'text';
      /** One column, or the columns of date and time. */
      readonly columns: readonly string[];
      /** `stated` when each value ends with its offset. */
      readonly zone: 'ist' | 'utc' | 'stated';
      /** Order of the date's parts. */
      readonly date: 'year-first' | 'compact' | 'day-first';
    };

/** Where the instrument of a row stands: in a column, or the same for the whole file. */
export type InstrumentRule =
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'fixed'; readonly symbol: string };

export interface CandlePreset {
  readonly shape: 'candles';
  readonly name: string;
  readonly stamp: StampRule;
  /** Whether a stamp is the start or the end of its candle; `auto` looks at the session's first and last stamps. */
  readonly label: 'start' | 'end' | 'auto';
  readonly instrument: InstrumentRule;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string | undefined;
  readonly oi: string | undefined;
  readonly priceUnit: 'rupees' | 'paise';
  /** `auto` looks whether the volume of a day ever falls. */
  readonly volumeIs: 'auto' | 'per-candle' | 'cumulative';
  /** Milliseconds, where a map says so; else the commonest distance of stamps. */
  readonly intervalMs: number | undefined;
}

/** A value of an index every second. */
export interface SecondsPreset {
  readonly shape: 'seconds';
  readonly name: string;
  readonly stamp: StampRule;
  readonly instrument: InstrumentRule;
  readonly price: string;
}

/** Last price and open interest of strikes around the money of the nearest expiry, every few minutes. */
export interface SnapshotPreset {
  readonly shape: 'snapshot-closes';
  readonly name: string;
  readonly stamp: StampRule;
  readonly underlying: string;
  /** `34500CE`. */
  readonly strike: string;
  readonly price: string;
  readonly oi: string;
}

/** Shapes with columns of their own, each read by a step of its own. */
export interface NamedPreset {
  readonly shape: 'chain-snapshots' | 'chain-page' | 'quote-lines' | 'bhavcopy' | 'market-report' | 'index-close';
  readonly name: string;
}

/** Recognised, but not candles, snapshots or daily values. */
export interface SkippedPreset {
  readonly shape: 'skipped';
  readonly name: string;
  /** The sentence that the person reads. */
  readonly why: string;
  /** How its best bids and asks are read, where it has them. */
  readonly quotes?: 'upstox-ticks' | 'kite-ticks';
}

export type Preset = CandlePreset | SecondsPreset | SnapshotPreset | NamedPreset | SkippedPreset;

/** How a source is written, and what stands at its beginning. */
export interface SourceHead {
  /** The last part of its path. */
  readonly fileName: string;
  readonly format: 'csv' | 'json' | 'json-lines' | 'parquet' | 'other';
  /** Names of columns or of the fields of the first object, as written. */
  readonly columns: readonly string[];
  /** The first rows, as texts by column. */
  readonly rows: readonly Readonly<Record<string, string>>[];
}
