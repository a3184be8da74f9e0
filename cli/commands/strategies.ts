import type { Command } from 'commander';
import type { Rules } from '../setting-rules.ts';

/** Adds `sim strategies`: what can be traded, with parameters, units and defaults. */
export function registerStrategies(program: Command): void {
  program
    .command('strategies')
    .description('list the strategies with parameters, units and defaults')
    .argument('[name]', 'one strategy')
    .option('--json', 'print JSON')
    .action(async (name: string | undefined, flags: { readonly json?: true }) => {
      const [{ strategyNamed }, { STRATEGIES }, { allowedText, rulesOf }, { folded, pageWidth }] = await Promise.all([
        import('../agents.ts'),
        import('../../strategies/index.ts'),
        import('../setting-rules.ts'),
        import('../folded.ts'),
      ]);
      const foldTo =
        (width: number): Fold =>
        (text, hanging) =>
          folded(text, { width, hanging });
      const chosen = name === undefined ? [...STRATEGIES.values()] : [strategyNamed(name)];
      const cards = chosen.map(({ name: title, version, description, segments, params }) => ({
        name: title,
        version,
        description,
        segments,
        params: parametersOf(rulesOf(params as never), allowedText),
      }));
      if (flags.json === true) process.stdout.write(`${JSON.stringify(name === undefined ? cards : cards[0])}\n`);
      else process.stdout.write(cards.map((card) => page(card, foldTo(pageWidth(process.stdout)))).join('\n'));
    });
}

interface Parameter {
  readonly name: string;
  readonly default: unknown;
  readonly allowed: string;
  readonly description: string;
}

interface Card {
  readonly name: string;
  readonly description: string;
  readonly segments: readonly string[];
  readonly params: readonly Parameter[];
}

function parametersOf({ properties = {} }: Rules, allowedText: (rules: Rules) => string): Parameter[] {
  return Object.entries(properties).map(([name, rules]) => ({
    name,
    default: rules.default ?? null,
    allowed: allowedText(rules),
    description: rules.description ?? '',
  }));
}

type Fold = (text: string, hanging: number) => string;

/** Where the meaning of a parameter stands. */
const MEANING_AT = 32;

/** A line a parameter: name, default, meaning, and what is allowed. */
function page({ name, description, segments, params }: Card, fold: Fold): string {
  const lines = params.map((parameter) => {
    const standard = parameter.default === null ? '' : String(parameter.default);
    const start = `  ${parameter.name.padEnd(18)} ${standard.padEnd(10)} `;
    return fold(`${start}${parameter.description} (${parameter.allowed})`, MEANING_AT);
  });
  const head = `  ${'parameter'.padEnd(18)} ${'default'.padEnd(10)} meaning (what is allowed)`;
  const hint = '  set one with --set NAME=VALUE, or under params in a configuration file';
  const about = fold(`${name}: ${description}`, 2);
  return [about, `  segments: ${segments.join(', ')}`, head, ...lines, hint, ''].join('\n');
}
