import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as strategy from '../../engine/strategy.ts';
import * as authoring from '../../strategies/authoring.ts';
import { repositoryRoot } from '../support/require-tools.ts';

/** What indicators are built of, of no use to an author. */
const INNER = ['fixed-math.ts', 'ring.ts'];

test('sim/strategy gives all that a strategy of the program may use: the surface, every indicator, and its zod', async () => {
  const folder = join(repositoryRoot, 'engine/indicators');
  const indicators = readdirSync(folder).filter((file) => file.endsWith('.ts') && !INNER.includes(file));
  const names = Object.keys(strategy);
  for (const file of indicators) names.push(...Object.keys((await import(join(folder, file))) as object));
  expect(names).toContain('black76');
  expect(Object.keys(authoring)).toEqual(expect.arrayContaining(names));
  expect(authoring.z).toBe(z);
});
