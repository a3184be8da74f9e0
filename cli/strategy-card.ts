import type { StrategyDefinition } from '../engine/strategy.ts';
import { allowedText, rulesOf } from './setting-rules.ts';

/** A parameter as a listing shows it. */
export interface ParameterCard {
  readonly name: string;
  readonly default: unknown;
  readonly allowed: string;
  readonly description: string;
}

/** A strategy as a listing shows it. */
export interface StrategyCard {
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly segments: readonly string[];
  readonly params: readonly ParameterCard[];
}

/** What a strategy says of itself, each parameter with what its schema allows. */
export function strategyCard(definition: StrategyDefinition<unknown>): StrategyCard {
  const { name, version, description, segments, params } = definition;
  const { properties = {} } = rulesOf(params as never);
  return {
    name,
    version,
    description,
    segments: [...segments],
    params: Object.entries(properties).map(([title, rules]) => ({
      name: title,
      default: rules.default ?? null,
      allowed: allowedText(rules),
      description: rules.description ?? '',
    })),
  };
}
