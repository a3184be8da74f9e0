import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { dayOfNumber, istTimeOfMinutes, SECOND_MS } from '../engine/model/time.ts';
import type { Listener } from './backtest-play.ts';
import type { Config } from './config.ts';
import { Interrupted } from './interrupted.ts';
import { Beat } from './own-strategies/beat.ts';
import type { ThreadOrder, ThreadWord, ToldError } from './own-strategies/thread-words.ts';
import { SettingError, UserError } from './user-error.ts';

/** How the main thread hears of a thread with own code, and how a person ends it. */
export interface Watch {
  readonly listener: Pick<Listener, 'say' | 'begins' | 'day'>;
  /** Whether the person asked for the end. */
  readonly asked: () => boolean;
}

/** A person who asked for the end does not wait longer than this for code that may never come back, ms. */
const PATIENCE_MS = 1_000;

/** A thread that says nothing for so many beats, and for so long at least, has a loop somewhere beside the beat. */
const SILENT_BEATS = 10;
const SILENT_LEAST_MS = 5_000;

const BYTES_PER_MB = 1_048_576;
const SHARE_OF_FREE = 0.75;

/**
 * Has a task done in a thread of its own and watches its beat. Own code that does not come back, or that uses up the memory, ends the
 * task with a sentence, and what it was writing is taken away.
 */
export async function superviseThread<Result>(order: Omit<ThreadOrder, 'memory'>, watch: Watch): Promise<Result> {
  const beat = new Beat();
  const thread = new Worker(threadFile(), { workerData: { ...order, memory: beat.memory } satisfies ThreadOrder });
  let folder: string | undefined;
  let isWriting = false;
  const leave = (): void => takeAway(folder);
  process.on('exit', leave);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Result>((resolve, reject) => {
      const limits = order.config.own;
      timer = heed(beat, { limits, file: filesOf(order), asked: watch.asked, isWriting: () => isWriting, end: reject });
      thread.on('message', (word: ThreadWord) => {
        if (word.kind === 'day') isWriting = word.progress.done === word.progress.of;
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
  readonly limits: Config['own'];
  readonly file: string;
  readonly asked: () => boolean;
  /** Whether every day was played, so that own code will not be called again and only results are being written. */
  readonly isWriting: () => boolean;
  readonly end: (error: Error) => void;
}

/**
 * Looks at the thread many times within its limit. First at the beat: only own code that stays in one call counts, not reading or writing
 * that takes long. Behind that stands a longer limit for a thread that says nothing at all, then the memory of the whole program, of
 * which the language bounds a part only.
 */
function heed(beat: Beat, { limits, file, asked, isWriting, end }: Heeding): NodeJS.Timeout {
  const { beatMs } = limits;
  const silentMs = Math.max(SILENT_BEATS * beatMs, SILENT_LEAST_MS);
  const memoryMost = mostMemory(limits.memoryMb);
  let call = { count: beat.calls, since: performance.now() };
  let sign = { count: beat.calls + beat.signs, since: performance.now() };
  let askedAt: number | undefined;
  const look = (): void => {
    const now = performance.now();
    const [calls, signs] = [beat.calls, beat.calls + beat.signs];
    if (calls !== call.count || calls % 2 === 0) call = { count: calls, since: now };
    if (signs !== sign.count || isWriting()) sign = { count: signs, since: now };
    if (asked()) {
      beat.askToStop();
      askedAt ??= now;
    }
    if (askedAt !== undefined && now - call.since > PATIENCE_MS)
      end(new Interrupted('the strategy did not come back, and the run was ended'));
    else if (askedAt !== undefined && now - askedAt > 2 * PATIENCE_MS)
      end(new Interrupted('the run was ended before its step was over'));
    else if (now - call.since > beatMs) end(new UserError(endlessSentence(beat, file, beatMs)));
    else if (now - sign.since > silentMs) end(new UserError(silentSentence(file, silentMs)));
    else if (process.memoryUsage.rss() > memoryMost) end(new UserError(memorySentence(file)));
  };
  return setInterval(look, Math.min(100, beatMs / 4));
}

/** Bytes that the program may come to hold: so many more than now, and not all that the machine has left. */
function mostMemory(memoryMb: number): number {
  return process.memoryUsage.rss() + Math.min(memoryMb * BYTES_PER_MB, process.availableMemory() * SHARE_OF_FREE);
}

function endlessSentence(beat: Beat, file: string, limitMs: number): string {
  const { place, day, minute } = beat.whereabouts;
  const moment = day === 0 ? '' : ` on ${dayOfNumber(day)} at ${istTimeOfMinutes(minute)}`;
  const took = `${limitMs / SECOND_MS} s`;
  return `${place} of ${file} did not come back within ${took}${moment}; a loop in it has no end (own.beatMs sets the limit); nothing was kept`;
}

function silentSentence(file: string, silentMs: number): string {
  return `the thread of ${file} gave no sign of life for ${silentMs / SECOND_MS} s; something in it has no end (own.beatMs sets the limit); nothing was kept`;
}

function memorySentence(file: string): string {
  return `${file} used up the memory that its thread may have (own.memoryMb sets the limit); nothing was kept`;
}

function errorOf({ name, message, stack, exitCode, setting }: ToldError): Error {
  if (name === 'Interrupted') return new Interrupted(message);
  if (setting !== undefined) return new SettingError(setting);
  const error = exitCode === undefined ? new Error(message) : Object.assign(new Error(message), { exitCode });
  if (stack !== undefined) error.stack = stack;
  return error;
}

function fallOf(error: NodeJS.ErrnoException, file: string): Error {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new UserError(`${file} used up the memory that its thread may have; nothing was kept`);
}
