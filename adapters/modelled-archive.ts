import { createHash } from 'node:crypto';
import { intervalText } from '../datasets/candle-row.ts';
import { REALISED_MISSES } from '../datasets/modelled/chain-parameters.ts';
import type { ChainPlace, IndexDay, ModelledChain } from '../datasets/modelled/modelled-chain.ts';
import type { DayLevel } from '../datasets/modelled/volatility-level.ts';
import type { DayCandles } from '../engine/model/candle-frame.ts';
import { UNKNOWN } from '../engine/model/candle-frame.ts';
import type { Instrument, Underlying } from '../engine/model/instrument.ts';
import { UNDERLYINGS } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import type { CandleArchive, DayRequest } from './candle-archive.ts';
import type { Coverage, DayContents } from './candle-archive-types.ts';
import { finestWhole, missingFrom } from './candle-archive-types.ts';
import type { CandleSource, DaysAsked } from './candle-source.ts';
import { StoreProblem } from './candle-store.ts';
import type { DailyValue } from './daily-values.ts';
import { DayBuffers } from './day-buffers.ts';
import type { IndexOf } from './modelled-index.ts';
import { keyOf, ModelledIndex } from './modelled-index.ts';
import { CacheDamaged } from './run-cache.ts';

/** Fewer sessions than this before a day, and the run says that its level leans on the long run. */
const FEW_SESSIONS = 20;

/** Days named in a sentence before the rest is counted. */
const NAMED_MAX = 8;

/**
 * A store whose indices are real and whose options are computed: each day holds the index candles and a chain priced on them. Real
 * options in the store are never mixed in. Columns are reused, so a day stands until the next one is read.
 */
export class ModelledArchive implements CandleSource {
  readonly kind = 'modelled';
  readonly #archive: CandleArchive;
  readonly #chain: ModelledChain;
  readonly #index: ModelledIndex;
  readonly #buffers = new DayBuffers();
  /** `1m NIFTY 2023-04-10`: candles are there, but none of the index. */
  readonly #bare = new Set<string>();

  /** The archive holds the index candles; its options, if any, are left where they are. */
  constructor(parts: { readonly archive: CandleArchive; readonly chain: ModelledChain }) {
    this.#archive = parts.archive;
    this.#chain = parts.chain;
    this.#index = new ModelledIndex(parts);
  }

  /** Finds the days whose index is not there, before anyone asks what is covered. */
  async look(asked: Omit<DaysAsked, 'intervalMs'> & { readonly intervalMs: number | undefined }): Promise<void> {
    for (const underlying of asked.underlyings) {
      for (const { intervalMs, present } of this.#archive.coverage({ underlying, days: asked.days })) {
        if (asked.intervalMs !== undefined && asked.intervalMs !== intervalMs) continue;
        await this.#archive.prepare({ intervalMs, underlyings: [underlying], days: present });
        for (const day of present) this.#judge({ day, intervalMs, underlying });
      }
    }
  }

  coverage(asked: { readonly underlying: Underlying; readonly days: readonly Day[] }): Coverage[] {
    return this.#archive.coverage(asked).map(({ intervalMs, present }) => {
      const there = new Set(
        present.filter((day) => !this.#bare.has(keyOf({ day, intervalMs, underlying: asked.underlying }))),
      );
      return {
        intervalMs,
        present: asked.days.filter((day) => there.has(day)),
        missing: asked.days.filter((day) => !there.has(day)),
      };
    });
  }

  finestInterval(asked: {
    readonly underlyings: readonly Underlying[];
    readonly days: readonly Day[];
  }): number | undefined {
    return finestWhole(asked.underlyings.map((underlying) => this.coverage({ underlying, days: asked.days })));
  }

  missingDays(asked: { readonly underlying: Underlying; readonly days: readonly Day[] }): Day[] {
    return missingFrom(this.coverage(asked), asked.days);
  }

  /** Makes the caches of the days and of the sessions that their volatility is taken from. */
  async prepare(asked: DaysAsked): Promise<void> {
    await this.#archive.prepare(asked);
    for (const underlying of asked.underlyings) {
      const { intervalMs } = asked;
      for (const day of asked.days) this.#judge({ day, intervalMs, underlying });
      const bare = asked.days.filter((day) => this.#bare.has(keyOf({ day, intervalMs, underlying })));
      if (bare.length > 0) throw new StoreProblem(bareSentence(underlying, intervalMs, bare));
    }
    await this.#index.prepare(asked);
  }

  contents(of: IndexOf): DayContents {
    const index = this.#index.on(of);
    const stored = this.#archive.contents(of);
    if (index === undefined) return { index: false, futures: [], expiries: [], instruments: [], contentHash: '' };
    const { underlying, day } = of;
    const chain = this.#chain;
    // Each run asks each day whether its index is there; all strikes and the hash are for those who want them.
    return {
      index: true,
      futures: [],
      expiries: chain.expiries(day, underlying),
      get instruments() {
        return [{ kind: 'index' as const, underlying }, ...chain.listing(index, { expiries: 'all' })];
      },
      get contentHash() {
        const recipe = `${chain.recipe} ${JSON.stringify(index.level)} ${index.closeBefore}`;
        return createHash('sha256').update(`${stored.contentHash} ${recipe}`).digest('hex');
      },
    };
  }

  async loadDay(request: DayRequest): Promise<DayCandles> {
    const underlyings = request.wanted.map(({ underlying }) => underlying);
    await this.#index.prepare({ intervalMs: request.intervalMs, underlyings, days: [request.day] });
    try {
      return this.readDay(request);
    } catch (error) {
      if (!(error instanceof CacheDamaged)) throw error;
      await this.#archive.loadDay(request);
      return this.readDay(request);
    }
  }

  readDay({ day, intervalMs, wanted }: DayRequest): DayCandles {
    const inOrder = [...wanted].sort((a, b) => UNDERLYINGS.indexOf(a.underlying) - UNDERLYINGS.indexOf(b.underlying));
    const parts = inOrder.flatMap((one) => {
      const index = this.#index.on({ day, intervalMs, underlying: one.underlying });
      if (index === undefined) return [];
      const options = this.#chain.listing(index, one);
      const own: Instrument[] = one.index === 'include' ? [{ kind: 'index', underlying: one.underlying }] : [];
      return [{ index, options, own }];
    });
    const starts = unionOf(parts.map(({ index }) => index.index.starts));
    const instruments = parts.flatMap(({ own, options }) => [...own, ...options]);
    const columns = this.#buffers.columns(starts.length * instruments.length);
    columns.volume.fill(UNKNOWN);
    columns.oi.fill(UNKNOWN);
    let slot = 0;
    for (const { index, options, own } of parts) {
      const to = { columns, slots: instruments.length, slot, rows: rowsOf(index.index.starts, starts) };
      if (own.length > 0) writeIndex(index, to);
      this.#chain.write(index, options, { ...to, slot: slot + own.length });
      slot += own.length + options.length;
    }
    return { day, intervalMs, instruments, starts, columns };
  }

  dataHash(of: DaysAsked): string {
    const hash = createHash('sha256');
    for (const day of of.days) {
      for (const underlying of of.underlyings) {
        const { contentHash } = this.contents({ day, underlying, intervalMs: of.intervalMs });
        hash.update(`${day} ${underlying} ${intervalText(of.intervalMs)} modelled ${contentHash}\n`);
      }
    }
    return hash.digest('hex');
  }

  /** The level that the last prices of expiring contracts lead up to. */
  estimatedClose(of: IndexOf): number | undefined {
    const index = this.#index.on(of);
    return index === undefined ? undefined : this.#chain.settlementLevel(index);
  }

  async dailyValues(of: Parameters<CandleSource['dailyValues']>[0]): Promise<readonly DailyValue[]> {
    return await this.#archive.dailyValues(of);
  }

  /** What a run must say of its prices: where each level came from, how good it is, and what was left aside. */
  remarks({ days, underlyings, intervalMs }: DaysAsked): string[] {
    let isRealised = false;
    const said = underlyings.flatMap((underlying) => {
      const levels = days.map((day) => this.#index.levelOn({ day, intervalMs, underlying }));
      const options = days.filter((day) => this.#archive.contents({ day, intervalMs, underlying }).expiries.length > 0);
      const unmoved = days.filter((day) => this.#index.closeBefore({ day, intervalMs, underlying }) === undefined);
      isRealised ||= levels.some(({ from }) => from === 'realised');
      return [
        levelSentence(underlying, levels, this.#chain.parameters.home),
        ...(unmoved.length === 0 ? [] : [unmovedSentence(underlying, unmoved)]),
        ...(options.length === 0 ? [] : [unusedSentence(underlying, options)]),
      ];
    });
    return isRealised ? [...said, MISSES_SENTENCE] : said;
  }

  close(): void {
    this.#archive.close();
  }

  /** Notes whether the index of a prepared day is there. */
  #judge(of: IndexOf): void {
    const { instruments, index } = this.#archive.contents(of);
    if (instruments.length > 0 && !index) this.#bare.add(keyOf(of));
  }
}

function levelSentence(underlying: Underlying, levels: readonly DayLevel[], longRun: number): string {
  const realised = levels.filter(({ from }) => from === 'realised');
  const early = realised.filter(({ sessions }) => sessions < FEW_SESSIONS);
  const vix = levels.length - realised.length;
  const parts = [
    ...(vix > 0 ? [`India VIX of the session before on ${counted(vix, 'day')}`] : []),
    ...(realised.length > 0 ? [`trailing realised volatility of the index on ${counted(realised.length, 'day')}`] : []),
  ];
  const home = `${Math.round(longRun * 1_000) / 10} %`;
  const lean =
    early.length === 0
      ? ''
      : `; on ${counted(early.length, 'day')} fewer than ${FEW_SESSIONS} sessions lay before, so the level leans on a long-run India VIX of ${home}`;
  return `MODELLED option prices of ${underlying}: volatility from ${parts.join(' and from ')}${lean}`;
}

const MISSES_SENTENCE = missesSentence(REALISED_MISSES);

function missesSentence({ level, premium, gained, calm }: typeof REALISED_MISSES): string {
  return `MODELLED levels from realised volatility are rough: against those from India VIX on NIFTY 2019 to 2021 half lay within ${level.half} % and nine in ten within ${level.most} %, premiums at the money within ${premium.half} % and ${premium.most} %, and by the span of years a straddle bought each morning gained ${gained.least} to +${gained.most} % of its premium by the model alone; on calm days of 2023 and 2025 premiums at the money were ${calm.least} to ${calm.most} % too dear; a result of that size may be the model's own. Import daily closes of India VIX: sim data import PATH`;
}

function unmovedSentence(underlying: Underlying, days: readonly Day[]): string {
  return `MODELLED volatility of ${underlying} does not move with the index on ${counted(days.length, 'day')} whose close before is not in the store: ${named(days)}`;
}

function unusedSentence(underlying: Underlying, days: readonly Day[]): string {
  return `the store's own options of ${underlying} on ${counted(days.length, 'day')} are not used: the modelled chain replaces them wholly`;
}

function named(days: readonly Day[]): string {
  const more = days.length > NAMED_MAX ? ` and ${days.length - NAMED_MAX} more` : '';
  return `${days.slice(0, NAMED_MAX).join(', ')}${more}`;
}

function bareSentence(underlying: Underlying, intervalMs: number, days: readonly Day[]): string {
  return `a modelled chain needs index candles, and the store has none of ${underlying} at ${intervalText(intervalMs)} on ${named(days)}; add them with: sim data import PATH`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** All starts of the parts, rising. */
function unionOf(grids: readonly ArrayLike<number>[]): Float64Array {
  return Float64Array.from(new Set(grids.flatMap((grid) => Array.from(grid)))).sort();
}

/** Which row of the day each of some starts is. */
function rowsOf(own: ArrayLike<number>, all: Float64Array): Int32Array {
  const rowOf = new Map(Array.from(all, (start, row) => [start, row]));
  return Int32Array.from(own, (start) => rowOf.get(start) ?? 0);
}

function writeIndex({ index }: IndexDay, { columns, slots, slot, rows }: ChainPlace): void {
  for (let candle = 0; candle < rows.length; candle += 1) {
    if (index.valid[candle] !== 1) continue;
    const cell = (rows[candle] as number) * slots + slot;
    columns.open[cell] = index.open[candle] as number;
    columns.high[cell] = index.high[candle] as number;
    columns.low[cell] = index.low[candle] as number;
    columns.close[cell] = index.close[candle] as number;
    columns.valid[cell] = 1;
  }
}
