import { TradingCalendar } from '../engine/market/calendar.ts';
import { ContractBook } from '../engine/market/contract-book.ts';
import type { LevyTables } from '../engine/model/levies.ts';
import type { KiteIndexName, ReferenceTables } from '../engine/model/reference.ts';
import { calendarTablesOf } from './reference-calendar.ts';
import { contractTablesOf } from './reference-contracts.ts';
import { kiteIndicesOf } from './reference-kite.ts';
import { levyTablesOf } from './reference-levies.ts';

/** The files of the dated tables, each by the name it has in the folder. */
export const REFERENCE_FILES = [
  'sessions',
  'holidays',
  'expiries',
  'lots',
  'freeze',
  'strikes',
  'price-controls',
  'margin',
  'charges',
  'instruments',
] as const;
export type ReferenceFile = (typeof REFERENCE_FILES)[number];

/** The facts of the market by date, ready to be asked. */
export interface Reference {
  readonly calendar: TradingCalendar;
  readonly contracts: ContractBook;
  readonly levies: LevyTables;
  readonly kiteIndices: readonly KiteIndexName[];
}

/** Reads the parsed files into plain tables; a file of the wrong shape is named with the field at fault. */
export function tablesOf(files: Readonly<Record<ReferenceFile, unknown>>): ReferenceTables {
  return {
    calendar: calendarTablesOf(files),
    contracts: contractTablesOf(files),
    levies: levyTablesOf(files.charges),
    kiteIndices: kiteIndicesOf(files.instruments),
  };
}

/** Builds what is asked by date from the plain tables. */
export function referenceOf(tables: ReferenceTables): Reference {
  const calendar = new TradingCalendar(tables.calendar);
  return {
    calendar,
    contracts: new ContractBook(tables.contracts, calendar),
    levies: tables.levies,
    kiteIndices: tables.kiteIndices,
  };
}
