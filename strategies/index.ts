import type { StrategyDefinition } from '../engine/strategy.ts';
import { atmStraddle } from './atm-straddle.ts';
import { batman } from './batman.ts';
import { emaTrend } from './ema-trend.ts';
import { keyZoneReversal } from './key-zone-reversal.ts';
import { oiBreakout } from './oi-breakout.ts';
import { rsiStrength } from './rsi-strength.ts';
import { straddleVwap } from './straddle-vwap.ts';
import { straddleVwapSpread } from './straddle-vwap-spread.ts';
import { swingBreak } from './swing-break.ts';
import { weeklySignals } from './weekly-signals.ts';

/** Every strategy that ships with the program, by its name. */
export const STRATEGIES: ReadonlyMap<string, StrategyDefinition<unknown>> = new Map(
  [
    atmStraddle,
    batman,
    emaTrend,
    keyZoneReversal,
    oiBreakout,
    rsiStrength,
    straddleVwapSpread,
    straddleVwap,
    swingBreak,
    weeklySignals,
  ].map((definition) => [definition.name, definition as StrategyDefinition<unknown>]),
);
