import { describe, expect, test } from 'vitest';
import { readSpreads } from '../../adapters/reference-files.ts';
import type { LegClosedRecord, OrderFilledRecord } from '../../engine/journal.ts';
import { clockText, day } from '../../engine/model/time.ts';
import { atmStraddle } from '../../strategies/atm-straddle.ts';
import { agentPlan, play } from '../support/play.ts';
import { bankNiftyDay2023, niftyDay2021, sensexDay2025 } from '../support/reference-candles.ts';
import { dayCandlesOf } from '../support/reference-day.ts';
import type { ReferenceDay } from '../support/reference-market.ts';
import { clockOf } from '../support/reference-market.ts';
import { referenceSpreads } from '../support/reference-spreads.ts';
import { requireShared } from '../support/require-tools.ts';
import { referenceStraddle } from '../support/straddle-reference.ts';

const NIFTY_2021 = 'data/nifty-opt-1min-2021';
const BANKNIFTY_2023 = 'data/banknifty-opt-1min-2023';
const SENSEX_2025 = 'data/sensex-opt-3min-2025';

describe('the engine and the second reference', () => {
  test.for(['2021-06-11', '2021-06-14'] as const)('agree on NIFTY %s to the paisa', (date, ctx) => {
    const folder = requireShared(ctx, NIFTY_2021);
    agree(niftyDay2021(folder, date), '2021-06-17');
  });

  test.for(['2023-04-10', '2023-04-11'] as const)('agree on BANKNIFTY %s to the paisa', (date, ctx) => {
    const folder = requireShared(ctx, BANKNIFTY_2023);
    agree(bankNiftyDay2023(folder, date), '2023-04-13');
  });

  test('agree on SENSEX 2025-09-04 in three-minute candles to the paisa', (ctx) => {
    const folder = requireShared(ctx, SENSEX_2025);
    agree(sensexDay2025(folder), '2025-09-11', { entryAt: '09:21', expiry: 'next' });
  });
});

/** Plays one day through both programs and compares every trade. */
function agree(reference: ReferenceDay, expiry: string, params: Record<string, string> = {}): void {
  const theirs = referenceStraddle(reference, {
    spread: referenceSpreads(expiry),
    ...(params['entryAt'] !== undefined && { entryAt: params['entryAt'] }),
  }).map((trade) => ({
    key: trade.key,
    quantity: trade.quantity,
    entry: `${clockOf(trade.entry.ms)} ${trade.entry.paise}`,
    exit: trade.exit === undefined ? undefined : `${clockOf(trade.exit.ms)} ${trade.exit.paise}`,
    reason: trade.reason === 'SPOT' ? 'SHIFT' : trade.reason,
    gross: trade.grossPaise,
    charges: Number(trade.chargesFine),
  }));
  const { records } = play({
    days: [dayCandlesOf(reference, day(expiry))],
    agents: [agentPlan(atmStraddle, reference.underlying as 'NIFTY', params)],
    parts: { spreads: readSpreads() },
  });
  expect(theirs.length).toBe(2);
  expect(tradesOf(records as readonly (LegClosedRecord | OrderFilledRecord)[])).toEqual(theirs);
}

function tradesOf(records: readonly (LegClosedRecord | OrderFilledRecord)[]): unknown[] {
  const closed = records.filter((record): record is LegClosedRecord => record.kind === 'leg-closed');
  const placed = new Map(
    (records as readonly { kind: string }[])
      .filter((record): record is never => record.kind === 'order-placed')
      .map((record: { order: number; structure: number; leg: string; purpose: string }) => [record.order, record]),
  );
  const fills = records.filter((record): record is OrderFilledRecord => record.kind === 'order-filled');
  const stampOf = (leg: LegClosedRecord, entry: boolean): string => {
    const fill = fills.find(({ fill: { order } }) => {
      const order_ = placed.get(order);
      return order_?.structure === leg.structure && order_.leg === leg.leg && (order_.purpose === 'entry') === entry;
    });
    return fill === undefined ? 'none' : `${clockText(fill.fill.tsExchange)} ${fill.fill.price}`;
  };
  return closed
    .map((leg) => ({
      key: leg.contract.split(' ').slice(2).join(' '),
      quantity: leg.lots * leg.lotSize,
      entry: stampOf(leg, true),
      exit: stampOf(leg, false),
      reason: leg.reason,
      gross: leg.gross,
      charges: leg.charges.total,
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}
