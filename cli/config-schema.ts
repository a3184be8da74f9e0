import type { z } from 'zod';
import { STRATEGIES } from '../strategies/index.ts';
import { Config } from './config.ts';
import type { Rules } from './setting-rules.ts';
import { rulesOf } from './setting-rules.ts';

/** A JSON schema; only what is put together here is named. */
type Schema = Readonly<Record<string, unknown>>;

/** The JSON schema of a configuration file, for editors: what `params` takes depends on the strategy beside it. */
export function schemaText(): string {
  const whole = rulesOf(Config);
  const { agents, strategy } = whole.properties ?? {};
  const agent = agents?.items;
  const named = {
    ...whole,
    properties: {
      ...groupsOrNothing(whole.properties ?? {}),
      strategy: withNames(strategy),
      agents: {
        ...agents,
        items: {
          ...agent,
          properties: { ...agent?.properties, strategy: withNames(agent?.properties?.['strategy']) },
          allOf: [...STRATEGIES.keys()].map((name) => paramsWhere(name, { required: ['strategy'] })),
        },
      },
    },
    allOf: [
      ...['strategy', 'params'].map((other) => ({ not: { required: ['agents', other] } })),
      ...[...STRATEGIES.keys()].map((name) =>
        paramsWhere(name, name === DEFAULT_STRATEGY ? { not: { required: ['agents'] } } : { required: ['strategy'] }),
      ),
    ],
  };
  return `${JSON.stringify({ title: 'Configuration of sim', ...named }, withoutFractions, 2)}\n`;
}

/** Editors divide in binary and would call 0.3 no multiple of 0.1, so multiples of fractions are left to the program. */
function withoutFractions(name: string, value: unknown): unknown {
  return name === 'multipleOf' && !Number.isInteger(value) ? undefined : value;
}

const DEFAULT_STRATEGY = Config.shape.strategy.parse(undefined);

/** A group of which every line is taken out may stand as its heading alone. */
function groupsOrNothing(settings: Readonly<Record<string, Rules>>): Schema {
  return Object.fromEntries(
    Object.entries(settings).map(([name, rules]) => [
      name,
      rules.properties === undefined
        ? rules
        : { ...rules, type: ['object', 'null'], properties: groupsOrNothing(rules.properties) },
    ]),
  );
}

/** The names that there are, or a file of the person's own. */
function withNames(rules: Rules | undefined): Schema {
  return { ...rules, anyOf: [{ enum: [...STRATEGIES.keys()] }, { pattern: '[./\\\\]' }] };
}

/** Where the strategy is the named one, `params` takes its parameters and `segments` its segments. */
function paramsWhere(name: string, and: Schema): Schema {
  const definition = STRATEGIES.get(name);
  const { $schema: _dialect, ...params } = rulesOf(definition?.params as z.ZodType) as Schema;
  return {
    if: { properties: { strategy: { const: name } }, ...and },
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON schema
    then: { properties: { params, segments: { items: { enum: definition?.segments } } } },
  };
}
