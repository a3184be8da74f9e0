import { expect, test } from 'vitest';
import type { EquityFill, EquityInputs } from '../support/equity-second-method.ts';
import { equityBySql, equityDifferences } from '../support/equity-second-method.ts';

const MINUTE = 60_000;

/** A call sold at 100.00 and a put sold at 80.00, the put bought back at 90.00 and the call at 95.00, 75 units each. */
const fills: readonly EquityFill[] = [
  { tsMs: MINUTE + 400, instrumentKey: 'CE', side: 'SELL', quantity: 75, pricePaise: 10_000, chargesFine: 300_001n },
  { tsMs: MINUTE + 550, instrumentKey: 'PE', side: 'SELL', quantity: 75, pricePaise: 8_000, chargesFine: 300_002n },
  { tsMs: 3 * MINUTE, instrumentKey: 'PE', side: 'BUY', quantity: 75, pricePaise: 9_000, chargesFine: 300_003n },
  { tsMs: 4 * MINUTE + 1, instrumentKey: 'CE', side: 'BUY', quantity: 75, pricePaise: 9_500, chargesFine: 300_004n },
];
const straddle: EquityInputs = {
  fills,
  closes: [
    { tsEndMs: MINUTE, instrumentKey: 'CE', closePaise: 10_010 },
    { tsEndMs: 2 * MINUTE, instrumentKey: 'CE', closePaise: 10_100 },
    { tsEndMs: 4 * MINUTE, instrumentKey: 'CE', closePaise: 9_600 },
    { tsEndMs: MINUTE, instrumentKey: 'PE', closePaise: 7_990 },
    { tsEndMs: 2 * MINUTE, instrumentKey: 'PE', closePaise: 8_050 },
    { tsEndMs: 3 * MINUTE, instrumentKey: 'PE', closePaise: 9_990 },
  ],
  minutes: [MINUTE, 2 * MINUTE, 3 * MINUTE, 4 * MINUTE, 5 * MINUTE],
};

test('values a straddle at 0, -112.50, -825.00, -450.00 and -375.00 rupees minute by minute', async () => {
  expect(await equityBySql(straddle)).toEqual([
    { tsMs: MINUTE, grossPaise: 0, chargesFine: 0n },
    // 75 x (10000 - 10100) + 75 x (8000 - 8050)
    { tsMs: 2 * MINUTE, grossPaise: -11_250, chargesFine: 600_003n },
    // the call's close is still that of minute 2, the put was bought back at 9000: -7500 - 75000
    { tsMs: 3 * MINUTE, grossPaise: -82_500, chargesFine: 900_006n },
    // 75 x (10000 - 9600) - 75000; the call's own exit is known one millisecond too late for this minute
    { tsMs: 4 * MINUTE, grossPaise: -45_000, chargesFine: 900_006n },
    { tsMs: 5 * MINUTE, grossPaise: -37_500, chargesFine: 1_200_010n },
  ]);
});

test('counts two fills of one contract at one instant, and a position that turns from 75 short to 75 long', async () => {
  const at = { tsMs: MINUTE, instrumentKey: 'CE', chargesFine: 0n } as const;
  const turned = await equityBySql({
    fills: [
      { ...at, side: 'SELL', quantity: 50, pricePaise: 1_000 },
      { ...at, side: 'SELL', quantity: 25, pricePaise: 1_010 },
      { ...at, tsMs: 2 * MINUTE, side: 'BUY', quantity: 150, pricePaise: 1_100 },
    ],
    closes: [
      { tsEndMs: MINUTE, instrumentKey: 'CE', closePaise: 1_020 },
      { tsEndMs: 2 * MINUTE, instrumentKey: 'CE', closePaise: 1_200 },
    ],
    minutes: [2 * MINUTE, MINUTE],
  });
  // 50 x 1000 + 25 x 1010 - 75 x 1020; then 75250 - 150 x 1100 + 75 x 1200
  expect(turned.map(({ tsMs, grossPaise }) => [tsMs, grossPaise])).toEqual([
    [MINUTE, -1_250],
    [2 * MINUTE, 250],
  ]);
});

test('finds one paisa planted in one fill from minute 3 to minute 5, and nothing where nothing was planted', async () => {
  const honest = await equityBySql(straddle);
  const planted = fills.map((fill, at) => (at === 2 ? { ...fill, pricePaise: 9_001 } : fill));
  const wrong = await equityBySql({ ...straddle, fills: planted });
  expect(equityDifferences(honest, await equityBySql(straddle))).toEqual([]);
  expect(equityDifferences(honest, wrong)).toEqual([
    { tsMs: 3 * MINUTE, expectedPaise: -82_500, actualPaise: -82_575 },
    { tsMs: 4 * MINUTE, expectedPaise: -45_000, actualPaise: -45_075 },
    { tsMs: 5 * MINUTE, expectedPaise: -37_500, actualPaise: -37_575 },
  ]);
});

test('finds a minute that only one of two curves has', async () => {
  const honest = await equityBySql(straddle);
  expect(equityDifferences(honest, honest.slice(1))).toEqual([
    { tsMs: MINUTE, expectedPaise: 0, actualPaise: undefined },
  ]);
});

test('refuses to value a held contract that never had a close', async () => {
  const blind = equityBySql({ ...straddle, closes: straddle.closes.filter((row) => row.instrumentKey === 'CE') });
  await expect(blind).rejects.toThrow('1 held contract(s) have no close at or before 120000');
});
