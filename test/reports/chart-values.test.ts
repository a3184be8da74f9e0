import { describe, expect, test } from 'vitest';
import { monthRows } from '../../reports/breakdowns.ts';
import { costSteps } from '../../reports/cost-steps.ts';
import { monthGrid } from '../../reports/month-grid.ts';
import { buildReport } from '../../reports/report.ts';
import { smallCard, smallJournal, smallMoney } from '../support/journal-fixtures.ts';

const report = buildReport(smallJournal(), smallMoney(), smallCard());

describe('what charts are drawn of', () => {
  test('steps down from gross over each levy to net, both ends on zero', () => {
    // As the head of the fixtures adds them up: charges 310,882,760 f on gross 404,250 p, rounding -2,760 f.
    const steps = report.costs;
    expect(steps.map(({ name }) => name)).toEqual(
      'gross brokerage stt exchange sebi stamp gst rounding net'.split(' '),
    );
    expect(steps[0]).toEqual({ name: 'gross', amount: 4_042_500_000, before: 0, after: 4_042_500_000 });
    // Five legs, a sale and a purchase each, of 20 rupees.
    expect(steps[1]).toMatchObject({ amount: -200_000_000, after: 3_842_500_000 });
    expect(steps.at(-2)).toMatchObject({ amount: 2_760, after: 3_731_620_000 });
    expect(steps.at(-1)).toEqual({ name: 'net', amount: 3_731_620_000, before: 0, after: 3_731_620_000 });
    const levies = steps.slice(1, -2).reduce((sum, { amount }) => sum + amount, 0);
    expect(levies).toBe(-310_882_760);
  });

  test('keeps a step that turns a gain into a loss whole', () => {
    const { charges } = report.totals;
    const steps = costSteps({ gross: 1_000, charges, rounding: 0, net: 10_000_000 - charges.total });
    expect(steps[1]).toMatchObject({ name: 'brokerage', before: 10_000_000, after: -190_000_000 });
    expect(steps.at(-2)?.after).toBe(steps.at(-1)?.after);
  });

  test('tells how far structures went for and against us', () => {
    const { points, edgeRatio, winnersMae, losersMfe } = report.excursions;
    // Marks of the fixtures: gross 142,125, -187,875 and 450,000 paise, 10,000 above and 20,000 below them or zero.
    expect(points.map(({ mfe, mae }) => [mfe, mae])).toEqual([
      [152_125, -20_000],
      [10_000, -207_875],
      [460_000, -20_000],
    ]);
    expect(edgeRatio).toBeCloseTo(622_125 / 247_875, 12);
    expect([winnersMae, losersMfe]).toEqual([-20_000, 10_000]);
  });

  test('lays months out by year, empty where no day was played', () => {
    const days = [
      { day: '2024-12-30', net: 5 },
      { day: '2024-12-31', net: -8 },
      { day: '2025-02-03', net: 4 },
    ];
    const [first, second, ...rest] = monthGrid(monthRows(days));
    expect(rest).toEqual([]);
    expect([first?.year, first?.net[11], first?.net[10], first?.total, first?.worst]).toEqual([2024, -3, null, -3, 8]);
    expect([second?.year, second?.net[1], second?.net[0], second?.drawdown[1]]).toEqual([2025, 4, null, 0]);
  });

  test('crosses weekday and days to expiry, with counts', () => {
    const { weekdays, dtes, cells } = report.weekdayDte;
    expect([weekdays, dtes]).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(cells.map((row) => row.map((cell) => cell?.count ?? null))).toEqual([
      [null, 1],
      [2, null],
    ]);
    const sum = cells.flat().reduce((net, cell) => net + (cell?.net ?? 0), 0);
    // Net of the run and the rounding of its notes.
    expect(sum).toBe(3_731_620_000 - 2_760);
  });

  test('is empty, not broken, for a run without trades', () => {
    const quiet = buildReport(
      smallJournal().filter(({ kind }) => kind.startsWith('session-')),
      { ...smallMoney(), ts: new Float64Array() },
      smallCard(),
    );
    expect(quiet.distribution.structures).toEqual({ bins: [], median: null });
    expect(quiet.excursions).toEqual({ points: [], edgeRatio: null, winnersMae: null, losersMfe: null });
    expect(quiet.weekdayDte).toEqual({ weekdays: [], dtes: [], cells: [] });
    expect(quiet.costs.every(({ amount }) => amount === 0)).toBe(true);
  });
});
