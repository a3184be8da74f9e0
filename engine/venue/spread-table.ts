/**
 * Half-spreads by the cell that a fill falls in, measured from recorded quotes.
 *
 * It assumes: what was quoted on the days of the measurement is quoted on every day. A fill pays the median of its cell, up to a tick.
 * A cell without quotes gives way to the one of all times of day, that to the one of every moneyness; where that is empty too, and for
 * an underlying or a kind of contract that nobody measured, there is no answer.
 */
import type { Instrument } from '../model/instrument.ts';
import { UNDERLYINGS } from '../model/instrument.ts';
import type { SpreadSource } from '../model/order.ts';
import type { MeasuredSpreads, SpreadBands, SpreadCell } from '../model/spreads.ts';
import { bandAt, moneynessOf } from '../model/spreads.ts';
import { TICK, tickUp } from '../model/units.ts';

/** Where a fill stands among the cells; level and minute are those of its instant. */
export interface SpreadPlace {
  readonly instrument: Instrument;
  /** Calendar days to the contract's expiry; 0 for an index. */
  readonly daysToExpiry: number;
  /** Level of the underlying at the last closed minute, paise; 0 where none is known. */
  level: number;
  /** Minutes since midnight. */
  minute: number;
}

const SOURCES = ['assumed', 'measured', 'pooled'] as const satisfies readonly SpreadSource[];

export class SpreadTable {
  readonly #bands: SpreadBands;
  /** Whole ticks by cell, 0 where nothing was measured; the last moneyness is the unknown one. */
  readonly #halfSpreads: Int32Array;
  readonly #sources: Uint8Array;

  constructor({ bands, cells }: MeasuredSpreads) {
    this.#bands = bands;
    const count =
      UNDERLYINGS.length *
      bands.premium.length *
      (bands.moneyness.length + 1) *
      bands.daysToExpiry.length *
      bands.minute.length;
    this.#halfSpreads = new Int32Array(count);
    this.#sources = new Uint8Array(count);
    // The widest first, so that a nearer one takes its place.
    for (const cell of cells) if (cell.minute === undefined && cell.moneyness === undefined) this.#lay(cell);
    for (const cell of cells) if (cell.minute === undefined && cell.moneyness !== undefined) this.#lay(cell);
    for (const cell of cells) if (cell.minute !== undefined) this.#lay(cell);
  }

  /** Number of the cell of a fill at a premium in paise; -1 where the table has no answer. */
  find(place: SpreadPlace, premium: number): number {
    const { instrument, level } = place;
    if (instrument.kind !== 'option') return -1;
    const { moneyness, minute, daysToExpiry } = this.#bands;
    const cell = this.#numberOf({
      underlying: UNDERLYINGS.indexOf(instrument.underlying),
      premium: bandAt(this.#bands.premium, premium),
      moneyness:
        level > 0 ? bandAt(moneyness, moneynessOf(instrument.strike, instrument.right, level)) : moneyness.length,
      daysToExpiry: bandAt(daysToExpiry, place.daysToExpiry),
      minute: bandAt(minute, place.minute),
    });
    return this.#halfSpreads[cell] === 0 ? -1 : cell;
  }

  /** Paise, whole ticks, at least one. */
  halfSpreadOf(cell: number): number {
    return this.#halfSpreads[cell] ?? TICK;
  }

  sourceOf(cell: number): SpreadSource {
    return SOURCES[this.#sources[cell] ?? 0] ?? 'assumed';
  }

  /** Writes a measured cell to every place that it speaks for. */
  #lay({ underlying, premium, moneyness, daysToExpiry, minute, median }: SpreadCell): void {
    const halfSpread = Math.max(TICK, tickUp(median));
    const everyMoneyness = this.#bands.moneyness.map((_, place) => place).concat(this.#bands.moneyness.length);
    for (const at of moneyness === undefined ? everyMoneyness : [moneyness]) {
      for (const time of minute === undefined ? this.#bands.minute.keys() : [minute]) {
        const place = {
          underlying: UNDERLYINGS.indexOf(underlying),
          premium,
          moneyness: at,
          daysToExpiry,
          minute: time,
        };
        const cell = this.#numberOf(place);
        this.#halfSpreads[cell] = halfSpread;
        this.#sources[cell] = minute === undefined || moneyness === undefined ? 2 : 1;
      }
    }
  }

  #numberOf(place: {
    readonly underlying: number;
    readonly premium: number;
    readonly moneyness: number;
    readonly daysToExpiry: number;
    readonly minute: number;
  }): number {
    const { premium, moneyness, daysToExpiry, minute } = this.#bands;
    let cell = place.underlying * premium.length + place.premium;
    cell = cell * (moneyness.length + 1) + place.moneyness;
    cell = cell * daysToExpiry.length + place.daysToExpiry;
    return cell * minute.length + place.minute;
  }
}
