import { describe, expect, test } from 'vitest';
import { swingBreak } from '../../strategies/swing-break.ts';
import { SwingBreakParams } from '../../strategies/swing-break-params.ts';
import { agentPlan } from '../support/play.ts';
import { LOW_AT_120, lowShape, swing, swingDay } from '../support/swing-day.ts';
import { closes, fills, orders, recordsOf, words } from '../support/tell.ts';

/** A minute in which the index goes to its high first, so that calls do. */
const HIGH_FIRST = 'NIFTY 23000 23001 22990 22995';

describe('each switch trades differently on one tape:', () => {
  test('swingUpdate: a high that is exceeded moves at once and hides the low, or two votes make the low', () => {
    const day = swingDay({ options: { CE: `${LOW_AT_120.replace('129/124/128', '131/124/130')} 128/118/119` } });
    expect(fills(swing(day)).split('\n')[0]).toMatch(/^09:24:\d\d\.\d{3} SELL_CE SELL CE 119\.60 x7$/);
    expect(fills(swing(day, { swingUpdate: 'immediate' }))).toBe('');
  });

  test('entryOrder: a stop-limit waits for the break, a plain limit below the market sells at once', () => {
    const day = swingDay({ options: { CE: LOW_AT_120 } });
    expect(fills(swing(day))).toBe('');
    const limit = swing(day, { entryOrder: 'limit' });
    expect(orders(limit).split('\n')[0]).toBe('09:24:01.000 #1 SELL 8 CE LIMIT 119.95 for SELL_CE');
    // 128 less half a spread of 0.35 and a tick.
    expect(fills(limit).split('\n')[0]).toBe('09:24:01.300 SELL_CE SELL CE 127.60 x8');
  });

  test('preferRoundStrike: of equal distances the higher low, or the multiple of 100', () => {
    const day = swingDay({ options: { '23000CE': LOW_AT_120, '23050CE': lowShape(5) } });
    const sold = (params: object) => recordsOf(swing(day, { ...params }), 'order-placed')[0]?.contract;
    expect(sold({})).toBe('NIFTY 2025-01-09 23050 CE');
    expect(sold({ preferRoundStrike: true })).toBe('NIFTY 2025-01-09 23000 CE');
  });

  test('rDenominator: a loss counts by what its own lots risked, or by the fixed R', () => {
    // The call loses 8 x 75 units x 10.80 (or a little more): 1.08 R of 6,000 rupees, under 1.02 R of 6,500. The put comes after it.
    const later = ['100/100/100*100000000', ...Array.from({ length: 5 }, () => '100/100/100')].join(' ');
    const day = swingDay({
      options: {
        CE: `${LOW_AT_120} 128/118/119 132/119/131`,
        PE: `${later} ${LOW_AT_120.split(' ').slice(1).join(' ')} 128/118/119`,
      },
    });
    const actual = swing(day, { dayLossR: 1.05 });
    const fixed = swing(day, { dayLossR: 1.05, rDenominator: 'fixed' });
    expect(closes(actual)).toContain('structure 1 SL');
    expect(words(actual)).toContain('SELL_PE skipped: the day has lost 1.05 R');
    expect(words(actual)).not.toContain('SELL_PE taken');
    expect(fills(fixed)).toMatch(/SELL_PE SELL PE/);
  });

  test('updateClearsPierce: a low that moved after it was pierced is spent, or fresh', () => {
    // Pierced at 09:24, before entries may begin; two bars up move the low to 118 at 09:26.
    const day = swingDay({ options: { CE: `${LOW_AT_120} 127.5/118/126 128/123/127 127/117/118` } });
    const params = { entryFrom: '09:26' };
    expect(words(swing(day, params))).toContain('09:26:01.000 SELL_CE skipped: pierced without our order');
    expect(fills(swing(day, params))).toBe('');
    const fresh = swing(day, { ...params, updateClearsPierce: true });
    // 118 less a tick; the stop at 129, 11 rupees away.
    expect(orders(fresh).split('\n')[0]).toBe('09:26:01.000 #1 SELL 7 CE STOP 117.95 to 114.95 for SELL_CE');
    expect(fills(fresh).split('\n')[0]).toMatch(/^09:26:\d\d\.\d{3} SELL_CE SELL CE 117\.60 x7$/);
  });

  test('evaluateOn: a stop that moves too far inside a minute takes the order back at once, or at its end', () => {
    // 128, up to 133 at 20 s (a stop at 134 is 11.7 % away), down to 118 at 40 s: the break comes at 37 s.
    const day = swingDay({ options: { CE: `${LOW_AT_120} 133/118/119` }, cells: { '09:24': HIGH_FIRST } });
    const closed = swing(day);
    expect(fills(closed).split('\n')[0]).toMatch(/^09:24:37\.\d{3} SELL_CE SELL CE 119\.60 x8$/);
    const quoted = swing(day, { evaluateOn: 'quote' });
    expect(fills(quoted)).toBe('');
    expect(orders(quoted).split('\n').slice(2)).toEqual(['09:24:20.000 #1 ask cancel', '09:24:20.400 #1 canceled']);
    expect(words(quoted)).toContain('SELL_CE skipped: stop further than 10 %');
    expect(words(quoted)).toContain('SELL_CE skipped: pierced without our order');
  });

  test('deferSwitch: between closes the order stays in a strike that is still good, or goes to the better one', () => {
    // 23050 stands 11 away. The high of 131 puts 23000 at 12, which is still 10 %; then it breaks, in the same minute.
    const day = swingDay({
      options: { '23000CE': `${LOW_AT_120} 131/118/119`, '23050CE': `${lowShape(0, 130)} 128/127/128` },
      cells: { '09:24': HIGH_FIRST },
    });
    const deferred = swing(day, { evaluateOn: 'quote' });
    expect(recordsOf(deferred, 'order-placed')[0]?.contract).toBe('NIFTY 2025-01-09 23000 CE');
    expect(fills(deferred).split('\n')[0]).toMatch(/^09:24:3\d\.\d{3} SELL_CE SELL CE 119\.60 x8$/);
    const switched = swing(day, { evaluateOn: 'quote', deferSwitch: false });
    expect(fills(switched)).toBe('');
    expect(recordsOf(switched, 'order-placed').map(({ contract }) => contract)).toEqual([
      'NIFTY 2025-01-09 23000 CE',
      'NIFTY 2025-01-09 23050 CE',
    ]);
    expect(orders(switched).split('\n').slice(2, 5)).toEqual([
      '09:24:20.000 #1 ask cancel',
      '09:24:20.400 #1 canceled',
      '09:24:20.400 #2 SELL 7 CE STOP 119.95 to 116.95 for SELL_CE',
    ]);
  });

  test('deferSwitch: what waits for the close is dropped when the first strike is the better one again by then', () => {
    // At 40 s the high of 131 makes 23050 the better one, and a moment later its own high of 132 puts its stop too far away.
    const day = swingDay({
      options: { '23000CE': `${LOW_AT_120} 131/125/126`, '23050CE': `${lowShape(0, 130)} 132/127/128` },
      cells: { '09:24': 'NIFTY 23000' },
    });
    expect(
      orders(swing(day, { evaluateOn: 'quote' }))
        .split('\n')
        .slice(0, 3),
    ).toEqual([
      '09:24:01.000 #1 SELL 8 CE STOP 119.95 to 116.95 for SELL_CE',
      '09:24:01.400 #1 accepted',
      '15:15:00.000 #1 ask cancel',
    ]);
    expect(orders(swing(day, { evaluateOn: 'quote', deferSwitch: false })).split('\n')[2]).toBe(
      '09:24:40.000 #1 ask cancel',
    );
  });
});

describe('parameters', () => {
  test('are the ones of the rules by default', () => {
    expect(swingBreak.params.parse({})).toEqual({
      expiry: 'nearest',
      strikesAround: 10,
      swingUpdate: 'confirmed',
      updateClearsPierce: false,
      priceMin: 100,
      priceMax: 300,
      vwapPremium: 0.04,
      slAboveHigh: 1,
      slPctMin: 0.02,
      slPctMax: 0.1,
      targetSl: 10,
      preferRoundStrike: false,
      rValue: 6_500,
      maxLots: 10,
      rDenominator: 'actual',
      entryOrder: 'stoplimit',
      entryLimitOffset: 3,
      slLimitOffset: 3,
      repriceBeyond: 1,
      evaluateOn: 'minute-close',
      deferSwitch: true,
      maxPositions: 5,
      maxPositionsCe: 3,
      maxPositionsPe: 3,
      dayTargetR: 5,
      dayLossR: 5,
      entryFrom: '09:16',
      entryTo: '15:15',
      exitAt: '15:15',
      barAgeMaxS: 120,
      freshShareMin: 0.5,
      staleForS: 30,
      silentCancelS: 240,
    });
  });

  test.for([
    [{ centreRounding: 75 }, 'centreRounding must be a multiple of the strike step of NIFTY, 50, was 75'],
    [{ priceMin: 301 }, 'priceMin must not be above priceMax, was 301 and 300'],
    [{ slPctMin: 0.2 }, 'slPctMin must not be above slPctMax, was 0.2 and 0.1'],
    [{ entryFrom: '15:15' }, 'entryFrom must be before entryTo, was 15:15 and 15:15'],
    [{ exitAt: '15:00' }, 'entryTo must not be after exitAt, was 15:15 and 15:00'],
    [{ maxPositionsPe: 6 }, 'maxPositionsPe must not be above maxPositions, was 6 and 5'],
    [{ priceMin: 3, entryLimitOffset: 3 }, 'entryLimitOffset must leave a limit above 0 below priceMin, was 3 and 3'],
  ] as const)('that contradict each other are refused: %o', ([params, sentence]) => {
    expect(swingBreak.refuse?.(agentPlan(swingBreak, 'NIFTY', params).params as never, 'NIFTY')).toBe(
      `parameter ${sentence}`,
    );
    expect(swingBreak.refuse?.(swingBreak.params.parse({}), 'NIFTY')).toBeUndefined();
  });

  test.each(['slAboveHigh', 'entryLimitOffset', 'slLimitOffset'] as const)('%s is a number of whole ticks', (name) => {
    const read = (value: number) => SwingBreakParams.safeParse({ [name]: value });
    for (const value of [0.05, 0.15, 1.35, 2.95, 100]) expect(read(value).success).toBe(true);
    for (const value of [0.02, 0.03, 0.06, 2.99])
      expect(read(value).error?.issues[0]?.message).toContain('multiple of 0.05');
    expect(read(0).success).toBe(name === 'entryLimitOffset');
  });

  test('ask for volume of the options, and see further strikes than they look at', () => {
    const universe = swingBreak.universe(swingBreak.params.parse({ strikesAround: 12 }), 'NIFTY');
    expect(universe).toMatchObject({ needs: ['option-volume'], strikesAround: 22, expiries: ['nearest'] });
  });
});
