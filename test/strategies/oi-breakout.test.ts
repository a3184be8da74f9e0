import { describe, expect, test } from 'vitest';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { FaultPlan } from '../../engine/venue/fault-plan.ts';
import { oiBreakout } from '../../strategies/oi-breakout.ts';
import type { DayText } from '../support/breakout-day.ts';
import { breakoutDay, THE_DAY_BEFORE } from '../support/breakout-day.ts';
import { lookAhead } from '../support/look-ahead.ts';
import type { Played } from '../support/play.ts';
import { agentPlan, play } from '../support/play.ts';
import { tape } from '../support/tape.ts';
import { closes, fills, guards, orders, recordsOf } from '../support/tell.ts';
import { tracesOf } from '../support/traces.ts';

/** Yesterday's high of 23,060 lies within 0.3 % of the range's 23,030, so it is the level of the day. */
const OVER_YESTERDAY = '23030 23075 23025 23070';
const UNDER_YESTERDAY = '22980 22985 22935 22940';

/** The future gains price and open interest against 15 minutes before, with one and a half times the mean volume. */
const LONG = 'FUT 23090 v1500000 oi10100';
const SHORT = 'FUT 22990 v1500000 oi10100';
/** Five hundred puts are written at the money: more than calls, and a put-call ratio above 1. */
const PUTS_WRITTEN = '23000PE 100 oi1500';
const CALLS_WRITTEN = '23000CE 100 oi1500';

const UP: DayText['cells'] = { '09:30': `NIFTY ${OVER_YESTERDAY} ${LONG} ${PUTS_WRITTEN}` };
const DOWN: DayText['cells'] = { '09:30': `NIFTY ${UNDER_YESTERDAY} ${SHORT} ${CALLS_WRITTEN}` };

function breakout(
  text: DayText | DayCandles,
  params: Record<string, unknown> = {},
  warmUp: readonly DayCandles[] = [THE_DAY_BEFORE],
): Played {
  const day = 'instruments' in text ? text : breakoutDay(text);
  return play({ days: [day], warmUp, agents: [agentPlan(oiBreakout, 'NIFTY', params)] });
}

/** Signals in short: time, name, and the gate of those not taken. */
function signals(played: Played): string {
  return recordsOf(played, 'signal')
    .map(
      ({ ts, name, taken, gate }) =>
        `${new Date(ts + 19_800_000).toISOString().slice(11, 16)} ${name} ${taken ? 'taken' : gate}`,
    )
    .join('\n');
}

describe('a breakout', () => {
  test('buys the call at the money when five minutes close above the level and everything agrees', () => {
    const played = breakout({ cells: UP });
    expect(signals(played)).toMatch(/^09:35 BUY_CE taken\n09:40 BUY_CE in a trade/);
    const [signal] = recordsOf(played, 'signal');
    expect(signal?.seen).toMatchObject({
      key: 'oi-breakout NIFTY BUY_CE 23060 2025-01-06 09:30',
      candle: '09:30',
      close: 2_307_000,
      level: 2_306_000,
      rangeHigh: 2_303_000,
      rangeLow: 2_298_000,
      volume: 1_500_000,
      volumeMean: 1_000_000,
      future: 'long build-up',
      callsAdded: 0,
      putsAdded: 500,
      // Eleven strikes of 1,000 and one of 1,500 over twenty-one: 21,500 over 21,000.
      pcr: 1.0238,
      pcrStrikes: 21,
      strike: 2_305_000,
    });
    // Paid 100 and a quarter of a per cent and a tick; flat at 15:15 a quarter of a per cent and a tick below 100.
    expect(fills(played)).toBe('09:35:01.300 BUY_CE BUY CE 100.30\n15:15:01.300 TIME SELL CE 99.70');
  });

  test('buys the put on the mirror of all of it', () => {
    const played = breakout({ cells: DOWN });
    expect(signals(played)).toMatch(/^09:35 BUY_PE taken\n09:40 BUY_PE in a trade/);
    expect(recordsOf(played, 'signal')[0]?.seen).toMatchObject({
      level: 2_296_000,
      future: 'short build-up',
      strike: 2_295_000,
    });
    expect(fills(played).split('\n')[0]).toBe('09:35:01.300 BUY_PE BUY PE 100.30');
  });

  test('needs a close beyond the level: a high above it, and a close on it, are none', () => {
    const [on, above] = ['23030 23075 23025 23060', '23030 23075 23025 23060.05'].map((candle) =>
      signals(breakout({ cells: { '09:30': `NIFTY ${candle} ${LONG} ${PUTS_WRITTEN}` } })),
    );
    expect(on).toBe('');
    expect(above?.split('\n')[0]).toBe('09:35 BUY_CE taken');
  });

  test('is not looked for before the opening range is whole', () => {
    const early = { '09:20': `NIFTY ${OVER_YESTERDAY} ${LONG} ${PUTS_WRITTEN}` };
    expect(signals(breakout({ cells: early }))).toBe('');
    // A range of five minutes is whole at 09:20, so this candle breaks it; but 15 minutes before there was no future to compare with.
    expect(signals(breakout({ cells: early }, { openingMinutes: 5 })).split('\n')[0]).toBe(
      '09:25 BUY_CE open interest of the future unknown',
    );
    expect(signals(breakout({ cells: early }, { openingMinutes: 5, oiRule: 'off' })).split('\n')[0]).toBe(
      '09:25 BUY_CE taken',
    );
  });
});

describe("yesterday's high", () => {
  const cells = { '09:30': `NIFTY 23010 23050 23005 23045 ${LONG} ${PUTS_WRITTEN}` };

  test('is the level where it lies within 0.3 % of the range, and the range alone with the switch off', () => {
    expect(signals(breakout({ cells }))).toBe('');
    const off = breakout({ cells }, { yesterdayPct: 0 });
    expect(recordsOf(off, 'signal')[0]).toMatchObject({ taken: true, seen: { level: 2_303_000 } });
  });

  test('is none where it lies further away: 0.12 % of 23,030 is 27.64, yesterday is 30 above', () => {
    const near = breakout({ cells }, { yesterdayPct: 0.14 });
    const far = breakout({ cells }, { yesterdayPct: 0.12 });
    expect([near, far].map((played) => recordsOf(played, 'signal')[0]?.seen['level'])).toEqual([undefined, 2_303_000]);
  });

  test('that nobody knows keeps every signal out', () => {
    const played = breakout({ cells }, { volumeRule: 'off' }, []);
    expect(signals(played)).toContain('09:35 BUY_CE yesterday unknown');
    expect(recordsOf(played, 'order-placed')).toEqual([]);
  });
});

describe('a gap', () => {
  /** 23,083.05 is 0.1 % above the level of 23,060, less a tick. */
  const beyond = (open: string) => `NIFTY ${open} 23100 23062 23090 ${LONG} ${PUTS_WRITTEN}`;
  const gate = 'BUY_CE opened beyond the level and has not been back';
  const firsts = (played: Played, count: number) => signals(played).split('\n').slice(0, count);

  test('over the level is no breakout until prices came back to it and closed beyond it anew', () => {
    const played = breakout({
      cells: {
        '09:30': beyond('23095'),
        '09:35': `NIFTY 23090 23095 23060.05 23080 ${LONG}`,
        '09:40': `NIFTY 23080 23080 23060 23075 FUT 23090 v2000000 oi10100`,
      },
    });
    // A gate that stands is journaled once.
    expect(firsts(played, 2)).toEqual([`09:35 ${gate}`, '09:45 BUY_CE taken']);
  });

  test('may close back inside in between', () => {
    const played = breakout({
      cells: {
        '09:30': beyond('23095'),
        '09:35': 'NIFTY 23075 23080 23040 23050',
        '09:40': `NIFTY 23050 23075 23050 23070 FUT 23090 v2000000 oi10100`,
      },
    });
    expect(firsts(played, 2)).toEqual([`09:35 ${gate}`, '09:45 BUY_CE taken']);
  });

  test('is one from more than 0.1 % on: 23,083.06', () => {
    const first = (open: string, params = {}) => firsts(breakout({ cells: { '09:30': beyond(open) } }, params), 1)[0];
    expect(first('23083.05')).toBe('09:35 BUY_CE taken');
    expect(first('23083.10')).toBe(`09:35 ${gate}`);
    expect(first('23083.10', { gapPct: 0.11 })).toBe('09:35 BUY_CE taken');
    expect(first('23065', { gapPct: 0 })).toBe(`09:35 ${gate}`);
  });

  test('is none where the candle before had closed beyond already', () => {
    const cells = {
      '09:30': `NIFTY ${OVER_YESTERDAY}`,
      '09:35': `NIFTY 23095 23100 23090 23098 ${LONG} ${PUTS_WRITTEN}`,
    };
    expect(firsts(breakout({ cells }, { oiRule: 'off' }), 2)).toEqual([
      '09:35 BUY_CE volume below 1.5 of its mean',
      '09:40 BUY_CE taken',
    ]);
  });

  test('under the level counts for puts alike: 22,937.04', () => {
    const under = (open: string) => ({ '09:30': `NIFTY ${open} 22955 22925 22930 ${SHORT} ${CALLS_WRITTEN}` });
    expect(firsts(breakout({ cells: under('22937.05') }), 1)).toEqual(['09:35 BUY_PE taken']);
    expect(firsts(breakout({ cells: under('22937') }), 1)).toEqual([
      '09:35 BUY_PE opened beyond the level and has not been back',
    ]);
  });
});

test('both levels broken in one candle give no signal', () => {
  const cells = { '09:30': `NIFTY 23000 23075 22955 23070 ${LONG} ${PUTS_WRITTEN}` };
  const played = breakout({ cells });
  expect(signals(played).split('\n')[0]).toBe('09:35 BUY_CE both levels broken in one candle');
});

describe('volume of the future', () => {
  const weak = { '09:30': `NIFTY ${OVER_YESTERDAY} FUT 23090 v1499999 oi10100 ${PUTS_WRITTEN}` };

  test('of less than one and a half times the mean of twenty candles keeps the breakout out, one unit decides', () => {
    expect(signals(breakout({ cells: weak })).split('\n')[0]).toBe('09:35 BUY_CE volume below 1.5 of its mean');
    expect(signals(breakout({ cells: weak }, { volumeRule: 'off' })).split('\n')[0]).toBe('09:35 BUY_CE taken');
    expect(signals(breakout({ cells: weak }, { volumeFactor: 1.4 })).split('\n')[0]).toBe('09:35 BUY_CE taken');
  });

  test('has a mean over candles of the day before', () => {
    // Nineteen of one million and one of three: 1,100,000, of which 1.5 times is more than 1,500,000.
    const cells = { ...UP, '09:25': 'FUT 23050 v3000000' };
    expect(recordsOf(breakout({ cells }), 'signal')[0]).toMatchObject({
      gate: 'volume below 1.5 of its mean',
      seen: { volume: 1_500_000, volumeMean: 1_100_000 },
    });
  });

  test('is unknown with one unknown candle, with a missing one, and with too few', () => {
    const unknown = '09:35 BUY_CE volume of the future unknown';
    const first = (played: Played) => signals(played).split('\n')[0];
    expect(first(breakout({ cells: { ...UP, '09:20': 'FUT 23050 v?' } }))).toBe(unknown);
    expect(first(breakout({ cells: { '09:30': `NIFTY ${OVER_YESTERDAY} FUT - ${PUTS_WRITTEN}` } }))).toBe(unknown);
    expect(first(breakout({ cells: UP }, { volumeBars: 79 }))).toBe(unknown);
    expect(first(breakout({ cells: UP }, { volumeBars: 78 }))).toBe('09:35 BUY_CE taken');
  });
});

describe('open interest', () => {
  const first = (cells: DayText['cells'], params = {}) =>
    signals(breakout({ cells: cells ?? {} }, params)).split('\n')[0];

  test('of the future must have risen with its price over fifteen minutes', () => {
    const none = 'BUY_CE future shows no long build-up';
    expect(first({ '09:30': `NIFTY ${OVER_YESTERDAY} FUT 23090 v1500000 oi10000 ${PUTS_WRITTEN}` })).toBe(
      `09:35 ${none}`,
    );
    expect(first({ '09:30': `NIFTY ${OVER_YESTERDAY} FUT 23090 v1500000 oi9900 ${PUTS_WRITTEN}` })).toBe(
      `09:35 ${none}`,
    );
    expect(first({ '09:30': `NIFTY ${OVER_YESTERDAY} FUT 23050 v1500000 oi10100 ${PUTS_WRITTEN}` })).toBe(
      `09:35 ${none}`,
    );
    expect(
      first({ '09:30': `NIFTY ${OVER_YESTERDAY} FUT 23090 v1500000 oi9900 ${PUTS_WRITTEN}` }, { oiRule: 'off' }),
    ).toBe('09:35 BUY_CE taken');
    // The future gains 1 % of open interest and 0.1735 % of price.
    expect(first(UP, { oiFuturePct: 0.99 })).toBe('09:35 BUY_CE taken');
    expect(first(UP, { oiFuturePct: 1 })).toBe(`09:35 ${none}`);
    expect(first(UP, { oiPricePct: 0.17 })).toBe('09:35 BUY_CE taken');
    expect(first(UP, { oiPricePct: 0.2 })).toBe(`09:35 ${none}`);
  });

  test('is compared over the window asked for', () => {
    // The open interest of the future rose before 09:25 and not since.
    const cells = { ...UP, '09:20': 'FUT 23050 oi10100' };
    expect(first(cells)).toBe('09:35 BUY_CE taken');
    expect(first(cells, { oiWindowMinutes: 10 })).toBe('09:35 BUY_CE future shows no long build-up');
  });

  test('written in calls and puts alike backs nobody, one unit more in puts the call', () => {
    const written = (calls: number, puts: number) => ({
      '09:30': `NIFTY ${OVER_YESTERDAY} ${LONG} 23000CE 100 oi${calls} 23000PE 100 oi${puts}`,
    });
    expect(first(written(1_500, 1_500))).toBe('09:35 BUY_CE writers do not back the CE');
    expect(first(written(1_500, 1_501))).toBe('09:35 BUY_CE taken');
  });

  test('backs a put on the mirror of it: more calls written, or fewer puts where most stand', () => {
    const written = (text: string) => ({ '09:30': `NIFTY ${UNDER_YESTERDAY} ${SHORT} ${text}` });
    const none = '09:35 BUY_PE writers do not back the PE';
    expect(first(written('23000CE 100 oi1500 23000PE 100 oi1500'))).toBe(none);
    expect(first(written('23000CE 100 oi1501 23000PE 100 oi1500'))).toBe('09:35 BUY_PE taken');
    const wall = (units: number) => ({
      '09:15': '22900PE 100 oi5000',
      ...written(`22900PE 100 oi${units} 23000PE 100 oi3000`),
    });
    expect(first(wall(5_000), { pcrGate: false })).toBe(none);
    expect(first(wall(4_999), { pcrGate: false })).toBe('09:35 BUY_PE taken');
  });

  test('at 09:20 is that of the candle that ends there', () => {
    const minutes = (time: string) =>
      breakoutDay({
        head: '2025-01-06',
        cells: { [time]: '23000PE 100 oi1500', '09:30': 'NIFTY 23030 23075 23025 23070 FUT 23090 v9000000 oi10100' },
      });
    const of = (time: string) => signals(breakout(minutes(time))).split('\n')[0];
    expect(of('09:19')).toBe('09:35 BUY_CE writers do not back the CE');
    expect(of('09:20')).toBe('09:35 BUY_CE taken');
  });

  test('is counted from 09:20 on, or from when it is asked', () => {
    const cells = {
      '09:20': '23000PE 100 oi1500',
      '09:30': `NIFTY ${OVER_YESTERDAY} ${LONG}`,
    };
    expect(first(cells)).toBe('09:35 BUY_CE taken');
    expect(first(cells, { oiFrom: '09:26' })).toBe('09:35 BUY_CE writers do not back the CE');
  });

  test('is unknown since a time that has not come', () => {
    const cells = { ...UP, '14:30': `NIFTY 22990 23075 22985 23070 FUT 23190 v3000000 oi20000` };
    expect(first(cells, { oiFrom: '14:00' })).toBe('09:35 BUY_CE open interest of the chain unknown');
    const later = signals(
      breakout({ cells: { '14:30': `${cells['14:30']} 23000PE 100 oi1500` } }, { oiFrom: '14:00' }),
    );
    expect(later.split('\n')[0]).toBe('14:35 BUY_CE taken');
  });

  test('is read on a grid of one minute, or of three', () => {
    // At 09:35 the last instant of three minutes is 09:33; the puts come with the candle that ends at 09:35.
    const day = breakoutDay({
      head: '2025-01-06',
      cells: {
        '09:30': `NIFTY 23030 23075 23025 23070 FUT 23090 v9000000 oi10100`,
        '09:34': '23000PE 100 oi1500',
      },
    });
    const of = (oiGridMinutes: number) => signals(breakout(day, { oiGridMinutes })).split('\n')[0];
    expect(of(1)).toBe('09:35 BUY_CE taken');
    expect(of(3)).toBe('09:35 BUY_CE writers do not back the CE');
  });

  test('is counted five strikes around the money of 23,050, or as many as asked', () => {
    const cells = { '09:30': `NIFTY ${OVER_YESTERDAY} ${LONG} 22750PE 100 oi1500` };
    expect(first(cells)).toBe('09:35 BUY_CE writers do not back the CE');
    expect(first(cells, { oiStrikes: 6 })).toBe('09:35 BUY_CE taken');
  });

  test('that falls at the strike with the most calls backs the call without puts written', () => {
    const wall = { '09:15': '23200CE 100 oi5000' };
    const cells = { ...wall, '09:30': `NIFTY ${OVER_YESTERDAY} ${LONG} 23200CE 100 oi4999 23000CE 100 oi3000` };
    // The ratio is then far below 1, which the gate of its own would refuse.
    const played = breakout({ cells }, { pcrGate: false });
    expect(recordsOf(played, 'signal')[0]).toMatchObject({
      taken: true,
      seen: { callsAdded: 1_999, putsAdded: 0, callWall: 2_320_000, callWallChange: -1 },
    });
    const standing = { ...wall, '09:30': `NIFTY ${OVER_YESTERDAY} ${LONG} 23000CE 100 oi3000` };
    expect(first(standing, { pcrGate: false })).toBe('09:35 BUY_CE writers do not back the CE');
  });

  test('that nobody published is unknown, and no signal is false for it', () => {
    expect(signals(breakout({ cells: UP, interest: '' })).split('\n')[0]).toBe(
      '09:35 BUY_CE open interest of the chain unknown',
    );
    // What was last published fifteen minutes ago may have changed since.
    const silent = {
      ...UP,
      '09:20': 'FUT 23050 oi?',
      '09:30': `NIFTY ${OVER_YESTERDAY} FUT 23090 v1500000 ${PUTS_WRITTEN}`,
    };
    expect(first(silent)).toBe('09:35 BUY_CE open interest of the future unknown');
    expect(
      signals(
        breakout({
          cells: { '09:30': `NIFTY ${OVER_YESTERDAY} FUT 23090 v1500000 ${PUTS_WRITTEN}` },
          future: 'FUT 23050',
        }),
      ).split('\n')[0],
    ).toBe('09:35 BUY_CE open interest of the future unknown');
    expect(signals(breakout({ cells: UP, interest: '' }, { oiRule: 'off' })).split('\n')[0]).toBe(
      '09:35 BUY_CE put-call ratio unknown',
    );
    expect(signals(breakout({ cells: UP, interest: '' }, { oiRule: 'off', pcrGate: false })).split('\n')[0]).toBe(
      '09:35 BUY_CE taken',
    );
  });
});

describe('the put-call ratio', () => {
  /** One call 23,500 more: in the ratio of ten strikes around 23,050, not in the five that are counted. */
  const cells = { ...UP, '09:15': '23500CE 100 oi1501' };

  test('below 1 keeps a call out unless the gate is off', () => {
    // 21,500 puts over 21,501 calls.
    expect(signals(breakout({ cells })).split('\n')[0]).toBe('09:35 BUY_CE put-call ratio below 1');
    expect(signals(breakout({ cells: { ...UP, '09:15': '23500CE 100 oi1500' } })).split('\n')[0]).toBe(
      '09:35 BUY_CE taken',
    );
    expect(signals(breakout({ cells }, { pcrGate: false })).split('\n')[0]).toBe('09:35 BUY_CE taken');
    expect(signals(breakout({ cells }, { pcrLevel: 0.99 })).split('\n')[0]).toBe('09:35 BUY_CE taken');
    expect(signals(breakout({ cells }, { pcrStrikes: 8 })).split('\n')[0]).toBe('09:35 BUY_CE taken');
  });

  test('above 1 keeps a put out', () => {
    const down = { ...DOWN, '09:15': '22500PE 100 oi1501' };
    expect(signals(breakout({ cells: { ...DOWN, '09:15': '22500PE 100 oi1500' } })).split('\n')[0]).toBe(
      '09:35 BUY_PE taken',
    );
    expect(signals(breakout({ cells: down })).split('\n')[0]).toBe('09:35 BUY_PE put-call ratio above 1');
  });
});

describe('a trade', () => {
  test('leaves when five minutes close 0.1 % back inside the level: 23,060 less 23.06', () => {
    const cells = { ...UP, '09:40': 'NIFTY 23060 23060 23036 23036.95', '09:45': 'NIFTY 23036 23040 23036 23036.90' };
    const played = breakout({ cells }, { trailAtr: 0 });
    expect(closes(played)).toContain('09:50:01.400 structure 1 SL');
    const on = breakout({ cells: { ...UP, '09:40': 'NIFTY 23060 23060 23036 23036.94' } }, { trailAtr: 0 });
    expect(closes(on)).toContain('09:45:01.400 structure 1 SL');
    const mirror = {
      ...DOWN,
      '09:40': 'NIFTY 22960 22983 22960 22982.95',
      '09:45': 'NIFTY 22982 22983 22980 22982.96',
    };
    expect(closes(breakout({ cells: mirror }, { trailAtr: 0 }))).toContain('09:50:01.400 structure 1 SL');
    expect(fills(played).split('\n')).toHaveLength(2);
  });

  test('leaves as far back inside as asked', () => {
    const cells = { ...UP, '09:45': 'NIFTY 23060 23060 23050 23050' };
    const left = (stopInsidePct: number) => closes(breakout({ cells }, { trailAtr: 0, stopInsidePct })).slice(0, 5);
    // 10 points are 0.0434 % of 23,060.
    expect(left(0.043)).toBe('09:50');
    expect(left(0.044)).toBe('15:15');
  });

  test('leaves on a loss of a quarter of its premium, at a touch, and not with the stop off', () => {
    // 100.30 less 25 % is 75.225, on ticks 75.25.
    const cells = { ...UP, '09:45': '23050CE 90 90 75.20 80' };
    const played = breakout({ cells }, { trailAtr: 0 });
    expect(guards(played)).toContain('set premium CE 75.25');
    expect(closes(played)).toMatch(/^09:4\d:\d\d\.\d{3} CE SL/);
    expect(closes(breakout({ cells }, { trailAtr: 0, premiumStopPct: 0 }))).toContain('CE TIME');
  });

  test('is one a direction and day, and the other direction may follow', () => {
    const cells = {
      ...UP,
      '09:40': 'NIFTY 23060 23060 23030 23030',
      '09:45': `NIFTY 23030 23080 23030 23075 FUT 23090 v2000000 oi10200`,
      '10:00': `NIFTY 23000 23000 22930 22940 FUT 22950 v2000000 oi10300 23000CE 100 oi9000`,
    };
    const played = breakout({ cells }, { trailAtr: 0, oiRule: 'off', pcrGate: false });
    expect(signals(played).split('\n').slice(0, 5)).toEqual([
      '09:35 BUY_CE taken',
      '09:40 BUY_CE in a trade',
      '09:50 BUY_CE CE traded today',
      '10:05 BUY_PE taken',
      '10:10 BUY_PE in a trade',
    ]);
  });

  test('is not begun by a candle that ends at the last time of entries, and everything leaves at 15:15', () => {
    const cells = { '15:10': `NIFTY ${OVER_YESTERDAY} ${LONG} ${PUTS_WRITTEN}` };
    expect(signals(breakout({ cells }))).toBe('15:15 BUY_CE not before 15:15');
    expect(signals(breakout({ cells: { '15:05': cells['15:10'] } })).split('\n')[0]).toBe('15:10 BUY_CE taken');
  });

  test('needs the contract at the money, with a fresh price', () => {
    const gone = { ...UP, '09:30': `${UP?.['09:30']} 23050CE gap` };
    expect(signals(breakout({ cells: gone })).split('\n')[0]).toBe('09:35 BUY_CE no fresh price of the 23050 CE');
    expect(signals(breakout({ cells: UP, strikesEach: 0 }, { oiRule: 'off', pcrGate: false })).split('\n')[0]).toBe(
      '09:35 BUY_CE no CE of 23050 2025-01-09 in the data',
    );
  });
});

test('a stop that looks at minutes leaves in the minute that closes back inside, one of candles waits for theirs', () => {
  const day = breakoutDay({
    head: '2025-01-06',
    cells: {
      '09:30': `NIFTY 23030 23075 23025 23070 FUT 23090 v9000000 oi10100 ${PUTS_WRITTEN}`,
      '09:37': 'NIFTY 23070 23070 23030 23030',
      '09:38': 'NIFTY 23065',
    },
  });
  const of = (stopOn: string) => closes(breakout(day, { stopOn, trailAtr: 0 })).split('\n')[0];
  expect(of('minute')).toMatch(/^09:38:01\.400 CE SL/);
  expect(of('candle')).toMatch(/^15:15:01\.400 CE TIME/);
});

test('a debit spread sells the next strike out of the money and stops on the net premium', () => {
  const cells = { ...UP, '09:15': '23100CE 60 oi1000' };
  const played = breakout({ cells }, { spread: true, trailAtr: 0 });
  const entries = (of: Played) =>
    recordsOf(of, 'order-placed')
      .filter(({ purpose }) => purpose === 'entry')
      .map(({ side, contract }) => `${side} ${contract}`);
  expect(entries(played)).toEqual(['BUY NIFTY 2025-01-09 23050 CE', 'SELL NIFTY 2025-01-09 23100 CE']);
  expect(entries(breakout({ cells }, { trailAtr: 0 }))).toEqual(['BUY NIFTY 2025-01-09 23050 CE']);
  // Paid 100.30, got 60 less 0.15 and a tick: 59.80. Of the 40.50 that it cost a quarter may go: 30.375, on ticks 30.40.
  expect(guards(played)).toContain('set premium 30.40');
});

test('the volume of a new near future is unknown until its mean is of its own candles', () => {
  // The contract of January expires on Thursday the 30th: on Friday the near one is that of February.
  const before = tape`
    2025-01-30 every 5m
    09:15 NIFTY 23000 23060 22960 23000  FUT 23050
  `;
  const told = (head: string, time: string, warmUp: DayCandles) =>
    signals(
      breakout(
        { head, cells: { [time]: `NIFTY ${OVER_YESTERDAY} ${LONG} ${PUTS_WRITTEN}` } },
        { oiRule: 'off', pcrGate: false },
        [warmUp],
      ),
    ).split('\n')[0];
  const friday = '2025-01-31 every 5m';
  expect(told(friday, '09:30', before)).toBe('09:35 BUY_CE volume of the future unknown');
  expect(told(friday, '10:50', before)).toBe('10:55 BUY_CE volume of the future unknown');
  // Twenty of its own candles end at 10:55.
  expect(told(friday, '10:55', before)).toBe('11:00 BUY_CE taken');
  expect(told('2025-01-06 every 5m', '09:30', THE_DAY_BEFORE)).toBe('09:35 BUY_CE taken');
});

describe('a candle that became known too late', () => {
  const opening = { '09:30': `NIFTY 23030 23075 23025 23070 FUT 23090 v9000000 oi10100 ${PUTS_WRITTEN}` };
  /** A minute of which nobody knows anything: the candle that it ends is known a minute later. */
  const strikes = Array.from({ length: 25 }, (_, at) => 22_400 + 50 * at);
  const SILENT = `NIFTY - FUT - ${strikes.map((strike) => `${strike}CE - ${strike}PE -`).join(' ')}`;

  test('closes a trade back inside the level all the same', () => {
    const cells = { ...opening, '09:37': 'NIFTY 23070 23070 23030 23030', '09:39': SILENT };
    const played = breakout({ head: '2025-01-06', cells }, { trailAtr: 0 });
    expect(signals(played)).toMatch(/^09:35 BUY_CE taken/);
    expect(closes(played).split('\n')[0]).toMatch(/^09:41:01\.400 CE SL/);
  });

  test('enters nothing, and says so', () => {
    const played = breakout({ head: '2025-01-06', cells: { ...opening, '09:34': SILENT } }, { trailAtr: 0 });
    expect(signals(played).split('\n')[0]).toBe('09:36 BUY_CE its candle became known too late');
    expect(signals(breakout({ head: '2025-01-06', cells: opening })).split('\n')[0]).toBe('09:35 BUY_CE taken');
  });
});

describe('a debit spread that goes right', () => {
  const first = { ...UP, '09:15': '23100CE 60 oi1000' };
  const params = { spread: true, trailAtr: 0 };

  test('keeps its sold leg past half a premium more, and both leave by time', () => {
    const played = breakout({ cells: { ...first, '09:40': '23050CE 160 23100CE 100' } }, params);
    // Sold at 59.80, so that a stop of half as much again would stand at 89.70; the wide one stands at 239.20.
    expect(orders(played)).toContain('BUY 1 CE sold STOP 239.20');
    // Paid 100.30, sold at 160 less 0.40 and a tick; got 59.80, bought back at 100.30: 59.25 less 40.50 of 75 units.
    expect(fills(played)).toMatchInlineSnapshot(`
      "09:35:01.300 BUY_CE BUY CE 100.30
      09:35:01.700 BUY_CE SELL CE sold 59.80
      15:15:01.300 TIME BUY CE sold 100.30
      15:15:01.700 TIME SELL CE 159.55"
    `);
    expect(closes(played).split('\n').at(-1)).toMatch(/structure 1 TIME gross 1406\.25$/);
    expect(orders(breakout({ cells: first }, { ...params, restingStopPct: 100 }))).toContain('CE sold STOP 119.60');
  });

  test('leaves as a whole where the wide stop takes the sold leg out', () => {
    const played = breakout({ cells: { ...first, '09:40': '23050CE 300 23100CE 260' } }, params);
    expect(fills(played)).toMatchInlineSnapshot(`
      "09:35:01.300 BUY_CE BUY CE 100.30
      09:35:01.700 BUY_CE SELL CE sold 59.80
      09:40:02.400 STOP BUY CE sold 260.70
      09:40:02.800 STOP SELL CE 299.20"
    `);
    expect(closes(played)).toMatchInlineSnapshot(`
      "09:40:02.500 CE sold STOP gross -15067.50
      09:40:02.900 CE STOP gross 14917.50
      09:40:02.900 structure 1 STOP gross -150.00"
    `);
  });

  test('leaves as a whole where no stop can be placed for the sold leg', () => {
    const day = breakoutDay({ cells: first });
    const faults: FaultPlan = ({ kind, order }) =>
      kind === 'new' && order.purpose === 'protection' ? { refusal: 'no' } : undefined;
    const played = play({
      days: [day],
      warmUp: [THE_DAY_BEFORE],
      agents: [agentPlan(oiBreakout, 'NIFTY', params)],
      parts: { faults },
    });
    expect(closes(played)).toMatchInlineSnapshot(`
      "09:35:12.200 CE sold RISK gross -30.00
      09:35:12.600 CE RISK gross -45.00
      09:35:12.600 structure 1 RISK gross -75.00"
    `);
  });
});

describe('the trail', () => {
  // By hand: the day before leaves 0.0777, the ranges of today are 50, 0, 0 and 65 (from the close before): 7.56 points at 09:35.
  test('stands one ATR of five-minute candles below the best level, and a gain of one lets it begin', () => {
    const cells = { ...UP, '09:40': 'NIFTY 23070 23200 23070 23200', '09:45': 'NIFTY 23200 23200 23080 23090' };
    const played = breakout({ cells });
    expect(recordsOf(played, 'signal')[0]?.seen['atr']).toBe(756);
    expect(guards(played)).toContain('set trail 23192.44 seen 23200.00');
    expect(closes(played)).toContain('structure 1 TSL');
    expect(closes(breakout({ cells }, { trailAtr: 2 }))).toContain('structure 1 TSL');
    expect(guards(breakout({ cells }, { trailAtr: 2 }))).toContain('set trail 23184.88 seen 23200.00');
    expect(closes(breakout({ cells }, { trailAtr: 0 }))).toContain('structure 1 TIME');
    // Of two candles the mean forgets half each time: 50, 25, 12.50 and 6.25, and with 65 at last 35.625.
    const two = breakout({ cells }, { atrPeriod: 2 });
    expect(recordsOf(two, 'signal')[0]?.seen['atr']).toBe(3_563);
    expect(guards(two)).toContain('set trail 23164.37 seen 23200.00');
  });

  test('sleeps without that gain: a fall by an ATR right after the entry is not its business', () => {
    // 23,070 to 23,061 is more than 7.56 points down, and not back inside the level by 0.1 %.
    const cells = { ...UP, '09:40': 'NIFTY 23070 23077.50 23061 23065' };
    expect(closes(breakout({ cells }))).toContain('structure 1 TIME');
    expect(closes(breakout({ cells }, { trailAfterAtr: 0 }))).toContain('structure 1 TSL');
  });

  test('needs an ATR: without fourteen candles there is no trade', () => {
    const short = breakout({ cells: UP }, { volumeRule: 'off', yesterdayPct: 0 }, []);
    expect(signals(short).split('\n')[0]).toBe('09:35 BUY_CE ATR unknown');
    const without = breakout({ cells: UP }, { volumeRule: 'off', yesterdayPct: 0, trailAtr: 0 }, []);
    expect(signals(without).split('\n')[0]).toBe('09:35 BUY_CE taken');
  });
});

test('the expiry is the one that is asked for', () => {
  const cells = { ...UP, '09:15': '23050CE+ 140' };
  const played = breakout({ cells }, { expiry: 'next', oiRule: 'off', pcrGate: false });
  expect(recordsOf(played, 'signal')[0]?.seen['expiry']).toBe('2025-01-16');
  const monday = breakout({ cells }, { expiryByWeekday: { Mon: 'next' }, oiRule: 'off', pcrGate: false });
  expect(recordsOf(monday, 'signal')[0]?.seen['expiry']).toBe('2025-01-16');
  expect(recordsOf(breakout({ cells }), 'signal')[0]?.seen['expiry']).toBe('2025-01-09');
});

test('parameters that do not go together are refused', () => {
  const refusal = (params: Record<string, unknown>) => oiBreakout.refuse?.(oiBreakout.params.parse(params), 'NIFTY');
  expect(refusal({})).toBeUndefined();
  expect(refusal({ entryTo: '15:16' })).toBe('parameter entryTo must not be after exitAt, was 15:16 and 15:15');
  expect(refusal({ oiGridMinutes: 3, oiWindowMinutes: 10 })).toBe(
    'parameter oiWindowMinutes must be a multiple of oiGridMinutes, was 10 and 3',
  );
  expect(refusal({ warmUpBars: 13 })).toBe(
    'parameter warmUpBars must be at least atrPeriod while trailAtr is on, was 13 and 14',
  );
  expect(refusal({ warmUpBars: 13, trailAtr: 0 })).toBeUndefined();
  expect(() => oiBreakout.params.parse({ openingMinutes: 7 })).toThrow();
});

test('a store is asked for what the switches read, and for nothing else', () => {
  const universe = (params: Record<string, unknown>) => oiBreakout.universe(oiBreakout.params.parse(params), 'NIFTY');
  expect(universe({}).needs).toEqual(['future', 'future-volume', 'open-interest']);
  expect(universe({ volumeRule: 'off' }).needs).toEqual(['future', 'open-interest']);
  expect(universe({ oiRule: 'off' }).needs).toEqual(['future', 'future-volume', 'open-interest']);
  expect(universe({ oiRule: 'off', pcrGate: false }).needs).toEqual(['future', 'future-volume']);
  expect(universe({ volumeRule: 'off', oiRule: 'off' }).needs).toEqual(['open-interest']);
  expect(oiBreakout.limits?.(oiBreakout.params.parse({}), 'NIFTY')).toEqual({
    structuresPerDayMax: 2,
    structuresOpenMax: 1,
  });
  const off = universe({ volumeRule: 'off', oiRule: 'off', pcrGate: false, yesterdayPct: 0 });
  expect(off.needs).toEqual([]);
  expect(off.series?.map(({ span, of }) => [span, of])).toEqual([[300_000, undefined]]);
});

test('nothing that comes later changes what was decided, whichever of 60 instants divides the day', () => {
  const cells = {
    ...UP,
    '09:50': `NIFTY 23050 23050 22930 22940 FUT 22950 v2000000 oi10300 23000CE 100 oi9000`,
    '11:00': 'NIFTY 23080',
  };
  const look = lookAhead({
    day: breakoutDay({ cells }),
    warmUp: [THE_DAY_BEFORE],
    agents: () => [agentPlan(oiBreakout, 'NIFTY', { oiRule: 'off', pcrGate: false, stopOn: 'minute' })],
  });
  expect(look.changed).toEqual([]);
  expect(look.decisions).toBeGreaterThan(200);
});

test('what it saw is traced for each candle', () => {
  const traced = tracesOf({
    days: [breakoutDay({ cells: UP })],
    warmUp: [THE_DAY_BEFORE],
    agents: [agentPlan(oiBreakout, 'NIFTY')],
  });
  expect(traced.filter(({ kind }) => kind === 'levels').map(({ values }) => values)).toEqual([
    {
      rangeHigh: 2_303_000,
      rangeLow: 2_298_000,
      yesterdayHigh: 2_306_000,
      yesterdayLow: 2_296_000,
      up: 2_306_000,
      down: 2_296_000,
    },
  ]);
  const candles = traced.filter(({ kind }) => kind === 'candle');
  // From the candle that ends at 09:35 to the last of the day.
  expect(candles).toHaveLength(72);
  expect(candles[0]?.values).toMatchObject({
    day: '2025-01-06',
    candle: '09:30',
    close: 2_307_000,
    gapped: [],
    atr: 756,
    volume: 1_500_000,
    volumeMean: 1_000_000,
    money: 2_305_000,
    strikes: 21,
    pcr: 21_500 / 21_000,
    // 250 more at 23,000 for the puts: by hand the middle of an even chain is 23,050.
    maxPain: 2_305_000,
    bias: 'neutral',
    future: 'long build-up',
    CE: 'neutral, neutral',
    putsAdded: 500,
  });
});
