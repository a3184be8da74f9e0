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
  level: number;
  /** Best value that a trail has seen. */
  best: number;
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
    const level = levelFrom(spec, fires, from, spec.basis === 'leg' || spec.basis === 'combined');
    const guard: Guard = {
      id: this.#count,
      spec,
      structure,
      leg,
      slot,
      fires,
      evaluate,
      reason: spec.reason ?? REASON_OF_ACT[spec.act],
      level,
      best: from,
      ambiguous: false,
      moved: false,
      breachedAt: undefined,
      registered: undefined,
    };
    push(this.#byStructure, structure, guard);
    if (follows(guard)) this.#followers += 1;
    if (slot !== undefined) push(this.#bySlot, slot, guard);
    this.#register(guard);
    return guard;
  }

  /** Whether any guard is in force. */
  get any(): boolean {
    return this.#byStructure.size > 0;
  }

  /** Whether any guard follows each mark: a trail, or one on touch of money or combined premium. */
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
    if (level === guard.level) return false;
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

  /** Where a trail on this price should stand now; undefined where it stays. */
  trailTo(guard: Guard, value: number): number | undefined {
    if (guard.spec.act !== 'trail') return undefined;
    const better = guard.fires === 'above' ? value < guard.best : value > guard.best;
    if (!better) return undefined;
    guard.best = value;
    const wanted = levelFrom(
      guard.spec,
      guard.fires,
      value,
      guard.spec.basis === 'leg' || guard.spec.basis === 'combined',
    );
    const gain = guard.fires === 'above' ? guard.level - wanted : wanted - guard.level;
    return gain >= (guard.spec.step ?? TICK) ? wanted : undefined;
  }

  /** Lays a guard again on another slot, as it stood: after a night the slots are new. */
  relay(guard: Guard, slot: number | undefined): void {
    const from = { level: guard.level, best: guard.best };
    this.drop(guard);
    const { spec, structure, leg, fires, best } = guard;
    const again = this.lay({ spec, structure, leg, slot, fires, from: best });
    again.best = from.best;
    again.level = from.level;
    again.ambiguous = guard.ambiguous;
    again.moved = guard.moved;
    this.#register(again);
  }

  /** A guard laid anew on a leg that still fills: one that was moved stays there, a trail keeps what it gained, ambiguity stays. */
  inherit(guard: Guard, from: Guard): void {
    guard.ambiguous = from.ambiguous;
    guard.moved = from.moved;
    if (guard.spec.act !== 'trail') {
      if (from.moved) guard.level = from.level;
      return this.#register(guard);
    }
    const tighter = guard.fires === 'above' ? Math.min : Math.max;
    guard.level = tighter(guard.level, from.level);
    guard.best = tighter(guard.best, from.best);
    this.#register(guard);
  }

  drop(guard: Guard): void {
    if (remove(this.#byStructure, guard.structure, guard) && follows(guard)) this.#followers -= 1;
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
    const other = onSlot.find((each) => each.leg === leg && (each.spec.act === 'target') !== isTarget);
    if (slot === undefined || other === undefined || !this.#spansBoth(slot, other.level, level)) return false;
    other.ambiguous = true;
    guard.ambiguous = true;
    return isTarget;
  }

  #register(guard: Guard): void {
    if (guard.slot === undefined || guard.evaluate !== 'touch') return;
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

/** Level at a distance from a value, on the side where the guard fires; premium levels go to the nearest tick. */
export function levelFrom(spec: GuardSpec, fires: 'above' | 'below', from: number, onTick: boolean): number {
  if ('level' in spec.distance) return spec.distance.level;
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

function follows({ spec, evaluate, slot }: Guard): boolean {
  return spec.act === 'trail' || (evaluate === 'touch' && slot === undefined);
}
