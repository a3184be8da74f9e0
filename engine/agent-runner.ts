import type { Agent, Wish } from './agent.ts';
import { BrokenInvariant, invariant, StrategyMistake, unreachable } from './assert.ts';
import { AgentContext } from './context.ts';
import { RANK } from './event-queue.ts';
import type { Ended, Floor } from './floor.ts';
import type { KernelParts } from './kernel-parts.ts';
import type { DayHistory } from './market/day-history.ts';
import type { MarketCache } from './market/market-cache.ts';
import type { UnderlyingLadder } from './market/underlying-ladder.ts';
import type { Underlying } from './model/instrument.ts';
import type { AgentId, ExitReason, Fill } from './model/order.ts';
import type { IstTime } from './model/time.ts';
import { at, epochMs } from './model/time.ts';
import type { TrackedOrder } from './orders/order-store.ts';
import { Structure } from './orders/structure.ts';
import type { Recorder } from './recorder.ts';
import type { RiskView } from './risk/risk-view.ts';
import { riskGateOf } from './risk-gate.ts';
import type { AddPlan, EntryPlan, LegView } from './strategy.ts';

export interface RunnerParts {
  readonly kernel: KernelParts;
  readonly recorder: Recorder;
  readonly cache: MarketCache;
  readonly history: DayHistory;
  readonly ladders: ReadonlyMap<Underlying, UnderlyingLadder>;
  readonly agents: readonly Agent[];
  readonly floor: Floor;
  readonly priceNow: (slot: number) => number | undefined;
  /** The account as the RMS sees it. */
  readonly view: RiskView;
}

/** Calls strategies one handler at a time and carries out, after each, what it asked for. */
export class AgentRunner {
  readonly #parts: RunnerParts;
  readonly #contexts = new Map<Agent, AgentContext>();
  readonly #ended: Ended[] = [];

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    for (const agent of parts.agents) this.#contexts.set(agent, this.#makeContext(agent));
  }

  onSessionOpen(agent: Agent): void {
    this.#call(agent, (ctx) => agent.handlers.onSessionOpen?.(ctx));
  }

  onTimer(agent: Agent, name: string): void {
    this.#call(agent, (ctx) => agent.handlers.onTimer?.(ctx, name));
  }

  /** Runs once a minute and agent, so that it makes nothing on its way. */
  onMinute(agent: Agent): void {
    if (agent.handlers.onMinute === undefined || !agent.runs) return;
    try {
      agent.handlers.onMinute(this.#contextOf(agent));
      if (agent.outbox.length > 0) this.#emptyOutbox(agent);
    } catch (error) {
      this.#caught(agent, error);
    }
  }

  /** A price between closes, for those who follow the contract. */
  onQuote(slot: number, price: number): void {
    for (const agent of this.#parts.agents) {
      const contract = agent.followed.get(slot);
      if (contract !== undefined) this.#call(agent, (ctx) => agent.handlers.onQuote?.(ctx, contract, price));
    }
  }

  onFill(fill: Fill, { order, leg }: TrackedOrder): void {
    const agent = this.#agentOf(order.agent);
    if (agent?.handlers.onFill === undefined) return;
    this.#call(agent, (ctx) => agent.handlers.onFill?.(ctx, fill, leg, leg.structure));
  }

  /** Calls a strategy. One that throws is quarantined and its lots are closed; a broken invariant stops the run. */
  #call(agent: Agent, handler: (ctx: AgentContext) => void): void {
    if (!agent.runs) return;
    try {
      handler(this.#contextOf(agent));
      this.#emptyOutbox(agent);
    } catch (error) {
      this.#caught(agent, error);
    }
  }

  #emptyOutbox(agent: Agent): void {
    for (let wish = agent.outbox.shift(); wish !== undefined; wish = agent.outbox.shift()) this.#carryOut(agent, wish);
  }

  #caught(agent: Agent, error: unknown): void {
    if (error instanceof BrokenInvariant) throw error;
    this.#quarantine(agent, error instanceof Error ? error.message : String(error));
  }

  #contextOf(agent: Agent): AgentContext {
    const ctx = this.#contexts.get(agent);
    invariant(ctx !== undefined, 'an agent has no context');
    return ctx;
  }

  #agentOf(id: AgentId): Agent | undefined {
    for (const agent of this.#parts.agents) if (agent.id === id) return agent;
    return undefined;
  }

  /** Notes that a leg or structure ended; its agent is told after the present step. */
  noteEnded(end: Ended): void {
    this.#ended.push(end);
  }

  /** Tells agents what ended; whether anything did. */
  tellEnded(): boolean {
    if (this.#ended.length === 0) return false;
    for (let end = this.#ended.shift(); end !== undefined; end = this.#ended.shift()) this.#tell(end);
    return true;
  }

  /** Closes the lots of an agent, a segment, or everyone. */
  flatten(scope: string, reason: ExitReason): void {
    const { desk } = this.#parts.floor;
    const legs = [...desk.open].filter(inScope(scope)).flatMap((structure) => structure.legs);
    desk.exit(legs, reason);
  }

  #tell(end: Ended): void {
    const structure = end.kind === 'leg' ? end.leg.structure : end.structure;
    const agent = this.#agentOf(structure.agent);
    if (agent === undefined) return;
    const { reason } = end;
    if (end.kind === 'structure') {
      if (agent.handlers.onStructureClosed === undefined) return;
      return this.#call(agent, (ctx) => agent.handlers.onStructureClosed?.(ctx, structure, reason));
    }
    if (agent.handlers.onLegClosed === undefined) return;
    const leg: LegView = end.leg;
    this.#call(agent, (ctx) => agent.handlers.onLegClosed?.(ctx, leg, structure, reason));
  }

  #carryOut(agent: Agent, wish: Wish): void {
    const { desk } = this.#parts.floor;
    switch (wish.kind) {
      case 'enter':
        return this.answer(agent, wish.plan, this.#parts.floor.enter(agent, wish.plan));
      case 'add':
        return this.answer(agent, wish.plan, this.#parts.floor.add(own(wish.plan.structure), wish.plan));
      case 'rest':
        return this.#parts.floor.rest(agent, wish.wish);
      case 'withdraw':
        return this.#parts.floor.resting.withdraw(agent.id, wish.place, wish.reason);
      case 'exit':
        return desk.exitStructure(own(wish.structure), wish.reason);
      case 'flatten':
        return this.flatten(agent.id, wish.reason);
      case 'move-guard':
        desk.guards.move({ structure: own(wish.structure), name: wish.guard, tag: wish.leg, level: wish.level });
        return undefined;
      default:
        return unreachable(wish);
    }
  }

  /** Journals a signal as taken or with the gate that refused it. */
  answer(agent: Agent, { signal, seen }: EntryPlan | AddPlan, gate: string | undefined): void {
    const taken = gate === undefined;
    const ctx = this.#contextOf(agent);
    if (ctx.isTraced) ctx.trace('signal', { name: signal, taken, gate: gate ?? null, ...seen });
    // A signal that was taken is the last word on it: a gate that stood before is new after it.
    if (!(agent.gateIsNew(signal, gate ?? '', seen) || taken)) return;
    this.#parts.recorder.out({ kind: 'signal', agent: agent.id, name: signal, taken, gate: gate ?? null, seen });
  }

  #quarantine(agent: Agent, reason: string): void {
    agent.quarantined = reason;
    agent.outbox.length = 0;
    this.#parts.recorder.out({ kind: 'quarantined', agent: agent.id, reason });
    this.flatten(agent.id, 'RISK');
  }

  #atTime(agent: Agent, time: IstTime, name: string): void {
    const { kernel, floor, recorder } = this.#parts;
    const due = epochMs(at(floor.today.day, time) + kernel.settings.closeGraceMs);
    if (due < kernel.clock.now) {
      const text = `timer ${name} at ${time} lapsed: that time has passed`;
      return recorder.out({ kind: 'note', agent: agent.id, text });
    }
    kernel.queue.push(due, RANK.marketTimer, { kind: 'timer-fired', owner: 'agent', agent: agent.id, name });
  }

  #makeContext(agent: Agent): AgentContext {
    const { kernel, cache, history, ladders, floor, recorder, priceNow } = this.#parts;
    const ladder = ladders.get(agent.segment);
    invariant(ladder !== undefined, `no ladder for ${agent.segment}`);
    return new AgentContext({
      agent,
      clock: kernel.clock,
      cache,
      history,
      ladder,
      contracts: kernel.contracts,
      freshMs: kernel.settings.freshMs,
      day: () => floor.today.day,
      priceNow,
      at: (time, name) => this.#atTime(agent, time, name),
      follow: (slot) => floor.watch(slot),
      unfollow: (slot) => floor.unwatch(slot),
      resting: (place) => floor.resting.view(agent.id, place),
      riskGate: (plan) => riskGateOf(this.#parts, agent, plan),
      trace: () => (recorder.isMuted ? undefined : kernel.trace),
      skipped: (name, gate, seen) => recorder.out({ kind: 'signal', agent: agent.id, name, taken: false, gate, seen }),
      noted: (text) => recorder.out({ kind: 'note', agent: agent.id, text }),
    });
  }
}

function own(view: unknown): Structure {
  if (view instanceof Structure) return view;
  throw new StrategyMistake('a strategy may only name structures that it was given');
}

/** Picks the structures of an agent, a segment, or everyone. */
export function inScope(scope: string): (structure: Structure) => boolean {
  return ({ agent, underlying }) => scope === 'all' || agent === scope || underlying === scope;
}
