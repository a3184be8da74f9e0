import type { Exchange } from '../model/instrument.ts';
import type { ExitReason, Terms } from '../model/order.ts';
import type { Paise, Side } from '../model/units.ts';
import { paise, TICK, tickDown, tickNearest, tickUp } from '../model/units.ts';
import type { EntryExecution } from '../strategy.ts';
import type { Leg } from './structure.ts';

/** How orders are priced, shared by every mode. Percentages are of the price they belong to. */
export interface ExecutionSettings {
  /** Width of a marketable limit beyond the price it was decided on. */
  readonly protectionPct: number;
  /** Room of a stop-limit past its trigger: the larger of a share and a number of paise. */
  readonly stopRoomPct: number;
  readonly stopRoomMin: number;
  /** Largest room that BSE lets a stop-limit have, per cent of the trigger. */
  readonly stopRoomBsePct: number;
  /** The resting stop of every short leg: a multiple of the guard's distance, at least a share of premium. */
  readonly disasterStop: { readonly on: boolean; readonly guardMultiple: number; readonly pctMin: number };
  /** Least move of a stop that rests at the venue for a guard, paise, least time between two, ms, and the moves after which another order takes its place. */
  readonly trailStep: number;
  readonly trailEveryMs: number;
  readonly trailModificationsMax: number;
  /** A resting stop that the venue refuses is tried again after a while, ms; after so many attempts its leg leaves. */
  readonly protectEveryMs: number;
  readonly protectAttemptsMax: number;
  /** Legs of one agent, one after the other, that had to leave so before it is halted. */
  readonly unprotectedLegsMax: number;
  readonly chaseEveryMs: number;
  readonly chaseAlarmAfter: number;
  /** Planning limits at the broker, in every mode. */
  readonly ordersPerSecondMax: number;
  readonly ordersPerMinuteMax: number;
  readonly modificationsMax: number;
  readonly churn: ChurnSettings;
  /** How entries go in whose strategy gave no terms. */
  readonly entry: EntryExecution;
  /** How a leg is closed that nothing hurries; stops, the account's limits and an operator's word are always chased. */
  readonly exit: ExitExecution;
  /** Hedges that have waited so long for their shorts to be out raise an alarm, ms; they stay until then all the same. */
  readonly exitWaitMs: number;
  /** Between two slices of one leg, ms. */
  readonly sliceEveryMs: number;
  /** Whether shorts leave right after their hedges were sent, or once these have filled; where that takes `basketWaitMs` and the hedges' own patience, the structure is unwound. */
  readonly basketWait: 'sent' | 'filled';
  readonly basketWaitMs: number;
  /** How often an entry is sent again that the venue refused for a passing reason, and after how long, ms. */
  readonly entryRetries: number;
  readonly entryRetryMs: number;
  /** Orders that the broker takes a day, and how many of them entries leave to exits and stops. */
  readonly ordersPerDayMax: number;
  readonly ordersPerDayReserve: number;
}

/** How a leg leaves: chased from the beginning, or first a limit (per cent beyond the price) and after a while (ms) at the market, then chased. */
export type ExitExecution =
  | { readonly kind: 'chase' }
  | { readonly kind: 'limit-then-market'; readonly bufferPct: number; readonly waitMs: number };

/**
 * When an agent's resting entries go round too often: an order that is placed again in the same contract so soon after the old one was
 * taken back is one cycle. Two counts of cycles bind for the day, on the contract and on all entries of the agent.
 */
export interface ChurnSettings {
  readonly cycleMs: number;
  /** So many cycles of one contract within `blockWithinMs` block it. */
  readonly blockAfter: number;
  readonly blockWithinMs: number;
  /** So many cycles of all contracts pause the agent's entries. */
  readonly pauseAfter: number;
}

export const DEFAULT_EXECUTION: ExecutionSettings = {
  protectionPct: 2,
  stopRoomPct: 5,
  stopRoomMin: 300,
  stopRoomBsePct: 20,
  disasterStop: { on: true, guardMultiple: 2, pctMin: 50 },
  trailStep: 50,
  trailEveryMs: 15_000,
  trailModificationsMax: 20,
  protectEveryMs: 2_000,
  protectAttemptsMax: 5,
  unprotectedLegsMax: 3,
  chaseEveryMs: 2_000,
  chaseAlarmAfter: 5,
  ordersPerSecondMax: 8,
  ordersPerMinuteMax: 350,
  modificationsMax: 25,
  churn: { cycleMs: 30_000, blockAfter: 2, blockWithinMs: 300_000, pauseAfter: 5 },
  entry: { kind: 'market' },
  exit: { kind: 'chase' },
  exitWaitMs: 10_000,
  sliceEveryMs: 0,
  basketWait: 'filled',
  basketWaitMs: 10_000,
  entryRetries: 2,
  entryRetryMs: 2_000,
  ordersPerDayMax: 5_000,
  ordersPerDayReserve: 500,
};

/** Reasons that hurry nobody; a stop's exit, a jumped stop, the account's own limits and an operator's word never wait. */
const CALM_REASONS: ReadonlySet<ExitReason> = new Set(['TARGET', 'TIME', 'SHIFT', 'REVERSAL']);

export function isCalm(reason: ExitReason): boolean {
  return CALM_REASONS.has(reason);
}

/** Whether a leg on its way out waits at its limit, as only a calm exit does, and only at first. */
export function isWaiting({ exiting, done }: Leg, { exit }: ExecutionSettings): boolean {
  return exit.kind !== 'chase' && !done && exiting?.attempt === 1 && isCalm(exiting.reason);
}

/** Whether a reason sets a leg on its way out, or hurries one that waits. */
export function mayLeave(leg: Leg, reason: ExitReason, settings: ExecutionSettings): boolean {
  if (leg.done) return false;
  return leg.exiting === undefined || (!isCalm(reason) && isWaiting(leg, settings));
}

/** Terms of an order that waits for a trigger. */
export type StopTerms = Extract<Terms, { kind: 'STOP_LIMIT' }>;

/** Smallest width of a marketable limit: cheap options have spreads of several ticks. */
const PROTECTION_MIN = 4 * TICK;

/** Prices beyond which an exchange refuses a limit order; undefined where no band was in force. */
export interface PriceBand {
  readonly low: number;
  readonly high: number;
}

/** A limit that takes what is there, wider with each attempt and never outside the band. */
export function marketableLimit(parts: {
  readonly side: Side;
  readonly price: number;
  readonly attempt: number;
  readonly settings: ExecutionSettings;
  readonly band: PriceBand | undefined;
}): Terms {
  const { side, price, attempt, settings, band } = parts;
  const room = attempt * Math.max((price * settings.protectionPct) / 100, PROTECTION_MIN);
  return limitBeyond(side, { price, room, band });
}

/** A limit so many per cent beyond the price on the side that the market takes, and never outside the band. */
export function bufferedLimit(parts: {
  readonly side: Side;
  readonly price: number;
  readonly bufferPct: number;
  readonly band: PriceBand | undefined;
}): Terms {
  const { side, price, bufferPct, band } = parts;
  // Per cent first: 100 x 1.003 is not a tick in binary fractions.
  const room = (price * bufferPct) / 100;
  return limitBeyond(side, { price, room, band });
}

function limitBeyond(
  side: Side,
  { price, room, band }: { readonly price: number; readonly room: number; readonly band: PriceBand | undefined },
): Terms {
  if (side === 'BUY') {
    const wanted = tickUp(price + room);
    return { kind: 'LIMIT', price: band === undefined ? wanted : paise(Math.min(wanted, tickDown(band.high))) };
  }
  const wanted = paise(Math.max(TICK, tickDown(price - room)));
  return { kind: 'LIMIT', price: band === undefined ? wanted : paise(Math.max(wanted, tickUp(band.low))) };
}

/** Whether asking again is of no use: the reason will be the same in two seconds. */
export function isLasting(reason: string): boolean {
  return LASTING.test(reason);
}

const LASTING =
  /margin|fund|balance|freeze|quantity|lot|price|tick|circuit|range|closed|settled|expir|block|bann|restrict|not allowed|invalid|disabled/i;

/** A stop-limit with room past its trigger, since index options take no stop-market orders; the desk's room unless it has its own, paise. */
export function stopLimit(
  order: {
    readonly side: Side;
    readonly trigger: Paise;
    readonly exchange: Exchange;
    readonly room?: number | undefined;
  },
  settings: ExecutionSettings,
): StopTerms {
  const { side, trigger, exchange } = order;
  let room: number = order.room ?? Math.max(tickUp((trigger * settings.stopRoomPct) / 100), settings.stopRoomMin);
  if (exchange === 'BFO') room = Math.min(room, bseRoomMax(trigger, settings));
  const price = side === 'BUY' ? trigger + room : Math.max(TICK, trigger - room);
  return { kind: 'STOP_LIMIT', trigger, price: paise(price) };
}

/** BSE allows 20 % of the trigger, and Rs 10 where the trigger is Rs 50 or less (since 2026-01-19; kept in every year). */
function bseRoomMax(trigger: number, settings: ExecutionSettings): number {
  if (trigger <= 5_000) return 1_000;
  return tickDown((trigger * settings.stopRoomBsePct) / 100);
}

/** Trigger of the resting stop of a short leg, given the per cent at which the engine's own guard stands. */
export function disasterTrigger(
  {
    entryPrice,
    structure,
  }: { readonly entryPrice: number; readonly structure: { readonly restingStopPct: number | undefined } },
  guardPct: number | undefined,
  settings: ExecutionSettings,
): Paise {
  const { guardMultiple, pctMin } = settings.disasterStop;
  const pct = Math.max((guardPct ?? 0) * guardMultiple, structure.restingStopPct ?? pctMin);
  return tickNearest(entryPrice * (1 + pct / 100));
}

/** Whether an order asks for nothing that another does not ask for. */
export function sameTerms(a: Terms, b: Terms): boolean {
  if (a.kind === 'MARKET' || b.kind === 'MARKET') return a.kind === b.kind;
  if (a.kind === 'LIMIT' || b.kind === 'LIMIT') return a.kind === b.kind && a.price === b.price;
  return a.trigger === b.trigger && a.price === b.price;
}
