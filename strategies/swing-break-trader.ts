import type {
  Contract,
  EpochMs,
  Fill,
  LegView,
  RestingView,
  Right,
  StrategyContext,
  StrategyHandlers,
  StructureView,
} from '../engine/strategy.ts';
import { minutesOf, paise } from '../engine/strategy.ts';
import type { DayChain } from './swing-break-chain.ts';
import { chainOfDay, MINUTE_MS, RIGHTS, symbolOf } from './swing-break-chain.ts';
import type { SwingBreakSettings } from './swing-break-params.ts';
import type { Ask } from './swing-break-plan.ts';
import { askFor, isBetter, SIGNAL, STOP, termsOf, wishFor } from './swing-break-plan.ts';
import type { Low, Report, SwingBreakSymbol } from './swing-break-symbol.ts';
import { PIERCED } from './swing-break-symbol.ts';
import { traceMinute } from './swing-break-trace.ts';

/** The one order of a right: what rests, what was asked for last, and which low it is for. */
interface Place {
  readonly right: Right;
  /** As it stood when the present handler began. */
  view: RestingView | undefined;
  asked: Ask | undefined;
  /** Asked for in the present handler: nothing of it can be seen yet. */
  isAsking: boolean;
  /** What was asked for last became an order. */
  isPlaced: boolean;
  best: SwingBreakSymbol | undefined;
}

/** When candidates are looked at: with a closed minute, or with a price between closes. */
type Instant = 'close' | 'quote';

/** Sells the break of swing lows on one segment: one resting order per right, a stop above the high behind each position. */
export class SwingBreakTrader implements StrategyHandlers {
  readonly #settings: SwingBreakSettings;
  readonly #places: Readonly<Record<Right, Place>>;
  #chain: DayChain | undefined;
  /** What each structure of today stands for, by its number. */
  readonly #asks = new Map<number, Ask>();
  /** Structures with a fill. */
  readonly #filled = new Set<number>();
  /** Lows that the present minute told, by the gate of the first stage; for the trace. */
  readonly #lows = new Map<string, number>();
  /** Sold since the last close was looked at, with the venue's instant. */
  readonly #sold: { readonly structure: StructureView; readonly ask: Ask; readonly at: EpochMs }[] = [];
  readonly #watched = new Set<SwingBreakSymbol>();
  /** R of the closed positions of today. */
  #closedR = 0;
  /** Why nothing is entered any more today. */
  #latch: string | undefined;
  #isStale = false;

  constructor(settings: SwingBreakSettings) {
    this.#settings = settings;
    this.#places = { CE: placeOf('CE'), PE: placeOf('PE') };
  }

  onSessionOpen(): void {
    this.#chain = undefined;
    this.#asks.clear();
    this.#filled.clear();
    this.#sold.length = 0;
    this.#watched.clear();
    this.#closedR = 0;
    this.#latch = undefined;
    this.#isStale = false;
    for (const right of RIGHTS) Object.assign(this.#places[right], placeOf(right));
  }

  onMinute(ctx: StrategyContext): void {
    const minute = minutesOf(ctx.time);
    if (minute > this.#settings.minutes.exit) return;
    this.#look(ctx);
    this.#lows.clear();
    const chain = this.#takeCandles(ctx);
    if (chain === undefined) return;
    this.#lookAgain(ctx);
    this.#isStale = this.#lacksCandles(chain, ctx.now);
    this.#latch ??= this.#latchNow(ctx);
    for (const right of RIGHTS) this.#decide(ctx, chain, this.#places[right], 'close');
    if (this.#settings.evaluateOn === 'quote') this.#watchCandidates(ctx, chain);
    if (ctx.isTraced)
      traceMinute(ctx, { chain, places: this.#places, asks: this.#asks, lows: this.#lows, r: this.#r(ctx) });
  }

  onQuote(ctx: StrategyContext, contract: Contract, price: number): void {
    const chain = this.#chain;
    const symbol = chain !== undefined && contract.kind === 'option' ? symbolOf(chain, contract) : undefined;
    if (chain === undefined || symbol === undefined || minutesOf(ctx.time) >= this.#settings.minutes.to) return;
    this.#look(ctx);
    symbol.quote(price, this.#ownTrigger(symbol, ctx.now));
    this.#tellSpent(ctx, symbol);
    this.#decide(ctx, chain, this.#places[symbol.contract.right], 'quote');
  }

  /** The low was sold: its stop goes above whatever the price reached meanwhile, never below where it was planned. */
  onFill(ctx: StrategyContext, fill: Fill, leg: LegView, structure: StructureView): void {
    if (this.#filled.has(structure.id)) return;
    this.#filled.add(structure.id);
    this.#look(ctx);
    const ask = this.#asks.get(structure.id) ?? this.#places[leg.tag as Right].asked;
    if (ask === undefined) return;
    this.#asks.set(structure.id, ask);
    this.#places[leg.tag as Right].isPlaced = true;
    this.#spendSold(ask);
    this.#sold.push({ structure, ask, at: fill.tsExchange });
    this.#liftStop(ctx, structure, ask);
  }

  onStructureClosed(_ctx: StrategyContext, structure: StructureView): void {
    const ask = this.#asks.get(structure.id);
    if (ask === undefined || !this.#filled.has(structure.id)) return;
    this.#closedR += structure.gross / ask.risk;
  }

  /** An order that is kept while its low moves a little stands for the low as it is now, and for any above it. */
  #spendSold({ symbol, low, trigger }: Ask): void {
    symbol.spend(low);
    const { candidate } = symbol;
    if (candidate === undefined) return;
    if (termsOf(candidate, this.#settings).trigger + this.#settings.repriceBy >= trigger) symbol.spend(candidate);
  }

  /** A fill may come after a minute's end and before its candle is known: then that candle is one of those before the fill. */
  #lookAgain(ctx: StrategyContext): void {
    const ended = ctx.now - (ctx.now % MINUTE_MS);
    for (const { structure, ask, at } of this.#sold)
      if (at >= ended && !structure.closed) this.#liftStop(ctx, structure, ask);
    this.#sold.length = 0;
  }

  #liftStop(ctx: StrategyContext, structure: StructureView, { symbol, low, stop }: Ask): void {
    const fresh = symbol.stopFrom(low.bar);
    if (fresh > stop) ctx.moveGuard(structure, STOP, symbol.contract.right, paise(fresh));
  }

  /** Reads what rests now; a structure that is new stands for what was asked for last. */
  #look(ctx: StrategyContext): void {
    for (const right of RIGHTS) {
      const place = this.#places[right];
      place.view = ctx.resting(right);
      place.isAsking = false;
      const id = place.view?.structure.id;
      if (id === undefined || place.asked === undefined || this.#asks.has(id)) continue;
      this.#asks.set(id, place.asked);
      place.isPlaced = true;
    }
  }

  /** Gives every symbol its closed candle; the day begins with the first candle of the underlying. */
  #takeCandles(ctx: StrategyContext): DayChain | undefined {
    const known = this.#chain;
    const chain = known ?? chainOfDay(ctx, this.#settings);
    this.#chain = chain;
    if (chain === undefined) return undefined;
    for (const symbol of chain.symbols) {
      if (known === undefined) {
        for (const candle of ctx.candlesToday(symbol.contract)) this.#tell(ctx, symbol, symbol.push(candle, undefined));
        continue;
      }
      const candle = ctx.lastCandle(symbol.contract);
      if (candle !== undefined) this.#tell(ctx, symbol, symbol.push(candle, this.#ownTrigger(symbol, ctx.now)));
    }
    return chain;
  }

  /** Trigger of the order that works in a symbol; undefined where none does, or where it was asked for at this very instant. */
  #ownTrigger({ contract }: SwingBreakSymbol, now: EpochMs): number | undefined {
    const { view } = this.#places[contract.right];
    const ask = view?.contract === contract ? this.#asks.get(view.structure.id) : undefined;
    return ask === undefined || ask.at === now ? undefined : ask.trigger;
  }

  /** Journals a low that the first stage refused, where its symbol had another gate before, and one that was pierced. */
  #tell(ctx: StrategyContext, symbol: SwingBreakSymbol, report: Report | undefined): void {
    this.#tellSpent(ctx, symbol);
    if (report === undefined) return;
    const { low, gate } = report;
    if (ctx.isTraced) this.#lows.set(gate ?? 'candidate', (this.#lows.get(gate ?? 'candidate') ?? 0) + 1);
    if (gate === undefined || gate === symbol.toldGate) return;
    symbol.toldGate = gate;
    ctx.skip(SIGNAL[symbol.contract.right], gate, symbol.seenOf(low));
  }

  #tellSpent(ctx: StrategyContext, symbol: SwingBreakSymbol): void {
    const { spent } = symbol;
    if (spent === undefined) return;
    symbol.spent = undefined;
    symbol.toldGate = PIERCED;
    ctx.skip(SIGNAL[symbol.contract.right], PIERCED, symbol.seenOf(spent));
  }

  /** Whether too few symbols had a candle of late. A symbol is fresh for a while after its candle ended, and had to be stale for a while. */
  #lacksCandles({ symbols }: DayChain, now: EpochMs): boolean {
    const { barAgeMaxS, staleForS, freshShareMin } = this.#settings;
    const since = now - (now % MINUTE_MS) - (barAgeMaxS + staleForS) * 1_000;
    let fresh = 0;
    for (const { lastStart } of symbols) if (lastStart + MINUTE_MS >= since) fresh += 1;
    return fresh < freshShareMin * symbols.length;
  }

  #latchNow(ctx: StrategyContext): string | undefined {
    const r = this.#r(ctx);
    const { dayTargetR, dayLossR } = this.#settings;
    if (r >= dayTargetR) return `the day has made ${dayTargetR} R`;
    return r <= -dayLossR ? `the day has lost ${dayLossR} R` : undefined;
  }

  /** R of the day, closed and open. */
  #r({ structures }: StrategyContext): number {
    let sum = this.#closedR;
    for (const { id, gross } of structures) {
      const ask = this.#filled.has(id) ? this.#asks.get(id) : undefined;
      if (ask !== undefined) sum += gross / ask.risk;
    }
    return sum;
  }

  /** Places, keeps, replaces or takes back the order of one right. */
  #decide(ctx: StrategyContext, chain: DayChain, place: Place, instant: Instant): void {
    const { view } = place;
    // Of an order that has filled in part the rest stays as long as anything may be entered.
    if (view !== undefined && this.#filled.has(view.structure.id)) return this.#endRest(ctx, place);
    // What was refused is asked for again with the next close, not with the next price.
    if (instant === 'quote' && view === undefined && place.asked !== undefined && !place.isPlaced) return;
    if (instant === 'close') this.#giveUpLate(ctx, place);
    const best = this.#best(ctx, chain, place);
    place.best = best;
    const gate = this.#gateOfTime(ctx);
    if (best === undefined || gate !== undefined) {
      if (best !== undefined) this.#say(ctx, best, gate);
      return this.#withdraw(ctx, place, gate ?? 'no candidate qualifies');
    }
    const low = best.candidate as Low;
    if (view !== undefined && this.#stays(place, best, low, instant)) return this.#say(ctx, best, undefined);
    const limit = this.#gateOfCounts(ctx, place);
    this.#say(ctx, best, limit);
    if (limit === undefined) this.#ask(ctx, place, best, low);
  }

  #endRest(ctx: StrategyContext, place: Place): void {
    const { minutes, entryTo } = this.#settings;
    if (minutesOf(ctx.time) >= minutes.to) this.#withdraw(ctx, place, `not before ${entryTo}`);
  }

  /** Whether the order that rests is left as it is. */
  #stays({ view, asked }: Place, best: SwingBreakSymbol, low: Low, instant: Instant): boolean {
    if (view === undefined) return false;
    const { deferSwitch, repriceBy } = this.#settings;
    const wanted = termsOf(low, this.#settings);
    if (view.state === 'leaving')
      return asked?.symbol === best && asked.trigger === wanted.trigger && asked !== this.#asks.get(view.structure.id);
    if (view.contract === best.contract) {
      const held = this.#asks.get(view.structure.id);
      return held !== undefined && Math.abs(held.trigger - wanted.trigger) <= repriceBy;
    }
    if (instant === 'close' || !deferSwitch) return false;
    const old = this.#chain === undefined ? undefined : symbolOf(this.#chain, view.contract as typeof best.contract);
    return old?.gate === ANOTHER;
  }

  /** The candidate whose stop is nearest to the wished distance; every other one gets its gate. */
  #best(ctx: StrategyContext, { of }: DayChain, { right, view }: Place): SwingBreakSymbol | undefined {
    let best: SwingBreakSymbol | undefined;
    for (const symbol of of[right]) {
      const { candidate } = symbol;
      if (candidate === undefined) continue;
      if (candidate.isOurs && view?.contract !== symbol.contract) {
        symbol.spend(candidate);
        ctx.skip(SIGNAL[right], 'broken while our order was taken back', symbol.seenOf(candidate));
        continue;
      }
      symbol.gate = this.#gateOf(ctx, symbol, candidate);
      if (symbol.gate === undefined && (best === undefined || isBetter(symbol, best, this.#settings))) best = symbol;
    }
    for (const symbol of of[right]) {
      if (symbol.candidate === undefined || symbol === best) continue;
      symbol.gate ??= ANOTHER;
      this.#say(ctx, symbol, symbol.gate);
    }
    return best;
  }

  #gateOf(ctx: StrategyContext, symbol: SwingBreakSymbol, candidate: Low): string | undefined {
    const stage = symbol.qualify(candidate);
    const { silentCancelS } = this.#settings;
    if (holds(ctx.structures, symbol)) return 'a position is open in it';
    if (symbol.lastStart + MINUTE_MS < ctx.now - (ctx.now % MINUTE_MS) - silentCancelS * 1_000)
      return `no candle for ${silentCancelS} s`;
    return stage;
  }

  #gateOfTime(ctx: StrategyContext): string | undefined {
    const { minutes, entryFrom, entryTo } = this.#settings;
    const minute = minutesOf(ctx.time);
    if (minute < minutes.from) return `before ${entryFrom}`;
    if (minute >= minutes.to) return `not before ${entryTo}`;
    return this.#latch ?? (this.#isStale ? 'too few symbols have fresh candles' : undefined);
  }

  /** Positions and what rests in the other place; what rests in this one gives way. */
  #gateOfCounts(ctx: StrategyContext, { right }: Place): string | undefined {
    const { maxPositions, positionsMax } = this.#settings;
    const other = this.#places[right === 'CE' ? 'PE' : 'CE'];
    const rests = other.view !== undefined && !this.#filled.has(other.view.structure.id);
    let all = rests || other.isAsking ? 1 : 0;
    let same = 0;
    for (const { id, legs } of ctx.structures) {
      if (!this.#filled.has(id)) continue;
      all += 1;
      if (legs[0]?.tag === right) same += 1;
    }
    if (all >= maxPositions) return `${maxPositions} positions and entries`;
    return same >= positionsMax[right] ? `${positionsMax[right]} ${right} positions` : undefined;
  }

  #ask(ctx: StrategyContext, place: Place, symbol: SwingBreakSymbol, low: Low): void {
    place.isAsking = true;
    place.isPlaced = false;
    place.asked = askFor(symbol, low, { settings: this.#settings, now: ctx.now });
    ctx.rest(wishFor(place.asked, this.#settings));
  }

  #withdraw(ctx: StrategyContext, place: Place, reason: string): void {
    const { view, asked } = place;
    if (view === undefined) return;
    const isFollowed = asked !== undefined && asked !== this.#asks.get(view.structure.id);
    if (view.state === 'resting' || isFollowed) ctx.withdraw(place.right, reason);
    place.asked = this.#asks.get(view.structure.id);
  }

  /** An entry that nobody filled for too long gives its low up. */
  #giveUpLate(ctx: StrategyContext, { right, view }: Place): void {
    const { orderTimeoutS } = this.#settings;
    const ask = view === undefined ? undefined : this.#asks.get(view.structure.id);
    if (orderTimeoutS === undefined || ask === undefined || ctx.now - ask.at < orderTimeoutS * 1_000) return;
    const { symbol } = ask;
    if (symbol.candidate === undefined) return;
    ctx.skip(SIGNAL[right], `unfilled for ${orderTimeoutS} s`, symbol.seenOf(symbol.candidate));
    symbol.spend(symbol.candidate);
  }

  /** Journals the gate of a candidate when it is another one than before. */
  #say(ctx: StrategyContext, symbol: SwingBreakSymbol, gate: string | undefined): void {
    symbol.gate = gate;
    if (symbol.toldGate === gate) return;
    symbol.toldGate = gate;
    if (gate === undefined || symbol.candidate === undefined) return;
    ctx.skip(SIGNAL[symbol.contract.right], gate, symbol.seenWithStop(symbol.candidate));
  }

  /** Whoever has a candidate is followed between closes. */
  #watchCandidates(ctx: StrategyContext, { symbols }: DayChain): void {
    const isOver = minutesOf(ctx.time) >= this.#settings.minutes.to;
    for (const symbol of symbols) {
      const isWanted = symbol.candidate !== undefined && !isOver;
      if (isWanted === this.#watched.has(symbol)) continue;
      if (isWanted) {
        this.#watched.add(symbol);
        ctx.watch(symbol.contract);
      } else {
        this.#watched.delete(symbol);
        ctx.unwatch(symbol.contract);
      }
    }
  }
}

const ANOTHER = 'another strike is better';

function placeOf(right: Right): Place {
  return { right, view: undefined, asked: undefined, isAsking: false, isPlaced: false, best: undefined };
}

/** Whether a position is open in a symbol. */
function holds(structures: readonly StructureView[], { contract }: SwingBreakSymbol): boolean {
  for (const { legs } of structures)
    for (const { instrument, openLots } of legs) if (openLots > 0 && instrument === contract) return true;
  return false;
}
