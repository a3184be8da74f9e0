import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What one run of a variant measured; `ms` is what the ratios are taken of. */
export interface Sample {
  readonly ms: number;
  /** Processor time of the main part where the variant knows it, ms: steadier than the clock on a busy machine. */
  readonly cpuMs?: number;
  readonly peakMb?: number;
  /** What it came to, printed once and the same in every round. */
  readonly answer?: string;
}

/** One side of a comparison, each call a fresh process. */
export interface Side {
  readonly name: string;
  readonly once: () => Sample;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Runs the sides in turn, so that other load on the machine meets all of them, and gives each side's samples. */
export function interleaved(sides: readonly Side[], rounds: number): ReadonlyMap<string, readonly Sample[]> {
  const samples = new Map<string, Sample[]>(sides.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, once } of sides) samples.get(name)?.push(once());
  }
  return samples;
}

/** Runs a part of this program in a process of its own. */
export function inFreshProcess(part: string, args: readonly string[] = []): Sample {
  const result = spawnSync(process.execPath, ['--expose-gc', process.argv[1] ?? '', '--part', part, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (result.status !== 0) throw new Error(`${part} ${args.join(' ')} failed: ${result.stderr}`);
  return JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '') as Sample;
}

/** Times a piece of work with clock and processor. */
export function timed<T>(work: () => T): { readonly result: T; readonly ms: number; readonly cpuMs: number } {
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  const result = work();
  const ms = performance.now() - began;
  return { result, ms, cpuMs: process.cpuUsage(cpu).user / 1_000 };
}

/** Largest memory that this process held, in MB. */
export function peakMb(): number {
  try {
    // Where the system counts it from the program's own start; the other figure may still know the parent's.
    const found = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'));
    if (found !== null) return Number(found[1]) / 1_024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS / 1_024;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
  return { median, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/** Prints a line a side: median and range of the clock, processor, memory, and the ratio to the first side. */
export function printTable(title: string, samples: ReadonlyMap<string, readonly Sample[]>): void {
  const rows = [...samples].map(([name, list]) => ({ name, list, clock: spreadOf(list.map(({ ms }) => ms)) }));
  const floor = rows[0]?.clock.median ?? Number.NaN;
  console.log(`\n${title} (${rows[0]?.list.length ?? 0} rounds, in turn, a fresh process each)`);
  console.log(
    `  ${'variant'.padEnd(44)} ${'median ms [min-max]'.padStart(28)} ${'x first'.padStart(8)}   cpu ms  peak MB`,
  );
  for (const { name, list, clock } of rows) {
    const range = `${figure(clock.median)} [${figure(clock.min)}-${figure(clock.max)}]`;
    const ratio = (clock.median / floor).toFixed(2);
    console.log(
      `  ${name.padEnd(44)} ${range.padStart(28)} ${ratio.padStart(8)} ${middleOf(list, 'cpuMs')} ${middleOf(list, 'peakMb')}`,
    );
    const answers = new Set(list.flatMap(({ answer }) => answer ?? []));
    if (answers.size > 1) throw new Error(`${name} gave different answers: ${[...answers].join(' and ')}`);
    for (const answer of answers) console.log(`      ${answer}`);
  }
}

function middleOf(list: readonly Sample[], field: 'cpuMs' | 'peakMb'): string {
  const values = list.flatMap((sample) => sample[field] ?? []);
  return (values.length === 0 ? '-' : figure(spreadOf(values).median)).padStart(8);
}

function figure(value: number): string {
  return value < 100 ? value.toFixed(1) : value.toFixed(0);
}
