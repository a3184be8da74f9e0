import { exchangeOf } from '../model/instrument.ts';
import type { AgentId } from '../model/order.ts';
import { epochMs } from '../model/time.ts';
import { opposite, paise, TICK, tickNearest } from '../model/units.ts';
import type { OrderChange } from '../ports.ts';
import { coveredLots } from './cover.ts';
import type { DeskParts } from './desk-parts.ts';
import type { StopTerms } from './execution-policy.ts';
import { disasterTrigger, stopLimit } from './execution-policy.ts';
import type { Guard } from './guards.ts';
import type { LegOrders } from './leg-orders.ts';
import type { OrderStore, TrackedOrder } from './order-store.ts';
import { isWorking } from './order-store.ts';
import type { Leg } from './structure.ts';
import type { Exit, StructureGuards } from './structure-guards.ts';

/** The stop that should rest for a leg. One that a guard holds goes where the guard goes; the others stay where they were put. */
interface StopWanted {
  readonly terms: StopTerms;
  readonly isHeld: boolean;
  readonly reason: string;
}

/** What protection shares with the rest of the desk. */
interface ProtectionOf {
  readonly store: OrderStore;
  readonly orders: LegOrders;
  readonly guards: StructureGuards;
  readonly exit: Exit;
}

/**
 * Keeps one stop at the venue for what a leg holds: the one of the guard that the venue holds, else the wide one of a short leg.
 *
 * An order that was moved as often as it may be is taken back and, once the venue has confirmed that, placed anew. Two stops for the same
 * lots could both fill in a jump and turn the leg over, so they never stand side by side; from the cancel to the new order's acceptance
 * the engine acts on the guard itself, as it does whenever the venue holds less than the guard asks for.
 */
export class Protection {
  readonly #parts: DeskParts;
  readonly #store: OrderStore;
  readonly #orders: LegOrders;
  readonly #guards: StructureGuards;
  readonly #exit: Exit;
  /** Legs of an agent, one after the other, that left because no stop could be placed. */
  readonly #unprotected = new Map<AgentId, number>();
  /** Agents that were halted for it today. */
  readonly #halted = new Set<AgentId>();

  constructor(parts: DeskParts, { store, orders, guards, exit }: ProtectionOf) {
    this.#parts = parts;
    this.#store = store;
    this.#orders = orders;
    this.#guards = guards;
    this.#exit = exit;
  }

  /** Puts, grows or moves what rests for a leg, as far as that may be done now. */
  protect(leg: Leg): void {
    if (leg.exiting !== undefined || leg.done || leg.openLots === 0 || leg.slot < 0) return;
    const wanted = this.#wantedFor(leg);
    if (wanted === undefined) return;
    const missing = this.#adjust(leg, wanted);
    if (missing === 0) return;
    const { terms, reason } = wanted;
    this.#orders.sendExits(leg, { count: missing, terms, purpose: 'protection', reason });
  }

  /** Whether orders that rest there act at a guard's level, or before it, for all that its leg holds. */
  holds({ leg, level, fires }: Guard): boolean {
    if (leg === undefined) return false;
    const trigger = tickNearest(level);
    let count = 0;
    for (const id of leg.exits) {
      const tracked = this.#store.get(id);
      if (!isWorking(tracked) || tracked.pending === 'cancel' || tracked.terms.kind !== 'STOP_LIMIT') continue;
      const isEarly = fires === 'above' ? tracked.terms.trigger <= trigger : tracked.terms.trigger >= trigger;
      if (isEarly) count += tracked.lots - tracked.lotsFilled;
    }
    return count >= leg.openLots;
  }

  mayMove({ stopMovedAt }: Leg): boolean {
    return stopMovedAt === undefined || this.#parts.now() - stopMovedAt >= this.#parts.settings.trailEveryMs;
  }

  /** The guard that a stop rested for when the venue triggered it; undefined where it was the wide one. */
  guardOf({ leg, terms }: TrackedOrder): Guard | undefined {
    const guard = this.#guards.heldByVenue(leg);
    if (guard === undefined || terms.kind !== 'STOP_LIMIT') return guard;
    return terms.trigger === leg.restingTrigger && terms.trigger !== triggerOf(guard) ? undefined : guard;
  }

  accepted({ leg }: TrackedOrder): void {
    leg.stopRefusals = 0;
    this.#unprotected.delete(leg.structure.agent);
  }

  /** The venue refused a stop: it is tried again, a few times, and then the leg must not stay. */
  refused(leg: Leg): void {
    const { settings } = this.#parts;
    if (this.#parts.marketIsOpen()) leg.stopRefusals += 1;
    if (leg.stopRefusals < settings.protectAttemptsMax) return this.protectLater(leg);
    const { agent, id } = leg.structure;
    const count = (this.#unprotected.get(agent) ?? 0) + 1;
    this.#unprotected.set(agent, count);
    const text = `ALARM: no stop could be placed for ${leg.tag} of structure ${id} in ${leg.stopRefusals} attempts, so it leaves`;
    this.#parts.record({ kind: 'note', agent, text });
    this.#exit(this.#takesAll(leg) ? leg.structure.legs : [leg], 'RISK');
    if (count < settings.unprotectedLegsMax || this.#halted.has(agent)) return;
    this.#halted.add(agent);
    this.#parts.halt(agent, { limit: count, reason: `${count} legs in a row had to leave without a stop` });
  }

  /** Whether a leg must not leave alone: a hedge while what it hedges is held or may still fill, or what its guard closes as a whole. */
  #takesAll(leg: Leg): boolean {
    const isHedge = leg.side === 'BUY' && leg.structure.legs.some(({ side, done }) => side === 'SELL' && !done);
    return isHedge || this.#guards.heldByVenue(leg)?.spec.closes === 'structure';
  }

  /** Asks again once a pause is over. */
  protectLater(leg: Leg): void {
    const due = this.#orders.pauseEnds(this.#parts.settings.protectEveryMs);
    if (due !== undefined) this.#parts.later(due, { kind: 'protect', leg });
  }

  /** The halts of the day before have lapsed, and with them what led to them. */
  openDay(): void {
    this.#unprotected.clear();
    this.#halted.clear();
  }

  reset(): void {
    this.openDay();
  }

  #wantedFor(leg: Leg): StopWanted | undefined {
    const { settings } = this.#parts;
    const side = opposite(leg.side);
    const exchange = exchangeOf(leg.instrument.underlying);
    const guard = this.#guards.heldByVenue(leg);
    if (guard !== undefined) {
      const terms = stopLimit({ side, trigger: triggerOf(guard), exchange, room: guard.spec.room }, settings);
      return { terms, isHeld: true, reason: guard.reason };
    }
    if (!settings.disasterStop.on || leg.side !== 'SELL') return undefined;
    if (leg.restingTrigger === undefined || !leg.isGrown)
      leg.restingTrigger = disasterTrigger(leg, this.#guards.stopPctOf(leg), settings);
    const terms = stopLimit({ side, trigger: leg.restingTrigger, exchange }, settings);
    return { terms, isHeld: false, reason: 'resting stop' };
  }

  /** Changes the stops that rest already; gives the lots that still have none. */
  #adjust(leg: Leg, wanted: StopWanted): number {
    const moving = this.#movingFor(leg, wanted);
    // One at a time, so that the other lots of the leg keep their stops meanwhile.
    const worn = moving.find((tracked) => this.#isWorn(tracked));
    if (worn !== undefined && !this.#isReplacing(leg)) this.#orders.cancel([worn.order.id]);
    let missing = Math.max(0, leg.openLots - coveredLots(leg, this.#store));
    const changes: OrderChange[] = [];
    for (const id of leg.exits) {
      const tracked = this.#store.get(id);
      if (!isChangeable(tracked)) continue;
      const moves = moving.includes(tracked) && !this.#isWorn(tracked);
      const more = Math.min(missing, wanted.isHeld || leg.isGrown ? this.#roomOf(tracked) : 0);
      if (!moves && more === 0) continue;
      missing -= more;
      const terms = moves ? wanted.terms : tracked.terms;
      changes.push(this.#orders.changeStop(tracked, { terms, count: tracked.lots + more, reason: wanted.reason }));
    }
    this.#orders.sendStopChanges(changes);
    return missing;
  }

  /** Stops that rest elsewhere than their guard asks for and may be moved now; what may not is looked at again later. */
  #movingFor(leg: Leg, wanted: StopWanted): readonly TrackedOrder[] {
    if (!wanted.isHeld) return [];
    const off = leg.exits.map((id) => this.#store.get(id)).filter((tracked) => this.#isOff(tracked, wanted));
    if (off.length === 0) return off;
    if (this.mayMove(leg)) {
      leg.stopMovedAt = this.#parts.now();
      return off;
    }
    this.#lookAgain(leg);
    return [];
  }

  /** Lots that one resting order may still be given. */
  #roomOf({ leg, lots, modifications }: TrackedOrder): number {
    if (modifications >= this.#parts.settings.modificationsMax) return 0;
    return Math.max(0, this.#parts.lotsPerOrderMax(leg) - lots);
  }

  /** Rests elsewhere than its guard asks for, by as much as is worth a move; the wide stop never leaves for a place further away. */
  #isOff(tracked: TrackedOrder, { terms, isHeld }: StopWanted): boolean {
    if (!(isHeld && isChangeable(tracked)) || tracked.terms.kind !== 'STOP_LIMIT') return false;
    const { trigger } = tracked.terms;
    if (trigger === tracked.leg.restingTrigger && trigger < terms.trigger) return false;
    return Math.abs(trigger - terms.trigger) >= this.#parts.settings.trailStep;
  }

  /** Whether a stop is on its way out, or its successor on its way in. */
  #isReplacing(leg: Leg): boolean {
    return leg.exits.some((id) => {
      const { state, pending } = this.#store.get(id);
      return state === 'placed' || (pending === 'cancel' && (state === 'working' || state === 'triggered'));
    });
  }

  /** Was moved as often as it may be; the modifications left are for the exit. */
  #isWorn({ modifications }: TrackedOrder): boolean {
    const { trailModificationsMax, modificationsMax } = this.#parts.settings;
    return modifications >= Math.min(trailModificationsMax, modificationsMax);
  }

  #lookAgain(leg: Leg): void {
    const due = epochMs((leg.stopMovedAt ?? this.#parts.now()) + this.#parts.settings.trailEveryMs);
    if (leg.stopDueAt === due) return;
    leg.stopDueAt = due;
    this.#parts.later(due, { kind: 'protect', leg });
  }
}

/** A resting stop that the venue holds and that nothing is asked of. */
function isChangeable(tracked: TrackedOrder): boolean {
  return tracked.state === 'working' && tracked.terms.kind === 'STOP_LIMIT' && tracked.pending === undefined;
}

function triggerOf({ level }: Guard): StopTerms['trigger'] {
  return paise(Math.max(TICK, tickNearest(level)));
}
