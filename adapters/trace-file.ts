import type { TraceValue } from '../engine/journal.ts';
import type { AgentId } from '../engine/model/order.ts';
import type { EpochMs } from '../engine/model/time.ts';
import { clockText, dayOf } from '../engine/model/time.ts';
import type { TraceSink } from '../engine/ports.ts';
import type { FileCalls } from './file-calls.ts';
import { DISK, writeAll } from './file-calls.ts';
import { storageProblem } from './storage-problem.ts';

/** Lines are written together once they are this long, characters. */
const BATCH = 262_144;

/**
 * Writes what decisions were made from, one line of JSON each: `ts` (in India, with its offset), `agent`, `kind` and `values` (prices in
 * paise). No part of a run reads it back, so it is hashed into nothing.
 */
export class TraceFile implements TraceSink {
  readonly #path: string;
  readonly #calls: FileCalls;
  readonly #file: number;
  #lines = '';
  #stamp = '';
  #stampOf = -1;

  constructor(path: string, calls: FileCalls = DISK) {
    this.#path = path;
    this.#calls = calls;
    this.#file = this.#guarded(() => calls.open(path, 'wx'));
  }

  write(ts: EpochMs, agent: AgentId, kind: string, values: Readonly<Record<string, TraceValue>>): void {
    if (ts !== this.#stampOf) {
      this.#stampOf = ts;
      this.#stamp = `{"ts":"${dayOf(ts)}T${clockText(ts)}+05:30","agent":`;
    }
    this.#lines += `${this.#stamp}${JSON.stringify(agent)},"kind":${JSON.stringify(kind)},"values":${JSON.stringify(values)}}\n`;
    if (this.#lines.length > BATCH) this.#flush();
  }

  /** Syncs and closes the file. */
  close(): void {
    this.#flush();
    this.#guarded(() => {
      this.#calls.sync(this.#file);
      this.#calls.close(this.#file);
    });
  }

  /** Lets go of the file of a run that failed. */
  abandon(): void {
    this.#calls.close(this.#file);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#lines, 'utf8');
    this.#lines = '';
    this.#guarded(() => writeAll(this.#calls, this.#file, bytes));
  }

  #guarded<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw storageProblem(error, this.#path);
    }
  }
}
