import { exp, ln } from '../../engine/indicators/fixed-math.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import { dayNumberOf } from '../../engine/model/time.ts';

type Anchor = readonly [day: string, value: number];

/**
 * Where NIFTY 50 stood, in rupees, read off public daily closes and coarse on purpose: a synthetic market is at home near these
 * levels, it does not follow them.
 */
const NIFTY: readonly Anchor[] = [
  ['2018-12-31', 10_860],
  ['2019-06-28', 11_790],
  ['2019-12-31', 12_170],
  ['2020-02-14', 12_110],
  ['2020-03-23', 7_900],
  ['2020-06-30', 10_300],
  ['2020-12-31', 13_980],
  ['2021-06-30', 15_730],
  ['2021-10-18', 18_300],
  ['2021-12-31', 17_350],
  ['2022-06-17', 15_400],
  ['2022-12-01', 18_700],
  ['2023-03-24', 17_000],
  ['2023-12-29', 21_730],
  ['2024-06-28', 24_010],
  ['2024-09-26', 26_000],
  ['2024-12-31', 23_650],
  ['2025-03-04', 22_200],
  ['2025-06-30', 25_510],
  ['2026-01-01', 26_100],
  ['2026-02-27', 25_180],
  ['2026-08-18', 24_600],
];

/** Levels of the other indices as multiples of NIFTY 50. */
const RATIOS: Readonly<Record<Exclude<Underlying, 'NIFTY'>, readonly Anchor[]>> = {
  BANKNIFTY: [
    ['2018-12-31', 2.5],
    ['2019-12-31', 2.64],
    ['2020-03-23', 2.22],
    ['2021-12-31', 2.045],
    ['2022-12-30', 2.37],
    ['2023-12-29', 2.22],
    ['2024-12-31', 2.15],
    ['2025-06-30', 2.25],
    ['2026-02-27', 2.4],
    ['2026-08-18', 2.29],
  ],
  SENSEX: [
    ['2018-12-31', 3.32],
    ['2020-12-31', 3.41],
    ['2022-12-30', 3.36],
    ['2023-12-29', 3.32],
    ['2025-06-30', 3.28],
    ['2026-08-18', 3.19],
  ],
  FINNIFTY: [
    ['2020-12-31', 1.11],
    ['2022-12-30', 1.05],
    ['2023-12-29', 0.99],
    ['2025-01-01', 0.995],
    ['2025-06-30', 1.06],
    ['2026-02-27', 1.107],
    ['2026-08-18', 1.06],
  ],
  MIDCPNIFTY: [
    ['2021-12-31', 0.44],
    ['2023-12-29', 0.48],
    ['2025-01-01', 0.545],
    ['2026-02-27', 0.536],
    ['2026-08-18', 0.583],
  ],
  BANKEX: [
    ['2023-05-15', 2.65],
    ['2023-12-29', 2.5],
    ['2025-06-30', 2.5],
    ['2026-08-18', 2.58],
  ],
};

/** Where India VIX stood, in per cent, as coarse. */
const VIX: readonly Anchor[] = [
  ['2018-12-31', 16],
  ['2019-05-20', 22],
  ['2019-06-28', 15],
  ['2019-12-31', 12],
  ['2020-02-20', 14],
  ['2020-03-23', 60],
  ['2020-04-30', 36],
  ['2020-06-30', 29],
  ['2020-09-30', 20],
  ['2020-12-31', 20],
  ['2021-06-30', 13.5],
  ['2021-12-31', 16],
  ['2022-03-07', 26],
  ['2022-04-01', 18.5],
  ['2022-06-17', 22],
  ['2022-12-30', 15],
  ['2023-06-30', 11.5],
  ['2023-12-29', 13.5],
  ['2024-05-31', 20],
  ['2024-06-28', 14],
  ['2025-03-28', 13],
  ['2025-04-07', 19],
  ['2025-06-30', 12.5],
  ['2025-12-31', 10.5],
  ['2026-08-18', 12.5],
];

/** How much more an index moves than NIFTY 50, and how much of its movement is the common one. */
export const CHARACTER_OF: Readonly<Record<Underlying, { readonly beta: number; readonly common: number }>> = {
  NIFTY: { beta: 1, common: 0.995 },
  SENSEX: { beta: 0.98, common: 0.99 },
  BANKNIFTY: { beta: 1.2, common: 0.86 },
  FINNIFTY: { beta: 1.12, common: 0.88 },
  MIDCPNIFTY: { beta: 1.15, common: 0.78 },
  BANKEX: { beta: 1.2, common: 0.86 },
};

/** Natural logarithm of the home level of an index on a day, in paise. */
export function homeLogLevel(underlying: Underlying, day: Day): number {
  const level = between(NIFTY, day) * (underlying === 'NIFTY' ? 1 : between(RATIOS[underlying], day));
  return ln(100 * level);
}

/** The 30-day volatility that the market is drawn to on a day, as a fraction. */
export function homeVolatility(day: Day): number {
  return between(VIX, day) / 100;
}

/** Between two anchors a value grows by the same factor each day; outside them it stands still. */
function between(anchors: readonly Anchor[], day: Day): number {
  let before = anchors[0];
  for (const anchor of anchors) {
    if (before === undefined) break;
    if (anchor[0] > day) {
      if (before[0] > day) return before[1];
      const span = dayNumberOf(anchor[0]) - dayNumberOf(before[0]);
      const share = (dayNumberOf(day) - dayNumberOf(before[0])) / span;
      return exp(ln(before[1]) * (1 - share) + ln(anchor[1]) * share);
    }
    before = anchor;
  }
  return before?.[1] ?? 1;
}
