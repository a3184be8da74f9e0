import { Ema } from '../engine/indicators/moving-averages.ts';
import { Ring } from '../engine/indicators/ring.ts';
import { UNKNOWN } from '../engine/strategy.ts';
import type { VolumeSeen } from './closed-candles.ts';
import type { EmaTrendSettings } from './ema-trend-params.ts';

/** Distances are compared with this much room, in hundredths of a paisa per cent: products leave dust. */
const DUST = 1e-6;

/** Bars after a signal at which its move is looked at; nothing that trades reads it. */
export const FORWARD_BARS = [1, 5] as const;

/** The mean, what crosses it, and the volume behind it, bar by bar. Prices in paise. */
export class TrendLines {
  readonly #settings: EmaTrendSettings;
  readonly #slow: Ema;
  readonly #fast: Ema | undefined;
  /** How far what crosses stood above the mean, of this bar and the two before. */
  readonly #above = new Ring(3);
  readonly #volumes: Ring;
  #close = 0;
  #count = 0;

  constructor(settings: EmaTrendSettings) {
    this.#settings = settings;
    this.#slow = new Ema({ period: settings.emaPeriod });
    this.#fast = settings.fastEma === undefined ? undefined : new Ema({ period: settings.fastEma });
    this.#volumes = new Ring(settings.volumeBars);
  }

  get ema(): number {
    return this.#slow.value ?? 0;
  }

  get fast(): number | undefined {
    return this.#fast?.value;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether the mean has as many bars as it is long. */
  get isReady(): boolean {
    return this.#count >= this.#settings.emaPeriod;
  }

  /** Takes a closed bar; volume in units. */
  push(close: number, volume: number): void {
    this.#count += 1;
    this.#close = close;
    const slow = this.#slow.push(close);
    this.#above.push((this.#fast?.push(close) ?? close) - slow);
    this.#volumes.push(volume);
  }

  /** The side that this bar crossed to: the one so many bars ago was strictly on the other. */
  get cross(): 'up' | 'down' | undefined {
    const { crossLag } = this.#settings;
    if (this.#above.count <= crossLag) return undefined;
    const [earlier, now] = [this.#above.ago(crossLag), this.#above.ago(0)];
    if (earlier < 0 && now > 0) return 'up';
    return earlier > 0 && now < 0 ? 'down' : undefined;
  }

  /** Side of the mean that the close is on. */
  get side(): -1 | 0 | 1 {
    return Math.sign(this.#close - this.ema) as -1 | 0 | 1;
  }

  /** Whether the close is further from the mean than asked. */
  get isFar(): boolean {
    return 100 * Math.abs(this.#close - this.ema) - this.#settings.distancePct * this.ema > DUST;
  }

  /** Volume of this bar and the mean that it is in; undefined where anything is unknown. */
  get volume(): VolumeSeen | undefined {
    if (!this.#volumes.isFull) return undefined;
    let sum = 0;
    for (let ago = 0; ago < this.#volumes.size; ago += 1) {
      if (this.#volumes.ago(ago) === UNKNOWN) return undefined;
      sum += this.#volumes.ago(ago);
    }
    return { volume: this.#volumes.ago(0), mean: sum / this.#volumes.size };
  }
}

/** What became of a signal so many bars later; per cents of its close, in its own direction. */
export interface Forward {
  readonly name: string;
  readonly bar: string;
  readonly after: number;
  readonly movePct: number;
  readonly wins: number;
  readonly signals: number;
}

/** Moves after signals, for the eye alone: they look ahead of the signal by nature and filter nothing. */
export class ForwardMoves {
  #open: { readonly name: string; readonly bar: string; readonly close: number; readonly sign: number; age: number }[] =
    [];
  readonly #wins = FORWARD_BARS.map(() => 0);
  readonly #counts = FORWARD_BARS.map(() => 0);

  /** Takes the close of a bar after the signals that are waiting; gives what it settles. */
  push(close: number): readonly Forward[] {
    const settled: Forward[] = [];
    for (const signal of this.#open) {
      signal.age += 1;
      FORWARD_BARS.forEach((after, at) => {
        if (signal.age !== after) return;
        const move = (100 * signal.sign * (close - signal.close)) / signal.close;
        const wins = (this.#wins[at] ?? 0) + Number(move > 0);
        const signals = (this.#counts[at] ?? 0) + 1;
        this.#wins[at] = wins;
        this.#counts[at] = signals;
        settled.push({ name: signal.name, bar: signal.bar, after, movePct: round4(move), wins, signals });
      });
    }
    this.#open = this.#open.filter(({ age }) => age < Math.max(...FORWARD_BARS));
    return settled;
  }

  /** Takes a signal of the bar that was pushed last. */
  add(signal: { readonly name: string; readonly bar: string; readonly close: number; readonly sign: 1 | -1 }): void {
    this.#open.push({ ...signal, age: 0 });
  }
}

function round4(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
