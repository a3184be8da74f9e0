/** The moving-average cross that five independent programs agree on, through the whole kernel and to the last digit. */
import { expect, test } from 'vitest';
import { bareCross } from '../bench/cross-bare.ts';
import { KernelCross } from '../bench/cross-kernel.ts';
import { oneInstrument } from '../bench/yardstick.ts';

test('the cross over 100,000 bars gives 2,348 trades and -31,044.5376, also where a position is held overnight', {
  timeout: 60_000,
}, () => {
  const bars = oneInstrument(100_000);
  const known = { trades: 2_348, orders: 4_696, net: -31_044_537_610 };
  expect(bareCross(bars)).toEqual(known);
  expect(new KernelCross(bars, { write: () => undefined }).run()).toEqual(known);
});
