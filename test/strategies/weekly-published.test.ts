import { expect, test } from 'vitest';
import { CandleArchive } from '../../adapters/candle-archive.ts';
import { allOf } from '../../adapters/candle-archive-types.ts';
import { importFiles } from '../../adapters/import/import-run.ts';
import type { DayCandles } from '../../engine/model/candle-frame.ts';
import { clockText, day, dayOf } from '../../engine/model/time.ts';
import { facts, temporaryFolder } from '../support/import-fixtures.ts';
import { testReference } from '../support/play.ts';
import { requireShared } from '../support/require-tools.ts';
import { recordsOf } from '../support/tell.ts';
import { weekly } from '../support/weekly-days.ts';

test('finds the published signals of June 2025 on NIFTY: S7 with 24800 PE and S3 with 25700 CE', {
  timeout: 120_000,
}, async (ctx) => {
  const store = temporaryFolder();
  await importFiles({ paths: [requireShared(ctx, 'data', 'nifty-opt-1min-2025')], store, facts });
  const archive = new CandleArchive({ store, sessions: facts.sessions });
  const days: DayCandles[] = [];
  for (const on of testReference().calendar.tradingDays(day('2025-06-18'), day('2025-07-08'), { sessions: 'ordinary' }))
    days.push(structuredClone(await archive.loadDay({ day: on, intervalMs: 60_000, wanted: [allOf('NIFTY')] })));
  expect(days).toHaveLength(15);

  const judged = recordsOf(weekly(days), 'signal').filter(({ seen }) => seen['level'] !== undefined);
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
