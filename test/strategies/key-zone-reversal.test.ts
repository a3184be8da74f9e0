import { describe, expect, test } from 'vitest';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { StrategyDefinition } from '../../engine/strategy.ts';
import { keyZoneReversal } from '../../strategies/key-zone-reversal.ts';
import { Approach, levelsOfDay, zonesOf } from '../../strategies/key-zone-reversal-zones.ts';
import { lookAhead } from '../support/look-ahead.ts';
import type { Played, PlayOptions } from '../support/play.ts';
import { agentPlan, play } from '../support/play.ts';
import { tape } from '../support/tape.ts';
import { closes, fills, guards, recordsOf, words } from '../support/tell.ts';
import { tracesOf } from '../support/traces.ts';

/**
 * Yesterday: high 23,100, low 22,900, close 23,000, so the pivot is 23,000, R1 23,100 and S1 22,900: three zones of 23.04 points to either side
 * of the level, 0.1 % of today's first 23,040. Confirmation is 0.04 % of it, 9.216 points, beyond a zone.
 *     22,876.96 to 22,923.04 (PDL+S1), 22,976.96 to 23,023.04 (P+PDC), 23,076.96 to 23,123.04 (PDH+R1)
 */
const YESTERDAY = tape`
  2025-01-03 every 5m
  09:15 NIFTY 23000 23100 22900 23000  FUT 23050
`;

const CHAIN = (() => {
  const cells: string[] = [];
  for (let strike = 22_600; strike <= 23_500; strike += 50) cells.push(`${strike}CE 100 oi1000 ${strike}PE 100 oi1000`);
  return cells.join(' ');
})();

/** Touches the support around 23,000 from above and closes 23,032.30 or more: 9.26 above its top. */
const BULL = { '09:20': 'NIFTY 23030 23035 23020 23032.30 FUT 23050 v1200000' };
/** The mirror: from below into the zone, closing 22,967.70 or less. */
const BEAR_FRAME = 'NIFTY 22960';

function dayOf(cells: Readonly<Record<string, string>>, first = 'NIFTY 23040'): DayCandles {
  const lines: Record<string, string> = { '09:15': `${first} FUT 23050 ${CHAIN}` };
  for (const [time, text] of Object.entries(cells)) lines[time] = `${lines[time] ?? ''} ${text}`;
  const rows = Object.entries(lines).sort(([a], [b]) => (a < b ? -1 : 1));
  return tape`${['2025-01-06 every 5m', ...rows.map(([time, text]) => `${time} ${text}`)].join('\n')}`;
}

function reversal(
  day: Readonly<Record<string, string>> | DayCandles,
  params: Record<string, unknown> = {},
  options: Partial<PlayOptions> = {},
): Played {
  const days = [isDay(day) ? day : dayOf(day)];
  return play({ days, warmUp: [YESTERDAY], agents: [agentPlan(keyZoneReversal, 'NIFTY', params)], ...options });
}

function isDay(day: object): day is DayCandles {
  return 'instruments' in day;
}

function signals(played: Played): readonly string[] {
  return recordsOf(played, 'signal').map(
    ({ ts, name, taken, gate }) =>
      `${new Date(ts + 19_800_000).toISOString().slice(11, 16)} ${name} ${taken ? 'taken' : gate}`,
  );
}

test('a reversal whose candle became known too late enters nothing, and says so', () => {
  const strikes = Array.from({ length: 19 }, (_, at) => 22_600 + 50 * at);
  const silent = `NIFTY - FUT - ${strikes.map((strike) => `${strike}CE - ${strike}PE -`).join(' ')}`;
  const lines = [
    '09:20 NIFTY 23030 23035 23020 23032.30 FUT 23050',
    '09:21 NIFTY 23032.30',
    `09:24 ${silent}`,
    '09:25 FUT 23050',
  ];
  const of = (rows: readonly string[]) =>
    signals(
      reversal(tape`${['2025-01-06', `09:15 NIFTY 23040 FUT 23050 ${CHAIN}`, ...rows].join('\n')}`, {
        volumeRule: 'off',
      }),
    );
  expect(of(lines)).toEqual(['09:26 BUY_CE its candle became known too late']);
  expect(of(lines.filter((line) => !line.includes(silent)))[0]).toBe('09:25 BUY_CE taken');
});

describe('zones', () => {
  test('stand around the extremes and the close of yesterday and its pivots; those that overlap or touch are one', () => {
    const levels = levelsOfDay({ high: 2_310_000, low: 2_290_000, close: 2_300_000 });
    expect(levels.map(({ name, level }) => [name, level])).toEqual([
      ['PDH', 2_310_000],
      ['PDL', 2_290_000],
      ['PDC', 2_300_000],
      ['P', 2_300_000],
      ['R1', 2_310_000],
      ['S1', 2_290_000],
    ]);
    expect(zonesOf(levels, 2_304)).toEqual([
      { name: 'PDL+S1', bottom: 2_287_696, top: 2_292_304 },
      { name: 'P+PDC', bottom: 2_297_696, top: 2_302_304 },
      { name: 'PDH+R1', bottom: 2_307_696, top: 2_312_304 },
    ]);
    const pair = (apart: number) =>
      zonesOf(
        [
          { name: 'A', level: 1_000 },
          { name: 'B', level: 1_000 + apart },
        ],
        10,
      );
    expect(pair(20)).toEqual([{ name: 'A+B', bottom: 990, top: 1_030 }]);
    expect(pair(21)).toHaveLength(2);
  });

  test('take the close of the last minute, or the official one where that is asked for', () => {
    const zones = (params: Record<string, unknown>, facts?: { previousClose: number }) => {
      const traced = tracesOf({
        days: [dayOf(BULL)],
        warmUp: [YESTERDAY],
        agents: [agentPlan(withFacts(facts), 'NIFTY', params)],
      });
      const [first] = traced.filter(({ kind }) => kind === 'candle');
      return (first?.values['zones'] as { name: string; bottom: number }[] | undefined)?.map(({ name }) => name);
    };
    expect(zones({})).toEqual(['PDL+S1', 'P+PDC', 'PDH+R1']);
    // A close of 23,060 makes a pivot of 23,020 with R1 at 23,140 and S1 at 22,940: three zones apart from three others, two of each merge.
    expect(zones({ prevCloseSource: 'official' }, { previousClose: 2_306_000 })).toEqual(['PDL+S1', 'P+PDC+PDH+R1']);
    expect(zones({ prevCloseSource: 'official' })).toBeUndefined();
    expect(signals(reversal(BULL))).toEqual(['09:25 BUY_CE taken']);
    expect(signals(reversal(BULL, { prevCloseSource: 'official' }))).toEqual([]);
  });

  test('that nobody can draw are noted, and nothing is traded', () => {
    const played = reversal(BULL, { volumeRule: 'off' }, { warmUp: [] });
    expect(words(played)).toBe('09:15:00.000 note: yesterday or its close is not known: no zones today');
  });
});

/** The strategy with an official close that no table knows. */
function withFacts(facts: { previousClose: number } | undefined): StrategyDefinition<unknown> {
  const definition = keyZoneReversal as StrategyDefinition<unknown>;
  if (facts === undefined) return definition;
  return {
    ...definition,
    create(params, segment) {
      const own = definition.create(params, segment);
      const seeing = (ctx: Parameters<NonNullable<typeof own.onMinute>>[0]) =>
        new Proxy(ctx, {
          get: (target, name) => {
            const value: unknown = name === 'previousClose' ? facts.previousClose : Reflect.get(target, name, target);
            return typeof value === 'function' ? (value.bind(target) as unknown) : value;
          },
        });
      return {
        onSessionOpen: (ctx) => own.onSessionOpen?.(seeing(ctx)),
        onMinute: (ctx) => own.onMinute?.(seeing(ctx)),
      };
    },
  };
}

describe('an approach', () => {
  const rule = { confirm: 4, leave: 20, candles: 6, colour: true };
  const candle = (open: number, high: number, low: number, close: number) =>
    ({ start: 0, open, high, low, close, volume: 0, oi: 0 }) as Parameters<Approach['see']>[0];
  const support = (before: number, ...prices: Parameters<typeof candle>) => {
    const approach = new Approach({ name: 'A', bottom: 100, top: 110 }, 'CE');
    const confirms = approach.see(candle(...prices), before, rule);
    return [confirms, approach.age];
  };
  const resistance = (before: number, ...prices: Parameters<typeof candle>) => {
    const approach = new Approach({ name: 'A', bottom: 100, top: 110 }, 'PE');
    const confirms = approach.see(candle(...prices), before, rule);
    return [confirms, approach.age];
  };

  test('touches a support on its very top, coming from above it', () => {
    expect(support(111, 111, 115, 110, 112)).toEqual([false, 0]);
    expect(support(111, 111, 115, 111, 115)).toEqual([false, undefined]);
    expect(support(110, 111, 115, 105, 115)).toEqual([false, undefined]);
  });

  test('is confirmed beyond its distance, not on it', () => {
    expect(support(111, 111, 115, 110, 114)).toEqual([false, 0]);
    expect(support(111, 111, 115, 110, 115)).toEqual([true, 0]);
  });

  test('ends with a close through the far edge, not on it', () => {
    expect(support(111, 111, 111, 99, 100)).toEqual([false, 0]);
    expect(support(111, 111, 111, 99, 99)).toEqual([false, undefined]);
  });

  test('of a resistance is the mirror of it', () => {
    expect(resistance(99, 99, 100, 95, 96)).toEqual([false, 0]);
    expect(resistance(99, 99, 100, 95, 95)).toEqual([true, 0]);
    expect(resistance(99, 99, 99, 95, 95)).toEqual([false, undefined]);
    expect(resistance(100, 99, 105, 95, 95)).toEqual([false, undefined]);
    expect(resistance(99, 99, 111, 99, 110)).toEqual([false, 0]);
    expect(resistance(99, 99, 111, 99, 111)).toEqual([false, undefined]);
  });
});

describe('a reversal', () => {
  test('at a support buys the call at the money when a candle touches it and closes out of it', () => {
    const played = reversal(BULL);
    expect(signals(played)).toEqual(['09:25 BUY_CE taken']);
    expect(recordsOf(played, 'signal')[0]?.seen).toMatchObject({
      key: 'key-zone-reversal NIFTY BUY_CE 23023.04 2025-01-06 09:20',
      candle: '09:20',
      zone: 'P+PDC',
      bottom: 2_297_696,
      top: 2_302_304,
      close: 2_303_230,
      candlesSinceTouch: 0,
      volume: 1_200_000,
      volumeMean: 1_000_000,
      strike: 2_305_000,
      nextZone: 2_307_696,
    });
    expect(fills(played)).toBe('09:25:01.300 BUY_CE BUY CE 100.30\n10:10:01.300 TIME SELL CE 99.70');
  });

  test('at a resistance buys the put on the mirror of it', () => {
    // Widths are those of 22,960: 22.96 and 9.184 points. The zone begins at 22,977.04; 22,967.85 is 9.19 below.
    const played = reversal(dayOf({ '09:20': 'NIFTY 22970 22980 22965 22967.85 FUT 23050 v1200000' }, BEAR_FRAME));
    expect(signals(played)).toEqual(['09:25 BUY_PE taken']);
    expect(recordsOf(played, 'signal')[0]?.seen).toMatchObject({
      zone: 'P+PDC',
      bottom: 2_297_704,
      strike: 2_295_000,
      nextZone: 2_292_296,
    });
    expect(guards(played)).toContain('set zone 23023.01');
  });

  test('must close more than 0.04 % of the index beyond the zone: 9.216 points', () => {
    const at = (close: string, params = {}) =>
      signals(reversal({ '09:20': `NIFTY 23030 23035 23020 ${close} FUT 23050 v1200000` }, params));
    expect(at('23032.25')).toEqual([]);
    expect(at('23032.30')).toEqual(['09:25 BUY_CE taken']);
    expect(at('23032.25', { confirmPct: 0.03 })).toEqual(['09:25 BUY_CE taken']);
  });

  test('must touch the zone: a low one tick above it does not', () => {
    expect(signals(reversal({ '09:20': 'NIFTY 23030 23035 23023.05 23032.30 FUT 23050 v1200000' }))).toEqual([]);
    expect(signals(reversal({ '09:20': 'NIFTY 23030 23035 23023 23032.30 FUT 23050 v1200000' }))).toEqual([
      '09:25 BUY_CE taken',
    ]);
  });

  test('must close above its open unless colours do not count', () => {
    const red = { '09:20': 'NIFTY 23035 23036 23020 23032.30 FUT 23050 v1200000' };
    expect(signals(reversal(red))).toEqual([]);
    expect(signals(reversal(red, { candleColour: false }))).toEqual(['09:25 BUY_CE taken']);
  });

  test('is none of a zone that prices did not come to from that side', () => {
    // From inside the zone upwards: it was never a support.
    expect(
      signals(reversal(dayOf({ '09:20': 'NIFTY 23010 23035 23005 23034 FUT 23050 v1200000' }, 'NIFTY 23010'))),
    ).toEqual([]);
  });
});

describe('the wait', () => {
  const touch = { '09:20': 'NIFTY 23040 23040 23020 23026' };
  const bounce = 'NIFTY 23026 23040 23025 23035 FUT 23050 v1200000';

  test('is confirmed by a later candle that need not touch the zone again', () => {
    expect(signals(reversal({ ...touch, '09:35': bounce }))).toEqual(['09:40 BUY_CE taken']);
  });

  test('ends after six candles, or as many as asked', () => {
    expect(signals(reversal({ ...touch, '09:50': bounce }))).toEqual(['09:55 BUY_CE taken']);
    expect(signals(reversal({ ...touch, '09:55': bounce }))).toEqual([]);
    expect(signals(reversal({ ...touch, '09:55': bounce }, { armCandles: 7 }))).toEqual(['10:00 BUY_CE taken']);
  });

  test('ends with a close through the far edge, not on it', () => {
    const through = (close: string) => ({
      ...touch,
      '09:25': `NIFTY 23026 23026 22970 ${close}`,
      '09:30': 'NIFTY 23026 23040 23025 23035 FUT 23050 v1200000',
    });
    expect(signals(reversal(through('22976.95')))).toEqual([]);
    expect(signals(reversal(through('22977')))).toEqual(['09:35 BUY_CE taken']);
  });

  test('ends with a close two half widths beyond the near edge that confirms nothing: 23,069.12', () => {
    // A red candle confirms nothing; the one after would.
    const gone = (close: string) => ({
      ...touch,
      '09:25': `NIFTY 23074 23074 23026 ${close}`,
      '09:30': 'NIFTY 23060 23070 23055 23068 FUT 23050 v1200000',
    });
    expect(signals(reversal(gone('23069.15')))).toEqual([]);
    expect(signals(reversal(gone('23069.10')))).toEqual(['09:35 BUY_CE taken']);
    expect(signals(reversal(gone('23069.15'), { leaveZones: 3 }))).toEqual(['09:35 BUY_CE taken']);
  });
});

test('both sides in one candle give no signal', () => {
  // Without colours one candle may turn at two zones: it dips under 23,023.04, reaches 23,076.96, and closes beyond both by more than 9.216.
  const day = { '09:20': 'NIFTY 23040 23078 23020 23050 FUT 23050 v1200000' };
  const torn = reversal(day, { candleColour: false });
  expect(signals(torn)).toEqual([
    '09:25 BUY_CE both sides confirm in one candle',
    '09:25 BUY_PE both sides confirm in one candle',
  ]);
  expect(recordsOf(torn, 'order-placed')).toEqual([]);
  expect(signals(reversal(day))).toEqual(['09:25 BUY_CE taken']);
});

test('of two zones that confirm together the nearer one signals', () => {
  // Narrow zones of 1.152 points around 23,000 and 23,010 (a wall cannot stand there, so yesterday closes at 23,015 and its pivot is 23,005).
  const yesterday = tape`
    2025-01-03 every 5m
    09:15 NIFTY 23000 23100 22900 23015  FUT 23050
  `;
  const day = { '09:20': 'NIFTY 23030 23035 23000 23034 FUT 23050 v1200000' };
  const played = reversal(day, { zonePct: 0.005, confirmPct: 0.004, leaveZones: 50 }, { warmUp: [yesterday] });
  expect(signals(played).toSorted()).toEqual(['09:25 BUY_CE a nearer zone signals', '09:25 BUY_CE taken']);
  expect(recordsOf(played, 'signal').find(({ taken }) => taken)?.seen['zone']).toBe('PDC');
});

describe('volume of the future', () => {
  const weak = { ...BULL, '09:20': 'NIFTY 23030 23035 23020 23032.30 FUT 23050 v1199999' };

  test('of less than 1.2 times its mean confirms nothing, and the wait goes on', () => {
    const next = { ...weak, '09:25': 'NIFTY 23032 23040 23031 23036 FUT 23050 v1300000' };
    expect(signals(reversal(weak))).toEqual(['09:25 BUY_CE volume below 1.2 of its mean']);
    expect(signals(reversal(next))).toEqual(['09:25 BUY_CE volume below 1.2 of its mean', '09:30 BUY_CE taken']);
    expect(signals(reversal(weak, { volumeRule: 'off' }))).toEqual(['09:25 BUY_CE taken']);
    expect(signals(reversal(weak, { volumeFactor: 1.1 }))).toEqual(['09:25 BUY_CE taken']);
  });

  test('that is unknown confirms nothing', () => {
    const unknown = ['09:25 BUY_CE volume of the future unknown'];
    expect(signals(reversal({ '09:20': 'NIFTY 23030 23035 23020 23032.30 FUT 23050 v?' }))).toEqual(unknown);
    expect(signals(reversal(BULL, { volumeBars: 77 }))).toEqual(unknown);
    expect(signals(reversal(BULL, { volumeBars: 76 }))).toEqual(['09:25 BUY_CE taken']);
  });
});

describe('open interest', () => {
  /** Twenty-one strikes around 23,050 are asked for, nineteen are there: 19,000 on each side. */
  const puts = (units: number) => ({ '09:15': `23050PE 100 oi${units}`, ...BULL });
  const calls = (units: number) => ({ '09:15': `23050CE 100 oi${units}`, ...BULL });

  test('asks a call for a put-call ratio above 0.8 and a put for one below 1.2', () => {
    // 19,000 over 23,750 is 0.8, over 23,749 a little more.
    expect(signals(reversal(calls(5_750), { oiRule: 'on' }))).toEqual(['09:25 BUY_CE put-call ratio not above 0.8']);
    expect(signals(reversal(calls(5_749), { oiRule: 'on' }))).toEqual(['09:25 BUY_CE taken']);
    expect(signals(reversal(calls(5_750)))).toEqual(['09:25 BUY_CE taken']);
    // Around 22,950 eighteen are there: 21,600 over 18,000 is 1.2.
    const bear = (units: number) =>
      dayOf(
        { '09:15': `22950PE 100 oi${units}`, '09:20': 'NIFTY 22970 22980 22965 22967.85 FUT 23050 v1200000' },
        BEAR_FRAME,
      );
    expect(signals(reversal(bear(4_600), { oiRule: 'on' }))).toEqual(['09:25 BUY_PE put-call ratio not below 1.2']);
    expect(signals(reversal(bear(4_599), { oiRule: 'on' }))).toEqual(['09:25 BUY_PE taken']);
    // Bounds of one's own: 0.8 is above 0.79 and 1.2 below 1.21, and each side has its own.
    expect(signals(reversal(calls(5_750), { oiRule: 'on', pcrFloor: 0.79 }))).toEqual(['09:25 BUY_CE taken']);
    expect(signals(reversal(calls(5_750), { oiRule: 'on', pcrCeiling: 0.7 }))[0]).toContain('not above 0.8');
    expect(signals(reversal(bear(4_600), { oiRule: 'on', pcrCeiling: 1.21 }))).toEqual(['09:25 BUY_PE taken']);
    expect(signals(reversal(bear(4_600), { oiRule: 'on', pcrFloor: 1.3 }))[0]).toContain('not below 1.2');
  });

  test('that is unknown confirms nothing', () => {
    expect(signals(reversal({ '09:15': '23050CE 100 oi?', ...BULL }, { oiRule: 'on' }))).toEqual([
      '09:25 BUY_CE put-call ratio unknown',
    ]);
    expect(signals(reversal(puts(1_000), { oiRule: 'on' }))).toEqual(['09:25 BUY_CE taken']);
  });

  test('is read on a grid of three minutes, or of one', () => {
    // At 09:25 the last instant of three minutes is 09:24; the calls that lower the ratio to 0.8 come with the candle that ends at 09:25.
    const lines = Array.from(
      { length: 5 },
      (_, at) => `09:2${at} NIFTY 2303${at} 23034 23020 23034 FUT 23050 v2000000`,
    );
    const day = tape`${['2025-01-06', `09:15 NIFTY 23040 FUT 23050 ${CHAIN}`, ...lines, '09:25 NIFTY 23034'].join('\n').replace('09:24 ', '09:24 23050CE 100 oi5750 ')}`;
    const params = { oiRule: 'on', volumeFactor: 1 };
    const yesterday = tape`
      2025-01-03
      09:15 NIFTY 23000 23100 22900 23000  FUT 23050
    `;
    const first = (oiGridMinutes: number) =>
      signals(reversal(day, { ...params, oiGridMinutes }, { warmUp: [yesterday] }))[0];
    expect(first(3)).toBe('09:25 BUY_CE taken');
    expect(first(1)).toBe('09:25 BUY_CE put-call ratio not above 0.8');
  });

  test('makes zones of walls where asked, and none of walls that nobody knows', () => {
    // The most calls stand at 23,200; prices come to it from below and turn.
    const cells = {
      '09:15': '23200CE 100 oi9000',
      '09:20': 'NIFTY 23040 23165 23130 23150',
      '09:25': 'NIFTY 23170 23180 23160 23165 FUT 23050 v1200000',
    };
    expect(signals(reversal(cells))).toEqual([]);
    const walled = reversal(cells, { walls: 1 });
    expect(recordsOf(walled, 'signal')[0]).toMatchObject({
      name: 'BUY_PE',
      taken: true,
      seen: { zone: 'CE wall 23200', bottom: 2_317_696 },
    });
    const unknown = { ...cells, '09:15': '23200CE 100 oi9000 23100PE 100 oi?' };
    expect(signals(reversal(unknown, { walls: 1 }))).toEqual([]);
  });
});

describe('a trade', () => {
  test('has its stop a tick beyond the far edge and on a fifth of the premium, its targets at the next zone and two fifths', () => {
    const set = guards(reversal(BULL))
      .split('\n')
      .filter((line) => line.includes(' set '));
    // Paid 100.30: 80.24 is 80.25 on ticks, 140.42 is 140.40.
    expect(set.map((line) => line.slice(13)).toSorted()).toEqual([
      'set next-zone 23076.96',
      'set premium CE 80.25',
      'set profit CE 140.40',
      'set zone 22976.91',
    ]);
    const bare = reversal(BULL, { stopPremiumPct: 0, targetPremiumPct: 0, targetZone: false });
    expect(
      guards(bare)
        .split('\n')
        .filter((line) => line.includes(' set ')),
    ).toHaveLength(1);
  });

  test('has no target in a zone that the index has reached already', () => {
    const at = (close: string) =>
      guards(reversal({ '09:20': `NIFTY 23030 ${close} 23020 ${close} FUT 23050 v1200000` }));
    expect(at('23076.95')).toContain('set next-zone 23076.96');
    expect(at('23076.96')).not.toContain('next-zone');
  });

  test('leaves beyond the zone, at the next zone, and on either share of premium', () => {
    const leftBy = (cell: string, params = {}) =>
      closes(reversal({ ...BULL, '09:30': cell }, params))
        .split('\n')
        .at(-1) ?? '';
    expect(leftBy('NIFTY 23030 23030 22976.90 23000')).toContain('structure 1 SL');
    expect(leftBy('NIFTY 23030 23030 22977 23000')).toContain('structure 1 TIME');
    expect(leftBy('NIFTY 23030 23077 23030 23060')).toContain('structure 1 TARGET');
    expect(leftBy('NIFTY 23030 23077 23030 23060', { targetZone: false })).toContain('structure 1 TIME');
    expect(leftBy('23050CE 100 100 80.25 90')).toContain('structure 1 SL');
    expect(leftBy('23050CE 100 100 80.25 90', { stopPremiumPct: 0 })).toContain('structure 1 TIME');
    expect(leftBy('23050CE 100 140.40 100 120')).toContain('structure 1 TARGET');
    expect(leftBy('23050CE 100 140.40 100 120', { targetPremiumPct: 0 })).toContain('structure 1 TIME');
  });

  test('is held 45 minutes, or as long as asked, never past the exit time', () => {
    const left = (params: Record<string, unknown>, cells = BULL as Record<string, string>) =>
      closes(reversal(cells, params)).slice(0, 5);
    expect(left({})).toBe('10:10');
    expect(left({ holdMinutes: 30 })).toBe('09:55');
    expect(left({ holdMinutes: 0 })).toBe('15:15');
    expect(left({}, { '14:40': BULL['09:20'] })).toBe('15:15');
  });

  test('is not begun beside another, within five minutes of one, or after three', () => {
    const again = 'NIFTY 23030 23035 23020 23032.30 FUT 23050 v2400000';
    const held = reversal({ ...BULL, '09:30': again });
    expect(signals(held)).toEqual(['09:25 BUY_CE taken', '09:35 BUY_CE in a trade']);
    // Out at 10:10:01; the candle that ends at 10:15:01 is five minutes later by less than the time of the fill.
    const soon = { ...BULL, '10:10': again };
    expect(signals(reversal(soon))).toEqual(['09:25 BUY_CE taken', '10:15 BUY_CE within 5 minutes of a trade']);
    expect(signals(reversal(soon, { cooldownMinutes: 4 }))).toEqual(['09:25 BUY_CE taken', '10:15 BUY_CE taken']);
    const many = { ...BULL, '10:20': again, '11:20': again, '12:20': again };
    expect(signals(reversal(many, { volumeFactor: 1 }))).toEqual([
      '09:25 BUY_CE taken',
      '10:25 BUY_CE taken',
      '11:25 BUY_CE taken',
      '12:25 BUY_CE 3 trades today',
    ]);
    expect(signals(reversal(many, { volumeFactor: 1, tradesPerDayMax: 4 })).at(-1)).toBe('12:25 BUY_CE taken');
  });

  test('is not begun by a candle that ends at the last time of entries', () => {
    expect(signals(reversal({ '15:10': BULL['09:20'] }))).toEqual(['15:15 BUY_CE not before 15:15']);
    expect(signals(reversal({ '15:05': BULL['09:20'] }))).toEqual(['15:10 BUY_CE taken']);
  });
});

test('parameters that do not go together are refused, and a store is asked for what the switches read', () => {
  const refusal = (params: Record<string, unknown>) =>
    keyZoneReversal.refuse?.(keyZoneReversal.params.parse(params), 'NIFTY');
  expect(refusal({})).toBeUndefined();
  expect(refusal({ exitAt: '15:00' })).toBe('parameter entryTo must not be after exitAt, was 15:15 and 15:00');
  expect(refusal({ confirmPct: 0.2 })).toBe(
    'parameter confirmPct must be below leaveZones times zonePct, where the wait ends, was 0.2 with 2 times 0.1',
  );
  const universe = (params: Record<string, unknown>) =>
    keyZoneReversal.universe(keyZoneReversal.params.parse(params), 'NIFTY');
  expect(universe({}).needs).toEqual(['future', 'future-volume']);
  expect(universe({ volumeRule: 'off' }).needs).toEqual([]);
  expect(universe({ walls: 1 }).needs).toEqual(['future', 'future-volume', 'open-interest']);
  expect(universe({ volumeRule: 'off', oiRule: 'on' }).needs).toEqual(['open-interest']);
});

test('nothing that comes later changes what was decided, whichever of 60 instants divides the day', () => {
  const again = 'NIFTY 23030 23035 23020 23032.30 FUT 23050 v2400000';
  const look = lookAhead({
    day: dayOf({ ...BULL, '09:40': 'NIFTY 23030 23035 22960 22965', '10:20': again, '11:20': again, '12:20': again }),
    warmUp: [YESTERDAY],
    agents: () => [
      agentPlan(keyZoneReversal, 'NIFTY', { volumeFactor: 0.5, walls: 2, oiRule: 'on', tradesPerDayMax: 20 }),
    ],
  });
  expect(look.changed).toEqual([]);
  expect(look.decisions).toBeGreaterThan(200);
});

test('a run is the same with a trace and without one', () => {
  const agents = () => [agentPlan(keyZoneReversal, 'NIFTY')];
  const options = { days: [dayOf(BULL)], warmUp: [YESTERDAY] };
  const traced: unknown[] = [];
  const trace = { write: (...values: unknown[]) => traced.push(values) };
  expect(play({ ...options, agents: agents(), parts: { trace } }).text).toBe(
    play({ ...options, agents: agents() }).text,
  );
  expect(traced.length).toBeGreaterThan(70);
});

/** What is armed after a touch that confirms nothing. */
function tracesOfTouch(): unknown {
  const day = dayOf({ '09:20': 'NIFTY 23040 23040 23020 23026' });
  const agents = [agentPlan(keyZoneReversal, 'NIFTY')];
  const traced = tracesOf({ days: [day], warmUp: [YESTERDAY], agents }).filter(({ kind }) => kind === 'candle');
  return traced[1]?.values['armed'];
}

test('what it saw is traced for each candle', () => {
  const traced = tracesOf({
    days: [dayOf({ '09:15': '23200CE 100 oi9000', ...BULL })],
    warmUp: [YESTERDAY],
    agents: [agentPlan(keyZoneReversal, 'NIFTY', { walls: 1 })],
  }).filter(({ kind }) => kind === 'candle');
  expect(traced).toHaveLength(75);
  expect(tracesOfTouch()).toEqual([{ zone: 'P+PDC', right: 'CE', age: 0 }]);
  // Touched, confirmed and bought in one candle; in the zone of the wall at 23,050 prices stand since the open, so it was never come to.
  expect(traced[1]?.values).toEqual({
    day: '2025-01-06',
    candle: '09:20',
    close: 2_303_230,
    zones: [
      { name: 'PDL+S1', bottom: 2_287_696, top: 2_292_304 },
      { name: 'P+PDC', bottom: 2_297_696, top: 2_302_304 },
      { name: 'PE wall 23050', bottom: 2_302_696, top: 2_307_304 },
      { name: 'PDH+R1', bottom: 2_307_696, top: 2_312_304 },
      { name: 'CE wall 23200', bottom: 2_317_696, top: 2_322_304 },
    ],
    armed: [],
    volume: 1_200_000,
    volumeMean: 1_000_000,
    pcr: 19 / 27,
    bias: 'bearish',
    // Fifteen minutes before there was nothing.
    CE: 'unknown, unknown',
    PE: 'unknown, unknown',
    maxPain: 2_305_000,
    resistance: [2_320_000, 2_305_000, 2_310_000],
    support: [2_305_000, 2_300_000, 2_295_000],
  });
});
