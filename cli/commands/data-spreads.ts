import type { Command } from 'commander';
import type { TapeCount } from '../../datasets/spreads/measure.ts';
import type { SpreadFile, SpreadRow } from '../../datasets/spreads/spread-file.ts';
import type { Underlying } from '../../engine/model/instrument.ts';
import { grouped } from '../remark-text.ts';
import { UserError } from '../user-error.ts';

interface SpreadFlags {
  readonly out?: string;
  readonly json?: true;
}

/** `sim data spreads`: measures half-spreads from recorded quotes. */
export function registerDataSpreads(data: Command): void {
  data
    .command('spreads')
    .description('measure half-spreads from recorded quotes: chain snapshots and pages, full ticks, quote lines')
    .argument('<path...>', 'files, or folders with files')
    .option('--out <file>', 'write the whole table as JSON')
    .option('--json', 'print the whole table as JSON')
    .action(async (paths: string[], flags: SpreadFlags) => {
      const { spreadFileText } = await import('../../datasets/spreads/spread-file.ts');
      const file = await measured(paths);
      const text = spreadFileText(file);
      if (flags.out !== undefined) await written(flags.out, text);
      const lines = [...spreadText(file), ...(flags.out === undefined ? [] : [`written to ${flags.out}`])];
      process.stdout.write(flags.json ? text : `${lines.join('\n')}\n`);
    });
}

async function measured(paths: readonly string[]): Promise<SpreadFile> {
  const { readQuotes } = await import('../../adapters/spread-quotes.ts');
  const { ImportRefused } = await import('../../adapters/import/import-error.ts');
  const { readReference } = await import('../../adapters/reference-files.ts');
  const { importFactsOf } = await import('../../datasets/import/import-facts.ts');
  const { QUOTES_MIN, SPREAD_BANDS } = await import('../../datasets/spreads/bands.ts');
  const { SpreadMeasure } = await import('../../datasets/spreads/measure.ts');
  const { spreadFileOf } = await import('../../datasets/spreads/spread-file.ts');
  const { importProgress } = await import('../import-progress.ts');

  const measure = new SpreadMeasure(SPREAD_BANDS);
  const progress = importProgress(process.stderr);
  try {
    const notRead = await readQuotes({
      paths,
      facts: importFactsOf(readReference()),
      take: (tape) => measure.add(tape),
      progress: progress.at,
    });
    return spreadFileOf({
      bands: SPREAD_BANDS,
      quotesMin: QUOTES_MIN,
      cells: measure.cells(QUOTES_MIN),
      counts: measure.counts,
      notRead,
    });
  } catch (error) {
    throw error instanceof ImportRefused ? new UserError(error.message, { cause: error }) : error;
  } finally {
    progress.stop();
  }
}

async function written(path: string, text: string): Promise<void> {
  const { replaceFile } = await import('../../adapters/run-folder.ts');
  replaceFile(path, text);
}

/** What was read and left out, then the cells next to the money. */
function spreadText(file: SpreadFile): string[] {
  const groups = new Map<string, TapeCount[]>();
  for (const one of file.measured) {
    const name = `${one.source}, ${one.underlying}`;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  const lines = [...groups].flatMap(([name, counts]) => countLines(name, counts));
  lines.push(...file.notRead.map(({ source, what, rows }) => `${source}: ${grouped(rows)} rows not read, ${what}`));
  for (const underlying of new Set(file.coverage.map((one) => one.underlying))) {
    lines.push('', ...nearTable(file, underlying));
  }
  return lines;
}

const LEFT_OUT = {
  outside: 'outside the session',
  oneSided: 'one-sided',
  crossed: 'crossed or locked',
  stub: 'stubs, the ask over three times the bid',
  replaced: 'followed at the same instant',
} as const satisfies Partial<Record<keyof TapeCount, string>>;

function countLines(name: string, counts: readonly TapeCount[]): string[] {
  const sum = (of: (one: TapeCount) => number): number => counts.reduce((total, one) => total + of(one), 0);
  const days = counts.filter(({ measured: quotes }) => quotes > 0).map(({ day }) => day);
  const span = days.length < 2 ? (days[0] ?? 'no day') : `${days.length} days ${days[0]} to ${days.at(-1)}`;
  const unknown = sum(({ levelUnknown }) => levelUnknown);
  const moneyness = unknown === 0 ? '' : `, the level unknown at ${grouped(unknown)} of them`;
  const told = Object.entries(LEFT_OUT).map(
    ([field, what]) => [sum((one) => one[field as keyof typeof LEFT_OUT]), what] as const,
  );
  return [
    `${name}, ${span}: ${grouped(sum(({ measured: quotes }) => quotes))} of ${grouped(sum(({ quotes }) => quotes))} quotes measured${moneyness}`,
    ...told.filter(([rows]) => rows > 0).map(([rows, what]) => `  left out  ${grouped(rows).padStart(9)}  ${what}`),
  ];
}

const NEAR = -1;

function nearTable(file: SpreadFile, underlying: Underlying): string[] {
  const { premium, days, moneyness } = file.bands;
  const beyond = moneyness[moneyness.indexOf(NEAR) + 1];
  const rows = file.rows.filter((row) => row.underlying === underlying && row.moneyness === NEAR && row.time === null);
  const heads = premium.map((from, at) =>
    premium[at + 1] === undefined ? `${from} and up` : `${from} to ${premium[at + 1]}`,
  );
  const body = days.map((from) => {
    const cells = premium.map((low) => cellText(rows.find((row) => row.days === from && row.premium === low)));
    return line(daysText(days, from), cells);
  });
  const coverage = file.coverage.filter((one) => one.underlying === underlying);
  const empty = coverage.filter(({ cells }) => cells === 0).map(({ days: from }) => daysText(days, from));
  const sum = coverage.reduce((total, { cells }) => total + cells, 0);
  const all = coverage.reduce((total, { of }) => total + of, 0);
  return [
    `${underlying}, strikes from ${NEAR} to ${beyond} % out of the money: median half-spread in rupees (in brackets nine tenths of the time)`,
    line('days', heads),
    ...body,
    `${sum} of ${all} cells measured${empty.length === 0 ? '' : `, none at ${empty.join(', ')} days`}`,
  ];
}

function line(head: string, cells: readonly string[]): string {
  return `${head.padEnd(6)}${cells.map((cell) => cell.padStart(17)).join('')}`;
}

function daysText(days: readonly number[], from: number): string {
  const next = days[days.indexOf(from) + 1];
  if (next === undefined) return `${from}+`;
  return next - from === 1 ? String(from) : `${from}-${next - 1}`;
}

function cellText(row: SpreadRow | undefined): string {
  const [, median, , most] = row?.paise ?? [];
  if (median === undefined || most === undefined) return 'empty';
  return `${rupees(median)} (${rupees(most)})`;
}

/** Half a tick is 0.025. */
function rupees(paise: number): string {
  return (paise / 100).toFixed(Number.isInteger(paise) ? 2 : 3);
}
