import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../engine/journal.ts';
import { buildReport, buildSummary, dataBanner, resultCard } from '../../reports/report.ts';
import { isToldInSummary } from '../../reports/run-records.ts';
import { summaryJson, summaryText } from '../../reports/text.ts';
import {
  instant,
  MONDAY,
  PURCHASE,
  SALE,
  smallCard,
  smallJournal,
  smallMoney,
  TUESDAY,
} from '../support/journal-fixtures.ts';
import { randomRun } from '../support/random-journal.ts';

const report = buildReport(smallJournal(), smallMoney(), smallCard());

test('adds the small journal up to the sums of its head, in fine paise', () => {
  expect(SALE.total).toBe(34_209_005);
  expect(PURCHASE.total).toBe(27_967_547);
  expect(report.totals).toMatchObject({
    gross: 404_250,
    rounding: -2_760,
    net: 3_731_620_000,
    openGross: 0,
    openCharges: 0,
  });
  expect(report.totals.charges.total).toBe(310_882_760);
  expect(report.structures.map(({ structureId, net }) => [structureId, net])).toEqual([
    [1, 1_296_896_896],
    [2, -1_940_926_552],
    [3, 4_375_646_896],
  ]);
});

test('numbers round trips in the order of their closing and describes each in its own units', () => {
  expect(report.trades.map((trade) => [trade.tradeId, trade.contract, trade.reason, trade.points, trade.net])).toEqual([
    [1, 'NIFTY 2025-01-09 24000 CE', 'SL', -3_100, -2_387_176_552],
    [2, 'NIFTY 2025-01-09 24000 PE', 'TIME', 4_995, 3_684_073_448],
    [3, 'NIFTY 2025-01-09 23750 CE', 'SL', -2_505, -1_940_926_552],
    [4, 'NIFTY 2025-01-09 23700 PE', 'TSL', 1_000, 687_823_448],
    [5, 'NIFTY 2025-01-09 23700 CE', 'TIME', 5_000, 3_687_823_448],
  ]);
  const [stopped, , , trailed] = report.trades;
  expect(stopped).toMatchObject({ stopDistance: 3_000, trailDistance: null, dte: 3, heldGross: -60_000, quantity: 75 });
  // -238,717.6552 paise on an entry premium of 750,000 and on a risk of 75 x 3,000
  expect(stopped?.returnPct).toBeCloseTo(-31.829_020_7, 6);
  expect(stopped?.r).toBeCloseTo(-1.060_967_36, 7);
  expect(trailed).toMatchObject({ trailDistance: 1_000, finalStop: 10_000 });
});

test('trades less the rounding of each note are the day, to the last fine paisa', () => {
  const nets = [MONDAY, TUESDAY].map((day) => {
    const own = report.trades.filter(
      ({ closedAt }) => closedAt > instant(day, '09:00:00') && closedAt < instant(day, '16:00:00'),
    );
    return own.reduce((sum, trade) => sum + trade.net, 0);
  });
  expect(report.days.map(({ net, rounding }) => net + rounding)).toEqual(nets);
  expect(report.days.map(({ day, net, total, drawdown }) => [day, net, total, drawdown])).toEqual([
    ['2025-01-06', 1_296_900_000, 1_296_900_000, 0],
    ['2025-01-07', 2_434_720_000, 3_731_620_000, 0],
  ]);
  expect(report.days[0]).toMatchObject({
    low: -2_096_385_557,
    lowAt: instant(MONDAY, '10:00:01'),
    high: 1_296_900_000,
  });
  // the day began at 1,296,900,000
  expect(report.days[1]).toMatchObject({ low: -9_344_562, lowAt: instant(TUESDAY, '13:00:01') });
});

describe('drawdowns', () => {
  test('of the marked curve run from its peaks through 10:00 on Monday and 13:00 on Tuesday', () => {
    expect(report.marked).toEqual([
      {
        basis: 'intraday MTM',
        peakAt: instant(MONDAY, '09:20:01'),
        troughAt: instant(MONDAY, '10:00:01'),
        recoveredAt: instant(MONDAY, '14:00:01'),
        depth: 2_096_385_557,
        peak: 0,
      },
      {
        basis: 'intraday MTM',
        peakAt: instant(TUESDAY, '11:00:01'),
        troughAt: instant(TUESDAY, '13:00:01'),
        recoveredAt: instant(TUESDAY, '15:16:01'),
        depth: 1_906_717_547,
        peak: 3_194_272_985,
      },
    ]);
  });

  test('of closed trades see the losing structure only', () => {
    expect(report.closed).toHaveLength(1);
    expect(report.closed[0]).toMatchObject({ basis: 'closed trades', depth: 1_940_926_552, peak: 1_296_896_896 });
  });
});

test('counts wins, streaks and expectancy over structures and withholds ratios below 30 of them', () => {
  expect(report.statistics).toMatchObject({
    days: 2,
    structures: 3,
    wins: 2,
    losses: 1,
    winRate: 2 / 3,
    longestWinStreak: 1,
    longestLossStreak: 1,
    longestDayWinStreak: 2,
    longestDayLossStreak: 0,
    structuresWithRisk: 2,
    enough: false,
    profitFactor: null,
    sharpe: null,
    sortino: null,
    returnOnCapital: 0.003_731_62,
  });
  // (1,296,896,896 - 1,940,926,552 + 4,375,646,896) / 3
  expect(report.statistics.expectancy).toBeCloseTo(1_243_872_413.33, 1);
  expect(report.statistics.worstDay?.day).toBe(MONDAY);
});

test('prices the ambiguous exit both ways', () => {
  expect(report.ambiguous).toEqual({
    exits: 1,
    priced: 1,
    net: 3_731_617_240,
    netIfTarget: 3_731_617_240 + 337_875 * 10_000,
  });
});

test('shows each fill with the steps from its candle to its price and the slip against the decision', () => {
  expect(report.fills).toHaveLength(10);
  for (const { price, side, steps, heldBack } of report.fills) {
    const sign = side === 'BUY' ? 1 : -1;
    expect(steps?.path).toBe(price - sign * 27.5);
    const parts = (steps?.halfSpread ?? 0) + (steps?.slippage ?? 0);
    expect((steps?.path ?? 0) + (steps?.rounding ?? 0) + sign * parts).toBe(price);
    expect(heldBack).toBe(0);
  }
  expect(report.fills[0]).toMatchObject({ fillId: 1, tradeId: 1, side: 'SELL', slip: 10, grade: 'traded' });
});

test('takes the sight of an exit from the guard that fired, not from the placing of the resting order', () => {
  const exit = smallJournal().find((record) => record.kind === 'order-placed' && record.purpose === 'exit');
  const ts = exit!.ts;
  const order = (exit as unknown as { order: number }).order;
  const place = { ts, flow: 'out', agent: 'atm-straddle/NIFTY', structure: 1, leg: 'ce' } as const;
  const turned = smallJournal().flatMap((record): JournalRecord[] => {
    if (record !== exit && record.seq !== exit!.seq) return [record];
    const guard = {
      seq: record.seq + 0.1,
      kind: 'guard-fired',
      ...place,
      guard: 'stop',
      basis: 'leg',
      act: 'stop',
      level: 13_000,
      seen: 13_005,
      ambiguous: false,
    };
    const asked = { seq: record.seq + 0.2, ts, flow: 'out', kind: 'modify-asked', order, terms: null, reason: 'SL' };
    return [record, guard as unknown as JournalRecord, asked as unknown as JournalRecord];
  });
  const rows = buildReport(turned, smallMoney(), smallCard()).fills;
  expect(rows.find(({ orderId }) => orderId === order)).toMatchObject({
    decisionPrice: 13_005,
    slip: 95,
    reason: 'SL hit',
  });
});

test('tells the life of an order in one row', () => {
  expect(report.orders).toHaveLength(10);
  expect(report.orders[0]).toMatchObject({
    state: 'filled',
    filledLots: 1,
    price: 10_000,
    fillMs: 300,
    modifications: 0,
  });
});

test('breaks down by the groups a trader asks for, with counts', () => {
  const told = report.breakdowns.map(({ title, unit, rows }) => [
    title,
    unit,
    rows.map(({ label, count }) => `${label} ${count}`),
  ]);
  expect(told).toEqual([
    ['By weekday of entry', 'structures', ['Mon 1', 'Tue 2']],
    ['By days to expiry', 'structures', ['2 2', '3 1']],
    ['By hour of entry', 'structures', ['09:00 to 09:59 3']],
    ['By exit reason', 'legs', ['EOD square-off 2', 'SL hit 2', 'Trailing SL 1']],
    ['By side of the chain', 'legs', ['SELL CE 3', 'SELL PE 2']],
    ['By strategy and segment', 'structures', ['atm-straddle/NIFTY 3']],
    // At a level of 24,000: two of 24,000; the calls of 23,750 and 23,700 are 1.04 and 1.25 % in, the put of 23,700 is 1.25 % out.
    [
      'By distance of the strike',
      'legs',
      ['over 1 % in the money 2', 'at the money, within 0.25 % 2', '1 to 2 % out of the money 1'],
    ],
  ]);
});

test('counts skipped signals by their gate and the evidence of fills', () => {
  expect(report.quality).toMatchObject({ coveragePct: 99, taken: 3, skipped: [{ gate: 'spread', count: 1 }] });
  expect(report.quality.grades.traded).toBe(10);
});

test('a leg that settles at expiry has a row of its own that completes its lots and charges', () => {
  const records = smallJournal();
  const exit = records.findLast((record) => record.kind === 'order-filled');
  const settled = records.map((record) =>
    record !== exit
      ? record
      : ({
          ...record,
          fill: undefined,
          kind: 'settled',
          agent: 'atm-straddle/NIFTY',
          structure: 3,
          leg: 'ce',
          contract: 'NIFTY 2025-01-09 23700 CE',
          side: 'SELL',
          lots: 1,
          lotSize: 75,
          price: 6_000,
          charges: PURCHASE,
          level: 2_376_000,
          official: true,
        } as unknown as typeof record),
  );
  const row = buildReport(settled, smallMoney(), smallCard()).fills.at(-1);
  expect(row).toMatchObject({ manner: 'settled', orderId: null, side: 'BUY', lots: 1, price: 6_000, tradeId: 5 });
  expect(row?.charges).toEqual(PURCHASE);
});

test('a journal without any trade gives a report of zeros', () => {
  const quiet = smallJournal().filter(({ kind }) => kind.startsWith('session-') || kind === 'signal');
  const empty = buildReport(quiet, { ...smallMoney(), ts: new Float64Array(), gross: new Float64Array() }, smallCard());
  expect(empty.statistics).toMatchObject({ structures: 0, winRate: null, expectancy: null });
  expect(empty.totals.net).toBe(0);
  expect(empty.marked).toEqual([]);
});

test('names invented data and hands the passport its figures', () => {
  expect(dataBanner(smallCard())).toBeNull();
  const synthetic = smallCard({ data: { ...smallCard().data, kind: 'synthetic' } });
  expect(dataBanner(synthetic)).toContain('SYNTHETIC');
  const files = { journalHash: 'aaaaaaaa', journalRecords: 1, moneyHash: null };
  expect(resultCard(report, files)).toMatchObject({
    structures: 3,
    trades: 5,
    gross: 404_250,
    drawdown: 2_096_385_557,
  });
});

test('the summary of a run that kept only what a summary tells is the summary of the whole', () => {
  const runs = [
    { records: smallJournal(), money: smallMoney(), card: smallCard() },
    ...[1, 2, 3].map((seed) => randomRun({ days: 40, seed, perDay: 3 })),
  ];
  const files = { journalHash: 'a'.repeat(64), journalRecords: 1, moneyHash: null, pricesHash: null };
  for (const { records, money, card } of runs) {
    const kept = records.filter(({ kind }) => isToldInSummary(kind));
    expect(kept.length).toBeLessThan(records.length);
    const [some, all] = [buildSummary(kept, money, card), buildReport(records, money, card)];
    expect(summaryText(some, { unicode: true })).toBe(summaryText(all, { unicode: true }));
    expect(summaryJson(some)).toEqual(summaryJson(all));
    expect(resultCard(some, files)).toEqual(resultCard(all, files));
  }
});
