import type { Config } from './config.ts';
import { strategyFilesOf } from './own-strategies/own-file.ts';
import type { ThreadTask } from './own-strategies/thread-words.ts';

/** What a configuration comes to, parameters with it; own strategies are asked for theirs in a thread. */
export async function effectiveOf(config: Config): Promise<Readonly<Record<string, unknown>>> {
  if (strategyFilesOf(config).length === 0) {
    const { effectiveSettings } = await import('./config-text.ts');
    return effectiveSettings(config);
  }
  return await askThread(config, { kind: 'settings' });
}

/** Which strategy trades which segment, as the configuration names them. */
export function agentNames({ strategy, agents, segments }: Config): readonly string[] {
  const choices = agents ?? [{ strategy, name: undefined, segments: undefined }];
  return choices.flatMap((choice) =>
    (choice.segments ?? segments).map((segment) => `${choice.name ?? choice.strategy} on ${segment}`),
  );
}

/** Has a short question about own strategies answered in a thread; nothing else is told of it. */
export async function askThread<Answer>(config: Config, task: ThreadTask): Promise<Answer> {
  const [{ sourcesOf }, { superviseThread }] = await Promise.all([
    import('./own-backtest.ts'),
    import('./strategy-supervisor.ts'),
  ]);
  const listener = { say: () => undefined, begins: () => undefined, day: () => undefined };
  return await superviseThread<Answer>(
    { task, config, sources: await sourcesOf(config) },
    { listener, asked: () => false },
  );
}
