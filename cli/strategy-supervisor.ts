import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { dayOfNumber, istTimeOfMinutes, SECOND_MS } from '../engine/model/time.ts';
import type { Listener } from './backtest-play.ts';
import { Interrupted } from './interrupted.ts';
import { Beat } from './own-strategies/beat.ts';
import type { ThreadOrder, ThreadWord, ToldError } from './own-strategies/thread-words.ts';
import { UserError } from './user-error.ts';

/** How the main thread hears of a thread with own code, and how a person ends it. */
export interface Watch {
  readonly listener: Pick<Listener, 'say' | 'begins' | 'day'>;
  /** Whether the person asked for the end. */
  readonly asked: () => boolean;
}

/** A person who asked for the end does not wait longer than this for code that may never come back, ms. */
const PATIENCE_MS = 1_000;

/**
 * Has a task done in a thread of its own and watches its beat. Own code that does not come back, or that uses up the memory, ends the
 * task with a sentence, and what it was writing is taken away.
 */
export async function superviseThread<Result>(order: Omit<ThreadOrder, 'memory'>, watch: Watch): Promise<Result> {
  const beat = new Beat();
  const thread = new Worker(threadFile(), { workerData: { ...order, memory: beat.memory } satisfies ThreadOrder });
  let folder: string | undefined;
  const leave = (): void => takeAway(folder);
  process.on('exit', leave);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Result>((resolve, reject) => {
      timer = heed(beat, { limitMs: order.config.own.beatMs, file: filesOf(order), asked: watch.asked, end: reject });
      thread.on('message', (word: ThreadWord) => {
        if (word.kind === 'done') resolve(word.value as Result);
        else if (word.kind === 'failed') reject(errorOf(word.error));
        else if (word.kind === 'folder') folder = word.path;
        else hear(word, watch.listener);
      });
      thread.on('error', (error: NodeJS.ErrnoException) => reject(fallOf(error, filesOf(order))));
      thread.on('exit', () => reject(new Error('the thread of the strategy ended before its work')));
    });
  } catch (error) {
    await thread.terminate();
    leave();
    throw error;
  } finally {
    clearInterval(timer);
    process.off('exit', leave);
    await thread.terminate();
  }
}

/** What cannot be removed keeps its hidden name, which says that it is no finished run. */
function takeAway(folder: string | undefined): void {
  try {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

/** The thread's file: beside this one, in the sources and when compiled or bundled. */
function threadFile(): string {
  const path = fileURLToPath(new URL('./strategy-thread.js', import.meta.url));
  if (!existsSync(path)) throw new Error(`the program is not whole: ${path} is missing`);
  return path;
}

function filesOf({ sources }: Pick<ThreadOrder, 'sources'>): string {
  return sources.map(({ file }) => file).join(', ');
}

function hear(word: ThreadWord, listener: Watch['listener']): void {
  if (word.kind === 'said') listener.say(word.sentence);
  else if (word.kind === 'begins') listener.begins();
  else if (word.kind === 'day') listener.day(word.progress);
}

interface Heeding {
  readonly limitMs: number;
  readonly file: string;
  readonly asked: () => boolean;
  readonly end: (error: Error) => void;
}

/** Looks at the beat many times within its limit; only own code that stays in one call counts, not reading or writing that takes long. */
function heed(beat: Beat, { limitMs, file, asked, end }: Heeding): NodeJS.Timeout {
  let [calls, since] = [beat.calls, performance.now()];
  const look = (): void => {
    const isAsked = asked();
    if (isAsked) beat.askToStop();
    if (beat.calls !== calls || calls % 2 === 0) [calls, since] = [beat.calls, performance.now()];
    const waited = performance.now() - since;
    if (isAsked && waited > PATIENCE_MS) end(new Interrupted('the strategy did not come back, and the run was ended'));
    else if (waited > limitMs) end(new UserError(endlessSentence(beat, file, limitMs)));
  };
  return setInterval(look, Math.min(100, limitMs / 4));
}

function endlessSentence(beat: Beat, file: string, limitMs: number): string {
  const { place, day, minute } = beat.whereabouts;
  const moment = day === 0 ? '' : ` on ${dayOfNumber(day)} at ${istTimeOfMinutes(minute)}`;
  const took = `${limitMs / SECOND_MS} s`;
  return `${place} of ${file} did not come back within ${took}${moment}; a loop in it has no end (own.beatMs sets the limit); nothing was kept`;
}

function errorOf({ name, message, stack, exitCode }: ToldError): Error {
  if (name === 'Interrupted') return new Interrupted(message);
  const error = exitCode === undefined ? new Error(message) : Object.assign(new Error(message), { exitCode });
  if (stack !== undefined) error.stack = stack;
  return error;
}

function fallOf(error: NodeJS.ErrnoException, file: string): Error {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new UserError(`${file} used up the memory that its thread may have; nothing was kept`);
}
