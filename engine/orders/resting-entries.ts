import { instrumentKey } from '../model/instrument.ts';
import type { AgentId, ExitReason, Terms } from '../model/order.ts';
import type { EpochMs } from '../model/time.ts';
import type { EntryPlan, RestingView, RestingWish } from '../strategy.ts';
import type { ChurnSettings } from './execution-policy.ts';
import type { Structure } from './structure.ts';

/** What the places of agents need of the house around them. */
export interface RestingParts {
  readonly churn: ChurnSettings;
  readonly now: () => EpochMs;
  /** Sends an entry that is to rest; gives its structure, or the gate that refused it. */
  readonly place: (agent: AgentId, wish: RestingWish) => Structure | string;
  /** Gives a resting structure the planned loss and the risk of a later wish; the reason where the review denies that. */
  readonly renew: (structure: Structure, plan: EntryPlan) => string | undefined;
  /** A resting entry got its first lots: its guards stand from now on. */
  readonly opened: (structure: Structure, plan: EntryPlan) => void;
  readonly desk: () => {
    takeBack(structure: Structure, reason: string): void;
    /** Whether its order is asked back or its leg leaves, whoever asked. */
    isLeaving(structure: Structure): boolean;
  };
  /** Journals a signal as taken, or with its gate. */
  readonly answer: (agent: AgentId, plan: EntryPlan, gate: string | undefined) => void;
}

/** One place of an agent, while something rests in it. */
interface Place {
  readonly structure: Structure;
  /** Contract of its order, as records write it, and the terms that it was placed with. */
  readonly contract: string;
  readonly terms: Terms;
  /** The latest wish that it stands for. */
  wish: RestingWish;
  state: RestingView['state'];
  /** What goes in once the venue has confirmed the cancel. */
  next: RestingWish | undefined;
  /** Whether lots of it have filled. */
  isOpened: boolean;
  /** Whether the house wants it back: a cancel that the venue refuses is asked for again, whatever its agent wants. */
  isRefused: boolean;
}

/** How often a contract was taken back and placed again. */
interface Churn {
  goneAt: number | undefined;
  placedAgainAt: number[];
  isBlocked: boolean;
}

/**
 * The entries that rest at the venue, one order a place of an agent. A new wish goes in only after the venue has confirmed the end of the
 * old order; a fill on the way stands, and what was to follow it is dropped.
 */
export class RestingEntries {
  readonly #parts: RestingParts;
  readonly #places = new Map<string, Place>();
  readonly #churn = new Map<string, Churn>();
  /** Cancel-and-place cycles of an agent today. */
  readonly #cycles = new Map<AgentId, number>();

  constructor(parts: RestingParts) {
    this.#parts = parts;
  }

  view(agent: AgentId, place: string): RestingView | undefined {
    const held = this.#places.get(keyOf(agent, place));
    const contract = held?.wish.plan.legs[0]?.contract;
    if (held === undefined || contract === undefined) return undefined;
    const state = this.#isLeaving(held) ? 'leaving' : 'resting';
    return { place, contract, terms: held.terms, state, structure: held.structure };
  }

  /** Why an agent may enter nothing any more today; undefined where it may. */
  pauseOf(agent: AgentId): string | undefined {
    if (this.#cycles.size === 0) return undefined;
    const cycles = this.#cycles.get(agent) ?? 0;
    if (cycles < this.#parts.churn.pauseAfter) return undefined;
    return `entries pause for the day: ${cycles} orders were taken back and placed again`;
  }

  /** Keeps, re-prices, switches or places the entry of a place. */
  ask(agent: AgentId, wish: RestingWish): void {
    const held = this.#places.get(keyOf(agent, wish.place));
    if (held === undefined) return this.#place(agent, wish);
    if (this.#isLeaving(held)) return this.#follow(held, wish);
    const contract = contractOf(wish);
    const isSame = contract === held.contract && wish.plan.legs[0]?.side === held.structure.legs[0]?.side;
    if (isSame && isNear(held.terms, termsOf(wish), wish.repriceBeyond)) return this.#keep(held, wish);
    // What follows is known before the old order is asked back: one that only waits to be sent again ends at once.
    this.#follow(held, wish);
    this.#leave(held, contract === held.contract ? 're-priced' : `switched to ${contract}`);
  }

  /** Takes back what rests in a place; what was to follow it does not. */
  withdraw(agent: AgentId, place: string, reason: string): void {
    const held = this.#places.get(keyOf(agent, place));
    if (held === undefined) return;
    held.next = undefined;
    if (held.state === 'resting') this.#leave(held, reason);
  }

  /** Takes back what rests because the house wants no entry of it any more; nothing follows it but what is wished for afterwards. */
  refuse(structure: Structure, reason: string): void {
    const held = this.#heldBy(structure);
    if (held === undefined) return this.#parts.desk().takeBack(structure, reason);
    held.isRefused = true;
    this.#drop(held, `the order before it is taken back: ${reason}`);
    this.#leave(held, reason);
  }

  /** Lots of a resting entry filled and are booked on its leg. */
  onFilled(structure: Structure): void {
    const held = this.#heldBy(structure);
    if (held === undefined) return;
    if (!held.isOpened) {
      held.isOpened = true;
      this.#parts.opened(structure, held.wish.plan);
    }
    this.#drop(held, FILLED);
    if (structure.legs.every(({ isWhole }) => isWhole)) this.#places.delete(keyOfStructure(structure));
  }

  /**
   * The venue keeps an order that its agent wanted back: it may be filling, so it stands and nothing follows it. False where somebody else
   * wants it back, who asks again.
   */
  onCancelRefused(structure: Structure): boolean {
    const held = this.#heldBy(structure);
    if (held?.state !== 'leaving' || held.isRefused) return false;
    if (structure.legs.some(({ exiting }) => exiting !== undefined)) return false;
    held.state = 'resting';
    this.#drop(held, 'the cancel of the order before it was refused');
    return true;
  }

  /** All orders of a resting entry have ended; `leaving` says why its lots or itself were closed meanwhile. */
  onEnded(
    structure: Structure,
    {
      kind,
      reason,
      leaving,
    }: { readonly kind: string; readonly reason: string | undefined; readonly leaving: ExitReason | undefined },
  ): void {
    const held = this.#heldBy(structure);
    if (held === undefined) return;
    this.#places.delete(keyOfStructure(structure));
    const { agent } = structure;
    if (kind === 'order-rejected')
      this.#parts.answer(agent, held.wish.plan, `rejected by the venue: ${reason ?? 'without a reason'}`);
    if (kind === 'order-canceled') this.#churnOf(agent, held.contract).goneAt = this.#parts.now();
    const { next } = held;
    if (next === undefined) return;
    if (kind === 'order-canceled' && leaving === undefined) return this.#place(agent, next);
    const why =
      kind === 'order-expired' ? 'the session is over' : `the order before it ended: ${leaving ?? reason ?? kind}`;
    this.#drop(held, why);
  }

  openDay(): void {
    this.#churn.clear();
    this.#cycles.clear();
  }

  reset(): void {
    this.#places.clear();
    this.openDay();
  }

  #place(agent: AgentId, wish: RestingWish): void {
    const contract = contractOf(wish);
    const gate = this.pauseOf(agent) ?? this.#blockOf(agent, contract);
    const structure = gate ?? this.#parts.place(agent, wish);
    if (typeof structure === 'string') return this.#parts.answer(agent, wish.plan, structure);
    const terms = termsOf(wish);
    this.#places.set(keyOf(agent, wish.place), {
      structure,
      contract,
      terms,
      wish,
      state: 'resting',
      next: undefined,
      isOpened: false,
      isRefused: false,
    });
    this.#parts.answer(agent, wish.plan, undefined);
    this.#countCycle(agent, contract);
  }

  /** The order stays; what it stands for is the latest wish, as long as nothing of it has filled. */
  #keep(held: Place, wish: RestingWish): void {
    if (held.isOpened) return;
    const denied = this.#parts.renew(held.structure, wish.plan);
    if (denied === undefined) {
      held.wish = wish;
      return;
    }
    this.#parts.answer(held.structure.agent, wish.plan, denied);
    this.#leave(held, denied);
  }

  #isLeaving({ state, structure }: Place): boolean {
    return state === 'leaving' || this.#parts.desk().isLeaving(structure);
  }

  #leave(held: Place, reason: string): void {
    held.state = 'leaving';
    this.#parts.desk().takeBack(held.structure, reason);
  }

  /** Of an entry that has filled in part only the rest leaves: the strategy decides anew with what it holds then. */
  #follow(held: Place, wish: RestingWish): void {
    held.next = wish;
    if (held.isOpened) this.#drop(held, FILLED);
  }

  #drop(held: Place, gate: string): void {
    const { next } = held;
    held.next = undefined;
    if (next !== undefined) this.#parts.answer(held.structure.agent, next.plan, gate);
  }

  #heldBy(structure: Structure): Place | undefined {
    const held = this.#places.get(keyOfStructure(structure));
    return held?.structure === structure ? held : undefined;
  }

  #blockOf(agent: AgentId, contract: string): string | undefined {
    const churn = this.#churn.get(`${agent} ${contract}`);
    if (churn?.isBlocked !== true) return undefined;
    const { blockAfter, blockWithinMs } = this.#parts.churn;
    return `${contract} is blocked for the day: taken back and placed again ${blockAfter} times within ${blockWithinMs / 1_000} s`;
  }

  #churnOf(agent: AgentId, contract: string): Churn {
    const key = `${agent} ${contract}`;
    const known = this.#churn.get(key);
    if (known !== undefined) return known;
    const churn = { goneAt: undefined, placedAgainAt: [], isBlocked: false };
    this.#churn.set(key, churn);
    return churn;
  }

  /** A contract that is placed again soon after its order was taken back has gone round once. */
  #countCycle(agent: AgentId, contract: string): void {
    const churn = this.#churn.get(`${agent} ${contract}`);
    const now = this.#parts.now();
    const { cycleMs, blockAfter, blockWithinMs } = this.#parts.churn;
    if (churn?.goneAt === undefined || now - churn.goneAt > cycleMs) return;
    churn.goneAt = undefined;
    churn.placedAgainAt.push(now);
    const first = churn.placedAgainAt.at(-blockAfter);
    if (first !== undefined && now - first <= blockWithinMs) churn.isBlocked = true;
    this.#cycles.set(agent, (this.#cycles.get(agent) ?? 0) + 1);
  }
}

const FILLED = 'the order before it filled meanwhile';

function keyOf(agent: AgentId, place: string): string {
  return `${agent} ${place}`;
}

function keyOfStructure({ agent, place }: Structure): string {
  return keyOf(agent, place ?? '');
}

function contractOf({ plan }: RestingWish): string {
  const contract = plan.legs[0]?.contract;
  return contract === undefined ? '' : instrumentKey(contract);
}

function termsOf({ plan }: RestingWish): Terms {
  return plan.legs[0]?.terms ?? { kind: 'MARKET' };
}

/** Whether no price of an order's terms moved by more than so many paise. */
function isNear(held: Terms, wanted: Terms, beyond: number): boolean {
  if (held.kind === 'MARKET' || wanted.kind === 'MARKET') return held.kind === wanted.kind;
  if (Math.abs(held.price - wanted.price) > beyond) return false;
  if (held.kind === 'LIMIT' || wanted.kind === 'LIMIT') return held.kind === wanted.kind;
  return Math.abs(held.trigger - wanted.trigger) <= beyond;
}
