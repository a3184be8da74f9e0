import { signOf } from '../model/units.ts';
import type { Guard } from './guards.ts';
import type { Leg, Structure } from './structure.ts';

/** A trail only ever tightens. */
export function loosens(guard: Guard, level: number): boolean {
  if (guard.spec.act !== 'trail') return false;
  return guard.fires === 'above' ? level > guard.level : level < guard.level;
}

/** Premium of a structure per unit of its smallest leg at entry, positive for a credit. */
export function combinedEntry(structure: Structure): number {
  return Math.round(
    structure.legs.reduce((sum, leg) => sum - signOf(leg.side) * leg.entryPrice * ratioOf(leg, structure), 0),
  );
}

/**
 * Present premium of the legs per unit of the entry, on the side of the entry's sign, which the guard's own side tells whatever was added
 * since; a leg that is out counts at the mark it left at.
 */
export function combinedNow({ structure, spec, fires }: Guard, markOf: (leg: Leg) => number): number {
  const net = structure.legs.reduce((sum, leg) => sum - signOf(leg.side) * markOf(leg) * ratioOf(leg, structure), 0);
  const isCredit = (fires === 'above') === (spec.act !== 'target');
  return Math.round(isCredit ? net : -net);
}

function ratioOf(leg: Leg, structure: Structure): number {
  return leg.lotsPlanned / Math.min(...structure.legs.map((each) => each.lotsPlanned));
}
