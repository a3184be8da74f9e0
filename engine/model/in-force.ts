import { invariant } from '../assert.ts';
import type { Day } from './time.ts';

/** One fact and the first day on which it holds. */
export interface DatedFact<T> {
  readonly from: Day;
  readonly value: T;
  /** False where the source is weak or derived; reports say so. */
  readonly sure: boolean;
  readonly source: string;
}

/** A fact that changes by law or circular, asked with a date. */
export class InForce<T> {
  readonly #rows: readonly DatedFact<T>[];

  constructor(rows: readonly DatedFact<T>[]) {
    for (let i = 1; i < rows.length; i += 1) {
      const [before, after] = [rows[i - 1], rows[i]];
      invariant(
        before !== undefined && after !== undefined && before.from < after.from,
        `dated rows must rise, ${before?.from} stands before ${after?.from}`,
      );
    }
    this.#rows = rows;
  }

  /** The row in force on a day; undefined before the first. */
  rowOn(on: Day): DatedFact<T> | undefined {
    let found: DatedFact<T> | undefined;
    for (const row of this.#rows) {
      if (row.from > on) break;
      found = row;
    }
    return found;
  }

  /** The value in force on a day; undefined before the first row. */
  on(on: Day): T | undefined {
    return this.rowOn(on)?.value;
  }
}
