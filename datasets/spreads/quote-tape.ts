import type { OptionContract, Underlying } from '../../engine/model/instrument.ts';
import type { Day, EpochMs } from '../../engine/model/time.ts';

/** Best bids and asks of one underlying on one day as columns, by contract and then by time. */
export interface QuoteTape {
  readonly underlying: Underlying;
  readonly day: Day;
  /** Hours of the session. */
  readonly windows: readonly { readonly open: EpochMs; readonly close: EpochMs }[];
  readonly contracts: readonly OptionContract[];
  /** Names of the shapes that the quotes were read from. */
  readonly sources: readonly string[];
  /** Places in `contracts`, rising. */
  readonly contract: Int32Array;
  /** Places in `sources`. */
  readonly source: Int32Array;
  /** Milliseconds since midnight in India, rising within a contract. */
  readonly ms: Int32Array;
  /** Paise, 0 where nobody bids or asks. */
  readonly bid: Int32Array;
  readonly ask: Int32Array;
  /** Level of the underlying that the source states, paise; 0 where it states none. */
  readonly level: Int32Array;
}

/** Why a quote is no market; undefined where it is one. */
export type QuoteFault = 'oneSided' | 'crossed' | 'stub';

/**
 * Both sides must be there and apart. An ask of more than three times the bid, and more than a rupee away, is a stub that nobody trades
 * at: its middle is no premium.
 */
export function faultOf(bid: number, ask: number): QuoteFault | undefined {
  if (bid <= 0 || ask <= 0) return 'oneSided';
  if (bid >= ask) return 'crossed';
  return ask > 3 * bid && ask - bid > 100 ? 'stub' : undefined;
}
