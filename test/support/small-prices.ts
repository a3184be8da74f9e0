/** Prices to the small journal: every minute from 09:15 to 15:29 of both days, straight lines a child could draw. */
import type { Day } from '../../engine/model/time.ts';
import type { PremiumMinutes, TradedPrices } from '../../engine/model/traded-prices.ts';
import { instant, MONDAY, TUESDAY } from './journal-fixtures.ts';

const MINUTES = 375;

export function smallPrices(): readonly TradedPrices[] {
  return [pricesOf(MONDAY, ['24000 CE', '24000 PE']), pricesOf(TUESDAY, ['23700 CE', '23700 PE', '23750 CE'])];
}

/** The level rises five paise a minute from 24,000; premium n begins at 100 n and falls five paise a minute, two rupees wide. */
function pricesOf(day: Day, contracts: readonly string[]): TradedPrices {
  const open = instant(day, '09:15:00');
  const column = (of: (minute: number) => number): Int32Array =>
    Int32Array.from({ length: MINUTES }, (_, at) => of(at));
  return {
    day,
    intervalMs: 60_000,
    starts: Float64Array.from({ length: MINUTES }, (_, at) => open + at * 60_000),
    levels: [{ underlying: 'NIFTY', close: column((at) => 2_400_000 + 5 * at), rung: new Uint8Array(MINUTES).fill(1) }],
    premiums: contracts.map(
      (contract, number): PremiumMinutes => ({
        contract: `NIFTY 2025-01-09 ${contract}`,
        close: column((at) => 10_000 * (number + 1) - 5 * at),
        high: column((at) => 10_000 * (number + 1) - 5 * at + 100),
        low: column((at) => 10_000 * (number + 1) - 5 * at - 100),
      }),
    ),
  };
}
