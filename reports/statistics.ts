import { mean, sampleStandardDeviation } from 'simple-statistics';
import { FINE_PER_PAISA } from '../engine/model/levies.ts';
import type { DayRow } from './daily.ts';
import type { Drawdown } from './equity-curve.ts';
import type { StructureRow } from './round-trips.ts';

const STRUCTURES_MIN = 30;
const DAYS_MIN = 60;
const DAYS_PER_YEAR = 252;

/**
 * Figures of a run. Money is fine paise; shares lie between 0 and 1. Win rate, averages, expectancy, profit factor and streaks count
 * structures; a structure wins when its net is above zero, and one of exactly zero neither wins nor loses.
 */
export interface Statistics {
  readonly days: number;
  readonly structures: number;
  readonly wins: number;
  readonly losses: number;
  readonly winRate: number | null;
  readonly averageWin: number | null;
  readonly averageLoss: number | null;
  /** Average net of a structure. */
  readonly expectancy: number | null;
  /** Average gross of a structure per unit of its smallest leg, paise. */
  readonly expectancyPoints: number | null;
  /** Average R over the structures that had a risk. */
  readonly expectancyR: number | null;
  readonly structuresWithRisk: number;
  readonly longestWinStreak: number;
  readonly longestLossStreak: number;
  readonly longestDayWinStreak: number;
  readonly longestDayLossStreak: number;
  readonly winningDays: number;
  readonly losingDays: number;
  readonly bestDay: DayRow | null;
  readonly worstDay: DayRow | null;
  /** Ratios stand on at least 30 structures or 60 days; on fewer they are null. */
  readonly enough: boolean;
  /** Sum of wins over sum of losses. */
  readonly profitFactor: number | null;
  readonly payoff: number | null;
  /** Daily net over capital, mean by sample deviation, times the root of 252, risk-free rate 0. */
  readonly sharpe: number | null;
  /** As Sharpe, by the root mean square of the losing days over all days. */
  readonly sortino: number | null;
  /** Mean R by its sample deviation, times the root of the number (at most 100). */
  readonly sqn: number | null;
  readonly returnOnCapital: number;
  /** Net over the deepest intraday MTM drawdown. */
  readonly netOverDrawdown: number | null;
}

export interface StatisticsParts {
  readonly structures: readonly StructureRow[];
  readonly days: readonly DayRow[];
  /** Net of the whole run, fine paise. */
  readonly net: number;
  readonly capital: number;
  readonly deepest: Drawdown | undefined;
}

export function statisticsOf({ structures, days, net, capital, deepest }: StatisticsParts): Statistics {
  const nets = structures.map((structure) => structure.net);
  const dayNets = days.map((day) => day.net);
  const wins = nets.filter((value) => value > 0);
  const losses = nets.filter((value) => value < 0);
  const rs = structures.map((structure) => structure.r).filter((r) => r !== null);
  const enough = structures.length >= STRUCTURES_MIN || days.length >= DAYS_MIN;
  const ranked = [...days].sort((a, b) => a.net - b.net || (a.day < b.day ? -1 : 1));
  const averageWin = meanOf(wins);
  const averageLoss = meanOf(losses);
  return {
    days: days.length,
    structures: structures.length,
    wins: wins.length,
    losses: losses.length,
    winRate: quotient(wins.length, structures.length),
    averageWin,
    averageLoss,
    expectancy: meanOf(nets),
    expectancyPoints: meanOf(structures.map((structure) => structure.points)),
    expectancyR: meanOf(rs),
    structuresWithRisk: rs.length,
    longestWinStreak: longest(nets, (value) => value > 0),
    longestLossStreak: longest(nets, (value) => value < 0),
    longestDayWinStreak: longest(dayNets, (value) => value > 0),
    longestDayLossStreak: longest(dayNets, (value) => value < 0),
    winningDays: dayNets.filter((value) => value > 0).length,
    losingDays: dayNets.filter((value) => value < 0).length,
    bestDay: ranked.at(-1) ?? null,
    worstDay: ranked[0] ?? null,
    enough,
    profitFactor: enough ? quotient(sumOf(wins), -sumOf(losses)) : null,
    payoff: enough && averageWin !== null && averageLoss !== null ? quotient(averageWin, -averageLoss) : null,
    ...(enough ? riskRatios(dayNets, capital) : { sharpe: null, sortino: null }),
    sqn: enough && rs.length >= STRUCTURES_MIN ? sqnOf(rs) : null,
    returnOnCapital: net / FINE_PER_PAISA / capital,
    netOverDrawdown: enough && deepest !== undefined ? quotient(net, deepest.depth) : null,
  };
}

function riskRatios(
  dayNets: readonly number[],
  capital: number,
): { readonly sharpe: number | null; readonly sortino: number | null } {
  if (dayNets.length < 2) return { sharpe: null, sortino: null };
  const returns = dayNets.map((net) => net / FINE_PER_PAISA / capital);
  const average = mean(returns);
  const downside = Math.sqrt(sumOf(returns.map((value) => Math.min(value, 0) ** 2)) / returns.length);
  const scale = Math.sqrt(DAYS_PER_YEAR);
  const sharpe = quotient(average, sampleStandardDeviation(returns));
  const sortino = quotient(average, downside);
  return {
    sharpe: sharpe === null ? null : sharpe * scale,
    sortino: sortino === null ? null : sortino * scale,
  };
}

function sqnOf(rs: readonly number[]): number | null {
  const ratio = quotient(mean([...rs]), sampleStandardDeviation([...rs]));
  return ratio === null ? null : ratio * Math.sqrt(Math.min(rs.length, 100));
}

/** A quotient, or null where its divisor is zero. */
function quotient(value: number, by: number): number | null {
  return by === 0 ? null : value / by;
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : sumOf(values) / values.length;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function longest(values: readonly number[], belongs: (value: number) => boolean): number {
  let best = 0;
  let run = 0;
  for (const value of values) {
    run = belongs(value) ? run + 1 : 0;
    best = Math.max(best, run);
  }
  return best;
}
