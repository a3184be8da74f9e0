import { StrategyMistake } from './assert.ts';
import { refuseGuardMistakes } from './guard-mistakes.ts';
import type { Day, IstTime } from './model/time.ts';
import type { StructureWish } from './orders/desk-parts.ts';
import type { GuardSpec } from './orders/guards.ts';
import type { Leg, Structure } from './orders/structure.ts';
import type { AddPlan, EntryPlan, RestingWish } from './strategy.ts';

/** A plan that makes no sense is the strategy's own mistake: it is taken out of the run, the others go on. */
export function refuseMistakes(plan: EntryPlan): void {
  const { signal, legs } = plan;
  if (legs.length === 0) throw new StrategyMistake(`the plan of ${signal} has no legs`);
  if (legs.some(({ tag }, index) => legs.findIndex((leg) => leg.tag === tag) !== index))
    throw new StrategyMistake(`the plan of ${signal} names two legs alike`);
  for (const { tag, lots } of legs) {
    if (!Number.isSafeInteger(lots) || lots <= 0) throw new StrategyMistake(`leg ${tag} of ${signal} has ${lots} lots`);
  }
  refuseGuardMistakes(plan);
}

/** An entry that rests is one order with a price of its own. */
export function refuseRestingMistakes({ place, plan, repriceBeyond }: RestingWish): void {
  refuseMistakes(plan);
  const [leg] = plan.legs;
  if (plan.legs.length !== 1 || leg === undefined)
    throw new StrategyMistake(`${plan.signal} rests in ${place} with ${plan.legs.length} legs, one is allowed`);
  if (leg.terms === undefined || leg.terms.kind === 'MARKET')
    throw new StrategyMistake(`${plan.signal} rests in ${place} without a price: it needs a limit or a stop-limit`);
  if (!(repriceBeyond >= 0))
    throw new StrategyMistake(
      `${plan.signal} rests in ${place}: repriceBeyond is 0 or more paise, was ${repriceBeyond}`,
    );
}

/** The desk's form of a strategy's plan. */
export function wishOf(plan: EntryPlan): StructureWish {
  return {
    name: plan.signal,
    legs: plan.legs.map(({ tag, contract, side, lots, terms }) =>
      terms === undefined
        ? { tag, instrument: contract, side, lots }
        : { tag, instrument: contract, side, lots, terms },
    ),
    guards: guardsOf(plan),
    reason: plan.signal,
    reentry: plan.reentry ?? 0,
    execution: plan.execution,
  };
}

/** Guards that stand in R stand in money from here on: the plan says what one R is, paise. */
export function guardsOf({ guards = NO_GUARDS, risk }: EntryPlan): readonly GuardSpec[] {
  if (!guards.some(({ distance }) => 'r' in distance)) return guards;
  return guards.map((spec) =>
    'r' in spec.distance ? { ...spec, distance: { paise: Math.round(spec.distance.r * (risk ?? 0)) } } : spec,
  );
}

const NO_GUARDS: readonly GuardSpec[] = [];

/** The leg that an addition names; a leg that is not there, or no lots, is the strategy's own mistake. */
export function legToAddTo(structure: Structure, { signal, leg, lots }: AddPlan): Leg {
  const found = structure.legOf(leg);
  if (found === undefined) throw new StrategyMistake(`${signal} adds to leg ${leg}, which its structure does not have`);
  if (!Number.isSafeInteger(lots) || lots <= 0) throw new StrategyMistake(`${signal} adds ${lots} lots to leg ${leg}`);
  return found;
}

/** The first day on which a leg of a plan expires. */
export function nearestExpiry({ legs }: EntryPlan): Day | undefined {
  let nearest: Day | undefined;
  for (const { contract } of legs) if (nearest === undefined || contract.expiry < nearest) nearest = contract.expiry;
  return nearest;
}

/** The earlier of two clock times where there are two. */
export function earlier(one: IstTime | undefined, other: IstTime | undefined): IstTime | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}
