import type { CandleStore } from '../adapters/candle-store.ts';
import { UserError } from './user-error.ts';

/** A named store that must be there; an absent one is the user's to mend. */
export async function openStore(folder: string): Promise<CandleStore> {
  const { CandleStore: Store, StoreProblem } = await import('../adapters/candle-store.ts');
  try {
    const store = new Store(folder);
    if (!store.exists)
      throw new StoreProblem(
        `the store ${folder} does not exist; make it with: sim data import PATH --store ${folder}`,
      );
    store.card();
    return store;
  } catch (error) {
    if (error instanceof StoreProblem) throw new UserError(error.message, { cause: error });
    throw error;
  }
}
