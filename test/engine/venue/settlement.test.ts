import { describe, expect, test } from 'vitest';
import { option } from '../../../engine/model/instrument.ts';
import { day } from '../../../engine/model/time.ts';
import { paise } from '../../../engine/model/units.ts';
import { payoff } from '../../../engine/venue/settlement.ts';
import type { Played } from '../../support/play.ts';
import { play } from '../../support/play.ts';
import { entering, NO_DISASTER_STOP, scripted } from '../../support/script.ts';
import { tape } from '../../support/tape.ts';
import { closes, fills, recordsOf } from '../../support/tell.ts';

/** Enters at 09:20 of an expiry day and holds to the end. Premium 100.00: a buyer pays 100.30, a seller gets 99.70. */
function held(legs: readonly string[], official?: number, estimated?: number): Played {
  return play({
    days: [
      tape`
        2025-01-09
        09:19  NIFTY 23005  CE 100  PE 100
        15:20  NIFTY 23140
      `,
    ],
    agents: [scripted(entering('09:20', legs))],
    parts: NO_DISASTER_STOP,
    officialCloses: official === undefined ? [] : [{ underlying: 'NIFTY', level: official * 100 }],
    estimatedCloses: estimated === undefined ? [] : [{ underlying: 'NIFTY', level: estimated * 100 }],
  });
}

/** Level, whether official, STT and brokerage of each settled leg, in the order of the legs. */
function settled(played: Played): readonly string[] {
  const entryCharges = recordsOf(played, 'order-filled').map(({ fill }) => fill.charges);
  const legs = recordsOf(played, 'leg-closed');
  return recordsOf(played, 'settled').map(({ level, official, leg }, index) => {
    const charges = legs.find((each) => each.leg === leg)?.charges;
    const before = entryCharges[index];
    const part = (name: 'stt' | 'brokerage' | 'gst' | 'total') =>
      ((charges?.[name] ?? 0) - (before?.[name] ?? 0)) / 10_000;
    return `${leg} at ${level / 100} ${official ? 'official' : 'estimate'} stt ${part('stt')} brokerage ${part('brokerage')} gst ${part('gst')} total ${part('total')}`;
  });
}

describe('an option at its expiry', () => {
  const call = option('NIFTY', day('2025-01-09'), paise(2_300_000), 'CE');

  test('pays what it is in the money by, and nothing exactly at the money', () => {
    expect(payoff(call, 2_315_000)).toBe(15_000);
    expect(payoff(call, 2_300_000)).toBe(0);
    expect(payoff(call, 2_299_995)).toBe(0);
    expect(payoff({ ...call, right: 'PE' }, 2_285_000)).toBe(15_000);
    expect(payoff({ ...call, right: 'PE' }, 2_300_000)).toBe(0);
  });
});

describe('a position held to expiry', () => {
  test('settles at the official close: a short call pays its intrinsic value and no tax', () => {
    const played = held(['SELL CE'], 23_150);
    // Sold 99.70, worth 150: (99.70 - 150) x 75 = -3,772.50.
    expect(closes(played)).toBe(
      ['15:30:02.000 CE EXPIRY gross -3772.50', '15:30:02.000 structure 1 EXPIRY gross -3772.50'].join('\n'),
    );
    // Rs 20 brokerage and 18 % of it; figures in paise.
    expect(settled(played)).toEqual(['CE at 23150 official stt 0 brokerage 2000 gst 360 total 2360']);
    expect(fills(played)).toBe('09:20:01.300 entry SELL CE 99.70');
  });

  test('pays tax on the exercise for the long side only', () => {
    const played = held(['BUY CE'], 23_150);
    // (150 - 100.30) x 75 = 3,727.50; STT 0.125 % of the intrinsic 150 x 75 = 11,250.00 is 14.0625 rupees.
    expect(closes(played)).toContain('CE EXPIRY gross 3727.50');
    expect(settled(played)).toEqual(['CE at 23150 official stt 1406.25 brokerage 2000 gst 360 total 3766.25']);
  });

  test('costs nothing more when it expires worthless, out of the money or exactly at it', () => {
    const out = held(['BUY PE', 'SELL CE'], 23_000);
    expect(settled(out)).toEqual([
      'PE at 23000 official stt 0 brokerage 0 gst 0 total 0',
      'CE at 23000 official stt 0 brokerage 0 gst 0 total 0',
    ]);
    // The put bought at 100.30 and the call sold at 99.70 both end at nothing.
    expect(closes(out)).toContain('PE EXPIRY gross -7522.50');
    expect(closes(out)).toContain('CE EXPIRY gross 7477.50');
  });

  test('settles at the last known level, marked as an estimate, where the official close is not known', () => {
    const played = held(['SELL CE']);
    expect(settled(played)).toEqual(['CE at 23140 estimate stt 0 brokerage 2000 gst 360 total 2360']);
    expect(closes(played)).toContain('CE EXPIRY gross -3022.50');
  });

  test('settles at what stands for the official close before it does at the last level, and after the official one', () => {
    const played = held(['SELL CE'], undefined, 23_120);
    // Sold 99.70, worth 120: (99.70 - 120) x 75 = -1,522.50; the last level was 23140.
    expect(settled(played)).toEqual(['CE at 23120 estimate stt 0 brokerage 2000 gst 360 total 2360']);
    expect(closes(played)).toContain('CE EXPIRY gross -1522.50');
    expect(settled(held(['SELL CE'], 23_150, 23_120))).toEqual([
      'CE at 23150 official stt 0 brokerage 2000 gst 360 total 2360',
    ]);
  });

  test('counts brokerage for each slice of freeze size', () => {
    const played = held(['SELL CE x40'], 23_150);
    // 3,000 units against a freeze quantity of 1,800: two orders.
    expect(settled(played).map((text) => text.replace(/.* brokerage/, 'brokerage'))).toHaveLength(1);
    const [leg] = recordsOf(played, 'leg-closed');
    // Two entry orders and two slices, Rs 20 each.
    expect((leg?.charges.brokerage ?? 0) / 10_000).toBe(8_000);
  });

  test('of a later expiry is carried into the next day', () => {
    const played = play({
      days: [
        tape`
          2025-01-08
          09:19  NIFTY 23005  CE 100
        `,
        tape`
          2025-01-09
          09:15  NIFTY 23105  CE 120
        `,
      ],
      agents: [scripted(entering('09:20', ['SELL CE']))],
      parts: NO_DISASTER_STOP,
      officialCloses: [{ underlying: 'NIFTY', level: 2_310_000 }],
    });
    // Entered again at 09:20 of the second day, by the same script.
    expect(recordsOf(played, 'settled').map(({ structure, level }) => [structure, level])).toEqual([
      [1, 2_310_000],
      [2, 2_310_000],
    ]);
    expect(closes(played)).toContain('structure 1 EXPIRY gross -22.50');
  });
});
