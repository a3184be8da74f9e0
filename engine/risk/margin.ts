import type { MarginRates } from '../model/margin-rates.ts';
import type { MarginLeg, MarginMarket, ScannedContract } from './margin-scan.ts';
import { SCENARIOS, scanned } from './margin-scan.ts';

/** Margin of the positions in one underlying, each part in whole paise rounded up. */
export interface Margin {
  readonly span: number;
  readonly exposure: number;
  /** What short options add on the day they expire. */
  readonly expiryDay: number;
  /** What brokers show as the margin: the three parts together. */
  readonly total: number;
}

/** What orders need beside what is held, whole paise. */
export interface MarginNeed {
  /** Of the account's net worth (cash with positions at their prices) this is not free now. */
  readonly inUse: number;
  /** What the orders take on top at the worst moment of legging in. */
  readonly addition: number;
}

/**
 * Estimates the margin of one underlying's options and futures as NSE Clearing builds it: the worst of SPAN's sixteen scenarios over the
 * portfolio, exposure on what is short, the addition on expiry day. The model assumes: every forward stands at the spot, and a day's
 * volatility is what the caller knows (the least range where he knows none: too little in times wilder than 17.4 % a year); the volatility
 * range is taken from each option's own implied volatility; no time passes; offsets across expiries are charged on the spot and on deltas
 * at present prices, and never cost more than they save; full margin at every date, although brokers lent part of it intraday until
 * August 2021; no surcharge for options far out of the money or of more than nine months; nothing offsets another underlying.
 * Net option value counts as it does there: SPAN asks for what the portfolio may be worth to the others in the worst scenario, so premium
 * paid is cash that is gone and asks for nothing more, premium received is cash beside the margin.
 * Against published figures (each in the tests), SPAN first, then the total: NIFTY at the money in early 2025, put +1.3 and +1.1 %, call
 * +0.5 and +0.4 %, straddle +0.5 and +0.3 %, spreads of 300 points +4.4 and +1.7 %, +1.4 and +0.5 %, iron butterfly +1.4 and +0.3 %; 6 %
 * out of the money in July 2023 -1.2 and -0.8 %; with a hedge bought 100 points above +56 and +12 %, since the sample's two premiums stand
 * on volatilities of 22 and 17 % (on one volatility -23 and -5 %); a future of January 2023 -0.7 and -0.6 %, against February's -5.0 and
 * -3.6 %; the total of an iron condor on its expiry day in 2024 -2.2 %.
 */
export function marginOf(legs: readonly MarginLeg[], market: MarginMarket, rates: MarginRates): Margin {
  const book = bookOf(legs, market, rates);
  for (const leg of legs) take(book, leg);
  return marginOfBook(book);
}

/**
 * What wanted orders need beside what is held, peak while legging in: hedges are bought first, one order after the other, and premium that
 * is paid counts at once; premium that the orders bring counts only once it is booked, as brokers block it.
 */
export function marginOfOrders(
  held: readonly MarginLeg[],
  wanted: readonly MarginLeg[],
  market: MarginMarket,
  rates: MarginRates,
): MarginNeed {
  const book = bookOf([...held, ...wanted], market, rates);
  for (const leg of held) take(book, leg);
  const before = marginOfBook(book).total;
  let paid = 0;
  let addition = 0;
  for (const leg of [...wanted.filter(({ units }) => units > 0), ...wanted.filter(({ units }) => units < 0)]) {
    take(book, leg);
    if (leg.units > 0) paid += optionValue(leg);
    addition = Math.max(addition, marginOfBook(book).total - before + paid);
  }
  const premium = held.reduce((sum, leg) => sum + optionValue(leg), 0);
  return { inUse: before + roundedUp(premium), addition: roundedUp(addition) };
}

/** A future has no value of its own: what it gains or loses is paid each day. */
function optionValue({ strike, units, price }: MarginLeg): number {
  return strike === 0 ? 0 : units * price;
}

/** One contract with the units of it that count now. */
interface Entry {
  readonly contract: ScannedContract;
  readonly expiringToday: boolean;
  units: number;
}

/** Contracts of one underlying, nearest expiry first, each scanned once. */
interface Book {
  readonly entries: readonly Entry[];
  readonly market: MarginMarket;
  readonly rates: MarginRates;
}

function bookOf(legs: readonly MarginLeg[], market: MarginMarket, rates: MarginRates): Book {
  const entries: Entry[] = [];
  for (const leg of legs) {
    if (entries.some(({ contract }) => isSame(contract.leg, leg))) continue;
    entries.push({
      contract: scanned(leg, market, rates),
      expiringToday: leg.strike > 0 && leg.expiry <= market.day,
      units: 0,
    });
  }
  entries.sort((a, b) => compare(a.contract.leg, b.contract.leg));
  return { entries, market, rates };
}

function take({ entries }: Book, leg: MarginLeg): void {
  const entry = entries.find(({ contract }) => isSame(contract.leg, leg));
  if (entry !== undefined) entry.units += leg.units;
}

function isSame(one: MarginLeg, other: MarginLeg): boolean {
  return one.strike === other.strike && one.right === other.right && one.expiry === other.expiry;
}

/** Total among different contracts, so that sums are made in one order whatever order the legs come in. */
function compare(one: MarginLeg, other: MarginLeg): number {
  if (one.expiry !== other.expiry) return one.expiry < other.expiry ? -1 : 1;
  if (one.strike !== other.strike) return one.strike - other.strike;
  return one.right < other.right ? -1 : 1;
}

function marginOfBook(book: Book): Margin {
  const { market, rates } = book;
  let [short, expiring] = [0, 0];
  for (const { contract, units, expiringToday } of book.entries) {
    if (contract.leg.strike === 0 || units >= 0) continue;
    short -= units;
    if (expiringToday) expiring -= units;
  }
  const span = roundedUp(spanOf(book));
  const exposure = roundedUp(((short * market.spot + futuresNotional(book)) * rates.exposurePct) / 100);
  const expiryDay = roundedUp((expiring * market.spot * rates.expiryDayPct) / 100);
  return { span, exposure, expiryDay, total: span + exposure + expiryDay };
}

function spanOf({ entries, market, rates }: Book): number {
  if (rates.legs === 'apart') return entries.reduce((sum, entry) => sum + worstOf([entry]), 0);
  const expiries = expiriesOf(entries);
  const apart = expiries.filter((group) => standsAlone(group, market, rates));
  const others = expiries.filter((group) => !standsAlone(group, market, rates));
  const alone = (groups: readonly (readonly Entry[])[]): number =>
    groups.reduce((sum, group) => sum + worstOf(group), 0);
  if (others.length < 2) return alone(expiries);
  let offset = 0;
  const deltas = others.map((group) => group.reduce((sum, { contract, units }) => sum + contract.delta * units, 0));
  matchAcross(deltas, (units) => {
    offset += units;
  });
  const together = worstOf(others.flat(), (offset * market.spot * rates.calendarPct) / 100);
  return alone(apart) + Math.min(together, alone(others));
}

function standsAlone(group: readonly Entry[], { day }: MarginMarket, rates: MarginRates): boolean {
  const expiry = group[0]?.contract.leg.expiry;
  return rates.expiringToday === 'stands-alone' && expiry !== undefined && expiry <= day;
}

function expiriesOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const groups: Entry[][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last?.[0]?.contract.leg.expiry === entry.contract.leg.expiry) last.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

/** What the entries owe in their worst scenario, with a charge on top; never under nothing. */
function worstOf(entries: readonly Entry[], charge = 0): number {
  let worst = 0;
  for (let scenario = 0; scenario < SCENARIOS; scenario += 1) {
    let owed = charge;
    for (const { contract, units } of entries) owed -= units * (contract.values[scenario] as number);
    if (owed > worst) worst = owed;
  }
  return worst;
}

/** Paise of futures on which exposure is asked: what offsets across months counts a part of the far contract alone. */
function futuresNotional({ entries, market, rates }: Book): number {
  const futures = entries.filter(({ contract, units }) => contract.leg.strike === 0 && units !== 0);
  let notional = futures.reduce((sum, { contract, units }) => sum + Math.abs(units) * contract.leg.price, 0);
  if (rates.legs === 'apart') return notional;
  const lasting = futures.filter((entry) => !standsAlone([entry], market, rates));
  matchAcross(
    lasting.map(({ units }) => units),
    (units, near, far) => {
      const [nearPrice, farPrice] = [lasting[near]?.contract.leg.price ?? 0, lasting[far]?.contract.leg.price ?? 0];
      notional -= units * (nearPrice + farPrice - farPrice / rates.calendarDivisor);
    },
  );
  return notional;
}

/** Sets amounts of opposite sign off against each other, nearest first. */
function matchAcross(amounts: readonly number[], onMatch: (matched: number, near: number, far: number) => void): void {
  const left = [...amounts];
  for (let far = 1; far < left.length; far += 1) {
    for (let near = 0; near < far; near += 1) {
      const [one, other] = [left[near] ?? 0, left[far] ?? 0];
      if (one * other >= 0) continue;
      const matched = Math.min(Math.abs(one), Math.abs(other));
      left[near] = one - Math.sign(one) * matched;
      left[far] = other - Math.sign(other) * matched;
      onMatch(matched, near, far);
    }
  }
}

/** To a grid of a thousandth of a paisa first, so that the last bits of a sum decide nothing. */
function roundedUp(money: number): number {
  return Math.ceil(Math.round(money * 1_000) / 1_000);
}
