import type {
  Candle,
  Day,
  EntryPlan,
  ExitReason,
  Fill,
  GuardSpec,
  IstTime,
  LegView,
  Seen,
  StrategyContext,
  StrategyHandlers,
  StructureView,
} from '../engine/strategy.ts';
import { dayOf, minutesOf, rupeesText } from '../engine/strategy.ts';
import { isTimely, NewCandles } from './closed-candles.ts';
import { Ladder, legsOf } from './weekly-legs.ts';
import type { WeeklySettings } from './weekly-params.ts';
import type { Judged, WeeklySignal } from './weekly-rules.ts';
import { judged, WEEKLY_SIGNALS } from './weekly-rules.ts';
import { WeekSessions } from './weekly-sessions.ts';
import type { WeekView } from './weekly-week.ts';
import { Week } from './weekly-week.ts';
import { weekOf, zonesOf } from './weekly-zones.ts';

export const HOUR_MS = 3_600_000;
export const FOUR_HOURS_MS = 14_400_000;
const NONE_ENDED: readonly Ended[] = [];

/** A signal that is to be entered, with what it saw. Level in paise. */
interface Wanted {
  readonly signal: WeeklySignal;
  readonly bull: boolean;
  readonly level: number;
  readonly seen: Seen;
}

/** A signal that waits for the session after a day. */
interface Postponed {
  readonly wanted: Wanted;
  readonly day: Day;
}

/** An hour that became known, and whether that was in time to act on it. */
interface Ended {
  readonly candle: Candle;
  readonly view: WeekView | undefined;
  readonly inTime: boolean;
}

/** What is remembered of an entered signal. Level in paise, the entry bar by its start. */
interface Trade {
  readonly bull: boolean;
  readonly level: number;
  readonly enteredAt: number;
  /** Sessions that began since the entry. */
  sessions: number;
  readonly ladder: Ladder;
}

/** The weekly signals on one segment: one signal a week, each judged bar journaled with the gate that failed. */
export class WeeklyTrader implements StrategyHandlers {
  readonly #params: WeeklySettings;
  #week: Week | undefined;
  readonly #sessions = new WeekSessions();
  /** Why the present week has no zones. */
  #lack: string | undefined;
  /** The week whose signal has fired. */
  #spentWeek: number | undefined;
  readonly #hours = new NewCandles();
  /** Official close of the session before the first one of a week. */
  #official: { readonly week: number; readonly close: number | undefined } | undefined;
  /** A signal that waits for the next hourly close, or for the next session. */
  #delayed: Wanted | undefined;
  #tomorrow: Postponed | undefined;
  #asked: Omit<Trade, 'ladder' | 'sessions'> | undefined;
  readonly #trades = new Map<number, Trade>();

  constructor(params: WeeklySettings) {
    this.#params = params;
  }

  onSessionOpen(ctx: StrategyContext): void {
    // What stands open is counted first: an hour that became known over night may bring its stop.
    const open = new Set(ctx.structures.map(({ id }) => id));
    for (const [id, trade] of this.#trades) {
      if (open.has(id)) trade.sessions += 1;
      else this.#trades.delete(id);
    }
    const week = weekOf(ctx.day);
    if (this.#official?.week !== week) this.#official = { week, close: ctx.previousClose };
    for (const ended of this.#takeHours(ctx)) this.#onHour(ctx, ended);
    // After the hours that became known over night: they are of the session before.
    const isNew = this.#sessions.open(ctx.day, ctx.previousSession);
    if (isNew && this.#sessions.lack === undefined && this.#sessions.hasHoleBefore)
      ctx.note('a session of the week before is missing in the data: its zones are those of the others');
    const isDue = [...this.#trades.values()].some(({ sessions }) => sessions >= this.#params.exitSessions);
    if (this.#params.exitMode === 'tPlusN' && isDue) ctx.at(this.#params.exitAt, 'exit');
  }

  onTimer(ctx: StrategyContext): void {
    for (const structure of ctx.structures)
      if ((this.#trades.get(structure.id)?.sessions ?? 0) >= this.#params.exitSessions) ctx.exit(structure, 'TIME');
  }

  onMinute(ctx: StrategyContext): void {
    const late = this.#tomorrow;
    if (late !== undefined && late.day !== ctx.day) {
      this.#tomorrow = undefined;
      this.#enter(ctx, late.wanted, ctx.now);
    }
    for (const ended of this.#takeHours(ctx)) this.#onHour(ctx, ended);
    if (this.#trades.size > 0) this.#watchMoney(ctx);
  }

  onFill(_ctx: StrategyContext, _fill: Fill, _leg: LegView, structure: StructureView): void {
    if (this.#asked === undefined || this.#trades.has(structure.id)) return;
    this.#trades.set(structure.id, { ...this.#asked, sessions: 0, ladder: new Ladder(this.#params) });
    this.#asked = undefined;
  }

  /** Both legs are one position: where one is gone, by its resting stop or for want of any, the other goes with it. */
  onLegClosed(ctx: StrategyContext, _leg: LegView, structure: StructureView, reason: ExitReason): void {
    if (!structure.closed) ctx.exit(structure, reason);
  }

  onStructureClosed(_ctx: StrategyContext, structure: StructureView): void {
    this.#trades.delete(structure.id);
  }

  /** Pushes the hours that are new. One whose last minutes are missing becomes known with a later minute, or with the next session. */
  #takeHours(ctx: StrategyContext): readonly Ended[] {
    const fresh = this.#hours.take(ctx.series(HOUR_MS));
    if (fresh.length === 0) return NONE_ENDED;
    return fresh.map((candle) => {
      const inTime = dayOf(candle.start) === ctx.day && isTimely(ctx, candle, HOUR_MS);
      return { candle, view: this.#push(ctx, candle), inTime };
    });
  }

  #push(ctx: StrategyContext, candle: Candle): WeekView | undefined {
    const number = weekOf(dayOf(candle.start));
    if (this.#week?.number !== number) this.#week = this.#newWeek(ctx, number);
    return this.#week.push(candle);
  }

  #newWeek(ctx: StrategyContext, number: number): Week {
    const { minPrevWeekBars, fourHourMode, prevCloseSource, breakoutLatch: latch, cutWeeks } = this.#params;
    const before = this.#week;
    const hours = before?.hours ?? [];
    const official = this.#official?.week === number ? this.#official.close : undefined;
    const close = prevCloseSource === 'official' ? official : hours.at(-1)?.close;
    this.#lack = before === undefined || cutWeeks === 'use' ? undefined : this.#sessions.lack;
    if (before === undefined || this.#lack !== undefined || close === undefined || hours.length < minPrevWeekBars)
      return new Week({ number, zones: undefined, latch });
    const fourHours = ctx.series(FOUR_HOURS_MS).filter(({ start }) => weekOf(dayOf(start)) === before.number);
    return new Week({ number, zones: zonesOf({ hours, fourHours, close }, fourHourMode), latch });
  }

  get #isSpent(): boolean {
    return this.#week !== undefined && this.#spentWeek === this.#week.number;
  }

  #onHour(ctx: StrategyContext, { candle, view, inTime }: Ended): void {
    if (this.#params.slBasis === 'hourly_close') this.#stopAtClose(ctx, candle);
    const delayed = this.#delayed;
    if (delayed !== undefined && inTime) {
      this.#delayed = undefined;
      const gate = this.#lateGate(ctx, candle);
      if (gate !== undefined) this.#postpone(ctx, delayed, { gate, candle });
      else this.#enter(ctx, delayed, candle.start);
    }
    if (view === undefined) {
      if (this.#week?.zones === undefined)
        ctx.skip('week', this.#whyNoZones(), { hours: this.#week?.hours.length ?? 0 });
      return;
    }
    const seen = seenOf(view, this.#week);
    if (ctx.isTraced) ctx.trace('hour', { ...seen, spent: this.#isSpent });
    if (this.#isSpent) return;
    if (this.#params.onlyAt1115 && view.number !== 2) return;
    const wanted = this.#judge(ctx, view, seen);
    if (wanted === undefined) return;
    this.#spentWeek = this.#week?.number;
    if (!inTime) this.#postpone(ctx, wanted, { gate: 'its hour became known too late', candle });
    else this.#take(ctx, wanted, candle);
  }

  #whyNoZones(): string {
    if (this.#lack !== undefined) return `no zones: ${this.#lack}`;
    const { minPrevWeekBars, prevCloseSource } = this.#params;
    if (prevCloseSource === 'official') return 'no zones: the week before, or its official close, is not known';
    return minPrevWeekBars === 0
      ? 'no zones: the week before is not known'
      : `no zones: the week before has fewer than ${minPrevWeekBars} hours`;
  }

  /** Tests the signals in their order; gives the first that is traded and fires. */
  #judge(ctx: StrategyContext, view: WeekView, seen: Seen): Wanted | undefined {
    for (const signal of WEEKLY_SIGNALS) {
      const verdict: Judged = judged(signal, view, this.#params);
      if (verdict.fires && this.#params.signals.includes(signal))
        return { signal, bull: verdict.bull, level: verdict.level, seen: { ...seen, level: verdict.level } };
      ctx.skip(signal, verdict.fires ? 'not among the signals that are traded' : verdict.gate, seen);
    }
    return undefined;
  }

  #take(ctx: StrategyContext, wanted: Wanted, candle: Candle): void {
    const gate = this.#lateGate(ctx, candle);
    if (gate !== undefined) return this.#postpone(ctx, wanted, { gate, candle });
    if (this.#params.entryTiming === 'immediate') return this.#enter(ctx, wanted, candle.start);
    this.#delayed = wanted;
    ctx.skip(wanted.signal, 'waits for the next hourly close', wanted.seen);
  }

  /** No entry from here on today. What is closed by time the same day is not opened at that time or after it. */
  get #entryUntil(): IstTime {
    const { entryTo, exitMode, exitAt } = this.#params;
    return exitMode === 'intraday1515' && minutesOf(exitAt) < minutesOf(entryTo) ? exitAt : entryTo;
  }

  /** Why the close of an hour is too late to enter on: an hour that is shorter than one ends with its session. */
  #lateGate(ctx: StrategyContext, { start }: Candle): string | undefined {
    if (minutesOf(ctx.time) >= minutesOf(this.#entryUntil)) return `after ${this.#entryUntil}`;
    return ctx.now < start + HOUR_MS ? 'the session has ended' : undefined;
  }

  #postpone(ctx: StrategyContext, wanted: Wanted, late: { readonly gate: string; readonly candle: Candle }): void {
    const waits = this.#params.lateSignal === 'nextOpen';
    if (waits) this.#tomorrow = { wanted, day: dayOf(late.candle.start) };
    ctx.skip(wanted.signal, waits ? `${late.gate}: waits for the next session` : late.gate, wanted.seen);
  }

  #enter(ctx: StrategyContext, wanted: Wanted, barStart: number): void {
    const { signal, bull, level } = wanted;
    const { exitMode, exitAt, slLevel, slBasis } = this.#params;
    const found = legsOf(ctx, this.#params, { bull, level });
    if (typeof found === 'string') {
      if (!this.#params.consumeWeekOnNoPrice) this.#spentWeek = undefined;
      return ctx.skip(signal, found, wanted.seen);
    }
    const stop = slLevel === 'strike' ? found.short.strike : level;
    const seen = {
      ...wanted.seen,
      strike: found.short.strike,
      hedge: found.hedge.strike,
      stop,
      ...found.prices,
    };
    if (slBasis === 'touch' && ctx.spot !== undefined && (bull ? ctx.spot <= stop : ctx.spot >= stop))
      return ctx.skip(signal, 'the index is at its stop already', { ...seen, spot: ctx.spot });
    this.#asked = { bull, level: stop, enteredAt: barStart };
    const guard: GuardSpec = {
      name: 'index-stop',
      act: 'stop',
      basis: 'underlying',
      distance: { level: stop },
      direction: bull ? 'down' : 'up',
      closes: 'structure',
    };
    const plan: EntryPlan = {
      signal,
      seen,
      legs: [
        { tag: 'hedge', contract: found.hedge, side: 'BUY', lots: ctx.lots },
        { tag: 'short', contract: found.short, side: 'SELL', lots: ctx.lots },
      ],
      guards: slBasis === 'touch' ? [guard] : [],
      restingStopPct: this.#params.restingStopPct,
    };
    ctx.enter(exitMode === 'intraday1515' ? { ...plan, squareOffAt: exitAt } : plan);
  }

  #stopAtClose(ctx: StrategyContext, bar: Candle): void {
    for (const structure of ctx.structures) {
      const trade = this.#trades.get(structure.id);
      if (trade === undefined || bar.start <= trade.enteredAt) continue;
      const isHit = trade.bull ? bar.close <= trade.level : bar.close >= trade.level;
      if (isHit)
        this.#leave(ctx, structure, {
          reason: 'SL',
          text: `the hour closed at ${rupeesText(bar.close)}, the stop stands at ${rupeesText(trade.level)}`,
        });
    }
  }

  #watchMoney(ctx: StrategyContext): void {
    const { progressiveStop, profitLockArmPct } = this.#params;
    if (!progressiveStop && profitLockArmPct === undefined) return;
    for (const structure of ctx.structures) {
      const trade = this.#trades.get(structure.id);
      const exit = trade?.ladder.exitAt(ctx, structure, trade.sessions);
      if (exit !== undefined) this.#leave(ctx, structure, exit);
    }
  }

  #leave(
    ctx: StrategyContext,
    structure: StructureView,
    exit: { readonly reason: ExitReason; readonly text: string },
  ): void {
    ctx.note(`structure ${structure.id} leaves: ${exit.text}`);
    ctx.exit(structure, exit.reason);
  }
}

/** What a signal saw, flat: prices in paise, levels of the engines null while unset. */
function seenOf({ number, zones, first, bar, before, touchedThisWeek }: WeekView, week: Week | undefined): Seen {
  return {
    bar: number,
    open: bar.open,
    high: bar.high,
    low: bar.low,
    close: bar.close,
    firstOpen: first.open,
    firstHigh: first.high,
    firstLow: first.low,
    firstClose: first.close,
    lastHigh: zones.high,
    lastLow: zones.low,
    lastClose: zones.close,
    upperTop: zones.upperTop,
    upperBottom: zones.upperBottom,
    lowerTop: zones.lowerTop,
    lowerBottom: zones.lowerBottom,
    marginHigh: zones.marginHigh,
    marginLow: zones.marginLow,
    bias: zones.bias,
    weekHigh: before.high,
    weekLow: before.low,
    weekHighClose: before.highClose,
    weekLowClose: before.lowClose,
    upperTouched: touchedThisWeek,
    breakoutHigh: week?.up.level ?? null,
    breakdownLow: week?.down.level ?? null,
    brokeOut: week?.up.hasFired ?? false,
    brokeDown: week?.down.hasFired ?? false,
  };
}
