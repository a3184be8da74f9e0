/** Days of the synthetic market for tests, several indices side by side. */
import { allOf } from '../../adapters/candle-archive-types.ts';
import { SyntheticArchive } from '../../adapters/synthetic-archive.ts';
import { SyntheticMarket } from '../../datasets/synthetic/synthetic-market.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import { day, MINUTE_MS } from '../../engine/model/time.ts';
import { testReference } from './play.ts';

/** Few strikes and expiries, so that a day is quickly made and played. */
export const SMALL_LISTING = { expiries: 1, monthlies: 1, strikesEachSide: 8, movesCovered: 1 };

export function syntheticMarket(underlying: Underlying, seed = 1): SyntheticMarket {
  const { calendar, contracts } = testReference();
  return new SyntheticMarket({ seed, underlying, calendar, contracts, depth: SMALL_LISTING });
}

export function syntheticDay(on: string, underlyings: readonly Underlying[], seed = 1): DayCandles {
  const archive = new SyntheticArchive(underlyings.map((underlying) => syntheticMarket(underlying, seed)));
  return archive.readDay({ day: day(on), intervalMs: MINUTE_MS, wanted: underlyings.map(allOf) });
}
