/** The thread in which own strategies run: it does one task, tells what happens, and ends. The main thread watches its beat. */
import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '../engine/assert.ts';
import { Beat } from './own-strategies/beat.ts';
import type { OwnStrategies } from './own-strategies/own-strategies.ts';
import { loadOwn } from './own-strategies/own-strategies.ts';
import type { ThreadOrder, ThreadWord, ToldError } from './own-strategies/thread-words.ts';
import { SettingError } from './user-error.ts';

invariant(parentPort !== null, 'a strategy thread is started by the program');
const port = parentPort;
const order = workerData as ThreadOrder;
const beat = new Beat(order.memory);

/** How often a thread that comes back to its loop says so, ms. */
const SIGN_MS = 100;

setInterval(() => beat.giveSign(), SIGN_MS).unref();
try {
  tell({ kind: 'done', value: await done(loadOwn(order.sources, beat)) });
} catch (error) {
  tell({ kind: 'failed', error: told(error) });
}

async function done(own: OwnStrategies): Promise<unknown> {
  const { task, config, sources } = order;
  switch (task.kind) {
    case 'backtest': {
      const { playBacktest } = await import('./backtest-play.ts');
      return await playBacktest({ ...task, config }, listener(), own);
    }
    case 'settings': {
      const { effectiveSettings } = await import('./config-text.ts');
      return effectiveSettings(config, own);
    }
    case 'cards': {
      return [...own.values()].map((one) => one.card());
    }
    case 'check': {
      const { checkStrategy } = await import('./own-strategies/check.ts');
      return await checkStrategy({ config, sources, beat, segments: task.segments });
    }
    default:
      return task satisfies never;
  }
}

function listener(): Parameters<typeof import('./backtest-play.ts').playBacktest>[1] {
  return {
    say: (sentence) => tell({ kind: 'said', sentence }),
    begins: () => tell({ kind: 'begins' }),
    day: (progress) => tell({ kind: 'day', progress }),
    goesOn: () => {
      beat.giveSign();
      return Promise.resolve(!beat.stopAsked);
    },
    folder: (path) => tell({ kind: 'folder', path }),
  };
}

function tell(word: ThreadWord): void {
  beat.giveSign();
  port.postMessage(word);
}

function told(error: unknown): ToldError {
  if (!(error instanceof Error))
    return { name: 'Error', message: String(error), stack: undefined, exitCode: undefined, setting: undefined };
  const { name, message, stack } = error;
  const code = 'exitCode' in error && typeof error.exitCode === 'number' ? error.exitCode : undefined;
  const setting = error instanceof SettingError ? error.setting : undefined;
  return { name, message, stack, exitCode: code, setting };
}
