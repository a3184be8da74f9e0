import { join } from 'node:path';
import type { Command } from 'commander';
import { registerRunsExport } from './runs-export.ts';

/** Adds `sim runs`: the finished runs, oldest first, and their export. */
export function registerRuns(program: Command): void {
  const runs = program
    .command('runs')
    .description('list the finished runs, oldest first')
    .option('--runs <dir>', 'folder of the runs', './runs')
    .option('--json', 'print a JSON array')
    .action(async (flags: { readonly runs: string; readonly json?: true }) => {
      const rows = await runRows(flags.runs);
      if (flags.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
      else process.stdout.write(rows.length === 0 ? `no finished run in ${flags.runs}\n` : table(rows));
    });
  registerRunsExport(runs);
}

interface RunRow {
  readonly id: string;
  readonly mode: string;
  readonly data: string;
  readonly from: string;
  readonly to: string;
  readonly strategies: string;
  readonly structures: number;
  /** Rupees. */
  readonly net: number;
  readonly drawdown: number;
  readonly hash: string;
}

async function runRows(root: string): Promise<readonly RunRow[]> {
  const [{ listRuns }, { readPassport }] = await Promise.all([
    import('../../adapters/run-folder.ts'),
    import('../run-results.ts'),
  ]);
  return listRuns(root).map((id) => {
    const { hash, run, results } = readPassport(join(root, id));
    return {
      id,
      mode: run.mode,
      data: run.data.kind,
      from: run.from,
      to: run.to,
      strategies: run.strategies.map(({ name, segment }) => `${name}/${segment}`).join(', '),
      structures: results.structures,
      net: results.net / 1_000_000,
      drawdown: results.drawdown / 1_000_000,
      hash,
    };
  });
}

function table(rows: readonly RunRow[]): string {
  const lines = [
    ['run', 'mode', 'data', 'from', 'to', 'strategies', 'structures', 'net Rs', 'drawdown Rs'],
    ...rows.map((row) => [
      row.id,
      row.mode,
      row.data === 'real' ? 'real' : row.data.toUpperCase(),
      row.from,
      row.to,
      row.strategies,
      String(row.structures),
      row.net.toFixed(2),
      row.drawdown.toFixed(2),
    ]),
  ];
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((cells) => (cells[at] ?? '').length)));
  const firstNumber = 6;
  return lines
    .map((cells) =>
      `${cells.map((cell, at) => (at < firstNumber ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ')}`.trimEnd(),
    )
    .map((text) => `${text}\n`)
    .join('');
}
