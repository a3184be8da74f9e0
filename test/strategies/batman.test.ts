import { describe, expect, test } from 'vitest';
import { at, day, istTime } from '../../engine/model/time.ts';
import type { RmsSettings } from '../../engine/risk/rms-settings.ts';
import { defaultRmsSettings } from '../../engine/risk/rms-settings.ts';
import { lots, paise } from '../../engine/strategy.ts';
import type { FaultyRequest } from '../../engine/venue/fault-plan.ts';
import { batman } from '../../strategies/batman.ts';
import { executionOf } from '../../strategies/straddle-params.ts';
import { lookAhead } from '../support/look-ahead.ts';
import type { Played } from '../support/play.ts';
import { agentPlan } from '../support/play.ts';
import type { Step } from '../support/straddle-tape.ts';
import { again, FAR, onStraddle, straddleDay } from '../support/straddle-tape.ts';
import { tape } from '../support/tape.ts';
import { closes, fills, recordsOf, words } from '../support/tell.ts';

/** Six minutes at 200, then a lower low at 09:22: the first S under the three before it. */
const ENTRY: readonly Step[] = [...again(6, [23_000, 200]), [23_000, 199]];
const entered = (...steps: readonly Step[]) => straddleDay([...ENTRY, ...steps]);

/** The legs of each structure, sold ones with a minus. */
function legs(played: Played): readonly string[] {
  return recordsOf(played, 'structure-opened').map((opened) =>
    opened.legs
      .map(
        ({ contract, side, lots }) => `${side === 'SELL' ? '-' : ''}${lots} ${contract.split(' ').slice(2).join('')}`,
      )
      .join(', '),
  );
}

const reads = (params: Record<string, unknown>) =>
  agentPlan(batman, 'NIFTY', params).params as Parameters<typeof batman.create>[0];

describe('a lower low of the straddle', () => {
  const played = onStraddle(batman, entered([23_000, 199], [23_000, 201]));

  test('sells 2.5 % away and buys half as many 1.25 % away, what is bought first', () => {
    // 23,000 x 1.025 = 23,575 and x 1.0125 = 23,287.50, half upwards; x 0.9875 = 22,712.50 and x 0.975 = 22,425.
    expect(legs(played)).toEqual(['1 23300CE, -2 23600CE, 1 22700PE, -2 22450PE']);
    // 60: a quarter per cent is 0.15 and a tick of slippage 0.05; 20: a tick each.
    expect(fills(played).split('\n').slice(0, 4)).toEqual([
      '09:22:01.300 BATMAN BUY CE bought 60.20',
      '09:22:01.450 BATMAN BUY PE bought 60.20',
      '09:22:01.850 BATMAN SELL CE sold 19.90 x2',
      '09:22:02.000 BATMAN SELL PE sold 19.90 x2',
    ]);
  });

  test('is journaled with what it saw', () => {
    expect(recordsOf(played, 'signal')[0]).toMatchObject({
      name: 'BATMAN',
      taken: true,
      seen: {
        straddle: 19_900,
        strike: 2_300_000,
        // 09:20 at 200 and 09:21 at 199 with equal volumes.
        vwap: 19_950,
        high: 20_000,
        low: 20_000,
        spot: 2_300_000,
        indexHigh: 2_300_000,
        indexLow: 2_300_000,
        lows: 1,
        stopAbove: 20_000,
        stopBelow: null,
      },
    });
  });

  test('is left when the straddle closes at or above the high of its window, and the journal says at what', () => {
    expect(words(played)).toBe(
      ['09:22:01.000 BATMAN taken', '09:24:01.000 note: structure 1: SL, the straddle at 201.00 reached 200.00'].join(
        '\n',
      ),
    );
    // Two quarters of a rupee and a tick both ways: 0.40 on each bought unit, 0.20 on each of the sold: (0.40 + 2 x 0.20) x 75 a side.
    expect(closes(played).split('\n').at(-1)).toMatch(/^09:24:01.\d+ structure 1 SL gross -120.00$/);
    expect(words(onStraddle(batman, entered([23_000, 199], [23_000, 200])))).toContain(
      '09:24:01.000 note: structure 1: SL, the straddle at 200.00 reached 200.00',
    );
  });

  test('is held to 15:15 where nothing happens', () => {
    const calm = onStraddle(batman, entered());
    expect(closes(calm).split('\n').at(-1)).toMatch(/^15:15:01\.\d+ structure 1 TIME/);
  });

  test('is no signal before its window is full', () => {
    const early = straddleDay([...again(5, [23_000, 200]), [23_000, 199]]);
    expect(words(onStraddle(batman, early, { pivotWindow: 6 }))).toBe('');
    expect(words(onStraddle(batman, early, { pivotWindow: 5 }))).toBe('09:21:01.000 BATMAN taken');
  });

  test('equal to the low is none', () => {
    expect(words(onStraddle(batman, straddleDay(again(10, [23_000, 200]))))).toBe('');
  });

  test('has windows of fifteen values by default', () => {
    const steps: readonly Step[] = [
      [23_000, 200],
      [23_000, 198],
      ...again(14, [23_000, 200]),
      [23_000, 199],
      [23_000, 199],
      [23_000, 198.5],
    ];
    // 199 at 09:31 has 198 of 09:16 among its fifteen; at 09:33 it is gone.
    const found = onStraddle(batman, straddleDay(steps), { pivotWindow: 15 });
    expect(words(found)).toBe('09:34:01.000 BATMAN taken');
    expect(reads({}).pivotWindow).toBe(15);
  });
});

describe('nothing is entered', () => {
  test('while nothing was traded since the anchor', () => {
    const silent = straddleDay(
      [200, 200, 200, 200, 200, 200, 199, 198].map((straddle, m): Step => {
        const cells = `23000CE ${straddle / 2} v0 23000PE ${straddle / 2} v0`;
        return [23_000, straddle, m === 0 ? `${cells} ${FAR}` : cells];
      }),
      { far: '' },
    );
    const played = onStraddle(batman, silent);
    expect(words(played)).toContain('09:22:01.000 BATMAN skipped: no VWAP: nothing traded since 09:20');
    expect(legs(played)).toEqual([]);
  });

  test('from 15:00 on', () => {
    const late = (from: string) => straddleDay([...again(6, [23_000, 200]), [23_000, 199]], { from });
    // The tape's earlier minutes stand at 200 as well.
    expect(words(onStraddle(batman, late('14:53')))).toBe('15:00:01.000 BATMAN skipped: not before 15:00');
    expect(words(onStraddle(batman, late('14:52')))).toContain('14:59:01.000 BATMAN taken');
    expect(words(onStraddle(batman, late('14:53'), { entryTo: '15:01' }))).toContain('15:00:01.000 BATMAN taken');
  });

  test('on a bought strike that is not strictly between the money and the sold one', () => {
    const at = (sellPct: number, hedgePct: number) =>
      words(onStraddle(batman, entered(), { legsByDte: [{ maxDte: 9, sellPct, hedgePct }] })).split('\n')[0];
    // 23,000 x 1.001 = 23,023 is the money itself; x 1.014 = 23,322 and x 1.0125 = 23,287.50 are one strike.
    const listed =
      '09:22:01.000 BATMAN skipped: the bought 23000 CE is not strictly between the money 23000 and the sold 23600 CE';
    expect(at(2.5, 0.1)).toBe(listed);
    expect(at(1.4, 1.25)).toBe(
      '09:22:01.000 BATMAN skipped: the bought 23300 CE is not strictly between the money 23000 and the sold 23300 CE',
    );
  });

  test('on a strike that is not listed, or has no price', () => {
    const far = (without: string) => straddleDay(ENTRY, { far: FAR.replace(without, '') });
    expect(words(onStraddle(batman, far('22450PE 20 '), {}))).toBe(
      '09:22:01.000 BATMAN skipped: no PE of 22450 2025-01-09 in the data',
    );
    const stale = straddleDay([
      ...again(2, [23_000, 200]),
      [23_000, 200, '23600CE gap'],
      ...again(3, [23_000, 200]),
      [23_000, 199],
    ]);
    expect(words(onStraddle(batman, stale))).toBe('09:22:01.000 BATMAN skipped: no fresh price of the 23600 CE');
  });

  test('beyond the last row of the table by days to expiry', () => {
    expect(words(onStraddle(batman, entered(), { legsByDte: [{ maxDte: 2, sellPct: 2.5, hedgePct: 1.25 }] }))).toBe(
      '09:22:01.000 BATMAN skipped: no row of legsByDte reaches the expiry 2025-01-09',
    );
  });
});

describe('a minute without the price of a leg', () => {
  test('is no value: the low before it still stands', () => {
    // 199 is missing at 09:21; 199.50 at 09:22 is under the three values before it, all of them 200.
    const day = straddleDay([...again(6, [23_000, 200]), [23_000, 199, '23000CE -'], [23_000, 199.5]]);
    expect(words(onStraddle(batman, day))).toBe('09:23:01.000 BATMAN taken');
  });

  test('leaves the stop unread, which is said, and after five the structure is closed', () => {
    const blind = entered(...again(3, [23_000, 199]), [23_000, 210, '23000CE gap']);
    const played = onStraddle(batman, blind);
    expect(words(played).split('\n').slice(1)).toEqual([
      '09:26:01.000 note: structure 1: its stop cannot be read: no price of the 23000 CE in this minute',
      '09:30:01.000 note: structure 1: closed after 5 minutes without the value of its stop',
    ]);
    expect(closes(played).split('\n').at(-1)).toMatch(/^09:30:01\.\d+ structure 1 UNWIND/);
    expect(
      closes(onStraddle(batman, blind, { blindMinutesMax: 0 }))
        .split('\n')
        .at(-1),
    ).toMatch(/^15:15:01/);
    expect(words(onStraddle(batman, blind, { blindMinutesMax: 2 }))).toContain(
      '09:27:01.000 note: structure 1: closed after 2',
    );
  });
});

describe('the stop', () => {
  // Windows before 198, 197, 196, 195: 200 200 199, then 200 199 198, 199 198 197, 198 197 196.
  const falling = entered([23_000, 198], [23_000, 197], [23_000, 196], [23_000, 195], [23_000, 200]);

  test('follows the window with each new low, a buffer past it, and never back', () => {
    const played = onStraddle(batman, falling);
    // 200 and 200 x 1.01 are not below 200; 199 x 1.01 = 200.99 neither; 198 x 1.01 = 199.98 is.
    expect(words(played).split('\n')).toEqual([
      '09:22:01.000 BATMAN taken',
      '09:23:01.000 BATMAN skipped: in a trade',
      '09:26:01.000 note: structure 1: stop moved to 199.98, the straddle best at 195.00',
      '09:27:01.000 note: structure 1: TSL, the straddle at 200.00 reached 199.98',
    ]);
    expect(closes(played).split('\n').at(-1)).toMatch(/structure 1 TSL/);
  });

  test('takes the buffer as it is set', () => {
    // Without one: 200 stays at 198 and 197, then 199 and 198.
    expect(words(onStraddle(batman, falling, { slBuffer: 0 }))).toContain(
      'stop moved to 199.00, the straddle best at 196.00',
    );
    expect(words(onStraddle(batman, falling, { slBuffer: 0 }))).toContain(
      'stop moved to 198.00, the straddle best at 195.00',
    );
    expect(words(onStraddle(batman, falling, { slBuffer: 2 }))).not.toContain('moved');
  });

  test('reads the index where it is told to, on either side of its window', () => {
    const range: readonly Step[] = [
      ...again(3, [23_000, 200]),
      [23_010, 200],
      [22_995, 200],
      [23_000, 200],
      [23_000, 199],
    ];
    const held = (...steps: readonly Step[]) => straddleDay([...range, ...steps]);
    const index = { slBasis: 'index' };
    // At 09:22 the index has stood at 23,010, 22,995 and 23,000; the straddle back at 201 is no stop of it.
    expect(words(onStraddle(batman, held([23_000, 201], [23_010, 201]), index)).split('\n')[1]).toBe(
      '09:24:01.000 note: structure 1: SL, the index at 23010.00 reached 23010.00',
    );
    expect(words(onStraddle(batman, held([23_000, 201], [22_994, 201]), index)).split('\n')[1]).toBe(
      '09:24:01.000 note: structure 1: SL, the index at 22994.00 reached 22995.00',
    );
    expect(words(onStraddle(batman, held([23_000, 201], [23_010, 201]))).split('\n')[1]).toBe(
      '09:23:01.000 note: structure 1: SL, the straddle at 201.00 reached 200.00',
    );
  });
});

describe('the stop between closes', () => {
  // Within the minute from 09:23 the call goes to 104 and back: with the put at 99.50 the straddle stood at 203.50, over its high of 200.
  const spike = entered([23_000, 199], [23_000, 199, '23000CE 99.5 104 99.5 99.5'], [23_000, 199]);
  const quoted = { evaluateOn: 'quote' };

  test('is not looked at by default', () => {
    expect(words(onStraddle(batman, spike))).toBe('09:22:01.000 BATMAN taken');
  });

  test('is looked at with each price of either leg where that is asked for, and trades otherwise', () => {
    const played = onStraddle(batman, spike, quoted);
    // A path goes to the nearer extreme first, here the open itself, and to the other at the fortieth second.
    expect(words(played).split('\n')).toEqual([
      '09:22:01.000 BATMAN taken',
      '09:23:40.000 note: structure 1: SL, the straddle at 203.50 reached 200.00',
    ]);
    expect(closes(played).split('\n').at(-1)).toMatch(/^09:23:4\d\.\d+ structure 1 SL/);
  });

  test('follows the straddle to the strike of each minute', () => {
    // From 09:23 on the money is 23,050, whose straddle of 195 goes to 201 and back at 09:25; what that of 23,000 does there is of no concern.
    const moved = entered(
      [23_000, 199],
      [23_030, 199],
      [23_030, 199, '23000CE 99.5 120 99.5 99.5'],
      [23_030, 199, '23050CE 80 86 80 80'],
      [23_030, 199],
    );
    expect(
      words(onStraddle(batman, moved, quoted))
        .split('\n')
        .at(-1),
    ).toBe('09:25:40.000 note: structure 1: SL, the straddle at 201.00 reached 200.00');
    expect(words(onStraddle(batman, moved))).not.toContain('SL');
  });

  test('enters, trails and shifts nothing: those wait for the close', () => {
    // The straddle at 180 within the minute moves no stop and makes no lower low, the index 60 points away and back shifts nothing.
    const dip: readonly Step[] = [
      [23_000, 199],
      [23_000, 199, '23000CE 99.5 99.5 80.5 99.5 NIFTY 23000 23060 23000 23000'],
    ];
    const played = onStraddle(batman, entered(...dip, [23_000, 199]), quoted);
    expect(words(played)).toBe('09:22:01.000 BATMAN taken');
    const before = straddleDay([...again(6, [23_000, 200]), [23_000, 200, '23000CE 100 100 90 100'], [23_000, 200]]);
    expect(words(onStraddle(batman, before, quoted))).toBe('');
  });

  test('knows nothing of what comes', () => {
    const walk: Step[] = Array.from({ length: 300 }, (_, m) => {
      const straddle = Math.round((200 + 12 * Math.sin(m / 7) - m / 20) * 10) / 10;
      const half = Math.round(straddle * 10) / 20;
      return [23_000, straddle, `23000CE ${half} ${half + 4} ${half - 4} ${half}`];
    });
    const { decisions, changed } = lookAhead({
      day: straddleDay(walk),
      agents: () => [agentPlan(batman, 'NIFTY', { pivotWindow: 5, ...quoted })],
    });
    expect(changed).toEqual([]);
    expect(decisions).toBeGreaterThan(100);
  });
});

describe('after a stop', () => {
  test('a new entry needs a lower low that comes after it', () => {
    const day = entered([23_000, 203], [23_000, 202], [23_000, 202], [23_000, 202], [23_000, 201]);
    // Stopped at 203; 202 is under nothing but 203 while 199 and 200 are in the window; 201 is under 202 three times.
    expect(words(onStraddle(batman, day))).toBe(
      [
        '09:22:01.000 BATMAN taken',
        '09:23:01.000 note: structure 1: SL, the straddle at 203.00 reached 200.00',
        '09:27:01.000 BATMAN taken',
      ].join('\n'),
    );
  });

  test('lower lows made before it do not count towards it', () => {
    // Lower lows without an end; the index stands at the top of its window of 22,995 to 23,000 when the trade begins, and still at 09:24.
    const range: readonly Step[] = [...again(3, [23_000, 200]), [23_010, 200], [22_995, 200], [23_000, 200]];
    const steps: readonly Step[] = [
      ...range,
      [23_000, 199],
      [23_000, 198],
      [23_000, 197],
      [23_010, 196],
      [23_010, 195],
      [23_009, 194],
    ];
    const played = onStraddle(batman, straddleDay(steps), { slBasis: 'index', lowerLows: 2 });
    expect(words(played).split('\n').slice(0, 6)).toEqual([
      '09:22:01.000 BATMAN skipped: 1 of 2 lower lows',
      '09:23:01.000 BATMAN taken',
      '09:24:01.000 BATMAN skipped: in a trade',
      '09:24:01.000 note: structure 1: SL, the index at 23000.00 reached 23000.00',
      // 196 is the fourth low under the ones before it, and the first since the stop.
      '09:25:01.000 BATMAN skipped: 1 of 2 lower lows',
      '09:26:01.000 BATMAN taken',
    ]);
  });
});

describe('a shift', () => {
  const run = entered([23_000, 199], [23_070, 199], [23_070, 199], [23_110, 199]);

  test('leaves everything when the index ran a step and enters around it once flat, at the same stop', () => {
    const played = onStraddle(batman, run);
    // 23,070: the money is 23,050, at 195. 23,646.75, 23,358.38, 22,781.63 and 22,493.25 to the nearest fifty. Then 40 points more are no step.
    expect(legs(played)).toEqual([
      '1 23300CE, -2 23600CE, 1 22700PE, -2 22450PE',
      '1 23350CE, -2 23650CE, 1 22800PE, -2 22500PE',
    ]);
    expect(words(played).split('\n')).toEqual([
      '09:22:01.000 BATMAN taken',
      '09:24:01.000 BATMAN skipped: in a trade',
      '09:24:01.000 note: structure 1: shift, the index ran 70.00 points, straddle stop kept',
      expect.stringMatching(/^09:24:01.\d+ BATMAN_SHIFT taken$/),
      // The straddle of 23,100 at 190: the minute of its change moves nothing, the next one follows 195 x 1.01 = 196.95.
      '09:27:01.000 note: structure 2: stop moved to 196.95, the straddle best at 190.00',
    ]);
    expect(recordsOf(played, 'signal').find(({ name }) => name === 'BATMAN_SHIFT')?.seen).toMatchObject({
      stopAbove: 20_000,
      spot: 2_307_000,
    });
    expect(closes(played)).toMatch(/09:24:01.\d+ structure 1 SHIFT/);
  });

  test('on a grid counts whole steps, so that it comes again sooner', () => {
    const played = onStraddle(batman, run, { shiftMode: 'grid' });
    // 70 points are one step of 50: from 23,050 another 60 are one more.
    expect(legs(played)).toHaveLength(3);
    expect(legs(played)[2]).toBe('1 23400CE, -2 23700CE, 1 22800PE, -2 22550PE');
    const bases = played.trace.filter(({ kind }) => kind === 'minute').map(({ values }) => values['pivotBase']);
    expect(bases.slice(6, 12)).toEqual([2_300_000, 2_300_000, 2_305_000, 2_305_000, 2_310_000, 2_310_000]);
  });

  test('can be off, or of another step', () => {
    expect(legs(onStraddle(batman, run, { shiftMode: 'off' }))).toHaveLength(1);
    expect(legs(onStraddle(batman, run, { shiftStep: 71 }))).toHaveLength(2);
    expect(recordsOf(onStraddle(batman, run, { shiftStep: 71 }), 'structure-opened')[1]?.spot).toBe(2_311_000);
    expect(legs(onStraddle(batman, run, { shiftStep: 40 }))).toHaveLength(3);
  });

  test('counts from exactly a step on, both ways', () => {
    const far = `${FAR} 23500CE 20 23250CE 60 22650PE 60 22400PE 20`;
    const down = (level: number) => straddleDay([...ENTRY, [23_000, 199], [level, 199]], { far });
    expect(legs(onStraddle(batman, down(22_950)))).toEqual([
      '1 23300CE, -2 23600CE, 1 22700PE, -2 22450PE',
      // 23,523.75, 23,236.88, 22,663.13 and 22,376.25.
      '1 23250CE, -2 23500CE, 1 22650PE, -2 22400PE',
    ]);
    expect(legs(onStraddle(batman, down(22_950.05)))).toHaveLength(1);
  });

  test('does not happen where the new strikes are not there, nor from 15:00 on', () => {
    const bare = straddleDay([...ENTRY, [23_000, 199], [23_070, 199]], { far: FAR.replace('22500PE 20 ', '') });
    const played = onStraddle(batman, bare);
    expect(words(played)).toContain('09:24:01.000 BATMAN_SHIFT skipped: no PE of 22500 2025-01-09 in the data');
    expect(closes(played).split('\n').at(-1)).toMatch(/^15:15:01/);
    const late = straddleDay([...ENTRY, ...again(5, [23_000, 199]), [23_070, 199]], { from: '14:47' });
    expect(words(onStraddle(batman, late))).toContain('15:00:01.000 BATMAN_SHIFT skipped: not before 15:00');
    expect(legs(onStraddle(batman, late))).toHaveLength(1);
  });

  test('does not happen while the day leaves too little risk for the new one', () => {
    // The sold options go to 29 and 25 before the run: (9 + 5) x 2 x 75 = 2,100 rupees of loss, and what the fills cost.
    const dear = entered(
      [23_000, 199],
      [23_000, 199, '23600CE 29 22450PE 25'],
      [23_000, 199, '23600CE 20 22450PE 20'],
      [23_070, 199],
    );
    const held = (lossPerDayMax: number) =>
      onStraddle(batman, dear, {}, { parts: { risk: { ...defaultRmsSettings, lossPerDayMax } } });
    const free = held(100_000_000);
    const [first = 0, second = 0] = recordsOf(free, 'structure-opened').map(({ plannedLoss }) => plannedLoss ?? 0);
    // What is left of a cap that the first just fits is 2,100 rupees less; the second plans to lose 1,460 less.
    expect(first - second).toBeLessThan(210_000);
    const short = held(first);
    expect(legs(short)).toHaveLength(1);
    expect(words(short)).toMatch(
      /09:26:01.000 BATMAN_SHIFT skipped: loss-per-day: the planned loss of [\d.]+ does not fit the [\d.]+ rupees that remain of the day's cap of [\d.]+ for the account after a worst loss of [\d.]+/,
    );
    expect(closes(short).split('\n').at(-1)).toMatch(/^15:15:01/);
    expect(legs(held(first + 210_000))).toHaveLength(2);
  });

  test('does not happen where the RMS would not carry the new one, once the old one has left', () => {
    const under = (risk: Partial<RmsSettings>) =>
      onStraddle(batman, run, {}, { parts: { risk: { ...defaultRmsSettings, ...risk } } });
    const kept = (risk: Partial<RmsSettings>) => {
      const played = under(risk);
      expect(legs(played)).toHaveLength(1);
      expect(closes(played).split('\n').at(-1)).toMatch(/^15:15:01/);
      return recordsOf(played, 'signal').find(({ name }) => name === 'BATMAN_SHIFT')?.gate;
    };
    expect(kept({ structuresPerDayMax: 1 })).toBe(
      'structures-per-day: batman/NIFTY may open 1 structures a day, this is number 2',
    );
    expect(kept({ entryTo: istTime('09:23') })).toBe('trading-window: entries end with the minute 09:23, it is 09:24');
    // One structure at a time of the agent and of the account: the one that leaves is not counted.
    expect(legs(under({ structuresOpenMax: 1, structuresOpenAccountMax: 1 }))).toHaveLength(2);
  });

  test('is asked for in as many orders as the exchange wants of it', () => {
    // 30 lots of 75 are more than the 1,800 units of one order.
    const agents = [{ ...agentPlan(batman, 'NIFTY', { pivotWindow: 3, entryOrder: 'market' }), lots: lots(15) }];
    expect(legs(onStraddle(batman, run, {}, { agents }))).toEqual([
      '15 23300CE, -30 23600CE, 15 22700PE, -30 22450PE',
      '15 23350CE, -30 23650CE, 15 22800PE, -30 22500PE',
    ]);
  });

  test('does not happen where the margin of the new one does not fit, that of the old one given back', () => {
    // The sold options double in the minute of the run: 20 rupees on two lots of 75 each.
    const dear = entered([23_000, 199], [23_070, 199, '23600CE 40 22450PE 40'], [23_070, 199]);
    const under = (capital: number) =>
      onStraddle(
        batman,
        dear,
        {},
        { parts: { risk: { ...defaultRmsSettings, capital: paise(capital), marginUseMax: 1 } } },
      );
    const gateOf = (played: Played, name: string) =>
      recordsOf(played, 'signal').find((signal) => signal.name === name && !signal.taken)?.gate ?? '';
    // A rupee carries nothing, and the refusal says what the first takes. That is just enough, and too little once 6,000 rupees are lost.
    const first = Number(/the margin of ([\d.]+) rupees/.exec(gateOf(under(100), 'BATMAN'))?.[1]) * 100;
    const short = under(Math.round(first));
    expect(legs(short)).toHaveLength(1);
    expect(gateOf(short, 'BATMAN_SHIFT')).toMatch(
      /^margin: the margin of [\d.]+ rupees that the entry takes does not fit/,
    );
    expect(closes(short).split('\n').at(-1)).toMatch(/^15:15:01/);
    // Far less than both would take side by side.
    expect(legs(under(Math.round(first * 1.2)))).toHaveLength(2);
  });

  test('does not happen while entries are halted', () => {
    const ts = at(day('2025-01-06'), istTime('09:23'));
    const halted = onStraddle(
      batman,
      run,
      {},
      {
        extra: [{ kind: 'operator-commanded', ts, command: 'halt', scope: 'all', by: 'test' }],
      },
    );
    expect(legs(halted)).toHaveLength(1);
    expect(words(halted)).toContain('BATMAN_SHIFT skipped: halted: all is halted until it is resumed: by the operator');
  });

  test('gives way to a stop in the same minute', () => {
    // The straddle of 23,050 at 205 instead of 195.
    const both = straddleDay([...ENTRY, [23_000, 199], [23_070, 199]], {
      far: FAR.replace('23050CE 80', '23050CE 90'),
    });
    const played = onStraddle(batman, both);
    expect(words(played)).toContain('09:24:01.000 note: structure 1: SL, the straddle at 205.00 reached 200.00');
    expect(words(played)).not.toContain('shift');
    expect(legs(played)).toHaveLength(1);
  });

  test('has the step of its segment', () => {
    // 51,250 and 50,625, 49,375 and 48,750 around 50,000; 51,352.50 and 50,726.25, 49,473.75 and 48,847.50 around 50,100.
    const far = '50600CE 60 51300CE 20 49400PE 60 48800PE 20 50700CE 60 51400CE 20 49500PE 60';
    const day = (level: number) => tape`
      09:15  BANKNIFTY 50000  CE 100 PE 100 50100CE 90 50100PE 100 ${far}
      09:21  CE 99
      09:23  BANKNIFTY ${level}
    `;
    const at = (level: number) => legs(onStraddle(batman, day(level), {}, { segment: 'BANKNIFTY' }));
    expect(at(50_099.95)).toEqual(['1 50600CE, -2 51300CE, 1 49400PE, -2 48800PE']);
    expect(at(50_100)[1]).toBe('1 50700CE, -2 51400CE, 1 49500PE, -2 48800PE');
  });
});

describe('what is bought and sold', () => {
  test.for([
    ['2:1', ['1 23300CE, -2 23600CE, 1 22700PE, -2 22450PE']],
    ['3:1', ['1 23300CE, -3 23600CE, 1 22700PE, -3 22450PE']],
    ['3:2', ['2 23300CE, -3 23600CE, 2 22700PE, -3 22450PE']],
    ['1:1', ['1 23300CE, -1 23600CE, 1 22700PE, -1 22450PE']],
  ] as const)('goes by the ratio %s', ([ratio, wanted]) => {
    expect(legs(onStraddle(batman, entered(), { ratio }))).toEqual(wanted);
  });

  test('or by premium: bought options cost what the sold ones bring, to whole lots', () => {
    const premium = { hedgeQtyMode: 'premium' };
    const far = (bought: number) =>
      straddleDay(ENTRY, { far: FAR.replace('23300CE 60', `23300CE ${bought}`).replace('22700PE 60', '22700PE 25') });
    // Two sold at 20 bring 40: 40/60 is 0.67, one lot; 40/25 is 1.6, two; 40/81 is 0.49, none.
    expect(legs(onStraddle(batman, far(60), premium))).toEqual(['1 23300CE, -2 23600CE, 2 22700PE, -2 22450PE']);
    expect(legs(onStraddle(batman, far(60)))).toEqual(['1 23300CE, -2 23600CE, 1 22700PE, -2 22450PE']);
    expect(words(onStraddle(batman, far(81), premium))).toBe(
      '09:22:01.000 BATMAN skipped: the bought 23300 CE at 81 comes to no lot beside 2 sold at 20',
    );
    // Four times as much: 160/81 is 1.98 and 160/25 is 6.4.
    expect(legs(onStraddle(batman, far(81), { hedgeQtyMode: 'premium', hedgeValueRatio: 4 }))).toEqual([
      '2 23300CE, -2 23600CE, 6 22700PE, -2 22450PE',
    ]);
  });

  test('lies as far away as the table says for the days to expiry', () => {
    const table = [
      { maxDte: 2, sellPct: 1, hedgePct: 0.5 },
      { maxDte: 3, sellPct: 2.75, hedgePct: 1.5 },
      { maxDte: 30, sellPct: 2.5, hedgePct: 1.25 },
    ];
    // Monday to Thursday are three days. 23,000 x 1.0275 = 23,632.50, x 1.015 = 23,345, x 0.985 = 22,655, x 0.9725 = 22,367.50.
    const day = straddleDay(ENTRY, { far: `${FAR} 22650PE 60 22350PE 20` });
    expect(legs(onStraddle(batman, day, { legsByDte: table }))).toEqual([
      '1 23350CE, -2 23650CE, 1 22650PE, -2 22350PE',
    ]);
    const sooner = straddleDay(ENTRY, {
      head: '2025-01-07',
      far: `${FAR} 23250CE 70 22900PE 60 22750PE 80 22850PE 70 22750PE 30`,
    });
    // On Tuesday there are two: 23,230 and 23,115; 22,885 and 22,770.
    expect(legs(onStraddle(batman, sooner, { legsByDte: table }))).toEqual([
      '1 23100CE, -2 23250CE, 1 22900PE, -2 22750PE',
    ]);
  });

  test('may be chosen by premium', () => {
    const far = '23200CE 45 23300CE 33 23500CE 12 23600CE 9 22800PE 44 22700PE 28 22500PE 13 22400PE 6';
    const params = { strikeBy: 'premium', hedgePremium: 32, sellPremium: 10 };
    expect(legs(onStraddle(batman, straddleDay(ENTRY, { far }), params))).toEqual([
      '1 23300CE, -2 23600CE, 1 22700PE, -2 22500PE',
    ]);
    expect(words(onStraddle(batman, straddleDay(ENTRY, { far }), { ...params, sellPremium: 31 }))).toContain(
      'BATMAN skipped: the bought 23300 CE is not strictly between the money 23000 and the sold 23300 CE',
    );
  });

  test('may be chosen by delta', () => {
    // Total deviation 0.012 on 23,000: N(d1) is 0.3612 at 23,100, 0.1392 at 23,300 and 0.0187 at 23,575; prices by Black's formula.
    const far = '23100CE 68.92 23300CE 18.83 23600CE 1.36 22900PE 68.62 22700PE 18.55 22400PE 1.31';
    const params = { strikeBy: 'delta', hedgeDelta: 0.35, sellDelta: 0.14 };
    expect(legs(onStraddle(batman, straddleDay(ENTRY, { far }), params))).toEqual([
      '1 23100CE, -2 23300CE, 1 22900PE, -2 22700PE',
    ]);
  });

  test('expires as it is told, on weekdays of its own too', () => {
    const expiries = (params: Record<string, unknown>) =>
      recordsOf(onStraddle(batman, straddleDay(ENTRY, { far: FAR }), params), 'structure-opened').map(
        ({ legs: all }) => all[0]?.contract.split(' ')[1],
      );
    expect(expiries({})).toEqual(['2025-01-09']);
    expect(expiries({ expiryByWeekday: { Tue: 'next' } })).toEqual(['2025-01-09']);
    // The tape lists no later expiry: on Monday nothing is entered.
    expect(expiries({ expiryByWeekday: { Mon: 'next' } })).toEqual([]);
    expect(batman.universe(reads({ expiryByWeekday: { Mon: 'next' } }), 'NIFTY').expiries).toEqual(['nearest', 'next']);
  });
});

describe('the straddle it reads', () => {
  // The money goes to 23,050, whose own straddle stands at 195 all the time.
  const jump = straddleDay([...again(6, [23_000, 200]), [23_030, 200], [23_030, 200], [23_030, 200]]);

  test('does not make a lower low by changing its strike', () => {
    expect(words(onStraddle(batman, jump))).toBe('09:22:01.000 BATMAN skipped: the strike changed in this minute');
  });

  test("may be measured by the new strike's own past instead", () => {
    // 195 is not under 195: no signal at all. Fallen to 194 it is one in the very minute of the change.
    expect(words(onStraddle(batman, jump, { afterStrikeChange: 'rewindow' }))).toBe('');
    const fallen = straddleDay([...again(6, [23_000, 200]), [23_030, 200, '23050CE 79'], [23_030, 200]]);
    expect(words(onStraddle(batman, fallen, { afterStrikeChange: 'rewindow' }))).toContain('09:22:01.000 BATMAN taken');
    expect(words(onStraddle(batman, fallen))).toBe('09:22:01.000 BATMAN skipped: the strike changed in this minute');
  });

  test('may stay at the strike of the anchor all day', () => {
    // At 09:20 the money is 23,000; that straddle falls at 09:23 while the one of 23,050 stands.
    const day = straddleDay([...again(6, [23_000, 200]), [23_030, 200], [23_030, 199], [23_030, 199]]);
    expect(words(onStraddle(batman, day, { straddleStrike: 'fixed' }))).toBe('09:23:01.000 BATMAN taken');
    expect(words(onStraddle(batman, day))).toBe('09:22:01.000 BATMAN skipped: the strike changed in this minute');
  });

  test("begins anew each day, at that day's own anchor", () => {
    // On Tuesday the money is 23,100, whose straddle falls from 190 to 189 at 09:21; the one of 23,000 stands.
    const tuesday = straddleDay(
      [...again(6, [23_100, 200]), [23_100, 200, '23100CE 59'], [23_100, 200, '23100CE 59']],
      { head: '2025-01-07 strike 23000', far: `${FAR} 23400CE 50 22800PE 60 22500PE 15` },
    );
    const monday = straddleDay([...again(6, [23_000, 200]), [23_000, 199], [23_000, 199]]);
    const played = onStraddle(batman, monday, { straddleStrike: 'fixed' }, { days: [monday, tuesday] });
    const taken = recordsOf(played, 'signal').filter((signal) => signal.taken);
    expect(taken.map(({ seen }) => seen['strike'])).toEqual([2_300_000, 2_310_000]);
    // Nothing of Monday is in Tuesday's windows: 190 three times.
    expect(taken[1]?.seen).toMatchObject({ straddle: 18_900, high: 19_000, low: 19_000, vwap: 18_950 });
  });

  test('may count the present value in its window, so that equal to the low is a low', () => {
    const day = straddleDay([...again(5, [23_000, 200]), [23_000, 201], [23_000, 200], [23_000, 200]]);
    expect(words(onStraddle(batman, day))).toBe('');
    // 200, 201, 200 at 09:22: the low of its window again.
    expect(words(onStraddle(batman, day, { windowIncludesCurrent: true }))).toContain('09:22:01.000 BATMAN taken');
  });

  test('has its VWAP from the anchor on: an earlier one trades earlier', () => {
    const day = straddleDay([...again(3, [23_000, 200]), [23_000, 199], [23_000, 199]]);
    expect(words(onStraddle(batman, day))).toBe('09:19:01.000 BATMAN skipped: no VWAP: nothing traded since 09:20');
    expect(words(onStraddle(batman, day, { anchorTime: '09:15' }))).toContain('09:19:01.000 BATMAN taken');
  });
});

describe('a structure that is not whole', () => {
  test('is closed when a leg was not filled by the next minute', () => {
    // The sold put has a price until the signal and no trade after it.
    const torn = straddleDay([...ENTRY.slice(0, -1), [23_000, 199], [23_000, 199, '22450PE gap'], [23_000, 199]]);
    const played = onStraddle(batman, torn);
    expect(words(played)).toContain('09:23:01.000 note: structure 1: closed, a leg was not filled within 1 minutes');
    expect(closes(played)).not.toContain('PE sold');
    expect(closes(played).split('\n').at(-1)).toMatch(/^09:23:01\.\d+ structure 1 UNWIND/);
    const patient = onStraddle(batman, torn, { fillMinutesMax: 3 });
    expect(words(patient)).toContain('09:25:01.000 note: structure 1: closed, a leg was not filled within 3 minutes');
  });

  test('leaves as a whole when the resting stop of a sold leg was hit', () => {
    // Sold at 19.90; a resting stop of half more stands at 29.85, the usual one of twice more at 59.70.
    const day = entered([23_000, 199], [23_000, 199, '23600CE 20 32 20 30'], [23_000, 199]);
    expect(closes(onStraddle(batman, day))).not.toContain('STOP');
    const played = onStraddle(batman, day, { restingStopPct: 50 });
    const lines = closes(played).split('\n');
    expect(lines[0]).toMatch(/^09:23:\d\d\.\d+ CE sold STOP/);
    expect(lines).toHaveLength(5);
    expect(lines.at(-1)).toMatch(/^09:23:\d\d\.\d+ structure 1 STOP/);
  });
});

describe('a venue that refuses what is sold', () => {
  const refusing = {
    parts: {
      faults: ({ order }: FaultyRequest) => (order.side === 'SELL' && order.purpose === 'entry' ? BLOCKED : undefined),
    },
  };
  const BLOCKED = { refusal: 'the contract is blocked' };
  // From 09:22 on the straddle falls by a rupee a minute, stands at 09:27 and at 09:30, and falls again.
  const falling = entered(
    ...([198, 197, 196, 195, 195, 194, 193, 193, 192, 191] as const).map((straddle): Step => [23_000, straddle]),
  );

  test('is asked again when the straddle has paused and falls anew, and after the second time no more that day', () => {
    const played = onStraddle(batman, falling, {}, refusing);
    expect(words(played).split('\n')).toEqual([
      '09:22:01.000 BATMAN taken',
      '09:23:01.000 BATMAN skipped: the lower lows of the Batman that was not whole still follow each other',
      // 194 under 195, 195 and 196.
      '09:28:01.000 BATMAN taken',
      expect.stringMatching(
        /^09:28:02.\d+ note: structure 2: nothing more is entered today, 2 structures in a row were not whole$/,
      ),
      '09:29:01.000 BATMAN skipped: 2 structures in a row were not whole',
    ]);
    expect(closes(played)).toMatch(/structure 1 UNWIND.*\n(.*\n)*.*structure 2 UNWIND/);
  });

  test('as often as it is told', () => {
    const taken = (unwindsMax: number) => legs(onStraddle(batman, falling, { unwindsMax }, refusing)).length;
    expect([taken(1), taken(2), taken(3), taken(0)]).toEqual([1, 2, 3, 3]);
  });

  test('does not count against a day on which a structure was whole in between, nor against the next day', () => {
    // The second structure is whole and stopped at 199; the third, at 09:35, is refused, and the fourth, at 09:38, is had again.
    const steps: readonly Step[] = [198, 198, 198, 198, 197, 199, 199, 199, 198, 198, 198, 198, 197].map(
      (straddle): Step => [23_000, straddle],
    );
    const odd = ({ order }: FaultyRequest) =>
      order.structure % 2 === 1 ? refusing.parts.faults({ order } as never) : undefined;
    const played = onStraddle(batman, entered(...steps), {}, { parts: { faults: odd } });
    const ends = recordsOf(played, 'structure-closed').map(({ reason }) => reason);
    expect(ends).toEqual(['UNWIND', 'SL', 'UNWIND', 'TIME']);
    const tuesday = straddleDay(ENTRY, { head: '2025-01-07' });
    const days = onStraddle(batman, falling, {}, { ...refusing, days: [falling, tuesday] });
    expect(recordsOf(days, 'structure-opened')).toHaveLength(3);
  });
});

describe('its parameters', () => {
  test('have the defaults of the rule', () => {
    expect(reads({})).toEqual({
      expiry: 'nearest',
      anchorTime: '09:20',
      straddleStrike: 'rolling',
      pivotWindow: 15,
      windowIncludesCurrent: false,
      afterStrikeChange: 'skipMinute',
      slBasis: 'straddle',
      evaluateOn: 'minute-close',
      blindMinutesMax: 5,
      fillMinutesMax: 1,
      unwindsMax: 2,
      entryTo: '15:00',
      exitAt: '15:15',
      entryOrder: 'limit-then-market',
      limitBufferPct: 0.3,
      limitWaitSeconds: 5,
      lowerLows: 1,
      strikeBy: 'percent',
      legsByDte: [{ maxDte: 366, sellPct: 2.5, hedgePct: 1.25 }],
      sellDelta: 0.1,
      hedgeDelta: 0.25,
      sellPremium: 20,
      hedgePremium: 60,
      ratio: '2:1',
      hedgeQtyMode: 'ratio',
      hedgeValueRatio: 1,
      slBuffer: 1,
      restingStopPct: 200,
      shiftMode: 'step',
    });
    expect(executionOf(reads({}))).toEqual({ kind: 'limit-then-market', bufferPct: 0.3, waitMs: 5_000 });
    expect(executionOf(reads({ entryOrder: 'market' }))).toEqual({ kind: 'market' });
  });

  test.for([
    [{ anchorTime: '15:00' }, 'parameter anchorTime must be before entryTo, was 15:00 and 15:00'],
    [{ entryTo: '15:16' }, 'parameter entryTo must not be after exitAt, was 15:16 and 15:15'],
    [
      { legsByDte: [{ maxDte: 9, sellPct: 1, hedgePct: 2.5 }] },
      'parameter legsByDte must have hedgePct below sellPct, was 2.5 and 1 up to 9 days',
    ],
    [
      {
        legsByDte: [
          { maxDte: 9, sellPct: 2, hedgePct: 1 },
          { maxDte: 3, sellPct: 2, hedgePct: 1 },
        ],
      },
      'parameter legsByDte must have rows of rising maxDte, was 3 after 9',
    ],
    [{ shiftMode: 'off', shiftStep: 50 }, 'parameter shiftStep goes with shiftMode step or grid, was 50 with off'],
    [
      { straddleStrike: 'fixed', afterStrikeChange: 'rewindow' },
      'parameter afterStrikeChange rewindow goes with straddleStrike rolling, was with fixed, whose strike never changes',
    ],
    [
      { evaluateOn: 'quote', slBasis: 'index' },
      'parameter evaluateOn quote goes with slBasis straddle, was with index, whose stop is read at minute closes alone',
    ],
    [{ strikeBy: 'delta', hedgeDelta: 0.1 }, 'parameter hedgeDelta must be above sellDelta, was 0.1 and 0.1'],
    [{ strikeBy: 'premium', hedgePremium: 5 }, 'parameter hedgePremium must be above sellPremium, was 5 and 20'],
  ] as const)('%o do not go together', ([params, sentence]) => {
    expect(batman.refuse?.(reads(params), 'NIFTY')).toBe(sentence);
  });

  test('go together as they come', () => {
    expect(batman.refuse?.(reads({}), 'NIFTY')).toBeUndefined();
  });

  test.for([
    { ratio: '2' },
    { ratio: '1:2' },
    { pivotWindow: 1 },
    { slBuffer: -1 },
    { shiftMode: 'jump' },
    { legsByDte: [] },
    { step: 50 },
  ])('refuse %o', (params) => {
    expect(() => reads(params)).toThrow();
  });

  test('let it see its furthest strike, and its data must say what was traded', () => {
    // 2.5 % of 40,000 are 1,000 points, twenty strikes; four more for a window that has not moved yet.
    expect(batman.universe(reads({}), 'NIFTY')).toMatchObject({ strikesAround: 24, needs: ['option-volume'] });
    const table = [
      { maxDte: 1, sellPct: 1, hedgePct: 0.5 },
      { maxDte: 9, sellPct: 4, hedgePct: 2 },
    ];
    expect(batman.universe(reads({ legsByDte: table }), 'NIFTY').strikesAround).toBe(36);
    // 2.5 % of 90,000 are 2,250 points and of 130,000 are 3,250, in steps of 100.
    expect(batman.universe(reads({}), 'BANKNIFTY').strikesAround).toBe(27);
    expect(batman.universe(reads({}), 'SENSEX').strikesAround).toBe(37);
    // A straddle that stays where it was at the anchor is seen after a run of ten per cent.
    expect(batman.universe(reads({ straddleStrike: 'fixed' }), 'NIFTY').strikesAround).toBe(84);
    expect(batman.limits?.(reads({}), 'NIFTY')).toEqual({ structuresOpenMax: 1 });
  });
});

test('noise after a minute changes nothing before it', () => {
  const walk: Step[] = Array.from({ length: 300 }, (_, m) => {
    const wave = Math.round(60 * Math.sin(m / 11) + 20 * Math.sin(m / 3));
    return [23_000 + wave, Math.round((200 + 12 * Math.sin(m / 7) - m / 20) * 10) / 10];
  });
  const { decisions, changed } = lookAhead({
    day: straddleDay(walk),
    agents: () => [agentPlan(batman, 'NIFTY', { pivotWindow: 5, shiftStep: 25 })],
  });
  expect(changed).toEqual([]);
  expect(decisions).toBeGreaterThan(100);
});
