import type { TradingCalendar } from '../../engine/market/calendar.ts';
import type { ContractBook } from '../../engine/market/contract-book.ts';
import type { CandleColumns, DayCandles } from '../../engine/model/candle-frame.ts';
import { emptyDay } from '../../engine/model/candle-frame.ts';
import type { Instrument, OptionContract, Underlying } from '../../engine/model/instrument.ts';
import { exchangeOf, instrumentKey } from '../../engine/model/instrument.ts';
import type { ExpiryFact } from '../../engine/model/reference.ts';
import type { Day } from '../../engine/model/time.ts';
import { MINUTE_MS } from '../../engine/model/time.ts';
import type { Paise } from '../../engine/model/units.ts';
import { paise } from '../../engine/model/units.ts';
import { streamOf } from '../../engine/prng.ts';
import { YEAR_DAYS } from '../session-variance.ts';
import type { ExpiryTrade } from './contract-trade.ts';
import { futureLots, lotsAtTheMoney, openLots } from './contract-trade.ts';
import type { MarketDay } from './daily-path.ts';
import { DailyPath } from './daily-path.ts';
import { expiryCurve } from './expiry-curve.ts';
import { writeFuture, writeIndex } from './index-candles.ts';
import { CHARACTER_OF } from './levels.ts';
import type { Listing, ListingDepthChoice, SyntheticChoice } from './listing.ts';
import { instrumentsOf, LISTING_DEFAULT, listingOn } from './listing.ts';
import type { OptionSide } from './option-candles.ts';
import { writeStrike } from './option-candles.ts';
import type { SessionPath } from './session-path.ts';
import { sessionPath } from './session-path.ts';

/** Raised when the same seed gives other candles than before: results of two versions cannot be compared. */
export const GENERATOR_VERSION = 2;

export interface SyntheticMarketParts {
  readonly seed: number;
  readonly underlying: Underlying;
  readonly calendar: TradingCalendar;
  readonly contracts: ContractBook;
  readonly depth?: Partial<ListingDepthChoice>;
}

/** A session with all that its prices hang on. */
interface Scene {
  readonly day: MarketDay;
  readonly path: SessionPath;
  readonly listing: Listing;
}

/**
 * A market that never was: one index with its near future and options, minute by minute, from a seed. Sessions, expiries, lots and strikes
 * are the real ones of each date; prices are invented near the real level. Any day can be asked for alone, and an instrument's candles
 * do not depend on what else is asked.
 */
export class SyntheticMarket {
  readonly seed: number;
  readonly underlying: Underlying;
  readonly depth: ListingDepthChoice;
  readonly #calendar: TradingCalendar;
  readonly #contracts: ContractBook;
  readonly #daily: DailyPath;
  #scene: Scene | undefined;

  constructor(parts: SyntheticMarketParts) {
    this.seed = parts.seed;
    this.underlying = parts.underlying;
    this.depth = { ...LISTING_DEFAULT, ...parts.depth };
    this.#calendar = parts.calendar;
    this.#contracts = parts.contracts;
    this.#daily = new DailyPath(parts);
  }

  /** One-minute candles of a day; undefined on a day without a session. */
  day(day: Day, wanted: SyntheticChoice = {}): DayCandles | undefined {
    const scene = this.#sceneOf(day);
    if (scene === undefined) return undefined;
    const candles = emptyDay({
      day,
      intervalMs: MINUTE_MS,
      instruments: instrumentsOf(scene.listing, wanted),
      starts: scene.path.starts.slice(),
    });
    this.#write(scene, candles);
    return candles;
  }

  /** What `day` would hold, without its candles; empty on a day without a session. */
  instruments(day: Day, wanted: SyntheticChoice = {}): readonly Instrument[] {
    const marketDay = this.#daily.on(day);
    return marketDay === undefined ? [] : instrumentsOf(this.#listingOf(marketDay), wanted);
  }

  /** Whether the day has a session and options to trade in it. */
  has(day: Day): boolean {
    const isOpen = this.#calendar.sessionOn(day, exchangeOf(this.underlying)) !== undefined;
    return isOpen && this.#contracts.expiriesOn(day, this.underlying).length > 0;
  }

  /** Days with a session and options, both ends included, rising. */
  days(from: Day, to: Day): Day[] {
    const open = this.#calendar.tradingDays(from, to, { exchange: exchangeOf(this.underlying) });
    return open.filter((day) => this.has(day));
  }

  /** The first and the last day that rest on evidence. */
  get span(): { readonly from: Day; readonly to: Day } {
    return { from: this.#calendar.firstDay, to: this.#calendar.verifiedUntil };
  }

  /** What makes this market, for the card of a store. */
  get note(): string {
    const { expiries, monthlies, strikesEachSide, movesCovered } = this.depth;
    const listing = `${expiries} expiries + ${monthlies} monthly, ${strikesEachSide} strikes + ${movesCovered} moves a side`;
    return `synthetic market, version ${GENERATOR_VERSION}, seed ${this.seed}, ${listing}`;
  }

  /** What the candles of a day follow from, as one text: equal texts, equal candles. */
  recipe(day: Day): string {
    return `${this.note}, ${this.underlying} ${day}`;
  }

  /** The official close of the index, at which contracts of that day settle. */
  officialClose(day: Day): Paise | undefined {
    const scene = this.#sceneOf(day);
    return scene === undefined ? undefined : paise(scene.path.settlement.level);
  }

  /** The close of the market's volatility index in hundredths of a point, as India VIX stands beside NIFTY. */
  vixClose(day: Day): number | undefined {
    const marketDay = this.#daily.on(day);
    if (marketDay === undefined) return undefined;
    return Math.floor((marketDay.volatilityAfter / CHARACTER_OF[this.underlying].beta) * 10_000 + 0.5);
  }

  #sceneOf(day: Day): Scene | undefined {
    if (this.#scene?.day.day === day) return this.#scene;
    const marketDay = this.#daily.on(day);
    if (marketDay === undefined) return undefined;
    const path = sessionPath({ seed: this.seed, underlying: this.underlying, day: marketDay });
    this.#scene = { day: marketDay, path, listing: this.#listingOf(marketDay) };
    return this.#scene;
  }

  #listingOf(day: MarketDay): Listing {
    return listingOn({ underlying: this.underlying, contracts: this.#contracts, day, depth: this.depth });
  }

  #write(scene: Scene, candles: DayCandles): void {
    const { columns, instruments } = candles;
    const slots = instruments.length;
    let slot = 0;
    while (slot < slots) {
      const instrument = instruments[slot] as Instrument;
      switch (instrument.kind) {
        case 'index':
          writeIndex(scene.path, scene.day.session, columns, { slot, slots });
          slot += 1;
          break;
        case 'future':
          this.#writeFuture(scene, candles, slot);
          slot += 1;
          break;
        case 'option':
          slot = this.#writeExpiry(scene, candles, slot);
          break;
      }
    }
  }

  #writeFuture({ day, path, listing }: Scene, candles: DayCandles, slot: number): void {
    if (listing.future === undefined) return;
    const { expiry, lotSize } = listing.future;
    const curve = expiryCurve({ expiry, day, path, daysLeft: this.#daysLeft(day.day, expiry) });
    const lots = futureLots(this.underlying);
    const named = `${day.day} ${this.underlying} ${expiry} FUT`;
    const chance = streamOf(this.seed, named);
    const positions = streamOf(this.seed, `${named} positions`);
    const trade = { chance, positions, lotSize, lots, activity: path.activity, openLots: 800 * Math.ceil(lots) };
    writeFuture(curve, trade, candles.columns, { slot, slots: candles.instruments.length });
  }

  /** Writes all strikes of the expiry that begins at a slot and returns the slot after them. */
  #writeExpiry(scene: Scene, candles: DayCandles, from: number): number {
    const { day, path, listing } = scene;
    const { instruments, columns } = candles;
    const { expiry } = instruments[from] as OptionContract;
    const listed = listing.expiries.find(({ fact }) => fact.expiry === expiry);
    if (listed === undefined) return instruments.length;
    const daysLeft = this.#daysLeft(day.day, expiry);
    const curve = expiryCurve({ expiry, day, path, daysLeft });
    const trade = this.#tradeOf(listed, daysLeft);
    const common = { curve, lotSize: trade.lotSize, lots: lotsAtTheMoney(trade), activity: path.activity };

    let slot = from;
    for (; slot < instruments.length; slot += 2) {
      const call = instruments[slot] as OptionContract;
      if (call.expiry !== expiry) break;
      const job = { ...common, strike: call.strike, slots: instruments.length };
      const put: OptionContract = { ...call, right: 'PE' };
      writeStrike(
        {
          ...job,
          call: this.#side(scene, call, { trade, slot }),
          put: this.#side(scene, put, { trade, slot: slot + 1 }),
        },
        columns,
      );
    }
    return slot;
  }

  #tradeOf(listed: { readonly fact: ExpiryFact; readonly isNearest: boolean }, daysLeft: number): ExpiryTrade {
    const { fact, isNearest } = listed;
    return {
      underlying: this.underlying,
      daysLeft,
      isNearest,
      isMonthly: fact.type === 'monthly',
      lotSize: fact.lotSize,
    };
  }

  #side(
    { day }: Scene,
    instrument: OptionContract,
    at: { readonly trade: ExpiryTrade; readonly slot: number },
  ): OptionSide {
    const { seed } = this;
    const { trade, slot } = at;
    const before = { ...trade, daysLeft: trade.daysLeft + 1 };
    const volatility = (of: number): number => of / Math.sqrt(YEAR_DAYS);
    return {
      slot,
      chance: streamOf(seed, `${day.day} ${instrumentKey(instrument)}`),
      oiBefore: openLots({
        seed,
        instrument,
        trade: before,
        level: day.previousClose,
        dailyVolatility: volatility(day.volatilityBefore),
      }),
      oiAfter: openLots({
        seed,
        instrument,
        trade,
        level: day.close,
        dailyVolatility: volatility(day.volatilityAfter),
      }),
    };
  }

  /** Sessions after a day, up to an expiry. */
  #daysLeft(day: Day, expiry: Day): number {
    return this.#calendar.tradingDays(day, expiry, { exchange: exchangeOf(this.underlying) }).length - 1;
  }
}

/** The columns of a day, for whoever hashes or copies them. */
export function columnsOf(candles: DayCandles): readonly CandleColumns[keyof CandleColumns][] {
  const { open, high, low, close, volume, oi, valid } = candles.columns;
  return [open, high, low, close, volume, oi, valid];
}
