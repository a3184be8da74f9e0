import type { EpochMs, RestingWish, Right, Terms } from '../engine/strategy.ts';
import { lots, paise, tickDown, tickNearest } from '../engine/strategy.ts';
import type { SwingBreakSettings } from './swing-break-params.ts';
import type { Low, SwingBreakSymbol } from './swing-break-symbol.ts';

/** The name of the stop that each position has. */
export const STOP = 'SL';

export const SIGNAL: Readonly<Record<Right, string>> = { CE: 'SELL_CE', PE: 'SELL_PE' };

/** What an order was asked for with: the low it sells, its prices and its plan, paise. */
export interface Ask {
  readonly symbol: SwingBreakSymbol;
  readonly low: Low;
  readonly trigger: number;
  readonly limit: number;
  readonly stop: number;
  readonly points: number;
  readonly lots: number;
  /** What one R is. */
  readonly risk: number;
  readonly at: EpochMs;
}

/** Of two that qualify: nearer to the wished distance; then a round strike where that is asked for, the higher low, the lower strike. */
export function isBetter(
  one: SwingBreakSymbol,
  other: SwingBreakSymbol,
  { targetPoints, preferRoundStrike }: SwingBreakSettings,
): boolean {
  const nearer = Math.abs(other.points - targetPoints) - Math.abs(one.points - targetPoints);
  if (nearer !== 0) return nearer > 0;
  if (preferRoundStrike && one.isRound !== other.isRound) return one.isRound;
  const higher = (one.candidate?.price ?? 0) - (other.candidate?.price ?? 0);
  return higher === 0 ? one.contract.strike < other.contract.strike : higher > 0;
}

/** Where the order of a low stands: a tick below it, its limit some room further; a plain limit stands at the trigger itself. */
export function termsOf(
  low: Low,
  { trigger, entryOrder }: SwingBreakSettings,
): { readonly trigger: number; readonly limit: number } {
  const at = tickNearest(low.price - trigger.below);
  return { trigger: at, limit: entryOrder === 'limit' ? at : tickDown(at - trigger.room) };
}

/** The order of a candidate as its second stage left it. */
export function askFor(
  symbol: SwingBreakSymbol,
  low: Low,
  { settings, now }: { readonly settings: SwingBreakSettings; readonly now: EpochMs },
): Ask {
  const { stop, points, lots: count, lotSize } = symbol;
  const risk = settings.rDenominator === 'fixed' ? settings.r : points * count * lotSize;
  return { symbol, low, ...termsOf(low, settings), stop, points, lots: count, risk, at: now };
}

/** Its form for the desk: one short leg that rests in the place of its right, its stop held by the venue. */
export function wishFor(ask: Ask, settings: SwingBreakSettings): RestingWish {
  const { symbol, low, trigger, limit, stop, risk } = ask;
  const { contract } = symbol;
  const { right } = contract;
  const terms: Terms =
    settings.entryOrder === 'limit'
      ? { kind: 'LIMIT', price: paise(limit) }
      : { kind: 'STOP_LIMIT', trigger: paise(trigger), price: paise(limit) };
  return {
    place: right,
    repriceBeyond: paise(settings.repriceBy),
    plan: {
      signal: SIGNAL[right],
      seen: { ...symbol.seenWithStop(low), trigger, limit, risk },
      legs: [{ tag: right, contract, side: 'SELL', lots: lots(ask.lots), terms }],
      guards: [
        {
          name: STOP,
          act: 'stop',
          basis: 'leg',
          distance: { level: stop },
          closes: 'structure',
          heldBy: 'venue',
          room: settings.stopRoom,
        },
      ],
      squareOffAt: settings.exitAt,
      risk: paise(risk),
      isSized: true,
    },
  };
}
