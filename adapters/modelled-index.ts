import type { DailyName } from '../datasets/import/symbol-styles.ts';
import type { IndexDay, ModelledChain } from '../datasets/modelled/modelled-chain.ts';
import type { DayLevel, IndexColumns, SessionMove } from '../datasets/modelled/volatility-level.ts';
import { sessionMove } from '../datasets/modelled/volatility-level.ts';
import type { Underlying } from '../engine/model/instrument.ts';
import type { Day } from '../engine/model/time.ts';
import type { CandleArchive } from './candle-archive.ts';
import type { DaysAsked } from './candle-source.ts';

/** One day of one underlying at one interval. */
export interface IndexOf {
  readonly day: Day;
  readonly intervalMs: number;
  readonly underlying: Underlying;
}

/** Sessions whose moves are kept: more than a level looks back on, and no more as the years go by. */
const MOVES_KEPT = 1_000;

/** Sessions that may be missing before a day, and it still moves from the close before them. */
const GAP_MAX = 4;

/** The index candles of a store, day by day, each with the level that was known before its open. */
export class ModelledIndex {
  readonly #archive: CandleArchive;
  readonly #chain: ModelledChain;
  readonly #moves = new Map<string, SessionMove | undefined>();
  /** The latest day of each underlying: a day is asked for several times in a row. */
  readonly #latest = new Map<Underlying, { readonly of: IndexOf; readonly found: IndexDay | undefined }>();
  readonly #closes = new Map<DailyName, ReadonlyMap<Day, number>>();
  readonly #levels = new Map<string, DayLevel>();
  readonly #prepared = new Set<string>();
  /** Those of the prepared days that have candles: a store is not looked through again for each of them. */
  readonly #stored = new Set<string>();

  constructor(parts: { readonly archive: CandleArchive; readonly chain: ModelledChain }) {
    this.#archive = parts.archive;
    this.#chain = parts.chain;
  }

  /** Makes what the store's cache lacks of the days and of the sessions before them, and reads the daily values. */
  async prepare({ intervalMs, underlyings, days }: DaysAsked): Promise<void> {
    for (const name of ['INDIA VIX', ...underlyings] as const) {
      if (this.#closes.has(name)) continue;
      const values = await this.#archive.dailyValues({ name });
      this.#closes.set(name, new Map(values.map(({ day, close }) => [day, close])));
    }
    for (const underlying of underlyings) {
      const isNew = days.some((day) => !this.#prepared.has(keyOf({ day, intervalMs, underlying })));
      if (!isNew) continue;
      const [first, last] = [days[0], days.at(-1)] as [Day, Day];
      const back = this.#chain.lookedBackOn(first, underlying);
      // The oldest session's night begins on its eve.
      const eve = this.#chain.before(back.at(-1) ?? first, underlying);
      const all = [
        ...(eve === undefined ? [] : [eve]),
        ...back.toReversed(),
        ...this.#chain.sessions(first, last, underlying),
      ];
      const stored = this.#archive.coverage({ underlying, days: all }).find((of) => of.intervalMs === intervalMs);
      const present = stored?.present ?? [];
      await this.#archive.prepare({ intervalMs, underlyings: [underlying], days: present });
      for (const day of all) this.#prepared.add(keyOf({ day, intervalMs, underlying }));
      for (const day of present) this.#stored.add(keyOf({ day, intervalMs, underlying }));
    }
  }

  /** A prepared day; undefined without index candles. */
  on(of: IndexOf): IndexDay | undefined {
    const latest = this.#latest.get(of.underlying);
    if (latest !== undefined && keyOf(latest.of) === keyOf(of)) return latest.found;
    const found = this.#read(of);
    this.#latest.set(of.underlying, { of, found });
    return found;
  }

  /** The level that was known before a day's open. */
  levelOn(of: IndexOf): DayLevel {
    const known = this.#levels.get(keyOf(of));
    if (known !== undefined) return known;
    const level = this.#levelOf(of);
    this.#levels.set(keyOf(of), level);
    return level;
  }

  #levelOf(of: IndexOf): DayLevel {
    const before = this.#chain.before(of.day, of.underlying);
    const vixBefore = before === undefined ? undefined : this.#closes.get('INDIA VIX')?.get(before);
    const sessions = vixBefore === undefined ? this.#movesBefore(of) : [];
    return this.#chain.level({ underlying: of.underlying, vixBefore, sessions });
  }

  #read(of: IndexOf): IndexDay | undefined {
    const level = this.levelOn(of);
    const closeBefore = this.closeBefore(of);
    const index = this.#columns(of);
    return index === undefined ? undefined : this.#chain.indexDay({ ...of, index, level, closeBefore });
  }

  /**
   * The last close that a day's level speaks of: the official one of the session before, special ones among them, else the last candle of
   * it. Where neither is there, a level from realised volatility speaks of the latest session that is; one from India VIX does not, and
   * the close stays unknown.
   */
  closeBefore(of: IndexOf): number | undefined {
    const known = this.#chain.lookedBackOn(of.day, of.underlying).slice(0, GAP_MAX);
    const [before] = known;
    if (before === undefined) return undefined;
    const within = this.levelOn(of).from === 'realised' ? known : [before];
    for (const day of within) {
      const close = this.#closes.get(of.underlying)?.get(day) ?? this.#moveOf({ ...of, day })?.close;
      if (close !== undefined) return close;
    }
    return undefined;
  }

  /** Moves of the sessions before a day that the store holds, newest first. */
  #movesBefore(of: IndexOf): readonly SessionMove[] {
    return this.#chain.lookedBackOn(of.day, of.underlying).flatMap((day) => this.#moveOf({ ...of, day }) ?? []);
  }

  #moveOf(of: IndexOf): SessionMove | undefined {
    const key = keyOf(of);
    if (this.#moves.has(key)) return this.#moves.get(key);
    const columns = this.#stored.has(keyOf(of)) ? this.#columns(of) : undefined;
    const before = this.#chain.before(of.day, of.underlying);
    const closeBefore = before === undefined ? undefined : this.#lastClose({ ...of, day: before });
    const move = columns === undefined ? undefined : sessionMove(columns, { ...of, closeBefore });
    this.#moves.set(key, move);
    for (const old of this.#moves.keys()) {
      if (this.#moves.size <= MOVES_KEPT) break;
      this.#moves.delete(old);
    }
    return move;
  }

  #lastClose(of: IndexOf): number | undefined {
    const known = this.#moves.get(keyOf(of));
    if (known !== undefined) return known.close;
    const columns = this.#stored.has(keyOf(of)) ? this.#columns(of) : undefined;
    return columns === undefined ? undefined : columns.close[columns.valid.lastIndexOf(1)];
  }

  /** The index alone, out of the buffers that the next read takes. */
  #columns({ day, intervalMs, underlying }: IndexOf): OwnColumns | undefined {
    const wanted = [{ underlying, index: 'include', futures: [], expiries: [] }] as const;
    const { starts, columns, instruments } = this.#archive.readDay({ day, intervalMs, wanted });
    if (instruments.length === 0) return undefined;
    const { open, high, low, close, valid } = columns;
    return {
      starts,
      open: open.slice(),
      high: high.slice(),
      low: low.slice(),
      close: close.slice(),
      valid: valid.slice(),
    };
  }
}

interface OwnColumns extends IndexColumns {
  readonly open: Int32Array;
  readonly close: Int32Array;
  readonly valid: Uint8Array;
}

/** One text for a day of an underlying at an interval. */
export function keyOf({ day, intervalMs, underlying }: IndexOf): string {
  return `${intervalMs} ${underlying} ${day}`;
}
