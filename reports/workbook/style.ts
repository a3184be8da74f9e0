import type { Style } from './book.ts';

/** Colours with one meaning each; red and green are kept for money and for checks. */
export const COLOUR = {
  ink: '1F2937',
  quiet: '6B7280',
  line: 'D8DCE3',
  paper: 'F5F6F8',
  head: '22324A',
  white: 'FFFFFF',
  gain: '0B7A4B',
  loss: 'B3261E',
  warn: '9A6700',
  warnPaper: 'FFF4D6',
  lossPaper: 'FBE3E1',
} as const;

/** Tab colours by kind of sheet. */
export const TAB = { verdict: '22324A', time: '1F6FB2', ledger: '6B7280', cost: 'B26A00', proof: '0B7A4B' } as const;

export const FONT = 'Calibri';

const INK = { font: FONT, size: 11, colour: COLOUR.ink } as const;

export const TEXT: Style = { ...INK, align: 'left' };
export const LOOK = {
  title: { ...INK, size: 20, bold: true, colour: COLOUR.head, align: 'left', middle: true },
  subtitle: { ...INK, colour: COLOUR.quiet, align: 'left' },
  banner: { ...INK, bold: true, colour: COLOUR.warn, fill: COLOUR.warnPaper, align: 'left', middle: true, indent: 1 },
  section: { ...INK, size: 12, bold: true, colour: COLOUR.head, align: 'left', edge: 'under' },
  sectionLine: { ...INK, edge: 'under' },
  head: {
    ...INK,
    bold: true,
    colour: COLOUR.white,
    fill: COLOUR.head,
    align: 'left',
    indent: 1,
    wrap: true,
    middle: true,
  },
  headRight: { ...INK, bold: true, colour: COLOUR.white, fill: COLOUR.head, align: 'right', wrap: true, middle: true },
  headCenter: {
    ...INK,
    bold: true,
    colour: COLOUR.white,
    fill: COLOUR.head,
    align: 'center',
    wrap: true,
    middle: true,
  },
  label: { ...INK, colour: COLOUR.quiet, align: 'left' },
  body: { ...INK, align: 'left' },
  bodyRight: { ...INK, align: 'right' },
  wrapped: { ...INK, align: 'left', wrap: true, middle: true },
  small: { ...INK, size: 10, colour: COLOUR.quiet, align: 'left', wrap: true },
  mono: { font: 'Consolas', size: 10, colour: COLOUR.ink, align: 'left', wrap: true },
  tileLabel: { ...INK, size: 10, colour: COLOUR.quiet, fill: COLOUR.paper, align: 'left', indent: 1, edge: 'tile-top' },
  tileNote: {
    ...INK,
    size: 9,
    colour: COLOUR.quiet,
    fill: COLOUR.paper,
    align: 'left',
    indent: 1,
    edge: 'tile-bottom',
  },
  holds: { ...INK, bold: true, colour: COLOUR.gain, align: 'center' },
} satisfies Readonly<Record<string, Style>>;

export const FORMAT = {
  price: '0.00',
  date: 'dd\\-mmm\\-yy',
  time: 'dd\\-mmm\\-yy hh:mm:ss',
  percent: '0.0%',
  finePercent: '0.00%',
  ratio: '0.00',
  /** Roundings are parts of a paisa. */
  fine: '0.0000;-0.0000;0',
  count: '0',
} as const;

const LIMITS = [1e5, 1e7, 1e9] as const;
const GROUPS = ['#,##0', '##\\,##\\,##0', '##\\,##\\,##\\,##0', '##\\,##\\,##\\,##\\,##0'] as const;

/** 0 below a lakh, 1 below a crore, 2 below a hundred crore, else 3, as the number is rounded for the eye. */
export function sizeClass(rupees: number, decimals: 0 | 2): number {
  const half = decimals === 2 ? 0.005 : 0.5;
  const size = Math.abs(rupees) + half;
  return LIMITS.filter((limit) => size >= limit).length;
}

/**
 * Rupees in Indian groups. One number format cannot group both ways and keep the minus of a loss, so that each cell gets the plain
 * format of its size, with a minus written out in the second section.
 */
export function moneyFormat(
  rupees: number,
  { sign, decimals }: { readonly sign: string; readonly decimals: 0 | 2 },
): string {
  const groups = (GROUPS[sizeClass(rupees, decimals)] ?? '') + (decimals === 2 ? '.00' : '');
  const before = sign === '' ? '' : `"${sign}"`;
  return `${before}${groups};"-"${before}${groups};${before}${decimals === 2 ? '0.00' : '0'}`;
}

/** A style varied; the same parts give the same object, so that a book has few looks. */
export class StyleVariants {
  readonly #made = new Map<Style, Map<string, Style>>();

  of(base: Style, change: Style): Style {
    const key = JSON.stringify(change);
    const variants = this.#made.get(base) ?? new Map<string, Style>();
    this.#made.set(base, variants);
    const style = variants.get(key) ?? { ...base, ...change };
    variants.set(key, style);
    return style;
  }
}
