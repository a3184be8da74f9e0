import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionTable } from '../datasets/candle-row.ts';
import { candleStarts, intervalText } from '../datasets/candle-row.ts';
import type { DailyName } from '../datasets/import/symbol-styles.ts';
import { unreachable } from '../engine/assert.ts';
import type { DayCandles } from '../engine/model/candle-frame.ts';
import type { Instrument, Underlying } from '../engine/model/instrument.ts';
import { instrumentOfKey, UNDERLYINGS } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import type { Coverage, DayContents, Wanted } from './candle-archive-types.ts';
import { CandleStore, StoreProblem } from './candle-store.ts';
import type { DailyValue } from './daily-values.ts';
import { readDailyValues } from './daily-values.ts';
import { DayBuffers } from './day-buffers.ts';
import { Duck } from './duckdb.ts';
import { CacheDamaged, CacheFile } from './run-cache.ts';
import { buildCaches, cachePath } from './run-cache-build.ts';

export interface ArchiveParts {
  /** The folder of the store. */
  readonly store: string;
  readonly sessions: SessionTable;
  /** Sentences for the person, such as a cache that had to be made again. */
  readonly notice?: (sentence: string) => void;
  readonly threads?: number;
}

/** One day's candles of one interval, asked for several underlyings at once. */
export interface DayRequest {
  readonly day: Day;
  readonly intervalMs: number;
  readonly wanted: readonly Wanted[];
}

/**
 * Candles of a store, a day at a time. What is read comes from the run cache, which DuckDB makes on first use; buffers are reused, so
 * a day stands until the next one is read.
 */
export class CandleArchive {
  readonly #store: CandleStore;
  readonly #sessions: SessionTable;
  readonly #notice: (sentence: string) => void;
  readonly #threads: number;
  readonly #buffers = new DayBuffers();
  readonly #interned = new Map<string, Instrument>();
  #cacheFolder: string | undefined;
  #temporary: string | undefined;

  constructor(parts: ArchiveParts) {
    this.#store = new CandleStore(parts.store);
    this.#sessions = parts.sessions;
    this.#notice = parts.notice ?? (() => undefined);
    this.#threads = parts.threads ?? 2;
    if (!this.#store.exists) {
      throw new StoreProblem(
        `the store ${parts.store} does not exist; make it with: sim data import PATH --store ${parts.store}`,
      );
    }
    if (this.#store.intervals().length === 0) {
      throw new StoreProblem(
        `the store ${parts.store} holds no candles; fill it with: sim data import PATH --store ${parts.store}`,
      );
    }
  }

  get kind(): 'real' | 'synthetic' {
    return this.#store.kind ?? 'real';
  }

  /** Which of the asked days have candles of an underlying, for each interval in the store, finest first. */
  coverage(asked: { readonly underlying: Underlying; readonly days: readonly Day[] }): Coverage[] {
    return this.#store.intervals().map((intervalMs) => {
      const there = new Set(this.#store.days({ intervalMs, underlying: asked.underlying }));
      return {
        intervalMs,
        present: asked.days.filter((day) => there.has(day)),
        missing: asked.days.filter((day) => !there.has(day)),
      };
    });
  }

  /** The finest interval that has every asked day of every underlying; intervals are never mixed in a run. */
  finestInterval(asked: {
    readonly underlyings: readonly Underlying[];
    readonly days: readonly Day[];
  }): number | undefined {
    const perUnderlying = asked.underlyings.map((underlying) => this.coverage({ underlying, days: asked.days }));
    return this.#store.intervals().find((intervalMs) => {
      return perUnderlying.every((list) => list.find((of) => of.intervalMs === intervalMs)?.missing.length === 0);
    });
  }

  /** Days of an underlying that no interval has. */
  missingDays(asked: { readonly underlying: Underlying; readonly days: readonly Day[] }): Day[] {
    const present = new Set(this.coverage(asked).flatMap((of) => of.present));
    return asked.days.filter((day) => !present.has(day));
  }

  /** Makes what the cache lacks of some days; nothing is loaded when all is warm. */
  async prepare(asked: {
    readonly intervalMs: number;
    readonly underlyings: readonly Underlying[];
    readonly days: readonly Day[];
  }): Promise<void> {
    const cold = asked.underlyings.map((underlying) => ({
      underlying,
      days: asked.days.filter((day) => this.#isCold({ day, underlying, intervalMs: asked.intervalMs })),
    }));
    if (cold.every(({ days }) => days.length === 0)) return;
    const duck = await Duck.open({ threads: this.#threads });
    try {
      for (const { underlying, days } of cold) {
        const folder = this.#folder();
        await buildCaches(
          { duck, store: this.#store, sessions: this.#sessions, folder, intervalMs: asked.intervalMs, underlying },
          days,
        );
      }
    } finally {
      duck.close();
    }
  }

  /** What a prepared day holds of an underlying: its instruments and the hash of its candles. */
  contents(of: { readonly day: Day; readonly intervalMs: number; readonly underlying: Underlying }): DayContents {
    const file = this.#openCache(of);
    if (file === undefined) return { index: false, futures: [], expiries: [], instruments: [], contentHash: '' };
    file.close();
    const instruments = file.header.instruments.map((key) => this.#intern(key));
    const futures = instruments.filter((one) => one.kind === 'future').map((one) => one.expiry);
    const expiries = instruments.filter((one) => one.kind === 'option').map((one) => one.expiry);
    return {
      index: instruments.some((one) => one.kind === 'index'),
      futures,
      expiries: [...new Set(expiries)],
      instruments,
      contentHash: file.header.contentHash,
    };
  }

  /** Reads a day, making its cache first where it is missing, stale or damaged. */
  async loadDay(request: DayRequest): Promise<DayCandles> {
    const of = { ...request, underlyings: request.wanted.map(({ underlying }) => underlying), days: [request.day] };
    await this.prepare(of);
    try {
      return this.readDay(request);
    } catch (error) {
      if (!(error instanceof CacheDamaged)) throw error;
      this.#notice(`${error.message}; the cache of ${request.day} is made again`);
      for (const underlying of of.underlyings) rmSync(this.#path({ ...request, underlying }), { force: true });
      await this.prepare(of);
      return this.readDay(request);
    }
  }

  /** Reads a prepared day at once. An underlying without candles on that day gets no slots. */
  readDay({ day, intervalMs, wanted }: DayRequest): DayCandles {
    const inOrder = [...wanted].sort((a, b) => UNDERLYINGS.indexOf(a.underlying) - UNDERLYINGS.indexOf(b.underlying));
    const grids = inOrder.map(({ underlying }) => candleStarts(this.#sessions.windowsOn(day, underlying), intervalMs));
    const starts = unionOf(grids);
    const files = inOrder.map((one) => ({
      one,
      file: this.#openCache({ day, intervalMs, underlying: one.underlying }),
    }));
    try {
      const chosen = files.map(({ one, file }) => ({ file, picks: this.#pick(file, one) }));
      const instruments = chosen.flatMap(({ picks }) => picks.map(({ instrument }) => instrument));
      const columns = this.#buffers.columns(starts.length * instruments.length);
      let slot = 0;
      for (const [index, { file, picks }] of chosen.entries()) {
        if (file === undefined) continue;
        const rows = (grids[index] ?? []).map((start) => starts.indexOf(start));
        const blocks = picks.map(({ block }) => block);
        this.#buffers.scatter({ file, picks: blocks, columns, rows, slot, slots: instruments.length });
        slot += picks.length;
      }
      return { day, intervalMs, instruments, starts: Float64Array.from(starts), columns };
    } finally {
      for (const { file } of files) file?.close();
    }
  }

  /** One hash over the candles of prepared days: the same whatever the cache, threads or order of import were. */
  dataHash(of: {
    readonly intervalMs: number;
    readonly underlyings: readonly Underlying[];
    readonly days: readonly Day[];
  }): string {
    const hash = createHash('sha256');
    for (const day of of.days) {
      for (const underlying of of.underlyings) {
        const { contentHash } = this.contents({ day, underlying, intervalMs: of.intervalMs });
        hash.update(`${day} ${underlying} ${intervalText(of.intervalMs)} ${contentHash}\n`);
      }
    }
    return hash.digest('hex');
  }

  /** Official daily values of an index or of INDIA VIX, rising by day. */
  async dailyValues(of: { readonly name: DailyName }): Promise<readonly DailyValue[]> {
    return await readDailyValues({
      store: this.#store,
      name: of.name,
      folder: () => this.#folder(),
      threads: this.#threads,
    });
  }

  /** Removes what stood in for the cache of a store that cannot be written. */
  close(): void {
    if (this.#temporary !== undefined) rmSync(this.#temporary, { recursive: true, force: true });
    this.#temporary = undefined;
    this.#cacheFolder = undefined;
  }

  #isCold(of: { day: Day; intervalMs: number; underlying: Underlying }): boolean {
    if (!existsSync(this.#store.partitionFolder(of))) return false;
    try {
      const file = CacheFile.open(this.#path(of));
      if (file === undefined) return true;
      file.close();
      const windows = this.#sessions.windowsOn(of.day, of.underlying).flatMap(({ open, close }) => [open, close]);
      const { header } = file;
      return header.sources !== this.#store.signature(of) || header.windows.join() !== windows.join();
    } catch (error) {
      if (!(error instanceof CacheDamaged)) throw error;
      this.#notice(`${error.message}; the cache of ${of.day} is made again`);
      return true;
    }
  }

  #openCache(of: { day: Day; intervalMs: number; underlying: Underlying }): CacheFile | undefined {
    const file = CacheFile.open(this.#path(of));
    if (file === undefined && existsSync(this.#store.partitionFolder(of))) {
      throw new CacheDamaged(`${of.day} of ${of.underlying} was not prepared`);
    }
    return file;
  }

  #pick(file: CacheFile | undefined, wanted: Wanted): { block: number; instrument: Instrument }[] {
    if (file === undefined) return [];
    const all = file.header.instruments.map((key, block) => ({ block, instrument: this.#intern(key) }));
    return all.filter(({ instrument }) => isWanted(instrument, wanted));
  }

  #intern(key: string): Instrument {
    const known = this.#interned.get(key);
    if (known !== undefined) return known;
    const fresh = instrumentOfKey(key);
    this.#interned.set(key, fresh);
    return fresh;
  }

  #path(of: { day: Day; intervalMs: number; underlying: Underlying }): string {
    return cachePath(this.#folder(), of);
  }

  /** `<store>/cache`, or a folder of the machine for the life of this archive when the store cannot be written. */
  #folder(): string {
    this.#cacheFolder ??= this.#writableFolder();
    return this.#cacheFolder;
  }

  #writableFolder(): string {
    const folder = join(this.#store.root, 'cache');
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
      return folder;
    } catch {
      this.#temporary = mkdtempSync(join(tmpdir(), 'sim-cache-'));
      this.#notice(`${this.#store.root} cannot be written, so its run cache is made for this run only`);
      return this.#temporary;
    }
  }
}

/** All starts of several grids, rising; exchanges share one but for rare special sessions. */
function unionOf(grids: readonly (readonly number[])[]): readonly number[] {
  const [first = [], ...others] = grids;
  if (others.every((grid) => grid.join() === first.join())) return first;
  return [...new Set(grids.flat())].sort((a, b) => a - b);
}

function isWanted(instrument: Instrument, wanted: Wanted): boolean {
  switch (instrument.kind) {
    case 'index':
      return wanted.index === 'include';
    case 'future':
      return wanted.futures === 'all' || wanted.futures.includes(instrument.expiry);
    case 'option': {
      if (wanted.expiries !== 'all' && !wanted.expiries.includes(instrument.expiry)) return false;
      const { strikes } = wanted;
      return strikes === undefined || (instrument.strike >= strikes.min && instrument.strike <= strikes.max);
    }
    default:
      return unreachable(instrument);
  }
}
