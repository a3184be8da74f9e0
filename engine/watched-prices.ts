import type { Agent } from './agent.ts';
import type { Floor } from './floor.ts';
import type { KernelParts } from './kernel-parts.ts';
import type { MarketCache } from './market/market-cache.ts';
import type { EpochMs } from './model/time.ts';
import type { Structure } from './orders/structure.ts';
import type { Mark } from './risk/money-watch.ts';

const AT_QUOTE: Mark = { kind: 'quote' };

/** Takes the prices of watched instruments to everyone whom they concern: venue, books, guards, account watch. */
export class WatchedPrices {
  readonly #kernel: KernelParts;
  readonly #cache: MarketCache;
  readonly #agents: readonly Agent[];
  readonly #floor: Floor;
  readonly #watchMoney: (mark: Mark) => void;
  readonly #onMark = (structure: Structure): void => this.#floor.desk.guards.onMark(structure);
  readonly #priceOf = (slot: number): number | undefined => this.#cache.priceOf(slot);
  readonly #concernsNobody = (slot: number, low: number, high: number): boolean =>
    this.#floor.desk.guards.sleepsThrough(slot, low, high) &&
    this.#kernel.venue?.sleepsThrough(slot, low, high) !== false;

  constructor(parts: {
    readonly kernel: KernelParts;
    readonly cache: MarketCache;
    readonly agents: readonly Agent[];
    readonly floor: Floor;
    readonly watchMoney: (mark: Mark) => void;
  }) {
    this.#kernel = parts.kernel;
    this.#cache = parts.cache;
    this.#agents = parts.agents;
    this.#floor = parts.floor;
    this.#watchMoney = parts.watchMoney;
  }

  /** A price on the way that somebody waits for makes no mark, so that no agent's levels bend another's money. */
  onQuote(slot: number, price: number, isMark: boolean): void {
    const { clock, venue } = this.#kernel;
    const { now } = clock;
    const { guards } = this.#floor.desk;
    if (isMark) this.#cache.quote(slot, price, now);
    venue?.onQuote(slot, price);
    const marked = isMark && this.#mark(slot, price, now);
    this.#floor.desk.onPrice(slot, price);
    if (isMark) guards.onQuote(slot, price);
    if (marked) this.#watchMoney(AT_QUOTE);
  }

  /** Every position takes the price of the minute that closed. */
  markAll(): void {
    const { now } = this.#kernel.clock;
    for (const { book } of this.#agents) {
      if (!book.isFlat) book.markAll(this.#priceOf, now, this.#onMark);
    }
  }

  /**
   * Plays the quotes up to an instant where they can do nothing but mark: nothing planned is due, no guard, order or limit of money
   * acts on a price that the candles reach. The same marks as one by one, without asking everybody each time. False where somebody may act.
   */
  playCalm(until: EpochMs): boolean {
    const { path, queue, risk, clock } = this.#kernel;
    if (path === undefined || queue.nextTs <= until) return false;
    if (
      risk.watchesMarks ||
      this.#floor.desk.guards.watchMarks ||
      this.#floor.desk.awaitsPrices ||
      this.#agents.some(follows)
    )
      return false;
    let ts = path.nextTs(clock.now);
    if (ts > until) return true;
    if (!path.isCalm(this.#concernsNobody)) return false;
    while (ts <= until) {
      const { slot, price } = path.next();
      this.#cache.quote(slot, price, ts);
      this.#mark(slot, price, ts as EpochMs);
      ts = path.nextTs(ts);
    }
    return true;
  }

  #mark(slot: number, price: number, ts: EpochMs): boolean {
    let marked = false;
    for (const { book } of this.#agents) if (book.mark(slot, price, ts, this.#onMark)) marked = true;
    return marked;
  }
}

function follows({ followed }: Agent): boolean {
  return followed.size > 0;
}
