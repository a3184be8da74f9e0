import type { ContractBook } from '../../engine/market/contract-book.ts';
import type { Instrument, Underlying } from '../../engine/model/instrument.ts';
import { instrumentOfKey, isUnderlying, option } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import { addDays, isDay } from '../../engine/model/time.ts';
import { paiseOfRupees } from '../../engine/model/units.ts';
import { instrumentOfKite } from '../kite-symbols.ts';

/** Daily values have one name more than the indices that trade. */
export type DailyName = Underlying | 'INDIA VIX';

/** What a symbol of a source stands for. */
export type SymbolMeaning = Instrument | { readonly kind: 'volatility'; readonly name: 'INDIA VIX' };

/** Names that sources give the indices. */
const INDEX_NAMES: ReadonlyMap<string, DailyName> = new Map([
  ['NIFTY 50', 'NIFTY'],
  ['NIFTY50', 'NIFTY'],
  ['NIFTY BANK', 'BANKNIFTY'],
  ['NIFTY FIN SERVICE', 'FINNIFTY'],
  ['NIFTY FINANCIAL SERVICES', 'FINNIFTY'],
  ['NIFTY MID SELECT', 'MIDCPNIFTY'],
  ['NIFTY MIDCAP SELECT', 'MIDCPNIFTY'],
  ['INDIA VIX', 'INDIA VIX'],
  ['INDIAVIX', 'INDIA VIX'],
  ['VIX', 'INDIA VIX'],
]);

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const NAME = '(NIFTY|BANKNIFTY|SENSEX|FINNIFTY|MIDCPNIFTY|BANKEX)';
/** `NIFTY250703C25500`, as charts of TradingView name an option. */
const CHART_STYLE = new RegExp(`^${NAME}(\\d\\d)(\\d\\d)(\\d\\d)([CP])(\\d+(?:\\.\\d+)?)$`);
/** `BANKNIFTY13APR2333500CE`: day, month, year, strike. */
const DATED_STYLE = new RegExp(`^${NAME}(\\d\\d)([A-Z]{3})(\\d\\d)(\\d+(?:\\.\\d+)?)(CE|PE)$`);
/** `BANKNIFTY-I`, `NIFTY1!`: the near, next and far future, whichever that is on the day. */
const ROLLING_STYLE = new RegExp(`^${NAME}(?:-(I{1,3})|([123])!)$`);

/** Strikes of index options lie between these, in rupees; it tells a dated symbol from a monthly one. */
const STRIKE = { min: 1_000, max: 300_000 };
/** No index option is listed longer than five years before its expiry. */
const LISTED_DAYS_MAX = 5 * 366;

/** What a symbol means on a day, in any of the styles that sources use; undefined when it is none of ours. */
export function meaningOf(
  symbol: string,
  on: { readonly day: Day; readonly contracts: ContractBook },
): SymbolMeaning | undefined {
  const text = plainSymbol(symbol);
  const index = INDEX_NAMES.get(text) ?? (isUnderlying(text) ? text : undefined);
  if (index !== undefined)
    return index === 'INDIA VIX' ? { kind: 'volatility', name: index } : { kind: 'index', underlying: index };
  return chartOption(text) ?? rollingFuture(text, on) ?? datedOption(text, on.day) ?? ownKey(text) ?? kite(text, on);
}

/** Without the exchange in front, the escapes of a web address and the spaces around. */
function plainSymbol(symbol: string): string {
  return symbol
    .replaceAll('%20', ' ')
    .trim()
    .toUpperCase()
    .replace(/^(NSE|BSE|NFO|BFO):/, '');
}

function chartOption(text: string): Instrument | undefined {
  const [, name = '', year, month, dayOfMonth, side, strike] = CHART_STYLE.exec(text) ?? [];
  const expiry = `20${year}-${month}-${dayOfMonth}`;
  if (!(isUnderlying(name) && isDay(expiry))) return undefined;
  return option(name, expiry, paiseOfRupees(Number(strike)), side === 'C' ? 'CE' : 'PE');
}

function datedOption(text: string, day: Day): Instrument | undefined {
  const [, name = '', dayOfMonth, monthName = '', year, digits, right] = DATED_STYLE.exec(text) ?? [];
  const month = String(MONTHS.indexOf(monthName) + 1).padStart(2, '0');
  const expiry = `20${year}-${month}-${dayOfMonth}`;
  const strike = Number(digits);
  if (!(isUnderlying(name) && isDay(expiry) && strike >= STRIKE.min && strike <= STRIKE.max)) return undefined;
  if (expiry < day || expiry > addDays(day, LISTED_DAYS_MAX)) return undefined;
  return option(name, expiry, paiseOfRupees(strike), right === 'CE' ? 'CE' : 'PE');
}

function rollingFuture(
  text: string,
  on: { readonly day: Day; readonly contracts: ContractBook },
): Instrument | undefined {
  const [, name = '', roman, digit] = ROLLING_STYLE.exec(text) ?? [];
  if (!isUnderlying(name)) return undefined;
  const place = roman === undefined ? Number(digit) : roman.length;
  const monthlies = on.contracts.expiriesOn(on.day, name).filter((fact) => fact.type === 'monthly');
  const expiry = monthlies[place - 1]?.expiry;
  return expiry === undefined ? undefined : { kind: 'future', underlying: name, expiry };
}

function ownKey(text: string): Instrument | undefined {
  return /^[A-Z]+ \d{4}-\d\d-\d\d (FUT|\d+(\.\d+)? (CE|PE))$/.test(text) ? instrumentOfKey(text) : undefined;
}

function kite(text: string, on: { readonly day: Day; readonly contracts: ContractBook }): Instrument | undefined {
  return instrumentOfKite(text, { contracts: on.contracts, day: on.day });
}
