import { UserError } from '../user-error.ts';
import type { Beat } from './beat.ts';
import type { Checked } from './code-store.ts';
import type { LoadedStrategy } from './own-definition.ts';
import { loadStrategy } from './own-definition.ts';
import type { OwnSource } from './own-source.ts';

/** A strategy of the person's own, loaded and guarded. */
export interface OwnStrategy extends LoadedStrategy {
  readonly file: string;
  /** Hash of its code. */
  readonly hash: string;
  readonly checked: Checked;
}

/** Own strategies by the file that the configuration names them with. */
export type OwnStrategies = ReadonlyMap<string, OwnStrategy>;

/** A source on its way to the thread that runs it. */
export type KnownSource = OwnSource & { readonly checked: Checked };

/** Runs the files and gives their strategies; two files may not call theirs alike. */
export function loadOwn(sources: readonly KnownSource[], beat: Beat): OwnStrategies {
  const byName = new Map<string, string>();
  const own = new Map<string, OwnStrategy>();
  for (const source of sources) {
    const { file, hash, checked } = source;
    const loaded = loadStrategy(source, beat);
    const { definition } = loaded;
    const other = byName.get(definition.name);
    if (other !== undefined)
      throw new UserError(`strategies must have different names, was ${definition.name} in ${other} and in ${file}`);
    byName.set(definition.name, file);
    own.set(file, { file, hash, checked, ...loaded });
  }
  return own;
}
