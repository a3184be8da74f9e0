/** Shades of a grid on each side of zero. */
const SHADES = 6;

/** Class of a cell by where its value stands between zero and the largest of its grid: blue above zero, orange below, nothing at zero. */
export function heatOf(value: number, largest: number): string {
  if (value === 0 || largest === 0) return 'heat-0';
  const shade = Math.max(1, Math.ceil((Math.abs(value) / largest) * SHADES));
  return `heat-${value > 0 ? 'up' : 'down'}-${Math.min(shade, SHADES)}`;
}

/** The largest size among values; of none 0. */
export function largestOf(values: Iterable<number | null>): number {
  let largest = 0;
  for (const value of values) if (value !== null) largest = Math.max(largest, Math.abs(value));
  return largest;
}
