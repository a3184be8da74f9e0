/**
 * The benches: `npm run bench`, or `npm run bench -- cross startup` for some of them, `--rounds 9` for more rounds. They print figures
 * and never judge a time; an answer that is wrong ends them. Data are made once, under BENCH_DATA or the machine's temporary folder.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchChain } from './chain.ts';
import { benchChainFit } from './chain-fit.ts';
import { benchCross, crossPart } from './cross.ts';
import { benchDayReading, dayReadingPart } from './day-reading.ts';
import { benchHotPath, hotPathPart } from './hot-path.ts';
import { benchImplied, impliedPart } from './implied.ts';
import { benchImport } from './import.ts';
import type { Sample } from './rounds.ts';
import { benchStartup } from './startup.ts';
import { benchStrategies } from './strategies.ts';
import { benchWorkbook, workbookPart } from './workbook.ts';
import { benchMemory, benchYear } from './year.ts';

type Bench = (folder: string, rounds: number) => void | Promise<void>;

const BENCHES: Readonly<Record<string, Bench>> = {
  cross: benchCross,
  startup: (_folder, rounds) => benchStartup(rounds),
  year: benchYear,
  memory: benchMemory,
  strategies: benchStrategies,
  implied: benchImplied,
  import: benchImport,
  'day-reading': benchDayReading,
  'hot-path': benchHotPath,
  workbook: benchWorkbook,
  chain: benchChain,
  'chain-fit': benchChainFit,
};

/** What a fresh process of a bench can be asked for. */
const PARTS: Readonly<Record<string, (args: readonly string[]) => Sample | Promise<Sample>>> = {
  cross: crossPart,
  implied: impliedPart,
  'day-reading': dayReadingPart,
  'hot-path': hotPathPart,
  workbook: workbookPart,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' }, part: { type: 'string' } },
});

if (values.part === undefined) await printBenches(positionals, Number(values.rounds));
else {
  const part = PARTS[values.part];
  if (part === undefined) throw new Error(`no part is called ${values.part}`);
  console.log(JSON.stringify(await part(positionals)));
}

async function printBenches(names: readonly string[], rounds: number): Promise<void> {
  if (!(Number.isSafeInteger(rounds) && rounds >= 1)) throw new Error(`--rounds is a count, was ${values.rounds}`);
  const folder = process.env['BENCH_DATA'] ?? join(tmpdir(), 'sim-bench');
  console.log(`node ${process.version}, ${process.platform} ${process.arch}, data in ${folder}`);
  for (const name of names.length === 0 ? Object.keys(BENCHES) : names) {
    const bench = BENCHES[name];
    if (bench === undefined)
      throw new Error(`no bench is called ${name}; there are ${Object.keys(BENCHES).join(', ')}`);
    await bench(folder, rounds);
  }
}
