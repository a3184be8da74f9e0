/** JSON Schema as far as the program writes it, by its specification: a second reader of the schema for editors. */

type Schema = Readonly<Record<string, unknown>>;
type Check = (rule: never, value: unknown, schema: Schema) => boolean;

/** Whether a value is valid; a word of a schema that is not known here is an error, for it would be left unchecked. */
export function isValid(schema: Schema, value: unknown): boolean {
  return Object.entries(schema).every(([word, rule]) => {
    const check = CHECKS.get(word);
    if (check === undefined) throw new Error(`the schema says ${word}, which this reader does not know`);
    return check(rule as never, value, schema);
  });
}

const NOTES = ['$schema', 'title', 'description', 'default', 'examples', 'format', 'then'];

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ...NOTES.map((word): [string, Check] => [word, () => true]),
  ['type', (type: string | readonly string[], value) => [type].flat().some((one) => hasType(value, one))],
  ['const', (only: unknown, value) => value === only],
  ['enum', (list: readonly unknown[], value) => list.includes(value)],
  ['minimum', (bound: number, value) => typeof value !== 'number' || value >= bound],
  ['maximum', (bound: number, value) => typeof value !== 'number' || value <= bound],
  ['exclusiveMinimum', (bound: number, value) => typeof value !== 'number' || value > bound],
  ['exclusiveMaximum', (bound: number, value) => typeof value !== 'number' || value < bound],
  ['multipleOf', (part: number, value) => typeof value !== 'number' || value % part === 0],
  ['minLength', (bound: number, value) => typeof value !== 'string' || [...value].length >= bound],
  ['maxLength', (bound: number, value) => typeof value !== 'string' || [...value].length <= bound],
  ['pattern', (pattern: string, value) => typeof value !== 'string' || new RegExp(pattern, 'u').test(value)],
  ['minItems', (bound: number, value) => !Array.isArray(value) || value.length >= bound],
  ['maxItems', (bound: number, value) => !Array.isArray(value) || value.length <= bound],
  ['items', (each: Schema, value) => !Array.isArray(value) || value.every((entry) => isValid(each, entry))],
  ['required', (names: readonly string[], value) => !isGroup(value) || names.every((name) => name in value)],
  ['propertyNames', (of: Schema, value) => !isGroup(value) || Object.keys(value).every((name) => isValid(of, name))],
  [
    'properties',
    (of: Readonly<Record<string, Schema>>, value) =>
      !isGroup(value) || Object.entries(of).every(([name, rules]) => !(name in value) || isValid(rules, value[name])),
  ],
  [
    'additionalProperties',
    (others: Schema | boolean, value, { properties }) =>
      !isGroup(value) ||
      Object.entries(value).every(
        ([name, entry]) =>
          name in ((properties ?? {}) as object) || (typeof others === 'boolean' ? others : isValid(others, entry)),
      ),
  ],
  ['allOf', (list: readonly Schema[], value) => list.every((schema) => isValid(schema, value))],
  ['anyOf', (list: readonly Schema[], value) => list.some((schema) => isValid(schema, value))],
  ['oneOf', (list: readonly Schema[], value) => list.filter((schema) => isValid(schema, value)).length === 1],
  ['not', (schema: Schema, value) => !isValid(schema, value)],
  ['if', (test: Schema, value, { then }) => !isValid(test, value) || isValid((then ?? {}) as Schema, value)],
]);

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'object':
      return isGroup(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type;
  }
}

function isGroup(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
