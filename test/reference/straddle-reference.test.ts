import { expect, test } from 'vitest';
import { bankNiftyDay2023, niftyDay2021, sensexDay2025 } from '../support/reference-candles.ts';
import type { ReferenceCandle, ReferenceDay } from '../support/reference-market.ts';
import { clockOf, msOf, spotAt } from '../support/reference-market.ts';
import { requireShared } from '../support/require-tools.ts';
import type { ReferenceTrade } from '../support/straddle-reference.ts';
import { referenceRun, referenceStraddle } from '../support/straddle-reference.ts';

type Prices = readonly [open: number, high: number, low: number, close: number, volume?: number];

/** What a contract or index shows from a time on: candles there, then flat at its last close; `none` leaves one out. */
type Story = Readonly<Record<string, Prices | 'none'>>;

/** A day to 10:00, so square-off is at 09:50: every series flat from its first price, but for its story. */
function dayOf(
  series: Readonly<Record<string, readonly [start: number, story: Story]>>,
  shape: Partial<ReferenceDay> = {},
): ReferenceDay {
  const frame = {
    date: '2021-06-11',
    underlying: 'NIFTY',
    exchange: 'NFO',
    lotSize: 75,
    startMs: msOf('09:15'),
    endMs: msOf('10:00'),
    intervalMs: 60_000,
    ...shape,
  } as const;
  const candles = new Map<string, (ReferenceCandle | undefined)[]>();
  for (const [key, [start, story]] of Object.entries(series)) {
    const minutes: (ReferenceCandle | undefined)[] = [];
    let last = start;
    for (let t = frame.startMs; t < frame.endMs; t += frame.intervalMs) {
      const told = story[clockOf(t).slice(0, 5)] ?? story[clockOf(t)];
      if (told === 'none') {
        minutes.push(undefined);
        continue;
      }
      const [open, high, low, close, volume] = told ?? [last, last, last, last];
      minutes.push({ open, high, low, close, volume });
      last = close;
    }
    candles.set(key, minutes);
  }
  return { ...frame, candles };
}

function calmDay(ce: Story = {}, pe: Story = {}, index: Story = {}): ReferenceDay {
  return dayOf({ NIFTY: [1_570_000, index], '15700 CE': [10_000, ce], '15700 PE': [10_000, pe] });
}

function lines(trades: readonly ReferenceTrade[]): readonly string[] {
  const fill = (at: ReferenceTrade['entry'] | undefined) =>
    at === undefined ? 'never' : `${clockOf(at.ms)} ${(at.paise / 100).toFixed(2)}`;
  return trades.map(({ key, entry, exit, reason }) => `${key} ${fill(entry)} ${fill(exit)} ${reason}`);
}

/** As above, with gross rupees and charges in 1/10,000 paisa. */
function ledger(trades: readonly ReferenceTrade[]): readonly string[] {
  return lines(trades).map((line, at) => {
    const trade = trades[at]!;
    return `${line} ${(trade.grossPaise / 100).toFixed(2)} ${trade.chargesFine}`;
  });
}

test('sells both legs at 99.70 for a flat 100.00 and buys them back at 100.30 at 09:50, the put 150 ms later', () => {
  // 100.00 less 0.25 (half-spread) less 0.05 (slippage); square-off is ten minutes before the end of this session.
  // Charges of the sale 20 + 3.73875 + 3.963075 + 0.007478 + 4.313354, of the purchase 20 + 3.986925 + 0.007523 +
  // 0.225675 (stamp) + 4.317647 rupees.
  expect(ledger(referenceStraddle(calmDay()))).toEqual([
    '15700 CE 09:20:01.300 99.70 09:50:01.300 100.30 TIME -45.00 60560427',
    '15700 PE 09:20:01.450 99.70 09:50:01.450 100.30 TIME -45.00 60560427',
  ]);
});

test('stops a leg 300 ms after the line crosses 124.65', () => {
  // 99.70 x 1.25 = 124.625; from 100 at 20 s to 130 at 40 s the line is there 16433.3 ms in, and at 125.101 on arrival
  const day = calmDay({ '09:30': [10_000, 13_000, 10_000, 12_000] });
  expect(lines(referenceStraddle(day))[0]).toBe('15700 CE 09:20:01.300 99.70 09:30:36.734 125.55 SL');
});

test('lets the put mirror the call: its high of 130.00 comes at 20 s when the index ties', () => {
  const day = calmDay({}, { '09:30': [10_000, 13_000, 10_000, 12_000] });
  expect(lines(referenceStraddle(day))[1]).toBe('15700 PE 09:20:01.450 99.70 09:30:16.734 125.55 SL');
});

test('fills the disaster stop at 150.45 in the first instant of a gap to 150.00', () => {
  const day = calmDay({ '09:31': [15_000, 15_000, 15_000, 15_000] });
  expect(lines(referenceStraddle(day))[0]).toBe('15700 CE 09:20:01.300 99.70 09:31:00.000 150.45 SL');
});

test('leaves a jumped disaster stop resting at 157.05 and exits at 170.50 when its modification arrives', () => {
  const day = calmDay({ '09:31': [17_000, 17_000, 17_000, 17_000] });
  expect(lines(referenceStraddle(day))[0]).toBe('15700 CE 09:20:01.300 99.70 09:31:00.300 170.50 SL');
});

test('re-prices an exit that a steep market ran away from, 2000 ms later, and fills at 159.65', () => {
  // seen 124.65, limit 127.15, asked 129.60 on arrival; second limit 1.04 x 154.66 = 160.85, asked 159.65
  const day = calmDay({ '09:30': [10_000, 40_000, 10_000, 10_000] });
  expect(lines(referenceStraddle(day))[0]).toBe('15700 CE 09:20:01.300 99.70 09:30:23.944 159.65 SL');
});

const steep = (low: number, close: number) =>
  dayOf(
    {
      NIFTY: [1_570_000, {}],
      '15700 CE': [10_000, { '09:30:00.000': [10_000, 12_900, low, close] }],
      '15700 PE': [10_000, {}],
    },
    { intervalMs: 15_000 },
  );

test('fills a resting exit at its limit of 127.15 once the line has gone a tick below it', () => {
  // 127.114 on arrival and above 127.10; the peak of 129.00 is at 10 s, and 190 paise below it are gone 244 ms later
  const [call] = referenceStraddle(steep(8_800, 9_000));
  expect(lines([call!])).toEqual(['15700 CE 09:20:01.300 99.70 09:30:10.244 127.15 SL']);
});

test('fills an exit at its limit of 127.15 on arrival when only the spread stands between', () => {
  // 126.9954 on arrival: 127.40 asked is above the limit, the line itself is more than a tick below it
  const [call] = referenceStraddle(steep(9_000, 9_000));
  expect(lines([call!])).toEqual(['15700 CE 09:20:01.300 99.70 09:30:09.743 127.15 SL']);
});

test('holds an exit back until the acceptance of the disaster stop is known, 400 ms after the fill is', () => {
  // fill 01.300, known 01.400, accepted 01.700, known 01.800; the gap of 01.500 is answered at 01.800 and fills at 02.100
  const gap = Object.fromEntries([['09:20:01.500', [13_000, 13_000, 13_000, 13_000] as Prices]]);
  const day = dayOf(
    { NIFTY: [1_570_000, {}], '15700 CE': [10_000, gap], '15700 PE': [10_000, {}] },
    { intervalMs: 1_500 },
  );
  expect(lines(referenceStraddle(day))[0]).toBe('15700 CE 09:20:01.300 99.70 09:20:02.100 130.40 SL');
});

test('waits through a minute of 749 units, takes one of 750, and takes any when nobody knows the volume', () => {
  const flat = (volume: number): Prices => [10_000, 10_000, 10_000, 10_000, volume];
  const thin = calmDay({ '09:20': flat(749), '09:21': flat(0), '09:22': flat(750) }, { '09:20': flat(750) });
  expect(lines(referenceStraddle(thin))).toEqual([
    '15700 CE 09:22:00.000 99.70 09:50:01.300 100.30 TIME',
    '15700 PE 09:20:01.450 99.70 09:50:01.450 100.30 TIME',
  ]);
});

test('gives an exit nothing of a minute whose one lot the entry took, and fills it at the next open', () => {
  // the put's stop is crossed 16433.3 ms into its entry minute; 1500 units allow two lots, 750 allow one
  const day = (volume: number) =>
    calmDay({}, { '09:20': [10_000, 13_000, 10_000, 12_000, volume], '09:21': [12_000, 12_000, 12_000, 12_000] });
  expect(lines(referenceStraddle(day(1_500)))[1]).toMatch(/^15700 PE 09:20:01\.450 \S+ 09:20:\S+ \S+ SL$/);
  expect(lines(referenceStraddle(day(750)))[1]).toMatch(/^15700 PE 09:20:01\.450 \S+ 09:21:00\.000 120\.35 SL$/);
});

test('waits for the open of the next candle when the minute of the sale has none', () => {
  const day = calmDay({ '09:20': 'none' }, { '09:20': 'none', '09:21': 'none' });
  expect(lines(referenceStraddle(day))).toEqual([
    '15700 CE 09:21:00.000 99.70 09:50:01.300 100.30 TIME',
    '15700 PE 09:22:00.000 99.70 09:50:01.450 100.30 TIME',
  ]);
});

test('exits both legs when the index line reaches 15800.00, 100 points from the entry', () => {
  // from 15700 at 20 s to 15820 at 40 s: there after 16666.7 ms
  const day = calmDay({}, {}, { '09:25': [1_570_000, 1_582_000, 1_570_000, 1_581_000] });
  expect(lines(referenceStraddle(day))).toEqual([
    '15700 CE 09:20:01.300 99.70 09:25:36.967 100.30 SPOT',
    '15700 PE 09:20:01.450 99.70 09:25:37.117 100.30 SPOT',
  ]);
});

test('names the spot when the index and a stop are reached in the same instant', () => {
  const day = calmDay(
    { '09:25': [13_000, 13_000, 13_000, 13_000] },
    {},
    { '09:25': [1_580_000, 1_580_000, 1_580_000, 1_580_000] },
  );
  expect(lines(referenceStraddle(day))).toEqual([
    '15700 CE 09:20:01.300 99.70 09:25:00.300 130.40 SPOT',
    '15700 PE 09:20:01.450 99.70 09:25:00.450 100.30 SPOT',
  ]);
});

test('judges the spot by parity at the decision instant when there is no index: 15700 at 09:20, 15800 at 09:26', () => {
  const up: Story = { '09:25': [10_000, 12_400, 10_000, 12_400] };
  const down: Story = { '09:25': [10_000, 10_000, 2_400, 2_400] };
  const day = dayOf({ '15700 CE': [10_000, up], '15700 PE': [10_000, down] });
  expect(spotAt(day, msOf('09:26'))).toBe(1_580_000);
  expect(lines(referenceStraddle(day))).toEqual([
    '15700 CE 09:20:01.300 99.70 09:26:01.300 124.40 SPOT',
    '15700 PE 09:20:01.450 99.70 09:26:01.450 24.15 SPOT',
  ]);
});

test('caps the room of a stop-limit at 20 % of its trigger at BSE, so a jump to 17.80 rests there at 17.80', () => {
  const jump: Story = { '09:31': [1_780, 1_780, 1_780, 1_780] };
  const series = { '81200 CE': [1_000, jump], '81200 PE': [1_000, {}], SENSEX: [8_120_000, {}] } as const;
  const shape = { underlying: 'SENSEX', lotSize: 20 } as const;
  const call = (exchange: 'NFO' | 'BFO') =>
    lines(referenceStraddle(dayOf(series, { ...shape, date: '2025-09-04', exchange })))[0];
  expect(call('NFO')).toBe('81200 CE 09:20:01.300 9.90 09:31:00.000 17.85 SL');
  expect(call('BFO')).toBe('81200 CE 09:20:01.300 9.90 09:31:00.300 17.90 SL');
});

test('takes the median of the five pairs that lie closest, the lower strike on a tie', () => {
  const pair = (strike: number, call: number, put: number) =>
    ({ [`${strike} CE`]: [call, {}], [`${strike} PE`]: [put, {}] }) as const;
  const wide = dayOf({
    // forwards 15702, 15704, 15705, 15706, 15707; 15550 and 15850 tie at 160 points, and the upper one stays out
    ...pair(15_550, 16_000, 0),
    ...pair(15_600, 10_200, 0),
    ...pair(15_650, 5_400, 0),
    ...pair(15_700, 500, 0),
    ...pair(15_750, 0, 4_400),
    ...pair(15_850, 0, 16_000),
  });
  expect(spotAt(wide, msOf('09:20'))).toBe(1_570_500);
  // two pairs: the mean of 15702.00 and 15704.01, half a paisa up
  expect(spotAt(dayOf({ ...pair(15_700, 200, 0), ...pair(15_650, 5_401, 0) }), msOf('09:20'))).toBe(1_570_301);
});

test('rounds a spot in the middle of two strikes, 15725.00, up to 15750', () => {
  expect(referenceRun(dayOf({ NIFTY: [1_572_500, {}] }))).toEqual({
    spotPaise: 1_572_500,
    strike: 15_750,
    skipped: 'price',
    trades: [],
  });
});

test('enters on a price that is one minute old and stays out on one that is two', () => {
  const silent = (...minutes: string[]): Story =>
    Object.fromEntries(minutes.map((minute) => [minute, 'none' as const]));
  expect(referenceRun(calmDay(silent('09:19'))).skipped).toBeUndefined();
  expect(referenceRun(calmDay(silent('09:18', '09:19'))).skipped).toBe('price');
});

test('stays out when there is no spot at 09:20', () => {
  expect(referenceRun(dayOf({})).skipped).toBe('spot');
});

test('steps over calm stretches without changing a trade on 20 random days', () => {
  const outcomes: string[] = [];
  for (let seed = 1; seed <= 20; seed += 1) {
    const day = randomDay(seed);
    const trades = referenceStraddle(day);
    expect(trades).toEqual(referenceStraddle(day, { pace: 'every-ms' }));
    outcomes.push(...trades.map(({ reason }) => reason));
  }
  expect(new Set(outcomes)).toEqual(new Set(['SL', 'SPOT', 'TIME']));
});

test('trades NIFTY on 2021-06-11: the put stopped at 12:12, the call out at 15:15', (ctx) => {
  const folder = requireShared(ctx, 'data', 'nifty-opt-1min-2021');
  const run = referenceRun(niftyDay2021(folder, '2021-06-11'));
  expect([run.spotPaise, run.strike]).toEqual([1_581_210, 15_800]);
  expect(ledger(run.trades)).toEqual([
    '15800 CE 09:20:01.300 103.80 15:15:01.300 91.30 TIME 937.50 60463724',
    '15800 PE 09:20:01.450 98.80 12:12:34.436 124.10 SL -1897.50 61656068',
  ]);
});

test('trades NIFTY on 2021-06-14: the put stopped at 09:24, the call out on the spot at 09:29', (ctx) => {
  const folder = requireShared(ctx, 'data', 'nifty-opt-1min-2021');
  const run = referenceRun(niftyDay2021(folder, '2021-06-14'));
  expect([run.spotPaise, run.strike]).toEqual([1_576_920, 15_750]);
  expect(ledger(run.trades)).toEqual([
    '15750 CE 09:20:01.300 86.50 09:29:34.600 59.70 SPOT 2010.00 57446553',
    '15750 PE 09:20:01.450 87.50 09:24:32.800 109.85 SL -1676.25 59999918',
  ]);
});

test('trades BANKNIFTY on 2023-04-10: the put stopped at 09:33, the call out on the spot at 14:18', (ctx) => {
  const folder = requireShared(ctx, 'data', 'banknifty-opt-1min-2023');
  const run = referenceRun(bankNiftyDay2023(folder, '2023-04-10'));
  expect([run.spotPaise, run.strike]).toEqual([4_107_570, 41_100]);
  expect(ledger(run.trades)).toEqual([
    '41100 CE 09:20:01.300 231.80 14:18:01.300 115.60 SPOT 2905.00 56094215',
    '41100 PE 09:20:01.450 253.70 09:33:18.741 318.80 SL -1627.50 59948872',
  ]);
});

test('trades BANKNIFTY on 2023-04-11: the call stopped at 09:27, the put out on the spot at 10:17', (ctx) => {
  const folder = requireShared(ctx, 'data', 'banknifty-opt-1min-2023');
  const run = referenceRun(bankNiftyDay2023(folder, '2023-04-11'));
  expect([run.spotPaise, run.strike]).toEqual([4_109_085, 41_100]);
  expect(ledger(run.trades)).toEqual([
    '41100 CE 09:20:01.300 179.90 09:27:28.154 225.75 SL -1146.25 56235390',
    '41100 PE 09:20:01.450 185.85 10:17:01.300 106.80 SPOT 1976.25 54552392',
  ]);
});

test('trades SENSEX on 2025-09-04 in candles of 3 minutes: the call stopped at 09:34, the put out at 09:36', (ctx) => {
  const folder = requireShared(ctx, 'data', 'sensex-opt-3min-2025');
  const run = referenceRun(sensexDay2025(folder), { entryAt: '09:21' });
  expect([run.spotPaise, run.strike]).toEqual([8_119_760, 81_200]);
  expect(ledger(run.trades)).toEqual([
    '81200 CE 09:21:01.300 438.30 09:34:36.459 549.60 SL -2226.00 63896268',
    '81200 PE 09:21:01.450 444.30 09:36:01.300 329.60 SPOT 2294.00 62237837',
  ]);
});

test('reads 375 candles of each NIFTY contract on 2021-06-14 and drops the bars after 15:30', (ctx) => {
  const day = niftyDay2021(requireShared(ctx, 'data', 'nifty-opt-1min-2021'), '2021-06-14');
  expect([...day.candles.values()].map((minutes) => minutes.length)).toEqual(Array.from({ length: 13 }, () => 375));
});

/** Candles of three seconds with jumps, silences and thin volume; the exit is at 09:22, ten minutes before the end. */
function randomDay(seed: number): ReferenceDay {
  let state = seed * 2_654_435_761;
  const chance = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const series = (start: number, swing: number) => {
    const story: Record<string, Prices | 'none'> = {};
    let last = start;
    for (let t = msOf('09:19'); t < msOf('09:32'); t += 3_000) {
      const open = Math.max(500, last + 5 * (chance(2 * swing + 1) - swing));
      const close = Math.max(500, open + 5 * (chance(2 * swing + 1) - swing));
      const high = Math.max(open, close) + 5 * chance(swing);
      const low = Math.max(5, Math.min(open, close) - 5 * chance(swing));
      story[clockOf(t)] = chance(6) === 0 ? 'none' : [open, high, low, close, 300 * chance(12)];
      last = close;
    }
    return [start, story] as const;
  };
  return dayOf(
    { NIFTY: series(1_570_000, 100 + 20 * seed), '15700 CE': series(10_000, 60), '15700 PE': series(10_000, 60) },
    { endMs: msOf('09:32'), intervalMs: 3_000 },
  );
}
