import { z } from 'zod';
import type { IstTime, Underlying } from '../engine/strategy.ts';
import { minutesOf } from '../engine/strategy.ts';
import { expiryParams } from './expiry-choice.ts';
import { count, STRIKE_STEP, timeOfDay } from './params.ts';
import { WEEKLY_SIGNALS } from './weekly-rules.ts';

const points = z.number().int().positive().max(10_000);
/** Strikes to either side that a stop level and its hedge may lie away from the money. */
export const STRIKES_AROUND = 40;

const pct = z.number().positive().max(100);

export const WeeklyParams = z.strictObject({
  signals: z
    .array(z.enum(WEEKLY_SIGNALS))
    .min(1)
    .default([...WEEKLY_SIGNALS])
    .describe('signals that are traded; one left out does not use up its week'),
  prevCloseSource: z
    .enum(['last', 'official'])
    .default('last')
    .describe("last week's close: its last minute, or the exchange's official close"),
  fourHourMode: z
    .enum(['session', 'clock4', 'seq4', 'hour1'])
    .default('session')
    .describe(
      'bodies of four hours: anchored at the open, by clock, every four hours of the week in a row, or of one hour',
    ),
  cutWeeks: z
    .enum(['skip', 'use'])
    .default('skip')
    .describe(
      'weeks whose first session the data lack: they have no signal and give the next one no zones, or are judged on what is there',
    ),
  minPrevWeekBars: count.max(200).default(0).describe('hourly bars that the week before must have'),
  touchBypass: z.boolean().default(false).describe('S2 and S3 need no margin where the first bar touches the zone'),
  s8Touch: z
    .enum(['week', 'bar'])
    .default('week')
    .describe('S8: the upper zone was touched this week, or by the present bar'),
  breakoutLatch: z
    .enum(['once', 'edge'])
    .default('once')
    .describe('a breakout fires once a week, or each time its condition becomes true'),
  onlyAt1115: z.boolean().default(false).describe('judge the second bar of the week alone'),
  consumeWeekOnNoPrice: z
    .boolean()
    .default(true)
    .describe('a signal whose options have no fresh price uses up its week'),
  lateSignal: z
    .enum(['skip', 'nextOpen'])
    .default('skip')
    .describe('a signal after the last entry time: left, or entered after the first minute of the next session'),
  entryTo: timeOfDay
    .default('15:15' as IstTime)
    .describe('HH:MM, a bar that ends then or later gives no entry that day'),
  entryTiming: z
    .enum(['immediate', 'delayed'])
    .default('immediate')
    .describe('at the close of the signal bar, or of the next one'),
  ...expiryParams,
  strikeRule: z
    .enum(['dir50', 'near100', 'near50', 'atm50'])
    .default('dir50')
    .describe(
      'the sold strike: the stop level away from the market to 50, the level to the nearest 100 or 50, or the money',
    ),
  hedgeMethod: z
    .enum(['offset', 'percent'])
    .default('offset')
    .describe('the bought strike: so many points further, or by its premium'),
  hedgeOffset: points.default(200).describe('points further out of the money'),
  hedgePremiumPct: pct
    .default(30)
    .describe("with hedgeMethod percent: the bought premium that is looked for, per cent of the sold one's"),
  hedgeNearest: points.default(100).describe('with hedgeMethod percent: least points between the strikes'),
  hedgeFurthest: points.default(500).describe('with hedgeMethod percent: most points between the strikes'),
  hedgeFallback: points.default(250).describe('with hedgeMethod percent: points where none of them has a fresh price'),
  slLevel: z
    .enum(['strike', 'raw'])
    .default('strike')
    .describe('the stop on the index stands at the sold strike, or at the raw level'),
  slBasis: z
    .enum(['touch', 'hourly_close'])
    .default('touch')
    .describe('the index reaches the stop between closes, or closes an hour at or beyond it after the entry bar'),
  exitMode: z
    .enum(['expiry', 'intraday1515', 'tPlusN'])
    .default('expiry')
    .describe('held to expiry, closed the same day, or so many sessions later, at exitAt'),
  exitAt: timeOfDay.default('15:15' as IstTime).describe('HH:MM of a close by time'),
  exitSessions: count.min(1).max(20).default(1).describe('with exitMode tPlusN: sessions after the entry'),
  structuresOpenMax: count.min(1).default(3).describe('structures open at once'),
  restingStopPct: z
    .number()
    .positive()
    .max(1_000)
    .default(300)
    .describe('per cent of its premium above which the wide resting stop of a sold leg stands at least'),
  lossPerDay: z.number().nonnegative().max(1e9).default(10_000).describe('rupees of loss a day; 0 is off'),
  progressiveStop: z.boolean().default(false).describe('a stop on money that tightens with gains and sessions'),
  progressiveLossPerLot: z
    .number()
    .positive()
    .default(6_000)
    .describe('rupees a lot at which it begins; gains count before charges'),
  progressiveLockPct: pct
    .default(40)
    .describe('per cent of the largest possible profit from which it stands at nothing'),
  progressiveLatePct: pct
    .default(5)
    .describe('per cent of the largest possible profit at which it stands from the fourth session'),
  profitLockArmPct: pct.optional().describe('per cent of the sold premium of gain that arms a lock; absent is off'),
  profitLockExitPct: pct.default(5).describe('per cent of the sold premium under which an armed lock closes'),
});

export type WeeklySettings = z.infer<typeof WeeklyParams>;

/** What is wrong with parameters that are each right alone; undefined for nothing. */
export function refusalOfWeekly(params: WeeklySettings, segment: Underlying): string | undefined {
  const step = STRIKE_STEP[segment] ?? 50;
  const { hedgeNearest, hedgeFurthest, strikeRule, profitLockArmPct, profitLockExitPct } = params;
  if (step > 50 && strikeRule !== 'near100')
    return `parameter strikeRule of ${segment} must be near100, since its strikes are ${step} points apart, was ${strikeRule}`;
  const distance = params.hedgeMethod === 'offset' ? 'hedgeOffset' : 'hedgeFallback';
  if (params[distance] % step !== 0)
    return `parameter ${distance} must be a multiple of the strike step of ${segment}, ${step}, was ${params[distance]}`;
  if (params[distance] > STRIKES_AROUND * step)
    return `parameter ${distance} must lie within the ${STRIKES_AROUND} strikes of ${step} points that are looked at, was ${params[distance]}`;
  if (hedgeNearest > hedgeFurthest)
    return `parameter hedgeNearest must not be above hedgeFurthest, was ${hedgeNearest} and ${hedgeFurthest}`;
  if (profitLockArmPct !== undefined && profitLockArmPct <= profitLockExitPct)
    return `parameter profitLockArmPct must be above profitLockExitPct, was ${profitLockArmPct} and ${profitLockExitPct}`;
  if (
    params.exitMode === 'intraday1515' &&
    params.lateSignal === 'skip' &&
    minutesOf(params.exitAt) < minutesOf('11:15' as IstTime)
  )
    return `parameter exitAt must not be before the first signal of a week at 11:15, was ${params.exitAt}`;
  if (params.exitMode !== 'expiry' && !isWithinSession(params.exitAt))
    return `parameter exitAt must be after 09:15 and before 15:30, was ${params.exitAt}`;
  if (params.lateSignal === 'skip' && minutesOf(params.entryTo) <= minutesOf('10:15' as IstTime))
    return `parameter entryTo must be after the first hour of a session ends at 10:15, was ${params.entryTo} with lateSignal skip`;
  return undefined;
}

function isWithinSession(time: IstTime): boolean {
  return minutesOf(time) > minutesOf('09:15' as IstTime) && minutesOf(time) < minutesOf('15:30' as IstTime);
}
