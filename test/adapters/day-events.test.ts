import { expect, test } from 'vitest';
import { dayBatches, inputsOfDay } from '../../adapters/day-events.ts';
import { candleStarts } from '../../datasets/candle-row.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { emptyDay } from '../../engine/model/candle-frame.ts';
import { day } from '../../engine/model/time.ts';
import { testReference } from '../support/play.ts';

const MINUTE = 60_000;

/** What each batch of a day holds: kind, minute of the day, and of a minute the length that its frame has while it is played. */
function told(on: string, intervalMs: number): { readonly lines: readonly string[]; readonly candles: DayCandles } {
  const session = testReference().calendar.sessionOn(day(on), 'NFO');
  if (session === undefined) throw new Error(`${on} has no session`);
  const starts = Float64Array.from(candleStarts(session.windows, intervalMs));
  const candles = emptyDay({ day: day(on), intervalMs, instruments: [{ kind: 'index', underlying: 'NIFTY' }], starts });
  const lines: string[] = [];
  const inputs = { session, candles, closeGraceMs: 1_000, seqBefore: 40, facts: [], officialCloses: [] };
  for (const batch of dayBatches(inputs)) {
    const words = batch.map((event) => {
      const at = new Date(event.ts + 19_800_000).toISOString().slice(11, 19);
      const length = 'frame' in event ? ` ${event.frame.intervalMs / MINUTE}m` : '';
      return `${event.seq} ${at} ${event.kind}${length}`;
    });
    lines.push(words.join(', '));
  }
  return { lines, candles };
}

test('the last candle of a day in half hours is as long for who draws it as for who closes it', () => {
  const { lines, candles } = told('2023-06-02', 30 * MINUTE);
  expect(lines.slice(0, 3)).toEqual([
    '41 09:15:00 session-opened',
    '42 09:15:00 minute-drawn 30m',
    '43 09:45:00 minute-drawn 30m, 44 09:45:01 minute-closed 30m',
  ]);
  expect(lines.slice(-3)).toEqual([
    '65 15:15:00 minute-drawn 15m, 66 15:15:01 minute-closed 30m',
    '67 15:30:01 minute-closed 15m',
    '68 15:30:02 session-closed',
  ]);
  expect(inputsOfDay(candles)).toBe(28);
});

test('the candle before a pause is known before the next one is drawn, and is cut at its window', () => {
  const { lines } = told('2024-05-18', 30 * MINUTE);
  expect(lines.slice(1, -1)).toEqual([
    '42 09:15:00 minute-drawn 30m',
    '43 09:45:00 minute-drawn 15m, 44 09:45:01 minute-closed 30m',
    '45 10:00:01 minute-closed 15m, 46 11:30:00 minute-drawn 30m',
    '47 12:00:00 minute-drawn 30m, 48 12:00:01 minute-closed 30m',
    '49 12:30:01 minute-closed 30m',
  ]);
});
