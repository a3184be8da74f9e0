import type { Clock } from './clock.ts';
import type { Stamp, Unstamped } from './journal.ts';
import type { EpochMs } from './model/time.ts';
import type { JournalSink } from './ports.ts';

/** Gives each record its place and time and hands it to the sink; silent while the strategies warm up, or where nobody keeps records. */
export class Recorder {
  readonly #sink: JournalSink | undefined;
  readonly #clock: Clock;
  /** One object for all records: a sink that keeps a record copies it. */
  readonly #stamp: { -readonly [Key in keyof Stamp]: Stamp[Key] } = { seq: 0, ts: 0 as EpochMs, flow: 'out' };
  #muted = false;

  constructor(parts: { readonly sink: JournalSink | undefined; readonly clock: Clock }) {
    this.#sink = parts.sink;
    this.#clock = parts.clock;
  }

  /** Whether anybody hears; where a record is costly to make, ask first. */
  get listens(): boolean {
    return this.#sink !== undefined && !this.#muted;
  }

  get isMuted(): boolean {
    return this.#muted;
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
    if (this.#sink === undefined || this.#muted) return;
    const stamp = this.#stamp;
    stamp.seq += 1;
    stamp.ts = this.#clock.now;
    stamp.flow = flow;
    this.#sink.write(stamp, record);
  }
}
