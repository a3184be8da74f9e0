import type { Unstamped } from '../journal.ts';
import type { OrderEvent } from '../model/event.ts';
import type { Order } from '../model/order.ts';
import type { Verdict } from '../model/verdict.ts';
import type { TrackedOrder } from './order-store.ts';
import type { Leg, Structure } from './structure.ts';

/** What the journal says of a structure whose orders may leave. */
export function openingRecord(structure: Structure): Unstamped {
  return {
    kind: 'structure-opened',
    agent: structure.agent,
    structure: structure.id,
    name: structure.name,
    underlying: structure.underlying,
    spot: structure.entrySpot ?? null,
    dte: structure.dte ?? null,
    legs: structure.legs.map((leg) => ({
      leg: leg.tag,
      contract: leg.contract,
      side: leg.side,
      lots: leg.lotsPlanned,
      lotSize: leg.lotSize,
    })),
    plannedLoss: structure.plannedLoss ?? null,
  };
}

/** What it says of lots that an addition brought; they are booked on the leg already. */
export function additionRecord(
  { leg, order }: TrackedOrder,
  fill: Extract<OrderEvent, { kind: 'order-filled' }>,
): Unstamped {
  return {
    kind: 'lots-added',
    agent: order.agent,
    structure: order.structure,
    leg: order.leg,
    contract: leg.contract,
    order: order.id,
    lots: fill.lots,
    price: fill.price,
    openLots: leg.openLots,
    entryLots: leg.entryLots,
    lotSize: leg.lotSize,
    entryTurnover: leg.entryTurnover,
  };
}

/** What it says of lots that stay although the rest of their entry was called off. */
export function partRecord({ structure, tag, entryLots, lotsPlanned }: Leg): Unstamped {
  const text = `structure ${structure.id}: ${entryLots} of ${lotsPlanned} lots of ${tag} are in, the rest is called back and they stand`;
  return { kind: 'note', agent: structure.agent, text };
}

/** What it says of an order before anybody has reviewed it. */
export function placedRecord(order: Order, contract: string): Unstamped {
  return {
    kind: 'order-placed',
    order: order.id,
    agent: order.agent,
    structure: order.structure,
    leg: order.leg,
    contract,
    side: order.side,
    lots: order.lots,
    lotSize: order.lotSize,
    terms: order.terms,
    purpose: order.purpose,
    reduceOnly: order.reduceOnly,
    reason: order.reason,
    decisionPrice: order.decisionPrice ?? null,
  };
}

/** What the review said of it. */
export function verdictRecord(order: Order, verdict: Verdict): Unstamped {
  const denied = verdict.kind === 'denied' ? verdict : undefined;
  return {
    kind: 'verdict',
    agent: order.agent,
    order: order.id,
    approved: denied === undefined,
    rule: denied?.rule ?? null,
    limit: denied?.limit ?? null,
    value: denied?.value ?? null,
    reason: denied?.reason ?? null,
  };
}
