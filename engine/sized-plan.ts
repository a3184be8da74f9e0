import { lots, paise, rupeesText } from './model/units.ts';
import type { GuardDistance, GuardMove, GuardSpec } from './orders/guards.ts';
import type { AgentRisk } from './risk/money-limits.ts';
import type { EntryPlan } from './strategy.ts';

/**
 * A plan taken as many times as its agent's risk per structure allows; the gate that refuses it where that is not once. A plan that its
 * strategy sized, and any plan of an agent without such a risk, stays as it is. `lossOf` says what a plan may lose, paise.
 */
export function sizedPlan(
  plan: EntryPlan,
  { riskPerStructure: risk, lotsMax = Number.POSITIVE_INFINITY }: AgentRisk,
  lossOf: (plan: EntryPlan) => number | undefined,
): EntryPlan | string {
  if (risk === undefined || plan.isSized === true) return plan;
  const loss = lossOf(plan);
  const allowed = `the risk per structure of ${rupeesText(risk)} rupees`;
  if (loss === undefined) return `size: the planned loss is unbounded or unknown, so it cannot be held to ${allowed}`;
  if (loss > risk) return `size: the planned loss of ${rupeesText(loss)} rupees is above ${allowed}`;
  const largest = Math.max(...plan.legs.map((leg) => leg.lots));
  if (largest > lotsMax) return `size: a leg of ${largest} lots is above the ${lotsMax} lots that a leg may have`;
  const times = Math.min(Math.floor(risk / Math.max(1, loss)), Math.floor(lotsMax / largest));
  return times === 1 ? plan : takenTimes(plan, times);
}

/** A plan of one leg as it stands behind an order of so many lots, where its agent sizes the plans of its strategy. */
export function takenFor(plan: EntryPlan, count: number, { riskPerStructure }: AgentRisk): EntryPlan {
  const wished = plan.legs[0]?.lots;
  if (riskPerStructure === undefined || plan.isSized === true || wished === undefined || wished === count) return plan;
  return takenTimes(plan, count / wished);
}

/** What stands in money grows with the lots; prices and levels of premium and underlying stay where they are. */
function takenTimes(plan: EntryPlan, times: number): EntryPlan {
  return {
    ...plan,
    legs: plan.legs.map((leg) => ({ ...leg, lots: lots(Math.round(leg.lots * times)) })),
    ...(plan.guards !== undefined && { guards: plan.guards.map((spec) => guardTimes(spec, times)) }),
    ...(plan.risk !== undefined && { risk: paise(Math.round(plan.risk * times)) }),
  };
}

function guardTimes(spec: GuardSpec, times: number): GuardSpec {
  if (spec.basis !== 'money') return spec;
  const { distance, step, armsAfter, toCostAfter } = spec;
  return {
    ...spec,
    distance: distanceTimes(distance, times),
    ...(step !== undefined && { step: Math.round(step * times) }),
    ...(armsAfter !== undefined && { armsAfter: moveTimes(armsAfter, times) }),
    ...(toCostAfter !== undefined && { toCostAfter: moveTimes(toCostAfter, times) }),
  };
}

function distanceTimes(distance: GuardDistance, times: number): GuardDistance {
  if ('level' in distance) return { level: Math.round(distance.level * times) };
  return 'r' in distance ? distance : moveTimes(distance, times);
}

function moveTimes(move: GuardMove, times: number): GuardMove {
  return 'paise' in move ? { paise: Math.round(move.paise * times) } : move;
}
