import { rupeesText } from '../model/units.ts';
import type { EntryRequest } from '../model/verdict.ts';
import { limitsR } from './money-limits.ts';
import { lossRuleName } from './money-rules.ts';
import type { Level, MoneyWatch } from './money-watch.ts';
import type { AgentMoney, RiskView } from './risk-view.ts';
import type { Denial, EntryOrder, RmsRule, RuleContext } from './rule.ts';
import { denied } from './rule.ts';

/** What the day's money leaves for new risk, the narrowest scope first. */
export const LOSS_RULES: readonly RmsRule[] = [
  { name: 'risk-unknown', applies: 'entry', review: reviewRiskKnown },
  lossRule('agent'),
  lossRule('segment'),
  lossRule('account'),
];

/** A limit in R cannot be kept over a structure of which nobody can say what one R is. */
function reviewRiskKnown(order: EntryOrder, { request, state }: RuleContext): Denial | undefined {
  const isAdded = request.addsToLots !== undefined && request.rests !== true;
  if (isAdded || request.risk !== undefined || request.plannedLoss !== undefined) return undefined;
  for (const { scope, limits } of state.scopesOf(order.agent)) {
    if (!limitsR(limits)) continue;
    const reason = `the day of ${scope} is limited in R, and neither the plan nor its guards say what one R is`;
    return denied('risk-unknown', undefined, undefined, reason);
  }
  return undefined;
}

function lossRule(level: Level): RmsRule {
  const name = lossRuleName(level);
  return {
    name,
    applies: 'entry',
    review: (order, context) => {
      for (const watch of context.state.scopesOf(order.agent)) {
        if (watch.level === level && watch.cap !== undefined) return reviewLoss(name, watch.cap, watch, context);
      }
      return undefined;
    },
  };
}

/** What a structure plans to lose must fit what the worst of the day has left of the cap. */
function reviewLoss(
  rule: string,
  cap: number,
  watch: MoneyWatch,
  { request, settings, view }: RuleContext,
): Denial | undefined {
  const remaining = watch.remaining ?? 0;
  const planned = settings.lossPlannedCounts === 'new' ? request.plannedLoss : plannedWithOpen(request, view, watch);
  const of = watch.level === 'account' ? 'the account' : watch.scope;
  const left = `the ${rupeesText(remaining)} rupees that remain of the day's cap of ${rupeesText(cap)} for ${of}`;
  if (planned === undefined) {
    const reason = `the planned loss is unbounded or unknown, so it cannot be seen to fit ${left}`;
    return denied(rule, remaining, undefined, reason);
  }
  if (remaining > 0 && planned <= remaining) return undefined;
  const reason = `the planned loss of ${rupeesText(planned)} does not fit ${left} after a worst loss of ${rupeesText(watch.worst)}`;
  return denied(rule, remaining, planned, reason);
}

function plannedWithOpen(request: EntryRequest, { agents }: RiskView, watch: MoneyWatch): number | undefined {
  let planned = request.plannedLoss;
  for (const agent of agents) {
    if (!isInside(agent, watch)) continue;
    if (planned === undefined || agent.plannedLossOpen === undefined) return undefined;
    planned += agent.plannedLossOpen;
  }
  return planned;
}

function isInside({ agent, segment }: AgentMoney, { level, scope }: MoneyWatch): boolean {
  return level === 'account' || scope === (level === 'segment' ? segment : agent);
}
