import type { BuildUp, StrikeOi } from '../engine/indicators/open-interest.ts';
import {
  biasOfPcr,
  buildUpOf,
  changesOf,
  maxPain,
  PCR_BOUNDS,
  putCallRatio,
  wallsOf,
} from '../engine/indicators/open-interest.ts';
import type { Candle, Day, Right, Seen, StrategyContext, TraceValue } from '../engine/strategy.ts';
import { paise } from '../engine/strategy.ts';
import type { OiSince } from './chain-samples.ts';
import { buildUpsAt, gridInstant, instantOf, moneyOf, oiOfChain, pointAt, volumeOfChain } from './chain-samples.ts';
import type { FutureVolume, VolumeSeen } from './closed-candles.ts';
import { MINUTE_MS, reaches } from './closed-candles.ts';
import type { OiBreakoutSettings } from './oi-breakout-params.ts';

/** Five minutes: the candles that everything is judged on. */
export const BREAKOUT_SPAN = 5 * MINUTE_MS;

/** What a rule answered: nothing where it agrees, else the gate that it is; with all that it saw. */
export interface Confirmation {
  readonly gate: string | undefined;
  readonly seen: Seen;
}

/** Volume of the future in the breaking candle. */
export function confirmVolume(
  ctx: StrategyContext,
  candle: Candle,
  { settings: { volumeRule, volumeFactor, volumeBars }, volume }: OiRule,
): Confirmation {
  if (volumeRule === 'off') return AGREED;
  const found = volume.in(ctx, candle, { span: BREAKOUT_SPAN, bars: volumeBars });
  const seen = seenOfVolume(found);
  if (found === undefined) return { gate: 'volume of the future unknown', seen };
  return { gate: reaches(found, volumeFactor) ? undefined : `volume below ${volumeFactor} of its mean`, seen };
}

/** The settings with the future's volume, and the open interest of the morning, which each day is counted from. */
export interface OiRule {
  readonly settings: OiBreakoutSettings;
  readonly volume: FutureVolume;
  readonly morning: OiSince;
}

/** The future is being built up in the direction of the breakout, and writers of the chain stand behind it. */
export function confirmOi(
  ctx: StrategyContext,
  { expiry, right }: { readonly expiry: Day; readonly right: Right },
  rule: OiRule,
): Confirmation {
  if (rule.settings.oiRule === 'off') return AGREED;
  const future = futureBuildUp(ctx, rule.settings);
  const writers = writersOf(ctx, expiry, rule);
  const wanted = right === 'CE' ? 'long build-up' : 'short build-up';
  const backing = right === 'CE' ? writers.forCall : writers.forPut;
  const seen = { future, ...writers.seen };
  if (future === 'unknown') return { gate: 'open interest of the future unknown', seen };
  if (future !== wanted) return { gate: `future shows no ${wanted}`, seen };
  if (backing === 'unknown') return { gate: 'open interest of the chain unknown', seen };
  return { gate: backing ? undefined : `writers do not back the ${right}`, seen };
}

/** Put-call ratio of open interest around the money. */
export function confirmPcr(
  ctx: StrategyContext,
  { expiry, right }: { readonly expiry: Day; readonly right: Right },
  settings: OiBreakoutSettings,
): Confirmation {
  const { pcrGate, pcrLevel, pcrStrikes, oiGridMinutes } = settings;
  if (!pcrGate) return AGREED;
  const money = moneyOf(ctx);
  if (money === undefined) return { gate: 'put-call ratio unknown', seen: { pcr: null } };
  const strikes = oiOfChain(ctx, { expiry, money, strikesEach: pcrStrikes, at: gridInstant(ctx, oiGridMinutes) });
  const ratio = putCallRatio(strikes);
  const seen = { pcr: ratio === undefined ? null : round4(ratio), pcrStrikes: strikes.length };
  if (ratio === undefined) return { gate: 'put-call ratio unknown', seen };
  if (right === 'CE' && ratio < pcrLevel) return { gate: `put-call ratio below ${pcrLevel}`, seen };
  return { gate: right === 'PE' && ratio > pcrLevel ? `put-call ratio above ${pcrLevel}` : undefined, seen };
}

const AGREED: Confirmation = { gate: undefined, seen: {} };

function futureBuildUp(ctx: StrategyContext, settings: OiBreakoutSettings): BuildUp {
  const { oiGridMinutes, oiWindowMinutes, oiPricePct, oiFuturePct } = settings;
  const { future } = ctx;
  if (future === undefined) return 'unknown';
  const at = gridInstant(ctx, oiGridMinutes);
  const then = at - oiWindowMinutes * MINUTE_MS;
  const now = pointAt(ctx, future, at);
  // Open interest that was not published since is not open interest that stood still.
  if (now.publishedAt <= then) return 'unknown';
  return buildUpOf(pointAt(ctx, future, then), now, { pricePct: oiPricePct, oiPct: oiFuturePct });
}

interface Writers {
  readonly forCall: boolean | 'unknown';
  readonly forPut: boolean | 'unknown';
  readonly seen: Seen;
}

/**
 * Behind a call stand more puts than calls written since the morning, or writers that leave the strike with the most calls; behind a put the
 * mirror of it. One of the two that holds is enough, so what is unknown of the other does not matter then.
 */
function writersOf(ctx: StrategyContext, expiry: Day, { settings, morning }: OiRule): Writers {
  const { oiGridMinutes, oiWindowMinutes, oiFrom, oiStrikes } = settings;
  const money = moneyOf(ctx);
  if (money === undefined) return { forCall: 'unknown', forPut: 'unknown', seen: {} };
  const at = gridInstant(ctx, oiGridMinutes);
  const around = { expiry, money, strikesEach: oiStrikes };
  const now = oiOfChain(ctx, { ...around, at });
  const from = instantOf(ctx, oiFrom);
  const since = from > at ? undefined : changesOf(morning.chain(ctx, { ...around, at: from }), now);
  const window = { expiry, before: at - oiWindowMinutes * MINUTE_MS };
  const calls = mostHeld(ctx, now, { ...window, right: 'CE' });
  const puts = mostHeld(ctx, now, { ...window, right: 'PE' });
  const seen = {
    callsAdded: since?.calls ?? null,
    putsAdded: since?.puts ?? null,
    callWall: calls?.strike ?? null,
    callWallChange: calls?.change ?? null,
    putWall: puts?.strike ?? null,
    putWallChange: puts?.change ?? null,
  };
  return {
    forCall: either(since && since.puts > since.calls, calls && calls.change < 0),
    forPut: either(since && since.calls > since.puts, puts && puts.change < 0),
    seen,
  };
}

/** The strike with the most open interest on one side, of equals the lower, and what it gained; undefined where anything is unknown. */
function mostHeld(
  ctx: StrategyContext,
  now: readonly StrikeOi[],
  { expiry, right, before }: { readonly expiry: Day; readonly right: Right; readonly before: number },
): { readonly strike: number; readonly change: number } | undefined {
  const side = right === 'CE' ? 'call' : 'put';
  let most: StrikeOi | undefined;
  for (const strike of now) {
    if (strike[side] === undefined) return undefined;
    if (most === undefined || strike[side] > (most[side] ?? 0)) most = strike;
  }
  const contract = most === undefined ? undefined : ctx.contract(expiry, paise(most.strike), right);
  const held = contract === undefined ? undefined : pointAt(ctx, contract, before).oi;
  if (most === undefined || held === undefined) return undefined;
  return { strike: most.strike, change: (most[side] ?? 0) - held };
}

function either(one: boolean | undefined, other: boolean | undefined): boolean | 'unknown' {
  if (one === true || other === true) return true;
  return one === undefined || other === undefined ? 'unknown' : false;
}

/** What the chain and the future look like now, for a trace. */
export function chainTrace(
  ctx: StrategyContext,
  expiry: Day | undefined,
  rule: OiRule,
): Readonly<Record<string, TraceValue>> {
  const { settings } = rule;
  const money = moneyOf(ctx);
  if (expiry === undefined || money === undefined) return { chain: null };
  const at = gridInstant(ctx, settings.oiGridMinutes);
  const around = { expiry, money, at };
  const wide = oiOfChain(ctx, { ...around, strikesEach: settings.pcrStrikes });
  const walls = wallsOf(wide, { money, count: 3 });
  const ratio = putCallRatio(wide);
  return {
    money,
    strikes: wide.length,
    pcr: ratio ?? null,
    bias: biasOfPcr(ratio, PCR_BOUNDS),
    volumePcr: putCallRatio(volumeOfChain(ctx, { ...around, strikesEach: settings.pcrStrikes })) ?? null,
    maxPain: maxPain(wide, ctx.spot ?? money) ?? null,
    resistance: walls?.resistance ?? null,
    support: walls?.support ?? null,
    ...buildUpsAt(ctx, { expiry, money, at, windowMinutes: settings.oiWindowMinutes }),
    future: futureBuildUp(ctx, settings),
    ...writersOf(ctx, expiry, rule).seen,
  };
}

export function seenOfVolume(found: VolumeSeen | undefined): Seen {
  return { volume: found?.volume ?? null, volumeMean: found === undefined ? null : Math.round(found.mean) };
}

function round4(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
