/** Rules about whole files: their length, their names, the names they export, and marks of unfinished work. */
import { posix } from 'node:path';
import { exportedNames } from './export-rules.ts';
import type { Sources, Violation } from './sources.ts';

export const FILE_LINES_MAX = 400;

const VAGUE_FILES = new Set('types util utils helper helpers common misc manager service services index'.split(' '));
/** Where a vague word is the thing's own name: the command `sim data`, and the report's section on data quality. */
const OWN_NAMES = /^registerData[A-Z]|^DataQuality$|^dataQuality/;
const VAGUE_WORDS = new Set('Manager Handler Util Utils Helper Helpers Service Data Info Process'.split(' '));

/** Files of the program, tests aside, that are too long or called by a word that says nothing. */
export function fileViolations(sources: Sources): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [file, source] of sources) {
    if (file.startsWith('test/')) continue;
    const lines = source.split('\n').length - (source.endsWith('\n') ? 1 : 0);
    if (lines > FILE_LINES_MAX) violations.push({ file, line: lines, message: `has ${lines} lines` });
    if (VAGUE_FILES.has(posix.basename(file, '.ts')) && file !== 'strategies/index.ts')
      violations.push({ file, line: 1, message: 'has a name that does not say its idea' });
    violations.push(...nameViolations(file, source));
  }
  return violations;
}

/** Lines that promise work instead of doing it. */
export function unfinishedViolations(texts: Sources): readonly Violation[] {
  const mark = new RegExp(`\\b(${['TO', 'FIX'].map((start, at) => start + ['DO', 'ME'][at]).join('|')})\\b`);
  const violations: Violation[] = [];
  for (const [file, text] of texts) {
    text.split('\n').forEach((content, at) => {
      const found = mark.exec(content)?.[1];
      if (found !== undefined) violations.push({ file, line: at + 1, message: `says ${found}` });
    });
  }
  return violations;
}

function nameViolations(file: string, source: string): readonly Violation[] {
  const violations: Violation[] = [];
  for (const { name, line } of exportedNames(source)) {
    const vague = name.match(/[A-Z][a-z]*/g)?.find((word) => VAGUE_WORDS.has(word));
    if (vague === undefined || OWN_NAMES.test(name) || (vague === 'Handler' && isAboutStrategies(file))) continue;
    violations.push({ file, line, message: `exports ${name}: ${vague} is a word not used here` });
  }
  return violations;
}

/** What a strategy answers an event with is called its handler. */
function isAboutStrategies(file: string): boolean {
  return file.startsWith('strategies/') || file === 'engine/strategy.ts' || file === 'engine/agent.ts';
}
