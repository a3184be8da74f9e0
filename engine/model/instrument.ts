import { invariant, unreachable } from '../assert.ts';
import type { Day } from './time.ts';
import { day } from './time.ts';
import type { Paise, Right } from './units.ts';
import { paise } from './units.ts';

/** The indices whose options the program knows. A segment is one of them. */
export const UNDERLYINGS = ['NIFTY', 'BANKNIFTY', 'SENSEX', 'FINNIFTY', 'MIDCPNIFTY', 'BANKEX'] as const;
export type Underlying = (typeof UNDERLYINGS)[number];
export type Exchange = 'NFO' | 'BFO';

export interface IndexInstrument {
  readonly kind: 'index';
  readonly underlying: Underlying;
}

export interface FutureInstrument {
  readonly kind: 'future';
  readonly underlying: Underlying;
  readonly expiry: Day;
}

/** A contract is its underlying, expiry day, strike in paise and right; broker symbols are views of it. */
export interface OptionContract {
  readonly kind: 'option';
  readonly underlying: Underlying;
  readonly expiry: Day;
  readonly strike: Paise;
  readonly right: Right;
}

/** What can be bought and sold. */
export type Contract = OptionContract | FutureInstrument;

export type Instrument = IndexInstrument | FutureInstrument | OptionContract;

export function isUnderlying(text: string): text is Underlying {
  return (UNDERLYINGS as readonly string[]).includes(text);
}

export function option(underlying: Underlying, expiry: Day, strike: Paise, right: Right): OptionContract {
  return { kind: 'option', underlying, expiry, strike, right };
}

/** NSE lists the NIFTY family, BSE the SENSEX family. */
export function exchangeOf(underlying: Underlying): Exchange {
  return underlying === 'SENSEX' || underlying === 'BANKEX' ? 'BFO' : 'NFO';
}

/**
 * The canonical text of an instrument, equal for equal instruments and free of broker conventions:
 * `NIFTY`, `NIFTY 2025-01-30 FUT`, `NIFTY 2025-01-30 23500 CE` (strike in rupees).
 */
export function instrumentKey(instrument: Instrument): string {
  switch (instrument.kind) {
    case 'index':
      return instrument.underlying;
    case 'future':
      return `${instrument.underlying} ${instrument.expiry} FUT`;
    case 'option':
      return `${instrument.underlying} ${instrument.expiry} ${instrument.strike / 100} ${instrument.right}`;
    default:
      return unreachable(instrument);
  }
}

/** Reads what `instrumentKey` wrote. */
export function instrumentOfKey(key: string): Instrument {
  const [name = '', expiry, third, right] = key.split(' ');
  invariant(isUnderlying(name), `an instrument begins with one of ${UNDERLYINGS.join(', ')}, was "${key}"`);
  if (expiry === undefined) return { kind: 'index', underlying: name };
  if (third === 'FUT') return { kind: 'future', underlying: name, expiry: day(expiry) };
  invariant(right === 'CE' || right === 'PE', `an option ends with CE or PE, was "${key}"`);
  return option(name, day(expiry), paise(Math.round(Number(third) * 100)), right);
}

/** Total order of instruments: underlying, index before futures before options, expiry, strike, CE before PE. */
export function compareInstruments(a: Instrument, b: Instrument): number {
  return (
    UNDERLYINGS.indexOf(a.underlying) - UNDERLYINGS.indexOf(b.underlying) ||
    KIND_RANK[a.kind] - KIND_RANK[b.kind] ||
    compareText(a.kind === 'index' ? '' : a.expiry, b.kind === 'index' ? '' : b.expiry) ||
    (a.kind === 'option' && b.kind === 'option' ? a.strike - b.strike || compareText(a.right, b.right) : 0)
  );
}

const KIND_RANK = { index: 0, future: 1, option: 2 } as const;

/** Order by code unit, the same in every locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
