import type { EpochMs } from '../model/time.ts';

/** Where a mark comes from: one watched price moved, or the whole market's minute closed. */
export interface Mark {
  readonly kind: 'quote' | 'minute';
}

/** Money of one scope on one day, whole paise. */
export interface ScopeMoney {
  readonly net: number;
  /** Lowest net so far as a positive loss, 0 while the day was never under water. */
  readonly worst: number;
  /** Highest net so far, at least 0. */
  readonly high: number;
}

/** The net of the account or of one segment through a day: counted up from its agents, then settled, once a mark. */
export class MoneyWatch implements ScopeMoney {
  readonly scope: string;
  /** Proof that the loss cap of this scope is used up. */
  readonly loss: Proof;
  #sum = 0;
  #net = 0;
  #worst = 0;
  #high = 0;

  constructor(parts: { readonly scope: string; readonly marksApartMs: number }) {
    this.scope = parts.scope;
    this.loss = new Proof(parts.marksApartMs);
  }

  get net(): number {
    return this.#net;
  }

  get worst(): number {
    return this.#worst;
  }

  get high(): number {
    return this.#high;
  }

  begin(): void {
    this.#sum = 0;
  }

  add(net: number): void {
    this.#sum += net;
  }

  /** Takes the sum as the net and remembers the day's worst and best. */
  settle(): void {
    this.#net = this.#sum;
    if (-this.#net > this.#worst) this.#worst = -this.#net;
    if (this.#net > this.#high) this.#high = this.#net;
  }
}

/**
 * Money beyond a limit counts as proven by two marks a stated time apart with none on the right side between them, or by one close of
 * a minute: one false print does nothing. It is proven once.
 */
export class Proof {
  readonly #apartMs: number;
  #since: EpochMs | undefined;
  #proven = false;

  constructor(apartMs: number) {
    this.#apartMs = apartMs;
  }

  get proven(): boolean {
    return this.#proven;
  }

  /** True at the one mark that completes the proof. */
  completedBy(beyond: boolean, now: EpochMs, mark: Mark): boolean {
    if (this.#proven) return false;
    if (!beyond) {
      this.#since = undefined;
      return false;
    }
    this.#since ??= now;
    this.#proven = mark.kind === 'minute' || now - this.#since >= this.#apartMs;
    return this.#proven;
  }
}
