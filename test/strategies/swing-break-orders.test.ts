import { describe, expect, test } from 'vitest';
import { defaultRmsSettings } from '../../engine/risk/rms-settings.ts';
import { swingBreak } from '../../strategies/swing-break.ts';
import { LOW_AT_120, lowShape, swing, swingDay } from '../support/swing-day.ts';
import { closes, fills, guards, orders, recordsOf, words } from '../support/tell.ts';

describe('the order of a right', () => {
  test('is kept while its prices move by no more than a rupee, and replaced beyond, the old one gone first', () => {
    const day = (low: number) =>
      swingDay({
        // Bars after the low at 120 stay above it; the second low is told at 09:33 by two bars up.
        options: { CE: `${LOW_AT_120} 126/123/123.5 125/122.5/123 124/${low}/${low + 1} 126/122/125 127/123/126` },
      });
    // 121 is a rupee above 120: the order stays where it is, with the stop of its own low.
    const kept = swing(day(121));
    expect(recordsOf(kept, 'order-placed').map(({ terms }) => terms)).toEqual([
      { kind: 'STOP_LIMIT', trigger: 11_995, price: 11_695 },
    ]);
    const moved = swing(day(121.05));
    expect(orders(moved).split('\n').slice(0, 6)).toEqual([
      '09:24:01.000 #1 SELL 8 CE STOP 119.95 to 116.95 for SELL_CE',
      '09:24:01.400 #1 accepted',
      '09:29:01.000 #1 ask cancel',
      '09:29:01.400 #1 canceled',
      // Stop at 128, 6.95 rupees away: 12 lots, of which 10.
      '09:29:01.400 #2 SELL 10 CE STOP 121.00 to 118.00 for SELL_CE',
      '09:29:01.800 #2 accepted',
    ]);
  });

  test('goes to another strike when that becomes better, after the venue confirmed the cancel', () => {
    // 23050 stands at a distance of 8; a new high moves it to 10 while that of 23000 goes from 10 to 12.
    const day = swingDay({
      options: { '23000CE': `${LOW_AT_120} 131/128/129`, '23050CE': `${lowShape(0, 127)} 129/128/128.5` },
    });
    expect(orders(swing(day)).split('\n').slice(0, 5)).toEqual([
      '09:24:01.000 #1 SELL 8 CE STOP 119.95 to 116.95 for SELL_CE',
      '09:24:01.400 #1 accepted',
      '09:25:01.000 #1 ask cancel',
      '09:25:01.400 #1 canceled',
      '09:25:01.400 #2 SELL 8 CE STOP 119.95 to 116.95 for SELL_CE',
    ]);
    expect(recordsOf(swing(day), 'order-placed').map(({ contract }) => contract)).toEqual([
      'NIFTY 2025-01-09 23000 CE',
      'NIFTY 2025-01-09 23050 CE',
    ]);
  });

  test('is taken back at once when its stop comes to stand too far away', () => {
    const played = swing(swingDay({ options: { CE: `${LOW_AT_120} 131.05/128/129 128/118/119` } }));
    expect(words(played)).toContain('09:25:01.000 SELL_CE skipped: stop further than 10 %');
    expect(orders(played).split('\n')).toEqual([
      '09:24:01.000 #1 SELL 8 CE STOP 119.95 to 116.95 for SELL_CE',
      '09:24:01.400 #1 accepted',
      '09:25:01.000 #1 ask cancel',
      '09:25:01.400 #1 canceled',
    ]);
    // Broken in the next minute, without us.
    expect(words(played)).toContain('09:26:01.000 SELL_CE skipped: pierced without our order');
  });

  test('comes when a stop that was too near has moved far enough: the low stays in the pool', () => {
    const played = swing(swingDay({ options: { CE: `${LOW_AT_120} 130/127/128` } }), { slPctMin: 0.085 });
    expect(words(played).split('\n').slice(2, 4)).toEqual([
      '09:24:01.000 SELL_CE skipped: stop nearer than 8.5 %',
      '09:25:01.000 SELL_CE taken',
    ]);
    // 11 rupees: 6,500 / (11 x 75) = 7.88 lots.
    expect(orders(played)).toContain('#1 SELL 7 CE STOP 119.95 to 116.95 for SELL_CE');
  });

  test('that the market jumped rests at its limit: a break is no reason to take it back', () => {
    // 128 to 115 between two minutes, through 119.95 and 116.95; the limit fills when the price is a tick above it again.
    const played = swing(swingDay({ options: { CE: `${LOW_AT_120} 128/127/128 115/114/115 118/115/117` } }));
    expect(orders(played).split('\n').slice(0, 5)).toEqual([
      '09:24:01.000 #1 SELL 8 CE STOP 119.95 to 116.95 for SELL_CE',
      '09:24:01.400 #1 accepted',
      '09:25:00.100 #1 triggered',
      expect.stringMatching(/^09:26:\d\d\.\d{3} #1 filled 8 at 116\.95$/),
      expect.stringMatching(/BUY 8 CE STOP/),
    ]);
  });

  test('that filled in part keeps its rest, and the stop is for what was filled', () => {
    // A tenth of 3,000 units are 4 lots a minute.
    const played = swing(swingDay({ options: { CE: `${LOW_AT_120} 128/118/119*3000 119.5/118/119*3000` } }));
    expect(fills(played).split('\n').slice(0, 2)).toEqual([
      '09:24:16.100 SELL_CE SELL CE 119.60 x4',
      expect.stringMatching(/^09:25:\d\d\.\d{3} SELL_CE SELL CE \d+\.\d\d x4$/),
    ]);
    expect(orders(played)).not.toMatch(/#1 ask cancel/);
    const stops = recordsOf(played, 'order-placed').filter(({ purpose }) => purpose !== 'entry');
    expect(stops.map(({ lots }) => lots)[0]).toBe(4);
  });

  test('that filled in part is called back at the last time of entries', () => {
    // A tenth of 1,500 units are 2 lots a minute; the cancel comes 1.4 s into the minute after.
    const slow = Array.from({ length: 5 }, () => '119.5/118/119*1500').join(' ');
    const day = swingDay({ options: { CE: `${LOW_AT_120} 128/118/119*1500 ${slow}` } });
    const sold = (entryTo: string) => fills(swing(day, { entryTo })).match(/SELL CE \S+ x2/g)?.length;
    expect([sold('15:15'), sold('09:25')]).toEqual([4, 2]);
    const played = swing(day, { entryTo: '09:25' });
    expect(orders(played)).toContain('09:25:01.000 #1 ask cancel');
    expect(fills(played).split('\n').at(-1)).toMatch(/^15:15:\S+ TIME BUY CE \S+ x4$/);
  });

  test('stands for a low that moved by no more than that too: with its fill both are sold', () => {
    const low = '126/123/123.5 125/122.5/123 124/121/122 126/122/125 127/123/126';
    const played = swing(swingDay({ options: { CE: `${LOW_AT_120} ${low} 126/118/119 119/118/119` } }));
    expect(fills(played)).toContain('SELL_CE SELL CE');
    expect(recordsOf(played, 'order-placed')[0]).toMatchObject({ terms: { trigger: 11_995 } });
    expect(words(played)).not.toContain('pierced');
  });

  test('that the desk refused is asked for again with the next close', () => {
    const risk = { ...defaultRmsSettings, lotsPerOrderMax: 7 };
    const played = swing(swingDay({ options: { CE: `${LOW_AT_120} 130/127/128` } }), {}, { parts: { risk } });
    expect(words(played).split('\n').slice(2, 4)).toEqual([
      '09:24:01.000 SELL_CE skipped: lots-per-order: an order may have 7 lots, this has 8',
      // The stop moved to 11 rupees: 7 lots.
      '09:25:01.000 SELL_CE taken',
    ]);
  });

  test('that nobody filled for so long gives its low up where that is asked for', () => {
    const day = swingDay({ options: { CE: LOW_AT_120 } });
    expect(orders(swing(day))).toContain('15:15:00.000 #1 ask cancel');
    const timed = swing(day, { orderTimeoutS: 300 });
    expect(orders(timed)).toContain('09:29:01.000 #1 ask cancel');
    expect(words(timed)).toContain('09:29:01.000 SELL_CE skipped: unfilled for 300 s');
    expect(words(timed).match(/taken/g)).toHaveLength(1);
  });
});

describe('a market that falls silent', () => {
  test('in one symbol for 240 s takes its order back until it speaks again', () => {
    const day = swingDay({
      options: { CE: `${LOW_AT_120} - - - - - 126/125/126`, PE: '100/100/100', '23050PE': '100/100/100' },
    });
    // The last candle ended at 09:24; at 09:28 it is 240 s old, at 09:29 older.
    expect(words(swing(day)).split('\n').slice(2, 5)).toEqual([
      '09:24:01.000 SELL_CE taken',
      '09:29:01.000 SELL_CE skipped: no candle for 240 s',
      '09:30:01.000 SELL_CE taken',
    ]);
  });

  test('in more than half of all symbols takes everything back after 150 s', () => {
    const quiet = '100/100/100 - - - - - - - - - - - - - 100/100/100';
    const day = swingDay({ options: { CE: LOW_AT_120, PE: quiet, '23050PE': quiet } });
    expect(words(swing(day))).toContain(
      ['09:24:01.000 SELL_CE skipped: too few symbols have fresh candles', '09:30:01.000 SELL_CE taken'].join('\n'),
    );
    expect(words(swing(day, { freshShareMin: 0.3 }))).toContain('09:24:01.000 SELL_CE taken');
    expect(words(swing(day, { barAgeMaxS: 600 }))).toContain('09:24:01.000 SELL_CE taken');
  });
});

describe('a position', () => {
  test('has its stop above the high at its fill where that is higher than when the order was placed', () => {
    // The bar before the break reaches 130.50: the stop goes from 130 to 131.50, the lots stay.
    const played = swing(swingDay({ options: { CE: `${LOW_AT_120} 130.5/127/128 128/118/119` } }));
    expect(guards(played).split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^09:25:\d\d\.\d{3} set SL CE 130\.00$/),
      expect.stringMatching(/^09:25:\d\d\.\d{3} moved SL CE 131\.50$/),
    ]);
    expect(orders(played).split('\n').slice(4, 8)).toEqual([
      '09:25:16.200 #2 BUY 8 CE STOP 130.00 to 133.00 for SL',
      '09:25:16.600 #2 accepted',
      '09:25:16.600 #2 ask STOP 131.50 to 134.50 for SL',
      '09:25:17.000 #2 modified',
    ]);
  });

  test('filled in the second before the last candle is known has that candle among its highs a moment later', () => {
    // The minute of the high of 130.50 has ended; 118.50 is the first price of the next one, through the trigger.
    const played = swing(swingDay({ options: { CE: `${LOW_AT_120} 130.5/127/128 118.5/117/118` } }));
    expect(fills(played).split('\n')[0]).toBe('09:25:00.000 SELL_CE SELL CE 118.15 x8');
    expect(guards(played).split('\n').slice(0, 2)).toEqual([
      '09:25:00.100 set SL CE 130.00',
      '09:25:01.000 moved SL CE 131.50',
    ]);
    // A fill in the middle of a minute leaves the rest of that minute out: its high of 128 came after, or before, and nobody saw it.
    expect(guards(swing(swingDay({ options: { CE: `${LOW_AT_120} 134/118/119` } })))).toMatch(/^\S+ set SL CE 130\.00/);
  });

  test('counts the swing bar among the highs then, and never lowers its stop', () => {
    // The low lies in an outside bar that reached 129.50; the bars after it only 126: placed at 127, filled at 130.50.
    const outside =
      '100/100/100*100000000 110/100/110 120/110/120 130/126/130 128/124/125 126/122/123 127/121/125 129.5/119/129';
    const played = swing(swingDay({ options: { CE: `${outside} 126/120/124 124/117/118` } }), { entryFrom: '09:24' });
    expect(guards(played).split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/set SL CE 127\.00$/),
      expect.stringMatching(/moved SL CE 130\.50$/),
    ]);
    expect(guards(swing(swingDay({ options: { CE: `${LOW_AT_120} 128/118/119` } })))).not.toContain('moved');
  });

  test('keeps its symbol from being sold again, and frees it when it is closed', () => {
    // Sold at 119.95 with a wide stop; then the whole shape again, so that a new low is told while the position stands.
    const again = LOW_AT_120.split(' ').slice(1).join(' ');
    const day = swingDay({ options: { CE: `${LOW_AT_120} 128/118/119 119/105/106 ${again} 129/128/128 128/119/119` } });
    const played = swing(day, { slAboveHigh: 3 });
    expect(words(played)).toContain('skipped: a position is open in it');
    const free = swing(day);
    expect(words(free).match(/SELL_CE taken/g)).toHaveLength(2);
    expect(closes(free)).toContain('structure 1 SL');
  });

  test.for([
    [{ maxPositionsCe: 1 }, '1 CE positions'],
    [{ maxPositions: 1, maxPositionsCe: 1, maxPositionsPe: 1 }, '1 positions and entries'],
  ] as const)('counts against the limits of the strategy: %o', ([params, gate]) => {
    // The higher low of 23050 breaks first; then 23000 is the best that is left.
    const day = swingDay({
      options: { '23000CE': `${LOW_AT_120} 128/124/125`, '23050CE': `${lowShape(5)} 130/123/124` },
    });
    expect(words(swing(day))).toContain('09:25:01.000 SELL_CE taken');
    expect(words(swing(day, params))).toContain(`09:25:01.000 SELL_CE skipped: ${gate}`);
  });

  test('and what rests in the other place never make more than all positions together', () => {
    const day = swingDay({ options: { CE: LOW_AT_120, PE: LOW_AT_120 } });
    const one = swing(day, { maxPositions: 1, maxPositionsCe: 1, maxPositionsPe: 1 });
    expect(words(one)).toContain(
      ['09:24:01.000 SELL_PE skipped: 1 positions and entries', '09:24:01.000 SELL_CE taken'].join('\n'),
    );
  });

  test('the risk rules keep the same limits', () => {
    const limits = swingBreak.limits?.(swingBreak.params.parse({ maxPositionsPe: 2 }), 'NIFTY');
    expect(limits).toEqual({
      structuresOpenMax: 5,
      structuresOpenCallsMax: 3,
      structuresOpenPutsMax: 2,
      rProfitPerDayTarget: 5,
      rLossPerDayMax: 5,
    });
  });
});
