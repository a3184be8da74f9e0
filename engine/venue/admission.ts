import { unreachable } from '../assert.ts';
import type { Underlying } from '../model/instrument.ts';
import type { Order, Terms } from '../model/order.ts';
import type { Day, EpochMs } from '../model/time.ts';
import { TICK } from '../model/units.ts';
import type { OrderChange } from '../ports.ts';

/** Rules of the day that a venue refuses orders by. */
export interface VenueRules {
  readonly day: Day;
  /** Last known level of an underlying in paise; undefined where none is. */
  readonly levelOf: (underlying: Underlying) => number | undefined;
  readonly closesAt: EpochMs;
  readonly isOpen: (ts: EpochMs) => boolean;
  /** Instant from which an order's contract fills no more: its settlement level is known. */
  readonly fillsUntil: (order: Order) => EpochMs;
  /** Largest quantity of one order, units; undefined where unknown. */
  readonly quantityMax: (order: Order) => number | undefined;
  /** Protection of a market order in hundredths of a per cent; undefined where market orders go out unprotected. */
  readonly marketProtectionBps: number | undefined;
}

/** Why an order with these terms and lots is refused; undefined where it is not. */
export function refusalOf(
  order: Order,
  { terms, lots }: Pick<OrderChange, 'terms' | 'lots'>,
  { rules, now }: { readonly rules: VenueRules; readonly now: EpochMs },
): string | undefined {
  if (!rules.isOpen(now)) return 'the market is closed';
  if (now >= rules.fillsUntil(order)) return 'the contract is settled';
  const quantity = lots * order.lotSize;
  const most = rules.quantityMax(order);
  if (most !== undefined && quantity > most) return `quantity ${quantity} is above the freeze quantity ${most}`;
  for (const price of pricesOf(terms)) {
    if (price <= 0 || price % TICK !== 0) return `price ${price} paise is not a positive multiple of ${TICK} paise`;
  }
  return undefined;
}

function pricesOf(terms: Terms): readonly number[] {
  switch (terms.kind) {
    case 'MARKET':
      return NO_PRICES;
    case 'LIMIT':
      return [terms.price];
    case 'STOP_LIMIT':
      return [terms.trigger, terms.price];
    default:
      return unreachable(terms);
  }
}

const NO_PRICES: readonly number[] = [];
