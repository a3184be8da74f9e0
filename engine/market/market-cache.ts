import { broken } from '../assert.ts';
import type { CandleFrame } from '../model/candle-frame.ts';
import { UNKNOWN } from '../model/candle-frame.ts';
import type { Instrument } from '../model/instrument.ts';
import { instrumentKey } from '../model/instrument.ts';

/** Last prices by slot: the last closed candle, and for watched instruments the last quote. Prices in paise, 0 where none yet. */
export class MarketCache {
  instruments: readonly Instrument[] = [];
  #slotOfKey = new Map<string, number>();
  #slotOfInstrument = new Map<Instrument, number>();
  #close = new Int32Array(0);
  #closedAt = new Float64Array(0);
  #oi = new Int32Array(0);
  #quote = new Int32Array(0);
  #quotedAt = new Float64Array(0);
  #watchers = new Int32Array(0);
  /** Cells with a candle, and cells in all, since the session opened. */
  cellsPresent = 0;
  cells = 0;

  openDay(instruments: readonly Instrument[]): void {
    const slots = instruments.length;
    this.instruments = instruments;
    this.#slotOfKey = new Map(instruments.map((instrument, slot) => [instrumentKey(instrument), slot]));
    this.#slotOfInstrument = new Map(instruments.map((instrument, slot) => [instrument, slot]));
    this.#close = new Int32Array(slots);
    this.#closedAt = new Float64Array(slots);
    this.#oi = new Int32Array(slots).fill(UNKNOWN);
    this.#quote = new Int32Array(slots);
    this.#quotedAt = new Float64Array(slots);
    this.#watchers = new Int32Array(slots);
    this.cellsPresent = 0;
    this.cells = 0;
  }

  slotOf(instrument: Instrument): number | undefined {
    // Most ask with the very object that stands in the list; equal ones are known by their text.
    return this.#slotOfInstrument.get(instrument) ?? this.#slotOfKey.get(instrumentKey(instrument));
  }

  instrumentAt(slot: number): Instrument {
    const instrument = this.instruments[slot];
    if (instrument === undefined) broken(`no instrument has slot ${slot} today`);
    return instrument;
  }

  /** Takes over a closed minute. `known` is when it became known. */
  closeMinute(frame: CandleFrame): void {
    const { valid, close, oi } = frame.columns;
    const { base, slots } = frame;
    const ended = frame.start + frame.intervalMs;
    let present = 0;
    for (let slot = 0; slot < slots; slot += 1) {
      const cell = base + slot;
      if (valid[cell] !== 1) continue;
      present += 1;
      this.#close[slot] = close[cell] ?? 0;
      this.#closedAt[slot] = ended;
      if ((oi[cell] ?? UNKNOWN) !== UNKNOWN) this.#oi[slot] = oi[cell] ?? UNKNOWN;
    }
    this.cells += slots;
    this.cellsPresent += present;
  }

  quote(slot: number, price: number, ts: number): void {
    this.#quote[slot] = price;
    this.#quotedAt[slot] = ts;
  }

  /** Counts one more reader of an instrument's quotes; true when it is the first. */
  watch(slot: number): boolean {
    this.#watchers[slot] = (this.#watchers[slot] ?? 0) + 1;
    return this.#watchers[slot] === 1;
  }

  /** Counts one reader less; true when none is left. */
  unwatch(slot: number): boolean {
    const left = (this.#watchers[slot] ?? 0) - 1;
    if (left < 0) broken(`slot ${slot} was let go more often than it was watched`);
    this.#watchers[slot] = left;
    return left === 0;
  }

  isWatched(slot: number): boolean {
    return (this.#watchers[slot] ?? 0) > 0;
  }

  /** What anyone may read now: the last quote of a watched instrument, else the last closed candle; undefined where neither exists. */
  priceOf(slot: number): number | undefined {
    const price =
      this.isWatched(slot) && (this.#quotedAt[slot] ?? 0) >= (this.#closedAt[slot] ?? 0)
        ? this.#quote[slot]
        : this.#close[slot];
    return price === 0 ? undefined : price;
  }

  /** Instant that `priceOf` speaks of; 0 where there is no price. */
  pricedAt(slot: number): number {
    const closed = this.#closedAt[slot] ?? 0;
    return this.isWatched(slot) ? Math.max(closed, this.#quotedAt[slot] ?? 0) : closed;
  }

  closeOf(slot: number): number | undefined {
    return this.#closedAt[slot] === 0 ? undefined : this.#close[slot];
  }

  /** End of the last closed candle of an instrument; 0 where none was seen today. */
  closedAt(slot: number): number {
    return this.#closedAt[slot] ?? 0;
  }

  /** Open interest in units as last published; -1 where unknown. */
  oiOf(slot: number): number {
    return this.#oi[slot] ?? UNKNOWN;
  }
}
