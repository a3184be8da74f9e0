import type { Day } from '../engine/model/time.ts';
import { summaryJson, summaryText } from '../reports/text.ts';
import type { DayProgress } from './backtest.ts';
import { runBacktest } from './backtest.ts';
import { prepareJob } from './backtest-job.ts';
import type { Config } from './config.ts';
import type { OwnStrategies } from './own-strategies/own-strategies.ts';

/** What a backtest is asked for. */
export interface BacktestOrder {
  readonly config: Config;
  readonly from: Day;
  readonly to: Day;
  readonly withReport: boolean;
  readonly withTrace: boolean;
  /** Whether the summary may hold signs beyond ASCII. */
  readonly unicode: boolean;
}

/** Whom a backtest tells how far it is, and who may end it. */
export interface Listener {
  say(sentence: string): void;
  /** All inputs are checked; the first event comes next. */
  begins(): void;
  day(progress: DayProgress): void;
  goesOn(): Promise<boolean>;
  /** Where the unfinished run is being written. */
  folder(path: string): void;
}

/** What a person reads of a finished run. */
export interface Outcome {
  readonly id: string;
  readonly path: string;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** Strategies that threw, with what they said. */
  readonly quarantined: readonly (readonly [agent: string, reason: string])[];
}

/** Checks what is asked, plays it, writes the run and tells what came of it. */
export async function playBacktest(
  order: BacktestOrder,
  listener: Listener,
  own: OwnStrategies | undefined = undefined,
): Promise<Outcome> {
  const { config, from, to, withReport, withTrace, unicode } = order;
  const notice = (sentence: string): void => listener.say(sentence);
  const { job, assumptions } = await prepareJob({ config, own, from, to, clock, notice });
  try {
    for (const line of assumptions) listener.say(line);
    listener.begins();
    const done = await runBacktest({
      ...job,
      clock,
      withReport,
      withTrace,
      onDay: async (progress) => {
        listener.day(progress);
        return (await listener.goesOn()) ? 'go on' : 'stop';
      },
      goesOn: async () => await listener.goesOn(),
      onFolder: (path) => listener.folder(path),
    });
    const { id, path, summary, quarantined } = done;
    return {
      id,
      path,
      text: summaryText(summary, { unicode }),
      json: summaryJson(summary),
      quarantined: [...quarantined],
    };
  } finally {
    job.source.close();
  }
}

function clock(): number {
  return Date.now();
}
