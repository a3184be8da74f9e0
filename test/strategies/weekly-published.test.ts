import { expect, test } from 'vitest';
import { CandleArchive } from '../../adapters/candle-archive.ts';
import { allOf } from '../../adapters/candle-archive-types.ts';
import { importFiles } from '../../adapters/import/import-run.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import type { Day } from '../../engine/model/time.ts';
import { clockText, day, dayOf, epochMs, msOfDay } from '../../engine/model/time.ts';
import { WEEKLY_SIGNALS } from '../../strategies/weekly-rules.ts';
import { facts, temporaryFolder } from '../support/import-fixtures.ts';
import { testReference } from '../support/play.ts';
import { requireShared } from '../support/require-tools.ts';
import { recordsOf } from '../support/tell.ts';
import { signals, weekly } from '../support/weekly-days.ts';
import type { HourBar } from '../support/weekly-reference.ts';
import { referenceSignals } from '../support/weekly-reference.ts';

const HOUR_MS = 3_600_000;
/** 09:15 */
const OPENS_AT = 33_300_000;

/** The sessions of NIFTY that stand in shared files, minute by minute. */
async function minutesOf(path: string, from: Day, to: Day): Promise<readonly DayCandles[]> {
  const store = temporaryFolder();
  await importFiles({ paths: [path], store, facts });
  const archive = new CandleArchive({ store, sessions: facts.sessions });
  const sessions = testReference().calendar.tradingDays(from, to, { sessions: 'ordinary' });
  const [coverage] = archive.coverage({ underlying: 'NIFTY', days: sessions });
  const days: DayCandles[] = [];
  for (const on of coverage?.present ?? [])
    days.push(structuredClone(await archive.loadDay({ day: on, intervalMs: 60_000, wanted: [allOf('NIFTY')] })));
  return days;
}

/** Hours of the index by plain grouping of its minutes. */
function hoursOf({ day: on, starts, columns, instruments }: DayCandles): readonly HourBar[] {
  const slot = instruments.findIndex(({ kind }) => kind === 'index');
  const hours = new Map<number, HourBar>();
  for (const [minute, start] of starts.entries()) {
    const cell = minute * instruments.length + slot;
    if (columns.valid[cell] !== 1) continue;
    const [open = 0, high = 0, low = 0, close = 0] = [columns.open, columns.high, columns.low, columns.close].map(
      (column) => column[cell],
    );
    const hour = Math.floor((msOfDay(epochMs(start)) - OPENS_AT) / HOUR_MS);
    const so = hours.get(hour);
    if (so === undefined) hours.set(hour, { day: on, minute: 555 + 60 * hour, open, high, low, close });
    else hours.set(hour, { ...so, high: Math.max(so.high, high), low: Math.min(so.low, low), close });
  }
  return [...hours.values()];
}

test('finds the published signals of June 2025 on NIFTY: S7 with the put of 24,800 and S3 with the call of 25,700', {
  timeout: 120_000,
}, async (ctx) => {
  const path = requireShared(ctx, 'data', 'nifty-opt-1min-2025');
  const days = await minutesOf(path, day('2025-06-18'), day('2025-07-08'));
  expect(days).toHaveLength(15);
  // The files begin on the Wednesday of the week before the first signal, whose zones hold all the same.
  const judged = recordsOf(weekly(days, { cutWeeks: 'use' }), 'signal').filter(
    ({ seen }) => seen['level'] !== undefined,
  );
  const told = judged.map(({ ts, name, gate, seen }) => {
    const [spot, level] = [Number(seen['close']) / 100, Number(seen['level']) / 100];
    return `${dayOf(ts)} ${clockText(ts)} ${name} spot ${spot} X ${level}: ${gate}`;
  });
  // The table gives strikes and spots; the options of these strikes are not among the shared ones, so each is the gate.
  expect(told).toEqual([
    // The published spot of this one, 25,015.10, is another feed's.
    '2025-06-23 14:15:01.000 S7 spot 25014.3 X 24824.85: no PE of 24800 2025-06-26 in the data',
    '2025-06-30 11:15:01.000 S3 spot 25547.85 X 25654.2: no CE of 25700 2025-07-03 in the data',
  ]);
});

test('finds the same signals as the second reading on the minutes of NIFTY from January to May 2024', {
  timeout: 120_000,
}, async (ctx) => {
  const path = requireShared(ctx, 'data', 'index-1min', 'nifty_1min_2024-01_05.csv.gz');
  const days = await minutesOf(path, day('2024-01-01'), day('2024-05-31'));
  expect(days).toHaveLength(97);
  const expected = referenceSignals(days.flatMap(hoursOf), {
    fourHourMode: 'session',
    breakoutLatch: 'once',
    touchBypass: false,
    s8Touch: 'week',
    minPrevWeekBars: 0,
    onlyAt1115: false,
    signals: WEEKLY_SIGNALS,
  });
  const told = expected.map(({ day: on, minute, name }) => {
    const end = Math.min(minute + 60, 930);
    const clock = `${String(Math.floor(end / 60)).padStart(2, '0')}:${String(end % 60).padStart(2, '0')}:01.000`;
    return `${on.slice(5)} ${clock} ${name}`;
  });
  const found = (params: Record<string, unknown>) =>
    signals(weekly(days, params)).map((line) => line.split(' ').slice(0, 3).join(' '));
  expect(found({ cutWeeks: 'use' })).toEqual(told);
  expect(told).toHaveLength(13);
  // Monday 4 March is not in the file: its week has no signal, and gives none to the week after.
  expect(found({})).toEqual(told.filter((line) => !['03-05', '03-11'].includes(line.slice(0, 5))));
});
