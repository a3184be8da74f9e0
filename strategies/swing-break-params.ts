import { z } from 'zod';
import type { IstTime, Right, Underlying } from '../engine/strategy.ts';
import { minutesOf, paise, TICK } from '../engine/strategy.ts';
import { refusalOfLastEntry } from './params.ts';

const time = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day reads HH:MM')
  .transform((text) => text as IstTime);

const rupees = z.number().nonnegative().max(100_000);
/** Rupees between prices of orders, in whole ticks of 0.05: the engine takes no other. */
const ticks = rupees.multipleOf(TICK / 100);
const share = z.number().min(0).max(1);
const count = z.number().int().positive().max(1_000);
const seconds = z.number().int().positive().max(86_400);

/** Every parameter with its default; prices in rupees of premium, shares as fractions of one. */
export const SwingBreakParams = z.strictObject({
  expiry: z.enum(['nearest', 'next', 'monthly']).default('nearest').describe('which expiry is sold'),
  strikesAround: z
    .number()
    .int()
    .nonnegative()
    .max(30)
    .default(10)
    .describe('listed strikes on each side of the money, which is fixed by the first candle of the day'),
  centreRounding: z
    .number()
    .int()
    .positive()
    .max(1_000)
    .optional()
    .describe('points that the middle strike is a multiple of; default the strike step, 100 in the origin'),
  swingUpdate: z
    .enum(['confirmed', 'immediate'])
    .default('confirmed')
    .describe('the last swing moves further when two bars vote for it, or at once with the bar that goes beyond it'),
  updateClearsPierce: z
    .boolean()
    .default(false)
    .describe('a low that moved may be sold again although the low it was before had been pierced'),
  priceMin: rupees.default(100).describe('rupees, lowest swing low that is sold'),
  priceMax: rupees.default(300).describe('rupees, highest swing low that is sold'),
  vwapPremium: share
    .default(0.04)
    .describe('least distance of the swing low above the VWAP of its bar, as a share of that VWAP: 0.04 is 4 %'),
  slAboveHigh: ticks.min(0.05).default(1).describe('rupees from the highest high since the swing to the stop'),
  slPctMin: share
    .default(0.02)
    .describe('least distance from swing low to stop, as a share of the swing low: 0.02 is 2 %'),
  slPctMax: share.default(0.1).describe('largest such distance'),
  targetSl: rupees.default(10).describe('rupees, the strike whose stop is nearest to this far away is sold'),
  preferRoundStrike: z
    .boolean()
    .default(false)
    .describe('among equal distances a strike that is a multiple of 100 first'),
  rValue: z.number().positive().max(100_000_000).default(6_500).describe('rupees at risk in one trade: one R'),
  maxLots: count.default(10).describe('lots of one trade at most'),
  rDenominator: z
    .enum(['actual', 'fixed'])
    .default('actual')
    .describe('what a trade counts in R by: what its own lots risk from swing low to stop, or rValue'),
  entryOrder: z
    .enum(['stoplimit', 'limit'])
    .default('stoplimit')
    .describe('a sell stop-limit below the low, or a plain limit there, which sells at once'),
  entryLimitOffset: ticks.default(3).describe('rupees from the trigger of an entry to its limit'),
  slLimitOffset: ticks.min(0.05).default(3).describe('rupees from the trigger of a stop to its limit'),
  repriceBeyond: rupees.default(1).describe('rupees by which trigger or limit may differ before an order is replaced'),
  evaluateOn: z
    .enum(['minute-close', 'quote'])
    .default('minute-close')
    .describe('candidates are looked at when a minute closes, or with every price of theirs as well'),
  deferSwitch: z
    .boolean()
    .default(true)
    .describe('a better strike between closes waits for the close; matters with evaluateOn quote'),
  orderTimeoutS: seconds
    .optional()
    .describe('seconds after which an unfilled entry is taken back; off by default, 300 in the origin'),
  maxPositions: count.default(5).describe('positions and resting entries at most'),
  maxPositionsCe: count.default(3).describe('of them calls'),
  maxPositionsPe: count.default(3).describe('of them puts'),
  dayTargetR: z.number().positive().max(1_000).default(5).describe('R of the day at which everything is closed'),
  dayLossR: z.number().positive().max(1_000).default(5).describe('R lost in the day at which everything is closed'),
  entryFrom: time.default('09:16' as IstTime).describe('HH:MM, a candle that ends here is the first to enter on'),
  entryTo: time.default('15:15' as IstTime).describe('HH:MM, a candle that ends here enters no more'),
  exitAt: time.default('15:15' as IstTime).describe('HH:MM, everything is closed'),
  barAgeMaxS: seconds.default(120).describe('seconds since its last candle up to which a symbol is fresh'),
  freshShareMin: share.default(0.5).describe('share of symbols that must be fresh for entries to rest'),
  staleForS: seconds.default(30).describe('seconds for which fewer must have been fresh before entries are taken back'),
  silentCancelS: seconds
    .default(240)
    .describe('seconds without a candle after which the entry in a symbol is taken back'),
});

type Parameters = z.infer<typeof SwingBreakParams>;

/** The parameters as the rules reckon: prices in paise, shares in millionths, times in ms and minutes of the day. */
export interface SwingBreakSettings extends Parameters {
  readonly price: { readonly min: number; readonly max: number };
  readonly premiumPpm: number;
  readonly stopAbove: number;
  readonly stopPpm: { readonly min: number; readonly max: number };
  readonly targetPoints: number;
  readonly r: number;
  readonly trigger: { readonly below: number; readonly room: number };
  readonly stopRoom: number;
  readonly repriceBy: number;
  readonly positionsMax: Readonly<Record<Right, number>>;
  /** Why a low or a candidate is not sold, in words. */
  readonly gates: Readonly<Record<'below' | 'above' | 'premium' | 'nearer' | 'further', string>>;
  readonly minutes: { readonly from: number; readonly to: number; readonly exit: number };
}

/** Share in millionths: thresholds are compared in whole numbers. */
const PPM = 1_000_000;

export function swingBreakSettings(params: Parameters): SwingBreakSettings {
  return {
    ...params,
    price: { min: inPaise(params.priceMin), max: inPaise(params.priceMax) },
    premiumPpm: Math.round(params.vwapPremium * PPM),
    stopAbove: inPaise(params.slAboveHigh),
    stopPpm: { min: Math.round(params.slPctMin * PPM), max: Math.round(params.slPctMax * PPM) },
    targetPoints: inPaise(params.targetSl),
    r: inPaise(params.rValue),
    trigger: { below: TICK, room: inPaise(params.entryLimitOffset) },
    stopRoom: inPaise(params.slLimitOffset),
    repriceBy: inPaise(params.repriceBeyond),
    positionsMax: { CE: params.maxPositionsCe, PE: params.maxPositionsPe },
    gates: {
      below: `swing low below ${params.priceMin}`,
      above: `swing low above ${params.priceMax}`,
      premium: `swing low less than ${percent(params.vwapPremium)} % above VWAP`,
      nearer: `stop nearer than ${percent(params.slPctMin)} %`,
      further: `stop further than ${percent(params.slPctMax)} %`,
    },
    minutes: {
      from: minutesOf(params.entryFrom),
      to: minutesOf(params.entryTo),
      exit: minutesOf(params.exitAt),
    },
  };
}

/** Points between two strikes, which the middle strike is a multiple of. */
const STRIKE_STEP: Partial<Record<Underlying, number>> = { NIFTY: 50, BANKNIFTY: 100, SENSEX: 100 };

/** What is wrong with parameters that are each right alone; undefined for nothing. */
export function refusalOfSwingBreak(params: Parameters, segment: Underlying): string | undefined {
  const step = STRIKE_STEP[segment] ?? 50;
  const { centreRounding = step, entryFrom, entryTo, exitAt } = params;
  if (centreRounding % step !== 0)
    return `parameter centreRounding must be a multiple of the strike step of ${segment}, ${step}, was ${centreRounding}`;
  if (params.priceMin > params.priceMax)
    return `parameter priceMin must not be above priceMax, was ${params.priceMin} and ${params.priceMax}`;
  if (params.slPctMin > params.slPctMax)
    return `parameter slPctMin must not be above slPctMax, was ${params.slPctMin} and ${params.slPctMax}`;
  if (minutesOf(entryFrom) >= minutesOf(entryTo))
    return `parameter entryFrom must be before entryTo, was ${entryFrom} and ${entryTo}`;
  return refusalOfLastEntry(entryTo, exitAt) ?? refusalOfOrders(params);
}

function refusalOfOrders(params: Parameters): string | undefined {
  const { maxPositions, entryLimitOffset, priceMin } = params;
  for (const name of ['maxPositionsCe', 'maxPositionsPe'] as const)
    if (params[name] > maxPositions)
      return `parameter ${name} must not be above maxPositions, was ${params[name]} and ${maxPositions}`;
  if (params.entryOrder === 'stoplimit' && entryLimitOffset + 0.1 > priceMin)
    return `parameter entryLimitOffset must leave a limit above 0 below priceMin, was ${entryLimitOffset} and ${priceMin}`;
  return undefined;
}

function percent(fraction: number): number {
  return Math.round(fraction * PPM) / 10_000;
}

function inPaise(value: number): number {
  return paise(Math.round(value * 100));
}
