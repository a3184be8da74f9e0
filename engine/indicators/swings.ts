export type SwingKind = 'LOW' | 'HIGH';

/** A turning point of a series: its extreme, in the unit of the prices, and the number of its bar. */
export interface Swing {
  readonly kind: SwingKind;
  readonly price: number;
  readonly bar: number;
}

/** What one bar told: a new swing, or the last one moved to a further extreme. `at` is the bar that told it. */
export interface SwingEvent extends Swing {
  readonly at: number;
  readonly isUpdate: boolean;
}

/** How the last swing moves on: at once with the bar that goes beyond it, or when two later bars confirm it. */
export type SwingUpdate = 'immediate' | 'confirmed';

const BARS_AT_FIRST = 384;
const VOTES_NEEDED = 2;

/**
 * Swings of one symbol by votes of bars. A bar with a higher high and a higher close than an earlier one votes that the earlier stretch had
 * its low; lower low and lower close, that it had its high. The second vote for any bar since the last swing makes the swing: the
 * extreme of the bars since then, the earliest of equal ones, this bar among them. Swings alternate; each new one clears all votes. A bar costs
 * what the stretch since the last swing is long, and makes nothing unless it tells something. Known only at the vote: nothing looks ahead.
 */
export class SwingDetector {
  readonly #update: SwingUpdate;
  #highs = new Float64Array(BARS_AT_FIRST);
  #lows = new Float64Array(BARS_AT_FIRST);
  #closes = new Float64Array(BARS_AT_FIRST);
  /** Votes that a bar's stretch had its low, and its high; those before the last swing no longer count. */
  #forLow = new Uint16Array(BARS_AT_FIRST);
  #forHigh = new Uint16Array(BARS_AT_FIRST);
  #bars = 0;
  #last: Swing | undefined;
  /** Bars of the lowest low and of the highest high since the last swing. */
  #lowest = 0;
  #highest = 0;

  constructor(parts: { readonly update: SwingUpdate }) {
    this.#update = parts.update;
  }

  /** Bars seen since it began. */
  get bars(): number {
    return this.#bars;
  }

  /** The last swing as it stands now; undefined before the first. */
  get last(): Swing | undefined {
    return this.#last;
  }

  highOf(bar: number): number {
    return this.#highs[bar] ?? Number.NaN;
  }

  /** Begins anew, as each day does. */
  reset(): void {
    this.#bars = 0;
    this.#last = undefined;
    this.#lowest = 0;
    this.#highest = 0;
  }

  /** Takes a closed bar; gives what it told, mostly nothing. */
  push(high: number, low: number, close: number): SwingEvent | undefined {
    const bar = this.#bars;
    this.#take(high, low, close);
    const last = this.#last;
    if (last !== undefined && this.#update === 'immediate') {
      const price = last.kind === 'LOW' ? low : high;
      if (last.kind === 'LOW' ? price < last.price : price > last.price) return this.#tell(last.kind, bar, last);
    }
    return this.#vote(bar);
  }

  /** Bars since the last swing hear the votes of this one, the earliest first, until one makes a swing. */
  #vote(bar: number): SwingEvent | undefined {
    const [highs, lows, closes] = [this.#highs, this.#lows, this.#closes];
    const high = highs[bar] ?? 0;
    const low = lows[bar] ?? 0;
    const close = closes[bar] ?? 0;
    for (let earlier = (this.#last?.bar ?? -1) + 1; earlier < bar; earlier += 1) {
      const than = closes[earlier] ?? 0;
      let told: SwingEvent | undefined;
      if (close > than) {
        if (high > (highs[earlier] ?? 0) && count(this.#forLow, earlier) >= VOTES_NEEDED)
          told = this.#elect('LOW', bar);
      } else if (close < than && low < (lows[earlier] ?? 0) && count(this.#forHigh, earlier) >= VOTES_NEEDED)
        told = this.#elect('HIGH', bar);
      if (told !== undefined) return told;
    }
    return undefined;
  }

  /** The swing that a second vote makes: of the other kind always, of the same kind only further out and where updates are voted. */
  #elect(kind: SwingKind, at: number): SwingEvent | undefined {
    const last = this.#last;
    const extreme = kind === 'LOW' ? this.#lowest : this.#highest;
    if (last?.kind !== kind) return this.#tell(kind, extreme, undefined, at);
    if (this.#update === 'immediate') return undefined;
    const price = this.#priceOf(kind, extreme);
    const isFurther = kind === 'LOW' ? price < last.price : price > last.price;
    return isFurther ? this.#tell(kind, extreme, last, at) : undefined;
  }

  /** Writes the swing down; a new one clears all votes, a moved one keeps them. */
  #tell(kind: SwingKind, bar: number, moved: Swing | undefined, at = bar): SwingEvent {
    const price = this.#priceOf(kind, bar);
    this.#last = { kind, price, bar };
    if (moved === undefined) {
      this.#forLow.fill(0, 0, at + 1);
      this.#forHigh.fill(0, 0, at + 1);
    }
    this.#lowest = bar + 1;
    this.#highest = bar + 1;
    for (let later = bar + 2; later <= at; later += 1) this.#widen(later);
    return { kind, price, bar, at, isUpdate: moved !== undefined };
  }

  #take(high: number, low: number, close: number): void {
    const bar = this.#bars;
    if (bar === this.#highs.length) this.#grow();
    this.#highs[bar] = high;
    this.#lows[bar] = low;
    this.#closes[bar] = close;
    this.#forLow[bar] = 0;
    this.#forHigh[bar] = 0;
    this.#bars += 1;
    this.#widen(bar);
  }

  /** Takes a bar into the extremes since the last swing; the earliest of equal ones stays. */
  #widen(bar: number): void {
    if (bar > this.#lowest && (this.#lows[bar] ?? 0) < (this.#lows[this.#lowest] ?? 0)) this.#lowest = bar;
    if (bar > this.#highest && (this.#highs[bar] ?? 0) > (this.#highs[this.#highest] ?? 0)) this.#highest = bar;
  }

  #priceOf(kind: SwingKind, bar: number): number {
    return (kind === 'LOW' ? this.#lows[bar] : this.#highs[bar]) ?? Number.NaN;
  }

  #grow(): void {
    const size = this.#highs.length * 2;
    this.#highs = longer(new Float64Array(size), this.#highs);
    this.#lows = longer(new Float64Array(size), this.#lows);
    this.#closes = longer(new Float64Array(size), this.#closes);
    this.#forLow = longer(new Uint16Array(size), this.#forLow);
    this.#forHigh = longer(new Uint16Array(size), this.#forHigh);
  }
}

/** One vote more; gives how many there are. */
function count(votes: Uint16Array, bar: number): number {
  const counted = (votes[bar] ?? 0) + 1;
  votes[bar] = counted;
  return counted;
}

function longer<Column extends Float64Array | Uint16Array>(column: Column, from: Column): Column {
  column.set(from);
  return column;
}
