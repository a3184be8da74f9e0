import type { DatedFact } from './in-force.ts';
import type { Exchange, Underlying } from './instrument.ts';
import type { LevyTables } from './levies.ts';
import type { MarginTables } from './margin-rates.ts';
import type { Day, IstTime } from './time.ts';
import type { Paise } from './units.ts';

/** What a row of a dated table says about itself. */
export interface Sourced {
  /** False where the source is weak or derived; reports say so. */
  readonly sure: boolean;
  readonly source: string;
  readonly note?: string | undefined;
}

/** The hours of an ordinary day. */
export interface SessionHours {
  readonly open: IstTime;
  readonly close: IstTime;
  /** Minutes before the close at which the index stops being a live price. */
  readonly indexEndsBeforeClose: number;
  /** Minutes before the close at which the settlement level of expiring contracts is known. */
  readonly settlementBeforeClose: number;
}

export type SpecialKind = 'muhurat' | 'budget' | 'full-saturday' | 'drill' | 'halt' | 'outage' | 'extended';
export type SessionKind = 'regular' | SpecialKind;

/** A session that differs from an ordinary weekday; without windows its hours are unknown. */
export interface SpecialSession extends Sourced {
  readonly day: Day;
  readonly kind: SpecialKind;
  readonly name: string;
  readonly exchanges: readonly Exchange[];
  readonly windows: readonly { readonly open: IstTime; readonly close: IstTime }[];
  /** An expiry on a holiday may be pulled back onto this day. */
  readonly countsForExpiry: boolean;
  /** The day of the notice, where it came late. */
  readonly knownSince?: Day | undefined;
}

export interface Holiday extends Sourced {
  readonly day: Day;
  readonly name: string;
  /** The day of the notice, where the holiday came after the annual list. */
  readonly knownSince?: Day | undefined;
}

/** A day that the annual list had closed until a notice opened it. */
export interface WithdrawnHoliday extends Sourced {
  readonly day: Day;
  readonly name: string;
  readonly withdrawnOn: Day;
}

export interface CalendarTables {
  readonly firstDay: Day;
  /** The last day that the evidence behind the tables reaches. */
  readonly verifiedUntil: Day;
  readonly hours: readonly DatedFact<SessionHours>[];
  readonly special: readonly SpecialSession[];
  readonly holidays: readonly Holiday[];
  readonly withdrawn: readonly WithdrawnHoliday[];
}

/** Quarterly and half-yearly contracts are monthlies that are listed early. */
export type ExpiryType = 'weekly' | 'monthly';

/** An expiry as it was dated on the day of asking. */
export interface ExpiryFact {
  readonly expiry: Day;
  readonly type: ExpiryType;
  /** The lot on the day of asking. */
  readonly lotSize: number;
  /** False where the date, the lot or the listing on that day is derived. */
  readonly sure: boolean;
}

/** An expiry by its last date and lot. */
export interface ExpiryRow {
  readonly expiry: Day;
  readonly type: ExpiryType;
  /** The day that the weekday rule names, where a holiday moved the expiry. */
  readonly scheduled?: Day | undefined;
  readonly lotSize: number;
  /** How Kite's trading symbols of this expiry begin. */
  readonly kitePrefix: string;
  /** Absent means sure. */
  readonly sure?: boolean | undefined;
  readonly note?: string | undefined;
}

/** The weekday on which expiries fall; the bounds are expiries as they were kept. */
export interface ExpiryRule extends Sourced {
  readonly underlying: Underlying;
  readonly type: ExpiryType;
  /** 0 for Monday to 6 for Sunday. */
  readonly weekday: number;
  readonly first: Day;
  readonly last?: Day | undefined;
}

/** Dates of listed contracts that changed overnight. */
export interface ExpiryRevision extends Sourced {
  readonly underlyings: readonly Underlying[];
  readonly afterCloseOf: Day;
  readonly moved: ReadonlyMap<Day, Day>;
}

/** How many contracts are listed at once. */
export interface ListingDepth {
  readonly weeklies: number;
  readonly monthlies: number;
  readonly quarterlies: number;
  readonly halfYearlies: number;
}

/** The lot of a run of expiries, by their last dates. */
export interface LotRow extends Sourced {
  readonly underlying: Underlying;
  readonly type: ExpiryType;
  readonly lotSize: number;
  readonly first?: Day | undefined;
  readonly last?: Day | undefined;
}

/** Contracts already listed that changed their lot after the close of a day. */
export interface LotConversion extends Sourced {
  readonly underlying: Underlying;
  readonly afterCloseOf: Day;
  readonly firstExpiry: Day;
  readonly from: number;
  readonly to: number;
}

/** Steps between strikes around the money. */
export interface StrikeSteps extends Sourced {
  readonly near: Paise;
  readonly laterMonths: Paise;
  readonly longDated?: Paise | undefined;
}

/** A distance in price: per cent above a reference of `upTo`, else a fixed amount. */
export interface PriceRoom {
  readonly pct: number;
  readonly floor: Paise;
  readonly upTo: Paise;
}

export interface ContractTables {
  readonly expiries: ReadonlyMap<Underlying, readonly ExpiryRow[]>;
  readonly rules: readonly ExpiryRule[];
  readonly revisions: readonly ExpiryRevision[];
  readonly listing: ReadonlyMap<Underlying, readonly DatedFact<ListingDepth>[]>;
  readonly lots: readonly LotRow[];
  readonly conversions: readonly LotConversion[];
  readonly freeze: ReadonlyMap<Underlying, readonly DatedFact<number>[]>;
  readonly strikes: ReadonlyMap<Underlying, StrikeSteps>;
  readonly limitPriceProtection: ReadonlyMap<Exchange, readonly DatedFact<PriceRoom>[]>;
  readonly stopLimitRoom: ReadonlyMap<Exchange, readonly DatedFact<PriceRoom>[]>;
  /** The last day on which an exchange took stop-market orders on index options. */
  readonly stopMarketUntil: ReadonlyMap<Exchange, Day>;
  readonly margins: MarginTables;
}

/** The names that Kite gives an index and its options. */
export interface KiteIndexName extends Sourced {
  readonly underlying: Underlying;
  readonly exchange: Exchange;
  readonly segment: string;
  readonly spotExchange: string;
  readonly spotSymbol: string;
  readonly spotToken: number;
}

/** All dated tables as plain values. */
export interface ReferenceTables {
  readonly calendar: CalendarTables;
  readonly contracts: ContractTables;
  readonly levies: LevyTables;
  readonly kiteIndices: readonly KiteIndexName[];
}
