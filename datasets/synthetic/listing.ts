import type { ContractBook } from '../../engine/market/contract-book.ts';
import type { Instrument, Underlying } from '../../engine/model/instrument.ts';
import { option } from '../../engine/model/instrument.ts';
import type { ExpiryFact } from '../../engine/model/reference.ts';
import type { Day } from '../../engine/model/time.ts';
import type { Paise } from '../../engine/model/units.ts';
import { paise } from '../../engine/model/units.ts';
import { YEAR_DAYS } from '../session-variance.ts';
import type { MarketDay } from './daily-path.ts';

/** Which instruments of the index a day should hold; what is not said is taken as listed. */
export interface SyntheticChoice {
  readonly index?: 'include' | 'leave';
  readonly futures?: 'all' | readonly Day[];
  readonly expiries?: 'all' | readonly Day[];
  /** Both ends included. */
  readonly strikes?: { readonly min: Paise; readonly max: Paise };
}

/** How much of the real listing the synthetic market carries. */
export interface ListingDepthChoice {
  /** The nearest expiries, whatever they are. */
  readonly expiries: number;
  /** Monthlies on top of those. */
  readonly monthlies: number;
  /** Strikes on each side of the money, */
  readonly strikesEachSide: number;
  /** and beyond them room for so many expected daily moves. */
  readonly movesCovered: number;
}

export const LISTING_DEFAULT: ListingDepthChoice = { expiries: 2, monthlies: 1, strikesEachSide: 12, movesCovered: 2 };

export interface ListedExpiry {
  readonly fact: ExpiryFact;
  readonly isNearest: boolean;
  /** Rising. */
  readonly strikes: readonly Paise[];
}

/** What is listed on a day. Strikes follow from the evening before, so the day cannot be read from them. */
export interface Listing {
  readonly underlying: Underlying;
  readonly expiries: readonly ListedExpiry[];
  /** Expiry of the near future. */
  readonly future: ExpiryFact | undefined;
}

export function listingOn(parts: {
  readonly underlying: Underlying;
  readonly contracts: ContractBook;
  readonly day: MarketDay;
  readonly depth: ListingDepthChoice;
}): Listing {
  const { underlying, contracts, day, depth } = parts;
  const facts = contracts.expiriesOn(day.day, underlying);
  const monthlies = facts.filter((fact) => fact.type === 'monthly');
  const near = new Set([...facts.slice(0, depth.expiries), ...monthlies.slice(0, depth.monthlies)]);
  const expiries = facts
    .filter((fact) => near.has(fact))
    .map((fact) => ({
      fact,
      isNearest: fact === facts[0],
      strikes: strikesOf(day, contracts.strikeStepOn({ underlying, expiry: fact.expiry, day: day.day }), depth),
    }));
  return { underlying, expiries, future: monthlies[0] };
}

/** Strikes around the last close: the asked number a side, and room for some expected daily moves. */
function strikesOf(day: MarketDay, step: Paise, depth: ListingDepthChoice): readonly Paise[] {
  const move = (day.previousClose * day.volatilityBefore) / Math.sqrt(YEAR_DAYS);
  const side = depth.strikesEachSide + Math.ceil((depth.movesCovered * move) / step);
  return strikesBeside(day.previousClose, step, side);
}

/** The strike nearest to a level and so many on each side of it, rising. */
export function strikesBeside(level: number, step: Paise, side: number): readonly Paise[] {
  const middle = Math.floor(level / step + 0.5) * step;
  const first = Math.max(step, middle - side * step);
  return Array.from({ length: (middle + side * step - first) / step + 1 }, (_, i) => paise(first + i * step));
}

/** The instruments of a listing that are wanted, in their total order. */
export function instrumentsOf(listing: Listing, choice: SyntheticChoice): Instrument[] {
  const { underlying } = listing;
  const instruments: Instrument[] = choice.index === 'leave' ? [] : [{ kind: 'index', underlying }];
  const future = listing.future?.expiry;
  if (future !== undefined && isChosen(future, choice.futures)) {
    instruments.push({ kind: 'future', underlying, expiry: future });
  }
  for (const { fact, strikes } of listing.expiries) {
    if (!isChosen(fact.expiry, choice.expiries)) continue;
    for (const strike of strikes) {
      if (choice.strikes !== undefined && (strike < choice.strikes.min || strike > choice.strikes.max)) continue;
      instruments.push(option(underlying, fact.expiry, strike, 'CE'), option(underlying, fact.expiry, strike, 'PE'));
    }
  }
  return instruments;
}

function isChosen(expiry: Day, chosen: 'all' | readonly Day[] | undefined): boolean {
  return chosen === undefined || chosen === 'all' || chosen.includes(expiry);
}
