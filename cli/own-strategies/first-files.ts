import { existsSync } from 'node:fs';
import { replaceFile } from '../../adapters/run-folder.ts';
import { STRATEGIES } from '../../strategies/index.ts';
import { UserError } from '../user-error.ts';
import { FIRST_STRATEGY, FIRST_TEST } from './first-texts.ts';
import { RESERVED_NAMES } from './reserved-names.ts';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Writes a first strategy and its test into the working folder and gives their names; nothing that is there is touched. */
export function writeFirstFiles(name: string): readonly [strategy: string, test: string] {
  if (!NAME.test(name) || name.length > 40)
    throw new UserError(`NAME must be small letters, digits and hyphens, such as my-cross, was "${name}"`);
  if (STRATEGIES.has(name) || RESERVED_NAMES.includes(name))
    throw new UserError(`NAME must be one that the program does not have already, was ${name}`);
  const files = [`${name}.ts`, `${name}.test.mjs`] as const;
  const taken = files.find((file) => existsSync(file));
  if (taken !== undefined) throw new UserError(`${taken} is there already and was left as it is; choose another NAME`);
  for (const [index, file] of files.entries())
    replaceFile(file, [FIRST_STRATEGY, FIRST_TEST][index]?.replaceAll('NAME', name) ?? '');
  return files;
}
