import { join } from 'node:path';
import type { EpochMs } from '../engine/model/time.ts';
import { clockText, dayOf, epochMs, SECOND_MS } from '../engine/model/time.ts';
import type { FileCalls } from './file-calls.ts';
import { DISK, writeFileSynced } from './file-calls.ts';
import { StorageProblem, storageProblem } from './storage-problem.ts';

const RUN_ID = /^\d{8}-\d{6}-[0-9a-f]{4}$/;
const UNFINISHED = '.unfinished-';
/** Runs begun within one second take the next free second; beyond these many something is wrong. */
const TRIES_MAX = 600;

/** `20261121-143207-ab12`: start in India, then four hex digits of the configuration's hash. Ids sort by time. */
export function runIdOf(startedAt: EpochMs, configHash: string): string {
  const start = clockText(startedAt).slice(0, 8).replaceAll(':', '');
  return `${dayOf(startedAt).replaceAll('-', '')}-${start}-${configHash.slice(0, 4).toLowerCase()}`;
}

export interface RunFolderParts {
  /** The folder of all runs; made when it is absent. */
  readonly root: string;
  readonly startedAt: EpochMs;
  readonly configHash: string;
  readonly calls?: FileCalls;
}

/**
 * The folder that a run is written into. It bears a hidden name until it is complete and gets its own by one rename, so that a run
 * that broke off never looks finished.
 */
export class RunFolder {
  readonly id: string;
  readonly #root: string;
  readonly #calls: FileCalls;
  #finished = false;

  constructor({ root, startedAt, configHash, calls = DISK }: RunFolderParts) {
    this.#root = root;
    this.#calls = calls;
    this.id = this.#claim(startedAt, configHash);
  }

  /** Where it stands now. */
  get path(): string {
    return this.#finished ? this.finalPath : join(this.#root, `${UNFINISHED}${this.id}`);
  }

  get finalPath(): string {
    return join(this.#root, this.id);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Writes a file of the run whole. */
  put(name: string, content: string | Uint8Array): void {
    writeFileSynced(this.#calls, this.file(name), content);
  }

  /** Gives the folder its final name and returns its path. */
  finish(): string {
    try {
      if (this.#calls.exists(this.finalPath)) throw new StorageProblem('taken', `${this.finalPath} exists already`);
      this.#syncFolder(this.path);
      this.#calls.rename(this.path, this.finalPath);
      this.#finished = true;
      this.#syncFolder(this.#root);
      return this.finalPath;
    } catch (error) {
      throw storageProblem(error, this.finalPath);
    }
  }

  /** Removes what was written; what cannot be removed keeps its hidden name. */
  abandon(): void {
    if (this.#finished) return;
    try {
      this.#calls.remove(this.path);
    } catch (error) {
      // The failure that ended the run is the one to tell; the hidden name already says that this is no finished run.
      if (!(error instanceof Error)) throw error;
    }
  }

  #claim(startedAt: EpochMs, configHash: string): string {
    try {
      this.#calls.mkdir(this.#root, { recursive: true });
      for (let second = 0; second < TRIES_MAX; second += 1) {
        const id = runIdOf(epochMs(startedAt + second * SECOND_MS), configHash);
        if (this.#calls.exists(join(this.#root, id)) || !this.#made(id)) continue;
        return id;
      }
    } catch (error) {
      throw storageProblem(error, this.#root);
    }
    throw new StorageProblem('taken', `${this.#root} has no free run id`);
  }

  #made(id: string): boolean {
    try {
      this.#calls.mkdir(join(this.#root, `${UNFINISHED}${id}`), { recursive: false });
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
  }

  #syncFolder(path: string): void {
    const file = this.#calls.open(path, 'r');
    this.#calls.sync(file);
    this.#calls.close(file);
  }
}

/** Ids of the finished runs, oldest first; an absent folder holds none. */
export function listRuns(root: string, calls: FileCalls = DISK): readonly string[] {
  if (!calls.exists(root)) return [];
  try {
    return calls.list(root).filter((name) => RUN_ID.test(name) && calls.exists(join(root, name, 'passport.json')));
  } catch (error) {
    throw storageProblem(error, root);
  }
}

/** A folder for files that somebody asked for, made when it is absent. */
export function madeFolder(path: string, calls: FileCalls = DISK): string {
  try {
    calls.mkdir(path, { recursive: true });
    return path;
  } catch (error) {
    throw storageProblem(error, path);
  }
}

/** Puts a new file in the place of an old one in one step, so that a reader never meets half of it. */
export function replaceFile(path: string, content: string | Uint8Array, calls: FileCalls = DISK): void {
  const fresh = `${path}.new`;
  writeFileSynced(calls, fresh, content);
  try {
    calls.rename(fresh, path);
  } catch (error) {
    throw storageProblem(error, path);
  }
}
