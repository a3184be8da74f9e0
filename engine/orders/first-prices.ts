import type { DeskParts } from './desk-parts.ts';
import type { Leg } from './structure.ts';

/** Legs on their way out whose contract has no price of today yet: yesterday's mark prices no order. */
export class FirstPrices {
  readonly #parts: DeskParts;
  readonly #legs = new Map<Leg, { isTold: boolean }>();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Whether a leg waits whose contract is in today's data. */
  get areAwaited(): boolean {
    for (const { slot } of this.#legs.keys()) if (slot >= 0) return true;
    return false;
  }

  has(leg: Leg): boolean {
    return this.#legs.has(leg);
  }

  waitFor(leg: Leg): void {
    if (!this.#legs.has(leg)) this.#legs.set(leg, { isTold: false });
  }

  /** Says, once a day, that a leg cannot leave for want of a price. */
  tell(leg: Leg): void {
    this.waitFor(leg);
    const wait = this.#legs.get(leg);
    if (wait === undefined || wait.isTold) return;
    wait.isTold = true;
    const { tag, structure, contract, slot } = leg;
    const what = `ALARM: ${tag} of structure ${structure.id}`;
    // A contract that today's data do not hold takes no order either; its leg leaves at the open of a day that has it.
    const text =
      slot < 0
        ? `${what} cannot leave today: ${contract} is not in the day's data`
        : `${what} has no price today, its exit waits for the first`;
    this.#parts.record({ kind: 'note', agent: structure.agent, text });
  }

  /** Legs that have waited for the price of a slot, and do so no longer. */
  take(slot: number): readonly Leg[] {
    if (this.#legs.size === 0) return NONE;
    const legs = [...this.#legs.keys()].filter((leg) => leg.slot === slot);
    for (const leg of legs) this.#legs.delete(leg);
    return legs.filter(({ done, openLots }) => !done && openLots > 0);
  }

  clear(): void {
    this.#legs.clear();
  }
}

const NONE: readonly Leg[] = [];
