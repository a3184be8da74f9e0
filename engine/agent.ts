import type { AgentBook } from './account/agent-book.ts';
import type { Seen } from './journal.ts';
import type { CandleSpan, Window } from './market/candle-builder.ts';
import { CandleBuilder } from './market/candle-builder.ts';
import type { Candle } from './model/candle-frame.ts';
import type { Underlying } from './model/instrument.ts';
import type { AgentId, ExitReason } from './model/order.ts';
import type { Day } from './model/time.ts';
import { epochMs } from './model/time.ts';
import type { Lots } from './model/units.ts';
import type { Structure } from './orders/structure.ts';
import type { AgentRisk } from './risk/money-limits.ts';
import { tighterOf } from './risk/money-limits.ts';
import type {
  AddPlan,
  Contract,
  EntryPlan,
  FutureInstrument,
  RestingWish,
  SeriesOf,
  StrategyDefinition,
  StrategyHandlers,
  StructureView,
  Universe,
} from './strategy.ts';

/** What a handler asked for; carried out after it returned. */
export type Wish =
  | { readonly kind: 'enter'; readonly plan: EntryPlan }
  | { readonly kind: 'add'; readonly plan: AddPlan }
  | { readonly kind: 'rest'; readonly wish: RestingWish }
  | { readonly kind: 'withdraw'; readonly place: string; readonly reason: string }
  | { readonly kind: 'exit'; readonly structure: StructureView; readonly reason: ExitReason }
  | { readonly kind: 'flatten'; readonly reason: ExitReason }
  | {
      readonly kind: 'move-guard';
      readonly structure: StructureView;
      readonly guard: string;
      readonly leg: string | undefined;
      readonly level: number;
    };

/** What a day brings an agent before its first minute; prices in paise, VIX in hundredths. */
export interface AgentDay {
  readonly windows: readonly Window[];
  readonly planned: readonly Window[];
  readonly special: boolean;
  readonly strikeStep: number;
  readonly previousSession: Day | undefined;
  readonly previousClose: number | undefined;
  readonly vix: number | undefined;
  readonly future: { readonly slot: number; readonly instrument: FutureInstrument } | undefined;
}

/** One strategy on one segment with its own book. */
export class Agent {
  readonly id: AgentId;
  readonly segment: Underlying;
  readonly lots: Lots;
  readonly universe: Universe;
  /** What its strategy's own rules and its configuration limit, the tighter of the two; the RMS keeps it. */
  readonly limits: AgentRisk;
  readonly handlers: StrategyHandlers;
  readonly book: AgentBook;
  readonly specialSessions: boolean;
  readonly outbox: Wish[] = [];
  readonly structures: Structure[] = [];
  /** Contracts whose quotes it follows today, by slot. */
  readonly followed = new Map<number, Contract>();
  readonly #series: Readonly<Record<SeriesOf, Map<CandleSpan, CandleBuilder>>> = {
    underlying: new Map(),
    future: new Map(),
  };
  readonly #gates = new Map<string, string>();
  /** Reason for which it no longer runs; its lots are looked after by the engine. */
  quarantined: string | undefined;
  takesPart = true;
  /** Middle of the strikes that it sees, paise; undefined before the first level of the day. */
  centre: number | undefined;
  /** What the day brought. */
  today: AgentDay | undefined;
  #strikeStep = 1;

  constructor(parts: {
    readonly id: AgentId;
    readonly segment: Underlying;
    readonly lots: Lots;
    readonly definition: StrategyDefinition<unknown>;
    readonly params: unknown;
    readonly book: AgentBook;
    readonly specialSessions: boolean;
    readonly limits?: AgentRisk | undefined;
  }) {
    this.id = parts.id;
    this.segment = parts.segment;
    this.lots = parts.lots;
    this.universe = parts.definition.universe(parts.params, parts.segment);
    this.limits = tighterOf(parts.definition.limits?.(parts.params, parts.segment) ?? {}, parts.limits ?? {});
    this.handlers = parts.definition.create(parts.params, parts.segment);
    this.book = parts.book;
    this.specialSessions = parts.specialSessions;
    for (const { span, of = 'underlying' } of this.universe.series ?? [])
      this.#series[of].set(span, new CandleBuilder({ span }));
  }

  get runs(): boolean {
    return this.takesPart && this.quarantined === undefined;
  }

  openDay(day: AgentDay): void {
    this.today = day;
    this.#strikeStep = day.strikeStep;
    this.takesPart = !day.special || this.specialSessions;
    this.centre = undefined;
    this.#gates.clear();
    this.followed.clear();
    for (const structure of this.structures) structure.grossAtOpen = structure.gross;
    if (this.takesPart) for (const builder of this.#builders()) builder.openDay(knownWindows(day));
  }

  closeDay(): void {
    if (this.takesPart) for (const builder of this.#builders()) builder.closeDay();
  }

  /** Feeds one closed minute of the underlying, or of its future, to the larger candles. */
  feed(of: SeriesOf, candle: Candle, intervalMs: number): void {
    if (this.takesPart) for (const builder of this.#series[of].values()) builder.add(candle, intervalMs);
  }

  /** Whether anybody reads larger candles of it. */
  hasSeries(of: SeriesOf): boolean {
    return this.#series[of].size > 0;
  }

  seriesOf(span: CandleSpan, of: SeriesOf): readonly Candle[] {
    return this.#series[of].get(span)?.closed ?? [];
  }

  /**
   * Keeps of each series exactly the closed candles that the universe asks for, so that a run sees the same whenever its warm-up began;
   * gives the first series that has too few, of those that do not wait for more themselves.
   */
  trimSeries(): { readonly span: CandleSpan; readonly wanted: number; readonly found: number } | undefined {
    let short: { readonly span: CandleSpan; readonly wanted: number; readonly found: number } | undefined;
    for (const { span, of = 'underlying', warmUp, whenShort } of this.universe.series ?? []) {
      const found = this.#series[of].get(span)?.keep(warmUp) ?? 0;
      if (found < warmUp && whenShort !== 'wait') short ??= { span, wanted: warmUp, found };
    }
    return short;
  }

  /** True when this gate was not the last one journaled today for the signal, and for the candle where it saw one. */
  gateIsNew(signal: string, gate: string, { candle = '' }: Seen): boolean {
    const key = `${signal} ${candle}`;
    if (this.#gates.get(key) === gate) return false;
    this.#gates.set(key, gate);
    return true;
  }

  /** Follows the money; level in paise. */
  recentre(spot: number): void {
    const step = this.#strikeStep;
    // Half a step more than what moves the window is needed before the nearest strike can be that far away.
    if (this.centre !== undefined && Math.abs(spot - this.centre) < (this.universe.recentreSteps - 0.5) * step) return;
    const money = step * Math.floor(spot / step + 0.5);
    const moved = this.centre === undefined || Math.abs(money - this.centre) >= this.universe.recentreSteps * step;
    if (moved) this.centre = money;
  }

  /** Whether a leg of its own stands in a slot. */
  holds(slot: number): boolean {
    return this.structures.some(({ legs }) => legs.some((leg) => !leg.done && leg.slot === slot));
  }

  *#builders(): Iterable<CandleBuilder> {
    yield* this.#series.underlying.values();
    yield* this.#series.future.values();
  }

  sees(strike: number, step: number): boolean {
    return this.centre !== undefined && Math.abs(strike - this.centre) <= this.universe.strikesAround * step;
  }
}

/**
 * The planned windows, then what came unplanned after the last of them: a candle's end never tells of a halt before it happens, and hours
 * that were added to a window are a window of their own.
 */
function knownWindows({ planned, windows }: Pick<AgentDay, 'planned' | 'windows'>): Window[] {
  const last = planned.at(-1)?.close ?? epochMs(0);
  const added = windows.filter(({ close }) => close > last);
  return [...planned, ...added.map(({ open, close }) => ({ open: epochMs(Math.max(open, last)), close }))];
}
