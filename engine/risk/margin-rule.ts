import type { Contract, Instrument, Underlying } from '../model/instrument.ts';
import { instrumentKey } from '../model/instrument.ts';
import type { Order } from '../model/order.ts';
import type { Paise } from '../model/units.ts';
import { rupeesText, signOf } from '../model/units.ts';
import type { EntryRequest, Verdict } from '../model/verdict.ts';
import type { MarginNeed } from './margin.ts';
import { marginOfOrders } from './margin.ts';
import type { MarginLeg } from './margin-scan.ts';
import type { MarginView, RiskView } from './risk-view.ts';

type Denial = Extract<Verdict, { kind: 'denied' }>;

interface MarginContext {
  readonly request: EntryRequest;
  readonly view: RiskView;
  readonly settings: { readonly capital: Paise | undefined; readonly marginUseMax: number | undefined };
}

/**
 * What a structure needs at the worst moment of legging in must fit what margins may take of the account's net worth (its capital and the
 * net of the run so far) less what they take already. What needs nothing, such as a hedge that frees more than it costs, always fits.
 */
export const MARGIN_RULE = { name: 'margin', applies: 'entry', review: reviewMargin } as const;

/** The first order of a structure speaks for all of it: they go together or not at all. */
function reviewMargin(order: Order, { request, view, settings }: MarginContext): Denial | undefined {
  const { capital, marginUseMax } = settings;
  if (capital === undefined || marginUseMax === undefined) return undefined;
  if (request.orders.find(({ reduceOnly }) => !reduceOnly) !== order) return undefined;
  if (request.rests === true) return undefined;
  const need = marginNeed(request, view);
  if (typeof need === 'string') return denied(undefined, undefined, need);
  if (need.addition === 0) return undefined;
  const worth = capital + view.margin.netOfRun;
  // To a grid first, so that the last bits of the share decide nothing.
  const most = Math.floor(Math.round(worth * marginUseMax * 1_000) / 1_000);
  const free = most - need.inUse;
  if (need.addition <= free) return undefined;
  const share = Math.round(marginUseMax * 10_000) / 100;
  return denied(
    free,
    need.addition,
    `the margin of ${rupeesText(need.addition)} rupees that the entry takes does not fit the ${rupeesText(free)} that are free: margins may take ${share} % of the account's ${rupeesText(worth)}, and ${rupeesText(need.inUse)} are in use`,
  );
}

/** The margin in use and what the orders of a request add to it; a sentence where a price is missing. */
function marginNeed({ orders }: EntryRequest, { day, margin }: RiskView): MarginNeed | string {
  const held: KnownLeg[] = [];
  const wanted: KnownLeg[] = [];
  for (const { instrument, units, mark } of margin.legs) {
    if (mark === undefined) return unpriced(instrument);
    held.push(knownLeg(instrument, { units, price: mark }, margin));
  }
  for (const { reduceOnly, instrument, side, lots, lotSize, terms, decisionPrice } of orders) {
    if (reduceOnly || instrument.kind === 'index') continue;
    const price = decisionPrice ?? (terms.kind === 'MARKET' ? undefined : terms.price);
    if (price === undefined) return unpriced(instrument);
    wanted.push(knownLeg(instrument, { units: signOf(side) * lots * lotSize, price }, margin));
  }
  let [inUse, addition] = [0, 0];
  for (const underlying of new Set([...held, ...wanted].map((leg) => leg.underlying))) {
    const spot = margin.spotOf(underlying);
    if (spot === undefined) return unpriced({ kind: 'index', underlying });
    const market = { day, spot, volatility: margin.volatilityOf(underlying) };
    const isOf = (leg: KnownLeg): boolean => leg.underlying === underlying;
    const need = marginOfOrders(held.filter(isOf), wanted.filter(isOf), market, margin.rates);
    inUse += need.inUse;
    addition += need.addition;
  }
  return { inUse, addition };
}

interface KnownLeg extends MarginLeg {
  readonly underlying: Underlying;
}

function knownLeg(
  contract: Contract,
  { units, price }: Pick<MarginLeg, 'units' | 'price'>,
  margin: MarginView,
): KnownLeg {
  const { underlying, expiry } = contract;
  const [strike, right] = contract.kind === 'option' ? [contract.strike, contract.right] : [0, 'CE' as const];
  return { underlying, expiry, strike, right, units, price, years: margin.yearsTo(contract) };
}

function unpriced(instrument: Instrument): string {
  return `no price of ${instrumentKey(instrument)} is known, so the margin cannot be seen to fit`;
}

function denied(limit: number | undefined, value: number | undefined, reason: string): Denial {
  return { kind: 'denied', rule: 'margin', limit, value, reason };
}
