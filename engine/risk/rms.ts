import { BrokenInvariant, broken, unreachable } from '../assert.ts';
import type { OperatorCommanded } from '../model/event.ts';
import type { Underlying } from '../model/instrument.ts';
import type { AgentId, ApprovedOrder, Order } from '../model/order.ts';
import type { Day, EpochMs } from '../model/time.ts';
import { rupeesText } from '../model/units.ts';
import type { EntryRequest, Verdict } from '../model/verdict.ts';
import type { Mark, ScopeMoney } from './money-watch.ts';
import { MoneyWatch, Proof } from './money-watch.ts';
import type { AgentMoney, RiskAct, RiskView } from './risk-view.ts';
import type { RmsSettings } from './rms-settings.ts';
import { checkRmsSettings, limitsMoney } from './rms-settings.ts';
import type { EntryOrder, Halt, RmsState, RuleContext } from './rules.ts';
import { haltText, RMS_RULES, remainingLoss } from './rules.ts';

/** What an operator's command leads to; `refusal` says why something stays as it was. */
export interface CommandAnswer {
  readonly acts: readonly RiskAct[];
  readonly refusal: string | undefined;
}

/** A limit of the day that was proven to be reached. */
type Breach = Omit<Halt, 'by'>;

const ALL = 'all';
const APPROVED: Verdict = { kind: 'approved' };
const NO_ACTS: readonly RiskAct[] = [];

/**
 * Reviews each order before it leaves and watches the account's money. It remembers, for the day, the worst and best net of the
 * account and of each segment, and what was halted; an operator's halts outlive the day.
 */
export class Rms implements RmsState {
  readonly #settings: RmsSettings;
  /** Whether any limit is one of money; without one nobody asks what a mark came to. */
  readonly watchesMarks: boolean;
  #day: Day | undefined;
  #account: MoneyWatch;
  #lock: Proof;
  #target: Proof;
  /** Everything was flattened and halted for the day; the watch has nothing left to do. */
  #stopped = false;
  #segments: MoneyWatch[] = [];
  /** The segment's watch of each agent, in the order of the view. */
  #watches: MoneyWatch[] = [];
  readonly #segmentOfAgent = new Map<string, Underlying>();
  #halts: Halt[] = [];

  constructor(parts: { readonly settings: RmsSettings }) {
    checkRmsSettings(parts.settings);
    this.#settings = parts.settings;
    this.watchesMarks = limitsMoney(parts.settings);
    const { marksApartMs } = parts.settings;
    this.#account = new MoneyWatch({ scope: ALL, marksApartMs });
    this.#lock = new Proof(marksApartMs);
    this.#target = new Proof(marksApartMs);
  }

  /** Begins a day: money starts anew and the halts of the day before lapse, which the acts say. */
  openDay(view: RiskView): readonly RiskAct[] {
    const { marksApartMs } = this.#settings;
    this.#day = view.day;
    this.#account = new MoneyWatch({ scope: ALL, marksApartMs });
    this.#lock = new Proof(marksApartMs);
    this.#target = new Proof(marksApartMs);
    this.#stopped = false;
    this.#segments = [];
    this.#watches = view.agents.map((agent) => this.#watchFor(agent));
    const lapsed = this.#halts.filter(({ by }) => by === 'rms');
    this.#halts = this.#halts.filter(({ by }) => by === 'operator');
    this.#see(view);
    return lapsed.map((halt) => releaseOf(halt, 'a new day begins'));
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

  /** Takes the money as it stands after a mark and says what must be done: first the loss caps, then the lock, then the target. */
  onMarks(view: RiskView, mark: Mark): readonly RiskAct[] {
    if (!this.watchesMarks) return NO_ACTS;
    this.#see(view);
    if (this.#stopped) return NO_ACTS;
    const account = lossBreach(this.#account, this.#settings.lossPerDayMax, view.now, mark);
    if (account !== undefined) return this.#stop(account);
    let acts = NO_ACTS;
    for (const watch of this.#segments) {
      const breach = lossBreach(watch, this.#settings.lossPerDaySegmentMax, view.now, mark);
      if (breach !== undefined) acts = [...acts, ...this.#stop(breach)];
    }
    const lock = this.#profitLock(view.now, mark);
    if (lock !== undefined) return [...acts, ...this.#stop(lock)];
    const target = this.#profitTarget(view.now, mark);
    if (target === undefined) return acts;
    return [...acts, ...(this.#settings.profitTargetAct === 'flatten' ? this.#stop(target) : this.#halt(target))];
  }

  /** Obeys a human's word for an agent, a segment or `all`. A halt of the day's limits is not lifted by it. */
  command(command: OperatorCommanded['command'], scope: string): CommandAnswer {
    const refusal = this.#refusalOf(scope);
    if (refusal !== undefined) return { acts: NO_ACTS, refusal };
    switch (command) {
      case 'halt':
        return { acts: this.#haltByOperator(scope), refusal: undefined };
      case 'flatten':
        return { acts: [flattenOf(operatorHalt(scope))], refusal: undefined };
      case 'exit-positions':
        return { acts: [...this.#haltByOperator(ALL), flattenOf(operatorHalt(ALL))], refusal: undefined };
      case 'resume':
        return this.#resume(scope);
      default:
        return unreachable(command);
    }
  }

  /** Why an agent may not enter now; undefined where no halt covers it. */
  halted(agent: AgentId): Halt | undefined {
    return this.#halts.find((halt) => this.#covers(halt.scope, agent));
  }

  get account(): ScopeMoney {
    return this.#account;
  }

  get targetReached(): boolean {
    return this.#target.proven;
  }

  segment(of: Pick<AgentMoney, 'segment'>): ScopeMoney {
    const watch = this.#segments.find(({ scope }) => scope === of.segment);
    if (watch === undefined) broken(`no agent trades ${of.segment} today`);
    return watch;
  }

  /** Paise that the loss cap of the account or of a segment still leaves today; undefined without a cap. Never rises within a day. */
  remainingOf(scope: 'all' | Underlying): number | undefined {
    const cap = scope === ALL ? this.#settings.lossPerDayMax : this.#settings.lossPerDaySegmentMax;
    if (cap === undefined) return undefined;
    return remainingLoss(cap, scope === ALL ? this.#account.worst : this.segment({ segment: scope }).worst);
  }

  #watchFor({ agent, segment }: AgentMoney): MoneyWatch {
    this.#segmentOfAgent.set(agent, segment);
    const known = this.#segments.find(({ scope }) => scope === segment);
    if (known !== undefined) return known;
    const watch = new MoneyWatch({ scope: segment, marksApartMs: this.#settings.marksApartMs });
    this.#segments.push(watch);
    return watch;
  }

  /** Adds the agents up; runs on every mark, so it allocates nothing. */
  #see({ day, agents }: RiskView): void {
    if (day !== this.#day || agents.length !== this.#watches.length) this.#refuseView(day, agents.length);
    this.#account.begin();
    for (const watch of this.#segments) watch.begin();
    for (let i = 0; i < agents.length; i += 1) {
      const agent = agents[i] as AgentMoney;
      const watch = this.#watches[i] as MoneyWatch;
      if (agent.segment !== watch.scope) broken(`agent ${agent.agent} stood elsewhere when the day began`);
      const { net } = agent;
      watch.add(net);
      this.#account.add(net);
    }
    for (const watch of this.#segments) watch.settle();
    this.#account.settle();
  }

  #refuseView(day: Day, agents: number): never {
    throw new BrokenInvariant(
      `the RMS was opened for ${this.#day} with ${this.#watches.length} agents and is shown ${day} with ${agents}`,
    );
  }

  #profitLock(now: EpochMs, mark: Mark): Breach | undefined {
    const { profitLockFrom, profitLockShare } = this.#settings;
    const { net, high } = this.#account;
    if (profitLockFrom === undefined || high < profitLockFrom) return undefined;
    const floor = Math.round(high * profitLockShare);
    if (!this.#lock.completedBy(net <= floor, now, mark)) return undefined;
    const reason = `the net of ${rupeesText(net)} rupees fell to ${rupeesText(floor)}, the share kept of the best net ${rupeesText(high)}`;
    return { scope: ALL, rule: 'profit-lock', limit: floor, value: net, reason };
  }

  #profitTarget(now: EpochMs, mark: Mark): Breach | undefined {
    const target = this.#settings.profitPerDayTarget;
    const { net } = this.#account;
    if (target === undefined || !this.#target.completedBy(net >= target, now, mark)) return undefined;
    const reason = `the net of ${rupeesText(net)} rupees reached the day's target of ${rupeesText(target)}`;
    return { scope: ALL, rule: 'profit-target', limit: target, value: net, reason };
  }

  #stop(breach: Breach): readonly RiskAct[] {
    if (breach.scope === ALL) this.#stopped = true;
    return [...this.#halt(breach), flattenOf(breach)];
  }

  #halt(breach: Breach): readonly RiskAct[] {
    this.#halts.push({ ...breach, by: 'rms' });
    return [actOf('halt', breach)];
  }

  #haltByOperator(scope: string): readonly RiskAct[] {
    if (this.#halts.some((halt) => halt.by === 'operator' && halt.scope === scope)) return NO_ACTS;
    const halt = operatorHalt(scope);
    this.#halts.push(halt);
    return [actOf('halt', halt)];
  }

  #resume(scope: string): CommandAnswer {
    const touching = this.#halts.filter((halt) => this.#covers(scope, halt.scope) || this.#covers(halt.scope, scope));
    const lifted = touching.filter((halt) => halt.by === 'operator' && this.#covers(scope, halt.scope));
    const kept = touching.filter((halt) => !lifted.includes(halt));
    this.#halts = this.#halts.filter((halt) => !lifted.includes(halt));
    const acts = lifted.map((halt) => releaseOf(halt, 'resumed by the operator'));
    if (touching.length === 0) return { acts, refusal: `${scope} is not halted` };
    return { acts, refusal: kept.length === 0 ? undefined : kept.map(keptText).join('; ') };
  }

  #refusalOf(scope: string): string | undefined {
    const agents = this.#segmentOfAgent;
    if (scope === ALL || agents.size === 0 || agents.has(scope)) return undefined;
    const segments = [...new Set<string>(agents.values())];
    if (segments.includes(scope)) return undefined;
    return `a scope is all, one of ${segments.join(', ')} or one of ${[...agents.keys()].join(', ')}, was "${scope}"`;
  }

  #covers(outer: string, inner: string): boolean {
    return outer === ALL || outer === inner || outer === this.#segmentOfAgent.get(inner);
  }
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

function lossBreach(watch: MoneyWatch, cap: number | undefined, now: EpochMs, mark: Mark): Breach | undefined {
  if (cap === undefined || !watch.loss.completedBy(watch.net <= -cap, now, mark)) return undefined;
  const { scope, net } = watch;
  const rule = scope === ALL ? 'loss-per-day' : 'loss-per-day-segment';
  const reason = `the day's loss of ${rupeesText(-net)} rupees used up the cap of ${rupeesText(cap)}`;
  return { scope, rule, limit: cap, value: -net, reason };
}

function operatorHalt(scope: string): Halt {
  return { scope, by: 'operator', rule: 'operator', limit: undefined, value: undefined, reason: 'by the operator' };
}

function keptText(halt: Halt): string {
  if (halt.by === 'operator') return `${halt.scope} is halted by the operator and has to be resumed as a whole`;
  return `${haltText(halt)}; a limit of the day is lifted by the next day alone`;
}

function actOf(act: RiskAct['act'], { rule, scope, limit, value, reason }: Breach): RiskAct {
  return { rule, scope, act, limit, value, reason };
}

function flattenOf(breach: Breach): RiskAct {
  return actOf('flatten', breach);
}

function releaseOf(halt: Halt, reason: string): RiskAct {
  return actOf('release', { ...halt, reason });
}
