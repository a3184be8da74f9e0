import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CandleArchive } from '../adapters/candle-archive.ts';
import type { CandleSource, DaysAsked } from '../adapters/candle-source.ts';
import { StoreProblem } from '../adapters/candle-store.ts';
import type { Reference } from '../datasets/reference.ts';
import { sessionTableOf } from '../datasets/session-table.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import type { Config } from './config.ts';
import { inventedChain } from './contradictions.ts';
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
  /** What the run must say of its prices, once the days it plays are prepared. */
  readonly remarks?: (of: DaysAsked) => readonly string[];
}

/**
 * The store that was named, or `./data`; the embedded synthetic market only where it was asked for, or where no store was ever
 * configured.
 */
export async function candleSource(parts: {
  readonly config: Config;
  readonly reference: Reference;
  readonly segments: readonly Underlying[];
  /** Days that may be played, and their interval where one was asked for. */
  readonly days: readonly Day[];
  readonly intervalMs: number | undefined;
  readonly notice: (sentence: string) => void;
}): Promise<ChosenSource> {
  const { config, reference, segments, notice } = parts;
  const { data } = config;
  const named = data.store ?? (data.source === 'store' || existsSync(DEFAULT_STORE) ? DEFAULT_STORE : undefined);
  if (data.chain === 'modelled') refuseInvented(data, named);
  if (data.source === 'synthetic') return await syntheticSource(data, reference, segments);
  if (named === undefined) {
    notice('no store of candles is here, so invented prices are played; your own come in with: sim data import PATH');
    return await syntheticSource(data, reference, segments);
  }
  refuseForeign(named);
  const { CandleArchive } = await import('../adapters/candle-archive.ts');
  try {
    const source = new CandleArchive({ store: named, sessions: sessionTableOf(reference.calendar), notice });
    if (data.chain === 'modelled') return await modelledSource(source, named, parts);
    const warnings = source.kind === 'synthetic' ? ['SYNTHETIC store: prices are invented'] : [];
    return { source, name: named, warnings };
  } catch (error) {
    if (error instanceof StoreProblem) throw new UserError(error.message, { cause: error });
    throw error;
  }
}

function refuseInvented({ source }: Config['data'], named: string | undefined): void {
  if (source === 'synthetic') throw new UserError(inventedChain('--chain', '--data'));
  if (named !== undefined) return;
  throw new UserError(
    `--chain modelled must have a store of real index candles to price on, and ${DEFAULT_STORE} is not there; make it with: sim data import PATH, or name one with --store`,
  );
}

async function modelledSource(
  archive: CandleArchive,
  name: string,
  { reference, segments, days, intervalMs }: Parameters<typeof candleSource>[0],
): Promise<ChosenSource> {
  if (archive.kind === 'synthetic') {
    throw new UserError(
      `--chain modelled must have real index candles to price on, and the store ${name} is SYNTHETIC; name another with --store`,
    );
  }
  const [{ ModelledArchive }, { ModelledChain }] = await Promise.all([
    import('../adapters/modelled-archive.ts'),
    import('../datasets/modelled/modelled-chain.ts'),
  ]);
  const source = new ModelledArchive({ archive, chain: new ModelledChain(reference) });
  await source.look({ underlyings: segments, days, intervalMs });
  const warnings = ['MODELLED option prices: computed from the index, not traded'];
  return { source, name, warnings, remarks: (of) => source.remarks(of) };
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
  { seed }: Config['data'],
  { calendar, contracts }: Reference,
  segments: readonly Underlying[],
): Promise<ChosenSource> {
  const [{ SyntheticArchive }, { SyntheticMarket }] = await Promise.all([
    import('../adapters/synthetic-archive.ts'),
    import('../datasets/synthetic/synthetic-market.ts'),
  ]);
  const markets = segments.map((underlying) => new SyntheticMarket({ seed, underlying, calendar, contracts }));
  const warnings = [`SYNTHETIC market of seed ${seed}: prices are invented, dates and contracts are real`];
  return { source: new SyntheticArchive(markets), name: EMBEDDED_MARKET, warnings };
}
