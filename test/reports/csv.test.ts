import { expect, test } from 'vitest';
import { eventsCsv, harmless, intervalText, TRADE_COLUMNS, tradesCsv } from '../../reports/csv.ts';
import { buildReport } from '../../reports/report.ts';
import { smallCard, smallJournal, smallMoney } from '../support/journal-fixtures.ts';

const report = buildReport(smallJournal(), smallMoney(), smallCard());

test('trades.csv has the fixed columns in their order, then ours', () => {
  expect(TRADE_COLUMNS.join(' ')).toBe(
    'trade_id mode segment index_symbol index_entry_spot time_interval strategy strategy_parameters signal_type option_symbol ' +
      'option_type strike_price expiry lots entry_time entry_price stop_loss_points initial_sl_price trailing_stop_points exit_time ' +
      'exit_price exit_reason pnl_points pnl_value charges net_value return_pct max_favorable_excursion max_adverse_excursion ' +
      'r_multiple structure_id leg quantity stop_on naked_ms unhedged_ms',
  );
  expect(tradesCsv(report).split('\n')[0]).toBe(TRADE_COLUMNS.join(','));
});

test('a trade is one line of plain numbers, ISO dates and Indian times', () => {
  expect(tradesCsv(report).split('\n').slice(1, 3)).toMatchInlineSnapshot(`
    [
      "1,BACKTEST,NIFTY,NIFTY 50,24000,1m,atm-straddle,"{""entryAt"":""09:20"",""lots"":1,""stopLossPct"":30}",SELL_CE,NIFTY 2025-01-09 24000 CE,CE,24000,2025-01-09,1,2025-01-06 09:20:01.400,100,30,130,,2025-01-06 09:45:12.400,131,SL hit,-31,-2325,62.176552,-2387.176552,-31.829,75,-2475,-1.061,1,ce,75,premium,450,150",
      "2,BACKTEST,NIFTY,NIFTY 50,24000,1m,atm-straddle,"{""entryAt"":""09:20"",""lots"":1,""stopLossPct"":30}",SELL_PE,NIFTY 2025-01-09 24000 PE,PE,24000,2025-01-09,1,2025-01-06 09:20:01.400,90,27,117,,2025-01-06 15:15:01.400,40.05,EOD square-off,49.95,3746.25,62.176552,3684.073448,54.5789,3821.25,-150,1.8193,1,pe,75,premium,450,150",
    ]
  `);
});

test('events.csv tells signals, skips with their gate, stops, exits and the candles of a day', () => {
  const lines = eventsCsv(report).trimEnd().split('\n');
  expect(lines.slice(0, 7)).toMatchInlineSnapshot(`
    [
      "seq,time,mode,event,strategy,segment,structure_id,leg,option_symbol,level,failed_gate,detail,seen",
      "1,2025-01-06 09:15:00.000,BACKTEST,Session opened,,,,,,,,"2025-01-06, 60 s candles",",
      "2,2025-01-06 09:20:01.000,BACKTEST,Signal,atm-straddle,NIFTY,,,,,,entry,"{""spot"":2400000}"",
      "3,2025-01-06 09:20:01.000,BACKTEST,Entry,atm-straddle,NIFTY,1,,,24000,,"straddle: SELL 1 NIFTY 2025-01-09 24000 CE, SELL 1 NIFTY 2025-01-09 24000 PE",",
      "10,2025-01-06 09:20:01.400,BACKTEST,SL set,atm-straddle,NIFTY,1,ce,NIFTY 2025-01-09 24000 CE,130,,stop on leg,",
      "13,2025-01-06 09:20:01.400,BACKTEST,SL set,atm-straddle,NIFTY,1,pe,NIFTY 2025-01-09 24000 PE,117,,stop on leg,",
      "18,2025-01-06 09:45:12.400,BACKTEST,Exit,atm-straddle,NIFTY,1,ce,NIFTY 2025-01-09 24000 CE,131,,SL hit,",
    ]
  `);
  const skipped = lines.find((line) => line.includes('Signal skipped'));
  expect(skipped).toContain('BACKTEST,Signal skipped,atm-straddle,NIFTY,,,,,spread,entry,"{""spread"":45}"');
  expect(lines.filter((line) => line.includes('Candles processed'))).toHaveLength(2);
  expect(lines.some((line) => line.includes('TSL moved'))).toBe(true);
  expect(lines.some((line) => line.includes('ambiguous: the candle spanned stop and target'))).toBe(true);
});

test('equal reports give equal bytes', () => {
  const again = buildReport(smallJournal(), smallMoney(), smallCard());
  expect(tradesCsv(again)).toBe(tradesCsv(report));
  expect(eventsCsv(again)).toBe(eventsCsv(report));
});

test('disarms texts that a spreadsheet would count', () => {
  expect(['=1', '+1', '-1', '@x', 'a=1', ''].map(harmless)).toEqual(["'=1", "'+1", "'-1", "'@x", 'a=1', '']);
});

test('names intervals shortly', () => {
  expect([60_000, 180_000, 3_600_000, 5_000].map(intervalText)).toEqual(['1m', '3m', '1h', '5s']);
});
