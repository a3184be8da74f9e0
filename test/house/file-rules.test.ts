import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from '../support/require-tools.ts';
import { FILE_LINES_MAX, fileViolations, unfinishedViolations } from './file-rules.ts';
import { printed, sourcesOnDisk } from './sources.ts';

const TEXT = new Set('.ts .mjs .js .json .md .yaml .yml .css .html .sql .sh'.split(' '));

test('the files of this checkout are short and named after their idea', () => {
  expect(printed(fileViolations(sourcesOnDisk()))).toBe('');
});

test('no committed file carries a mark of unfinished work', (ctx) => {
  if (!existsSync(join(repositoryRoot, '.git'))) return ctx.skip('this folder is no git checkout');
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: repositoryRoot, encoding: 'utf8' }).split('\0');
  const files = listed.filter(
    (file) => file !== 'package-lock.json' && (TEXT.has(extname(file)) || file === '.ci/run'),
  );
  expect(files.length).toBeGreaterThan(0);
  const present = files.filter((file) => existsSync(join(repositoryRoot, file)));
  const texts = new Map(present.map((file) => [file, readFileSync(join(repositoryRoot, file), 'utf8')]));
  expect(printed(unfinishedViolations(texts))).toBe('');
});

test('planted faults are caught', () => {
  const line = 'export const x = 1;\n';
  expect(fileViolations(new Map([['engine/x.ts', line.repeat(FILE_LINES_MAX)]]))).toHaveLength(0);
  expect(fileViolations(new Map([['engine/x.ts', line.repeat(FILE_LINES_MAX + 1)]]))).toHaveLength(1);
  expect(fileViolations(new Map([['test/x.test.ts', line.repeat(FILE_LINES_MAX + 1)]]))).toHaveLength(0);
  expect(fileViolations(new Map([['adapters/utils.ts', line]]))).toHaveLength(1);
  expect(fileViolations(new Map([['engine/x.ts', 'export class OrderManager {}']]))).toHaveLength(1);
  expect(fileViolations(new Map([['engine/x.ts', 'export interface TickData { a: 1 }']]))).toHaveLength(1);
  expect(fileViolations(new Map([['engine/x.ts', 'export const onFillHandler = 1;']]))).toHaveLength(1);
  expect(fileViolations(new Map([['engine/strategy.ts', 'export type FillHandler = 1;']]))).toHaveLength(0);
  expect(fileViolations(new Map([['datasets/x.ts', 'export const Dataset = 1;']]))).toHaveLength(0);
  const mark = ['TO', 'DO'].join('');
  expect(unfinishedViolations(new Map([['README.md', `fine\n// ${mark}: later\n`]]))).toEqual([
    { file: 'README.md', line: 2, message: `says ${mark}` },
  ]);
});
