import { broken } from '../assert.ts';
import { instrumentKey } from '../model/instrument.ts';
import type { AgentId, Order } from '../model/order.ts';
import { epochMs, istTimeOf, MINUTE_MS, minutesOf, msOfDay } from '../model/time.ts';
import { rupeesText, TICK } from '../model/units.ts';
import type { EntryRequest, Verdict } from '../model/verdict.ts';
import { MARGIN_RULE } from './margin-rule.ts';
import type { ScopeMoney } from './money-watch.ts';
import type { AgentMoney, RiskView } from './risk-view.ts';
import type { RmsSettings } from './rms-settings.ts';
import { squareOffOf } from './rms-settings.ts';

export type Denial = Extract<Verdict, { kind: 'denied' }>;

/** An order that adds risk: the only kind that a rule can be asked about, so none can deny an order that reduces it. */
export type EntryOrder = Order & { readonly reduceOnly: false };

/** Why a scope may not enter: an operator's word, or a limit of the day. */
export interface Halt {
  /** An agent, a segment, or `all`. */
  readonly scope: string;
  readonly by: 'operator' | 'rms';
  readonly rule: string;
  readonly limit: number | undefined;
  readonly value: number | undefined;
  readonly reason: string;
}

/** What the RMS remembers of the day, as its rules read it. */
export interface RmsState {
  readonly account: ScopeMoney;
  /** Whether the profit target was reached today and proven. */
  readonly targetReached: boolean;
  segment(of: AgentMoney): ScopeMoney;
  halted(agent: AgentId): Halt | undefined;
}

/** What a rule reads beside the order itself. */
export interface RuleContext {
  readonly request: EntryRequest;
  readonly view: RiskView;
  readonly settings: RmsSettings;
  readonly state: RmsState;
}

/**
 * One limit. `always` rules hold for any order that leaves the house (orders that reduce are cut and priced to them elsewhere, not
 * denied), `entry` rules for new risk only. Limits and values are paise, lots, counts, or minutes since midnight.
 */
export interface RmsRule {
  readonly name: string;
  readonly applies: 'entry' | 'always';
  readonly review: (order: EntryOrder, context: RuleContext) => Denial | undefined;
}

/** All rules in the order in which they are asked. */
export const RMS_RULES: readonly RmsRule[] = [
  { name: 'lot-size', applies: 'always', review: reviewLotSize },
  { name: 'tick', applies: 'always', review: reviewTick },
  { name: 'freeze', applies: 'always', review: reviewFreeze },
  { name: 'profit-target', applies: 'entry', review: reviewProfitTarget },
  { name: 'halted', applies: 'entry', review: reviewHalted },
  { name: 'trading-window', applies: 'entry', review: reviewTradingWindow },
  { name: 'square-off', applies: 'entry', review: reviewSquareOff },
  { name: 'lots-per-order', applies: 'entry', review: reviewLotsPerOrder },
  { name: 'lots-per-structure', applies: 'entry', review: reviewLotsPerStructure },
  { name: 'structures-per-day', applies: 'entry', review: reviewStructuresPerDay },
  { name: 'structures-open', applies: 'entry', review: reviewStructuresOpen },
  { name: 'structures-open-account', applies: 'entry', review: reviewStructuresOpenAccount },
  { name: 'loss-per-day-segment', applies: 'entry', review: reviewSegmentLoss },
  { name: 'loss-per-day', applies: 'entry', review: reviewAccountLoss },
  MARGIN_RULE,
];

function reviewLotSize(order: EntryOrder, { view }: RuleContext): Denial | undefined {
  const { lotSize } = view.limitsOf(order);
  if (lotSize === undefined || order.lotSize === lotSize) return undefined;
  const reason = `a lot of ${instrumentKey(order.instrument)} holds ${lotSize} units today, the order has ${order.lotSize}`;
  return denied('lot-size', lotSize, order.lotSize, reason);
}

function reviewTick(order: EntryOrder): Denial | undefined {
  const off = pricesOf(order).find((price) => price <= 0 || price % TICK !== 0);
  if (off === undefined) return undefined;
  return denied(
    'tick',
    TICK,
    off,
    `a price is a positive multiple of ${rupeesText(TICK)} rupees, was ${rupeesText(off)}`,
  );
}

const NO_PRICES: readonly number[] = [];

function pricesOf({ terms }: Order): readonly number[] {
  if (terms.kind === 'MARKET') return NO_PRICES;
  return terms.kind === 'LIMIT' ? [terms.price] : [terms.trigger, terms.price];
}

function reviewFreeze(order: EntryOrder, { view }: RuleContext): Denial | undefined {
  const most = view.limitsOf(order).lotsPerOrderMax;
  if (most === undefined || order.lots <= most) return undefined;
  const reason = `the exchange takes ${most} lots of ${instrumentKey(order.instrument)} in one order, the order has ${order.lots}`;
  return denied('freeze', most, order.lots, reason);
}

function reviewProfitTarget(_order: EntryOrder, { settings, state }: RuleContext): Denial | undefined {
  const target = settings.profitPerDayTarget;
  const { net } = state.account;
  if (target === undefined || !(state.targetReached || net >= target)) return undefined;
  const reason = `the day's profit target of ${rupeesText(target)} rupees is reached, the net stands at ${rupeesText(net)}`;
  return denied('profit-target', target, net, reason);
}

function reviewHalted(order: EntryOrder, { state }: RuleContext): Denial | undefined {
  const halt = state.halted(order.agent);
  return halt === undefined ? undefined : denied('halted', halt.limit, halt.value, haltText(halt));
}

/** Says who is halted and why. */
export function haltText({ scope, by, reason }: Halt): string {
  return `${scope} is halted ${by === 'operator' ? 'until it is resumed' : 'for the day'}: ${reason}`;
}

function reviewTradingWindow(_order: EntryOrder, { view, settings }: RuleContext): Denial | undefined {
  const { now } = view;
  const minute = Math.floor(msOfDay(now) / MINUTE_MS);
  const { entryFrom, entryTo } = settings;
  if (entryFrom !== undefined && minute < minutesOf(entryFrom)) {
    const reason = `entries begin at ${entryFrom}, it is ${istTimeOf(now)}`;
    return denied('trading-window', minutesOf(entryFrom), minute, reason);
  }
  if (entryTo !== undefined && minute > minutesOf(entryTo)) {
    const reason = `entries end with the minute ${entryTo}, it is ${istTimeOf(now)}`;
    return denied('trading-window', minutesOf(entryTo), minute, reason);
  }
  for (const { open, close } of view.windows) if (now >= open && now < close) return undefined;
  const time = istTimeOf(now);
  const windows = view.windows.map(({ open, close }) => `${istTimeOf(open)} to ${istTimeOf(close)}`).join(' and ');
  return denied(
    'trading-window',
    undefined,
    minute,
    `the market trades ${windows || 'not at all'} today, it is ${time}`,
  );
}

function reviewSquareOff(_order: EntryOrder, { view, settings }: RuleContext): Denial | undefined {
  const squareOff = squareOffOf(settings, view);
  const last = epochMs(squareOff - settings.squareOffQuietMs);
  if (view.now < last) return undefined;
  const [limit, time] = [istTimeOf(last), istTimeOf(view.now)];
  const reason = `nothing is entered from ${limit}, ${settings.squareOffQuietMs / MINUTE_MS} minutes before the square-off at ${istTimeOf(squareOff)}, it is ${time}`;
  return denied('square-off', minutesOf(limit), minutesOf(time), reason);
}

function reviewLotsPerOrder(order: EntryOrder, { settings }: RuleContext): Denial | undefined {
  const most = settings.lotsPerOrderMax;
  if (most === undefined || order.lots <= most) return undefined;
  return denied('lots-per-order', most, order.lots, `an order may have ${most} lots, this has ${order.lots}`);
}

function reviewLotsPerStructure(_order: EntryOrder, { request, settings }: RuleContext): Denial | undefined {
  const most = settings.lotsPerStructureMax;
  if (most === undefined) return undefined;
  const held = request.addsToLots ?? 0;
  const count = request.orders.reduce((sum, order) => (order.reduceOnly ? sum : sum + order.lots), held);
  if (count <= most) return undefined;
  return denied(
    'lots-per-structure',
    most,
    count,
    `all legs of a structure may have ${most} lots, these have ${count}`,
  );
}

function reviewStructuresPerDay(order: EntryOrder, { request, view, settings }: RuleContext): Denial | undefined {
  const most = settings.structuresPerDayMax;
  if (most === undefined || request.addsToLots !== undefined) return undefined;
  const count = moneyOfAgent(view, order.agent).structuresToday + 1;
  if (count <= most) return undefined;
  const reason = `${order.agent} may open ${most} structures a day, this is number ${count}`;
  return denied('structures-per-day', most, count, reason);
}

function reviewStructuresOpen(order: EntryOrder, { request, view, settings }: RuleContext): Denial | undefined {
  const most = settings.structuresOpenMax;
  if (most === undefined || request.addsToLots !== undefined) return undefined;
  const count = moneyOfAgent(view, order.agent).structuresOpen + 1;
  if (count <= most) return undefined;
  return denied(
    'structures-open',
    most,
    count,
    `${order.agent} may have ${most} structures open, this is number ${count}`,
  );
}

function reviewStructuresOpenAccount(_order: EntryOrder, context: RuleContext): Denial | undefined {
  const { request, view, settings } = context;
  const most = settings.structuresOpenAccountMax;
  if (most === undefined || request.addsToLots !== undefined) return undefined;
  const count = view.agents.reduce((sum, agent) => sum + agent.structuresOpen, 1);
  if (count <= most) return undefined;
  const reason = `the account may have ${most} structures open, this is number ${count}`;
  return denied('structures-open-account', most, count, reason);
}

function reviewSegmentLoss(order: EntryOrder, context: RuleContext): Denial | undefined {
  const cap = context.settings.lossPerDaySegmentMax;
  if (cap === undefined) return undefined;
  const agent = moneyOfAgent(context.view, order.agent);
  const inside = context.view.agents.filter(({ segment }) => segment === agent.segment);
  const { worst } = context.state.segment(agent);
  return reviewLoss({ rule: 'loss-per-day-segment', of: agent.segment, cap, worst, inside }, context);
}

function reviewAccountLoss(_order: EntryOrder, context: RuleContext): Denial | undefined {
  const cap = context.settings.lossPerDayMax;
  if (cap === undefined) return undefined;
  const { worst } = context.state.account;
  return reviewLoss({ rule: 'loss-per-day', of: 'the account', cap, worst, inside: context.view.agents }, context);
}

interface LossLimit {
  readonly rule: string;
  readonly of: string;
  readonly cap: number;
  readonly worst: number;
  readonly inside: readonly AgentMoney[];
}

/** What a structure plans to lose must fit what the worst of the day has left of the cap. */
function reviewLoss(limit: LossLimit, { request, settings }: RuleContext): Denial | undefined {
  const remaining = remainingLoss(limit.cap, limit.worst);
  const planned = plannedOf(request, settings, limit.inside);
  const left = `the ${rupeesText(remaining)} rupees that remain of the day's cap of ${rupeesText(limit.cap)} for ${limit.of}`;
  if (planned === undefined) {
    const reason = `the planned loss is unbounded or unknown, so it cannot be seen to fit ${left}`;
    return denied(limit.rule, remaining, undefined, reason);
  }
  if (remaining > 0 && planned <= remaining) return undefined;
  const reason = `the planned loss of ${rupeesText(planned)} does not fit ${left} after a worst loss of ${rupeesText(limit.worst)}`;
  return denied(limit.rule, remaining, planned, reason);
}

/** Paise that a cap leaves after the worst loss so far (strategies 5.5: remaining = cap less worst), never under zero. */
export function remainingLoss(cap: number, worst: number): number {
  return Math.max(0, cap - worst);
}

function plannedOf(request: EntryRequest, settings: RmsSettings, inside: readonly AgentMoney[]): number | undefined {
  let planned = request.plannedLoss;
  if (settings.lossPlannedCounts === 'new') return planned;
  for (const { plannedLossOpen } of inside) {
    if (planned === undefined || plannedLossOpen === undefined) return undefined;
    planned += plannedLossOpen;
  }
  return planned;
}

function moneyOfAgent(view: RiskView, id: AgentId): AgentMoney {
  const money = view.agents.find(({ agent }) => agent === id);
  if (money === undefined) broken(`the risk view holds no agent ${id}`);
  return money;
}

function denied(rule: string, limit: number | undefined, value: number | undefined, reason: string): Denial {
  return { kind: 'denied', rule, limit, value, reason };
}
