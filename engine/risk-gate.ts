import type { Agent } from './agent.ts';
import { lotSizeOn } from './contract-limits.ts';
import type { Floor } from './floor.ts';
import type { KernelParts } from './kernel-parts.ts';
import { rupeesText } from './model/units.ts';
import { haltText } from './risk/halts.ts';
import { sizedPlan } from './sized-plan.ts';
import type { EntryPlan } from './strategy.ts';

/**
 * Why the day's risk would not carry a plan now, asked before something is left for it: a halt, or a planned loss that does not fit what a
 * cap of the agent, its segment or the account has left. Nothing is sent and nothing journaled; the entry itself is reviewed as ever.
 */
export function riskGateOf(
  parts: { readonly kernel: KernelParts; readonly floor: Floor },
  agent: Agent,
  wished: EntryPlan,
): string | undefined {
  const { risk, contracts } = parts.kernel;
  const halt = risk.halted(agent.id);
  if (halt !== undefined) return `halted: ${haltText(halt)}`;
  const sizes = wished.legs.map(({ contract }) => lotSizeOn(contracts, parts.floor.today.day, contract));
  if (sizes.includes(undefined)) return 'lot size unknown';
  const lossOf = (plan: EntryPlan) => parts.floor.plannedLoss(agent.segment, plan, sizes as number[]);
  const plan = sizedPlan(wished, agent.limits, lossOf);
  if (typeof plan === 'string') return plan;
  const planned = lossOf(plan);
  for (const { scope, remaining } of risk.caps) {
    if (scope !== 'all' && scope !== agent.segment && scope !== agent.id) continue;
    if (planned !== undefined && remaining > 0 && planned <= remaining) continue;
    const loss = planned === undefined ? 'unbounded or unknown planned loss' : `planned loss of ${rupeesText(planned)}`;
    return `the ${loss} does not fit the ${rupeesText(remaining)} rupees that remain of the day's cap for ${scope}`;
  }
  return undefined;
}
