import { join } from 'node:path';
import type { Command } from 'commander';
import type { ArrowColumn } from '../../adapters/arrow-file.ts';
import type { MoneyMinutes } from '../../engine/journal.ts';
import type { TRADE_COLUMNS } from '../../reports/csv.ts';
import type { Report } from '../../reports/report.ts';
import type { StoredRun } from '../run-results.ts';

/** Adds `sim runs export`: a run's money and trades as Arrow files, for other programs. */
export function registerRunsExport(runs: Command): void {
  runs
    .command('export')
    .description('write money per minute and trades of a run as Arrow files')
    .argument('<run>', 'id of a run, or its folder')
    .option('--out <dir>', "folder to write to (default: the run's own)")
    .option('--runs <dir>', 'folder of the runs', './runs')
    .option('--json', 'print one JSON object')
    .action(async (run: string, flags: ExportFlags) => {
      const written = await exportRun(run, flags);
      if (flags.json) process.stdout.write(`${JSON.stringify(written)}\n`);
      else for (const { path, rows } of written.files) process.stdout.write(`${path}  ${rows} rows\n`);
    });
}

type TradeTable = Pick<typeof import('../../reports/csv.ts'), 'TRADE_COLUMNS' | 'tradeCells'>;
type Cell = string | number | null | undefined;

interface ExportFlags {
  readonly out?: string;
  readonly runs: string;
  readonly json?: true;
}

interface Exported {
  readonly run: string;
  readonly data: string;
  readonly files: readonly { readonly path: string; readonly rows: number }[];
}

async function exportRun(run: string, flags: ExportFlags): Promise<Exported> {
  const [{ readRun }, { buildReport }, csv, { writeArrow }, { madeFolder }] = await Promise.all([
    import('../run-results.ts'),
    import('../../reports/report.ts'),
    import('../../reports/csv.ts'),
    import('../../adapters/arrow-file.ts'),
    import('../../adapters/run-folder.ts'),
  ]);
  const stored = readRun(run, flags.runs);
  const report = buildReport(stored.records, stored.money, stored.passport.run);
  const folder = flags.out === undefined ? stored.path : madeFolder(flags.out);
  const about = aboutOf(stored);
  const files = [
    { path: join(folder, 'money.arrow'), rows: stored.money.ts.length, columns: moneyColumns(stored.money) },
    { path: join(folder, 'trades.arrow'), rows: report.trades.length, columns: tradeColumns(report, csv) },
  ];
  for (const { path, columns } of files) await writeArrow({ path, columns, about });
  return {
    run: stored.passport.session.runId,
    data: stored.passport.run.data.kind,
    files: files.map(({ path, rows }) => ({ path, rows })),
  };
}

/** What a reader of the files must know of them, above all that invented prices were invented. */
function aboutOf({ passport }: StoredRun): Readonly<Record<string, string>> {
  const { run, hash } = passport;
  return { program: `sim ${run.code.version}`, mode: run.mode, data: run.data.kind, run: hash, money: 'rupees' };
}

const FINE_PER_RUPEE = 1_000_000;

/** Money since the run began, rupees, a row a minute and agent. */
function moneyColumns({ agents, ts, agent, gross, charges, openLots }: MoneyMinutes): ArrowColumn[] {
  const rupees = (of: (row: number) => number): Float64Array =>
    Float64Array.from(ts, (_, row) => of(row) / FINE_PER_RUPEE);
  const grossFine = (row: number): number => (gross[row] ?? 0) * 10_000;
  return [
    { name: 'time', kind: 'instant', values: ts },
    { name: 'agent', kind: 'text', values: Array.from(agent, (index) => agents[index] ?? null) },
    { name: 'gross', kind: 'number', values: rupees(grossFine) },
    { name: 'charges', kind: 'number', values: rupees((row) => charges[row] ?? 0) },
    { name: 'net', kind: 'number', values: rupees((row) => grossFine(row) - (charges[row] ?? 0)) },
    { name: 'open_lots', kind: 'whole', values: openLots },
  ];
}

/** The columns of `trades.csv` in their order; a column that is missing here does not compile. */
const TRADE_KINDS: Readonly<Record<(typeof TRADE_COLUMNS)[number], ArrowColumn['kind']>> = {
  trade_id: 'whole',
  mode: 'text',
  segment: 'text',
  index_symbol: 'text',
  index_entry_spot: 'number',
  time_interval: 'text',
  strategy: 'text',
  strategy_parameters: 'text',
  signal_type: 'text',
  option_symbol: 'text',
  option_type: 'text',
  strike_price: 'number',
  expiry: 'text',
  lots: 'whole',
  entry_time: 'instant',
  entry_price: 'number',
  stop_loss_points: 'number',
  initial_sl_price: 'number',
  trailing_stop_points: 'number',
  exit_time: 'instant',
  exit_price: 'number',
  exit_reason: 'text',
  pnl_points: 'number',
  pnl_value: 'number',
  charges: 'number',
  net_value: 'number',
  return_pct: 'number',
  max_favorable_excursion: 'number',
  max_adverse_excursion: 'number',
  r_multiple: 'number',
  structure_id: 'text',
  leg: 'text',
  quantity: 'whole',
  stop_on: 'text',
  naked_ms: 'whole',
  unhedged_ms: 'whole',
};

function tradeColumns(report: Report, csv: TradeTable): ArrowColumn[] {
  const { trades } = report;
  const rows = trades.map((trade) => csv.tradeCells(trade, report));
  const instants: Readonly<Record<string, readonly number[]>> = {
    entry_time: trades.map(({ openedAt }) => openedAt),
    exit_time: trades.map(({ closedAt }) => closedAt),
  };
  return csv.TRADE_COLUMNS.map((name, at) => {
    const kind = TRADE_KINDS[name];
    if (kind === 'text') return { name, kind, values: rows.map((cells) => textOf(cells[at])) };
    return { name, kind, values: instants[name] ?? rows.map((cells) => numberOf(cells[at])) };
  });
}

function textOf(cell: Cell): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}

function numberOf(cell: Cell): number | null {
  return typeof cell === 'number' ? cell : null;
}
