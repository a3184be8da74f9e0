import type { Day } from '../model/time.ts';
import { rupeesText } from '../model/units.ts';

/** A structure of a past run: its net (whole paise, rounded down) and, where its risk is known, its R. */
export interface PastStructure {
  readonly day: Day;
  readonly net: number;
  readonly r: number | undefined;
}

/** What entries of past runs came to: units filled, what they were filled worse than decided (paise times units), orders sent and filled. */
export interface PastEntries {
  readonly units: number;
  readonly slip: number;
  readonly orders: number;
  readonly filled: number;
}

/** How a strategy's own code and parameters stand after past runs. Money in paise. */
export interface Standing {
  readonly structures: number;
  readonly wins: number;
  /** Losses one after the other up to the last structure. */
  readonly lossesInARow: number;
  /** How far the sum of nets stands below its best. */
  readonly drawdown: number;
  /** The same of the sum of R, over structures whose risk is known. */
  readonly drawdownR: number;
  /** R of each day, oldest first, of days on which a risk was known. */
  readonly rOfDays: readonly number[];
  /** What a unit of an entry was filled worse than decided, on average; undefined where nothing was compared. */
  readonly slip: number | undefined;
  /** Share of the entry orders that were filled at all, in per cent; undefined without any. */
  readonly filledPct: number | undefined;
}

/** Figures of past runs at which a session starts halted, positive numbers; absent means no limit. Money in paise. */
export interface StandingLimits {
  readonly drawdownMax?: number | undefined;
  readonly drawdownRMax?: number | undefined;
  readonly lossesInARowMax?: number | undefined;
  /** Days of `badDayR` lost or more, one after the other up to the last. */
  readonly badDaysInARowMax?: number | undefined;
  readonly badDayR?: number | undefined;
  /** Per cent of structures that must win, once there are `winsOver` of them. */
  readonly winPctMin?: number | undefined;
  readonly winsOver?: number | undefined;
  readonly slipMax?: number | undefined;
  readonly filledPctMin?: number | undefined;
}

/** A figure of past runs that is beyond its limit. */
export interface RedFlag {
  readonly rule: string;
  readonly limit: number;
  readonly value: number;
  readonly reason: string;
}

/** Adds past structures up; they come in the order in which they closed. */
export function standingOf(structures: readonly PastStructure[], entries: PastEntries): Standing {
  let [net, best, sumR, bestR, wins, losses] = [0, 0, 0, 0, 0, 0];
  const days = new Map<Day, number>();
  for (const past of structures) {
    net += past.net;
    best = Math.max(best, net);
    if (past.net > 0) wins += 1;
    losses = past.net < 0 ? losses + 1 : 0;
    if (past.r === undefined) continue;
    sumR += past.r;
    bestR = Math.max(bestR, sumR);
    days.set(past.day, (days.get(past.day) ?? 0) + past.r);
  }
  return {
    structures: structures.length,
    wins,
    lossesInARow: losses,
    drawdown: best - net,
    drawdownR: onGrid(bestR - sumR),
    rOfDays: [...days.values()].map(onGrid),
    slip: entries.units === 0 ? undefined : onGrid(entries.slip / entries.units),
    filledPct: entries.orders === 0 ? undefined : onGrid((100 * entries.filled) / entries.orders),
  };
}

/** Every figure that is beyond its limit; none where nothing was traded yet. */
export function redFlags(standing: Standing, limits: StandingLimits): readonly RedFlag[] {
  const { drawdownMax, drawdownRMax, lossesInARowMax, slipMax } = limits;
  const flags: RedFlag[] = [];
  const most = (rule: string, limit: number | undefined, value: number | undefined, text: string): void => {
    if (limit !== undefined && value !== undefined && value >= limit)
      flags.push({ rule: `standing-${rule}`, limit, value, reason: `past runs of the strategy: ${text}` });
  };
  const { drawdown, drawdownR, lossesInARow, slip } = standing;
  most('drawdown', drawdownMax, drawdown, `they stand ${rupeesText(drawdown)} rupees below their best`);
  most('drawdown-r', drawdownRMax, drawdownR, `they stand ${shown(drawdownR)} R below their best`);
  most('losses', lossesInARowMax, lossesInARow, `the last ${lossesInARow} structures closed at a loss`);
  most('slip', slipMax, slip, `entries were filled ${rupeesText(slip ?? 0)} rupees a unit worse than decided`);
  flags.push(...badDays(standing, limits), ...tooFew(standing, limits));
  return flags;
}

function badDays({ rOfDays }: Standing, { badDaysInARowMax: limit, badDayR = 0 }: StandingLimits): readonly RedFlag[] {
  if (limit === undefined) return [];
  const lastGood = rOfDays.findLastIndex((r) => r > -badDayR);
  const value = rOfDays.length - 1 - lastGood;
  if (value < limit) return [];
  const reason = `past runs of the strategy: the last ${value} days lost ${shown(badDayR)} R or more each`;
  return [{ rule: 'standing-bad-days', limit, value, reason }];
}

function tooFew({ structures, wins, filledPct }: Standing, limits: StandingLimits): readonly RedFlag[] {
  const { winPctMin, winsOver = 1, filledPctMin } = limits;
  const flags: RedFlag[] = [];
  const winPct = structures === 0 ? 100 : onGrid((100 * wins) / structures);
  if (winPctMin !== undefined && structures >= winsOver && winPct < winPctMin) {
    const reason = `past runs of the strategy: ${shown(winPct)} % of ${structures} structures won`;
    flags.push({ rule: 'standing-wins', limit: winPctMin, value: winPct, reason });
  }
  if (filledPctMin !== undefined && filledPct !== undefined && filledPct < filledPctMin) {
    const reason = `past runs of the strategy: ${shown(filledPct)} % of entry orders were filled`;
    flags.push({ rule: 'standing-fills', limit: filledPctMin, value: filledPct, reason });
  }
  return flags;
}

/** To a billionth, so that the last bits of a sum decide nothing. */
function onGrid(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}

function shown(value: number): string {
  return String(Math.round(value * 100) / 100);
}
