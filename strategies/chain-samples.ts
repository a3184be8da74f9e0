/**
 * Open interest as it stood at instants of a fixed grid, read from closed candles: it moves more slowly than prices, so the same instants are
 * asked in every mode. On base candles longer than the grid the grid is theirs.
 */
import type { OiPoint, StrikeOi } from '../engine/indicators/open-interest.ts';
import { BUILD_UP_THRESHOLDS, biasOfBuildUp, buildUpOf } from '../engine/indicators/open-interest.ts';
import type { Candle, Contract, Day, IstTime, Paise, Right, StrategyContext } from '../engine/strategy.ts';
import { atTheMoney, minutesOf, UNKNOWN } from '../engine/strategy.ts';
import { MINUTE_MS } from './closed-candles.ts';

/** Which strikes of an expiry, and as they were known at which instant, epoch ms. */
export interface ChainAsk {
  readonly expiry: Day;
  /** Strike at the money, paise; so many listed strikes to either side of it are in. */
  readonly money: number;
  readonly strikesEach: number;
  readonly at: number;
}

/** The last instant of a grid of so many minutes; a day of IST begins on each of them. */
export function gridInstant({ now }: StrategyContext, gridMinutes: number): number {
  return now - (now % (gridMinutes * MINUTE_MS));
}

/** The instant of a clock time of today. */
export function instantOf({ now, time }: StrategyContext, clock: IstTime): number {
  return now - (now % MINUTE_MS) - (minutesOf(time) - minutesOf(clock)) * MINUTE_MS;
}

/** Strike at the money of the present level, paise; undefined without one. */
export function moneyOf({ spot, strikeStep }: StrategyContext): Paise | undefined {
  return spot === undefined ? undefined : atTheMoney(spot, strikeStep);
}

/** Open interest by strike, in units, as it was last published at the instant. */
export function oiOfChain(ctx: StrategyContext, ask: ChainAsk): readonly StrikeOi[] {
  // Nothing was published since the minute that has just closed, so the last word is the one of its end.
  if (ask.at === gridInstant(ctx, 1)) return chainOf(ctx, ask, (contract) => ctx.openInterest(contract));
  return chainOf(ctx, ask, (contract) => pointAt(ctx, contract, ask.at).oi);
}

/** Open interest as it stood at one instant of a day: it never changes again, so each contract is looked up once. */
export class OiSince {
  #at = 0;
  readonly #known = new Map<Contract, number | undefined>();

  chain(ctx: StrategyContext, ask: ChainAsk): readonly StrikeOi[] {
    if (ask.at !== this.#at) this.#known.clear();
    this.#at = ask.at;
    return chainOf(ctx, ask, (contract) => {
      if (!this.#known.has(contract)) this.#known.set(contract, pointAt(ctx, contract, ask.at).oi);
      return this.#known.get(contract);
    });
  }
}

/** Volume traded today until the instant by strike, in units. */
export function volumeOfChain(ctx: StrategyContext, ask: ChainAsk): readonly StrikeOi[] {
  return chainOf(ctx, ask, (contract) => {
    let sum = 0;
    for (const candle of ctx.candlesToday(contract)) {
      if (!isKnownAt(candle, ask.at)) break;
      if (candle.volume === UNKNOWN) return undefined;
      sum += candle.volume;
    }
    return sum;
  });
}

/** A contract at an instant, and when its open interest was published, epoch ms; 0 where it was not. */
export interface PublishedPoint extends OiPoint {
  readonly publishedAt: number;
}

/** Price and open interest of a contract as they were known at an instant of today. */
export function pointAt(ctx: StrategyContext, contract: Contract, at: number): PublishedPoint {
  let price: number | undefined;
  let oi: number | undefined;
  let publishedAt = 0;
  for (const candle of ctx.candlesToday(contract)) {
    if (!isKnownAt(candle, at)) break;
    price = candle.close;
    if (candle.oi === UNKNOWN) continue;
    oi = candle.oi;
    publishedAt = candle.start + MINUTE_MS;
  }
  return { price, oi, publishedAt };
}

/** Build-ups of the two options at the money over so many minutes until an instant, and what each says of the index; for a trace. */
export function buildUpsAt(
  ctx: StrategyContext,
  of: { readonly expiry: Day; readonly money: Paise; readonly at: number; readonly windowMinutes: number },
): Readonly<Record<Right, string>> {
  const told = (right: Right): string => {
    const contract = ctx.contract(of.expiry, of.money, right);
    if (contract === undefined) return 'unknown';
    const before = pointAt(ctx, contract, of.at - of.windowMinutes * MINUTE_MS);
    const buildUp = buildUpOf(before, pointAt(ctx, contract, of.at), BUILD_UP_THRESHOLDS.option);
    return `${buildUp}, ${biasOfBuildUp(right, buildUp)}`;
  };
  return { CE: told('CE'), PE: told('PE') };
}

function isKnownAt({ start }: Candle, at: number): boolean {
  return start + MINUTE_MS <= at;
}

/** A strike that today's data do not hold at all is not of the chain; one with half of its pair is, and that half is unknown. */
function chainOf(
  ctx: StrategyContext,
  { expiry, money, strikesEach }: ChainAsk,
  unitsOf: (contract: Contract) => number | undefined,
): readonly StrikeOi[] {
  const reach = strikesEach * ctx.strikeStep;
  const side = (strike: Paise, right: Right): number | undefined => {
    const contract = ctx.contract(expiry, strike, right);
    return contract === undefined ? undefined : unitsOf(contract);
  };
  return ctx
    .strikes(expiry)
    .filter((strike) => Math.abs(strike - money) <= reach)
    .map((strike) => ({ strike, call: side(strike, 'CE'), put: side(strike, 'PE') }));
}
