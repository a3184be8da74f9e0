import { broken } from './assert.ts';
import type { JournalRecord, Unstamped } from './journal.ts';
import type { EpochMs } from './model/time.ts';
import type { JournalSink } from './ports.ts';

/** Gives each record its place and time and hands it to the sink; silent while the strategies warm up. */
export class Recorder {
  readonly #sink: JournalSink;
  #seq = 0;
  #muted = false;
  #now: EpochMs = 0 as EpochMs;

  constructor(sink: JournalSink) {
    this.#sink = sink;
  }

  get seq(): number {
    return this.#seq;
  }

  at(ts: EpochMs): void {
    if (!(ts >= this.#now)) broken(`the journal's time ran backwards: ${this.#now} to ${ts}`);
    this.#now = ts;
  }

  mute(muted: boolean): void {
    this.#muted = muted;
  }

  came(record: Unstamped): void {
    this.write('in', record);
  }

  out(record: Unstamped): void {
    this.write('out', record);
  }

  write(flow: 'in' | 'out', record: Unstamped): void {
    if (this.#muted) return;
    this.#seq += 1;
    this.#sink.write({ seq: this.#seq, ts: this.#now, flow, ...record } as JournalRecord);
  }
}
