/** Exported values that nobody uses. */
import type { Sources, Violation } from './sources.ts';
import type { Token } from './tokens.ts';
import { tokensOf } from './tokens.ts';

export interface ExportedName {
  readonly name: string;
  readonly line: number;
  /** The word that declares it, or `list` for a name given out in braces. */
  readonly by: string;
}

const BEFORE_KEYWORD = new Set('abstract declare async default'.split(' '));
const TYPES = new Set(['interface', 'type']);
const KEYWORDS = new Set('class interface type function const let enum'.split(' '));

/** The names that a source gives out, by declaration or in a list. */
export function exportedNames(source: string): readonly ExportedName[] {
  const tokens = tokensOf(source);
  return tokens.flatMap((token, at) => {
    if (token.kind !== 'word' || token.text !== 'export' || tokens[at - 1]?.text === '.') return [];
    let next = at + 1;
    while (BEFORE_KEYWORD.has(tokens[next]?.text ?? '')) next += 1;
    if (tokens[next]?.text === '{') return listed(tokens, next + 1);
    if (tokens[next]?.text === 'type' && tokens[next + 1]?.text === '{') return listed(tokens, next + 2);
    if (!KEYWORDS.has(tokens[next]?.text ?? '')) return [];
    const name = tokens[next + (tokens[next + 1]?.text === '*' ? 2 : 1)];
    return name?.kind === 'word' ? [{ name: name.text, line: name.line, by: tokens[next]?.text ?? '' }] : [];
  });
}

/**
 * Values of the program that no source says again, their own included. Types may be exported to name what a function
 * takes, and what own strategies import is for people we do not know.
 */
export function deadExports(sources: Sources): readonly Violation[] {
  const timesSaid = new Map<string, number>();
  for (const source of sources.values())
    for (const { kind, text } of tokensOf(source))
      if (kind === 'word') timesSaid.set(text, (timesSaid.get(text) ?? 0) + 1);
  const violations: Violation[] = [];
  for (const [file, source] of sources) {
    if (file.startsWith('test/') || file === 'engine/strategy.ts') continue;
    for (const { name, line, by } of exportedNames(source))
      if (!TYPES.has(by) && timesSaid.get(name) === 1)
        violations.push({ file, line, message: `exports ${name}, which nothing uses` });
  }
  return violations;
}

/** Names of `{ a, type b, c as d }` as the outside knows them. */
function listed(tokens: readonly Token[], from: number): readonly ExportedName[] {
  const names: ExportedName[] = [];
  for (let at = from; at < tokens.length && tokens[at]?.text !== '}'; at += 1) {
    const token = tokens[at];
    const after = tokens[at + 1]?.text;
    if (token?.kind === 'word' && (after === ',' || after === '}'))
      names.push({ name: token.text, line: token.line, by: 'list' });
  }
  return names;
}
