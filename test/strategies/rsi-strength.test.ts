import { describe, expect, test } from 'vitest';
import { SyntheticMarket } from '../../datasets/synthetic/synthetic-market.ts';
import { invariant } from '../../engine/assert.ts';
import { day } from '../../engine/model/time.ts';
import { rsiStrength } from '../../strategies/rsi-strength.ts';
import { segmentSettings } from '../../strategies/rsi-strength-params.ts';
import { agentPlan, testReference } from '../support/play.ts';
import { strength, strengthDay, TO_CALL, TO_PUT } from '../support/strength-day.ts';
import { closes, fills, guards, recordsOf, words } from '../support/tell.ts';

/** Options that stand at 100 all day around where the two days go. */
const CALLS = { '09:15': '22800CE 100 23000PE 100' };
const PUTS = { '09:15': '23200PE 100 23000CE 100' };
const callDay = (more: readonly number[] = [], cells: Record<string, string> = {}) =>
  strengthDay({ moves: [...TO_CALL, ...more], cells: { ...CALLS, ...cells } });
const putDay = (more: readonly number[] = [], cells: Record<string, string> = {}) =>
  strengthDay({ moves: [...TO_PUT, ...more], cells: { ...PUTS, ...cells } });
const NO_ADDITIONS = { lotAddition: 0 };

describe('a cross', () => {
  test('upwards on a green candle buys the call 100 points in the money, flat at 15:15', () => {
    const played = strength(callDay());
    expect(recordsOf(played, 'structure-opened')[0]?.legs.map(({ contract, lots }) => `${contract} ${lots}`)).toEqual([
      'NIFTY 2025-01-09 22800 CE 1',
    ]);
    expect(fills(played)).toBe(['10:40:01.300 BUY_CE BUY CE 100.30', '15:15:01.300 TIME SELL CE 99.70'].join('\n'));
    expect(words(played).split('\n').slice(0, 2)).toEqual([
      '09:15:00.000 note: warming up: 0 of the 15 candles of 5m before a signal',
      '10:40:01.000 BUY_CE taken',
    ]);
    expect(recordsOf(played, 'signal')[0]?.seen).toEqual({
      candle: '10:35',
      open: 2_288_000,
      close: 2_291_000,
      rsi: 48.4606,
      priceStrength: 42.1432,
      volumeStrength: 40.2257,
      spot: 2_291_000,
      strike: 2_280_000,
      expiry: '2025-01-09',
      price: 10_000,
    });
  });

  test('downwards on a red candle buys the put 100 points in the money', () => {
    const played = strength(putDay());
    expect(fills(played)).toBe(['10:40:01.300 BUY_PE BUY PE 100.30', '15:15:01.300 TIME SELL PE 99.70'].join('\n'));
    expect(recordsOf(played, 'structure-opened')[0]?.legs[0]?.contract).toBe('NIFTY 2025-01-09 23200 PE');
    // The mirror of the other day: 100 less each line.
    expect(recordsOf(played, 'signal')[0]?.seen).toMatchObject({
      rsi: 51.5394,
      priceStrength: 57.8568,
      volumeStrength: 59.7743,
    });
  });

  test('on a candle of the other colour, or of none, is skipped by name', () => {
    // The lines do not ask for the colour: opens above its close, the close higher than the last one.
    const shaped = strengthDay({ moves: TO_CALL, cells: CALLS });
    const cell = 16 * shaped.instruments.length + shaped.instruments.findIndex(({ kind }) => kind === 'index');
    shaped.columns.open[cell] = 2_291_500;
    shaped.columns.high[cell] = 2_291_500;
    expect(words(strength(shaped))).toContain('10:40:01.000 BUY_CE skipped: candle not green');
    shaped.columns.open[cell] = 2_291_000;
    expect(words(strength(shaped))).toContain('10:40:01.000 BUY_CE skipped: candle not green');
    expect(recordsOf(strength(shaped), 'structure-opened')).toEqual([]);
  });

  test('before nine and n candles is none, which 21 candles of the published lines move', () => {
    // The same turn one candle earlier in each case: candle number 15 is the first that may signal.
    const early = strengthDay({ moves: [0, 20, ...Array.from({ length: 11 }, () => -10), 30], cells: CALLS });
    expect(recordsOf(strength(early), 'signal').filter(({ seen }) => seen['candle'] === '10:20')).toEqual([]);
    const first = strengthDay({
      moves: [0, 20, ...Array.from({ length: 12 }, () => -10), 30],
      cells: { '09:15': '22800CE 100' },
    });
    expect(recordsOf(strength(first), 'signal')[0]?.seen['candle']).toBe('10:25');
    expect(
      recordsOf(strength(callDay(), { lines: 'hm21' }), 'signal').filter(({ seen }) => seen['candle'] === '10:35'),
    ).toEqual([]);
    const long = strengthDay({
      moves: [0, 20, ...Array.from({ length: 30 }, () => -10), 60],
      cells: { '09:15': '22700CE 100' },
    });
    expect(words(strength(long, { lines: 'hm21' }))).toContain('BUY_CE taken');
  });

  test('needs the RSI beyond volume strength unless told otherwise', () => {
    // Up for fourteen candles, then 10 down, 10 up, 1 down: by the second calculation price strength 64.1267 falls below volume strength
    // 64.2689 while the RSI, at 64.3536, is still above it.
    const late = strengthDay({ moves: [...TO_PUT.slice(0, 16), -10, 10, -1], cells: PUTS });
    expect(words(strength(late))).toContain('10:50:01.000 BUY_PE skipped: RSI not below volume strength');
    expect(words(strength(late, { rsiConfirm: 'none' }))).toContain('10:50:01.000 BUY_PE taken');
  });

  test('after lines that touched counts from the side before the touch, or not at all', () => {
    // Three hours without a move: the lines come together to nine digits after lying the other way; then 20 up.
    const still = [...TO_CALL, ...Array.from({ length: 36 }, () => 0), 20];
    const day = strengthDay({ moves: still, cells: { '09:15': '22800CE 100 22850CE 100' } });
    const params = { ...NO_ADDITIONS, exitAt: '12:00' };
    expect(words(strength(day, params))).toContain('13:45:01.000 BUY_CE skipped: after its square-off');
    expect(words(strength(day, { ...params, equality: 'strict' }))).not.toContain('13:45');
  });

  test('has both candles on one day, unless a night is allowed', () => {
    // Standing still leaves price strength a little below volume strength at the end of the first day; the second opens far up and rises.
    const first = callDay();
    const second = strengthDay({ head: '2025-01-07', from: 23_080, moves: [100], cells: { '09:15': '23100CE 100' } });
    expect(words(strength([first, second]))).not.toContain('09:20:01.000');
    expect(words(strength([first, second], { allowOvernightCross: true }))).toContain('09:20:01.000 BUY_CE taken');
  });

  test('whose candle became known late, for want of its last minute, gives no entry', () => {
    const minutes = TO_CALL.flatMap((move) => [move, 0, 0, 0, 0]);
    const whole = strengthDay({ moves: minutes, cells: CALLS, everyMinutes: 1 });
    const gap = strengthDay({ moves: minutes, cells: CALLS, everyMinutes: 1 });
    const index = gap.instruments.findIndex(({ kind }) => kind === 'index');
    // Without the index candle of 10:39 the level comes from parity of one strike each: no pair, no level.
    gap.columns.valid[84 * gap.instruments.length + index] = 0;
    expect(words(strength(whole))).toContain('10:40:01.000 BUY_CE taken');
    expect(words(strength(gap))).not.toContain('BUY_CE');
  });

  test.for([
    [3, '10:06'],
    [15, '13:30'],
    [30, undefined],
  ] as const)('comes from candles of %d minutes', ([timeframe, at]) => {
    const played = strength(
      strengthDay({
        moves: TO_CALL.flatMap((move) => [move, ...Array.from({ length: timeframe - 1 }, () => 0)]).slice(0, 370),
        cells: CALLS,
        everyMinutes: 1,
      }),
      { timeframe },
    );
    const entry = recordsOf(played, 'signal').find(({ taken }) => taken);
    expect(
      entry === undefined
        ? undefined
        : words(played)
            .split('\n')
            .find((line) => line.includes('taken'))
            ?.slice(0, 5),
    ).toBe(at);
  });
});

describe('the window and the count of the day', () => {
  test('a candle that ends at the first minute enters, one that ends at the cut-off does not', () => {
    expect(words(strength(callDay(), { entryFrom: '10:40' }))).toContain('10:40:01.000 BUY_CE taken');
    expect(words(strength(callDay(), { entryFrom: '10:41' }))).toContain('10:40:01.000 BUY_CE skipped: before 10:41');
    expect(words(strength(callDay(), { entryTo: '10:40' }))).toContain('10:40:01.000 BUY_CE skipped: not before 10:40');
    expect(words(strength(callDay(), { entryTo: '10:41' }))).toContain('10:40:01.000 BUY_CE taken');
  });

  test('no more trades than a day may have', () => {
    expect(words(strength(callDay(), { maxTradesPerDay: 0 }))).toContain('BUY_CE skipped: 0 trades today');
    const again = strength(REENTRIES, { ...TIGHT, maxTradesPerDay: 2 });
    expect(words(again)).toContain('11:00:01.000 BUY_CE re-entry skipped: 2 trades today');
  });

  test('an entry may wait a candle, and is lost when the lines cross back', () => {
    const played = strength(callDay([10]), { entryDelayBars: 1 });
    expect(words(played)).toContain('10:45:01.000 BUY_CE taken');
    expect(recordsOf(played, 'signal')[0]?.seen).toMatchObject({ candle: '10:35', spot: 2_292_000 });
    const back = strength(callDay([-60]), { entryDelayBars: 1 });
    expect(words(back)).toContain('10:45:01.000 BUY_CE skipped: the lines crossed back before its entry');
  });
});

describe('a signal in a trade', () => {
  // Up 10, then 60 down: price strength falls below volume strength on a red candle at 22,860. A wide stop keeps the call.
  const turning = callDay([10, -60], { '10:45': '22800CE 100 22950PE 100' });
  const wide = { ...NO_ADDITIONS, slPoints: 500 };

  test('is skipped by name', () => {
    expect(words(strength(turning, wide))).toContain('10:50:01.000 BUY_PE skipped: in a trade');
    expect(recordsOf(strength(turning, wide), 'structure-opened')).toHaveLength(1);
  });

  test('closes it and enters its own where that is asked for, one trade at a time', () => {
    const played = strength(turning, { ...wide, reverseOnOpposite: true });
    expect(fills(played)).toBe(
      [
        '10:40:01.300 BUY_CE BUY CE 100.30',
        '10:50:01.300 REVERSAL SELL CE 99.70',
        '10:50:01.700 BUY_PE BUY PE 100.30',
        '15:15:01.300 TIME SELL PE 99.70',
      ].join('\n'),
    );
  });

  test('leaves it alone where the entry has a gate of its own', () => {
    const played = strength(turning, { ...wide, reverseOnOpposite: true, entryTo: '10:45' });
    expect(words(played)).toContain('10:50:01.000 BUY_PE skipped: not before 10:45');
    expect(closes(played)).toContain('structure 1 TIME');
  });
});

/** Eight points of stop and no trail; each candle of 10 down stops the call, each of 20 up may buy it again. */
const TIGHT = { ...NO_ADDITIONS, slPoints: 8, tslPoints: 0 };
const SAWTOOTH = [-10, 20, -10, 20, -10, 20, -10, 20, -10, 20];
const REENTRIES = callDay(SAWTOOTH, { '10:45': '22800CE 100 22850CE 100' });

describe('after a stop at a loss', () => {
  test('the same side is bought on each candle of the colour while the lines stay, three times', () => {
    const played = strength(REENTRIES, TIGHT);
    expect(words(played).split('\n').slice(1)).toEqual(
      [
        '10:40:01.000 BUY_CE taken',
        '10:50:01.000 BUY_CE re-entry taken',
        '11:00:01.000 BUY_CE re-entry taken',
        '11:10:01.000 BUY_CE re-entry taken',
      ].concat(words(played).split('\n').slice(5)),
    );
    expect(recordsOf(played, 'leg-closed').map(({ reentry, reason }) => `${reentry} ${reason}`)).toEqual([
      '0 SL',
      '1 SL',
      '2 SL',
      '3 SL',
    ]);
    expect(recordsOf(played, 'structure-opened')).toHaveLength(4);
  });

  test('nothing is bought again with the rule of a new cross, or after as many times as are allowed', () => {
    expect(recordsOf(strength(REENTRIES, { ...TIGHT, reentryRule: 'cross' }), 'structure-opened')).toHaveLength(1);
    expect(recordsOf(strength(REENTRIES, { ...TIGHT, maxReentries: 1 }), 'structure-opened')).toHaveLength(2);
  });

  test('a profit ends it', () => {
    // The call doubles before the stop: the trade is won, and the next green candle buys nothing.
    const won = callDay(SAWTOOTH, { '10:40': '22800CE 100 200 100 200', '10:45': '22800CE 200 22850CE 200' });
    expect(recordsOf(strength(won, TIGHT), 'leg-closed').map(({ reason, gross }) => `${reason} ${gross > 0}`)).toEqual([
      'SL true',
    ]);
  });

  test('an opposite cross ends it', () => {
    const turned = callDay([-10, -60, 80, 20], { '10:45': '22800CE 100 22900PE 100 22850CE 100' });
    const played = strength(turned, { ...TIGHT, maxTradesPerDay: 1 });
    expect(words(played)).toContain('10:50:01.000 BUY_PE skipped: 1 trades today');
    expect(words(played)).not.toContain('re-entry');
  });

  test('a new day ends it', () => {
    const evening = strengthDay({
      moves: [...Array.from({ length: 53 }, (_, at) => (at % 2 === 0 ? 10 : -10)), ...TO_CALL.slice(1), -10],
      cells: CALLS,
    });
    const morning = strengthDay({
      head: '2025-01-07',
      from: 22_920,
      moves: [20, 20],
      cells: { '09:15': '22850CE 100' },
    });
    expect(words(strength([evening, morning], TIGHT))).not.toContain('re-entry');
  });
});

describe('the contract', () => {
  test('of a strike that is not listed is the next one towards the money', () => {
    const played = strength(strengthDay({ moves: TO_CALL, cells: { '09:15': '22850CE 100 22900CE 80' } }));
    expect(recordsOf(played, 'structure-opened')[0]?.legs[0]?.contract).toBe('NIFTY 2025-01-09 22850 CE');
    const put = strength(strengthDay({ moves: TO_PUT, cells: { '09:15': '23100PE 100' } }));
    expect(recordsOf(put, 'structure-opened')[0]?.legs[0]?.contract).toBe('NIFTY 2025-01-09 23100 PE');
  });

  test('that is nowhere, or has no fresh price, is named', () => {
    const none = strength(strengthDay({ moves: TO_CALL, cells: { '09:15': '22800PE 100' } }));
    expect(words(none)).toContain('BUY_CE skipped: no CE of 22800 to 22900 2025-01-09 in the data');
    const old = strength(strengthDay({ moves: TO_CALL, cells: { '09:15': '22800CE 100', '10:00': '22800CE gap' } }));
    expect(words(old)).toContain('BUY_CE skipped: no fresh price of the 22800 CE');
  });

  test('lies as far in the money as it is told, or out of it', () => {
    const cells = { '09:15': '22900CE 100 22700CE 300 23100CE 30' };
    const strikes = [0, 200, -200].map(
      (itmOffset) =>
        recordsOf(
          strength(strengthDay({ moves: TO_CALL, cells }), { itmOffset }),
          'structure-opened',
        )[0]?.legs[0]?.contract.split(' ')[2],
    );
    expect(strikes).toEqual(['22900', '22700', '23100']);
  });

  test('is one of the chosen expiry, and of the one after it once that is near enough', () => {
    const cells = { '09:15': '22800CE 100 22800CE+ 150' };
    const expiryWith = (params: Record<string, unknown>) =>
      recordsOf(
        strength(strengthDay({ moves: TO_CALL, cells }), params),
        'structure-opened',
      )[0]?.legs[0]?.contract.split(' ')[1];
    expect(expiryWith({ expiry: 'next' })).toBe('2025-01-16');
    // 6 to 9 January are three days.
    expect(expiryWith({ expirySwitchDays: 2 })).toBe('2025-01-09');
    expect(expiryWith({ expirySwitchDays: 3 })).toBe('2025-01-16');
  });
});

describe('stop and trail', () => {
  test('stand 50 points below the index for a call and above it for a put', () => {
    expect(guards(strength(callDay()))).toContain('10:40:01.000 set SL 22860.00\n10:40:01.000 set TSL 22860.00');
    expect(guards(strength(putDay()))).toContain('10:40:01.000 set SL 23140.00\n10:40:01.000 set TSL 23140.00');
  });

  test('at one level together close by the stop, after a rise by the trail', () => {
    // 22,910 less 60 in one candle: at its high for 100 s, then 0.6 a second: 22,860 after 183.334 s.
    const fallen = strength(callDay([-60]), NO_ADDITIONS);
    expect(guards(fallen)).toContain('10:43:03.334 fired SL 22860.00 seen 22860.00');
    expect(closes(fallen)).toContain('structure 1 SL');
    const risen = strength(callDay([40, -60]), NO_ADDITIONS);
    expect(guards(risen)).toContain('moved TSL 22900.00 seen 22950.00');
    expect(closes(risen)).toContain('structure 1 TSL');
  });

  test('never loosen, and the trail may keep another distance or be off', () => {
    const zigzag = callDay([20, -10, 20, -10, 20, -10], { '10:45': '22800CE 100' });
    const levels = recordsOf(strength(zigzag, { ...NO_ADDITIONS, tslPoints: 30 }), 'guard-set', 'guard-moved').flatMap(
      ({ guard, level }) => (guard === 'TSL' ? [level] : []),
    );
    expect(levels).toEqual([2_288_000, 2_290_000, 2_291_000, 2_292_000]);
    expect(guards(strength(zigzag, { ...NO_ADDITIONS, tslPoints: 0 }))).not.toContain('TSL');
  });

  test('of a gap act on the first price behind it', () => {
    const gap = callDay();
    const cell = 17 * gap.instruments.length + gap.instruments.findIndex(({ kind }) => kind === 'index');
    for (const column of [gap.columns.open, gap.columns.high, gap.columns.low, gap.columns.close])
      column[cell] = 2_280_000;
    expect(guards(strength(gap))).toContain('10:40:01.000 set SL 22860.00');
    expect(guards(strength(gap))).toContain('fired SL 22860.00 seen 22800.00');
  });

  test('on the premium stand below the price paid and its best, for both rights', () => {
    const played = strength(putDay([0, 0], { '10:45': '23200PE 130', '10:50': '23200PE 85' }), {
      ...NO_ADDITIONS,
      slBasis: 'premium',
      slPoints: 20,
    });
    // Paid 100.30: both at 80.30; at 130 the trail stands at 110, and the candle opens at 85.
    expect(guards(played)).toContain('set SL PE 80.30');
    expect(guards(played)).toContain('moved TSL PE 110.00 seen 130.00');
    expect(guards(played)).toContain('10:50:00.000 fired TSL PE 110.00 seen 85.00');
    expect(closes(played)).toContain('structure 1 TSL');
  });
});

describe('parameters', () => {
  test('have the defaults of the rule, and those of each segment', () => {
    const { params } = agentPlan(rsiStrength, 'NIFTY');
    expect(params).toEqual({
      timeframe: 5,
      rsiPeriod: 9,
      lines: 'seed',
      rsiConfirm: 'level',
      equality: 'carry',
      allowOvernightCross: false,
      entryDelayBars: 0,
      warmUpBars: 100,
      expiry: 'nearest',
      itmOffset: 100,
      entryFrom: '09:20',
      entryTo: '15:15',
      exitAt: '15:15',
      maxTradesPerDay: 5,
      slBasis: 'underlying',
      slPoints: 50,
      reentryRule: 'candle',
      maxReentries: 3,
      reverseOnOpposite: false,
      divergence: false,
      divergenceBars: 2,
      divergenceApartMin: 3,
      divergenceApartMax: 30,
      divergenceWithin: 5,
      minuteAgree: false,
    });
    const own = (segment: 'NIFTY' | 'BANKNIFTY' | 'SENSEX') => {
      const { pyramidPoints, lotAddition, maxQuantity, tslPoints, slow } = segmentSettings(
        rsiStrength.params.parse({}),
        segment,
      );
      return [pyramidPoints, lotAddition, maxQuantity, tslPoints, slow];
    };
    expect([own('NIFTY'), own('BANKNIFTY'), own('SENSEX')]).toEqual([
      [10, 5, 1_500, 50, 6],
      [20, 10, 1_000, 50, 6],
      [20, 10, 1_000, 50, 6],
    ]);
  });

  test.for([{ timeframe: 4 }, { rsiPeriod: 1 }, { slPoints: 0 }, { lines: 'hm' }, { entryFrom: '9:20' }, { stop: 50 }])(
    'refuse %o',
    (params) => {
      expect(() => rsiStrength.params.parse(params)).toThrow();
    },
  );

  test.for([
    [
      { itmOffset: 150 },
      'BANKNIFTY',
      'parameter itmOffset must be a multiple of the strike step of BANKNIFTY, 100, was 150',
    ],
    [
      { expiry: 'next', expirySwitchDays: 2 },
      'NIFTY',
      'parameter expirySwitchDays goes with expiry nearest or monthly, was 2 with expiry next',
    ],
    [{ entryFrom: '15:15' }, 'NIFTY', 'parameter entryFrom must be before entryTo, was 15:15 and 15:15'],
    [{ gapPctMin: 6, gapPctMax: 5 }, 'NIFTY', 'parameter gapPctMin must not be above gapPctMax, was 6 and 5'],
    [
      { divergenceApartMin: 31 },
      'NIFTY',
      'parameter divergenceApartMin must not be above divergenceApartMax, was 31 and 30',
    ],
    [{ itmOffset: 150 }, 'NIFTY', undefined],
  ] as const)('that do not go together are told in a sentence: %o on %s', ([params, segment, sentence]) => {
    expect(rsiStrength.refuse?.(rsiStrength.params.parse(params), segment)).toBe(sentence);
  });
});

describe('a warm-up', () => {
  const market = new SyntheticMarket({
    seed: 7,
    underlying: 'NIFTY',
    calendar: testReference().calendar,
    contracts: testReference().contracts,
  });
  const daysOf = (...texts: readonly string[]) =>
    texts.map((text) => {
      const expiry = testReference().contracts.expiryOf({
        day: day(text),
        underlying: 'NIFTY',
        rule: 'nearest',
      })?.expiry;
      const candles = market.day(day(text), {
        index: 'include',
        futures: [],
        expiries: expiry === undefined ? [] : [expiry],
      });
      invariant(candles !== undefined, `${text} has a session`);
      return candles;
    });

  test('gives the same journal to the byte whether it began two or five sessions before', () => {
    const days = daysOf('2025-01-09', '2025-01-10');
    const before = daysOf('2025-01-02', '2025-01-03', '2025-01-06', '2025-01-07', '2025-01-08');
    const params = { minuteSpeedMin: 0.1 };
    const [short, long] = [
      strength(days, params, { warmUp: before.slice(3) }),
      strength(days, params, { warmUp: before }),
    ];
    expect(long.text).toBe(short.text);
    expect(recordsOf(short, 'signal').length).toBeGreaterThan(5);
    expect(words(short)).not.toContain('warming up');
    expect(strength(days, params).text).not.toBe(short.text);
  });
});
