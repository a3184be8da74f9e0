import type { GuardLine } from '../guard-lines.ts';
import type { DayTexts } from './price-text.ts';

/** The round trips of a run as columns; a number at a text column is an index into `texts`. */
export interface TradeColumns {
  readonly texts: readonly string[];
  readonly id: readonly number[];
  readonly structure: readonly number[];
  readonly agent: readonly number[];
  readonly leg: readonly number[];
  readonly contract: readonly number[];
  readonly side: readonly number[];
  readonly reason: readonly number[];
  readonly lots: readonly number[];
  readonly quantity: readonly number[];
  /** Whole seconds since 1970. */
  readonly openedAt: readonly number[];
  readonly closedAt: readonly number[];
  /** Paise, four decimals at most. */
  readonly entry: readonly number[];
  readonly exit: readonly number[];
  /** Paise. */
  readonly gross: readonly number[];
  /** Fine paise. */
  readonly charges: readonly number[];
  readonly r: readonly (number | null)[];
  /** Paise. */
  readonly mfe: readonly number[];
  readonly mae: readonly number[];
  /** Levels in paise that stood at first and at last; null where there was none. */
  readonly stop: readonly (number | null)[];
  readonly lastStop: readonly (number | null)[];
  readonly held: readonly (number | null)[];
  readonly ambiguous: readonly (0 | 1)[];
}

/** A fill as a mark: its round trip, instant in epoch ms, price in paise, bought, entered. */
export type FillMark = readonly [trade: number, ts: number, price: number, bought: 0 | 1, entered: 0 | 1];

/** What a chart of one structure needs beside its trades and the prices of its days. */
export interface Picture {
  readonly name: string;
  readonly underlying: string;
  readonly days: readonly string[];
  readonly fills: readonly FillMark[];
  readonly guards: readonly PictureGuard[];
}

export type PictureGuard = Pick<GuardLine, 'leg' | 'basis' | 'act' | 'fired' | 'endedAt'> & {
  readonly steps: readonly (readonly [number, number])[];
};

/** Points of the curve for reading it with a pointer: seconds, net and distance from the peak in whole rupees. */
export interface CurveReading {
  readonly at: readonly number[];
  readonly net: readonly number[];
  readonly fall: readonly number[];
}

/** What the page's own script reads. */
export interface PagePayload {
  readonly curve: CurveReading;
  readonly trades: TradeColumns;
  /** By number of the structure; absent where its prices are not in the page. */
  readonly pictures: Readonly<Record<string, Picture>>;
  readonly prices: Readonly<Record<string, DayTexts>>;
}
