import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Message, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild';
import { UserError } from '../user-error.ts';
import { VERSION } from '../version.ts';
import type { OwnSource } from './own-source.ts';
import { RefusedSource } from './own-source.ts';
import { IMPORT_REASON, METHOD_REASON, REFUSED_METHODS, REFUSED_NAMES } from './refused-names.ts';

/** Modules that are not bundled but handed over: the program's own copies. */
const HANDED = ['sim/strategy', 'zod'];
const ENDINGS = ['.ts', '.mts', '.js', '.mjs'];

/** What stands in the bundle where a refused name stood that is not the file's own. */
const MARK = '__sim_refuses_';
const BUNDLE = 'own-strategy.js';

/**
 * Reads a strategy file with the relative files that it imports into one text. Names that stand for the outside world are found by
 * the bundler, which knows a global from a name of the file's own; each is refused with its line.
 */
export async function bundleStrategy(file: string): Promise<OwnSource> {
  const path = resolve(file);
  refuseWrongFile(file, path);
  const folder = dirname(path);
  const { build } = await import('esbuild');
  const names = [...REFUSED_NAMES.keys()];
  const built = await build({
    absWorkingDir: folder,
    entryPoints: [basename(path)],
    outfile: join(folder, BUNDLE),
    write: false,
    bundle: true,
    format: 'cjs',
    platform: 'neutral',
    target: 'es2023',
    charset: 'utf8',
    legalComments: 'none',
    sourcemap: 'external',
    supported: { 'dynamic-import': false },
    tsconfigRaw: '{}',
    define: Object.fromEntries(names.map((name, index) => [name, `${MARK}${index}`])),
    plugins: [imports],
    logLevel: 'silent',
  }).catch((error: unknown) => {
    throw refusalOfBuild(error, folder);
  });
  const textOf = (ending: string): string => built.outputFiles.find(({ path: of }) => of.endsWith(ending))?.text ?? '';
  const source = { file, code: textOf('.js'), map: textOf('.map'), folder };
  const faults = faultsOf(source, names);
  if (faults.length > 0) throw new RefusedSource(faults);
  return { ...source, hash: createHash('sha256').update(`sim ${VERSION}\n${source.code}`).digest('hex') };
}

/** Says where a place of the bundle stands in the person's files: `mine.ts:12`. */
export function placeIn({ map, folder }: Pick<OwnSource, 'map' | 'folder'>): (line: number, column: number) => string {
  const lines = new SourceMap(JSON.parse(map));
  return (line, column) => {
    const found = lines.findEntry(line, column);
    if (!('originalSource' in found)) return '';
    return `${shownPath(join(folder, found.originalSource))}:${found.originalLine + 1}`;
  };
}

function refuseWrongFile(file: string, path: string): void {
  if (!ENDINGS.some((ending) => file.endsWith(ending)))
    throw new UserError(`a strategy file must end with ${ENDINGS.join(', ')}, was ${file}`);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined)
    throw new UserError(
      `the strategy file ${file} does not exist; a first one is written by: sim strategies new ${nameFor(path)}`,
    );
  if (!found.isFile()) throw new UserError(`a strategy must be a file, was the folder ${file}`);
}

/** A strategy's name after its file. */
function nameFor(path: string): string {
  const name = basename(path).replace(/\.\w+$/, '');
  return /^[a-z][a-z0-9-]*$/.test(name) ? name : 'NAME';
}

const imports: Plugin = {
  name: 'imports',
  setup: (build) => build.onResolve({ filter: /.*/ }, importAnswer),
};

function importAnswer({ path, kind }: OnResolveArgs): OnResolveResult | undefined {
  if (kind === 'entry-point') return undefined;
  if (kind !== 'import-statement') return { errors: [{ text: `loads ${path} while it runs: ${IMPORT_REASON}` }] };
  if (HANDED.includes(path)) return { path, external: true };
  if (/^\.\.?\//.test(path)) return undefined;
  const allowed = 'a strategy imports sim/strategy, zod and files beside it, such as ./rules.ts';
  return { errors: [{ text: `imports ${path}: ${allowed}` }] };
}

function refusalOfBuild(error: unknown, folder: string): unknown {
  if (!(error instanceof Error && 'errors' in error && Array.isArray(error.errors))) return error;
  return new RefusedSource(
    (error.errors as Message[]).map(({ text, location }) => {
      const at = location === null ? '' : `${shownPath(join(folder, location.file))}:${location.line} `;
      return `${at}${location !== null && /^(imports|loads) /.test(text) ? '' : 'cannot be read: '}${text}`;
    }),
  );
}

/** Every refused name of a bundle, in its order, with the line that says it. */
function faultsOf(source: Pick<OwnSource, 'code' | 'map' | 'folder'>, names: readonly string[]): readonly string[] {
  const place = placeIn(source);
  const found = new Set<string>();
  const marks = new RegExp(`${MARK}(\\d+)|Promise\\.resolve\\(\\)\\.then\\(\\(\\) => __toESM\\(require\\(`, 'g');
  source.code.split('\n').forEach((text, line) => {
    for (const { 1: index, index: column } of text.matchAll(marks)) {
      const name = index === undefined ? 'import()' : (names[Number(index)] ?? '');
      found.add(`${place(line, column)} says ${name}: ${REFUSED_NAMES.get(name) ?? IMPORT_REASON}`);
    }
    for (const { 1: name, index: column } of text.matchAll(REFUSED_METHODS))
      found.add(`${place(line, column)} says ${name}: ${METHOD_REASON}`);
  });
  return [...found];
}

function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
