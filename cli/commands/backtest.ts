import type { Command } from 'commander';
import type { DayProgress } from '../backtest.ts';
import type { Config } from '../config.ts';
import { UserError } from '../user-error.ts';

/** Adds `sim backtest`: plays days of history and writes a run with its workbook. */
export function registerBacktest(program: Command): void {
  program
    .command('backtest')
    .description('test a strategy on days of history and write a workbook')
    .option('--from <YYYY-MM-DD>', 'first day')
    .option('--to <YYYY-MM-DD>', 'last day, a day that is over')
    .option('--strategy <name>', 'see "sim strategies" (default: atm-straddle)')
    .option('--segments <names>', 'NIFTY, BANKNIFTY, SENSEX, with commas (default: NIFTY)')
    .option('--lots <count>', 'lots of each leg (default: 1)')
    .option('--capital <rupees>', 'capital of the account (default: 1000000)')
    .option('--set <key=value>', 'strategy parameter, or setting with a dot such as fills.slippageTicks=2', collect, [])
    .option('--config <file>', 'settings in YAML; flags override it')
    .option('--store <dir>', 'folder of imported candles (default: ./data)')
    .option('--data <kind>', 'synthetic: the embedded market of invented prices')
    .option('--seed <number>', 'seed of the synthetic market (default: 1)')
    .option('--interval <text>', 'base interval such as 1m or 3m (default: the finest that has all days)')
    .option('--skip-missing', 'leave out days without candles')
    .option('--special-sessions <choice>', 'include or exclude weekend and Muhurat sessions (default: exclude)')
    .option('--runs <dir>', 'folder of the runs (default: ./runs)')
    .option('--no-report', 'write journal and passport only')
    .option('--explain', 'print the effective configuration and end')
    .option('--json', 'print one JSON object, the summary of the run')
    .action(async (flags: Flags) => {
      const config = await configOf(flags);
      if (flags.explain === true) return await explain(config);
      await backtest(config, flags);
    });
}

interface Flags {
  readonly [name: string]: unknown;
  readonly set: readonly string[];
  readonly config?: string;
  readonly report: boolean;
  readonly explain?: true;
  readonly json?: true;
}

async function configOf(flags: Flags): Promise<Config> {
  const { effectiveConfig, readConfigFile } = await import('../config.ts');
  const file = flags.config === undefined ? {} : await readConfigFile(flags.config);
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
    seed: number(flags['seed']),
    interval: flags['interval'],
    skipMissing: flags['skipMissing'],
    specialSessions: flags['specialSessions'],
    runs: flags['runs'],
  };
  return await effectiveConfig({ file, flags: named, set: flags.set });
}

/** A flag's number, or the text itself, which the check of the whole will refuse by name. */
function number(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

async function explain(config: Config): Promise<void> {
  const { stringify } = await import('yaml');
  process.stdout.write(stringify(JSON.parse(JSON.stringify(config))));
}

async function backtest(config: Config, flags: Flags): Promise<void> {
  const { from, to } = config;
  if (from === undefined || to === undefined) {
    throw new UserError(`--${from === undefined ? 'from' : 'to'} must be given as YYYY-MM-DD, was absent`);
  }
  const [{ prepareJob }, { Interrupted, runBacktest }, { progressFor }, text] = await Promise.all([
    import('../backtest-job.ts'),
    import('../backtest.ts'),
    import('../progress.ts'),
    import('../../reports/text.ts'),
  ]);
  const clock = (): number => Date.now();
  const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
  const prepared = await prepareJob({ config, from, to, clock, notice: say });
  for (const line of prepared.assumptions) say(line);
  const progress = await progressFor({ stream: process.stderr, quiet: flags.json === true, clock });
  const interruption = interruptions();
  try {
    const done = await runBacktest({
      ...prepared.job,
      clock,
      withReport: flags.report,
      onDay: async (day: DayProgress) => {
        progress.day(day);
        await new Promise((resolve) => setImmediate(resolve));
        return interruption.asked() ? 'stop' : 'go on';
      },
    });
    progress.end();
    const page =
      flags.json === true
        ? `${JSON.stringify({ ...text.summaryJson(done.report), runId: done.id, path: done.path })}\n`
        : `${text.summaryText(done.report, { unicode: text.showsUnicode(process.env) })}\n${done.path}\n`;
    process.stdout.write(page);
    for (const [agent, reason] of done.quarantined) say(`${agent} failed and was taken out of the run: ${reason}`);
    if (done.quarantined.size > 0) process.exitCode = 1;
  } catch (error) {
    progress.end();
    if (!(error instanceof Interrupted)) throw error;
    say(`Ctrl-C: ${error.message}; nothing was kept`);
    process.exitCode = 130;
  } finally {
    interruption.end();
    prepared.job.source.close();
  }
}

/** Remembers a Ctrl-C until the day being played is done, so that what is written is removed in order. */
function interruptions(): { asked(): boolean; end(): void } {
  let asked = false;
  const note = (): void => {
    asked = true;
  };
  process.on('SIGINT', note);
  process.on('SIGTERM', note);
  return {
    asked: () => asked,
    end: () => {
      process.off('SIGINT', note);
      process.off('SIGTERM', note);
    },
  };
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
