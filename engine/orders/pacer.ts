/** Counts what is sent to a broker, so that no second and no minute holds more than planned. */
export class Pacer {
  readonly #perSecond: number;
  readonly #perMinute: number;
  readonly #sent: number[] = [];

  constructor(parts: { readonly perSecond: number; readonly perMinute: number }) {
    this.#perSecond = parts.perSecond;
    this.#perMinute = parts.perMinute;
  }

  /** Earliest instant, now or later, at which one more may go. */
  freeAt(now: number): number {
    const sent = this.#sent;
    while (sent.length > 0 && (sent[0] ?? 0) <= now - 60_000) sent.shift();
    const second = sent.length >= this.#perSecond ? (sent[sent.length - this.#perSecond] ?? 0) + 1_000 : now;
    const minute = sent.length >= this.#perMinute ? (sent[sent.length - this.#perMinute] ?? 0) + 60_000 : now;
    return Math.max(now, second, minute);
  }

  count(now: number): void {
    this.#sent.push(now);
  }

  clear(): void {
    this.#sent.length = 0;
  }
}
