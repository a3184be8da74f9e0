import type { Agent } from './agent.ts';
import { broken, invariant } from './assert.ts';
import { legClosedRecord, structureClosedRecord } from './closing-records.ts';
import { bandOn, expiryRankOn, lotSizeOn, lotsPerOrderMax, marketIsProtected, opensAt } from './contract-limits.ts';
import { earlier, legToAddTo, nearestExpiry, refuseMistakes, refuseRestingMistakes, wishOf } from './entry-plan.ts';
import type { KernelParts } from './kernel-parts.ts';
import { plannedLossOfAddition, plannedLossOfPlan, rTodayOf, sizingLossOfPlan, volatilityOf } from './leg-facts.ts';
import type { DayHistory } from './market/day-history.ts';
import type { MarketCache } from './market/market-cache.ts';
import type { UnderlyingLadder } from './market/underlying-ladder.ts';
import type { OrderEvent } from './model/event.ts';
import type { Underlying } from './model/instrument.ts';
import { exchangeOf, instrumentKey } from './model/instrument.ts';
import { FINE_PER_PAISA, leviesBetween } from './model/levies.ts';
import type { AgentId, ExitReason, Fill, StructureId } from './model/order.ts';
import type { Day, EpochMs } from './model/time.ts';
import { at, daysBetween, epochMs } from './model/time.ts';
import type { Lots } from './model/units.ts';
import { paise } from './model/units.ts';
import { takeOut } from './numbered.ts';
import { Desk } from './orders/desk.ts';
import type { DeskParts } from './orders/desk-parts.ts';
import { openingRecord } from './orders/desk-records.ts';
import { Guards } from './orders/guards.ts';
import type { TrackedOrder } from './orders/order-store.ts';
import { OrderStore } from './orders/order-store.ts';
import { RestingEntries } from './orders/resting-entries.ts';
import type { Leg } from './orders/structure.ts';
import { Structure } from './orders/structure.ts';
import type { Recorder } from './recorder.ts';
import type { EntryRequest, Verdict } from './risk/risk-view.ts';
import { sizedPlan, takenFor } from './sized-plan.ts';
import type { AddPlan, EntryPlan, RestingWish } from './strategy.ts';

/** What the trading floor shares with the kernel. */
export interface FloorParts extends Pick<DeskParts, 'halt' | 'later' | 'tell'> {
  readonly kernel: KernelParts;
  readonly recorder: Recorder;
  readonly cache: MarketCache;
  readonly history: DayHistory;
  readonly ladders: ReadonlyMap<Underlying, UnderlyingLadder>;
  readonly agents: readonly Agent[];
  readonly priceNow: (slot: number) => number | undefined;
  readonly review: (request: EntryRequest) => readonly Verdict[];
  /** A leg or structure of an agent ended; the agent is told after the present step. */
  readonly ended: (end: Ended) => void;
  /** A wish that waited was carried out, or a gate refused it. */
  readonly answered: (agent: Agent, plan: EntryPlan, gate: string | undefined) => void;
}

export type Ended =
  | { readonly kind: 'leg'; readonly leg: Leg; readonly reason: ExitReason }
  | { readonly kind: 'structure'; readonly structure: Structure; readonly reason: ExitReason };

/** Day facts that orders depend on. */
export interface FloorDay {
  readonly day: Day;
  readonly windows: readonly { readonly open: EpochMs; readonly close: EpochMs }[];
  readonly lastClose: EpochMs;
}

/** Where wishes become structures and the venue's words become money. */
export class Floor {
  readonly desk: Desk;
  readonly resting: RestingEntries;
  readonly store = new OrderStore();
  readonly #parts: FloorParts;
  readonly #agentOf = new Map<AgentId, Agent>();
  #structures = 0;
  #day: FloorDay | undefined;
  /** Legs that closed today, for the silent watch until the square-off. */
  closedToday: Leg[] = [];

  constructor(parts: FloorParts) {
    this.#parts = parts;
    for (const agent of parts.agents) this.#agentOf.set(agent.id, agent);
    const { path, levels } = parts.kernel;
    const guards = new Guards({ levels, spansBoth: (slot, a, b) => path?.spansBoth(slot, a, b) ?? false });
    this.resting = new RestingEntries({
      churn: parts.kernel.settings.execution.churn,
      now: () => parts.kernel.clock.now,
      place: (agent, { place, plan }) => this.#place(this.#agent(agent), plan, place),
      renew: (structure, plan) => this.#renew(structure, plan),
      opened: (structure, plan) => this.#guard(structure, plan),
      desk: () => this.desk.withdrawals,
      answer: (agent, plan, gate) => parts.answered(this.#agent(agent), plan, gate),
    });
    this.desk = new Desk({
      settings: parts.kernel.settings.execution,
      now: () => parts.kernel.clock.now,
      record: (record) => parts.recorder.out(record),
      client: parts.kernel.client,
      review: parts.review,
      reviewExit: (order) => parts.kernel.risk.reviewExit(order),
      approve: (order, verdict) => parts.kernel.risk.approve(order, verdict),
      price: parts.priceNow,
      closeOf: (slot) => parts.cache.closeOf(slot),
      spotOf: ({ underlying }) => parts.ladders.get(underlying)?.spot,
      spotIsEstimate: ({ underlying }) => parts.ladders.get(underlying)?.rung !== 'index',
      indexSlotOf: ({ underlying }) => parts.ladders.get(underlying)?.indexSlot,
      slotOf: (instrument) => parts.cache.slotOf(instrument),
      watch: (slot) => this.watch(slot),
      unwatch: (slot) => this.unwatch(slot),
      tell: parts.tell,
      later: parts.later,
      marketIsOpen: () => opensAt(this.today.windows, parts.kernel.clock.now) === parts.kernel.clock.now,
      marketOpensAt: () => opensAt(this.today.windows, parts.kernel.clock.now),
      lotsPerOrderMax: ({ instrument }) => lotsPerOrderMax(parts.kernel.contracts, this.today.day, instrument),
      bandOf: (instrument, price) => bandOn(parts.kernel.contracts, this.today.day, { instrument, price }),
      marketIsProtected: () => marketIsProtected(this.today.day),
      halt: parts.halt,
      onLegClosed: (leg, reason) => this.#legClosed(leg, reason),
      onStructureClosed: (structure, reason) => this.#structureClosed(structure, reason),
      store: this.store,
      guards,
      resting: this.resting,
    });
  }

  get today(): FloorDay {
    invariant(this.#day !== undefined, 'no session is open');
    return this.#day;
  }

  openDay(day: FloorDay): void {
    this.#day = day;
    this.closedToday = [];
  }

  /** Takes an agent's wish to enter; gives the gate that refused it, or nothing when the orders are on their way. */
  enter(agent: Agent, plan: EntryPlan): string | undefined {
    refuseMistakes(plan);
    const structure = this.resting.pauseOf(agent.id) ?? this.#place(agent, plan, undefined);
    if (typeof structure === 'string') return structure;
    agent.book.structuresToday += 1;
    return undefined;
  }

  /** Takes an agent's wish for an entry that rests; what comes of it is journaled when it is known. */
  rest(agent: Agent, wish: RestingWish): void {
    refuseRestingMistakes(wish);
    this.resting.ask(agent.id, wish);
  }

  /** Sends an entry; gives its structure, or the gate that refused it. */
  #place(agent: Agent, wished: EntryPlan, place: string | undefined): Structure | string {
    const { cache, kernel } = this.#parts;
    for (const { contract } of wished.legs) {
      const slot = cache.slotOf(contract);
      if (slot === undefined) return `not in today's data: ${instrumentKey(contract)}`;
      const age = kernel.clock.now - cache.pricedAt(slot);
      if (cache.pricedAt(slot) === 0 || age > kernel.settings.freshMs)
        return `no fresh price: ${instrumentKey(contract)}`;
    }
    const sizes = wished.legs.map(({ contract }) => lotSizeOn(kernel.contracts, this.today.day, contract));
    if (sizes.includes(undefined)) return 'lot size unknown';
    const lotSizes = sizes as number[];
    const lossOf = (each: EntryPlan) => this.plannedLoss(agent.segment, each, lotSizes, sizingLossOfPlan);
    const plan = sizedPlan(wished, agent.limits, lossOf);
    if (typeof plan === 'string') return plan;
    const structure = this.#newStructure(agent, { plan, place, lotSizes });
    if (structure.squareOffAt !== undefined && structure.squareOffAt <= kernel.clock.now) return 'after its square-off';
    const outcome = this.desk.entries.enter(wishOf(plan), structure, lotSizes);
    if (outcome.kind === 'refused') return outcome.reason;
    agent.structures.push(structure);
    return structure;
  }

  /** The lots of the order stay; planned loss and risk are those of the latest wish, where the review lets them pass. */
  #renew(structure: Structure, wished: EntryPlan): string | undefined {
    const [held] = structure.legs;
    const [leg] = wished.legs;
    if (held === undefined || leg === undefined) broken(`structure ${structure.id} rests without a leg`);
    const { tag, contract, side, terms } = leg;
    const legs = [{ tag, contract, side, lots: held.lotsPlanned as Lots, ...(terms === undefined ? {} : { terms }) }];
    const plan = takenFor(wished, held.lotsPlanned, this.#agent(structure.agent).limits);
    const plannedLoss = this.plannedLoss(structure.underlying, { ...plan, legs }, [held.lotSize]);
    // Also where it did not grow: what the day has left for it may have shrunk.
    const denied = this.desk.entries.reviewAgain(structure, { plannedLoss, risk: plan.risk });
    if (denied !== undefined) return denied;
    structure.plannedLoss = plannedLoss;
    structure.risk = plan.risk;
    return undefined;
  }

  /** A resting entry has lots: its guards stand from where the market is now. */
  #guard(structure: Structure, wished: EntryPlan): void {
    const planned = structure.legs[0]?.lotsPlanned ?? 0;
    const plan = takenFor(wished, planned, this.#agent(structure.agent).limits);
    this.desk.guards.open(structure, wishOf(plan).guards ?? []);
    this.desk.guards.onAdmitted(structure);
  }

  #agent(id: AgentId): Agent {
    const agent = this.#agentOf.get(id);
    return agent ?? broken(`nobody is called ${id}`);
  }

  /** Takes a wish to add to a structure; gives the gate that refused it, or nothing when the orders are on their way. */
  add(structure: Structure, plan: AddPlan): string | undefined {
    const leg = legToAddTo(structure, plan);
    const { cache, kernel, ladders } = this.#parts;
    const { now } = kernel.clock;
    const gate = this.resting.pauseOf(structure.agent) ?? this.desk.entries.gateOfAddition(leg);
    if (gate !== undefined) return gate;
    if (structure.squareOffAt !== undefined && structure.squareOffAt <= now) return 'after its square-off';
    if (leg.slot < 0) return `not in today's data: ${instrumentKey(leg.instrument)}`;
    const premium = this.#premiumAt(leg.slot);
    if (premium === undefined || now - cache.pricedAt(leg.slot) > kernel.settings.freshMs)
      return `no fresh price: ${instrumentKey(leg.instrument)}`;
    const plannedLoss = plannedLossOfAddition({
      leg,
      lots: plan.lots,
      guards: this.desk.guards.standing(structure),
      premium,
      spot: ladders.get(structure.underlying)?.spot,
      years: (expiry) => this.yearsTo(expiry, structure.underlying, now),
    });
    return this.desk.entries.add(leg, { lots: plan.lots, reason: plan.signal, plannedLoss });
  }

  /** The venue spoke of an order: state, money, journal, then the desk. Its word is an input where it came from outside. */
  apply(event: OrderEvent, flow: 'in' | 'out'): { readonly tracked: TrackedOrder; readonly fill: Fill | undefined } {
    const tracked = this.store.apply(event);
    const fill = event.kind === 'order-filled' ? this.#book(event, tracked) : undefined;
    if (fill !== undefined) this.#parts.recorder.write(flow, { kind: 'order-filled', fill });
    else if (event.kind !== 'order-filled') this.#recordState(event, tracked, flow);
    this.desk.onOrderEvent(event, tracked);
    return { tracked, fill };
  }

  reset(): void {
    this.desk.reset();
    this.store.reset();
    this.#structures = 0;
    this.closedToday = [];
  }

  #newStructure(
    agent: Agent,
    {
      plan,
      place,
      lotSizes,
    }: { readonly plan: EntryPlan; readonly place: string | undefined; readonly lotSizes: readonly number[] },
  ): Structure {
    const { clock, settings } = this.#parts.kernel;
    this.#structures += 1;
    const nearest = nearestExpiry(plan);
    const time = earlier(plan.squareOffAt, settings.squareOffAt);
    const own = time === undefined ? undefined : at(this.today.day, time) + settings.closeGraceMs;
    const last = this.today.lastClose - settings.squareOffBeforeEndMs + settings.closeGraceMs;
    return new Structure({
      id: this.#structures as StructureId,
      agent: agent.id,
      name: plan.signal,
      underlying: agent.segment,
      place,
      openedAt: clock.now,
      entrySpot: this.#parts.ladders.get(agent.segment)?.spot,
      risk: plan.risk,
      restingStopPct: plan.restingStopPct,
      dte: nearest === undefined ? undefined : daysBetween(this.today.day, nearest),
      squareOffAt: own === undefined ? undefined : epochMs(Math.min(own, last)),
      plannedLoss: this.plannedLoss(agent.segment, plan, lotSizes),
    });
  }

  plannedLoss(segment: Underlying, plan: EntryPlan, lotSizes: readonly number[], of = plannedLossOfPlan) {
    const { clock } = this.#parts.kernel;
    return of(plan, this.#parts.ladders.get(segment)?.spot, (contract, index) => ({
      lotSize: lotSizes[index] ?? 0,
      premium: this.#premiumAt(this.#parts.cache.slotOf(contract)),
      years: this.yearsTo(contract.expiry, contract.underlying, clock.now),
    }));
  }

  #premiumAt(slot: number | undefined): number | undefined {
    const price = slot === undefined ? undefined : this.#parts.priceNow(slot);
    return price === undefined ? undefined : Math.round(price);
  }

  /** Years from an instant to a contract's settlement, calendar time of 365 days, never below a minute's worth. */
  yearsTo(expiry: Day, underlying: Underlying, now: EpochMs): number {
    const moment = this.#parts.kernel.contracts.expiryMoment({ underlying, expiry });
    const left = moment === undefined ? 0 : moment - now;
    return Math.max(left, 60_000) / (365 * 86_400_000);
  }

  #book(event: Extract<OrderEvent, { kind: 'order-filled' }>, tracked: TrackedOrder): Fill {
    const { order, leg } = tracked;
    const { clock, charges } = this.#parts.kernel;
    const { underlying } = order.instrument;
    tracked.turnover += event.price * event.lots * order.lotSize;
    const exchange = exchangeOf(underlying);
    const after = charges.ofOrder({
      day: this.today.day,
      exchange,
      underlying,
      side: order.side,
      turnover: paise(tracked.turnover),
      lots: tracked.lotsFilled,
      // Only the fee of BSE asks which expiry it is.
      expiry:
        exchange === 'BFO' ? expiryRankOn(this.#parts.kernel.contracts, this.today.day, order.instrument) : 'nearest',
    });
    const fill: Fill = {
      order: order.id,
      lots: event.lots,
      price: event.price,
      tsExchange: event.tsExchange,
      grade: event.grade,
      manner: event.manner,
      steps: event.steps,
      charges: leviesBetween(tracked.charges, after),
    };
    tracked.charges = after;
    const agent = this.#agent(order.agent);
    if (tracked.opens && leg.entryLots === 0) this.#noteEntry(leg, event.price);
    if (tracked.lotsFilled === event.lots) agent.book.ordersToday += 1;
    agent.book.book(
      leg,
      { opens: tracked.opens, lots: event.lots, price: event.price, charges: fill.charges },
      clock.now,
    );
    return fill;
  }

  #noteEntry(leg: Leg, price: number): void {
    if (leg.structure.isPending) this.#openResting(leg.structure);
    leg.openedAt = this.#parts.kernel.clock.now;
    leg.entrySpot = this.#parts.ladders.get(leg.structure.underlying)?.spot;
    leg.ivEntry = this.#volatility(leg, leg.entrySpot, price);
  }

  /** From its first lots on a resting entry is a structure of the day, and what it measures begins there. */
  #openResting(structure: Structure): void {
    structure.openedAt = this.#parts.kernel.clock.now;
    structure.entrySpot = this.#parts.ladders.get(structure.underlying)?.spot;
    this.#agent(structure.agent).book.structuresToday += 1;
    this.#parts.recorder.out(openingRecord(structure));
  }

  #volatility(leg: Leg, forward: number | undefined, price: number): number | undefined {
    const { instrument } = leg;
    if (instrument.kind !== 'option' || forward === undefined) return undefined;
    const years = this.yearsTo(instrument.expiry, instrument.underlying, this.#parts.kernel.clock.now);
    return volatilityOf({ forward, price, years, strike: instrument.strike, right: instrument.right });
  }

  #legClosed(leg: Leg, reason: ExitReason): void {
    const agent = this.#agent(leg.structure.agent);
    agent.book.finish(leg);
    agent.book.legsToday += 1;
    leg.exitSpot = this.#parts.ladders.get(leg.structure.underlying)?.spot;
    const exitPrice = Math.round(leg.exitTurnover / (leg.exitLots * leg.lotSize));
    this.closedToday.push(leg);
    const ivExit = this.#volatility(leg, leg.exitSpot, exitPrice);
    this.#parts.recorder.out(legClosedRecord(leg, { reason, now: this.#parts.kernel.clock.now, ivExit }));
    this.#parts.ended({ kind: 'leg', leg, reason });
  }

  #structureClosed(structure: Structure, reason: ExitReason): void {
    const agent = this.#agentOf.get(structure.agent);
    if (agent !== undefined) takeOut(agent.structures, structure);
    const filled = structure.legs.filter((leg) => leg.entryLots > 0);
    if (filled.length === 0) {
      if (structure.place !== undefined) return;
      const text = `structure ${structure.id} ended without a fill`;
      this.#parts.recorder.out({ kind: 'note', agent: structure.agent, text });
      return this.#parts.ended({ kind: 'structure', structure, reason });
    }
    const net = Math.floor(structure.gross - structure.charges.total / FINE_PER_PAISA);
    this.#parts.kernel.risk.noteClosed({ agent: structure.agent, net, r: rTodayOf(structure) });
    this.#parts.recorder.out(structureClosedRecord(structure, filled, reason));
    this.#parts.ended({ kind: 'structure', structure, reason });
  }

  #recordState(
    event: Exclude<OrderEvent, { kind: 'order-filled' }>,
    { lots, order }: TrackedOrder,
    flow: 'in' | 'out',
  ): void {
    if (!this.#parts.recorder.listens) return;
    const { kind, tsExchange } = event;
    const reason = 'reason' in event ? event.reason : null;
    const terms = kind === 'order-modified' ? event.terms : null;
    const record = { kind, order: event.order, tsExchange, terms, reason };
    this.#parts.recorder.write(flow, kind === 'order-modified' && lots !== order.lots ? { ...record, lots } : record);
  }

  watch(slot: number): void {
    if (this.#parts.cache.watch(slot)) this.#parts.kernel.path?.watch(slot, this.#parts.kernel.clock.now);
  }

  unwatch(slot: number): void {
    if (this.#parts.cache.unwatch(slot)) this.#parts.kernel.path?.unwatch(slot);
  }
}
