import { existsSync } from 'node:fs';
import type { CandleSource } from '../adapters/candle-source.ts';
import { StoreProblem } from '../adapters/candle-store.ts';
import type { Reference } from '../datasets/reference.ts';
import { sessionTableOf } from '../datasets/session-table.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import type { Config } from './config.ts';
import { UserError } from './user-error.ts';

export const DEFAULT_STORE = './data';

/** Where a run's candles come from, and what to say of it. */
export interface ChosenSource {
  readonly source: CandleSource;
  /** How messages call it. */
  readonly name: string;
  readonly warnings: readonly string[];
}

/**
 * The store that was named, or `./data`; the embedded synthetic market only where it was asked for, or where no store was ever
 * configured.
 */
export async function candleSource(parts: {
  readonly config: Config;
  readonly reference: Reference;
  readonly segments: readonly Underlying[];
  readonly notice: (sentence: string) => void;
}): Promise<ChosenSource> {
  const { config, reference, segments, notice } = parts;
  const named = config.store ?? (config.data === 'store' || existsSync(DEFAULT_STORE) ? DEFAULT_STORE : undefined);
  if (config.data === 'synthetic' || named === undefined) return await syntheticSource(config, reference, segments);
  const { CandleArchive } = await import('../adapters/candle-archive.ts');
  try {
    const source = new CandleArchive({ store: named, sessions: sessionTableOf(reference.calendar), notice });
    const warnings = source.kind === 'synthetic' ? ['SYNTHETIC store: prices are invented'] : [];
    return { source, name: named, warnings };
  } catch (error) {
    if (error instanceof StoreProblem) throw new UserError(error.message, { cause: error });
    throw error;
  }
}

async function syntheticSource(
  config: Config,
  { calendar, contracts }: Reference,
  segments: readonly Underlying[],
): Promise<ChosenSource> {
  const [{ SyntheticArchive }, { SyntheticMarket }] = await Promise.all([
    import('../adapters/synthetic-archive.ts'),
    import('../datasets/synthetic/synthetic-market.ts'),
  ]);
  const markets = segments.map(
    (underlying) => new SyntheticMarket({ seed: config.seed, underlying, calendar, contracts }),
  );
  const warnings = [`SYNTHETIC market of seed ${config.seed}: prices are invented, dates and contracts are real`];
  return { source: new SyntheticArchive(markets), name: 'the synthetic market', warnings };
}
