import { exp } from '../../engine/indicators/fixed-math.ts';
import type { Session, TradingCalendar } from '../../engine/market/calendar.ts';
import type { Exchange, Underlying } from '../../engine/model/instrument.ts';
import { exchangeOf } from '../../engine/model/instrument.ts';
import type { Day } from '../../engine/model/time.ts';
import type { ChanceStream } from '../../engine/prng.ts';
import { gaussian, streamOf } from '../../engine/prng.ts';
import { weightOf, YEAR_DAYS } from '../session-variance.ts';
import { CHARACTER_OF, homeLogLevel, homeVolatility } from './levels.ts';

/** Of a day's variance this much falls between the close and the next open, the rest into the session. */
export const OVERNIGHT_SHARE = 0.25;

/** Realised volatility as a part of the implied one: what sellers of options are paid for. */
const REALISED_PART = 0.87;

/** Pull of the level towards its home per day, about nine weeks to halve a distance. */
const LEVEL_MEMORY = 0.985;
const VOLATILITY_MEMORY = 0.93;

/** One index day moves at most this much in logarithm: circuit breakers stop the market before. */
const MOVE_MAX = 0.09;

export type DayCharacter = 'plain' | 'trend' | 'range';

/** What a day is before its minutes are drawn. Levels are paise, volatilities fractions a year. */
export interface MarketDay {
  readonly day: Day;
  readonly session: Session;
  readonly previousClose: number;
  readonly open: number;
  readonly close: number;
  /** Logarithm of close over open, jump included. */
  readonly move: number;
  readonly character: DayCharacter;
  /** When in the session the news comes, 0 to 1, and by how much; size 0 on most days. */
  readonly jumpAt: number;
  readonly jumpSize: number;
  readonly volatilityBefore: number;
  readonly volatilityAfter: number;
  readonly homeVolatility: number;
  readonly skew: number;
  /** Part of an ordinary session's variance that this session carries. */
  readonly weight: number;
  /** Standard deviation of the session's move that the day's noise is drawn with. */
  readonly deviation: number;
}

interface PathState {
  readonly day: Day;
  readonly logClose: number;
  /** Logarithm of volatility over its home. */
  readonly stress: number;
  readonly skew: number;
}

const SKEW_HOME = -0.07;

/**
 * The daily story of one index from the first day of the calendar on: gaps, moves, volatility, skew. Each day draws from streams named
 * after it, and needs only the day before; all days up to the one asked are made, which takes microseconds a day, and kept.
 *
 * Assumes a log-normal day around a home level, a volatility that rises when the market falls, fat-tailed gaps, and news on one day
 * in sixteen.
 */
export class DailyPath {
  readonly underlying: Underlying;
  readonly #seed: number;
  readonly #calendar: TradingCalendar;
  readonly #exchange: Exchange;
  readonly #days: MarketDay[] = [];
  readonly #indexOf = new Map<Day, number>();
  #state: PathState;

  constructor(parts: { readonly seed: number; readonly underlying: Underlying; readonly calendar: TradingCalendar }) {
    this.#seed = parts.seed;
    this.underlying = parts.underlying;
    this.#calendar = parts.calendar;
    this.#exchange = exchangeOf(parts.underlying);
    const first = parts.calendar.firstDay;
    const logClose = homeLogLevel(parts.underlying, first);
    this.#state = { day: first, logClose, stress: 0, skew: SKEW_HOME };
  }

  /** Undefined on a day without a session. */
  on(day: Day): MarketDay | undefined {
    if (this.#calendar.sessionOn(day, this.#exchange) === undefined) return undefined;
    this.#extendTo(day);
    return this.#days[this.#indexOf.get(day) ?? -1];
  }

  /** The day with a session before one that has a session; undefined on the first. */
  before(day: Day): MarketDay | undefined {
    this.#extendTo(day);
    return this.#days[(this.#indexOf.get(day) ?? 0) - 1];
  }

  #extendTo(day: Day): void {
    const made = this.#days.at(-1)?.day;
    if (made !== undefined && made >= day) return;
    for (const next of this.#calendar.tradingDays(this.#state.day, day, { exchange: this.#exchange })) {
      if (made !== undefined && next <= made) continue;
      const session = this.#calendar.sessionOn(next, this.#exchange);
      if (session === undefined) continue;
      this.#indexOf.set(next, this.#days.length);
      this.#days.push(this.#step(next, session));
    }
  }

  #step(day: Day, session: Session): MarketDay {
    const common = streamOf(this.#seed, `market ${day}`);
    const draw = drawsOf(
      common,
      streamOf(this.#seed, `${this.underlying} ${day}`),
      CHARACTER_OF[this.underlying].common,
    );
    const { beta } = CHARACTER_OF[this.underlying];
    const before = this.#state;
    const home = homeVolatility(day);
    const volatilityBefore = exp(before.stress) * homeVolatility(before.day) * beta;
    const daily = (REALISED_PART * volatilityBefore) / Math.sqrt(YEAR_DAYS);
    const weight = weightOf(session);
    const homeLog = homeLogLevel(this.underlying, day);
    const drift =
      homeLog + LEVEL_MEMORY * (before.logClose - homeLogLevel(this.underlying, before.day)) - before.logClose;

    const gap = 0.35 * drift + daily * Math.sqrt(OVERNIGHT_SHARE) * draw.gap;
    const deviation = daily * Math.sqrt((1 - OVERNIGHT_SHARE) * weight);
    const jumpSize = draw.jump * daily;
    const move = limited(0.65 * drift + deviation * draw.move + jumpSize);
    const surprise = (gap + move - drift) / daily;
    const stress = VOLATILITY_MEMORY * before.stress + stressOf(surprise) + 0.03 * draw.volatility;
    const skew = SKEW_HOME + 0.95 * (before.skew - SKEW_HOME) + 0.004 * draw.skew;

    const logOpen = before.logClose + limited(gap);
    this.#state = { day, logClose: logOpen + move, stress: Math.min(Math.max(stress, -0.5), 0.9), skew };
    return {
      day,
      session,
      previousClose: exp(before.logClose),
      open: exp(logOpen),
      close: exp(logOpen + move),
      move,
      character: draw.character,
      jumpAt: draw.jumpAt,
      jumpSize,
      volatilityBefore,
      volatilityAfter: exp(this.#state.stress) * home * beta,
      homeVolatility: home * beta,
      skew: Math.min(Math.max(skew, -0.13), -0.02),
      weight,
      deviation,
    };
  }
}

interface DailyDraws {
  readonly gap: number;
  readonly move: number;
  readonly character: DayCharacter;
  readonly jump: number;
  readonly jumpAt: number;
  readonly volatility: number;
  readonly skew: number;
}

/** All chance of a day, always the same count of numbers in the same order. The common part is shared by all indices. */
function drawsOf(common: ChanceStream, own: ChanceStream, share: number): DailyDraws {
  const rest = Math.sqrt(1 - share * share);
  const mixed = (): number => share * gaussian(common) + rest * gaussian(own);
  const gap = mixed();
  const move = mixed();
  const kind = common();
  const character: DayCharacter = kind < 0.2 ? 'trend' : kind < 0.45 ? 'range' : 'plain';
  const fat = common();
  const news = common();
  const jump = gaussian(common);
  const jumpAt = common();
  const volatility = gaussian(common);
  const skew = gaussian(common);
  return {
    gap: fat < 0.06 ? 2.2 * gap : gap,
    move: moveOf(character, move),
    character,
    jump: news < 0.0625 ? 0.7 * jump : 0,
    jumpAt,
    volatility,
    skew,
  };
}

/** A trend day goes somewhere, a range day comes back; over all days the variance stays near one. */
function moveOf(character: DayCharacter, z: number): number {
  switch (character) {
    case 'trend':
      return (z < 0 ? -0.8 : 0.8) + 0.5 * z;
    case 'range':
      return 0.4 * z;
    case 'plain':
      return z;
  }
}

/** Falls raise volatility, rises lower it a little, and any large move raises it. */
function stressOf(surprise: number): number {
  const size = Math.min(Math.abs(surprise), 4);
  return -0.03 * Math.min(Math.max(surprise, -4), 4) + 0.008 * (size * size - 1);
}

function limited(move: number): number {
  return Math.min(Math.max(move, -MOVE_MAX), MOVE_MAX);
}
