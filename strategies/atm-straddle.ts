/**
 * Short at-the-money straddle: sell the call and the put nearest the index, give each leg its own stop, leave both when the index has
 * run too far, and be flat by the exit time whatever happened.
 */
import { z } from 'zod';
import type {
  EntryPlan,
  ExitReason,
  GuardSpec,
  IstTime,
  LegView,
  Lots,
  OptionContract,
  Paise,
  StrategyContext,
  StructureView,
  Underlying,
} from '../engine/strategy.ts';
import { atTheMoney, defineStrategy, minutesOf, paise, tickNearest } from '../engine/strategy.ts';
import { SESSIONS_FROM, timeOfDay } from './params.ts';

const Params = z.strictObject({
  expiry: z.enum(['nearest', 'next', 'monthly']).default('nearest').describe('which expiry is sold'),
  entryAt: timeOfDay.default('09:20' as IstTime).describe('HH:MM, after the minute that ends there'),
  exitAt: timeOfDay.default('15:15' as IstTime).describe('HH:MM, everything is closed'),
  legStopPct: z.number().positive().max(300).default(25).describe('per cent of its sale price that a leg may rise'),
  spotMove: z
    .number()
    .nonnegative()
    .optional()
    .describe(
      'points of the index at which both legs are closed; 0 is off; default NIFTY 100, BANKNIFTY and SENSEX 200',
    ),
  rollOnSpot: z.boolean().default(false).describe('sell a new straddle at the new money after such a close'),
  rollsPerDayMax: z.number().int().nonnegative().default(2).describe('rolls a day'),
  rollUntil: timeOfDay.default('14:30' as IstTime).describe('HH:MM, no roll after it'),
  moveOtherToCost: z
    .boolean()
    .default(false)
    .describe('when one leg is stopped, the stop of the other goes to its cost'),
  reenterAtCost: z
    .number()
    .int()
    .nonnegative()
    .max(10)
    .default(0)
    .describe('times a stopped leg is sold again at its cost'),
  vwapGate: z.boolean().default(false).describe('enter only while the straddle is below its VWAP of the day'),
});

type Settings = z.infer<typeof Params>;

/** Points of the index by default, from the public rolling-straddle rule. */
const SPOT_MOVE: Partial<Record<Underlying, number>> = { NIFTY: 100, BANKNIFTY: 200, SENSEX: 200 };

export const atmStraddle = defineStrategy({
  name: 'atm-straddle',
  version: 1,
  description:
    'Sells the at-the-money call and put at 09:20, a stop on each leg, out on a large index move, flat at 15:15.',
  segments: ['NIFTY', 'BANKNIFTY', 'SENSEX'],
  params: Params,
  meantFor: 'weekly',
  refuse: ({ entryAt, exitAt }) => refusalOfTimes(entryAt, exitAt),
  universe: (params, segment) => ({
    underlying: segment,
    expiries: [params.expiry],
    strikesAround: 10,
    recentreSteps: 3,
  }),
  create(params, segment) {
    const spotMove = params.spotMove ?? SPOT_MOVE[segment] ?? 0;
    let rolls = 0;
    /** Minute of the day in which a structure left by the index; undefined where no roll is due. */
    let leftIn: number | undefined;

    function enter(ctx: StrategyContext, signal: 'entry' | 'roll'): void {
      const found = straddleAt(ctx, params);
      if (typeof found === 'string') return ctx.skip(signal, found, { spot: ctx.spot ?? null });
      const { call, put, seen } = found;
      if (params.vwapGate) {
        const vwap = straddleVwap(ctx, call, put);
        if (vwap === undefined) return ctx.skip(signal, 'straddle VWAP unknown', seen);
        if (seen.straddle >= vwap) return ctx.skip(signal, 'straddle not below VWAP', { ...seen, vwap });
      }
      ctx.enter({
        signal,
        seen,
        legs: [
          { tag: 'CE', contract: call, side: 'SELL', lots: ctx.lots },
          { tag: 'PE', contract: put, side: 'SELL', lots: ctx.lots },
        ],
        guards: guardsOf(params, spotMove),
        squareOffAt: params.exitAt,
      });
    }

    function roll(ctx: StrategyContext): void {
      const late = minutesOf(ctx.time) > minutesOf(params.rollUntil);
      if (late || rolls >= params.rollsPerDayMax) {
        return ctx.skip('roll', late ? 'after the last time of rolls' : 'rolls of the day used up', { rolls });
      }
      rolls += 1;
      enter(ctx, 'roll');
    }

    return {
      onSessionOpen(ctx) {
        rolls = 0;
        leftIn = undefined;
        ctx.at(params.entryAt, 'entry');
      },
      onTimer(ctx) {
        enter(ctx, 'entry');
      },
      onLegClosed(ctx, leg, structure, reason) {
        if (reason !== 'SL') return;
        if (params.moveOtherToCost) moveOthersToCost(ctx, leg, structure);
        if (leg.reentry < params.reenterAtCost) ctx.enter(reentryPlan(params, leg));
      },
      onStructureClosed(ctx, _structure, reason: ExitReason) {
        if (params.rollOnSpot && reason === 'SHIFT') leftIn = minutesOf(ctx.time);
      },
      // The new money is known with the close of the minute in which the index ran away, not before.
      onMinute(ctx) {
        if (leftIn === undefined || minutesOf(ctx.time) <= leftIn) return;
        leftIn = undefined;
        roll(ctx);
      },
    };
  },
});

function refusalOfTimes(entryAt: IstTime, exitAt: IstTime): string | undefined {
  if (minutesOf(entryAt) <= SESSIONS_FROM)
    return `parameter entryAt must be after 09:15, when sessions begin, was ${entryAt}`;
  if (minutesOf(entryAt) >= minutesOf(exitAt))
    return `parameter entryAt must be before exitAt, was ${entryAt} and ${exitAt}`;
  return undefined;
}

/** Both contracts at the money with their prices, or the gate that failed. */
function straddleAt(
  ctx: StrategyContext,
  params: Settings,
): string | { call: OptionContract; put: OptionContract; seen: { spot: Paise; strike: Paise; straddle: Paise } } {
  const { spot } = ctx;
  if (spot === undefined) return 'no level of the underlying';
  const expiry = ctx.expiry(params.expiry);
  if (expiry === undefined) return `no ${params.expiry} expiry is listed`;
  const strike = atTheMoney(spot, ctx.strikeStep);
  const call = ctx.contract(expiry, strike, 'CE');
  const put = ctx.contract(expiry, strike, 'PE');
  const missing = call === undefined ? 'call' : 'put';
  if (call === undefined || put === undefined) return `no ${missing} of ${strike / 100} ${expiry} in the data`;
  const [callPrice, putPrice] = [ctx.price(call), ctx.price(put)];
  if (callPrice === undefined || !ctx.isFresh(call)) return `no fresh price of the ${strike / 100} call`;
  if (putPrice === undefined || !ctx.isFresh(put)) return `no fresh price of the ${strike / 100} put`;
  return { call, put, seen: { spot, strike, straddle: paise(callPrice + putPrice) } };
}

function guardsOf(params: Settings, spotMove: number): readonly GuardSpec[] {
  const stop = legStop(params);
  if (spotMove === 0) return [stop];
  const away: GuardSpec = {
    name: 'spot-move',
    act: 'stop',
    basis: 'underlying',
    distance: { paise: Math.round(spotMove * 100) },
    direction: 'both',
    closes: 'structure',
    reason: 'SHIFT',
  };
  return [stop, away];
}

function legStop(params: Settings): GuardSpec {
  return { name: 'leg-stop', act: 'stop', basis: 'leg', distance: { pct: params.legStopPct }, closes: 'leg' };
}

/** Volume-weighted price of call plus put over the closed minutes of today in which both traded; undefined without any volume. */
function straddleVwap(ctx: StrategyContext, call: OptionContract, put: OptionContract): Paise | undefined {
  const puts = new Map(ctx.candlesToday(put).map((candle) => [candle.start, candle]));
  let [money, volume] = [0, 0];
  for (const candle of ctx.candlesToday(call)) {
    const other = puts.get(candle.start);
    if (other === undefined || candle.volume < 0 || other.volume < 0) continue;
    const weight = candle.volume + other.volume;
    money += (candle.close + other.close) * weight;
    volume += weight;
  }
  return volume === 0 ? undefined : paise(Math.round(money / volume));
}

function moveOthersToCost(ctx: StrategyContext, stopped: LegView, structure: StructureView): void {
  for (const leg of structure.legs) {
    if (leg === stopped || leg.done || leg.openLots === 0) continue;
    ctx.moveGuard(structure, 'leg-stop', leg.tag, costOf(leg));
  }
}

/** Sells a stopped leg again once its premium is back at its first sale price: a stop that waits below the market. */
function reentryPlan(params: Settings, leg: LegView): EntryPlan {
  const cost = costOf(leg);
  const contract = leg.instrument as OptionContract;
  const room = paise(Math.max(5, cost - Math.max(300, Math.round(cost / 100) * 5)));
  return {
    signal: 're-entry',
    seen: { cost, leg: leg.tag, reentry: leg.reentry + 1 },
    legs: [
      {
        tag: leg.tag,
        contract,
        side: 'SELL',
        lots: leg.lotsPlanned as Lots,
        terms: { kind: 'STOP_LIMIT', trigger: cost, price: tickNearest(room) },
      },
    ],
    guards: [legStop(params)],
    squareOffAt: params.exitAt,
    reentry: leg.reentry + 1,
  };
}

/** Average sale price on the tick. */
function costOf(leg: LegView): Paise {
  return tickNearest(leg.entryTurnover / (leg.entryLots * leg.lotSize));
}
