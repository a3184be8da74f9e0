import type { ContractFacts } from './market/contract-book.ts';
import { bandOf } from './market/contract-book.ts';
import type { Instrument } from './model/instrument.ts';
import { exchangeOf } from './model/instrument.ts';
import type { Day, EpochMs } from './model/time.ts';
import type { PriceBand } from './orders/execution-policy.ts';

/** Units of the underlying in a lot of a contract on a day; undefined where the tables do not say. */
export function lotSizeOn(contracts: ContractFacts, day: Day, contract: Instrument): number | undefined {
  if (contract.kind === 'index') return undefined;
  const { underlying, expiry } = contract;
  return contracts.lotSizeOf({ underlying, expiry, day })?.lotSize;
}

/** Largest order of a contract on a day, in lots; one lot where no limit is known would be too strict, so there is none then. */
export function lotsPerOrderMax(contracts: ContractFacts, day: Day, contract: Instrument): number {
  if (contract.kind === 'index') return Number.MAX_SAFE_INTEGER;
  const { underlying, expiry } = contract;
  const most = contracts.orderQuantityMax({ underlying, expiry, day });
  return most === undefined ? Number.MAX_SAFE_INTEGER : Math.max(1, most.lots);
}

/** Prices beyond which the exchange refuses a limit on a day, around a price in paise; undefined where no band was in force. */
export function bandOn(
  contracts: ContractFacts,
  day: Day,
  { instrument, price }: { readonly instrument: Instrument; readonly price: number },
): PriceBand | undefined {
  const room = contracts.priceProtectionOn(exchangeOf(instrument.underlying), day)?.value;
  return room === undefined ? undefined : bandOf(room, price);
}

/** Whether a contract expires first of all on a day: a fee asks. */
export function expiryRankOn(contracts: ContractFacts, day: Day, instrument: Instrument): 'nearest' | 'later' {
  const { underlying } = instrument;
  const nearest = contracts.expiryOf({ day, underlying, rule: 'nearest' })?.expiry;
  return instrument.kind === 'option' && instrument.expiry !== nearest ? 'later' : 'nearest';
}

/** Now where the market trades, else its next open; undefined after the last window. */
export function opensAt(
  windows: readonly { readonly open: EpochMs; readonly close: EpochMs }[],
  now: EpochMs,
): EpochMs | undefined {
  const window = windows.find(({ close }) => now < close);
  return window !== undefined && window.open <= now ? now : window?.open;
}

/** Brokers turn market orders of programs into protected limits since 1 April 2026 (Zerodha's API: without protection refused). */
export function marketIsProtected(day: Day): boolean {
  return day >= '2026-04-01';
}
