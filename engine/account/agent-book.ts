import { broken } from '../assert.ts';
import type { Levies } from '../model/levies.ts';
import { FINE_PER_PAISA, leviesBetween, NO_LEVIES, plusLevies } from '../model/levies.ts';
import type { AgentId } from '../model/order.ts';
import type { EpochMs } from '../model/time.ts';
import { takeOut } from '../numbered.ts';
import type { Leg, Structure } from '../orders/structure.ts';

/** Money of one agent: what its legs brought so far and what they stand at, kept by differences and recounted each minute. */
export class AgentBook {
  readonly agent: AgentId;
  /** Legs by today's slot; a list stays when it becomes empty, since the same contracts come again. */
  readonly #bySlot = new Map<number, Leg[]>();
  /** Legs whose value is not final. */
  readonly #legs: Leg[] = [];
  #finished = 0;
  #gross = 0;
  #charges: Levies = NO_LEVIES;
  #grossAtOpen = 0;
  #chargesAtOpen: Levies = NO_LEVIES;
  /** Charges of the day in whole paise, rounded up against us. */
  #chargesTodayUp = 0;
  #high = 0;
  #low = 0;
  #highAt: EpochMs | undefined;
  #lowAt: EpochMs | undefined;
  legsToday = 0;
  structuresToday = 0;
  ordersToday = 0;
  fillsToday = 0;

  constructor(agent: AgentId) {
    this.agent = agent;
  }

  /** Gross profit since the run began, booked plus open, whole paise. */
  get gross(): number {
    return this.#gross;
  }

  /** Charges since the run began. */
  get charges(): Levies {
    return this.#charges;
  }

  get grossToday(): number {
    return this.#gross - this.#grossAtOpen;
  }

  get chargesToday(): Levies {
    return leviesBetween(this.#chargesAtOpen, this.#charges);
  }

  /** Net of the day in whole paise, rounded down against us. */
  get netToday(): number {
    return this.#gross - this.#grossAtOpen - this.#chargesTodayUp;
  }

  /** Highest and lowest net of the day, with the instants. */
  get extremes(): {
    readonly high: number;
    readonly low: number;
    readonly highAt: EpochMs | undefined;
    readonly lowAt: EpochMs | undefined;
  } {
    return { high: this.#high, low: this.#low, highAt: this.#highAt, lowAt: this.#lowAt };
  }

  get openLots(): number {
    let sum = 0;
    for (const leg of this.#legs) sum += leg.openLots;
    return sum;
  }

  get isFlat(): boolean {
    return this.#legs.length === 0;
  }

  openDay(): void {
    this.#grossAtOpen = this.#gross;
    this.#chargesAtOpen = this.#charges;
    this.#chargesTodayUp = 0;
    this.#high = 0;
    this.#low = 0;
    this.#highAt = undefined;
    this.#lowAt = undefined;
    this.legsToday = 0;
    this.structuresToday = 0;
    this.ordersToday = 0;
    this.fillsToday = 0;
    this.#bySlot.clear();
    for (const leg of this.#legs) this.#index(leg);
  }

  /** Books a fill on its leg; the leg is marked at the fill's price until the market says otherwise. */
  book(
    leg: Leg,
    fill: { readonly opens: boolean; readonly lots: number; readonly price: number; readonly charges: Levies },
    ts: EpochMs,
  ): void {
    if (!this.#legs.includes(leg)) {
      this.#legs.push(leg);
      this.#index(leg);
    }
    const before = leg.value;
    leg.takeFill(fill);
    if (leg.mark === 0) leg.mark = fill.price;
    leg.markAt(leg.mark, ts);
    leg.structure.markNow();
    this.#gross += leg.value - before;
    this.#charges = plusLevies(this.#charges, fill.charges);
    this.#chargesTodayUp = Math.ceil((this.#charges.total - this.#chargesAtOpen.total) / FINE_PER_PAISA);
    this.fillsToday += 1;
    this.#noteExtremes(ts);
  }

  /** A price moved; true when a leg of this agent was marked by it. */
  mark(slot: number, price: number, ts: EpochMs, touched: (structure: Structure) => void): boolean {
    if (this.#legs.length === 0) return false;
    const legs = this.#bySlot.get(slot);
    if (legs === undefined || legs.length === 0) return false;
    for (const leg of legs) {
      // A mark at the same price moves no money, and is a mark all the same: it proves the one before.
      if (leg.mark !== price) this.#markLeg(leg, price, ts);
      touched(leg.structure);
    }
    this.#noteExtremes(ts);
    return true;
  }

  #markLeg(leg: Leg, price: number, ts: EpochMs): void {
    const before = leg.value;
    leg.markAt(price, ts);
    leg.structure.markNow();
    this.#gross += leg.value - before;
  }

  /** Marks everything at stake at what its slot costs now; a slot without a price keeps its mark. */
  markAll(priceOf: (slot: number) => number | undefined, ts: EpochMs, touched: (structure: Structure) => void): void {
    for (const slot of this.#bySlot.keys()) {
      const price = priceOf(slot);
      if (price !== undefined) this.mark(slot, price, ts, touched);
    }
  }

  /** A leg is flat for good: its value no longer moves. */
  finish(leg: Leg): void {
    if (!takeOut(this.#legs, leg)) return;
    this.#finished += leg.value;
    const list = this.#bySlot.get(leg.slot);
    if (list !== undefined) takeOut(list, leg);
  }

  /** Counts everything anew; the sums kept by differences must agree to the paisa. */
  recount(): void {
    let sum = this.#finished;
    for (const leg of this.#legs) sum += leg.value;
    if (sum !== this.#gross) broken(`${this.agent}: recount gives ${sum} paise, the running sum ${this.#gross}`);
  }

  /** Begins with nothing, after the warm-up. */
  reset(): void {
    this.#legs.length = 0;
    this.#bySlot.clear();
    this.#finished = 0;
    this.#gross = 0;
    this.#charges = NO_LEVIES;
    this.openDay();
  }

  #index(leg: Leg): void {
    if (leg.slot < 0) return;
    const list = this.#bySlot.get(leg.slot);
    if (list === undefined) this.#bySlot.set(leg.slot, [leg]);
    else list.push(leg);
  }

  #noteExtremes(ts: EpochMs): void {
    const net = this.#gross - this.#grossAtOpen - this.#chargesTodayUp;
    if (net > this.#high) {
      this.#high = net;
      this.#highAt = ts;
    }
    if (net < this.#low) {
      this.#low = net;
      this.#lowAt = ts;
    }
  }
}
