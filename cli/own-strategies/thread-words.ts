import type { DayProgress } from '../backtest.ts';
import type { BacktestOrder } from '../backtest-play.ts';
import type { Config } from '../config.ts';
import type { SettingError } from '../user-error.ts';
import type { KnownSource } from './own-strategies.ts';

/** What a thread with own code may be asked to do. */
export type ThreadTask =
  | ({ readonly kind: 'backtest' } & Omit<BacktestOrder, 'config'>)
  | { readonly kind: 'settings' }
  | { readonly kind: 'cards' }
  | { readonly kind: 'check'; readonly segments: 'given' | 'its own' };

/** All that a thread is given. */
export interface ThreadOrder {
  readonly task: ThreadTask;
  readonly config: Config;
  readonly sources: readonly KnownSource[];
  /** Memory of the beat. */
  readonly memory: SharedArrayBuffer;
}

/** An error on its way between threads, which do not share classes. */
export interface ToldError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly exitCode: number | undefined;
  /** What a sentence about a setting is made of. */
  readonly setting: SettingError['setting'] | undefined;
}

/** What a thread says. */
export type ThreadWord =
  | { readonly kind: 'said'; readonly sentence: string }
  | { readonly kind: 'begins' }
  | { readonly kind: 'day'; readonly progress: DayProgress }
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: ToldError };
