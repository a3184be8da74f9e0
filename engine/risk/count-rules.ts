import { smallerOf } from './money-limits.ts';
import type { AgentMoney } from './risk-view.ts';
import type { Denial, EntryOrder, RmsRule, RuleContext } from './rule.ts';
import { denied, moneyOfAgent } from './rule.ts';

/** How much may be opened and held: lots of orders, legs and structures, structures a day and at a time. */
export const COUNT_RULES: readonly RmsRule[] = [
  { name: 'lots-per-order', applies: 'entry', review: reviewLotsPerOrder },
  { name: 'lots-per-leg', applies: 'entry', review: reviewLotsPerLeg },
  { name: 'lots-per-structure', applies: 'entry', review: reviewLotsPerStructure },
  { name: 'structures-per-day', applies: 'entry', review: reviewStructuresPerDay },
  { name: 'structures-per-day-account', applies: 'entry', review: reviewStructuresPerDayAccount },
  { name: 'structures-open', applies: 'entry', review: reviewStructuresOpen },
  { name: 'structures-open-agent-right', applies: 'entry', review: reviewStructuresOpenAgentRight },
  { name: 'structures-open-right', applies: 'entry', review: reviewStructuresOpenRight },
  { name: 'structures-open-name', applies: 'entry', review: reviewStructuresOpenName },
  { name: 'structures-open-segment', applies: 'entry', review: reviewStructuresOpenSegment },
  { name: 'structures-open-account', applies: 'entry', review: reviewStructuresOpenAccount },
];

function reviewLotsPerOrder(order: EntryOrder, { settings }: RuleContext): Denial | undefined {
  const most = settings.lotsPerOrderMax;
  if (most === undefined || order.lots <= most) return undefined;
  return denied('lots-per-order', most, order.lots, `an order may have ${most} lots, this has ${order.lots}`);
}

/** A leg may come in several orders; lots that it holds already count. */
function reviewLotsPerLeg(order: EntryOrder, { request, view }: RuleContext): Denial | undefined {
  const most = moneyOfAgent(view, order.agent).limits.lotsMax;
  if (most === undefined) return undefined;
  let count = request.addsToLeg ?? 0;
  for (const { leg, lots, reduceOnly } of request.orders) if (leg === order.leg && !reduceOnly) count += lots;
  if (count <= most) return undefined;
  return denied(
    'lots-per-leg',
    most,
    count,
    `a leg of ${order.agent} may have ${most} lots, ${order.leg} has ${count}`,
  );
}

function reviewLotsPerStructure(_order: EntryOrder, { request, settings }: RuleContext): Denial | undefined {
  const most = settings.lotsPerStructureMax;
  if (most === undefined) return undefined;
  const held = request.addsToLots ?? 0;
  const count = request.orders.reduce((sum, order) => (order.reduceOnly ? sum : sum + order.lots), held);
  if (count <= most) return undefined;
  const reason = `all legs of a structure may have ${most} lots, these have ${count}`;
  return denied('lots-per-structure', most, count, reason);
}

function reviewStructuresPerDay(order: EntryOrder, { request, view, settings }: RuleContext): Denial | undefined {
  const { limits, structuresToday } = moneyOfAgent(view, order.agent);
  const most = smallerOf(settings.structuresPerDayMax, limits.structuresPerDayMax);
  if (most === undefined || request.addsToLots !== undefined || structuresToday < most) return undefined;
  const reason = `${order.agent} may open ${most} structures a day, this is number ${structuresToday + 1}`;
  return denied('structures-per-day', most, structuresToday + 1, reason);
}

function reviewStructuresPerDayAccount(_order: EntryOrder, context: RuleContext): Denial | undefined {
  const most = context.settings.structuresPerDayAccountMax;
  return most === undefined ? undefined : reviewCount('structures-per-day-account', most, context, OPENED_TODAY);
}

function reviewStructuresOpen(order: EntryOrder, { request, view, settings }: RuleContext): Denial | undefined {
  const { limits, structuresOpen } = moneyOfAgent(view, order.agent);
  const most = smallerOf(settings.structuresOpenMax, limits.structuresOpenMax);
  if (most === undefined || request.addsToLots !== undefined || structuresOpen < most) return undefined;
  const reason = `${order.agent} may have ${most} structures open, this is number ${structuresOpen + 1}`;
  return denied('structures-open', most, structuresOpen + 1, reason);
}

function reviewStructuresOpenAgentRight(order: EntryOrder, context: RuleContext): Denial | undefined {
  const own = moneyOfAgent(context.view, order.agent);
  const { structuresOpenPerRightMax, structuresOpenCallsMax, structuresOpenPutsMax } = own.limits;
  const first = context.request.orders[0]?.instrument;
  const isCall = first?.kind === 'option' && first.right === 'CE';
  const most = smallerOf(structuresOpenPerRightMax, isCall ? structuresOpenCallsMax : structuresOpenPutsMax);
  return reviewRight('structures-open-agent-right', most, context, own);
}

function reviewStructuresOpenRight(_order: EntryOrder, context: RuleContext): Denial | undefined {
  return reviewRight('structures-open-right', context.settings.structuresOpenPerRightMax, context, undefined);
}

/** A structure is of the right of its first leg; one that begins with a future is of none. */
function reviewRight(
  rule: string,
  most: number | undefined,
  context: RuleContext,
  own: AgentMoney | undefined,
): Denial | undefined {
  const first = context.request.orders[0]?.instrument;
  if (most === undefined || first?.kind !== 'option') return undefined;
  const { right } = first;
  return reviewCount(rule, most, context, {
    who: `${own?.agent ?? 'the account'} may have`,
    what: `structures of ${right} open`,
    of: (agent) => (own === undefined || agent === own ? agent.structuresOpenOf(right) : 0),
  });
}

function reviewStructuresOpenName(_order: EntryOrder, context: RuleContext): Denial | undefined {
  const { name } = context.request;
  const most = context.settings.structuresOpenPerNameMax;
  if (name === undefined || most === undefined) return undefined;
  return reviewCount('structures-open-name', most, context, {
    who: 'the account may have',
    what: `structures ${name} open`,
    of: (agent) => agent.structuresOpenNamed(name),
  });
}

function reviewStructuresOpenSegment(order: EntryOrder, context: RuleContext): Denial | undefined {
  const most = context.settings.structuresOpenSegmentMax;
  if (most === undefined) return undefined;
  const { segment } = moneyOfAgent(context.view, order.agent);
  return reviewCount('structures-open-segment', most, context, {
    who: `${segment} may have`,
    what: 'structures open',
    of: (agent) => (agent.segment === segment ? agent.structuresOpen : 0),
  });
}

function reviewStructuresOpenAccount(_order: EntryOrder, context: RuleContext): Denial | undefined {
  const most = context.settings.structuresOpenAccountMax;
  return most === undefined ? undefined : reviewCount('structures-open-account', most, context, OPEN);
}

interface Counted {
  readonly who: string;
  readonly what: string;
  readonly of: (agent: AgentMoney) => number;
}

const OPENED_TODAY: Counted = {
  who: 'the account may open',
  what: 'structures a day',
  of: ({ structuresToday }) => structuresToday,
};
const OPEN: Counted = {
  who: 'the account may have',
  what: 'structures open',
  of: ({ structuresOpen }) => structuresOpen,
};

/** What is there and the one under review must not be more; lots added to an open structure open none. */
function reviewCount(
  rule: string,
  most: number,
  { request, view }: RuleContext,
  { who, what, of }: Counted,
): Denial | undefined {
  if (request.addsToLots !== undefined) return undefined;
  let count = 1;
  for (const agent of view.agents) count += of(agent);
  if (count <= most) return undefined;
  return denied(rule, most, count, `${who} ${most} ${what}, this is number ${count}`);
}
