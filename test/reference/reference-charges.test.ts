import { expect, test } from 'vitest';
import { referenceLevies } from '../support/reference-charges.ts';

const FINE_PER_RUPEE = 1_000_000;

test('charges 982.63 rupees for buying and selling 500 units at 1000 each in 2025, as the published calculator does', () => {
  const order = { date: '2025-06-18', exchange: 'NFO', turnoverPaise: 50_000_000n } as const;
  const bought = referenceLevies({ ...order, side: 'BUY' });
  const sold = referenceLevies({ ...order, side: 'SELL' });
  expect((Number(bought.total + sold.total) / FINE_PER_RUPEE).toFixed(2)).toBe('982.63');
  expect(sold.stt).toBe(500_000_000n);
  expect(bought.exchange + sold.exchange).toBe(355_300_000n);
  expect(bought.gst + sold.gst).toBe(71_334_000n);
  expect(bought.sebi + sold.sebi).toBe(1_000_000n);
  expect(bought.stamp).toBe(15_000_000n);
  expect(sold.stamp).toBe(0n);
});

test('charges the July 2023 sale of 2673.75 rupees 1.67109375 of STT, rounded up to the last ten-thousandth paisa', () => {
  const sold = referenceLevies({ date: '2023-07-05', exchange: 'NFO', side: 'SELL', turnoverPaise: 267_375n });
  expect(sold).toMatchObject({ brokerage: 20_000_000n, stt: 1_671_094n, exchange: 1_350_244n, sebi: 2_674n });
  // 18 % of 20000000 + 1350244 + 2674
  expect(sold.gst).toBe(3_843_525n);
});

test('keeps the SEBI fee out of the GST base until 17 July 2022', () => {
  const order = { exchange: 'NFO', side: 'BUY', turnoverPaise: 100_000_000n } as const;
  // 18 % of 20000000 + 530000000, and of 1000000 more from the next day on
  expect(referenceLevies({ ...order, date: '2022-07-17' }).gst).toBe(99_000_000n);
  expect(referenceLevies({ ...order, date: '2022-07-18' }).gst).toBe(99_180_000n);
});

test('asks 0.0325 % at BSE since October 2024 and 0.0495 % the day before', () => {
  const order = { exchange: 'BFO', side: 'BUY', turnoverPaise: 1_000_000n } as const;
  expect(referenceLevies({ ...order, date: '2024-09-30' }).exchange).toBe(4_950_000n);
  expect(referenceLevies({ ...order, date: '2024-10-01' }).exchange).toBe(3_250_000n);
});

test('refuses a date before its tables', () => {
  const order = { date: '2015-12-31', exchange: 'NFO', side: 'SELL', turnoverPaise: 1n } as const;
  expect(() => referenceLevies(order)).toThrow('no rate is known on 2015-12-31');
});
