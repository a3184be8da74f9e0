import type { Command } from 'commander';
import type { ImportOutcome } from '../../adapters/import/import-run.ts';
import type { SourceReport } from '../../datasets/manifest.ts';
import { grouped, mergedNotes, mergedRemarks } from '../remark-text.ts';
import { UserError } from '../user-error.ts';

interface ImportFlags {
  readonly store: string;
  readonly map?: string;
}

/** `sim data import`: reads files of candles, snapshots or daily values into a store. */
export function registerDataImport(data: Command): void {
  data
    .command('import')
    .description('read CSV, JSON or Parquet files into a store; importing again adds nothing')
    .argument('<path...>', 'files, or folders with files')
    .option('--store <dir>', 'folder of the store', './data')
    .option('--map <file>', 'column map (YAML) for files of a shape that is not recognised')
    .action(async (paths: string[], flags: ImportFlags) => {
      await importIntoStore(paths, flags);
    });
}

async function importIntoStore(paths: readonly string[], flags: ImportFlags): Promise<void> {
  const { importFiles } = await import('../../adapters/import/import-run.ts');
  const { ImportRefused } = await import('../../adapters/import/import-error.ts');
  const { StoreProblem } = await import('../../adapters/candle-store.ts');
  const { readMap } = await import('../../adapters/import/map-file.ts');
  const { readReference } = await import('../../adapters/reference-files.ts');
  const { importFactsOf } = await import('../../datasets/import/import-facts.ts');
  const { importProgress } = await import('../import-progress.ts');

  const progress = importProgress(process.stderr);
  try {
    const map = flags.map === undefined ? undefined : await readMap(flags.map);
    const outcome = await importFiles({
      paths,
      store: flags.store,
      facts: importFactsOf(readReference()),
      progress: progress.at,
      ...(map === undefined ? {} : { map }),
    });
    progress.stop();
    process.stdout.write(`${importText(outcome, flags.store).join('\n')}\n`);
  } catch (error) {
    progress.stop();
    const ours = error instanceof ImportRefused || error instanceof StoreProblem;
    throw ours ? new UserError(error.message, { cause: error }) : error;
  }
}

/** What an import did, in lines: each shape with its reasons, then the store. */
function importText({ manifest, changes, manifestPath }: ImportOutcome, store: string): string[] {
  const lines: string[] = [];
  for (const [preset, sources] of groupBy(manifest.sources, ({ preset }) => preset)) {
    const rows = sum(sources.map((source) => source.rows));
    const kept = sum(sources.map((source) => source.kept));
    const first = sources
      .map((source) => source.first ?? '')
      .filter(Boolean)
      .sort()[0];
    const last = sources
      .map((source) => source.last ?? '')
      .filter(Boolean)
      .sort()
      .at(-1);
    const intervals = [...new Set(sources.map(({ interval }) => interval ?? '').filter(Boolean))].join(', ');
    const span = first === undefined ? '' : `, ${first.slice(0, 16)} to ${last?.slice(0, 16)}`;
    lines.push(
      `${preset}${intervals === '' ? '' : ` (${intervals})`}: ${count(sources.length, 'file')}, ${count(rows, 'row')}, ${grouped(kept)} kept${span}`,
    );
    for (const stamps of new Set(sources.map((source) => source.stamps).filter(Boolean)))
      lines.push(`  times     ${stamps}`);
    lines.push(
      ...remarkLines(
        'dropped',
        sources.flatMap(({ dropped }) => dropped),
      ),
    );
    lines.push(
      ...remarkLines(
        'repaired',
        sources.flatMap(({ repaired }) => repaired),
      ),
    );
    for (const note of mergedNotes(sources.flatMap(({ notes }) => notes))) lines.push(`  note      ${note}`);
  }
  if (changes.overlapping > 0) {
    lines.push(
      `${count(changes.overlapping, 'row')} stood in more than one file, ${grouped(changes.conflicting)} of them differently: the later file in order of name holds`,
    );
  }
  for (const example of changes.examples) lines.push(`corrected ${example}`);
  const { added, corrected, unchanged, partitions } = changes;
  lines.push(
    `store ${store}: ${count(added, 'row')} added, ${grouped(corrected)} corrected, ${grouped(unchanged)} unchanged, ${count(partitions, 'partition')} written`,
  );
  lines.push(manifestPath === undefined ? 'nothing new in these files' : `manifest ${manifestPath}`);
  return lines;
}

function remarkLines(word: string, remarks: SourceReport['dropped']): string[] {
  return mergedRemarks(remarks).map(({ what, rows }) => `  ${word.padEnd(9)} ${grouped(rows).padStart(9)}  ${what}`);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function count(value: number, noun: string): string {
  return `${grouped(value)} ${noun}${value === 1 ? '' : 's'}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
