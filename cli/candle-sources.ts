import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CandleSource } from '../adapters/candle-source.ts';
import { StoreProblem } from '../adapters/candle-store.ts';
import type { Reference } from '../datasets/reference.ts';
import { sessionTableOf } from '../datasets/session-table.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import type { Config } from './config.ts';
import { UserError } from './user-error.ts';

export const DEFAULT_STORE = './data';

/** How messages call the market that needs no store. */
export const EMBEDDED_MARKET = 'the synthetic market';

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
  if (config.data === 'synthetic') return await syntheticSource(config, reference, segments);
  if (named === undefined) {
    notice('no store of candles is here, so invented prices are played; your own come in with: sim data import PATH');
    return await syntheticSource(config, reference, segments);
  }
  refuseForeign(named);
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

/** A folder of other things is not filled up with candles by mistake. */
function refuseForeign(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isDirectory()) throw new UserError(`--store must name a folder of imported candles, was the file ${path}`);
  const isOurs = existsSync(join(path, 'store.json')) || existsSync(join(path, 'candles'));
  if (isOurs || readdirSync(path).length === 0) return;
  throw new UserError(`--store must name a folder of imported candles, was ${path}, which holds other things`);
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
  return { source: new SyntheticArchive(markets), name: EMBEDDED_MARKET, warnings };
}
