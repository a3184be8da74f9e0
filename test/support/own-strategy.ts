/** Texts of small strategy files for tests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './require-tools.ts';

export interface OwnText {
  readonly name: string;
  /** Body of `onMinute(ctx)`. */
  readonly onMinute?: string;
  /** Lines before the definition. */
  readonly before?: string;
  /** Further fields of the universe. */
  readonly universe?: string;
  /** The schema of its parameters. */
  readonly params?: string;
  /** What stands in the place of `create`. */
  readonly create?: string;
}

/** A strategy file whose every part but one is as it should be. */
export function ownText(parts: OwnText): string {
  const { name, onMinute = '', before = '', universe = '', params = 'z.strictObject({})', create } = parts;
  return `import { atTheMoney, defineStrategy, z } from 'sim/strategy';
${before}
export const strategy = defineStrategy({
  name: '${name}', version: 1, description: 'For a test.', segments: ['NIFTY', 'BANKNIFTY'], params: ${params},
  universe: (_params, underlying) => ({ underlying, expiries: ['nearest'], strikesAround: 3, recentreSteps: 2, ${universe} }),
  ${create ?? `create: () => ({ onMinute(ctx) { ${onMinute} } })`},
});
`;
}

/** The program's own straddle as a person would write it: the same code in one file, under another name. */
export function ownStraddle(name: string): string {
  const [straddle, params] = ['atm-straddle', 'params'].map((file) =>
    readFileSync(join(repositoryRoot, `strategies/${file}.ts`), 'utf8'),
  );
  const shared = params?.replaceAll(/^import .*\n/gm, '').replaceAll(/^export /gm, '') ?? '';
  return (straddle ?? '')
    .replace(/^import .* from '\.\/params\.ts';\n/m, () => shared)
    .replaceAll("'../engine/strategy.ts'", "'sim/strategy'")
    .replace("'atm-straddle'", `'${name}'`);
}
