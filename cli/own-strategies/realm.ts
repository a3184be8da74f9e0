import { constants, createContext, Script } from 'node:vm';
import * as zod from 'zod';
import * as authoring from '../../strategies/authoring.ts';
import type { Beat } from './beat.ts';
import { placeIn } from './bundle.ts';
import type { OwnSource } from './own-source.ts';
import { REFUSED_NAMES } from './refused-names.ts';

/** What a strategy file gives out, by name. */
export type Exports = Readonly<Record<string, unknown>>;

/** The modules that a bundle may ask for. */
const HANDED: Readonly<Record<string, unknown>> = { zod, 'sim/strategy': authoring };

/**
 * Runs a bundled strategy file in a realm of its own, which has the plain language and nothing else: no clock, no chance, no outside.
 * It keeps honest files honest; it is no prison for hostile ones.
 */
export function loadInRealm(source: OwnSource, beat: Beat): Exports {
  // What waits for a promise waits in a queue of the realm's own, which nobody empties: own code runs where it is called and nowhere else.
  const realm = createContext(constants.DONT_CONTEXTIFY, {
    codeGeneration: { strings: false, wasm: false },
    microtaskMode: 'afterEvaluate',
  });
  new Script(takeAway(), { filename: 'realm.js' }).runInContext(realm);
  const wrapped = `(function (module, require) { 'use strict'; const exports = module.exports;${source.code}\n})`;
  const run = new Script(wrapped, { filename: fileOf(source) }).runInContext(realm) as (
    module: unknown,
    require: unknown,
  ) => void;
  const module: { exports: Exports } = { exports: {} };
  beat.inside('the top level', () => run(module, (name: string) => HANDED[name]));
  return module.exports;
}

/** Takes the refused names out of a fresh realm; methods of `Math` become throwers. */
function takeAway(): string {
  const lines = [...REFUSED_NAMES.keys()].flatMap((name) => {
    const [owner, method] = name.split('.');
    if (name === 'globalThis' || name === 'Function' || owner === 'import') return [];
    return method === undefined
      ? [`delete globalThis.${name};`]
      : [`${name} = () => { throw new Error('${name}: ${REFUSED_NAMES.get(name)}'); };`];
  });
  return `${lines.join('\n')}\ndelete globalThis.globalThis;`;
}

/** The name under which the engine of the language knows a bundle. */
function fileOf({ hash }: OwnSource): string {
  return `own-strategy-${hash.slice(0, 16)}.js`;
}

/**
 * What an error of own code says, with the nearest line of the person's files: `TypeError: x is not a function (mine.ts:12)`. Errors come
 * from another realm, so their shape is asked and not their class.
 */
export function toldOf(source: OwnSource, error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return `it threw ${String(error)}`;
  const { name = 'Error', message, stack = '' } = error as { name?: string; message: unknown; stack?: string };
  const text = SAID_PLAINLY.has(name) ? String(message) : `${name}: ${String(message)}`;
  const [, line, column] = new RegExp(`${fileOf(source)}:(\\d+):(\\d+)`).exec(String(stack)) ?? [];
  if (line === undefined || column === undefined) return text;
  const isFirst = Number(line) === 1;
  const place = placeIn(source)(Number(line) - 1, Number(column) - 1 - (isFirst ? WRAP : 0));
  return place === '' ? text : `${text} (${place})`;
}

/** Errors whose message is a sentence of its own. */
const SAID_PLAINLY = new Set(['Error', 'StrategyMistake', 'BrokenInvariant']);

/** Characters before the bundle on its first line. */
const WRAP = `(function (module, require) { 'use strict'; const exports = module.exports;`.length;
