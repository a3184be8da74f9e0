import type {
  Candle,
  EntryPlan,
  ExitReason,
  Fill,
  GuardSpec,
  LegView,
  Seen,
  StrategyContext,
  StrategyHandlers,
  StructureView,
} from '../engine/strategy.ts';
import { dayOf, minutesOf, rupeesText } from '../engine/strategy.ts';
import { Ladder, legsOf } from './weekly-legs.ts';
import type { WeeklySettings } from './weekly-params.ts';
import type { Judged, WeeklySignal } from './weekly-rules.ts';
import { judged, WEEKLY_SIGNALS } from './weekly-rules.ts';
import type { WeekView } from './weekly-week.ts';
import { Week } from './weekly-week.ts';
import { weekOf, zonesOf } from './weekly-zones.ts';

export const HOUR_MS = 3_600_000;
export const FOUR_HOURS_MS = 14_400_000;
const MINUTE_MS = 60_000;

/** A signal that is to be entered, with what it saw. Level in paise. */
interface Wanted {
  readonly signal: WeeklySignal;
  readonly bull: boolean;
  readonly level: number;
  readonly seen: Seen;
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
  #isSpent = false;
  /** Start of the last hour that was pushed, and hours there were: the engine shortens the series after a warm-up. */
  #hourAt = 0;
  #known = 0;
  #officialClose: number | undefined;
  /** A signal that waits for the next hourly close, or for the next session. */
  #delayed: Wanted | undefined;
  #tomorrow: Wanted | undefined;
  #asked: Omit<Trade, 'ladder' | 'sessions'> | undefined;
  readonly #trades = new Map<number, Trade>();

  constructor(params: WeeklySettings) {
    this.#params = params;
  }

  onSessionOpen(ctx: StrategyContext): void {
    this.#takeHours(ctx);
    if (this.#week?.number !== weekOf(ctx.day)) this.#officialClose = ctx.previousClose;
    this.#delayed = undefined;
    const open = new Set(ctx.structures.map(({ id }) => id));
    for (const [id, trade] of this.#trades) {
      if (open.has(id)) trade.sessions += 1;
      else this.#trades.delete(id);
    }
    const isDue = [...this.#trades.values()].some(({ sessions }) => sessions >= this.#params.exitSessions);
    if (this.#params.exitMode === 'tPlusN' && isDue) ctx.at(this.#params.exitAt, 'exit');
  }

  onTimer(ctx: StrategyContext): void {
    for (const structure of ctx.structures)
      if ((this.#trades.get(structure.id)?.sessions ?? 0) >= this.#params.exitSessions) ctx.exit(structure, 'TIME');
  }

  onMinute(ctx: StrategyContext): void {
    const late = this.#tomorrow;
    this.#tomorrow = undefined;
    if (late !== undefined) this.#enter(ctx, late, ctx.now);
    for (const bar of this.#takeHours(ctx)) this.#onHour(ctx, bar.candle, bar.view);
    if (this.#trades.size > 0) this.#watchMoney(ctx);
  }

  onFill(_ctx: StrategyContext, _fill: Fill, _leg: LegView, structure: StructureView): void {
    if (this.#asked === undefined || this.#trades.has(structure.id)) return;
    this.#trades.set(structure.id, { ...this.#asked, sessions: 0, ladder: new Ladder(this.#params) });
    this.#asked = undefined;
  }

  onStructureClosed(_ctx: StrategyContext, structure: StructureView): void {
    this.#trades.delete(structure.id);
  }

  /** Pushes the hours that are new; gives the one that ended with this very minute. */
  #takeHours(ctx: StrategyContext): readonly { readonly candle: Candle; readonly view: WeekView | undefined }[] {
    const hours = ctx.series(HOUR_MS);
    if (hours.length < this.#known) this.#beginAnew();
    this.#known = hours.length;
    let at = hours.length;
    while (at > 0 && (hours[at - 1]?.start ?? 0) > this.#hourAt) at -= 1;
    const ended: { readonly candle: Candle; readonly view: WeekView | undefined }[] = [];
    for (const candle of hours.slice(at)) {
      this.#hourAt = candle.start;
      const view = this.#push(ctx, candle);
      // An hour whose last minutes are missing becomes known with a later one: too late to act on.
      if (ctx.now - (candle.start + HOUR_MS) < MINUTE_MS) ended.push({ candle, view });
    }
    return ended;
  }

  #beginAnew(): void {
    this.#week = undefined;
    this.#hourAt = 0;
    this.#isSpent = false;
    this.#delayed = undefined;
    this.#tomorrow = undefined;
    this.#asked = undefined;
    this.#trades.clear();
  }

  #push(ctx: StrategyContext, candle: Candle): WeekView | undefined {
    const day = dayOf(candle.start);
    const number = weekOf(day);
    if (this.#week?.number !== number) {
      this.#week = this.#newWeek(ctx, number, candle);
      this.#isSpent = false;
    }
    return this.#week.push(candle);
  }

  #newWeek(ctx: StrategyContext, number: number, first: Candle): Week {
    const { minPrevWeekBars, fourHourMode, prevCloseSource, breakoutLatch: latch } = this.#params;
    const before = this.#week;
    const firstDay = dayOf(first.start);
    const hours = before?.hours ?? [];
    const last = hours.at(-1)?.close;
    // Weeks that are pushed late, after a warm-up, know of no official close: only the present one does.
    const official = firstDay === ctx.day ? this.#officialClose : undefined;
    const close = prevCloseSource === 'official' ? official : last;
    if (before === undefined || close === undefined || hours.length < minPrevWeekBars)
      return new Week({ number, zones: undefined, latch, firstDay });
    const fourHours = ctx.series(FOUR_HOURS_MS).filter(({ start }) => weekOf(dayOf(start)) === before.number);
    return new Week({ number, zones: zonesOf({ hours, fourHours, close }, fourHourMode), latch, firstDay });
  }

  #onHour(ctx: StrategyContext, bar: Candle, view: WeekView | undefined): void {
    if (this.#params.slBasis === 'hourly_close') this.#stopAtClose(ctx, bar);
    const delayed = this.#delayed;
    this.#delayed = undefined;
    if (delayed !== undefined) this.#enter(ctx, delayed, bar.start);
    if (view === undefined) {
      if (this.#week?.zones === undefined)
        ctx.skip('week', this.#whyNoZones(), { hours: this.#week?.hours.length ?? 0 });
      return;
    }
    const seen = seenOf(view, this.#week);
    if (ctx.isTraced) ctx.trace('hour', { ...seen, spent: this.#isSpent });
    if (this.#isSpent) return;
    if (this.#params.onlyAt1115 && view.number !== 2) return;
    this.#judge(ctx, view, seen);
  }

  #whyNoZones(): string {
    const { minPrevWeekBars, prevCloseSource } = this.#params;
    if (prevCloseSource === 'official') return 'no zones: the week before, or its official close, is not known';
    return minPrevWeekBars === 0
      ? 'no zones: the week before is not known'
      : `no zones: the week before has fewer than ${minPrevWeekBars} hours`;
  }

  /** Tests the signals in their order; the first that is traded and fires uses up the week. */
  #judge(ctx: StrategyContext, view: WeekView, seen: Seen): void {
    for (const signal of WEEKLY_SIGNALS) {
      const verdict: Judged = judged(signal, view, this.#params);
      if (!verdict.fires) {
        ctx.skip(signal, verdict.gate, seen);
        continue;
      }
      if (!this.#params.signals.includes(signal)) {
        ctx.skip(signal, 'not among the signals that are traded', seen);
        continue;
      }
      this.#isSpent = true;
      return this.#take(ctx, { signal, bull: verdict.bull, level: verdict.level, seen }, view.bar);
    }
  }

  #take(ctx: StrategyContext, wanted: Wanted, bar: Candle): void {
    const { entryTo, lateSignal, entryTiming } = this.#params;
    if (minutesOf(ctx.time) >= minutesOf(entryTo)) {
      if (lateSignal === 'nextOpen') this.#tomorrow = wanted;
      return ctx.skip(
        wanted.signal,
        lateSignal === 'nextOpen' ? 'waits for the next session' : `after ${entryTo}`,
        wanted.seen,
      );
    }
    if (entryTiming === 'immediate') return this.#enter(ctx, wanted, bar.start);
    this.#delayed = wanted;
    ctx.skip(wanted.signal, 'waits for the next hourly close', wanted.seen);
  }

  #enter(ctx: StrategyContext, wanted: Wanted, barStart: number): void {
    const { signal, bull, level } = wanted;
    const { entryTo, exitMode, exitAt, slLevel, slBasis } = this.#params;
    if (minutesOf(ctx.time) >= minutesOf(entryTo)) return ctx.skip(signal, `after ${entryTo}`, wanted.seen);
    const found = legsOf(ctx, this.#params, { bull, level });
    if (typeof found === 'string') {
      if (!this.#params.consumeWeekOnNoPrice) this.#isSpent = false;
      return ctx.skip(signal, found, { ...wanted.seen, level });
    }
    const stop = slLevel === 'strike' ? found.short.strike : level;
    const seen = {
      ...wanted.seen,
      level,
      strike: found.short.strike,
      hedge: found.hedge.strike,
      stop,
      ...found.prices,
    };
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
