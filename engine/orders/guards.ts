import { broken, invariant, unreachable } from '../assert.ts';
import type { LevelBook } from '../market/level-book.ts';
import type { ExitReason } from '../model/order.ts';
import { TICK, tickNearest } from '../model/units.ts';
import { takeOut } from '../numbered.ts';
import type { Leg, Structure } from './structure.ts';

/** What a guard's level is a level of. A time exit is the structure's square-off and needs no price. */
export type GuardBasis = 'leg' | 'combined' | 'underlying' | 'money';

/** A gain or a loss measured from the entry. */
export type GuardMove = { readonly pct: number } | { readonly paise: number };

/**
 * Where a guard stands: at a distance from the entry (paise of premium or of the underlying, paise of money, or per cent of premium), at a
 * level of what it watches (paise), or, on money, so many R away.
 */
export type GuardDistance = GuardMove | { readonly level: number } | { readonly r: number };

/** What a strategy asks for: one rule that closes a leg or a whole structure. */
export interface GuardSpec {
  readonly name: string;
  readonly act: 'stop' | 'target' | 'trail';
  readonly basis: GuardBasis;
  /** Leg that a leg guard watches; a leg guard without one is laid on every leg. */
  readonly leg?: string;
  readonly distance: GuardDistance;
  /** The underlying may run against a structure both ways. */
  readonly direction?: 'up' | 'down' | 'both';
  readonly closes: 'leg' | 'structure';
  /** Default: touch for leg and underlying, close for combined premium, quote marks for money. */
  readonly evaluate?: 'touch' | 'close';
  readonly reason?: ExitReason;
  /** A trail moves only by whole steps of this many paise. */
  readonly step?: number;
  /** A trail sleeps until what it watches has gained so much since the entry. */
  readonly armsAfter?: GuardMove;
  /** A stop goes to the entry's own value once so much was gained. */
  readonly toCostAfter?: GuardMove;
  /** Who holds it: the engine, or for a stop or trail on a leg an order that rests at the venue. Default: the engine. */
  readonly heldBy?: 'engine' | 'venue';
  /** Room of that order past its trigger, paise; default: the desk's. */
  readonly room?: number;
}

/** A guard in force. It fires when the watched value is at or beyond its level. */
export interface Guard {
  readonly id: number;
  readonly spec: GuardSpec;
  readonly structure: Structure;
  readonly leg: Leg | undefined;
  readonly slot: number | undefined;
  readonly fires: 'above' | 'below';
  readonly evaluate: 'touch' | 'close';
  readonly reason: ExitReason;
  /** Value of the entry that distances and gains count from. */
  from: number;
  /** Beyond every price while it sleeps. */
  level: number;
  /** Best value that a trail has seen. */
  best: number;
  /** A trail that has not gained yet what it waits for. */
  asleep: boolean;
  /** Its gain for the move to cost was reached. */
  atCost: boolean;
  /** Counted among those that must see each mark. */
  follows: boolean;
  ambiguous: boolean;
  /** Its strategy or its trail put it elsewhere than where it was laid. */
  moved: boolean;
  /** First mark of money beyond the level, while every later one was too. */
  breachedAt: number | undefined;
  registered: number | undefined;
}

/** Where a guard is laid: what it belongs to, which instrument it reads, on which side it fires, and the value it counts from. */
export interface GuardPlace {
  readonly spec: GuardSpec;
  readonly structure: Structure;
  readonly leg: Leg | undefined;
  readonly slot: number | undefined;
  readonly fires: 'above' | 'below';
  readonly from: number;
}

export interface FiredGuard {
  readonly guard: Guard;
  readonly seen: number;
}

/** Reads the present price of a slot, possibly between paise; undefined where there is none. */
export type PriceReader = (slot: number) => number | undefined;

const NO_GUARDS: readonly Guard[] = [];
const NONE_FIRED: readonly FiredGuard[] = [];

/** The guards in force, looked up by the instrument they watch. */
export class Guards {
  readonly #levels: LevelBook;
  readonly #spansBoth: (slot: number, a: number, b: number) => boolean;
  readonly #bySlot = new Map<number, Guard[]>();
  readonly #byStructure = new Map<Structure, Guard[]>();
  #count = 0;
  #followers = 0;

  constructor(parts: {
    readonly levels: LevelBook;
    readonly spansBoth: (slot: number, a: number, b: number) => boolean;
  }) {
    this.#levels = parts.levels;
    this.#spansBoth = parts.spansBoth;
  }

  /** Lays one guard; levels come from the entry of the leg or structure as it stands. */
  lay(parts: GuardPlace): Guard {
    const { spec, structure, leg, slot, fires, from } = parts;
    this.#count += 1;
    const evaluate = spec.evaluate ?? (spec.basis === 'combined' ? 'close' : 'touch');
    const asleep = spec.armsAfter !== undefined;
    const guard: Guard = {
      id: this.#count,
      spec,
      structure,
      leg,
      slot,
      fires,
      evaluate,
      reason: spec.reason ?? REASON_OF_ACT[spec.act],
      from,
      level: asleep ? beyond(fires) : levelFrom(spec, fires, from, isPremium(spec)),
      best: from,
      asleep,
      atCost: false,
      follows: false,
      ambiguous: false,
      moved: false,
      breachedAt: undefined,
      registered: undefined,
    };
    push(this.#byStructure, structure, guard);
    this.#follow(guard, mustFollow(guard));
    if (slot !== undefined) push(this.#bySlot, slot, guard);
    this.#register(guard);
    return guard;
  }

  /** Whether any guard is in force. */
  get any(): boolean {
    return this.#byStructure.size > 0;
  }

  /** Whether any guard follows each mark: one on touch that trails, goes to cost, or watches money or combined premium. */
  get watchMarks(): boolean {
    return this.#followers > 0;
  }

  /** Whether no touch guard of an instrument fires at any price of a range. */
  sleepsThrough(slot: number, low: number, high: number): boolean {
    for (const { evaluate, fires, level } of this.onSlot(slot))
      if (evaluate === 'touch' && (fires === 'above' ? high >= level : low <= level)) return false;
    return true;
  }

  of(structure: Structure): readonly Guard[] {
    return this.#byStructure.get(structure) ?? NO_GUARDS;
  }

  onSlot(slot: number): readonly Guard[] {
    return this.#bySlot.get(slot) ?? NO_GUARDS;
  }

  /** Puts a guard's level elsewhere; a trail only ever tightens. True when it moved. */
  move(guard: Guard, level: number): boolean {
    if (level === guard.level || guard.asleep) return false;
    if (guard.spec.act === 'trail') {
      invariant(
        guard.fires === 'above' ? level < guard.level : level > guard.level,
        `a trail never loosens: ${guard.level} to ${level} in ${guard.spec.name}`,
      );
    }
    guard.level = level;
    guard.moved = true;
    this.#register(guard);
    return true;
  }

  /** Touch guards of one instrument that a price has reached, in the order they were laid. */
  touched(slot: number, price: number): readonly FiredGuard[] {
    const guards = this.#bySlot.get(slot);
    if (guards === undefined) return NONE_FIRED;
    let fired: FiredGuard[] | undefined;
    for (const guard of guards) {
      if (guard.evaluate !== 'touch' || !reached(guard, price) || this.#yields(guard, guards)) continue;
      fired ??= [];
      fired.push({ guard, seen: price });
    }
    return fired ?? NONE_FIRED;
  }

  /** Where a trail should stand now that it saw this value; undefined where it stays. It moves by a step at least, in its own units. */
  trailTo(guard: Guard, value: number, step = guard.spec.step ?? TICK): number | undefined {
    const { spec, fires } = guard;
    if (spec.act !== 'trail' || guard.asleep) return undefined;
    const isBetter = fires === 'above' ? value < guard.best : value > guard.best;
    if (isBetter) guard.best = value;
    // What rests at the venue follows at intervals, so its trail may be behind the best that it saw.
    else if (spec.heldBy !== 'venue') return undefined;
    const wanted = levelFrom(spec, fires, guard.best, isPremium(spec));
    const gain = fires === 'above' ? guard.level - wanted : wanted - guard.level;
    return gain >= step ? wanted : undefined;
  }

  /** Wakes a trail that has gained what it waited for. True when it stands from now on. */
  wakes(guard: Guard, value: number): boolean {
    const { spec, fires } = guard;
    if (!guard.asleep || spec.armsAfter === undefined || !hasGained(guard, value, spec.armsAfter)) return false;
    guard.asleep = false;
    guard.best = value;
    guard.level = levelFrom(spec, fires, value, isPremium(spec));
    this.#register(guard);
    return true;
  }

  /** The entry's own value where a stop goes there now; undefined where it stays, or stands nearer already. */
  costOf(guard: Guard, value: number): number | undefined {
    const { spec, fires, from } = guard;
    if (guard.atCost || spec.toCostAfter === undefined || !hasGained(guard, value, spec.toCostAfter)) return undefined;
    guard.atCost = true;
    this.#follow(guard, mustFollow(guard));
    const cost = isPremium(spec) ? Math.max(TICK, tickNearest(from)) : Math.round(from);
    return fires === 'above' ? (cost < guard.level ? cost : undefined) : cost > guard.level ? cost : undefined;
  }

  /** Lays a guard again on another slot, as it stood: after a night the slots are new. */
  relay(guard: Guard, slot: number | undefined): void {
    this.drop(guard);
    const { spec, structure, leg, fires, from } = guard;
    const again = this.lay({ spec, structure, leg, slot, fires, from });
    again.best = guard.best;
    again.level = guard.level;
    again.asleep = guard.asleep;
    this.#keep(again, guard);
    this.#register(again);
  }

  /** A guard laid anew on a leg that still fills: one that was moved stays there, a trail keeps what it gained, ambiguity stays. */
  inherit(guard: Guard, from: Guard): void {
    this.#keep(guard, from);
    if (guard.spec.act !== 'trail') {
      if (from.moved) guard.level = from.level;
      return this.#register(guard);
    }
    if (from.asleep) return;
    guard.asleep = false;
    const tighter = guard.fires === 'above' ? Math.min : Math.max;
    guard.level = tighter(guard.level, from.level);
    guard.best = tighter(guard.best, from.best);
    this.#register(guard);
  }

  #keep(guard: Guard, from: Guard): void {
    guard.ambiguous = from.ambiguous;
    guard.moved = from.moved;
    guard.atCost = from.atCost;
    this.#follow(guard, mustFollow(guard));
  }

  #follow(guard: Guard, follows: boolean): void {
    if (guard.follows === follows) return;
    guard.follows = follows;
    this.#followers += follows ? 1 : -1;
  }

  drop(guard: Guard): void {
    if (remove(this.#byStructure, guard.structure, guard)) this.#follow(guard, false);
    if (guard.slot !== undefined) remove(this.#bySlot, guard.slot, guard);
    if (guard.registered !== undefined && guard.slot !== undefined) this.#levels.remove(guard.slot, guard.registered);
    guard.registered = undefined;
  }

  clear(): void {
    for (const guards of [...this.#byStructure.values()]) for (const guard of [...guards]) this.drop(guard);
  }

  /** In a minute that holds both exits of a pair the target yields to the stop, whichever comes first; both are marked. */
  #yields(guard: Guard, onSlot: readonly Guard[]): boolean {
    const { slot, leg, level, spec } = guard;
    const isTarget = spec.act === 'target';
    const other = onSlot.find((each) => each.leg === leg && !each.asleep && (each.spec.act === 'target') !== isTarget);
    if (slot === undefined || other === undefined || !this.#spansBoth(slot, other.level, level)) return false;
    other.ambiguous = true;
    guard.ambiguous = true;
    return isTarget;
  }

  #register(guard: Guard): void {
    if (guard.slot === undefined || guard.evaluate !== 'touch' || guard.asleep) return;
    if (guard.registered !== undefined) this.#levels.remove(guard.slot, guard.registered);
    this.#levels.add(guard.slot, guard.level);
    guard.registered = guard.level;
  }
}

const REASON_OF_ACT = { stop: 'SL', target: 'TARGET', trail: 'TSL' } as const;

/** Whether a value is at or beyond a guard's level. */
export function reached(guard: Guard, value: number): boolean {
  switch (guard.fires) {
    case 'above':
      return value >= guard.level;
    case 'below':
      return value <= guard.level;
    default:
      return unreachable(guard.fires);
  }
}

/**
 * The level that a guard was given, or the one at a distance from a value, on the side where it fires; premium levels go to the nearest
 * tick, and lie above nothing.
 */
export function levelFrom(spec: GuardSpec, fires: 'above' | 'below', from: number, onTick: boolean): number {
  if ('level' in spec.distance) return onTick ? Math.max(TICK, tickNearest(spec.distance.level)) : spec.distance.level;
  if ('r' in spec.distance) broken(`guard ${spec.name} stands in R, which its structure has not turned into money`);
  const distance = 'pct' in spec.distance ? (Math.abs(from) * spec.distance.pct) / 100 : spec.distance.paise;
  const level = fires === 'above' ? from + distance : from - distance;
  if (!onTick) return Math.round(level);
  return fires === 'below' ? Math.max(TICK, tickNearest(level)) : tickNearest(level);
}

function push<Key>(map: Map<Key, Guard[]>, key: Key, guard: Guard): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [guard]);
  else list.push(guard);
}

function remove<Key>(map: Map<Key, Guard[]>, key: Key, guard: Guard): boolean {
  const list = map.get(key);
  if (list === undefined || !takeOut(list, guard)) return false;
  if (list.length === 0) map.delete(key);
  return true;
}

/** Whether prices that nobody waits for can change it: it then has to see every mark. */
function mustFollow({ spec, evaluate, slot, atCost }: Guard): boolean {
  if (evaluate === 'close') return false;
  return spec.act === 'trail' || slot === undefined || (spec.toCostAfter !== undefined && !atCost);
}

/** Premium of a leg or of all of them: its levels stand on ticks. */
function isPremium({ basis }: GuardSpec): boolean {
  return basis === 'leg' || basis === 'combined';
}

/** What a guard watches moved so far to the winning side since the entry. */
function hasGained({ fires, from }: Guard, value: number, move: GuardMove): boolean {
  const wanted = 'pct' in move ? (Math.abs(from) * move.pct) / 100 : move.paise;
  return (fires === 'above' ? from - value : value - from) >= wanted;
}

function beyond(fires: 'above' | 'below'): number {
  return fires === 'above' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}
