import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Message, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild';
import { UserError } from '../user-error.ts';
import { VERSION } from '../version.ts';
import type { OwnSource } from './own-source.ts';
import { RefusedSource } from './own-source.ts';
import { IMPORT_REASON, REFUSED_NAMES } from './refused-names.ts';
import type { Remark } from './syntax-rules.ts';
import { remarksOn } from './syntax-rules.ts';

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
  const { faults, inexact } = await lookedThrough(source, names);
  if (faults.length > 0) throw new RefusedSource(faults);
  return { ...source, inexact, hash: createHash('sha256').update(`sim ${VERSION}\n${source.code}`).digest('hex') };
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

type Bundle = Pick<OwnSource, 'file' | 'code' | 'map' | 'folder'>;

/** What a bundle says that it may not, and what it says that may differ elsewhere, each with its line, in the bundle's order. */
async function lookedThrough(
  source: Bundle,
  names: readonly string[],
): Promise<{ readonly faults: readonly string[]; readonly inexact: readonly string[] }> {
  const place = placeIn(source);
  const { refused, inexact } = await remarksOn(source);
  const told = [...marksIn(source.code, names), ...refused]
    .sort((one, other) => one.line - other.line || one.column - other.column)
    .map(({ line, column, text }) => ({ at: place(line, column), text }));
  // What has no line of the person's files is the bundler's own.
  const lines = (all: readonly { at: string; text: string }[]): readonly string[] => [
    ...new Set(all.filter(({ at }) => at !== '').map(({ at, text }) => `${at} says ${text}`)),
  ];
  return {
    faults: lines(told),
    inexact: lines(inexact.map(({ line, column, text }) => ({ at: place(line, column), text }))),
  };
}

/** The refused names that the bundler marked. */
function marksIn(code: string, names: readonly string[]): readonly Remark[] {
  const marks = new RegExp(`${MARK}(\\d+)|Promise\\.resolve\\(\\)\\.then\\(\\(\\) => __toESM\\(require\\(`, 'g');
  return code.split('\n').flatMap((text, line) =>
    [...text.matchAll(marks)].map(({ 1: index, index: column }) => {
      const name = index === undefined ? 'import()' : (names[Number(index)] ?? '');
      return { line, column, text: `${name}: ${REFUSED_NAMES.get(name) ?? IMPORT_REASON}` };
    }),
  );
}

function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
