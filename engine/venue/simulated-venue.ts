/**
 * An exchange that plays the market's side of our orders on a path or on ticks.
 *
 * It assumes: an order acts at its arrival and never before; a marketable order takes the going price by the fill model; a stop-limit
 * that is jumped stays triggered and unfilled at its limit; a limit fills at its own price once the market has gone through it by a
 * tick; a market order is unprotected before April 2026 and afterwards a limit two per cent away, whose rest stays; what the minute's
 * volume does not allow waits for the next minute.
 */
import { invariant, unreachable } from '../assert.ts';
import type { Clock } from '../clock.ts';
import type { EventQueue } from '../event-queue.ts';
import { RANK } from '../event-queue.ts';
import type { PathPrice } from '../market/candle-path.ts';
import { pathValue } from '../market/candle-path.ts';
import type { LevelBook } from '../market/level-book.ts';
import type { OrderEvent } from '../model/event.ts';
import type { Instrument } from '../model/instrument.ts';
import type { ApprovedOrder, EvidenceGrade, Order, OrderId } from '../model/order.ts';
import type { Day } from '../model/time.ts';
import { daysBetween, epochMs, MINUTE_MS, msOfDay } from '../model/time.ts';
import { lots, paise, TICK, tickDown, tickUp } from '../model/units.ts';
import { Numbered, takeOut } from '../numbered.ts';
import type { ExecutionClient, OrderChange } from '../ports.ts';
import type { VenueRules } from './admission.ts';
import { refusalOf } from './admission.ts';
import type { Fault, FaultPlan, FaultyRequest } from './fault-plan.ts';
import { VenueFaults } from './fault-plan.ts';
import type { FillModel } from './fill-model.ts';
import type { LatencyModel } from './latency-model.ts';
import type { SpreadPlace } from './spread-table.ts';
import type { HeldOrder } from './venue-book.ts';
import { isThrough, isTriggered, isWithin, levelOf, sleepsThrough } from './venue-book.ts';

/** What the venue may see of the market that it plays. */
export interface VenueMarket {
  /** The going price, undefined when nothing trades at that instant. */
  priceAt(slot: number, ts: number): PathPrice | undefined;
  candleOf(slot: number): readonly [number, number, number, number, number] | undefined;
  /** Units traded in the running minute; -1 where unknown, undefined where nothing traded. */
  volumeOf(slot: number): number | undefined;
}

type Request =
  | { readonly kind: 'new'; readonly order: ApprovedOrder }
  | { readonly kind: 'modify'; readonly change: OrderChange }
  | { readonly kind: 'cancel'; readonly order: OrderId };

export class SimulatedVenue implements ExecutionClient {
  readonly #clock: Clock;
  readonly #queue: EventQueue;
  readonly #market: VenueMarket;
  readonly #levels: LevelBook;
  readonly #fills: FillModel;
  readonly #latency: LatencyModel;
  readonly #evidence: EvidenceGrade | undefined;
  readonly #faults: VenueFaults | undefined;
  readonly #requests = new Numbered<Request>();
  readonly #held: HeldOrder[] = [];
  readonly #bySlot = new Map<number, HeldOrder[]>();
  readonly #usedUnits = new Map<number, number>();
  #anyUsed = false;
  /** Days to each expiry that was asked for today. */
  readonly #daysTo = new Map<Day, number>();
  #rules: VenueRules | undefined;

  constructor(parts: {
    readonly clock: Clock;
    readonly queue: EventQueue;
    readonly market: VenueMarket;
    readonly levels: LevelBook;
    readonly fills: FillModel;
    readonly latency: LatencyModel;
    /** The grade of every fill where the prices themselves are known to be less than trades. */
    readonly evidence?: EvidenceGrade | undefined;
    /** What it does wrong; a sound venue where absent. */
    readonly faults?: FaultPlan | undefined;
  }) {
    this.#clock = parts.clock;
    this.#queue = parts.queue;
    this.#market = parts.market;
    this.#levels = parts.levels;
    this.#fills = parts.fills;
    this.#latency = parts.latency;
    this.#evidence = parts.evidence;
    this.#faults = parts.faults === undefined ? undefined : new VenueFaults(parts.faults);
  }

  openDay(rules: VenueRules): void {
    invariant(this.#held.length === 0, `${this.#held.length} orders outlived the session`);
    this.#rules = rules;
    this.#usedUnits.clear();
    this.#daysTo.clear();
    this.#faults?.clear();
  }

  /** A new minute brings new volume. */
  beginMinute(): void {
    // Emptying the map would make a new table each time.
    if (this.#anyUsed) for (const slot of this.#usedUnits.keys()) this.#usedUnits.set(slot, 0);
    this.#anyUsed = false;
  }

  /** Every order is good for the day only, one still on its way too. */
  closeDay(): void {
    for (const request of this.#requests.takeAll()) {
      if (request.kind === 'new')
        this.#report({ kind: 'order-expired', order: request.order.id, tsExchange: this.#clock.now }, 0);
    }
    for (const held of [...this.#held]) {
      this.#letGo(held);
      this.#report({ kind: 'order-expired', order: held.order.id, tsExchange: this.#clock.now }, 0);
    }
  }

  /** Forgets everything, when the books are reset after the warm-up. */
  reset(): void {
    for (const held of [...this.#held]) this.#letGo(held);
    this.#requests.takeAll();
  }

  release(orders: readonly ApprovedOrder[], after = 0): void {
    orders.forEach((order, index) => this.#send({ kind: 'new', order }, after + index));
  }

  modify(changes: readonly OrderChange[]): void {
    changes.forEach((change, index) => this.#send({ kind: 'modify', change }, index));
  }

  cancel(orders: readonly OrderId[]): void {
    orders.forEach((order, index) => this.#send({ kind: 'cancel', order }, index));
  }

  /** A request of ours has travelled and is here. */
  arrive(id: number): void {
    const request = this.#requests.take(id);
    if (request === undefined) return;
    switch (request.kind) {
      case 'new':
        return this.#admit(request.order);
      case 'modify':
        return this.#change(request.change);
      case 'cancel':
        return this.#cancelHeld(request.order);
      default:
        return unreachable(request);
    }
  }

  /** The market of an instrument moved: its orders are looked at in the order of their arrival. */
  onQuote(slot: number, price: number): void {
    const orders = this.#bySlot.get(slot);
    if (orders === undefined || orders.length === 0) return;
    for (const held of [...orders]) this.#look(held, { from: price, rise: 0, elapsed: 0, span: 1 });
  }

  /** Whether no order of an instrument can do anything at any price of a range. */
  sleepsThrough(slot: number, low: number, high: number): boolean {
    const orders = this.#bySlot.get(slot);
    if (orders === undefined) return true;
    for (const held of orders) if (!sleepsThrough(held, low, high)) return false;
    return true;
  }

  #send(request: Request, index: number): void {
    const id = this.#requests.put(request);
    const arrives = this.#clock.now + this.#latency.decideToVenueMs + index * this.#latency.betweenLegsMs;
    this.#queue.push(epochMs(arrives), RANK.arrival, { kind: 'request-arrived', request: id });
  }

  #report(event: OrderEvent, afterMs = this.#latency.venueToUsMs): void {
    const ts = this.#clock.now + afterMs;
    this.#queue.push(epochMs(this.#faults?.notBefore(event.order, ts) ?? ts), RANK.report, event);
  }

  #faultOf(kind: FaultyRequest['kind'], order: Order): Fault | undefined {
    if (this.#faults === undefined) return undefined;
    const { venueToUsMs } = this.#latency;
    const latest = (this.#rules?.closesAt ?? 0) + venueToUsMs;
    return this.#faults.of(kind, order, { answersAt: this.#clock.now + venueToUsMs, latest });
  }

  #admit(order: ApprovedOrder): void {
    const tsExchange = this.#clock.now;
    const fault = this.#faultOf('new', order);
    const reason = fault?.refusal ?? this.#refusal(order, order);
    if (reason !== undefined) return this.#report({ kind: 'order-rejected', order: order.id, tsExchange, reason });
    this.#report({ kind: 'order-accepted', order: order.id, tsExchange });
    const held: HeldOrder = {
      order,
      place: this.#placeOf(order.instrument),
      terms: order.terms,
      lotsLeft: order.lots,
      lotsFilled: 0,
      lotsPerFill: fault?.lotsPerFill ?? Number.POSITIVE_INFINITY,
      state: 'taking',
      limit: undefined,
      level: undefined,
    };
    this.#held.push(held);
    const orders = this.#bySlot.get(order.slot);
    if (orders === undefined) this.#bySlot.set(order.slot, [held]);
    else orders.push(held);
    this.#begin(held);
  }

  #refusal(order: Order, change: Pick<OrderChange, 'terms' | 'lots'>): string | undefined {
    const rules = this.#rules;
    invariant(rules !== undefined, 'the venue has no rules before its day opens');
    return refusalOf(order, change, { rules, now: this.#clock.now });
  }

  /** Decides how an order stands at its arrival or after a change of terms. */
  #begin(held: HeldOrder): void {
    const path = this.#market.priceAt(held.order.slot, this.#clock.now);
    const { terms } = held;
    held.state = terms.kind === 'STOP_LIMIT' ? 'waiting' : 'taking';
    held.limit = terms.kind === 'MARKET' ? this.#protectedLimit(held.order, path) : terms.price;
    this.#placeLevel(held);
    if (path !== undefined) this.#look(held, path);
  }

  #protectedLimit(order: Order, path: PathPrice | undefined): number | undefined {
    const bps = this.#rules?.marketProtectionBps;
    if (bps === undefined) return undefined;
    const reference = path === undefined ? order.decisionPrice : pathValue(path);
    if (reference === undefined) return undefined;
    const room = Math.max((reference * bps) / 10_000, 4 * TICK);
    return order.side === 'BUY' ? tickUp(reference + room) : tickDown(Math.max(TICK, reference - room));
  }

  #look(held: HeldOrder, path: PathPrice): void {
    if (held.state === 'waiting' && held.terms.kind === 'STOP_LIMIT') {
      if (!isTriggered(held.order.side, held.terms.trigger, pathValue(path))) return;
      this.#report({ kind: 'order-triggered', order: held.order.id, tsExchange: this.#clock.now });
      held.state = 'taking';
      this.#placeLevel(held);
    }
    if (held.state === 'taking') return this.#take(held, path);
    this.#rest(held, path);
  }

  #rest(held: HeldOrder, path: PathPrice): void {
    if (held.state !== 'resting' || held.limit === undefined) return;
    if (isThrough(held.order.side, held.limit, pathValue(path))) this.#fill(held, held.limit, 'passive', path);
  }

  #take(held: HeldOrder, path: PathPrice): void {
    if (this.#lotsNow(held) <= 0) return;
    const { price } = this.#fills.taken(held.order.side, path, this.#here(held));
    if (!isWithin(held.order.side, held.limit, price)) {
      held.state = 'resting';
      this.#placeLevel(held);
      return this.#rest(held, path);
    }
    this.#fill(held, price, 'taken', path);
  }

  #fill(held: HeldOrder, price: number, manner: 'taken' | 'passive', path: PathPrice): void {
    const { order } = held;
    const count = this.#lotsNow(held);
    if (count <= 0) return;
    const used = this.#usedUnits.get(order.slot) ?? 0;
    this.#usedUnits.set(order.slot, used + count * order.lotSize);
    this.#anyUsed = true;
    held.lotsLeft -= count;
    held.lotsFilled += count;
    if (held.lotsLeft === 0) this.#letGo(held);
    const { steps } = this.#fills.taken(order.side, path, this.#here(held));
    const traded = (this.#market.volumeOf(order.slot) ?? 0) < 0 ? 'volume-unknown' : 'traded';
    this.#report({
      kind: 'order-filled',
      order: order.id,
      tsExchange: this.#clock.now,
      lots: lots(count),
      price: paise(price),
      grade: this.#evidence ?? traded,
      manner,
      steps: {
        candle: this.#market.candleOf(order.slot),
        path: steps.path,
        rounding: manner === 'taken' ? steps.rounding : 0,
        halfSpread: manner === 'taken' ? steps.halfSpread : 0,
        spread: manner === 'taken' ? steps.spread : 'none',
        slippage: manner === 'taken' ? steps.slippage : 0,
      },
    });
  }

  #placeOf(instrument: Instrument): SpreadPlace {
    const daysToExpiry = instrument.kind === 'index' ? 0 : this.#daysUntil(instrument.expiry);
    return { instrument, daysToExpiry, level: 0, minute: 0 };
  }

  #daysUntil(expiry: Day): number {
    const known = this.#daysTo.get(expiry);
    if (known !== undefined) return known;
    const days = this.#rules === undefined ? 0 : daysBetween(this.#rules.day, expiry);
    this.#daysTo.set(expiry, days);
    return days;
  }

  /** Where an order stands among the measured spreads now. */
  #here({ place }: HeldOrder): SpreadPlace {
    place.level = this.#rules?.levelOf(place.instrument.underlying) ?? 0;
    place.minute = Math.floor(msOfDay(this.#clock.now) / MINUTE_MS);
    return place;
  }

  /** Lots that the running minute still lets an order have. */
  #lotsNow({ order, lotsLeft, lotsPerFill }: HeldOrder): number {
    const volume = this.#market.volumeOf(order.slot);
    if (volume === undefined || this.#clock.now >= (this.#rules?.fillsUntil(order) ?? 0)) return 0;
    return Math.min(
      lotsLeft,
      lotsPerFill,
      this.#fills.lotsLeft(volume, this.#usedUnits.get(order.slot) ?? 0, order.lotSize),
    );
  }

  #change(change: OrderChange): void {
    const held = this.#heldOf(change.order);
    const tsExchange = this.#clock.now;
    const reason = held === undefined ? 'the order is no longer open' : this.#changeRefusal(held, change);
    if (held === undefined || reason !== undefined) {
      return this.#report({ kind: 'modify-rejected', order: change.order, tsExchange, reason: reason ?? 'unknown' });
    }
    held.terms = change.terms;
    held.lotsLeft = change.lots - held.lotsFilled;
    this.#report({ kind: 'order-modified', order: change.order, tsExchange, terms: change.terms, lots: change.lots });
    if (held.lotsLeft <= 0) {
      this.#letGo(held);
      return this.#report({ kind: 'order-canceled', order: change.order, tsExchange });
    }
    this.#begin(held);
  }

  /** A stop that was triggered is a limit order: it takes no trigger any more. */
  #changeRefusal({ order, state, terms }: HeldOrder, change: OrderChange): string | undefined {
    const fault = this.#faultOf('modify', order);
    if (fault?.refusal !== undefined) return fault.refusal;
    const isTriggered = terms.kind === 'STOP_LIMIT' && state !== 'waiting';
    if (isTriggered && change.terms.kind === 'STOP_LIMIT') return 'the stop was triggered';
    return this.#refusal(order, change);
  }

  #cancelHeld(id: OrderId): void {
    const tsExchange = this.#clock.now;
    const held = this.#heldOf(id);
    if (held === undefined) {
      return this.#report({ kind: 'cancel-rejected', order: id, tsExchange, reason: 'the order is no longer open' });
    }
    const reason = this.#faultOf('cancel', held.order)?.refusal;
    if (reason !== undefined) return this.#report({ kind: 'cancel-rejected', order: id, tsExchange, reason });
    this.#letGo(held);
    this.#report({ kind: 'order-canceled', order: id, tsExchange });
  }

  #placeLevel(held: HeldOrder): void {
    const level = levelOf(held);
    if (level === held.level) return;
    if (held.level !== undefined) this.#levels.remove(held.order.slot, held.level);
    if (level !== undefined) this.#levels.add(held.order.slot, level);
    held.level = level;
  }

  #heldOf(id: OrderId): HeldOrder | undefined {
    for (const held of this.#held) if (held.order.id === id) return held;
    return undefined;
  }

  #letGo(held: HeldOrder): void {
    takeOut(this.#held, held);
    if (held.level !== undefined) this.#levels.remove(held.order.slot, held.level);
    const orders = this.#bySlot.get(held.order.slot);
    if (orders !== undefined) takeOut(orders, held);
  }
}
