import { expect, test } from 'vitest';
import type { JournalRecord } from '../../engine/journal.ts';
import { buildReport } from '../../reports/report.ts';
import { showsUnicode, summaryJson, summaryText } from '../../reports/text.ts';
import { smallCard, smallJournal, smallMoney } from '../support/journal-fixtures.ts';

const report = buildReport(smallJournal(), smallMoney(), smallCard());

test('summarises a run in words a trader asks for', () => {
  expect(summaryText(report, { unicode: true })).toMatchInlineSnapshot(`
    "Run                     BACKTEST 2025-01-06 to 2025-01-07, 2 sessions
    Strategies              atm-straddle/NIFTY
    Capital                 ₹10,00,000
    Candles                 1m, real

    Gross                             +₹4,042.50
      Brokerage                         -₹200.00
      STT                                -₹37.50
      Exchange fee                       -₹30.34
      SEBI fee                            -₹0.09
      Stamp duty                          -₹1.47
      GST                                -₹41.48
      Contract note rounding               ₹0.00
    Charges                             -₹310.88
    Net                               +₹3,731.62

    Drawdown, intraday MTM  -₹2,096.39 (0.21 % of capital), 2025-01-06 to 2025-01-06, recovered 2025-01-06
    Drawdown, closed trades -₹1,940.93 (0.19 % of capital), 2025-01-06 to 2025-01-07, recovered 2025-01-07
    Worst day               2025-01-06 +₹1,296.90
    Best day                2025-01-07 +₹2,434.72
    Return on capital       0.37 %
    Sharpe, Sortino         n/a (3 structures), n/a (3 structures)

    Structures              3 (5 legs, 10 fills)
    Win rate                66.7 % of structures (2 won, 1 lost)
    Expectancy              +₹1,243.87 a structure, -0.40 R
    Profit factor           n/a (3 structures)
    Longest streaks         1 won, 1 lost (structures); 2 and 0 days
    Sold legs stood         0.45 s without a stop, 0.15 s without their hedge, at most
    Ambiguous exits         1; net of trades as acted +₹3,731.62, had the target filled +₹7,110.37

    Candle coverage         99.00 %
    Missing days            none
    Underlying minutes      NIFTY 740 index, 8 parity, 0 future, 2 none
    Fill evidence           0 quoted, 10 traded, 0 volume unknown, 0 stale, 0 modelled
    Signals                 3 taken; skipped 1 x spread
    Model fills             An order fills at the path price of its arrival plus half-spread and slippage.
    "
  `);
});

test('says Rs where the terminal has no rupee sign, and SYNTHETIC first of an invented market', () => {
  const card = smallCard({ data: { ...smallCard().data, kind: 'synthetic' } });
  const text = summaryText(buildReport(smallJournal(), smallMoney(), card), { unicode: false });
  expect(text.startsWith('SYNTHETIC data')).toBe(true);
  expect(text).toContain('+Rs 3,731.62');
  expect([...text].every((character) => character.charCodeAt(0) < 128)).toBe(true);
});

test('reads the character set from the usual settings', () => {
  expect(showsUnicode({ LANG: 'en_IN.UTF-8' })).toBe(true);
  expect(showsUnicode({ LANG: 'en_IN.UTF-8', LC_ALL: 'C' })).toBe(false);
  expect(showsUnicode({})).toBe(false);
});

test('gives the same figures to machines, in rupees', () => {
  expect(summaryJson(report)).toMatchObject({
    dataKind: 'real',
    structures: 3,
    trades: 5,
    gross: 4_042.5,
    charges: { brokerage: 200, stt: 37.5, total: 310.88276 },
    rounding: -0.00276,
    net: 3_731.62,
    drawdown: { intradayMtm: { depth: 2_096.385557, peakAt: '2025-01-06 09:20:01.000' } },
    profitFactor: null,
    nakedMsMax: 450,
    unhedgedMsMax: 150,
    ambiguousExits: { count: 1, netAsActed: 3_731.61724, netIfTargetFilled: 7_110.36724 },
  });
});

test('gates that differ in their figures only are counted as one, with the figures left out', () => {
  const [skip] = smallJournal().filter((record) => record.kind === 'signal' && !record.taken);
  const gates = [
    ...['halted: the net of 583.94 fell by 3000.00', 'halted: the net of -12.00 fell by 3000.00'],
    ...['no CE of 23500 2025-01-09', 'no CE of 23600 2025-01-16', 'no CE of 23600 2025-01-16'],
    ...['S2 no longer holds', 'S3 no longer holds'],
    ...['stop further than 10 %', 'stop further than 10 %', 'stop further than 10 %', 'stop further than 10 %'],
  ];
  const records = gates.map((gate) => ({ ...skip, gate }) as JournalRecord);
  const { quality } = buildReport([...smallJournal(), ...records], smallMoney(), smallCard());
  expect(quality.skipped).toEqual([
    { gate: 'stop further than 10 %', count: 4 },
    { gate: 'no CE of # #', count: 3 },
    { gate: 'halted: the net of # fell by #', count: 2 },
    { gate: 'S2 no longer holds', count: 1 },
    { gate: 'S3 no longer holds', count: 1 },
    { gate: 'spread', count: 1 },
  ]);
});
