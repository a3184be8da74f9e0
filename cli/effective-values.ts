import { Config } from './config.ts';
import type { Origins } from './origins.ts';
import { settingText } from './setting-path.ts';
import type { Rules } from './setting-rules.ts';
import { rulesOf } from './setting-rules.ts';

/** A setting as it holds, and who said it. */
export interface EffectiveValue {
  readonly path: readonly string[];
  /** Null where there is none, such as a limit that was not set. */
  readonly value: unknown;
  /** `desk.yaml:3`, `--lots`, `strategy default` or `program default`. */
  readonly from: string;
}

type Settings = Readonly<Record<string, unknown>>;

const OF_PROGRAM = 'program default';
const OF_STRATEGY = 'strategy default';

/** Every setting of a desk with its origin, in the order of the schema; `settings` is what the configuration comes to. */
export function effectiveValues(settings: Settings, origins: Origins): readonly EffectiveValue[] {
  const { agents } = settings as Pick<Config, 'agents'>;
  const said = (path: readonly string[], otherwise: string): string => origins.from(path) ?? otherwise;
  const valuesAt = (rules: Rules, path: readonly string[], value: unknown): readonly EffectiveValue[] => {
    if (rules.properties === undefined) return [{ path, value: value ?? null, from: said(path, OF_PROGRAM) }];
    return Object.entries(rules.properties).flatMap(([name, inner]) =>
      valuesAt(inner, [...path, name], (value as Settings | undefined)?.[name]),
    );
  };
  const paramsAt = (path: readonly string[], value: unknown): readonly EffectiveValue[] =>
    isGroup(value)
      ? Object.entries(value).flatMap(([name, inner]) => paramsAt([...path, name], inner))
      : [{ path, value, from: said(path, OF_STRATEGY) }];
  const agentAt = (index: number, agent: NonNullable<Config['agents']>[number]): readonly EffectiveValue[] => {
    const at = ['agents', String(index)];
    const desks = (name: 'segments' | 'lots'): EffectiveValue => {
      const whose = agent[name] === undefined ? [name] : [...at, name];
      return { path: [...at, name], value: agent[name] ?? settings[name], from: said(whose, OF_PROGRAM) };
    };
    const name = agent.name ?? agent.strategy;
    return [
      { path: [...at, 'strategy'], value: agent.strategy, from: said([...at, 'strategy'], OF_PROGRAM) },
      { path: [...at, 'name'], value: name, from: said([...at, 'name'], OF_STRATEGY) },
      desks('segments'),
      desks('lots'),
      ...paramsAt([...at, 'params'], agent.params),
      ...Object.entries(agent.risk ?? {}).flatMap(([limit, value]) => valuesAt({}, [...at, 'risk', limit], value)),
    ];
  };
  return Object.entries(rulesOf(Config).properties ?? {}).flatMap(([name, rules]) => {
    if (name === 'agents') return agents?.flatMap((agent, index) => agentAt(index, agent)) ?? [];
    if (agents !== undefined && OF_ONE_STRATEGY.has(name)) return [];
    return name === 'params' ? paramsAt([name], settings[name]) : valuesAt(rules, [name], settings[name]);
  });
}

/** What a list of agents says for each of them. */
const OF_ONE_STRATEGY = new Set(['segments', 'lots', 'strategy', 'params']);

/** Longer values push their origin to the right instead of all the others. */
const VALUE_WIDTH_MAX = 28;

/** One line a setting: name, value, origin. */
export function valuesText(values: readonly EffectiveValue[]): string {
  const rows = values.map(({ path, value, from }) => [settingText(path), shown(value), from] as const);
  const nameWidth = Math.max(...rows.map(([name]) => name.length));
  const valueWidth = Math.min(VALUE_WIDTH_MAX, Math.max(...rows.map(([, value]) => value.length)));
  return rows
    .map(([name, value, from]) => `${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${from}\n`)
    .join('');
}

function shown(value: unknown): string {
  if (value === null) return 'none';
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isGroup(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}
