import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { invariant } from '../../engine/assert.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { StrategyContext } from '../../engine/strategy.ts';
import { defineStrategy, istTime, istTimeOf } from '../../engine/strategy.ts';
import type { SeriesSettings } from '../../strategies/straddle-series.ts';
import { StraddleSeries } from '../../strategies/straddle-series.ts';
import { agentPlan, play } from '../support/play.ts';
import { tape } from '../support/tape.ts';

const DEFAULTS: SeriesSettings = {
  anchorTime: istTime('09:20'),
  straddleStrike: 'rolling',
  pivotWindow: 3,
  windowIncludesCurrent: false,
  afterStrikeChange: 'skipMinute',
  rangeMode: 'opening',
  rangeOn: 'close',
};

/** What the series says at the end of a minute; prices in rupees. */
interface Reading {
  readonly at: string;
  readonly strike: number | undefined;
  readonly changed: boolean;
  readonly value: number | undefined;
  readonly vwap: number | undefined;
  readonly high: number | undefined;
  readonly low: number | undefined;
  readonly indexHigh: number | undefined;
  readonly indexLow: number | undefined;
  readonly openingHigh: number | undefined;
  readonly openingLow: number | undefined;
  readonly isLower: boolean;
  readonly broken: 'up' | 'down' | undefined;
}

const rupees = (value: number | undefined) => (value === undefined ? undefined : value / 100);

function read(series: StraddleSeries, ctx: StrategyContext): Reading {
  return {
    at: ctx.time,
    strike: rupees(series.strike),
    changed: series.strikeChanged,
    value: rupees(series.value),
    vwap: rupees(series.vwap),
    high: rupees(series.high),
    low: rupees(series.low),
    indexHigh: rupees(series.indexHigh),
    indexLow: rupees(series.indexLow),
    openingHigh: rupees(series.openingHigh),
    openingLow: rupees(series.openingLow),
    isLower: series.isLower,
    broken: series.broken,
  };
}

/** The series at the end of every minute, and what it lacked there. */
function readings(
  day: DayCandles,
  settings: Partial<SeriesSettings> = {},
): readonly (Reading & { readonly lacks: string })[] {
  const found: (Reading & { readonly lacks: string })[] = [];
  const reading = defineStrategy({
    name: 'reading',
    version: 1,
    description: 'Reads the straddle series.',
    segments: ['NIFTY'],
    params: { parse: () => ({}) },
    universe: () => ({
      underlying: 'NIFTY',
      expiries: ['nearest'],
      strikesAround: 30,
      recentreSteps: 3,
      series: [{ span: 60_000, warmUp: 0 }],
    }),
    create: () => {
      const series = new StraddleSeries({ ...DEFAULTS, ...settings });
      return {
        onSessionOpen: (ctx) => series.openDay(ctx),
        onMinute(ctx) {
          series.onMinute(ctx, ctx.expiry('nearest'));
          found.push({ ...read(series, ctx), lacks: series.value === undefined ? series.lacks : '' });
        },
      };
    },
  });
  const { records } = play({ days: [day], agents: [agentPlan(reading, 'NIFTY')] });
  expect(records.filter(({ kind }) => kind === 'quarantined')).toEqual([]);
  return found;
}

/** One reading by its minute's end. */
function at(all: readonly (Reading & { readonly lacks: string })[], time: string) {
  const found = all.find((each) => each.at === time);
  invariant(found !== undefined, `nothing was read at ${time}`);
  return found;
}

describe('by hand', () => {
  // S: 200, 204, 198, 202, 202 (09:19), 205, 203, 196, 196 and on.
  const day = tape`
    09:15  NIFTY 23000 23030 22990 23000  CE 110 v100  PE 90 v100
    09:16  NIFTY 23010  CE 113 v100  PE 91 v100
    09:17  NIFTY 22995  CE 105 v100  PE 93 v100
    09:18  NIFTY 23000  CE 110 v100  PE 92 v100
    09:20  NIFTY 23005  CE 113 v300  PE 92 v100
    09:21  NIFTY 23012  CE 112 v0    PE 91 v0
    09:22  NIFTY 22990  CE 103 v100  PE 93 v500
    09:23  NIFTY 22990  CE 103 v?    PE 93 v500
  `;
  const all = readings(day);

  test('S is call plus put at the money of each minute', () => {
    expect(
      ['09:16', '09:17', '09:18', '09:19', '09:20', '09:21', '09:22', '09:23'].map((time) => at(all, time).value),
    ).toEqual([...[200, 204, 198, 202, 202, 205, 203, 196]]);
  });

  test('windows begin with the session and hold the values before the present one', () => {
    expect(at(all, '09:18')).toMatchObject({ high: undefined, low: undefined, isLower: false });
    expect(at(all, '09:19')).toMatchObject({ high: 204, low: 198 });
    expect(at(all, '09:21')).toMatchObject({ high: 202, low: 198 });
    // 196 under 202, 205, 203; then 196 again, which is no lower low.
    expect(at(all, '09:23')).toMatchObject({ high: 205, low: 202, isLower: true });
    expect(at(all, '09:24')).toMatchObject({ high: 205, low: 196, isLower: false });
  });

  test("the VWAP counts minutes that start at its anchor or later, the anchor's own included", () => {
    expect(at(all, '09:20').vwap).toBeUndefined();
    // 205 x 400 alone; nothing is added by a minute without volume; then 196 x 600; an unknown volume adds nothing.
    expect(at(all, '09:21').vwap).toBe(205);
    expect(at(all, '09:22').vwap).toBe(205);
    expect(at(all, '09:23').vwap).toBeCloseTo((205 * 400 + 196 * 600) / 1_000, 10);
    expect(at(all, '09:24').vwap).toBe(at(all, '09:23').vwap);
  });

  test('an anchor at the open counts the whole session', () => {
    const early = readings(day, { anchorTime: istTime('09:15') });
    expect(at(early, '09:16').vwap).toBe(200);
    expect(at(early, '09:18').vwap).toBeCloseTo((200 + 204 + 198) / 3, 10);
  });

  test('no volume at all leaves it undefined', () => {
    const silent = tape`
      09:15  NIFTY 23000  CE 110 v0  PE 90 v0
      09:20  CE 110 v0  PE 90 v0
      09:21  CE 110 v0  PE 90 v0
    `;
    const found = readings(silent);
    expect(at(found, '09:22')).toMatchObject({ value: 200, vwap: undefined });
  });

  test('the opening range is of the first minutes and known at their end', () => {
    expect(at(all, '09:17')).toMatchObject({ openingHigh: undefined, openingLow: undefined });
    expect(at(all, '09:18')).toMatchObject({ openingHigh: 23_010, openingLow: 22_995, broken: undefined });
    expect(at(all, '09:22').broken).toBe('up');
    expect(at(all, '09:23').broken).toBe('down');
    expect(at(all, '09:21')).toMatchObject({ openingHigh: 23_010, openingLow: 22_995, broken: undefined });
  });

  test('its extremes may be those of the candles', () => {
    const found = readings(day, { rangeOn: 'extreme' });
    expect(at(found, '09:22')).toMatchObject({ openingHigh: 23_030, openingLow: 22_990, broken: undefined });
  });

  test('a rolling range is the window of the index', () => {
    const found = readings(day, { rangeMode: 'rolling' });
    // At 09:21 the values before 23,005 are 22,995, 23,000, 23,000.
    expect(at(found, '09:21')).toMatchObject({ indexHigh: 23_000, indexLow: 22_995, broken: 'up' });
    expect(at(found, '09:23')).toMatchObject({ indexHigh: 23_012, indexLow: 23_000, broken: 'down' });
  });

  test('a window that includes the present value breaks by being its extreme', () => {
    const found = readings(day, { windowIncludesCurrent: true, rangeMode: 'rolling' });
    expect(at(found, '09:17').high).toBeUndefined();
    expect(at(found, '09:18')).toMatchObject({ high: 204, low: 198, isLower: true });
    // 205, 203, 196 and then 203, 196, 196, whose low it is again.
    expect(at(found, '09:23')).toMatchObject({ high: 205, low: 196, isLower: true });
    expect(at(found, '09:24')).toMatchObject({ high: 203, low: 196, isLower: true });
    // A window of equal values has no extreme.
    expect(at(found, '09:25')).toMatchObject({ high: 196, low: 196, isLower: false, broken: undefined });
  });
});

describe('a minute without a price', () => {
  const gap = tape`
    09:15  NIFTY 23000  CE 110  PE 90
    09:16  CE 112       PE 90
    09:17  CE -         PE 91
    09:18  CE 111       PE 90
    09:19  CE 100       PE 90
    09:21  NIFTY 23060
    09:22  NIFTY 23000
  `;
  const all = readings(gap);

  test('has no S and is no value of the window', () => {
    expect(at(all, '09:18')).toMatchObject({ value: undefined, lacks: 'no price of the 23000 CE in this minute' });
    // The three values before 190 are 200, 202 and 201.
    expect(at(all, '09:20')).toMatchObject({ value: 190, high: 202, low: 200, isLower: true });
  });

  test('leaves the window of the index alone', () => {
    expect(at(all, '09:19')).toMatchObject({ indexHigh: 23_000, high: undefined });
  });

  test('is one in which the money has no contract', () => {
    expect(at(all, '09:22')).toMatchObject({ value: undefined, lacks: 'no price of the 23050 CE in this minute' });
    // The strike of the last S was 23,000, so nothing has changed at 09:23.
    expect(at(all, '09:23')).toMatchObject({ value: 190, changed: false });
  });

  test('is one without a level of the underlying', () => {
    const blind = tape`
      09:15  NIFTY 23000  CE 110  PE 90
      09:17  NIFTY gap    CE 110  PE gap
    `;
    expect(at(readings(blind), '09:18')).toMatchObject({
      value: undefined,
      indexHigh: undefined,
      lacks: 'no level of the underlying',
    });
  });
});

describe('a strike that changes', () => {
  // The straddle of 23,000 is at 200, that of 23,050 at 180 after 190, 188, 186, 184: the jump is no move of the market.
  const day = tape`
    09:15  NIFTY 23000  CE 110  PE 90  23050CE 95 23050PE 95
    09:16  23050CE 94 23050PE 94
    09:17  23050CE 93 23050PE 93
    09:18  23050CE 92 23050PE 92
    09:19  NIFTY 23040  23050CE 90 23050PE 90
    09:20  23050CE 89 23050PE 89
  `;

  test('is seen in the minute of its first S', () => {
    const all = readings(day);
    expect(at(all, '09:19')).toMatchObject({ strike: 23_000, changed: false });
    expect(at(all, '09:20')).toMatchObject({ strike: 23_050, changed: true, value: 180, high: 200, low: 200 });
    expect(at(all, '09:21')).toMatchObject({ strike: 23_050, changed: false, value: 178, high: 200, low: 180 });
  });

  test("brings the strike's own last values where the window is made anew", () => {
    const all = readings(day, { afterStrikeChange: 'rewindow' });
    expect(at(all, '09:20')).toMatchObject({ value: 180, high: 188, low: 184, isLower: true });
    expect(at(all, '09:21')).toMatchObject({ value: 178, high: 186, low: 180 });
  });

  test('does not, fixed at the anchor, and its window holds what that strike was before', () => {
    const all = readings(day, { straddleStrike: 'fixed' });
    expect(at(all, '09:19')).toMatchObject({ value: undefined, lacks: 'the strike is not fixed yet' });
    // At 09:20:00 the index stands at 23,040.
    expect(at(all, '09:20')).toMatchObject({ strike: 23_050, changed: false, value: 180, high: 188, low: 184 });
    const later = readings(day, { straddleStrike: 'fixed', anchorTime: istTime('09:19') });
    expect(at(later, '09:19')).toMatchObject({ strike: 23_000, value: 200 });
    expect(at(later, '09:21')).toMatchObject({ strike: 23_000, value: 200 });
  });
});

/** The same by the definitions, straight from the columns of the day, every window taken anew. */
function naive(day: DayCandles, settings: SeriesSettings): readonly Reading[] {
  const { columns, instruments, starts } = day;
  const cell = (key: string, minute: number) => {
    const slot = instruments.findIndex((one) =>
      one.kind === 'option' ? `${one.strike / 100}${one.right}` === key : one.kind === key,
    );
    const place = minute * instruments.length + slot;
    if (slot < 0 || columns.valid[place] !== 1) return undefined;
    return {
      close: columns.close[place] ?? 0,
      high: columns.high[place] ?? 0,
      low: columns.low[place] ?? 0,
      volume: columns.volume[place] ?? 0,
    };
  };
  const n = settings.pivotWindow;
  const minutes = starts.length;
  const clock = Array.from({ length: minutes }, (_, m) => istTimeOf(((starts[m] ?? 0) + 60_000) as never));
  const startClock = Array.from({ length: minutes }, (_, m) => istTimeOf((starts[m] ?? 0) as never));
  const index = Array.from({ length: minutes }, (_, m) => (cell('index', m)?.close ?? 0) / 100);
  const money = index.map((level) => 50 * Math.floor(level / 50 + 0.5));
  const pair = (strike: number, m: number) => {
    const [call, put] = [cell(`${strike}CE`, m), cell(`${strike}PE`, m)];
    if (call === undefined || put === undefined) return undefined;
    const volume = call.volume < 0 || put.volume < 0 ? 0 : call.volume + put.volume;
    return { sum: (call.close + put.close) / 100, volume };
  };
  const anchor = clock.findIndex((time) => time >= settings.anchorTime);
  const isFixed = settings.straddleStrike === 'fixed';
  const strikeIn = (m: number) => (isFixed ? (m < anchor ? undefined : money[anchor]) : money[m]);
  const found: Reading[] = [];
  let values: number[] = [];
  let last: number | undefined;
  let [paid, volume] = [0, 0];
  for (let m = 0; m < minutes; m += 1) {
    const strike = strikeIn(m);
    const now = strike === undefined ? undefined : pair(strike, m);
    const changed = now !== undefined && last !== undefined && strike !== last;
    if (now !== undefined && strike !== undefined) {
      if ((isFixed && last === undefined) || (changed && settings.afterStrikeChange === 'rewindow')) {
        values = Array.from({ length: m }, (_, k) => pair(strike, k)?.sum).filter((sum) => sum !== undefined);
      }
      last = strike;
      if ((startClock[m] ?? '') >= settings.anchorTime) {
        paid += now.sum * now.volume;
        volume += now.volume;
      }
    }
    if (now !== undefined) values.push(now.sum);
    const upTo = <T>(list: readonly T[]) => (settings.windowIncludesCurrent ? list : list.slice(0, -1)).slice(-n);
    const previous = found.at(-1);
    const window = upTo(values);
    const isFull = window.length === n;
    const [high, low] =
      now === undefined
        ? [previous?.high, previous?.low]
        : [isFull ? Math.max(...window) : undefined, isFull ? Math.min(...window) : undefined];
    const own = upTo(index.slice(0, m + 1));
    const [indexHigh, indexLow] = own.length === n ? [Math.max(...own), Math.min(...own)] : [undefined, undefined];
    const opening = m + 1 >= n ? Array.from({ length: n }, (_, k) => k) : [];
    const edge = (side: 'high' | 'low') => (k: number) =>
      settings.rangeOn === 'close' ? (index[k] ?? 0) : (cell('index', k)?.[side] ?? 0) / 100;
    const openingHigh = opening.length === 0 ? undefined : Math.max(...opening.map(edge('high')));
    const openingLow = opening.length === 0 ? undefined : Math.min(...opening.map(edge('low')));
    const [top, bottom] = settings.rangeMode === 'opening' ? [openingHigh, openingLow] : [indexHigh, indexLow];
    const level = index[m] ?? 0;
    const isExtreme = settings.windowIncludesCurrent && settings.rangeMode === 'rolling';
    const up = top !== undefined && (level > top || (isExtreme && level === top && top !== bottom));
    const down = bottom !== undefined && (level < bottom || (isExtreme && level === bottom && top !== bottom));
    found.push({
      at: clock[m] ?? '',
      strike: last,
      changed,
      value: now?.sum,
      vwap: volume === 0 ? undefined : paid / volume,
      high,
      low,
      indexHigh,
      indexLow,
      openingHigh,
      openingLow,
      isLower:
        now !== undefined &&
        high !== undefined &&
        low !== undefined &&
        (settings.windowIncludesCurrent ? now.sum === low && high !== low : now.sum < low),
      broken: up ? 'up' : down ? 'down' : undefined,
    });
  }
  return found;
}

const anyCell = fc.record({
  price: fc.integer({ min: 40, max: 140 }),
  volume: fc.constantFrom('v0', 'v?', 'v75', 'v150', 'v600'),
  absent: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
});
const STRIKES = [22_950, 23_000, 23_050];
const anyMinute = fc.record({
  level: fc.integer({ min: -70, max: 70 }).map((off) => 23_000 + off),
  wick: fc.integer({ min: 0, max: 30 }),
  cells: fc.array(anyCell, { minLength: 2 * STRIKES.length, maxLength: 2 * STRIKES.length }),
});
const anySettings: fc.Arbitrary<SeriesSettings> = fc.record({
  anchorTime: fc.constantFrom(...['09:15', '09:20', '09:32'].map(istTime)),
  straddleStrike: fc.constantFrom('rolling', 'rolling', 'fixed'),
  pivotWindow: fc.constantFrom(2, 3, 7, 15),
  windowIncludesCurrent: fc.boolean(),
  afterStrikeChange: fc.constantFrom('skipMinute', 'rewindow'),
  rangeMode: fc.constantFrom('opening', 'rolling'),
  rangeOn: fc.constantFrom('close', 'extreme'),
});

function randomDay(
  minutes: readonly { level: number; wick: number; cells: { price: number; volume: string; absent: boolean }[] }[],
): DayCandles {
  const names = STRIKES.flatMap((strike) => [`${strike}CE`, `${strike}PE`]);
  const lines = minutes.map(({ level, wick, cells }, m) => {
    const time = `${String(9 + Math.floor((15 + m) / 60)).padStart(2, '0')}:${String((15 + m) % 60).padStart(2, '0')}`;
    const options = cells.map(({ price, volume, absent }, k) => `${names[k]} ${absent ? '-' : `${price} ${volume}`}`);
    return `${time} NIFTY ${level} ${level + wick} ${level - wick} ${level} ${options.join(' ')}`;
  });
  // Every contract is listed from the first minute on, whatever is absent later.
  const listed = `09:15 ${names.map((name) => `${name} 100 v75`).join(' ')}`;
  const [first = '', ...rest] = lines;
  return tape`
    ${[`${first.split(' ').slice(0, 6).join(' ')} ${listed.slice(6)}`, ...rest].join('\n')}
  `;
}

test('random days agree with the definitions taken anew each minute', () => {
  fc.assert(
    fc.property(fc.array(anyMinute, { minLength: 30, maxLength: 70 }), anySettings, (minutes, settings) => {
      const day = randomDay(minutes);
      const got = readings(day, settings).map(({ lacks: _, ...reading }) => reading);
      const wanted = naive(day, settings);
      const near = (value: number | undefined) => (value === undefined ? undefined : Math.round(value * 1e6) / 1e6);
      expect(got.map((each) => ({ ...each, vwap: near(each.vwap) }))).toEqual(
        wanted.map((each) => ({ ...each, vwap: near(each.vwap) })),
      );
    }),
    { numRuns: 60 },
  );
});
