import type { EpochMs } from '../../engine/model/time.ts';
import { DAY_MS, dayNumberOf, IST_OFFSET_MS } from '../../engine/model/time.ts';
import type { Cell, Plain, Row, Style } from './book.ts';
import { COLOUR, FORMAT, LOOK, moneyFormat, StyleVariants, sizeClass } from './style.ts';

/** What a value is, which decides how its cell looks. Money is rupees, times are serials, shares lie between 0 and 1. */
export type Kind =
  | 'text'
  | 'middle'
  | 'wrapped'
  | 'mono'
  | 'count'
  | 'price'
  | 'ratio'
  | 'fine'
  | 'share'
  | 'date'
  | 'time'
  | 'money'
  | 'result'
  | 'signed-money'
  | 'signed-result'
  | 'flag';

const variants = new StyleVariants();

const PLAIN_STYLES: Readonly<Partial<Record<Kind, Style>>> = {
  // Set in by a little, since a figure often ends where a text begins.
  text: { ...LOOK.body, indent: 1 },
  middle: { ...LOOK.body, align: 'center' },
  wrapped: LOOK.wrapped,
  mono: LOOK.mono,
  count: { ...LOOK.bodyRight, format: FORMAT.count },
  price: { ...LOOK.bodyRight, format: FORMAT.price },
  ratio: { ...LOOK.bodyRight, format: FORMAT.ratio },
  fine: { ...LOOK.bodyRight, format: FORMAT.fine },
  date: { ...LOOK.body, align: 'center', format: FORMAT.date },
  time: { ...LOOK.body, align: 'center', format: FORMAT.time },
  flag: LOOK.holds,
};

/** A cell of a kind; `change` varies its look. `result` is money with the colour of its sign; `signed-` adds the rupee sign. */
export function cell(
  kind: Kind,
  value: Plain,
  { formula, change = {} }: { readonly formula?: string; readonly change?: Style } = {},
): Cell {
  const base = styleOf(kind, value);
  const style = Object.keys(change).length === 0 ? base : variants.of(base, change);
  return formula === undefined ? { value, style } : { value, formula, style };
}

function styleOf(kind: Kind, value: Plain): Style {
  const plain = PLAIN_STYLES[kind];
  if (plain !== undefined) return plain;
  if (typeof value !== 'number') return LOOK.bodyRight;
  if (kind === 'share') return Math.abs(value) < 0.01 && value !== 0 ? FINE_SHARE : SHARE;
  return moneyStyle(kind, value);
}

const SHARE: Style = { ...LOOK.bodyRight, format: FORMAT.percent };
const FINE_SHARE: Style = { ...LOOK.bodyRight, format: FORMAT.finePercent };

/** Looks of money by kind, size and sign: few, and asked for a million times. */
const moneyStyles = new Map<string, Style>();

function moneyStyle(kind: Kind, value: number): Style {
  const colour = kind.endsWith('result') ? Math.sign(value) : 0;
  const key = `${kind}${sizeClass(value, 2)}${colour}`;
  const known = moneyStyles.get(key);
  if (known !== undefined) return known;
  const format = moneyFormat(value, { sign: kind.startsWith('signed-') ? '₹' : '', decimals: 2 });
  const style = { ...LOOK.bodyRight, format, colour: SIGN_COLOURS[colour + 1] ?? COLOUR.ink };
  moneyStyles.set(key, style);
  return style;
}

const SIGN_COLOURS = [COLOUR.loss, COLOUR.ink, COLOUR.gain];

/** Day 0 of a spreadsheet is 30 December 1899; 1 January 1970 is day 25,569. */
const EPOCH_SERIAL = 25_569;

/** An instant as a spreadsheet's number, in Indian time, to a tenth of a millisecond; further digits would only cost room. */
export function serialOf(ts: EpochMs | null): number | null {
  return ts === null ? null : Math.round(((ts + IST_OFFSET_MS) / DAY_MS + EPOCH_SERIAL) * 1e9) / 1e9;
}

export function serialOfDay(day: string | null): number | null {
  return day === null ? null : dayNumberOf(day) + EPOCH_SERIAL;
}

/** Rupees of paise; averages may lie between two. */
export function rupees(paise: number | null): number | null {
  return paise === null ? null : Math.round(paise * 10_000) / 1_000_000;
}

/** Rupees of fine paise, exact to the last digit. */
export function rupeesOfFine(fine: number): number {
  return fine / 1_000_000;
}

/** Cells put here and there, for a sheet that is no plain table. Rows and columns count from 1. */
export class Grid {
  readonly #rows: (Cell | undefined)[][] = [];

  get length(): number {
    return this.#rows.length;
  }

  put(row: number, column: number, content: Cell): void {
    while (this.#rows.length < row) this.#rows.push([]);
    const cells = this.#rows[row - 1];
    if (cells !== undefined) cells[column - 1] = content;
  }

  /** Puts cells beside each other. */
  putRow(row: number, column: number, contents: readonly Cell[]): void {
    contents.forEach((content, at) => void this.put(row, column + at, content));
  }

  rows(): readonly Row[] {
    return this.#rows;
  }
}
