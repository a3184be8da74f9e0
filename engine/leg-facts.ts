import { impliedVolatility } from './indicators/black76.ts';
import type { OptionContract } from './model/instrument.ts';
import type { Right, Side } from './model/units.ts';
import type { GuardSpec } from './orders/guards.ts';
import { levelFrom } from './orders/guards.ts';
import { plannedLoss } from './risk/planned-loss.ts';
import type { EntryPlan } from './strategy.ts';

/** Implied volatility in per cent on a grid of 0.01, so that it means the same on every machine; undefined where none solves. */
export function volatilityOf(parts: {
  readonly forward: number;
  readonly strike: number;
  readonly years: number;
  readonly price: number;
  readonly right: Right;
}): number | undefined {
  const volatility = impliedVolatility(parts);
  return volatility === undefined ? undefined : Math.round(volatility * 10_000) / 100;
}

/** What is known of a contract when an entry is planned: units per lot, premium in paise, years to its settlement. */
export interface ContractNow {
  readonly lotSize: number;
  readonly premium: number;
  readonly years: number;
}

/** Loss in paise that a plan may take at its guards plus the slippage allowance; undefined where nothing bounds it. */
export function plannedLossOfPlan(
  plan: EntryPlan,
  spot: number | undefined,
  contractNow: (contract: OptionContract, index: number) => ContractNow,
): number | undefined {
  const guards = plan.guards ?? [];
  const legs = plan.legs.map(({ contract, side, lots, tag }, index) => {
    const { lotSize, premium, years } = contractNow(contract, index);
    const { strike, right } = contract;
    return {
      side,
      strike,
      right,
      quantity: lots * lotSize,
      premium,
      years,
      stop: stopOf(guards, { tag, side, premium }),
    };
  });
  const away = guards.find(({ basis, act }) => basis === 'underlying' && act === 'stop');
  const room = away !== undefined && 'paise' in away.distance ? away.distance.paise : undefined;
  return plannedLoss({
    legs,
    spot,
    years: Math.min(...legs.map(({ years }) => years)),
    lossAtGuard: moneyStopOf(guards),
    closesAbove: room === undefined || spot === undefined ? undefined : spot + room,
    closesBelow: room === undefined || spot === undefined ? undefined : spot - room,
  });
}

/** Premium at which a leg's own stop would stand, were it entered at this premium. */
function stopOf(
  guards: readonly GuardSpec[],
  leg: { readonly tag: string; readonly side: Side; readonly premium: number },
): number | undefined {
  const stop = guards.find(
    (each) => each.basis === 'leg' && each.act !== 'target' && (each.leg ?? leg.tag) === leg.tag,
  );
  if (stop === undefined) return undefined;
  return levelFrom(stop, leg.side === 'SELL' ? 'above' : 'below', leg.premium, true);
}

function moneyStopOf(guards: readonly GuardSpec[]): number | undefined {
  const stop = guards.find(({ basis, act }) => basis === 'money' && act === 'stop');
  return stop !== undefined && 'paise' in stop.distance ? stop.distance.paise : undefined;
}
