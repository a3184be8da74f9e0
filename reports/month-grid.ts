import type { MonthRow } from './breakdowns.ts';

/** A year of the grid. Net and falls in fine paise, January first; null where no day was played. */
export interface YearLine {
  readonly year: number;
  readonly net: readonly (number | null)[];
  readonly drawdown: readonly (number | null)[];
  readonly total: number;
  /** Deepest fall within one month, positive. */
  readonly worst: number;
}

const MONTHS = Array.from({ length: 12 }, (_, at) => at + 1);

/** Years down, months across. */
export function monthGrid(months: readonly MonthRow[]): readonly YearLine[] {
  const years = [...new Set(months.map(({ year }) => year))].sort((a, b) => a - b);
  return years.map((year) => {
    const own = new Map(months.filter((row) => row.year === year).map((row) => [row.month, row]));
    return {
      year,
      net: MONTHS.map((month) => own.get(month)?.net ?? null),
      drawdown: MONTHS.map((month) => own.get(month)?.drawdown ?? null),
      total: [...own.values()].reduce((sum, { net }) => sum + net, 0),
      worst: [...own.values()].reduce((deepest, { drawdown }) => Math.max(deepest, drawdown), 0),
    };
  });
}
