import { describe, expect, test } from 'vitest';
import type { AgentPlan } from '../../engine/kernel-parts.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import { atmStraddle } from '../../strategies/atm-straddle.ts';
import type { Played } from '../support/play.ts';
import { agentPlan, play } from '../support/play.ts';
import { tape } from '../support/tape.ts';
import { closes, fills, guards, recordsOf, words } from '../support/tell.ts';

function straddle(day: DayCandles, params: Record<string, unknown> = {}, segment: Underlying = 'NIFTY'): Played {
  return play({ days: [day], agents: [agentPlan(atmStraddle, segment, params)] });
}

function readParams(params: Record<string, unknown>): unknown {
  const plan: AgentPlan = agentPlan(atmStraddle, 'NIFTY', params);
  return plan.params;
}

// A flat 100 is sold at 100 - 0.25 - 0.05 = 99.70 and bought back at 100.30; 90 at 89.70 (0.225 is a tick above, 0.25) and 90.30.
// Leg stops at 25 %: 99.70 gives 124.625, on ticks 124.65; 89.70 gives 112.125, on ticks 112.15.
const FLAT = tape`
  09:19  NIFTY 23005  CE 100  PE 90
`;

describe('the straddle', () => {
  test('sells both options at the money at 09:20 and is flat at 15:15', () => {
    const played = straddle(FLAT);
    expect(fills(played)).toBe(
      [
        '09:20:01.300 entry SELL CE 99.70',
        '09:20:01.450 entry SELL PE 89.70',
        '15:15:01.300 TIME BUY CE 100.30',
        '15:15:01.450 TIME BUY PE 90.30',
      ].join('\n'),
    );
    expect(words(played)).toBe('09:20:01.000 entry taken');
    expect(recordsOf(played, 'signal')[0]?.seen).toEqual({ spot: 2_300_500, strike: 2_300_000, straddle: 19_000 });
  });

  test('enters and leaves at its own times', () => {
    const played = straddle(FLAT, { entryAt: '10:00', exitAt: '14:00' });
    expect(
      fills(played)
        .split('\n')
        .map((line) => line.slice(0, 17)),
    ).toEqual(['10:00:01.300 entr', '10:00:01.450 entr', '14:00:01.300 TIME', '14:00:01.450 TIME']);
  });

  test('stops the losing leg and keeps the other to the exit', () => {
    const day = tape`
      09:19  NIFTY 23005  CE 100             PE 90
      09:22  CE 100 140 100 135  PE 90 90 70 70
    `;
    // The call: 100 until 20 s, then 2 rupees a second: 124.65 after 32.325 s; 300 ms later 125.25; 0.25 % is 0.3131, on ticks 0.35:
    // 125.25 + 0.35 + 0.05. The put at 70: 0.175 is 0.20: 70 + 0.20 + 0.05.
    const played = straddle(day);
    expect(fills(played).split('\n').slice(2)).toEqual([
      '09:22:32.625 SL BUY CE 125.65',
      '15:15:01.300 TIME BUY PE 70.25',
    ]);
    // (99.70 - 125.65) x 75 = -1,946.25; (89.70 - 70.25) x 75 = 1,458.75.
    expect(closes(played)).toBe(
      [
        '09:22:32.725 CE SL gross -1946.25',
        '15:15:01.400 PE TIME gross 1458.75',
        '15:15:01.400 structure 1 TIME gross -487.50',
      ].join('\n'),
    );
  });

  test('takes the leg stop as it is set', () => {
    // 99.70 + 40 % = 139.58, on ticks 139.60; 89.70 + 40 % = 125.58, on ticks 125.60.
    expect(guards(straddle(FLAT, { legStopPct: 40 }))).toContain('set leg-stop CE 139.60');
    expect(guards(straddle(FLAT, { legStopPct: 40 }))).toContain('set leg-stop PE 125.60');
  });
});

describe('the rule on the index', () => {
  const moved = tape`
    09:19  NIFTY 23005                     CE 100  PE 90
    09:30  NIFTY 23005 23125 23005 23110
  `;

  test('closes both legs when the index has run 100 points from the entry', () => {
    // 23,005 until 20 s, then 6 points a second: 23,105 after 36.667 s.
    const played = straddle(moved);
    expect(guards(played)).toContain('09:30:36.667 fired spot-move 23105.00 seen 23105.00');
    expect(fills(played).split('\n').slice(2)).toEqual([
      '09:30:36.967 SHIFT BUY CE 100.30',
      '09:30:37.117 SHIFT BUY PE 90.30',
    ]);
  });

  test('counts both ways', () => {
    const fallen = tape`
      09:19  NIFTY 23005  CE 100  PE 90
      09:30  NIFTY 22900
    `;
    expect(guards(straddle(fallen))).toContain('09:30:00.000 fired spot-move 22905.00 seen 22900.00');
  });

  test('can be set otherwise or switched off', () => {
    expect(guards(straddle(moved, { spotMove: 120 }))).toContain('fired spot-move 23125.00');
    expect(guards(straddle(moved, { spotMove: 0 }))).not.toContain('spot-move');
  });

  test.for([
    ['NIFTY', '2025-01-06', 23_000, 100],
    ['BANKNIFTY', '2025-01-06', 50_000, 200],
    ['SENSEX', '2025-01-06', 76_000, 200],
  ] as const)('stands by default of %s on %s', ([segment, date, spot, points]) => {
    const day = tape`
      ${date}
      09:19  ${segment} ${spot}  CE 300  PE 300
    `;
    const set = guards(straddle(day, {}, segment));
    expect(set).toContain(`set spot-move ${spot + points}.00`);
    expect(set).toContain(`set spot-move ${spot - points}.00`);
  });
});

describe('rolling', () => {
  // Up 100 points three times: to 23,105, to 23,205 and to 23,305 from the entries before.
  const rising = tape`
    09:19  NIFTY 23005  23000CE 100  23000PE 90  23100CE 100  23100PE 90  23200CE 100  23200PE 90  23300CE 100  23300PE 90
    10:00  NIFTY 23105
    11:00  NIFTY 23205
    12:00  NIFTY 23305
  `;

  test('is off by default', () => {
    expect(words(straddle(rising))).toBe('09:20:01.000 entry taken');
  });

  test('sells a new straddle at the new money, twice a day', () => {
    const played = straddle(rising, { rollOnSpot: true });
    // The index opens 10:00 at 23,105; both legs are out at 10:00:00.550; the new money is known with the minute, at 10:01:01.
    expect(words(played)).toBe(
      [
        '09:20:01.000 entry taken',
        '10:01:01.000 roll taken',
        '11:01:01.000 roll taken',
        '12:01:01.000 roll skipped: rolls of the day used up',
      ].join('\n'),
    );
    const opened = recordsOf(played, 'structure-opened').map(({ legs, spot }) => `${legs[0]?.contract} at ${spot}`);
    expect(opened).toEqual([
      'NIFTY 2025-01-09 23000 CE at 2300500',
      'NIFTY 2025-01-09 23100 CE at 2310500',
      'NIFTY 2025-01-09 23200 CE at 2320500',
    ]);
  });

  test('does not happen after 14:30', () => {
    const late = tape`
      09:19  NIFTY 23005  CE 100  PE 90  23100CE 100  23100PE 90
      14:30  NIFTY 23105
    `;
    const played = straddle(late, { rollOnSpot: true });
    expect(words(played)).toContain('14:31:01.000 roll skipped: after the last time of rolls');
    expect(recordsOf(played, 'structure-opened')).toHaveLength(1);
  });

  test('happens up to 14:30 itself', () => {
    const late = tape`
      09:19  NIFTY 23005  CE 100  PE 90  23100CE 100  23100PE 90
      14:29  NIFTY 23105
    `;
    expect(recordsOf(straddle(late, { rollOnSpot: true }), 'structure-opened')).toHaveLength(2);
  });

  test('follows an exit by the index alone, not a stop', () => {
    const stopped = tape`
      09:19  NIFTY 23005  CE 100  PE 90
      10:00  CE 150       PE 150
    `;
    expect(recordsOf(straddle(stopped, { rollOnSpot: true }), 'structure-opened')).toHaveLength(1);
  });
});

describe('when one leg is stopped', () => {
  const oneSided = tape`
    09:19  NIFTY 23005  CE 100            PE 90
    09:30  CE 130            PE 80
    09:40  CE 130            PE 80 92 80 92
  `;

  test('the stop of the other stays where it is by default', () => {
    expect(guards(straddle(oneSided))).not.toContain('moved');
  });

  test('moveOtherToCost brings it to its sale price', () => {
    const played = straddle(oneSided, { moveOtherToCost: true });
    // The call opens at 130; its exit is known 400 ms later. The put was sold at 89.70: 80 to 92 in 20 s, for it plays its high first: 89.70 after 16.1667 s.
    expect(guards(played)).toContain('09:30:00.400 moved leg-stop PE 89.70');
    expect(guards(played)).toContain('09:40:16.167 fired leg-stop PE 89.70 seen 89.70');
    expect(recordsOf(played, 'leg-closed').map(({ leg, reason }) => `${leg} ${reason}`)).toEqual(['CE SL', 'PE SL']);
  });

  const back = tape`
    09:19  NIFTY 23005  CE 100            PE 90
    09:30  CE 130
    09:40  NIFTY 23005 23006 22990 23005  CE 130 130 95 95
    09:50  NIFTY 23005                    CE 130
    10:00  NIFTY 23005 23006 22990 23005  CE 130 130 95 95
    10:10  NIFTY 23005                    CE 130
    10:20  NIFTY 23005 23006 22990 23005  CE 130 130 95 95
  `;

  test('it is not sold again by default', () => {
    expect(recordsOf(straddle(back), 'structure-opened')).toHaveLength(1);
  });

  test('reenterAtCost sells it again at its cost, that many times', () => {
    const played = straddle(back, { reenterAtCost: 2 });
    const again = recordsOf(played, 'structure-opened').filter(({ name }) => name === 're-entry');
    expect(again).toHaveLength(2);
    const placed = recordsOf(played, 'order-placed').filter(({ reason }) => reason === 're-entry');
    // A stop that waits below the market at 99.70, with five per cent of room.
    expect(placed[0]?.terms).toEqual({ kind: 'STOP_LIMIT', trigger: 9_970, price: 9_470 });
    // High first: 130 until 20 s, 95 at 40 s: 99.70 after 20 + 17.3143 s; 0.25 % is 0.2493, on ticks 0.25: 99.70 - 0.25 - 0.05.
    // The second time it waits for 99.40, what the first re-entry got: after 20 + 17.4857 s; 99.40 - 0.25 - 0.05.
    expect(fills(played)).toContain('09:40:37.315 re-entry SELL CE 99.40');
    expect(fills(played)).toContain('10:00:37.486 re-entry SELL CE 99.10');
    expect(recordsOf(played, 'leg-closed').map(({ leg, reentry, reason }) => `${leg} ${reentry} ${reason}`)).toEqual([
      'CE 0 SL',
      'CE 1 SL',
      'CE 2 SL',
      'PE 0 TIME',
    ]);
  });
});

describe('the VWAP gate', () => {
  // Both legs carry the same volume each minute, so the VWAP is the mean of the sums of the closes until 09:20.
  const dear = tape`
    09:15  NIFTY 23005  CE 100  PE 90
    09:19  CE 110       PE 90
  `;
  const cheap = tape`
    09:15  NIFTY 23005  CE 110  PE 90
    09:19  CE 100       PE 90
  `;

  test('lets nothing in while the straddle is not below its VWAP', () => {
    // Four minutes at 190 and one at 200: 192.
    const played = straddle(dear, { vwapGate: true });
    expect(words(played)).toBe('09:20:01.000 entry skipped: straddle not below VWAP');
    expect(recordsOf(played, 'signal')[0]?.seen).toMatchObject({ straddle: 20_000, vwap: 19_200 });
  });

  test('lets an entry in below it', () => {
    // Four minutes at 200 and one at 190: 198.
    expect(words(straddle(cheap, { vwapGate: true }))).toBe('09:20:01.000 entry taken');
  });

  test('names an unknown volume', () => {
    const silent = tape`
      09:15  NIFTY 23005  CE 110 v?  PE 90 v?
      09:16  CE 110 v?  PE 90 v?
      09:17  CE 110 v?  PE 90 v?
      09:18  CE 110 v?  PE 90 v?
      09:19  CE 100 v?  PE 90 v?
    `;
    expect(words(straddle(silent, { vwapGate: true }))).toBe('09:20:01.000 entry skipped: straddle VWAP unknown');
  });
});

describe('the choice of contracts', () => {
  test('takes the next expiry where it is told to', () => {
    const day = tape`
      09:19  NIFTY 23005  CE+ 100  PE+ 90
    `;
    const played = straddle(day, { expiry: 'next' });
    expect(recordsOf(played, 'structure-opened')[0]?.legs.map(({ contract }) => contract)).toEqual([
      'NIFTY 2025-01-16 23000 CE',
      'NIFTY 2025-01-16 23000 PE',
    ]);
  });

  test('names the contract that is missing', () => {
    const noPut = tape`
      09:19  NIFTY 23005  CE 100
    `;
    const noCall = tape`
      09:19  NIFTY 23005  23100CE 100  PE 90
    `;
    expect(words(straddle(noPut))).toBe('09:20:01.000 entry skipped: no put of 23000 2025-01-09 in the data');
    expect(words(straddle(noCall))).toBe('09:20:01.000 entry skipped: no call of 23000 2025-01-09 in the data');
  });

  test('names a price that is too old', () => {
    const old = tape`
      09:15  NIFTY 23005  CE 100  PE 90
      09:16  PE gap
    `;
    expect(words(straddle(old))).toBe('09:20:01.000 entry skipped: no fresh price of the 23000 put');
  });

  test('takes the higher strike exactly between two', () => {
    const day = tape`
      09:19  NIFTY 23025  23050CE 100  23050PE 90
    `;
    expect(recordsOf(straddle(day), 'structure-opened')[0]?.legs[0]?.contract).toBe('NIFTY 2025-01-09 23050 CE');
  });
});

describe('its parameters', () => {
  test('have the defaults of the rule', () => {
    expect(readParams({})).toEqual({
      expiry: 'nearest',
      entryAt: '09:20',
      exitAt: '15:15',
      legStopPct: 25,
      rollOnSpot: false,
      rollsPerDayMax: 2,
      rollUntil: '14:30',
      moveOtherToCost: false,
      reenterAtCost: 0,
      vwapGate: false,
    });
  });

  test.for([{ legStopPct: 0 }, { legStopPct: 301 }, { entryAt: '9:20' }, { expiry: 'weekly' }, { stops: 25 }])(
    'refuse %o',
    (params) => {
      expect(() => readParams(params)).toThrow();
    },
  );
});
