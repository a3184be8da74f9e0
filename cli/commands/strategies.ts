import type { Command } from 'commander';
import type { StrategyCard } from '../strategy-card.ts';
import { registerStrategiesCheck } from './strategies-check.ts';
import { registerStrategiesNew } from './strategies-new.ts';

/** Adds `sim strategies`: what can be traded, with parameters, units and defaults; own files as well when they are named. */
export function registerStrategies(program: Command): void {
  const strategies = program
    .command('strategies')
    .description('list the strategies with parameters, units and defaults')
    .argument('[name]', 'one strategy, or a file of your own')
    .option('--json', 'print JSON')
    .action(async (name: string | undefined, flags: { readonly json?: true }) => {
      const [cards, { folded, pageWidth }] = await Promise.all([cardsOf(name), import('../folded.ts')]);
      const width = pageWidth(process.stdout);
      const fold: Fold = (text, hanging) => folded(text, { width, hanging });
      if (flags.json === true) process.stdout.write(`${JSON.stringify(name === undefined ? cards : cards[0])}\n`);
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

/** Where the meaning of a parameter stands. */
const MEANING_AT = 34;

/** A line a parameter: name, default, meaning, and what is allowed. */
function page({ name, description, segments, params }: StrategyCard, fold: Fold): string {
  const lines = params.map((parameter) => {
    const { default: value } = parameter;
    const standard = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
    const start = `  ${parameter.name.padEnd(20)} ${standard.padEnd(10)} `;
    return fold(`${start}${parameter.description} (${parameter.allowed})`, MEANING_AT);
  });
  const head = `  ${'parameter'.padEnd(20)} ${'default'.padEnd(10)} meaning (what is allowed)`;
  const hint = '  set one with --set NAME=VALUE, or under params in a configuration file';
  const about = fold(`${name}: ${description}`, 2);
  return [about, `  segments: ${segments.join(', ')}`, head, ...lines, hint, ''].join('\n');
}
