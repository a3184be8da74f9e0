import type {
  Candle,
  CandleSpan,
  Day,
  ExitReason,
  Right,
  Seen,
  StrategyContext,
  StrategyHandlers,
  StructureView,
} from '../engine/strategy.ts';
import { dayOf, daysBetween, istTimeOf, minutesOf, UNKNOWN } from '../engine/strategy.ts';
import { exceeds, isTimely, LATE, MINUTE_MS, NewCandles, signalKey } from './closed-candles.ts';
import { ForwardMoves, TrendLines } from './ema-trend-lines.ts';
import type { EmaTrendSettings } from './ema-trend-params.ts';
import { entryToOf, switchesExpiry } from './ema-trend-params.ts';
import { freshPrice, stepsFromMoney } from './strike-rules.ts';

const QUARTER_MS = 15 * MINUTE_MS;

/** The bars of a mode. */
export function barOf({ mode }: EmaTrendSettings): CandleSpan {
  return mode === 'daily' ? 'day' : QUARTER_MS;
}

/** A cross that passed its gates and is to be bought. */
interface Signal {
  readonly name: string;
  readonly right: Right;
  readonly seen: Seen;
}

/** What a bar left to do: daily bars are known when the market is closed, so it waits for the next session. */
interface Due {
  readonly exit: ExitReason | undefined;
  readonly signal: Signal | undefined;
}

/** Crosses of one segment; one trade at a time, each cross journaled with what it saw, taken or not. */
export class EmaTrendTrader implements StrategyHandlers {
  readonly #settings: EmaTrendSettings;
  readonly #bars = new NewCandles();
  #lines: TrendLines;
  #forward = new ForwardMoves();
  /** Start of the first bar of the series when it was last looked at. */
  #first: number | undefined;
  #due: Due | undefined;
  /** What waits for the trade before it to be closed. */
  #following: Signal | undefined;
  #barsHeld = 0;

  constructor(settings: EmaTrendSettings) {
    this.#settings = settings;
    this.#lines = new TrendLines(settings);
  }

  onSessionOpen(ctx: StrategyContext): void {
    this.#due = undefined;
    this.#following = undefined;
    const bars = this.#takeBars(ctx);
    for (const bar of bars) this.#push(ctx, bar);
    const { count, isReady } = this.#lines;
    if (!isReady) ctx.note(`warming up: ${count} of the ${this.#settings.emaPeriod} bars before a signal`);
    const last = bars.at(-1);
    if (this.#settings.mode === 'daily' && last !== undefined) this.#due = this.#judge(ctx, last, true);
  }

  onMinute(ctx: StrategyContext): void {
    if (this.#settings.mode === 'intraday') this.#onQuarters(ctx);
    const due = this.#due;
    if (due !== undefined) this.#act(ctx, due);
  }

  /** A bar that became known late still ends a trade, also where the next one became known with it; it enters nothing. */
  #onQuarters(ctx: StrategyContext): void {
    for (const bar of this.#takeBars(ctx)) {
      this.#push(ctx, bar);
      const next = this.#judge(ctx, bar, isTimely(ctx, bar, QUARTER_MS));
      const exit = this.#due?.exit ?? next.exit;
      this.#due = exit === undefined && next.signal === undefined ? undefined : { exit, signal: next.signal };
    }
  }

  onStructureClosed(ctx: StrategyContext): void {
    const signal = this.#following;
    this.#following = undefined;
    if (signal !== undefined) this.#due = this.#buy(ctx, signal);
  }

  /** The bars that are new. After a warm-up the engine shortens the series to what was asked for: then everything begins again with it. */
  #takeBars(ctx: StrategyContext): readonly Candle[] {
    const bars = ctx.series(barOf(this.#settings));
    const first = bars[0]?.start;
    // A series that is full loses its oldest bar with each new one; that is no new beginning.
    if (first !== this.#first && bars.length <= this.#settings.warmUpBars) {
      this.#lines = new TrendLines(this.#settings);
      this.#forward = new ForwardMoves();
      this.#bars.restart();
    }
    this.#first = first;
    return this.#bars.take(bars);
  }

  #push(ctx: StrategyContext, bar: Candle): void {
    this.#lines.push(bar.close, this.#volumeOf(ctx, bar));
    for (const moved of this.#forward.push(bar.close)) if (ctx.isTraced) ctx.trace('forward', { ...moved });
    const { cross } = this.#lines;
    if (cross === undefined || this.#gateOfCross() !== undefined) return;
    const sign = cross === 'up' ? 1 : -1;
    this.#forward.add({ name: nameOf(cross), bar: barText(this.#settings, bar), close: bar.close, sign });
  }

  /** Volume of a bar in units, -1 where nobody knows it. */
  #volumeOf(ctx: StrategyContext, bar: Candle): number {
    const { volumeRule } = this.#settings;
    if (volumeRule === 'off') return UNKNOWN;
    if (volumeRule === 'index') return bar.volume;
    const series = ctx.series(barOf(this.#settings), 'future');
    let at = series.length - 1;
    while (at >= 0 && (series[at]?.start ?? 0) > bar.start) at -= 1;
    const own = series[at];
    return own?.start === bar.start ? own.volume : UNKNOWN;
  }

  #judge(ctx: StrategyContext, bar: Candle, inTime: boolean): Due {
    if (ctx.isTraced) this.#trace(ctx, bar);
    const exit = this.#exitOf(ctx.structures[0]);
    const signal = this.#signalOf(ctx, bar);
    if (inTime || signal === undefined) return { exit, signal };
    ctx.skip(signal.name, LATE, signal.seen);
    return { exit, signal: undefined };
  }

  /** Why a bar ends the open trade; undefined where it does not. */
  #exitOf(open: StructureView | undefined): ExitReason | undefined {
    if (open === undefined) return undefined;
    const { holdBars, exitOnOpposite, exitAcross } = this.#settings;
    const own = open.legs[0]?.tag === 'CE' ? 1 : -1;
    const { cross, side } = this.#lines;
    this.#barsHeld += 1;
    if (exitOnOpposite && cross === (own === 1 ? 'down' : 'up')) return 'REVERSAL';
    if (exitAcross && side === -own) return 'SL';
    return holdBars > 0 && this.#barsHeld >= holdBars ? 'TIME' : undefined;
  }

  #signalOf(ctx: StrategyContext, bar: Candle): Signal | undefined {
    const { cross } = this.#lines;
    if (cross === undefined) return undefined;
    const signal: Signal = { name: nameOf(cross), right: cross === 'up' ? 'CE' : 'PE', seen: this.#seen(ctx, bar) };
    const gate = this.#gateOfCross();
    if (gate === undefined) return signal;
    ctx.skip(signal.name, gate, signal.seen);
    return undefined;
  }

  #gateOfCross(): string | undefined {
    const { distancePct, volumeRule, volumeFactor, emaPeriod } = this.#settings;
    const { isReady, isFar, volume } = this.#lines;
    if (!isReady) return `fewer than ${emaPeriod} bars`;
    if (!isFar) return `close within ${distancePct} % of the mean`;
    if (volumeRule === 'off') return undefined;
    if (volume === undefined) return `volume of the ${volumeRule} unknown`;
    return exceeds(volume, volumeFactor) ? undefined : `volume not above ${volumeFactor} of its mean`;
  }

  /** A trade that ends is left whatever the prices are; what is bought after it waits until it is closed. */
  #act(ctx: StrategyContext, { exit, signal }: Due): void {
    this.#due = undefined;
    const open = ctx.structures[0];
    if (open !== undefined && exit !== undefined) {
      this.#following = signal;
      return ctx.exit(open, exit);
    }
    if (signal === undefined) return;
    if (open !== undefined) return ctx.skip(signal.name, 'in a trade', signal.seen);
    this.#due = this.#buy(ctx, signal);
  }

  /** Buys at the money, or says why not; a daily signal tries again each minute until its time is over. */
  #buy(ctx: StrategyContext, signal: Signal): Due | undefined {
    const { mode, exitAt } = this.#settings;
    const { name, right, seen } = signal;
    const until = entryToOf(this.#settings);
    const saw = { ...seen, spot: ctx.spot ?? null };
    if (minutesOf(ctx.time) >= minutesOf(until)) {
      ctx.skip(name, `not before ${until}`, saw);
      return undefined;
    }
    const again: Due | undefined = mode === 'daily' ? { exit: undefined, signal } : undefined;
    const expiry = this.#expiry(ctx);
    if (expiry === undefined) {
      ctx.skip(name, `no ${this.#settings.expiry} expiry is listed`, saw);
      return again;
    }
    const contract = stepsFromMoney(ctx, { expiry, right }, 0);
    const price = typeof contract === 'string' ? undefined : freshPrice(ctx, contract);
    if (typeof contract === 'string' || price === undefined) {
      const text = typeof contract === 'string' ? contract : `no fresh price of the ${contract.strike / 100} ${right}`;
      ctx.skip(name, text, saw);
      return again;
    }
    this.#barsHeld = 0;
    const plan = {
      signal: name,
      seen: { ...saw, strike: contract.strike, expiry, price },
      legs: [{ tag: right, contract, side: 'BUY', lots: ctx.lots }],
    } as const;
    ctx.enter(mode === 'daily' ? plan : { ...plan, squareOffAt: exitAt });
    return undefined;
  }

  #expiry(ctx: StrategyContext): Day | undefined {
    const first = ctx.expiry(this.#settings.expiry);
    if (first === undefined || !switchesExpiry(this.#settings)) return first;
    return daysBetween(ctx.day, first) > this.#settings.expirySwitchDays ? first : ctx.expiry('next-monthly');
  }

  #seen(ctx: StrategyContext, bar: Candle): Seen {
    const { ema, fast, cross, volume } = this.#lines;
    return {
      key: signalKey(ctx, {
        strategy: 'ema-trend',
        name: cross === 'down' ? 'BUY_PE' : 'BUY_CE',
        level: ema,
        candle: bar,
      }),
      candle: barText(this.#settings, bar),
      close: bar.close,
      ema: round2(ema),
      fast: fast === undefined ? null : round2(fast),
      distancePct: round2((100 * (bar.close - ema)) / ema),
      volume: volume?.volume ?? null,
      volumeMean: volume === undefined ? null : Math.round(volume.mean),
    };
  }

  #trace(ctx: StrategyContext, bar: Candle): void {
    const { cross, count } = this.#lines;
    const { key, ...seen } = this.#seen(ctx, bar);
    ctx.trace('bar', {
      ...seen,
      key: cross === undefined ? null : (key ?? null),
      cross: cross ?? null,
      bars: count,
      barsHeld: this.#barsHeld,
    });
  }
}

function nameOf(cross: 'up' | 'down'): string {
  return cross === 'up' ? 'BUY_CE' : 'BUY_PE';
}

/** A bar by its day, or by its start. */
function barText({ mode }: EmaTrendSettings, { start }: Candle): string {
  return mode === 'daily' ? dayOf(start) : istTimeOf(start);
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
