import { FINE_PER_PAISA } from '../engine/model/levies.ts';

/** How a figure of money is printed. */
export interface MoneyStyle {
  /** `₹`, `Rs ` or nothing. */
  readonly sign: string;
  /** Print `+` before a gain. */
  readonly plus?: boolean;
  /** Print two decimals; otherwise the nearest rupee, half away from zero. */
  readonly paise?: boolean;
}

const LAKH_PAISE = 10_000_000;
const CRORE_PAISE = 1_000_000_000;

/** Money in Indian groups, the sign before the rupee: `-₹1,23,456.05`. Whole paise, exact up to 10^15. */
export function moneyText(paise: number, { sign, plus = false, paise: withPaise = true }: MoneyStyle): string {
  const size = Math.abs(paise);
  const rest = size % 100;
  const rupees = (size - rest) / 100 + (!withPaise && rest >= 50 ? 1 : 0);
  const digits = indianGroups(String(rupees)) + (withPaise ? `.${String(rest).padStart(2, '0')}` : '');
  const isZero = rupees === 0 && (rest === 0 || !withPaise);
  const before = paise < 0 && !isZero ? '-' : plus && !isZero ? '+' : '';
  return `${before}${sign}${digits}`;
}

/** Large money for tiles: `-₹1.23 L`, `₹4.56 Cr`; below a lakh whole rupees in Indian groups. */
export function shortMoneyText(paise: number, style: MoneyStyle): string {
  const size = Math.abs(paise);
  if (size < LAKH_PAISE) return moneyText(paise, { ...style, paise: false });
  const [unit, name] = size < CRORE_PAISE ? [LAKH_PAISE, 'L'] : [CRORE_PAISE, 'Cr'];
  const hundredths = Math.round((size / unit) * 100);
  const text = `${indianGroups(String(Math.floor(hundredths / 100)))}.${String(hundredths % 100).padStart(2, '0')}`;
  return `${paise < 0 ? '-' : style.plus ? '+' : ''}${style.sign}${text} ${name}`;
}

/** `1234567` as `12,34,567`. */
function indianGroups(digits: string): string {
  if (digits.length <= 3) return digits;
  const head = digits.slice(0, -3);
  return `${head.replace(/\B(?=(\d\d)+$)/g, ',')},${digits.slice(-3)}`;
}

/** Fine paise to the nearest paisa, half away from zero, so that a loss and a gain of one size print alike. */
export function nearestPaisa(fine: number): number {
  const size = Math.floor((Math.abs(fine) + FINE_PER_PAISA / 2) / FINE_PER_PAISA);
  return fine < 0 && size > 0 ? -size : size;
}
