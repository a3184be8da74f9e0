/** The two legs of a weekly signal, and the optional stops on their money. */
import type { ExitReason, IstTime, OptionContract, Paise, StrategyContext, StructureView } from '../engine/strategy.ts';
import { minutesOf, rupeesText } from '../engine/strategy.ts';
import { choiceOn } from './expiry-choice.ts';
import type { Shelf } from './strike-rules.ts';
import { contractAt, freshPrice, premiumNearest, strikeOfLevel } from './strike-rules.ts';
import type { WeeklySettings } from './weekly-params.ts';

/** The sold and the bought contract with the prices that were seen, paise. */
interface Pair {
  readonly short: OptionContract;
  readonly hedge: OptionContract;
  readonly prices: { readonly shortPrice: Paise; readonly hedgePrice: Paise };
}

/** Both contracts with fresh prices, or the gate that failed. Level in paise; a bullish signal sells a put. */
export function legsOf(
  ctx: StrategyContext,
  params: WeeklySettings,
  { bull, level }: { readonly bull: boolean; readonly level: number },
): Pair | string {
  const choice = choiceOn(ctx.day, params);
  const expiry = ctx.expiry(choice);
  if (expiry === undefined) return `no ${choice} expiry is listed`;
  const shelf: Shelf = { expiry, right: bull ? 'PE' : 'CE' };
  const short = strikeOfLevel(ctx, shelf, { level, rule: params.strikeRule });
  if (typeof short === 'string') return short;
  const shortPrice = freshPrice(ctx, short);
  if (shortPrice === undefined) return `no fresh price of the sold ${short.strike / 100} ${short.right}`;
  const hedge = hedgeOf(ctx, params, short, shortPrice);
  if (typeof hedge === 'string') return hedge;
  const hedgePrice = freshPrice(ctx, hedge);
  if (hedgePrice === undefined) return `no fresh price of the bought ${hedge.strike / 100} ${hedge.right}`;
  return { short, hedge, prices: { shortPrice, hedgePrice } };
}

function hedgeOf(
  ctx: StrategyContext,
  params: WeeklySettings,
  { expiry, right, strike }: OptionContract,
  shortPrice: number,
): OptionContract | string {
  const outward = right === 'CE' ? 1 : -1;
  const away = (points: number): number => strike + outward * points * 100;
  const shelf: Shelf = { expiry, right };
  if (params.hedgeMethod === 'offset') return contractAt(ctx, shelf, away(params.hedgeOffset));
  const [near, far] = [away(params.hedgeNearest), away(params.hedgeFurthest)];
  const premium = Math.round((shortPrice * params.hedgePremiumPct) / 100);
  const found = premiumNearest(ctx, shelf, { premium, lowest: Math.min(near, far), highest: Math.max(near, far) });
  return typeof found === 'string' ? contractAt(ctx, shelf, away(params.hedgeFallback)) : found;
}

/** From one o'clock of the second session half of the first stop holds. */
const SECOND_SESSION_FROM = '13:00' as IstTime;

/** Stops on a structure's money that only tighten: one by gains and sessions, one that locks a part of the gain. */
export class Ladder {
  readonly #params: WeeklySettings;
  #level = Number.NEGATIVE_INFINITY;
  #isArmed = false;

  constructor(params: WeeklySettings) {
    this.#params = params;
  }

  /** Why a structure leaves now; undefined while it stays. `sessions` began since the entry's own. */
  exitAt(
    ctx: StrategyContext,
    { gross, legs }: StructureView,
    sessions: number,
  ): { readonly reason: ExitReason; readonly text: string } | undefined {
    const short = legs.find(({ side }) => side === 'SELL');
    if (short === undefined || !legs.every(({ entryLots, lotsPlanned }) => entryLots >= lotsPlanned)) return undefined;
    const paid = legs.reduce((sum, leg) => sum + (leg.side === 'BUY' ? leg.entryTurnover : 0), 0);
    const now = minutesOf(ctx.time) >= minutesOf(SECOND_SESSION_FROM);
    if (this.#params.progressiveStop) {
      const most = short.entryTurnover - paid;
      this.#tighten({ gross, most, sessions, isLate: now, lots: short.lotsPlanned });
      if (gross <= this.#level)
        return {
          reason: 'SL',
          text: `its money of ${rupeesText(gross)} is at or under the stop of ${rupeesText(this.#level)}`,
        };
    }
    return this.#lock(gross, short.entryTurnover);
  }

  #tighten(at: {
    readonly gross: number;
    readonly most: number;
    readonly sessions: number;
    readonly isLate: boolean;
    readonly lots: number;
  }): void {
    const { progressiveLossPerLot, progressiveLockPct, progressiveLatePct } = this.#params;
    const first = -Math.round(progressiveLossPerLot * 100) * at.lots;
    this.#raise(first);
    if (at.most > 0 && 100 * at.gross >= progressiveLockPct * at.most) this.#raise(0);
    if (at.sessions === 1 && at.isLate) this.#raise(Math.round(first / 2));
    if (at.sessions === 2) this.#raise(0);
    if (at.sessions >= 3) this.#raise(Math.max(0, Math.round((at.most * progressiveLatePct) / 100)));
  }

  #raise(level: number): void {
    if (level > this.#level) this.#level = level;
  }

  #lock(gross: number, sold: number): { readonly reason: ExitReason; readonly text: string } | undefined {
    const { profitLockArmPct, profitLockExitPct } = this.#params;
    if (profitLockArmPct === undefined) return undefined;
    if (100 * gross >= profitLockArmPct * sold) this.#isArmed = true;
    const floor = (profitLockExitPct * sold) / 100;
    if (!this.#isArmed || gross >= floor) return undefined;
    return {
      reason: 'TSL',
      text: `its money of ${rupeesText(gross)} fell under the locked ${rupeesText(Math.round(floor))}`,
    };
  }
}
