import { rupeesText } from '../model/units.ts';
import type { MoneyLimits } from './money-limits.ts';
import type { Level, MoneyWatch } from './money-watch.ts';
import type { RmsSettings } from './rms-settings.ts';

/** What was reached: figures in paise, R or counts, as the rule says. */
export interface Reached {
  readonly limit: number;
  readonly value: number;
  readonly reason: string;
}

/** One limit of the day's money. `isBeyond` runs on every mark, so it makes nothing; `reached` tells of it once. */
export interface MoneyRule {
  readonly name: (level: Level) => string;
  /** Whether limits name it. */
  readonly isNamed: (limits: MoneyLimits) => boolean;
  /** Whether it is the loss cap itself. */
  readonly isCap?: true;
  readonly isBeyond: (watch: MoneyWatch, settings: RmsSettings) => boolean;
  readonly reached: (watch: MoneyWatch, settings: RmsSettings) => Reached;
  /** Whether entries end, or everything is closed as well. */
  readonly act: (watch: MoneyWatch, settings: RmsSettings) => 'halt' | 'flatten';
}

const flattens = (): 'flatten' => 'flatten';

/**
 * All limits of the day's money in the order in which they are looked at (strategies 5.5): the cap, the exit P&L, the rolling profit, the
 * target; then the trail, the lock and R.
 */
export const MONEY_RULES: readonly MoneyRule[] = [
  {
    name: lossRuleName,
    isNamed: ({ lossPerDayMax, lossPerDayPct }) => lossPerDayMax !== undefined || lossPerDayPct !== undefined,
    isCap: true,
    isBeyond: (watch, settings) => -watch.net >= lossAllowed(watch, settings),
    reached: lossReached,
    act: flattens,
  },
  {
    name: () => 'exit-pnl',
    isNamed: ({ exitPnl }) => exitPnl !== undefined,
    isBeyond: ({ net, limits }) => net <= -(limits.exitPnl ?? Number.POSITIVE_INFINITY),
    reached: ({ net, limits: { exitPnl = 0 } }) => ({
      limit: -exitPnl,
      value: net,
      reason: `the net of ${rupeesText(net)} rupees reached the exit at ${rupeesText(-exitPnl)}`,
    }),
    act: flattens,
  },
  {
    name: () => 'rolling-profit',
    isNamed: ({ rollingProfit }) => rollingProfit !== undefined,
    isBeyond: isRolledBack,
    reached: ({ net, cyclePeak = 0, limits: { rollingProfit = 0 } }) => ({
      limit: cyclePeak - rollingProfit,
      value: net,
      reason: `the net of ${rupeesText(net)} rupees fell by ${rupeesText(rollingProfit)} from ${rupeesText(cyclePeak)}, the best since the positions were begun`,
    }),
    act: flattens,
  },
  {
    name: () => 'profit-target',
    isNamed: ({ profitPerDayTarget }) => profitPerDayTarget !== undefined,
    isBeyond: ({ net, limits }) => net >= (limits.profitPerDayTarget ?? Number.POSITIVE_INFINITY),
    reached: ({ net, limits: { profitPerDayTarget = 0 } }) => ({
      limit: profitPerDayTarget,
      value: net,
      reason: `the net of ${rupeesText(net)} rupees reached the day's target of ${rupeesText(profitPerDayTarget)}`,
    }),
    act: ({ limits }, settings) => limits.profitTargetAct ?? settings.profitTargetAct,
  },
  {
    name: () => 'trail-from-peak',
    isNamed: ({ trailFromPeak }) => trailFromPeak !== undefined,
    isBeyond: ({ net, high, limits }) => net <= high - (limits.trailFromPeak ?? Number.POSITIVE_INFINITY),
    reached: ({ net, high, limits: { trailFromPeak = 0 } }) => ({
      limit: high - trailFromPeak,
      value: net,
      reason: `the net of ${rupeesText(net)} rupees fell by ${rupeesText(trailFromPeak)} from ${rupeesText(high)}, the best of the day`,
    }),
    act: flattens,
  },
  {
    name: () => 'profit-lock',
    isNamed: ({ profitLockFrom }) => profitLockFrom !== undefined,
    isBeyond: (watch, settings) =>
      watch.high >= (watch.limits.profitLockFrom ?? Number.POSITIVE_INFINITY) &&
      watch.net <= lockFloor(watch, settings),
    reached: (watch, settings) => ({
      limit: lockFloor(watch, settings),
      value: watch.net,
      reason: `the net of ${rupeesText(watch.net)} rupees fell to ${rupeesText(lockFloor(watch, settings))}, the share kept of the best net ${rupeesText(watch.high)}`,
    }),
    act: flattens,
  },
  {
    name: () => 'r-loss-per-day',
    isNamed: ({ rLossPerDayMax }) => rLossPerDayMax !== undefined,
    isBeyond: ({ r, limits }) => r <= -(limits.rLossPerDayMax ?? Number.POSITIVE_INFINITY),
    reached: ({ r, limits: { rLossPerDayMax = 0 } }) => ({
      limit: -rLossPerDayMax,
      value: r,
      reason: `the day's sum of ${rText(r)} reached the loss of ${rText(rLossPerDayMax)}`,
    }),
    act: flattens,
  },
  {
    name: () => 'r-profit-per-day',
    isNamed: ({ rProfitPerDayTarget }) => rProfitPerDayTarget !== undefined,
    isBeyond: ({ r, limits }) => r >= (limits.rProfitPerDayTarget ?? Number.POSITIVE_INFINITY),
    reached: ({ r, limits: { rProfitPerDayTarget = 0 } }) => ({
      limit: rProfitPerDayTarget,
      value: r,
      reason: `the day's sum of ${rText(r)} reached the target of ${rText(rProfitPerDayTarget)}`,
    }),
    act: flattens,
  },
];

/** Looked at when a structure closes, not on marks: the last loss of a row ends entries at once. */
export const LOSSES_IN_A_ROW: MoneyRule = {
  name: () => 'losses-in-a-row',
  isNamed: ({ lossesInARowMax }) => lossesInARowMax !== undefined,
  isBeyond: ({ lossesInARow, limits }) => lossesInARow >= (limits.lossesInARowMax ?? Number.POSITIVE_INFINITY),
  reached: ({ lossesInARow, limits: { lossesInARowMax = 0 } }) => ({
    limit: lossesInARowMax,
    value: lossesInARow,
    reason: `${lossesInARow} structures closed at a loss one after the other, ${lossesInARowMax} end the day`,
  }),
  act: () => 'halt',
};

/** The rule of the cap bears the name of what it caps. */
export function lossRuleName(level: Level): string {
  return level === 'account' ? 'loss-per-day' : `loss-per-day-${level}`;
}

/** Loss at which everything is closed: the cap, or in the shrinking reading what the worst loss leaves of it. */
function lossAllowed({ cap = Number.POSITIVE_INFINITY, worst }: MoneyWatch, { rmsMode }: RmsSettings): number {
  return rmsMode === 'shrinking' ? cap - worst : cap;
}

function lossReached(watch: MoneyWatch, settings: RmsSettings): Reached {
  const { net, worst, cap = 0 } = watch;
  const [limit, loss] = [lossAllowed(watch, settings), rupeesText(-net)];
  const reason =
    settings.rmsMode === 'hard'
      ? `the day's loss of ${loss} rupees used up the cap of ${rupeesText(cap)}`
      : `the day's loss of ${loss} rupees used up the ${rupeesText(limit)} that the worst loss of ${rupeesText(worst)} left of the cap of ${rupeesText(cap)}`;
  return { limit, value: -net, reason };
}

/** Armed by a best net above nothing, or, where so set, by one of at least the value that is trailed. */
function isRolledBack({ net, cyclePeak, limits }: MoneyWatch, { rollingArm }: RmsSettings): boolean {
  const { rollingProfit } = limits;
  if (cyclePeak === undefined || rollingProfit === undefined) return false;
  const isArmed = rollingArm ? cyclePeak >= rollingProfit : cyclePeak > 0;
  return isArmed && net <= cyclePeak - rollingProfit;
}

function lockFloor({ high }: MoneyWatch, { profitLockShare }: RmsSettings): number {
  return Math.round(high * profitLockShare);
}

function rText(r: number): string {
  return `${Math.round(r * 1e4) / 1e4} R`;
}
