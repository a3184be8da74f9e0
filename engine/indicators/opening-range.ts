/**
 * Highest and lowest price of the candles of a session that end within its first stretch. It may be traded on from that stretch's end,
 * when `isKnown` turns true.
 */
export class OpeningRange {
  readonly #lengthMs: number;
  #endsAt = Number.POSITIVE_INFINITY;
  #high: number | undefined;
  #low: number | undefined;
  #seenUntil = 0;

  constructor(parts: { readonly lengthMs: number }) {
    this.#lengthMs = parts.lengthMs;
  }

  /** Begins a session that opens at an instant, epoch ms. */
  open(opensAt: number): void {
    this.#endsAt = opensAt + this.#lengthMs;
    this.#high = undefined;
    this.#low = undefined;
    this.#seenUntil = opensAt;
  }

  get high(): number | undefined {
    return this.#high;
  }

  get low(): number | undefined {
    return this.#low;
  }

  /** Whether its stretch is over and at least one candle was in it. */
  get isKnown(): boolean {
    return this.#seenUntil >= this.#endsAt && this.#high !== undefined;
  }

  /** Takes a closed candle that ended at an instant, epoch ms. */
  push(endedAt: number, high: number, low: number): void {
    this.#seenUntil = endedAt;
    if (endedAt > this.#endsAt) return;
    this.#high = this.#high === undefined ? high : Math.max(this.#high, high);
    this.#low = this.#low === undefined ? low : Math.min(this.#low, low);
  }
}
