/** Short scripted days in a test, on the program's own dated tables. */
import { tapeDay } from '../../datasets/tape.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { testReference } from './play.ts';

/** One day of candles from a scripted text. */
export function tape(texts: TemplateStringsArray, ...values: readonly (string | number)[]): DayCandles {
  return tapeDay(String.raw({ raw: texts }, ...values), testReference());
}
