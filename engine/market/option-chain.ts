import type { Instrument, OptionContract, Underlying } from '../model/instrument.ts';
import type { Day } from '../model/time.ts';
import type { Paise, Right } from '../model/units.ts';
import { paise } from '../model/units.ts';

/** Both options of one strike; a slot is undefined where the contract is not in today's data. */
export interface StrikePair {
  readonly strike: Paise;
  readonly call: number | undefined;
  readonly put: number | undefined;
}

/** The strikes of one underlying and expiry in today's slots, rising. */
export class OptionChain {
  readonly underlying: Underlying;
  readonly expiry: Day;
  readonly pairs: readonly StrikePair[];

  constructor(parts: { readonly underlying: Underlying; readonly expiry: Day; readonly pairs: readonly StrikePair[] }) {
    this.underlying = parts.underlying;
    this.expiry = parts.expiry;
    this.pairs = parts.pairs;
  }

  pairAt(strike: number): StrikePair | undefined {
    return this.pairs.find((pair) => pair.strike === strike);
  }

  slotOf(strike: number, right: Right): number | undefined {
    const pair = this.pairAt(strike);
    return right === 'CE' ? pair?.call : pair?.put;
  }
}

/** The strike nearest to a level on a grid of steps; exactly between two, the higher. (strategies, section 1.) */
export function atTheMoney(level: number, step: number): Paise {
  return paise(step * Math.floor(level / step + 0.5));
}

/** All chains of the day, by underlying and rising expiry. */
export function chainsOf(instruments: readonly Instrument[]): ReadonlyMap<Underlying, readonly OptionChain[]> {
  const byExpiry = new Map<string, { contract: OptionContract; pairs: Map<number, { call?: number; put?: number }> }>();
  instruments.forEach((instrument, slot) => {
    if (instrument.kind !== 'option') return;
    const key = `${instrument.underlying} ${instrument.expiry}`;
    const entry = byExpiry.get(key) ?? { contract: instrument, pairs: new Map() };
    byExpiry.set(key, entry);
    const pair = entry.pairs.get(instrument.strike) ?? {};
    if (instrument.right === 'CE') pair.call = slot;
    else pair.put = slot;
    entry.pairs.set(instrument.strike, pair);
  });
  const chains = new Map<Underlying, OptionChain[]>();
  for (const { contract, pairs } of byExpiry.values()) {
    const rising = [...pairs.keys()].sort((a, b) => a - b);
    const chain = new OptionChain({
      underlying: contract.underlying,
      expiry: contract.expiry,
      pairs: rising.map((strike) => ({
        strike: paise(strike),
        call: pairs.get(strike)?.call,
        put: pairs.get(strike)?.put,
      })),
    });
    const list = chains.get(contract.underlying) ?? [];
    list.push(chain);
    chains.set(contract.underlying, list);
  }
  for (const list of chains.values()) list.sort((a, b) => (a.expiry < b.expiry ? -1 : 1));
  return chains;
}
