import { createHash } from 'node:crypto';
import { intervalText } from '../datasets/candle-row.ts';
import type { SyntheticMarket } from '../datasets/synthetic/synthetic-market.ts';
import { columnsOf } from '../datasets/synthetic/synthetic-market.ts';
import { invariant } from '../engine/assert.ts';
import type { DayCandles } from '../engine/model/candle-frame.ts';
import { emptyDay } from '../engine/model/candle-frame.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import { UNDERLYINGS } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import { MINUTE_MS } from '../engine/model/time.ts';
import type { DayRequest } from './candle-archive.ts';
import type { Coverage, DayContents } from './candle-archive-types.ts';
import type { CandleSource, DaysAsked } from './candle-source.ts';
import { StoreProblem } from './candle-store.ts';
import type { DailyValue } from './daily-values.ts';

/** The embedded synthetic market in the place of a store: every day is there, made when it is asked for. */
export class SyntheticArchive implements CandleSource {
  readonly kind = 'synthetic';
  readonly #markets: ReadonlyMap<Underlying, SyntheticMarket>;

  constructor(markets: readonly SyntheticMarket[]) {
    this.#markets = new Map(markets.map((market) => [market.underlying, market]));
    invariant(this.#markets.size === markets.length, 'an underlying has two synthetic markets');
    invariant(markets.length > 0, 'a synthetic archive needs a market');
  }

  coverage(asked: { readonly underlying: Underlying; readonly days: readonly Day[] }): Coverage[] {
    const market = this.#marketOf(asked.underlying);
    return [
      {
        intervalMs: MINUTE_MS,
        present: asked.days.filter((day) => market.has(day)),
        missing: asked.days.filter((day) => !market.has(day)),
      },
    ];
  }

  finestInterval(asked: {
    readonly underlyings: readonly Underlying[];
    readonly days: readonly Day[];
  }): number | undefined {
    const isWhole = asked.underlyings.every((underlying) => {
      return this.missingDays({ underlying, days: asked.days }).length === 0;
    });
    return isWhole ? MINUTE_MS : undefined;
  }

  missingDays(asked: { readonly underlying: Underlying; readonly days: readonly Day[] }): Day[] {
    return this.coverage(asked).flatMap(({ missing }) => missing);
  }

  /** Nothing needs preparing. */
  prepare(asked: DaysAsked): Promise<void> {
    refuseOtherInterval(asked.intervalMs);
    return Promise.resolve();
  }

  /** The hash names the recipe of the candles, not their bytes: nothing has to be made for it. */
  contents(of: { readonly day: Day; readonly intervalMs: number; readonly underlying: Underlying }): DayContents {
    refuseOtherInterval(of.intervalMs);
    const market = this.#marketOf(of.underlying);
    const instruments = market.instruments(of.day);
    const options = instruments.filter((one) => one.kind === 'option');
    return {
      index: instruments.some((one) => one.kind === 'index'),
      futures: instruments.filter((one) => one.kind === 'future').map((one) => one.expiry),
      expiries: [...new Set(options.map((one) => one.expiry))],
      instruments,
      contentHash: createHash('sha256').update(market.recipe(of.day)).digest('hex'),
    };
  }

  loadDay(request: DayRequest): DayCandles {
    return this.readDay(request);
  }

  readDay({ day, intervalMs, wanted }: DayRequest): DayCandles {
    refuseOtherInterval(intervalMs);
    const inOrder = [...wanted].sort((a, b) => UNDERLYINGS.indexOf(a.underlying) - UNDERLYINGS.indexOf(b.underlying));
    const parts = inOrder.flatMap((one) => this.#marketOf(one.underlying).day(day, one) ?? []);
    const [first, ...others] = parts;
    if (first === undefined) return emptyDay({ day, intervalMs, instruments: [], starts: new Float64Array(0) });
    return others.length === 0 ? first : joined(parts);
  }

  dataHash(of: DaysAsked): string {
    const hash = createHash('sha256');
    for (const day of of.days) {
      for (const underlying of of.underlyings) {
        const { contentHash } = this.contents({ day, underlying, intervalMs: of.intervalMs });
        hash.update(`${day} ${underlying} ${intervalText(of.intervalMs)} ${contentHash}\n`);
      }
    }
    return hash.digest('hex');
  }

  /** Without a span the whole one of the tables, which takes a second or two for an index. */
  dailyValues(of: {
    readonly name: Underlying | 'INDIA VIX';
    readonly from?: Day;
    readonly to?: Day;
  }): Promise<readonly DailyValue[]> {
    const market = of.name === 'INDIA VIX' ? this.#volatilityMarket() : this.#marketOf(of.name);
    const days = market.days(of.from ?? market.span.from, of.to ?? market.span.to);
    const values = days.map((day) => {
      const close = of.name === 'INDIA VIX' ? market.vixClose(day) : market.officialClose(day);
      invariant(close !== undefined, `the synthetic market has no close of ${of.name} on ${day}`);
      return { day, open: null, high: null, low: null, close, from: 'index' as const };
    });
    return Promise.resolve(values);
  }

  /** Nothing is held open. */
  close(): void {
    return;
  }

  #marketOf(underlying: Underlying): SyntheticMarket {
    const market = this.#markets.get(underlying);
    if (market === undefined) throw new StoreProblem(`the synthetic market has no ${underlying}`);
    return market;
  }

  /** The volatility index belongs to NIFTY; without it any market tells the same story but for its own level. */
  #volatilityMarket(): SyntheticMarket {
    const [any] = this.#markets.values();
    const market = this.#markets.get('NIFTY') ?? any;
    invariant(market !== undefined, 'a synthetic archive needs a market');
    return market;
  }
}

function refuseOtherInterval(intervalMs: number): void {
  if (intervalMs === MINUTE_MS) return;
  throw new StoreProblem(`the synthetic market has candles of 1m only, not ${intervalText(intervalMs)}`);
}

/** Puts days of several underlyings side by side; a minute that one of them lacks stays empty there. */
function joined(parts: readonly DayCandles[]): DayCandles {
  const starts = Float64Array.from(new Set(parts.flatMap((part) => [...part.starts]))).sort();
  const [{ day, intervalMs }] = parts as [DayCandles];
  const instruments = parts.flatMap((part) => part.instruments);
  const whole = emptyDay({ day, intervalMs, instruments, starts });
  const rowOf = new Map([...starts].map((start, row) => [start, row]));
  let slot = 0;
  for (const part of parts) {
    const width = part.instruments.length;
    const columns = columnsOf(whole);
    for (const [c, from] of columnsOf(part).entries()) {
      for (const [m, start] of part.starts.entries()) {
        const row = rowOf.get(start) ?? 0;
        columns[c]?.set(from.subarray(m * width, (m + 1) * width), row * instruments.length + slot);
      }
    }
    slot += width;
  }
  return whole;
}
