import type { Side } from '../model/units.ts';
import { signOf } from '../model/units.ts';
import type { GuardSpec } from '../orders/guards.ts';
import { levelFrom } from '../orders/guards.ts';
import type { PlannedLeg, PlannedStructure, StressSettings } from './planned-loss.ts';
import { plannedLoss, sizingLoss } from './planned-loss.ts';

/** A leg as a strategy wishes it, before its guards are laid; `premium` is undefined where no price is fresh. */
export interface WishedLeg extends Omit<PlannedLeg, 'stop' | 'years' | 'premium'> {
  readonly tag: string;
  readonly premium: number | undefined;
  readonly years: number;
}

/** A structure as a strategy wishes it; spot in paise. */
export interface WishedStructure {
  readonly legs: readonly WishedLeg[];
  readonly guards: readonly GuardSpec[];
  readonly spot: number | undefined;
}

/**
 * What a wished structure plans to lose, in whole paise; undefined where it is not known. Each guard that stops or trails counts at the
 * level at which it will be laid (the tightest, where several watch the same), one beyond which the market stands already at no loss; a
 * target bounds none, nor does a trail that sleeps until there is a gain.
 */
export function plannedLossOf(wished: WishedStructure, settings?: StressSettings): number | undefined {
  const structure = withGuards(wished);
  return structure === undefined ? undefined : plannedLoss(structure, settings);
}

/** The same for the number of lots that a wish is taken with, in which a net debit without a stop counts whole. */
export function sizingLossOf(wished: WishedStructure, settings?: StressSettings): number | undefined {
  const structure = withGuards(wished);
  return structure === undefined ? undefined : sizingLoss(structure, settings);
}

function withGuards({ legs, guards, spot }: WishedStructure): PlannedStructure | undefined {
  if (!legs.every(isPriced)) return undefined;
  const closing = guards.filter(({ act, armsAfter }) => act !== 'target' && armsAfter === undefined);
  return {
    legs: legs.map((leg) => guarded(leg, closing)),
    spot,
    years: legs.reduce((least, { years }) => Math.min(least, years), Number.POSITIVE_INFINITY),
    lossAtGuard: lossAtStructureGuard(legs, closing),
    closesAbove: spot === undefined ? undefined : underlyingLevel('above', spot, closing),
    closesBelow: spot === undefined ? undefined : underlyingLevel('below', spot, closing),
  };
}

type PricedLeg = WishedLeg & { readonly premium: number };

function isPriced(leg: WishedLeg): leg is PricedLeg {
  return leg.premium !== undefined;
}

/** Written out field by field: copying with a spread costs more than all the rest. */
function guarded(leg: PricedLeg, closing: readonly GuardSpec[]): PlannedLeg {
  const { side, strike, right, quantity, premium, years } = leg;
  return { side, strike, right, quantity, premium, years, stop: stopOf(leg, closing) };
}

function stopOf({ tag, side, premium }: PricedLeg, guards: readonly GuardSpec[]): number | undefined {
  if (guards.length === 0) return undefined;
  const fires = losingSide(side);
  return guards
    .filter(({ basis, leg }) => basis === 'leg' && (leg === undefined || leg === tag))
    .map((spec) => levelFrom(spec, fires, premium, true))
    .reduce<number | undefined>((tightest, level) => tighter(fires, tightest, level), undefined);
}

function losingSide(side: Side): 'above' | 'below' {
  return side === 'SELL' ? 'above' : 'below';
}

function tighter(fires: 'above' | 'below', level: number | undefined, other: number): number {
  if (level === undefined) return other;
  return fires === 'above' ? Math.min(level, other) : Math.max(level, other);
}

function lossAtStructureGuard(legs: readonly PricedLeg[], guards: readonly GuardSpec[]): number | undefined {
  if (guards.length === 0) return undefined;
  const losses = guards.flatMap((spec) => {
    if (spec.basis === 'money') return [Math.max(0, 0 - levelFrom(spec, 'below', 0, false))];
    return spec.basis === 'combined' ? [lossAtCombined(legs, spec)] : [];
  });
  return losses.length === 0 ? undefined : Math.min(...losses);
}

/** Combined premium is per unit of the smallest leg, the others weighing by their ratio to it. */
function lossAtCombined(legs: readonly PricedLeg[], spec: GuardSpec): number {
  const smallest = Math.min(...legs.map(({ quantity }) => quantity));
  const received = legs.reduce((sum, leg) => sum - signOf(leg.side) * leg.premium * leg.quantity, 0) / smallest;
  const entry = Math.round(Math.abs(received));
  const level = levelFrom(spec, received >= 0 ? 'above' : 'below', entry, true);
  return Math.max(0, received >= 0 ? level - entry : entry - level) * smallest;
}

function underlyingLevel(fires: 'above' | 'below', spot: number, guards: readonly GuardSpec[]): number | undefined {
  if (guards.length === 0) return undefined;
  return guards
    .filter(({ basis, direction }) => basis === 'underlying' && direction !== (fires === 'above' ? 'down' : 'up'))
    .map((spec) => (fires === 'above' ? Math.max : Math.min)(spot, levelFrom(spec, fires, spot, false)))
    .reduce<number | undefined>((tightest, level) => tighter(fires, tightest, level), undefined);
}
