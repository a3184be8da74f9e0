import { StorageProblem } from '../adapters/storage-problem.ts';
import type { BacktestOrder, Outcome } from './backtest-play.ts';
import type { Config } from './config.ts';
import { bundleStrategy } from './own-strategies/bundle.ts';
import { checkedOf, keepCode } from './own-strategies/code-store.ts';
import { strategyFilesOf } from './own-strategies/own-file.ts';
import type { KnownSource } from './own-strategies/own-strategies.ts';
import type { Watch } from './strategy-supervisor.ts';
import { superviseThread } from './strategy-supervisor.ts';

/** A backtest with strategies of the person's own, in a thread. */
export async function playOwn(order: BacktestOrder, watch: Watch): Promise<Outcome> {
  const { config, ...task } = order;
  const sources = await sourcesOf(config);
  for (const source of sources) {
    if (source.checked === 'checked') continue;
    const state = source.checked === 'not checked' ? 'has not been checked' : 'did not pass its check';
    watch.listener.say(`${source.file} ${state}; see: sim strategies check ${source.file}`);
  }
  const outcome = await superviseThread<Outcome>({ task: { kind: 'backtest', ...task }, config, sources }, watch);
  keep(sources, watch);
  return outcome;
}

/** The strategy files of a configuration, read and found to say nothing that is refused. */
export async function sourcesOf(config: Config): Promise<readonly KnownSource[]> {
  const sources: KnownSource[] = [];
  for (const file of strategyFilesOf(config)) {
    const source = await bundleStrategy(file);
    sources.push({ ...source, checked: checkedOf(source.hash) });
  }
  return sources;
}

/** Keeps what ran. In a workspace that may not be written it is known by its hash alone. */
function keep(sources: readonly KnownSource[], { listener }: Watch): void {
  try {
    for (const source of sources) keepCode(source);
  } catch (error) {
    if (!(error instanceof StorageProblem && error.exitCode === 2)) throw error;
    listener.say(`the code that ran is not kept: ${error.message}`);
  }
}
