import { z } from 'zod';
import { cap, pct, rupees, time } from './config-values.ts';

const inR = z.number().positive().max(1_000);

/** Limits of the money of a day, for whatever `whose` is. */
function moneyLimits(whose: string) {
  const limit = <Value extends z.ZodType>(value: Value, description: string, example: number) =>
    value.optional().meta({ description: `${description}, ${whose}`, examples: [example] });
  return {
    lossPerDayMax: limit(rupees, 'rupees; at this loss of the day everything is closed and halted', 20_000),
    lossPerDayPct: limit(pct.positive(), 'the same in per cent of the capital that stands in the morning', 2),
    exitPnl: limit(rupees, 'rupees; a net of the day this far below nothing closes and halts, beside the cap', 15_000),
    rollingProfit: limit(
      rupees,
      'rupees; a fall by this from the best net since the positions were begun closes and halts',
      5_000,
    ),
    profitPerDayTarget: limit(rupees, 'rupees; at this net of the day nothing is entered any more', 30_000),
    trailFromPeak: limit(rupees, 'rupees; a fall by this from the best net of the day closes and halts', 10_000),
    profitLockFrom: limit(rupees, 'rupees of net from which profitLockShare of the best net is kept', 15_000),
    rLossPerDayMax: limit(inR, 'R lost in a day, closed and open, at which everything is closed and halted', 5),
    rProfitPerDayTarget: limit(inR, 'R made in a day, closed and open, at which everything is closed and halted', 5),
    lossesInARowMax: limit(cap, 'structures closed at a loss in a row today that end entries', 3),
  };
}

const targetAct = z.enum(['halt', 'flatten']);
const actOfTarget = targetAct.optional().meta({
  description: 'whether its target also closes what is open; default: as the account has it',
  examples: ['flatten'],
});

/** Limits of one agent and how it is sized: rupees, R, lots and counts. */
export const AgentRisk = z.strictObject({
  ...moneyLimits('of the agent'),
  profitTargetAct: actOfTarget,
  structuresPerDayMax: cap.optional().meta({ description: 'structures it may open a day', examples: [3] }),
  structuresOpenMax: cap.optional().meta({ description: 'structures it may have open', examples: [5] }),
  structuresOpenPerRightMax: cap
    .optional()
    .meta({ description: 'the same of one right, by the first leg', examples: [3] }),
  riskPerStructure: rupees.optional().meta({
    description:
      'rupees that a structure may plan to lose; its plan is taken so many times as fit, what is bought without a stop counting with at least its net debit',
    examples: [6_500],
  }),
  lotsMax: cap.optional().meta({ description: 'lots of one leg', examples: [10] }),
});

const Standing = z.strictObject({
  read: z
    .enum(['none', 'runs'])
    .default('none')
    .describe('whether finished runs of the same strategy, parameters and mode are looked at before the first day'),
  drawdownRMax: inR.default(20).describe('R below their best at which the agent starts halted'),
  drawdownMax: rupees.optional().meta({ description: 'the same in rupees', examples: [100_000] }),
  lossesInARowMax: cap.optional().meta({ description: 'losses in a row up to the last structure', examples: [6] }),
  badDaysInARowMax: cap.default(3).describe('days in a row up to the last that lost badDayR'),
  badDayR: inR.default(5).describe('R lost on such a day'),
  winPctMin: pct.default(30).describe('per cent of structures that must have won'),
  winsOver: cap.default(20).describe('structures from which that is asked'),
  slipMax: rupees.default(3).describe('rupees a unit that entries were filled worse than decided, on average'),
  filledPctMin: pct.optional().meta({ description: 'per cent of entry orders that must have filled', examples: [60] }),
});

/** Limits of the account. Rupees. */
export const Risk = z.strictObject({
  ...moneyLimits('of the account'),
  rmsMode: z
    .enum(['hard', 'shrinking'])
    .default('hard')
    .describe('whether loss caps hold as they stand or shrink by the worst loss of the day'),
  rollingArm: z.boolean().default(true).describe('a rolling profit waits for a best net of at least itself'),
  lossPlannedCounts: z
    .enum(['new', 'new-and-open'])
    .default('new')
    .describe('planned losses that must fit what is left of the day'),
  profitTargetAct: targetAct.default('halt').describe('whether a target also closes what is open'),
  profitLockShare: z.number().min(0).lt(1).default(0.5).describe('the share kept'),
  structuresPerDayMax: cap.optional().meta({ description: 'structures an agent may open a day', examples: [3] }),
  structuresPerDayAccountMax: cap
    .optional()
    .meta({ description: 'structures all agents together may open a day', examples: [10] }),
  structuresOpenMax: cap.optional().meta({ description: 'structures an agent may have open', examples: [1] }),
  structuresOpenAccountMax: cap
    .optional()
    .meta({ description: 'structures all agents together may have open', examples: [4] }),
  structuresOpenSegmentMax: cap.optional().meta({ description: 'the same of one segment', examples: [2] }),
  structuresOpenPerRightMax: cap
    .optional()
    .meta({ description: 'the same of one right, by the first leg', examples: [3] }),
  structuresOpenPerNameMax: cap.optional().meta({ description: 'the same of one signal', examples: [2] }),
  lotsPerOrderMax: cap.optional().meta({ description: 'lots of one order', examples: [20] }),
  lotsPerStructureMax: cap.optional().meta({ description: 'lots of all legs of a structure', examples: [40] }),
  marginUseMax: pct
    .positive()
    .optional()
    .meta({ description: "per cent of the account's net worth that estimated margins may take", examples: [90] }),
  entryFrom: time.optional().meta({ description: 'first minute of entries', examples: ['09:20'] }),
  entryTo: time.optional().meta({ description: 'last minute of entries', examples: ['14:45'] }),
  squareOffAt: time.optional().meta({
    description: 'every structure is closed then, or ten minutes before the last close if that is earlier',
    examples: ['15:15'],
  }),
  perSegment: z
    .strictObject({
      ...moneyLimits('of the agents of one segment'),
      profitTargetAct: actOfTarget,
    })
    .prefault({})
    .describe('limits of each segment by itself'),
  perAgent: AgentRisk.omit({ structuresPerDayMax: true, structuresOpenMax: true })
    .prefault({})
    .describe('limits of each agent by itself; where an agent has its own, the tighter one counts'),
  standing: Standing.prefault({}).describe('figures of past runs at which an agent starts halted'),
});
