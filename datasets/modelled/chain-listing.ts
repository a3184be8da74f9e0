import type { ContractBook } from '../../engine/market/contract-book.ts';
import type { OptionContract, Underlying } from '../../engine/model/instrument.ts';
import { compareInstruments, instrumentKey, option } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import { YEAR_DAYS } from '../session-variance.ts';
import { strikesBeside } from '../synthetic/listing.ts';

/** Beyond the strikes that are looked at: room for so many expected daily moves, and at least this share of the index. */
const MOVES_COVERED = 3;
const SHARE_COVERED = 0.02;

/** Strikes on each side of the money where nobody says how many are looked at. */
const STRIKES_AROUND = 12;

/** Which options of an underlying a day should hold. */
export interface ListingChoice {
  readonly expiries: 'all' | readonly Day[];
  readonly strikesAround?: number;
  /** Both ends included, paise. */
  readonly strikes?: { readonly min: number; readonly max: number };
  /** Options that are held from an earlier day, wherever their strikes stand now. */
  readonly held?: readonly OptionContract[];
}

/**
 * The options that a modelled day holds: the asked expiries as the dated tables list them that day, strikes around the day's first
 * price on their dated step, wide enough for the strikes that are looked at and a large move, and whatever is held from before. Nothing
 * later than the first price decides it, so the day cannot be read from its strikes.
 */
export function chainListing(
  of: {
    readonly contracts: ContractBook;
    readonly underlying: Underlying;
    readonly day: Day;
    /** First price of the day, paise. */
    readonly open: number;
    /** Volatility a year, a fraction. */
    readonly level: number;
  },
  { expiries, strikesAround = STRIKES_AROUND, strikes, held = [] }: ListingChoice,
): readonly OptionContract[] {
  const { contracts, underlying, day, open } = of;
  const reach = open * Math.max(SHARE_COVERED, (MOVES_COVERED * of.level) / Math.sqrt(YEAR_DAYS));
  const own = held.filter((contract) => contract.underlying === underlying);
  const found = new Map(own.map((contract) => [instrumentKey(contract), contract]));
  for (const { expiry } of contracts.expiriesOn(day, underlying)) {
    if (expiries !== 'all' && !expiries.includes(expiry)) continue;
    const step = contracts.strikeStepOn({ underlying, expiry, day });
    for (const strike of strikesBeside(open, step, strikesAround + Math.ceil(reach / step))) {
      if (strikes !== undefined && (strike < strikes.min || strike > strikes.max)) continue;
      for (const right of ['CE', 'PE'] as const) {
        const contract = option(underlying, expiry, strike, right);
        found.set(instrumentKey(contract), contract);
      }
    }
  }
  return [...found.values()].sort(compareInstruments);
}
