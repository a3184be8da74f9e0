import { describe, expect, test } from 'vitest';
import type { Contract, Day, OptionContract, StrategyContext } from '../../engine/strategy.ts';
import { paise } from '../../engine/strategy.ts';
import { StraddleStop } from '../../strategies/straddle-stop.ts';
import { StraddleWatch } from '../../strategies/straddle-watch.ts';

const EXPIRY = '2025-01-09' as Day;
const option = (strike: number, right: 'CE' | 'PE'): OptionContract => ({
  kind: 'option',
  underlying: 'NIFTY',
  expiry: EXPIRY,
  strike: paise(strike * 100),
  right,
});
const CALL = option(23_000, 'CE');
const PUT = option(23_000, 'PE');
const LISTED = [CALL, PUT, option(23_050, 'CE'), option(23_050, 'PE')];

/** Quotes one after the other, as a feed brings them: each says its second, contract and price in rupees. */
function quotes(...told: readonly (readonly [second: number, contract: Contract, price: number])[]) {
  const prices = new Map<Contract, number>([
    [CALL, 10_000],
    [PUT, 10_000],
  ]);
  const stale = new Set<Contract>();
  const watched: string[] = [];
  const name = ({ strike, right }: OptionContract) => `${strike / 100} ${right}`;
  let now = 0;
  const ctx = {
    get now() {
      return now;
    },
    contract: (_expiry: string, strike: number, right: string) =>
      LISTED.find((one) => one.strike === strike && one.right === right),
    watch: (contract: OptionContract) => watched.push(`watch ${name(contract)}`),
    unwatch: (contract: OptionContract) => watched.push(`unwatch ${name(contract)}`),
    price: (contract: Contract) => prices.get(contract),
    isFresh: (contract: Contract) => !stale.has(contract),
  } as unknown as StrategyContext;
  const watch = new StraddleWatch();
  const stop = new StraddleStop({ basis: 'straddle', above: 20_500 });
  watch.follow(ctx, EXPIRY, CALL.strike);
  const found = told.map(([second, contract, price]) => {
    now = second * 1_000;
    prices.set(contract, price * 100);
    return watch.beyond(ctx, contract, stop);
  });
  return { found, watch, ctx, watched, stale, stop };
}

describe('a straddle followed between closes', () => {
  test('is the sum of both legs, quoted within a second of each other', () => {
    expect(quotes([1, CALL, 102], [1.5, PUT, 103]).found).toEqual([undefined, 20_500]);
    expect(quotes([1, CALL, 102], [2, PUT, 102.95]).found).toEqual([undefined, undefined]);
  });

  test('is not believed for a second where one leg alone has moved', () => {
    // The put falls by as much a moment later: there never was a straddle of 206.
    expect(quotes([1, PUT, 100], [10, CALL, 106], [10.4, PUT, 94]).found).toEqual([undefined, undefined, undefined]);
    // The put stays where it was: after a second it is true.
    const silent = quotes([1, PUT, 100], [10, CALL, 106], [10.9, CALL, 106], [11, CALL, 107]);
    expect(silent.found).toEqual([undefined, undefined, undefined, 20_700]);
    // Back within the stop in between, the second begins anew.
    const back = quotes([1, PUT, 100], [10, CALL, 106], [10.5, CALL, 104], [11.2, CALL, 106], [12.2, CALL, 106]);
    expect(back.found).toEqual([undefined, undefined, undefined, undefined, 20_600]);
  });

  test('has no sum while a leg has no young price, and none of other contracts', () => {
    const { watch, ctx, stale, stop } = quotes([1, CALL, 110], [1, PUT, 110]);
    expect(watch.beyond(ctx, PUT, stop)).toBe(22_000);
    expect(watch.beyond(ctx, option(23_050, 'CE'), stop)).toBeUndefined();
    stale.add(CALL);
    expect(watch.beyond(ctx, PUT, stop)).toBeUndefined();
  });

  test('gives way to that of another strike, and is let go', () => {
    const { watch, ctx, watched, stop } = quotes([1, CALL, 110], [1, PUT, 110]);
    watch.follow(ctx, EXPIRY, CALL.strike);
    watch.follow(ctx, EXPIRY, paise(2_305_000));
    expect(watch.beyond(ctx, CALL, stop)).toBeUndefined();
    watch.drop(ctx);
    expect(watched).toEqual([
      'watch 23000 CE',
      'watch 23000 PE',
      'unwatch 23000 CE',
      'unwatch 23000 PE',
      'watch 23050 CE',
      'watch 23050 PE',
      'unwatch 23050 CE',
      'unwatch 23050 PE',
    ]);
  });
});
