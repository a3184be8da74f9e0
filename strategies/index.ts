import type { StrategyDefinition } from '../engine/strategy.ts';
import { atmStraddle } from './atm-straddle.ts';
import { rsiStrength } from './rsi-strength.ts';
import { weeklySignals } from './weekly-signals.ts';

/** Every strategy that ships with the program, by its name. */
export const STRATEGIES: ReadonlyMap<string, StrategyDefinition<unknown>> = new Map(
  [atmStraddle, rsiStrength, weeklySignals].map((definition) => [
    definition.name,
    definition as StrategyDefinition<unknown>,
  ]),
);
