/**
 * Level of an underlying at each minute's close, from the best rung there is: its index candle; else the parity forward of the nearest
 * listed expiry (median of strike + call - put over the five strikes where call and put are nearest to each other); else the near
 * future less carry. A day that has an index candle keeps to the index: what stands in for a missing minute is moved by the distance
 * that it had from the index when both were last seen, since a forward is no spot.
 */
import type { Candle } from '../model/candle-frame.ts';
import { CandleFrame, UNKNOWN } from '../model/candle-frame.ts';
import type { Instrument, Underlying } from '../model/instrument.ts';
import type { Day } from '../model/time.ts';
import { daysBetween, epochMs } from '../model/time.ts';
import type { OptionChain } from './option-chain.ts';

export type Rung = 'index' | 'parity' | 'future' | 'none';

/** Strikes that the parity forward is taken from. */
const PARITY_STRIKES = 5;

export class UnderlyingLadder {
  readonly underlying: Underlying;
  readonly #carryPerYear: number;
  #indexLiveUntil = 0;
  #index: number | undefined;
  /** The near future, with the share of its price that is left once its carry is taken away today. */
  #future: { slot: number; expiry: Day; lessCarry: number } | undefined;
  #chain: OptionChain | undefined;
  /** The last minute with an index candle; no slots before the first. */
  readonly #seen = new CandleFrame();
  #spot: number | undefined;
  #spotAt = 0;
  #rung: Rung = 'none';
  readonly #minutes = { index: 0, parity: 0, future: 0, none: 0 };
  #open: number | undefined;
  #high: number | undefined;
  #low: number | undefined;

  constructor(parts: { readonly underlying: Underlying; readonly carryPerYear: number }) {
    this.underlying = parts.underlying;
    this.#carryPerYear = parts.carryPerYear;
  }

  openDay(parts: {
    readonly day: Day;
    readonly instruments: readonly Instrument[];
    readonly chains: readonly OptionChain[];
    readonly indexLiveUntil: number;
  }): void {
    const { day, instruments, chains } = parts;
    this.#indexLiveUntil = parts.indexLiveUntil;
    this.#index = undefined;
    this.#future = undefined;
    this.#seen.slots = 0;
    this.#chain = chains[0];
    this.#spot = undefined;
    this.#spotAt = 0;
    this.#rung = 'none';
    this.#open = undefined;
    this.#high = undefined;
    this.#low = undefined;
    for (const rung of ['index', 'parity', 'future', 'none'] as const) this.#minutes[rung] = 0;
    instruments.forEach((instrument, slot) => {
      if (instrument.underlying !== this.underlying) return;
      if (instrument.kind === 'index') this.#index = slot;
      if (instrument.kind === 'future' && (this.#future === undefined || instrument.expiry < this.#future.expiry)) {
        const years = daysBetween(day, instrument.expiry) / 365;
        this.#future = { slot, expiry: instrument.expiry, lessCarry: 1 - this.#carryPerYear * years };
      }
    });
  }

  /** Last known level in paise; undefined before the first minute with a rung. */
  get spot(): number | undefined {
    return this.#spot;
  }

  /** End of the minute that `spot` speaks of. */
  get spotAt(): number {
    return this.#spotAt;
  }

  get rung(): Rung {
    return this.#rung;
  }

  get indexSlot(): number | undefined {
    return this.#index;
  }

  /** Minutes of the day by rung. */
  get minutes(): Readonly<Record<Rung, number>> {
    return this.#minutes;
  }

  get range(): {
    readonly open: number | undefined;
    readonly high: number | undefined;
    readonly low: number | undefined;
  } {
    return { open: this.#open, high: this.#high, low: this.#low };
  }

  closeMinute(frame: CandleFrame): void {
    const index = this.#index;
    if (index !== undefined && frame.start < this.#indexLiveUntil && frame.has(index)) {
      this.#take('index', frame.closeOf(index), frame);
      this.#widen(frame.openOf(index), frame.highOf(index), frame.lowOf(index));
      this.#seen.columns = frame.columns;
      this.#seen.base = frame.base;
      this.#seen.slots = frame.slots;
      return;
    }
    for (const rung of ['parity', 'future'] as const) {
      const level = this.#estimateBy(rung, frame);
      if (level === undefined) continue;
      const moved = level - this.#distanceOf(rung);
      this.#take(rung, moved, frame);
      return this.#widen(moved, moved, moved);
    }
    this.#rung = 'none';
    this.#minutes.none += 1;
  }

  #estimateBy(rung: 'parity' | 'future', frame: CandleFrame): number | undefined {
    if (rung === 'parity') return parityForward(this.#chain, frame);
    const future = this.#future;
    if (future === undefined || !frame.has(future.slot)) return undefined;
    return Math.round(frame.closeOf(future.slot) * future.lessCarry);
  }

  /** How far an estimate stood from the index in the last minute that had both; nothing where no minute of today had. */
  #distanceOf(rung: 'parity' | 'future'): number {
    const index = this.#index;
    if (index === undefined || this.#seen.slots === 0) return 0;
    const then = this.#estimateBy(rung, this.#seen);
    return then === undefined ? 0 : then - this.#seen.closeOf(index);
  }

  #take(rung: Rung, level: number, frame: CandleFrame): void {
    this.#rung = rung;
    this.#minutes[rung] += 1;
    this.#spot = level;
    this.#spotAt = frame.start + frame.intervalMs;
  }

  #widen(open: number, high: number, low: number): void {
    this.#open ??= open;
    this.#high = Math.max(this.#high ?? high, high);
    this.#low = Math.min(this.#low ?? low, low);
  }
}

/** Forward of a chain in paise by put-call parity, the median over the strikes nearest to the money; undefined without a full pair. */
export function parityForward(chain: OptionChain | undefined, frame: CandleFrame): number | undefined {
  if (chain === undefined) return undefined;
  const nearest: { apart: number; level: number }[] = [];
  for (const { strike, call, put } of chain.pairs) {
    if (call === undefined || put === undefined || !frame.has(call) || !frame.has(put)) continue;
    const difference = frame.closeOf(call) - frame.closeOf(put);
    const candidate = { apart: Math.abs(difference), level: strike + difference };
    let at = nearest.length;
    while (at > 0 && (nearest[at - 1]?.apart ?? 0) > candidate.apart) at -= 1;
    if (at >= PARITY_STRIKES) continue;
    nearest.splice(at, 0, candidate);
    if (nearest.length > PARITY_STRIKES) nearest.pop();
  }
  return median(nearest.map(({ level }) => level));
}

/** The middle value; of an even number the mean of the middle two, half a paisa upwards. */
function median(values: number[]): number | undefined {
  if (values.length === 0) return undefined;
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  if (values.length % 2 === 1) return values[middle];
  return Math.floor(((values[middle - 1] ?? 0) + (values[middle] ?? 0) + 1) / 2);
}

/** The minute of an underlying: its index candle, or the one level that another rung of the ladder gives. */
export function levelCandle({ spot, rung, indexSlot }: UnderlyingLadder, frame: CandleFrame): Candle {
  const level = spot ?? 0;
  const slot = rung === 'index' ? indexSlot : undefined;
  return {
    start: epochMs(frame.start),
    open: slot === undefined ? level : frame.openOf(slot),
    high: slot === undefined ? level : frame.highOf(slot),
    low: slot === undefined ? level : frame.lowOf(slot),
    close: level,
    volume: slot === undefined ? UNKNOWN : frame.volumeOf(slot),
    oi: UNKNOWN,
  };
}
