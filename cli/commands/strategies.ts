import type { Command } from 'commander';
import type { StrategyCard } from '../strategy-card.ts';
import { registerStrategiesCheck } from './strategies-check.ts';
import { registerStrategiesNew } from './strategies-new.ts';

/** Adds `sim strategies`: what can be traded, and of one its parameters, units and defaults; own files as well when they are named. */
export function registerStrategies(program: Command): void {
  const strategies = program
    .command('strategies')
    .description('list the strategies, or tell the parameters of one with units and defaults')
    .argument('[name]', 'one strategy, or a file of your own')
    .option('--json', 'print JSON')
    .action(async (name: string | undefined, flags: { readonly json?: true }) => {
      const [cards, { folded, pageWidth }] = await Promise.all([cardsOf(name), import('../folded.ts')]);
      const width = pageWidth(process.stdout);
      const fold: Fold = (text, hanging) => folded(text, { width, hanging });
      if (flags.json === true) process.stdout.write(`${JSON.stringify(name === undefined ? cards : cards[0])}\n`);
      else if (name === undefined) process.stdout.write(list(cards, fold));
      else process.stdout.write(cards.map((card) => page(card, fold)).join('\n'));
    });
  registerStrategiesNew(strategies);
  registerStrategiesCheck(strategies);
}

async function cardsOf(name: string | undefined): Promise<readonly StrategyCard[]> {
  const { isStrategyFile } = await import('../own-strategies/own-file.ts');
  if (name !== undefined && isStrategyFile(name)) {
    const [{ askThread }, { effectiveConfig }] = await Promise.all([
      import('../effective-settings.ts'),
      import('../config-layers.ts'),
    ]);
    return await askThread(await effectiveConfig({ flags: { strategy: name } }), { kind: 'cards' });
  }
  const [{ strategyNamed }, { STRATEGIES }, { strategyCard }] = await Promise.all([
    import('../agents.ts'),
    import('../../strategies/index.ts'),
    import('../strategy-card.ts'),
  ]);
  return (name === undefined ? [...STRATEGIES.values()] : [strategyNamed(name)]).map(strategyCard);
}

type Fold = (text: string, hanging: number) => string;

/** What each strategy does, and where its parameters are told. */
function list(cards: readonly StrategyCard[], fold: Fold): string {
  const lines = cards.map(({ name, description, segments, params }) =>
    fold(`${name}: ${description}\n  ${segments.join(', ')}; ${params.length} parameters`, 2),
  );
  return [...lines, 'sim strategies NAME tells the parameters of one, with units and defaults', ''].join('\n');
}

/** Where the meaning of a parameter stands. */
const MEANING_AT = 34;

/** A line a parameter: name, default, meaning, and what is allowed; the meaning gives way to long names and defaults. */
function page({ name, description, segments, params }: StrategyCard, fold: Fold): string {
  const lines = params.map((parameter) => {
    const { default: value } = parameter;
    const standard = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
    const start = `  ${parameter.name.padEnd(20)} ${standard.padEnd(10)} `;
    const lead = start.length > MEANING_AT ? `${start.trimEnd()}\n${' '.repeat(MEANING_AT)}` : start;
    return fold(`${lead}${parameter.description} (${parameter.allowed})`, MEANING_AT);
  });
  const head = `  ${'parameter'.padEnd(20)} ${'default'.padEnd(10)} meaning (what is allowed)`;
  const hint = '  set one with --set NAME=VALUE, or under params in a configuration file';
  const about = fold(`${name}: ${description}`, 2);
  return [about, `  segments: ${segments.join(', ')}`, head, ...lines, hint, ''].join('\n');
}
