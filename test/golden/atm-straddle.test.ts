import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readSpreads } from '../../adapters/reference-files.ts';
import type { JournalRecord } from '../../engine/journal.ts';
import { clockText } from '../../engine/model/time.ts';
import { rupeesText } from '../../engine/model/units.ts';
import { atmStraddle } from '../../strategies/atm-straddle.ts';
import type { Played } from '../support/play.ts';
import { agentPlan, play } from '../support/play.ts';
import { syntheticDay } from '../support/synthetic-day.ts';

/** The straddle on one synthetic day: any change of result shows here first, as a line that a trader can read. */
const played = straddleOn('2025-03-06');

function straddleOn(on: string): Played {
  return play({
    days: [syntheticDay(on, ['NIFTY'])],
    agents: [agentPlan(atmStraddle, 'NIFTY', { moveOtherToCost: true, reenterAtCost: 1 })],
    parts: { spreads: readSpreads() },
  });
}

test('the straddle of 2025-03-06 trades as it did', () => {
  expect(lines(played.records)).toMatchInlineSnapshot(`
    "09:20:01.000   order 1 entry SELL NIFTY 2025-03-06 21600 CE MARKET
    09:20:01.000   order 2 entry SELL NIFTY 2025-03-06 21600 PE MARKET
    09:20:01.000   guard-set spot-move structure 21696.20
    09:20:01.000   guard-set spot-move structure 21496.20
    09:20:01.000 entry taken
    09:20:01.400   order 1 fills SELL 54.50 at 09:20:01.300 (path 54.74 rounding -0.04 half-spread 0.15 assumed slippage 0.05)
    09:20:01.400   guard-set leg-stop CE 68.15
    09:20:01.400   order 3 protection BUY NIFTY 2025-03-06 21600 CE STOP 81.75 LIMIT 85.85
    09:20:01.550   order 2 fills SELL 59.50 at 09:20:01.450 (path 59.70 rounding 0.00 half-spread 0.15 assumed slippage 0.05)
    09:20:01.550   guard-set leg-stop PE 74.40
    09:20:01.550   order 4 protection BUY NIFTY 2025-03-06 21600 PE STOP 89.25 LIMIT 93.75
    09:28:30.079   guard-fired leg-stop CE 68.15 seeing 68.15
    09:28:30.079   order 3 becomes LIMIT 69.55
    09:28:30.479   order 3 fills BUY 68.60 at 09:28:30.379 (path 68.34 rounding 0.01 half-spread 0.20 assumed slippage 0.05)
    09:28:30.479   CE closed by SL: gross -1057.50, charges 55.32
    09:28:30.479   guard-moved leg-stop PE 59.50
    09:28:30.479   order 5 entry SELL NIFTY 2025-03-06 21600 CE STOP 54.50 LIMIT 51.50
    09:28:30.479 re-entry taken
    09:52:20.247   guard-fired spot-move structure 21696.20 seeing 21696.20
    09:52:20.247   order 4 becomes LIMIT 20.15
    09:52:20.647   order 4 fills BUY 19.80 at 09:52:20.547 (path 19.69 rounding 0.01 half-spread 0.05 assumed slippage 0.05)
    09:52:20.647   PE closed by SHIFT: gross 2977.50, charges 54.21
    09:52:20.647 structure 1 closed by SHIFT: gross 1920.00
    12:15:29.646   order 5 fills SELL 54.30 at 12:15:29.546 (path 54.50 rounding 0.00 half-spread 0.15 assumed slippage 0.05)
    12:15:29.646   guard-set leg-stop CE 67.90
    12:15:29.646   order 6 protection BUY NIFTY 2025-03-06 21600 CE STOP 81.45 LIMIT 85.55
    12:31:00.000   guard-fired leg-stop CE 67.90 seeing 68.45
    12:31:00.000   order 6 becomes LIMIT 69.85
    12:31:00.400   order 6 fills BUY 68.70 at 12:31:00.300 (path 68.45 rounding 0.00 half-spread 0.20 assumed slippage 0.05)
    12:31:00.400   CE closed by SL: gross -1080.00, charges 55.31
    12:31:00.400 structure 2 closed by SL: gross -1080.00
    15:30:02.000 day: gross 840.00, 6 orders, 6 fills"
  `);
});

test('the straddle of 2025-03-04, two days before expiry, pays measured half-spreads', () => {
  const fills = lines(straddleOn('2025-03-04').records).split('\n');
  expect(fills.filter((line) => line.includes(' fills ')).join('\n')).toMatchInlineSnapshot(`
    "09:20:01.400   order 1 fills SELL 124.85 at 09:20:01.300 (path 125.08 rounding -0.03 half-spread 0.15 measured slippage 0.05)
    09:20:01.550   order 2 fills SELL 97.85 at 09:20:01.450 (path 98.04 rounding -0.04 half-spread 0.10 measured slippage 0.05)
    09:24:39.883   order 3 fills BUY 156.35 at 09:24:39.783 (path 156.14 rounding 0.01 half-spread 0.15 measured slippage 0.05)
    11:01:35.577   order 5 fills SELL 124.65 at 11:01:35.477 (path 124.85 rounding 0.00 half-spread 0.15 measured slippage 0.05)
    11:09:38.232   order 4 fills BUY 98.10 at 11:09:38.132 (path 97.91 rounding 0.04 half-spread 0.10 measured slippage 0.05)
    11:10:00.100   order 7 fills SELL 95.45 at 11:10:00.000 (path 95.60 rounding 0.00 half-spread 0.10 measured slippage 0.05)
    12:14:30.888   order 8 fills BUY 119.60 at 12:14:30.788 (path 119.36 rounding 0.04 half-spread 0.15 measured slippage 0.05)
    15:15:01.400   order 6 fills BUY 89.80 at 15:15:01.300 (path 89.60 rounding 0.05 half-spread 0.10 measured slippage 0.05)"
  `);
});

test('the journal of 2025-03-06 is the same to the byte', () => {
  expect(createHash('sha256').update(played.text).digest('hex')).toMatchInlineSnapshot(
    `"d0c5bd11955212aee50f6b218fb92024ebf008f17e39e191f9ffb91326152eef"`,
  );
});

/** Fills, guards and closes, a line each. */
function lines(records: readonly JournalRecord[]): string {
  const orders = new Map(
    records.flatMap((each) => (each.kind === 'order-placed' ? [[each.order, each] as const] : [])),
  );
  const told = records.flatMap((record) => {
    const time = clockText(record.ts);
    switch (record.kind) {
      case 'signal':
        return [`${time} ${record.name} ${record.gate ?? 'taken'}`];
      case 'order-placed':
        return [
          `${time}   order ${record.order} ${record.purpose} ${record.side} ${record.contract} ${termsText(record.terms)}`,
        ];
      case 'modify-asked':
        return [`${time}   order ${record.order} becomes ${record.terms === null ? '' : termsText(record.terms)}`];
      case 'order-filled': {
        const { order, price, tsExchange, steps } = record.fill;
        const placed = orders.get(order);
        const how = `path ${rupeesText(steps.path)} rounding ${rupeesText(steps.rounding)} half-spread ${rupeesText(steps.halfSpread)} ${steps.spread} slippage ${rupeesText(steps.slippage)}`;
        return [
          `${time}   order ${order} fills ${placed?.side} ${rupeesText(price)} at ${clockText(tsExchange)} (${how})`,
        ];
      }
      case 'guard-set':
      case 'guard-moved':
      case 'guard-fired': {
        const seen = record.seen === null ? '' : ` seeing ${rupeesText(record.seen)}`;
        return [
          `${time}   ${record.kind} ${record.guard} ${record.leg ?? 'structure'} ${rupeesText(record.level ?? 0)}${seen}`,
        ];
      }
      case 'leg-closed':
        return [
          `${time}   ${record.leg} closed by ${record.reason}: gross ${rupeesText(record.gross)}, charges ${rupeesText(Math.round(record.charges.total / 10_000))}`,
        ];
      case 'structure-closed':
        return [`${time} structure ${record.structure} closed by ${record.reason}: gross ${rupeesText(record.gross)}`];
      case 'day-closed':
        return [`${time} day: gross ${rupeesText(record.gross)}, ${record.orders} orders, ${record.fills} fills`];
      default:
        return [];
    }
  });
  return told.join('\n');
}

function termsText(terms: Extract<JournalRecord, { kind: 'order-placed' }>['terms']): string {
  switch (terms.kind) {
    case 'MARKET':
      return 'MARKET';
    case 'LIMIT':
      return `LIMIT ${rupeesText(terms.price)}`;
    default:
      return `STOP ${rupeesText(terms.trigger)} LIMIT ${rupeesText(terms.price)}`;
  }
}
