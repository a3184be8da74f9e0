import { BrokenInvariant, broken } from '../assert.ts';
import type { OperatorCommanded } from '../model/event.ts';
import type { Underlying } from '../model/instrument.ts';
import type { AgentId, ApprovedOrder, Order } from '../model/order.ts';
import type { Day, EpochMs } from '../model/time.ts';
import { at, epochMs, istTimeOf, MINUTE_MS } from '../model/time.ts';
import { rupeesText } from '../model/units.ts';
import type { EntryRequest, Verdict } from '../model/verdict.ts';
import type { CommandAnswer, Halt } from './halts.ts';
import { ALL, actOf, Halts, NO_ACTS } from './halts.ts';
import { checkAgentRisk, limitsMarks } from './money-limits.ts';
import type { MoneyRule } from './money-rules.ts';
import { LOSSES_IN_A_ROW, MONEY_RULES } from './money-rules.ts';
import type { Level, Mark } from './money-watch.ts';
import { MoneyWatch, Proof } from './money-watch.ts';
import type { AgentMoney, ClosedResult, DayCap, RiskAct, RiskView } from './risk-view.ts';
import type { RmsSettings } from './rms-settings.ts';
import { checkRmsSettings, squareOffOf } from './rms-settings.ts';
import type { EntryOrder, RmsState, RuleContext } from './rule.ts';
import { RMS_RULES } from './rules.ts';
import type { Standing } from './standing.ts';
import { redFlags } from './standing.ts';

const APPROVED: Verdict = { kind: 'approved' };

/** A limit of one scope, and how far it is proven to be reached. */
interface Check {
  readonly rule: MoneyRule;
  readonly watch: MoneyWatch;
  readonly proof: Proof;
}

/**
 * Reviews each order before it leaves and watches the account's money. It remembers, for the day, the worst and best net of the
 * account, of each segment and of each agent with limits of its own, and what was halted; an operator's halts outlive the day.
 */
export class Rms implements RmsState {
  readonly #settings: RmsSettings;
  readonly #halts = new Halts();
  #isWarmUp = false;
  /** Whether past runs were looked at already. */
  #flagged = false;
  readonly #standings: ReadonlyMap<AgentId, Standing>;
  #watchesMarks: boolean;
  /** Whether a limit asks for the best net of the present positions. */
  #followsCycles = false;
  #day: Day | undefined;
  #account: MoneyWatch;
  #segments: MoneyWatch[] = [];
  /** The watches of each agent, the widest first, in the order of the view. */
  #scopes: (readonly MoneyWatch[])[] = [];
  readonly #scopesOfAgent = new Map<AgentId, readonly MoneyWatch[]>();
  readonly #segmentOf: Underlying[] = [];
  /** Every watch, the widest first. */
  #watches: MoneyWatch[] = [];
  /** Every limit that is set, in the order in which they are looked at, the widest scope of each first. */
  #checks: readonly Check[] = [];
  readonly #pending: RiskAct[] = [];

  constructor(parts: {
    readonly settings: RmsSettings;
    /** What the strategies of agents came to in past runs; none where nobody looked. */
    readonly standings?: ReadonlyMap<AgentId, Standing> | undefined;
  }) {
    checkRmsSettings(parts.settings);
    this.#settings = parts.settings;
    this.#standings = parts.standings ?? new Map();
    this.#watchesMarks = limitsMarks(parts.settings) || limitsMarks(parts.settings.perSegment);
    this.#account = this.#watch(ALL, 'account', undefined);
  }

  /** Whether a mark between closes of a minute can make it act; without such a limit nobody asks what a mark came to. */
  get watchesMarks(): boolean {
    return this.#watchesMarks;
  }

  /** Until `beginRun` books are paper that is thrown away: what past runs came to halts nothing there. */
  beginWarmUp(): void {
    this.#isWarmUp = true;
  }

  /** Forgets what a warm-up led to, so that the first day does not lift halts that nobody was told of. */
  beginRun(): void {
    this.#isWarmUp = false;
    this.#halts.beginRun();
    this.#pending.length = 0;
  }

  /** Begins a day: money starts anew, the caps of the day are set, and the halts of the day before lapse, which the acts say. */
  openDay(view: RiskView): readonly RiskAct[] {
    this.#day = view.day;
    const { capital } = this.#settings;
    this.#account = this.#watch(ALL, 'account', capital === undefined ? undefined : capital + view.margin.netOfRun);
    this.#watches = [this.#account];
    this.#segments = [];
    this.#scopes = view.agents.map((agent) => this.#scopesFor(agent));
    view.agents.forEach(({ agent, segment }, index) => {
      this.#halts.know(agent, segment);
      this.#segmentOf[index] = segment;
      this.#scopesOfAgent.set(agent, this.#scopes[index] ?? []);
    });
    this.#watches.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
    this.#checks = this.#checksOf();
    this.#watchesMarks = this.#watches.some(({ limits }) => limitsMarks(limits));
    this.#followsCycles = this.#watches.some(({ limits }) => limits.rollingProfit !== undefined);
    this.#flagStandings();
    this.#see(view);
    return this.#halts.openDay();
  }

  /** One verdict an order: the first rule that fails denies it. Orders that only reduce never meet a rule. */
  review(request: EntryRequest, view: RiskView): readonly Verdict[] {
    this.#see(view);
    const context: RuleContext = { request, view, settings: this.#settings, state: this };
    return request.orders.map((order) => (isEntry(order) ? reviewEntry(order, context) : this.reviewExit(order)));
  }

  /** Lets every order through that can only bring own lots nearer to zero; no rule and no halt is looked at. */
  reviewExit(order: Order): Verdict {
    if (!order.reduceOnly) broken(`order ${order.id} adds risk and has to pass the rules`);
    return APPROVED;
  }

  /** The only place where an order becomes one that may be submitted. */
  approve(order: Order, verdict: Verdict): ApprovedOrder {
    if (verdict.kind !== 'approved') broken(`order ${order.id} was denied and cannot be approved`);
    return order as ApprovedOrder;
  }

  /** Takes note of a structure that is flat again; a row of losses halts from this instant on, and what to do about it is taken later. */
  noteClosed(result: ClosedResult): void {
    for (const watch of this.scopesOf(result.agent)) {
      watch.noteClosed(result);
      if (watch.rowEnded || watch.isStopped || !LOSSES_IN_A_ROW.isBeyond(watch, this.#settings)) continue;
      watch.rowEnded = true;
      this.#pending.push(...this.#breach(LOSSES_IN_A_ROW, watch));
    }
  }

  /** What closed structures led to since it was asked last. */
  takeActs(): readonly RiskAct[] {
    return this.#pending.length === 0 ? NO_ACTS : this.#pending.splice(0);
  }

  /** Takes the money as it stands after a mark and says what must be done, limit by limit in their order. */
  onMarks(view: RiskView, mark: Mark): readonly RiskAct[] {
    if (this.#checks.length === 0) return NO_ACTS;
    this.#see(view);
    if (this.#account.stopped) return NO_ACTS;
    for (const watch of this.#watches) watch.followCycle();
    let acts = NO_ACTS;
    for (const { rule, watch, proof } of this.#checks) {
      if (watch.isStopped) continue;
      if (!proof.completedBy(rule.isBeyond(watch, this.#settings), view.now, mark)) continue;
      acts = [...acts, ...this.#breach(rule, watch)];
      if (this.#account.stopped) return acts;
    }
    return acts;
  }

  /** Something ended in the step that is over: positions of which nothing is left or on its way begin anew with the next entry. */
  endCycles(view: RiskView): void {
    if (!this.#followsCycles) return;
    this.#count(view);
    for (const watch of this.#watches) watch.endCycle();
  }

  /** Halts one agent for the day because its legs cannot be protected; what it holds leaves by its own rules. */
  haltAgent(
    agent: AgentId,
    { limit, reason }: { readonly limit: number; readonly reason: string },
  ): readonly RiskAct[] {
    return this.#halts.add({ scope: agent, by: 'rms', rule: 'unprotected-legs', limit, value: limit, reason });
  }

  /** Obeys a human's word for an agent, a segment or `all`. A halt of the day's limits is not lifted by it. */
  command(command: OperatorCommanded['command'], scope: string): CommandAnswer {
    return this.#halts.command(command, scope);
  }

  /** The first instant of the day at which the clock lets nothing in any more, as the rules ask it. */
  entriesEnd(view: Pick<RiskView, 'day' | 'closesAt'>): { readonly at: EpochMs; readonly reason: string } {
    const { entryTo, squareOffQuietMs } = this.#settings;
    const quiet = squareOffOf(this.#settings, view) - squareOffQuietMs;
    const after = entryTo === undefined ? Number.POSITIVE_INFINITY : at(view.day, entryTo) + MINUTE_MS;
    if (after <= quiet) return { at: epochMs(after), reason: `entries end with the minute ${entryTo}` };
    return { at: epochMs(quiet), reason: `nothing is entered from ${istTimeOf(epochMs(quiet))}` };
  }

  /** Why an agent may not enter now; undefined where no halt covers it. */
  halted(agent: AgentId): Halt | undefined {
    return this.#halts.of(agent);
  }

  get account(): MoneyWatch {
    return this.#account;
  }

  scopesOf(agent: AgentId): readonly MoneyWatch[] {
    return this.#scopesOfAgent.get(agent) ?? broken(`the RMS was opened without agent ${agent}`);
  }

  /** The caps of today with the worst loss so far and what it leaves, the widest scope first; none where nothing is capped. */
  get caps(): readonly DayCap[] {
    return this.#watches.flatMap(({ scope, cap, worst, remaining }) =>
      cap === undefined || remaining === undefined ? [] : [{ scope, cap, worst, remaining }],
    );
  }

  /** Paise that the loss cap of the account, a segment or an agent still leaves today; undefined without a cap. Never rises within a day. */
  remainingOf(scope: string): number | undefined {
    return this.#watches.find((watch) => watch.scope === scope)?.remaining;
  }

  #scopesFor({ agent, segment, limits }: AgentMoney): readonly MoneyWatch[] {
    let whole = this.#segments.find(({ scope }) => scope === segment);
    if (whole === undefined) {
      whole = this.#watch(segment, 'segment', this.#account.equity);
      this.#segments.push(whole);
      this.#watches.push(whole);
    }
    checkAgentRisk(limits, ` of ${agent}`);
    if (limits.lossPerDayPct !== undefined && this.#settings.capital === undefined)
      broken(`lossPerDayPct of ${agent} is a share of the capital, and no capital is set`);
    const isWatched = [...MONEY_RULES, LOSSES_IN_A_ROW].some((rule) => rule.isNamed(limits));
    if (!isWatched) return [this.#account, whole];
    const { equity } = this.#account;
    const own = new MoneyWatch({ scope: agent, level: 'agent', limits, equity, within: whole });
    this.#watches.push(own);
    return [this.#account, whole, own];
  }

  #watch(scope: string, level: Exclude<Level, 'agent'>, equity: number | undefined): MoneyWatch {
    const isAccount = level === 'account';
    const limits = isAccount ? this.#settings : this.#settings.perSegment;
    return new MoneyWatch({ scope, level, limits, equity, within: isAccount ? undefined : this.#account });
  }

  #checksOf(): readonly Check[] {
    const { marksApartMs } = this.#settings;
    return MONEY_RULES.flatMap((rule) =>
      this.#watches
        .filter((watch) => rule.isNamed(watch.limits))
        .map((watch) => ({ rule, watch, proof: new Proof(marksApartMs) })),
    );
  }

  /** Red flags of past runs halt once, when the first day begins; what an operator resumed stays resumed. */
  #flagStandings(): void {
    if (this.#flagged || this.#isWarmUp) return;
    this.#flagged = true;
    for (const [agent, standing] of this.#standings) {
      for (const { rule, limit, value, reason } of redFlags(standing, this.#settings.standing))
        this.#halts.add({ scope: agent, by: 'standing', rule, limit, value, reason });
    }
  }

  /** Adds the agents up and remembers the worst and the best; runs on every mark, so it allocates nothing. */
  #see(view: RiskView): void {
    this.#count(view);
    for (const watch of this.#watches) watch.settle();
  }

  #count({ day, agents }: RiskView): void {
    if (day !== this.#day || agents.length !== this.#scopes.length) this.#refuseView(day, agents.length);
    for (const watch of this.#watches) watch.begin();
    for (let i = 0; i < agents.length; i += 1) {
      const agent = agents[i] as AgentMoney;
      if (agent.segment !== this.#segmentOf[i]) broken(`agent ${agent.agent} stood elsewhere when the day began`);
      for (const watch of this.#scopes[i] as readonly MoneyWatch[]) watch.add(agent);
    }
  }

  #refuseView(day: Day, agents: number): never {
    throw new BrokenInvariant(
      `the RMS was opened for ${this.#day} with ${this.#scopes.length} agents and is shown ${day} with ${agents}`,
    );
  }

  #breach(rule: MoneyRule, watch: MoneyWatch): readonly RiskAct[] {
    const { scope, level } = watch;
    const { limit, value, reason } = rule.reached(watch, this.#settings);
    const name = rule.name(level);
    const halt: Halt = { scope, by: 'rms', rule: name, limit, value, reason: `${reason}${leftText(rule, watch)}` };
    if (name === 'profit-target') watch.targetReached = true;
    const acts = this.#halts.add(halt);
    if (rule.act(watch, this.#settings) === 'halt') return acts;
    watch.stopped = true;
    return [...acts, actOf('flatten', halt)];
  }
}

const LEVELS: readonly Level[] = ['account', 'segment', 'agent'];

/** The cap's own breach tells of the cap; every other says what it left. */
function leftText(rule: MoneyRule, { cap, remaining, worst }: MoneyWatch): string {
  if (rule.isCap === true || cap === undefined || remaining === undefined) return '';
  return `; the worst loss of ${rupeesText(worst)} left ${rupeesText(remaining)} of the cap of ${rupeesText(cap)}`;
}

function isEntry(order: Order): order is EntryOrder {
  return !order.reduceOnly;
}

function reviewEntry(order: EntryOrder, context: RuleContext): Verdict {
  for (const rule of RMS_RULES) {
    const denial = rule.review(order, context);
    if (denial !== undefined) return denial;
  }
  return APPROVED;
}
