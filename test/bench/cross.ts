import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JournalFile } from '../../adapters/journal-file.ts';
import type { CrossResult } from './cross-bare.ts';
import { bareCross } from './cross-bare.ts';
import { KernelCross } from './cross-kernel.ts';
import type { Sample } from './rounds.ts';
import { inFreshProcess, interleaved, peakMb, printTable, timed } from './rounds.ts';
import { makeYardstick, readOne } from './yardstick.ts';

/** Answers on which five independent programs agree: trades, and the net in rupees. */
const KNOWN: ReadonlyMap<number, string> = new Map([
  [100_000, '2348 trades, net -31044.5376'],
  [1_000_000, '22972 trades, net -286646.2078'],
]);

/** The moving-average cross: the bare loop, the whole kernel, and the kernel with its journal on disk. */
export function benchCross(folder: string, rounds: number): void {
  makeYardstick(folder);
  for (const [bars, known] of KNOWN) {
    const sides = ['bare', 'kernel', 'journal'].map((variant) => ({
      name: NAMES[variant] ?? variant,
      once: () => inFreshProcess('cross', [variant, folder, String(bars)]),
    }));
    const samples = interleaved(sides, rounds);
    printTable(`Moving-average cross, ${bars} one-minute bars; known answer: ${known}`, samples);
    for (const [name, list] of samples) {
      if (list.some(({ answer }) => answer !== known)) throw new Error(`${name} misses the known answer ${known}`);
    }
  }
}

const NAMES: Readonly<Record<string, string>> = {
  bare: 'bare loop with orders and equity',
  kernel: 'full kernel, no journal',
  journal: 'full kernel, journal on disk',
};

/** One variant, its first run in this process; reading the bars is not timed. */
export function crossPart([variant = '', folder = '', count = '']: readonly string[]): Sample {
  const bars = readOne(folder, Number(count));
  if (variant === 'bare') return sampleOf(timed(() => bareCross(bars)));
  if (variant === 'kernel') {
    const cross = new KernelCross(bars, undefined);
    return sampleOf(timed(() => cross.run()));
  }
  const scratch = mkdtempSync(join(tmpdir(), 'sim-bench-journal-'));
  try {
    const journal = new JournalFile(join(scratch, 'journal.jsonl'));
    const cross = new KernelCross(bars, journal);
    return sampleOf(
      timed(() => {
        const result = cross.run();
        journal.close();
        return result;
      }),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function sampleOf({ result, ms, cpuMs }: { result: CrossResult; ms: number; cpuMs: number }): Sample {
  const net = (Math.round(result.net / 100) / 10_000).toFixed(4);
  return { ms, cpuMs, peakMb: peakMb(), answer: `${result.trades} trades, net ${net}` };
}
