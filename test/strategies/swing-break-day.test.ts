import { describe, expect, test } from 'vitest';
import { clockText } from '../../engine/model/time.ts';
import { defaultRmsSettings } from '../../engine/risk/rms-settings.ts';
import type { FaultPlan } from '../../engine/venue/fault-plan.ts';
import { LOW_AT_120, swing, swingDay } from '../support/swing-day.ts';
import { closes, fills, orders, recordsOf, words } from '../support/tell.ts';

/** A put that makes the same low ten minutes later: told at 09:34. */
const LATER = ['100/100/100*100000000', ...Array.from({ length: 10 }, () => '100/100/100')]
  .concat(LOW_AT_120.split(' ').slice(1))
  .join(' ');

describe('the day', () => {
  test('ends with the R that it has made: all is closed, nothing is sold any more', () => {
    // Sold at 119.60; at 114 it has made 5.60 x 600 units of 6,000 rupees: 0.56 R.
    const day = swingDay({ options: { CE: `${LOW_AT_120} 128/118/119 119/114/114 114/114/114`, PE: LATER } });
    const played = swing(day, { dayTargetR: 0.5 });
    expect(words(played)).toContain('halt swing-break/NIFTY by r-profit-per-day');
    expect(words(played)).toContain('09:34:01.000 SELL_PE skipped: the day has made 0.5 R');
    expect(closes(played)).toContain('structure 1 RISK');
    expect(fills(played)).not.toContain('PE');
    expect(fills(swing(day))).not.toContain('RISK');
    expect(words(swing(day))).toContain('09:34:01.000 SELL_PE taken');
  });

  test('ends with the R that it has lost, before the stop of the position is reached', () => {
    // At 126 it has lost 6.40 x 600 units: 0.64 R.
    const day = swingDay({ options: { CE: `${LOW_AT_120} 128/118/119 126/119/126 126/126/126`, PE: LATER } });
    const played = swing(day, { dayLossR: 0.6 });
    expect(words(played)).toContain('halt swing-break/NIFTY by r-loss-per-day');
    expect(words(played)).toContain('09:34:01.000 SELL_PE skipped: the day has lost 0.6 R');
    expect(closes(played)).toContain('structure 1 RISK');
    expect(closes(swing(day))).not.toContain('RISK');
  });

  test('goes on after a position that had to leave because the venue took no stop for it', () => {
    const day = swingDay({ options: { CE: `${LOW_AT_120} 128/118/119`, PE: LATER } });
    const faults: FaultPlan = ({ kind, order }) =>
      kind === 'new' && order.purpose === 'protection' ? { refusal: 'no' } : undefined;
    const played = swing(day, {}, { parts: { faults } });
    expect(closes(played)).toContain('structure 1 RISK');
    expect(words(played)).toContain('09:34:01.000 SELL_PE taken');
  });

  test('after it counts from nothing: swings, R and what was spent', () => {
    const first = swingDay({ options: { CE: `${LOW_AT_120} 128/118/119 126/119/126 126/126/126` } });
    const second = swingDay({ head: '2025-01-07', options: { CE: `${LOW_AT_120} 128/118/119` } });
    const played = swing([first, second], { dayLossR: 0.6 });
    expect(words(played).match(/SELL_CE taken/g)).toHaveLength(2);
    expect(fills(played).match(/SELL_CE SELL CE 119\.60 x8/g)).toHaveLength(2);
  });

  test('without an expiry, or without options, has no trade and says so', () => {
    const none = swing(swingDay({ options: {} }));
    expect(words(none)).toBe(
      '09:16:01.000 note: 0 options of 2025-01-09 around 23000: the underlying (index) opened at 23000.00',
    );
  });
});

describe('what is broken or refused', () => {
  test('while our order was there is not sold again once the order is gone', () => {
    // Jumped, then silent for so long that the order is taken back; when the market speaks again the low is no level any more.
    const day = swingDay({
      options: {
        CE: `${LOW_AT_120} 128/127/128 115/114/115 - - - - - - 125/124/125`,
        PE: '100/100/100',
        '23050PE': '100/100/100',
      },
    });
    const played = swing(day);
    expect(orders(played)).toContain('#1 triggered');
    expect(orders(played)).toContain('#1 canceled');
    expect(words(played)).toContain('SELL_CE skipped: broken while our order was taken back');
    expect(words(played).match(/taken$/gm)).toHaveLength(1);
    expect(fills(played)).toBe('');
  });

  test('between closes waits for the next close before it is asked for again', () => {
    const risk = { ...defaultRmsSettings, lotsPerOrderMax: 4 };
    const day = swingDay({ options: { CE: `${LOW_AT_120} 128/125/126 127/124/126` } });
    const played = swing(day, { evaluateOn: 'quote', entryTo: '09:27' }, { parts: { risk } });
    expect(recordsOf(played, 'order-placed').map(({ ts }) => clockText(ts))).toEqual([
      '09:24:01.000',
      '09:25:01.000',
      '09:26:01.000',
    ]);
  });

  test('by a volume that nobody knows is every low, since it has no VWAP', () => {
    const unknown = LOW_AT_120.split(' ')
      .map((bar) => `${bar.split('*')[0]}*?`)
      .join(' ');
    const played = swing(swingDay({ options: { CE: unknown } }));
    expect(words(played).split('\n').slice(1)).toEqual(['09:18:01.000 SELL_CE skipped: VWAP unknown']);
  });
});

describe('the journal', () => {
  test('hears of a gate once while the lows of a symbol fail the same, and the trace counts each', () => {
    // Three lows near 40, told at 09:20, 09:25 and 09:30.
    const wave = '44/42/43 43/41/42 42/40/41 44/41/43 46/43/45';
    const played = swing(swingDay({ options: { CE: `${wave} ${wave} ${wave}` } }));
    expect(words(played).match(/swing low below 100/g)).toHaveLength(1);
    const told = played.trace.filter(({ values }) => Object.keys(values['lows'] as object).length > 0);
    expect(told.map(({ values }) => values['lows'])).toEqual(told.map(() => ({ 'swing low below 100': 1 })));
    expect(told.length).toBeGreaterThan(1);
  });

  test('of the same day is the same, in whatever batches it comes', () => {
    const day = swingDay({ options: { CE: `${LOW_AT_120} 128/118/119 126/119/126`, PE: LATER } });
    const params = { evaluateOn: 'quote' };
    expect(swing(day, params, { batch: 7 }).text).toBe(swing(day, params).text);
  });
});
