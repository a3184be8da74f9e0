import { invariant } from '../../engine/assert.ts';
import type { TradingCalendar } from '../../engine/market/calendar.ts';
import type { ContractBook } from '../../engine/market/contract-book.ts';
import type { CandleColumns } from '../../engine/model/candle-frame.ts';
import type { OptionContract, Underlying } from '../../engine/model/instrument.ts';
import { exchangeOf } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import type { ListingChoice } from './chain-listing.ts';
import { chainListing } from './chain-listing.ts';
import type { ChainParameters } from './chain-parameters.ts';
import { CHAIN_MODEL_VERSION, FROZEN_CHAIN } from './chain-parameters.ts';
import type { ChainDay, ExpiryPoints } from './expiry-points.ts';
import { expiryPoints, settlementLevel } from './expiry-points.ts';
import { writeStrike } from './strike-candles.ts';
import type { DayLevel, IndexColumns, SessionMove } from './volatility-level.ts';
import { levelBefore } from './volatility-level.ts';

/** Where the candles of some options go. */
export interface ChainPlace {
  readonly columns: CandleColumns;
  /** Slots of the day, and the slot of the first option. */
  readonly slots: number;
  readonly slot: number;
  /** Which row of the day each candle of the index is. */
  readonly rows: ArrayLike<number>;
}

/** An index day with all that its chain hangs on. */
export interface IndexDay extends ChainDay {
  readonly underlying: Underlying;
  /** First price of the day, paise. */
  readonly open: number;
}

/**
 * An option chain that is computed: contracts, strikes, expiries and hours are the real ones of each date, prices are Black's model on
 * the index's own candles. Equal candles give equal prices, and no price knows a later candle.
 */
export class ModelledChain {
  readonly parameters: ChainParameters;
  readonly #calendar: TradingCalendar;
  readonly #contracts: ContractBook;

  constructor(parts: {
    readonly calendar: TradingCalendar;
    readonly contracts: ContractBook;
    readonly parameters?: ChainParameters;
  }) {
    this.#calendar = parts.calendar;
    this.#contracts = parts.contracts;
    this.parameters = parts.parameters ?? FROZEN_CHAIN;
  }

  /** What the prices follow from beside the candles, as one text: equal texts and candles, equal prices. */
  get recipe(): string {
    return `modelled chain, version ${CHAIN_MODEL_VERSION}, ${JSON.stringify(this.parameters)}`;
  }

  /** The session before a day. */
  before(day: Day, underlying: Underlying): Day | undefined {
    return this.#calendar.previousTradingDay(day, { exchange: exchangeOf(underlying) });
  }

  /** Sessions before a day, newest first, as many as a level looks back on. */
  lookedBackOn(day: Day, underlying: Underlying): readonly Day[] {
    const days: Day[] = [];
    let at = this.before(day, underlying);
    while (at !== undefined && days.length < this.parameters.realised.sessions) {
      days.push(at);
      at = this.before(at, underlying);
    }
    return days;
  }

  /** Sessions between two days, both included. */
  sessions(from: Day, to: Day, underlying: Underlying): readonly Day[] {
    return this.#calendar.tradingDays(from, to, { exchange: exchangeOf(underlying) });
  }

  level(parts: {
    readonly underlying: Underlying;
    readonly vixBefore: number | undefined;
    readonly sessions: readonly SessionMove[];
  }): DayLevel {
    return levelBefore({ ...parts, parameters: this.parameters });
  }

  /** Undefined without a candle. */
  indexDay(parts: {
    readonly day: Day;
    readonly underlying: Underlying;
    readonly intervalMs: number;
    readonly index: IndexColumns;
    readonly level: DayLevel;
    readonly closeBefore: number | undefined;
  }): IndexDay | undefined {
    const first = Array.prototype.indexOf.call(parts.index.valid, 1);
    if (first < 0) return undefined;
    const session = this.#calendar.sessionOn(parts.day, exchangeOf(parts.underlying));
    invariant(session !== undefined, `${parts.day} has candles of ${parts.underlying} but no session`);
    return { ...parts, session, open: parts.index.open[first] as number };
  }

  /** Where contracts of a day's expiry end, paise: their last prices and their payoff go by one level. */
  settlementLevel(of: IndexDay): number | undefined {
    return settlementLevel(of);
  }

  expiries(day: Day, underlying: Underlying): readonly Day[] {
    return this.#contracts.expiriesOn(day, underlying).map(({ expiry }) => expiry);
  }

  /** The options of a day, in the total order of instruments. */
  listing(of: IndexDay, choice: ListingChoice): readonly OptionContract[] {
    const { underlying, day, open } = of;
    return chainListing({ contracts: this.#contracts, underlying, day, open, level: of.level.level }, choice);
  }

  /** Prices options of a day, in the total order of instruments. */
  write(of: IndexDay, options: readonly OptionContract[], place: ChainPlace): void {
    let points: ExpiryPoints | undefined;
    for (let at = 0; at < options.length; at += 1) {
      const { expiry, strike, right } = options[at] as OptionContract;
      if (points === undefined || options[at - 1]?.expiry !== expiry) {
        const daysLeft = this.#contracts.daysToExpiry(of.day, expiry).businessDays;
        points = expiryPoints(of, { expiry, daysLeft }, this.parameters);
      }
      const slot = place.slot + at;
      const next = options[at + 1];
      const isPair = right === 'CE' && next?.strike === strike && next.expiry === expiry;
      const put = isPair ? slot + 1 : right === 'PE' ? slot : -1;
      const sides = { call: right === 'CE' ? slot : -1, put };
      const { rows, slots, columns } = place;
      writeStrike(
        { points, strike, ...sides, rows, valid: of.index.valid, slots, parameters: this.parameters },
        columns,
      );
      if (isPair) at += 1;
    }
  }
}
