/**
 * Which strike a rule means, answered with a contract that is listed in today's data or with a sentence why there is none. No answer is ever a
 * neighbour of what was asked for, unless the rule itself says so.
 */
import { emptySheet, impliedVolatility, valueInto } from '../engine/indicators/black76.ts';
import type { Day, OptionContract, Paise, Right, StrategyContext } from '../engine/strategy.ts';
import { atTheMoney, paise } from '../engine/strategy.ts';

/** Where a contract is looked for. */
export interface Shelf {
  readonly expiry: Day;
  readonly right: Right;
}

/** Strike of a level by the tables of published weekly signals; the number is the grid in points. */
export type LevelRule = 'dir50' | 'near100' | 'near50' | 'atm50';

const NO_LEVEL = 'no level of the underlying';

/** The contract of exactly this strike (paise). */
export function contractAt(ctx: StrategyContext, { expiry, right }: Shelf, strike: number): OptionContract | string {
  return ctx.contract(expiry, paise(strike), right) ?? `no ${right} of ${strike / 100} ${expiry} in the data`;
}

/** The strike nearest the underlying, or so many steps above it (below it where negative). */
export function stepsFromMoney(ctx: StrategyContext, shelf: Shelf, steps: number): OptionContract | string {
  const { spot, strikeStep } = ctx;
  return spot === undefined ? NO_LEVEL : contractAt(ctx, shelf, atTheMoney(spot, strikeStep) + steps * strikeStep);
}

/** So many points in the money, out of it where negative. */
export function pointsInMoney(ctx: StrategyContext, shelf: Shelf, points: number): OptionContract | string {
  const { spot, strikeStep } = ctx;
  if (spot === undefined) return NO_LEVEL;
  const inward = shelf.right === 'CE' ? -1 : 1;
  return contractAt(ctx, shelf, atTheMoney(spot, strikeStep) + inward * Math.round(points * 100));
}

/** The first strike that is listed on the way from one (paise) to another, both of them included. */
export function listedTowards(
  ctx: StrategyContext,
  shelf: Shelf,
  { from, to }: { readonly from: number; readonly to: number },
): OptionContract | string {
  const step = from <= to ? ctx.strikeStep : -ctx.strikeStep;
  for (let strike = from; step > 0 ? strike <= to : strike >= to; strike += step) {
    const contract = ctx.contract(shelf.expiry, paise(strike), shelf.right);
    if (contract !== undefined) return contract;
  }
  const strikes = from === to ? `${to / 100}` : `${from / 100} to ${to / 100}`;
  return `no ${shelf.right} of ${strikes} ${shelf.expiry} in the data`;
}

/** The strike a share of the underlying (per cent) out of the money, to the nearest step, half upwards. */
export function pctOutOfMoney(ctx: StrategyContext, shelf: Shelf, pct: number): OptionContract | string {
  const { spot, strikeStep } = ctx;
  if (spot === undefined) return NO_LEVEL;
  return contractAt(ctx, shelf, strikePctOut(spot, strikeStep, shelf.right, pct));
}

/** That strike itself, paise. Products are rounded to a thousandth of a paisa first, so that a half stays a half. */
function strikePctOut(spot: number, step: Paise, right: Right, pct: number): Paise {
  const level = (spot * (right === 'CE' ? 100 + pct : 100 - pct)) / 100;
  return atTheMoney(Math.round(level * 1_000) / 1_000, step);
}

/** The strike of a level (paise) on a grid of its own; `atm50` asks the underlying instead of the level. */
export function strikeOfLevel(
  ctx: StrategyContext,
  shelf: Shelf,
  { level, rule }: { readonly level: number; readonly rule: LevelRule },
): OptionContract | string {
  if (rule === 'atm50')
    return ctx.spot === undefined ? NO_LEVEL : contractAt(ctx, shelf, atTheMoney(ctx.spot, paise(5_000)));
  if (rule !== 'dir50') return contractAt(ctx, shelf, atTheMoney(level, paise(rule === 'near100' ? 10_000 : 5_000)));
  // A call's strike is never under the level and a put's never over it.
  const steps = shelf.right === 'PE' ? Math.floor(level / 5_000) : Math.ceil(level / 5_000);
  return contractAt(ctx, shelf, steps * 5_000);
}

/** Strikes between which a rule looks, paise, both included; one that is absent is no limit. */
export interface StrikeRange {
  readonly lowest?: number | undefined;
  readonly highest?: number | undefined;
}

/** Of the contracts with a fresh price the one whose premium is nearest to a price (paise); of equals the further out of the money. */
export function premiumNearest(
  ctx: StrategyContext,
  shelf: Shelf,
  { premium, lowest, highest }: StrikeRange & { readonly premium: number },
): OptionContract | string {
  const found = nearest(ctx, shelf, { lowest, highest }, ({ price }) => Math.abs(price - premium));
  return found ?? `no ${shelf.right} of ${shelf.expiry} has a fresh price${rangeText({ lowest, highest })}`;
}

/**
 * Of the contracts with a fresh price the one whose delta (without its sign) is nearest to a fraction; of equals the further out of the money.
 * Deltas are those of Black's model on the forward that the listed strike nearest the underlying gives by parity. They need no clock: a price
 * settles volatility times the root of the time, and nothing else of either enters a delta. They are compared on a grid of a millionth.
 */
export function deltaNearest(
  ctx: StrategyContext,
  shelf: Shelf,
  { delta, lowest, highest }: StrikeRange & { readonly delta: number },
): OptionContract | string {
  if (ctx.spot === undefined) return NO_LEVEL;
  const forward = parityForward(ctx, shelf.expiry, ctx.spot);
  const found = nearest(ctx, shelf, { lowest, highest }, ({ contract, price }) => {
    const own = deltaOf(contract, price, forward);
    return own === undefined ? undefined : Math.round(Math.abs(Math.abs(own) - delta) * 1e6);
  });
  return found ?? `no ${shelf.right} of ${shelf.expiry} has a delta${rangeText({ lowest, highest })}`;
}

interface Priced {
  readonly contract: OptionContract;
  readonly price: Paise;
}

function nearest(
  ctx: StrategyContext,
  { expiry, right }: Shelf,
  { lowest = 0, highest = Number.POSITIVE_INFINITY }: StrikeRange,
  distance: (priced: Priced) => number | undefined,
): OptionContract | undefined {
  let best: OptionContract | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const strike of ctx.strikes(expiry)) {
    if (strike < lowest || strike > highest) continue;
    const contract = ctx.contract(expiry, strike, right);
    const price = contract === undefined ? undefined : freshPrice(ctx, contract);
    if (contract === undefined || price === undefined) continue;
    const own = distance({ contract, price });
    // Strikes rise: of two equal calls the later, of two equal puts the earlier lies further out.
    if (own === undefined || own > least || (own === least && right === 'PE')) continue;
    best = contract;
    least = own;
  }
  return best;
}

/** The price to read now where it is young enough to enter on. */
export function freshPrice(ctx: StrategyContext, contract: OptionContract): Paise | undefined {
  return ctx.isFresh(contract) ? ctx.price(contract) : undefined;
}

function deltaOf({ strike, right }: OptionContract, price: number, forward: number): number | undefined {
  const volatility = impliedVolatility({ forward, strike, right, price, years: 1 });
  if (volatility === undefined) return undefined;
  const sheet = emptySheet();
  valueInto({ forward, strike, right, volatility, years: 1 }, sheet);
  return sheet.delta;
}

/** Strike plus call less put at the listed strike nearest the underlying where both have a fresh price; else the underlying itself. */
function parityForward(ctx: StrategyContext, expiry: Day, spot: Paise): number {
  let forward: number = spot;
  let least = Number.POSITIVE_INFINITY;
  for (const strike of ctx.strikes(expiry)) {
    if (Math.abs(strike - spot) >= least) continue;
    const [call, put] = [ctx.contract(expiry, strike, 'CE'), ctx.contract(expiry, strike, 'PE')];
    if (call === undefined || put === undefined) continue;
    const [callPrice, putPrice] = [freshPrice(ctx, call), freshPrice(ctx, put)];
    if (callPrice === undefined || putPrice === undefined) continue;
    forward = strike + callPrice - putPrice;
    least = Math.abs(strike - spot);
  }
  return forward;
}

function rangeText({ lowest, highest }: StrikeRange): string {
  if (lowest === undefined && highest === undefined) return '';
  if (highest === undefined) return ` from ${(lowest ?? 0) / 100}`;
  return lowest === undefined ? ` up to ${highest / 100}` : ` from ${lowest / 100} to ${highest / 100}`;
}
