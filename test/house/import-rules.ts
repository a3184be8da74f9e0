/** Who may import whom: the table of the house, ranks inside the engine, no circles, no barrels. */
import { posix } from 'node:path';
import type { Sources, Violation } from './sources.ts';
import { tokensOf } from './tokens.ts';

export interface ImportedModule {
  readonly specifier: string;
  readonly line: number;
}

/** What a dynamic import of something computed is called: nobody can check where it leads. */
export const COMPUTED = '(computed)';

/** All modules that a source names: import, export from, import(), import type, require. */
export function importsOf(source: string): readonly ImportedModule[] {
  const tokens = tokensOf(source);
  const found: ImportedModule[] = [];
  tokens.forEach((token, at) => {
    if (token.kind !== 'word' || tokens[at - 1]?.text === '.' || tokens[at - 1]?.text === '?.') return;
    const next = tokens[at + 1];
    const second = tokens[at + 2];
    if (next === undefined) return;
    const isCall = next.kind === 'sign' && next.text === '(' && (token.text === 'import' || token.text === 'require');
    if (isCall && second?.kind === 'string') found.push({ specifier: second.text, line: token.line });
    else if (isCall && second?.kind !== 'string') found.push({ specifier: COMPUTED, line: token.line });
    else if (next.kind === 'string' && (token.text === 'import' || token.text === 'from'))
      found.push({ specifier: next.text, line: token.line });
  });
  return found;
}

/** Checks every import of every source; `packages` are the run-time dependencies that package.json names. */
export function importViolations(sources: Sources, packages: ReadonlySet<string>): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [file, source] of sources) {
    if (file.endsWith('/index.ts') && file !== 'strategies/index.ts')
      violations.push({ file, line: 1, message: 'is a barrel: import files by their own names' });
    for (const { specifier, line } of importsOf(source)) {
      const message = importFault(file, specifier, { sources, packages });
      if (message !== undefined) violations.push({ file, line, message });
    }
  }
  return [...violations, ...circles(sources)];
}

interface Surroundings {
  readonly sources: Sources;
  readonly packages: ReadonlySet<string>;
}

function importFault(file: string, specifier: string, { sources, packages }: Surroundings): string | undefined {
  const row = rowOf(file);
  if (row === undefined) return 'stands in no folder of the house';
  if (row.everything === true) return undefined;
  if (specifier === COMPUTED) return row.computed === true ? undefined : 'imports a computed name';
  if (specifier.startsWith('node:')) return row.node === true ? undefined : `may not import ${specifier}`;
  if (!specifier.startsWith('.')) {
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
    if (row.packages !== 'all' && !row.packages.includes(name)) return `may not import the package ${name}`;
    return packages.has(name) ? undefined : `imports ${name}, which is no dependency`;
  }
  const target = resolved(file, specifier);
  if (!sources.has(target)) return `imports ${specifier}, which is no source`;
  return row.own.some((place) => isIn(target, place)) ? rankFault(file, target) : `may not import ${target}`;
}

interface Row {
  readonly from: string;
  /** Folders (ending in a slash) and files of ours. */
  readonly own: readonly string[];
  readonly packages: 'all' | readonly string[];
  readonly node?: true;
  readonly computed?: true;
  readonly everything?: true;
}

const ADAPTERS = [
  'adapters/',
  'engine/model/',
  'engine/ports.ts',
  'engine/journal.ts',
  'engine/assert.ts',
  'datasets/',
] as const;
const SANDBOX = ['engine/venue/', 'engine/market/', 'engine/clock.ts', 'engine/event-queue.ts'] as const;

/** The import table; the first row that fits a file is its row. */
const TABLE: readonly Row[] = [
  { from: 'engine/model/', own: ['engine/model/', 'engine/assert.ts'], packages: [] },
  { from: 'engine/', own: ['engine/'], packages: [] },
  { from: 'strategies/', own: ['strategies/', 'engine/strategy.ts', 'engine/indicators/'], packages: ['zod'] },
  {
    from: 'datasets/',
    own: ['datasets/', 'engine/model/', 'engine/market/', 'engine/prng.ts', 'engine/assert.ts', 'engine/indicators/'],
    packages: ['zod'],
  },
  { from: 'adapters/sandbox/', own: [...ADAPTERS, ...SANDBOX], packages: 'all', node: true, computed: true },
  { from: 'adapters/', own: ADAPTERS, packages: 'all', node: true, computed: true },
  { from: 'reports/', own: ['reports/', 'engine/model/', 'engine/journal.ts'], packages: 'all', node: true },
  { from: 'cli/', own: [], packages: 'all', everything: true },
  { from: 'test/', own: [], packages: 'all', everything: true },
];

function rowOf(file: string): Row | undefined {
  return TABLE.find((row) => isIn(file, row.from));
}

/** Steps of the engine from the ground up; a file imports its own step and those below. */
const STEPS: readonly (readonly string[])[] = [
  ['engine/assert.ts'],
  ['engine/model/'],
  ['engine/market/', 'engine/orders/', 'engine/account/', 'engine/indicators/'],
  ['engine/risk/'],
  ['engine/venue/'],
];
/** Files beside the kernel that every step above the model may import, and that lean on nothing above the second. */
const SHARED = ['prng', 'numbered', 'clock', 'event-queue', 'journal', 'ports', 'strategy'].map(
  (name) => `engine/${name}.ts`,
);

function rankFault(file: string, target: string): string | undefined {
  if (!(isIn(file, 'engine/') && isIn(target, 'engine/'))) return undefined;
  return stepOf(target) <= stepOf(file) ? undefined : `stands below ${target} and may not import it`;
}

function stepOf(file: string): number {
  if (SHARED.includes(file)) return 2;
  const step = STEPS.findIndex((places) => places.some((place) => isIn(file, place)));
  return step === -1 ? STEPS.length : step;
}

/** The first circle met from each unvisited file, told as the way around; imports of types count as well. */
function circles(sources: Sources): readonly Violation[] {
  const done = new Set<string>();
  const found: Violation[] = [];
  for (const file of sources.keys()) visit(file, []);
  return found;

  function visit(file: string, way: readonly string[]): void {
    const back = way.indexOf(file);
    if (back !== -1) {
      const message = `closes a circle: ${[...way.slice(back), file].join(' > ')}`;
      found.push({ file: way.at(-1) ?? file, line: 1, message });
      return;
    }
    if (done.has(file)) return;
    for (const { specifier } of importsOf(sources.get(file) ?? '')) {
      const target = specifier.startsWith('.') ? resolved(file, specifier) : undefined;
      if (target !== undefined && sources.has(target)) visit(target, [...way, file]);
    }
    done.add(file);
  }
}

function resolved(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier);
}

function isIn(path: string, place: string): boolean {
  return place.endsWith('/') ? path.startsWith(place) : path === place;
}
