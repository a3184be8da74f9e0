import type { Day, LegRequest, OptionContract, Right, StrategyContext } from '../engine/strategy.ts';
import { atTheMoney, lots } from '../engine/strategy.ts';
import { rowOn } from './dte-table.ts';
import type { BatmanSettings } from './straddle-params.ts';
import { ratioOf } from './straddle-params.ts';
import type { Shelf } from './strike-rules.ts';
import { deltaNearest, freshPrice, pctOutOfMoney, premiumNearest, stepsFromMoney } from './strike-rules.ts';

/** The legs of a debit spread: the money bought, and some strikes further out sold; or the sentence why there are none. */
export function spreadLegs(
  ctx: StrategyContext,
  { expiry, right, steps }: Shelf & { readonly steps: number },
): readonly LegRequest[] | string {
  const shelf = { expiry, right };
  const bought = stepsFromMoney(ctx, shelf, 0);
  const sold = stepsFromMoney(ctx, shelf, right === 'CE' ? steps : -steps);
  if (typeof bought === 'string') return bought;
  if (typeof sold === 'string') return sold;
  const stale = [bought, sold].find((contract) => freshPrice(ctx, contract) === undefined);
  if (stale !== undefined) return `no fresh price of the ${nameOf(stale)}`;
  return [
    { tag: `${right} bought`, contract: bought, side: 'BUY', lots: ctx.lots },
    { tag: `${right} sold`, contract: sold, side: 'SELL', lots: ctx.lots },
  ];
}

/**
 * The four legs of a Batman: on each side options sold far out and fewer bought between them and the money, all of one expiry; or the sentence
 * why there are none. Nothing is entered unless each bought strike lies strictly between the money and the sold one.
 */
export function batmanLegs(
  ctx: StrategyContext,
  expiry: Day,
  settings: BatmanSettings,
): readonly LegRequest[] | string {
  const legs: LegRequest[] = [];
  for (const right of ['CE', 'PE'] as const) {
    const side = sideOf(ctx, { expiry, right }, settings);
    if (typeof side === 'string') return side;
    legs.push(...side);
  }
  return legs;
}

function sideOf(ctx: StrategyContext, shelf: Shelf, settings: BatmanSettings): readonly LegRequest[] | string {
  const { right } = shelf;
  const bought = strikeOf(ctx, shelf, settings, 'hedge');
  if (typeof bought === 'string') return bought;
  const sold = strikeOf(ctx, shelf, settings, 'sell');
  if (typeof sold === 'string') return sold;
  const money = atTheMoney(ctx.spot ?? 0, ctx.strikeStep);
  const [near, far] = [distance(bought, money), distance(sold, money)];
  if (!(near > 0 && near < far))
    return `the bought ${nameOf(bought)} is not strictly between the money ${money / 100} and the sold ${nameOf(sold)}`;
  const [boughtPrice, soldPrice] = [freshPrice(ctx, bought), freshPrice(ctx, sold)];
  if (boughtPrice === undefined) return `no fresh price of the ${nameOf(bought)}`;
  if (soldPrice === undefined) return `no fresh price of the ${nameOf(sold)}`;
  const ratio = ratioOf(settings);
  const soldLots = ctx.lots * ratio.sold;
  const boughtLots =
    settings.hedgeQtyMode === 'ratio'
      ? ctx.lots * ratio.bought
      : Math.round((soldLots * soldPrice * settings.hedgeValueRatio) / boughtPrice);
  if (boughtLots === 0)
    return `the bought ${nameOf(bought)} at ${boughtPrice / 100} comes to no lot beside ${soldLots} sold at ${soldPrice / 100}`;
  return [
    { tag: `${right} bought`, contract: bought, side: 'BUY', lots: lots(boughtLots) },
    { tag: `${right} sold`, contract: sold, side: 'SELL', lots: lots(soldLots) },
  ];
}

function strikeOf(
  ctx: StrategyContext,
  shelf: Shelf,
  settings: BatmanSettings,
  leg: 'hedge' | 'sell',
): OptionContract | string {
  const { strikeBy, legsByDte } = settings;
  if (strikeBy === 'percent') {
    const row = rowOn(legsByDte, ctx.day, shelf.expiry);
    if (row === undefined) return `no row of legsByDte reaches the expiry ${shelf.expiry}`;
    return pctOutOfMoney(ctx, shelf, leg === 'sell' ? row.sellPct : row.hedgePct);
  }
  const outside = outOfMoney(ctx, shelf.right);
  if (strikeBy === 'delta')
    return deltaNearest(ctx, shelf, { ...outside, delta: leg === 'sell' ? settings.sellDelta : settings.hedgeDelta });
  const rupees = leg === 'sell' ? settings.sellPremium : settings.hedgePremium;
  return premiumNearest(ctx, shelf, { ...outside, premium: Math.round(rupees * 100) });
}

/** Strikes past the money on the side of a right. */
function outOfMoney(ctx: StrategyContext, right: Right): { readonly lowest?: number; readonly highest?: number } {
  const money = atTheMoney(ctx.spot ?? 0, ctx.strikeStep);
  return right === 'CE' ? { lowest: money + 1 } : { highest: money - 1 };
}

/** How far out of the money a contract lies, paise, negative within it. */
function distance({ strike, right }: OptionContract, money: number): number {
  return right === 'CE' ? strike - money : money - strike;
}

function nameOf({ strike, right }: OptionContract): string {
  return `${strike / 100} ${right}`;
}
