import type { AgentPlan } from '../engine/kernel-parts.ts';
import { nameOf } from '../engine/kernel-parts.ts';
import type { ContractBook } from '../engine/market/contract-book.ts';
import type { Day } from '../engine/model/time.ts';

/**
 * A sentence for each agent whose strategy is meant for weekly options, is set to trade the nearest ones, and finds a segment that lists
 * only months: there the nearest options live for weeks, and its figures were not made for that.
 */
export function weeklyWarnings(
  agents: readonly AgentPlan[],
  { contracts, days }: { readonly contracts: ContractBook; readonly days: readonly Day[] },
): readonly string[] {
  return agents.flatMap((agent) => {
    const { definition, params, segment } = agent;
    const { expiries } = definition.universe(params, segment);
    if (definition.meantFor !== 'weekly' || !expiries.some((choice) => choice === 'nearest' || choice === 'next'))
      return [];
    const without = days.filter((day) => contracts.expiriesOn(day, segment).every(({ type }) => type === 'monthly'));
    const [first] = without;
    if (first === undefined) return [];
    const when = without.length === days.length ? 'on all days of the run' : `on ${dayCount(without, days)}`;
    return [
      `${nameOf(agent)} on ${segment} is meant for weekly options, but only monthly ones are listed ${when}; it trades those, which live for weeks`,
    ];
  });
}

function dayCount(without: readonly Day[], days: readonly Day[]): string {
  return `${without.length} of ${days.length} days, the first ${without[0]}`;
}
