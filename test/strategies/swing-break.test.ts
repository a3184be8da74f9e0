import { describe, expect, test } from 'vitest';
import { LOW_AT_120, lowShape, swing, swingDay } from '../support/swing-day.ts';
import { closes, fills, orders, recordsOf, words } from '../support/tell.ts';

/** Breaks the low in the minute after it was told, and stands at 119. */
const BREAK = '128/118/119';
const broken = (bars: string = BREAK) => swingDay({ options: { CE: `${LOW_AT_120} ${bars}` } });

describe('a low that stands above its VWAP', () => {
  test('is sold by an order that rests a tick below it, with a stop above the high since', () => {
    const played = swing(broken());
    expect(orders(played).split('\n').slice(0, 4)).toEqual([
      '09:24:01.000 #1 SELL 8 CE STOP 119.95 to 116.95 for SELL_CE',
      '09:24:01.400 #1 accepted',
      '09:24:16.200 #1 triggered',
      '09:24:16.200 #1 filled 8 at 119.60',
    ]);
    const [signal] = recordsOf(played, 'signal').filter(({ taken }) => taken);
    expect(signal?.seen).toEqual({
      candle: '23000 09:21',
      strike: 2_300_000,
      swingAt: '09:21',
      swingLow: 12_000,
      // (100 x 1e8 + 723 x 20,000) / (1e8 + 120,000) rupees.
      vwapAtSwing: 10_002.46,
      premiumPct: 19.9705,
      highSince: 12_900,
      stop: 13_000,
      slPts: 1_000,
      slPct: 8.3333,
      // 6,500 / (10 x 75) = 8.67
      lots: 8,
      lotSize: 75,
      trigger: 11_995,
      limit: 11_695,
      risk: 600_000,
    });
    expect(recordsOf(played, 'structure-opened')[0]?.legs[0]).toMatchObject({
      contract: 'NIFTY 2025-01-09 23000 CE',
      lots: 8,
    });
  });

  test('is nothing before two bars confirm it, and is known only at the end of the second', () => {
    // The day stands at 122.50 after the first vote: no bar votes for a low again.
    const early = swing(swingDay({ options: { CE: LOW_AT_120.replace('129/124/128', '122.5/122.5/122.5') } }));
    expect(words(early)).not.toContain('taken');
    expect(words(swing(broken())).split('\n')[2]).toBe('09:24:01.000 SELL_CE taken');
  });

  test('of a put is sold beside that of a call, each in its own place', () => {
    const played = swing(swingDay({ options: { CE: LOW_AT_120, PE: lowShape(5) } }));
    expect(words(played).match(/SELL_.. taken/g)).toEqual(['SELL_CE taken', 'SELL_PE taken']);
    expect(played.trace.find(({ time }) => time === '09:25')?.values['resting']).toMatchObject({
      CE: { strike: 2_300_000, terms: { trigger: 11_995, price: 11_695 }, state: 'resting' },
      PE: { strike: 2_300_000, terms: { trigger: 12_495, price: 12_195 }, state: 'resting' },
    });
  });

  test('gives each minute to the trace: swings of both kinds, VWAP, the candidate and why it is or is not sold', () => {
    const { trace } = swing(swingDay({ options: { CE: LOW_AT_120, '23050CE': lowShape(0, 127) } }));
    const minute = trace.find(({ time }) => time === '09:24')?.values;
    expect(minute).toMatchObject({
      spot: 2_300_000,
      rung: 'index',
      best: { CE: 2_300_000, PE: null },
      asked: {
        CE: { strike: 2_300_000, trigger: 11_995, limit: 11_695, stop: 13_000, lots: 8, risk: 600_000 },
        PE: null,
      },
      gates: { best: 1, 'another strike is better': 1 },
      positions: [],
      r: 0,
    });
    expect(minute?.['symbols']).toMatchObject([
      {
        strike: 2_300_000,
        right: 'CE',
        bars: 9,
        low: { at: '09:21', price: 12_000, isPierced: false },
        high: { at: '09:18', price: 13_000 },
        candidate: { at: '09:21', price: 12_000, highSince: 12_900, stop: 13_000, slPts: 1_000, lots: 8, gate: null },
      },
      { strike: 2_305_000, candidate: { slPts: 800, gate: 'another strike is better' } },
    ]);
  });
});

describe('of several candidates of one right', () => {
  const sold = (options: Record<string, string>, params = {}) =>
    recordsOf(swing(swingDay({ options }), params), 'order-placed').map(({ contract }) => contract.slice(17));

  test('the one is sold whose stop is nearest to 10 rupees away', () => {
    // 23050: a high of 127 since, so 8 rupees; 22950: a high of 130, so 11.
    const options = { '22950CE': lowShape(0, 130), '23000CE': LOW_AT_120, '23050CE': lowShape(0, 127) };
    expect(sold(options)).toEqual(['23000 CE']);
    expect(sold(options, { targetSl: 8 })).toEqual(['23050 CE']);
    expect(sold(options, { targetSl: 10.9 })).toEqual(['22950 CE']);
  });

  test('at equal distances the one with the higher low, then the lower strike', () => {
    expect(sold({ '23000CE': LOW_AT_120, '23050CE': lowShape(5), '23100CE': lowShape(5) })).toEqual(['23050 CE']);
    expect(sold({ '22950CE': LOW_AT_120, '23000CE': LOW_AT_120 })).toEqual(['22950 CE']);
    // 9 and 11 are equally far from 10; the lower of them has the lower low.
    expect(sold({ '22950CE': lowShape(0, 130), '23000CE': lowShape(1, 128) })).toEqual(['23000 CE']);
  });

  test('the others are journaled once each with the gate that kept them out', () => {
    const played = swing(swingDay({ options: { CE: LOW_AT_120, '23050CE': lowShape(0, 127) } }));
    expect(words(played).split('\n').slice(1)).toEqual([
      '09:18:01.000 SELL_CE skipped: swing low less than 4 % above VWAP',
      '09:18:01.000 SELL_CE skipped: swing low less than 4 % above VWAP',
      '09:24:01.000 SELL_CE skipped: another strike is better',
      '09:24:01.000 SELL_CE taken',
      '15:15:00.000 note: structure 1: its entry rests no longer: nothing is entered from 15:15',
      ...words(played).split('\n').slice(6),
    ]);
  });
});

describe('the options of the day', () => {
  const strikesOf = (index: string, params = {}, segment: 'NIFTY' | 'BANKNIFTY' = 'NIFTY') => {
    const step = segment === 'NIFTY' ? 50 : 100;
    const middle = segment === 'NIFTY' ? 23_000 : 50_000;
    const names = Array.from({ length: 31 }, (_, at) => `${middle + (at - 15) * step}CE 100`).join(' ');
    const played = swing(swingDay({ index: `${index} ${names}`, options: {} }), params, { segment });
    const symbols = played.trace[0]?.values['symbols'] as readonly { readonly strike: number }[];
    return [symbols.length, (symbols[0]?.strike ?? 0) / 100, (symbols.at(-1)?.strike ?? 0) / 100];
  };

  test('are ten listed strikes on each side of the open of the first candle, half a step upwards', () => {
    expect(strikesOf('NIFTY 23010')).toEqual([21, 22_500, 23_500]);
    expect(strikesOf('NIFTY 23025')).toEqual([21, 22_550, 23_550]);
    // The open counts, not the close.
    expect(strikesOf('NIFTY 22990 23110 22980 23110')).toEqual([21, 22_500, 23_500]);
    expect(strikesOf('NIFTY 23000', { strikesAround: 2 })).toEqual([5, 22_900, 23_100]);
  });

  test('lie around a multiple of 100 where that is asked for', () => {
    expect(strikesOf('NIFTY 23040')).toEqual([21, 22_550, 23_550]);
    expect(strikesOf('NIFTY 23040', { centreRounding: 100 })).toEqual([21, 22_500, 23_500]);
    expect(strikesOf('NIFTY 23050', { centreRounding: 100 })).toEqual([21, 22_600, 23_600]);
    expect(strikesOf('BANKNIFTY 50040', {}, 'BANKNIFTY')).toEqual([21, 49_000, 51_000]);
  });

  test('stay the same when the index runs away, and begin with its first candle, whenever that comes', () => {
    const running = swing(swingDay({ options: { CE: LOW_AT_120 }, cells: { '09:20': 'NIFTY 24500' } }));
    expect(words(running)).toContain('09:24:01.000 SELL_CE taken');
    // Without index and without a pair of call and put there is no level; what was missed is read then.
    const late = swing(
      swingDay({
        index: 'NIFTY gap',
        options: { '23000CE': LOW_AT_120 },
        cells: { '09:25': 'NIFTY 23000' },
      }),
    );
    expect(words(late).split('\n').slice(0, 3)).toEqual([
      '09:26:01.000 note: 1 options of 2025-01-09 around 23000: the underlying (index) opened at 23000.00',
      '09:26:01.000 SELL_CE skipped: swing low less than 4 % above VWAP',
      '09:26:01.000 SELL_CE taken',
    ]);
    // A low that was pierced before the strategy could look is never sold.
    const spent = swing(
      swingDay({
        index: 'NIFTY gap',
        options: { '23000CE': `${LOW_AT_120} ${BREAK} 124/119/124` },
        cells: { '09:25': 'NIFTY 23000' },
      }),
    );
    expect(words(spent)).toContain('SELL_CE skipped: pierced without our order');
    expect(words(spent)).not.toContain('taken');
  });
});

describe('the day of a position', () => {
  test('ends at its stop', () => {
    const played = swing(broken(`${BREAK} 119/119/119 132/119/131`));
    // From 119 at 20 s to 132 at 40 s the line crosses 130 at 36.9 s; half a spread is 0.35, a tick of slippage on top.
    expect(orders(played).split('\n').slice(4)).toEqual([
      '09:24:16.200 #2 BUY 8 CE STOP 130.00 to 133.00 for SL',
      '09:24:16.600 #2 accepted',
      '09:26:37.024 #2 triggered',
      '09:26:37.024 #2 filled 8 at 130.40',
    ]);
    expect(closes(played)).toContain('structure 1 SL gross -6480.00');
  });

  test('or at 15:15, and nothing is sold on the candle that ends there', () => {
    expect(fills(swing(broken())).split('\n')).toEqual([
      '09:24:16.100 SELL_CE SELL CE 119.60 x8',
      '15:15:01.300 TIME BUY CE 119.35 x8',
    ]);
    const late = (first: string, params = {}) => swing(swingDay({ options: { CE: flatUntil(first) } }), params);
    expect(words(late('15:06'))).toContain('15:14:01.000 SELL_CE taken');
    expect(words(late('15:07'))).toContain('15:15:01.000 SELL_CE skipped: not before 15:15');
    expect(words(late('15:07'))).not.toContain('taken');
    // What rests then is taken back.
    expect(orders(late('15:06'))).toContain('15:15:00.000 #1 ask cancel');
  });

  test('begins no earlier than it may', () => {
    expect(words(swing(broken('129/121/125 128/121/125'), { entryFrom: '09:26' }))).toContain(
      ['09:24:01.000 SELL_CE skipped: before 09:26', '09:26:01.000 SELL_CE taken'].join('\n'),
    );
  });
});

/** Trades flat at the base, then makes its shape so that the bar of the base that ends it starts at a time. */
function flatUntil(time: string): string {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const before = hours * 60 + minutes - 555;
  const [base = '', ...rest] = LOW_AT_120.split(' ');
  return [base, ...Array.from({ length: before }, () => '100/100/100'), ...rest.slice(1)].join(' ');
}
