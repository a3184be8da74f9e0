import type { Command } from 'commander';
import type { CheckLine, Verdict } from '../own-strategies/code-store.ts';
import type { KnownSource } from '../own-strategies/own-strategies.ts';
import { UserError } from '../user-error.ts';

/** Adds `sim strategies check`: is a file pure, does it do the same twice, does it look ahead. */
export function registerStrategiesCheck(strategies: Command): void {
  strategies
    .command('check')
    .description('check a strategy of your own on synthetic days; exit code 3 where a check does not hold')
    .argument('<file>', 'strategy file, such as ./mine.ts')
    .option('--segments <names>', "NIFTY, BANKNIFTY, SENSEX, with commas (default: the strategy's first)")
    .option('--from <YYYY-MM-DD>', 'first synthetic day (default: three sessions of March 2025)')
    .option('--to <YYYY-MM-DD>', 'last synthetic day')
    .option('--set <key=value>', 'strategy parameter, or setting such as own.beatMs=2000', collect, [])
    .option('--json', 'print one JSON object, the verdict')
    .action(async (file: string, flags: Flags) => {
      const verdict = await verdictOn(file, flags);
      process.stdout.write(flags.json === true ? `${JSON.stringify(verdict)}\n` : await page(file, verdict));
      if (!verdict.held) process.exitCode = 3;
    });
}

interface Flags {
  readonly set: readonly string[];
  readonly segments?: string;
  readonly from?: string;
  readonly to?: string;
  readonly json?: true;
}

async function verdictOn(file: string, flags: Flags): Promise<Omit<Verdict, 'code' | 'strategy'>> {
  const [{ isStrategyFile }, { effectiveConfig }] = await Promise.all([
    import('../own-strategies/own-file.ts'),
    import('../config-layers.ts'),
  ]);
  if (!isStrategyFile(file)) throw new UserError(`FILE must be a strategy file such as ./mine.ts, was "${file}"`);
  if ((flags.from === undefined) !== (flags.to === undefined))
    throw new UserError('--from and --to must be given together, was one of them');
  const { from, to, segments } = flags;
  const named = { strategy: file, from, to, segments: segments?.split(',').map((name) => name.trim()) };
  const config = await effectiveConfig({ flags: named, set: flags.set });
  const sources = await pureSources(config);
  if (!('sources' in sources)) return sources;
  const [{ superviseThread }, { keepCode, keepVerdict }] = await Promise.all([
    import('../strategy-supervisor.ts'),
    import('../own-strategies/code-store.ts'),
  ]);
  const listener = { say: () => undefined, begins: () => undefined, day: () => undefined };
  const task = { kind: 'check', segments: segments === undefined ? 'its own' : 'given' } as const;
  const verdict = await superviseThread<Verdict>(
    { task, config, sources: sources.sources },
    { listener, asked: () => false },
  );
  for (const source of sources.sources) keepCode(source);
  keepVerdict(verdict);
  return verdict;
}

/** The sources, or the verdict where the file itself is refused. */
async function pureSources(
  config: Parameters<typeof import('../own-backtest.ts').sourcesOf>[0],
): Promise<{ readonly sources: readonly KnownSource[] } | Omit<Verdict, 'code' | 'strategy'>> {
  const [{ sourcesOf }, { RefusedSource }, { notRun }] = await Promise.all([
    import('../own-backtest.ts'),
    import('../own-strategies/own-source.ts'),
    import('../own-strategies/code-store.ts'),
  ]);
  try {
    return { sources: await sourcesOf(config) };
  } catch (error) {
    if (!(error instanceof RefusedSource)) throw error;
    const faults = error.faults.map((reason): CheckLine => ({ name: 'purity', result: 'failed', reason }));
    const rest = ['runs', 'same twice', 'no look-ahead'].map((name) => notRun(name, 'the file says what it may not'));
    return { held: false, lines: [...faults, ...rest] };
  }
}

async function page(file: string, { held, lines }: Omit<Verdict, 'code' | 'strategy'>): Promise<string> {
  const { folded, pageWidth } = await import('../folded.ts');
  const width = pageWidth(process.stdout);
  const rows = lines.map(({ name, result, reason }) => {
    const row = `${result.padEnd(8)} ${name.padEnd(14)} ${reason}`;
    return folded(row, { width, hanging: 24 });
  });
  return `${rows.join('\n')}\n${file} ${held ? 'is checked' : 'did not pass'}\n`;
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
