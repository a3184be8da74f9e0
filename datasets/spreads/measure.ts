/**
 * Half-spreads of recorded quotes by cell.
 *
 * A quote counts for as long as it stood, until the contract's next quote or the session's end, a minute at most: a chain page every
 * minute and a tick every second are so on one scale. One-sided quotes, crossed ones, stubs and those outside the session do not count,
 * but they end the quote before them. A quantile is the least half-spread that held for that share of the cell's time.
 */
import type { Underlying } from '../../engine/model/instrument.ts';
import { UNDERLYINGS } from '../../engine/model/instrument.ts';
import type { SpreadBands } from '../../engine/model/spreads.ts';
import { bandAt, moneynessOf } from '../../engine/model/spreads.ts';
import type { Day } from '../../engine/model/time.ts';
import { at, daysBetween, istTime, MINUTE_MS, SECOND_MS } from '../../engine/model/time.ts';
import { levelsByMinute } from './levels.ts';
import type { QuoteFault, QuoteTape } from './quote-tape.ts';
import { faultOf } from './quote-tape.ts';

const QUOTE_MS_MAX = 60_000;

/** Shares of the time that quantiles are taken at, per cent. */
export const QUANTILES = [25, 50, 75, 90] as const;

/** One cell with what was measured in it; a moneyness or minute of -1 holds all of them. */
export interface MeasuredCell {
  readonly underlying: Underlying;
  readonly premium: number;
  readonly moneyness: number;
  readonly daysToExpiry: number;
  readonly minute: number;
  readonly quotes: number;
  readonly seconds: number;
  readonly contracts: number;
  readonly days: readonly Day[];
  readonly sources: readonly string[];
  /** Half-spreads at the quantiles, paise. */
  readonly paise: readonly number[];
  /** The same as a share of the mid, per cent with three decimals. */
  readonly pct: readonly number[];
}

/** What became of the quotes of one shape, underlying and day. */
export interface TapeCount {
  readonly source: string;
  readonly underlying: Underlying;
  readonly day: Day;
  contracts: number;
  quotes: number;
  measured: number;
  /** Measured, but the level of the underlying was not known. */
  levelUnknown: number;
  outside: number;
  oneSided: number;
  crossed: number;
  stub: number;
  /** Followed by another quote of the contract at the same instant. */
  replaced: number;
}

export class SpreadMeasure {
  readonly #bands: SpreadBands;
  readonly #cells = new Map<string, Tally>();
  readonly #counts: TapeCount[] = [];

  constructor(bands: SpreadBands) {
    this.#bands = bands;
  }

  /** What became of the quotes so far, by shape, underlying and day. */
  get counts(): readonly TapeCount[] {
    return this.#counts;
  }

  /** Takes in the quotes of a day. */
  add(tape: QuoteTape): void {
    const counts = tape.sources.map((source) => newCount(source, tape));
    const seen = tape.sources.map(() => new Set<number>());
    const levels = levelsByMinute(tape);
    const midnight = at(tape.day, istTime('00:00'));
    const windows = tape.windows.map(({ open, close }) => ({ open: open - midnight, close: close - midnight }));
    for (let row = 0; row < tape.ms.length; row += 1) {
      const [source, ms] = [tape.source[row] ?? 0, tape.ms[row] ?? 0];
      const count = counts[source];
      if (count === undefined) continue;
      count.quotes += 1;
      seen[source]?.add(tape.contract[row] ?? 0);
      const window = windows.find(({ open, close }) => ms >= open && ms < close);
      const fault: QuoteFault | 'outside' | undefined =
        window === undefined ? 'outside' : faultOf(tape.bid[row] ?? 0, tape.ask[row] ?? 0);
      const stood = Math.min(QUOTE_MS_MAX, (window?.close ?? 0) - ms, nextOf(tape, row) - ms);
      if (fault !== undefined) count[fault] += 1;
      else if (stood <= 0) count.replaced += 1;
      else {
        const level = levels[Math.floor(ms / MINUTE_MS)] ?? 0;
        count.measured += 1;
        if (level === 0) count.levelUnknown += 1;
        this.#put(tape, { row, level, stood, source: count.source });
      }
    }
    counts.forEach((count, source) => {
      count.contracts = seen[source]?.size ?? 0;
    });
    this.#counts.push(...counts.filter(({ quotes }) => quotes > 0));
  }

  /** Cells with at least so many quotes, in one order: underlying, days, moneyness, premium, time, the wide ones last. */
  cells(quotesMin: number): readonly MeasuredCell[] {
    const wide = (place: number): number => (place < 0 ? Number.MAX_SAFE_INTEGER : place);
    return [...this.#cells.values()]
      .filter(({ quotes }) => quotes >= quotesMin)
      .map((tally) => tally.cell())
      .sort(
        (a, b) =>
          UNDERLYINGS.indexOf(a.underlying) - UNDERLYINGS.indexOf(b.underlying) ||
          a.daysToExpiry - b.daysToExpiry ||
          wide(a.moneyness) - wide(b.moneyness) ||
          a.premium - b.premium ||
          wide(a.minute) - wide(b.minute),
      );
  }

  #put(
    tape: QuoteTape,
    of: { readonly row: number; readonly level: number; readonly stood: number; readonly source: string },
  ): void {
    const { row, level } = of;
    const contract = tape.contracts[tape.contract[row] ?? 0];
    if (contract === undefined) return;
    const [bid, ask] = [tape.bid[row] ?? 0, tape.ask[row] ?? 0];
    const bands = this.#bands;
    const premium = bandAt(bands.premium, (bid + ask) / 2);
    const daysToExpiry = bandAt(bands.daysToExpiry, daysBetween(tape.day, contract.expiry));
    const minute = bandAt(bands.minute, Math.floor((tape.ms[row] ?? 0) / MINUTE_MS));
    const moneyness =
      level > 0 ? bandAt(bands.moneyness, moneynessOf(contract.strike, contract.right, level)) : undefined;
    const quote = {
      ...of,
      bid,
      ask,
      day: tape.day,
      contract: `${contract.expiry} ${contract.strike} ${contract.right}`,
    };
    const { underlying } = tape;
    const put = (inBand: number, inTime: number): void =>
      this.#tally({ underlying, premium, moneyness: inBand, daysToExpiry, minute: inTime }).take(quote);
    put(-1, -1);
    if (moneyness === undefined) return;
    put(moneyness, -1);
    put(moneyness, minute);
  }

  #tally(place: CellPlace): Tally {
    const key = `${place.underlying} ${place.premium} ${place.moneyness} ${place.daysToExpiry} ${place.minute}`;
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    const tally = new Tally(place);
    this.#cells.set(key, tally);
    return tally;
  }
}

type CellPlace = Pick<MeasuredCell, 'underlying' | 'premium' | 'moneyness' | 'daysToExpiry' | 'minute'>;

interface Quote {
  readonly bid: number;
  readonly ask: number;
  readonly stood: number;
  readonly day: Day;
  readonly contract: string;
  readonly source: string;
}

/** The time that each spread held in one cell. */
class Tally {
  readonly #place: CellPlace;
  /** Milliseconds by spread in paise, and by its half in thousandths of a per cent of the mid. */
  readonly #spreads = new Map<number, number>();
  readonly #shares = new Map<number, number>();
  readonly #contracts = new Set<string>();
  readonly #days = new Set<Day>();
  readonly #sources = new Set<string>();
  #ms = 0;
  quotes = 0;

  constructor(place: CellPlace) {
    this.#place = place;
  }

  take({ bid, ask, stood, day, contract, source }: Quote): void {
    const spread = ask - bid;
    const share = Math.round((spread * 100_000) / (bid + ask));
    this.#spreads.set(spread, (this.#spreads.get(spread) ?? 0) + stood);
    this.#shares.set(share, (this.#shares.get(share) ?? 0) + stood);
    this.#contracts.add(contract);
    this.#days.add(day);
    this.#sources.add(source);
    this.#ms += stood;
    this.quotes += 1;
  }

  cell(): MeasuredCell {
    return {
      ...this.#place,
      quotes: this.quotes,
      seconds: Math.round(this.#ms / SECOND_MS),
      contracts: this.#contracts.size,
      days: [...this.#days].sort(),
      sources: [...this.#sources].sort(),
      paise: this.#quantiles(this.#spreads).map((spread) => spread / 2),
      pct: this.#quantiles(this.#shares).map((share) => share / 1_000),
    };
  }

  #quantiles(times: ReadonlyMap<number, number>): readonly number[] {
    const sorted = [...times].sort(([a], [b]) => a - b);
    return QUANTILES.map((share) => {
      let held = 0;
      const found = sorted.find(([, ms]) => {
        held += ms;
        return held * 100 >= this.#ms * share;
      });
      return found?.[0] ?? 0;
    });
  }
}

function newCount(source: string, { underlying, day }: QuoteTape): TapeCount {
  const none = { contracts: 0, quotes: 0, measured: 0, levelUnknown: 0 };
  return { source, underlying, day, ...none, outside: 0, oneSided: 0, crossed: 0, stub: 0, replaced: 0 };
}

/** When the next quote of the same contract came, ms since midnight. */
function nextOf({ contract, ms }: QuoteTape, row: number): number {
  return contract[row + 1] === contract[row] ? (ms[row + 1] ?? 0) : Number.POSITIVE_INFINITY;
}
