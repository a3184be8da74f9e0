import type { ContractBook } from '../../engine/market/contract-book.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import type { SessionTable } from '../candle-row.ts';
import type { Reference } from '../reference.ts';
import { sessionTableOf } from '../session-table.ts';
import type { SymbolMeaning } from './symbol-styles.ts';
import { meaningOf } from './symbol-styles.ts';

/** What an import asks of the dated tables. */
export interface ImportFacts {
  readonly sessions: SessionTable;
  readonly meaningOf: (symbol: string, day: Day) => SymbolMeaning | undefined;
  readonly nearestExpiry: (underlying: Underlying, day: Day) => Day | undefined;
  readonly lotSizeOf: (of: {
    readonly underlying: Underlying;
    readonly expiry: Day;
    readonly day: Day;
  }) => number | undefined;
}

/** The dated tables as an import asks them. */
export function importFactsOf({ calendar, contracts }: Pick<Reference, 'calendar' | 'contracts'>): ImportFacts {
  return {
    sessions: sessionTableOf(calendar),
    meaningOf: (symbol, day) => meaningOf(symbol, { day, contracts }),
    nearestExpiry: (underlying, day) => nearest(contracts, underlying, day),
    lotSizeOf: (of) => contracts.lotSizeOf(of)?.lotSize,
  };
}

function nearest(contracts: ContractBook, underlying: Underlying, day: Day): Day | undefined {
  return contracts.expiryOf({ underlying, day, rule: 'nearest' })?.expiry;
}
