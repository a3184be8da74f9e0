import type { Command } from 'commander';

/** Adds `sim strategies`: what can be traded, with parameters, units and defaults. */
export function registerStrategies(program: Command): void {
  program
    .command('strategies')
    .description('list strategies, or one with its parameters, units and defaults')
    .argument('[name]', 'a strategy')
    .option('--json', 'print JSON')
    .action(async (name: string | undefined, flags: { readonly json?: true }) => {
      const [{ strategyNamed }, { STRATEGIES }, { z }] = await Promise.all([
        import('../agents.ts'),
        import('../../strategies/index.ts'),
        import('zod'),
      ]);
      const chosen = name === undefined ? [...STRATEGIES.values()] : [strategyNamed(name)];
      const cards = chosen.map(({ name: title, version, description, segments, params }) => ({
        name: title,
        version,
        description,
        segments,
        params: parametersOf(z.toJSONSchema(params as never, { io: 'input', unrepresentable: 'any' })),
      }));
      if (flags.json === true) process.stdout.write(`${JSON.stringify(name === undefined ? cards : cards[0])}\n`);
      else process.stdout.write(cards.map(page).join('\n'));
    });
}

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly default: unknown;
  readonly description: string;
}

interface Card {
  readonly name: string;
  readonly description: string;
  readonly segments: readonly string[];
  readonly params: readonly Parameter[];
}

function parametersOf(schema: unknown): Parameter[] {
  const { properties = {} } = schema as { properties?: Record<string, Record<string, unknown>> };
  return Object.entries(properties).map(([name, rules]) => ({
    name,
    type: typeOf(rules),
    default: rules['default'] ?? null,
    description: String(rules['description'] ?? ''),
  }));
}

function typeOf(rules: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(rules['enum'])) return rules['enum'].join(' | ');
  const [low, high] = [rules['minimum'] ?? rules['exclusiveMinimum'], rules['maximum']];
  const above = rules['exclusiveMinimum'] === undefined ? '' : 'above ';
  const most = high === undefined || Number(high) > 1e12 ? '' : ` to ${String(high)}`;
  const range = low === undefined || Number(low) < -1e12 ? '' : `, ${above}${String(low)}${most}`;
  return `${String(rules['type'] ?? 'value')}${range}`;
}

function page({ name, description, segments, params }: Card): string {
  const lines = params.map((parameter) => {
    const standard = parameter.default === null ? 'by segment' : String(parameter.default);
    return `  ${parameter.name.padEnd(16)} ${standard.padEnd(10)} ${parameter.type.padEnd(26)} ${parameter.description}`;
  });
  const head = `  ${'parameter'.padEnd(16)} ${'default'.padEnd(10)} ${'allowed'.padEnd(26)} meaning`;
  return `${name}: ${description}\n  segments: ${segments.join(', ')}\n${head}\n${lines.join('\n')}\n`;
}
