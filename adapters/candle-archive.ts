import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionTable, SessionWindow } from '../datasets/candle-row.ts';
import { intervalText } from '../datasets/candle-row.ts';
import type { DailyName } from '../datasets/import/symbol-styles.ts';
import type { CandleColumns, DayCandles } from '../engine/model/candle-frame.ts';
import type { Instrument, Underlying } from '../engine/model/instrument.ts';
import { instrumentOfKey, UNDERLYINGS } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import type { CachedDay, Chosen } from './cached-day.ts';
import { cachedDay, chosenOf } from './cached-day.ts';
import type { Coverage, DayContents, Wanted } from './candle-archive-types.ts';
import { finestWhole, missingFrom } from './candle-archive-types.ts';
import { CandleStore, StoreProblem } from './candle-store.ts';
import type { DailyValue } from './daily-values.ts';
import { readDailyValues } from './daily-values.ts';
import { DayBuffers, spread } from './day-buffers.ts';
import { Duck } from './duckdb.ts';
import type { FoundHeader } from './run-cache.ts';
import { CacheDamaged, columnsIn, readCacheHeader, readGroup } from './run-cache.ts';
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

interface DayOf {
  readonly day: Day;
  readonly intervalMs: number;
  readonly underlying: Underlying;
}

interface DaysOf {
  readonly intervalMs: number;
  readonly underlyings: readonly Underlying[];
  readonly days: readonly Day[];
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
  /** Caches by path as they were found, and the paths that were prepared by name. */
  readonly #days = new Map<string, CachedDay>();
  readonly #prepared = new Set<string>();
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
    return finestWhole(asked.underlyings.map((underlying) => this.coverage({ underlying, days: asked.days })));
  }

  /** Days of an underlying that no interval has. */
  missingDays(asked: { readonly underlying: Underlying; readonly days: readonly Day[] }): Day[] {
    return missingFrom(this.coverage(asked), asked.days);
  }

  /** Makes what the cache lacks of some days; nothing is loaded when all is warm. */
  async prepare(asked: DaysOf): Promise<void> {
    await this.#make(asked);
    for (const underlying of asked.underlyings)
      for (const day of asked.days) this.#prepared.add(this.#path({ ...asked, underlying, day }));
  }

  async #make(asked: DaysOf): Promise<void> {
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
  contents(of: DayOf): DayContents {
    return this.#found(of) ?? NOTHING;
  }

  /** Reads a day, making its cache first where it is missing, stale or damaged; a day that was prepared by name stands as it was. */
  async loadDay(request: DayRequest): Promise<DayCandles> {
    const of = { ...request, underlyings: request.wanted.map(({ underlying }) => underlying), days: [request.day] };
    const paths = of.underlyings.map((underlying) => this.#path({ ...request, underlying }));
    if (!paths.every((path) => this.#prepared.has(path))) await this.#make(of);
    try {
      return this.readDay(request);
    } catch (error) {
      if (!(error instanceof CacheDamaged)) throw error;
      this.#notice(`${error.message}; the cache of ${request.day} is made again`);
      for (const path of paths) {
        rmSync(path, { force: true });
        this.#days.delete(path);
      }
      await this.#make(of);
      return this.readDay(request);
    }
  }

  /** Reads a prepared day at once. An underlying without candles on that day gets no slots. */
  readDay({ day, intervalMs, wanted }: DayRequest): DayCandles {
    const inOrder = [...wanted].sort((a, b) => UNDERLYINGS.indexOf(a.underlying) - UNDERLYINGS.indexOf(b.underlying));
    const grids = inOrder.map(({ underlying }) => startsOf(this.#sessions.windowsOn(day, underlying), intervalMs));
    const starts = unionOf(grids);
    const parts = inOrder.flatMap((one, index) => {
      const found = this.#found({ day, intervalMs, underlying: one.underlying });
      if (found === undefined) return [];
      return [{ found, chosen: chosenOf(found, one), grid: grids[index] ?? starts }];
    });
    const instruments = parts.flatMap(({ chosen }) => chosen.instruments);
    const [first] = parts;
    const whole = parts.length === 1 && first?.grid.length === starts.length ? first.chosen.whole : undefined;
    const columns =
      first !== undefined && whole !== undefined
        ? this.#buffers.filled(starts.length * instruments.length, (into) =>
            readGroup(first.found.path, first.found.blocks, whole, into),
          )
        : this.#spread(parts, starts, instruments.length);
    return { day, intervalMs, instruments, starts, columns };
  }

  /** One hash over the candles of prepared days: the same whatever the cache, threads or order of import were. */
  dataHash(of: DaysOf): string {
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

  /** Several groups or parts of them, each instrument to its slot. */
  #spread(parts: readonly DayPart[], starts: Float64Array, slots: number): CandleColumns {
    const columns = this.#buffers.columns(starts.length * slots);
    let slot = 0;
    for (const { found, chosen, grid } of parts) {
      const rows = rowsOf(grid, starts);
      for (const { group, width, runs } of chosen.pieces) {
        const block = this.#buffers.scratch(grid.length * width);
        readGroup(found.path, found.blocks, group, block);
        const moved = runs.map((run) => ({ ...run, to: run.to + slot }));
        spread(columnsIn(block, grid.length * width), { width, columns, rows, slots, runs: moved });
      }
      slot += chosen.instruments.length;
    }
    return columns;
  }

  #isCold(of: DayOf): boolean {
    if (!existsSync(this.#store.partitionFolder(of))) return false;
    const path = this.#path(of);
    this.#days.delete(path);
    try {
      const header = readCacheHeader(path);
      if (header === undefined) return true;
      const windows = this.#sessions.windowsOn(of.day, of.underlying).flatMap(({ open, close }) => [open, close]);
      if (header.sources !== this.#store.signature(of) || header.windows.join() !== windows.join()) return true;
      this.#days.set(path, this.#cachedDay(path, header));
      return false;
    } catch (error) {
      if (!(error instanceof CacheDamaged)) throw error;
      this.#notice(`${error.message}; the cache of ${of.day} is made again`);
      return true;
    }
  }

  /** A day's cache, its header read once. */
  #found(of: DayOf): CachedDay | undefined {
    const path = this.#path(of);
    const known = this.#days.get(path);
    if (known !== undefined) return known;
    const header = readCacheHeader(path);
    if (header === undefined) {
      if (existsSync(this.#store.partitionFolder(of)))
        throw new CacheDamaged(`${of.day} of ${of.underlying} was not prepared`);
      return undefined;
    }
    const fresh = this.#cachedDay(path, header);
    this.#days.set(path, fresh);
    return fresh;
  }

  #cachedDay(path: string, header: FoundHeader): CachedDay {
    return cachedDay(path, header, (key) => this.#intern(key));
  }

  #intern(key: string): Instrument {
    const known = this.#interned.get(key);
    if (known !== undefined) return known;
    const fresh = instrumentOfKey(key);
    this.#interned.set(key, fresh);
    return fresh;
  }

  #path(of: DayOf): string {
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

/** A part of a day: what of one underlying is read onto which starts. */
interface DayPart {
  readonly found: CachedDay;
  readonly chosen: Chosen;
  readonly grid: Float64Array;
}

const NOTHING: DayContents = { index: false, futures: [], expiries: [], instruments: [], contentHash: '' };

/** The starts of a day's candles as `candleStarts` gives them, in a column. */
function startsOf(windows: readonly SessionWindow[], intervalMs: number): Float64Array {
  let count = 0;
  for (const { open, close } of windows) count += Math.ceil((close - open) / intervalMs);
  const starts = new Float64Array(count);
  let at = 0;
  for (const { open, close } of windows) {
    for (let start: number = open; start < close; start += intervalMs) {
      starts[at] = start;
      at += 1;
    }
  }
  return starts;
}

/** All starts of several grids, rising; exchanges share one but for rare special sessions. */
function unionOf([first = new Float64Array(0), ...others]: readonly Float64Array[]): Float64Array {
  if (others.every((grid) => grid.length === first.length && grid.every((start, at) => start === first[at])))
    return first;
  return Float64Array.from(new Set([first, ...others].flatMap((grid) => [...grid]))).sort();
}

/** Which of the starts each candle of a grid has; the starts hold the whole grid. */
function rowsOf(grid: Float64Array, starts: Float64Array): Int32Array {
  const rows = new Int32Array(grid.length);
  let at = 0;
  for (const [row, start] of grid.entries()) {
    while (starts[at] !== start) at += 1;
    rows[row] = at;
  }
  return rows;
}
