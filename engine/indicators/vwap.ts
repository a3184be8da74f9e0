/**
 * Volume-weighted mean price since it began, in the unit of the prices: `sum(price * volume) / sum(volume)`. Undefined while nothing was
 * traded. Whoever keeps the VWAP of a session begins anew with each one; anchored to an event it begins there, the event's candle included.
 */
export class Vwap {
  #money = 0;
  #volume = 0;

  get value(): number | undefined {
    return this.#volume > 0 ? this.#money / this.#volume : undefined;
  }

  /** Begins anew; what is pushed next is the first candle that counts. */
  anchor(): void {
    this.#money = 0;
    this.#volume = 0;
  }

  /** Takes the price that stands for a candle, often (high + low + close) / 3, and its volume; an unknown volume (below 0) adds nothing. */
  push(price: number, volume: number): number | undefined {
    if (volume > 0) {
      this.#money += price * volume;
      this.#volume += volume;
    }
    return this.value;
  }
}

/** The VWAP of the candles that start at or after an instant of its choice, epoch ms; what comes before is let by. */
export class AnchoredVwap {
  readonly #vwap = new Vwap();
  #from: number;

  constructor(parts: { readonly from: number }) {
    this.#from = parts.from;
  }

  get value(): number | undefined {
    return this.#vwap.value;
  }

  /** Moves the anchor and forgets what was summed. */
  anchorAt(from: number): void {
    this.#from = from;
    this.#vwap.anchor();
  }

  push(start: number, price: number, volume: number): number | undefined {
    return start < this.#from ? this.value : this.#vwap.push(price, volume);
  }
}
