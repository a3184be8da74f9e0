import type { Contract, Day, OptionContract, Paise, StrategyContext } from '../engine/strategy.ts';
import type { StraddleStop } from './straddle-stop.ts';

/** Prices of the legs this far apart, ms, are no straddle yet: one leg alone may have moved. */
const APART_MS = 1_000;

/** Follows both legs of one straddle between closes and adds them up as they are quoted. */
export class StraddleWatch {
  #legs: readonly [call: OptionContract, put: OptionContract] | undefined;
  #callAt = 0;
  #putAt = 0;
  #beyondSince: number | undefined;

  /** Follows the straddle of a strike instead of any other; nothing where one of its contracts is not there. */
  follow(ctx: StrategyContext, expiry: Day, strike: Paise): void {
    const [held] = this.#legs ?? [];
    if (held?.strike === strike && held.expiry === expiry) return;
    this.drop(ctx);
    const call = ctx.contract(expiry, strike, 'CE');
    const put = ctx.contract(expiry, strike, 'PE');
    if (call === undefined || put === undefined) return;
    ctx.watch(call);
    ctx.watch(put);
    this.#legs = [call, put];
  }

  /** Lets both legs go. */
  drop(ctx: StrategyContext): void {
    for (const leg of this.#legs ?? []) ctx.unwatch(leg);
    this.#legs = undefined;
    this.#callAt = 0;
    this.#putAt = 0;
    this.#beyondSince = undefined;
  }

  /**
   * Takes a quote of either leg and gives the sum in paise where a stop is reached by it. Legs that were quoted within a second of each other
   * are believed at once; where one of them was silent for longer, the sum must have stood beyond the stop for that second.
   */
  beyond(ctx: StrategyContext, contract: Contract, stop: StraddleStop): number | undefined {
    if (this.#legs === undefined) return undefined;
    const [call, put] = this.#legs;
    if (contract === call) this.#callAt = ctx.now;
    else if (contract === put) this.#putAt = ctx.now;
    else return undefined;
    const [one, other] = [ctx.price(call), ctx.price(put)];
    const isKnown = one !== undefined && other !== undefined && ctx.isFresh(call) && ctx.isFresh(put);
    if (!isKnown || stop.reached(one + other) === undefined) {
      this.#beyondSince = undefined;
      return undefined;
    }
    this.#beyondSince ??= ctx.now;
    const isTogether = Math.abs(this.#callAt - this.#putAt) <= APART_MS;
    return isTogether || ctx.now - this.#beyondSince >= APART_MS ? one + other : undefined;
  }
}
