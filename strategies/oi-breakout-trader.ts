import { Atr } from '../engine/indicators/atr.ts';
import { OpeningRange } from '../engine/indicators/opening-range.ts';
import type {
  Candle,
  Day,
  EpochMs,
  ExitReason,
  Fill,
  GuardSpec,
  LegRequest,
  LegView,
  OptionContract,
  Right,
  Seen,
  StrategyContext,
  StrategyHandlers,
  StructureView,
} from '../engine/strategy.ts';
import { dayOf, istTimeOf, minutesOf } from '../engine/strategy.ts';
import { OiSince } from './chain-samples.ts';
import { FutureVolume, isTimely, LATE, MINUTE_MS, NewCandles, signalKey } from './closed-candles.ts';
import { choiceOn } from './expiry-choice.ts';
import type { OiRule } from './oi-breakout-confirm.ts';
import {
  BREAKOUT_SPAN,
  chainTrace,
  confirmOi,
  confirmPcr,
  confirmVolume,
  seenOfVolume,
} from './oi-breakout-confirm.ts';
import type { OiBreakoutSettings } from './oi-breakout-params.ts';
import { freshPrice, stepsFromMoney } from './strike-rules.ts';

/** One side of the day's range: the level, and whether prices jumped over it and have not been back since. */
interface Side {
  readonly right: Right;
  readonly level: number;
  gapped: boolean;
}

/** What a signal knows of itself before it is confirmed. */
interface Breakout {
  readonly name: string;
  readonly right: Right;
  readonly side: Side;
  readonly candle: Candle;
  readonly isTimely: boolean;
  readonly seen: Seen;
}

/** Breakouts of one segment, a day at a time; each is journaled with what it saw, taken or not. */
export class OiBreakoutTrader implements StrategyHandlers {
  readonly #settings: OiBreakoutSettings;
  readonly #candles = new NewCandles();
  readonly #range: OpeningRange;
  readonly #oi: OiRule;
  /** Close of the candle before, of today. */
  #close: number | undefined;
  #sides: readonly Side[] = [];
  readonly #traded = new Set<Right>();

  constructor(settings: OiBreakoutSettings) {
    this.#settings = settings;
    this.#oi = { settings, volume: new FutureVolume(), morning: new OiSince() };
    this.#range = new OpeningRange({ lengthMs: settings.openingMinutes * MINUTE_MS });
  }

  onSessionOpen(ctx: StrategyContext): void {
    this.#candles.take(ctx.series(BREAKOUT_SPAN));
    this.#oi.volume.openDay(ctx);
    this.#range.open(ctx.now);
    this.#close = undefined;
    this.#sides = [];
    this.#traded.clear();
  }

  onMinute(ctx: StrategyContext): void {
    for (const candle of this.#candles.take(ctx.series(BREAKOUT_SPAN))) {
      if (this.#sides.length > 0) this.#onCandle(ctx, candle);
      this.#range.push(candle.start + BREAKOUT_SPAN, candle.high, candle.low);
      if (this.#sides.length === 0 && this.#range.isKnown) this.#sides = this.#levels(ctx);
      this.#close = candle.close;
    }
  }

  onFill(_ctx: StrategyContext, _fill: Fill, _leg: LegView, structure: StructureView): void {
    this.#traded.add(rightOf(structure));
  }

  /** Two legs are one position: where one is gone, by the wide resting stop or for want of any stop, the other goes with it. */
  onLegClosed(ctx: StrategyContext, _leg: LegView, structure: StructureView, reason: ExitReason): void {
    if (!structure.closed) ctx.exit(structure, reason);
  }

  /** The edges of the opening range, or yesterday's extremes where these lie near and further out. */
  #levels(ctx: StrategyContext): readonly Side[] {
    const { high = 0, low = 0 } = this.#range;
    const yesterday = this.#yesterday(ctx);
    const near = (extreme: number, edge: number): boolean =>
      100 * Math.abs(extreme - edge) <= this.#settings.yesterdayPct * edge;
    const up = yesterday !== undefined && near(yesterday.high, high) ? Math.max(high, yesterday.high) : high;
    const down = yesterday !== undefined && near(yesterday.low, low) ? Math.min(low, yesterday.low) : low;
    if (ctx.isTraced)
      ctx.trace('levels', {
        rangeHigh: high,
        rangeLow: low,
        yesterdayHigh: yesterday?.high ?? null,
        yesterdayLow: yesterday?.low ?? null,
        up,
        down,
      });
    return [
      { right: 'CE', level: up, gapped: false },
      { right: 'PE', level: down, gapped: false },
    ];
  }

  #yesterday(ctx: StrategyContext): Candle | undefined {
    return this.#settings.yesterdayPct > 0 ? ctx.series('day').at(-1) : undefined;
  }

  #onCandle(ctx: StrategyContext, candle: Candle): void {
    for (const side of this.#sides) this.#followGap(side, candle);
    const inTime = isTimely(ctx, candle, BREAKOUT_SPAN);
    if (inTime && ctx.isTraced) this.#trace(ctx, candle);
    this.#stopAtLevel(ctx, candle);
    for (const side of this.#sides) {
      if (!isBeyond(side, candle.close)) continue;
      const { right } = side;
      const name = `BUY_${right}`;
      const seen = this.#seen(ctx, name, { side, candle });
      this.#consider(ctx, { name, right, side, candle, isTimely: inTime, seen });
    }
  }

  /** A candle that opens beyond the level, after a close that was not, has jumped it; prices that touch the level again have come back. */
  #followGap(side: Side, { open, high, low }: Candle): void {
    const { right, level } = side;
    const room = (level * this.#settings.gapPct) / 100;
    const jumped = right === 'CE' ? open > level + room : open < level - room;
    if (jumped && this.#close !== undefined && !isBeyond(side, this.#close)) side.gapped = true;
    if (right === 'CE' ? low <= level : high >= level) side.gapped = false;
  }

  #stopAtLevel(ctx: StrategyContext, { close }: Candle): void {
    if (this.#settings.stopOn !== 'candle') return;
    for (const structure of ctx.structures) {
      const side = this.#sides.find(({ right }) => right === rightOf(structure));
      if (side !== undefined && this.#isBackInside(side, close)) ctx.exit(structure, 'SL');
    }
  }

  #isBackInside(side: Side, close: number): boolean {
    const stop = stopLevel(side, this.#settings);
    return side.right === 'CE' ? close <= stop : close >= stop;
  }

  /** Everything that may keep a breakout out, the contracts last. Gates that stand are journaled once while they do, the others each candle. */
  #consider(ctx: StrategyContext, breakout: Breakout): void {
    const { name, seen, side, candle } = breakout;
    const standing = this.#gateThatStands(ctx, side);
    if (standing !== undefined) return ctx.skip(name, standing, { level: side.level, close: candle.close });
    if (!breakout.isTimely) return ctx.skip(name, LATE, seen);
    if (this.#isTorn(candle)) return ctx.skip(name, 'both levels broken in one candle', seen);
    const expiry = ctx.expiry(choiceOn(ctx.day, this.#settings));
    if (expiry === undefined) return ctx.skip(name, 'no such expiry is listed', seen);
    let all = seen;
    for (const { gate: refused, seen: saw } of this.#confirmations(ctx, breakout, expiry)) {
      all = { ...all, ...saw };
      if (refused !== undefined) return ctx.skip(name, refused, all);
    }
    this.#enter(ctx, { ...breakout, seen: all }, expiry);
  }

  *#confirmations(ctx: StrategyContext, { candle, right }: Breakout, expiry: Day) {
    yield confirmVolume(ctx, candle, this.#oi);
    yield confirmOi(ctx, { expiry, right }, this.#oi);
    yield confirmPcr(ctx, { expiry, right }, this.#settings);
  }

  #gateThatStands(ctx: StrategyContext, { right, gapped }: Side): string | undefined {
    const { entryTo, yesterdayPct } = this.#settings;
    if (ctx.structures.length > 0) return 'in a trade';
    if (this.#traded.has(right)) return `${right} traded today`;
    if (minutesOf(ctx.time) >= minutesOf(entryTo)) return `not before ${entryTo}`;
    if (yesterdayPct > 0 && this.#yesterday(ctx) === undefined) return 'yesterday unknown';
    return gapped ? 'opened beyond the level and has not been back' : undefined;
  }

  #isTorn({ high, low }: Candle): boolean {
    return this.#sides.every(({ right, level }) => (right === 'CE' ? high > level : low < level));
  }

  #enter(ctx: StrategyContext, { name, right, side, seen }: Breakout, expiry: Day): void {
    const contracts = this.#contracts(ctx, right, expiry);
    if (typeof contracts === 'string') return ctx.skip(name, contracts, seen);
    const guards = this.#guards(ctx, side);
    if (guards === undefined) return ctx.skip(name, 'ATR unknown', seen);
    const legs: LegRequest[] = contracts.map((contract, at) => ({
      tag: at === 0 ? right : `${right} sold`,
      contract,
      side: at === 0 ? 'BUY' : 'SELL',
      lots: ctx.lots,
    }));
    const [bought] = contracts;
    const all = { ...seen, strike: bought?.strike ?? null, expiry, atr: rounded(this.#atr(ctx)) };
    const { exitAt, restingStopPct } = this.#settings;
    ctx.enter({ signal: name, seen: all, legs, guards, squareOffAt: exitAt, restingStopPct });
  }

  /** The option at the money, and for a spread the one a strike further out; or why there is none. */
  #contracts(ctx: StrategyContext, right: Right, expiry: Day): readonly OptionContract[] | string {
    const found: OptionContract[] = [];
    for (const out of this.#settings.spread ? [0, 1] : [0]) {
      const contract = stepsFromMoney(ctx, { expiry, right }, right === 'CE' ? out : -out);
      if (typeof contract === 'string') return contract;
      if (freshPrice(ctx, contract) === undefined) return `no fresh price of the ${contract.strike / 100} ${right}`;
      found.push(contract);
    }
    return found;
  }

  #guards(ctx: StrategyContext, side: Side): readonly GuardSpec[] | undefined {
    const { premiumStopPct, spread, trailAtr, trailAfterAtr, stopOn } = this.#settings;
    const direction = side.right === 'CE' ? 'down' : 'up';
    const ofIndex = { basis: 'underlying', direction, closes: 'structure' } as const;
    const guards: GuardSpec[] = [];
    if (premiumStopPct > 0) {
      const of = spread ? ({ basis: 'combined' } as const) : ({ basis: 'leg', leg: side.right } as const);
      guards.push({ name: 'premium', act: 'stop', ...of, distance: { pct: premiumStopPct }, closes: 'structure' });
    }
    if (stopOn === 'minute') {
      const level = stopLevel(side, this.#settings);
      guards.push({ ...ofIndex, name: 'level', act: 'stop', distance: { level }, evaluate: 'close' });
    }
    if (trailAtr === 0) return guards;
    const atr = this.#atr(ctx);
    if (atr === undefined || Math.round(trailAtr * atr) === 0) return undefined;
    guards.push({
      ...ofIndex,
      name: 'trail',
      act: 'trail',
      distance: { paise: Math.round(trailAtr * atr) },
      ...(trailAfterAtr > 0 ? { armsAfter: { paise: Math.round(trailAfterAtr * atr) } } : {}),
    });
    return guards;
  }

  /** Asked at an entry only, so it is taken over the candles that are there: it does not depend on where a warm-up began. */
  #atr(ctx: StrategyContext): number | undefined {
    const atr = new Atr({ period: this.#settings.atrPeriod, mean: 'wilder' });
    for (const { high, low, close } of ctx.series(BREAKOUT_SPAN)) atr.push(high, low, close);
    return atr.value;
  }

  #seen(ctx: StrategyContext, name: string, { side, candle }: Pick<Breakout, 'side' | 'candle'>): Seen {
    const { level } = side;
    return {
      key: signalKey(ctx, { strategy: 'oi-breakout', name, level, candle }),
      candle: istTimeOf(candle.start),
      open: candle.open,
      high: candle.high,
      low: candle.low,
      close: candle.close,
      level,
      rangeHigh: this.#range.high ?? null,
      rangeLow: this.#range.low ?? null,
      spot: ctx.spot ?? null,
    };
  }

  #trace(ctx: StrategyContext, candle: Candle): void {
    const { volumeRule, volumeBars } = this.#settings;
    ctx.trace('candle', {
      day: dayOf(candle.start as EpochMs),
      candle: istTimeOf(candle.start),
      close: candle.close,
      up: this.#sides[0]?.level ?? null,
      down: this.#sides[1]?.level ?? null,
      gapped: this.#sides.filter(({ gapped }) => gapped).map(({ right }) => right),
      atr: rounded(this.#atr(ctx)),
      ...(volumeRule === 'future'
        ? seenOfVolume(this.#oi.volume.in(ctx, candle, { span: BREAKOUT_SPAN, bars: volumeBars }))
        : {}),
      ...chainTrace(ctx, ctx.expiry(choiceOn(ctx.day, this.#settings)), this.#oi),
    });
  }
}

function isBeyond({ right, level }: Side, close: number): boolean {
  return right === 'CE' ? close > level : close < level;
}

/** Where a close is back inside the level, whole paise on the far side of the per cent. */
function stopLevel({ right, level }: Side, { stopInsidePct }: OiBreakoutSettings): number {
  const room = (level * stopInsidePct) / 100;
  // Products of per cents leave dust; a thousandth of a paisa decides nothing else.
  return right === 'CE' ? Math.floor(level - room + 0.001) : Math.ceil(level + room - 0.001);
}

function rightOf(structure: StructureView): Right {
  return structure.legs[0]?.tag.startsWith('CE') === true ? 'CE' : 'PE';
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value);
}
