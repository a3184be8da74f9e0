import { z } from 'zod';
import type { EntryExecution, IstTime, SeriesWish, Underlying } from '../engine/strategy.ts';
import { minutesOf } from '../engine/strategy.ts';
import { dteTable, refusalOfTable } from './dte-table.ts';
import { expiryParams } from './expiry-choice.ts';
import { count, refusalOfLastEntry, refusalOfOpeningRange, STRIKE_STEP, timeOfDay } from './params.ts';

/** What every strategy on the straddle series is told. */
export const seriesParams = {
  ...expiryParams,
  anchorTime: timeOfDay
    .default('09:20' as IstTime)
    .describe('HH:MM, the VWAP of the straddle counts minutes that start here or later'),
  straddleStrike: z
    .enum(['rolling', 'fixed'])
    .default('rolling')
    .describe('the straddle is at the money of each minute, or of the anchor all day'),
  pivotWindow: z
    .number()
    .int()
    .min(2)
    .max(375)
    .default(15)
    .describe('values of the straddle and of the index that a high or low is taken from; minutes of the opening range'),
  windowIncludesCurrent: z
    .boolean()
    .default(false)
    .describe('the present value is among them, so that a break means being the extreme'),
  afterStrikeChange: z
    .enum(['skipMinute', 'rewindow'])
    .default('skipMinute')
    .describe(
      "in the minute in which the money moved to another strike: no new extreme counts, or it is one of that strike's own last values",
    ),
  slBasis: z
    .enum(['straddle', 'index'])
    .default('straddle')
    .describe('what the stop is a level of; on the index a Batman leaves on either side of its range'),
  evaluateOn: z
    .enum(['minute-close', 'quote'])
    .default('minute-close')
    .describe(
      'the stop on the straddle is looked at when a minute closes, or with every price of either leg as well; a stop on the index is read at closes alone',
    ),
  blindMinutesMax: count
    .max(60)
    .default(5)
    .describe('minutes in a row without the value that the stop reads after which the structure is closed; 0 is off'),
  fillMinutesMax: count
    .max(60)
    .default(1)
    .describe('minute closes after which a structure with a leg that is not filled is closed; 0 is off'),
  unwindsMax: count
    .max(20)
    .default(2)
    .describe('structures in a row of which a leg was not had after which nothing more is entered that day; 0 is off'),
  entryTo: timeOfDay.default('15:00' as IstTime).describe('HH:MM, a minute that ends here enters or shifts no more'),
  exitAt: timeOfDay.default('15:15' as IstTime).describe('HH:MM, everything is closed'),
  entryOrder: z
    .enum(['limit-then-market', 'market'])
    .default('limit-then-market')
    .describe('how legs are entered: a limit past the price and after a while the market, or the market at once'),
  limitBufferPct: z
    .number()
    .nonnegative()
    .max(10)
    .default(0.3)
    .describe('per cent that such a limit lies past the price'),
  limitWaitSeconds: z.number().positive().max(60).default(5).describe('seconds that it rests before the market'),
};

/** What the debit spread is told. */
export const spreadParams = {
  rangeMode: z
    .enum(['opening', 'rolling'])
    .default('opening')
    .describe('the range that the index breaks: of the first minutes, or of the last ones'),
  rangeOn: z
    .enum(['close', 'extreme'])
    .default('close')
    .describe("what the opening range is made of: closes of the index, or its candles' highs and lows"),
  breakWhen: z
    .enum(['once', 'beyond', 'crosses'])
    .default('once')
    .describe(
      'the range is broken while the index stands beyond it: for one trade until it has been back inside, for as many as come, or only in the minute in which it goes there',
    ),
  otmSteps: z.number().int().min(1).max(20).default(1).describe('strikes that the sold leg lies beyond the bought one'),
  trailPct: z
    .number()
    .nonnegative()
    .max(50)
    .default(1)
    .describe('per cent of the best value since the entry that the stop trails by; 0 is off'),
  // At eleven times what it was sold for the sold leg is far in the money, where the spread is worth nearly all that it can be: what tears it
  // there costs little. The bought leg bounds the loss at every price, so a closer stop would only tear the trades that win.
  spreadRestingStopPct: z
    .number()
    .positive()
    .max(10_000)
    .default(1_000)
    .describe('per cent of its premium above which the wide resting stop of the sold leg of a spread stands at least'),
};

const row = {
  sellPct: z.number().positive().max(20).describe('per cent of the index that the sold strikes lie away'),
  hedgePct: z.number().positive().max(20).describe('per cent of the index that the bought strikes lie away'),
};

/** What the Batman is told. */
export const batmanParams = {
  lowerLows: z.number().int().min(1).max(20).default(1).describe('new lows of the straddle one after the other'),
  strikeBy: z
    .enum(['percent', 'delta', 'premium'])
    .default('percent')
    .describe('what its strikes are chosen by: their distance, their delta or their price'),
  legsByDte: dteTable(row)
    .default([{ maxDte: 366, sellPct: 2.5, hedgePct: 1.25 }])
    .describe('distances by calendar days to expiry, rows rising'),
  sellDelta: z.number().positive().max(0.5).default(0.1).describe('delta of the sold options'),
  hedgeDelta: z.number().positive().max(0.5).default(0.25).describe('delta of the bought options'),
  sellPremium: z.number().positive().default(20).describe('price in rupees of the sold options'),
  hedgePremium: z.number().positive().default(60).describe('price in rupees of the bought options'),
  ratio: z
    .enum(['1:1', '3:2', '2:1', '5:2', '3:1', '4:1', '5:1'])
    .default('2:1')
    .describe('sold lots to bought lots of each side, times the lots of the agent'),
  hedgeQtyMode: z
    .enum(['ratio', 'premium'])
    .default('ratio')
    .describe('bought lots by the ratio, or so many that they cost what the sold lots bring'),
  hedgeValueRatio: z
    .number()
    .positive()
    .max(10)
    .default(1)
    .describe('what bought options cost over what sold ones bring, where lots go by premium'),
  restingStopPct: z
    .number()
    .positive()
    .max(1_000)
    .default(200)
    .describe('per cent of its premium above which the wide resting stop of a sold leg stands at least'),
  slBuffer: z.number().nonnegative().max(50).default(1).describe('per cent past the window that the stop follows to'),
  shiftMode: z
    .enum(['step', 'grid', 'off'])
    .default('step')
    .describe(
      'when the index has run by shiftStep everything moves to the money there, and the next run counts from there (step) or from whole steps off the index at entry (grid)',
    ),
  shiftStep: z
    .number()
    .positive()
    .optional()
    .describe('points of such a run; default NIFTY 50, BANKNIFTY and SENSEX 100'),
};

const SeriesParams = z.strictObject(seriesParams);
const SpreadParams = z.strictObject(spreadParams);
const BatmanParams = z.strictObject(batmanParams);

export type CommonSettings = z.infer<typeof SeriesParams>;
export type SpreadSettings = z.infer<typeof SpreadParams>;
export type BatmanSettings = z.infer<typeof BatmanParams>;

/** Sold and bought lots of a ratio. */
export function ratioOf({ ratio }: Pick<BatmanSettings, 'ratio'>): { readonly sold: number; readonly bought: number } {
  const [sold = 2, bought = 1] = ratio.split(':').map(Number);
  return { sold, bought };
}

/** Points of the index at which a Batman shifts. */
export function shiftStepOf({ shiftStep }: Pick<BatmanSettings, 'shiftStep'>, segment: Underlying): number {
  return shiftStep ?? STRIKE_STEP[segment] ?? 100;
}

export function executionOf({ entryOrder, limitBufferPct, limitWaitSeconds }: CommonSettings): EntryExecution {
  if (entryOrder === 'market') return { kind: 'market' };
  return { kind: 'limit-then-market', bufferPct: limitBufferPct, waitMs: Math.round(limitWaitSeconds * 1_000) };
}

/** What does not go together of times and of the straddle; undefined for nothing. */
export function refusalOfSeries(params: CommonSettings): string | undefined {
  const { straddleStrike, afterStrikeChange, evaluateOn, slBasis } = params;
  if (straddleStrike === 'fixed' && afterStrikeChange === 'rewindow')
    return 'parameter afterStrikeChange rewindow goes with straddleStrike rolling, was with fixed, whose strike never changes';
  if (evaluateOn === 'quote' && slBasis === 'index')
    return 'parameter evaluateOn quote goes with slBasis straddle, was with index, whose stop is read at minute closes alone';
  return refusalOfTimes(params);
}

function refusalOfTimes({ anchorTime, entryTo, exitAt, pivotWindow }: CommonSettings): string | undefined {
  if (minutesOf(anchorTime) >= minutesOf(entryTo))
    return `parameter anchorTime must be before entryTo, was ${anchorTime} and ${entryTo}`;
  return refusalOfLastEntry(entryTo, exitAt) ?? refusalOfOpeningRange('pivotWindow', pivotWindow, entryTo);
}

export function refusalOfSpread({ rangeMode, rangeOn }: SpreadSettings): string | undefined {
  if (rangeMode === 'opening' || rangeOn === 'close') return undefined;
  return 'parameter rangeOn extreme goes with rangeMode opening, was with rolling';
}

export function refusalOfBatman(params: BatmanSettings): string | undefined {
  if (params.shiftMode === 'off' && params.shiftStep !== undefined)
    return `parameter shiftStep goes with shiftMode step or grid, was ${params.shiftStep} with off`;
  if (params.strikeBy === 'delta' && params.hedgeDelta <= params.sellDelta)
    return `parameter hedgeDelta must be above sellDelta, was ${params.hedgeDelta} and ${params.sellDelta}`;
  if (params.strikeBy === 'premium' && params.hedgePremium <= params.sellPremium)
    return `parameter hedgePremium must be above sellPremium, was ${params.hedgePremium} and ${params.sellPremium}`;
  const wrong = params.legsByDte.find(({ sellPct, hedgePct }) => hedgePct >= sellPct);
  if (wrong !== undefined)
    return `parameter legsByDte must have hedgePct below sellPct, was ${wrong.hedgePct} and ${wrong.sellPct} up to ${wrong.maxDte} days`;
  return refusalOfTable('legsByDte', params.legsByDte);
}

/** Minutes of the index, for an opening range of its highs and lows. */
export const MINUTE_SERIES: readonly SeriesWish[] = [{ span: 60_000, warmUp: 0 }];

/** Levels of the index above which no segment is expected to stand, points: the universe is declared before any level is known. */
const LEVEL_MAX: Partial<Record<Underlying, number>> = { NIFTY: 40_000, BANKNIFTY: 90_000, SENSEX: 130_000 };
/** Strikes that the window may lie off the money before it is moved. */
export const RECENTRE_STEPS = 3;
/** Per cent of the index within which strikes by delta or premium are looked for. */
const SEARCH_PCT = 5;

/** Per cent of the index that a day may run from its anchor: at ten the exchanges halt the whole market. */
const RUN_PCT = 10;

/** Strikes to either side of the money that the straddle needs, and a spread from there. */
export function strikesOfSeries(
  { straddleStrike }: CommonSettings,
  { otmSteps }: Pick<SpreadSettings, 'otmSteps'>,
  segment: Underlying,
): number {
  const near = otmSteps + RECENTRE_STEPS + 2;
  return straddleStrike === 'rolling' ? near : Math.max(near, strikesWithin(RUN_PCT, segment));
}

/** Strikes to either side that the furthest leg of a Batman needs, and its straddle. */
export function strikesOfBatman(params: BatmanSettings & CommonSettings, segment: Underlying): number {
  const { strikeBy, legsByDte } = params;
  const pct = strikeBy === 'percent' ? Math.max(...legsByDte.map(({ sellPct }) => sellPct)) : SEARCH_PCT;
  return Math.max(strikesWithin(pct, segment), strikesOfSeries(params, { otmSteps: 0 }, segment));
}

function strikesWithin(pct: number, segment: Underlying): number {
  const points = ((LEVEL_MAX[segment] ?? 100_000) * pct) / 100;
  return Math.ceil(points / (STRIKE_STEP[segment] ?? 50)) + RECENTRE_STEPS + 1;
}
