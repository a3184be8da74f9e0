import { invariant } from '../assert.ts';
import type { AgentLimits } from '../strategy.ts';

/**
 * What the money of a day may come to before something is done, for one scope: the account, a segment, or an agent. Money in paise and R as
 * positive numbers; absent means no limit.
 */
export interface MoneyLimits {
  /** Loss of the day, booked plus open, at which the scope is flattened and halted. */
  readonly lossPerDayMax?: number | undefined;
  /** The same in per cent of the capital that stands in the morning; where both are set the smaller loss counts. */
  readonly lossPerDayPct?: number | undefined;
  /** Net of the day at or below the negative of this flattens and halts, whatever the cap is. */
  readonly exitPnl?: number | undefined;
  /** A fall of the net by this from the best since the present positions were begun flattens and halts. */
  readonly rollingProfit?: number | undefined;
  /** Net of the day at which nothing is entered any more. */
  readonly profitPerDayTarget?: number | undefined;
  /** Whether the target only ends entries or closes everything; absent, as the account has it. */
  readonly profitTargetAct?: 'halt' | 'flatten' | undefined;
  /** A fall of the net by this from the best of the day (nothing at the open) flattens and halts. */
  readonly trailFromPeak?: number | undefined;
  /** Net of the day from which a share of the best net is kept. */
  readonly profitLockFrom?: number | undefined;
  /** Sum of R of the day, closed and open, at which the scope is flattened and halted. */
  readonly rLossPerDayMax?: number | undefined;
  readonly rProfitPerDayTarget?: number | undefined;
  /** Structures closed at a loss one after the other today after which the scope is halted. */
  readonly lossesInARowMax?: number | undefined;
}

/** What one agent is limited to and sized by: its strategy's own rules and its configuration. */
export interface AgentRisk extends MoneyLimits, Omit<AgentLimits, keyof MoneyLimits> {
  /** Loss that a structure may plan, paise: a plan that its strategy did not size is taken so many times as fit. */
  readonly riskPerStructure?: number | undefined;
  /** Lots of one leg. */
  readonly lotsMax?: number | undefined;
}

const PAISE = [
  'lossPerDayMax',
  'exitPnl',
  'rollingProfit',
  'profitPerDayTarget',
  'trailFromPeak',
  'profitLockFrom',
] as const;
const POSITIVE = ['lossPerDayPct', 'rLossPerDayMax', 'rProfitPerDayTarget'] as const;
const COUNTS = [
  'structuresPerDayMax',
  'structuresOpenMax',
  'structuresOpenPerRightMax',
  'structuresOpenCallsMax',
  'structuresOpenPutsMax',
  'riskPerStructure',
  'lotsMax',
] as const;
const TIGHTEST = [...PAISE, ...POSITIVE, 'lossesInARowMax', ...COUNTS] as const;

/** The tighter of two limits, name by name; how a target acts is taken from the first that says it. */
export function tighterOf(one: AgentRisk, other: AgentRisk): AgentRisk {
  const limits: { -readonly [Name in keyof AgentRisk]: AgentRisk[Name] } = {};
  for (const name of TIGHTEST) {
    const tighter = smallerOf(one[name], other[name]);
    if (tighter !== undefined) limits[name] = tighter;
  }
  const act = one.profitTargetAct ?? other.profitTargetAct;
  if (act !== undefined) limits.profitTargetAct = act;
  return limits;
}

/** The smaller of two limits where there are two. */
export function smallerOf(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}

/** Whether a mark between two closes of a minute can make any of them act. */
export function limitsMarks(limits: MoneyLimits): boolean {
  return PAISE.some((name) => limits[name] !== undefined) || POSITIVE.some((name) => limits[name] !== undefined);
}

/** Whether any of them asks for R. */
export function limitsR({ rLossPerDayMax, rProfitPerDayTarget }: MoneyLimits): boolean {
  return rLossPerDayMax !== undefined || rProfitPerDayTarget !== undefined;
}

/** States what limits must be, for those who come past the configuration's own check; `of` says whose they are. */
export function checkMoneyLimits(limits: MoneyLimits, of: string): void {
  for (const name of PAISE) {
    const value = limits[name];
    invariant(
      value === undefined || (Number.isSafeInteger(value) && value > 0),
      `${name}${of} is a positive whole number of paise, was ${value}`,
    );
  }
  for (const name of POSITIVE) {
    const value = limits[name];
    invariant(
      value === undefined || (Number.isFinite(value) && value > 0),
      `${name}${of} is a positive number, was ${value}`,
    );
  }
  const { lossesInARowMax: losses, lossPerDayPct: share } = limits;
  invariant(share === undefined || share <= 100, `lossPerDayPct${of} is at most 100 per cent, was ${share}`);
  invariant(
    losses === undefined || (Number.isSafeInteger(losses) && losses > 0),
    `lossesInARowMax${of} is a positive count, was ${losses}`,
  );
}

/** The same for what one agent is limited to and sized by. */
export function checkAgentRisk(limits: AgentRisk, of: string): void {
  checkMoneyLimits(limits, of);
  for (const name of COUNTS) {
    const value = limits[name];
    invariant(
      value === undefined || (Number.isSafeInteger(value) && value > 0),
      `${name}${of} is a positive whole number, was ${value}`,
    );
  }
}
