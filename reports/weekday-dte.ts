import { dayOf, weekdayOf } from '../engine/model/time.ts';
import type { StructureRow } from './round-trips.ts';

/** What the structures of one cell made; the count stands beside every mean. Net in fine paise. */
export interface GridCell {
  readonly count: number;
  readonly net: number;
}

/** Weekday of entry down (0 is Monday), calendar days to expiry across; only those that occurred. */
export interface WeekdayDte {
  readonly weekdays: readonly number[];
  readonly dtes: readonly number[];
  /** By weekday, then by days to expiry; null where nothing was entered. */
  readonly cells: readonly (readonly (GridCell | null)[])[];
}

/** Structures whose days to expiry are known. */
export function weekdayDteOf(structures: readonly StructureRow[]): WeekdayDte {
  const known = structures.flatMap(({ openedAt, dte, net }) =>
    dte === null ? [] : [{ weekday: weekdayOf(dayOf(openedAt)), dte, net }],
  );
  const sums = new Map<string, { count: number; net: number }>();
  for (const { weekday, dte, net } of known) {
    const key = `${weekday}/${dte}`;
    const sum = sums.get(key) ?? { count: 0, net: 0 };
    sum.count += 1;
    sum.net += net;
    sums.set(key, sum);
  }
  const rising = (values: readonly number[]): readonly number[] => [...new Set(values)].sort((a, b) => a - b);
  const weekdays = rising(known.map(({ weekday }) => weekday));
  const dtes = rising(known.map(({ dte }) => dte));
  return {
    weekdays,
    dtes,
    cells: weekdays.map((weekday) => dtes.map((dte) => sums.get(`${weekday}/${dte}`) ?? null)),
  };
}
