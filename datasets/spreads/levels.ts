/**
 * Level of an underlying by the minute, from its options' quotes.
 *
 * It is the level that the source states; else the put-call parity of the nearest expiry with calls and puts at one strike (median of
 * strike + call - put over the five strikes nearest to the money); else the same with the missing side read between its neighbouring
 * strikes, on the straight line between the logarithms of their prices. A forward is brought back to its day by 6.5 % a year, as a
 * future is. A mid speaks for five minutes.
 */
import type { OptionContract } from '../../engine/model/instrument.ts';
import { daysBetween, MINUTE_MS } from '../../engine/model/time.ts';
import type { Right } from '../../engine/model/units.ts';
import type { QuoteTape } from './quote-tape.ts';
import { faultOf } from './quote-tape.ts';

const CARRY_PER_YEAR = 0.065;
const STRIKES = 5;
const FRESH_MINUTES = 5;
const MINUTES_A_DAY = 1_440;

/** Paise by minute of the day, 0 where the quotes do not tell. */
export function levelsByMinute(tape: QuoteTape): Int32Array {
  const chains = chainsOf(tape.contracts);
  const mids = new LastMids(tape);
  const levels = new Int32Array(MINUTES_A_DAY);
  for (let minute = 0; minute < MINUTES_A_DAY; minute += 1) {
    if (!mids.moveTo(minute)) continue;
    const forward =
      mids.stated > 0 ? undefined : (firstOf(chains, mids, pairLevels) ?? firstOf(chains, mids, neighbourLevels));
    if (mids.stated > 0) levels[minute] = mids.stated;
    else if (forward !== undefined) {
      const years = daysBetween(tape.day, forward.chain.expiry) / 365;
      levels[minute] = Math.round(forward.level * (1 - CARRY_PER_YEAR * years));
    }
  }
  return levels;
}

/** Places of the contracts of one expiry by strike, paise. */
interface Chain {
  readonly expiry: OptionContract['expiry'];
  readonly CE: ReadonlyMap<number, number>;
  readonly PE: ReadonlyMap<number, number>;
}

/** The last mid of each contract, in paise, as minutes go by. */
class LastMids {
  readonly #minutes: ReadonlyMap<number, readonly number[]>;
  readonly #tape: QuoteTape;
  readonly #mid: Float64Array;
  readonly #at: Int32Array;
  #statedAt = -MINUTES_A_DAY;
  #minute = 0;
  /** Level that the source states; 0 where none is fresh. */
  stated = 0;

  constructor(tape: QuoteTape) {
    this.#tape = tape;
    this.#mid = new Float64Array(tape.contracts.length);
    this.#at = new Int32Array(tape.contracts.length).fill(-MINUTES_A_DAY);
    const minutes = new Map<number, number[]>();
    tape.ms.forEach((ms, row) => {
      const minute = Math.floor(ms / MINUTE_MS);
      const rows = minutes.get(minute);
      if (rows === undefined) minutes.set(minute, [row]);
      else rows.push(row);
    });
    this.#minutes = minutes;
  }

  /** Takes in the quotes of a minute; false where it has none. */
  moveTo(minute: number): boolean {
    this.#minute = minute;
    if (minute - this.#statedAt >= FRESH_MINUTES) this.stated = 0;
    const rows = this.#minutes.get(minute);
    for (const row of rows ?? []) this.#take(row);
    return rows !== undefined;
  }

  of(contract: number | undefined): number | undefined {
    if (contract === undefined || this.#minute - (this.#at[contract] ?? 0) >= FRESH_MINUTES) return undefined;
    return this.#mid[contract];
  }

  #take(row: number): void {
    const { contract, bid, ask, level } = this.#tape;
    const [low, high, place] = [bid[row] ?? 0, ask[row] ?? 0, contract[row] ?? 0];
    if ((level[row] ?? 0) > 0) {
      this.stated = level[row] ?? 0;
      this.#statedAt = this.#minute;
    }
    if (faultOf(low, high) !== undefined) return;
    this.#mid[place] = (low + high) / 2;
    this.#at[place] = this.#minute;
  }
}

function chainsOf(contracts: readonly OptionContract[]): readonly Chain[] {
  const chains = new Map<
    string,
    { expiry: OptionContract['expiry']; CE: Map<number, number>; PE: Map<number, number> }
  >();
  contracts.forEach(({ expiry, strike, right }, place) => {
    const chain = chains.get(expiry) ?? { expiry, CE: new Map(), PE: new Map() };
    chain[right].set(strike, place);
    chains.set(expiry, chain);
  });
  return [...chains.values()].sort((a, b) => (a.expiry < b.expiry ? -1 : 1));
}

/** What a strike says: how far call and put are apart there, and the forward. */
interface Said {
  readonly apart: number;
  readonly forward: number;
}

function firstOf(
  chains: readonly Chain[],
  mids: LastMids,
  levelsOf: (chain: Chain, mids: LastMids) => Said[],
): { readonly chain: Chain; readonly level: number } | undefined {
  for (const chain of chains) {
    const nearest = levelsOf(chain, mids)
      .sort((a, b) => a.apart - b.apart || a.forward - b.forward)
      .slice(0, STRIKES)
      .map(({ forward }) => forward)
      .sort((a, b) => a - b);
    if (nearest.length > 0) return { chain, level: middleOf(nearest) };
  }
  return undefined;
}

function pairLevels({ CE, PE }: Chain, mids: LastMids): Said[] {
  return [...CE].flatMap(([strike, place]) => saidAt(strike, mids.of(place), mids.of(PE.get(strike))));
}

function neighbourLevels(chain: Chain, mids: LastMids): Said[] {
  const at = (right: Right) => (strike: number) => betweenNeighbours(chain[right], mids, strike);
  return [
    ...[...chain.CE].flatMap(([strike, place]) => saidAt(strike, mids.of(place), at('PE')(strike))),
    ...[...chain.PE].flatMap(([strike, place]) => saidAt(strike, at('CE')(strike), mids.of(place))),
  ];
}

function saidAt(strike: number, call: number | undefined, put: number | undefined): Said[] {
  if (call === undefined || put === undefined) return [];
  return [{ apart: Math.abs(call - put), forward: strike + call - put }];
}

/** Price of a strike that nobody quotes, between the nearest quoted ones below and above; undefined outside of them. */
function betweenNeighbours(side: ReadonlyMap<number, number>, mids: LastMids, strike: number): number | undefined {
  let below: readonly [number, number] | undefined;
  let above: readonly [number, number] | undefined;
  for (const [other, place] of side) {
    const mid = mids.of(place);
    if (mid === undefined) continue;
    if (other < strike && (below === undefined || other > below[0])) below = [other, mid];
    if (other > strike && (above === undefined || other < above[0])) above = [other, mid];
  }
  if (below === undefined || above === undefined) return undefined;
  const share = (strike - below[0]) / (above[0] - below[0]);
  return Math.exp(Math.log(below[1]) * (1 - share) + Math.log(above[1]) * share);
}

function middleOf(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] ?? 0;
  return ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
