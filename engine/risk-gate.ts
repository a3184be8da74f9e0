import { heldLegsOf } from './account-margin.ts';
import { afterLeaving } from './account-view.ts';
import type { Agent } from './agent.ts';
import { lotSizeOn, lotsPerOrderMax } from './contract-limits.ts';
import type { Floor } from './floor.ts';
import type { KernelParts } from './kernel-parts.ts';
import { sizingLossOfPlan } from './leg-facts.ts';
import type { MarketCache } from './market/market-cache.ts';
import type { Order, OrderId, StructureId } from './model/order.ts';
import { lots, paise } from './model/units.ts';
import { sliced } from './orders/slicing.ts';
import type { RiskView } from './risk/risk-view.ts';
import { sizedPlan } from './sized-plan.ts';
import type { EntryPlan } from './strategy.ts';

interface GateParts {
  readonly kernel: KernelParts;
  readonly floor: Floor;
  readonly agents: readonly Agent[];
  readonly cache: MarketCache;
  readonly view: RiskView;
  readonly priceNow: (slot: number) => number | undefined;
}

/**
 * Why the RMS would not carry a plan now, asked before something is left for it: its own review of the orders that the plan would be, over the
 * account as it stands once the agent has left all that it holds. What leaving costs is not known yet and not counted. Nothing is sent and
 * nothing journaled; the entry itself is reviewed as ever.
 */
export function riskGateOf(parts: GateParts, agent: Agent, wished: EntryPlan): string | undefined {
  const { kernel, floor, agents, view } = parts;
  const sizes = wished.legs.map(({ contract }) => lotSizeOn(kernel.contracts, floor.today.day, contract));
  if (sizes.includes(undefined)) return 'lot size unknown';
  const lotSizes = sizes as number[];
  const lossOf = (each: EntryPlan) => floor.plannedLoss(agent.segment, each, lotSizes, sizingLossOfPlan);
  const plan = sizedPlan(wished, agent.limits, lossOf);
  if (typeof plan === 'string') return plan;
  const orders = ordersOf(parts, { agent, plan, lotSizes });
  const plannedLoss = floor.plannedLoss(agent.segment, plan, lotSizes);
  const request = { agent: agent.id, orders, plannedLoss, name: plan.signal, risk: plan.risk };
  const others = agents.filter((other) => other !== agent);
  const verdicts = kernel.risk.review(request, afterLeaving(view, agent.id, heldLegsOf(others, floor)));
  for (const verdict of verdicts) if (verdict.kind === 'denied') return `${verdict.rule}: ${verdict.reason}`;
  return undefined;
}

/** The orders that a plan would be, which nobody numbers: none of them exists. */
function ordersOf(
  { kernel, floor, cache, priceNow }: GateParts,
  { agent, plan, lotSizes }: { readonly agent: Agent; readonly plan: EntryPlan; readonly lotSizes: readonly number[] },
): readonly Order[] {
  return plan.legs.flatMap(({ tag, contract, side, lots: wished, terms = { kind: 'MARKET' } }, index) => {
    const slot = cache.slotOf(contract) ?? -1;
    const price = slot < 0 ? undefined : priceNow(slot);
    return sliced(wished, lotsPerOrderMax(kernel.contracts, floor.today.day, contract)).map(
      (count): Order => ({
        id: 0 as OrderId,
        agent: agent.id,
        structure: 0 as StructureId,
        leg: tag,
        instrument: contract,
        slot,
        side,
        lots: lots(count),
        lotSize: lotSizes[index] ?? 0,
        terms,
        purpose: 'entry',
        reduceOnly: false,
        reason: plan.signal,
        decidedAt: kernel.clock.now,
        decisionPrice: price === undefined ? undefined : paise(Math.round(price)),
      }),
    );
  });
}
