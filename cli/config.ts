import { z } from 'zod';
import { UNDERLYINGS } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import { isDay } from '../engine/model/time.ts';
import { Execution } from './config-execution.ts';
import { AgentRisk, Risk } from './config-risk.ts';
import { count, pct, rupees } from './config-values.ts';

const dayText = z
  .string()
  .refine(isDay, 'a day of the calendar reads YYYY-MM-DD')
  .meta({ format: 'date' })
  .transform((text) => text as Day);
const segments = z.array(z.enum(UNDERLYINGS)).min(1);
const lots = z.number().int().min(1).max(10_000);
const delayMs = z.number().int().min(0).max(600_000);
const params = z.record(z.string(), z.unknown());

const Account = z.strictObject({
  capital: rupees.default(1_000_000).describe('rupees of the account'),
});

const AgentChoice = z.strictObject({
  strategy: z.string().describe('as "sim strategies" lists it, or a file of your own such as ./mine.ts'),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'small letters, digits and hyphens')
    .max(40)
    .optional()
    .describe("what reports call it; default: the strategy's name"),
  segments: segments.optional().describe('default: those of the desk'),
  lots: lots.optional().describe('default: those of the desk'),
  params: params.default({}).describe('parameters of the strategy'),
  risk: AgentRisk.optional().describe('limits of this agent beside those of the account'),
});

const Latency = z.strictObject({
  decideToVenueMs: delayMs.default(300).describe('from a decision to the venue'),
  venueToUsMs: delayMs.default(100).describe("from the venue's answer to us"),
  betweenLegsMs: delayMs.default(150).describe('between the legs of one structure'),
});

const Costs = z.strictObject({
  slippageTicks: count.default(1).describe('ticks that a marketable order pays on top'),
  spreads: z
    .enum(['measured', 'assumed'])
    .default('measured')
    .describe('half-spreads from the measured table, or assumed everywhere'),
  halfSpreadPct: pct
    .default(0.25)
    .describe('half-spread in per cent of premium where none was measured, at least one tick'),
  participationPct: pct
    .positive()
    .default(10)
    .describe("share of a minute's volume that fills may take where the volume is known"),
  flatPerLot: z
    .number()
    .min(0.01)
    .max(100_000)
    .multipleOf(0.01)
    .optional()
    .meta({
      description:
        'rupees for each lot of each executed order instead of all dated charges, so a round trip pays twice; absent means the dated charges',
      examples: [40],
    }),
  latency: Latency.prefault({}).describe('delays in milliseconds'),
});

const Candles = z.strictObject({
  source: z
    .enum(['store', 'synthetic'])
    .optional()
    .meta({
      description: 'imported candles or the embedded market of invented prices; default: the store where there is one',
      examples: ['store'],
    }),
  store: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'folder of imported candles; default: ./data', examples: ['./data'] }),
  chain: z
    .enum(['listed', 'modelled'])
    .default('listed')
    .describe('the options of the store, or option prices computed on its real index candles'),
  interval: z
    .string()
    .regex(/^[1-9]\d{0,2}m$/, 'minutes, such as 1m or 3m')
    .optional()
    .meta({ description: 'base interval; default: the finest that has all days', examples: ['1m'] }),
  seed: z.number().int().nonnegative().default(1).describe('seed of the synthetic market'),
  skipMissing: z.boolean().default(false).describe('leave out days without candles'),
  specialSessions: z
    .enum(['include', 'exclude'])
    .default('exclude')
    .describe('weekend and Muhurat sessions, for strategies that say they take part'),
});

const Own = z.strictObject({
  beatMs: z
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(10_000)
    .describe('milliseconds after which a call of an own strategy that has not come back ends the run'),
  memoryMb: z
    .number()
    .int()
    .min(256)
    .max(1_000_000)
    .default(6_144)
    .describe(
      'megabytes that a run of an own strategy may come to hold; never more than three quarters of what is free',
    ),
});

/** What a run is made with: a whole desk. Money in rupees here and only here; the engine gets paise. */
export const Config = z.strictObject({
  from: dayText.optional().meta({ description: 'first day', examples: ['2025-01-06'] }),
  to: dayText.optional().meta({ description: 'last day, a day that is over', examples: ['2025-01-31'] }),
  account: Account.prefault({}).describe('the account that all of it trades on'),
  segments: segments.default(['NIFTY']).describe('indices whose options are traded'),
  lots: lots.default(1).describe('lots of each leg'),
  strategy: z
    .string()
    .default('atm-straddle')
    .describe('the one strategy of a desk without agents: as "sim strategies" lists it, or a file of your own'),
  params: params.default({}).describe('parameters of that strategy'),
  agents: z
    .array(AgentChoice)
    .min(1)
    .optional()
    .meta({
      description: 'several strategies on one account, instead of strategy and params',
      examples: [
        [
          { strategy: 'atm-straddle', segments: ['NIFTY'], lots: 2, params: { legStopPct: 30 } },
          { strategy: 'atm-straddle', name: 'late', segments: ['NIFTY'], params: { entryAt: '11:00' } },
        ],
      ],
    }),
  execution: Execution.prefault({}).describe('how orders are priced and protected'),
  risk: Risk.prefault({}).describe('limits of the account; absent means no limit'),
  costs: Costs.prefault({}).describe('what a simulated fill costs'),
  data: Candles.prefault({}).describe('the candles that are played'),
  runs: z.string().min(1).default('./runs').describe('folder of the runs'),
  closeGraceMs: z
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(1_000)
    .describe('milliseconds from the end of a minute to the decision that sees it'),
  own: Own.prefault({}).describe('strategies of your own'),
});

export type Config = z.infer<typeof Config>;
