/**
 * What open interest tells, in the words of option chains. Prices are in one unit throughout, open interest and volume in units or lots as
 * they come. Where open interest is not known an answer is unknown (`undefined` where it would be a number), never "no".
 */
import { invariant } from '../assert.ts';

/** A strike with what its call and its put carry: open interest, or volume; undefined where nobody said. */
export interface StrikeOi {
  readonly strike: number;
  readonly call: number | undefined;
  readonly put: number | undefined;
}

/** One contract at one instant. */
export interface OiPoint {
  readonly price: number | undefined;
  readonly oi: number | undefined;
}

export type BuildUp = 'long build-up' | 'short build-up' | 'long unwinding' | 'short covering' | 'neutral' | 'unknown';

export type OiBias = 'bullish' | 'bearish' | 'neutral' | 'unknown';

/** Both moves, in per cent of the earlier value, must be beyond these. */
export interface BuildUpThresholds {
  readonly pricePct: number;
  readonly oiPct: number;
}

/** Thresholds in public use: any move, options, options at two further strengths, and index futures. */
export const BUILD_UP_THRESHOLDS = {
  any: { pricePct: 0, oiPct: 0 },
  option: { pricePct: 0.5, oiPct: 2 },
  moderate: { pricePct: 1, oiPct: 5 },
  strong: { pricePct: 2, oiPct: 10 },
  future: { pricePct: 0.2, oiPct: 0.5 },
} as const satisfies Record<string, BuildUpThresholds>;

/** Products of per cents and units leave dust of this size, in a hundredth of a unit. */
const DUST = 1e-6;

/**
 * What a contract's holders did between two instants: price and open interest both up is a long build-up, price down and open interest up a
 * short one (writing), both down long unwinding, price up and open interest down short covering; neutral unless both moves are beyond their
 * thresholds. From no open interest at all to some counts as 100 per cent.
 */
export function buildUpOf(before: OiPoint, now: OiPoint, { pricePct, oiPct }: BuildUpThresholds): BuildUp {
  if (before.price === undefined || now.price === undefined || before.price <= 0) return 'unknown';
  if (before.oi === undefined || now.oi === undefined) return 'unknown';
  const price = signBeyond(now.price - before.price, before.price, pricePct);
  const oi = before.oi === 0 ? Number(now.oi > 0 && oiPct < 100) : signBeyond(now.oi - before.oi, before.oi, oiPct);
  if (price === 0 || oi === 0) return 'neutral';
  if (oi > 0) return price > 0 ? 'long build-up' : 'short build-up';
  return price > 0 ? 'short covering' : 'long unwinding';
}

/** What a build-up in an option says of the underlying; a call's holders want it up, and so do a put's writers. */
export function biasOfBuildUp(right: 'CE' | 'PE', buildUp: BuildUp): OiBias {
  if (buildUp === 'unknown' || buildUp === 'neutral') return buildUp;
  const priceRises = buildUp === 'long build-up' || buildUp === 'short covering';
  return priceRises === (right === 'CE') ? 'bullish' : 'bearish';
}

/** Put-call ratio: puts over calls, summed over the strikes handed in; undefined where one is not known or there are no calls. */
export function putCallRatio(strikes: readonly StrikeOi[]): number | undefined {
  const sums = sumsOf(strikes);
  return sums === undefined || sums.calls === 0 ? undefined : sums.puts / sums.calls;
}

/**
 * Put-call ratio of what was added between two instants, strike by strike. Undefined where calls were not added on balance, since a ratio to
 * nothing or to less says nothing, where puts were taken away on balance, and where anything is unknown.
 */
export function changePutCallRatio(before: readonly StrikeOi[], now: readonly StrikeOi[]): number | undefined {
  const changes = changesOf(before, now);
  if (changes === undefined || changes.calls <= 0 || changes.puts < 0) return undefined;
  return changes.puts / changes.calls;
}

/** Open interest added in calls and in puts between two instants over the same strikes; undefined where anything is unknown. */
export function changesOf(
  before: readonly StrikeOi[],
  now: readonly StrikeOi[],
): { readonly calls: number; readonly puts: number } | undefined {
  const known = new Map(before.map((strike) => [strike.strike, strike]));
  let [calls, puts] = [0, 0];
  for (const { strike, call, put } of now) {
    const then = known.get(strike);
    if (call === undefined || put === undefined || then?.call === undefined || then.put === undefined) return undefined;
    calls += call - then.call;
    puts += put - then.put;
  }
  return now.length === 0 ? undefined : { calls, puts };
}

/** Bounds of a reading of the put-call ratio. */
export interface PcrBounds {
  readonly bullishAbove: number;
  readonly bearishBelow: number;
  /** Beyond these the crowd is taken to be wrong; the usual ones are 1.5 and 0.7. */
  readonly contrarian?: { readonly above: number; readonly below: number };
}

/** Bounds in public use. */
export const PCR_BOUNDS = { bullishAbove: 1.2, bearishBelow: 0.8 } as const satisfies PcrBounds;

/** The writers' reading of a put-call ratio: many puts written mean that their writers expect no fall. */
export function biasOfPcr(ratio: number | undefined, { bullishAbove, bearishBelow, contrarian }: PcrBounds): OiBias {
  if (ratio === undefined) return 'unknown';
  if (contrarian !== undefined && ratio > contrarian.above) return 'bearish';
  if (contrarian !== undefined && ratio < contrarian.below) return 'bullish';
  if (ratio > bullishAbove) return 'bullish';
  return ratio < bearishBelow ? 'bearish' : 'neutral';
}

/**
 * The strike at which all buyers together are paid least: the listed strike K with the smallest sum of `call (K - k)` over strikes k below it
 * and `put (k - K)` over strikes above it. Of equal ones the nearest to the spot, then the lower. One expiry only. Undefined where
 * anything is unknown or nothing is held.
 */
export function maxPain(strikes: readonly StrikeOi[], spot: number): number | undefined {
  const sums = sumsOf(strikes);
  if (sums === undefined || sums.calls + sums.puts === 0) return undefined;
  const rising = [...strikes].sort((a, b) => a.strike - b.strike);
  let pain = rising.reduce((sum, { strike, put = 0 }) => sum + put * (strike - (rising[0]?.strike ?? 0)), 0);
  let [callsBelow, putsAbove] = [0, sums.puts - (rising[0]?.put ?? 0)];
  let best: { readonly strike: number; readonly pain: number } | undefined;
  for (const [at, { strike, call = 0 }] of rising.entries()) {
    if (best === undefined || pain < best.pain || (pain === best.pain && isNearer(strike, best.strike, spot)))
      best = { strike, pain };
    const next = rising[at + 1];
    if (next === undefined) break;
    callsBelow += call;
    pain += (next.strike - strike) * (callsBelow - putsAbove);
    putsAbove -= next.put ?? 0;
  }
  return best?.strike;
}

/** Strikes at which writers stand: the most calls at or above the money, the most puts at or below it, largest first. */
export interface Walls {
  readonly resistance: readonly number[];
  readonly support: readonly number[];
}

/** The walls of a chain, `count` on each side, of equal ones the nearer to the money first; undefined where anything is unknown. */
export function wallsOf(
  strikes: readonly StrikeOi[],
  { money, count }: { readonly money: number; readonly count: number },
): Walls | undefined {
  invariant(Number.isSafeInteger(count) && count > 0, `walls are a positive whole number, was ${count}`);
  if (sumsOf(strikes) === undefined) return undefined;
  const largest = (side: readonly StrikeOi[], oiOf: (strike: StrikeOi) => number): readonly number[] =>
    side
      .filter((strike) => oiOf(strike) > 0)
      .sort((a, b) => oiOf(b) - oiOf(a) || Math.abs(a.strike - money) - Math.abs(b.strike - money))
      .slice(0, count)
      .map(({ strike }) => strike);
  return {
    resistance: largest(
      strikes.filter(({ strike }) => strike >= money),
      ({ call = 0 }) => call,
    ),
    support: largest(
      strikes.filter(({ strike }) => strike <= money),
      ({ put = 0 }) => put,
    ),
  };
}

/** Whether a wall has given way: the spot closed beyond it and its writers' open interest fell; unknown without both counts. */
export function isWallBroken(wall: {
  readonly side: 'resistance' | 'support';
  readonly strike: number;
  readonly spot: number;
  readonly oiBefore: number | undefined;
  readonly oiNow: number | undefined;
}): boolean | 'unknown' {
  const { side, strike, spot, oiBefore, oiNow } = wall;
  if (oiBefore === undefined || oiNow === undefined) return 'unknown';
  return (side === 'resistance' ? spot > strike : spot < strike) && oiNow < oiBefore;
}

function signBeyond(change: number, from: number, pct: number): -1 | 0 | 1 {
  if (100 * Math.abs(change) - pct * from <= DUST) return 0;
  return change > 0 ? 1 : -1;
}

function sumsOf(strikes: readonly StrikeOi[]): { readonly calls: number; readonly puts: number } | undefined {
  let [calls, puts] = [0, 0];
  for (const { call, put } of strikes) {
    if (call === undefined || put === undefined) return undefined;
    calls += call;
    puts += put;
  }
  return strikes.length === 0 ? undefined : { calls, puts };
}

/** Strikes rise, so of two equally near ones the first is the lower. */
function isNearer(strike: number, best: number, spot: number): boolean {
  return Math.abs(strike - spot) < Math.abs(best - spot);
}
