import { describe, expect, test } from 'vitest';
import { eventsCsv, tradesCsv } from '../../reports/csv.ts';
import { buildReport } from '../../reports/report.ts';
import { smallCard } from '../support/journal-fixtures.ts';
import type { Played } from '../support/play.ts';
import { strength, strengthDay, TO_CALL } from '../support/strength-day.ts';
import { additions, closes, fills, recordsOf, words } from '../support/tell.ts';

/** What the ordering document tells of each segment, on a day with the lot that it names. */
const SEGMENTS = {
  NIFTY: { head: '2025-01-06', from: 23_000, call: '22800CE' },
  BANKNIFTY: { head: '2025-07-07', from: 57_000, call: '56800CE' },
  SENSEX: { head: '2025-09-01', from: 80_000, call: '79800CE' },
} as const;

/** The call is bought at 10:40 at 100; from 10:45 on its premium, five minutes each, as it stands a second into them. */
function premiums(
  segment: keyof typeof SEGMENTS,
  prices: readonly number[],
  params: Record<string, unknown> = {},
): Played {
  const { head, from, call } = SEGMENTS[segment];
  const cells: Record<string, string> = { '09:15': `${call} 100` };
  prices.forEach((price, at) => {
    const minutes = 645 + 5 * at;
    cells[`${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`] = `${call} ${price}`;
  });
  const day = strengthDay({ head, index: segment, from, moves: TO_CALL, cells });
  return strength(day, { slPoints: 1_000, ...params }, { segment });
}

/** Units held after the entry and after each addition. */
function quantities(played: Played): readonly number[] {
  const [opened] = recordsOf(played, 'structure-opened');
  const first = (opened?.legs[0]?.lots ?? 0) * (opened?.legs[0]?.lotSize ?? 0);
  return [first, ...recordsOf(played, 'lots-added').map(({ openLots, lotSize }) => openLots * lotSize)];
}

describe('the examples of the ordering document', () => {
  // The call is bought at 100.30. Half-spread at 105.30 is 0.2633, on ticks 0.30: five lots at 105.65.
  test('NIFTY with a pyramid of 5: nothing at 371.25 rupees, 5 lots at 375, 450 units', () => {
    const played = premiums('NIFTY', [105.25, 105.3], { pyramidPoints: 5 });
    expect(quantities(played)).toEqual([75, 450]);
    expect(additions(played)).toBe('10:50:01.400 CE +5 at 105.65, 6 open at 104.76');
    const asked = recordsOf(played, 'signal').find(({ name }) => name === 'pyramid');
    expect(asked?.seen).toEqual({ structure: 1, profit: 37_500, needed: 37_500, quantity: 75, lots: 5 });
  });

  test('NIFTY: then nothing at 2,246.25 rupees, 5 lots more at 2,250 or above', () => {
    // 450 p - 75 x 100.30 - 375 x 105.65 is 2,246.25 at 109.75 and 2,268.75 at 109.80.
    const played = premiums('NIFTY', [105.3, 109.75, 109.8], { pyramidPoints: 5 });
    expect(quantities(played)).toEqual([75, 450, 825]);
    expect(
      recordsOf(played, 'signal').flatMap(({ name, seen }) =>
        name === 'pyramid' ? [[seen['profit'], seen['needed']]] : [],
      ),
    ).toEqual([
      [37_500, 37_500],
      [226_875, 225_000],
    ]);
    expect(quantities(premiums('NIFTY', [105.3, 109.75], { pyramidPoints: 5 }))).toEqual([75, 450]);
  });

  // At 120.30 the half-spread is 0.3008, on ticks 0.35: bought at 120.70.
  test('BANKNIFTY: 10 lots at 700 rupees, 385 units, then at 7,700', () => {
    expect(quantities(premiums('BANKNIFTY', [120.25]))).toEqual([35]);
    // 385 p - 35 x 100.30 - 350 x 120.70 is 7,682.50 at 138.80 and 7,701.75 at 138.85.
    expect(quantities(premiums('BANKNIFTY', [120.3, 138.8]))).toEqual([35, 385]);
    const played = premiums('BANKNIFTY', [120.3, 138.85]);
    expect(quantities(played)).toEqual([35, 385, 735]);
    expect(
      recordsOf(played, 'signal').flatMap(({ name, seen }) =>
        name === 'pyramid' ? [[seen['profit'], seen['needed']]] : [],
      ),
    ).toEqual([
      [70_000, 70_000],
      [770_175, 770_000],
    ]);
  });

  test('SENSEX: 10 lots at 400 rupees, 220 units, then at 4,400', () => {
    expect(quantities(premiums('SENSEX', [120.25]))).toEqual([20]);
    // 220 p - 20 x 100.30 - 200 x 120.70 is 4,390 at 138.80 and 4,401 at 138.85.
    expect(quantities(premiums('SENSEX', [120.3, 138.8]))).toEqual([20, 220]);
    expect(quantities(premiums('SENSEX', [120.3, 138.85]))).toEqual([20, 220, 420]);
  });

  test('the last addition is cut to the most that may be held, and after it there is none', () => {
    const rising = [200, 400, 600, 800, 1_000, 1_200, 1_400];
    const nifty = premiums('NIFTY', rising);
    expect(quantities(nifty)).toEqual([75, 450, 825, 1_200, 1_500]);
    expect(words(nifty)).toContain('11:05:01.000 pyramid skipped: 1500 units at most');
    // 735 and seven lots of 35, since eight would pass 1,000.
    expect(quantities(premiums('BANKNIFTY', rising))).toEqual([35, 385, 735, 980]);
    expect(quantities(premiums('SENSEX', rising))).toEqual([20, 220, 420, 620, 820, 1_000]);
  });
});

describe('additions', () => {
  test('are off with a lot addition of 0', () => {
    expect(quantities(premiums('NIFTY', [500], { lotAddition: 0 }))).toEqual([75]);
  });

  test('come one an evaluation however far the profit runs', () => {
    const told = words(premiums('NIFTY', [1_000]))
      .split('\n')
      .filter((line) => line.includes('pyramid'));
    expect(told.map((line) => line.slice(0, 5))).toEqual(['10:45', '10:50', '10:55', '11:00', '11:05']);
    expect(told.at(-1)).toContain('skipped: 1500 units at most');
  });

  test('leave with the trade at its unchanged stop, all lots at once', () => {
    // Paid 100.30, stop 20 points of premium below: 80.30. Five lots more at 110.35. Then the call opens at 79.
    const played = premiums('NIFTY', [110.3, 79], { slBasis: 'premium', slPoints: 20, tslPoints: 0 });
    expect(recordsOf(played, 'guard-set').map(({ level }) => level)).toEqual([8_030]);
    expect(fills(played).split('\n').at(-1)).toMatch(/^10:50:00.300 SL SELL CE 78.75 x6$/);
    expect(closes(played)).toContain('structure 1 SL');
  });

  test('stand in trades.csv as one trade with the average price, the lots and the charges of all its orders', () => {
    const played = premiums('NIFTY', [120.3], { exitAt: '11:00' });
    const report = buildReport(played.records, played.money, smallCard());
    const [head = '', row = '', ...rest] = tradesCsv(report).trim().split('\n');
    const [columns, cells] = [head.split(','), row.replace(/"[^"]*(""[^"]*)*"/g, 'json').split(',')];
    const cell = (name: string) => cells[columns.indexOf(name)];
    expect(rest).toEqual([]);
    // 75 at 100.30, then 375 at 120.70; 450 sold at 120.30 - 0.35 - 0.05 = 119.90 after another addition was due: 375 more at 120.70
    // would need 4,500 rupees and the trade has 1,350.
    expect([cell('lots'), cell('quantity'), cell('entry_price'), cell('exit_price'), cell('pnl_value')]).toEqual([
      '6',
      '450',
      '117.3',
      '119.9',
      '1170',
    ]);
    // The stop is one on the index, 1,000 points below 22,910, whatever was added.
    expect(['stop_loss_points', 'initial_sl_price', 'trailing_stop_points', 'stop_on', 'r_multiple'].map(cell)).toEqual(
      ['1000', '21910', '1000', 'underlying', ''],
    );
    const charges = recordsOf(played, 'order-filled').reduce((sum, { fill }) => sum + fill.charges.total, 0);
    expect(Number(cell('charges'))).toBeCloseTo(charges / 1_000_000, 9);
    expect(report.totals.gross).toBe(117_000);
    expect(report.fills.map(({ tradeId, lots }) => [tradeId, lots])).toEqual([
      [1, 1],
      [1, 5],
      [1, 6],
    ]);
    const events = eventsCsv(report)
      .split('\n')
      .filter((line) => line.includes('Pyramid added'));
    expect(events).toHaveLength(1);
    expect(events[0]).toContain('120.7,,"5 lots added, now 6 lots of 75 at 117.30 on average"');
  });

  test('leave the points of a stop on the premium those of the entry', () => {
    const played = premiums('NIFTY', [120.3], { exitAt: '11:00', slBasis: 'premium', slPoints: 20, tslPoints: 25 });
    const [trade] = buildReport(played.records, played.money, smallCard()).trades;
    expect(trade).toMatchObject({ stopOn: 'premium', stopLevel: 8_030, stopDistance: 2_000, trailDistance: 2_500 });
    // R is what all lots lose at that stop: 450 x (117.30 - 80.30) rupees.
    expect((trade?.r ?? 0) * 1_665_000).toBeCloseTo((trade?.net ?? 0) / 10_000, 6);
  });
});
