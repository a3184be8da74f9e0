import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CandleArchive } from '../../adapters/candle-archive.ts';
import { dayBatches } from '../../adapters/day-events.ts';
import { JournalFile } from '../../adapters/journal-file.ts';
import { readReference } from '../../adapters/reference-files.ts';
import { composeBacktest } from '../../cli/compose.ts';
import { sessionTableOf } from '../../datasets/session-table.ts';
import type { Stamp, Unstamped } from '../../engine/journal.ts';
import { DEFAULT_KERNEL } from '../../engine/kernel-parts.ts';
import type { Day } from '../../engine/model/time.ts';
import { day } from '../../engine/model/time.ts';
import { lots } from '../../engine/model/units.ts';
import { DEFAULT_EXECUTION } from '../../engine/orders/execution-policy.ts';
import { defaultRmsSettings } from '../../engine/risk/rms-settings.ts';
import { DEFAULT_FILLS } from '../../engine/venue/fill-model.ts';
import { DEFAULT_LATENCY } from '../../engine/venue/latency-model.ts';
import { atmStraddle } from '../../strategies/atm-straddle.ts';
import type { Sample } from './rounds.ts';
import { inFreshProcess, interleaved, peakMb, printTable } from './rounds.ts';
import { madeStore } from './stores.ts';

const MINUTE = 60_000;
const SPANS = [
  { name: 'one year', from: '2025-01-01' },
  { name: 'five years', from: '2021-01-01' },
] as const;

/** The straddle with stops, charges and journal over 43 contracts a minute, from a warm run cache. */
export async function benchHotPath(folder: string, rounds: number): Promise<void> {
  const span = ['--from', '2021-01-01', '--to', '2025-12-31'];
  const store = madeStore(join(folder, 'straddle-store'), ['--bench', ...span]);
  await inThisProcess('all', store, '2021-01-01', 'prepare');
  const sides = SPANS.flatMap(({ name, from }) =>
    (['read', 'play', 'all'] as const).map((mode) => ({
      name: `${name}: ${MODES[mode]}`,
      once: () => inFreshProcess('hot-path', [mode, store, from]),
    })),
  );
  printTable('Straddle, 43 contracts x 1 minute, warm cache (ratios to reading a year)', interleaved(sides, rounds));
}

const MODES = {
  read: 'cache read into buffers, no kernel',
  play: 'kernel, charges, no journal',
  all: 'kernel, charges, journal on disk',
} as const;

type Mode = keyof typeof MODES;

/** One span in one mode, its first run in this process. */
export async function hotPathPart([mode = '', store = '', from = '']: readonly string[]): Promise<Sample> {
  return await inThisProcess(mode as Mode, store, from, 'measure');
}

async function inThisProcess(mode: Mode, store: string, from: string, act: 'prepare' | 'measure'): Promise<Sample> {
  const reference = readReference('datasets/reference');
  const { calendar } = reference;
  const archive = new CandleArchive({ store, sessions: sessionTableOf(calendar) });
  const sessions = calendar.tradingDays(day(from), day('2025-12-31'), { sessions: 'ordinary' });
  const missing = new Set(archive.missingDays({ underlying: 'NIFTY', days: sessions }));
  const days = sessions.filter((each) => !missing.has(each));
  if (act === 'prepare') {
    await archive.prepare({ intervalMs: MINUTE, underlyings: ['NIFTY'], days });
    return { ms: 0 };
  }
  const scratch = mkdtempSync(join(tmpdir(), 'sim-bench-path-'));
  try {
    const journal = mode === 'all' ? new JournalFile(join(scratch, 'journal.jsonl')) : undefined;
    const tally = { fills: 0, minutes: 0 };
    const kernel = composeBacktest({
      ...reference,
      agents: [
        {
          definition: atmStraddle as never,
          params: atmStraddle.params.parse({}),
          segment: 'NIFTY',
          lots: lots(1),
          specialSessions: false,
        },
      ],
      settings: { ...DEFAULT_KERNEL, execution: DEFAULT_EXECUTION },
      risk: defaultRmsSettings,
      fills: DEFAULT_FILLS,
      latency: DEFAULT_LATENCY,
      sink: {
        write: (stamp: Stamp, record: Unstamped) => {
          if (record.kind === 'order-filled') tally.fills += 1;
          journal?.write(stamp, record);
        },
      },
    });
    const [cpu, began] = [process.cpuUsage(), performance.now()];
    for (const each of days) {
      const candles = archive.readDay({ day: each, intervalMs: MINUTE, wanted: wantedOn(reference, each) });
      tally.minutes += candles.starts.length;
      if (mode === 'read') continue;
      const session = calendar.sessionOn(each);
      if (session === undefined) throw new Error(`${each} has no session`);
      const inputs = { session, candles, closeGraceMs: 1_000, facts: [], officialCloses: [] };
      for (const batch of dayBatches(inputs)) kernel.play(batch);
    }
    journal?.close();
    const ms = performance.now() - began;
    const cpuMs = process.cpuUsage(cpu).user / 1_000;
    return {
      ms,
      cpuMs,
      peakMb: peakMb(),
      answer: `${days.length} days, ${tally.minutes} minutes, ${tally.fills} fills`,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    archive.close();
  }
}

function wantedOn(
  { contracts }: ReturnType<typeof readReference>,
  on: Day,
): Parameters<CandleArchive['readDay']>[0]['wanted'] {
  const nearest = contracts.expiryOf({ day: on, underlying: 'NIFTY', rule: 'nearest' })?.expiry;
  return [{ underlying: 'NIFTY', index: 'include', futures: [], expiries: nearest === undefined ? [] : [nearest] }];
}
