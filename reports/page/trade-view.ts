import { MINUTE_MS } from '../../engine/model/time.ts';
import type { FillMark, PagePayload, Picture, PictureGuard } from './payload.ts';
import type { DayTexts, PremiumCandle } from './price-text.ts';
import { levelOf, premiumsOf } from './price-text.ts';
import type { TradeLine } from './trade-lines.ts';

/** One contract of a structure over the minutes of a chart. */
export interface LegView {
  readonly leg: string;
  readonly contract: string;
  readonly trades: readonly TradeLine[];
  readonly candles: readonly (PremiumCandle | null)[];
  readonly fills: readonly FillMark[];
  readonly guards: readonly PictureGuard[];
}

/** What a chart of a structure is drawn of; every list is as long as `times`, prices and money in paise. */
export interface TradeView {
  /** End of each minute, epoch ms. */
  readonly times: readonly number[];
  readonly underlying: string;
  readonly level: readonly (number | null)[];
  readonly levelGuards: readonly PictureGuard[];
  /** Minutes whose level is no price of the index itself. */
  readonly estimated: number;
  readonly legs: readonly LegView[];
  /** Premium of all legs per unit of the smallest, a leg that is out at its exit price; empty for a single leg. */
  readonly combined: readonly (number | null)[];
  readonly combinedGuards: readonly PictureGuard[];
  /** Gross of the structure, open and booked; null before its first entry. */
  readonly profit: readonly (number | null)[];
}

/** What a chart shows before the first entry. */
const LEAD_MS = 30 * MINUTE_MS;
/** In the codes of rungs: a level that was the index itself. */
const INDEX_RUNG = 1;

/** Puts together the chart of a structure; undefined where the page holds no prices of it. */
export function tradeView(
  structure: number,
  payload: Pick<PagePayload, 'pictures' | 'prices'>,
  trades: readonly TradeLine[],
): TradeView | undefined {
  const picture = payload.pictures[String(structure)];
  const own = trades.filter((trade) => trade.structure === structure);
  const first = own[0];
  if (picture === undefined || first === undefined) return undefined;
  const from = own.reduce((low, { openedAt }) => Math.min(low, openedAt), first.openedAt) - LEAD_MS;
  const days = picture.days.flatMap((day) => payload.prices[day] ?? []);
  const kept = days.flatMap(timesOf).map((end) => end > from);
  const shown = <T>(values: readonly T[]): readonly T[] => values.filter((_, at) => kept[at]);
  const legs = legsOf(picture, own, (contract) => shown(days.flatMap((day) => premiumOf(day, contract))));
  const times = shown(days.flatMap(timesOf));
  const several = new Set(own.map(({ leg }) => leg)).size > 1;
  return {
    times,
    underlying: picture.underlying,
    level: shown(days.flatMap((day) => levelIn(day, picture.underlying))),
    levelGuards: picture.guards.filter(({ basis }) => basis === 'underlying'),
    estimated: shown(days.flatMap((day) => rungsIn(day, picture.underlying))).filter((rung) => rung > INDEX_RUNG)
      .length,
    legs,
    combined: several ? combinedOf(times, legs) : [],
    combinedGuards: picture.guards.filter(({ basis }) => basis === 'combined'),
    profit: profitOf(times, legs),
  };
}

function legsOf(
  picture: Picture,
  trades: readonly TradeLine[],
  candlesOf: (contract: string) => LegView['candles'],
): readonly LegView[] {
  const legs: LegView[] = [];
  for (const { leg, contract } of trades) {
    if (legs.some((known) => known.leg === leg && known.contract === contract)) continue;
    const lives = trades.filter((trade) => trade.leg === leg && trade.contract === contract);
    legs.push({
      leg,
      contract,
      trades: lives,
      candles: candlesOf(contract),
      fills: picture.fills.filter(([trade]) => lives.some(({ id }) => id === trade)),
      guards: picture.guards.filter((guard) => guard.basis === 'leg' && guard.leg === leg),
    });
  }
  return legs.sort((a, b) => (a.trades[0]?.openedAt ?? 0) - (b.trades[0]?.openedAt ?? 0));
}

function timesOf({ every, spans }: DayTexts): readonly number[] {
  return spans.flatMap(([start, count]) => Array.from({ length: count }, (_, at) => start + (at + 1) * every));
}

function premiumOf(day: DayTexts, contract: string): LegView['candles'] {
  const text = day.premiums[contract];
  return text === undefined ? timesOf(day).map(() => null) : premiumsOf(text);
}

function levelIn(day: DayTexts, underlying: string): readonly (number | null)[] {
  const text = day.levels[underlying];
  return text === undefined ? timesOf(day).map(() => null) : levelOf(text);
}

function rungsIn(day: DayTexts, underlying: string): readonly number[] {
  const runs = day.levels[underlying]?.rungs ?? [[0, timesOf(day).length] as const];
  return runs.flatMap(([rung, count]) => Array.from({ length: count }, () => rung));
}

/** Price of a round trip at each minute: its last close while it is open, its exit price afterwards, null before. */
function* pricesOf(times: readonly number[], trade: TradeLine, candles: LegView['candles']): Generator<number | null> {
  let last = trade.entry;
  for (const [at, ts] of times.entries()) {
    if (ts < trade.openedAt) yield null;
    else if (ts >= trade.closedAt) yield trade.exit;
    else {
      last = candles[at]?.close ?? last;
      yield last;
    }
  }
}

function profitOf(times: readonly number[], legs: readonly LegView[]): readonly (number | null)[] {
  const sums: (number | null)[] = times.map(() => null);
  for (const { trades, candles } of legs)
    for (const trade of trades)
      for (const [at, result] of [...resultsOf(times, trade, candles)].entries())
        if (result !== null) sums[at] = (sums[at] ?? 0) + result;
  return sums;
}

/** Gross of one round trip at each minute, open until it was closed. */
function* resultsOf(times: readonly number[], trade: TradeLine, candles: LegView['candles']): Generator<number | null> {
  const sign = trade.side === 'BUY' ? 1 : -1;
  let at = 0;
  for (const price of pricesOf(times, trade, candles)) {
    const isOut = (times[at] ?? 0) >= trade.closedAt;
    at += 1;
    if (price === null) yield null;
    else yield isOut ? trade.gross : sign * (price - trade.entry) * trade.quantity;
  }
}

/** The first life of each leg; a leg that was entered again has left the sum that its guard was set on. */
function combinedOf(times: readonly number[], legs: readonly LegView[]): readonly (number | null)[] {
  const lives = legs.flatMap(({ trades, candles }) => (trades[0] === undefined ? [] : [{ trade: trades[0], candles }]));
  const smallest = Math.min(...lives.map(({ trade }) => trade.lots));
  const weights = lives.map(({ trade }) => (trade.side === 'SELL' ? trade.lots : -trade.lots) / smallest);
  const atEntry = lives.reduce((sum, { trade }, at) => sum + trade.entry * (weights[at] ?? 0), 0);
  const prices = lives.map(({ trade, candles }) => [...pricesOf(times, trade, candles)]);
  return times.map((_, minute) => {
    let sum = 0;
    for (const [at, of] of prices.entries()) {
      const price = of[minute] ?? null;
      if (price === null) return null;
      sum += price * (weights[at] ?? 0);
    }
    return atEntry >= 0 ? sum : -sum;
  });
}
