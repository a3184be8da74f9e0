import type {
  Candle,
  ExitReason,
  Fill,
  GuardSpec,
  LegView,
  Right,
  Seen,
  StrategyContext,
  StrategyHandlers,
  StructureView,
} from '../engine/strategy.ts';
import { dayOf, istTimeOf, lots, minutesOf } from '../engine/strategy.ts';
import type { Choice } from './rsi-strength-gates.ts';
import { choose, OriginFilters } from './rsi-strength-gates.ts';
import { StrengthLines } from './rsi-strength-lines.ts';
import type { SegmentSettings } from './rsi-strength-params.ts';
import { looksAtMinutes } from './rsi-strength-params.ts';

const MINUTE_MS = 60_000;

/** A wish to buy, from the candle that gave it to the entry. */
interface Signal {
  readonly name: string;
  readonly right: Right;
  readonly seen: Seen;
  /** Number of the re-entry, 0 for a cross. */
  readonly reentry: number;
}

/** What may be bought again after a stop at a loss, and which time that would be. */
interface Reentry {
  readonly right: Right;
  readonly next: number;
}

/** A signal that waits: for candles to pass, or for the opposite trade to be closed. */
interface Waiting {
  readonly signal: Signal;
  candles: number;
}

/** The RSI strength rule on one segment: one trade at a time, each signal journaled with what it saw, taken or not. */
export class RsiStrengthTrader implements StrategyHandlers {
  readonly #settings: SegmentSettings;
  #lines: StrengthLines;
  #filters: OriginFilters;
  /** Start of the last candle that was pushed, and of the last minute. */
  #candleAt = 0;
  #minuteAt = 0;
  /** Candles there were when the series was last looked at: the engine shortens it after a warm-up. */
  #known = 0;
  #knownMinutes = 0;
  readonly #traded = new Set<number>();
  #reentry: Reentry | undefined;
  #delayed: Waiting | undefined;
  #reversal: Signal | undefined;

  constructor(settings: SegmentSettings) {
    this.#settings = settings;
    this.#lines = linesOf(settings);
    this.#filters = new OriginFilters(settings);
  }

  onSessionOpen(ctx: StrategyContext): void {
    this.#traded.clear();
    this.#reentry = undefined;
    this.#delayed = undefined;
    this.#reversal = undefined;
    this.#takeCandles(ctx);
    const { count, needed } = this.#lines;
    if (count < needed)
      ctx.note(`warming up: ${count} of the ${needed} candles of ${this.#settings.timeframe}m before a signal`);
  }

  onMinute(ctx: StrategyContext): void {
    const candle = this.#takeCandles(ctx);
    if (candle !== undefined && this.#lines.isReady) this.#onCandle(ctx, candle);
    if (this.#reversal === undefined) this.#pyramid(ctx);
  }

  onFill(_ctx: StrategyContext, _fill: Fill, _leg: LegView, structure: StructureView): void {
    this.#traded.add(structure.id);
  }

  onStructureClosed(ctx: StrategyContext, structure: StructureView, reason: ExitReason): void {
    const leg = structure.legs[0];
    if (leg === undefined || leg.entryLots === 0) return;
    const signal = this.#reversal;
    this.#reversal = undefined;
    this.#reentry = signal === undefined ? this.#reentryAfter(leg, structure, reason) : undefined;
    if (signal !== undefined) this.#buy(ctx, signal);
  }

  /** Pushes the candles that are new; gives the one that ended with this very minute. */
  #takeCandles(ctx: StrategyContext): Candle | undefined {
    const span = this.#settings.timeframe * MINUTE_MS;
    const candles = ctx.series(span);
    const minutes = looksAtMinutes(this.#settings) ? ctx.series(MINUTE_MS) : NO_CANDLES;
    // After the warm-up exactly the candles that were asked for are left: the lines begin anew on them, wherever the warm-up began.
    if (candles.length < this.#known || minutes.length < this.#knownMinutes) this.#beginAnew();
    this.#known = candles.length;
    this.#knownMinutes = minutes.length;
    for (const candle of newSince(minutes, this.#minuteAt)) {
      this.#filters.pushMinute(candle, dayOf(candle.start));
      this.#minuteAt = candle.start;
    }
    const fresh = newSince(candles, this.#candleAt);
    for (const candle of fresh) {
      this.#lines.push(candle.close, dayOf(candle.start));
      this.#filters.push(candle, this.#lines.rsi);
      this.#candleAt = candle.start;
    }
    const last = fresh.at(-1);
    // A candle whose last minutes are missing becomes known with a later one: too late to act on.
    return last !== undefined && ctx.now - (last.start + span) < MINUTE_MS ? last : undefined;
  }

  #beginAnew(): void {
    this.#lines = linesOf(this.#settings);
    this.#filters = new OriginFilters(this.#settings);
    this.#candleAt = 0;
    this.#minuteAt = 0;
  }

  #onCandle(ctx: StrategyContext, candle: Candle): void {
    const { cross } = this.#lines;
    if (this.#delayed !== undefined) this.#delayed.candles -= 1;
    if (cross !== undefined) return this.#onCross(ctx, candle, cross === 'up' ? 'CE' : 'PE');
    const delayed = this.#delayed;
    if (delayed?.candles === 0) {
      this.#delayed = undefined;
      return this.#consider(ctx, delayed.signal);
    }
    if (this.#reentry !== undefined) this.#onReentry(ctx, candle, this.#reentry);
  }

  #onCross(ctx: StrategyContext, candle: Candle, right: Right): void {
    this.#reentry = undefined;
    if (this.#delayed !== undefined) {
      const { name, seen } = this.#delayed.signal;
      this.#delayed = undefined;
      ctx.skip(name, 'the lines crossed back before its entry', seen);
    }
    const signal = { name: `BUY_${right}`, right, seen: this.#seen(candle), reentry: 0 };
    const gate = this.#gateOfCross(candle, right);
    if (gate !== undefined) return ctx.skip(signal.name, gate, signal.seen);
    if (this.#settings.entryDelayBars === 0) return this.#consider(ctx, signal);
    this.#delayed = { signal, candles: this.#settings.entryDelayBars };
  }

  #gateOfCross(candle: Candle, right: Right): string | undefined {
    if (!hasColour(candle, right)) return right === 'CE' ? 'candle not green' : 'candle not red';
    const { rsi = 0, volumeStrength = 0 } = this.#lines;
    if (this.#settings.rsiConfirm === 'level') {
      if (right === 'CE' && !(rsi > volumeStrength)) return 'RSI not above volume strength';
      if (right === 'PE' && !(rsi < volumeStrength)) return 'RSI not below volume strength';
    }
    return this.#filters.backing(right);
  }

  /** Again on a candle of the colour, while price strength is still on that side; lines that stand the other way round end it. */
  #onReentry(ctx: StrategyContext, candle: Candle, { right, next }: Reentry): void {
    const { side } = this.#lines;
    const own = right === 'CE' ? 1 : -1;
    if (side === -own) this.#reentry = undefined;
    if (side !== own || !hasColour(candle, right)) return;
    this.#consider(ctx, { name: `BUY_${right} re-entry`, right, seen: this.#seen(candle), reentry: next });
  }

  /** Everything that may keep a signal out, the contract last; a trade in the other direction is closed first where that is asked for. */
  #consider(ctx: StrategyContext, signal: Signal): void {
    const open = ctx.structures[0];
    const reverses = open !== undefined && this.#reverses(open, signal);
    const gate = open !== undefined && !reverses ? 'in a trade' : this.#gateOfDay(ctx);
    const filter = gate ?? this.#filters.gate(signal.right, this.#lines);
    if (filter !== undefined) return ctx.skip(signal.name, filter, { ...signal.seen, spot: ctx.spot ?? null });
    if (open === undefined) return this.#buy(ctx, signal);
    const choice = this.#choice(ctx, signal);
    if (choice === undefined) return;
    this.#reversal = signal;
    ctx.exit(open, 'REVERSAL');
  }

  #reverses(open: StructureView, { right, reentry }: Signal): boolean {
    return this.#settings.reverseOnOpposite && reentry === 0 && open.legs[0]?.tag !== right;
  }

  #gateOfDay(ctx: StrategyContext): string | undefined {
    const { entryFrom, entryTo, maxTradesPerDay } = this.#settings;
    const minute = minutesOf(ctx.time);
    if (minute < minutesOf(entryFrom)) return `before ${entryFrom}`;
    if (minute >= minutesOf(entryTo)) return `not before ${entryTo}`;
    return this.#traded.size >= maxTradesPerDay ? `${maxTradesPerDay} trades today` : undefined;
  }

  /** The contract with what was seen, or nothing after the journal was told why not. */
  #choice(ctx: StrategyContext, { name, right, seen }: Signal): Choice | undefined {
    const choice = choose(ctx, right, this.#settings);
    const all = { ...seen, ...choice.seen };
    if ('gate' in choice) {
      ctx.skip(name, choice.gate, all);
      return undefined;
    }
    const volume = this.#filters.volume(ctx, choice.contract);
    if (volume === undefined) return { contract: choice.contract, seen: all };
    ctx.skip(name, volume, all);
    return undefined;
  }

  #buy(ctx: StrategyContext, signal: Signal): void {
    const choice = this.#choice(ctx, signal);
    if (choice === undefined) return;
    const { name, right, reentry } = signal;
    ctx.enter({
      signal: name,
      seen: choice.seen,
      legs: [{ tag: right, contract: choice.contract, side: 'BUY', lots: ctx.lots }],
      guards: guardsOf(this.#settings, right),
      squareOffAt: this.#settings.exitAt,
      reentry,
    });
  }

  /** Lots are added when the trade's profit on the premium reaches so many rupees for each unit held; one addition a minute. */
  #pyramid(ctx: StrategyContext): void {
    const { lotAddition, pyramidPoints, maxQuantity } = this.#settings;
    const structure = ctx.structures[0];
    const leg = structure?.legs[0];
    if (lotAddition === 0 || structure === undefined || leg === undefined || leg.openLots === 0) return;
    const quantity = leg.openLots * leg.lotSize;
    const profit = Math.round(quantity * pyramidPoints * 100);
    if (structure.gross < profit) return;
    const count = Math.min(lotAddition, Math.floor((maxQuantity - quantity) / leg.lotSize));
    const seen = {
      structure: structure.id,
      profit: structure.gross,
      needed: profit,
      quantity,
      lots: Math.max(0, count),
    };
    if (count <= 0) return ctx.skip('pyramid', `${maxQuantity} units at most`, seen);
    ctx.add({ signal: 'pyramid', seen, structure, leg: leg.tag, lots: lots(count) });
  }

  /** After a stop or trail at a loss the same side may be bought again; profit means that the trend is confirmed. */
  #reentryAfter(leg: LegView, { gross }: StructureView, reason: ExitReason): Reentry | undefined {
    const { reentryRule, maxReentries } = this.#settings;
    const isStopped = reason === 'SL' || reason === 'TSL';
    if (reentryRule === 'cross' || !isStopped || gross >= 0 || leg.reentry >= maxReentries) return undefined;
    return { right: leg.tag as Right, next: leg.reentry + 1 };
  }

  #seen({ start, open, close }: Candle): Seen {
    const { rsi, priceStrength, volumeStrength } = this.#lines;
    return {
      candle: istTimeOf(start),
      open,
      close,
      rsi: round4(rsi),
      priceStrength: round4(priceStrength),
      volumeStrength: round4(volumeStrength),
    };
  }
}

const NO_CANDLES: readonly Candle[] = [];

/** The closed candles after the one that started at an instant; nothing is made where there is none. */
function newSince(candles: readonly Candle[], start: number): readonly Candle[] {
  let from = candles.length;
  while (from > 0 && (candles[from - 1]?.start ?? 0) > start) from -= 1;
  return from === candles.length ? NO_CANDLES : candles.slice(from);
}

function linesOf(settings: SegmentSettings): StrengthLines {
  return new StrengthLines({ ...settings, overnight: settings.allowOvernightCross ? 'allowed' : 'refused' });
}

/** A candle that closes where it opened has neither colour. */
function hasColour({ open, close }: Candle, right: Right): boolean {
  return right === 'CE' ? close > open : close < open;
}

/**
 * The stop at its distance from the entry, and a trail that keeps its own from the best level; where both are equal they stand together at
 * the entry, and the stop is the one that fires. On the index a call loses when it falls and a put when it rises.
 */
function guardsOf({ slBasis, slPoints, tslPoints }: SegmentSettings, right: Right): readonly GuardSpec[] {
  const place: Pick<GuardSpec, 'basis' | 'direction' | 'closes'> =
    slBasis === 'premium'
      ? { basis: 'leg', closes: 'structure' }
      : { basis: 'underlying', direction: right === 'CE' ? 'down' : 'up', closes: 'structure' };
  const stop: GuardSpec = { ...place, name: 'SL', act: 'stop', distance: { paise: Math.round(slPoints * 100) } };
  if (tslPoints === 0) return [stop];
  return [stop, { ...place, name: 'TSL', act: 'trail', distance: { paise: Math.round(tslPoints * 100) } }];
}

function round4(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 10_000) / 10_000;
}
