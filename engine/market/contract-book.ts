import { invariant } from '../assert.ts';
import type { DatedFact } from '../model/in-force.ts';
import { InForce } from '../model/in-force.ts';
import type { Exchange, Underlying } from '../model/instrument.ts';
import { compareText, exchangeOf } from '../model/instrument.ts';
import type {
  ContractTables,
  ExpiryFact,
  ExpiryRevision,
  ExpiryRow,
  ExpiryType,
  ListingDepth,
  LotConversion,
  PriceRoom,
  StrikeSteps,
} from '../model/reference.ts';
import type { Day, EpochMs } from '../model/time.ts';
import { addDays, day as dayFrom, daysBetween } from '../model/time.ts';
import type { Paise } from '../model/units.ts';
import { paise, TICK } from '../model/units.ts';
import type { TradingCalendar } from './calendar.ts';
import { expiriesByRule } from './expiry-rules.ts';
import { MarginFacts } from './margin-facts.ts';

/** How a strategy names an expiry. */
export type ExpiryChoice = 'nearest' | 'next' | 'monthly' | 'next-monthly';

/** Expiries after the tables' own are made by the weekday rules up to this day; none of them is sure. */
const RULED_UNTIL = dayFrom('2028-12-31');

/** So many of a kind have been listed at every time, whatever the listing row of the day says. */
const LISTED_AT_LEAST = 3;

/** No revision moved a listed expiry by more days than this. */
const REDATED_DAYS_MAX = 14;

/** One contract month or week through its life: the dates it had and the lots it had, oldest first. */
interface Contract {
  readonly row: ExpiryRow;
  readonly dates: readonly Period<Day>[];
  readonly lots: readonly Period<number>[];
  /** The fact that was asked for last, and the days on which it is the same: a run asks for each day of it. */
  known: { readonly from: Day; readonly until: Day | undefined; readonly fact: ExpiryFact } | undefined;
}

/** The contracts of one underlying, each type in the order of its last dates. */
type ContractsByType = Readonly<Record<ExpiryType, readonly Contract[]>>;

/** A value up to the close of a day; the last period has no end. */
interface Period<T> {
  readonly until: Day | undefined;
  readonly value: T;
  readonly sure: boolean;
}

/** What the engine asks of whoever knows the contracts. */
export type ContractFacts = Pick<
  ContractBook,
  | 'expiryOf'
  | 'expiryMoment'
  | 'lotSizeOf'
  | 'orderQuantityMax'
  | 'freezeQuantityOn'
  | 'strikeStepOf'
  | 'priceProtectionOn'
  | 'margins'
>;

/**
 * Which contracts exist on a day and what they are: expiry dates as they stood that day, lots, freeze quantities, strike steps, price
 * limits. All from dated tables; where these end the last known value is given as not sure, and of a freeze quantity half.
 */
export class ContractBook {
  readonly margins: MarginFacts;
  readonly #tables: ContractTables;
  readonly #calendar: TradingCalendar;
  readonly #contracts = new Map<Underlying, ContractsByType>();
  readonly #listing: ReadonlyMap<Underlying, InForce<ListingDepth>>;
  readonly #freeze: ReadonlyMap<Underlying, InForce<number>>;
  readonly #latest = new Map<Underlying, { readonly day: Day; readonly facts: readonly ExpiryFact[] }>();

  constructor(tables: ContractTables, calendar: TradingCalendar) {
    this.#tables = tables;
    this.#calendar = calendar;
    this.#listing = inForceByKey(tables.listing);
    this.#freeze = inForceByKey(tables.freeze);
    this.margins = new MarginFacts(tables.margins);
  }

  /** The expiries listed on a day, rising, with the dates and lots they had that day. */
  expiriesOn(day: Day, underlying: Underlying): readonly ExpiryFact[] {
    const latest = this.#latest.get(underlying);
    if (latest?.day === day) return latest.facts;
    const facts = this.#listedOn(day, underlying);
    this.#latest.set(underlying, { day, facts });
    return facts;
  }

  /** The expiry that a choice names on a day: the nearest includes the one that expires today. */
  expiryOf(parts: {
    readonly day: Day;
    readonly underlying: Underlying;
    readonly rule: ExpiryChoice;
  }): ExpiryFact | undefined {
    const listed = this.expiriesOn(parts.day, parts.underlying);
    const monthlies = listed.filter((fact) => fact.type === 'monthly');
    const byRule = { nearest: listed[0], next: listed[1], monthly: monthlies[0], 'next-monthly': monthlies[1] };
    return byRule[parts.rule];
  }

  /** The fact of one expiry, dated as on the day; listed or not. */
  expiryFact(parts: {
    readonly underlying: Underlying;
    readonly expiry: Day;
    readonly day: Day;
  }): ExpiryFact | undefined {
    const contract = this.#find(parts);
    return contract === undefined ? undefined : this.#factOn(parts.day, contract);
  }

  /** The monthly contract of a calendar month (`2025-09`), dated as on the day, or as it was dated last. */
  monthlyOf(parts: { readonly underlying: Underlying; readonly month: string; readonly day?: Day }): Day | undefined {
    const contract = this.#of(parts.underlying).monthly.find(({ row }) => row.expiry.slice(0, 7) === parts.month);
    if (contract === undefined || parts.day === undefined) return contract?.row.expiry;
    return valueOn(parts.day, contract.dates).value;
  }

  /** The date on another day of a contract that was dated so on one day: listed expiries move overnight. */
  redated(parts: {
    readonly underlying: Underlying;
    readonly expiry: Day;
    readonly from: Day;
    readonly to: Day;
  }): Day | undefined {
    const contract = this.#find({ underlying: parts.underlying, expiry: parts.expiry, day: parts.from });
    return contract === undefined ? undefined : valueOn(parts.to, contract.dates).value;
  }

  /** The lot of a contract on a day; undefined for a contract that the tables do not know. */
  lotSizeOf(parts: {
    readonly underlying: Underlying;
    readonly expiry: Day;
    readonly day: Day;
  }): { readonly lotSize: number; readonly sure: boolean } | undefined {
    const fact = this.expiryFact(parts);
    return fact === undefined ? undefined : { lotSize: fact.lotSize, sure: fact.sure };
  }

  /** Units above which an order is refused: the table's value, and half the last known one where the evidence ends. */
  freezeQuantityOn(
    underlying: Underlying,
    day: Day,
  ): { readonly quantity: number; readonly sure: boolean } | undefined {
    const row = this.#freeze.get(underlying)?.rowOn(day);
    if (row === undefined) return undefined;
    if (day <= this.#calendar.verifiedUntil) return { quantity: row.value, sure: row.sure };
    return { quantity: Math.floor(row.value / 2), sure: false };
  }

  /** The largest order of a contract: whole lots within the freeze quantity. */
  orderQuantityMax(parts: {
    readonly underlying: Underlying;
    readonly expiry: Day;
    readonly day: Day;
  }): { readonly quantity: number; readonly lots: number; readonly sure: boolean } | undefined {
    const freeze = this.freezeQuantityOn(parts.underlying, parts.day);
    const lot = this.lotSizeOf(parts);
    if (freeze === undefined || lot === undefined) return undefined;
    const lots = Math.floor(freeze.quantity / lot.lotSize);
    return { quantity: lots * lot.lotSize, lots, sure: freeze.sure && lot.sure };
  }

  /** The step between strikes around the money, in the weeklies and the nearest month. */
  strikeStepOf(underlying: Underlying): Paise {
    return this.#strikes(underlying).near;
  }

  /** The step between strikes around the money of one expiry on a day. */
  strikeStepOn(parts: { readonly underlying: Underlying; readonly expiry: Day; readonly day: Day }): Paise {
    const steps = this.#strikes(parts.underlying);
    const monthlies = this.expiriesOn(parts.day, parts.underlying).filter((fact) => fact.type === 'monthly');
    const place = monthlies.findIndex((fact) => fact.expiry === parts.expiry);
    if (place <= 0) return steps.near;
    const near = this.#listing.get(parts.underlying)?.on(parts.day)?.monthlies ?? LISTED_AT_LEAST;
    return place < near ? steps.laterMonths : (steps.longDated ?? steps.laterMonths);
  }

  /** How far a limit price may lie from the reference price; undefined before an exchange had such a rule. */
  priceProtectionOn(exchange: Exchange, day: Day): DatedFact<PriceRoom> | undefined {
    return this.#priceRoom(this.#tables.limitPriceProtection.get(exchange), day);
  }

  /** How far the limit of a stop order may lie from its trigger; undefined where the exchange does not say. */
  stopLimitRoomOn(exchange: Exchange, day: Day): DatedFact<PriceRoom> | undefined {
    return this.#priceRoom(this.#tables.stopLimitRoom.get(exchange), day);
  }

  /** Whether the exchange still took stop-market orders on index options. */
  takesStopMarket(exchange: Exchange, day: Day): boolean {
    const until = this.#tables.stopMarketUntil.get(exchange);
    return until === undefined || day <= until;
  }

  /** Calendar days and business days from a day to an expiry, 0 on the expiry day; holidays as known on the day. */
  daysToExpiry(day: Day, expiry: Day): { readonly calendarDays: number; readonly businessDays: number } {
    return {
      calendarDays: daysBetween(day, expiry),
      businessDays: this.#calendar.businessDaysBetween(day, expiry),
    };
  }

  /** When a contract's value is settled: the close until July 2026, the end of the closing auction after. */
  expiryMoment(parts: { readonly underlying: Underlying; readonly expiry: Day }): EpochMs | undefined {
    return this.#calendar.sessionOn(parts.expiry, exchangeOf(parts.underlying))?.settlementAt;
  }

  #of(underlying: Underlying): ContractsByType {
    const known = this.#contracts.get(underlying);
    if (known !== undefined) return known;
    const contracts = contractsOf(underlying, this.#tables, this.#calendar);
    this.#contracts.set(underlying, contracts);
    return contracts;
  }

  #find(parts: { readonly underlying: Underlying; readonly expiry: Day; readonly day: Day }): Contract | undefined {
    const { weekly, monthly } = this.#of(parts.underlying);
    const isDatedSo = (one: Contract) => valueOn(parts.day, one.dates).value === parts.expiry;
    return weekly.find(isDatedSo) ?? monthly.find(isDatedSo);
  }

  #factOn(day: Day, contract: Contract): ExpiryFact {
    const { row, dates, lots, known } = contract;
    if (known !== undefined && day >= known.from && (known.until === undefined || day <= known.until))
      return known.fact;
    const date = valueOn(day, dates);
    const lot = valueOn(day, lots);
    const { verifiedUntil } = this.#calendar;
    const isVerified = day <= verifiedUntil;
    const sure = row.sure !== false && date.sure && lot.sure && isVerified;
    const fact = { expiry: date.value, type: row.type, lotSize: lot.value, sure };
    const until = earliest([date.until, lot.until, isVerified ? verifiedUntil : undefined]);
    contract.known = { from: day, until, fact };
    return fact;
  }

  #listedOn(day: Day, underlying: Underlying): readonly ExpiryFact[] {
    const depth = this.#listing.get(underlying)?.rowOn(day);
    if (depth === undefined) return [];
    const alive = (type: ExpiryType, count: number) => this.#aliveOn(day, { underlying, type, count });
    const { weeklies, monthlies, quarterlies, halfYearlies } = depth.value;
    const months = alive('monthly', monthlies + 3 * quarterlies + 6 * halfYearlies);
    const quarters = months.slice(monthlies).filter((fact) => monthOf(fact) % 3 === 0);
    const halves = quarters.slice(quarterlies).filter((fact) => monthOf(fact) % 6 === 0);
    const listed = [
      ...doubted(alive('weekly', weeklies), depth.sure),
      ...doubted(months.slice(0, monthlies), depth.sure),
      ...quarters.slice(0, quarterlies).map((fact) => withDoubt(fact, depth.sure)),
      ...halves.slice(0, halfYearlies).map((fact) => withDoubt(fact, depth.sure)),
    ];
    return listed.sort((a, b) => compareText(a.expiry, b.expiry));
  }

  /** The next expiries of a type, as dated on the day; their order is that of their last dates. */
  #aliveOn(
    day: Day,
    parts: { readonly underlying: Underlying; readonly type: ExpiryType; readonly count: number },
  ): readonly ExpiryFact[] {
    const facts: ExpiryFact[] = [];
    const contracts = this.#of(parts.underlying)[parts.type];
    const first = firstFrom(contracts, addDays(day, -REDATED_DAYS_MAX));
    for (let i = first; i < contracts.length && facts.length < parts.count; i += 1) {
      const contract = contracts[i];
      const fact = contract === undefined ? undefined : this.#factOn(day, contract);
      if (fact !== undefined && fact.expiry >= day) facts.push(fact);
    }
    return facts;
  }

  #strikes(underlying: Underlying): StrikeSteps {
    const steps = this.#tables.strikes.get(underlying);
    invariant(steps !== undefined, `no strike step is known of ${underlying}`);
    return steps;
  }

  #priceRoom(rows: readonly DatedFact<PriceRoom>[] | undefined, day: Day): DatedFact<PriceRoom> | undefined {
    const row = new InForce(rows ?? []).rowOn(day);
    if (row === undefined || day <= this.#calendar.verifiedUntil) return row;
    return { ...row, sure: false };
  }
}

/** The lowest and the highest price that a room around a reference allows, on ticks. */
export function bandOf(room: PriceRoom, reference: number): { readonly low: Paise; readonly high: Paise } {
  const distance = reference > room.upTo ? (reference * room.pct) / 100 : room.floor;
  return {
    low: paise(Math.max(TICK, Math.ceil((reference - distance) / TICK) * TICK)),
    high: paise(Math.floor((reference + distance) / TICK) * TICK),
  };
}

function contractsOf(underlying: Underlying, tables: ContractTables, calendar: TradingCalendar): ContractsByType {
  const revisions = tables.revisions.filter((one) => one.underlyings.includes(underlying)).toReversed();
  const conversions = tables.conversions.filter((one) => one.underlying === underlying).toReversed();
  const contracts = [...(tables.expiries.get(underlying) ?? []), ...ruledRows(underlying, tables, calendar)]
    .sort((a, b) => compareText(a.expiry, b.expiry))
    .map((row) => ({ row, dates: datesOf(row, revisions), lots: lotsOf(row, conversions), known: undefined }));
  return {
    weekly: contracts.filter(({ row }) => row.type === 'weekly'),
    monthly: contracts.filter(({ row }) => row.type === 'monthly'),
  };
}

/** What the rules still in force give after the table's last run of expiries. */
function ruledRows(underlying: Underlying, tables: ContractTables, calendar: TradingCalendar): readonly ExpiryRow[] {
  const rules = tables.rules.filter((rule) => rule.underlying === underlying && rule.last === undefined);
  const rows = tables.expiries.get(underlying) ?? [];
  const months = new Set(rows.filter((row) => row.type === 'monthly').map((row) => row.expiry.slice(0, 7)));
  const dense = rows.filter((row) => row.note === undefined).at(-1)?.expiry;
  if (dense === undefined) return [];
  return expiriesByRule({ rules, calendar, from: dense, to: RULED_UNTIL })
    .filter((one) => one.expiry > dense && !(one.type === 'monthly' && months.has(one.expiry.slice(0, 7))))
    .flatMap(({ expiry, type }) => {
      const lot = tables.lots.findLast((row) => row.underlying === underlying && row.type === type);
      return lot === undefined ? [] : [{ expiry, type, lotSize: lot.lotSize, kitePrefix: '', sure: false }];
    });
}

/** The dates a contract had, found by walking its revisions back from its last date, latest first. */
function datesOf(row: ExpiryRow, revisions: readonly ExpiryRevision[]): readonly Period<Day>[] {
  const periods: Period<Day>[] = [{ until: undefined, value: row.expiry, sure: true }];
  let date = row.expiry;
  for (const { moved, afterCloseOf, sure } of revisions) {
    const before = [...moved].find(([, after]) => after === date)?.[0];
    if (before === undefined) continue;
    periods.unshift({ until: afterCloseOf, value: before, sure });
    date = before;
  }
  return periods;
}

/** The lots a contract had, found by walking the conversions back from its last lot, latest first. */
function lotsOf(row: ExpiryRow, conversions: readonly LotConversion[]): readonly Period<number>[] {
  const periods: Period<number>[] = [{ until: undefined, value: row.lotSize, sure: true }];
  let lot = row.lotSize;
  for (const { firstExpiry, afterCloseOf, from, to, sure } of conversions) {
    if (to !== lot || row.expiry < firstExpiry) continue;
    periods.unshift({ until: afterCloseOf, value: from, sure });
    lot = from;
  }
  return periods;
}

function valueOn<T>(day: Day, periods: readonly Period<T>[]): Period<T> {
  const found = periods.find((period) => period.until === undefined || day <= period.until);
  invariant(found !== undefined, 'the last period of a contract has no end');
  return found;
}

/** Beyond what was always listed, a listing row that is not sure makes the fact not sure. */
function doubted(facts: readonly ExpiryFact[], sure: boolean): readonly ExpiryFact[] {
  return facts.map((fact, place) => withDoubt(fact, sure || place < LISTED_AT_LEAST));
}

function withDoubt(fact: ExpiryFact, sure: boolean): ExpiryFact {
  if (sure || !fact.sure) return fact;
  return { expiry: fact.expiry, type: fact.type, lotSize: fact.lotSize, sure: false };
}

function earliest(days: readonly (Day | undefined)[]): Day | undefined {
  let first: Day | undefined;
  for (const day of days) if (day !== undefined && (first === undefined || day < first)) first = day;
  return first;
}

/** Index of the first contract whose last date is a day or later. */
function firstFrom(contracts: readonly Contract[], day: Day): number {
  let low = 0;
  let high = contracts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((contracts[middle]?.row.expiry ?? day) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

function monthOf(fact: ExpiryFact): number {
  return Number(fact.expiry.slice(5, 7));
}

function inForceByKey<K, T>(rows: ReadonlyMap<K, readonly DatedFact<T>[]>): ReadonlyMap<K, InForce<T>> {
  return new Map([...rows].map(([key, facts]) => [key, new InForce(facts)]));
}
