import type { DeskParts } from './desk-parts.ts';
import type { Entries } from './entries.ts';
import type { LegOrders } from './leg-orders.ts';
import type { OrderStore } from './order-store.ts';
import type { RestingEntries } from './resting-entries.ts';
import type { Leg, Structure } from './structure.ts';

/** What withdrawals share with the rest of the desk. */
interface WithdrawalsOf {
  readonly store: OrderStore;
  readonly orders: LegOrders;
  readonly entries: Entries;
  readonly resting: RestingEntries;
  /** Structures that are not closed, oldest first. */
  readonly open: readonly Structure[];
  /** Sends no refused entry of a leg again. */
  readonly giveUp: (leg: Leg) => void;
}

/** Takes back entries that have not filled, at the word of an agent, of a halt, or of the clock. */
export class Withdrawals {
  readonly #parts: Pick<DeskParts, 'record'>;
  readonly #store: OrderStore;
  readonly #orders: LegOrders;
  readonly #entries: Entries;
  readonly #resting: RestingEntries;
  readonly #open: readonly Structure[];
  readonly #giveUp: (leg: Leg) => void;

  constructor(parts: Pick<DeskParts, 'record'>, { store, orders, entries, resting, open, giveUp }: WithdrawalsOf) {
    this.#parts = parts;
    this.#store = store;
    this.#orders = orders;
    this.#entries = entries;
    this.#resting = resting;
    this.#open = open;
    this.#giveUp = giveUp;
  }

  /** Takes back entries that have not filled: a halt means no new position, also not from an order that rests. */
  cancelEntries(includes: (structure: Structure) => boolean, reason = 'no longer wanted'): void {
    for (const structure of [...this.#open]) {
      if (!includes(structure)) continue;
      structure.keepsPart = structure.legs.length === 1;
      if (structure.place === undefined) this.takeBack(structure, reason);
      else this.#resting.refuse(structure, reason);
    }
  }

  /** Nothing more may be entered today: what rests is taken back, what was to fill at once and is on its way goes on. */
  endEntries(reason: string): void {
    const resting = this.#open.filter((structure) => this.#entries.isResting(structure));
    for (const { id, agent } of resting)
      this.#parts.record({ kind: 'note', agent, text: `structure ${id}: its entry rests no longer: ${reason}` });
    this.cancelEntries((structure) => resting.includes(structure), reason);
  }

  /** Whether the entry of a structure is on its way out: asked back, or its leg leaves. */
  isLeaving({ legs }: Structure): boolean {
    for (const { exiting, entries } of legs) {
      if (exiting !== undefined) return true;
      if (this.#store.mayFill(entries) && !entries.some((id) => this.#store.isWanted(id))) return true;
    }
    return false;
  }

  /** Takes back what of a structure's entry has not filled. */
  takeBack(structure: Structure, reason: string): void {
    const ids = structure.legs.flatMap(({ entries }) => entries).filter((id) => this.#store.isWanted(id));
    if (ids.length > 0) this.#orders.cancel(ids, reason);
    for (const leg of structure.legs) this.#giveUp(leg);
  }
}
