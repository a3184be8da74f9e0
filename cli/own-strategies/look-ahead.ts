import type { JournalRecord } from '../../engine/journal.ts';
import type { EpochMs } from '../../engine/model/time.ts';
import { epochMs, MINUTE_MS } from '../../engine/model/time.ts';
import { streamOf } from '../../engine/prng.ts';

/** Kinds of records that are decisions of ours; the rest is the venue's answer or a sum. */
const DECISIONS: ReadonlySet<JournalRecord['kind']> = new Set<JournalRecord['kind']>([
  'signal',
  'order-placed',
  'modify-asked',
  'cancel-asked',
  'guard-set',
  'guard-moved',
  'guard-fired',
  'note',
]);

/** How many of some records are decisions. */
export function decisionsIn(records: readonly JournalRecord[]): number {
  return records.filter(({ kind }) => DECISIONS.has(kind)).length;
}

/** Instants that divide a day: half of them anywhere, a quarter on a boundary, a quarter just after a decision instant. */
export function cutsOf(
  { starts, intervalMs }: { readonly starts: ArrayLike<number>; readonly intervalMs: number },
  { count, seed }: { readonly count: number; readonly seed: number },
): readonly EpochMs[] {
  const chance = streamOf(seed, 'cuts');
  const first = starts[0] ?? 0;
  const last = (starts[starts.length - 1] ?? 0) + intervalMs;
  return Array.from({ length: count }, (_, index) => {
    const anywhere = first + Math.floor(chance() * (last - first));
    const boundary = anywhere - ((anywhere - first) % MINUTE_MS);
    return epochMs([anywhere, boundary, anywhere, boundary + 1_001][index % 4] ?? anywhere);
  });
}

/**
 * Compares what two runs did before an instant after which their days differ: the first record that is not the same, as it was and as it
 * became; nothing where the future changed nothing.
 */
export function changedBefore(
  cut: EpochMs,
  honest: readonly JournalRecord[],
  again: readonly JournalRecord[],
): { readonly was: string; readonly became: string } | undefined {
  const [first, second] = [honest, again].map((records) => records.filter(({ ts }) => ts < cut));
  return firstDifference(first ?? [], second ?? []);
}

/** The first record in which two runs differ. */
export function firstDifference(
  first: readonly JournalRecord[],
  second: readonly JournalRecord[],
): { readonly was: string; readonly became: string } | undefined {
  const length = Math.max(first.length, second.length);
  for (let index = 0; index < length; index += 1) {
    const [was, became] = [lineOf(first[index]), lineOf(second[index])];
    if (was !== became) return { was, became };
  }
  return undefined;
}

/** A record as text; the candle that a fill names belongs to the venue, which may see the running minute. */
function lineOf(record: JournalRecord | undefined): string {
  if (record === undefined) return 'nothing';
  if (record.kind !== 'order-filled') return JSON.stringify(record);
  const { fill } = record;
  return JSON.stringify({ ...record, fill: { ...fill, steps: { ...fill.steps, candle: undefined } } });
}
