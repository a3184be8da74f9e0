import type {
  Contract,
  Day,
  EntryPlan,
  ExitReason,
  LegRequest,
  LegView,
  Seen,
  StrategyContext,
  StrategyHandlers,
  StructureView,
  Underlying,
} from '../engine/strategy.ts';
import { minutesOf, rupeesText } from '../engine/strategy.ts';
import { choiceOn } from './expiry-choice.ts';
import type { Beyond } from './straddle-latch.ts';
import { EntryLatch } from './straddle-latch.ts';
import { batmanLegs, spreadLegs } from './straddle-legs.ts';
import type { BatmanSettings, CommonSettings, SpreadSettings } from './straddle-params.ts';
import { executionOf, shiftStepOf } from './straddle-params.ts';
import { StraddleSeries } from './straddle-series.ts';
import type { StraddleStop } from './straddle-stop.ts';
import { valueFor } from './straddle-stop.ts';
import type { Trade } from './straddle-trade.ts';
import { batmanTrade, spreadTrade, trailBatman, trailSpread } from './straddle-trade.ts';
import { StraddleWatch } from './straddle-watch.ts';

/** What a trader is told; a structure without settings is one that it does not trade. */
export interface TraderParts {
  readonly segment: Underlying;
  readonly common: CommonSettings;
  readonly spread: SpreadSettings | undefined;
  readonly batman: BatmanSettings | undefined;
}

const BATMAN = 'BATMAN';
const SHIFT = 'BATMAN_SHIFT';
const NO_LEVEL = 'no level of the underlying';
const SPREAD = { up: 'BULL_CALL_SPREAD', down: 'BEAR_PUT_SPREAD' } as const;

/**
 * Trades debit spreads, Batmans or both on the straddle series of one segment, one structure at a time. Everything is decided at minute closes,
 * the stop on the straddle where asked between them too; the stop is a level of the straddle or the index, which is no order's price, so it is kept here and each exit says what it saw.
 */
export class StraddleTrader implements StrategyHandlers {
  readonly #parts: TraderParts;
  readonly #series: StraddleSeries;
  readonly #shiftStep: number;
  readonly #latch: EntryLatch;
  readonly #watch = new StraddleWatch();
  /** The expiry that the series reads today. */
  #expiry: Day | undefined;
  #trade: Trade | undefined;
  /** Reason of an exit that was asked for and is not over. */
  #leaving: ExitReason | undefined;
  /** Where the index stood beyond its range in the last minute that had a level. */
  #brokenBefore: Beyond | undefined;
  /** Lower lows one after the other, up to the present minute. */
  #lows = 0;
  /** Minutes in a row in which the stop could not be read. */
  #blind = 0;
  /** Minutes at whose close a leg was not whole. */
  #unfilled = 0;

  constructor(parts: TraderParts) {
    this.#parts = parts;
    const { rangeMode = 'rolling', rangeOn = 'close' } = parts.spread ?? {};
    this.#series = new StraddleSeries({ ...parts.common, rangeMode, rangeOn });
    this.#latch = new EntryLatch(parts.common.unwindsMax);
    this.#shiftStep = parts.batman === undefined ? 0 : Math.round(shiftStepOf(parts.batman, parts.segment) * 100);
  }

  onSessionOpen(ctx: StrategyContext): void {
    this.#series.openDay(ctx);
    this.#forget();
    this.#latch.openDay();
    this.#watch.drop(ctx);
    this.#lows = 0;
  }

  onMinute(ctx: StrategyContext): void {
    const expiry = ctx.expiry(choiceOn(ctx.day, this.#parts.common));
    this.#expiry = expiry;
    this.#series.onMinute(ctx, expiry);
    this.#countLows();
    const structure = ctx.structures[0];
    // What was asked for and is not there was refused; the journal says by what.
    if (structure === undefined) this.#forget();
    this.#look(ctx, expiry, structure !== undefined);
    if (structure !== undefined && this.#trade !== undefined && this.#leaving === undefined)
      this.#keep(ctx, structure, this.#trade);
    if (structure !== undefined) this.#follow(ctx);
    if (ctx.isTraced) this.#trace(ctx);
  }

  /** Between closes the stop of a structure that is held is looked at with each price of the straddle; all else waits for the close. */
  onQuote(ctx: StrategyContext, contract: Contract): void {
    const structure = ctx.structures[0];
    const trade = this.#trade;
    if (structure === undefined || trade === undefined || this.#leaving !== undefined) return;
    const value = this.#watch.beyond(ctx, contract, trade.stop);
    if (value !== undefined) this.#leaveAtStop(ctx, structure, { stop: trade.stop, value });
  }

  /** The first lots of a spread, which none but its entry can fill. */
  onFill(ctx: StrategyContext): void {
    const trade = this.#trade;
    if (trade === undefined) return;
    if (this.#leaving === undefined) this.#follow(ctx);
    if (trade.isTraded) return;
    trade.isTraded = true;
    const side = sideOf(trade);
    if (side !== undefined) this.#latch.noteBought(side);
  }

  /** A structure that lost a leg, to a resting stop or to the venue, is no longer what was entered: the rest of it leaves too. */
  onLegClosed(ctx: StrategyContext, _leg: LegView, structure: StructureView, reason: ExitReason): void {
    if (reason === this.#leaving) return;
    this.#leaving = reason;
    if (!structure.closed) ctx.exit(structure, reason);
  }

  onStructureClosed(ctx: StrategyContext, structure: StructureView, reason: ExitReason): void {
    const trade = this.#trade;
    if (trade !== undefined && this.#latch.noteClosed(structure, sideOf(trade)))
      ctx.note(`structure ${structure.id}: nothing more is entered today, ${this.#latch.gate}`);
    const shifts = this.#leaving === 'SHIFT' && reason === 'SHIFT';
    this.#watch.drop(ctx);
    // A new Batman needs lower lows of its own.
    if (trade?.mode === 'BATMAN') this.#lows = 0;
    this.#forget();
    if (shifts && trade !== undefined) this.#enterAgain(ctx, trade);
  }

  /** Follows the present straddle, where the stop is asked for between closes. */
  #follow(ctx: StrategyContext): void {
    const { strike } = this.#series;
    if (this.#parts.common.evaluateOn === 'minute-close' || this.#expiry === undefined || strike === undefined) return;
    this.#watch.follow(ctx, this.#expiry, strike);
  }

  #forget(): void {
    this.#trade = undefined;
    this.#leaving = undefined;
    this.#blind = 0;
    this.#unfilled = 0;
  }

  /** A minute that is left out because the strike changed neither adds to the lows nor ends them. */
  #countLows(): void {
    if (this.#series.value === undefined || this.#isLeftOut) return;
    const { isLower } = this.#series;
    this.#latch.seeStraddle(isLower);
    this.#lows = isLower ? this.#lows + 1 : 0;
  }

  /** Whether no new extreme of the straddle counts, since it may be that of another strike only. */
  get #isLeftOut(): boolean {
    return this.#series.strikeChanged && this.#parts.common.afterStrikeChange === 'skipMinute';
  }

  /** Looks for both signals, the debit spread first; the Batman of a minute in which a spread was due is left out. */
  #look(ctx: StrategyContext, expiry: Day | undefined, holds: boolean): void {
    const { spread, batman } = this.#parts;
    const { isLower } = this.#series;
    let isDue = false;
    const broken = spread === undefined ? undefined : this.#breakOf(spread);
    if (spread !== undefined && broken !== undefined) {
      const gate = this.#gate(ctx, holds) ?? this.#gateOfSpread(broken, spread);
      isDue = gate === undefined;
      if (gate !== undefined) ctx.skip(SPREAD[broken], gate, this.#seen());
      else this.#enterSpread(ctx, expiry, { broken, spread });
    }
    if (batman === undefined || !isLower) return;
    const gate = this.#gate(ctx, holds) ?? (isDue ? 'the debit spread comes first' : this.#gateOfBatman(batman));
    if (gate !== undefined) return ctx.skip(BATMAN, gate, this.#seen());
    const trade = batmanTrade(this.#series, this.#parts.common.slBasis);
    this.#enter(ctx, { signal: BATMAN, trade, legs: legsOr(expiry, (of) => batmanLegs(ctx, of, batman)) });
  }

  /** The side on which the range is broken in this minute. */
  #breakOf({ breakWhen }: SpreadSettings): Beyond | undefined {
    const { broken, level } = this.#series;
    const before = this.#brokenBefore;
    if (level !== undefined) this.#brokenBefore = broken;
    if (level !== undefined) this.#latch.seeIndex(broken);
    return breakWhen === 'crosses' && broken === before ? undefined : broken;
  }

  /** What keeps every signal out. */
  #gate(ctx: StrategyContext, holds: boolean): string | undefined {
    const { entryTo, anchorTime, pivotWindow, slBasis } = this.#parts.common;
    if (holds) return 'in a trade';
    if (minutesOf(ctx.time) >= minutesOf(entryTo)) return `not before ${entryTo}`;
    if (this.#latch.gate !== undefined) return this.#latch.gate;
    if (this.#series.value === undefined) return this.#series.lacks;
    if (this.#series.level === undefined) return NO_LEVEL;
    if (this.#series.vwap === undefined) return `no VWAP: nothing traded since ${anchorTime}`;
    if (this.#series.low === undefined) return `fewer than ${pivotWindow} values of the straddle`;
    if (slBasis === 'index' && this.#series.indexLow === undefined)
      return `fewer than ${pivotWindow} values of the index`;
    return undefined;
  }

  #gateOfSpread(broken: Beyond, spread: SpreadSettings): string | undefined {
    const { value = 0, vwap = 0 } = this.#series;
    const gate = this.#latch.gateOfSpread(broken, spread);
    return gate ?? (value > vwap ? undefined : 'the straddle is not above its VWAP');
  }

  #gateOfBatman({ lowerLows }: BatmanSettings): string | undefined {
    if (this.#isLeftOut) return 'the strike changed in this minute';
    if (this.#latch.gateOfBatman !== undefined) return this.#latch.gateOfBatman;
    return this.#lows < lowerLows ? `${this.#lows} of ${lowerLows} lower lows` : undefined;
  }

  #enterSpread(
    ctx: StrategyContext,
    expiry: Day | undefined,
    { broken, spread }: { readonly broken: Beyond; readonly spread: SpreadSettings },
  ): void {
    const right = broken === 'up' ? 'CE' : 'PE';
    const trade = spreadTrade(this.#series, this.#parts.common.slBasis, right);
    const legs = legsOr(expiry, (of) => spreadLegs(ctx, { expiry: of, right, steps: spread.otmSteps }));
    this.#enter(ctx, { signal: SPREAD[broken], trade, legs });
  }

  #enter(
    ctx: StrategyContext,
    {
      signal,
      trade,
      legs,
    }: { readonly signal: string; readonly trade: Trade; readonly legs: readonly LegRequest[] | string },
  ): void {
    const seen = { ...this.#seen(), stopAbove: trade.stop.above ?? null, stopBelow: trade.stop.below ?? null };
    if (typeof legs === 'string') return ctx.skip(signal, legs, seen);
    this.#trade = trade;
    ctx.enter(this.#plan(signal, seen, legs));
  }

  #plan(signal: string, seen: Seen, legs: readonly LegRequest[]): EntryPlan {
    const { common, spread, batman } = this.#parts;
    const plan = { signal, seen, legs, squareOffAt: common.exitAt, execution: executionOf(common) };
    const isBatman = this.#trade?.mode === 'BATMAN';
    const restingStopPct = isBatman ? batman?.restingStopPct : spread?.spreadRestingStopPct;
    return restingStopPct === undefined ? plan : { ...plan, restingStopPct };
  }

  /** A torn entry, then the stop, the trail and the shift: what comes first leaves no room for the others. */
  #keep(ctx: StrategyContext, structure: StructureView, trade: Trade): void {
    if (this.#isTorn(structure)) {
      ctx.note(`structure ${structure.id}: closed, a leg was not filled within ${this.#unfilled} minutes`);
      return this.#leave(ctx, structure, 'UNWIND');
    }
    const { stop } = trade;
    const value = valueFor(stop.basis, this.#series);
    if (value === undefined) return this.#keepBlind(ctx, structure, stop);
    this.#blind = 0;
    if (stop.reached(value) !== undefined) return this.#leaveAtStop(ctx, structure, { stop, value });
    if (this.#series.value === undefined) return;
    this.#trail(ctx, structure, trade);
    this.#shift(ctx, structure, trade);
  }

  /** Whether a leg still waits for lots that the others have had for long enough. */
  #isTorn({ legs }: StructureView): boolean {
    const { fillMinutesMax } = this.#parts.common;
    this.#unfilled = legs.some((leg) => !leg.done && leg.entryLots < leg.lotsPlanned) ? this.#unfilled + 1 : 0;
    return fillMinutesMax > 0 && this.#unfilled >= fillMinutesMax;
  }

  /** A stop that cannot be read protects nothing: it is said, and after a while the structure is closed. */
  #keepBlind(ctx: StrategyContext, structure: StructureView, { basis }: StraddleStop): void {
    const { blindMinutesMax } = this.#parts.common;
    const lacks = basis === 'straddle' ? this.#series.lacks : NO_LEVEL;
    this.#blind += 1;
    if (this.#blind === 1) ctx.note(`structure ${structure.id}: its stop cannot be read: ${lacks}`);
    if (blindMinutesMax === 0 || this.#blind < blindMinutesMax) return;
    ctx.note(`structure ${structure.id}: closed after ${this.#blind} minutes without the value of its stop`);
    // No limit of risk was reached: it is taken apart because it can no longer be kept as it was meant.
    this.#leave(ctx, structure, 'UNWIND');
  }

  #leaveAtStop(
    ctx: StrategyContext,
    structure: StructureView,
    { stop, value }: { readonly stop: StraddleStop; readonly value: number },
  ): void {
    const { basis, reason } = stop;
    const level = rupeesText(stop.reached(value) ?? value);
    ctx.note(`structure ${structure.id}: ${reason}, the ${basis} at ${rupeesText(value)} reached ${level}`);
    this.#leave(ctx, structure, reason);
  }

  #leave(ctx: StrategyContext, structure: StructureView, reason: ExitReason): void {
    this.#leaving = reason;
    ctx.exit(structure, reason);
  }

  #trail(ctx: StrategyContext, structure: StructureView, trade: Trade): void {
    const { stop, mode } = trade;
    if (this.#isLeftOut && (mode === 'BATMAN' || stop.basis === 'straddle')) return;
    const { spread, batman } = this.#parts;
    const moved =
      mode === 'DEBIT'
        ? trailSpread(trade, this.#series, spread?.trailPct ?? 0)
        : trailBatman(trade, this.#series, batman?.slBuffer ?? 0);
    if (!moved) return;
    const levels = [stop.below, stop.above].filter((level) => level !== undefined).map(rupeesText);
    ctx.note(
      `structure ${structure.id}: stop moved to ${levels.join(' and ')}, the ${stop.basis} best at ${rupeesText(trade.best)}`,
    );
  }

  /** Leaves for the present index when that has run far enough, if a Batman could be entered there now. */
  #shift(ctx: StrategyContext, structure: StructureView, trade: Trade): void {
    const { batman, common } = this.#parts;
    const { level } = this.#series;
    if (trade.mode !== 'BATMAN' || batman === undefined || batman.shiftMode === 'off' || level === undefined) return;
    const run = level - trade.pivotBase;
    if (Math.abs(run) < this.#shiftStep) return;
    const seen = { spot: level, pivotBase: trade.pivotBase, step: this.#shiftStep };
    const legs = this.#shiftLegs(ctx, batman);
    const gate = typeof legs === 'string' ? legs : ctx.riskGate(this.#plan(SHIFT, seen, legs));
    if (gate !== undefined) return ctx.skip(SHIFT, gate, seen);
    const steps = Math.trunc(run / this.#shiftStep);
    trade.pivotBase = batman.shiftMode === 'grid' ? trade.pivotBase + steps * this.#shiftStep : level;
    ctx.note(`structure ${structure.id}: shift, the index ran ${rupeesText(run)} points, ${common.slBasis} stop kept`);
    this.#leave(ctx, structure, 'SHIFT');
  }

  /** All legs are out: the same trade, with its stop, around the index as it stands now. */
  #enterAgain(ctx: StrategyContext, trade: Trade): void {
    const { batman } = this.#parts;
    if (batman === undefined) return;
    const legs = this.#shiftLegs(ctx, batman);
    if (batman.shiftMode === 'step') trade.pivotBase = ctx.spot ?? trade.pivotBase;
    this.#enter(ctx, { signal: SHIFT, trade, legs });
  }

  #shiftLegs(ctx: StrategyContext, batman: BatmanSettings): readonly LegRequest[] | string {
    const { common } = this.#parts;
    if (minutesOf(ctx.time) >= minutesOf(common.entryTo)) return `not before ${common.entryTo}`;
    return legsOr(ctx.expiry(choiceOn(ctx.day, common)), (expiry) => batmanLegs(ctx, expiry, batman));
  }

  #seen(): Seen {
    const { value, strike, vwap, high, low, level, indexHigh, indexLow, openingHigh, openingLow } = this.#series;
    return {
      straddle: value ?? null,
      strike: strike ?? null,
      vwap: vwap === undefined ? null : Math.round(vwap * 100) / 100,
      high: high ?? null,
      low: low ?? null,
      spot: level ?? null,
      indexHigh: indexHigh ?? null,
      indexLow: indexLow ?? null,
      openingHigh: openingHigh ?? null,
      openingLow: openingLow ?? null,
      lows: this.#lows,
    };
  }

  #trace(ctx: StrategyContext): void {
    const trade = this.#trade;
    ctx.trace('minute', {
      ...this.#seen(),
      strikeChanged: this.#series.strikeChanged,
      mode: trade?.mode ?? 'NONE',
      stopAbove: trade?.stop.above ?? null,
      stopBelow: trade?.stop.below ?? null,
      best: trade?.best ?? null,
      pivotBase: trade?.pivotBase ?? null,
      leaving: this.#leaving ?? null,
    });
  }
}

/** The side on which the index broke its range for a spread. */
function sideOf({ right }: Trade): Beyond | undefined {
  if (right === undefined) return undefined;
  return right === 'CE' ? 'up' : 'down';
}

function legsOr(
  expiry: Day | undefined,
  legs: (expiry: Day) => readonly LegRequest[] | string,
): readonly LegRequest[] | string {
  return expiry === undefined ? 'no such expiry is listed' : legs(expiry);
}
