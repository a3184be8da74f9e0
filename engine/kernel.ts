import { AgentBook } from './account/agent-book.ts';
import { MoneyLog } from './account/money-log.ts';
import { accountView } from './account-view.ts';
import { Agent } from './agent.ts';
import { agentDay } from './agent-day.ts';
import { AgentRunner, inScope } from './agent-runner.ts';
import { broken, invariant } from './assert.ts';
import { closeBooks } from './day-close.ts';
import { RANK } from './event-queue.ts';
import { Floor } from './floor.ts';
import type { MoneyMinutes } from './journal.ts';
import type { AgentPlan, KernelParts } from './kernel-parts.ts';
import { idOf } from './kernel-parts.ts';
import { DayHistory } from './market/day-history.ts';
import { MarketCache } from './market/market-cache.ts';
import { chainsOf } from './market/option-chain.ts';
import { levelCandle, UnderlyingLadder } from './market/underlying-ladder.ts';
import type { CandleFrame } from './model/candle-frame.ts';
import type {
  InputEvent,
  MinuteClosed,
  MinuteDrawn,
  OperatorCommanded,
  OrderEvent,
  ScheduledEvent,
  SessionClosed,
  SessionOpened,
} from './model/event.ts';
import type { Instrument, Underlying } from './model/instrument.ts';
import type { AgentId, ExitReason } from './model/order.ts';
import type { EpochMs } from './model/time.ts';
import { epochMs } from './model/time.ts';
import { Numbered } from './numbered.ts';
import type { DeskTask } from './orders/desk-parts.ts';
import { Recorder } from './recorder.ts';
import type { Mark } from './risk/money-watch.ts';
import type { RiskAct, RiskView } from './risk/risk-view.ts';
import { actRecord, recordCaps } from './risk-records.ts';
import { venueRules } from './venue-rules.ts';
import { WatchedPrices } from './watched-prices.ts';

const AT_CLOSE: Mark = { kind: 'minute' };

/** The one loop: takes what came in, runs what is due, and leaves records and orders behind. */
export class Kernel {
  readonly #parts: KernelParts;
  readonly #recorder: Recorder;
  readonly #cache = new MarketCache();
  readonly #history = new DayHistory();
  readonly #ladders = new Map<Underlying, UnderlyingLadder>();
  readonly #agents: readonly Agent[];
  readonly #floor: Floor;
  readonly #runner: AgentRunner;
  readonly #prices: WatchedPrices;
  readonly #money: MoneyLog;
  readonly #view: RiskView;
  readonly #laddersInUse: readonly UnderlyingLadder[];
  /** The ladder of each agent, in their order. */
  readonly #ladderOf: readonly (UnderlyingLadder | undefined)[];
  readonly #tasks = new Numbered<DeskTask>();
  #session: SessionOpened | undefined;

  constructor(parts: KernelParts) {
    this.#parts = parts;
    this.#recorder = new Recorder(parts);
    this.#agents = parts.agents.map(agentOf);
    for (const { segment } of this.#agents) {
      const ladder = new UnderlyingLadder({ underlying: segment, carryPerYear: parts.settings.carryPerYear });
      if (!this.#ladders.has(segment)) this.#ladders.set(segment, ladder);
    }
    this.#laddersInUse = [...this.#ladders.values()];
    this.#ladderOf = this.#agents.map(({ segment }) => this.#ladders.get(segment));
    this.#money = new MoneyLog(this.#agents.map(({ id }) => id));
    this.#view = accountView({
      kernel: parts,
      agents: this.#agents,
      floor: () => this.#floor,
      ladders: this.#ladders,
      session: () => this.#session,
    });
    this.#floor = new Floor({
      kernel: parts,
      recorder: this.#recorder,
      cache: this.#cache,
      history: this.#history,
      ladders: this.#ladders,
      agents: this.#agents,
      priceNow: (slot) => this.#priceNow(slot),
      review: (request) => parts.risk.review(request, this.#view),
      later: (ts, task) => this.#later(ts, task),
      tell: (event) => parts.queue.push(parts.clock.now, RANK.report, event),
      halt: (agent, cause) => this.#carryOut(parts.risk.haltAgent(agent, cause), 'RISK'),
      ended: (end) => this.#runner.noteEnded(end),
      answered: (agent, plan, gate) => this.#runner.answer(agent, plan, gate),
    });
    this.#prices = new WatchedPrices({
      kernel: parts,
      cache: this.#cache,
      agents: this.#agents,
      floor: this.#floor,
      watchMoney: (mark) => this.#actOnRisk(mark),
    });
    this.#runner = new AgentRunner({
      kernel: parts,
      recorder: this.#recorder,
      cache: this.#cache,
      history: this.#history,
      ladders: this.#ladders,
      agents: this.#agents,
      floor: this.#floor,
      priceNow: (slot) => this.#priceNow(slot),
      view: this.#view,
    });
  }

  /** Money per minute and agent so far. */
  get money(): MoneyMinutes {
    return this.#money.minutes();
  }

  /** Contracts of which somebody holds lots or has orders: they must be in tomorrow's data. */
  get held(): readonly Instrument[] {
    return this.#floor.desk.held;
  }

  /** Gross less charges of all agents since the run began, whole paise, rounded down. */
  get net(): number {
    return this.#view.margin.netOfRun;
  }

  /** Why agents no longer run, by their ids. */
  get quarantined(): ReadonlyMap<AgentId, string> {
    return new Map(this.#agents.flatMap(({ id, quarantined: why }) => (why === undefined ? [] : [[id, why] as const])));
  }

  /** Plays inputs in their order; where a batch ends cannot be seen in what comes out. */
  play(batch: readonly InputEvent[]): void {
    for (const event of batch) {
      this.#parts.queue.admit(event);
      this.#runDue(event.ts);
      this.#parts.clock.advanceTo(event.ts);
      this.#handle(event);
    }
  }

  /** Until `beginRun` nothing is journaled: the strategies run on books that are thrown away then. */
  beginWarmUp(): void {
    this.#recorder.mute(true);
    this.#parts.risk.beginWarmUp();
  }

  /** Ends the warm-up: books, orders and plans begin anew, flat; what strategies and larger candles learned stays. */
  beginRun(): void {
    this.#recorder.mute(false);
    this.#floor.reset();
    this.#parts.risk.beginRun();
    this.#parts.venue?.reset();
    this.#parts.queue.clear();
    this.#tasks.takeAll();
    this.#money.clear();
    for (const agent of this.#agents) {
      agent.book.reset();
      agent.structures.length = 0;
      const short = agent.trimSeries();
      invariant(
        short === undefined,
        `${agent.id} has ${short?.found} of ${short?.wanted} closed candles of ${short?.span} after its warm-up`,
      );
    }
  }

  #handle(event: InputEvent): void {
    switch (event.kind) {
      case 'session-opened':
        return this.#openSession(event);
      case 'minute-drawn':
        return this.#drawMinute(event);
      case 'minute-closed':
        return this.#closeMinute(event);
      case 'quote-changed':
        return this.#onQuote(event.slot, event.price, true);
      case 'session-closed':
        return this.#closeSession(event);
      case 'operator-commanded':
        return this.#command(event);
      case 'clock-ticked':
        return undefined;
      default:
        return this.#onOrderEvent(event, 'in');
    }
  }

  /** Everything planned that is due before an input, in time; clock times of the market come after the minute they wait for. */
  #runDue(until: EpochMs): void {
    const { queue, path, clock } = this.#parts;
    if (this.#prices.playCalm(until)) return;
    while (true) {
      const quoteTs = path === undefined ? Number.POSITIVE_INFINITY : path.nextTs(clock.now);
      const planTs = queue.nextTs;
      if (quoteTs <= planTs) {
        if (quoteTs > until || path === undefined) return;
        const quote = path.next();
        clock.advanceTo(quote.ts);
        this.#onQuote(quote.slot, quote.price, quote.isPoint);
      } else {
        if (planTs > until || (planTs === until && queue.nextRank === RANK.marketTimer)) return;
        clock.advanceTo(planTs as EpochMs);
        this.#runPlan(queue.pop());
      }
    }
  }

  #runPlan(event: ScheduledEvent): void {
    if (event.kind === 'request-arrived') return this.#parts.venue?.arrive(event.request);
    if (event.kind !== 'timer-fired') return this.#onOrderEvent(event, 'out');
    if (event.owner === 'desk') {
      const task = this.#tasks.take(event.task);
      if (task !== undefined) this.#floor.desk.onTask(task);
      return this.#tellEnded();
    }
    const agent = this.#agents.find(({ id }) => id === event.agent);
    if (agent !== undefined) this.#runner.onTimer(agent, event.name);
  }

  #openSession(event: SessionOpened): void {
    const { path, venue, levels, risk } = this.#parts;
    const last = event.planned.at(-1);
    invariant(last !== undefined, `the session of ${event.day} has no planned window`);
    this.#session = event;
    this.#recorder.came({
      kind: 'session-opened',
      day: event.day,
      special: event.special,
      windows: event.windows.map(({ open, close }) => [open, close] as const),
      intervalMs: event.intervalMs,
    });
    levels.clear();
    this.#cache.openDay(event.instruments);
    this.#history.openDay();
    path?.openDay(event.instruments);
    const chains = chainsOf(event.instruments);
    for (const [underlying, ladder] of this.#ladders) {
      const { day, instruments, indexLiveUntil } = event;
      ladder.openDay({ day, instruments, chains: chains.get(underlying) ?? [], indexLiveUntil });
    }
    venue?.openDay(venueRules(event, this.#parts, this.#ladders));
    this.#floor.openDay({ day: event.day, windows: event.windows, lastClose: last.close });
    this.#floor.desk.openDay();
    for (const agent of this.#agents) {
      agent.openDay(agentDay(event, agent, this.#parts.contracts));
      agent.book.openDay();
    }
    this.#carryOut(risk.openDay(this.#view), 'RISK');
    const end = risk.entriesEnd(this.#view);
    this.#later(end.at, { kind: 'entries-end', reason: end.reason });
    recordCaps(this.#recorder, 'day-cap-set', { day: event.day, caps: risk.caps });
    for (const agent of this.#agents) this.#runner.onSessionOpen(agent);
  }

  #onQuote(slot: number, price: number, isMark: boolean): void {
    this.#prices.onQuote(slot, price, isMark);
    this.#tellEnded();
    if (isMark) this.#runner.onQuote(slot, price);
  }

  #drawMinute({ frame }: MinuteDrawn): void {
    this.#parts.path?.drawMinute(frame);
    this.#parts.venue?.beginMinute();
  }

  /**
   * What a minute came to is written and judged before any strategy acts on it, as it is on quotes: no limit is reached in the instant in
   * which somebody still enters. What strategies ask for here moves no money before its orders fill.
   */
  #closeMinute({ frame }: MinuteClosed): void {
    this.#cache.closeMinute(frame);
    this.#history.closeMinute(frame);
    for (const ladder of this.#laddersInUse) ladder.closeMinute(frame);
    for (let index = 0; index < this.#agents.length; index += 1) this.#lookAround(index, frame);
    this.#prices.markAll();
    this.#floor.desk.guards.onMinute(this.#floor.desk.open);
    for (let index = 0; index < this.#agents.length; index += 1) {
      const { book } = this.#agents[index] as Agent;
      book.recount();
      this.#money.add(this.#parts.clock.now, index, book);
    }
    this.#actOnRisk(AT_CLOSE);
    this.#tellEnded();
    for (const agent of this.#agents) this.#runner.onMinute(agent);
  }

  /** Feeds an agent's larger candles and moves its window of strikes. */
  #lookAround(index: number, frame: CandleFrame): void {
    const [agent, ladder] = [this.#agents[index], this.#ladderOf[index]];
    if (agent === undefined || ladder?.spot === undefined || ladder.rung === 'none') return;
    agent.recentre(ladder.spot);
    if (agent.universe.series === undefined) return;
    if (agent.hasSeries('underlying')) agent.feed('underlying', levelCandle(ladder, frame), frame.intervalMs);
    const future = agent.today?.future?.slot;
    if (future === undefined || !agent.hasSeries('future')) return;
    const candle = this.#history.lastOf(future);
    if (candle !== undefined) agent.feed('future', candle, frame.intervalMs);
  }

  #onOrderEvent(event: OrderEvent, flow: 'in' | 'out'): void {
    const { tracked, fill } = this.#floor.apply(event, flow);
    if (fill !== undefined) this.#runner.onFill(fill, tracked);
    this.#tellEnded();
  }

  /** A human's word: the RMS answers it, the journal holds both, and what is to be closed is closed. */
  #command(event: OperatorCommanded): void {
    const { command, scope, by } = event;
    this.#recorder.came({ kind: 'operator-commanded', command, scope, by });
    const { acts, refusal } = this.#parts.risk.command(command, scope);
    if (refusal !== undefined)
      this.#recorder.out({ kind: 'note', agent: null, text: `${command} ${scope}: ${refusal}` });
    this.#carryOut(acts, 'MANUAL');
  }

  /** What closed has its say in the account's risk first, then its agent hears of it and may enter again in the same step. */
  #tellEnded(): void {
    this.#carryOut(this.#parts.risk.takeActs(), 'RISK');
    if (this.#runner.tellEnded()) this.#parts.risk.endCycles(this.#view);
  }

  #actOnRisk(mark: Mark): void {
    const acts = this.#parts.risk.onMarks(this.#view, mark);
    if (acts.length > 0) this.#carryOut(acts, 'RISK');
  }

  #carryOut(acts: readonly RiskAct[], reason: ExitReason): void {
    for (const each of acts) {
      const { scope, act } = each;
      this.#recorder.out(actRecord(each));
      if (act === 'halt') this.#floor.desk.withdrawals.cancelEntries(inScope(scope));
      if (act === 'flatten') this.#runner.flatten(scope, reason);
    }
  }

  #closeSession(event: SessionClosed): void {
    const session = this.#session;
    if (session?.day !== event.day) broken(`the session of ${event.day} was never opened`);
    this.#recorder.came({ kind: 'session-closed', day: event.day });
    this.#parts.venue?.closeDay();
    this.#floor.desk.closeDay();
    this.#runDue(event.ts);
    for (const id of this.#floor.store.alive())
      this.#onOrderEvent({ kind: 'order-expired', order: id, tsExchange: event.ts }, 'out');
    closeBooks({
      session,
      event,
      floor: this.#floor,
      agents: this.#agents,
      ladders: this.#ladders,
      history: this.#history,
      cache: this.#cache,
      recorder: this.#recorder,
      charges: this.#parts.charges,
      contracts: this.#parts.contracts,
      caps: this.#parts.risk.caps,
      now: event.ts,
    });
    this.#tellEnded();
    for (const agent of this.#agents) agent.closeDay();
    this.#floor.store.forgetEnded();
    // Whatever was still planned was planned for this day: its prices and its orders are gone.
    this.#parts.queue.clear();
    this.#tasks.takeAll();
  }

  /** What may be read of a slot now, on the line of the path where one is played. */
  #priceNow(slot: number): number | undefined {
    if (slot < 0) return undefined;
    const { path, clock } = this.#parts;
    const onPath = this.#cache.isWatched(slot) ? path?.valueAt(slot, clock.now) : undefined;
    return onPath ?? this.#cache.priceOf(slot);
  }

  #later(ts: EpochMs, task: DeskTask): void {
    const number = this.#tasks.put(task);
    const due = epochMs(Math.max(ts, this.#parts.clock.now));
    const rank = task.kind === 'square-off' ? RANK.marketTimer : RANK.timer;
    this.#parts.queue.push(due, rank, { kind: 'timer-fired', owner: 'desk', task: number });
  }
}

function agentOf(plan: AgentPlan): Agent {
  const id = idOf(plan);
  return new Agent({ ...plan, id, book: new AgentBook(id) });
}
