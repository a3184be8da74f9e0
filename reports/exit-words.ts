import type { ExitReason } from '../engine/model/order.ts';
import { EXIT_REASONS } from '../engine/model/order.ts';

/** The words of the ordering documents for the codes of the engine; the last two are ours. */
export const EXIT_WORDS: Readonly<Record<ExitReason, string>> = {
  SL: 'SL hit',
  TSL: 'Trailing SL',
  TARGET: 'Target',
  TIME: 'EOD square-off',
  RISK: 'Risk limit',
  MANUAL: 'Manual',
  SHIFT: 'Shift',
  REVERSAL: 'Signal reversal',
  EXPIRY: 'Expiry',
  // One leg could not be had, so the others were closed.
  UNWIND: 'Unwind',
  // The wide stop that rests at the venue filled before the engine's own guard acted.
  STOP: 'Disaster SL',
};

/** The word for a text that may be one of the codes; other texts are words already. */
export function exitWord(reason: string): string {
  return isExitReason(reason) ? EXIT_WORDS[reason] : reason;
}

function isExitReason(reason: string): reason is ExitReason {
  return (EXIT_REASONS as readonly string[]).includes(reason);
}
