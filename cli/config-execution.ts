import { z } from 'zod';
import { DEFAULT_EXECUTION } from '../engine/orders/execution-policy.ts';
import { count, pct, rupees } from './config-values.ts';

const waitMs = z.number().int().min(0).max(600_000);
const { churn } = DEFAULT_EXECUTION;

/** A limit so far beyond the price, and so long, before the market. */
const patience = {
  bufferPct: pct.max(10).default(0.3).describe('limit-then-market: per cent beyond the price'),
  waitMs: waitMs.default(5_000).describe('limit-then-market: milliseconds before the rest goes to the market'),
};

const Entry = z.strictObject({
  policy: z.enum(['market', 'limit-then-market']).default(DEFAULT_EXECUTION.entry.kind).describe('what is sent'),
  ...patience,
});

const Exit = z.strictObject({
  policy: z.enum(['chase', 'limit-then-market']).default(DEFAULT_EXECUTION.exit.kind).describe('what is sent'),
  ...patience,
});

const Churn = z.strictObject({
  cycleMs: waitMs
    .default(churn.cycleMs)
    .describe('milliseconds in which taking an order back and placing one in the same contract again is one cycle'),
  blockAfter: count.min(1).default(churn.blockAfter).describe('cycles of one contract that block it'),
  blockWithinMs: z
    .number()
    .int()
    .min(0)
    .max(86_400_000)
    .default(churn.blockWithinMs)
    .describe('milliseconds within which they fall'),
  pauseAfter: count.min(1).default(churn.pauseAfter).describe("cycles of all contracts that pause the agent's entries"),
});

/** How orders are priced, sent and protected. */
export const Execution = z.strictObject({
  protectionPct: pct.default(DEFAULT_EXECUTION.protectionPct).describe('room of a marketable limit, per cent'),
  stopRoomPct: pct
    .default(DEFAULT_EXECUTION.stopRoomPct)
    .describe('room of a stop-limit past its trigger, per cent; the larger of this and stopRoomMin counts'),
  stopRoomMin: rupees
    .max(1e6)
    .default(DEFAULT_EXECUTION.stopRoomMin / 100)
    .describe('the same in rupees'),
  disasterStop: z.boolean().default(true).describe('a resting stop at the exchange for every short leg'),
  disasterStopGuardMultiple: z
    .number()
    .min(1)
    .max(100)
    .default(DEFAULT_EXECUTION.disasterStop.guardMultiple)
    .describe("its distance as a multiple of the guard's"),
  disasterStopPctMin: z
    .number()
    .positive()
    .max(10_000)
    .default(DEFAULT_EXECUTION.disasterStop.pctMin)
    .describe('its least distance in per cent of premium'),
  trailStep: rupees
    .max(1_000)
    .default(DEFAULT_EXECUTION.trailStep / 100)
    .describe(
      'rupees by which a stop at the exchange is moved at least, where a strategy lets the exchange hold its guard',
    ),
  trailEveryMs: waitMs.default(DEFAULT_EXECUTION.trailEveryMs).describe('milliseconds between two such moves at least'),
  trailModificationsMax: count
    .min(1)
    .max(DEFAULT_EXECUTION.modificationsMax - 1)
    .default(DEFAULT_EXECUTION.trailModificationsMax)
    .describe('changes of one such order after which a new one takes its place; the broker allows 25'),
  protectEveryMs: waitMs
    .min(100)
    .default(DEFAULT_EXECUTION.protectEveryMs)
    .describe('milliseconds before a stop that the venue refused is tried again'),
  protectAttemptsMax: count
    .min(1)
    .max(100)
    .default(DEFAULT_EXECUTION.protectAttemptsMax)
    .describe('refusals in a row after which the leg is closed at the market with an alarm'),
  unprotectedLegsMax: count
    .min(1)
    .default(DEFAULT_EXECUTION.unprotectedLegsMax)
    .describe('legs in a row that were closed so after which their agent is halted for the day'),
  chaseEveryMs: z
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(DEFAULT_EXECUTION.chaseEveryMs)
    .describe('milliseconds after which an exit that rests is priced anew'),
  chaseAlarmAfter: count
    .min(1)
    .max(18)
    .default(DEFAULT_EXECUTION.chaseAlarmAfter)
    .describe('attempts after which a note is written; the twentieth is the widest'),
  entry: Entry.prefault({}).describe('how entries go in whose strategy gives no terms'),
  exit: Exit.prefault({}).describe(
    'how a leg is closed that nothing hurries; stops, limits of the account and the operator are always chased',
  ),
  exitWaitMs: waitMs
    .min(1)
    .default(DEFAULT_EXECUTION.exitWaitMs)
    .describe('milliseconds after which hedges raise an alarm whose shorts are not bought back; they stay until then'),
  sliceEveryMs: waitMs
    .default(DEFAULT_EXECUTION.sliceEveryMs)
    .describe('milliseconds between two slices of one leg; the ordering documents say 500'),
  basketWait: z
    .enum(['sent', 'filled'])
    .default(DEFAULT_EXECUTION.basketWait)
    .describe('whether shorts leave right after their hedges were sent, or once these have filled'),
  basketWaitMs: waitMs
    .min(1)
    .default(DEFAULT_EXECUTION.basketWaitMs)
    .describe(
      'milliseconds after which a structure is unwound whose hedges have not filled, beyond what their own limits wait',
    ),
  entryRetries: count
    .max(10)
    .default(DEFAULT_EXECUTION.entryRetries)
    .describe('how often an entry is sent again that the venue refused for a passing reason'),
  entryRetryMs: waitMs.min(100).default(DEFAULT_EXECUTION.entryRetryMs).describe('milliseconds before that'),
  ordersPerDayMax: count
    .min(1)
    .default(DEFAULT_EXECUTION.ordersPerDayMax)
    .describe('orders that the broker takes a day'),
  ordersPerDayReserve: count
    .default(DEFAULT_EXECUTION.ordersPerDayReserve)
    .describe('how many of them entries leave to stops and exits, which never end'),
  churn: Churn.prefault({}).describe('when entries that rest go round too often; both limits hold for the day'),
});
