import { existsSync } from 'node:fs';
import type { Config } from '../config.ts';
import type { OwnStrategies } from './own-strategies.ts';

/** Whether a strategy is named by a file rather than by its name: names have no dots and no slashes. */
export function isStrategyFile(name: string): boolean {
  return /[./\\]/.test(name);
}

/** The strategy files of a configuration as it names them, each once. */
export function strategyFilesOf({ strategy, agents }: Pick<Config, 'strategy' | 'agents'>): readonly string[] {
  const names = agents === undefined ? [strategy] : agents.map((choice) => choice.strategy);
  return [...new Set(names.filter(isStrategyFile))];
}

/** A file that a plain name may have meant. */
export function fileMeantBy(name: string): string | undefined {
  return ['.ts', '.mts', '.js', '.mjs'].map((ending) => `./${name}${ending}`).find((path) => existsSync(path));
}

/** The configuration with strategies by their own names: where a file stood is no part of a run. */
export function withNames(config: Config, own: OwnStrategies): Config {
  const nameOf = (name: string): string => own.get(name)?.definition.name ?? name;
  const { strategy, agents, ...rest } = config;
  return {
    ...rest,
    strategy: nameOf(strategy),
    ...(agents && { agents: agents.map((choice) => ({ ...choice, strategy: nameOf(choice.strategy) })) }),
  };
}
