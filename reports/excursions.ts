import type { StructureId } from '../engine/model/order.ts';
import { medianOf } from './distribution.ts';
import type { StructureRow } from './round-trips.ts';

/** How far a structure went for and against us while it was open, gross in paise, and what was kept of it, fine paise. */
export interface Excursion {
  readonly structureId: StructureId;
  /** Best open result; zero or above unless it never was. */
  readonly mfe: number;
  /** Worst open result. */
  readonly mae: number;
  readonly net: number;
}

export interface Excursions {
  /** In the order in which the structures were closed. */
  readonly points: readonly Excursion[];
  /** Mean best result over mean worst result: above 1 the market went further for us than against us. Null without an adverse move. */
  readonly edgeRatio: number | null;
  /** Middle worst result of those that won: what a stop must leave room for. Paise. */
  readonly winnersMae: number | null;
  /** Middle best result of those that lost: what was there to be kept. Paise. */
  readonly losersMfe: number | null;
}

export function excursionsOf(structures: readonly StructureRow[]): Excursions {
  const points = structures.map(({ structureId, mfe, mae, net }) => ({ structureId, mfe, mae, net }));
  const favourable = points.reduce((sum, { mfe }) => sum + mfe, 0);
  const adverse = points.reduce((sum, { mae }) => sum - mae, 0);
  const rising = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);
  return {
    points,
    edgeRatio: adverse > 0 ? favourable / adverse : null,
    winnersMae: medianOf(rising(points.filter(({ net }) => net > 0).map(({ mae }) => mae))),
    losersMfe: medianOf(rising(points.filter(({ net }) => net < 0).map(({ mfe }) => mfe))),
  };
}
