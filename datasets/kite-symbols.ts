import type { ContractBook } from '../engine/market/contract-book.ts';
import type { FutureInstrument, IndexInstrument, Instrument, OptionContract } from '../engine/model/instrument.ts';
import { exchangeOf, isUnderlying } from '../engine/model/instrument.ts';
import type { ExpiryType, KiteIndexName } from '../engine/model/reference.ts';
import type { Day } from '../engine/model/time.ts';
import { isDay } from '../engine/model/time.ts';
import type { Right } from '../engine/model/units.ts';
import { paiseOfRupees } from '../engine/model/units.ts';

/** A Kite derivative symbol taken apart: a weekly names its day, a monthly only its month. */
export interface KiteSymbol {
  /** The name that the symbol begins with; also of indices that the program does not trade. */
  readonly name: string;
  /** The expiry day of a weekly, or undefined. */
  readonly expiry?: Day;
  /** The month of a monthly or a future, `2025-09`, or undefined. */
  readonly month?: string;
  /** Strike in rupees and right; both absent in a future. */
  readonly strike?: number;
  readonly right?: Right;
}

type Dated = Pick<KiteSymbol, 'expiry' | 'month'>;

/** Names of index derivatives, longest first, since SENSEX50 and NIFTYNXT50 begin or end like shorter ones. */
const NAMES = ['MIDCPNIFTY', 'NIFTYNXT50', 'BANKNIFTY', 'FINNIFTY', 'SENSEX50', 'SENSEX', 'BANKEX', 'NIFTY'] as const;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const;

/** Months of weekly symbols: one letter each. */
const MONTH_LETTERS = '123456789OND';

/** How the symbols of an expiry begin: `NIFTY25O20` for a weekly, `NIFTY25OCT` for a monthly, whatever day that falls on. */
export function kitePrefix(parts: { readonly name: string; readonly expiry: Day; readonly type: ExpiryType }): string {
  const { name, expiry, type } = parts;
  const year = expiry.slice(2, 4);
  const month = Number(expiry.slice(5, 7)) - 1;
  if (type === 'monthly') return `${name}${year}${MONTHS[month]}`;
  return `${name}${year}${MONTH_LETTERS[month]}${expiry.slice(8, 10)}`;
}

/** The trading symbol of an option whose expiry is of the given type. */
export function kiteSymbolOf(contract: OptionContract, type: ExpiryType): string {
  const prefix = kitePrefix({ name: contract.underlying, expiry: contract.expiry, type });
  return `${prefix}${contract.strike / 100}${contract.right}`;
}

/** The trading symbol of a monthly future. */
export function kiteFutureSymbolOf({ underlying, expiry }: FutureInstrument): string {
  return `${kitePrefix({ name: underlying, expiry, type: 'monthly' })}FUT`;
}

/** Takes a symbol apart; undefined when it is no index option or future. */
export function parseKiteSymbol(symbol: string): KiteSymbol | undefined {
  const name = NAMES.find((one) => symbol.startsWith(one));
  if (name === undefined) return undefined;
  const match = /^(\d\d)(?:([1-9OND])(\d\d)|([A-Z]{3}))(?:(\d+)(CE|PE)|FUT)$/.exec(symbol.slice(name.length));
  if (match === null) return undefined;
  const [, year = '', letter, dayOfMonth = '', monthName, strike, right] = match;
  const dated = letter === undefined ? monthlyPart(year, monthName ?? '') : weeklyPart(year, letter, dayOfMonth);
  if (dated === undefined) return undefined;
  if (strike === undefined) return dated.month === undefined ? undefined : { name, ...dated };
  return { name, ...dated, strike: Number(strike), right: right === 'CE' ? 'CE' : 'PE' };
}

/**
 * The instrument that a Kite symbol names, by the dates as they stood on a day, or as they were last. Undefined for a symbol of no
 * index of ours, or of an expiry that the tables do not know.
 */
export function instrumentOfKite(
  symbol: string,
  parts: { readonly contracts: ContractBook; readonly day?: Day },
): Instrument | undefined {
  const read = parseKiteSymbol(symbol);
  if (read === undefined || !isUnderlying(read.name)) return undefined;
  const underlying = read.name;
  const { month } = read;
  const expiry =
    month === undefined ? read.expiry : parts.contracts.monthlyOf({ underlying, month, ...asOf(parts.day) });
  if (expiry === undefined) return undefined;
  if (read.strike === undefined || read.right === undefined) return { kind: 'future', underlying, expiry };
  return { kind: 'option', underlying, expiry, strike: paiseOfRupees(read.strike), right: read.right };
}

/** The symbol of any instrument with its exchange in front, as quotes and subscriptions ask for it: `NFO:NIFTY25OCT25000CE`. */
export function kiteKeyOf(
  instrument: Instrument,
  parts: { readonly contracts: ContractBook; readonly indices: readonly KiteIndexName[]; readonly day: Day },
): string | undefined {
  const { underlying } = instrument;
  if (instrument.kind === 'index') {
    const row = parts.indices.find((one) => one.underlying === underlying);
    return row === undefined ? undefined : `${row.spotExchange}:${row.spotSymbol}`;
  }
  if (instrument.kind === 'future') return `${exchangeOf(underlying)}:${kiteFutureSymbolOf(instrument)}`;
  const fact = parts.contracts.expiryFact({ underlying, expiry: instrument.expiry, day: parts.day });
  return fact === undefined ? undefined : `${exchangeOf(underlying)}:${kiteSymbolOf(instrument, fact.type)}`;
}

/** The index whose spot Kite calls so, `NIFTY 50` or `NSE:NIFTY 50`. */
export function indexOfKite(symbol: string, indices: readonly KiteIndexName[]): IndexInstrument | undefined {
  const row = indices.find((one) => one.spotSymbol === symbol || `${one.spotExchange}:${one.spotSymbol}` === symbol);
  return row === undefined ? undefined : { kind: 'index', underlying: row.underlying };
}

function weeklyPart(year: string, letter: string, dayOfMonth: string): Dated | undefined {
  const month = String(MONTH_LETTERS.indexOf(letter) + 1).padStart(2, '0');
  const expiry = `20${year}-${month}-${dayOfMonth}`;
  return isDay(expiry) ? { expiry } : undefined;
}

function monthlyPart(year: string, name: string): Dated | undefined {
  const month = (MONTHS as readonly string[]).indexOf(name) + 1;
  return month === 0 ? undefined : { month: `20${year}-${String(month).padStart(2, '0')}` };
}

function asOf(day: Day | undefined): { readonly day?: Day } {
  return day === undefined ? {} : { day };
}
