import { biasOfPcr, maxPain, putCallRatio, wallsOf } from '../engine/indicators/open-interest.ts';
import type {
  Candle,
  Day,
  EpochMs,
  Fill,
  GuardSpec,
  IstTime,
  LegView,
  Right,
  Seen,
  StrategyContext,
  StrategyHandlers,
  StructureView,
} from '../engine/strategy.ts';
import { dayOf, istTimeOf, minutesOf } from '../engine/strategy.ts';
import { buildUpsAt, gridInstant, moneyOf, oiOfChain } from './chain-samples.ts';
import type { VolumeSeen } from './closed-candles.ts';
import { FutureVolume, isTimely, LATE, MINUTE_MS, NewCandles, reaches, signalKey } from './closed-candles.ts';
import { choiceOn } from './expiry-choice.ts';
import type { KeyZoneSettings } from './key-zone-reversal-params.ts';
import type { Approach, Level, WaitRule, Zone } from './key-zone-reversal-zones.ts';
import { approachesOf, levelsOfDay, zonesOf } from './key-zone-reversal-zones.ts';
import { freshPrice, stepsFromMoney } from './strike-rules.ts';

/** Five minutes: the candles that everything is judged on. */
export const KEY_ZONE_SPAN = 5 * MINUTE_MS;

/** Paise beyond the far edge at which the index is through a zone: its own tick. */
const THROUGH = 5;

/** Minutes over which a trace looks for build-ups: since the open, decay alone would look like writing. */
const TRACED_WINDOW_MINUTES = 15;

/** What a day is measured with, paise. */
interface Measures {
  readonly halfWidth: number;
  readonly rule: WaitRule;
  readonly levels: readonly Level[];
}

type Chain = ReturnType<typeof oiOfChain>;

/** Reversals at the zones of one segment, a day at a time; each that confirms is journaled, taken or not. */
export class KeyZoneTrader implements StrategyHandlers {
  readonly #settings: KeyZoneSettings;
  readonly #candles = new NewCandles();
  readonly #futureVolume = new FutureVolume();
  #day: Measures | undefined;
  #zones: readonly Zone[] = [];
  #approaches: readonly Approach[] = [];
  #close: number | undefined;
  readonly #traded = new Set<number>();
  #closedAt = 0;

  constructor(settings: KeyZoneSettings) {
    this.#settings = settings;
  }

  onSessionOpen(ctx: StrategyContext): void {
    this.#candles.take(ctx.series(KEY_ZONE_SPAN));
    this.#futureVolume.openDay(ctx);
    this.#day = undefined;
    this.#zones = [];
    this.#approaches = [];
    this.#close = undefined;
    this.#traded.clear();
    this.#closedAt = 0;
    if (this.#levels(ctx).length === 0) ctx.note('yesterday or its close is not known: no zones today');
  }

  onMinute(ctx: StrategyContext): void {
    this.#day ??= this.#measures(ctx);
    for (const candle of this.#candles.take(ctx.series(KEY_ZONE_SPAN))) {
      if (this.#day !== undefined) this.#onCandle(ctx, candle, this.#day);
      this.#close = candle.close;
    }
  }

  onFill(_ctx: StrategyContext, _fill: Fill, _leg: LegView, structure: StructureView): void {
    this.#traded.add(structure.id);
  }

  onStructureClosed(ctx: StrategyContext, structure: StructureView): void {
    if (this.#traded.has(structure.id)) this.#closedAt = ctx.now;
  }

  /** Levels stand for the day, and so do widths: per cents of its first level. */
  #measures(ctx: StrategyContext): Measures | undefined {
    const levels = this.#levels(ctx);
    if (ctx.spot === undefined || levels.length === 0) return undefined;
    const { zonePct, confirmPct, leaveZones, armCandles, candleColour } = this.#settings;
    const halfWidth = (ctx.spot * zonePct) / 100;
    const confirm = (ctx.spot * confirmPct) / 100;
    const rule = { confirm, leave: leaveZones * halfWidth, candles: armCandles, colour: candleColour };
    return { halfWidth, rule, levels };
  }

  #levels(ctx: StrategyContext): readonly Level[] {
    const yesterday = ctx.series('day').at(-1);
    const close = this.#settings.prevCloseSource === 'last' ? yesterday?.close : ctx.previousClose;
    if (yesterday === undefined || close === undefined) return [];
    return levelsOfDay({ high: yesterday.high, low: yesterday.low, close });
  }

  #onCandle(ctx: StrategyContext, candle: Candle, day: Measures): void {
    const chain = this.#chain(ctx);
    if (this.#zones.length === 0 || this.#settings.walls > 0) this.#drawZones(ctx, day, chain);
    const before = this.#close ?? candle.open;
    const confirmed = this.#approaches.filter((approach) => approach.see(candle, before, day.rule));
    const at = { candle, chain, volume: this.#volume(ctx, candle), inTime: isTimely(ctx, candle, KEY_ZONE_SPAN) };
    this.#consider(ctx, confirmed, at);
    if (at.inTime && ctx.isTraced) this.#trace(ctx, at);
    for (const approach of this.#approaches) approach.settle(candle, day.rule);
  }

  #drawZones(ctx: StrategyContext, { levels, halfWidth }: Measures, chain: Chain | undefined): void {
    this.#zones = zonesOf([...levels, ...this.#walls(ctx, chain)], halfWidth);
    this.#approaches = approachesOf(this.#zones, this.#approaches);
  }

  /** Walls whose open interest is not known are no levels; the others stand. */
  #walls(ctx: StrategyContext, chain: Chain | undefined): readonly Level[] {
    const money = moneyOf(ctx);
    if (this.#settings.walls === 0 || chain === undefined || money === undefined) return [];
    const walls = wallsOf(chain, { money, count: this.#settings.walls });
    const levels = (name: string, strikes: readonly number[] = []): readonly Level[] =>
      strikes.map((level) => ({ name: `${name} ${level / 100}`, level }));
    return [...levels('CE wall', walls?.resistance), ...levels('PE wall', walls?.support)];
  }

  /** Open interest around the money at the last instant of the grid, where anything asks for it. */
  #chain(ctx: StrategyContext): Chain | undefined {
    const { walls, oiRule } = this.#settings;
    return walls === 0 && oiRule === 'off' ? undefined : this.#readChain(ctx);
  }

  #readChain(ctx: StrategyContext): Chain | undefined {
    const { oiStrikes, oiGridMinutes } = this.#settings;
    const money = moneyOf(ctx);
    const expiry = this.#expiry(ctx);
    if (money === undefined || expiry === undefined) return undefined;
    return oiOfChain(ctx, { expiry, money, strikesEach: oiStrikes, at: gridInstant(ctx, oiGridMinutes) });
  }

  #expiry(ctx: StrategyContext): Day | undefined {
    return ctx.expiry(choiceOn(ctx.day, this.#settings));
  }

  #volume(ctx: StrategyContext, candle: Candle): VolumeSeen | undefined {
    const { volumeRule, volumeBars } = this.#settings;
    if (volumeRule === 'off') return undefined;
    return this.#futureVolume.in(ctx, candle, { span: KEY_ZONE_SPAN, bars: volumeBars });
  }

  /** One signal a candle: none where both sides confirm, the nearest zone where several do. */
  #consider(ctx: StrategyContext, confirmed: readonly Approach[], at: Moment): void {
    const isTorn = confirmed.some(({ right }) => right !== confirmed[0]?.right);
    const nearest = confirmed.reduce<Approach | undefined>(
      (best, each) => (best === undefined || isNearer(each, best) ? each : best),
      undefined,
    );
    for (const approach of confirmed) {
      const name = `BUY_${approach.right}`;
      const seen = this.#seen(ctx, approach, at);
      if (isTorn) {
        approach.disarm();
        ctx.skip(name, 'both sides confirm in one candle', seen);
      } else if (approach !== nearest) ctx.skip(name, 'a nearer zone signals', seen);
      else this.#onConfirmed(ctx, approach, seen, at);
    }
  }

  /** Without its volume or its put-call ratio a reversal is not confirmed and the wait goes on; any other gate ends it. */
  #onConfirmed(ctx: StrategyContext, approach: Approach, seen: Seen, at: Moment): void {
    const name = `BUY_${approach.right}`;
    const open = this.#gateOfConfirmation(approach.right, at);
    if (open !== undefined) return ctx.skip(name, open, seen);
    approach.disarm();
    const gate = at.inTime ? this.#gateOfDay(ctx) : LATE;
    if (gate !== undefined) return ctx.skip(name, gate, seen);
    this.#enter(ctx, approach, seen);
  }

  #gateOfConfirmation(right: Right, { volume, chain }: Moment): string | undefined {
    const { volumeRule, volumeFactor, oiRule, pcrFloor, pcrCeiling } = this.#settings;
    if (volumeRule === 'future') {
      if (volume === undefined) return 'volume of the future unknown';
      if (!reaches(volume, volumeFactor)) return `volume below ${volumeFactor} of its mean`;
    }
    if (oiRule === 'off') return undefined;
    const ratio = putCallRatio(chain ?? []);
    if (ratio === undefined) return 'put-call ratio unknown';
    if (right === 'CE') return ratio > pcrFloor ? undefined : `put-call ratio not above ${pcrFloor}`;
    return ratio < pcrCeiling ? undefined : `put-call ratio not below ${pcrCeiling}`;
  }

  #gateOfDay(ctx: StrategyContext): string | undefined {
    const { tradesPerDayMax, cooldownMinutes, entryTo } = this.#settings;
    if (ctx.structures.length > 0) return 'in a trade';
    if (this.#traded.size >= tradesPerDayMax) return `${tradesPerDayMax} trades today`;
    if (ctx.now - this.#closedAt < cooldownMinutes * MINUTE_MS) return `within ${cooldownMinutes} minutes of a trade`;
    return minutesOf(ctx.time) >= minutesOf(entryTo) ? `not before ${entryTo}` : undefined;
  }

  #enter(ctx: StrategyContext, approach: Approach, seen: Seen): void {
    const { right } = approach;
    const expiry = this.#expiry(ctx);
    if (expiry === undefined) return ctx.skip(`BUY_${right}`, 'no such expiry is listed', seen);
    const contract = stepsFromMoney(ctx, { expiry, right }, 0);
    if (typeof contract === 'string') return ctx.skip(`BUY_${right}`, contract, seen);
    const price = freshPrice(ctx, contract);
    if (price === undefined)
      return ctx.skip(`BUY_${right}`, `no fresh price of the ${contract.strike / 100} ${right}`, seen);
    const next = this.#settings.targetZone ? this.#nextZone(ctx, approach) : undefined;
    ctx.enter({
      signal: `BUY_${right}`,
      seen: { ...seen, strike: contract.strike, expiry, price, nextZone: next ?? null },
      legs: [{ tag: right, contract, side: 'BUY', lots: ctx.lots }],
      guards: this.#guards(approach, next),
      squareOffAt: this.#leavesAt(ctx),
    });
  }

  /** The edge that the index comes to first of the next zone on its way; undefined where there is none. */
  #nextZone({ spot }: StrategyContext, { right }: Approach): number | undefined {
    if (spot === undefined) return undefined;
    if (right === 'CE') return this.#zones.find(({ bottom }) => bottom > spot)?.bottom;
    return this.#zones.findLast(({ top }) => top < spot)?.top;
  }

  #guards({ right, far }: Approach, next: number | undefined): readonly GuardSpec[] {
    const { stopPremiumPct, targetPremiumPct } = this.#settings;
    const [against, along] = right === 'CE' ? (['down', 'up'] as const) : (['up', 'down'] as const);
    const ofIndex = { basis: 'underlying', closes: 'structure' } as const;
    const ofLeg = { basis: 'leg', leg: right, closes: 'structure' } as const;
    const through = right === 'CE' ? far - THROUGH : far + THROUGH;
    const guards: GuardSpec[] = [
      { ...ofIndex, name: 'zone', act: 'stop', direction: against, distance: { level: through } },
    ];
    if (stopPremiumPct > 0) guards.push({ ...ofLeg, name: 'premium', act: 'stop', distance: { pct: stopPremiumPct } });
    if (next !== undefined)
      guards.push({ ...ofIndex, name: 'next-zone', act: 'target', direction: along, distance: { level: next } });
    if (targetPremiumPct > 0)
      guards.push({ ...ofLeg, name: 'profit', act: 'target', distance: { pct: targetPremiumPct } });
    return guards;
  }

  #leavesAt({ now }: StrategyContext): IstTime {
    const { holdMinutes, exitAt } = this.#settings;
    if (holdMinutes === 0) return exitAt;
    const held = istTimeOf((now + holdMinutes * MINUTE_MS) as EpochMs);
    return minutesOf(held) < minutesOf(exitAt) ? held : exitAt;
  }

  #seen(ctx: StrategyContext, { zone, right, near, age }: Approach, { candle, chain, volume }: Moment): Seen {
    const ratio = chain === undefined ? undefined : putCallRatio(chain);
    return {
      key: signalKey(ctx, { strategy: 'key-zone-reversal', name: `BUY_${right}`, level: near, candle }),
      candle: istTimeOf(candle.start),
      open: candle.open,
      high: candle.high,
      low: candle.low,
      close: candle.close,
      zone: zone.name,
      bottom: zone.bottom,
      top: zone.top,
      candlesSinceTouch: age ?? null,
      spot: ctx.spot ?? null,
      volume: volume?.volume ?? null,
      volumeMean: volume === undefined ? null : Math.round(volume.mean),
      pcr: ratio === undefined ? null : Math.round(ratio * 10_000) / 10_000,
    };
  }

  #trace(ctx: StrategyContext, { candle, volume, ...read }: Moment): void {
    const chain = read.chain ?? this.#readChain(ctx);
    const money = moneyOf(ctx);
    const ratio = putCallRatio(chain ?? []);
    const walls = chain === undefined || money === undefined ? undefined : wallsOf(chain, { money, count: 3 });
    const { pcrFloor, pcrCeiling } = this.#settings;
    ctx.trace('candle', {
      day: dayOf(candle.start),
      candle: istTimeOf(candle.start),
      close: candle.close,
      zones: this.#zones.map(({ name, bottom, top }) => ({ name, bottom, top })),
      armed: this.#approaches.flatMap(({ zone, right, age }) =>
        age === undefined ? [] : [{ zone: zone.name, right, age }],
      ),
      volume: volume?.volume ?? null,
      volumeMean: volume?.mean ?? null,
      pcr: ratio ?? null,
      bias: biasOfPcr(ratio, { bullishAbove: pcrCeiling, bearishBelow: pcrFloor }),
      maxPain: chain === undefined || ctx.spot === undefined ? null : (maxPain(chain, ctx.spot) ?? null),
      resistance: walls?.resistance ?? null,
      support: walls?.support ?? null,
      ...this.#buildUps(ctx),
    });
  }

  #buildUps(ctx: StrategyContext): Readonly<Record<string, string>> {
    const [expiry, money] = [this.#expiry(ctx), moneyOf(ctx)];
    if (expiry === undefined || money === undefined) return {};
    const at = gridInstant(ctx, this.#settings.oiGridMinutes);
    return buildUpsAt(ctx, { expiry, money, at, windowMinutes: TRACED_WINDOW_MINUTES });
  }
}

/** What a candle is judged with. */
interface Moment {
  readonly candle: Candle;
  readonly chain: Chain | undefined;
  readonly volume: VolumeSeen | undefined;
  readonly inTime: boolean;
}

/** Of two zones that confirm in the same direction, the one whose near edge the close is nearer to. */
function isNearer(one: Approach, other: Approach): boolean {
  return one.right === 'CE' ? one.near > other.near : one.near < other.near;
}
