/**
 * What may not be said where: no clock, chance, I/O, promise, locale or logging in `engine/` and `strategies/`, and no
 * `async` outside `adapters/`, `cli/` and tests. Biome says most of it in the editor; this is the proof.
 */
import type { Sources, Violation } from './sources.ts';
import type { Token } from './tokens.ts';
import { tokensOf } from './tokens.ts';

const PURE = ['engine/', 'strategies/'] as const;
const SYNCHRONOUS = [...PURE, 'datasets/', 'reports/'] as const;

const GLOBALS = new Set(
  [
    'Date Temporal performance setTimeout setInterval setImmediate queueMicrotask requestAnimationFrame',
    'crypto WeakRef FinalizationRegistry Promise Atomics SharedArrayBuffer Worker MessageChannel BroadcastChannel',
    'console process globalThis global Buffer require __dirname __filename',
    'fetch XMLHttpRequest WebSocket Intl eval Function structuredClone alert localStorage',
  ].flatMap((line) => line.split(' ')),
);
const MEMBERS = new Set(
  'localeCompare toLocaleString toLocaleDateString toLocaleTimeString toLocaleUpperCase toLocaleLowerCase'.split(' '),
);

/** Every impure word of the pure folders, and every `async` or `await` where the house is synchronous. */
export function purityViolations(sources: Sources): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [file, source] of sources) {
    if (!SYNCHRONOUS.some((folder) => file.startsWith(folder))) continue;
    const pure = PURE.some((folder) => file.startsWith(folder));
    const tokens = tokensOf(source);
    tokens.forEach((token, at) => {
      const message = (pure ? impurity(tokens, at) : undefined) ?? asynchrony(tokens, at);
      if (message !== undefined) violations.push({ file, line: token.line, message });
    });
  }
  return violations;
}

function impurity(tokens: readonly Token[], at: number): string | undefined {
  const token = tokens[at];
  if (token?.kind === 'string') return MEMBERS.has(token.text) ? `names ${token.text}` : undefined;
  if (token?.kind !== 'word') return undefined;
  if (MEMBERS.has(token.text)) return `says ${token.text}`;
  if (isMember(tokens, at) || isKey(tokens, at)) return undefined;
  if (token.text === 'Math') return chance(tokens, at);
  if (token.text === 'import' && tokens[at + 1]?.text === '.') return 'says import.meta';
  return GLOBALS.has(token.text) ? `says ${token.text}` : undefined;
}

/** Math is there for its plain functions, by name: taken as a whole or by index it could hand out chance. */
function chance(tokens: readonly Token[], at: number): string | undefined {
  if (tokens[at + 1]?.text !== '.') return 'takes Math as a whole';
  return tokens[at + 2]?.text === 'random' ? 'says Math.random' : undefined;
}

function asynchrony(tokens: readonly Token[], at: number): string | undefined {
  const token = tokens[at];
  if (token?.kind !== 'word' || (token.text !== 'async' && token.text !== 'await')) return undefined;
  return isMember(tokens, at) || isKey(tokens, at) ? undefined : `says ${token.text}`;
}

function isMember(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]?.text;
  return before === '.' || before === '?.';
}

/** A key of an object or of a type (`performance: ...`), not a use of the global of that name. */
function isKey(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]?.text ?? '';
  const after = tokens[at + 1]?.text;
  return (
    (after === ':' || (after === '?' && tokens[at + 2]?.text === ':')) && ['{', ',', ';', 'readonly'].includes(before)
  );
}
