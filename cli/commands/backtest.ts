import type { Command } from 'commander';
import type { Day } from '../../engine/model/time.ts';
import type { DayProgress } from '../backtest.ts';
import type { BacktestOrder, Outcome } from '../backtest-play.ts';
import type { Config } from '../config.ts';
import type { Desk } from '../config-layers.ts';
import type { Signals } from '../signals.ts';
import { UserError } from '../user-error.ts';

/** Adds `sim backtest`: plays days of history and writes a run with its workbook. */
export function registerBacktest(program: Command): void {
  program
    .command('backtest')
    .description('test a strategy on days of history and write a workbook')
    .option('--from <YYYY-MM-DD>', 'first day')
    .option('--to <YYYY-MM-DD>', 'last day, a day that is over')
    .option(
      '--strategy <name>',
      'see "sim strategies", or a file of your own such as ./mine.ts (default: atm-straddle)',
    )
    .option('--segments <names>', 'NIFTY, BANKNIFTY, SENSEX, with commas (default: NIFTY)')
    .option('--lots <count>', 'lots of each leg (default: 1)')
    .option('--capital <rupees>', 'capital of the account (default: 1000000)')
    .option(
      '--set <key=value>',
      'strategy parameter such as legStopPct=30, or setting such as costs.slippageTicks=2',
      collect,
      [],
    )
    .option('--config <file>', 'settings in YAML; flags override it')
    .option('--store <dir>', 'folder of imported candles (default: ./data)')
    .option('--data <kind>', 'synthetic: the embedded market of invented prices')
    .option('--chain <kind>', 'listed, or modelled: option prices computed on real index candles (default: listed)')
    .option('--seed <number>', 'seed of the synthetic market (default: 1)')
    .option('--interval <text>', 'base interval such as 1m or 3m (default: the finest that has all days)')
    .option('--skip-missing', 'leave out days without candles')
    .option('--special-sessions <choice>', 'include or exclude weekend and Muhurat sessions (default: exclude)')
    .option('--runs <dir>', 'folder of the runs (default: ./runs)')
    .option('--no-report', 'write journal and passport only')
    .option('--trace', 'also write trace.jsonl: what each decision was made from, one JSON object a line')
    .option('--explain', 'print the effective configuration and end')
    .option('--json', 'print one JSON object, the summary of the run')
    .action(async (flags: Flags) => {
      const desk = await deskFor(flags);
      try {
        await (flags.explain === true ? explain(desk, flags) : backtest(desk.config, flags));
      } catch (error) {
        throw desk.origins.located(error);
      }
    });
}

interface Flags {
  readonly [name: string]: unknown;
  readonly set: readonly string[];
  readonly config?: string;
  readonly report: boolean;
  readonly trace?: true;
  readonly explain?: true;
  readonly json?: true;
}

async function deskFor(flags: Flags): Promise<Desk> {
  const [{ deskOf }, { readConfigFile }] = await Promise.all([
    import('../config-layers.ts'),
    import('../config-file.ts'),
  ]);
  const file = flags.config === undefined ? undefined : await readConfigFile(flags.config);
  const segments =
    typeof flags['segments'] === 'string' ? flags['segments'].split(',').map((name) => name.trim()) : undefined;
  const named = {
    from: flags['from'],
    to: flags['to'],
    strategy: flags['strategy'],
    segments,
    lots: number(flags['lots']),
    capital: number(flags['capital']),
    store: flags['store'],
    data: flags['data'],
    chain: flags['chain'],
    seed: number(flags['seed']),
    interval: flags['interval'],
    skipMissing: flags['skipMissing'],
    specialSessions: flags['specialSessions'],
    runs: flags['runs'],
  };
  return await deskOf({ file, flags: named, set: flags.set });
}

/** A flag's number, or the text itself, which the check of the whole will refuse by name. */
function number(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

async function explain({ config, origins }: Desk, flags: Flags): Promise<void> {
  const [{ effectiveOf }, { settingsText }] = await Promise.all([
    import('../effective-settings.ts'),
    import('../config-text.ts'),
  ]);
  const settings = await effectiveOf(config);
  process.stdout.write(flags.json === true ? `${JSON.stringify(settings)}\n` : settingsText(settings, origins));
}

async function backtest(config: Config, flags: Flags): Promise<void> {
  const dates = datesOf(config);
  await refuseWrongAgents(config);
  const [{ Interrupted }, { listenForSignals }] = await Promise.all([
    import('../interrupted.ts'),
    import('../signals.ts'),
  ]);
  await refuseRunsFile(config.runs);
  const { showsUnicode } = await import('../../reports/text.ts');
  const signals = listenForSignals(say);
  try {
    const order = {
      config,
      ...dates,
      withReport: flags.report,
      withTrace: flags.trace === true,
      unicode: showsUnicode(process.env),
    };
    await shown(await played(order, flags, signals), flags);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    say(`sim: ${signals.word()}: ${error.message}; nothing was kept`);
    process.exitCode = signals.exitCode();
  } finally {
    signals.end();
  }
}

function datesOf({ from, to }: Config): { readonly from: Day; readonly to: Day } {
  if (from !== undefined && to !== undefined) return { from, to };
  const absent = from === undefined ? (to === undefined ? '--from and --to' : '--from') : '--to';
  throw new UserError(`${absent} must be given, such as: sim backtest --from 2025-01-06 --to 2025-01-31`);
}

/** Wrong parameters are refused before anything heavy is loaded; those of own strategies are known in their thread. */
async function refuseWrongAgents(config: Config): Promise<void> {
  const [{ agentsOf }, { strategyFilesOf }] = await Promise.all([
    import('../agents.ts'),
    import('../own-strategies/own-file.ts'),
  ]);
  if (strategyFilesOf(config).length === 0) agentsOf(config);
}

async function refuseRunsFile(path: string): Promise<void> {
  const { statSync } = await import('node:fs');
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== false) return;
  throw new UserError(`--runs must name a folder, was the file ${path}`);
}

/** Plays the run and shows how far it is; strategies of the person's own are played in a thread that is watched. */
async function played(order: BacktestOrder, flags: Flags, signals: Signals): Promise<Outcome> {
  const [{ strategyFilesOf }, { progressFor }] = await Promise.all([
    import('../own-strategies/own-file.ts'),
    import('../progress.ts'),
  ]);
  const progress = await progressFor({ stream: process.stderr, quiet: flags.json === true, clock });
  const listener = {
    say,
    begins: () => signals.runBegins(),
    day: (day: DayProgress) => progress.day(day),
    goesOn: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return !signals.asked();
    },
    folder: () => undefined,
  };
  try {
    if (strategyFilesOf(order.config).length > 0) {
      const { playOwn } = await import('../own-backtest.ts');
      return await playOwn(order, { listener, asked: () => signals.asked() });
    }
    const { playBacktest } = await import('../backtest-play.ts');
    return await playBacktest(order, listener);
  } finally {
    progress.end();
  }
}

async function shown({ id, path, text, json, quarantined }: Outcome, flags: Flags): Promise<void> {
  const { foldedSummary } = await import('../folded.ts');
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ ...json, runId: id, path })}\n`
      : `${foldedSummary(text, process.stdout)}\n${path}\n`,
  );
  for (const [agent, reason] of quarantined) say(`${agent} failed and was taken out of the run: ${reason}`);
  if (quarantined.length > 0) process.exitCode = 1;
}

function clock(): number {
  return Date.now();
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
