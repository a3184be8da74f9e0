import { z } from 'zod';
import { nearestHint } from './nearest-name.ts';
import { settingText } from './setting-path.ts';
import type { SettingError } from './user-error.ts';

/** The JSON schema of a setting: what messages, listings and the example of a configuration are made from. */
export interface Rules {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly exclusiveMaximum?: number;
  readonly items?: Rules;
  readonly properties?: Readonly<Record<string, Rules>>;
}

/** The rules of a schema, with the defaults and examples that the library leaves out where a value is transformed. */
export function rulesOf(schema: z.ZodType): Rules {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      if (def.type === 'default') jsonSchema.default = plain((def as z.core.$ZodDefaultDef).defaultValue);
      const examples = z.globalRegistry.get(zodSchema)?.['examples'];
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  }) as Rules;
}

/** What a setting allows, in words. */
export function allowedText(rules: Rules): string {
  if (rules.enum !== undefined) return rules.enum.length === 1 ? String(rules.enum[0]) : `one of ${list(rules.enum)}`;
  switch (rules.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
    case 'number':
      return `a ${numberWord(rules)}${rangeText(rules)}`;
    case 'string':
      return textRule(rules);
    case 'array':
      return listRule(rules.items ?? {});
    case 'object':
      return rules.properties === undefined ? 'names with values' : `a group of ${list(Object.keys(rules.properties))}`;
    default:
      return 'a value';
  }
}

/**
 * One sentence about the first thing that a schema refused: the field, what is allowed, and the value. `label` says how the person
 * knows a setting, given the names on the way to it; the sentence begins with it.
 */
export function refusalOf(parts: {
  readonly schema: z.ZodType;
  readonly error: z.ZodError;
  readonly input: unknown;
  readonly label: (path: readonly string[]) => string;
  /** What the whole is called where a name in it is unknown. */
  readonly whole: string;
}): SettingError['setting'] {
  const [issue] = parts.error.issues;
  if (issue === undefined) return { path: [], before: parts.whole, after: ' is not valid' };
  const rules = rulesOf(parts.schema);
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(rulesAt(rules, path)?.properties ?? {});
    const group = path.length === 0 ? parts.whole : settingText(path);
    const wrong = issue.keys[0] ?? '';
    const at = [...path, wrong];
    const after = ` is unknown${nearestHint(wrong, known)}; ${group} takes ${list(known)}`;
    return { path: at, before: parts.label(at), after };
  }
  const found = rulesAt(rules, path);
  const allowed = found === undefined ? issue.message : allowedText(found);
  const after = ` must be ${allowed}, was ${shown(valueAt(parts.input, path))}`;
  return { path, before: parts.label(path), after };
}

function numberWord({ type, multipleOf }: Rules): string {
  if (multipleOf !== undefined) return `multiple of ${multipleOf}`;
  return type === 'integer' ? 'whole number' : 'number';
}

/** Beyond this a bound is only that of whole numbers as such. */
const BOUND_MAX = 1e12;

function rangeText(rules: Rules): string {
  const known = (bound: number | undefined): number | undefined =>
    bound === undefined || Math.abs(bound) > BOUND_MAX ? undefined : bound;
  const [least, above] = [known(rules.minimum), known(rules.exclusiveMinimum)];
  const [most, below] = [known(rules.maximum), known(rules.exclusiveMaximum)];
  const low = least === undefined ? (above === undefined ? '' : ` above ${above}`) : ` from ${least}`;
  const high = most === undefined ? (below === undefined ? '' : ` below ${below}`) : ` to ${most}`;
  if (least !== undefined && high === '') return ` of at least ${least}`;
  return above !== undefined && most !== undefined ? ` above ${above} up to ${most}` : `${low}${high}`;
}

function listRule(items: Rules): string {
  if (items.enum !== undefined) return `among ${list(items.enum)}`;
  return items.properties === undefined ? 'a list' : `a list, each with ${list(Object.keys(items.properties))}`;
}

function textRule({ format, pattern }: Rules): string {
  if (format === 'date') return 'a day of the calendar, YYYY-MM-DD';
  if (pattern?.includes('[0-5]\\d') === true) return 'a time of day, HH:MM';
  if (pattern?.endsWith('m$') === true) return 'a number of minutes such as 1m or 3m';
  return pattern === undefined ? 'a text' : `a text like ${pattern}`;
}

function rulesAt(rules: Rules, path: readonly string[]): Rules | undefined {
  let at: Rules | undefined = rules;
  for (const name of path) at = /^\d+$/.test(name) ? at?.items : at?.properties?.[name];
  return at;
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((place, name) => (place as Record<string, unknown> | undefined)?.[name], input);
}

function plain(value: unknown): never {
  return JSON.parse(JSON.stringify(value)) as never;
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}

function list(values: readonly unknown[]): string {
  return values.join(', ');
}
