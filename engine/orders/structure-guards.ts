import type { ExitReason } from '../model/order.ts';
import type { DeskParts } from './desk-parts.ts';
import { isCalm, isWaiting, mayLeave } from './execution-policy.ts';
import { combinedEntry, combinedNow, loosens } from './guard-values.ts';
import type { Guard, GuardPlace, GuardSpec, Guards } from './guards.ts';
import { levelFrom, reached } from './guards.ts';
import type { Leg, Structure } from './structure.ts';

/** Brings legs to zero for a reason; the price is what the guard saw on one of them. */
export type Exit = (
  legs: readonly Leg[],
  reason: ExitReason,
  seen?: { readonly leg: Leg; readonly price: number },
) => void;

/** What the venue does for the guards that it holds. */
export interface VenueHold {
  /** Whether orders that rest there act at a guard's level, or before it, for all that its leg holds. */
  readonly holds: (guard: Guard) => boolean;
  /** Whether what rests for a leg may be moved again by now. */
  readonly mayMove: (leg: Leg) => boolean;
  /** Brings what rests for a leg to where its guards stand. */
  readonly follow: (leg: Leg) => void;
}

/** How far apart two marks of money must be to prove a breach before the minute closes, milliseconds. */
const MARKS_APART_MS = 1_000;

const NO_SPECS: readonly GuardSpec[] = [];

/** Lays the guards that a strategy asked for, watches them on prices, marks and closes, and fires them. */
export class StructureGuards {
  readonly #parts: DeskParts;
  readonly #guards: Guards;
  readonly #exit: Exit;
  readonly #venue: VenueHold;
  readonly #specs = new Map<Structure, readonly GuardSpec[]>();

  constructor(parts: DeskParts, guards: Guards, acts: { readonly exit: Exit; readonly venue: VenueHold }) {
    this.#parts = parts;
    this.#guards = guards;
    this.#exit = acts.exit;
    this.#venue = acts.venue;
  }

  /** The guards of a structure with the levels at which they stand now. */
  standing(structure: Structure): readonly Guard[] {
    return this.#guards.of(structure);
  }

  specsOf(structure: Structure): readonly GuardSpec[] {
    return this.#specs.get(structure) ?? NO_SPECS;
  }

  /** Takes a structure under watch: guards on underlying and money stand at once, the others from its fills on. */
  open(structure: Structure, specs: readonly GuardSpec[]): void {
    if (specs.length > 0) this.#specs.set(structure, specs);
    const index = this.#parts.indexSlotOf(structure);
    if (index !== undefined && this.#watchesUnderlying(structure)) this.#parts.watch(index);
    for (const spec of specs)
      if (spec.basis === 'underlying' || spec.basis === 'money') this.#layStructureGuard(spec, structure);
  }

  close(structure: Structure): void {
    for (const guard of [...this.#guards.of(structure)]) this.#guards.drop(guard);
    const index = this.#parts.indexSlotOf(structure);
    if (index !== undefined && this.#watchesUnderlying(structure)) this.#parts.unwatch(index);
    if (this.#specs.size > 0) this.#specs.delete(structure);
  }

  /** After a night: the same guards on today's slots. */
  reopen(structure: Structure): void {
    const index = this.#parts.indexSlotOf(structure);
    if (index !== undefined && this.#watchesUnderlying(structure)) this.#parts.watch(index);
    for (const guard of [...this.#guards.of(structure)]) this.#relay(guard);
  }

  reset(): void {
    this.#guards.clear();
    this.#specs.clear();
  }

  /** A watched price is there: touch guards act. */
  onPrice(slot: number, price: number): void {
    if (!this.#guards.any || this.#guards.onSlot(slot).length === 0) return;
    for (const { guard, seen } of this.#guards.touched(slot, price)) this.#fire(guard, seen);
  }

  /** Whether any guard follows each mark, not only the prices that it waits for. */
  get watchMarks(): boolean {
    return this.#guards.watchMarks;
  }

  /** Whether no guard of an instrument fires at any price of a range. */
  sleepsThrough(slot: number, low: number, high: number): boolean {
    return !this.#guards.any || this.#guards.sleepsThrough(slot, low, high);
  }

  /** A watched price was quoted to everyone: trails follow. Prices that one agent waits for move nobody's trail. */
  onQuote(slot: number, price: number): void {
    if (!this.#guards.watchMarks) return;
    for (const guard of [...this.#guards.onSlot(slot)]) if (guard.evaluate === 'touch') this.#follow(guard, price);
  }

  /** Guards on an underlying that is already beyond them when they are laid act at once. */
  onAdmitted(structure: Structure): void {
    for (const guard of [...this.#guards.of(structure)]) {
      if (guard.spec.basis !== 'underlying' || guard.evaluate !== 'touch' || guard.slot === undefined) continue;
      const price = this.#parts.price(guard.slot);
      if (price !== undefined && reached(guard, price)) this.#fire(guard, price);
    }
  }

  /** A minute closed: guards on closes act, and guards whose value no single instrument carries. */
  onMinute(structures: Iterable<Structure>): void {
    if (!this.#guards.any) return;
    for (const structure of structures) {
      // A firing guard takes others with it, so the list is copied where one may.
      const due = this.#guards.of(structure).filter((guard) => this.#actsOnMinute(guard));
      for (const guard of due) this.#evaluate(guard);
    }
  }

  #actsOnMinute(guard: Guard): boolean {
    return guard.evaluate === 'close' || guard.slot === undefined || this.#isBlind(guard);
  }

  /** A mark of a leg moved: combined guards on touch act on it, money guards once a second mark has proven the first. */
  onMark(structure: Structure): void {
    if (!this.#guards.watchMarks) return;
    for (const guard of [...this.#guards.of(structure)]) {
      if (guard.evaluate !== 'touch') continue;
      if (guard.spec.basis === 'combined' || (guard.spec.basis === 'money' && this.#isProven(guard)))
        this.#evaluate(guard);
    }
  }

  /** Money trips on two marks at least a second apart: one false print closes nothing. A minute's close needs no second. */
  #isProven(guard: Guard): boolean {
    const value = this.#valueFor(guard);
    if (value === undefined || !reached(guard, value)) {
      guard.breachedAt = undefined;
      return guard.spec.act === 'trail' || guard.spec.toCostAfter !== undefined;
    }
    guard.breachedAt ??= this.#parts.now();
    return this.#parts.now() - guard.breachedAt >= MARKS_APART_MS;
  }

  /** Puts a guard elsewhere, such as a stop to cost. False where there is none, where it stands there already, or where a trail would loosen. */
  move(wanted: {
    readonly structure: Structure;
    readonly name: string;
    readonly tag: string | undefined;
    readonly level: number;
  }): boolean {
    const { structure, name, tag, level } = wanted;
    const guard = this.#guards
      .of(structure)
      .find((each) => each.spec.name === name && (tag === undefined || each.leg?.tag === tag));
    if (guard === undefined || loosens(guard, level) || !this.#guards.move(guard, level)) return false;
    if (guard.leg !== undefined && guard.spec.act !== 'target') guard.leg.finalStop = this.#tightestOf(guard.leg);
    this.#record('guard-moved', guard, undefined);
    const price = guard.slot === undefined ? undefined : this.#parts.price(guard.slot);
    if (guard.slot !== undefined && price !== undefined) this.onPrice(guard.slot, price);
    this.#venueFollows(guard);
    return true;
  }

  /** A guard on the underlying sees no quotes in a minute without an index candle; the minute's estimate stands in. */
  #isBlind(guard: Guard): boolean {
    return guard.spec.basis === 'underlying' && this.#parts.spotIsEstimate(guard.structure);
  }

  #watchesUnderlying(structure: Structure): boolean {
    return this.specsOf(structure).some(({ basis }) => basis === 'underlying');
  }

  #layStructureGuard(spec: GuardSpec, structure: Structure): void {
    if (spec.basis === 'money') {
      const fires = spec.act === 'target' ? 'above' : 'below';
      this.#set({ spec, structure, leg: undefined, slot: undefined, fires, from: 0 });
    }
    const spot = structure.entrySpot;
    if (spec.basis !== 'underlying' || spot === undefined) return;
    const direction = spec.direction ?? 'both';
    const slot = this.#parts.indexSlotOf(structure);
    for (const fires of ['above', 'below'] as const) {
      if (direction === (fires === 'above' ? 'down' : 'up')) continue;
      this.#set({ spec, structure, leg: undefined, slot, fires, from: spot });
    }
  }

  /** Lays a guard and says where; of one that sleeps the journal tells when it wakes. */
  #set(place: GuardPlace): Guard {
    const guard = this.#guards.lay(place);
    if (!guard.asleep) this.#record('guard-set', guard, undefined);
    return guard;
  }

  /** Guards on a leg stand from its first fill and follow its average while it still fills. */
  layLegGuards(leg: Leg): void {
    const before = this.#guards.of(leg.structure).filter((guard) => guard.leg === leg);
    for (const guard of before) this.#guards.drop(guard);
    for (const spec of this.specsOf(leg.structure)) {
      if (spec.basis !== 'leg' || (spec.leg !== undefined && spec.leg !== leg.tag)) continue;
      const losing = leg.side === 'SELL' ? 'above' : 'below';
      const winning = leg.side === 'SELL' ? 'below' : 'above';
      const fires = spec.act === 'target' ? winning : losing;
      const guard = this.#guards.lay({
        spec,
        structure: leg.structure,
        leg,
        slot: leg.slot,
        fires,
        from: leg.entryPrice,
      });
      const held = before.find((each) => each.spec === spec);
      if (held !== undefined) this.#guards.inherit(guard, held);
      if (spec.act === 'target') leg.target = guard.level;
      if (!guard.asleep) this.#record('guard-set', guard, undefined);
    }
    leg.initialStop = this.#tightestOf(leg);
    leg.finalStop = leg.initialStop;
  }

  /** Level of the stop or trail of a leg that would close it first; undefined without one. */
  #tightestOf(leg: Leg): number | undefined {
    let tightest: number | undefined;
    for (const { leg: of, spec, fires, level, asleep } of this.#guards.of(leg.structure)) {
      if (of !== leg || spec.act === 'target' || asleep) continue;
      const isTighter = tightest === undefined || (fires === 'above' ? level < tightest : level > tightest);
      if (isTighter) tightest = level;
    }
    return tightest;
  }

  layCombined(structure: Structure): void {
    for (const spec of this.specsOf(structure)) {
      if (spec.basis !== 'combined') continue;
      const net = combinedEntry(structure);
      const losing = net >= 0 ? 'above' : 'below';
      const fires = spec.act === 'target' ? (losing === 'above' ? 'below' : 'above') : losing;
      const guard = this.#set({ spec, structure, leg: undefined, slot: undefined, fires, from: Math.abs(net) });
      if (guard.evaluate === 'touch') this.#evaluate(guard);
    }
  }

  #evaluate(guard: Guard): void {
    const value = this.#valueFor(guard);
    if (value === undefined || guard.structure.closed) return;
    if (reached(guard, value)) this.#fire(guard, value);
    else this.#follow(guard, value);
  }

  #valueFor(guard: Guard): number | undefined {
    switch (guard.spec.basis) {
      case 'underlying':
        return this.#parts.spotOf(guard.structure);
      case 'money':
        return guard.structure.legs.reduce((sum, leg) => sum + leg.cash + leg.position * this.#markFor(guard, leg), 0);
      case 'combined':
        return combinedNow(guard, (leg) => this.#markFor(guard, leg));
      default:
        if (guard.leg === undefined) return undefined;
        return guard.evaluate === 'close' ? this.#markFor(guard, guard.leg) : this.#parts.price(guard.leg.slot);
    }
  }

  /** On the close a guard reads the minute that has become known, not the quotes of the next one that came before. */
  #markFor(guard: Guard, leg: Leg): number {
    const close = guard.evaluate === 'close' && leg.isOpen ? this.#parts.closeOf(leg.slot) : undefined;
    return close ?? leg.mark;
  }

  /** A value that does not fire a guard may wake it, bring it to cost, or pull it along. */
  #follow(guard: Guard, value: number): void {
    if (this.#guards.wakes(guard, value)) return this.#moved('guard-set', guard, value);
    const level = this.#guards.costOf(guard, value) ?? this.#trailTo(guard, value);
    if (level !== undefined && this.#guards.move(guard, level)) this.#moved('guard-moved', guard, value);
  }

  /** What rests at the venue is moved by no less and no oftener than the desk's settings say. */
  #trailTo(guard: Guard, value: number): number | undefined {
    if (guard.spec.heldBy !== 'venue') return this.#guards.trailTo(guard, value);
    const step = Math.max(guard.spec.step ?? 0, this.#parts.settings.trailStep);
    const level = this.#guards.trailTo(guard, value, step);
    return guard.leg !== undefined && this.#venue.mayMove(guard.leg) ? level : undefined;
  }

  #moved(kind: 'guard-set' | 'guard-moved', guard: Guard, value: number): void {
    if (guard.leg !== undefined) guard.leg.finalStop = this.#tightestOf(guard.leg);
    this.#record(kind, guard, value);
    this.#venueFollows(guard);
  }

  #venueFollows({ spec, leg }: Guard): void {
    if (spec.heldBy === 'venue' && leg !== undefined && leg.exiting === undefined) this.#venue.follow(leg);
  }

  /** The guard by which a leg's order at the venue should stand: of those that it holds the one that acts first. */
  heldByVenue(leg: Leg): Guard | undefined {
    let first: Guard | undefined;
    for (const guard of this.#guards.of(leg.structure)) {
      if (guard.leg !== leg || guard.spec.heldBy !== 'venue' || guard.asleep) continue;
      const isTighter =
        guard.fires === 'above'
          ? guard.level < (first?.level ?? Number.POSITIVE_INFINITY)
          : guard.level > (first?.level ?? 0);
      if (isTighter) first = guard;
    }
    return first;
  }

  /** The venue acted on a guard that it held: the journal tells it as of any other, with the trigger as what was seen. */
  actedAtVenue(guard: Guard, leg: Leg, trigger: number): void {
    if (guard.ambiguous) leg.ambiguous = true;
    this.#record('guard-fired', guard, trigger);
  }

  #fire(guard: Guard, seen: number): void {
    const { structure, leg } = guard;
    const going = leg === undefined ? structure.legs : [leg];
    if (structure.closed || !going.some((each) => mayLeave(each, guard.reason, this.#parts.settings))) return;
    if (guard.spec.heldBy === 'venue' && this.#venue.holds(guard)) return;
    if (leg !== undefined && guard.ambiguous) leg.ambiguous = true;
    this.#record('guard-fired', guard, seen);
    if (guard.spec.closes === 'leg' && leg !== undefined) return this.#exit([leg], guard.reason, { leg, price: seen });
    this.#exit(structure.legs, guard.reason, leg === undefined ? undefined : { leg, price: seen });
  }

  #relay(guard: Guard): void {
    const { basis } = guard.spec;
    const slot = basis === 'leg' ? guard.leg?.slot : this.#parts.indexSlotOf(guard.structure);
    const usable = basis === 'leg' || basis === 'underlying' ? slot : undefined;
    this.#guards.relay(guard, usable === undefined || usable < 0 ? undefined : usable);
  }

  /** Distance of a leg's own nearest stop or trail in per cent of its entry; undefined where it has none. */
  stopPctOf(leg: Leg): number | undefined {
    let nearest: number | undefined;
    for (const spec of this.specsOf(leg.structure)) {
      const isOwn = spec.basis === 'leg' && (spec.leg === undefined || spec.leg === leg.tag);
      if (!isOwn || spec.act === 'target' || spec.armsAfter !== undefined) continue;
      nearest = Math.min(nearest ?? Number.POSITIVE_INFINITY, pctOf(spec, leg));
    }
    return nearest;
  }

  /**
   * Lifts the guards of a leg that leaves. While it waits at its limit those that would hurry it go on watching, and so does one where its
   * resting stop stood, since that order has become the limit.
   */
  dropGuards(leg: Leg): void {
    const waits = isWaiting(leg, this.#parts.settings);
    for (const guard of [...this.#guards.of(leg.structure)]) {
      if (guard.leg !== leg || (waits && !isCalm(guard.reason))) continue;
      if (guard.ambiguous) leg.ambiguous = true;
      this.#guards.drop(guard);
    }
    if (!waits || leg.restingTrigger === undefined || leg.slot < 0 || leg.openLots === 0) return;
    const spec = restingStop(leg.restingTrigger);
    this.#set({ spec, structure: leg.structure, leg, slot: leg.slot, fires: 'above', from: leg.entryPrice });
  }

  #record(kind: 'guard-set' | 'guard-moved' | 'guard-fired', guard: Guard, seen: number | undefined): void {
    this.#parts.record({
      kind,
      agent: guard.structure.agent,
      structure: guard.structure.id,
      guard: guard.spec.name,
      leg: guard.leg?.tag ?? null,
      basis: guard.spec.basis,
      act: guard.spec.act,
      level: guard.level,
      seen: seen === undefined ? null : Math.round(seen),
      ambiguous: guard.ambiguous,
    });
  }
}

/** The stop that rested for a short leg, as a guard. */
function restingStop(level: number): GuardSpec {
  return { name: 'resting stop', act: 'stop', basis: 'leg', distance: { level }, closes: 'leg', reason: 'STOP' };
}

function pctOf(spec: GuardSpec, { side, entryPrice }: Leg): number {
  if ('pct' in spec.distance) return spec.distance.pct;
  const level = levelFrom(spec, side === 'SELL' ? 'above' : 'below', entryPrice, true);
  return (Math.abs(level - entryPrice) / entryPrice) * 100;
}
