import { FINE_PER_PAISA } from '../../engine/model/levies.ts';
import type { EpochMs } from '../../engine/model/time.ts';
import { clockText, dayOf } from '../../engine/model/time.ts';
import { moneyText, nearestPaisa, shortMoneyText } from '../money-text.ts';
import type { Markup } from './html.ts';
import { html } from './html.ts';

/** How an amount is shown: to the paisa, in whole rupees, or short (`₹1.23 L`) with the full number on hover. */
export type AmountStyle = 'paise' | 'rupees' | 'short';

/** A result, its sign before it and in its colour; machines read whole rupees with all decimals from `value`. Fine paise. */
export function resultOf(fine: number, style: AmountStyle = 'paise'): Markup {
  return amountOf(fine, { style, plus: true });
}

/** Money that is no result, such as a capital or a price paid, without sign colours. Fine paise. */
export function moneyOf(fine: number, style: AmountStyle = 'paise'): Markup {
  return amountOf(fine, { style, plus: false });
}

function amountOf(fine: number, { style, plus }: { readonly style: AmountStyle; readonly plus: boolean }): Markup {
  const paise = nearestPaisa(fine);
  const full = moneyText(paise, { sign: '₹', plus });
  const value = plainRupees(fine);
  const tone = plus ? toneOf(paise) : 'plain';
  if (style === 'paise') return html`<data class="${tone}" value="${value}">${full}</data>`;
  const short = style === 'short' ? shortMoneyText : wholeRupees;
  return html`<data class="${tone}" value="${value}" title="${full}">${short(paise, { sign: '₹', plus })}</data>`;
}

/** Where an amount stands: above, below or at zero. */
export function toneOf(amount: number): 'gain' | 'loss' | 'flat' {
  if (amount === 0) return 'flat';
  return amount > 0 ? 'gain' : 'loss';
}

/** A price or a level in paise, two decimals, no sign; a dash where there is none. */
export function priceOf(paise: number | null): string {
  return paise === null ? '–' : moneyText(Math.round(paise), { sign: '' });
}

/** A count in Indian groups. */
export function countOf(count: number): string {
  return moneyText(count * 100, { sign: '', paise: false });
}

/** Rupees of fine paise as a plain number, six decimals at most, never with an exponent. */
export function plainRupees(fine: number): string {
  const text = (fine / 100 / FINE_PER_PAISA).toFixed(6).replace(/\.?0+$/, '');
  return text === '-0' ? '0' : text;
}

/** An instant as people write it: `2025-01-02 09:20:01`. */
export function whenOf(ts: number): string {
  return `${dayOf(ts as EpochMs)} ${clockText(ts as EpochMs).slice(0, 8)}`;
}

const wholeRupees: typeof moneyText = (paise, style) => moneyText(paise, { ...style, paise: false });
