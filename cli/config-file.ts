import { readFileSync, statSync } from 'node:fs';
import type { Document, LineCounter, Node, Pair } from 'yaml';
import { UserError } from './user-error.ts';

/** A configuration file as it was read. */
export interface ConfigFile {
  readonly path: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where a setting stands, or the nearest group around it that is there. */
  readonly placeOf?: (path: readonly string[]) => Place;
}

/** A place in a file, both counted from 1, and how many of the names on the way to a setting led there. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly depth: number;
}

/** Reads a configuration file: YAML, of which JSON is a part. `called` is how the command line calls it. */
export async function readConfigFile(path: string, called = '--config'): Promise<ConfigFile> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(textOf(path, called), { prettyErrors: true, lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined) throw new UserError(`${path} is not valid YAML: ${firstLine(error.message)}`);
  const value = readable(path, () => document.toJS({ maxAliasCount: 10 })) as unknown;
  const placeOf = (names: readonly string[]): Place => placed(document, names, { yaml, lines });
  if (value === null || value === undefined) return { path, settings: {}, placeOf };
  if (typeof value === 'object' && !Array.isArray(value))
    return { path, settings: value as Record<string, unknown>, placeOf };
  const found = Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  throw new UserError(`${path} must hold settings as "name: value" lines, was ${found}`);
}

interface Reading {
  readonly yaml: typeof import('yaml');
  readonly lines: LineCounter;
}

/** Follows the names down the file as far as they go: a setting stands where its name does, an entry where it begins. */
function placed(document: Document.Parsed, names: readonly string[], { yaml, lines }: Reading): Place {
  let [node, offset, depth]: [unknown, number, number] = [document.contents, 0, 0];
  for (const name of names) {
    const around = yaml.isAlias(node) ? node.resolve(document) : node;
    if (yaml.isMap(around)) {
      const pair = around.items.find(({ key }) => textOfKey(key, yaml) === name) as Pair<unknown, unknown> | undefined;
      if (pair === undefined) break;
      offset = startOf(pair.key, yaml) ?? offset;
      node = pair.value;
    } else if (yaml.isSeq(around)) {
      const entry: unknown = around.items[Number(name)];
      if (entry === undefined) break;
      offset = startOf(entry, yaml) ?? offset;
      node = entry;
    } else break;
    depth += 1;
  }
  const { line, col } = lines.linePos(offset);
  return { line, column: col, depth };
}

function textOfKey(key: unknown, yaml: Reading['yaml']): string | undefined {
  return yaml.isScalar(key) ? String(key.value) : undefined;
}

function startOf(node: unknown, yaml: Reading['yaml']): number | undefined {
  return yaml.isNode(node) ? (node as Node).range?.[0] : undefined;
}

function textOf(path: string, called: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UserError(`${called} must name a file that exists, was ${path}`);
  if (found.isDirectory()) throw new UserError(`${called} must name a file, was the folder ${path}`);
  return readable(path, () => readFileSync(path, 'utf8'));
}

function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? firstLine(error.message) : String(error);
    throw new UserError(`${path} cannot be read as a configuration: ${reason}`, { cause: error });
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.replace(/:$/, '') ?? text;
}
