import { FINE_PER_PAISA } from '../engine/model/levies.ts';

/** Results from `from` up to, but not with, `to`; both in fine paise. No bin spans zero, so that each is a gain or a loss. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** How often a result fell where, without gaps from the lowest to the highest. */
export interface Distribution {
  readonly bins: readonly Bin[];
  /** Middle result; of an even number the mean of the two in the middle. Null without results. */
  readonly median: number | null;
}

const BINS_MAX = 24;
const RUPEE = 100 * FINE_PER_PAISA;
/** Widths that a reader can name: 1, 2 or 5 times a power of ten rupees. */
const STEPS = [1, 2, 5] as const;

/** Sorts results, in fine paise, into bins of one round width, as narrow as at most 24 bins allow. */
export function distributionOf(values: readonly number[]): Distribution {
  if (values.length === 0) return { bins: [], median: null };
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[0] ?? 0;
  const high = sorted.at(-1) ?? 0;
  const width = widthOf(low, high);
  const first = Math.floor(low / width);
  const counts = new Array<number>(Math.floor(high / width) - first + 1).fill(0);
  for (const value of sorted) {
    const at = Math.floor(value / width) - first;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const bins = counts.map((count, at) => ({ from: (first + at) * width + 0, to: (first + at + 1) * width + 0, count }));
  return { bins, median: medianOf(sorted) };
}

function widthOf(low: number, high: number): number {
  for (let scale = RUPEE; ; scale *= 10) {
    for (const step of STEPS) {
      const width = step * scale;
      if (Math.floor(high / width) - Math.floor(low / width) < BINS_MAX) return width;
    }
  }
}

/** The middle of rising values; of none, null. */
export function medianOf(sorted: readonly number[]): number | null {
  if (sorted.length === 0) return null;
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
