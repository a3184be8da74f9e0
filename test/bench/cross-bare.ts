import type { Bars } from './yardstick.ts';

/** What the moving-average cross came to. Money in ten-thousandths of a paisa, so that the fee is a whole number. */
export interface CrossResult {
  readonly trades: number;
  readonly orders: number;
  readonly net: number;
}

/** Rules of the cross: 9 and 21 bars, nothing before bar 200, one unit, 0.03 % a side. */
export const CROSS = { fast: 2 / 10, slow: 2 / 22, quietBars: 200, feeFinePerPaisa: 3 } as const;

const FINE = 10_000;

/** The floor: the cross in one loop over columns, its orders and its equity of each minute written down, and nothing else. */
export function bareCross({ open, close }: Bars): CrossResult {
  const bars = close.length;
  const [orderBar, orderSide, orderPrice] = [new Int32Array(1 << 16), new Int8Array(1 << 16), new Int32Array(1 << 16)];
  const equity = new Float64Array(bars);
  let [orders, trades, pending, held] = [0, 0, 0, 0];
  let [cash, fees] = [0, 0];
  let fast = close[0] ?? 0;
  let slow = fast;
  let wasAbove = false;
  for (let i = 0; i < bars; i += 1) {
    const last = close[i] ?? 0;
    if (pending !== 0) {
      const price = open[i] ?? 0;
      cash -= pending * price;
      fees += CROSS.feeFinePerPaisa * price;
      held += pending;
      if (pending < 0) trades += 1;
      orderBar[orders] = i;
      orderSide[orders] = pending;
      orderPrice[orders] = price;
      orders += 1;
      pending = 0;
    }
    fast += CROSS.fast * (last - fast);
    slow += CROSS.slow * (last - slow);
    const above = fast > slow;
    if (i >= CROSS.quietBars && above !== wasAbove && held === (above ? 0 : 1)) pending = above ? 1 : -1;
    wasAbove = above;
    equity[i] = (cash + held * last) * FINE - fees;
  }
  // A position that is still open counts with its fee alone, as in the published answer.
  const openCost = held === 0 ? 0 : (orderPrice[orders - 1] ?? 0);
  return { trades, orders, net: (cash + openCost) * FINE - fees };
}
