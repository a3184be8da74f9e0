/** No wish and no universe is deeper than this. */
const DEPTH_MAX = 8;

/**
 * A copy of what own code gave, in arrays and objects of the program's own: each field is read once, here, so that what is checked is what
 * is used. Fields named in `kept` stay what they are; functions do anyway.
 */
export function plainOf(value: unknown, kept: readonly string[] = [], depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEPTH_MAX) return 'an object that is too deep';
  if (Array.isArray(value)) return Array.from(value, (entry) => plainOf(entry, [], depth + 1));
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, field]) => [name, kept.includes(name) ? field : plainOf(field, [], depth + 1)]),
  );
}

/** The fields of an object, each read once: those of its own, and those of `names` that it inherits. What is no object stays as it is. */
export function fieldsOf(value: unknown, names: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const inherited = names.filter((name) => !Object.hasOwn(value, name) && name in value);
  const read = (name: string): [string, unknown] => [name, (value as Readonly<Record<string, unknown>>)[name]];
  return Object.fromEntries([...Object.keys(value), ...inherited].map(read));
}
